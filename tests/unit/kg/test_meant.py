"""What words mean that name nothing, as the linker takes it up for finding facts."""

from collections.abc import Sequence

import pytest

from kg.linking import ConceptReader, Linker, Meant
from tests.fakes.fact_store import core_store

CONCEPTS = core_store().by_id.values()


class Proposing(ConceptReader):
    """Proposes one concept for one stretch of words."""

    def __init__(self, words: str, concept: str, share: float) -> None:
        self.words, self.concept, self.share = words, concept, share

    def read(self, text: str) -> Sequence[Meant]:
        start = text.find(self.words)
        return [Meant(start, start + len(self.words), self.concept, self.share)] if start >= 0 else []


def linked(text: str, words: str, concept: str, share: float = 0.9) -> list[tuple[str, str]]:
    mentions = Linker(CONCEPTS, Proposing(words, concept, share)).link(text, meant=True)
    return [(mention.text, mention.concept) for mention in mentions]


def test_what_is_meant_is_a_mention_like_any_other() -> None:
    """It has its place, and what the sentence says of it; without a reader, or unasked, there is none."""
    text = "No sign that the windpipe is shoved over to the left. Small effusion."
    linker = Linker(CONCEPTS, Proposing("windpipe is shoved over", "tracheal_deviation", 0.9))
    shoved, effusion = linker.link(text, meant=True)
    assert (shoved.concept, shoved.assertion, shoved.side) == ("tracheal_deviation", "absent", "left")
    assert text[shoved.start : shoved.end] == shoved.text == "windpipe is shoved over"
    assert effusion.concept == "small_pleural_effusion"
    assert "tracheal_deviation" not in {mention.concept for mention in linker.link(text)}
    assert Linker(CONCEPTS).link(text, meant=True) == linker.link(text)


@pytest.mark.parametrize(
    ("text", "words", "concept", "share", "expected"),
    [
        ("The bellows went flat.", "bellows went flat", "pneumothorax", 0.6, []),
        ("The bellows never went flat.", "bellows never went flat", "pneumothorax", 0.9, []),
        ("Pneumothorax with shock.", "Pneumothorax with shock", "tension_pneumothorax", 0.6,
         [("Pneumothorax with shock", "tension_pneumothorax")]),
        ("Asthma with fever.", "Asthma with fever", "tension_pneumothorax", 0.9, [("Asthma", "asthma"), ("fever", "fever")]),
        ("Asthma with fever.", "with fever", "asthma", 0.9, [("Asthma", "asthma"), ("fever", "fever")]),
        ("The windpipe is normal.", "windpipe is normal", "tracheal_deviation", 0.9, [("windpipe", "trachea")]),
        ("Those who are forty.", "Those who are forty", "adults", 0.9, []),
    ],
    ids=["unsure", "denied inside", "narrower", "another", "named already", "normal", "a circumstance"],
)  # fmt: skip
def test_what_is_not_taken(text: str, words: str, concept: str, share: float, expected: list[tuple[str, str]]) -> None:
    """A guess, words that hold a denial, words that name another thing, and circumstances are no mentions."""
    assert linked(text, words, concept, share) == expected


def test_a_question_of_names_alone_is_not_read() -> None:
    """Reading takes milliseconds: where a question holds names and the words of any question, nobody is asked."""

    class Counting(Proposing):
        asked = 0

        def read(self, text: str) -> Sequence[Meant]:
            self.asked += 1
            return super().read(text)

    reader = Counting("bellows", "asthma", 0.9)
    linker = Linker(CONCEPTS, reader)
    for text in ("What causes pleural effusion?", "How is a tension pneumothorax treated, and why?", "Pneumonia"):
        linker.link(text, meant=True)
    assert reader.asked == 0
    assert linker.link("Why do my bellows whistle?", meant=True)[0].concept == "asthma"

"""What a sentence means without naming it: the bundled reader of concepts, and what may come of what one proposes."""

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copilot.checking import Checker
from copilot.relations.onnx_concepts import OnnxConceptReader
from copilot.relations.onnx_reader import LONGEST
from copilot.relations.port import Masked, RelationReader, Stated
from kg.linking import ConceptReader, Linker, Meant
from kg.types import Verdict
from kg.verification import Verifier
from tests.fakes.fact_store import core_store

STORE = core_store()
LINKER, VERIFIER = Linker(STORE.by_id.values()), Verifier(STORE)
BUNDLED = OnnxConceptReader()


class Proposing(ConceptReader):
    """Proposes the same concept for the same words of every text."""

    def __init__(self, words: str, concept: str, share: float) -> None:
        self.words, self.concept, self.share = words, concept, share

    def read(self, text: str) -> Sequence[Meant]:
        start = text.find(self.words)
        return [Meant(start, start + len(self.words), self.concept, self.share)] if start >= 0 else []


class Causing(RelationReader):
    """Reads into every sentence of two things that the first causes the second."""

    def __init__(self) -> None:
        self.read_texts = list[Masked]()

    def read(self, sentence: Masked, kinds: Mapping[str, str]) -> Sequence[Stated]:
        self.read_texts.append(sentence)
        return [Stated(0, 1, "CAUSES", "", False, 0.9)] if len(sentence.concepts) > 1 else []


TEXT = "Heart failure hatches water round the bellows."
WORDS = "water round the bellows"


def verdict(words: str, concept: str, share: float, text: str = TEXT) -> Verdict:
    checker = Checker(LINKER, VERIFIER, relations=Causing(), concepts=Proposing(words, concept, share))
    return checker.check(text)[0].verdict


def test_the_graph_decides_on_what_is_meant() -> None:
    """A sentence that names one thing and means another is supported where the graph joins the two so, else open."""
    assert Checker(LINKER, VERIFIER, relations=Causing()).check(TEXT)[0].verdict is Verdict.NOT_IN_GRAPH
    assert verdict(WORDS, "pleural_effusion", 0.5) is Verdict.SUPPORTED
    assert verdict(WORDS, "asthma", 0.9) is Verdict.NOT_IN_GRAPH


def test_a_guess_is_not_taken() -> None:
    """Below its least share a proposal is none, and what the graph does not join to the rest needs a greater one."""
    assert verdict(WORDS, "pleural_effusion", 0.02) is Verdict.NOT_IN_GRAPH
    reading = Causing()
    Checker(LINKER, VERIFIER, relations=reading, concepts=Proposing(WORDS, "tularemia", 0.3)).check(TEXT)
    assert reading.read_texts[0].concepts == ("heart_failure",)


def test_a_name_is_not_meant_by_its_opposite() -> None:
    """The upper edge of a rib is not its lower border, nor a single broken rib multiple rib fractures."""
    reading = Causing()
    for words, concept in (
        ("upper edge of a rib", "lower_rib_border"),
        ("single broken rib", "multiple_rib_fractures"),
    ):
        checker = Checker(LINKER, VERIFIER, relations=reading, concepts=Proposing(words, concept, 0.99))
        checker.check(f"Heart failure hatches a {words}.")
    assert all("heart_failure" in read.concepts for read in reading.read_texts)
    assert not {"lower_rib_border", "multiple_rib_fractures"} & {c for r in reading.read_texts for c in r.concepts}


def test_what_the_graph_joins_is_much_likelier() -> None:
    """Of two concepts that the same words may mean the one is taken that has to do with the rest of the sentence."""

    class Two(ConceptReader):
        def read(self, text: str) -> Sequence[Meant]:
            start = text.index(WORDS)
            span = start, start + len(WORDS)
            return [Meant(*span, "tularemia", 0.6), Meant(*span, "pleural_effusion", 0.15)]

    reading = Causing()
    assert Checker(LINKER, VERIFIER, relations=reading, concepts=Two()).check(TEXT)[0].verdict is Verdict.SUPPORTED
    assert reading.read_texts[0].concepts == ("heart_failure", "pleural_effusion")


def test_a_wording_takes_in_the_names_inside_it() -> None:
    """An enlarged heart is one thing, not a heart and something besides; what a wording only touches stays."""
    reading = Causing()
    text = "Heart failure hatches a left ventricle like a balloon."
    for words in ("left ventricle like a balloon", "ventricle like a balloon"):
        proposing = Proposing(words, "cardiomegaly", 0.9)
        Checker(LINKER, VERIFIER, relations=reading, concepts=proposing).check(text)
    whole, touched = reading.read_texts
    assert whole.concepts == ("heart_failure", "cardiomegaly")
    assert touched.concepts == ("heart_failure", "left_ventricle")


SAID = [
    ("Bronchial carcinoma can make the fingers club.", "fingers club", "digital_clubbing"),
    ("A drain is needed once blood collects between the pleural layers.", "blood collects between", "hemothorax"),
    ("Heart failure makes many people sleep upright in a chair.", "sleep upright", "orthopnea"),
]


@pytest.mark.parametrize(("text", "words", "concept"), SAID, ids=[concept for *_, concept in SAID])
def test_the_bundled_reader_knows_wordings(text: str, words: str, concept: str) -> None:
    """A thing that is said and not named is the likeliest of all that the reader proposes for its words."""
    start, end = text.index(words), text.index(words) + len(words)
    assert next(one for one in BUNDLED.read(text) if one.start < end and start < one.end).concept == concept


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=400))
def test_any_text_gives_shares_of_spans(text: str) -> None:
    """Whatever stands in a text: shares of 0 to 1, the greatest first, of spans inside it."""
    meant = BUNDLED.read(text)
    assert all(0 <= one.start < one.end <= len(text) and 0 <= one.share <= 1 for one in meant)
    assert [one.share for one in meant] == sorted((one.share for one in meant), reverse=True)


def test_a_long_text_is_read_to_its_limit() -> None:
    """What stands behind the longest stretch is not read, and nothing breaks."""
    text = "and so on " * LONGEST + "the fingers club"
    assert all(one.end < text.index("fingers") for one in BUNDLED.read(text))

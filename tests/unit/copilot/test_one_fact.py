"""One fact settles a sentence only where a reader is sure of it and the sentence names and counts nothing else."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copilot.checking import Checker
from copilot.one_fact import cards, in_words, settled
from copilot.relations.likeness import Likeness
from copilot.relations.numbers_beside import marked, numbers
from copilot.relations.onnx_facts import OnnxFactReader
from copilot.relations.port import FactReader, Settles
from kg.linking import Linker
from kg.types import Verdict
from kg.verification import Verifier
from tests.fakes.fact_store import core_store

STORE = core_store()
LINKER, VERIFIER = Linker(STORE.by_id.values()), Verifier(STORE)
BUNDLED = OnnxFactReader()


def no_likeness(sentence: str, facts: Sequence[str]) -> list[float]:
    return [0.0] * len(facts)


class Blind(FactReader):
    """Finds nothing like anything, so that the words decide which facts come first."""

    def likeness(self, sentence: str, facts: Sequence[str]) -> list[float]:
        return no_likeness(sentence, facts)


class Saying(Blind):
    """Says the same of every fact in which all `words` stand, and that the others settle nothing."""

    def __init__(self, words: str, bears_out: float = 0.0, denies: float = 0.0) -> None:
        self.words, self.share = words.split(), Settles(bears_out, denies)

    def read(self, sentence: str, facts: Sequence[str]) -> list[Settles]:
        return [self.share if all(w in fact for w in self.words) else Settles(0.01, 0.01) for fact in facts]


def verdict(text: str, reader: FactReader) -> Verdict | None:
    found = settled(text, LINKER.link(text, values=True), reader, VERIFIER.look())
    return found and found.verdict


WHEEZE = "Asthma can present with wheezing."
NORMAL = "A normal chest radiograph does not rule out pulmonary embolism."
STRIPE = "For the right paratracheal stripe, the right paratracheal stripe width is 4 mm or less when it is normal."


@pytest.mark.parametrize(
    ("said", "beside"),
    [
        ("A stripe of 12 mm is wide.", "A stripe of 12 mm (more) is wide."),
        ("A stripe of 3 mm is thin.", "A stripe of 3 mm (less) is thin."),
        ("A stripe of 0.4 cm is normal.", "A stripe of 0.4 cm (same) is normal."),
        ("At 37 degrees a stripe is normal.", "At 37 degrees a stripe is normal."),
        ("No number here.", "No number here."),
    ],
)
def test_numbers_are_told_in_words(said, beside):
    """A number is followed by how it stands to the fact's, across units; one of another dimension stays bare."""
    assert marked(said, "For the stripe, the width is 4 mm or less.") == beside


def test_a_number_within_a_range():
    """What lies in the range of the fact is within it."""
    assert (
        marked("It ends 5 cm above.", "The distance is typically between 3 and 7 cm.") == "It ends 5 cm (within) above."
    )


@given(st.text(max_size=80), st.text(max_size=80))
@settings(max_examples=200, deadline=None)
def test_marks_only_add(sentence, fact):
    """Nothing of a sentence is lost when its numbers are marked."""
    told = marked(sentence, fact)
    for mark in (" (same)", " (more)", " (less)", " (within)", " (other)"):
        told = told.replace(mark, "")
    assert told == sentence or "(" in sentence
    assert numbers(sentence) >= 0


def test_the_likest_facts_come_first():
    """Of all facts about what a sentence names those come first that say most of it."""
    text = "A normal chest film does not exclude pulmonary embolism."
    first = cards(text, LINKER.link(text, values=True), VERIFIER.look(), no_likeness)[0]
    assert "does not rule out pulmonary embolism" in first.text


def test_a_sentence_without_names_gets_no_fact():
    """Nothing is looked up where nothing is named."""
    assert cards("All is well that ends well.", (), VERIFIER.look(), no_likeness) == []
    assert verdict("All is well that ends well.", Saying("", bears_out=1.0)) is None


def test_a_sure_reader_settles():
    """Supported and contradicted follow from the reader's share, and the fact that decided is given."""
    text = "The tip of a nasogastric tube belongs in the stomach."
    found = settled(
        text, LINKER.link(text, values=True), Saying("nasogastric stomach", bears_out=0.99), VERIFIER.look()
    )
    assert found is not None
    assert found.verdict is Verdict.SUPPORTED
    assert "stomach" in in_words(found.facts[0])
    assert verdict(text, Saying("nasogastric stomach", denies=0.99)) is Verdict.CONTRADICTED
    assert verdict(text, Saying("nasogastric stomach", bears_out=0.7)) is None


@pytest.mark.parametrize(
    ("text", "fact", "share"),
    [
        ("The left hilum lies higher than the right hilum.", "hilum", {"bears_out": 0.99}),
        ("The left hilum lies lower than the right hilum.", "hilum", {"denies": 0.99}),
    ],
)
def test_sides_are_not_left_to_the_reader(text, fact, share):
    """It cannot tell which of two sides is which, so that a sentence that names both stays open."""
    assert verdict(text, Saying(fact, **share)) is None


def test_a_sentence_with_the_number_of_the_fact_is_not_denied_by_it():
    """A limit and what lies beyond it are told by one number; only another number speaks against a sentence."""
    sure = Saying("right paratracheal stripe width", denies=0.99)
    assert verdict("The right paratracheal stripe is up to 4 mm wide.", sure) is None
    assert verdict("The right paratracheal stripe is up to 9 mm wide.", sure) is Verdict.CONTRADICTED


def test_what_the_fact_does_not_name_keeps_a_sentence_open():
    """However sure the reader is, a thing or a number that the fact lacks is not borne out by it."""
    sure = Saying("nasogastric stomach", bears_out=0.99)
    assert verdict("The tip of a nasogastric tube belongs in the stomach or in the right main bronchus.", sure) is None
    assert verdict("The tip of a nasogastric tube belongs in the stomach, 40 cm down.", sure) is None


def test_a_sentence_too_long_to_be_read_whole_stays_open():
    """The reader reads so many words; what stands behind them might say anything."""
    text = "The tip of a nasogastric tube belongs in the stomach " + "of a grown person " * 20 + "and in the lung."
    assert verdict(text, Saying("nasogastric stomach", bears_out=0.99)) is None


def test_two_facts_that_disagree_settle_nothing():
    """Where one fact bears a sentence out and another denies it, neither decides."""

    class Torn(Blind):
        def read(self, sentence: str, facts: Sequence[str]) -> list[Settles]:
            return [Settles(0.99, 0.0) if "stomach" in fact else Settles(0.0, 0.9) for fact in facts]

    assert verdict("The tip of a nasogastric tube belongs in the stomach.", Torn()) is None


def test_every_curated_fact_comes_with_its_vector():
    """A fact without one would be looked up slowly: `training.likeness` is to be run when the content changes."""
    bundled = Likeness()
    texts = [in_words(fact) for concept in STORE.by_id for fact in VERIFIER.look().near({concept})]
    assert sum(bundled.knows(text) for text in texts) >= 0.98 * len(texts)


def test_what_means_the_same_is_alike():
    """Of two facts that which says what the sentence says is the more alike, whether its vector is stored or made."""
    said = "Someone with a clear film may still have a clot in the lung."
    near, far = NORMAL, "Systemic lupus erythematosus can cause myocarditis."
    assert Likeness()(said, [near, far]).argmax() == 0
    assert Likeness()(said, [near + " Often.", far + " Often."]).argmax() == 0


@pytest.mark.parametrize(
    ("sentence", "fact", "way"),
    [
        ("A wheeze is something that asthmatics may have.", WHEEZE, 1),
        ("Nobody with asthma ever wheezes.", WHEEZE, -1),
        ("Asthma brings wheezing and is cured by aspirin.", WHEEZE, 0),
        ("Asthma is treated with a lobectomy.", WHEEZE, 0),
        ("A clot in the lung may be there although the film is clear.", NORMAL, 1),
        ("A clear film excludes a clot in the lung.", NORMAL, -1),
        ("A paratracheal stripe of 3 mm is normal.", STRIPE, 1),
        ("A paratracheal stripe of 9 mm is normal.", STRIPE, -1),
    ],
)
def test_the_bundled_reader_tells_same_from_opposite(sentence, fact, way):
    """Plain cases in other words: it is likelier than not to be what it is."""
    (told,) = BUNDLED.read(sentence, [fact])
    assert (told.bears_out >= 0.5, told.denies >= 0.5) == (way > 0, way < 0)


@given(st.text(max_size=400), st.text(max_size=400))
@settings(max_examples=60, deadline=None)
def test_the_bundled_reader_reads_anything(sentence, fact):
    """Any two texts get shares between 0 and 1."""
    (told,) = BUNDLED.read(sentence, [fact])
    assert 0 <= told.bears_out <= 1
    assert 0 <= told.denies <= 1
    assert all(-1.01 <= alike <= 1.01 for alike in BUNDLED.likeness(sentence, [fact]))


def test_the_checker_asks_it_last():
    """What is settled before is not given to it; what is open and settled by one fact gets that fact."""

    class Counting(Saying):
        asked = 0

        def read(self, sentence: str, facts: Sequence[str]) -> list[Settles]:
            Counting.asked += 1
            return super().read(sentence, facts)

    checker = Checker(LINKER, VERIFIER, facts=Counting("nasogastric stomach", bears_out=0.99))
    assert checker.check("Heart failure can cause pleural effusion.")[0].verdict is Verdict.SUPPORTED
    assert Counting.asked == 0
    assert checker.check("Is it a pneumothorax?")[0].verdict is Verdict.NOT_A_CLAIM
    assert Counting.asked == 0

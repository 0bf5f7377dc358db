"""What is said by the way is taken out before a sentence is read, and what claims more is not."""

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copilot.asides import claims_more, without_asides
from copilot.checking import Checker
from copilot.relations.onnx_asides import OnnxAsideReader
from copilot.relations.onnx_reader import LONGEST
from copilot.relations.port import AsideReader, Masked, Part, RelationReader, Stated
from kg.linking import Linker
from kg.types import Verdict
from kg.verification import Verifier
from tests.fakes.fact_store import core_store

STORE = core_store()
LINKER, VERIFIER = Linker(STORE.by_id.values()), Verifier(STORE)
BUNDLED = OnnxAsideReader()


class Marking(AsideReader):
    """Takes every word of `asides` for one said by the way, and every word of `more` for a further claim."""

    def __init__(self, asides: str = "", more: str = "") -> None:
        self.asides, self.more = asides, more

    def read(self, text: str) -> Sequence[Part]:
        return list(self._parts(text))

    def _parts(self, text: str):
        at = 0
        for word in text.replace(",", " , ").replace(".", " .").split():
            start = text.index(word, at)
            at = start + len(word)
            inside = [
                where in text and text.index(where) <= start < text.index(where) + len(where) if where else False
                for where in (self.asides, self.more)
            ]
            yield Part(start, at, 0.95 * inside[0], 0.95 * inside[1])


@pytest.mark.parametrize(
    ("text", "aside", "stated"),
    [
        ("A bulla, as my old chief liked to say, holds air.", "as my old chief liked to say", "A bulla holds air."),
        ("On the wards, croup causes stridor.", "On the wards", "Croup causes stridor."),
        ("Croup causes stridor (remember that).", "remember that", "Croup causes stridor."),
        ("Croup causes stridor, believe me!", "believe me", "Croup causes stridor."),
        ("Croup causes stridor.", "", ""),
        ("Croup causes a well-known stridor.", "well-known", ""),
        ("Thank you, dear all.", "Thank you, dear all", ""),
        ("Croup is not a cause of stridor.", "not", ""),
    ],
)
def test_only_whole_parts_between_signs_are_taken_out(text, aside, stated):
    """A word amid what is stated stays, so that no denial is lost; a sentence that is nothing but an aside stays whole."""
    assert without_asides(text, Marking(aside).read(text)) == stated


def test_a_sentence_is_supported_by_what_it_states():
    """With its aside taken out a true sentence is supported like the plain one, and shown as it was written."""
    aside = "as my old chief liked to say"
    for text in (f"A pneumothorax, {aside}, is air in the pleural space.", f"A bulla, {aside}, contains air."):
        assert Checker(LINKER, VERIFIER).check(text)[0].verdict is not Verdict.SUPPORTED
        found = Checker(LINKER, VERIFIER, asides=Marking(aside)).check(text)[0]
        assert (found.verdict, found.text) == (Verdict.SUPPORTED, text)


def test_what_may_bear_on_the_truth_is_no_aside():
    """A part that doubts the rest stays, however it is read, and so does the verdict."""
    text = "A pneumothorax, or so the myth goes, is air in the pleural space."
    assert without_asides(text, Marking("or so the myth goes").read(text)) == ""


def test_a_clause_that_says_what_a_thing_is_is_no_aside():
    """What "which is ..." states is to be checked too: nothing is supported beside a false definition."""
    aside = "which is the space between the two lungs"
    text = f"A pneumothorax is air in the pleural space, {aside}."
    assert without_asides(text, Marking(aside).read(text)) == ""


def test_what_claims_more_is_not_supported_by_the_rest():
    """Where a part is said by the way and another claims something besides, the sentence stays open."""
    text = "A pneumothorax, and I tell this to every class, is air in the pleural space of sailors."
    reader = Marking("and I tell this to every class", more="of sailors")
    assert claims_more(text, reader.read(text)) > 0.9
    found = Checker(LINKER, VERIFIER, asides=reader).check(text)[0]
    assert found.verdict is not Verdict.SUPPORTED


class Causing(RelationReader):
    """Reads into every sentence of two things that the first causes the second."""

    def read(self, sentence: Masked, kinds: Mapping[str, str]) -> Sequence[Stated]:
        return [Stated(0, 1, "CAUSES", "", False, 0.9)] if len(sentence.concepts) > 1 else []


def test_what_the_readers_see_is_not_all_that_a_sentence_claims():
    """What the reader of relations bears out stays open where words surely claim something besides."""
    text = "Heart failure hatches pleural effusion by the moonlight."
    for more, verdict in (("", Verdict.SUPPORTED), ("by the moonlight", Verdict.NOT_IN_GRAPH)):
        checker = Checker(LINKER, VERIFIER, relations=Causing(), asides=Marking(more=more))
        assert checker.check(text)[0].verdict is verdict


def test_what_the_bundled_reader_takes_for_an_aside():
    """Talk of the speaker's day is one; a mechanism, a date and a denial are none."""
    for text, stated in (
        (
            "A bulla, as I keep telling the students who sit in the back row, contains air.",
            "A bulla contains air.",
        ),
        ("A bulla, which ruptures within a week in most patients, contains air.", ""),
        ("Asbestos does not cause asthma.", ""),
    ):
        assert without_asides(text, BUNDLED.read(text)) == stated


@given(st.text(max_size=400))
@settings(max_examples=60, deadline=None)
def test_any_text_is_read(text):
    """Whatever is typed has parts in order inside it, with shares from 0 to 1; what is stated is no longer than the text."""
    parts = BUNDLED.read(text)
    assert all(0 <= p.start < p.end <= len(text) and 0 <= p.aside <= 1 and 0 <= p.more <= 1 for p in parts)
    assert [p.start for p in parts] == sorted(p.start for p in parts)
    assert len(parts) <= LONGEST
    assert len(without_asides(text, parts)) <= len(text) + 1

"""What a question asks, as it is put to a reader of questions."""

from collections.abc import Mapping

from kg.asking import Relation, turned, with_slots
from kg.linking import Linker
from kg.types import Mention
from tests.fakes.fact_store import core_store

STORE = core_store()
LINKER = Linker(STORE.by_id.values())


def test_slots_stand_for_what_is_named() -> None:
    """What is asked about is <X> wherever it stands, and everything else that is named <Y>."""
    question = "Can pneumonia cause empyema, and is pneumonia common?"
    assert with_slots(question, LINKER.link(question), "pneumonia") == "Can <X> cause <Y>, and is <X> common?"


def test_what_an_earlier_question_named_has_no_slot() -> None:
    """A mention whose words do not stand at its place leaves the question as it is."""
    assert with_slots("How is it treated?", [Mention(0, 9, "pneumonia", "pneumonia", "pneumonia")], "pneumonia") == (
        "How is it treated?"
    )


def test_the_other_thing_is_asked_the_same_from_its_side() -> None:
    """What causes the one is what the other causes; turned twice it is as before."""
    read: Mapping[Relation, float] = {("CAUSES", "s"): 0.7, ("MIMICS", "o"): 0.3}
    assert turned(read) == {("CAUSES", "o"): 0.7, ("MIMICS", "s"): 0.3}
    assert turned(turned(read)) == read

"""What "it", "that side" and "the earlier film" mean, by what was spoken of before."""

import numpy as np
import pytest

from copilot import followups
from copilot.sessions import Film, Session
from copilot.types import EncoderId, Reading
from guardrails.types import SafeImage
from kg.linking import Linker
from tests.fakes.fact_store import core_store

LINKER = Linker(core_store().by_id.values())
BEFORE = LINKER.link("What is a left pleural effusion?")


def topic(question: str) -> list[str]:
    return [m.concept for m in followups.topic_of(question, LINKER.link(question), BEFORE)]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What causes it?", ["pleural_effusion"]),
        ("And how is it treated?", ["pleural_effusion"]),
        ("Does it cause dyspnea?", ["pleural_effusion", "dyspnea"]),
        ("What is pneumonia?", ["pneumonia"]),
        ("Is it true that pneumonia causes fever?", ["pneumonia", "fever"]),
    ],
)
def test_it_stands_for_what_was_spoken_of(question: str, expected: list[str]) -> None:
    """Where a question names something itself, only a pronoun brings the earlier thing in."""
    assert topic(question) == expected


def test_that_side_and_the_other_side_are_named() -> None:
    """By the side last spoken of; unknown, the words stay."""
    side = followups.side_of(BEFORE, None)
    assert side == "left"
    assert followups.sided("Which lobe lies on that side?", side) == "Which lobe lies on the left side?"
    assert followups.sided("And on the other side?", side) == "And on the right side?"
    assert followups.sided("And on that side?", None) == "And on that side?"


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Compare with the previous chest radiograph.", []),
        ("Has the effusion grown since the prior chest x-ray?", ["pleural_effusion"]),
        ("What does a chest radiograph show in pneumonia?", ["chest_radiograph", "pneumonia"]),
    ],
)
def test_the_earlier_film_is_no_topic(question: str, expected: list[str]) -> None:
    """Words that point at a film of the session leave the talk where it was."""
    mentions = LINKER.link(question)
    assert [m.concept for m in followups.without_the_film(question, mentions)] == expected
    assert len(mentions) > len(expected) or "chest_radiograph" in expected


def a_film(view: str) -> Film:
    image = SafeImage(np.zeros((2, 2), np.float32), "dicom")
    return Film(image, Reading(True, EncoderId("e", "0"), view=view))


def test_the_earlier_film_is_all_but_the_newest_once_somebody_speaks_of_it() -> None:
    """Films that were given as earlier ones stay what they were given as."""
    session = Session()
    session.films += [a_film("AP"), a_film("PA")]
    assert len(session.readings()) == 2
    session.compare_with_earlier("What is new since the earlier film?")
    assert [r.view for r in session.readings(prior=True)] == ["AP"]
    assert [r.view for r in session.readings()] == ["PA"]


def test_a_source_keeps_its_number_all_session() -> None:
    """[1] in the second answer is [1] of the first."""
    session = Session()
    assert session.cite(["a", "b", "a"]) == ((1, "a"), (2, "b"))
    assert session.cite(["c", "b"]) == ((3, "c"), (2, "b"))

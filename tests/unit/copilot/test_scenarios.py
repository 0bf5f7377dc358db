"""The virtual patients and how a read of their film is marked."""

from dataclasses import dataclass, field

import pytest

from copilot.checking import Checker
from copilot.scenarios import Case, MarkedRead, cases, example_film, mark
from copilot.sessions import Session
from kg.linking import Linker
from kg.loading.csv_pack import core
from kg.types import CheckedSentence
from kg.verification import Verifier
from tests.fakes.fact_store import core_store

RIGHT = "There is a large right pleural effusion with a meniscus. No pneumothorax. The heart is not enlarged."


@dataclass
class Reader:
    """The parts of the application that marking needs, over the curated content in memory."""

    linker: Linker = field(default_factory=lambda: Linker(core().concepts()))

    def __post_init__(self) -> None:
        self.checker = Checker(self.linker, Verifier(core_store()))

    def check(self, session: Session, text: str) -> tuple[CheckedSentence, ...]:
        return self.checker.check(text)


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


@pytest.fixture
def case() -> Case:
    return cases()[0]


def marked(case: Case, reader: Reader, read: str) -> MarkedRead:
    return mark(case, read, reader, Session())


def test_every_concept_of_a_case_is_in_the_graph() -> None:
    """What a case expects can be linked, so that it can be found."""
    known = {concept.id for concept in core().concepts()}
    named = {name for one in cases() for e in one.expected for name in (e.concept, *e.signs)}
    assert named <= known


def test_films_are_png_files() -> None:
    """Each case and the example bring a film that the image gate can open."""
    assert all(film.startswith(b"\x89PNG") for film in [example_film(), *(case.film for case in cases())])


def test_right_read_is_right(case: Case, reader: Reader) -> None:
    """A read that fits the film has every sentence right."""
    result = marked(case, reader, RIGHT)
    assert [s.mark for s in result.sentences] == ["right"] * 3
    assert {e.concept for e in result.missed} == {"consolidation"}


@pytest.mark.parametrize(
    ("sentence", "why"),
    [
        ("There is a left pleural effusion.", "right"),
        ("There is no pleural effusion.", "present"),
        ("There is consolidation in the left lower lobe.", "absent"),
        ("There is a pneumothorax.", "absent"),
        ("There is a lung nodule.", "does not show"),
    ],
)
def test_wrong_sentences_say_why(case: Case, reader: Reader, sentence: str, why: str) -> None:
    """Wrong side, a missed finding and over-calls are wrong, with the reason."""
    (only,) = marked(case, reader, sentence).sentences
    assert only.mark == "wrong"
    assert why in only.reason


def test_other_sentences_are_not_marked(case: Case, reader: Reader) -> None:
    """What is not about the film is neither right nor wrong."""
    assert marked(case, reader, "She should see a specialist soon.").sentences[0].mark == "not_marked"


def test_wrong_read_finds_nothing(case: Case, reader: Reader) -> None:
    """A read of the wrong side does not count as having found the effusion."""
    assert "pleural_effusion" in {e.concept for e in marked(case, reader, "Left pleural effusion.").missed}

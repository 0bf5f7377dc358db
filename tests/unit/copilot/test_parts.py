"""How a sentence of several statements is taken apart, and what comes of the verdicts on its parts."""

import pytest

from copilot.parts import Part, parts_of, together
from copilot.relations.port import Masked
from kg.types import CheckedSentence, Verdict

THREE = ("heart_failure", "transudate", "active_cancer")


def told(text: str, concepts: tuple[str, ...] = THREE) -> list[str]:
    return [part.sentence.text for part in parts_of(Masked(text, concepts))]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("<0> gives <1> , whereas <2> does not", ["<0> gives <1>", "<0> does not"]),
        ("<0> gives <1> and causes <2>", ["<0> gives <1>", "<0> causes <1>"]),
        ("In <0> , <1> is common and may cause <2>", ["In <0> , <1> is common", "<0> may cause <1>"]),
        ("<0> , which is a sign of <1> , points to <2>", ["<0> points to <1>", "<0> is a sign of <1>"]),
        ("<0> is seen with <1> , but it does not prove <2>", ["<0> is seen with <1>", "<0> does not prove <1>"]),
    ],
)
def test_each_statement_gets_its_own_things_and_its_subject(text: str, parts: list[str]) -> None:
    """A second verb, a contrast and a relative clause are statements; slots are numbered anew in each."""
    assert told(text) == parts


@pytest.mark.parametrize(
    "text",
    [
        "<0> causes <1> and <2>",
        "<0> causes <1> because <2> does",
        "<0> with <1> causes <2> , but that is all",
        "<0> (with <1>) and causes <2>",
    ],
)
def test_lists_reasons_and_leftovers_are_not_taken_apart(text: str) -> None:
    """A list is one statement, a reason joins two, and words about nothing belong to some part that nobody knows."""
    assert told(text) == []


def test_two_things_make_one_statement() -> None:
    """With fewer than three things nothing is taken apart."""
    assert told("<0> is white and causes <1>", THREE[:2]) == []


def part(*, borrowed: bool = False) -> Part:
    return Part(Masked("<0> causes <1>", THREE[:2]), borrowed)


def checked(verdict: Verdict) -> CheckedSentence:
    return CheckedSentence("part", verdict, (), "because")


def test_all_parts_support_the_whole() -> None:
    """One part that stays open leaves the sentence open."""
    good = checked(Verdict.SUPPORTED)
    whole = together("whole", [(part(), good), (part(borrowed=True), good)])
    assert whole is not None
    assert (whole.text, whole.verdict) == ("whole", Verdict.SUPPORTED)
    assert together("whole", [(part(), good), (part(), None)]) is None
    assert together("whole", []) is None


def test_one_false_part_contradicts_the_whole_unless_its_subject_is_borrowed() -> None:
    """What "it" means is a guess, and a guess refutes nothing."""
    false = checked(Verdict.CONTRADICTED)
    whole = together("whole", [(part(), checked(Verdict.SUPPORTED)), (part(), false)])
    assert whole is not None
    assert whole.verdict is Verdict.CONTRADICTED
    assert together("whole", [(part(), checked(Verdict.SUPPORTED)), (part(borrowed=True), false)]) is None


def test_a_part_is_told_with_the_names_of_its_things() -> None:
    """The words of a part can be read without its slots."""
    assert part().told == "heart failure causes transudate"

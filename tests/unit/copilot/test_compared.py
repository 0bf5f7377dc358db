"""What is higher, wider, whiter, commoner or more sensitive than what."""

import pytest

from copilot.bootstrap import bundled_checker
from copilot.claims.compared import compared
from kg.linking import Linker
from kg.types import Verdict
from kg.verification import Verifier
from tests.fakes.fact_store import core_store

STORE = core_store()
LINKER = Linker(STORE.by_id.values())
CHECKER = bundled_checker(LINKER, Verifier(STORE))
SUPPORTED, CONTRADICTED, OPEN = Verdict.SUPPORTED, Verdict.CONTRADICTED, Verdict.NOT_IN_GRAPH


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("In most healthy people the left hilum lies a little higher than the right.", SUPPORTED),
        ("The right hilum is higher than the left one.", CONTRADICTED),
        ("The left hilum is not higher than the right.", CONTRADICTED),
        ("It is a myth that the right hilum is higher than the left.", SUPPORTED),
        ("The left hemidiaphragm normally stands lower than its fellow.", SUPPORTED),
        ("The right main bronchus is shorter, wider and runs more vertically than the left.", SUPPORTED),
        ("The left main bronchus is wider and more vertical than the right.", CONTRADICTED),
        ("The right main bronchus is wider, and longer than the left.", CONTRADICTED),
        ("Bone is whiter than fat on a radiograph.", SUPPORTED),
        ("Bone is whiter on a radiograph than fat.", SUPPORTED),
        ("Fat is whiter on a chest film than bone.", CONTRADICTED),
        ("Air is denser than soft tissue.", CONTRADICTED),
        ("Small cell lung cancer is commoner than non-small cell lung cancer.", CONTRADICTED),
        ("CT detects many more rib fractures than plain films.", SUPPORTED),
        ("Plain films are more sensitive than CT for rib fractures.", CONTRADICTED),
        ("Ultrasound is superior to a chest film for detecting pleural fluid.", SUPPORTED),
        ("A pneumothorax is easier to see on an erect film than on a supine one.", SUPPORTED),
        ("A supine film shows a pneumothorax better than an erect film.", CONTRADICTED),
        ("A chest X-ray involves far less radiation than a CT scan.", SUPPORTED),
        ("Round pneumonia is seen far more often in children than in adults.", SUPPORTED),
    ],
)
def test_a_comparison_is_checked_both_ways(text: str, verdict: Verdict) -> None:
    """More of one thing is less of the other, whichever is named first; the other way round is refuted."""
    assert CHECKER.check(text)[0].verdict is verdict


@pytest.mark.parametrize(
    "text",
    [
        "CT is more sensitive than MRI for invasion of the chest wall.",
        "Chest ultrasound is more sensitive than CT for lung nodules.",
    ],
)
def test_one_test_is_not_better_at_everything(text: str) -> None:
    """What is better at finding one thing need not be at another: no fact is stretched from the one to the other."""
    assert CHECKER.check(text)[0].verdict is not SUPPORTED


@pytest.mark.parametrize(
    "text",
    [
        "The left hilum is higher than the right, because the left lung is the larger one.",
        "The left hilum that is scarred is higher than the right.",
        "It is abnormal for the right hemidiaphragm to stand higher than the left.",
        "Pneumonia is worse than a cold.",
        "The heart is larger than it was.",
    ],
)
def test_only_a_bare_comparison_is_read(text: str) -> None:
    """Where a sentence says anything else, or names no second thing, nothing is read as a comparison."""
    assert compared(text.rstrip("."), LINKER) == ()

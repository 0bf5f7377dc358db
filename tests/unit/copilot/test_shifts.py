"""Which way the mediastinum is said to go, by verbs, by words and by named sides."""

import pytest

from copilot.bootstrap import bundled_checker
from kg.linking import Linker
from kg.types import Verdict
from kg.verification import Verifier
from tests.fakes.fact_store import core_store

STORE = core_store()
CHECKER = bundled_checker(Linker(STORE.by_id.values()), Verifier(STORE))
SUPPORTED, CONTRADICTED, OPEN = Verdict.SUPPORTED, Verdict.CONTRADICTED, Verdict.NOT_IN_GRAPH


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Left upper lobe collapse pulls the trachea to the left.", SUPPORTED),
        ("Left upper lobe collapse pulls the trachea to the right.", CONTRADICTED),
        ("A tension pneumothorax on the left pushes the mediastinum to the right.", SUPPORTED),
        ("A tension pneumothorax on the left pushes the mediastinum to the left.", CONTRADICTED),
        ("The heart is pushed to the left by a massive left pleural effusion.", CONTRADICTED),
        ("The heart is pushed to the right by a massive left pleural effusion.", SUPPORTED),
        ("In a right-sided tension pneumothorax the trachea deviates leftwards.", SUPPORTED),
        ("In a right-sided tension pneumothorax the trachea deviates rightwards.", CONTRADICTED),
        ("Tension pneumothorax pushes the trachea to the left.", OPEN),
        ("Tension pneumothorax drags the mediastinum to the same side.", CONTRADICTED),
        ("Tension pneumothorax displaces the mediastinum contralaterally.", SUPPORTED),
        ("Complete lung collapse pulls the trachea over.", SUPPORTED),
        ("Complete lung collapse pushes the trachea away.", CONTRADICTED),
    ],
)
def test_a_shift_is_set_against_the_side_of_the_lesion(text: str, verdict: Verdict) -> None:
    """The same side is towards, the other side away; without the lesion's side nothing is decided."""
    assert CHECKER.check(text)[0].verdict is verdict

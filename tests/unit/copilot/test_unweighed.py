"""Words that bear on a fact and that no claim carries keep the verdict back; named sides decide a shift."""

import pytest

from copilot.claims.unweighed import shift, unweighed
from kg.types import Fact, Tier, Verdict


def fact(predicate: str, obj: str, *, denied: bool = False, qualifiers: tuple[tuple[str, str], ...] = ()) -> Fact:
    return Fact(
        "f",
        "s",
        "subject",
        predicate,
        obj.replace(" ", "_"),
        obj,
        "A source",
        Tier.CURATED,
        denied=denied,
        qualifiers=qualifiers,
    )


TOWARDS, AWAY = fact("SHIFTS_MEDIASTINUM", "towards the lesion"), fact("SHIFTS_MEDIASTINUM", "away from the lesion")


@pytest.mark.parametrize(
    ("text", "decided", "verdict"),
    [
        ("Left upper lobe collapse pulls the trachea to the left.", TOWARDS, Verdict.SUPPORTED),
        ("Left upper lobe collapse pulls the trachea to the right.", TOWARDS, Verdict.CONTRADICTED),
        ("A large left effusion pushes the heart to the right.", AWAY, Verdict.SUPPORTED),
        ("The heart is pushed to the left by a large left effusion.", AWAY, Verdict.CONTRADICTED),
        ("Tension pneumothorax pushes the trachea to the left.", AWAY, Verdict.NOT_IN_GRAPH),
        ("Left upper lobe collapse does not pull the trachea to the right.", TOWARDS, Verdict.NOT_IN_GRAPH),
    ],
)
def test_a_shift_is_set_against_the_side_of_the_lesion(text: str, decided: Fact, verdict: Verdict) -> None:
    """The same side is towards, the other side away; without the lesion's side nothing is decided."""
    assert shift(text, [decided]) is verdict


def test_a_denial_of_one_way_does_not_assert_the_other() -> None:
    """Only "not towards" is known: away stays open, towards is contradicted."""
    denied = fact("SHIFTS_MEDIASTINUM", "towards the lesion", denied=True)
    assert shift("A left tension pneumothorax pushes the trachea to the right.", [denied]) is Verdict.NOT_IN_GRAPH
    assert shift("A left tension pneumothorax pulls the trachea to the left.", [denied]) is Verdict.CONTRADICTED


def test_a_shift_without_a_named_side_is_not_touched() -> None:
    """That it goes towards the lesion is what the claim itself carries."""
    assert shift("Collapse shifts the mediastinum towards the lesion.", [TOWARDS]) is None
    assert shift("The liver lies on the right.", [fact("HAS_SIDE", "right side")]) is None


@pytest.mark.parametrize(
    ("text", "verdict", "decided"),
    [
        ("In situs inversus the liver lies on the left.", Verdict.CONTRADICTED, fact("HAS_SIDE", "right side")),
        (
            "If the tip lies in the azygos vein, the line goes back.",
            Verdict.CONTRADICTED,
            fact("TIP_BELONGS_IN", "azygos vein", denied=True),
        ),
        ("A tube 1 cm above the carina is too low.", Verdict.CONTRADICTED, fact("HAS_VALUE", "tip-to-carina distance")),
        ("The tip lies 3 cm below the carina.", Verdict.SUPPORTED, fact("HAS_VALUE", "tip-to-carina distance")),
        (
            "In adults a ratio above 0.6 is cardiomegaly.",
            Verdict.SUPPORTED,
            fact("HAS_THRESHOLD", "cardiothoracic ratio", qualifiers=(("population", "in neonates"),)),
        ),
        (
            "In the high position it lies between L3 and L5.",
            Verdict.SUPPORTED,
            fact("HAS_VALUE", "vertebral level", qualifiers=(("condition", "low position, L3 to L5"),)),
        ),
    ],
)
def test_what_is_not_weighed_keeps_the_verdict_back(text: str, verdict: Verdict, decided: Fact) -> None:
    """Mirrored anatomy, suppositions, corrections, the wrong side of a landmark, another population or position."""
    assert unweighed(text, verdict, [decided]) is not None


@pytest.mark.parametrize(
    ("text", "verdict", "decided"),
    [
        ("The liver lies on the left.", Verdict.CONTRADICTED, fact("HAS_SIDE", "right side")),
        ("The tip lies 3 cm above the carina.", Verdict.SUPPORTED, fact("HAS_VALUE", "tip-to-carina distance")),
        ("A skin fold may be mistaken for a pneumothorax.", Verdict.SUPPORTED, fact("MIMICS", "pneumothorax")),
        (
            "In neonates a ratio above 0.6 is cardiomegaly.",
            Verdict.SUPPORTED,
            fact("HAS_THRESHOLD", "cardiothoracic ratio", qualifiers=(("population", "in neonates"),)),
        ),
    ],
)
def test_plain_statements_are_not_kept_back(text: str, verdict: Verdict, decided: Fact) -> None:
    """Nothing in them is left unweighed."""
    assert unweighed(text, verdict, [decided]) is None

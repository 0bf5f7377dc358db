"""Words that bear on a fact and that no claim carries keep the verdict back."""

from dataclasses import replace

import pytest

from copilot.claims.unweighed import unweighed
from kg.types import Fact, Quantity, Tier, Verdict


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
        (
            "It is best shown with the suspected side up.",
            Verdict.SUPPORTED,
            fact("DETECTS", "effusion", qualifiers=(("condition", "with the suspected side down"),)),
        ),
        ("It affects the upper margins of the ribs.", Verdict.SUPPORTED, fact("LOCATED_IN", "lower border of a rib")),
        ("A ratio above 0.5 means a transudate.", Verdict.SUPPORTED, fact("HAS_THRESHOLD", "ratio in exudates")),
        ("A whoosh is proof that the tube ends in the stomach.", Verdict.SUPPORTED, fact("TIP_BELONGS_IN", "stomach")),
        ("It is a cancer that grows inside a cavity.", Verdict.SUPPORTED, fact("LOCATED_IN", "cavity")),
        (
            "Nodules smaller than 8 mm can be missed.",
            Verdict.CONTRADICTED,
            replace(fact("HAS_THRESHOLD", "lesion diameter"), quantity=Quantity("<=", 30, "mm")),
        ),
        (
            "It occurs when air escapes from the pleural space.",
            Verdict.SUPPORTED,
            fact("LOCATED_IN", "pleural space"),
        ),
        ("Air is leaving the pleural space.", Verdict.SUPPORTED, fact("LOCATED_IN", "pleural space")),
    ],
)
def test_what_is_not_weighed_keeps_the_verdict_back(text: str, verdict: Verdict, decided: Fact) -> None:
    """Mirrored anatomy, suppositions, corrections, the wrong side of a landmark, another population or position.

    Nor is what comes out of a place in it, or proof of a thing the thing; what kind of thing it is said to be is not borne
    out by where it lies, nor is the size of a nodule by a size that only says which nodules are meant.
    """
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
        ("It runs a subacute or chronic course.", Verdict.SUPPORTED, fact("HAS_COURSE", "subacute")),
        ("A culture is proof of tuberculosis.", Verdict.SUPPORTED, fact("CONFIRMS", "tuberculosis")),
        ("Air escapes from the lung into the pleural space.", Verdict.SUPPORTED, fact("LOCATED_IN", "pleural space")),
        ("It is a tumor of the thymus.", Verdict.SUPPORTED, fact("IS_A", "mediastinal tumor")),
        (
            "A nodule is smaller than 8 cm.",
            Verdict.CONTRADICTED,
            replace(fact("HAS_THRESHOLD", "lesion diameter"), quantity=Quantity("<=", 30, "mm")),
        ),
    ],
)
def test_plain_statements_are_not_kept_back(text: str, verdict: Verdict, decided: Fact) -> None:
    """Nothing in them is left unweighed."""
    assert unweighed(text, verdict, [decided]) is None

"""Whether a fact's limits leave room for what a question tells of size and age."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.fitting import fits, told
from kg.types import Fact, Tier


def limited(population: str = "", condition: str = "") -> Fact:
    """A fact with limits."""
    named = {"population": population, "condition": condition}
    return Fact(
        id="f", subject="solid_nodule", subject_name="solid nodule", predicate="HAS_VALUE", object="follow_up_ct_interval",
        object_name="interval to follow-up CT", source="", tier=Tier.CURATED, pack="core",
        qualifiers=tuple((name, value) for name, value in named.items() if value),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("question", "condition", "how"),
    [
        ("A 7 mm nodule", "when the nodule is single and 6 to 8 mm in size", 1),
        ("A 0.7 cm nodule", "when the nodule is single and 6 to 8 mm in size", 1),
        ("A 9 mm nodule", "when the nodule is single and 6 to 8 mm in size", -1),
        ("A 9 mm nodule", "when the nodule is larger than 8 mm", 1),
        ("A 5 mm nodule", "when the nodule is larger than 8 mm", -1),
        ("A nodule", "when the nodule is larger than 8 mm", 0),
        ("A 9 mm nodule", "in smokers", 0),
        ("29M with a nodule", "when the nodule is larger than 8 mm", 0),
    ],
)
def test_a_size_chooses_between_facts(question: str, condition: str, how: int) -> None:
    """The size that is told lies within the limit of a fact, in whatever unit, or outside."""
    assert fits(limited(condition=condition), told(question)) == how


@pytest.mark.parametrize(
    ("question", "population", "how"),
    [
        ("5 yo with cough", "children", 1),
        ("5-year-old with cough", "adults", -1),
        ("45 yr old ex smoker", "people aged 40 and over who have ever smoked", 1),
        ("24M coughing up blood", "people aged 40 and over", -1),
        ("4/12 old, wheeze", "children aged 2 to 11 months", 1),
        ("3 week old baby", "children aged 6 weeks and over", -1),
        ("72 year old woman", "people aged 50 years or less", -1),
        ("Newborn with grunting", "neonates", 1),
        ("She is 28 weeks pregnant", "infants", -1),
        ("Pregnant. Is it safe for the baby?", "infants", 1),
        ("20 yo smoker", "smokers and people over 50 years", 0),
        ("Cough for 3 weeks", "adults", 0),
        ("5 yo with cough", "people with HIV", 0),
    ],
)
def test_an_age_chooses_between_facts(question: str, population: str, how: int) -> None:
    """In years, months or weeks, told in a number or by what one is called; how long something lasts is no age."""
    assert fits(limited(population=population), told(question)) == how


def test_who_tells_no_age_asks_of_adults() -> None:
    """What holds of children alone comes behind, not so far as where an adult is told of."""
    assert fits(limited(population="adults"), told("When is the heart too big?")) == 0
    assert -1 < fits(limited(population="neonates"), told("When is the heart too big?")) < 0


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=60))
def test_whatever_is_typed_is_no_error(question: str, population: str, condition: str) -> None:
    """Any text as question or limit gives a number from -1 to 1."""
    assert -1 <= fits(limited(population, condition), told(question)) <= 1

"""Whether the limits of a fact leave room for the sizes and the age that a question tells. Knows nothing of ranking."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

from kg.linking.numbers import find
from kg.types import Fact, Quantity
from kg.verification.quantities import comparable, compare, unit

_SIZES = frozenset({"length", "volume"})
_ADULT = 18.0
_MALE = "m"  # "29M" is no length
_YEARS = {"y": 1.0, "m": 1 / 12, "w": 1 / 52, "d": 1 / 365}
_AGED = re.compile(
    r"\b(?P<number>\d{1,3})[\s-]*(?P<unit>y|m|w|d)(?:(?:ea|onth|eek|ay)?(?:r|k|mo)?s?[\s-]+old|[\s/]?o)\b"
    r"|\b(?:aged|age)\s+(?P<aged>\d{1,3})\b|\b(?P<years>\d{1,3})\s?[MF]\b|\b(?P<twelfths>\d{1,2})/12\s+old",
)
# How old whoever is called so may be, in years.
_GROUPS = tuple(
    (re.compile(rf"\b(?:{words})\b", re.IGNORECASE), low, high)
    for words, low, high in (
        (r"older (?:adults|people)|elderly|pensioners?", 60.0, inf),
        (r"adolescents|teenage\w*", 10.0, 19.0),
        (r"adults?|m[ae]n|wom[ae]n|lad(?:y|ies)|gentlem[ae]n|pregnan\w+|mother", 18.0, inf),
        (r"older children", 5.0, 17.9),
        (r"young children|toddlers?", 0.0, 6.0),
        (r"child|children|kids?|boys?|girls?|pa?ediatric", 0.0, 17.9),
        (r"infants?|baby|babies", 0.0, 2.0),
        (r"newborns?|neonat\w+|prem(?:s|ature\w*|ies)?|preterm", 0.0, 0.1),
    )
)
_LATER_STEP = re.compile(r"\b(?:second|repeat|repeated|later) scans?\b|\bafter the first\b", re.IGNORECASE)
_LATER = re.compile(
    r"\b(?:second|third|next|then|again|repeat\w*|later|subsequent\w*|after (?:that|the first)|stable|unchanged|"
    r"how (?:long|often)|intervals|scans)\b",
    re.IGNORECASE,
)
_FROM_TO = re.compile(r"aged (?P<low>\d+) to (?P<high>\d+)(?: (?P<unit>[mwy]))?")
_FROM = re.compile(r"(?:aged |over |people )(?P<low>\d+)(?: (?P<unit>[mwy]))?(?!\w*(?: years)? or less)")
_TO = re.compile(r"under (?P<high>\d+)(?: (?P<unit>[mwy]))?|aged (?P<most>\d+) years or less")


@dataclass(frozen=True, slots=True)
class Told:
    """The sizes that a question tells, between which ages in years whoever it is about must be, if it tells, and whether it is
    of a later step than the first.
    """

    sizes: Sequence[Quantity]
    age: tuple[float, float] | None
    later: bool = False


def told(question: str) -> Told:
    """What a question tells that facts may leave no room for."""
    sizes = [s.quantity for s in find(question) if unit(s.quantity.unit)[0] in _SIZES and s.quantity.unit != _MALE]
    return Told(sizes, _age(question), bool(_LATER.search(question)))


def fits(fact: Fact, case: Told) -> float:
    """1 where a size or the age lies within the limits of a fact, -1 where one lies outside, 0 where neither is told.

    Who tells no age asks of adults: a fact about children alone gets -0.7 then. A fact of a second or repeated scan gets 0.6
    less where the first one may be meant.
    """
    found, untold = set(), False
    for name, value in fact.qualifiers:
        if name == "condition":
            limits = [s.quantity for s in find(value)]
            found |= {compare(said, one) for said in case.sizes for one in limits if comparable(said, one)}
        elif name == "population" and (span := _span(value)):
            if case.age is None:
                untold = span[1] < _ADULT
            else:
                found.add("same" if span[0] <= case.age[1] and case.age[0] <= span[1] else "different")
    if "different" in found:
        return -1.0
    if untold:
        return -0.7
    later = not case.later and any(name == "condition" and _LATER_STEP.search(value) for name, value in fact.qualifiers)
    return float(bool(found & {"same", "unclear"})) - 0.6 * later


def _age(question: str) -> tuple[float, float] | None:
    stated = _AGED.search(question)
    if not stated:
        return _called(question)
    number = next(float(value) for name, value in stated.groupdict().items() if value and name != "unit")
    age = number * (_YEARS[stated["unit"]] if stated["unit"] else 1 / 12 if stated["twelfths"] else 1.0)
    return age, age


def _span(population: str) -> tuple[float, float] | None:
    """The ages of a population in years; none of one that has others in it too."""
    if " and people" in population:
        return None
    if limits := _FROM_TO.search(population):
        by = _YEARS[limits["unit"] or "y"]
        return float(limits["low"]) * by, float(limits["high"]) * by + by
    if limits := _TO.search(population):
        return 0.0, float(limits["high"] or limits["most"]) * _YEARS[limits["unit"] or "y"]
    if limits := _FROM.search(population):
        return float(limits["low"]) * _YEARS[limits["unit"] or "y"], inf
    return _called(population)


def _called(text: str) -> tuple[float, float] | None:
    """The ages of all groups that a text names, the longer names first."""
    spans = []
    for words, low, high in _GROUPS:
        text, times = words.subn("", text)
        spans += [(low, high)] * times
    return (min(low for low, _ in spans), max(high for _, high in spans)) if spans else None

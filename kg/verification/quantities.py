"""Compares two quantities across units. Knows nothing of what is measured."""

from dataclasses import dataclass
from math import inf, isclose
from typing import Literal

from kg.types import Operator, Quantity

Comparison = Literal["same", "different", "wrong_unit", "unclear"]

# unit -> (dimension, factor to the base unit of that dimension)
_UNITS: dict[str, tuple[str, float]] = {
    "mm": ("length", 1), "cm": ("length", 10), "m": ("length", 1000), "inch": ("length", 25.4), "inches": ("length", 25.4),
    "ml": ("volume", 1), "cc": ("volume", 1), "l": ("volume", 1000), "dl": ("volume", 100),
    "minutes": ("time", 1 / 1440), "hours": ("time", 1 / 24), "days": ("time", 1), "weeks": ("time", 7),
    "months": ("time", 30.44), "years": ("time", 365.25), "s": ("time", 1 / 86400), "ms": ("time", 1 / 86_400_000),
    "mmhg": ("pressure", 1), "cmh2o": ("pressure", 0.7356), "kpa": ("pressure", 7.5006),
    "1": ("ratio", 1), "%": ("ratio", 0.01), "percent": ("ratio", 0.01),
    "mg": ("mass", 1), "g": ("mass", 1000), "kg": ("mass", 1e6),
    "msv": ("dose", 1), "sv": ("dose", 1000), "usv": ("dose", 0.001), "mgy": ("dose_gy", 1), "msec": ("time", 1 / 86_400_000),
}  # fmt: skip
_DIMENSIONS = {dimension for dimension, _ in _UNITS.values()}
_PLURAL = {"minute", "hour", "day", "week", "month", "year"}


@dataclass(frozen=True, slots=True)
class _Range:
    low: float
    high: float

    def holds(self, other: "_Range") -> bool:
        """Whether the other range lies inside this one."""
        return self.low <= other.low + 1e-9 and other.high <= self.high + 1e-9


def compare(said: Quantity, known: Quantity) -> Comparison:
    """How a stated quantity relates to a known one."""
    (said_kind, said_by), (known_kind, known_by) = unit(said.unit), unit(known.unit)
    if said_kind != known_kind:
        # "a ratio of 0.5 mm": the number is right and the unit cannot be
        number = isclose(said.value, known.value) or (known.upper is not None and said.value == known.upper)
        return "wrong_unit" if number and said_kind in _DIMENSIONS - {"ratio"} else "unclear"
    mine, fact = _range(said, said_by), _range(known, known_by)
    if close(mine.low, fact.low) and close(mine.high, fact.high):
        return "same"
    if known.operator == "between" and said.operator in {"=", "between"}:
        return "same" if fact.holds(mine) else "different"
    if known.operator == "between":  # "less than 1" of what is between 0.1 and 0.5
        return "unclear" if _touches(mine, fact) else "different"
    if said.operator == "between" and known.operator not in {"=", "between"}:
        return "unclear" if _touches(mine, fact) else "different"
    if (said.operator == "=") != (known.operator == "=") and _touches(mine, fact):
        # "200 litres" for 200 millilitres is no point in the range but a slip of the unit
        return "wrong_unit" if said.value == known.value and not close(said_by, known_by) else "unclear"
    return "different"


def comparable(said: Quantity, known: Quantity) -> bool:
    """Whether the two are of one dimension."""
    return unit(said.unit)[0] == unit(known.unit)[0]


def unit(name: str) -> tuple[str, float]:
    """(dimension, factor) of a unit; an unknown unit is a dimension of its own."""
    low = name.lower().replace(" ", "").replace(".", "")
    low = low + "s" if low in _PLURAL else low
    return _UNITS.get(low, (low.removesuffix("s"), 1.0))


def _range(quantity: Quantity, factor: float) -> _Range:
    value = quantity.value * factor
    if quantity.operator in {"<", "<="}:
        return _Range(-inf, value)
    if quantity.operator in {">", ">="}:
        return _Range(value, inf)
    upper = value if quantity.upper is None else quantity.upper * factor
    return _Range(min(value, upper), max(value, upper))


def close(one: float, other: float) -> bool:
    """Whether two values are the same but for rounding."""
    return one == other or isclose(one, other, rel_tol=0.02)


def _touches(mine: _Range, fact: _Range) -> bool:
    return mine.low <= fact.high and fact.low <= mine.high


def complement(quantity: Quantity) -> Quantity | None:
    """The range outside an open-ended one: what is not above 0.5 is 0.5 or less. None for the others."""
    turned: dict[str, Operator] = {">": "<=", ">=": "<", "<": ">=", "<=": ">"}
    operator = turned.get(quantity.operator)
    return Quantity(operator, quantity.value, quantity.unit) if operator else None

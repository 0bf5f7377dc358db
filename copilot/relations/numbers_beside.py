"""The numbers of a sentence beside those of a fact, in words. A small network reads "more" and cannot count.

Knows nothing of what the numbers measure.
"""

from collections.abc import Iterator
from functools import lru_cache

from kg.linking.numbers import find
from kg.verification.quantities import close, unit


def marked(sentence: str, fact: str) -> str:
    """The sentence, each number followed by how it stands to those of the fact of its dimension: "100 degrees (more)".

    In brackets: same, more, less, within, or other where that depends. A number that nothing in the fact is compared with
    stays bare.
    """
    theirs = _numbers(fact)
    if not theirs:
        return sentence
    parts, at = list[str](), 0
    for end, kind, low, high in _numbers(sentence):
        ranges = [(least, most) for _, other, least, most in theirs if other == kind]
        parts.append(sentence[at:end] + (f" ({_stands(low, high, ranges)})" if ranges else ""))
        at = end
    return "".join(parts) + sentence[at:]


def numbers(sentence: str) -> int:
    """How many numbers it has."""
    return len(_numbers(sentence))


def _stands(low: float, high: float, ranges: list[tuple[float, float]]) -> str:
    known = [value for some in ranges for value in some]
    if any(close(low, least) and close(high, most) for least, most in ranges):
        return "same"
    if low == high and any(close(low, value) for value in known):
        return "same"
    if low > max(known):
        return "more"
    if high < min(known):
        return "less"
    return "within" if any(least <= low and high <= most for least, most in ranges) else "other"


@lru_cache(maxsize=16_384)
def _numbers(text: str) -> tuple[tuple[int, str, float, float], ...]:
    """(where it ends, dimension, least and greatest value in the base unit) of each."""
    return tuple(_read(text))


def _read(text: str) -> Iterator[tuple[int, str, float, float]]:
    for stated in find(text):
        kind, factor = unit(stated.quantity.unit)
        values = [v * factor for v in (stated.quantity.value, stated.quantity.upper) if v is not None]
        yield stated.end, kind, min(values), max(values)

"""What a recognizer is, and how overlapping finds become one ordered list. Knows no identifier and no language."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

from guardrails.recognizers.view import View
from guardrails.types import PhiType


class Certainty(IntEnum):
    """How much a find stands by itself: a shape that nothing else has, a telling word beside it, or a word of a list.

    `RULED_OUT` says of words that they are surely none, whatever else found them.
    """

    GUESS = 0
    LIKELY = 1
    CERTAIN = 2
    RULED_OUT = 3


@dataclass(frozen=True, slots=True)
class Found:
    """Characters `start` to `end` of a view are an identifier of this `kind`.

    Only a `CERTAIN` one counts: what is less needs a later recognizer to confirm it with a find of its own, and what a later
    one rules out is taken from it.
    """

    start: int
    end: int
    kind: PhiType
    certainty: Certainty = Certainty.CERTAIN


class Recognizer(Protocol):
    """Finds identifiers in one view. `earlier` is what the recognizers before it in the list have found."""

    def __call__(self, view: View, earlier: Sequence[Found]) -> Iterable[Found]:
        """Yields finds in any order; they may overlap each other and `earlier`."""
        ...


def merge(found: Iterable[Found]) -> list[Found]:
    """Disjoint finds in reading order. Overlapping ones become one, with the kind of the longest part."""
    merged: list[Found] = []
    widest = 0
    for item in sorted(found, key=lambda f: (f.start, -f.end)):
        if item.start >= item.end:
            continue
        if merged and item.start < merged[-1].end:
            last = merged[-1]
            kind = item.kind if item.end - item.start > widest else last.kind
            widest = max(widest, item.end - item.start)
            merged[-1] = Found(last.start, max(last.end, item.end), kind)
        else:
            merged.append(item)
            widest = item.end - item.start
    return merged


class Cover:
    """Which characters are already found, for recognizers that look at the rest only."""

    def __init__(self, length: int, found: Iterable[Found]) -> None:
        self._taken = bytearray(length + 1)
        for item in found:
            self._taken[item.start : item.end] = b"\1" * (item.end - item.start)

    def free(self, start: int, end: int) -> bool:
        """No character of the range is found yet."""
        return not any(self._taken[start:end])

    def gaps(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """The parts of a range that are not found yet."""
        position = start
        while position < end:
            gap = self._taken.find(b"\0", position, end)
            if gap < 0:
                return
            stop = self._taken.find(b"\1", gap, end)
            position = end if stop < 0 else stop
            yield gap, position

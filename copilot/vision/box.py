"""A part of a film, in shares of its width and height. Knows nothing of what lies in it."""

from dataclasses import dataclass

AROUND_A_CLICK = 0.16  # half the side of the box that a click stands for, in shares of the film
LEAST_BOX = 0.02


@dataclass(frozen=True, slots=True)
class Box:
    """Corners in shares of the film's width and height, 0..1."""

    left: float
    top: float
    right: float
    bottom: float

    @classmethod
    def of(cls, x0: float, y0: float, x1: float, y1: float) -> "Box":
        """From any two corners; a box too small to be one is a click, which stands for a box around it."""
        left, right = sorted((min(max(x0, 0.0), 1.0), min(max(x1, 0.0), 1.0)))
        top, bottom = sorted((min(max(y0, 0.0), 1.0), min(max(y1, 0.0), 1.0)))
        if right - left >= LEAST_BOX and bottom - top >= LEAST_BOX:
            return cls(left, top, right, bottom)
        x, y = (left + right) / 2, (top + bottom) / 2
        reach = AROUND_A_CLICK
        return cls(max(x - reach, 0.0), max(y - reach, 0.0), min(x + reach, 1.0), min(y + reach, 1.0))


WHOLE = Box(0.0, 0.0, 1.0, 1.0)

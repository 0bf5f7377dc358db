"""How wide the heart is between the lungs: the cardiothoracic ratio, from borders found on grey levels.

The lung masks include the lung behind the heart, so the heart's borders are looked for inside them: in the lower half of
the lungs, the line down each side along which bright turns to dark the most. Knows nothing of findings or of files.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from copilot.vision.lungs import Lungs, Mask
from copilot.vision.preprocessing import resize, stretch

FROM, TO = 0.50, 0.88  # of the height that both lungs share: from below the hila to above the diaphragm
FARTHEST = {"right": 0.30, "left": 0.45}  # of the chest's inner width, from the midline: no heart reaches farther
SIDE_OF_STEP = 0.03  # of that width on either side of a border, over which grey levels are compared
STEEPEST = 1  # column that a border may move from row to row: the diaphragm, which it must not follow, is flatter
WIGGLE = 0.01  # cost of each such column, in grey levels
REACH = {"right": 70, "left": 85}  # percentile of a border's distances that counts as the heart's reach on that side
LEAST_CONTRAST = 0.08  # mean step in grey levels along a border: below, the border was not seen
FEWEST_ROWS = 8

Grey = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Heart:
    """The heart's reach from the midline to the patient's right and left, in shares of the chest's inner width."""

    right: float
    left: float

    @property
    def ratio(self) -> float:
        """The cardiothoracic ratio: the heart's width over the widest inner width of the chest."""
        return self.right + self.left

    @property
    def lies_right(self) -> float:
        """How much farther it reaches to the patient's right than to the left, -1..1; an ordinary heart is below 0."""
        return (self.right - self.left) / self.ratio


def measured(upright: Grey, lungs: Lungs) -> Heart | None:
    """The heart on an upright film, 0..1, or None where a border cannot be seen or the film's edge cuts a lung off: how wide
    the chest is cannot be told then.
    """
    if lungs.cut_off:
        return None
    side = lungs.right.shape[0]
    film = cv2.GaussianBlur(resize(stretch(upright), side, side), (0, 0), side / 128)
    rows = np.flatnonzero(lungs.right.any(axis=1) & lungs.left.any(axis=1))
    rightmost = {int(row): int(np.flatnonzero(lungs.left[row])[-1]) for row in rows}
    width = max(rightmost[int(row)] - int(np.flatnonzero(lungs.right[row])[0]) + 1 for row in rows)
    between = [
        (int(np.flatnonzero(lungs.right[row])[-1]) + int(np.flatnonzero(lungs.left[row])[0])) / 2 for row in rows
    ]
    slope, start = np.polyfit(rows, between, 1)
    looked = rows[int(FROM * len(rows)) : int(TO * len(rows))]
    if len(looked) < FEWEST_ROWS:
        return None
    midline = slope * looked + start
    right = _reach("right", film, lungs.right, looked, midline, width)
    left = _reach("left", film, lungs.left, looked, midline, width)
    return Heart(right, left) if right is not None and left is not None else None


def _reach(
    side: str, film: Grey, mask: Mask, rows: NDArray[np.int64], midline: NDArray[np.float64], width: int
) -> float | None:
    """How far the heart reaches on one side, as a share of `width`."""
    steps = _steps(film, mask, rows, midline, 1 if side == "left" else -1, int(FARTHEST[side] * width), width)
    border = _clearest(steps)
    contrast = steps[np.arange(len(rows)), border]
    if contrast.mean() < LEAST_CONTRAST:
        return None
    return float(np.percentile(border, REACH[side])) / width


def _steps(
    film: Grey,
    mask: Mask,
    rows: NDArray[np.int64],
    midline: NDArray[np.float64],
    outward: int,
    farthest: int,
    width: int,
) -> NDArray[np.float64]:
    """(rows, distances): how much brighter it is just inside than just outside each distance from the midline."""
    span = max(round(SIDE_OF_STEP * width), 3)
    summed = np.concatenate([np.zeros((film.shape[0], 1)), np.cumsum(film, axis=1, dtype=np.float64)], axis=1)
    steps = np.full((len(rows), farthest), -1.0)
    for i, row in enumerate(rows):
        touched = np.flatnonzero(mask[row])
        columns = np.round(midline[i] + outward * np.arange(farthest)).astype(int)
        outer = columns + outward * span
        inside = (columns >= span) & (columns < film.shape[1] - span)
        inside &= (outer <= touched[-1]) if outward > 0 else (outer >= touched[0])
        at = columns[inside]
        low = (summed[row, at] - summed[row, at - span]) / span
        high = (summed[row, at + span + 1] - summed[row, at + 1]) / span
        steps[i, inside] = outward * (low - high)
    return steps


def _clearest(steps: NDArray[np.float64]) -> NDArray[np.int64]:
    """The path from the first row to the last, without jumps, along which the steps sum up to most."""
    rows, distances = steps.shape
    best, came = steps.copy(), np.zeros(steps.shape, np.int64)
    moves = np.arange(-STEEPEST, STEEPEST + 1)
    for row in range(1, rows):
        padded = np.pad(best[row - 1], STEEPEST, constant_values=-np.inf)
        options = np.stack([padded[STEEPEST + m : STEEPEST + m + distances] - WIGGLE * abs(m) for m in moves])
        chosen = options.argmax(axis=0)
        came[row] = np.arange(distances) + moves[chosen]
        best[row] += options.max(axis=0)
    path = [int(best[-1].argmax())]
    for row in range(rows - 1, 0, -1):
        path.append(int(came[row, path[-1]]))
    return np.array(path[::-1])

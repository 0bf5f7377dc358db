"""Two films of one patient: what has changed for certain, and the earlier one laid over the later.

Knows nothing of any encoder: it is given readings. A change is told only where it is larger than what the two readings
leave open together: each finding's uncertain band says how far the encoder's word on one film can be trusted.
"""

import math
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from copilot.types import Change, ChangeKind, Finding, Outline, Reading

NO_FINDING = "normal_chest_radiograph"
LEAST_OVERLAP = 0.8  # Dice of the two films' lungs once laid over each other
GRID = 256
CLEAR = {
    "new": "is new",
    "worse": "is more marked",
    "better": "is less marked",
    "resolved": "is no longer seen",
}


def changes(earlier: Reading, later: Reading) -> tuple[Change, ...]:
    """One row for each finding that both readings have, in the order of the later one."""
    before = {finding.concept: finding for finding in earlier.findings}
    both = [f for f in later.findings if f.concept in before and f.concept != NO_FINDING]
    return tuple(
        Change(f.concept, f.name, before[f.concept].probability, f.probability, kind_of(before[f.concept], f))
        for f in both
    )


def kind_of(before: Finding, now: Finding) -> ChangeKind:
    """What a finding did between two films.

    Whatever is claimed, the change of the logit exceeds the joint uncertainty, the root of the sum of squares of both bands'
    half widths; `new` and `resolved` also need a clear state on both, with the whole uncertain band between them. Of an
    encoder without a band no change is claimed.
    """
    if before.state == now.state == "absent":
        return "stable"
    if before.band is None or now.band is None:
        return "unclear"
    by = _logit(now.probability) - _logit(before.probability)
    if abs(by) > math.hypot(_half_width(before.band), _half_width(now.band)):
        if (before.state, now.state) == ("absent", "present"):
            return "new"
        if (before.state, now.state) == ("present", "absent"):
            return "resolved"
        if by > 0 and now.state == "present":
            return "worse"
        if by < 0 and before.state == "present":
            return "better"
    return "stable" if before.state == now.state == "present" else "unclear"


def told(some: Sequence[Change]) -> tuple[str, ...]:
    """One sentence for the findings that changed for certain, and one for how little the others say."""
    if not some:
        return ()
    clear = [change for change in some if change.kind in CLEAR]
    stable = [change.name.lower() for change in some if change.kind == "stable"]
    said = [
        f"Compared with the earlier film: {'; '.join(f'{c.name.lower()} {CLEAR[c.kind]} ({_by(c)})' for c in clear)}."
        if clear
        else "Compared with the earlier film, no finding changed by more than the two readings leave open."
    ]
    if stable:
        said.append(f"Unchanged by the encoder: {', '.join(stable)}.")
    return tuple(said)


def _by(change: Change) -> str:
    return f"probability {change.before:.2f} then, {change.now:.2f} now"


def laid_over(
    earlier: NDArray[np.float32],
    earlier_lungs: Sequence[Outline],
    later_lungs: Sequence[Outline],
    shape: tuple[int, int],
) -> NDArray[np.float32] | None:
    """The earlier film, moved and scaled so that its lungs lie on the later one's, in the later film's `shape`.

    None when either film has no outlines or the lungs do not come to lie on each other: then a picture would mislead.
    """
    if not earlier_lungs or not later_lungs:
        return None
    moving, fixed = _mask(earlier_lungs), _mask(later_lungs)
    place = _between(moving, fixed)
    moved = cv2.warpAffine(moving, place, (GRID, GRID), flags=cv2.INTER_NEAREST)
    if 2 * float((moved & fixed).sum()) < LEAST_OVERLAP * float(moved.sum() + fixed.sum()):
        return None
    rows, columns = shape
    scale = np.diag([columns / GRID, rows / GRID, 1.0])
    back = np.diag([GRID / earlier.shape[1], GRID / earlier.shape[0], 1.0])
    whole = scale @ np.vstack([place, [0, 0, 1]]) @ back
    laid = cv2.warpAffine(earlier, whole[:2], (columns, rows), flags=cv2.INTER_LINEAR)
    return np.asarray(laid, np.float32)


def _between(moving: NDArray[np.uint8], fixed: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Scale and shift, across and down, that bring the lungs' middle and extent together (2, 3)."""
    (mx, my, mw, mh), (fx, fy, fw, fh) = (cv2.boundingRect(mask) for mask in (moving, fixed))
    across, down = fw / mw, fh / mh
    return np.array([[across, 0, fx - across * mx], [0, down, fy - down * my]], np.float64)


def _mask(lungs: Sequence[Outline]) -> NDArray[np.uint8]:
    mask = np.zeros((GRID, GRID), np.uint8)
    lines = [np.round(np.array(one.points) * GRID - 0.5).astype(np.int32) for one in lungs if one.points]
    cv2.fillPoly(mask, lines, 1)
    return mask


def _logit(probability: float) -> float:
    held = min(max(probability, 1e-4), 1 - 1e-4)
    return math.log(held / (1 - held))


def _half_width(band: tuple[float, float]) -> float:
    absent_below, present_from = band
    return (_logit(present_from) - _logit(absent_below)) / 2

"""Where the lungs lie on an upright frontal film, and the zones that location words come from.

Knows nothing of findings, of files, or of how the weights were made (`training/lungs.py`, `bundled/LUNGS.md`).
"""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray

from copilot.errors import ConfigurationError
from copilot.types import Outline
from copilot.vision.box import Box
from copilot.vision.bundle import Folder, shipped
from copilot.vision.preprocessing import resize, stretch

FORMAT = 1
BROKEN = "The lung outlines of this installation are damaged; install the application again."
NOT_MEASURED = "The outline of the lungs could not be found with confidence, so nothing is measured from it."
CUT_OFF = (
    "{which} cut off by the edge of the film, so what lies beyond it cannot be seen and the heart is not measured."
)
ZONES = ("upper zone", "mid zone", "lower zone")
# What a pair of lungs on a frontal film looks like; outside of these an outline is called not measured. Shares are of
# the film's area. The borders enclose every masked training film (`bundled/LUNGS.md`) with room to spare.
SMALLEST_SHARE, LARGEST_SHARE = 0.03, 0.40
MOST_UNEQUAL = 3.0
LEAST_WHOLE = 0.85  # of a lung in one piece
MOST_UNSURE = 0.22  # pixels in and near the lungs of which the network is not sure, as a share of those outlined
UNSURE = (0.15, 0.85)
LEAST_ABREAST = 0.5  # of the shorter lung's height at which the other one lies beside it
MOST_AT_EDGE = 0.15  # of a lung's height or width that may lie along one edge of the film
# Of the film: a point this near to a lung belongs to it; air in the stomach or beside the arm is farther off.
NEAR = 0.05
# Room around the lungs in a box, in shares of their width and height; more below, where the heart and the costophrenic angles
# reach under the outlines. Where no lungs are found: the median box of the training films.
ROOM, ROOM_BELOW = 0.06, 0.10
USUAL_BOX = Box(0.095, 0.092, 0.908, 0.854)

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Lungs:
    """Two masks over the whole film, of equal square shape. The patient's right lung lies on the film's left."""

    right: Mask
    left: Mask

    def where(self, x: float, y: float) -> str | None:
        """`right lower zone`, `between the lungs` or `outside the lungs` for a point in shares of width and height.

        Zones are thirds of each lung's height. Radiology's own zones go by ribs, which are not found here.
        """
        row, column = _cell(y, self.right.shape[0]), _cell(x, self.right.shape[1])
        for name, mask in (("right", self.right), ("left", self.left)):
            if _grown(mask)[row, column]:
                top, bottom = _span(mask, axis=1)
                third = int(3 * (row - top) / max(bottom - top + 1, 1))
                return f"{name} {ZONES[min(max(third, 0), 2)]}"
        if _span(self.right, axis=0)[1] <= column <= _span(self.left, axis=0)[0]:
            return "between the lungs"
        return "outside the lungs"

    def within(self, heat: NDArray[np.float32]) -> NDArray[np.float32]:
        """A map of the film with nothing left outside the lungs; its greatest value becomes 1 again."""
        rows, columns = heat.shape
        both = (self.right | self.left).astype(np.uint8)
        kept = heat * cv2.resize(both, (columns, rows), interpolation=cv2.INTER_NEAREST)
        return np.asarray(kept / max(float(kept.max()), 1e-6), np.float32)

    def outlines(self, quarter_turns: int) -> tuple[Outline, ...]:
        """Both lungs on the film as it was given, before it was turned by `quarter_turns` for reading."""
        named = (("right lung", self.right), ("left lung", self.left))
        return tuple(outline(name, np.rot90(mask, -quarter_turns)) for name, mask in named)

    @property
    def cut_off(self) -> tuple[str, ...]:
        """One sentence where the film's edge cuts a lung off."""
        cut = [name for name, mask in (("right", self.right), ("left", self.left)) if _at_the_edge(mask)]
        if not cut:
            return ()
        which = "Both lungs are" if len(cut) == 2 else f"The {cut[0]} lung is"
        return (CUT_OFF.format(which=which),)

    @property
    def share(self) -> float:
        """Both lungs' part of the film's area, 0..1."""
        return float(self.right.mean() + self.left.mean())

    @property
    def box(self) -> Box:
        """Around both lungs, with some room."""
        both, side = self.right | self.left, self.right.shape[0]
        (left, right), (top, bottom) = (_span(both, axis=axis) for axis in (0, 1))
        wide, tall = right + 1 - left, bottom + 1 - top
        return Box(
            max(left - ROOM * wide, 0) / side,
            max(top - ROOM * tall, 0) / side,
            min(right + 1 + ROOM * wide, side) / side,
            min(bottom + 1 + ROOM_BELOW * tall, side) / side,
        )


class LungOutliner:
    """Outlines lungs on a film and its mirror image, and averages. Safe to call from several threads."""

    def __init__(self, folder: Folder | None = None) -> None:
        """Loads the shipped network, or the one in `folder`. `ConfigurationError` when it is not whole."""
        model, self._size = _loaded(folder or shipped())
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 2
        options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        self._kept: tuple[object, Lungs | None] | None = None

    def find(self, pixels: NDArray[np.float32]) -> Lungs | None:
        """The lungs on an upright film of any size, 0..1, bones bright; None when what is found is not plausible.

        An answer is kept until the same film is asked about once more: first the encoder asks, then who measures beside it.
        """
        film, kept = (pixels.shape, hash(pixels.tobytes())), self._kept
        if kept is not None and kept[0] == film:
            self._kept = None
            return kept[1]
        found = self._found(pixels)
        self._kept = (film, found)
        return found

    def _found(self, pixels: NDArray[np.float32]) -> Lungs | None:
        film = resize(stretch(pixels), self._size, self._size)
        (logits,) = self._session.run(["logits"], {"film": np.stack([film, film[:, ::-1]])[:, None]})
        mean = (logits[0] + logits[1, ::-1, :, ::-1]) / 2  # in the mirror image the sides change places
        shares: NDArray[np.float32] = 1 / (1 + np.exp(-mean))
        return _plausible(shares[0], shares[1])


def outline(name: str, mask: Mask) -> Outline:
    """The outer border of the largest part of a mask, to a quarter of a per cent of the film."""
    borders, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    if not borders:
        return Outline(name, ())
    border = max(borders, key=cv2.contourArea)
    line = cv2.approxPolyDP(border, 0.0025 * max(mask.shape), closed=True)[:, 0, :]
    rows, columns = mask.shape
    return Outline(name, tuple((round((x + 0.5) / columns, 4), round((y + 0.5) / rows, 4)) for x, y in line.tolist()))


def whole(mask: Mask) -> Mask:
    """The largest connected part without holes."""
    count, parts, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8))
    if count < 2:
        return mask
    largest = (parts == 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))).astype(np.uint8)
    borders, _ = cv2.findContours(largest, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    filled = cv2.drawContours(np.zeros_like(largest), borders, -1, 1, cv2.FILLED)
    return np.asarray(filled, bool)


def _plausible(right: NDArray[np.float32], left: NDArray[np.float32]) -> Lungs | None:
    found = [share > 0.5 for share in (right, left)]
    if any(not SMALLEST_SHARE <= mask.mean() <= LARGEST_SHARE for mask in found):
        return None
    kept = [whole(mask) for mask in found]
    unsure = [
        (share > UNSURE[0]) & (share < UNSURE[1]) & _grown(mask)
        for share, mask in zip((right, left), kept, strict=True)
    ]
    areas = [float(mask.sum()) for mask in kept]
    (right_top, right_bottom), (left_top, left_bottom) = (_span(mask, axis=1) for mask in kept)
    abreast = min(right_bottom, left_bottom) - max(right_top, left_top)
    shorter = min(right_bottom - right_top, left_bottom - left_top)
    middles = [float(np.flatnonzero(mask.any(axis=0)).mean()) for mask in kept]
    holds = (
        all(one.sum() >= LEAST_WHOLE * every.sum() for one, every in zip(kept, found, strict=True)),
        max(areas) <= MOST_UNEQUAL * min(areas),
        sum(float(one.sum()) for one in unsure) <= MOST_UNSURE * sum(areas),
        abreast >= LEAST_ABREAST * shorter,
        middles[0] < middles[1],
    )
    return Lungs(*kept) if all(holds) else None


def _grown(mask: Mask) -> Mask:
    reach = max(int(NEAR * mask.shape[0]), 1)
    around = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    return np.asarray(cv2.dilate(mask.astype(np.uint8), around), bool)


def _at_the_edge(mask: Mask) -> bool:
    """Whether a good part of the lung's border is the border of the film: a bare touch is no cut."""
    tall, wide = (last - first + 1 for first, last in (_span(mask, axis=1), _span(mask, axis=0)))
    along = (mask[0].sum() / wide, mask[-1].sum() / wide, mask[:, 0].sum() / tall, mask[:, -1].sum() / tall)
    return bool(max(along) > MOST_AT_EDGE)


def _span(mask: Mask, axis: int) -> tuple[int, int]:
    """First and last row (`axis` 1) or column (`axis` 0) that the mask touches."""
    touched = np.flatnonzero(mask.any(axis=axis))
    return int(touched[0]), int(touched[-1])


def _cell(share: float, count: int) -> int:
    return min(max(int(share * count), 0), count - 1)


def _loaded(folder: Folder) -> tuple[bytes, int]:
    """The weights and the side of their input, checked against `lungs.json`."""
    try:
        manifest: dict[str, Any] = json.loads(folder.joinpath("lungs.json").read_bytes())
        model = folder.joinpath("lungs.onnx").read_bytes()
        whole = manifest["format"] == FORMAT and manifest["sha256"] == hashlib.sha256(model).hexdigest()
        size = int(manifest["input_size"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ConfigurationError(BROKEN) from error
    if not whole:
        raise ConfigurationError(BROKEN)
    return model, size

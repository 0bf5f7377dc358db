"""Finds and reads text on an 8-bit grey image with RapidOCR's ONNX models. Knows nothing of what may stay.

Detection runs on a view in which local contrast is evened out, since faint text is missed on the plain one:
of drawn text 20 grey levels from its background 84% was found on the plain view and 95% on the even one.
"""

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from guardrails.types import Region

Grey = NDArray[np.uint8]
Quad = NDArray[np.float32]  # (4, 2): x, y of the corners, clockwise from the top left of the text

_WHOLE = 1280  # side up to which a picture is searched whole; a larger one also at its own size where strokes are
_BLOCK = 32
_SMALLEST = 10  # pixels; no text fits in a narrower picture
_STROKE = 9  # pixels; strokes of text of up to about 60 px are thinner
_SECOND = 0.6  # scale of the second look
_SHORT = 12  # characters
_THREADS = 2
_CLEAR = 0.6  # a recognition score above which no second look at the same box is needed


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """What was read in a box, with the recogniser's mean confidence 0..1.

    `wider` is a short line read once more with room around it, since a tight box cuts the first letter.
    """

    quad: Quad
    text: str
    score: float
    wider: str = ""
    wider_score: float = 0.0

    @property
    def height(self) -> float:
        """Of the line of text, in pixels: the box's short side."""
        return _size(self.quad)[0]

    @property
    def length(self) -> float:
        """Of the line of text, in pixels."""
        return _size(self.quad)[1]


class Reader:
    """RapidOCR's detection and recognition, loaded on first use from its wheel. Safe in several threads."""

    def __init__(self) -> None:
        self._engine: Any = None
        self._loading = threading.Lock()

    def _ocr(self) -> Any:
        with self._loading:
            if self._engine is None:
                self._engine = _load()
        return self._engine

    def read(self, image: Grey) -> tuple[Reading, ...]:
        """Everything that looks like text, on the even view, and on the plain one at half size."""
        if min(image.shape) < _SMALLEST:
            return ()
        even = evened(image)
        boxes = self._boxes_on(tuple(_views(even, image)))
        return self._recognised(image, even, _distinct(boxes))

    def read_again(self, image: Grey, settled: Sequence[Quad], lines: Sequence[Reading]) -> tuple[Reading, ...]:
        """The same question to a smaller plain picture, an inverted one, and at full size around `lines`.

        Settled boxes are skipped.
        """
        if min(image.shape) < _SMALLEST:
            return ()
        scale = _scale_of(image) * _SECOND
        half = _resized(image, scale / 2)
        boxes = self._boxes_on((_View(_resized(image, scale), scale), _View(255 - half, scale / 2)))
        boxes += self._boxes_on([_around(line, image) for line in lines] if scale < _SECOND else ())
        new = [box for box in _distinct(boxes) if not any(_overlap(box, known) for known in settled)]
        return self._recognised(image, evened(image), new) if new else ()

    def _boxes_on(self, views: Sequence["_View"]) -> list[Quad]:
        """Boxes on all views in their order, two views at a time: two threads on one view gain less."""
        with ThreadPoolExecutor(_THREADS) as pool:
            return [box for found in pool.map(self._boxes, views) for box in found]

    def _boxes(self, view: "_View") -> list[Quad]:
        """Boxes in pixels of the full picture. The detector's grid is 32 px, so the view is padded to it."""
        rows, columns = view.picture.shape
        if min(rows, columns) < 4:
            return []
        padded = cv2.copyMakeBorder(view.picture, 0, -rows % 32, 0, -columns % 32, cv2.BORDER_REPLICATE)
        found = self._ocr().text_det(cv2.cvtColor(padded, cv2.COLOR_GRAY2BGR))
        if found.boxes is None:
            return []
        return [np.asarray(np.asarray(box) / view.scale + np.asarray(view.origin), np.float32) for box in found.boxes]

    def _recognised(self, image: Grey, even: Grey, boxes: Sequence[Quad]) -> tuple[Reading, ...]:
        """Each box read on the plain picture; where that is unclear, on the even view and upside down too."""
        best = self._texts(image, boxes)
        for view, turn in ((even, False), (image, True)):
            unclear = [at for at, (_, score) in enumerate(best) if score < _CLEAR]
            again = self._texts(view, [boxes[at] for at in unclear], turn=turn)
            for at, reading in zip(unclear, again, strict=True):
                best[at] = max(best[at], reading, key=lambda seen: seen[1])
        short = [at for at, (text, _) in enumerate(best) if 3 <= len(text) <= _SHORT]
        wider = dict(zip(short, self._texts(image, [_with_room(boxes[at]) for at in short]), strict=True))
        return tuple(
            Reading(boxes[at], text, score, *wider.get(at, ("", 0.0))) for at, (text, score) in enumerate(best)
        )

    def _texts(self, view: Grey, boxes: Sequence[Quad], *, turn: bool = False) -> list[tuple[str, float]]:
        if not boxes:
            return []
        crops = self._ocr().crop_text_regions(cv2.cvtColor(view, cv2.COLOR_GRAY2BGR), list(boxes))
        read = self._ocr().recognize_txt([np.ascontiguousarray(crop[::-1, ::-1]) if turn else crop for crop in crops])
        return [(text, float(score)) for text, score in zip(read.txts, read.scores, strict=True)]


@dataclass(frozen=True, slots=True, eq=False)
class _View:
    """A picture for the detector: `scale` of the full one, its corner at `origin` (x, y)."""

    picture: Grey
    scale: float
    origin: tuple[float, float] = (0.0, 0.0)


def _scale_of(image: Grey) -> float:
    """1 up to _WHOLE pixels of side; larger pictures are searched whole at that size."""
    return float(min(1.0, _WHOLE / max(image.shape)))


def _views(even: Grey, image: Grey) -> Iterator[_View]:
    scale = _scale_of(image)
    yield _View(_resized(even, scale), scale)
    if scale < 1.0:
        for part in parts_with_strokes(image):
            yield _View(even[part.y : part.y + part.h, part.x : part.x + part.w], 1.0, (part.x, part.y))
    yield _View(_resized(image, scale / 2), scale / 2)


def _around(line: Reading, image: Grey) -> _View:
    """Where the rest of a line may be: four heights on, two above and below."""
    (left, top), (right, bottom) = line.quad.min(axis=0), line.quad.max(axis=0)
    across, down = 4 * line.height, 2 * line.height
    x, y = max(0, int(left - across)), max(0, int(top - down))
    return _View(image[y : int(bottom + down), x : int(right + across)], 1.0, (x, y))


def evened(image: Grey) -> Grey:
    """The picture less its local mean, over its local spread: 8-bit, 128 where it is flat."""
    grey = image.astype(np.float32)
    small = cv2.resize(grey, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA) if min(image.shape) >= 64 else grey
    mean = cv2.resize(cv2.GaussianBlur(small, (0, 0), 3), image.shape[::-1], interpolation=cv2.INTER_LINEAR)
    detail = grey - mean
    energy = cv2.resize(detail * detail, small.shape[::-1], interpolation=cv2.INTER_AREA)
    spread = np.sqrt(cv2.GaussianBlur(energy, (0, 0), 6)) + 4
    gain = cv2.resize(50 / spread, image.shape[::-1], interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.add(detail * gain, 128.0), np.float32).clip(0, 255).astype(np.uint8)


def _resized(image: Grey, scale: float) -> Grey:
    if scale == 1.0:
        return image
    return np.asarray(cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)


def parts_with_strokes(image: Grey) -> Iterator[Region]:
    """Parts where something is as thin, as far from its surroundings and as frequent as text: 1% of a film.

    All of 200 texts of 12 to 16 px, 50 grey levels and more from their background, lay in such parts.
    """
    kernel = np.ones((_STROKE, _STROKE), np.uint8)
    calm = cv2.GaussianBlur(image, (3, 3), 0)
    thin = cv2.max(cv2.morphologyEx(calm, cv2.MORPH_TOPHAT, kernel), cv2.morphologyEx(calm, cv2.MORPH_BLACKHAT, kernel))
    strong = max(16.0, 3.0 * float(np.median(thin[::4, ::4])))
    blocks = (image.shape[1] // _BLOCK, image.shape[0] // _BLOCK)
    density = cv2.resize((thin > strong).astype(np.float32), blocks, interpolation=cv2.INTER_AREA)
    near = cv2.dilate(
        (density > 0.06).astype(np.uint8), np.ones((5, 7), np.uint8)
    )  # the detector needs room around text
    count, _, boxes, _ = cv2.connectedComponentsWithStats(near)
    across, down = image.shape[1] / blocks[0], image.shape[0] / blocks[1]
    for x, y, w, h, _ in boxes[1:count]:
        left, top = int(x * across), int(y * down)
        yield Region(left, top, int((x + w) * across) - left, int((y + h) * down) - top)


def _with_room(quad: Quad) -> Quad:
    """A box with a quarter of its height more on every side."""
    along, down = quad[1] - quad[0], quad[3] - quad[0]
    height = _size(quad)[0]
    right = along / max(1e-6, float(np.linalg.norm(along))) * height / 4
    below = down / max(1e-6, float(np.linalg.norm(down))) * height / 4
    return quad + np.asarray((-right - below, right - below, right + below, below - right), np.float32)


def _distinct(boxes: Sequence[Quad]) -> list[Quad]:
    """Without boxes of a line that an earlier, finer view has already boxed."""
    kept: list[Quad] = []
    for quad in boxes:
        if not any(_same(quad, other) for other in kept):
            kept.append(quad)
    return kept


def _same(quad: Quad, other: Quad) -> bool:
    """The same line from end to end, however much room the box leaves around it."""
    (height, length), (other_height, other_length) = _size(quad), _size(other)
    alike = abs(length - other_length) < min(height, other_height)
    return alike and (_overlap(quad, other) or _overlap(other, quad))


def _size(quad: Quad) -> tuple[float, float]:
    """(short side, long side)."""
    sides = float(np.linalg.norm(quad[1] - quad[0])), float(np.linalg.norm(quad[3] - quad[0]))
    return min(sides), max(sides)


def _overlap(inner: Quad, outer: Quad) -> bool:
    """At least four fifths of `inner` lie in `outer`."""
    shared, _ = cv2.intersectConvexConvex(inner, outer)
    return bool(shared >= 0.8 * cv2.contourArea(inner))


def _load() -> Any:
    from rapidocr import RapidOCR  # noqa: PLC0415  a second of start-up that text-only runs need not pay

    engine = RapidOCR(
        params={
            "Global.log_level": "critical",
            "Det.limit_type": "max",
            "Det.limit_side_len": 1 << 16,
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
        }
    )
    blank = np.zeros((64, 64, 3), np.uint8)
    engine(blank, use_det=True, use_cls=False, use_rec=False)
    engine(blank, use_det=False, use_cls=False, use_rec=True)
    return engine

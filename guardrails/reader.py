"""Finds and reads text on an 8-bit grey image with RapidOCR's ONNX models. Knows nothing of what may stay.

Detection runs on a view in which local contrast is evened out, since faint text is missed on the plain one:
of drawn text 20 grey levels from its background 84% was found on the plain view and 95% on the even one.
"""

import threading
from collections.abc import Generator, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from guardrails.types import Region

Grey = NDArray[np.uint8]
Quad = NDArray[np.float32]  # (4, 2): x, y of the corners, clockwise from the top left of the text

_WHOLE = 1280  # side up to which a picture is searched at its own size; a larger one only where strokes are, and
_OVERVIEW = 1024  # whole at this one
_BLOCK = 32
_SMALLEST = 10  # pixels; no text fits in a narrower picture
_STROKE = 9  # pixels; strokes of text of up to about 60 px are thinner
_STRONG = (16, 24, 36)  # grey levels that a stroke stands out by
_MUCH = 0.2  # share of a film beyond which it is noise that was found
_TILE, _SEAM = 800, 96  # pixels
_SECOND = 960  # side of the picture at the second look
_FINER = 2.0  # scale that a small picture is enlarged to: letters of 12 px that touch others are found there only
_ENOUGH = 1.5  # one that is worth a view of its own
_SMALL_PART = 320  # pixels; so little around strokes that it is searched enlarged too
_LEGIBLE = 32  # height that a line is enlarged to when what is left of it is looked for
_LINE = 3  # characters
_THREADS = 2
_CLEAR = 0.6  # a recognition score above which no second look at the same box is needed
_UPRIGHT = 0.85  # one above which text does not stand on its head
_DOUBTFUL = 0.4  # and one below which it is no text
_CROWD, _SAMPLE = (
    80,
    24,
)  # boxes that no film has (a dozen were the most on annotated ones), and how many of them are read
_BEYOND = 1.5  # heights of a line, at both of its ends


class Crowded(Exception):
    """There is far more text than a film carries, so it was not read to its end."""


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """What was read in a box, with the recogniser's mean confidence 0..1.

    The first edge of `quad` runs along the text in reading order. `at` gives for each letter of `text` how far along
    that edge it stands, 0..1. `inner` is what was read without the room at the ends that shows cut letters. `found` is
    the detector's confidence, 0..1, that there is text, whether or not it can be read. `sharp` is how much of the
    box's contrast its edges cross from one pixel to the next, 0..1: ink does half of it and more, bone a seventh.
    """

    quad: Quad
    text: str
    score: float
    at: tuple[float, ...]
    inner: str = ""
    found: float = 1.0
    sharp: float = 0.0

    @property
    def height(self) -> float:
        """Of the line of text, in pixels."""
        return length_of(self.quad[3] - self.quad[0])

    @property
    def length(self) -> float:
        """Of the line of text, in pixels."""
        return length_of(self.quad[1] - self.quad[0])


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
        """Everything that looks like text, on the even view, and on the plain one at half size.

        Raises `Crowded` for a page or a screen: hundreds of lines would be read for a minute or two.
        """
        if min(image.shape) < _SMALLEST:
            return ()
        even = evened(image)
        boxes, crowd = list[_Box](), _CROWD
        with closing(self._boxes_on(_views(even, image))) as views:
            for found in views:
                boxes = _distinct([*boxes, *found])
                if len(boxes) > crowd:
                    if self._are_lines(image, boxes[:: len(boxes) // _SAMPLE]):
                        raise Crowded
                    crowd = 2 * len(boxes)
        return self._recognised(image, even, boxes)

    def read_again(self, image: Grey, settled: Sequence[Quad], lines: Sequence[Reading]) -> tuple[Reading, ...]:
        """The same question to a smaller plain picture, an inverted one, and at full size around `lines`.

        Settled boxes are skipped.
        """
        if min(image.shape) < _SMALLEST:
            return ()
        scale = min(_FINER, _SECOND / max(image.shape))
        half = _resized(image, scale / 2)
        views = [_View(_resized(image, scale), scale), _View(255 - half, scale / 2)]
        boxes = [box for found in self._boxes_on([*views, *(_around(line, image) for line in lines)]) for box in found]
        new = [box for box in _distinct(boxes) if not any(_overlap(box.quad, known) for known in settled)]
        return self._recognised(image, evened(image), new) if new else ()

    def _boxes_on(self, views: Iterable["_View"]) -> Generator[list["_Box"]]:
        """Boxes on each view in their order, two views at a time: two threads on one view gain less.

        Views that are not asked for any more are not searched.
        """
        with ThreadPoolExecutor(_THREADS) as pool:
            try:
                yield from pool.map(self._boxes, views)
            finally:
                pool.shutdown(cancel_futures=True)

    def _boxes(self, view: "_View") -> list["_Box"]:
        """Boxes in pixels of the full picture. The detector's grid is 32 px, so the view is padded to it."""
        rows, columns = view.picture.shape
        if min(rows, columns) < 4:
            return []
        padded = cv2.copyMakeBorder(view.picture, 0, -rows % 32, 0, -columns % 32, cv2.BORDER_REPLICATE)
        found = self._ocr().text_det(cv2.cvtColor(padded, cv2.COLOR_GRAY2BGR))
        if found.boxes is None:
            return []
        quads = (np.asarray(np.asarray(box) / view.scale + np.asarray(view.origin), np.float32) for box in found.boxes)
        return [_Box(_along_the_text(quad), float(score)) for quad, score in zip(quads, found.scores, strict=True)]

    def _are_lines(self, image: Grey, boxes: Sequence["_Box"]) -> bool:
        """Most of the boxes hold words that are read clearly, not noise that looks like them."""
        clear = [r for r in self._texts(image, boxes) if r.score >= _UPRIGHT and len(r.text) >= _LINE]
        return 2 * len(clear) > len(boxes)

    def _recognised(self, image: Grey, even: Grey, boxes: Sequence["_Box"]) -> tuple[Reading, ...]:
        """Each box read on the plain picture; where that is unclear, on the even view and from the other end too."""
        best = [(image, reading) for reading in self._texts(image, boxes)]
        for view, turn, clear in ((even, 0, _CLEAR), (image, 2, _UPRIGHT), (image, 1, _UPRIGHT), (image, 3, _UPRIGHT)):
            unclear = [
                at
                for at, (_, reading) in enumerate(best)
                if reading.score < clear and (turn % 2 == 0 or boxes[at].is_squarish)
            ]
            again = self._texts(view, [boxes[at].turned(turn) for at in unclear])
            for at, reading in zip(unclear, again, strict=True):
                best[at] = max(best[at], (view, reading), key=lambda seen: seen[1].score)
        return tuple(self._to_its_ends(best))

    def _to_its_ends(self, found: Sequence[tuple[Grey, Reading]]) -> Iterator[Reading]:
        """Lines read once more with room at both ends, since a box often cuts the first or the last letters."""
        for view in {id(view): view for view, _ in found}.values():
            lines = [reading for seen_on, reading in found if seen_on is view]
            longer = [at for at, line in enumerate(lines) if len(line.text) >= _LINE and line.score >= _DOUBTFUL]
            roomy = self._texts(view, [_Box(_with_room(lines[at].quad), lines[at].found) for at in longer])
            for at, reading in zip(longer, roomy, strict=True):
                lines[at] = _joined(lines[at], reading)
            yield from lines

    def _texts(self, view: Grey, boxes: Sequence["_Box"]) -> list[Reading]:
        """Boxes read along their first edges."""
        if not boxes:
            return []
        from rapidocr.ch_ppocr_rec.typings import TextRecInput  # noqa: PLC0415  as in _load

        crops = [cut(view, box.quad) for box in boxes]
        coloured = [cv2.cvtColor(crop, cv2.COLOR_GRAY2BGR) for crop in crops]
        read = self._ocr().text_rec(TextRecInput(img=coloured, return_word_box=True))
        return [
            Reading(box.quad, text, float(score), _places(text, words), found=box.score, sharp=_sharpness(crop))
            for box, crop, text, score, words in zip(
                boxes, crops, read.txts, read.scores, read.word_results, strict=True
            )
        ]


@dataclass(frozen=True, slots=True, eq=False)
class _Box:
    """Where the detector finds text, the first edge along the line, and how sure it is, 0..1."""

    quad: Quad
    score: float

    @property
    def is_squarish(self) -> bool:
        """Too short to show by its shape which way it is read."""
        short, long = _size(self.quad)
        return long < 1.5 * short

    def turned(self, corners: int) -> "_Box":
        """Read from another corner on: 2 is the other way round."""
        return _Box(np.roll(self.quad, corners, axis=0), self.score)


@dataclass(frozen=True, slots=True, eq=False)
class _View:
    """A picture for the detector: `scale` of the full one, its corner at `origin` (x, y)."""

    picture: Grey
    scale: float
    origin: tuple[float, float] = (0.0, 0.0)


def _scale_of(image: Grey) -> float:
    side = max(image.shape)
    return 1.0 if side <= _WHOLE else _OVERVIEW / side


def _views(even: Grey, image: Grey) -> Iterator[_View]:
    scale, finer = _scale_of(image), min(_FINER, _WHOLE / max(image.shape))
    yield _View(_resized(even, scale), scale)
    if finer >= _ENOUGH:
        yield _View(_resized(even, finer), finer)
    if scale < 1.0:
        for part in parts_with_strokes(image):
            tile = even[part.y : part.y + part.h, part.x : part.x + part.w]
            yield _View(tile, 1.0, (part.x, part.y))
            if max(tile.shape) <= _SMALL_PART:
                yield _View(_resized(tile, _FINER), _FINER, (part.x, part.y))
    yield _View(_resized(image, scale / 2), scale / 2)


def _around(line: Reading, image: Grey) -> _View:
    """Where the rest of a line may be: four heights on, two above and below; small lines enlarged."""
    (left, top), (right, bottom) = line.quad.min(axis=0), line.quad.max(axis=0)
    level = abs(line.quad[1] - line.quad[0]).argmax() == 0
    across, down = (4 * line.height, 2 * line.height) if level else (2 * line.height, 4 * line.height)
    x, y = max(0, int(left - across)), max(0, int(top - down))
    scale = min(2.0, max(1.0, _LEGIBLE / max(1.0, line.height)))
    return _View(_resized(image[y : int(bottom + down), x : int(right + across)], scale), scale, (x, y))


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
    how = cv2.INTER_AREA if scale < 1.0 else cv2.INTER_CUBIC
    rows, columns = (max(1, round(side * scale)) for side in image.shape)
    return np.asarray(cv2.resize(image, (columns, rows), interpolation=how), np.uint8)


def parts_with_strokes(image: Grey) -> Iterator[Region]:
    """Parts where something is as thin, as far from its surroundings and as frequent as text: 1% of a film.

    All of 200 texts of 12 to 16 px, 50 grey levels and more from their background, lay in such parts. Where noise
    looks like that everywhere, only what stands out further counts.
    """
    kernel = np.ones((_STROKE, _STROKE), np.uint8)
    calm = cv2.GaussianBlur(image, (3, 3), 0)
    thin = cv2.max(cv2.morphologyEx(calm, cv2.MORPH_TOPHAT, kernel), cv2.morphologyEx(calm, cv2.MORPH_BLACKHAT, kernel))
    noise = 3.0 * float(np.median(thin[::4, ::4]))
    near = next((near for least in _STRONG if (near := _near(thin > max(least, noise))).mean() <= _MUCH), None)
    near = _near(thin > max(_STRONG[-1], noise)) if near is None else near
    count, _, boxes, _ = cv2.connectedComponentsWithStats(near)
    across, down = image.shape[1] / near.shape[1], image.shape[0] / near.shape[0]
    for x, y, w, h, _ in boxes[1:count]:
        left, top = int(x * across), int(y * down)
        yield from _tiles(Region(left, top, int((x + w) * across) - left, int((y + h) * down) - top))


def _near(strokes: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """The blocks with many strokes, and those around them, since the detector needs room around text."""
    blocks = (max(1, strokes.shape[1] // _BLOCK), max(1, strokes.shape[0] // _BLOCK))
    density = cv2.resize(strokes.astype(np.float32), blocks, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.dilate((density > 0.06).astype(np.uint8), np.ones((5, 7), np.uint8)), np.uint8)


def _tiles(part: Region) -> Iterator[Region]:
    """A part, or overlapping halves of one on which the detector would take more than its share of time."""
    half = max(part.w, part.h) // 2 + _SEAM // 2
    if max(part.w, part.h) <= _TILE:
        yield part
    elif part.w >= part.h:
        yield from _tiles(Region(part.x, part.y, half, part.h))
        yield from _tiles(Region(part.x + part.w - half, part.y, half, part.h))
    else:
        yield from _tiles(Region(part.x, part.y, part.w, half))
        yield from _tiles(Region(part.x, part.y + part.h - half, part.w, half))


def _along_the_text(box: Quad) -> Quad:
    """The same corners, the first edge along the line: an upright box is read downwards."""
    return box if length_of(box[3] - box[0]) < 1.5 * length_of(box[1] - box[0]) else np.roll(box, -1, axis=0)


def cut(view: Grey, quad: Quad) -> Grey:
    """The box as a level picture."""
    width, height = (max(1, round(length_of(quad[at] - quad[0]))) for at in (1, 3))
    corners = np.asarray(((0, 0), (width, 0), (width, height), (0, height)), np.float32)
    onto = cv2.getPerspectiveTransform(np.asarray(quad, np.float32), corners)
    crop = cv2.warpPerspective(view, onto, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(crop, np.uint8)


def _sharpness(crop: Grey) -> float:
    """The steepest of its steps, as a share of its contrast."""
    if min(crop.shape) < 2:
        return 0.0
    values = crop.astype(np.int16)
    steps = np.maximum(np.abs(np.diff(values, axis=1))[:-1], np.abs(np.diff(values, axis=0))[:, :-1])
    low, high = np.percentile(crop, (1, 99))
    return float(np.percentile(steps, 99) / max(1.0, high - low))


def _places(text: str, words: Any) -> tuple[float, ...]:
    """How far along each letter of `text` stands; a space stands where the letter before it does."""
    columns = iter([column for word in words.word_cols for column in word])
    places, last = [], 0.0
    for letter in text:
        last = last if letter.isspace() else (next(columns) + 0.5) / words.line_txt_len
        places.append(min(1.0, last))
    return tuple(places)


def _with_room(quad: Quad) -> Quad:
    """A box with one and a half heights more at its ends and an eighth above and below."""
    along, down = quad[1] - quad[0], quad[3] - quad[0]
    height = length_of(down)
    right, below = along / max(1e-6, length_of(along)) * height * _BEYOND, down / 8
    return np.asarray(
        quad + np.asarray((-right - below, right - below, right + below, below - right), np.float32), np.float32
    )


def _joined(line: Reading, roomy: Reading) -> Reading:
    """The line, with the letters before and behind it that follow without a gap."""
    if roomy.score < max(_CLEAR, line.score - 0.2) or not roomy.text.strip():
        return line
    reach = line.height * _BEYOND / max(1.0, roomy.length)
    start, end = reach, 1 - reach  # of the line's own box
    letters = [at for at, letter in enumerate(roomy.text) if not letter.isspace()]
    own = [at for at in letters if start <= roomy.at[at] <= end]
    if not own:
        return line
    first, last = letters.index(own[0]), letters.index(own[-1])
    gap = line.height / max(1.0, roomy.length)
    while first > 0 and roomy.at[letters[first]] - roomy.at[letters[first - 1]] < gap:
        first -= 1
    while last < len(letters) - 1 and roomy.at[letters[last + 1]] - roomy.at[letters[last]] < gap:
        last += 1
    left = min(start, roomy.at[letters[first]] - gap / 2)
    right = max(end, roomy.at[letters[last]] + gap / 2)
    text, places = roomy.text[letters[first] : letters[last] + 1], roomy.at[letters[first] : letters[last] + 1]
    quad = sliced(roomy.quad, max(0.0, left), min(1.0, right), 1 / 10)
    span = min(1.0, right) - max(0.0, left)
    at = tuple((at - max(0.0, left)) / span for at in places)
    return Reading(quad, text, roomy.score, at, line.text, line.found, line.sharp)


def sliced(quad: Quad, start: float, end: float, off: float = 0.0) -> Quad:
    """The part of a box from one share of its length to another, less a share of its height above and below."""
    top, bottom, down = quad[1] - quad[0], quad[2] - quad[3], (quad[3] - quad[0]) * off
    corners = (
        quad[0] + start * top + down,
        quad[0] + end * top + down,
        quad[3] + end * bottom - down,
        quad[3] + start * bottom - down,
    )
    return np.asarray(corners, np.float32)


def length_of(edge: NDArray[np.float32]) -> float:
    """In pixels."""
    return float(np.linalg.norm(edge))


def _distinct(boxes: Sequence[_Box]) -> list[_Box]:
    """Without boxes of a line that an earlier, finer view has already boxed."""
    kept: list[_Box] = []
    for box in boxes:
        if not any(_same(box.quad, other.quad) for other in kept):
            kept.append(box)
    return kept


def _same(quad: Quad, other: Quad) -> bool:
    """The same line from end to end, however much room the box leaves around it."""
    (height, length), (other_height, other_length) = _size(quad), _size(other)
    alike = abs(length - other_length) < min(height, other_height)
    return alike and (_overlap(quad, other) or _overlap(other, quad))


def _size(quad: Quad) -> tuple[float, float]:
    """(short side, long side)."""
    sides = length_of(quad[1] - quad[0]), length_of(quad[3] - quad[0])
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

"""Burned-in text on a film: found by OCR, painted over, looked for again. Side markers stay.

Works on stored values of any depth and changes none outside of the mask. Knows nothing of DICOM or of files.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import cv2
import numpy as np
from numpy.typing import NDArray

from guardrails.lettering import is_lettering, letters_in
from guardrails.markers import SIDES, folded, is_marker, is_marker_word
from guardrails.reader import Crowded, Grey, Quad, Reader, Reading, cut, length_of, sliced
from guardrails.types import ImageRefused, Region

Show = Callable[[NDArray[np.generic]], NDArray[np.float32]]

STILL_TEXT = "Text on the image could not be removed completely; export it without annotations and retry."
MOSTLY_TEXT = "The image is mostly text; choose the film itself, not a report or a screen."

_WORD = re.compile(r"[^\W_]+")
_LOOKS = 6
_MOSTLY = 0.3  # share of the area
_CLEARLY, _DOUBTFUL = 0.85, 0.7  # recognition scores: a marker is sure from the one on, a lone side below the other not
_ACROSS = 0.5  # cosine of the angle from which on one line of text does not go on in another's direction
_WORDY = 4  # letters of a marker that is a word
_LINE_ASPECT = 1.45  # times as long as high
_LARGE = 0.05  # of the film's shorter side: letters as high are not looked for beyond a box's ends
_MASKED = 0.25  # share of a box that was painted over: what is found there later without letters is the paint's rim
_RING, _CALM = 2, 15  # pixels: how far around a painted region is looked, and along its edge
_APART = 2.5  # times the usual distance between letters: a side marker and a name on one line
_STEP = 0.35  # heights of a slanted line that a step of its mask may rise
_GROWTH, _GAP = 1.5, 0.3  # heights of a line: how far ink is followed beyond it, and over what gap
_INK, _INKED = 92, 0.6  # percentile of a box's values where its ink is; share of its contrast that is ink still
_STEEP = 0.3  # share of the usual step within a line that ink beyond it begins with
_TIGHT, _TRACE = 8, 0.35  # pixels of a box that may be tightened; share of its contrast that is left by letters
_SEEN = 25  # grey levels from what is around it that ink is seen by
_BESIDE = np.ones((1, 5), np.uint8)  # pixels along a line: the ends of a stroke are as steep as it is dark
# Share of its usual step that a faint letter has; heights of a line that are room at its ends.
_FAINT, _ROOM = 0.15, 0.35
_MARGIN, _ENDS = 0.05, 0.12  # of a line's height, added around it and once more at its ends


@dataclass(frozen=True, slots=True, eq=False)
class Cleaned:
    """The frame without burned-in text, and where it was."""

    pixels: NDArray[np.generic]
    masked: tuple[Region, ...]


class BurnedInText:
    """Finds and masks text. One instance serves all threads; the models load on first use."""

    def __init__(self, reader: Reader | None = None) -> None:
        self._reader = reader or Reader()

    def mask(self, stored: NDArray[np.generic], *shows: Show) -> Cleaned:
        """`stored`: (rows, columns) or (rows, columns, 3). Each of `shows` gives one picture of it, 0 to 1.

        Text must be gone from every picture. Raises ImageRefused when it is not, or when little else is there.
        """
        pixels, masked = np.array(stored), list[Region]()
        searches = [_Search(self._reader, grey) for show in shows for grey in _greys(show, pixels)]
        for look in range(_LOOKS):
            try:
                found = {region: None for search in searches for region in search.look(pixels)}
            except Crowded:
                raise ImageRefused(MOSTLY_TEXT) from None
            if look and not found:
                return Cleaned(pixels, tuple(masked))
            masked.extend(found)
            if _share(masked, pixels.shape) > _MOSTLY:
                raise ImageRefused(MOSTLY_TEXT)
            for region in found:
                fill(pixels, region)
        raise ImageRefused(STILL_TEXT)


def _share(regions: Sequence[Region], shape: tuple[int, ...]) -> float:
    """Of the area that the regions cover together."""
    covered = np.zeros(shape[:2], bool)
    for region in regions:
        covered[region.y : region.y + region.h, region.x : region.x + region.w] = True
    return float(covered.mean())


def _greys(show: Show, stored: NDArray[np.generic]) -> tuple[Show, ...]:
    """How to see a picture in grey: colour by each of its channels, since what is seen at all differs in one of them."""
    picture = show(stored)
    if picture.ndim == 2:
        return (show,)
    alike = (any(np.array_equal(picture[..., at], picture[..., other]) for other in range(at)) for at in range(3))
    return tuple(partial(_channel, show, at) for at, is_known in enumerate(alike) if not is_known)


def _channel(show: Show, at: int, pixels: NDArray[np.generic]) -> NDArray[np.float32]:
    return show(pixels)[..., at]


class _Search:
    """The looks at one grey picture of a frame: what was read and may stay, and the lines that had to go."""

    def __init__(self, reader: Reader, show: Show) -> None:
        self._reader = reader
        self._show = show
        self.looks = 0
        self.settled: list[Quad] = []
        self.lines: list[Reading] = []
        self.painted: list[Region] = []
        self.markers: list[Region] = []
        self.clear: list[Quad] = []  # markers clearly read: no line goes on in them
        self.words: list[Region] = []  # markers of several letters, clearly read: nothing there is masked

    def look(self, pixels: NDArray[np.generic]) -> tuple[Region, ...]:
        """What to mask now: at first without the markers in a line, later whole lines."""
        seen = as_seen(self._show(pixels))
        readings = self._reader.read_again(seen, self.settled, self.lines) if self.looks else self._reader.read(seen)
        lines = identifying(readings, self.lines, lambda reading: is_lettering(reading, seen))
        lines = [line for line in lines if letters_in(line.text) > 1 or not self._is_rim(line)]
        markers = [reading for reading in readings if _is_side_marker(reading)]
        self.markers += [_bounds(reading.quad, 0, seen.shape) for reading in markers]
        words = [reading.quad for reading in markers if _is_clear_word(reading)]
        words += [quad for line in lines for quad in _clear_words_in(line)]
        self.words += [_bounds(tightened(seen, quad), 0, seen.shape) for quad in words]
        self.clear += [reading.quad for reading in markers if reading.score >= _CLEARLY]
        parts = [
            (part.grown(seen, self.clear) if _may_go_on(line, seen) else part).tightened(seen)
            for line in lines
            for part in _parts(line, self.looks)
        ]
        found = [region for part in parts for region in _regions(part, seen.shape, self.markers)]
        regions = tuple(part for region in found for part in without(region, self.words))
        self.settled += [reading.quad for reading in markers]
        self.lines += lines
        self.painted += regions
        self.looks += 1
        return regions

    def _is_rim(self, line: Reading) -> bool:
        """What is found where paint is: its edges, which would be painted over and found again without end."""
        x, y, w, h = cv2.boundingRect(line.quad)
        within = np.zeros((h, w), bool)
        for region in self.painted:
            top, left = max(0, region.y - y), max(0, region.x - x)
            within[top : max(0, region.y + region.h - y), left : max(0, region.x + region.w - x)] = True
        return float(within.mean()) > _MASKED


def as_seen(shown: NDArray[np.float32]) -> Grey:
    """8-bit grey for the reader; what is not a number is black."""
    return np.asarray(np.rint(np.clip(np.nan_to_num(shown), 0, 1) * 255), np.uint8)


# --- what is identifying --------------------------------------------------------------------------


def identifying(
    readings: Sequence[Reading], before: Sequence[Reading], is_text: Callable[[Reading], bool]
) -> list[Reading]:
    """Lines to mask: lettering that is no marker, and scraps in line with it or with one masked before."""
    markers = [reading for reading in readings if _is_side_marker(reading)]
    lines = [
        reading
        for reading in readings
        if not _is_side_marker(reading)
        and not any(_is_loosely_around(reading, marker) or _is_piece_of(reading, marker) for marker in markers)
        and not _is_stack(reading, readings)
        and is_text(reading)
    ]
    known = [line for line in [*before, *lines] if letters_in(line.text) >= 3 or _is_line(line)]
    rest = [reading for reading in readings if _is_scrap(reading) and reading not in lines]
    scraps = [scrap for scrap in rest if any(_continues(scrap, line) for line in known)]
    return lines + scraps


def _is_marker_line(reading: Reading) -> bool:
    """A marker with or without the room at its ends, as long as the two agree on how many letters there are."""
    agree = abs(letters_in(reading.text) - letters_in(reading.inner)) <= 1
    return is_marker(reading.text) or (agree and letters_in(reading.inner) >= 3 and is_marker(reading.inner))


def _is_side_marker(reading: Reading) -> bool:
    """A marker, in a box no longer than its letters: an R in a long one is all that was read of something else."""
    letters = letters_in(reading.text)
    whole = letters > 2 or reading.length <= (letters + 1) * reading.height
    doubtful = letters == 1 and reading.score < _DOUBTFUL and _is_line(reading)
    return letters > 0 and whole and not doubtful and _is_marker_line(reading)


def _is_loosely_around(line: Reading, marker: Reading) -> bool:
    """A marker and a bit of anatomy in one large box: one letter more, in a box too high for letters of that size."""
    more = letters_in(line.text) - letters_in(marker.text)
    within = _holds(line.quad, marker.quad)
    return within and more <= 1 and marker.score >= _CLEARLY and line.height > 1.5 * marker.height


def _is_stack(line: Reading, readings: Sequence[Reading]) -> bool:
    """A box around a marker and initials below it: both were read clearly in boxes of their own, across this one."""
    rows = [
        other
        for other in readings
        if other.score >= _CLEARLY
        and letters_in(other.text)
        and _is_across(line, other)
        and _holds(line.quad, other.quad)
    ]
    return len(rows) > 1 and any(_is_side_marker(row) for row in rows)


def _is_across(line: Reading, other: Reading) -> bool:
    along, of_other = line.quad[1] - line.quad[0], other.quad[1] - other.quad[0]
    return abs(float(along @ of_other)) < _ACROSS * length_of(along) * length_of(of_other)


def _is_piece_of(line: Reading, marker: Reading) -> bool:
    """One letter in the box of a marker that was read clearly as a whole."""
    return _holds(marker.quad, line.quad) and _is_clear_word(marker) and line.length < 2 * line.height


def _holds(quad: Quad, other: Quad) -> bool:
    """The middle of the other box lies in this one."""
    middle = [float(at) for at in other.mean(axis=0)]
    return cv2.pointPolygonTest(quad, middle, measureDist=False) > 0


def _is_clear_word(marker: Reading) -> bool:
    return letters_in(marker.text) >= _WORDY and marker.score >= _CLEARLY


def _is_line(reading: Reading) -> bool:
    return reading.length >= _LINE_ASPECT * reading.height


def _may_go_on(line: Reading, seen: Grey) -> bool:
    """Letters that were not read may follow; not on a lone sign, which a wire goes on from, or one as large as anatomy."""
    return letters_in(line.text) != 1 and line.height <= _LARGE * min(seen.shape)


def _is_scrap(reading: Reading) -> bool:
    return 1 <= letters_in(reading.text) <= 3 and not is_marker(reading.text)


def _continues(scrap: Reading, line: Reading) -> bool:
    """Within one and a half heights of the line's end, at the same height."""
    if not 0.5 < scrap.height / max(1.0, line.height) < 1.6:
        return False
    along = (line.quad[1] - line.quad[0]) / max(1.0, float(np.linalg.norm(line.quad[1] - line.quad[0])))
    offset = scrap.quad.mean(axis=0) - line.quad.mean(axis=0)
    ahead = abs(float(offset @ along)) - (line.length + scrap.length) / 2
    return ahead < 1.5 * line.height and abs(float(along[0] * offset[1] - along[1] * offset[0])) < 0.7 * line.height


# --- where it is ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A piece of a line to mask, and whether it ends on the left and right where the line does, not at a marker."""

    quad: Quad
    first: bool = True
    last: bool = True

    @property
    def height(self) -> float:
        """Of the line, in pixels."""
        return length_of(self.quad[3] - self.quad[0])

    def grown(self, seen: Grey, markers: Sequence[Quad]) -> "Part":
        """Longer by letters that were not read, at an end where these are no marker."""
        ends = (self.first, False), (False, self.last)
        first, last = (not _newly_in(grown(seen, self.quad, *end), self.quad, markers) for end in ends)
        return Part(grown(seen, self.quad, self.first and first, self.last and last), self.first, self.last)

    def tightened(self, seen: Grey) -> "Part":
        """Without the rows above and below the letters."""
        return Part(tightened(seen, self.quad), self.first, self.last)

    def roomy(self, by: float) -> Quad:
        """The box, longer by a number of pixels at the ends of the line."""
        along = self.quad[1] - self.quad[0]
        more = along / max(1e-6, length_of(along)) * by
        before, behind = -more * self.first, more * self.last
        return np.asarray(self.quad + np.asarray((before, behind, behind, before)), np.float32)


def _parts(line: Reading, look: int) -> Iterator[Part]:
    """The line's box, or at first look its pieces without a marker."""
    for start, end in [(0.0, 1.0)] if look else spans_without_markers(line):
        yield Part(sliced(line.quad, start, end), first=start == 0.0, last=end == 1.0)


def spans_without_markers(line: Reading) -> list[tuple[float, float]]:
    """Shares 0..1 of a line between its markers."""
    spans, at = list[tuple[float, float]](), 0.0
    for start, end in _markers_in(line):
        before, behind = line.text[:start].rstrip(), line.text[end:].lstrip()
        if before:
            spans.append((at, (line.at[len(before) - 1] + line.at[start]) / 2))
        at = (line.at[end - 1] + line.at[len(line.text) - len(behind)]) / 2 if behind else 1.0
    return [*spans, (at, 1.0)] if at < 1.0 else spans


def _markers_in(line: Reading) -> Iterator[tuple[int, int]]:
    """Where in the text: words, and a side that stands apart at the line's start or end."""
    text = line.text
    if text[:1].upper() in SIDES and _stands_apart(line, 0, 1):
        yield 0, 1
    for word in _WORD.finditer(text):
        if len(word[0]) > 1 and is_marker_word(folded(word[0])):
            yield word.span()
    if text[-1:].upper() in SIDES and _stands_apart(line, len(text) - 1, len(text) - 2):
        yield len(text) - 1, len(text)


def _clear_words_in(line: Reading) -> Iterator[Quad]:
    """Where in a clearly read line a marker of several letters stands, which later looks might see without the rest."""
    if line.score < _CLEARLY:
        return
    for start, end in _markers_in(line):
        if end - start >= _WORDY:
            half = (line.at[end - 1] - line.at[start]) / (end - start - 1) / 2
            yield sliced(line.quad, max(0.0, line.at[start] - half), min(1.0, line.at[end - 1] + half))


def _stands_apart(line: Reading, side: int, beside: int) -> bool:
    """Parted from the letter beside it by a space, or, when the reader lost that, by the room of several letters.

    How much that is the other letters say, if there are more; initials beside a side are often smaller than it.
    """
    if not 0 <= beside < len(line.text):
        return False
    gaps = np.abs(np.diff(line.at))
    gap, others = gaps[min(side, beside)], np.delete(gaps, min(side, beside))
    usual = float(np.median(others)) if others.any() else line.height / max(1.0, line.length) / _APART
    return line.text[beside].isspace() or (gap > _APART * usual and not line.text[beside].islower())


def grown(seen: Grey, quad: Quad, first: bool = True, last: bool = True) -> Quad:
    """The box, longer by the ink that goes on without a gap: by letters that were not read.

    `first` and `last`: at which ends.
    """
    height, length = length_of(quad[3] - quad[0]), max(1.0, length_of(quad[1] - quad[0]))
    strip = cut(seen, sliced(quad, -_GROWTH * height / length, 1 + _GROWTH * height / length)).astype(np.float32)
    room, gap = round(_GROWTH * height), max(1, round(_GAP * height))
    inside = slice(room, strip.shape[1] - room)
    if min(strip.shape) < 4 or strip.shape[1] <= 2 * room:
        return quad
    rim = max(1, len(strip) // 8)  # above and below the letters
    above, below = strip[:rim].mean(axis=0), strip[-rim:].mean(axis=0)
    off = strip - np.linspace(above, below, len(strip))
    dark, light = np.percentile(off[:, inside], (100 - _INK, _INK))
    ink = off > _INKED * light if light >= -dark else off < _INKED * dark
    steps = _steps(strip)
    sharp = steps > _STEEP * np.percentile(steps[:, inside], _INK)
    near = cv2.dilate(sharp.astype(np.uint8), np.ones((1, 2 * gap + 1), np.uint8)) > 0
    inked = (ink & near)[rim:-rim].any(axis=0)
    left, right = _reach(inked[:room][::-1], gap), _reach(inked[-room:], gap)
    return sliced(quad, -left / length if first else 0.0, 1 + right / length if last else 1.0)


def _steps(strip: Grey | NDArray[np.float32]) -> NDArray[np.float32]:
    """How steep it is from each pixel to the next along a line: letters are, anatomy and the line of a border hardly."""
    along = np.abs(np.diff(strip.astype(np.float32), axis=1))
    return np.pad(along, ((0, 0), (0, 1)))


def _newly_in(longer: Quad, quad: Quad, markers: Sequence[Quad]) -> bool:
    """True when the longer box holds a marker that the other does not."""
    return any(_holds(longer, marker) and not _holds(quad, marker) for marker in markers)


def _reach(inked: NDArray[np.bool_], gap: int) -> int:
    """How many columns it is to the last ink that comes without a gap."""
    reached = 0
    for at in np.flatnonzero(inked):
        if at - reached > gap:
            break
        reached = int(at) + 1
    return reached


def tightened(seen: Grey, quad: Quad) -> Quad:
    """The box without outer rows and columns in which nothing stands out: the detector leaves a lot of room.

    What crosses them sharply, be it a wire, keeps them. At the ends no more than that room goes.
    """
    strip = cut(seen, quad)
    height, length = strip.shape
    if min(strip.shape) < _TIGHT:
        return quad
    off = cv2.absdiff(strip, cv2.medianBlur(strip, min(255, 2 * height + 1)))
    steps = _steps(strip)
    contrast, steep = (max(1.0, float(np.percentile(values, _INK))) for values in (off, steps))
    stands_out = (off > min(_TRACE * contrast, _SEEN)) & (cv2.dilate(steps, _BESIDE) > min(_FAINT * steep, _SEEN / 2))
    top, bottom = _inked(stands_out.any(axis=1))
    left, right = _inked(stands_out.any(axis=0))
    room = _ROOM * height / length
    shorter = sliced(quad, min(left, room), max(right, 1 - room))
    before, behind = shorter[3] - shorter[0], shorter[2] - shorter[1]
    corners = (
        shorter[0] + before * top,
        shorter[1] + behind * top,
        shorter[1] + behind * bottom,
        shorter[0] + before * bottom,
    )
    return np.asarray(corners, np.float32)


def _inked(lines: NDArray[np.bool_]) -> tuple[float, float]:
    """Where the first and the last of them lie, 0..1; the whole when there are none."""
    at = np.flatnonzero(lines)
    return (at[0] / len(lines), (at[-1] + 1) / len(lines)) if len(at) else (0.0, 1.0)


def _regions(part: Part, shape: tuple[int, ...], markers: Sequence[Region]) -> Iterator[Region]:
    """Upright rectangles that cover a box: one for a level or upright line, a staircase for a slanted one.

    A margin is left around it, except where that would reach into a marker.
    """
    across, along = sorted((length_of(part.quad[1] - part.quad[0]), part.height))
    long_edge = part.quad[1] - part.quad[0] if along > part.height else part.quad[3] - part.quad[0]
    rise = float(np.abs(long_edge).min())
    steps = max(1, round(rise / max(1.0, _STEP * across)))
    margin, roomy = max(1.0, _MARGIN * across), part.roomy(_ENDS * across)
    for step in range(steps):
        start, end = step / steps, (step + 1) / steps
        wide, tight = (
            _bounds(sliced(quad if along > part.height else np.roll(quad, 1, axis=0), start, end), more, shape)
            for quad, more in ((roomy, margin), (part.quad, 0))
        )
        wide = _to_the_edge(wide, across, shape) if steps == 1 else wide
        yield tight if any(_touch(wide, marker) for marker in markers) else wide


def _to_the_edge(region: Region, height: float, shape: tuple[int, ...]) -> Region:
    """With what lies between the ends of a line and the film's edge when that is less than a letter's room."""
    left, top, right, bottom = region.x, region.y, region.x + region.w, region.y + region.h
    if region.w >= region.h:
        left, right = (0 if left < height else left), (shape[1] if right > shape[1] - height else right)
    else:
        top, bottom = (0 if top < height else top), (shape[0] if bottom > shape[0] - height else bottom)
    return Region(left, top, right - left, bottom - top)


def without(region: Region, words: Sequence[Region]) -> list[Region]:
    """What is left of a region when marker words are cut out, above and below them, left and right of them."""
    left = [region]
    for word in words:
        left = [piece for whole in left for piece in _cut_out(whole, word)]
    return left


def _cut_out(whole: Region, word: Region) -> Iterator[Region]:
    if not _touch(whole, word):
        yield whole
        return
    bottom, right = whole.y + whole.h, whole.x + whole.w
    upper, lower = max(whole.y, word.y), min(bottom, word.y + word.h)
    for x, y, w, h in (
        (whole.x, whole.y, whole.w, upper - whole.y),
        (whole.x, lower, whole.w, bottom - lower),
        (whole.x, upper, word.x - whole.x, lower - upper),
        (word.x + word.w, upper, right - word.x - word.w, lower - upper),
    ):
        if w > 0 and h > 0:
            yield Region(x, y, w, h)


def _touch(a: Region, b: Region) -> bool:
    return a.x < b.x + b.w and b.x < a.x + a.w and a.y < b.y + b.h and b.y < a.y + a.h


def _bounds(quad: Quad, margin: float, shape: tuple[int, ...]) -> Region:
    left, top = (max(0, int(edge)) for edge in np.rint(quad.min(axis=0) - margin))
    right, bottom = (int(edge) for edge in np.rint(quad.max(axis=0) + margin))
    return Region(left, top, max(1, min(shape[1], right) - left), max(1, min(shape[0], bottom) - top))


def fill(pixels: NDArray[np.generic], region: Region) -> None:
    """Paints a region over, in place, in the stored values: each pixel like the edges around, the near ones most.

    So no rim is left that would be looked at as lettering again.
    """
    top, left, bottom, right = region.y, region.x, region.y + region.h, region.x + region.w
    down, across = np.arange(region.h)[:, None], np.arange(region.w)[None, :]
    sides = (  # the pixels beyond each edge, along which axis they lie side by side, and how far each pixel is from them
        (pixels[max(0, top - _RING) : top, left:right], 0, down),
        (pixels[bottom : bottom + _RING, left:right], 0, region.h - 1 - down),
        (pixels[top:bottom, max(0, left - _RING) : left], 1, across),
        (pixels[top:bottom, right : right + _RING], 1, region.w - 1 - across),
    )
    total, weights = np.zeros((region.h, region.w, *pixels.shape[2:])), np.zeros((region.h, region.w))
    for beyond, axis, away in sides:
        if beyond.size:
            weight = np.broadcast_to(1.0 / (1.0 + away) ** 2, weights.shape)
            edge = np.expand_dims(_calm(np.median(beyond.astype(np.float64), axis=axis)), axis)
            total += edge * weight.reshape(*weight.shape, *[1] * (pixels.ndim - 2))
            weights += weight
    if weights.any():
        painted = total / weights.reshape(*weights.shape, *[1] * (pixels.ndim - 2))
        whole = pixels.dtype.kind in "iu"
        pixels[top:bottom, left:right] = (np.rint(painted) if whole else painted).astype(pixels.dtype)


def _calm(edge: NDArray[np.float64]) -> NDArray[np.float64]:
    """Values along an edge, each the median of those around it: no stroke that touches the edge is drawn out."""
    half = _CALM // 2
    padded = np.pad(edge, ((half, half), *[(0, 0)] * (edge.ndim - 1)), mode="edge")
    return np.asarray(np.median(np.lib.stride_tricks.sliding_window_view(padded, _CALM, axis=0), axis=-1))

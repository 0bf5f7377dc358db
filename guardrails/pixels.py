"""Burned-in text on a film: found by OCR, painted over, looked for again. Side markers stay.

Works on stored values of any depth and changes none outside of the mask. Knows nothing of DICOM or of files.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

from guardrails.reader import Grey, Quad, Reader, Reading, cut, length_of, sliced
from guardrails.types import ImageRefused, Region

Show = Callable[[NDArray[np.generic]], NDArray[np.float32]]

SIDES = frozenset({"L", "R"})
_MARKER_WORDS = """
LEFT RIGHT LT RT AP PA LAT LATERAL LL RL OBL OBLIQUE PORTABLE PORT MOBILE BEDSIDE ERECT SEMIERECT
UPRIGHT SEMIUPRIGHT SUPINE PRONE SEMI SITTING SEATED STANDING STRETCHER TROLLEY LORDOTIC DECUB
DECUBITUS INSP INSPIRATION EXP EXPIRATION CHEST THORAX GRID FRONTAL CXR
LIEGEND STEHEND SITZEND BETTAUFNAHME DEBOUT COUCHE ASSIS PORTATIL DERECHA IZQUIERDA
"""
MARKERS = frozenset(_MARKER_WORDS.split())
_NAMES = frozenset(
    "ASIS CHET IZQUIERDO OLLEY PAAP PAL PALL PAR RIGHI SEMIR STREICHER THORA WITTING".split()
)  # that a misread marker could be
STILL_TEXT = "Text on the image could not be removed completely; export it without annotations and retry."
MOSTLY_TEXT = "The image is mostly text; choose the film itself, not a report or a screen."

_LOOKS = 6
_MOSTLY = 0.3  # share of the area
_LOOK_ALIKE = ("I1LTJ|", "O0QDC", "EFC3", "S5", "B8", "PF", "UV", "G6C", "Z2", "NH", "RK", "CL")
_WORD = re.compile(r"[^\W_]+")
_FEW = 4  # letters; so few must look their part, since a lead marker with initials reads like a word
_ASPECT_FEW, _ASPECT = 0.36, 0.12  # a line of n letters is at least n times this as long as it is high
_HUGE = 0.15  # likewise: a few letters as high as that are bones
_LARGE = 0.05  # of the film's shorter side: taller than that it is anatomy unless it reads very clearly
_LONG = 3.5  # times as long as high: nothing on 190 films without text had that shape and was read at all
_SCORE_FEW, _SCORE, _SCORE_LONG, _SCORE_LARGE = 0.7, 0.45, 0.25, 0.85
# Of 140 films without text, 25 had a box that the detector was so sure of and that was no higher; 20 held real letters.
_FOUND, _FOUND_CLEARLY, _FOUND_SHARP = 0.55, 0.65, 0.5
_HIGH_LETTERS, _HIGH_LINE, _HIGH_SIGN = 0.12, 0.065, 0.04  # of the shorter side: four letters, a long line, one sign
_SMALL_LINE = 32  # pixels; letters of 12 to 16 px are no higher, however small the film
_SHARP, _SHARP_LINE, _HIGH_INK = 0.45, 1.15, 0.12  # on those films nothing so sharp was longer than high and no ink
_VERY_SHARP = 0.7  # nothing else was found there that is so sharp and longer than high
_LINE_ASPECT, _LONG_LINE, _VERY_LONG_LINE = 1.45, 2.5, 4.0  # times as long as high
_WHOLE_WORD = re.compile(r"[\u3040-\u30FF\u3400-\u9FFF\uAC00-\uD7AF]")  # Kana, Han, Hangul: one letter is a name
_FRAMES = frozenset("日口曰目回囗国國品一丨厂个亇")  # what an L in a box, the rim of a mask, or an arrow reads as
_UPRIGHT_SIGN = 3.0  # times as high as wide: electrodes and L markers are less, not very sharp, and read as one sign
_SCORE_WHOLE_WORD, _SCORE_PAIR, _SCORE_SHARP = 0.7, 0.8, 0.5
_MASKED = 0.25  # share of a box that was painted over: what is found there later without letters is the paint's rim
_APART = 2.5  # times the usual distance between letters: a side marker and a name on one line
_STEP = 0.35  # heights of a slanted line that a step of its mask may rise
_GROWTH, _GAP = 1.5, 0.3  # heights of a line: how far ink is followed beyond it, and over what gap
_INK, _INKED = 92, 0.6  # percentile of a box's values where its ink is; share of its contrast that is ink still
_TIGHT, _TRACE = 8, 0.35  # pixels of a box that may be tightened; share of its contrast that is left by letters
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
            found = {region: None for search in searches for region in search.look(pixels)}
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
    """How to see a picture in grey: colour by its brightest and by its darkest channel.

    Red text on black shows in the one only, on white in the other only.
    """
    if show(stored).ndim == 2:
        return (show,)
    return (lambda pixels: show(pixels).max(axis=2), lambda pixels: show(pixels).min(axis=2))


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
        self.words: list[Region] = []  # markers of several letters, clearly read: nothing there is masked

    def look(self, pixels: NDArray[np.generic]) -> tuple[Region, ...]:
        """What to mask now: at first without the markers in a line, later whole lines."""
        seen = as_seen(self._show(pixels))
        readings = self._reader.read_again(seen, self.settled, self.lines) if self.looks else self._reader.read(seen)
        lines = identifying(readings, self.lines, min(seen.shape))
        lines = [line for line in lines if _letters(line.text) > 1 or not self._is_rim(line)]
        markers = [reading for reading in readings if _is_side_marker(reading)]
        self.markers += [_bounds(reading.quad, 0, seen.shape) for reading in markers]
        self.words += [_bounds(reading.quad, 0, seen.shape) for reading in markers if _is_clear_word(reading)]
        parts = [part for line in lines for part in _parts(line, self.looks)]
        parts = [part.grown(seen) if part.height <= _LARGE * min(seen.shape) else part for part in parts]
        parts = [part.tightened(seen) for part in parts]
        found = [region for part in parts for region in _regions(part, seen.shape, self.markers)]
        regions = tuple(part for region in found for part in _beside(region, self.words))
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


def identifying(readings: Sequence[Reading], before: Sequence[Reading], shorter_side: int) -> list[Reading]:
    """Lines to mask: what reads as text and is no marker, and scraps in line with it or with one masked before."""
    markers = [reading for reading in readings if _is_side_marker(reading)]
    lines = [
        reading
        for reading in readings
        if (_reads_as_text(reading, shorter_side) or _looks_like_text(reading, shorter_side))
        and not _is_side_marker(reading)
        and not any(_is_loosely_around(reading, marker) or _is_piece_of(reading, marker) for marker in markers)
    ]
    known = [line for line in [*before, *lines] if _letters(line.text) >= 3 or _is_line(line)]
    rest = [reading for reading in readings if _is_scrap(reading) and reading not in lines]
    scraps = [scrap for scrap in rest if any(_continues(scrap, line) for line in known)]
    return lines + scraps


def is_marker(text: str) -> bool:
    """True when every word is a side, a projection or a position: these say nothing of who it is."""
    words = _WORD.findall(_folded(text))
    return all(_is_marker_word(word) for word in words) or (len(words) > 1 and _is_joined("".join(words)))


def _is_marker_line(reading: Reading) -> bool:
    """A marker with or without the room at its ends, as long as the two agree on how many letters there are."""
    agree = abs(_letters(reading.text) - _letters(reading.inner)) <= 1
    return is_marker(reading.text) or (agree and _letters(reading.inner) >= 3 and is_marker(reading.inner))


def _is_side_marker(reading: Reading) -> bool:
    """A marker, in a box no longer than its letters: an R in a long one is all that was read of something else."""
    letters = _letters(reading.text)
    whole = letters > 2 or reading.length <= (letters + 1) * reading.height
    doubtful = letters == 1 and reading.score < _SCORE_FEW and _is_line(reading)
    return letters > 0 and whole and not doubtful and _is_marker_line(reading)


def _is_loosely_around(line: Reading, marker: Reading) -> bool:
    """A marker and a bit of anatomy in one large box: one letter more, in a box too high for letters of that size."""
    more = _letters(line.text) - _letters(marker.text)
    within = cv2.pointPolygonTest(line.quad, [float(at) for at in marker.quad.mean(axis=0)], measureDist=False) > 0
    return within and more <= 1 and marker.score >= _SCORE_LARGE and line.height > 1.5 * marker.height


def _is_piece_of(line: Reading, marker: Reading) -> bool:
    """One letter in the box of a marker that was read clearly as a whole."""
    middle = [float(at) for at in line.quad.mean(axis=0)]
    within = cv2.pointPolygonTest(marker.quad, middle, measureDist=False) > 0
    return within and _is_clear_word(marker) and line.length < 2 * line.height


def _is_clear_word(marker: Reading) -> bool:
    return _letters(marker.text) >= 4 and marker.score >= _SCORE_LARGE


def _folded(text: str) -> str:
    """Capitals without accents."""
    return "".join(
        letter for letter in unicodedata.normalize("NFKD", text.upper()) if not unicodedata.combining(letter)
    )


@cache
def _is_marker_word(word: str) -> bool:
    if word in SIDES or word in MARKERS:
        return True
    return word not in _NAMES and (_is_joined(word) or any(_misread(word, known) for known in MARKERS))


def _is_joined(letters: str) -> bool:
    """Several markers of which the reader lost the spaces, each once, so that Papa is none; LAP is L and AP.

    A side at the end counts behind a word only, since APR is a month.
    """
    starts = letters[1:] if letters[:1] in SIDES else letters
    ends = letters[:-1] if letters[-1:] in SIDES and len(letters) > 4 else letters
    return any(_are_markers(part) for part in {letters, starts, ends})


@cache
def _are_markers(letters: str, before: frozenset[str] = frozenset()) -> bool:
    if not letters:
        return bool(before)
    starts = (word for word in MARKERS - before if letters.startswith(word))
    return any(_are_markers(letters[len(word) :], before | {word}) for word in starts)


def _misread(word: str, known: str) -> bool:
    """A long marker with its start or a letter lost, or one letter read wrong: any of many, else one that looks alike.

    RIGHT may lose its end and ERECT become ERFCT, but Light is no RIGHT and Nobile no MOBILE.
    """
    if len(known) < 4:
        return False
    errors = len(known) // 4
    if len(known) >= 10 and Levenshtein.distance(word, known, score_cutoff=errors) <= errors:
        return True
    if len(known) >= 7 and known.endswith(word) and 3 * len(word) >= 2 * len(known):
        return True
    if len(word) == len(known) - 1:
        return len(known) >= 5 and any(known[:at] + known[at + 1 :] == word for at in range(1, len(known)))
    wrong = [{a, b} for a, b in zip(word, known, strict=False) if a != b]
    long = len(known) >= 7
    alike = all(any(pair <= set(group) for group in _LOOK_ALIKE) for pair in wrong) and len(wrong) <= 1 + long
    return len(word) == len(known) and (alike or (long and len(wrong) == 1))


def _reads_as_text(reading: Reading, shorter_side: int) -> bool:
    """Three letters or digits and more, in a box of their shape; the longer its line, the less sure of the letters."""
    letters = _letters(reading.text)
    few = letters <= _FEW
    if letters < 3 or reading.length < (_ASPECT_FEW if few else _ASPECT) * letters * reading.height:
        return False
    if reading.height > _LARGE * shorter_side:
        return reading.score >= _SCORE_LARGE and not (few and reading.height > _HUGE * shorter_side)
    if reading.length >= _LONG * reading.height:
        return reading.score >= _SCORE_LONG
    return reading.score >= (_SCORE_FEW if few else _SCORE)


def _looks_like_text(reading: Reading, shorter_side: int) -> bool:
    """A line of small letters to the detector's eye that cannot be read, or a name too short to tell by its letters.

    Fails closed: scripts that the recogniser was not trained on read as nothing or as rubbish. The less there is to
    read, the smaller it has to be.
    """
    letters, aspect = _letters(reading.text), reading.length / max(1.0, reading.height)
    highest = max(_highest(reading, letters, aspect) * shorter_side, _SMALL_LINE)
    signs = sum(not letter.isspace() for letter in reading.text)
    least = _SHARP if reading.found >= _FOUND_CLEARLY else _VERY_SHARP
    is_ink = reading.sharp >= least and not _is_upright(reading)
    if reading.found < (_FOUND_SHARP if is_ink and _is_line(reading) else _FOUND) or reading.height > highest:
        return False
    if signs == 1 and aspect < _UPRIGHT_SIGN and _is_upright(reading) and reading.sharp < _VERY_SHARP:
        return False
    if aspect >= _LINE_ASPECT or letters >= 5:
        return True
    if _WHOLE_WORD.search(reading.text):
        return reading.score >= (_SCORE_SHARP if is_ink else _SCORE_WHOLE_WORD) and reading.text.strip() not in _FRAMES
    return letters >= 3 or (signs == 2 and letters > 0 and reading.score >= (_SCORE_SHARP if is_ink else _SCORE_PAIR))


def _highest(reading: Reading, letters: int, aspect: float) -> float:
    """How high a line may be to be taken for letters, as a share of the film's shorter side."""
    if aspect >= _SHARP_LINE and reading.sharp >= _SHARP:
        return _HIGH_INK
    if letters >= _FEW and reading.found >= _FOUND_CLEARLY:
        return _HIGH_LETTERS
    if aspect >= _LONG_LINE and (letters > 1 or aspect >= _VERY_LONG_LINE):
        return _HIGH_LINE
    return _LARGE if letters > 1 else _HIGH_SIGN


def _is_upright(reading: Reading) -> bool:
    """Read downwards or upwards."""
    across, down = np.abs(reading.quad[1] - reading.quad[0])
    return bool(down > across)


def _is_line(reading: Reading) -> bool:
    return reading.length >= _LINE_ASPECT * reading.height


def _letters(text: str) -> int:
    """How much of a name `text` can be, in letters of an alphabet: where a letter is a syllable or a word, it is two."""
    return sum(letter.isalnum() for letter in text) + len(_WHOLE_WORD.findall(text))


def _is_scrap(reading: Reading) -> bool:
    return 1 <= _letters(reading.text) <= 3 and not is_marker(reading.text)


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

    def grown(self, seen: Grey) -> "Part":
        """Longer by letters that were not read."""
        return Part(grown(seen, self.quad, self.first, self.last), self.first, self.last)

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
    for start, end in [(0.0, 1.0)] if look else _spans_without_markers(line):
        yield Part(sliced(line.quad, start, end), first=start == 0.0, last=end == 1.0)


def _spans_without_markers(line: Reading) -> list[tuple[float, float]]:
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
        if len(word[0]) > 1 and _is_marker_word(_folded(word[0])):
            yield word.span()
    if text[-1:].upper() in SIDES and _stands_apart(line, len(text) - 1, len(text) - 2):
        yield len(text) - 1, len(text)


def _stands_apart(line: Reading, side: int, beside: int) -> bool:
    """Parted from the letter beside it by a space, or, when the reader lost that, by the room of several letters."""
    if not 0 <= beside < len(line.text):
        return False
    gap, usual = abs(line.at[side] - line.at[beside]), float(np.median(np.abs(np.diff(line.at))))
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
    inked = ink[rim:-rim].any(axis=0)
    left, right = _reach(inked[:room][::-1], gap), _reach(inked[-room:], gap)
    return sliced(quad, -left / length if first else 0.0, 1 + right / length if last else 1.0)


def _reach(inked: NDArray[np.bool_], gap: int) -> int:
    """How many columns it is to the last ink that comes without a gap."""
    reached = 0
    for at in np.flatnonzero(inked):
        if at - reached > gap:
            break
        reached = int(at) + 1
    return reached


def tightened(seen: Grey, quad: Quad) -> Quad:
    """The box without its outer rows, as long as nothing at all stands out in them: the detector leaves a lot of room.

    What crosses them, be it a rib, keeps them.
    """
    strip = cut(seen, quad)
    height = len(strip)
    if min(strip.shape) < _TIGHT:
        return quad
    off = cv2.absdiff(strip, cv2.medianBlur(strip, min(255, 2 * height + 1)))
    inked = np.flatnonzero(off.max(axis=1) > _TRACE * np.percentile(off, _INK))
    top, bottom = (inked[0] / height, (inked[-1] + 1) / height) if len(inked) else (0.0, 1.0)
    left, right = quad[3] - quad[0], quad[2] - quad[1]
    corners = (quad[0] + left * top, quad[1] + right * top, quad[1] + right * bottom, quad[0] + left * bottom)
    return np.asarray(corners, np.float32)


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


def _beside(region: Region, words: Sequence[Region]) -> Iterator[Region]:
    """What lies left and right of marker words that another look saw in the middle of a line."""
    left, right = region.x, region.x + region.w
    for word in sorted(words, key=lambda word: word.x):
        inside = word.x < right and word.x + word.w > left and region.y < word.y + word.h / 2 < region.y + region.h
        if inside and region.w > region.h:
            if word.x > left:
                yield Region(left, region.y, word.x - left, region.h)
            left = max(left, word.x + word.w)
    if right > left:
        yield Region(left, region.y, right - left, region.h)


def _touch(a: Region, b: Region) -> bool:
    return a.x < b.x + b.w and b.x < a.x + a.w and a.y < b.y + b.h and b.y < a.y + a.h


def _bounds(quad: Quad, margin: float, shape: tuple[int, ...]) -> Region:
    left, top = (max(0, int(edge)) for edge in np.floor(quad.min(axis=0) - margin))
    right, bottom = (int(edge) for edge in np.ceil(quad.max(axis=0) + margin))
    return Region(left, top, max(1, min(shape[1], right) - left), max(1, min(shape[0], bottom) - top))


def fill(pixels: NDArray[np.generic], region: Region) -> None:
    """Paints a region with the median of the ring around it, in place, in the stored values."""
    top, left, bottom, right = region.y, region.x, region.y + region.h, region.x + region.w
    ring = [
        pixels[max(0, top - 2) : top, left:right],
        pixels[bottom : bottom + 2, left:right],
        pixels[top:bottom, max(0, left - 2) : left],
        pixels[top:bottom, right : right + 2],
    ]
    channels = pixels.shape[2:] or (1,)
    around = np.concatenate([strip.reshape(-1, *channels) for strip in ring])
    if len(around):
        value = np.sort(around, axis=0)[len(around) // 2]
        pixels[top:bottom, left:right] = value if pixels.ndim == 3 else value[0]

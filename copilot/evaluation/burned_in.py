"""How well burned-in text is removed from real films: share masked, markers kept, area covered, time.

Draws identifiers, names in many scripts, names of two letters and markers on films with fonts, sizes, positions and
contrasts drawn at random, and scores masked regions on the drawn ink itself. Development and held part share neither
films nor fonts nor, but for a few scripts, the origins of names. Knows maskers by their public face only.
"""

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np
from faker import Faker
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from copilot.errors import InputUnusable
from guardrails.pixels import BurnedInText
from guardrails.types import ImageRefused, Region

Grey = NDArray[np.uint8]

SIDES = (384, 512, 768, 1024, 1536, 2048, 3000)
SIZES = (12, 13, 14, 16, 18, 22, 28, 36, 48, 64)  # font size in pixels
LEAST_CONTRAST = 40  # grey levels of 255 between the ink and the median behind it
ROOM = 0.012  # share of a film that the boxes of all texts take at most
FULLY = 0.98  # share of a text's ink that must be covered to call it masked
TOUCHED = 0.05  # share of a marker's ink that may be covered before it is lost

FONTS = {
    "dev": (
        "DejaVuSans.ttf",
        "DejaVuSans-Bold.ttf",
        "DejaVuSansCondensed.ttf",
        "LiberationSans-Regular.ttf",
        "LiberationSerif-Bold.ttf",
        "LiberationMono-Regular.ttf",
        "hershey:0",
    ),
    "held": (
        "DejaVuSerif.ttf",
        "DejaVuSansMono.ttf",
        "LiberationMono-Bold.ttf",
        "LiberationSansNarrow-Regular.ttf",
        "LiberationSerif-Italic.ttf",
        "LiberationSans-BoldItalic.ttf",
        "hershey:2",
        "hershey:3",
    ),
}


@dataclass(frozen=True, slots=True)
class Script:
    """A writing system, the origins of names in it, and fonts that have it."""

    name: str
    locales: tuple[str, ...]
    fonts: tuple[str, ...]


_SANS = ("NotoSans-Regular.ttf", "DejaVuSans.ttf", "LiberationSans-Regular.ttf")
_SERIF = ("NotoSerif-Regular.ttf", "DejaVuSerif.ttf", "LiberationMono-Bold.ttf")
SCRIPTS = {
    "dev": (
        Script("Cyrillic", ("ru_RU",), _SANS),
        Script("Greek", ("el_GR",), _SANS),
        Script("Hebrew", ("he_IL",), ("NotoSansHebrew-Regular.ttf", "DejaVuSans.ttf")),
        Script("Arabic", ("ar_SA",), ("NotoSansArabic-Regular.ttf", "DejaVuSans.ttf")),
        Script("Devanagari", ("hi_IN",), ("NotoSansDevanagari-Regular.ttf",)),
        Script("Hangul", ("ko_KR",), ("NotoSansCJK-Regular.ttc",)),
        Script("Han", ("zh_CN",), ("NotoSansCJK-Regular.ttc",)),
        Script("Kana and Han", ("ja_JP",), ("NotoSansCJK-Regular.ttc",)),
    ),
    "held": (
        Script("Cyrillic", ("uk_UA", "bg_BG"), _SERIF),
        Script("Greek", ("el_GR",), _SERIF),
        Script("Hebrew", ("he_IL",), ("NotoSerifHebrew-Bold.ttf", "NotoSansHebrew-Bold.ttf")),
        Script("Arabic", ("fa_IR", "ar_PS"), ("NotoNaskhArabic-Regular.ttf", "NotoSansArabic-Bold.ttf")),
        Script("Devanagari", ("ne_NP",), ("NotoSerifDevanagari-Regular.ttf", "NotoSansDevanagari-Bold.ttf")),
        Script("Hangul", ("ko_KR",), ("NotoSerifCJK-Regular.ttc", "NotoSansCJK-Bold.ttc")),
        Script("Han", ("zh_TW",), ("NotoSerifCJK-Regular.ttc", "NotoSansCJK-Bold.ttc")),
        Script("Kana and Han", ("ja_JP",), ("NotoSerifCJK-Regular.ttc", "NotoSansCJK-Bold.ttc")),
        Script("Thai", ("th_TH",), ("NotoSansThai-Regular.ttf", "NotoSerifThai-Regular.ttf")),
        Script("Tamil", ("ta_IN",), ("NotoSansTamil-Regular.ttf", "NotoSerifTamil-Regular.ttf")),
        Script("Bengali", ("bn_BD",), ("NotoSansBengali-Regular.ttf", "NotoSerifBengali-Regular.ttf")),
        Script("Georgian", ("ka_GE",), ("NotoSansGeorgian-Regular.ttf", "NotoSerifGeorgian-Regular.ttf")),
        Script("Armenian", ("hy_AM",), ("NotoSansArmenian-Regular.ttf", "NotoSerifArmenian-Regular.ttf")),
    ),
}
_SHORT_NAMES = {
    "dev": ("Li", "Wu", "Ng", "Xu", "Ma", "Yu", "Ek", "Do"),
    "held": ("Ho", "Oh", "Ko", "Qi", "Tu", "Vo", "Su", "He", "By", "Ha"),
}
LATIN, SHORT = "Latin", "Latin, two letters"
_LOCALES = {"dev": ("en_US", "de_DE", "es_ES", "pl_PL"), "held": ("en_GB", "en_IN", "fr_FR", "nl_NL", "it_IT")}
_PLACES = {
    "dev": ("ST MARY HOSPITAL", "General Hospital Dept. of Radiology", "Mercy Clinic", "Ward 7B Lakeside"),
    "held": ("NORTHSIDE MEDICAL CENTER", "Klinikum am Park", "County Infirmary ICU 3", "Royal Victoria, Bed 12"),
}
_LABELS = {"dev": ("MRN", "ID", "Pat.ID:", "Acc#"), "held": ("MRN:", "Patient ID", "UHID", "Accession No")}
MARKERS = (
    *("L", "R", "AP", "PA", "PORTABLE", "ERECT", "SUPINE", "UPRIGHT", "LEFT", "RIGHT"),
    *("SEMI-ERECT", "AP ERECT", "PA ERECT", "L AP", "MOBILE", "SITTING"),
)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Masker(Protocol):
    """What is measured: `masker()`, or another."""

    def __call__(self, film: Grey) -> Sequence[Region]:
        """Where text was painted over. Raises ImageRefused."""


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """One text on a film: its ink as a mask, where it stands, and whether it must go or stay."""

    words: str
    script: str
    size: int
    font: str
    contrast: int
    style: str
    turn: int
    ink: NDArray[np.bool_]
    at: tuple[int, int]
    stays: bool

    def covered(self, mask: NDArray[np.bool_]) -> float:
        """Share of the ink that lies in the mask."""
        (h, w), (x, y) = self.ink.shape, self.at
        return float(mask[y : y + h, x : x + w][self.ink].mean())


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """A film with texts on it; without any when only false alarms are asked for."""

    film: Grey
    drawn: tuple[Drawn, ...] = ()

    @property
    def side(self) -> int:
        """The longer one, in pixels."""
        return int(max(self.film.shape))


@dataclass(slots=True)
class Score:
    """Counts over all films; `missed` and `lost` say what went wrong, in words that were made up here."""

    films: int = 0
    refused: int = 0
    texts: int = 0
    masked: int = 0
    markers: int = 0
    markers_lost: int = 0
    areas: list[float] = field(default_factory=list)  # share of each film covered
    wrong_areas: list[float] = field(default_factory=list)  # of these, where nothing was drawn
    seconds: list[tuple[int, float]] = field(default_factory=list)  # (longer side, wall clock)
    cpu_seconds: list[float] = field(default_factory=list)  # of all threads: tells a busy machine from a slow method
    missed: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    texts_by: Counter[str] = field(default_factory=Counter)  # "size 12", "contrast 40-59", "side 1024", ...
    missed_by: Counter[str] = field(default_factory=Counter)

    @property
    def recall(self) -> float:
        """Share of identifiers of which the ink is covered."""
        return self.masked / max(1, self.texts)

    @property
    def by_script(self) -> dict[str, str]:
        """How many of how many were masked."""
        scripts = sorted(name for name in self.texts_by if name.startswith("script "))
        return {
            name.removeprefix("script "): f"{self.texts_by[name] - self.missed_by[name]} of {self.texts_by[name]}"
            for name in scripts
        }


def masker() -> Masker:
    """The product's own, as the image gate uses it."""
    burned_in = BurnedInText()
    return lambda film: burned_in.mask(film.astype(np.float32) / 255, np.asarray).masked


def evaluate(masker: Masker, folder: Path, part: str, count: int, seed: int) -> Score:
    """Draws on `count` films below `folder` and masks them. Raises InputUnusable without films or fonts."""
    return scored(masker, examples(folder, part, count, seed))


def evaluate_clean(masker: Masker, folder: Path, part: str, count: int, seed: int) -> Score:
    """Masks `count` films as they are: what is covered is wrong, but for text that the film came with."""
    return scored(masker, (Example(film) for film in _films(folder, part, count, random.Random(seed))))  # noqa: S311


def scored(masker: Masker, films: Iterator[Example]) -> Score:
    """Runs the masker over the examples."""
    score = Score()
    masker(np.zeros((256, 256), np.uint8))  # the models load outside of the clock
    for example in films:
        start, start_cpu = time.perf_counter(), time.process_time()
        try:
            regions = masker(example.film)
        except ImageRefused:
            regions = None
        score.seconds.append((example.side, time.perf_counter() - start))
        score.cpu_seconds.append(time.process_time() - start_cpu)
        score.films += 1
        if regions is None:
            score.refused += 1
        else:
            add(score, example, regions)
    return score


def add(score: Score, example: Example, regions: Sequence[Region]) -> None:
    """Adds one film that was not refused."""
    mask, meant = _union(regions, example.film.shape), np.zeros(example.film.shape, bool)
    for text in example.drawn:
        (h, w), (x, y), room = text.ink.shape, text.at, text.size
        meant[max(0, y - room) : y + h + room, max(0, x - room) : x + w + room] = True
        share = text.covered(mask)
        label = (
            f"{text.words!r} {text.font} {text.size}px contrast {text.contrast} {text.style} turned {text.turn} "
            f"on {example.side} at {text.at} covered {share:.0%}"
        )
        if text.stays:
            score.markers += 1
            if share > TOUCHED:
                score.markers_lost += 1
                score.lost.append(label)
            continue
        score.texts += 1
        score.texts_by.update(_classes(example, text))
        if share >= FULLY:
            score.masked += 1
        else:
            score.missed.append(label)
            score.missed_by.update(_classes(example, text))
    score.areas.append(float(mask.mean()))
    score.wrong_areas.append(float((mask & ~meant).mean()))


def _classes(example: Example, text: Drawn) -> tuple[str, ...]:
    low = next(low for low in (200, 120, 80, 60, 40, 0) if text.contrast >= low)
    turn = text.turn if text.turn % 90 == 0 else "slanted"
    side = min(SIDES, key=lambda side: abs(side - example.side))
    return (
        f"script {text.script}",
        *(f"size {text.size}", f"contrast {low}+", f"side {side}", f"font {text.font}", text.style, f"turned {turn}"),
    )


def _union(regions: Sequence[Region], shape: tuple[int, ...]) -> NDArray[np.bool_]:
    mask = np.zeros(shape[:2], bool)
    for region in regions:
        mask[region.y : region.y + region.h, region.x : region.x + region.w] = True
    return mask


# --- films ----------------------------------------------------------------------------------------------------------


def examples(
    folder: Path, part: str, count: int, seed: int, fonts: Sequence[str] = (), sides: Sequence[int] = SIDES
) -> Iterator[Example]:
    """Films with two markers, a name in another script or of two letters, and two to four identifiers each.

    As far as there is room. With `fonts` no other script is drawn.
    """
    rng = random.Random(seed)  # noqa: S311
    scripts = () if fonts else usable_scripts(part)
    fonts = fonts or usable_fonts(part)
    words = _Words(part, rng)
    for film in _films(folder, part, count, rng, sides):
        canvas = _Canvas(film, rng, fonts)
        for _ in range(2):
            canvas.write([rng.choice(MARKERS)], stays=True)
        other = rng.choice((None, None, *scripts))
        if other:
            canvas.write([words.name_in(other)], stays=False, script=other.name, fonts=other.fonts)
        else:
            canvas.write([words.short_name()], stays=False, script=SHORT)
        for _ in range(rng.randint(2, 4)):
            block = rng.random() < 0.15
            canvas.write([words.identifier() for _ in range(rng.randint(2, 4) if block else 1)], stays=False)
        yield Example(_aged(canvas.film, rng), tuple(canvas.drawn))


def _films(folder: Path, part: str, count: int, rng: random.Random, sides: Sequence[int] = SIDES) -> Iterator[Grey]:
    """Real films at all sides in turn: the first half of the files for `dev`, the second for `held`."""
    paths = sorted(path for path in folder.rglob("*.[pj][np]g") if not path.stem.endswith("_mask"))
    usable = [path for path in paths if min(Image.open(path).size) >= 384]
    if len(usable) < 2:
        raise InputUnusable("There are no films of 384 pixels and more in the folder; name one that holds some.")
    half = usable[: len(usable) // 2] if part == "dev" else usable[len(usable) // 2 :]
    for at in range(count):
        film = np.asarray(Image.open(rng.choice(half)).convert("L"))
        scale = sides[at % len(sides)] / max(film.shape)
        film = cv2.resize(film, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
        yield _framed(np.asarray(film, np.uint8), rng)


def _framed(film: Grey, rng: random.Random) -> Grey:
    """As it is, or with a black collimation border, or negative."""
    kind = rng.random()
    if kind < 0.2:
        edge = int(max(film.shape) * rng.uniform(0.02, 0.08))
        film[:edge], film[-edge:], film[:, :edge], film[:, -edge:] = 0, 0, 0, 0
    return np.asarray(255 - film, np.uint8) if kind > 0.92 else film


def _aged(film: Grey, rng: random.Random) -> Grey:
    """As it is, or through JPEG, or with noise."""
    kind = rng.random()
    if kind < 0.2:
        _, packed = cv2.imencode(".jpg", film, [cv2.IMWRITE_JPEG_QUALITY, rng.randint(70, 95)])
        return np.asarray(cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE), np.uint8)
    if kind < 0.35:
        noise = np.random.default_rng(rng.getrandbits(32)).normal(0, rng.uniform(2, 6), film.shape)
        return np.asarray(np.clip(film + noise, 0, 255), np.uint8)
    return film


# --- words ----------------------------------------------------------------------------------------------------------


class _Words:
    """Lines of the kind that acquisition software burns in."""

    def __init__(self, part: str, rng: random.Random) -> None:
        self._part, self._rng = part, rng
        self._people = [Faker(locale) for locale in _LOCALES[part]]
        for at, people in enumerate(self._people):
            people.seed_instance(rng.getrandbits(32) + at)

    def identifier(self) -> str:
        """A name, a number, a date, a place, or several of them."""
        rng = self._rng
        makers: tuple[Callable[[], str], ...] = (
            self._name,
            self._name,
            lambda: f"{self._name()} {rng.randint(20, 99)}Y {rng.choice('MF')}",
            lambda: f"{rng.choice(_LABELS[self._part])} {rng.randint(10_000, 99_999_999)}",
            lambda: f"{rng.choice(('', 'A', 'CR-', 'RX'))}{rng.randint(1_000_000, 99_999_999)}",
            self._date,
            lambda: f"DOB {self._date()}",
            lambda: f"{self._date()} {rng.randint(0, 23):02d}:{rng.randint(0, 59):02d}:{rng.randint(0, 59):02d}",
            lambda: rng.choice(_PLACES[self._part]),
            lambda: f"Ref: Dr {rng.choice(self._people).last_name()}",
            lambda: f"Tel {rng.randint(200, 989)}-{rng.randint(100, 999)}-{rng.randint(1000, 9999)}",
            lambda: f"{rng.choice(('R', 'L', 'AP', 'PORTABLE'))} {self._name()}",  # a marker shields nothing
        )
        return rng.choice(makers)()

    def name_in(self, script: Script) -> str:
        """A name in another script: whole, or its surname only."""
        people = _people(self._rng.choice(script.locales))
        people.seed_instance(self._rng.getrandbits(32))
        return str(self._rng.choice((people.name, people.last_name))())

    def short_name(self) -> str:
        """A name of two letters."""
        name = self._rng.choice(_SHORT_NAMES[self._part])
        return self._rng.choice((name, name.upper()))

    def _name(self) -> str:
        people = self._rng.choice(self._people)
        first, last = people.first_name(), people.last_name()
        order = self._rng.choice(
            ("{last}, {first}", "{first} {last}", "{last}^{first}", "{last}", "{first[0]}. {last}")
        )
        name = order.format(first=first, last=last)
        return self._rng.choice((name, name, name.upper(), name.upper(), name.lower()))

    def _date(self) -> str:
        day, month, year = self._rng.randint(1, 28), self._rng.randint(1, 12), self._rng.randint(1930, 2025)
        return self._rng.choice(
            (
                f"{day:02d}/{month:02d}/{year}",
                f"{month}/{day}/{year}",
                f"{year}-{month:02d}-{day:02d}",
                f"{day:02d}.{month:02d}.{year}",
                f"{day:02d}-{_MONTHS[month - 1]}-{year}",
                f"{day} {_MONTHS[month - 1].upper()} {year}",
                f"{year}{month:02d}{day:02d}",
            )
        )


@cache
def _people(locale: str) -> Faker:
    return Faker(locale)


# --- drawing --------------------------------------------------------------------------------------------------------


def usable_fonts(part: str) -> tuple[str, ...]:
    """The fonts of a part that this machine has. Raises InputUnusable with fewer than three TrueType ones."""
    found = tuple(font for font in FONTS[part] if font.startswith("hershey") or _has(font))
    if sum(not font.startswith("hershey") for font in found) < 3:
        raise InputUnusable("Too few fonts to draw text with; install the DejaVu and Liberation fonts and retry.")
    return found


def usable_scripts(part: str) -> tuple[Script, ...]:
    """The scripts of a part with those of their fonts that this machine has."""
    had = (replace(script, fonts=tuple(filter(_has, script.fonts))) for script in SCRIPTS[part])
    return tuple(script for script in had if script.fonts)


def missing_fonts(part: str) -> tuple[str, ...]:
    """Those that the figures would be made without."""
    asked = dict.fromkeys((*FONTS[part], *(font for script in SCRIPTS[part] for font in script.fonts)))
    return tuple(font for font in asked if not font.startswith("hershey") and not _has(font))


@cache
def _has(font: str) -> bool:
    try:
        ImageFont.truetype(font, 12)
    except OSError:
        return False
    return True


@cache
def _face(font: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(font, size)


@cache
def _capital_height(face: int) -> float:
    """Of a Hershey font at scale 1, in pixels; measured, since the library's own figure is for another scale."""
    canvas = np.zeros((400, 400), np.uint8)
    cv2.putText(canvas, "H", (20, 300), face, 8, 255, 1)
    return float(np.ptp(np.flatnonzero(canvas.any(axis=1))) + 1) / 8


def glyphs(words: str, font: str, size: int) -> Grey:
    """The anti-aliased coverage of a line of text, trimmed to its ink."""
    if font.startswith("hershey"):
        face, thickness = int(font[-1]), max(1, size // 16)
        scale = 0.72 * size / _capital_height(face)  # capitals as high as in other fonts
        (width, height), base = cv2.getTextSize(words, face, scale, thickness)
        canvas = np.zeros((height + base + size, width + size), np.uint8)
        cv2.putText(canvas, words, (size // 2, height + size // 2), face, scale, 255, thickness, cv2.LINE_AA)
    else:
        left, top, right, bottom = _face(font, size).getbbox(words)
        picture = Image.new("L", (int(right - left) + 2 * size, int(bottom - top) + 2 * size))
        ImageDraw.Draw(picture).text((size - left, size - top), words, fill=255, font=_face(font, size))
        canvas = np.asarray(picture)
    return _trimmed(canvas)


def _marker_width(line: str, font: str, size: int) -> int:
    """Of a marker before an identifier, in pixels: that part may stay or go."""
    first, _, rest = line.partition(" ")
    return glyphs(first, font, size).shape[1] + 1 if rest and first in MARKERS else 0


def _trimmed(canvas: Grey) -> Grey:
    rows, columns = np.where(canvas > 0)
    return np.asarray(canvas[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1])


def _turned(cover: Grey, degrees: int) -> Grey:
    if degrees % 90 == 0:
        return np.asarray(np.rot90(cover, degrees // 90))
    return _trimmed(np.asarray(Image.fromarray(cover).rotate(degrees, Image.Resampling.BICUBIC, expand=True)))


class _Canvas:
    """A film and what was drawn on it."""

    def __init__(self, film: Grey, rng: random.Random, fonts: Sequence[str]) -> None:
        self.film, self._rng, self._fonts = film, rng, fonts
        self.drawn: list[Drawn] = []
        self._taken: list[Region] = []

    def write(self, lines: Sequence[str], *, stays: bool, script: str = LATIN, fonts: Sequence[str] = ()) -> None:
        """Draws a line, or a block of lines, where there is room and a font that has the letters."""
        rng = self._rng
        size = rng.choice([size for size in SIZES if size <= max(16, min(self.film.shape) // 24)])
        able = [font for font in fonts or self._fonts if not font.startswith("hershey") or all(map(str.isascii, lines))]
        if not able:
            return
        font = rng.choice(able)
        turn = 0 if stays or len(lines) > 1 or lines[0].split()[0] in MARKERS else _turn(rng)
        covers = [_turned(glyphs(line, font, size), turn) for line in lines]
        pitch = int(size * rng.uniform(1.25, 1.7))
        height = (len(lines) - 1) * pitch + max(cover.shape[0] for cover in covers)
        place = self._place(height, max(cover.shape[1] for cover in covers), 2 * size)
        if place is None:
            return
        style = rng.choice(("plain",) * 6 + ("boxed", "outlined", "shadowed"))
        for at, (line, cover) in enumerate(zip(lines, covers, strict=True)):
            x, y = place[0], place[1] + at * pitch
            contrast, visible = self._ink(cover, x, y, style, max(1, size // 12))
            ink = (cover > 100) & visible
            if turn == 0 and not stays:
                ink[:, : _marker_width(line, font, size)] = False
            if ink.any():
                self.drawn.append(Drawn(line, script, size, font, contrast, style, turn, ink, (x, y), stays))

    def _place(self, h: int, w: int, gap: int) -> tuple[int, int] | None:
        """Two in three texts stand at an edge, as burned-in ones do; the rest anywhere."""
        rng, (rows, columns) = self._rng, self.film.shape
        used = sum(region.w * region.h for region in self._taken)
        if h + 8 >= rows or w + 8 >= columns or h * w + used > ROOM * self.film.size:
            return None
        down, along = rows - h, columns - w
        for _ in range(20):
            x, y = rng.randint(0, along), rng.randint(0, down)
            if rng.random() < 0.67:
                top, left = min(down, rng.randint(2, 40)), min(along, rng.randint(2, 40))
                x, y = rng.choice((left, along - left, x)), rng.choice((top, down - top))
            if not any(_near(Region(x, y, w, h), other, gap) for other in self._taken):
                self._taken.append(Region(x, y, w, h))
                return x, y
        return None

    def _ink(self, cover: Grey, x: int, y: int, style: str, stroke: int) -> tuple[int, NDArray[np.bool_]]:
        """Draws in place; the ink lies at least LEAST_CONTRAST from the median behind it. Returns how far and where.

        A line may cross from black to bright: where its ink is as dark as the film, nothing can be seen.
        """
        rng, (h, w) = self._rng, cover.shape
        patch = self.film[y : y + h, x : x + w]
        if style == "boxed":
            room = 2 * stroke
            box = self.film[max(0, y - room) : y + h + room, max(0, x - room) : x + w + room]
            box[:] = rng.choice((0, 255))
        behind = int(np.median(patch))
        near = [behind + rng.randint(LEAST_CONTRAST, 140), behind - rng.randint(LEAST_CONTRAST, 140)]
        values = [v for v in (255, 255, 0, *near) if 0 <= v <= 255 and abs(v - behind) >= LEAST_CONTRAST]
        ink = rng.choice(values)
        visible = np.abs(patch.astype(np.int16) - ink) >= LEAST_CONTRAST // 2
        other = 0 if ink >= 128 else 255
        if style == "outlined":
            _blend(patch, cv2.dilate(cover, np.ones((2 * stroke + 1, 2 * stroke + 1), np.uint8)), other)
            visible[:] = True
        if style == "shadowed":
            _blend(patch, np.roll(cover, (stroke, stroke), (0, 1)), other)
        _blend(patch, cover, ink)
        return abs(ink - behind), visible


def _turn(rng: random.Random) -> int:
    kind = rng.random()
    if kind < 0.06:
        return rng.choice((90, 270))
    if kind < 0.08:
        return 180
    return rng.choice((-1, 1)) * rng.randint(2, 30) if kind < 0.12 else 0


def _near(a: Region, b: Region, gap: int) -> bool:
    apart = a.x > b.x + b.w + gap or b.x > a.x + a.w + gap or a.y > b.y + b.h + gap or b.y > a.y + a.h + gap
    return not apart


def _blend(patch: Grey, cover: Grey, value: int) -> None:
    share = cover.astype(np.float32) / 255
    patch[:] = np.rint(patch * (1 - share) + value * share).astype(np.uint8)

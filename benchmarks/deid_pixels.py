"""How well burned-in text is removed from real films: share masked, area covered, markers kept, time.

Draws identifiers and markers on the films of ../shared/data/cxr with fonts, sizes, positions and
contrasts drawn at random, runs the masker, and measures on the drawn ink itself. `--part held` uses
other fonts, words and films than `--part dev`.
Run: python benchmarks/deid_pixels.py [--part dev|held] [--films N] [--side PIXELS] [--json]
"""

import argparse
import json
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from guardrails.pixels import BurnedInText
from guardrails.types import ImageRefused, Region

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "cxr"
SIZES = (12, 13, 14, 16, 18, 22, 28, 36, 48, 64)  # font size in pixels
ROOM = 0.012  # share of a film that the boxes of all drawn texts take at most
FULLY = 0.98  # share of a text's ink that must be covered to call it masked

FONTS = {
    "dev": (
        "DejaVuSans.ttf",
        "DejaVuSans-Bold.ttf",
        "LiberationSans-Regular.ttf",
        "LiberationSerif-Bold.ttf",
        "hershey:0",
    ),
    "held": (
        "DejaVuSerif.ttf",
        "DejaVuSansMono.ttf",
        "LiberationMono-Bold.ttf",
        "LiberationSansNarrow-Regular.ttf",
        "LiberationSerif-Italic.ttf",
        "hershey:2",
        "hershey:3",
    ),
}
NAMES = {
    "dev": (
        "SMITH, JOHN",
        "Garcia Maria",
        "O'NEIL^PATRICK",
        "Nguyen Thi Lan",
        "KOWALSKI ANNA",
        "de Vries, J.",
    ),
    "held": (
        "OKAFOR^CHIDI",
        "Lindqvist Astrid",
        "RAMAN, PRIYA",
        "Abu Bakr H.",
        "Yamamoto Ken",
        "FITZGERALD, U.",
    ),
}
PLACES = {
    "dev": ("ST MARY HOSPITAL", "General Hospital Dept. of Radiology", "Mercy Clinic"),
    "held": ("NORTHSIDE MEDICAL CENTER", "Klinikum am Park", "County Infirmary ICU 3"),
}
MARKERS = ("L", "R", "AP", "PA", "PORTABLE", "ERECT", "SUPINE", "UPRIGHT", "LEFT", "RIGHT")


@dataclass(frozen=True)
class Drawn:
    """One text on a film: its ink as a mask, and whether it must go or stay."""

    words: str
    size: int
    font: str
    contrast: int
    ink: NDArray[np.bool_]
    at: tuple[int, int]
    stays: bool


@dataclass
class Tally:
    """What came of all films."""

    texts: int = 0
    masked: int = 0
    markers: int = 0
    lost: int = 0
    refused: int = 0
    areas: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    cpu_seconds: list[float] = field(default_factory=list)  # of all threads: tells a busy machine from a slow method
    missed: list[str] = field(default_factory=list)
    lost_words: list[str] = field(default_factory=list)


def identifier(rng: random.Random, part: str) -> str:
    """A line of the kind that acquisition software burns in."""
    day = f"{rng.randint(1, 28):02d}/{rng.randint(1, 12):02d}/{rng.randint(1930, 2024)}"
    return rng.choice(
        (
            rng.choice(NAMES[part]),
            rng.choice(PLACES[part]),
            f"{rng.choice(('MRN', 'ID', 'Pat.ID:', 'Acc#'))} {rng.randint(10_000, 99_999_999)}",
            f"DOB {day}",
            day,
            f"{day} {rng.randint(0, 23):02d}:{rng.randint(0, 59):02d}:{rng.randint(0, 59):02d}",
            f"{rng.choice(NAMES[part])} {rng.randint(20, 99)}Y {rng.choice('MF')}",
        )
    )


def glyphs(words: str, font: str, size: int) -> NDArray[np.uint8]:
    """The anti-aliased coverage of a line of text, trimmed to its ink."""
    if font.startswith("hershey"):
        face, scale = int(font[-1]), size / 30
        thickness = max(1, size // 16)
        (width, height), base = cv2.getTextSize(words, face, scale, thickness)
        canvas = np.zeros((height + base + size, width + size), np.uint8)
        cv2.putText(canvas, words, (size // 2, height + size // 2), face, scale, 255, thickness, cv2.LINE_AA)
    else:
        face_ = ImageFont.truetype(font, size)
        left, top, right, bottom = face_.getbbox(words)
        picture = Image.new("L", (int(right - left) + 2 * size, int(bottom - top) + 2 * size))
        ImageDraw.Draw(picture).text((size - left, size - top), words, fill=255, font=face_)
        canvas = np.asarray(picture)
    rows, columns = np.where(canvas > 0)
    return np.asarray(canvas[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1])


def draw(film: NDArray[np.uint8], rng: random.Random, part: str, taken: list[Region], *, stays: bool) -> Drawn | None:
    """Draws one text where no other is, in place. None when there is no room."""
    words = rng.choice(MARKERS) if stays else identifier(rng, part)
    largest = max(16, min(film.shape) // 24)
    size = rng.choice([s for s in SIZES if (16 if stays else 12) <= s <= largest])
    font = rng.choice(FONTS[part])
    cover = glyphs(words, font, size)
    if rng.random() < 0.08 and not stays:
        cover = np.rot90(cover, rng.choice((1, 3)))
    h, w = cover.shape
    if h + 8 >= film.shape[0] or w + 8 >= film.shape[1] or h * w + sum(r.w * r.h for r in taken) > ROOM * film.size:
        return None
    for _ in range(20):
        y, x = _position(rng, film.shape[0] - h, film.shape[1] - w)
        if not any(_near(Region(x, y, w, h), other, 2 * size) for other in taken):
            break
    else:
        return None
    taken.append(Region(x, y, w, h))
    patch = film[y : y + h, x : x + w]
    contrast = _blend(patch, cover, rng, boxed=rng.random() < 0.15)
    return Drawn(words, size, font, contrast, cover > 100, (x, y), stays)


def _position(rng: random.Random, rows: int, columns: int) -> tuple[int, int]:
    """Two in three texts stand at an edge, as burned-in ones do; the rest anywhere."""
    if rng.random() < 0.33:
        return rng.randint(0, rows), rng.randint(0, columns)
    edge = min(rows, rng.randint(2, 40)), min(columns, rng.randint(2, 40))
    return rng.choice((edge[0], rows - edge[0])), rng.choice((edge[1], columns - edge[1], rng.randint(0, columns)))


def _near(a: Region, b: Region, gap: int) -> bool:
    apart = a.x > b.x + b.w + gap or b.x > a.x + a.w + gap or a.y > b.y + b.h + gap or b.y > a.y + a.h + gap
    return not apart


def _blend(patch: NDArray[np.uint8], cover: NDArray[np.uint8], rng: random.Random, *, boxed: bool) -> int:
    """Ink at least 50 grey levels from what is behind it, lighter or darker; sometimes on a plain box."""
    if boxed:
        patch[:] = rng.choice((0, 255))
    behind = int(np.median(patch))
    choices = [v for v in (255, 255, 0, behind + rng.randint(60, 140), behind - rng.randint(60, 140)) if 0 <= v <= 255]
    ink = rng.choice([v for v in choices if abs(v - behind) >= 50])
    share = cover.astype(np.float32) / 255
    patch[:] = np.rint(patch * (1 - share) + ink * share).astype(np.uint8)
    return abs(ink - behind)


def films(part: str, count: int, side: int) -> Iterator[NDArray[np.uint8]]:
    """Real films: the first half of the files for `dev`, the second for `held`."""
    for folder in ("fullsize", "nih"):
        paths = sorted((DATA / folder).glob("*.[pj]*g"))
        half = paths[: len(paths) // 2] if part == "dev" else paths[len(paths) // 2 :]
        take = half if folder == "fullsize" else half[:: max(1, len(half) // max(1, count))][:count]
        for path in take[:count]:
            film = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
            yield cv2.resize(film, (side, side), interpolation=cv2.INTER_CUBIC)


def cover_of(regions: tuple[Region, ...], shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """The union of the regions."""
    mask = np.zeros(shape[:2], bool)
    for region in regions:
        mask[region.y : region.y + region.h, region.x : region.x + region.w] = True
    return mask


def score(tally: Tally, drawn: list[Drawn], mask: NDArray[np.bool_]) -> None:
    """Adds one film."""
    tally.areas.append(float(mask.mean()))
    for text in drawn:
        h, w = text.ink.shape
        x, y = text.at
        share = float(mask[y : y + h, x : x + w][text.ink].mean())
        label = f"{text.words!r} {text.font} {text.size}px contrast {text.contrast} covered {share:.0%}"
        if text.stays:
            tally.markers += 1
            if share > 0.05:
                tally.lost += 1
                tally.lost_words.append(label)
        else:
            tally.texts += 1
            if share >= FULLY:
                tally.masked += 1
            else:
                tally.missed.append(label)


def run(part: str, count: int, side: int, seed: int) -> Tally:
    """Draws on each film and masks it."""
    rng, tally, masker = random.Random(seed), Tally(), BurnedInText()  # noqa: S311
    masker.mask(np.zeros((256, 256), np.float32), np.asarray)  # the models load outside of the clock
    for film in films(part, count, side):
        taken: list[Region] = []
        wanted = [draw(film, rng, part, taken, stays=i < 2) for i in range(2 + rng.randint(2, 4))]
        drawn = [text for text in wanted if text is not None]
        start, start_cpu = time.perf_counter(), time.process_time()
        try:
            cleaned = masker.mask(film.astype(np.float32) / 255, np.asarray)
        except ImageRefused:
            tally.refused += 1
            continue
        tally.seconds.append(time.perf_counter() - start)
        tally.cpu_seconds.append(time.process_time() - start_cpu)
        score(tally, drawn, cover_of(cleaned.masked, film.shape))
    return tally


def clean_films(part: str, count: int, side: int) -> list[float]:
    """Share of the area masked on films on which nothing was drawn (some carry text of their own)."""
    masker, shares = BurnedInText(), []
    for film in films(part, count, side):
        cleaned = masker.mask(film.astype(np.float32) / 255, np.asarray)
        shares.append(float(cover_of(cleaned.masked, film.shape).mean()))
    return shares


def main() -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", choices=("dev", "held"), default="dev")
    parser.add_argument("--films", type=int, default=40)
    parser.add_argument("--side", type=int, default=1024)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--clean", action="store_true", help="films as they are, nothing drawn")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    if args.clean:
        shares = clean_films(args.part, args.films, args.side)
        print(json.dumps({"films": len(shares), "touched": sum(s > 0 for s in shares), "worst_area": max(shares)}))
        return
    tally = run(args.part, args.films, args.side, args.seed)
    figures = {
        "part": args.part,
        "films": len(tally.seconds),
        "refused": tally.refused,
        "texts": tally.texts,
        "masked": tally.masked,
        "markers": tally.markers,
        "markers_lost": tally.lost,
        "area_median": round(median(tally.areas), 5),
        "area_worst": round(max(tally.areas), 5),
        "seconds_median": round(median(tally.seconds), 3),
        "seconds_worst": round(max(tally.seconds), 3),
        "cpu_seconds_median": round(median(tally.cpu_seconds), 3),
    }
    print(json.dumps(figures, indent=None if args.json else 2))
    if not args.json:
        print("missed:", *tally.missed, sep="\n  ")
        print("markers lost:", *tally.lost_words, sep="\n  ")


if __name__ == "__main__":
    main()

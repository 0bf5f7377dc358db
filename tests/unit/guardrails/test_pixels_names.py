"""Names that are hard to read are masked too: other scripts, two letters, beside a marker, slanted. The real models."""

from dataclasses import replace
from importlib.resources import files

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from guardrails.markers import MARKERS, is_marker
from guardrails.pixels import BurnedInText, identifying
from guardrails.reader import Reading
from tests.unit.guardrails.test_pixels_burned_in import anything, covered, film, write

MASKER = BurnedInText()
FONTS = {
    "Noto Sans KR": ("pylopdf_fonts_ko", "NotoSansKR-Regular.otf"),  # Hangul, Han, Kana, Cyrillic and Greek
    "Noto Sans Arabic": ("pylopdf_fonts_ar", "NotoSansArabic-Variable.ttf"),
    "Noto Sans Hebrew": ("pylopdf_fonts_he", "NotoSansHebrew-Variable.ttf"),
    "Noto Serif Devanagari": ("pylopdf_fonts_hi", "NotoSerifDevanagari-Variable.ttf"),
}


def write_in(pixels: np.ndarray, words: str, font: str, at: tuple[int, int], size: int, slant: float = 0) -> np.ndarray:
    """Draws white in place, turned about its middle, and returns where the ink is."""
    package, name = FONTS[font]
    canvas = Image.new("L", pixels.shape[::-1])
    face = ImageFont.truetype(str(files(package).joinpath(name)), size)
    assert ImageDraw.Draw(canvas).textlength(words, font=face) > 0.5 * size
    ImageDraw.Draw(canvas).text(at, words, fill=255, font=face)
    cover = np.asarray(canvas.rotate(slant, Image.Resampling.BICUBIC), np.float32) / 255
    pixels += cover * (1 - pixels)
    return cover > 0.4


@pytest.mark.parametrize("size", [16, 28])
@pytest.mark.parametrize(
    ("words", "font"),
    [
        ("김철수", "Noto Sans KR"),
        ("박지성 1981", "Noto Sans KR"),
        ("김철", "Noto Sans KR"),
        ("李娜", "Noto Sans KR"),
        ("山田 太郎", "Noto Sans KR"),
        ("さくら", "Noto Sans KR"),
        ("Иванов Пётр", "Noto Sans KR"),
        ("Παπαδόπουλος", "Noto Sans KR"),
        ("محمد عبد الله", "Noto Sans Arabic"),
        ("فاطمة", "Noto Sans Arabic"),
        ("כהן דוד", "Noto Sans Hebrew"),
        ("राजेश कुमार", "Noto Serif Devanagari"),
        ("शर्मा", "Noto Serif Devanagari"),
    ],
)
def test_a_name_in_another_script_is_masked(words: str, font: str, size: int) -> None:
    """Whether or not the recogniser was ever taught to read it."""
    pixels = film()
    where = write_in(pixels, words, font, (40, 460), size)
    assert covered(MASKER.mask(pixels, np.asarray), where) > 0.98


@pytest.mark.parametrize("words", ["Li", "WU", "Ng", "XU", "Ma"])
@pytest.mark.parametrize("size", [16, 26])
def test_a_name_of_two_letters_is_masked(words: str, size: int) -> None:
    """Alone, as some names are."""
    pixels = film()
    where = write(pixels, words, (40, 460), size)
    assert covered(MASKER.mask(pixels, np.asarray), where) > 0.98


@pytest.mark.parametrize("words", ["LT", "RT", "LL", "RL", "PA", "AP", "LAT"])
def test_markers_of_two_letters_stay(words: str) -> None:
    """They are no names."""
    pixels = film()
    write(pixels, words, (300, 30), 28)
    assert MASKER.mask(pixels, np.asarray).masked == ()


@pytest.mark.parametrize(("words", "side"), [("R  SMITH", "R"), ("R SMITH", "R"), ("JONES  L", "L")])
def test_a_side_in_line_with_a_name_stays_and_the_name_goes(words: str, side: str) -> None:
    """The box is split between them."""
    pixels = film()
    whole = write(pixels, words, (60, 460), 28)
    columns = np.flatnonzero(whole.any(axis=0))
    at = columns < columns[0] + 16 if side == "R" else columns > columns[-1] - 14
    of_side = np.zeros_like(whole)
    of_side[:, columns[at]] = whole[:, columns[at]]
    cleaned = MASKER.mask(pixels, np.asarray)
    assert covered(cleaned, of_side) < 0.05
    assert covered(cleaned, whole & ~of_side) > 0.98


@pytest.mark.parametrize("slant", [8, 20, 35, -15])
def test_the_mask_of_slanted_text_follows_it(slant: float) -> None:
    """And is no upright rectangle around it, which would take the film away with the name."""
    pixels = film(768)
    where = write_in(pixels, "BAKERSFIELD, TOM 1954", "Noto Sans KR", (240, 360), 24, slant)
    cleaned = MASKER.mask(pixels, np.asarray)
    mask = np.zeros(where.shape, bool)
    for region in cleaned.masked:
        mask[region.y : region.y + region.h, region.x : region.x + region.w] = True
    rows, columns = (np.ptp(np.flatnonzero(where.any(axis=axis))) for axis in (1, 0))
    assert mask[where].mean() > 0.98
    assert mask.sum() < 0.65 * rows * columns or mask.sum() < 2.2 * 24 * 1.4 * np.hypot(rows, columns)


def test_wires_clips_and_grids_are_no_names() -> None:
    """Leads with their buttons, a row of clips, a grid and a scale leave less than half a percent masked."""
    canvas = Image.new("L", (1024, 1024))
    draw = ImageDraw.Draw(canvas)
    for at in (200, 500, 760):
        draw.line([(at, 0), (at + 60, 400), (at - 40, 1023)], fill=255, width=4)
        draw.ellipse((at + 40, 380, at + 80, 420), outline=255, width=6)
    for step in range(8):
        draw.rectangle((600, 500 + 26 * step, 612, 506 + 26 * step), fill=255)
        draw.line([(1000, 300 + 40 * step), (1015, 300 + 40 * step)], fill=255, width=2)
    for step in range(0, 300, 12):
        draw.line([(80 + step, 700), (80 + step, 1000)], fill=60, width=1)
    pixels = film(1024)
    cover = np.asarray(canvas, np.float32) / 255
    pixels += cover * (1 - pixels)
    masked = sum(region.w * region.h for region in MASKER.mask(pixels, np.asarray).masked)
    assert masked < 0.005 * pixels.size


def reading(text: str, height: float, length: float, score: float, found: float) -> Reading:
    """A level line at (100, 100) as the reader gives it."""
    corners = ((100, 100), (100 + length, 100), (100 + length, 100 + height), (100, 100 + height))
    return Reading(np.asarray(corners, np.float32), text, score, tuple(0.5 for _ in text), found=found)


@pytest.mark.parametrize("words", ["RIGT", "Settauinahme", "Settrauinahme", "Jlegend", "TTING", "PORTABL", "CEFT"])
def test_markers_with_letters_lost_or_misread_are_known(words: str) -> None:
    """A fourth of the letters in the longest, a third of the start or two that look alike in long ones."""
    assert is_marker(words)
    assert words.upper() not in MARKERS


def test_a_letter_of_a_marker_is_no_name() -> None:
    """The detector may box the end of a word once more; a name beside the word stays one."""
    marker, name = reading("UPRIGHT", 28, 98, 0.92, 0.7), reading("李", 24, 24, 0.95, 0.8)
    assert identifying([name], [], anything) == [name]
    assert identifying([marker, name], [], anything) == []
    beside = Reading(name.quad + np.float32([150, 0]), "李", 0.95, (0.5,), found=0.8)
    assert identifying([marker, beside], [], anything) == [beside]


@pytest.mark.parametrize("at", [(4, 460), (380, 460)])
def test_a_mask_near_the_edge_reaches_it(at: tuple[int, int]) -> None:
    """A letter that a bright border swallows there is not left out."""
    pixels = film()
    write(pixels, "SMITH, JOHN", at, 24)
    x = at[0]
    regions = BurnedInText().mask(pixels, np.asarray).masked
    assert any(region.x == 0 if x < 100 else region.x + region.w == 512 for region in regions)


def test_a_long_sign_that_hardly_reads_as_a_side_is_no_marker() -> None:
    """A word in a script that is not known may read as one; a side that reads well stays."""
    word = replace(reading("L", 32, 48, 0.55, 0.6), sharp=0.95)
    assert identifying([word], [], anything) == [word]
    assert identifying([replace(word, score=0.95)], [], anything) == []

"""Burned-in text goes, markers and anatomy stay, and nothing outside of the mask changes. Reads with the real models."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from guardrails.markers import MARKERS, is_marker
from guardrails.pixels import (
    BurnedInText,
    Cleaned,
    Part,
    fill,
    grown,
    identifying,
    spans_without_markers,
    tightened,
    without,
)
from guardrails.reader import Reader, Reading
from guardrails.recognizers.lexicon import names
from guardrails.types import ImageRefused, Region

MASKER = BurnedInText()


def anything(_: Reading) -> bool:
    """Stands for a classifier that takes every box for lettering."""
    return True


def film(side: int = 512) -> np.ndarray:
    """Two dark lungs on a brighter body: float32, 0..1, without text."""
    rows, columns = np.mgrid[0:side, 0:side] / side
    lungs = np.exp(-(((columns - 0.3) / 0.12) ** 2 + ((rows - 0.5) / 0.3) ** 2))
    lungs += np.exp(-(((columns - 0.7) / 0.12) ** 2 + ((rows - 0.5) / 0.3) ** 2))
    return np.asarray(0.65 - 0.45 * lungs, np.float32)


def write(pixels: np.ndarray, words: str, at: tuple[int, int], size: int = 18, ink: float = 1.0) -> np.ndarray:
    """Draws in place and returns where the ink is."""
    canvas = Image.new("L", pixels.shape[::-1])
    ImageDraw.Draw(canvas).text(at, words, fill=255, font=ImageFont.load_default(size))
    cover = np.asarray(canvas, np.float32) / 255
    pixels += cover * (ink - pixels)
    return cover > 0.4


def covered(cleaned: Cleaned, ink: np.ndarray) -> float:
    mask = np.zeros(ink.shape, bool)
    for region in cleaned.masked:
        mask[region.y : region.y + region.h, region.x : region.x + region.w] = True
    return float(mask[ink].mean())


@pytest.mark.parametrize("size", [12, 16, 28])
@pytest.mark.parametrize("ink", [0.0, 1.0])
def test_a_name_is_masked_in_either_polarity(size: int, ink: float) -> None:
    """Dark and light text of 12 px and more."""
    pixels = film()
    where = write(pixels, "OKAFOR, CHIDI 4711", (20, 470), size, ink)
    assert covered(MASKER.mask(pixels, np.asarray), where) > 0.98


@pytest.mark.parametrize("words", ["L", "R", "AP", "PORTABLE", "ERECT", "SUPINE"])
def test_markers_stay(words: str) -> None:
    """Side, projection and position are left, and a film with nothing else is not touched."""
    pixels = film()
    write(pixels, words, (300, 30), 30)
    assert MASKER.mask(pixels, np.asarray).masked == ()


def test_a_marker_stays_beside_a_name() -> None:
    """Both on one film: one goes, the other does not."""
    pixels = film()
    name, marker = write(pixels, "MRN 00482913", (20, 20)), write(pixels, "PORTABLE", (380, 470))
    cleaned = MASKER.mask(pixels, np.asarray)
    assert covered(cleaned, name) > 0.98
    assert covered(cleaned, marker) == 0


def test_depth_outside_of_the_mask_is_kept_exactly() -> None:
    """16-bit values come back bit for bit; under the mask they lie within those around it."""
    pixels = film()
    write(pixels, "SMITH JOHN 12/03/1958", (20, 20))
    stored = np.asarray(pixels * 60_000, np.uint16)
    cleaned = MASKER.mask(stored, lambda values: np.asarray(values, np.float32) / 60_000)
    inside = np.zeros(stored.shape, bool)
    for region in cleaned.masked:
        inside[region.y : region.y + region.h, region.x : region.x + region.w] = True
    assert cleaned.pixels.dtype == np.uint16
    assert (cleaned.pixels[~inside] == stored[~inside]).all()
    assert 0 < inside.mean() < 0.04
    assert cleaned.pixels[inside].max() < 45_000


def test_text_must_be_gone_from_every_picture() -> None:
    """What one window hides is found in the other picture of the same values."""
    pixels = film() * 0.5 + 0.5
    where = write(pixels, "SMITH JOHN 4711", (20, 20), ink=0.98)
    hidden = np.asarray(np.clip(pixels * 1000, 0, 1), np.float32)
    cleaned = MASKER.mask(pixels, lambda _: hidden, np.asarray)
    assert covered(cleaned, where) > 0.98


def test_a_film_without_text_is_left_alone() -> None:
    """No mask where there is nothing to mask."""
    assert MASKER.mask(film(), np.asarray).masked == ()


@pytest.mark.parametrize("shape", [(1, 1), (1, 3000), (3000, 1), (9, 500), (12, 12), (11, 4000), (40, 2000), (64, 64)])
@pytest.mark.parametrize("value", [0.0, 0.5, np.nan])
def test_small_narrow_and_constant_pictures_do_not_break_the_reader(shape: tuple[int, int], value: float) -> None:
    """One pixel is a picture too."""
    assert MASKER.mask(np.full(shape, value, np.float32), np.asarray).masked == ()


def test_noise_is_not_text() -> None:
    """Nothing to find, at a size that is searched in parts."""
    noise = np.random.default_rng(0).random((1500, 1500), np.float32)
    assert MASKER.mask(noise, np.asarray).masked == ()


def test_a_page_of_text_is_refused() -> None:
    """A report in place of a film is not painted over line by line and passed on."""
    page = np.zeros((512, 512), np.float32)
    for row in range(0, 500, 22):
        write(page, "John Okafor, 12 High Street, Springfield, MRN 0048291", (4, row), 17)
    with pytest.raises(ImageRefused, match="mostly text"):
        MASKER.mask(page, np.asarray)


def test_a_screen_full_of_text_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sample of hundreds of lines is enough to know that this is no film."""
    screen, read, texts = np.zeros((900, 900), np.float32), list[int](), Reader._texts
    for row in range(4, 880, 26):
        for column in range(4, 800, 160):
            write(screen, "Okafor 0048", (column, row), 16)
    monkeypatch.setattr(
        Reader, "_texts", lambda self, view, boxes: (read.append(len(boxes)), texts(self, view, boxes))[1]
    )
    with pytest.raises(ImageRefused, match="mostly text"):
        MASKER.mask(screen, np.asarray)
    assert sum(read) < 60


@pytest.mark.parametrize("quarter_turns", [1, 2, 3])
def test_turned_text_is_masked(quarter_turns: int) -> None:
    """Upwards, downwards and on its head."""
    pixels = film()
    where = write(pixels, "OKAFOR, CHIDI 4711", (20, 470))
    turned, ink = np.rot90(pixels, quarter_turns).copy(), np.rot90(where, quarter_turns)
    assert covered(MASKER.mask(turned, np.asarray), ink) > 0.98


def test_a_large_film_is_searched_for_small_text() -> None:
    """Text of 12 px on 3,000: too small for a look at the whole."""
    pixels = film(3000)
    where = write(pixels, "RAMAN, PRIYA 12/03/1958", (2500, 2900), 12)
    cleaned = MASKER.mask(pixels, np.asarray)
    assert covered(cleaned, where) > 0.98
    assert sum(region.w * region.h for region in cleaned.masked) < 0.002 * pixels.size


@pytest.mark.parametrize(
    ("paper", "ink"),
    [((1, 1, 1), (1, 0, 0)), ((0, 0, 0), (0, 0, 1)), ((1, 1, 1), (1, 1, 0)), ((1, 0, 0), (0, 1, 0))],
)
def test_coloured_text_is_masked(paper: tuple[float, ...], ink: tuple[float, ...]) -> None:
    """Yellow on white shows in one channel only, and green on red is neither brighter nor darker."""
    stencil = np.zeros((300, 500), np.float32)
    where = write(stencil, "OKAFOR, CHIDI 4711", (30, 30), 22)
    picture = np.asarray(paper, np.float32) + stencil[..., None] * (np.asarray(ink) - np.asarray(paper))
    assert covered(MASKER.mask(np.asarray(picture, np.float32), np.asarray), where) > 0.98


def test_a_marker_in_a_line_with_a_name_stays_and_the_name_goes() -> None:
    """PORTABLE is kept where a space parts it from the name, and goes with a name that is glued to it."""
    apart, glued = film(), film()
    name, whole = write(apart, "PORTABLE OKAFOR", (20, 470), 22), write(glued, "PORTABLEOKAFOR", (20, 470), 22)
    only_marker = write(film(), "PORTABLE", (20, 470), 22)
    cleaned = MASKER.mask(apart, np.asarray)
    assert covered(cleaned, only_marker) < 0.05
    assert covered(cleaned, name & ~only_marker) > 0.95
    assert covered(MASKER.mask(glued, np.asarray), whole) > 0.98


def test_text_that_cannot_be_removed_refuses_the_film() -> None:
    """A picture that shows text whatever is painted over is not passed on."""
    stubborn = film()
    write(stubborn, "SMITH JOHN 4711", (20, 20))
    with pytest.raises(ImageRefused, match="could not be removed"):
        MASKER.mask(film(), lambda _: shifted(stubborn))


_STEP = iter(range(1000))


def shifted(picture: np.ndarray) -> np.ndarray:
    """The text at another place each time it is looked at."""
    return np.roll(picture, 60 * next(_STEP), axis=0)


@pytest.mark.parametrize(
    "words", ["SMITH", "WRIGHT", "L SMITH", "AP 12/03/1958", "PORTER", "Nobile", "Light", "APR", "Pall"]
)
def test_names_are_not_markers(words: str) -> None:
    """Not even those that look like one."""
    assert not is_marker(words)


def test_no_listed_name_is_taken_for_a_misread_marker() -> None:
    """Of 43,000 names from everywhere."""
    assert [name for name in names()[1] if is_marker(name) and name.upper() not in MARKERS] == []


@pytest.mark.parametrize(
    "words",
    [
        "l",
        "AP ERECT",
        "APPORTABLE",
        "P0RTABLE",
        "semi-erect",
        "→",
        "LAP",
        "RPA",
        "SUP INE",
        "UPRIGH",
        "PA ERÈCT",
        "TEFT",
    ],
)
def test_markers_are_known_in_their_spellings(words: str) -> None:
    """In any case, joined or parted by the reader, with an accent, with a letter lost or misread."""
    assert is_marker(words)


def reading(text: str, height: float) -> Reading:
    """A clearly read level line around (100, 100)."""
    half, up = 0.4 * len(text) * height, height / 2
    corners = ((100 - half, 100 - up), (100 + half, 100 - up), (100 + half, 100 + up), (100 - half, 100 + up))
    return Reading(np.asarray(corners, np.float32), text, 1.0, tuple(0.5 for _ in text))


def at(text: str, x: int, y: int, height: int) -> Reading:
    """A clearly read level line from a corner on."""
    right, bottom = x + len(text) * height, y + height
    corners = ((x, y), (right, y), (right, bottom), (x, bottom))
    return Reading(np.asarray(corners, np.float32), text, 1.0, tuple(0.5 for _ in text))


def test_a_large_box_around_a_marker_is_no_text_and_a_name_of_its_size_is() -> None:
    """PA beside the arch of a rib reads OPA in a box twice as high; PAN is as high as the PA in it."""
    marker = reading("PA", 19)
    assert identifying([marker, reading("OPA", 34)], [], anything) == []
    name = reading("PAN", 19)
    assert identifying([marker, name], [], anything) == [name]


@pytest.mark.parametrize("slant", [0, 15])
def test_a_box_grows_over_letters_that_were_not_read(slant: int) -> None:
    """A box around the middle of a word reaches its ends; one with nothing beside it keeps its size."""
    stencil = Image.new("L", (400, 200), 40)
    ImageDraw.Draw(stencil).text((100, 90), "ABELARD", fill=230, font=ImageFont.load_default(24))
    seen = np.asarray(stencil.rotate(slant, fillcolor=40))
    middle = np.asarray(((130, 86), (180, 86), (180, 120), (130, 120)), np.float32)
    turn = np.asarray(
        (
            (np.cos(np.radians(slant)), -np.sin(np.radians(slant))),
            (np.sin(np.radians(slant)), np.cos(np.radians(slant))),
        )
    )
    middle = np.asarray((middle - (200, 100)) @ turn + (200, 100), np.float32)
    longer = grown(seen, middle)
    assert np.linalg.norm(longer[1] - longer[0]) > 66
    blank = grown(np.full((200, 400), 40, np.uint8), middle)
    assert np.allclose(blank, middle, atol=1)


def test_a_box_does_not_grow_over_a_marker() -> None:
    """Initials close to a side go and the side stays, as long as it was read in a box of its own."""
    stencil = Image.new("L", (400, 200), 40)
    ImageDraw.Draw(stencil).text((100, 90), "RJDK", fill=230, font=ImageFont.load_default(24))
    seen, initials = np.asarray(stencil), np.asarray(((118, 86), (162, 86), (162, 120), (118, 120)), np.float32)
    side = np.asarray(((99, 86), (117, 86), (117, 120), (99, 120)), np.float32)
    assert Part(initials).grown(seen, []).quad[0, 0] < 105
    assert np.allclose(Part(initials).grown(seen, [side]).quad[0], initials[0], atol=1)


def test_a_box_around_a_side_and_initials_below_it_is_no_line() -> None:
    """The initials have a box of their own; letters in a column that reads downwards as they do are a name."""
    side, initials = at("R", 100, 100, 20), at("AB", 92, 130, 16)
    around = Reading(np.float32([(122, 96), (122, 150), (94, 150), (94, 96)]), "RA", 0.8, (0.3, 0.7))
    assert identifying([around, side, initials], [], anything) == [initials]
    assert identifying([around, side], [], anything) == [around]
    along = replace(side, quad=np.roll(side.quad, -1, axis=0))
    assert identifying([around, along, initials], [], anything) == [around, initials]


@pytest.mark.parametrize(
    ("places", "apart"), [((0.1, 0.6, 0.75), True), ((0.1, 0.45, 0.75), False), ((0.1, 0.8), True)]
)
def test_a_side_is_parted_from_initials_by_their_distance(places: tuple[float, ...], apart: bool) -> None:
    """Where the reader lost the space: how far the others stand from one another says how much room is much."""
    line = Reading(at("RJK"[: len(places)], 100, 100, 20).quad, "RJK"[: len(places)], 0.9, places)
    assert (len(spans_without_markers(line)) == 1 and spans_without_markers(line)[0][0] > 0) is apart


@pytest.mark.parametrize("ink", [30, 230])
def test_a_box_is_tightened_to_its_letters(ink: int) -> None:
    """Empty rows and ends go, no ink does, and what crosses the rows keeps them."""
    stencil = Image.new("L", (400, 100), 120)
    ImageDraw.Draw(stencil).text((40, 40), "Gray, Jean", fill=ink, font=ImageFont.load_default(20))
    seen = np.asarray(stencil).copy()
    rows, columns = (np.flatnonzero((seen != 120).any(axis=axis)) for axis in (1, 0))
    box = np.asarray(((30, 20), (200, 20), (200, 84), (30, 84)), np.float32)
    tight = tightened(seen, box)
    assert tight[0, 1] <= rows[0] < rows[-1] < tight[3, 1]
    assert tight[3, 1] - tight[0, 1] < np.ptp(rows) + 5
    assert 31 < tight[0, 0] <= columns[0] < columns[-1] < tight[1, 0] < 199
    seen[:, 100:104] = ink
    assert np.allclose(tightened(seen, box)[:, 1], box[:, 1], atol=1)


def test_a_marker_word_is_cut_out_of_a_region() -> None:
    """What lies around it is painted, the word is not."""
    word = Region(40, 50, 60, 10)
    pieces = without(Region(20, 45, 100, 30), [word])
    covered = np.zeros((100, 200), int)
    for piece in pieces:
        covered[piece.y : piece.y + piece.h, piece.x : piece.x + piece.w] += 1
    assert covered[50:60, 40:100].sum() == 0
    assert covered.sum() == 100 * 30 - 60 * 10
    assert covered.max() == 1


def test_paint_leaves_no_rim() -> None:
    """On a slope it slopes too, and at the edge of the film it goes by the sides that there are."""
    slope = np.add.outer(np.arange(60.0), np.arange(80.0)).astype(np.float32)
    for region in (Region(20, 20, 30, 12), Region(0, 48, 40, 12)):
        painted = slope.copy()
        painted[region.y : region.y + region.h, region.x : region.x + region.w] = 999
        fill(painted, region)
        steps = np.abs(np.diff(painted, axis=0)).max(), np.abs(np.diff(painted, axis=1)).max()
        assert max(steps) < 16
        assert painted.max() <= slope.max()


def test_fill_takes_the_surroundings() -> None:
    """In every channel."""
    pixels = np.full((9, 9, 3), 7, np.uint8)
    pixels[3:6, 3:6] = 255
    fill(pixels, Region(3, 3, 3, 3))
    assert (pixels == 7).all()


def test_models_load_only_when_read() -> None:
    """Making a reader costs nothing."""
    assert Reader()._engine is None

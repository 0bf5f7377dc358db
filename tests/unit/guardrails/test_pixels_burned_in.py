"""Burned-in text goes, markers and anatomy stay, and nothing outside of the mask changes. Reads with the real models."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from guardrails.pixels import BurnedInText, Cleaned, fill, is_marker
from guardrails.reader import Reader
from guardrails.types import ImageRefused, Region

MASKER = BurnedInText()


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


def test_tiny_pictures_do_not_break_the_reader() -> None:
    """One pixel is a picture too."""
    assert MASKER.mask(np.zeros((1, 1), np.float32), np.asarray).masked == ()


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


@pytest.mark.parametrize("words", ["SMITH", "WRIGHT", "L SMITH", "AP 12/03/1958", "PORTER"])
def test_names_are_not_markers(words: str) -> None:
    """Not even those that look like one."""
    assert not is_marker(words)


@pytest.mark.parametrize("words", ["l", "AP ERECT", "APPORTABLE", "P0RTABLE", "semi-erect", "→"])
def test_markers_are_known_in_their_spellings(words: str) -> None:
    """In any case, joined by the reader, and with one letter of a long word misread."""
    assert is_marker(words)


def test_fill_takes_the_surroundings() -> None:
    """The median of the ring, in every channel."""
    pixels = np.full((9, 9, 3), 7, np.uint8)
    pixels[3:6, 3:6] = 255
    fill(pixels, Region(3, 3, 3, 3))
    assert (pixels == 7).all()


def test_models_load_only_when_read() -> None:
    """Making a reader costs nothing."""
    assert Reader()._engine is None

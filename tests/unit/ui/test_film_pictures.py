"""The picture of a film: the safe pixels, small enough for a page, and never a file on a disk."""

import base64
import io

import numpy as np
import pytest
from PIL import Image

from copilot.sessions import Film
from copilot.types import HeatMap, Reading
from guardrails.types import SafeImage
from tests.fakes.copilot import ENCODER
from ui import films


def a_film(pixels: np.ndarray) -> Film:
    return Film(SafeImage(pixels.astype(np.float32), "png"), Reading(True, ENCODER))


def test_the_picture_is_the_pixels() -> None:
    """Another decoder reads back what was encoded, black as 0 and white as 255."""
    ramp = np.linspace(0, 1, 12).reshape(3, 4)
    seen = np.asarray(Image.open(io.BytesIO(films.png(a_film(ramp)))))
    assert seen.shape == (3, 4)
    assert np.array_equal(seen, np.round(ramp * 255))


@pytest.mark.parametrize("shape", [(3000, 2500), (1281, 40), (40, 1281)])
def test_a_large_film_is_shrunk_to_fit(shape: tuple[int, int]) -> None:
    """The longer side is at most `LONGEST_SIDE` and the proportions hold."""
    width, height = Image.open(io.BytesIO(films.png(a_film(np.zeros(shape))))).size
    assert max(width, height) <= films.LONGEST_SIDE
    assert height / width == pytest.approx(shape[0] / shape[1], rel=0.06)


def test_shrinking_averages() -> None:
    """A fine pattern becomes grey, not one of its lines."""
    stripes = np.tile([0.0, 1.0], (2000, 1000))
    seen = np.asarray(Image.open(io.BytesIO(films.png(a_film(stripes)))))
    assert set(np.unique(seen)) <= {127, 128}


def test_the_address_holds_the_picture_itself() -> None:
    """No path and no address of a server."""
    address = films.data_address(a_film(np.zeros((2, 2))))
    kind, data = address.split(",")
    assert kind == "data:image/png;base64"
    assert base64.b64decode(data).startswith(b"\x89PNG")


def test_a_heat_map_is_clear_where_it_is_cold() -> None:
    """The picture of a map has the map's shape, is see-through at 0 and the most opaque at 1."""
    address = films.heat_address(HeatMap("pneumonia", ((0.0, 0.5), (1.0, 0.0))))
    seen = np.asarray(Image.open(io.BytesIO(base64.b64decode(address.split(",")[1]))))
    assert seen.shape == (2, 2, 4)
    assert seen[0, 0, 3] == seen[1, 1, 3] == 0
    assert 0 < seen[0, 1, 3] < seen[1, 0, 3]

"""A region that a person points at: outlined, measured, and never made up."""

import numpy as np
import pytest

from copilot.errors import ConfigurationError, InputUnusable
from copilot.types import Outline
from copilot.vision.regions import Box, GrabCut, Segmenter, build_segmenter, marked
from guardrails.types import SafeImage

LUNGS = (Outline("right lung", ((0.1, 0.1), (0.5, 0.1), (0.5, 0.6), (0.1, 0.6))),)


def disc(radius=0.1, x=0.3, y=0.4, rows=400, columns=300):
    """A bright disc on a darker, slightly noisy ground; the radius is a share of each side."""
    v, u = np.mgrid[0:rows, 0:columns]
    inside = ((u / columns - x) / radius) ** 2 + ((v / rows - y) / radius) ** 2 < 1
    noise = np.random.default_rng(0).normal(0, 0.02, (rows, columns))
    return np.clip(0.25 + 0.45 * inside + noise, 0, 1).astype(np.float32)


def film(**fields):
    return SafeImage(pixels=disc(), source="test", **fields)


@pytest.mark.parametrize("corners", [(0.15, 0.25, 0.45, 0.55), (0.45, 0.55, 0.15, 0.25), (0.3, 0.4, 0.3, 0.4)])
def test_a_box_or_a_click_finds_the_disc(corners):
    """Dragged either way, or merely clicked on, the disc is outlined to within a tenth of its area."""
    region = marked(GrabCut(), film(), (), Box.of(*corners))
    assert region.unit == "% of the film"
    assert region.area == pytest.approx(100 * np.pi * 0.1**2, rel=0.1)
    middle = np.array(region.outline.points).mean(axis=0)
    assert middle == pytest.approx([0.3, 0.4], abs=0.02)


def test_the_area_is_in_mm2_where_the_spacing_is_known():
    """400 rows of 0.5 mm and 300 columns of 0.4 mm: the disc is an ellipse of 20 by 12 mm half axes."""
    region = marked(GrabCut(), film(pixel_spacing_mm=(0.5, 0.4)), LUNGS, Box.of(0.15, 0.25, 0.45, 0.55))
    assert region.unit == "mm2"
    assert region.area == pytest.approx(np.pi * 20 * 12, rel=0.1)


def test_without_spacing_the_area_is_a_part_of_the_lungs():
    """The lungs' outline covers a fifth of the film, so the disc is five times its own share of it."""
    region = marked(GrabCut(), film(), LUNGS, Box.of(0.15, 0.25, 0.45, 0.55))
    assert region.unit == "% of the lungs' area"
    assert region.area == pytest.approx(100 * np.pi * 0.1**2 / 0.2, rel=0.1)


def test_the_same_box_gives_the_same_region():
    """GrabCut starts from the same numbers each time."""
    box = Box.of(0.15, 0.25, 0.45, 0.55)
    assert marked(GrabCut(), film(), (), box) == marked(GrabCut(), film(), (), box)


class Nothing(Segmenter):
    """Finds no border."""

    def region(self, pixels, box):
        return np.zeros((8, 8), bool)


def test_where_there_is_no_border_that_is_said():
    """An empty region is one sentence, not an area of nought."""
    with pytest.raises(InputUnusable, match="No border"):
        marked(Nothing(), film(), (), Box.of(0.1, 0.1, 0.2, 0.2))


@pytest.mark.parametrize("corners", [(-3, -3, 9, 9), (1, 1, 1, 1), (0, 0, 0, 0)])
def test_boxes_stay_on_the_film(corners):
    """Whatever a browser sends, a box has some extent and lies on the film."""
    box = Box.of(*corners)
    assert 0 <= box.left < box.right <= 1
    assert 0 <= box.top < box.bottom <= 1


@pytest.mark.parametrize("spec", ["grabcut:x", "medsam", "sam", "medsam:/no/such/folder"])
def test_settings_that_cannot_be_used_are_named(spec):
    """One sentence says what to set instead."""
    with pytest.raises(ConfigurationError, match="COPILOT_SEGMENTER"):
        build_segmenter(spec)

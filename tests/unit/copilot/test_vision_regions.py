"""A region that a person points at: outlined, measured, and never made up."""

import numpy as np
import pytest

from copilot.errors import ConfigurationError, InputUnusable
from copilot.types import Outline
from copilot.vision.box import Box
from copilot.vision.regions import Segmenter, marked
from copilot.vision.segmenters import GrabCut, build_segmenter
from guardrails.types import SafeImage
from tests.fakes import onnx_graphs

LUNGS = (Outline("right lung", ((0.1, 0.1), (0.5, 0.1), (0.5, 0.6), (0.1, 0.6))),)


def disc(radius=0.1, x=0.3, y=0.4, rows=400, columns=300):
    """A bright disc on a darker, slightly noisy ground; the radius is a share of each side."""
    v, u = np.mgrid[0:rows, 0:columns]
    inside = ((u / columns - x) / radius) ** 2 + ((v / rows - y) / radius) ** 2 < 1
    noise = np.random.default_rng(0).normal(0, 0.02, (rows, columns))
    return np.clip(0.25 + 0.45 * inside + noise, 0, 1).astype(np.float32)


def film(**fields):
    return SafeImage(pixels=disc(), source="test", **fields)


@pytest.mark.parametrize(
    "corners", [(0.15, 0.25, 0.45, 0.55), (0.45, 0.55, 0.15, 0.25), (0.18, 0.28, 0.42, 0.52), (0.3, 0.4, 0.3, 0.4)]
)
def test_a_box_or_a_click_finds_the_disc(corners):
    """Dragged either way, close around it, or merely clicked on, the disc is outlined to within a tenth of its area."""
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
    assert region.unit == "% of the lungs"
    assert region.area == pytest.approx(100 * np.pi * 0.1**2 / 0.2, rel=0.1)


def test_the_same_box_gives_the_same_region():
    """GrabCut starts from the same numbers each time."""
    box = Box.of(0.15, 0.25, 0.45, 0.55)
    assert marked(GrabCut(), film(), (), box) == marked(GrabCut(), film(), (), box)


def test_what_lies_far_from_the_box_does_not_matter():
    """A second disc elsewhere on the film, as bright as the one in the box, is not taken for what the box must differ from."""
    pixels = np.maximum(disc(radius=0.1), disc(radius=0.15, x=0.75))
    region = marked(GrabCut(), SafeImage(pixels=pixels, source="test"), (), Box.of(0.18, 0.28, 0.42, 0.52))
    assert region.area == pytest.approx(100 * np.pi * 0.1**2, rel=0.1)


def test_a_box_around_the_whole_film_has_no_border():
    """Where nothing is left outside the box there is nothing that a region could differ from."""
    with pytest.raises(InputUnusable, match="No border"):
        marked(GrabCut(), film(), (), Box.of(0, 0, 1, 1))


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


@pytest.fixture(scope="module", params=["channels first", "channels last"])
def medsam(request, tmp_path_factory):
    """An encoder that passes one colour on, and a decoder that marks what is bright inside the box."""
    first = request.param == "channels first"
    shape, axis = ((1, 3, 64, 64), 1) if first else ((1, 64, 64, 3), 3)
    encoder = onnx_graphs.model(
        [("Slice", ("image", "zero", "one", "axis"), "red"), ("Reshape", ("red", "square"), "embedding")],
        {"image": shape},
        "embedding",
        {
            "zero": np.array([0]),
            "one": np.array([1]),
            "axis": np.array([axis]),
            "square": np.array([1, 1, 64, 64]),
        },
    )
    along = np.arange(64, dtype=np.float32) + 0.5
    cut = [("Slice", ("boxes", f"n{i}", f"n{i + 1}", "last"), side) for i, side in enumerate(("l", "t", "r", "b"))]
    tests = [
        ("GreaterOrEqual", ("across", "l"), "a"),
        ("GreaterOrEqual", ("r", "across"), "c"),
        ("GreaterOrEqual", ("down", "t"), "d"),
        ("GreaterOrEqual", ("b", "down"), "e"),
        ("And", ("a", "c"), "ac"),
        ("And", ("d", "e"), "de"),
        ("And", ("ac", "de"), "inside"),
        ("Sub", ("image_embeddings", "half"), "logit"),
        ("Where", ("inside", "logit", "none"), "masks"),
    ]
    decoder = onnx_graphs.model(
        [*cut, *tests],
        {"image_embeddings": (1, 1, 64, 64), "boxes": (1, 1, 4)},
        "masks",
        {
            **{f"n{i}": np.array([i]) for i in range(5)},
            "last": np.array([2]),
            "across": along.reshape(1, 1, 1, 64),
            "down": along.reshape(1, 1, 64, 1),
            "half": np.array([0.5]),
            "none": np.array([-1.0]),
        },
    )
    folder = tmp_path_factory.mktemp("medsam")
    (folder / "encoder.onnx").write_bytes(encoder)
    (folder / "decoder.onnx").write_bytes(decoder)
    return folder


def test_medsam_marks_the_bright_part_of_a_box(medsam):
    """The box reaches the decoder in pixels of the model's own square, and its mask comes back as a region."""
    pixels = np.full((200, 100), 0.1, np.float32)
    pixels[40:80, 20:60] = 0.9
    pixels[120:180, 20:60] = 0.9
    image = SafeImage(pixels=pixels, source="test", pixel_spacing_mm=(1.0, 1.0))
    region = marked(build_segmenter(f"medsam:{medsam}"), image, (), Box.of(0.1, 0.1, 0.9, 0.5))
    assert region.area == pytest.approx(40 * 40, rel=0.1)
    assert np.array(region.outline.points)[:, 1].max() < 0.5

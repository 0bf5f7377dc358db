"""Intake by rule: what header codes and grey levels decide before any network runs."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from copilot.vision import intake
from guardrails.types import SafeImage


def film(pixels=None, **fields):
    ramp = np.tile(np.linspace(0, 1, 128, dtype=np.float32), (128, 1))
    return SafeImage(pixels=ramp if pixels is None else pixels, source="test", **fields)


def test_ordinary_film_passes_the_rules():
    """A square grey picture with contrast and no header codes is left to the network."""
    assert intake.refusal_by_rule(film()) is None


@pytest.mark.parametrize("modality", ["CT", "MR", "US", "NM", "mg"])
def test_other_modalities_are_refused_by_name(modality):
    """A slice is refused from its header, whatever its pixels look like, and the sentence names what it is."""
    assert modality.upper() in intake.refusal_by_rule(film(modality=modality))


@pytest.mark.parametrize("modality", ["CR", "DX", "dx", None])
def test_plain_radiography_passes(modality):
    """Radiographs, and files that do not say what they are, go on to the network."""
    assert intake.refusal_by_rule(film(modality=modality)) is None


@pytest.mark.parametrize("view", ["LL", "RL", "lateral"])
def test_lateral_views_are_refused(view):
    """Only frontal films were trained on, so a film whose header says lateral is not read."""
    assert intake.refusal_by_rule(film(view=view)) == intake.SIDE_ON


@pytest.mark.parametrize("level", [0.0, 0.5, 1.0])
def test_blank_pictures_are_refused(level):
    """Black, grey and white pictures are called blank."""
    assert intake.refusal_by_rule(film(np.full((200, 200), level, np.float32))) == intake.BLANK


def test_tiny_pictures_and_strips_are_refused():
    """A picture under 48 pixels a side, or more than twice as long as wide, is no whole chest film."""
    rng = np.random.default_rng(0)
    assert intake.refusal_by_rule(film(rng.random((40, 40), np.float32))) == intake.SMALL
    assert intake.refusal_by_rule(film(rng.random((100, 300), np.float32))) == intake.STRIP


def framed(border, level):
    """Texture of 200 pixels a side with `border` pixels of one grey around it."""
    pixels = np.full((200 + 2 * border, 200 + 2 * border), level, np.float32)
    pixels[border : border + 200, border : border + 200] = np.random.default_rng(0).random((200, 200), np.float32)
    return film(pixels)


@pytest.mark.parametrize("level", [0.0, 0.4, 1.0])
def test_a_film_in_a_wide_empty_border_is_refused(level):
    """White, grey or black: a frame of half the picture changes what is read; a narrow one, as films have it, does not matter."""
    assert intake.refusal_by_rule(framed(40, level)) == intake.FRAMED
    assert intake.refusal_by_rule(framed(15, level)) is None


def test_coloured_pictures_are_refused():
    """A film has no colour; a slight tint from a photograph of a light box is let through to the network."""
    assert intake.refusal_by_rule(film(saturation=0.4)) == intake.COLOUR
    assert intake.refusal_by_rule(film(saturation=0.05)) is None


@given(arrays(np.float32, (6, 9), elements=st.floats(0, 1, width=32)), st.integers(0, 3))
def test_a_map_is_laid_back_where_it_was_seen(pixels, turns):
    """Turning a film for reading and laying a map of it back gives every place its own value again."""
    correction = intake.Correction(quarter_turns=turns)
    assert np.array_equal(correction.undo_on_map(correction.apply(pixels)), pixels)


@given(arrays(np.float32, (6, 9), elements=st.floats(0, 1, width=32)))
def test_inversion_turns_the_grey_scale_around(pixels):
    """An inverted film comes back as one minus itself, of the same shape."""
    assert np.allclose(intake.correction_for("inverted").apply(pixels), 1 - pixels)


@pytest.mark.parametrize(("seen", "quarter_turns"), [("turned_left", 1), ("turned_over", 2), ("turned_right", 3)])
def test_each_turn_is_undone(seen, quarter_turns):
    """A film that was turned is brought back exactly by the correction for its class."""
    upright = np.random.default_rng(1).random((8, 5), np.float32)
    turned = np.rot90(upright, quarter_turns)
    assert np.array_equal(intake.correction_for(seen).apply(turned), upright)


def test_view_is_reported_only_when_frontal():
    """The header's view is repeated when it is a known frontal one and dropped otherwise."""
    assert intake.view_of(film(view="PA")) == "PA"
    assert intake.view_of(film(view="XYZ")) is None

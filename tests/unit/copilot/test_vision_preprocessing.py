"""Preprocessing shared by training and running."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from copilot.vision.box import Box
from copilot.vision.preprocessing import (
    COARSE_SIDE,
    EFFECTIVE_SIDE,
    degrade,
    resize,
    stretch,
    to_sharp_square,
    to_square,
    to_squares,
)


@settings(max_examples=30, deadline=None)
@given(
    arrays(
        np.float32,
        st.tuples(st.integers(2, 90), st.integers(2, 90)),
        elements=st.floats(-5, 5, width=32, allow_nan=False),
    )
)
def test_any_picture_becomes_a_square_in_range(pixels):
    """Whatever the size and values, the network gets finite numbers between 0 and 1 in a square."""
    for square in (to_square(pixels, 96), to_sharp_square(pixels, 96)):
        assert square.shape == (96, 96)
        assert square.dtype == np.float32
        assert np.isfinite(square).all()
        assert square.min() >= 0
        assert square.max() <= 1


def test_exposure_does_not_matter():
    """Halving the contrast of a film and lifting its black leaves what the network sees unchanged."""
    film = np.random.default_rng(0).random((300, 300)).astype(np.float32)
    assert np.allclose(to_square(film, 128), to_square(film * 0.5 + 0.3, 128), atol=1e-4)


def test_resolution_does_not_matter():
    """A fine film and its 64-pixel copy look the same to the network: blur cannot tell how a film was chosen."""
    fine = stretch(np.random.default_rng(0).random((512, 512)).astype(np.float32))
    coarse = degrade(fine, EFFECTIVE_SIDE)
    assert coarse.shape == (64, 64)
    assert np.array_equal(degrade(coarse, EFFECTIVE_SIDE), coarse)
    apart = resize(degrade(fine, EFFECTIVE_SIDE), 224, 224) - resize(degrade(coarse, EFFECTIVE_SIDE), 224, 224)
    assert np.abs(apart).max() == 0


def test_the_sharp_view_keeps_what_the_other_drops():
    """Lines two pixels apart in the network's square survive in the sharp view alone."""
    lines = np.tile(np.repeat(np.array([0, 1], np.float32), 2), (448, 112))
    assert to_sharp_square(lines, 224).std() > 0.3
    assert to_square(lines, 224).std() < 0.1


def test_a_box_is_shown_as_the_whole_film_is():
    """What lies in a box keeps the exposure of the whole film, and at its own resolution its very pixels."""
    film = np.random.default_rng(0).random((448, 448)).astype(np.float32)
    film[112:336, 112:336] *= 0.3
    box = Box(0.25, 0.25, 0.75, 0.75)
    assert np.allclose(to_sharp_square(film, 224, box), stretch(film)[112:336, 112:336], atol=1e-6)
    assert np.allclose(to_square(film, 32, box), degrade(stretch(film), EFFECTIVE_SIDE)[16:48, 16:48], atol=1e-6)
    for seen, made in zip(to_squares(stretch(film), 96, box), (to_square, to_sharp_square), strict=True):
        assert np.array_equal(seen, made(film, 96, box))


def test_a_small_film_has_no_sharp_view():
    """Films of up to 160 pixels a side get the first square alone, larger ones the two that training makes."""
    film = np.random.default_rng(0).random((COARSE_SIDE + 1, 64)).astype(np.float32)
    (alone,) = to_squares(stretch(film[1:]), 96)
    assert np.array_equal(alone, to_square(film[1:], 96))
    first, second = to_squares(stretch(film), 96)
    assert np.array_equal(first, to_square(film, 96))
    assert np.array_equal(second, to_sharp_square(film, 96))

"""Two films of one patient: a change is told only where it is larger than what the readings leave open together."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.types import EncoderId, Finding, Outline, Reading
from copilot.vision.comparison import CLEAR, changes, kind_of, laid_over, told

BAND = (0.2, 0.6)


def finding(probability, band=BAND, concept="pleural_effusion"):
    state = "present" if probability >= BAND[1] else "absent" if probability < BAND[0] else "uncertain"
    return Finding("Pleural effusion", concept, probability, 0.3, state, band)


def reading(*findings):
    return Reading(True, EncoderId("x", "0"), findings=findings)


@pytest.mark.parametrize(
    ("before", "now", "kind"),
    [
        (0.10, 0.70, "new"),
        (0.70, 0.10, "resolved"),
        (0.65, 0.95, "worse"),
        (0.95, 0.65, "better"),
        (0.97, 0.40, "better"),
        (0.65, 0.70, "stable"),
        (0.05, 0.15, "stable"),
        (0.59, 0.61, "unclear"),
        (0.10, 0.30, "unclear"),
        (0.30, 0.25, "unclear"),
    ],
)
def test_each_kind_of_change(before, now, kind):
    """Across the whole uncertain band: new or resolved. Beyond the joint uncertainty: worse or better. Else neither."""
    assert kind_of(finding(before), finding(now)) == kind


@given(st.floats(0.01, 0.99), st.floats(0.01, 0.99))
def test_swapping_the_films_swaps_the_change(before, now):
    """What is new one way is resolved the other way, and what is unclear stays so."""
    opposite = {"new": "resolved", "resolved": "new", "worse": "better", "better": "worse"}
    kind = kind_of(finding(before), finding(now))
    assert kind_of(finding(now), finding(before)) == opposite.get(kind, kind)


@given(st.floats(0.01, 0.99), st.floats(0.01, 0.99))
def test_without_a_band_no_change_is_claimed(before, now):
    """An encoder that does not say how sure it is gets no changes out of it."""
    assert kind_of(finding(before, None), finding(now, None)) in {"stable", "unclear"}


bands = st.tuples(st.floats(0.01, 0.5), st.floats(0.5, 0.99))


@given(st.floats(0.01, 0.99), bands, st.floats(0.01, 0.99), bands)
def test_every_change_exceeds_the_joint_uncertainty(before, wide, now, narrow):
    """Whatever the two bands, what is called a change moved by more than both half widths together leave open."""

    def read(probability, band):
        state = "present" if probability >= band[1] else "absent" if probability < band[0] else "uncertain"
        return Finding("Pleural effusion", "pleural_effusion", probability, 0.5, state, band)

    def logit(probability):
        return np.log(probability / (1 - probability))

    if kind_of(read(before, wide), read(now, narrow)) in CLEAR:
        halves = [(logit(band[1]) - logit(band[0])) / 2 for band in (wide, narrow)]
        assert abs(logit(now) - logit(before)) > np.hypot(*halves)


def test_only_findings_that_both_films_have_are_compared():
    """Another encoder's finding, and the word for a film without findings, have no row."""
    normal = finding(0.9, concept="normal_chest_radiograph")
    earlier = reading(finding(0.1), normal)
    later = reading(finding(0.7), finding(0.7, concept="pneumonia"), normal)
    assert [(c.concept, c.kind) for c in changes(earlier, later)] == [("pleural_effusion", "new")]


def test_changes_are_told_in_a_sentence():
    """A clear change is told with both probabilities; where there is none, that is said."""
    (sentence,) = told(changes(reading(finding(0.1)), reading(finding(0.7))))
    assert sentence == ("Compared with the earlier film: pleural effusion is new (probability 0.10 then, 0.70 now).")
    assert "no finding changed" in told(changes(reading(finding(0.3)), reading(finding(0.4))))[0]
    assert told(()) == ()


def square(name, left, top, right, bottom):
    return Outline(name, ((left, top), (right, top), (right, bottom), (left, bottom)))


def pair(dx, dy):
    return (square("right lung", 0.2 + dx, 0.2 + dy, 0.4 + dx, 0.7 + dy),
            square("left lung", 0.5 + dx, 0.2 + dy, 0.7 + dx, 0.7 + dy))  # fmt: skip


def test_the_earlier_film_is_laid_on_the_later_ones_lungs():
    """A mark in the right lung of a film that lay elsewhere comes to lie at the same place of the lung."""
    earlier = np.zeros((100, 200), np.float32)
    earlier[30:34, 60:66] = 1  # x 0.315, y 0.32: 0.115 and 0.12 from the corner of the right lung
    laid = laid_over(earlier, pair(0.0, 0.0), pair(0.1, 0.15), (200, 100))
    assert laid is not None
    assert laid.shape == (200, 100)
    row, column = np.unravel_index(int(laid.argmax()), laid.shape)
    assert row / 200 == pytest.approx(0.47, abs=0.02)
    assert column / 100 == pytest.approx(0.415, abs=0.02)


def test_films_whose_lungs_do_not_match_are_not_laid_over_each_other():
    """Without outlines, or with lungs of another shape, there is no picture that could mislead."""
    film = np.zeros((100, 100), np.float32)
    assert laid_over(film, (), pair(0, 0), (100, 100)) is None
    thin = (square("right lung", 0.1, 0.1, 0.15, 0.9), square("left lung", 0.85, 0.1, 0.9, 0.9))
    assert laid_over(film, thin, pair(0, 0), (100, 100)) is None

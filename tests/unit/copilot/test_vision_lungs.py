"""Lungs as masks: zones, outlines, what is not called a pair of lungs, and the heart between them."""

import json

import numpy as np
import pytest

from copilot.errors import ConfigurationError
from copilot.vision import heart, lungs
from copilot.vision.lungs import LungOutliner, Lungs, outline, whole

SIDE = 100


def block(top, bottom, left, right):
    mask = np.zeros((SIDE, SIDE), bool)
    mask[top:bottom, left:right] = True
    return mask


@pytest.fixture
def pair():
    return Lungs(right=block(20, 80, 15, 42), left=block(20, 80, 58, 85))


@pytest.mark.parametrize(
    ("x", "y", "place"),
    [
        (0.3, 0.25, "right upper zone"),
        (0.3, 0.50, "right mid zone"),
        (0.3, 0.75, "right lower zone"),
        (0.7, 0.75, "left lower zone"),
        (0.88, 0.5, "left mid zone"),
        (0.5, 0.5, "between the lungs"),
        (0.05, 0.5, "outside the lungs"),
        (0.3, 0.95, "outside the lungs"),
    ],
)
def test_places_are_named_by_the_patients_side(pair, x, y, place):
    """The film's left is the patient's right; zones are thirds of the lung; a point on the rim belongs to the lung."""
    assert pair.where(x, y) == place


def test_an_outline_encloses_its_mask():
    """The points of an outline, in shares of the film, span exactly the mask they came from."""
    points = np.array(outline("x", block(20, 80, 15, 42)).points)
    assert points.min(axis=0) == pytest.approx([0.155, 0.205])
    assert points.max(axis=0) == pytest.approx([0.415, 0.795])
    assert outline("x", np.zeros((9, 9), bool)).points == ()


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_outlines_lie_on_the_film_as_it_was_given(pair, turns):
    """For a film that was turned to be read, outlines are turned back."""
    back = pair.outlines(turns)[0].points
    expected = outline("x", np.rot90(pair.right, -turns)).points
    assert back == expected


def test_the_largest_part_is_kept_and_filled():
    """Crumbs beside a lung go, a hole in it is filled."""
    mask = block(20, 80, 15, 42)
    mask[40:50, 20:30] = False
    mask[90:93, 90:93] = True
    assert np.array_equal(whole(mask), block(20, 80, 15, 42))


def test_the_box_around_lungs_has_some_room(pair):
    """6% of the lungs' width and height, 10% below, where the heart and the recesses reach lower; never beyond the film."""
    box = pair.box
    assert (box.left, box.top, box.right, box.bottom) == pytest.approx((0.108, 0.164, 0.892, 0.86))
    filled = Lungs(right=block(0, SIDE, 0, 42), left=block(0, SIDE, 58, SIDE)).box
    assert (filled.left, filled.top, filled.right, filled.bottom) == (0, 0, 1, 1)


def sure(*masks):
    return [mask.astype(np.float32) * 0.98 + 0.01 for mask in masks]


def test_a_pair_of_lungs_is_accepted(pair):
    """Two sure masks of like size, side by side, are lungs."""
    assert lungs._plausible(*sure(pair.right, pair.left)) is not None


@pytest.mark.parametrize(
    ("right", "left"),
    [
        (block(20, 80, 15, 42), block(0, 0, 0, 0)),
        (block(20, 80, 15, 42), block(40, 50, 60, 95)),
        (block(5, 45, 15, 42), block(50, 95, 58, 85)),
        (block(20, 80, 58, 85), block(20, 80, 15, 42)),
        (block(0, 100, 0, 50), block(0, 100, 50, 100)),
    ],
    ids=["only one", "very unequal", "one below the other", "sides swapped", "the whole film"],
)
def test_what_is_no_pair_of_lungs_is_not_measured(right, left):
    """Implausible masks give no lungs at all, so nothing is ever measured from them."""
    assert lungs._plausible(*sure(right, left)) is None


def test_unsure_masks_are_not_measured(pair):
    """Where the network hesitates over most of a lung there is no outline."""
    hesitant = [mask.astype(np.float32) * 0.6 for mask in (pair.right, pair.left)]
    assert lungs._plausible(*hesitant) is None


def test_a_lung_that_the_film_cuts_off_is_named(pair):
    """A lung along the film's edge is said to be cut off; one that only comes near is not."""
    assert pair.cut_off == ()
    cut = Lungs(right=block(20, 80, 0, 42), left=pair.left)
    assert cut.cut_off == (lungs.CUT_OFF.format(which="The right lung is"),)


def test_heat_outside_the_lungs_is_left_out(pair):
    """What remains of a map lies in the lungs and their rim, and reaches 1 again."""
    heat = np.full((50, 50), 0.2, np.float32)
    heat[2, 2] = 1.0
    kept = pair.within(heat)
    assert kept[2, 2] == 0
    assert kept[25, 14] == 1
    assert kept[25, 25] == 0


def test_damaged_weights_are_refused(tmp_path):
    """A file that is not the one in the manifest, or none at all, is one sentence and not a crash."""
    with pytest.raises(ConfigurationError, match="damaged"):
        LungOutliner(tmp_path)
    (tmp_path / "lungs.onnx").write_bytes(b"something else")
    (tmp_path / "lungs.json").write_text(json.dumps({"format": 1, "sha256": "0" * 64, "input_size": 192}))
    with pytest.raises(ConfigurationError, match="damaged"):
        LungOutliner(tmp_path)


def test_a_film_is_outlined_once_for_two_who_ask(monkeypatch):
    """Who asks second about the same film gets the first answer; nothing is kept after that, or when another film comes."""
    outliner, outlined = LungOutliner(), []
    monkeypatch.setattr(outliner, "_found", lambda pixels: outlined.append(pixels) or object())
    one, other = (np.full((SIDE, SIDE), value, np.float32) for value in (0.2, 0.3))
    first = outliner.find(one)
    assert outliner.find(one.copy()) is first
    assert len(outlined) == 1
    assert outliner.find(one) is not first
    outliner.find(other)
    outliner.find(one)
    outliner.find(one.reshape(2 * SIDE, -1))
    assert len(outlined) == 5


# --- the heart -------------------------------------------------------------------------------------


def chest(right_reach, left_reach):
    """Dark lungs with a bright heart between them; reaches in columns from the midline."""
    film = np.full((SIDE, SIDE), 0.8, np.float32)
    film[20:80, 15:85] = 0.2
    film[20:80, 46:54] = 0.8
    film[50:80, 50 - right_reach : 50 + left_reach] = 0.7
    return film, Lungs(right=block(20, 80, 15, 46), left=block(20, 80, 54, 85))


@pytest.mark.parametrize(("right", "left"), [(9, 19), (12, 26), (15, 15)])
def test_the_ratio_is_the_hearts_width_over_the_chests(right, left):
    """On a drawn chest of known measures the ratio is right to within two columns of seventy."""
    found = heart.measured(*chest(right, left))
    assert found is not None
    assert found.ratio == pytest.approx((right + left) / 70, abs=0.035)


def test_the_side_of_the_heart_is_seen():
    """A heart that reaches farther to the patient's right is told from an ordinary one."""
    ordinary, swapped = heart.measured(*chest(9, 24)), heart.measured(*chest(20, 9))
    assert ordinary is not None
    assert swapped is not None
    assert ordinary.lies_right < 0 < swapped.lies_right


def test_a_heart_without_borders_is_not_measured():
    """Where there is no step in grey levels no number is made up."""
    _, pair = chest(9, 19)
    assert heart.measured(np.tile(np.linspace(0, 1, SIDE, dtype=np.float32)[:, None], (1, SIDE)), pair) is None

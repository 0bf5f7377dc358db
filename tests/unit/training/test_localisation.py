"""What is said of heat maps beside radiologists' boxes, on drawn lungs and boxes whose answer is known."""

import numpy as np
import pytest

from copilot.vision.lungs import Lungs

pytestmark = pytest.mark.train
SIDE = 128  # of the masks, and of the grid that boxes are laid on: one cell is eight pixels of a film of 1,024
TOPS = (30, 40, 50, 60, 70, 80)  # of the boxes, which lie in the right lung and are ten cells high


@pytest.fixture(scope="module")
def localisation():
    from training import localisation

    return localisation


def block(top, bottom, left, right):
    mask = np.zeros((SIDE, SIDE), bool)
    mask[top:bottom, left:right] = True
    return mask


LUNGS = Lungs(right=block(20, 100, 10, 50), left=block(20, 100, 70, 110))


def box_of(row):
    """The drawn box of a film, as a mask."""
    top = TOPS[row % len(TOPS)]
    return block(top, top + 10, 20, 40)


@pytest.fixture
def films(tmp_path):
    """Twelve films of twelve patients, each with one box of Mass at one of six heights."""
    import pandas as pd

    from training.data import Films

    names = [f"{row}.png" for row in range(12)]
    boxes = [(name, "Mass", 8 * 20, 8 * TOPS[row % len(TOPS)], 8 * 19, 8 * 9) for row, name in enumerate(names)]
    pd.DataFrame(boxes, columns=["image", "label", "x", "y", "w", "h"]).to_csv(tmp_path / "boxes.csv", index=False)
    table = pd.DataFrame({"image": names, "patient": range(12)})
    return Films(tmp_path, table, np.zeros((12, 0)), np.zeros((12, 0)))


def test_a_map_of_the_box_itself_is_believable(localisation, films):
    """It ranks all of the box above the rest of the lungs, its peak lies there, and it gains on both guesses."""
    found = localisation.localised(films, "Mass", lambda row: box_of(row).astype(np.float32), lambda _: LUNGS)
    assert (found.films, found.boxed) == (12, 12)
    assert found.auc.value == 1
    assert found.sides == (12, 12)
    assert found.peaks[0] == 1
    assert found.on_middle.low > 0
    assert found.on_others.low > 0
    assert found.believable


def test_the_other_lung_is_no_place_for_a_map(localisation, films):
    """A map of the other lung ranks the box below, has its peak on the wrong side, and is not believed."""
    found = localisation.localised(films, "Mass", lambda _: LUNGS.left.astype(np.float32), lambda _: LUNGS)
    assert found.auc.value < 0.5
    assert found.sides == (0, 12)
    assert not found.believable


def test_a_map_must_beat_what_other_films_tell(localisation, films):
    """One that only repeats where the other patients' boxes lie ranks well, gains nothing on them, and is not believed."""

    def others(row):
        return np.mean([box_of(other) for other in range(12) if other != row], axis=0).astype(np.float32)

    found = localisation.localised(films, "Mass", others, lambda _: LUNGS)
    assert found.auc.value > 0.8
    assert found.on_middle.value > 0
    assert found.on_others.value == pytest.approx(0)
    assert not found.believable


def test_too_few_films_with_lungs_say_nothing(localisation, films):
    """Films without lungs do not count, and with fewer than ten others there is no figure."""

    def judged(films_with_lungs):
        lungs_of = [LUNGS] * films_with_lungs + [None] * (12 - films_with_lungs)
        return localisation.localised(films, "Mass", lambda row: box_of(row).astype(np.float32), lungs_of.__getitem__)

    assert judged(9) is None
    assert (judged(10).films, judged(10).boxed) == (10, 12)


def test_boxes_move_with_the_lungs_borders(localisation):
    """A box at the foot of small lungs lies at the foot of large ones."""
    small = Lungs(right=block(40, 80, 30, 50), left=block(40, 80, 60, 80))
    lower_right = small.right & block(70, 80, 0, SIDE)
    one = localisation.Boxed(0, LUNGS.right, LUNGS.left, box_of(0))
    laid = localisation._of_others(one, [localisation.Boxed(1, small.right, small.left, lower_right)])
    assert laid[95, 20] == 1
    assert laid[30, 20] == 0
    assert laid[95, 100] == 0
    assert laid[5, 5] == -np.inf


def test_nearness_is_greatest_in_the_middle_of_each_lung(localisation):
    """It falls towards the borders alike in both lungs, and outside of them there is none."""
    near = localisation._nearness(localisation.Boxed(0, LUNGS.right, LUNGS.left, box_of(0)))
    assert near[60, 30] == near[60, 90] == near.max()
    assert near[25, 12] < near[40, 20] < near[60, 30]
    assert near[60, 60] == -np.inf


def test_of_equal_peaks_the_middle_one_is_taken(localisation):
    """A flat patch has its peak in its middle and not in its first corner."""
    assert localisation._peak(block(10, 21, 40, 61).astype(np.float32)) == (15, 50)

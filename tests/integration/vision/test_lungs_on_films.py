"""The shipped lung outlines and what rests on them, on real films from the shared data folder."""

import csv
import hashlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from copilot.vision import heart
from copilot.vision.comparison import laid_over
from copilot.vision.examiner import MIRRORED_FROM
from copilot.vision.factory import build_examiner
from copilot.vision.lungs import LungOutliner
from guardrails.types import SafeImage

DATA = Path(__file__).parents[3].parent / "shared" / "data" / "cxr"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="needs the shared films at ../shared/data/cxr")


def read(path):
    return np.asarray(Image.open(path).convert("L"), np.float32) / 255


def safe(pixels):
    return SafeImage(pixels=np.ascontiguousarray(pixels, np.float32), source="test")


@pytest.fixture(scope="module")
def outliner():
    return LungOutliner()


@pytest.fixture(scope="module")
def examiner():
    return build_examiner("bundled")


@pytest.fixture(scope="module")
def validation():
    with (DATA / "labels.csv").open() as rows:
        return [row for row in csv.DictReader(rows) if row["split"] == "val"]


def held(path):
    return int(hashlib.sha256(path.stem.encode()).hexdigest(), 16) % 5 == 0


def test_lungs_agree_with_the_masks_of_the_held_films(outliner):
    """On the fifth that was not trained on the median Dice is at least 0.94, with both lungs on their own sides."""
    figures = []
    for path in filter(held, sorted((DATA / "lungs").glob("*.jpg"))):
        film = read(path)
        found = outliner.find(film)
        if found is None:
            continue
        assert np.argwhere(found.right)[:, 1].mean() < np.argwhere(found.left)[:, 1].mean()
        side = min(film.shape)  # the masks were drawn on the film's central square (`copilot/vision/bundled/LUNGS.md`)
        square = tuple(slice((n - side) // 2, (n + side) // 2) for n in film.shape)
        stored = Image.open(path.with_name(path.stem + "_mask.png"))
        mask = np.asarray(stored.resize((side, side), Image.Resampling.BILINEAR)) > 127
        both = Image.fromarray(found.right | found.left).resize(film.shape[::-1], Image.Resampling.NEAREST)
        both = np.asarray(both)[square]
        figures.append(2 * (both & mask).sum() / (both.sum() + mask.sum()))
    assert len(figures) >= 15
    assert np.median(figures) > 0.94


def test_lungs_are_found_on_films_of_another_hospital(outliner, validation):
    """Of forty validation films, which have no masks and come in two resolutions, at most eight are not measured."""
    found = [outliner.find(read(DATA / row["file"])) for row in validation[:: len(validation) // 40][:40]]
    assert sum(one is None for one in found) <= 8


def hearts(outliner, rows, change=lambda film: film):
    for row in rows:
        film = np.ascontiguousarray(change(read(DATA / row["file"])))
        lungs = outliner.find(film)
        found = heart.measured(film, lungs) if lungs is not None else None
        if found is not None:
            yield found


def test_hearts_labelled_large_measure_wider(outliner, validation):
    """Among films of one origin the ratio ranks those with the label Cardiomegaly above others six times in seven."""
    group = [row for row in validation if row["native"] == "64"]
    labelled = [row for row in group if "Cardiomegaly" in row["labels"]]
    others = [row for row in group if "Cardiomegaly" not in row["labels"]][:40]
    large, rest = (np.array([one.ratio for one in hearts(outliner, rows)]) for rows in (labelled, others))
    assert len(large) >= 8
    assert np.mean(large[:, None] > rest[None]) > 0.85


def test_mirror_images_are_noticed_and_ordinary_films_are_not(outliner, validation):
    """A third of the mirror images at least, and hardly an ordinary film, has its heart on the wrong side."""
    rows = validation[::12]
    ordinary = [one.lies_right > MIRRORED_FROM for one in hearts(outliner, rows)]
    mirrored = [one.lies_right > MIRRORED_FROM for one in hearts(outliner, rows, lambda film: film[:, ::-1])]
    assert sum(ordinary) <= 1
    assert np.mean(mirrored) > 1 / 3


def test_what_is_no_chest_has_no_lungs(outliner):
    """Noise, a ramp and a blank film give no outline."""
    rng = np.random.default_rng(0)
    ramp = np.tile(np.linspace(0, 1, 300, dtype=np.float32), (300, 1))
    for pixels in (rng.random((300, 300), np.float32), ramp, np.zeros((300, 300), np.float32)):
        assert outliner.find(pixels) is None


def test_a_turned_and_an_upright_film_get_the_same_measures(examiner):
    """A film on its side is measured upright, and its outlines lie on it as it was given."""
    upright = read(DATA / "fullsize" / "00001317_000.png")
    expected, turned = examiner.read(safe(upright)), examiner.read(safe(np.rot90(upright)))
    assert turned.quarter_turns == 3
    assert turned.measurements == expected.measurements
    across = np.array(expected.outlines[0].points)
    on_its_side = np.array(turned.outlines[0].points)
    assert on_its_side.mean(axis=0) == pytest.approx([across[:, 1].mean(), 1 - across[:, 0].mean()], abs=0.03)


def test_two_films_of_a_patient_are_laid_over_each_other(examiner):
    """The earlier film, moved onto the later one's lungs, is more like it than where it lay."""
    earlier, later = (read(DATA / "fullsize" / f"00001317_{n}.png") for n in ("000", "002"))
    shifted = np.zeros_like(earlier)
    shifted[60:, 50:] = earlier[:-60, :-50]
    before, now = examiner.read(safe(shifted)), examiner.read(safe(later))
    laid = laid_over(shifted, before.outlines, now.outlines, later.shape)
    assert laid is not None
    middle = np.s_[200:800, 200:800]
    assert np.corrcoef(laid[middle].ravel(), later[middle].ravel())[0, 1] > (
        np.corrcoef(shifted[middle].ravel(), later[middle].ravel())[0, 1] + 0.1
    )

"""Pictures and classes for the intake gate: chest films, inverted and turned ones, and everything else.

Knows nothing of networks.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from copilot.vision.preprocessing import resize, stretch
from training import data, negatives
from training.features import SIZE, square, varied

Picture = NDArray[np.float32]
CLASSES = ("upright", "inverted", "turned_left", "turned_over", "turned_right", "other")
OTHER = len(CLASSES) - 1
PRESENTATIONS = 220  # films shown inverted or turned, each way
# Whole sources kept for the test: what the gate meets in use comes from places it was not trained on
HELD = ("skimage/", "dicom/examples", "dicom/ctbrain2", "dicom/ultrasound", "dicom/image7", "volume/functional.nii",
        "document/3", "noise/2", "bones/1")  # fmt: skip


def presented(squares: Sequence[Picture], rng: np.random.Generator) -> tuple[list[Picture], NDArray[np.int64]]:
    """Films inverted and turned; quarter turns as `numpy.rot90` counts them."""
    pictures, kinds = [], []
    for kind in (1, 2, 3, 4):
        for i in rng.choice(len(squares), min(PRESENTATIONS, len(squares)), replace=False):
            one = squares[i]
            pictures.append(1 - one if kind == 1 else np.ascontiguousarray(np.rot90(one, kind - 1)))
            kinds.append(kind)
    return pictures, np.array(kinds)


def collected(films: Sequence[Picture], rng: np.random.Generator) -> list[negatives.Negative]:
    """Everything that is no chest film: packaged, drawn, and cut from the given chest films."""
    spoiled = [negatives.spoiled(films[i], rng) for i in rng.choice(len(films), 300, replace=False)]
    return [
        *negatives.packaged_pictures(), *negatives.dicom_slices(), *negatives.volume_slices(),
        *negatives.documents(rng, 160), *negatives.noise(rng, 120), *negatives.bones(rng, 160), *spoiled,
    ]  # fmt: skip


def is_held(negative: negatives.Negative) -> bool:
    """Whether its source is kept for the test."""
    return negative.origin.startswith(HELD)


def views_of(negative: negatives.Negative, rng: np.random.Generator, count: int) -> list[Picture]:
    """The whole picture and random parts of it, some of them inverted, each varied."""
    views = [square(negative.pixels)]
    rows, columns = negative.pixels.shape
    for _ in range(count):
        part = rng.uniform(0.5, 0.95)
        tall, wide = max(int(rows * part), 32), max(int(columns * part), 32)
        top, left = rng.integers(0, max(rows - tall, 0) + 1), rng.integers(0, max(columns - wide, 0) + 1)
        cut = negative.pixels[top : top + tall, left : left + wide]
        views.append(square(1 - cut if rng.random() < 0.3 else cut))
    return [views[0], *varied(views[1:], int(rng.integers(1 << 30)))]


def lung_films(folder: Path) -> list[Picture]:
    """The 77 films with lung masks, from another hospital: chest films the gate was not trained on."""
    paths = sorted((folder / "lungs").glob("*.jpg"))
    return [square(resize(stretch(data.read(path)), SIZE, SIZE)) for path in paths]

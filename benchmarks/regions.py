"""How well GrabCut outlines what a person boxes: `PYTHONPATH=. python benchmarks/regions.py --films ../shared/data/cxr`.

Soft-edged ovals of several sizes and contrasts are drawn into the lungs of full-size training films, and each is boxed closely,
boxed loosely and clicked on; both lungs are boxed as well, as the shipped network outlines them. Prints mean and median Dice.
"""

import argparse
import csv
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from copilot.vision.box import Box
from copilot.vision.lungs import LungOutliner
from copilot.vision.preprocessing import resize
from copilot.vision.regions import Mask
from copilot.vision.segmenters import GrabCut

SIDE, SEED = 512, 99
HALF_AXES, CONTRAST = (8, 50), (0.12, 0.3)  # pixels of 512; shares of the grey scale
CLOSE, LOOSE = 0.01, 0.04  # of the film, around what is boxed
Grey = NDArray[np.float32]


def main() -> None:
    """Prints a row a way of pointing."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--films", type=Path, required=True)
    options.add_argument("--every", type=int, default=16, help="take every n-th film")
    chosen = options.parse_args()
    rng, outliner, segmenter = np.random.default_rng(SEED), LungOutliner(), GrabCut()
    agreed: dict[str, list[float]] = {}
    for path in list(full_size(chosen.films))[:: chosen.every]:
        film = np.asarray(Image.open(path).convert("L").resize((SIDE, SIDE)), np.float32) / 255
        found = outliner.find(film)
        for lung in (found.right, found.left) if found else ():
            mask = resize(lung.astype(np.float32), SIDE, SIDE) > 0.5
            shown, oval = drawn(film, mask, rng)
            for name, seen, truth, box in (
                ("lung, boxed", film, mask, around(mask, CLOSE)),
                ("oval, boxed closely", shown, oval, around(oval, CLOSE)),
                ("oval, boxed loosely", shown, oval, around(oval, LOOSE)),
                ("oval, clicked on", shown, oval, click(oval)),
            ):
                agreed.setdefault(name, []).append(dice(segmenter.region(seen, box), truth))
    for name, figures in agreed.items():
        print(f"{name}: {len(figures)}, Dice {np.mean(figures):.2f}, median {np.median(figures):.2f}")


def full_size(folder: Path) -> list[Path]:
    """Training films that are more than 64 pixels wide."""
    with (folder / "labels.csv").open(encoding="utf-8") as rows:
        return [folder / r["file"] for r in csv.DictReader(rows) if r["split"] == "train" and r["native"] == "1024"]


def drawn(film: Grey, lung: Mask, rng: np.random.Generator) -> tuple[Grey, Mask]:
    """A film with a bright oval in a lung, and the oval."""
    places = np.argwhere(cv2.erode(lung.astype(np.uint8), np.ones((25, 25), np.uint8)) > 0)
    y, x = places[rng.integers(len(places))].tolist()
    wide, tall = (int(half) for half in rng.uniform(*HALF_AXES, 2))
    oval = cv2.ellipse(
        np.zeros((SIDE, SIDE), np.float32), (x, y), (wide, tall), rng.uniform(0, 180), 0, 360, 1.0, cv2.FILLED
    )
    soft = cv2.GaussianBlur(oval, (0, 0), 4)
    return np.clip(film + soft * rng.uniform(*CONTRAST), 0, 1).astype(np.float32), np.asarray(oval > 0)


def around(mask: Mask, room: float) -> Box:
    """The box around a mask, with room on each side."""
    rows, columns = np.nonzero(mask)
    return Box.of(
        columns.min() / SIDE - room, rows.min() / SIDE - room, columns.max() / SIDE + room, rows.max() / SIDE + room
    )


def click(mask: Mask) -> Box:
    """What a click on the middle of a mask stands for."""
    y, x = (float(place.mean()) / SIDE for place in np.nonzero(mask))
    return Box.of(x, y, x, y)


def dice(found: Mask, truth: Mask) -> float:
    """Twice what both have over the sum of the two."""
    both = resize(found.astype(np.float32), SIDE, SIDE) > 0.5
    return float(2 * (both & truth).sum() / (both.sum() + truth.sum()))


if __name__ == "__main__":
    main()

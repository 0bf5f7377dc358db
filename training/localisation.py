"""Whether a heat map tells where a finding lies: its values in the lungs against radiologists' boxes, beside two guesses.

`python -m training.localisation --data ../shared/data/cxr` prints the figures of the shipped encoder.

Over the lungs of each film, how well values rank what lies in a box above what does not (AUC): those of the map, the nearness
to the middle of the lung, and the mean of the other patients' boxes, laid into the same place between the lungs' borders.
Knows nothing of how maps are made.
"""

import argparse
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

import cv2
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from copilot.vision import bundle
from copilot.vision.examiner import coarse
from copilot.vision.labels import NIH_LABELS
from copilot.vision.lungs import LungOutliner, Lungs
from copilot.vision.onnx_encoder import OnnxEncoder
from guardrails.types import SafeImage
from training.data import LABELS, Films, load
from training.measures import Interval, bootstrap

Map = NDArray[np.float32]
Mask = NDArray[np.bool_]
GRID = 128
FEWEST = 10
ROUNDS, SEED = 2000, 20


@dataclass(frozen=True)
class Boxed:
    """One film with boxes for a label: what of its lungs lies in one, on a grid over the film."""

    row: int
    right: Mask
    left: Mask
    boxed: Mask

    @property
    def inside(self) -> Mask:
        """Both lungs."""
        return self.right | self.left


@dataclass(frozen=True)
class Localised:
    """One label: `films` of `boxed` with lungs that were found; mean AUC of the map and of the guesses, and what the map gains
    on each guess film by film, with 95% intervals by patient. `sides`: of the films with boxes in one lung alone, on how many
    the map's peak lies in that lung. `peaks`: the share of films whose peak lies in a box, of the map, the middle of the
    lungs, the other films' boxes.
    """

    films: int
    boxed: int
    auc: Interval
    middle: Interval
    others: Interval
    on_middle: Interval
    on_others: Interval
    sides: tuple[int, int]
    peaks: tuple[float, float, float]

    @property
    def believable(self) -> bool:
        """Both gains are clear of nought: else no map is shown."""
        return self.on_middle.low > 0 and self.on_others.low > 0


def main() -> None:
    """Prints a row a label."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, required=True)
    for label, found in of_bundle(load(options.parse_args().data), bundle.shipped()).items():
        print(f"{label}: {found}, believable: {found.believable}")


def of_bundle(films: Films, folder: bundle.Folder) -> dict[str, Localised]:
    """The labels of a bundle that have boxes, by the maps that the application would show, whether it shows them or not."""
    outliner = LungOutliner()
    lungs_of = lru_cache(lambda row: outliner.find(films.film(row)))
    with TemporaryDirectory() as name:
        encoder = OnnxEncoder(_with_every_map(folder, Path(name)))
    offered = {one.name for one in encoder.labels}

    def map_of(row: int, label: str) -> Map:
        heat, lungs = encoder.heatmap(SafeImage(films.film(row), "NIH"), NIH_LABELS[label].name), lungs_of(row)
        assert heat is not None
        assert lungs is not None
        return coarse(lungs.within(heat))

    found = {
        label: localised(films, label, lambda row, label=label: map_of(row, label), lungs_of)
        for label in LABELS
        if NIH_LABELS[label].name in offered
    }
    return {label: one for label, one in found.items() if one is not None}


def _with_every_map(folder: bundle.Folder, copy: Path) -> Path:
    """The same bundle, but every label has a map."""
    manifest = json.loads(folder.joinpath("bundle.json").read_bytes())
    for label in manifest["labels"]:
        label["heatmap"] = True
    (copy / "bundle.json").write_text(json.dumps(manifest))
    (copy / "encoder.onnx").write_bytes(folder.joinpath("encoder.onnx").read_bytes())
    return copy


def localised(
    films: Films, label: str, map_of: Callable[[int], Map], lungs_of: Callable[[int], Lungs | None]
) -> Localised | None:
    """`map_of(row)` gives a heat map of any size; None where fewer than ten films with boxes have lungs that were found."""
    drawn = dict(_drawn(films, label))
    known = [one for row, mask in drawn.items() if (one := _boxed(row, lungs_of(row), mask)) is not None]
    if len(known) < FEWEST:
        return None
    ways = [
        [np.where(one.inside, _on_grid(map_of(one.row)), -np.inf) for one in known],
        [_nearness(one) for one in known],
        [_of_others(one, [o for o in known if films.patient[o.row] != films.patient[one.row]]) for one in known],
    ]
    patient = films.patient[[one.row for one in known]]
    aucs = np.array([[_auc(one, v) for one, v in zip(known, values, strict=True)] for values in ways])
    figures = (aucs[0], aucs[1], aucs[2], aucs[0] - aucs[1], aucs[0] - aucs[2])
    auc, middle, others, on_middle, on_others = (
        bootstrap(lambda rows, f=f: float(f[rows].mean()), patient, ROUNDS, SEED) for f in figures
    )
    peaks = [float(np.mean([one.boxed[_peak(v)] for one, v in zip(known, values, strict=True)])) for values in ways]
    return Localised(
        len(known), len(drawn), auc, middle, others, on_middle, on_others, _sides(known, ways[0]),
        (peaks[0], peaks[1], peaks[2]),
    )  # fmt: skip


def _drawn(films: Films, label: str) -> Iterator[tuple[int, Mask]]:
    boxes = pd.read_csv(films.folder / "boxes.csv")
    boxes["label"] = boxes["label"].replace({"Infiltrate": "Infiltration"})
    rows = {image: row for row, image in enumerate(films.table["image"])}
    for image, some in boxes[boxes["label"] == label].groupby("image"):
        if image not in rows:
            continue
        mask = np.zeros((GRID, GRID), bool)
        for x, y, w, h in (some[["x", "y", "w", "h"]].to_numpy() * GRID / 1024).astype(int):
            mask[y : y + h + 1, x : x + w + 1] = True
        yield rows[image], mask


def _boxed(row: int, lungs: Lungs | None, mask: Mask) -> Boxed | None:
    """None where no lungs were found, or where a box holds all of them or nothing."""
    if lungs is None:
        return None
    right, left = (_on_grid(side.astype(np.float32)) > 0 for side in (lungs.right, lungs.left))
    share = mask[right | left].mean()
    return Boxed(row, right, left, mask) if 0 < share < 1 else None


def _auc(one: Boxed, values: Map) -> float:
    return float(roc_auc_score(one.boxed[one.inside], values[one.inside]))


def _nearness(one: Boxed) -> Map:
    """Minus the distance to the middle of the lung that a cell lies in, in units of that lung's size."""
    near = np.full((GRID, GRID), -np.inf, np.float32)
    for side in (one.right, one.left):
        places = np.argwhere(side)
        away = np.linalg.norm(places - places.mean(axis=0), axis=1)
        near[side] = -away / np.sqrt(len(places))
    return near


def _of_others(one: Boxed, others: list[Boxed]) -> Map:
    """The mean of the others' boxes, each moved with the borders of its lungs to the borders of these."""
    to = cv2.boundingRect(one.inside.astype(np.uint8))
    total = np.zeros((GRID, GRID), np.float32)
    for other in others:
        x, y, w, h = cv2.boundingRect(other.inside.astype(np.uint8))
        across, down = to[2] / w, to[3] / h
        place = np.array([[across, 0, to[0] - across * x], [0, down, to[1] - down * y]])
        total += cv2.warpAffine(other.boxed.astype(np.float32), place, (GRID, GRID))
    return np.asarray(np.where(one.inside, total / max(len(others), 1), -np.inf), np.float32)


def _sides(known: list[Boxed], maps: list[Map]) -> tuple[int, int]:
    hits = [
        bool(one.right[_peak(values)]) == touched[0]
        for one, values in zip(known, maps, strict=True)
        for touched in [tuple(bool((one.boxed & side).any()) for side in (one.right, one.left))]
        if sum(touched) == 1
    ]
    return sum(hits), len(hits)


def _peak(values: Map) -> tuple[int, int]:
    """The brightest place; of several alike, the one nearest to their middle."""
    places = np.argwhere(values == values.max())
    row, column = places[np.linalg.norm(places - places.mean(axis=0), axis=1).argmin()]
    return int(row), int(column)


def _on_grid(values: Map) -> Map:
    return np.asarray(cv2.resize(values, (GRID, GRID), interpolation=cv2.INTER_NEAREST), np.float32)


if __name__ == "__main__":
    main()

"""Whether the films most alike are worth showing: `PYTHONPATH=. python benchmarks/nearest.py --films ../shared/data/cxr`.

Needs the extra `train`. Each validation film looks for its three most alike among the validation films of other patients
and of the same kind, as the application does. How often these have a label that the film has, against films taken by
chance. Intervals by patient.
"""

import argparse
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from copilot.nearest import SHOWN, Index
from copilot.vision.onnx_encoder import OnnxEncoder
from guardrails.types import SafeImage
from training import data, measures

Rows = NDArray[np.int64]
ROUNDS, SEED = 1000, 20


def main() -> None:
    """Prints a row a label: of films that have it, the share of their three most alike that have it too."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--films", type=Path, required=True)
    films, encoder = data.load(options.parse_args().films), OnnxEncoder()
    rows = films.rows("val")
    seen = [(int(row), encoder.place(SafeImage(films.film(row), "benchmark"))) for row in rows]
    rows = np.array([row for row, place in seen if place is not None])
    places = np.stack([place for _, place in seen if place is not None])
    truth, patient = films.truth[rows], films.patient[rows]
    others = candidates(patient, films.group[rows])
    near = np.stack([np.array(nearest(places, i, mine)) for i, mine in enumerate(others)])

    def interval(figure: Callable[[Rows], float]) -> measures.Interval:
        return measures.bootstrap(figure, patient, ROUNDS, SEED)

    said = np.stack([truth[mine].mean(axis=0) for mine in others])  # what chance would say
    told = truth[near].mean(axis=1)
    print(f"{len(rows)} films; share of films with the label: among the {SHOWN} most alike, by chance, difference")
    for column, label in enumerate(data.LABELS):
        has = truth[:, column] == 1
        a = interval(lambda r, c=column, h=has: told[r, c][h[r]].mean())
        b = interval(lambda r, c=column, h=has: told[r, c][h[r]].mean() - said[r, c][h[r]].mean())
        print(f"{label}, {int(has.sum())} films: {a}, {said[has, column].mean():.2f}, {b}")
    one = interval(lambda r: float(np.mean([alike(truth[i], truth[near[i]]) for i in r])))
    chance = float(np.mean([alike(truth[i], truth[mine]) for i, mine in enumerate(others)]))
    gain = interval(
        lambda r: float(np.mean([alike(truth[i], truth[near[i]]) - alike(truth[i], truth[others[i]]) for i in r]))
    )
    print(f"labels in common, of those that either has (Jaccard): {one}, {chance:.2f}, {gain}")


def candidates(patient: Rows, group: Rows) -> list[Rows]:
    """For each film, the films of other patients and of its own kind."""
    return [np.flatnonzero((patient != patient[i]) & (group == group[i])) for i in range(len(patient))]


def nearest(places: NDArray[np.float32], film: int, among: Rows) -> list[int]:
    """The films that the application would show for this one, of those it may see."""
    index = Index("", places[among], tuple(map(str, among)))
    return [int(name) for _, name in index.nearest(places[film], SHOWN)]


def alike(mine: NDArray[np.float64], theirs: NDArray[np.float64]) -> float:
    """Labels in common over labels of either, the mean over several films; two films without any are alike."""
    both, either = np.minimum(mine, theirs).sum(axis=1), np.maximum(mine, theirs).sum(axis=1)
    return float(np.where(either > 0, both / np.maximum(either, 1), 1.0).mean())


if __name__ == "__main__":
    main()

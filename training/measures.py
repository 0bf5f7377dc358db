"""AUC within groups of films, bootstrap by patient, expected calibration error. Knows nothing of models."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from training.data import GROUPS

Array = NDArray[np.float64]
FEWEST = 5  # a group with fewer positives or negatives than this says nothing of a label


@dataclass(frozen=True)
class Interval:
    """A figure with its 95% interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.2f} ({self.low:.2f} to {self.high:.2f})"


def auc_by_group(truth: Array, score: Array, group: NDArray[np.int64], fewest: int = FEWEST) -> list[float]:
    """AUC within the 64 and the 1,024 films; NaN where a group has too few positives or negatives."""
    values = []
    for side in GROUPS:
        inside = group == side
        positives = truth[inside].sum()
        enough = min(positives, inside.sum() - positives) >= fewest
        values.append(_mann_whitney(truth[inside], score[inside]) if enough else np.nan)
    return values


def _mann_whitney(truth: Array, score: Array) -> float:
    """AUC from ranks: the bootstrap asks for it some hundred thousand times."""
    positives = int(truth.sum())
    above = rankdata(score)[truth == 1].sum() - positives * (positives + 1) / 2
    return float(above / (positives * (len(truth) - positives)))


def auc(truth: Array, score: Array, group: NDArray[np.int64], fewest: int = FEWEST) -> float:
    """The mean of the AUCs within groups; NaN where neither group has enough."""
    values = [v for v in auc_by_group(truth, score, group, fewest) if not np.isnan(v)]
    return float(np.mean(values)) if values else np.nan


def bootstrap(
    figure: Callable[[NDArray[np.int64]], float], patient: NDArray[np.int64], rounds: int, seed: int
) -> Interval:
    """`figure(rows)` on all rows, and its percentiles over resampled patients."""
    rng = np.random.default_rng(seed)
    people, where = np.unique(patient, return_inverse=True)
    rows = [np.flatnonzero(where == i) for i in range(len(people))]
    draws = [
        figure(np.concatenate([rows[i] for i in rng.integers(0, len(people), len(people))])) for _ in range(rounds)
    ]
    low, high = np.nanpercentile(draws, [2.5, 97.5])
    return Interval(figure(np.arange(len(patient))), float(low), float(high))


def calibration_error(truth: Array, probability: Array, bins: int = 10) -> float:
    """Expected calibration error over bins of equal count."""
    parts = np.array_split(np.argsort(probability), bins)
    return float(sum(len(p) * abs(truth[p].mean() - probability[p].mean()) for p in parts) / len(truth))


def calibration_noise(probability: Array, seed: int, draws: int = 200) -> float:
    """The calibration error that perfect probabilities would show on so few films."""
    rng = np.random.default_rng(seed)
    return float(
        np.mean([calibration_error(rng.random(len(probability)) < probability, probability) for _ in range(draws)])
    )

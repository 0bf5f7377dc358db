"""Linear heads on frozen embeddings: ridge on labels and on the teacher's logits, calibration, borders.

Knows nothing of pictures or networks.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from training.data import GROUPS, Films
from training.tower import EMBEDDING, SHALLOW, Linear, Paths

Array = NDArray[np.float64]
FOLDS = 5
LIKELIER_THAN_NOT = 0.5


@dataclass(frozen=True)
class Embeddings:
    """(films, d) a view: the film, its mirror image, and varied ones. Varied rows of films that are not for training are
    zero, and so are the sharp rows of films stored at 64 pixels.
    """

    blurred: tuple[NDArray[np.float32], ...]
    sharp: tuple[NDArray[np.float32], ...]

    @property
    def seen(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """What the running encoder scores: the mean of a film and its mirror image (heads are linear)."""
        return (self.blurred[0] + self.blurred[1]) / 2, (self.sharp[0] + self.sharp[1]) / 2

    def logits(self, paths: Paths, films: Films, rows: NDArray[np.int64]) -> Array:
        """What `paths` say of the films `rows`, each by its own path."""
        blurred, sharp = self.seen
        return paths.logits(blurred[rows], sharp[rows], films.group[rows] == 64)


@dataclass(frozen=True)
class Part:
    """One ridge fit: on which dimensions, to which target, its penalty in units of the mean squared feature, and
    its weight beside the others, each taken in units of its own spread.
    """

    where: slice
    taught: bool
    penalty: float
    weight: float


ALL_SHALLOW, ALL_DEEP = slice(0, SHALLOW), slice(SHALLOW, EMBEDDING)
BLURRED = (Part(ALL_SHALLOW, False, 30, 1.0), Part(ALL_SHALLOW, True, 2, 1.5))
SHARP = (Part(ALL_SHALLOW, False, 10, 1.0), Part(ALL_DEEP, False, 10, 2.0))
PROBE = (Part(ALL_DEEP, False, 10, 1.0),)


def fit(
    films: Films,
    views: Embeddings,
    rows: NDArray[np.int64],
    blurred: Sequence[Part] = BLURRED,
    sharp: Sequence[Part] = SHARP,
) -> Paths:
    """Scores for all labels from the training films `rows`; the sharp heads learn from full-size films alone."""
    coarse, fine = rows[films.group[rows] == 64], rows[films.group[rows] != 64]
    heads = [(part, _fitted(films, views.blurred, rows, part)) for part in blurred]
    sharper = [(part, _fitted(films, views.sharp, fine, part)) for part in sharp]
    seen, seen_sharp = views.seen
    none = Linear(np.zeros((EMBEDDING, films.truth.shape[1])), np.zeros(films.truth.shape[1]))
    return Paths(_sum(none, heads, seen[coarse]), _sum(none, heads, seen[fine]), _sum(none, sharper, seen_sharp[fine]))


def _fitted(films: Films, kinds: Sequence[NDArray[np.float32]], rows: NDArray[np.int64], part: Part) -> Linear:
    target = films.teacher if part.taught else films.truth
    some, times = rows[~np.isnan(target[rows, 0])], len(kinds)
    head = _ridge(
        np.concatenate([kind[some, part.where] for kind in kinds]),
        np.tile(target[some], (times, 1)),
        np.tile(films.group[some], times),
        part.penalty,
    )
    weight = np.zeros((EMBEDDING, target.shape[1]))
    weight[part.where] = head.weight
    return Linear(weight, head.bias)


def _sum(total: Linear, heads: Sequence[tuple[Part, Linear]], seen: NDArray[np.float32]) -> Linear:
    """`total` and the weighted sum of heads, each standardised on the films `seen`."""
    for part, head in heads:
        one = _standardised(head, seen)
        total = Linear(total.weight + part.weight * one.weight, total.bias + part.weight * one.bias)
    return total


def _ridge(features: NDArray[np.float32], target: Array, group: NDArray[np.int64], penalty: float) -> Linear:
    """Ridge within groups: features and targets are centred group by group, so that groups teach nothing."""
    values, wanted = features.astype(np.float64), target.copy()
    centre = values.mean(axis=0)
    for side in GROUPS:
        inside = group == side
        if inside.any():
            values[inside] -= values[inside].mean(axis=0)
            wanted[inside] -= wanted[inside].mean(axis=0)
    spread = values.std(axis=0) + 1e-6
    values /= spread
    if len(values) < values.shape[1]:  # the same weights from the smaller of the two systems
        weight = values.T @ np.linalg.solve(_loaded(values @ values.T, penalty, len(values)), wanted)
    else:
        weight = np.linalg.solve(_loaded(values.T @ values, penalty, len(values)), values.T @ wanted)
    weight /= spread[:, None]
    return Linear(weight, -centre @ weight)


def _loaded(gram: Array, penalty: float, rows: int) -> Array:
    return gram + penalty * np.trace(gram) / rows * np.eye(len(gram))


def _standardised(head: Linear, features: NDArray[np.float32]) -> Linear:
    scores = head(features)
    return Linear(head.weight / scores.std(axis=0), (head.bias - scores.mean(axis=0)) / scores.std(axis=0))


def out_of_fold(
    films: Films,
    views: Embeddings,
    seed: int,
    blurred: Sequence[Part] = BLURRED,
    sharp: Sequence[Part] = SHARP,
) -> Array:
    """Scores (training films, labels) of heads that did not see the film's patient."""
    train = films.rows("train")
    scores = np.zeros((len(train), films.truth.shape[1]))
    splits = GroupKFold(FOLDS, shuffle=True, random_state=seed).split(train, groups=films.patient[train])
    for inside, outside in splits:
        paths = fit(films, views, train[inside], blurred, sharp)
        scores[outside] = views.logits(paths, films, train[outside])
    return scores


@dataclass(frozen=True)
class Curve:
    """Logit = `slope` * score + `coarse` or `fine`: one slope a label, and a level for each kind of film."""

    slope: Array
    coarse: Array
    fine: Array

    def logits(self, scores: Array, coarse: NDArray[np.bool_]) -> Array:
        """Logits (n, labels) of calibrated probabilities."""
        return scores * self.slope + np.where(coarse[:, None], self.coarse, self.fine)

    def folded(self, paths: Paths) -> Paths:
        """Heads that give these logits themselves."""
        return self._sloped(paths, self.coarse, self.fine)

    def added(self, paths: Paths) -> Paths:
        """Heads that give what other views add to these logits: they have no level of their own."""
        return self._sloped(paths, np.zeros_like(self.coarse), np.zeros_like(self.fine))

    def _sloped(self, paths: Paths, coarse: Array, fine: Array) -> Paths:
        levels = (coarse, fine, np.zeros_like(fine))
        three = (paths.coarse, paths.blurred, paths.sharp)
        return Paths(
            *(
                Linear(one.weight * self.slope, one.bias * self.slope + level)
                for one, level in zip(three, levels, strict=True)
            )
        )


def curve(scores: Array, truth: Array, coarse: NDArray[np.bool_]) -> Curve:
    """Platt scaling on out-of-fold scores. The levels differ because the two kinds of films were chosen differently."""
    fits = [
        LogisticRegression(C=1e3, max_iter=500).fit(np.column_stack([score, coarse]), wanted)
        for score, wanted in zip(scores.T, truth.T, strict=True)
    ]
    slope, apart = np.array([one.coef_[0] for one in fits]).T
    fine = np.array([one.intercept_[0] for one in fits])
    return Curve(slope, fine + apart, fine)


@dataclass(frozen=True)
class OperatingPoint:
    """`threshold` is where sensitivity + specificity is greatest; between the other two the film is uncertain."""

    threshold: float
    absent_below: float
    present_above: float


def operating_point(truth: Array, probability: Array) -> OperatingPoint:
    """Youden's point, and a band around it: below it 90% sensitivity is kept, above it 95% specificity is
    kept and the finding is likelier than not: nothing is called present at a calibrated probability under 0.5.

    Where the two overlap, or one is on the wrong side, the threshold itself is the border.
    """
    cuts = np.unique(probability)
    positive, negative = np.sort(probability[truth == 1]), np.sort(probability[truth == 0])
    sensitivity = 1 - np.searchsorted(positive, cuts) / len(positive)
    specificity = np.searchsorted(negative, cuts) / len(negative)
    threshold = float(cuts[np.argmax(sensitivity + specificity)])
    lower, upper = float(np.quantile(positive, 0.1)), float(np.quantile(negative, 0.95))
    return OperatingPoint(threshold, min(lower, threshold), max(upper, threshold, LIKELIER_THAN_NOT))


def intake_head(features: NDArray[np.float32], kind: NDArray[np.int64], penalty: float = 0.01) -> Linear:
    """Multinomial logistic regression over the intake classes, classes weighted alike."""
    centre, spread = features.mean(axis=0), features.std(axis=0) + 1e-6
    model = LogisticRegression(C=penalty, class_weight="balanced", max_iter=400)
    model.fit((features - centre) / spread, kind)
    weight = model.coef_.T / spread[:, None]
    return Linear(weight, model.intercept_ - centre @ weight)

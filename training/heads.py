"""Linear heads on frozen embeddings: ridge on labels and on the teacher's logits, calibration, borders.

Knows nothing of pictures or networks.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from training.data import GROUPS, Films
from training.tower import Linear

Array = NDArray[np.float64]
FOLDS = 5
LIKELIER_THAN_NOT = 0.5


@dataclass(frozen=True)
class Embeddings:
    """(n, d) a kind of view; `varied` has rows for the training films only, in their order."""

    film: NDArray[np.float32]
    mirrored: NDArray[np.float32]
    varied: tuple[NDArray[np.float32], ...]

    @property
    def seen(self) -> NDArray[np.float32]:
        """What the running encoder scores: the mean of a film and its mirror image (heads are linear)."""
        return (self.film + self.mirrored) / 2


@dataclass(frozen=True)
class Recipe:
    """Penalties in units of the mean squared feature, and the weight of the teacher's head beside the other."""

    label_penalty: float = 30.0
    teacher_penalty: float = 2.0
    teacher_weight: float = 1.5
    views: int = 3


def fit(films: Films, views: Embeddings, rows: NDArray[np.int64], recipe: Recipe) -> Linear:
    """Scores for all labels from the training films `rows`: both heads, each in units of its own spread."""
    train = films.rows("train")
    place = np.full(len(films.table), -1)
    place[train] = np.arange(len(train))
    scores = []
    for target, some, penalty in (
        (films.truth, rows, recipe.label_penalty),
        (films.teacher, rows[~np.isnan(films.teacher[rows, 0])], recipe.teacher_penalty),
    ):
        kinds = [views.film[some], views.mirrored[some], *(v[place[some]] for v in views.varied)][: recipe.views]
        times = len(kinds)
        head = _ridge(
            np.concatenate(kinds),
            np.tile(target[some], (times, 1)),
            np.tile(films.group[some], times),
            penalty,
        )
        scores.append(_standardised(head, views.seen[rows]))
    labels, teacher = scores
    return Linear(
        labels.weight + recipe.teacher_weight * teacher.weight,
        labels.bias + recipe.teacher_weight * teacher.bias,
    )


def _ridge(features: NDArray[np.float32], target: Array, group: NDArray[np.int64], penalty: float) -> Linear:
    """Ridge within groups: features and targets are centred group by group, so that groups teach nothing."""
    values, wanted = features.astype(np.float64), target.copy()
    centre = values.mean(axis=0)
    for side in GROUPS:
        inside = group == side
        values[inside] -= values[inside].mean(axis=0)
        wanted[inside] -= wanted[inside].mean(axis=0)
    spread = values.std(axis=0) + 1e-6
    values /= spread
    gram = values.T @ values
    gram += penalty * np.trace(gram) / len(values) * np.eye(len(gram))
    weight = np.linalg.solve(gram, values.T @ wanted) / spread[:, None]
    return Linear(weight, -centre @ weight)


def _standardised(head: Linear, features: NDArray[np.float32]) -> Linear:
    scores = head(features)
    return Linear(head.weight / scores.std(axis=0), (head.bias - scores.mean(axis=0)) / scores.std(axis=0))


def out_of_fold(films: Films, views: Embeddings, recipe: Recipe, seed: int) -> Array:
    """Scores (training films, labels) of heads that did not see the film's patient."""
    train = films.rows("train")
    scores = np.zeros((len(train), films.truth.shape[1]))
    splits = GroupKFold(FOLDS, shuffle=True, random_state=seed).split(train, groups=films.patient[train])
    for inside, outside in splits:
        scores[outside] = fit(films, views, train[inside], recipe)(views.seen[train[outside]])
    return scores


@dataclass(frozen=True)
class Calibrated:
    """`head` gives logits; a film stored at 64 pixels needs `coarse_shift` (labels,) added to its logits.

    Films that come at 64 pixels were shrunk by others in another way than films that are shrunk here, which moves
    every score by about a constant; without the shift it would move their probabilities.
    """

    head: Linear
    coarse_shift: Array

    def probability(self, features: NDArray[np.float32], coarse: NDArray[np.bool_]) -> Array:
        """Probabilities (n, labels)."""
        return 1 / (1 + np.exp(-self.head(features) - coarse[:, None] * self.coarse_shift))


def levelled(scores: Array, coarse: NDArray[np.bool_]) -> tuple[Array, Array]:
    """Scores with the mean of the coarse films moved to that of the others, and the move (labels,)."""
    shift = scores[~coarse].mean(axis=0) - scores[coarse].mean(axis=0)
    return scores + coarse[:, None] * shift, shift


def calibrated(head: Linear, scores: Array, truth: Array, coarse: NDArray[np.bool_]) -> Calibrated:
    """Platt scaling on out-of-fold scores, folded into the head: its outputs become logits of probabilities."""
    level, shift = levelled(scores, coarse)
    curves = np.array([platt(level[:, label], truth[:, label]) for label in range(truth.shape[1])])
    slope, move = curves.T
    return Calibrated(Linear(head.weight * slope, head.bias * slope + move), shift * slope)


def platt(score: Array, truth: Array) -> tuple[float, float]:
    """Slope and shift of the logistic curve of `truth` over `score`."""
    curve = LogisticRegression(C=1e3).fit(score[:, None], truth)
    return float(curve.coef_[0, 0]), float(curve.intercept_[0])


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

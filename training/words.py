"""The text side: from a sentence's MiniLM vector to the labels it speaks of, by weighted ridge. Knows nothing of films.

MedCLIP ties an image to a sentence by the likeness of their labels. With linear towers on frozen features and a squared
loss the best pair of towers is two ridge fits to the labels themselves, which is what is fitted here and in `heads`.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.reports import Sentences
from training.tower import Linear

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Recipe:
    """`graph`: weight of a graph's name beside a report's sentence; `other`: of all that speak of no label together,
    beside one label; `penalty`: in units of the mean squared feature.
    """

    graph: float = 1.0
    other: float = 1.0
    penalty: float = 1.0


class Words:
    """Vectors with labels, from which some can be left out at no cost: only sums are kept."""

    def __init__(self, vectors: Array, told: Sentences, named: int, recipe: Recipe) -> None:
        """The first `named` of `told` are names of the graph."""
        self.vectors, self.truth, self.recipe = vectors, told.truth, recipe
        kinds = np.repeat([recipe.graph, 1.0], [named, len(vectors) - named])
        share = np.zeros(len(vectors))
        for part in (slice(0, named), slice(named, None)):
            share[part] = _weights(told.truth[part], recipe.other)
        self.weight = share * kinds
        self.everything = self._sums(np.ones(len(vectors), bool))

    def _sums(self, rows: NDArray[np.bool_]) -> tuple[float, Array, Array, Array, Array]:
        v, t, w = self.vectors[rows], self.truth[rows], self.weight[rows, None]
        return float(w.sum()), (v * w).sum(0), (t * w).sum(0), (v * w).T @ v, (v * w).T @ t

    def without(self, rows: NDArray[np.bool_], columns: list[int]) -> Linear:
        """The projection of vectors (n, 384) to the labels `columns`, fitted without the sentences `rows`."""
        n, v, t, vv, vt = (a - b for a, b in zip(self.everything, self._sums(rows), strict=True))
        centre, mean = v / n, t[columns] / n
        gram = vv / n - np.outer(centre, centre)
        load = self.recipe.penalty * np.trace(gram) / len(gram) * np.eye(len(gram))
        weight = np.linalg.solve(gram + load, vt[:, columns] / n - np.outer(centre, mean))
        return Linear(weight, mean - centre @ weight)


def _weights(truth: Array, other: float) -> Array:
    """Each label weighs the same, however often it is spoken of; what has several goes with the rarest."""
    none = truth.sum(1) == 0
    shares: Array = (truth / np.maximum(truth.sum(0), 1)).max(1) + other * none / max(none.sum(), 1)
    return shares

"""What each part of the shipped heads is worth: one taken away at a time, against all of them, heart left out.

`python -m training.ablations --data ../shared/data/cxr` after `training.train` and from its cache prints the rows of the model
card.
"""

import argparse
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from training import data, heads, measures
from training.features import Cache
from training.tower import Tower
from training.train import SEED, Views, embeddings, lung_embeddings, on_validation, out_of_fold

Array = NDArray[np.float64]
ROUNDS, ROUNDS_VALIDATION = 100, 300
NOT_OFFERED = "Pneumothorax"
Parts = tuple[tuple[heads.Part, ...], tuple[heads.Part, ...]]
WHOLE: Parts = (heads.BLURRED, heads.SHARP)


@dataclass(frozen=True)
class Unmirrored(heads.Embeddings):
    """Films that are read without their mirror image."""

    @property
    def seen(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """The film alone."""
        return self.blurred[0], self.sharp[0]


def main() -> None:
    """Reads the command line and prints a row for each part."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, required=True)
    options.add_argument("--cache", type=Path, default=Path(".cache/vision"))
    chosen = options.parse_args()
    films, cache = data.load(chosen.data), Cache(chosen.cache, Tower())
    views: Views = (embeddings(films, [], cache), lung_embeddings(films, cache))
    shipped = scored(films, views, WHOLE)
    for name, (some, parts, of) in without(films, views).items():
        print(row(name, films, scored(of, some, parts), shipped), flush=True)


def without(films: data.Films, views: Views) -> dict[str, tuple[Views, Parts, data.Films]]:
    """What is left when each part is taken away: views, heads, and the films; no head learns from one whose labels are NaN."""
    first, second = views
    unmirrored = (Unmirrored(first.blurred, first.sharp), Unmirrored(second.blurred, second.sharp))
    never = (
        Unmirrored((first.blurred[0], first.blurred[2]), (first.sharp[0], *first.sharp[2:])),
        Unmirrored((second.blurred[0], second.blurred[2]), (second.sharp[0], *second.sharp[2:])),
    )
    untaught: Parts = (tuple(part for part in heads.BLURRED if not part.taught), heads.SHARP)
    coarse = (films.group == 64)[:, None]
    sharp_only = replace(
        films, truth=np.where(coarse, np.nan, films.truth), teacher=np.where(coarse, np.nan, films.teacher)
    )
    return {
        "the 64-pixel films in learning": (views, WHOLE, sharp_only),
        "the mirror image when a film is read": (unmirrored, WHOLE, films),
        "the mirrored copy, in learning and in reading": (never, WHOLE, films),
        "CheXNet's logits": (views, untaught, films),
    }


def scored(films: data.Films, views: Views, parts: Parts) -> tuple[Array, Array]:
    """Out of fold, and on the validation films."""
    return out_of_fold(films, views, *parts), on_validation(films, views, *parts)


def row(name: str, films: data.Films, scores: tuple[Array, Array], shipped: tuple[Array, Array]) -> str:
    """Mean AUC and its change against what is shipped, out of fold and over the labels offered on the validation films."""
    every = list(range(len(films.labels)))
    offered = [column for column in every if films.labels[column] != NOT_OFFERED]
    cells = []
    for split, columns, fewest, rounds, mine, theirs in (
        ("train", every, 8, ROUNDS, scores[0], shipped[0]),
        ("val", offered, measures.FEWEST, ROUNDS_VALIDATION, scores[1], shipped[1]),
    ):
        rows = films.rows(split)
        truth, group = films.truth[rows], films.group[rows]

        def mean(
            score: Array,
            some: NDArray[np.int64],
            truth: Array = truth,
            group: NDArray[np.int64] = group,
            columns: list[int] = columns,
            fewest: int = fewest,
        ) -> float:
            aucs = [measures.auc(truth[some, c], score[some, c], group[some], fewest) for c in columns]
            return float(np.nanmean(aucs))

        change = measures.bootstrap(
            lambda some, mine=mine, theirs=theirs, mean=mean: mean(mine, some) - mean(theirs, some),
            films.patient[rows],
            rounds,
            SEED,
        )
        cells += [
            f"{mean(mine, np.arange(len(rows))):.3f}",
            f"{change.value:.3f} ({change.low:.3f} to {change.high:.3f})",
        ]
    return f"| {name} | {' | '.join(cells)} |"


if __name__ == "__main__":
    main()

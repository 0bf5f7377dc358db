"""The words of the encoder: one command from films and report sentences to `phrases.npz` and its card.

`python -m training.phrases --data ../shared/data/cxr --reports NLMCXR_reports.tgz --out copilot/vision/bundled`, after
`training.train`, whose cache it shares. Knows nothing of the network: it works on embeddings.
"""

import argparse
import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from copilot.sentences import MiniLM
from copilot.vision.labels import NIH_LABELS
from copilot.vision.phrases import FORMAT, NEAR
from kg.linking.lexicon import english_words
from training import data, heads, measures, phrases_card, reports
from training.features import Cache, square
from training.reports import NORMAL, Sentences
from training.tower import Linear, Paths, Tower
from training.train import SEED, embeddings
from training.words import Recipe, Words

FEWEST_POSITIVES = 20  # films with a label, for it to get an axis
ROUNDS = 500
RECIPE = Recipe(graph=3.0, other=1.0, penalty=1.0)  # chosen out of fold among 20 (`PHRASES.md`)
Array = NDArray[np.float64]


@dataclass(frozen=True)
class Told:
    """Names of the graph, then sentences of the reports: `vectors` (n, 384) and `sentences`; `concepts` of the names."""

    concepts: tuple[str, ...]
    sentences: Sentences
    vectors: Array

    @property
    def named(self) -> int:
        """How many are names of the graph."""
        return len(self.concepts)

    def names_of(self, label: str) -> list[int]:
        """The rows with the names of a label's own concept."""
        return [row for row, concept in enumerate(self.concepts) if concept == NIH_LABELS[label].concept]


def main() -> None:
    """Reads the command line and runs every step."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, required=True)
    options.add_argument("--reports", type=Path, required=True)
    options.add_argument("--out", type=Path, required=True)
    options.add_argument("--cache", type=Path, default=Path(".cache/vision"))
    chosen = options.parse_args()
    films = films_with_axes(chosen.data)
    squares = [square(films.film(row)) for row in range(len(films.table))]
    views = embeddings(films, squares, Cache(chosen.cache, Tower()))
    scores, paths = scored(films, views)
    axes = [column for column in range(len(films.labels)) if worth(films, scores, column).low > 0.5]
    left_out = [films.labels[column] for column in range(len(films.labels)) if column not in axes]
    films, scores, paths = films.of(axes), scores[:, axes], paths.of(axes)
    told = read(chosen.reports, chosen.cache, films.labels)
    words = Words(told.vectors, told.sentences, told.named, RECIPE)
    write(chosen.out, films, scores, paths, told, words.without(nothing(told), list(range(len(axes)))))
    rows = [judged(films, scores, told, words, column) for column in range(len(axes))]
    card = phrases_card.written(rows, left_out, known(told), told.named, len(told.vectors) - told.named, NEAR)
    (chosen.out / "PHRASES.md").write_text(card)


def films_with_axes(folder: Path) -> data.Films:
    """The films, with every label that enough of them have."""
    films = data.load(folder, tuple(NIH_LABELS))
    return films.of([c for c in range(len(films.labels)) if films.truth[:, c].sum() >= FEWEST_POSITIVES])


def scored(films: data.Films, views: heads.Embeddings) -> tuple[Array, Paths]:
    """Scores (films, labels) by heads that saw neither film nor patient, with mean 0 and deviation 1 over the training
    films of each kind; and the heads of all training films on the same scale.
    """
    train, val = films.rows("train"), films.rows("val")
    paths = heads.fit(films, views, train)
    scores = np.zeros(films.truth.shape)
    scores[train], scores[val] = heads.out_of_fold(films, views, SEED), views.logits(paths, films, val)
    coarse = films.group == 64
    for kind in (coarse, ~coarse):
        inside = train[kind[train]]
        centre, spread = scores[inside].mean(0), scores[inside].std(0)
        scores[kind] = (scores[kind] - centre) / spread
        if kind is coarse:
            paths = Paths(scaled(paths.coarse, centre, spread), paths.blurred, paths.sharp)
        else:
            paths = Paths(paths.coarse, scaled(paths.blurred, centre, spread), scaled(paths.sharp, 0 * centre, spread))
    return scores, paths


def scaled(head: Linear, centre: Array, spread: Array) -> Linear:
    """A head whose scores are (score - centre) / spread."""
    return Linear(head.weight / spread, (head.bias - centre) / spread)


def worth(films: data.Films, scores: Array, column: int) -> measures.Interval:
    """AUC within groups of one label over all films, each scored by heads that did not see its patient."""
    return auc_of(films, np.arange(len(films.table)), scores[:, column], column)


def auc_of(films: data.Films, rows: NDArray[np.int64], score: Array, column: int) -> measures.Interval:
    """One label's AUC on some films, with its interval."""

    def figure(some: NDArray[np.int64]) -> float:
        at = rows[some]
        return measures.auc(films.truth[at, column], score[at], films.group[at])

    return measures.bootstrap(figure, films.patient[rows], ROUNDS, SEED)


def read(archive: Path, cache: Path, labels: Sequence[str]) -> Told:
    """Names and sentences with their vectors, which are kept in the cache."""
    concepts, names = reports.graph_names()
    sentences = reports.read(archive)
    texts = names.texts + sentences.texts
    columns = [list(NIH_LABELS).index(label) for label in labels]
    digest = hashlib.sha256("\n".join(texts).encode()).hexdigest()[:12]
    path = cache / f"words-{digest}.npy"
    if not path.exists():
        np.save(path, MiniLM().encode(texts))
    truth = np.concatenate([names.truth, sentences.truth])[:, columns]
    return Told(concepts, Sentences(texts, truth), np.load(path).astype(np.float64))


def nothing(told: Told) -> NDArray[np.bool_]:
    """No sentence."""
    return np.zeros(len(told.vectors), bool)


def judged(films: data.Films, scores: Array, told: Told, words: Words, column: int) -> phrases_card.Row:
    """One label: its head, its name as a phrase, names never trained on, and its name when the label was never trained
    on, each out of fold on the training films and on the validation films.
    """
    everything, others = list(range(scores.shape[1])), [c for c in range(scores.shape[1]) if c != column]
    mine = told.names_of(films.labels[column])
    lowered = [text.lower() for text in told.sentences.texts]
    plain = words.without(nothing(told), everything)(told.vectors[mine[:1]])[0]
    unlearned = words.without(told.sentences.truth[:, column] > 0, others)(told.vectors[mine[:1]])[0]
    held = [
        words.without(np.array([lowered[row] in text for text in lowered]), everything)(told.vectors[[row]])[0]
        for row in mine
    ]
    ill = scores[:, films.labels.index(NORMAL)] * (1 if films.labels[column] == NORMAL else -1)
    ways: dict[str, Callable[[Array], Array]] = {
        "head": lambda z: z[:, column],
        "name": lambda z: z @ plain,
        "unlearned": lambda z: z[:, others] @ unlearned,
    }
    figures = {}
    for part in ("train", "val"):
        rows = films.rows(part)
        figures[part] = {
            **{way: auc_of(films, rows, score(scores), column) for way, score in ways.items()},
            "held": mean_auc(films, rows, [scores @ one for one in held], column),
            "ill": auc_of(films, rows, ill, column),
        }
    return phrases_card.Row(films.labels[column], int(films.truth[:, column].sum()), len(mine), figures)


def mean_auc(films: data.Films, rows: NDArray[np.int64], several: list[Array], column: int) -> measures.Interval:
    """The mean AUC of several scores for one label, with its interval."""

    def figure(some: NDArray[np.int64]) -> float:
        at = rows[some]
        return float(np.mean([measures.auc(films.truth[at, column], s[at], films.group[at]) for s in several]))

    return measures.bootstrap(figure, films.patient[rows], ROUNDS // 5, SEED)


def known(told: Told) -> list[phrases_card.Taken]:
    """What the gate makes of each kind of words, by how like a known name they must be: names with themselves left
    out, and English words, of which those of the graph are left out.
    """
    names = told.vectors[: told.named]
    likeness = names @ names.T
    np.fill_diagonal(likeness, -1)
    truth = told.sentences.truth[: told.named]
    nearest = likeness.argmax(1)
    learned = truth.any(1)
    right = (truth[nearest] * truth).any(1)
    english = sorted(english_words() - {word for text in told.sentences.texts for word in text.lower().split()})
    some = np.random.default_rng(SEED).choice(english, 500, replace=False).tolist()
    foreign = MiniLM().encode(some).astype(np.float64) @ names.T
    return [
        phrases_card.Taken(
            near,
            scored=float((right & (likeness.max(1) >= near))[learned].mean()),
            wrongly=float((learned[nearest] & ~right & (likeness.max(1) >= near))[learned].mean()),
            unlearned=float((learned[nearest] & (likeness.max(1) >= near))[~learned].mean()),
            foreign=float((learned[foreign.argmax(1)] & (foreign.max(1) >= near)).mean()),
        )
        for near in (0.5, 0.6, 0.7, 0.8)
    ]


def write(folder: Path, films: data.Films, scores: Array, paths: Paths, told: Told, words: Linear) -> None:
    """`phrases.npz`, and `phrases.json` with its checksum and that of the encoder it belongs to."""
    three = {"coarse": paths.coarse, "blurred": paths.blurred, "sharp": paths.sharp}
    val, names = films.rows("val"), slice(0, told.named)
    np.savez_compressed(
        folder / "phrases.npz",
        **{f"{name}_weight": head.weight.astype(np.float16) for name, head in three.items()},
        **{f"{name}_bias": head.bias.astype(np.float32) for name, head in three.items()},
        words_weight=words.weight.astype(np.float32),
        words_bias=words.bias.astype(np.float32),
        coarse_films=scores[val[films.group[val] == 64]].astype(np.float16),
        fine_films=scores[val[films.group[val] != 64]].astype(np.float16),
        names=np.array(told.sentences.texts[names]),
        labels=reports.graph_names()[1].truth > 0,
        known=np.round(told.vectors[names] * 127).astype(np.int8),
    )
    manifest = {
        "format": FORMAT,
        "name": "lite0-cxr words",
        "version": "1",
        "axes": list(films.labels),
        "sha256": hashlib.sha256((folder / "phrases.npz").read_bytes()).hexdigest(),
        "encoder": hashlib.sha256((folder / "encoder.onnx").read_bytes()).hexdigest(),
    }
    (folder / "phrases.json").write_text(json.dumps(manifest, indent=1) + "\n")


if __name__ == "__main__":
    main()

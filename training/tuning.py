"""The rivals whose tower learns too, once, on all training films: plain fine-tuning, and tied to report sentences (MedCLIP).

`python -m training.tuning --data ../shared/data/cxr --reports NLMCXR_reports.tgz --text MINILM` prints the rows of the model
card. Stages 5 and 6 and the last layer learn, the rest of the tower and MiniLM stay frozen. A film is seen as the shipped
heads see it: brought down to 64 pixels, and at its own resolution if it is full-size. The validation films are read once, at
the end. Each epoch is kept in the cache, so an interrupted run goes on where it stopped.
"""

import argparse
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from copilot.vision.labels import NIH_LABELS
from training import data, heads, measures, reports
from training.features import Cache, mirrored, sharp, square, varied
from training.open_clip_export import text_projection
from training.open_clip_model import pooled
from training.tower import DEEP, Tower
from training.train import ROUNDS, SEED, embeddings, on_validation

Array = NDArray[np.float64]
Views = tuple[list[data.Picture], dict[int, data.Picture]]  # all films at 64 pixels; full-size ones at their own
EPOCHS, BATCH, SENTENCES = 8, 32, 64
RATE, HEAD_RATE, DECAY = 3e-4, 3e-3, 1e-2
KEPT = 0.98  # of the mean of the weights, a step: about an epoch long
TAUGHT = 0.5  # weight of CheXNet's logits beside the labels
TIED = 0.5  # weight of the sentences beside the labels
SHARED = 128  # dimensions of the space of films and sentences
SOFTNESS = 0.1  # temperature of the likeness of labels


@dataclass(frozen=True)
class Told:
    """Report sentences: MiniLM's vectors (n, 384) and labels (n, labels)."""

    vectors: Tensor
    truth: Tensor


class Tuned(nn.Module):
    """The late part of the tower with heads for labels and for the teacher's logits, a pair for each resolution.

    Labels have an intercept in each group of films, so that how films were chosen teaches the tower nothing.
    """

    def __init__(self, late: nn.Module, labels: int, words: int | None) -> None:
        super().__init__()
        self.late = deepcopy(late)
        self.labels = nn.ModuleList(nn.Linear(DEEP, labels) for _ in range(2))
        self.taught = nn.ModuleList(nn.Linear(DEEP, labels) for _ in range(2))
        self.of_group = nn.Parameter(torch.zeros(2, labels))
        self.image = nn.Linear(DEEP, SHARED)
        self.text = None if words is None else text_projection(words, SHARED)
        self.sharpness = nn.Parameter(torch.tensor(10.0).log())

    def train(self, mode: bool = True) -> "Tuned":
        """Batch norm keeps the statistics of ImageNet."""
        super().train(False)
        return self

    def lost(self, seen: Tensor, rows: Tensor, sharper: int, films: "Wanted", told: Told, some: Tensor) -> Tensor:
        """Loss on one view of the films `rows`; `sharper` 1 at their own resolution."""
        deep = self.late(seen).mean((2, 3))
        logits = self.labels[sharper](deep) + self.of_group[films.group[rows]]
        loss = functional.binary_cross_entropy_with_logits(logits, films.truth[rows])
        known = films.known[rows]
        if known.any():
            apart = self.taught[sharper](deep)[known] - films.teacher[rows][known]
            loss = loss + TAUGHT * apart.square().mean()
        if self.text is not None:
            loss = loss + TIED * self._apart(deep, films.truth[rows], told.vectors[some], told.truth[some])
        return loss

    def _apart(self, deep: Tensor, truth: Tensor, vectors: Tensor, said: Tensor) -> Tensor:
        """MedCLIP's: of films to sentences and back, the target is how alike their labels are."""
        assert self.text is not None
        some = truth.any(1)
        alike = functional.normalize(truth[some]) @ functional.normalize(said).T / SOFTNESS
        near = functional.normalize(self.image(deep[some])) @ functional.normalize(self.text(vectors)).T
        near = near * self.sharpness.exp()
        across = functional.cross_entropy(near, alike.softmax(1))
        return (across + functional.cross_entropy(near.T, alike.T.softmax(1))) / 2


@dataclass(frozen=True)
class Wanted:
    """What films should be read as; `teacher` standardised within groups, `known` where there is one."""

    truth: Tensor
    teacher: Tensor
    known: Tensor
    group: Tensor


def main() -> None:
    """Reads the command line, trains both and prints a row for each way of reading them."""
    options = argparse.ArgumentParser(description=__doc__)
    for name in ("--data", "--reports", "--text"):
        options.add_argument(name, type=Path, required=True)
    options.add_argument("--cache", type=Path, default=Path(".cache/vision"))
    options.add_argument("--threads", type=int, default=2)
    chosen = options.parse_args()
    torch.manual_seed(SEED)
    torch.set_num_threads(chosen.threads)
    films, tower = data.load(chosen.data), Tower()
    told = sentences(films, chosen.reports, chosen.text)
    models = {
        "tuned": Tuned(tower.late, len(films.labels), None),
        "tied": Tuned(tower.late, len(films.labels), told.vectors.shape[1]),
    }
    learn(models, films, tower, told, chosen.cache)
    print_rows(films, scores(models, films, tower, told), embeddings(films, [], Cache(chosen.cache, tower)))


def sentences(films: data.Films, archive: Path, minilm: Path) -> Told:
    """The reports' sentences that state a label of the films."""
    found = reports.read(archive)
    truth = found.truth[:, [list(NIH_LABELS).index(label) for label in films.labels]]
    rows = np.flatnonzero(truth.any(1))
    return Told(pooled([found.texts[row] for row in rows], minilm), torch.tensor(truth[rows], dtype=torch.float32))


def wanted(films: data.Films) -> Wanted:
    """The targets of all films."""
    group, known = (films.group != 64).astype(int), ~np.isnan(films.teacher[:, 0])
    learned = known & (films.table["split"] == "train").to_numpy()
    teacher = np.zeros_like(films.teacher)
    for side in (0, 1):
        inside = learned & (group == side)
        if inside.any():
            some = films.teacher[inside]
            teacher[inside] = (some - some.mean(0)) / some.std(0)
    return Wanted(
        torch.tensor(films.truth, dtype=torch.float32),
        torch.tensor(teacher, dtype=torch.float32),
        torch.tensor(learned),
        torch.tensor(group),
    )


def views_of(films: data.Films, rows: NDArray[np.int64]) -> Views:
    """Both views of the films `rows`, by their place among these."""
    fine = np.flatnonzero(films.group[rows] != 64)
    return [square(films.film(row)) for row in rows], {int(i): sharp(films.film(rows[i])) for i in fine}


def learn(models: dict[str, Tuned], films: data.Films, tower: Tower, told: Told, cache: Path) -> None:
    """Leaves the mean of the last weights in `models`. All of them see the same varied views, made once."""
    train, kept = films.rows("train"), cache / "tuning.pt"
    means = {name: deepcopy(one) for name, one in models.items()}
    steps = {name: _steps(one) for name, one in models.items()}
    begun = 0
    if kept.exists():
        state = torch.load(kept)
        begun = state["epochs"]
        for some, name in ((models, "models"), (means, "means"), (steps, "steps")):
            for key, one in some.items():
                one.load_state_dict(state[name][key])
    if begun < EPOCHS:
        views, target = views_of(films, train), wanted(films)
    for epoch in range(begun, EPOCHS):
        lost = _epoch(epoch, models, means, steps, batches(epoch, views, train, tower), target, told)
        print(f"  epoch {epoch + 1}: {', '.join(f'{n} {v:.3f}' for n, v in lost.items())}", flush=True)
        state = {
            name: {key: one.state_dict() for key, one in some.items()}
            for name, some in (("models", models), ("means", means), ("steps", steps))
        }
        torch.save({"epochs": epoch + 1, **state}, kept)
    models.update(means)


def _steps(model: Tuned) -> torch.optim.AdamW:
    late = [p for n, p in model.named_parameters() if n.startswith("late.")]
    rest = [p for n, p in model.named_parameters() if not n.startswith("late.")]
    return torch.optim.AdamW([{"params": late, "rate": RATE}, {"params": rest, "rate": HEAD_RATE}], weight_decay=DECAY)


def batches(
    epoch: int, views: Views, rows: NDArray[np.int64], tower: Tower
) -> Iterator[list[tuple[int, Tensor, Tensor]]]:
    """For some films the frozen part's maps, with their rows, at 64 pixels (0) and, of full-size ones, at their own (1)."""
    order = np.random.default_rng([SEED, epoch]).permutation(len(rows))
    for at in range(0, len(order), BATCH):
        some = order[at : at + BATCH]
        fine = [int(i) for i in some if int(i) in views[1]]
        seed = 1000 * epoch + at
        pictures = [(0, some, [views[0][i] for i in some]), (1, np.array(fine, int), [views[1][i] for i in fine])]
        yield [
            (sharper, torch.tensor(rows[which]), early(tower, varied(seen, seed + sharper)))
            for sharper, which, seen in pictures
            if seen
        ]


@torch.no_grad()
def early(tower: Tower, squares: list[data.Picture]) -> Tensor:
    """Stage 4, as far as the tower stays frozen."""
    return tower.maps(torch.tensor(np.stack(squares))[:, None])[:, -112:]


def _epoch(
    epoch: int,
    models: dict[str, Tuned],
    means: dict[str, Tuned],
    steps: dict[str, torch.optim.AdamW],
    parts: Iterator[list[tuple[int, Tensor, Tensor]]],
    target: Wanted,
    told: Told,
) -> dict[str, float]:
    draws = np.random.default_rng([SEED, epoch, 1])
    total, count = dict.fromkeys(models, 0.0), 0
    for number, part in enumerate(parts):
        some = _balanced(told, draws)
        share = (epoch + min(number / 42, 1)) / EPOCHS
        for name, model in models.items():
            for group in steps[name].param_groups:
                group["lr"] = group["rate"] * (1 + np.cos(np.pi * share)) / 2
            loss = torch.stack([model.lost(seen, rows, s, target, told, some) for s, rows, seen in part]).mean()
            steps[name].zero_grad()
            loss.backward()
            steps[name].step()
            with torch.no_grad():
                for mean, now in zip(means[name].parameters(), model.parameters(), strict=True):
                    mean.lerp_(now, 1 - min(KEPT, (number + 1 + 42 * epoch) / (number + 10 + 42 * epoch)))
            total[name] += loss.item()
        count += 1
    return {name: value / count for name, value in total.items()}


def _balanced(told: Told, draws: np.random.Generator) -> Tensor:
    """Sentences, each label as often as any other."""
    columns = draws.integers(0, told.truth.shape[1], SENTENCES)
    return torch.tensor([int(draws.choice(np.flatnonzero(told.truth[:, c].numpy()))) for c in columns])


@torch.no_grad()
def scores(models: dict[str, Tuned], films: data.Films, tower: Tower, told: Told) -> dict[str, Array]:
    """Each way of reading the validation films (films, labels), the mean over a film and its mirror image, both views added."""
    blurred, sharper = views_of(films, films.rows("val"))
    ways: dict[str, Array] = {}
    for which, places, squares in (
        (0, list(range(len(blurred))), blurred),
        (1, list(sharper), list(sharper.values())),
    ):
        for seen in (squares, mirrored(squares)):
            for at in range(0, len(seen), BATCH):
                maps, rows = early(tower, seen[at : at + BATCH]), places[at : at + BATCH]
                for name, model in models.items():
                    for way, score in _read(model, model.late(maps).mean((2, 3)), which, told).items():
                        every = ways.setdefault(f"{name}, {way}", np.zeros((len(blurred), len(films.labels))))
                        every[rows] += score.numpy()
    return ways


def _read(model: Tuned, deep: Tensor, which: int, told: Told) -> dict[str, Tensor]:
    labels, taught = model.labels[which](deep), model.taught[which](deep)
    read = {"labels": labels, "both": labels + taught}
    if model.text is not None:
        said = functional.normalize(model.text(told.vectors))
        places = functional.normalize(
            torch.stack([said[told.truth[:, c] == 1].mean(0) for c in range(labels.shape[1])])
        )
        read["sentences"] = functional.normalize(model.image(deep)) @ places.T
    return read


def print_rows(films: data.Films, ways: dict[str, Array], views: heads.Embeddings) -> None:
    """Mean AUC on the validation films and the gain on the linear probe, on the draws that the card's other rows are of."""
    val = films.rows("val")
    truth, group = films.truth[val], films.group[val]
    probe = on_validation(films, [views], heads.PROBE, ())
    offered = [c for c, label in enumerate(films.labels) if label != "Pneumothorax"]

    def mean(score: Array, rows: NDArray[np.int64], columns: list[int]) -> float:
        return float(np.nanmean([measures.auc(truth[rows, c], score[rows, c], group[rows]) for c in columns]))

    for name, score in ways.items():
        cells = []
        for columns in (list(range(len(films.labels))), offered):
            for figure in (
                lambda r, c=columns, s=score: mean(s, r, c),
                lambda r, c=columns, s=score: mean(s, r, c) - mean(probe, r, c),
            ):
                cells.append(str(measures.bootstrap(figure, films.patient[val], ROUNDS // 2, SEED)))
        print(f"| {name} | – | – | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()

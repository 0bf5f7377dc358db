"""The trained model as an open_clip model folder: one command from films, report sentences and MiniLM.

`python -m training.open_clip_model --data ../shared/data/cxr --reports NLMCXR_reports.tgz --text FOLDER --out FOLDER`,
after `training.train`, whose cache it shares. It is a second, plainer model beside the bundled encoder: an open_clip image
tower ends in one projection of the last layer of one view. Knows nothing of how the folder is written.
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import open_clip
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor, nn
from torch.nn import functional
from transformers import AutoTokenizer

from copilot.vision import open_clip_encoder as backend
from copilot.vision.labels import NIH_LABELS
from kg.loading.csv_pack import core
from training import data, heads, intake_set, measures, open_clip_export, reports
from training.features import Cache, sharp, square
from training.open_clip_export import Projections, text_projection, text_tower
from training.phrases import auc_of, films_with_axes
from training.reports import NORMAL, Sentences
from training.tower import SHALLOW, Linear, Tower, imagenet_lite0
from training.train import SEED, embeddings

Array = NDArray[np.float64]
CHEST = 3.0  # of the axis that says whether this is a chest film: about as long as a clear finding's
SAID = (backend.SHOWING, "{finding}", "chest X-ray with {finding}", "there is {finding}")
DENIED = (backend.NOT_SHOWING, "no {finding}", "chest X-ray without {finding}", "no evidence of {finding}")
NORMAL_SAID = (backend.NORMAL, "a normal chest X-ray", "the lungs are clear", "no abnormality is seen")
ABNORMAL_SAID = (backend.ABNORMAL, "an abnormal chest X-ray", "the lungs are not normal")
CHEST_SAID = (backend.CHEST, "a chest X-ray", "an X-ray of the chest", "a chest film")
OTHER_SAID = (*backend.NOT_CHEST, "a photo of an animal", "a scanned document", "an X-ray of a foot", "a CT scan",
              "an MRI of the brain", "an ultrasound scan", "a blank picture", "a photo of a person")  # fmt: skip
STEPS, RATE, DECAY = 300, 2e-3, 1e-3


@dataclass(frozen=True)
class Told:
    """Sentences with the place each should have: `targets` (n, axes), each with a weight."""

    texts: list[str]
    targets: Array
    weights: Array


def main() -> None:
    """Reads the command line and runs every step."""
    options = argparse.ArgumentParser(description=__doc__)
    for name in ("--data", "--reports", "--text", "--out"):
        options.add_argument(name, type=Path, required=True)
    options.add_argument("--cache", type=Path, default=Path(".cache/vision"))
    chosen = options.parse_args()
    torch.manual_seed(SEED)
    films, cache = films_with_axes(chosen.data), Cache(chosen.cache, Tower())
    views = as_open_clip_sees(films, cache)
    scores = heads.out_of_fold(films, views, SEED, heads.PROBE, ())
    axes = [c for c in range(len(films.labels)) if worth(films, scores, c).low > 0.5]
    films, scores = films.of(axes), scores[:, axes]
    image, length = image_projection(films, views, scores, chest_axis(films, views, cache))
    told = sentences(films.labels, chosen.reports)
    text = fit_text(pooled(told.texts, chosen.text), told)
    offered = [NIH_LABELS[label].concept for label in films.labels]
    fitted = Projections(image, text, scale=length / 2)
    open_clip_export.write(chosen.out, imagenet_lite0(), chosen.text, fitted, offered)
    print(json.dumps(judged(films, chosen.out), indent=1))


def as_open_clip_sees(films: data.Films, cache: Cache) -> heads.Embeddings:
    """One view a film, as large as it is stored: open_clip neither shrinks films to 64 pixels nor reads two views."""
    every = embeddings(films, [square(films.film(row)) for row in range(len(films.table))], cache)
    fine = (films.group != 64)[:, None]
    views = tuple(np.where(fine, s, b) for b, s in zip(every.blurred, every.sharp, strict=False))
    return heads.Embeddings(views, every.sharp)


def worth(films: data.Films, scores: Array, column: int) -> measures.Interval:
    """AUC within groups on the training films, each scored by a head that did not see its patient."""
    return _auc(films, films.rows("train"), scores[:, column], column)


def chest_axis(films: data.Films, views: heads.Embeddings, cache: Cache) -> Linear:
    """A score that is about `CHEST` for chest films and about minus that for other pictures, by ridge."""
    rng, train = np.random.default_rng(SEED), films.rows("train")
    others = [n for n in intake_set.collected([films.film(row) for row in train], rng) if not intake_set.is_held(n)]
    seen = cache.get("other-sharp", lambda: [sharp(n.pixels) for n in others])[:, SHALLOW:].astype(np.float64)
    own = views.blurred[0][train, SHALLOW:].astype(np.float64)
    features, kind = np.concatenate([own, seen]), np.repeat([CHEST, -CHEST], [len(own), len(seen)])
    weigh = np.repeat([1 / len(own), 1 / len(seen)], [len(own), len(seen)])[:, None] / 2
    centre = (features * weigh).sum(0)
    apart = features - centre
    gram = (apart * weigh).T @ apart
    load = 0.1 * np.trace(gram) / len(gram) * np.eye(len(gram))
    weight = np.linalg.solve(gram + load, (apart * weigh).T @ kind)[:, None]
    return Linear(weight, -centre @ weight)


def image_projection(films: data.Films, views: heads.Embeddings, scores: Array, chest: Linear) -> tuple[Linear, float]:
    """The logit of each label, calibrated as on full-size films, and the chest axis; and the mean length of a film."""
    train = films.rows("train")
    coarse = films.group[train] == 64
    curve = heads.curve(scores, films.truth[train], coarse)
    path = curve.folded(heads.fit(films, views, train, heads.PROBE, ())).blurred
    weight = np.concatenate([path.weight[SHALLOW:], chest.weight], axis=1)
    image = Linear(weight, np.concatenate([path.bias, chest.bias]))
    fine = views.blurred[0][train[~coarse], SHALLOW:]
    return image, float(np.linalg.norm(image(fine), axis=1).mean())


def sentences(labels: tuple[str, ...], archive: Path) -> Told:
    """Names of the graph in affirming and denying prompts, the reports' sentences, and words for the other axes.

    What speaks of no label is left out: it has no place. Each kind of sentence weighs as much in all, a label's alike.
    """
    columns = [list(NIH_LABELS).index(label) for label in labels]
    _, names = reports.graph_names()
    named = Sentences(names.texts, names.truth[:, columns])
    found = reports.read(archive)
    told = [
        *(_placed([p.format(finding=n.lower()) for n in named.texts], named.truth) for p in SAID),
        *(_placed([p.format(finding=n.lower()) for n in named.texts], -named.truth) for p in DENIED),
        _placed(list(found.texts), found.truth[:, columns], weight=3.0),
    ]
    normal, chest = np.zeros(len(labels) + 1), np.zeros(len(labels) + 1)
    normal[labels.index(NORMAL)], chest[-1] = 1, 1
    for texts, place in (
        (NORMAL_SAID, normal), (ABNORMAL_SAID, -normal), (CHEST_SAID, chest), (OTHER_SAID, -chest),
    ):  # fmt: skip
        told.append(Told(list(texts), np.tile(place, (len(texts), 1)), np.full(len(texts), 0.5 / len(texts))))
    return Told(
        [text for part in told for text in part.texts],
        np.concatenate([part.targets for part in told]),
        np.concatenate([part.weights for part in told]),
    )


def _placed(texts: list[str], truth: Array, weight: float = 1.0) -> Told:
    some = np.flatnonzero(truth.any(1))
    targets = np.pad(truth[some], ((0, 0), (0, 1)))
    rare = np.abs(targets) / np.maximum(np.abs(targets).sum(0), 1)
    return Told([texts[row] for row in some], targets, weight * rare.max(1) / rare.max(1).sum())


@torch.no_grad()
def pooled(texts: list[str], minilm: Path) -> Tensor:
    """MiniLM's mean over the tokens of each text, as open_clip's text tower has it before its projection."""
    tower, tokenizer = text_tower(minilm), AutoTokenizer.from_pretrained(minilm, local_files_only=True)
    order = sorted(range(len(texts)), key=lambda row: len(texts[row]))
    means = torch.zeros(len(texts), tower.config.hidden_size)  # type: ignore[union-attr]
    for at in range(0, len(order), 64):
        rows = order[at : at + 64]
        read = tokenizer([texts[row] for row in rows], return_tensors="pt", padding=True, truncation=True,
                         max_length=open_clip_export.WORDS)  # fmt: skip
        mask = read["attention_mask"][..., None]
        out = tower(input_ids=read["input_ids"], attention_mask=read["attention_mask"]).last_hidden_state
        means[rows] = (out * mask).sum(1) / mask.sum(1)
    return means


def fit_text(vectors: Tensor, told: Told) -> nn.Sequential:
    """The text projection: cosine to the place that each sentence should have, MiniLM frozen."""
    projection = text_projection(vectors.shape[1], told.targets.shape[1])
    target = functional.normalize(torch.tensor(told.targets, dtype=torch.float32), dim=1)
    weight = torch.tensor(told.weights / told.weights.sum(), dtype=torch.float32)
    steps = torch.optim.AdamW(projection.parameters(), RATE, weight_decay=DECAY)
    for step in range(STEPS):
        lost = (weight * (1 - functional.cosine_similarity(projection(vectors), target))).sum()
        steps.zero_grad()
        lost.backward()
        steps.step()
        if step % 50 == 49:
            print(f"  words: step {step + 1}, 1 - cosine {lost.item():.3f}", flush=True)
    return projection


def judged(films: data.Films, folder: Path) -> dict[str, str]:
    """As the application's backend reads: AUC within groups and calibration error on the validation films, and what its
    first question, whether this is a chest film, turns away.
    """
    encoder, val = Read(folder), films.rows("val")
    seen = encoder.seen([films.film(row) for row in val])
    rng = np.random.default_rng(SEED)
    others = intake_set.collected([films.film(row) for row in films.rows("train")], rng)
    strange = encoder.seen([n.pixels for n in others if intake_set.is_held(n)])
    kinds = (backend.CHEST, *backend.NOT_CHEST)
    refused = [(encoder.shares(some, [[kind] for kind in kinds]).argmax(1) != 0).mean() for some in (seen, strange)]
    figures = {"refused": f"{refused[0]:.1%} of {len(seen)} films, {refused[1]:.1%} of {len(strange)} other pictures"}
    names = {c.id: (c.name, *filter(None, [c.lay_name]), *c.synonyms) for c in core().concepts()}
    for column, label in enumerate(films.labels):
        named = NIH_LABELS[label]
        share = encoder.shares(seen, backend.prompts(named, names[named.concept]))[:, 0]
        error = measures.calibration_error(films.truth[val, column], share)
        figures[label] = f"AUC {_auc(films, val, share, column)}, calibration error {error:.3f}"
    return figures


class Read:
    """The written folder, loaded by open_clip."""

    def __init__(self, folder: Path) -> None:
        self._model, self._preprocess = open_clip.create_model_from_pretrained(f"local-dir:{folder}")
        self._tokenizer = open_clip.get_tokenizer(f"local-dir:{folder}")
        self._model.eval()

    @torch.inference_mode()
    def seen(self, pictures: list[NDArray[np.float32]]) -> Tensor:
        """Unit vectors (n, axes)."""
        images = (Image.fromarray((one * 255).astype(np.uint8)).convert("RGB") for one in pictures)
        return torch.cat([self._model.encode_image(self._preprocess(one)[None], normalize=True) for one in images])

    @torch.inference_mode()
    def shares(self, seen: Tensor, sides: Sequence[Sequence[str]]) -> Array:
        """(n, sides): the softmax over the sides, each the mean of its prompts."""
        means = [self._model.encode_text(self._tokenizer(list(side)), normalize=True).mean(0) for side in sides]
        told = functional.normalize(torch.stack(means), dim=1)
        return (self._model.logit_scale.exp() * seen @ told.T).softmax(1).numpy().astype(np.float64)


def _auc(films: data.Films, rows: NDArray[np.int64], scores: Array, column: int) -> measures.Interval:
    """AUC within groups of the films `rows`, which `scores` are of."""
    every = np.zeros(len(films.table))
    every[rows] = scores
    return auc_of(films, rows, every, column)


if __name__ == "__main__":
    main()

"""One command from the data folder to the shipped bundle: features, heads, intake, export, model card.

`python -m training.train --data ../shared/data/cxr --out copilot/vision/bundled` (see training/README.md).
"""

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from copilot.vision.bundle import Label
from copilot.vision.labels import NIH_LABELS
from training import card, data, export, heads, intake_set, localisation, measures
from training.features import Cache, square, varied
from training.tower import Exported, Linear, Tower

SEED = 20
VARIED = 1
FEWEST_POSITIVES = 20
CHEST_REFUSED = 0.004  # share of the training films, out of fold, that the gate may turn away


def main() -> None:
    """Reads the command line and runs every step."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, required=True)
    options.add_argument("--out", type=Path, required=True)
    options.add_argument("--cache", type=Path, default=Path(".cache/vision"))
    options.add_argument("--threads", type=int, default=2)
    chosen = options.parse_args()
    torch.manual_seed(SEED)
    torch.set_num_threads(chosen.threads)
    chosen.out.mkdir(parents=True, exist_ok=True)
    films, tower = data.load(chosen.data), Tower()
    cache = Cache(chosen.cache, tower)
    squares = [square(films.film(row)) for row in range(len(films.table))]
    views = embeddings(films, squares, cache)
    findings, results = fit_findings(films, views)
    gate = fit_intake(films, squares, views, cache)
    results = point(films, squares, tower, findings.head, results)
    offered = [one for one in results if one.offered]
    columns = [data.LABELS.index(one.label) for one in offered]
    head = Linear(findings.head.weight[:, columns], findings.head.bias[columns])
    export.write_onnx(Exported(tower, head, gate.head), chosen.out / "encoder.onnx")
    labels = [label_of(one, float(findings.coarse_shift[c])) for one, c in zip(offered, columns, strict=True)]
    export.write_manifest(chosen.out, labels, intake_set.CLASSES, gate.accept_above)
    (chosen.out / "MODEL_CARD.md").write_text(
        card.written(films, results, gate, bias_rows(films, views, findings.head, offered))
    )


def embeddings(films: data.Films, squares: list[NDArray[np.float32]], cache: Cache) -> heads.Embeddings:
    """All views of all films, from the cache where they are there."""
    train = [squares[row] for row in films.rows("train")]
    return heads.Embeddings(
        film=cache.get("films", lambda: squares),
        mirrored=cache.get("mirrored", lambda: [np.ascontiguousarray(one[:, ::-1]) for one in squares]),
        varied=tuple(cache.get(f"varied{k}", lambda k=k: varied(train, k)) for k in range(1, VARIED + 1)),
    )


def fit_findings(films: data.Films, views: heads.Embeddings) -> tuple[heads.Calibrated, list[card.Result]]:
    """Calibrated heads for all labels from the training films, and their worth on the validation films."""
    train, val, recipe = films.rows("train"), films.rows("val"), heads.Recipe()
    out_of_fold = heads.out_of_fold(films, views, recipe, SEED)
    coarse = films.group == 64
    fitted = heads.fit(films, views, train, recipe)
    findings = heads.calibrated(fitted, out_of_fold, films.truth[train], coarse[train])
    probability = findings.probability(views.seen, coarse)
    level, _ = heads.levelled(out_of_fold, coarse[train])
    figures = [judge(films, label, column, probability[val], level) for column, label in enumerate(data.LABELS)]
    return findings, figures


def judge(
    films: data.Films,
    label: str,
    column: int,
    probability: NDArray[np.float64],
    out_of_fold: NDArray[np.float64],
) -> card.Result:
    """One label's figures on the validation films; its borders come from out-of-fold training films."""
    train, val = films.rows("train"), films.rows("val")
    truth, score, group = films.truth[val, column], probability[:, column], films.group[val]
    interval = measures.bootstrap(
        lambda rows: measures.auc(truth[rows], score[rows], group[rows]), films.patient[val], 1000, SEED
    )
    slope, shift = heads.platt(out_of_fold[:, column], films.truth[train, column])
    folded = 1 / (1 + np.exp(-(slope * out_of_fold[:, column] + shift)))
    positives = int(truth.sum())
    chosen = heads.operating_point(films.truth[train, column], folded)
    return card.Result(
        label=label,
        positives=positives,
        by_group=tuple(measures.auc_by_group(truth, score, group)),
        auc=interval,
        cross_validated=measures.auc(films.truth[train, column], out_of_fold[:, column], films.group[train]),
        calibration_error=measures.calibration_error(truth, score),
        teacher=teacher_auc(films, column),
        same_films=same_films_auc(films, column, score),
        point=chosen,
        predictive=(
            _share(truth[score >= chosen.present_above]),
            1 - _share(truth[score < chosen.absent_below]),
        ),
        offered=positives >= FEWEST_POSITIVES and interval.low > 0.5,
        pointing=None,
    )


def _share(truth: NDArray[np.float64]) -> float:
    return float(truth.mean()) if len(truth) else np.nan


def _known(films: data.Films) -> NDArray[np.int64]:
    """Places, within the validation films, of those the yardstick has scored."""
    return np.flatnonzero(~np.isnan(films.teacher[films.rows("val"), 0]))


def teacher_auc(films: data.Films, column: int) -> float:
    """CheXNet on the validation films it has scored; there are few, so groups with three positives count."""
    rows = films.rows("val")[_known(films)]
    return measures.auc(films.truth[rows, column], films.teacher[rows, column], films.group[rows], fewest=3)


def same_films_auc(films: data.Films, column: int, score: NDArray[np.float64]) -> float:
    """The bundled encoder on those very films."""
    places = _known(films)
    rows = films.rows("val")[places]
    return measures.auc(films.truth[rows, column], score[places], films.group[rows], fewest=3)


def fit_intake(
    films: data.Films, squares: list[NDArray[np.float32]], views: heads.Embeddings, cache: Cache
) -> card.Gate:
    """The intake head, its bar from held-out patients, and its figures on films and sources it has not seen."""
    rng = np.random.default_rng(SEED)
    train, val = films.rows("train"), films.rows("val")
    pictures, kinds = intake_set.presented([squares[row] for row in train], rng)
    everything = intake_set.collected([films.film(row) for row in train], rng)
    seen = [n for n in everything if not intake_set.is_held(n)]
    held = [n for n in everything if intake_set.is_held(n)]
    count = {"spoiled": 0, "bones": 1, "document": 0, "noise": 0}
    other = cache.get(
        "other",
        lambda: [v for n in seen for v in intake_set.views_of(n, rng, count.get(n.origin.split("/")[0], 6))],
    )
    features = np.concatenate([views.film[train], views.varied[0], cache.get("presented", lambda: pictures), other])
    kind = np.concatenate([np.zeros(2 * len(train), int), kinds, np.full(len(other), intake_set.OTHER)])
    head = heads.intake_head(features, kind)
    chest = _chest(head, views.film[val])
    lungs = cache.get("lungs", lambda: intake_set.lung_films(films.folder))
    strangers = cache.get("strangers", lambda: [square(n.pixels) for n in held])
    accept_above = _bar(features, kind, films.patient[train])
    origins = [n.origin.split("/")[0] for n in held]
    return card.Gate(
        head=head,
        accept_above=accept_above,
        films_refused=float((chest < accept_above).mean()),
        lungs_refused=float((_chest(head, lungs) < accept_above).mean()),
        refused={
            origin: (int(np.sum(mine < accept_above)), len(mine))
            for origin in sorted(set(origins))
            for mine in [_chest(head, strangers)[[i for i, o in enumerate(origins) if o == origin]]]
        },
    )


def _bar(features: NDArray[np.float32], kind: NDArray[np.int64], patient: NDArray[np.int64]) -> float:
    """The bar that turns away `CHEST_REFUSED` of the training films when their patients were held out, 0.5 at most.

    The films and their varied views are the first rows of `features`.
    """
    rng = np.random.default_rng(SEED)
    people = rng.permutation(np.unique(patient))
    own = np.concatenate([patient, patient])
    chest = []
    for part in np.array_split(people, 3):
        out = np.zeros(len(kind), bool)
        out[: len(own)] = np.isin(own, part)
        chest.append(_chest(heads.intake_head(features[~out], kind[~out]), features[out]))
    return min(0.5, float(np.quantile(np.concatenate(chest), CHEST_REFUSED)))


def _chest(head: Linear, features: NDArray[np.float32]) -> NDArray[np.float64]:
    """The probability of being a chest film, however it is presented."""
    scores = head(features)
    parts = np.exp(scores - scores.max(axis=1, keepdims=True))
    return 1 - parts[:, intake_set.OTHER] / parts.sum(axis=1)


def point(
    films: data.Films,
    squares: list[NDArray[np.float32]],
    tower: Tower,
    head: Linear,
    results: list[card.Result],
) -> list[card.Result]:
    """The pointing game of every label, on the films that have boxes."""
    model = Exported(tower, head, Linear(head.weight[:, :1], head.bias[:1])).eval()

    def map_of(column: int, row: int) -> NDArray[np.float32]:
        with torch.inference_mode():
            return model(torch.tensor(squares[row])[None, None])[2][0, column].numpy()

    return [
        replace(one, pointing=localisation.pointing_game(films, one.label, lambda row, c=c: map_of(c, row)))
        for c, one in enumerate(results)
    ]


def label_of(result: card.Result, coarse_shift: float) -> Label:
    """What the bundle says of one label."""
    named = NIH_LABELS[result.label]
    assert result.pointing is not None
    return Label(
        name=named.name,
        concept=named.concept,
        threshold=round(result.point.threshold, 4),
        absent_below=round(result.point.absent_below, 4),
        present_above=round(result.point.present_above, 4),
        coarse_shift=round(coarse_shift, 4),
        heatmap=result.pointing.believable,
    )


def bias_rows(
    films: data.Films, views: heads.Embeddings, head: Linear, offered: list[card.Result]
) -> list[tuple[str, int, dict[str, measures.Interval]]]:
    """AUC of the offered labels on the validation films by sex, age and view."""
    val = films.rows("val")
    table, scores = films.table.iloc[val], head(views.seen[val])
    parts = {
        "women": table["sex"] == "F", "men": table["sex"] == "M",
        "under 40": table["age"] < 40, "40 to 59": table["age"].between(40, 59), "60 and over": table["age"] >= 60,
        "PA": table["view"] == "PA", "AP": table["view"] == "AP",
    }  # fmt: skip
    rows = []
    for name, mask in parts.items():
        inside = np.flatnonzero(mask.to_numpy())
        figures = {}
        for one in offered:
            column = data.LABELS.index(one.label)
            truth, score, group = (
                films.truth[val[inside], column],
                scores[inside, column],
                films.group[val[inside]],
            )
            figures[one.label] = measures.bootstrap(
                lambda r, t=truth, s=score, g=group: measures.auc(t[r], s[r], g[r]),
                films.patient[val[inside]],
                300,
                SEED,
            )
        rows.append((name, len(inside), figures))
    return rows


if __name__ == "__main__":
    main()

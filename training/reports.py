"""Sentences of the Open-I reports with the film labels that each states, read on the trainer's machine and kept there.

Knows nothing of films or models. The reports are CC BY-NC-ND 4.0: nothing of them is written into the bundle.
"""

import re
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
from numpy.typing import NDArray

from copilot.vision.labels import NIH_LABELS
from kg.linking import Linker
from kg.linking.sentences import split
from kg.loading.csv_pack import core

SECTIONS = ("FINDINGS", "IMPRESSION")
FINDINGS = frozenset({"finding", "sign", "disease", "device"})
NORMAL = "No Finding"
FEWEST_WORDS = 3


@dataclass(frozen=True)
class Sentences:
    """`texts` (n) and `truth` (n, labels of `NIH_LABELS`): 1 where the sentence says that the label is there.

    "No Finding": nothing is said to be there, and something is said to be absent or normal.
    """

    texts: tuple[str, ...]
    truth: NDArray[np.float64]


def read(archive: Path) -> Sentences:
    """Every different sentence once, names of persons being left as `XXXX` by the reports' publisher."""
    found = dict.fromkeys(text for report in _reports(archive) for text in _sentences(report))
    told = {text: labels for text in found if (labels := labels_of(text)) is not None}
    truth = np.array([[label in labels for label in NIH_LABELS] for labels in told.values()], np.float64)
    return Sentences(tuple(told), truth)


def labels_of(text: str) -> frozenset[str] | None:
    """The labels that a sentence states; an empty set for something else; None where nothing certain is said."""
    mentions = [m for m in _linker().link(text) if m.category in FINDINGS]
    present = [m.concept for m in mentions if m.assertion == "present" and m.concept != _normal()]
    if present:
        return frozenset(label for concept in present for label in labels_above(concept))
    if any(m.assertion == "absent" or m.concept == _normal() for m in mentions):
        return frozenset({NORMAL})
    return None if mentions else _unmarked(text)


def _unmarked(text: str) -> frozenset[str] | None:
    """A sentence without any finding: clear and normal ones are normal, others say nothing."""
    return frozenset({NORMAL}) if re.search(r"\b(?:clear|normal|unremarkable)\b", text.lower()) else None


@cache
def _linker() -> Linker:
    return Linker(core().concepts())


def _normal() -> str:
    return NIH_LABELS[NORMAL].concept


def graph_names() -> tuple[tuple[str, ...], Sentences]:
    """Every name and synonym of the findings of the curated graph, each with its concept and the labels that is."""
    named = [
        (concept.id, name)
        for concept in core().concepts()
        if concept.category in FINDINGS
        for name in dict.fromkeys((concept.name, *concept.synonyms))
    ]
    truth = np.array([[label in labels_above(concept) for label in NIH_LABELS] for concept, _ in named], np.float64)
    return tuple(concept for concept, _ in named), Sentences(tuple(name for _, name in named), truth)


@cache
def labels_above(concept: str) -> frozenset[str]:
    """The labels that a concept is, or is a kind of, by any number of steps."""
    seen, waiting = set(), [concept]
    while waiting:
        one = waiting.pop()
        if one not in seen:
            seen.add(one)
            waiting += _kinds().get(one, ())
    return frozenset(label for label, named in NIH_LABELS.items() if named.concept in seen)


@cache
def _kinds() -> dict[str, list[str]]:
    above: dict[str, list[str]] = {}
    for fact in core().facts():
        if fact.predicate == "IS_A" and not fact.denied:
            above.setdefault(fact.subject, []).append(fact.object)
    return above


def _reports(archive: Path) -> Iterator[str]:
    with tarfile.open(archive) as reports:
        for member in reports:
            file = reports.extractfile(member) if member.name.endswith(".xml") else None
            if file is not None:
                sections = ElementTree.fromstring(file.read()).iter("AbstractText")  # noqa: S314 - the trainer's own files
                yield "\n".join(s.text for s in sections if s.get("Label") in SECTIONS and s.text)


def _sentences(report: str) -> Iterator[str]:
    for start, end in split(report):
        text = " ".join(report[start:end].split()).strip(" .")
        if len(text.split()) >= FEWEST_WORDS:
            yield text

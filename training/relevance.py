"""Fits the weights by which `kg.relevance` orders facts: `python -m training.relevance [--judge]`. A minute of one core.

Reads questions and the grades of the facts found for them (`copilot/evaluation/data/relevance`), asks the retriever for what
the relevance of each is told by, and writes `kg/data/relevance.tsv`. A fact that has changed since it was judged is left out.
`--judge` fits without each author in turn and prints, beside the order by rules alone: nDCG of the first eight, how often the
first fact answers, and what an answer cut at some relevance holds.
"""

import argparse
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from copilot.bootstrap import concept_reader, question_reader
from kg.graph import Graph
from kg.linking import Linker
from kg.loading.load import load
from kg.loading.packs import registered
from kg.memory import Memory
from kg.relevance import CONSTANT, Evidence
from kg.retrieval import Retriever

ROOT = Path(__file__).resolve().parent.parent
JUDGED = ROOT / "copilot" / "evaluation" / "data" / "relevance"
WEIGHTS = ROOT / "kg" / "data" / "relevance.tsv"
WORTH = np.array([0.0, 0.4, 1.0])  # of the grades
PENALTY = 3.0
FOUND, FIRST, SHOWN = 28, 8, 10
CUTS = (0.10, 0.15, 0.20, 0.25, 0.30, 0.35, 0.40)
HEAD = "# What the numbers of kg.relevance weigh, and the relations beside them; made by training/relevance.py\n"

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Judged:
    """The facts found for one question, in the order of the rules: their numbers, relations and grades (0 to 2)."""

    evidence: Floats
    relations: Sequence[str]
    grades: npt.NDArray[np.int64]


def grades(file: Path) -> Iterator[tuple[str, Mapping[str, int]]]:
    """Each question of a file with the grades of its facts by id."""
    question, told = "", dict[str, int]()
    for line in file.read_text("utf-8").splitlines():
        if line.startswith("? "):
            if told:
                yield question, told
            question, told = line[2:], {}
        elif line[:1] in "012":
            grade, ids, *_ = line.split("\t")
            told |= dict.fromkeys(ids.split(), int(grade))
    if told:
        yield question, told


def found(file: Path, linker: Linker, retriever: Retriever) -> Iterator[Judged]:
    """The judged facts among those found for the questions of a file."""
    for question, told in grades(file):
        weighed = retriever.weighed(question, linker.link(question, meant=True), {}, FOUND)
        known = [(ranked, evidence) for ranked, evidence in weighed if ranked.fact.id in told]
        if known:
            yield Judged(
                np.array([evidence for _, evidence in known], dtype=np.float64),
                [ranked.fact.predicate for ranked, _ in known],
                np.array([told[ranked.fact.id] for ranked, _ in known]),
            )


def given(one: Judged, relations: Sequence[str]) -> Floats:
    """A row a fact: its numbers, its relation among `relations`, and a one."""
    which = np.array([[float(name == relation) for name in relations] for relation in one.relations])
    return np.column_stack([one.evidence, which, np.ones(len(which))])


def fitted(some: Sequence[Judged], relations: Sequence[str]) -> Floats:
    """Least squares on the worth of the grades with a penalty on the weights; those of the relations are 0 at the mean."""
    rows = np.concatenate([given(one, relations) for one in some])
    worth = WORTH[np.concatenate([one.grades for one in some])]
    penalty = PENALTY * np.eye(rows.shape[1])
    penalty[-1, -1] = 0.0
    weights = np.linalg.solve(rows.T @ rows + penalty, rows.T @ worth)
    numbers = len(Evidence._fields)
    mean = float((rows[:, numbers:-1] @ weights[numbers:-1]).mean())
    weights[numbers:-1] -= mean
    weights[-1] += mean
    return np.asarray(weights)


def gain(order: npt.NDArray[np.int64], graded: npt.NDArray[np.int64]) -> float:
    """How near the order is to the best one, 0..1: nDCG of the first eight."""
    share = 1 / np.log2(np.arange(2, 2 + min(FIRST, len(graded))))
    worth = 2.0**graded - 1
    return float((worth[order][:FIRST] * share).sum() / (np.sort(worth)[::-1][:FIRST] * share).sum())


def judged(name: str, some: Sequence[Judged], scores: Sequence[Floats]) -> None:
    """Prints how well the scores order the facts of the questions that have an answer."""
    pairs = [(np.argsort(-score, kind="stable"), one.grades) for one, score in zip(some, scores, strict=True)]
    answered = [(order, graded) for order, graded in pairs if graded.max() == 2]
    first = np.mean([graded[order[0]] == 2 for order, graded in answered])
    print(f"{name}: nDCG@8 {np.mean([gain(*pair) for pair in answered]):.3f}, first answers {first:.3f}")


def cut(some: Sequence[Judged], scores: Sequence[Floats], at: float) -> str:
    """What is in answers of the facts that reach a relevance, the best always."""
    shown = padding = told = wanted = answers = asked = 0
    for one, score in zip(some, scores, strict=True):
        order = np.argsort(-score, kind="stable")[:SHOWN]
        kept = one.grades[[n for n in order if score[n] >= at] or order[:1]]
        shown, padding = shown + len(kept), padding + int((kept == 0).sum())
        told, wanted = told + int((kept == 2).sum()), wanted + int((one.grades == 2).sum())
        answers, asked = answers + int((kept == 2).any()), asked + int((one.grades == 2).any())
    return (
        f"cut at {at:.2f}: {shown / len(some):.1f} facts, {padding / shown:.2f} beside the point; "
        f"{told / wanted:.2f} of what answers, something that answers in {answers / asked:.2f}"
    )


def main() -> None:
    """Fits on all, or judges."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--judge", action="store_true")
    judge = parser.parse_args().judge
    with tempfile.TemporaryDirectory() as folder, Graph.open_embedded(Path(folder)) as graph:
        load(graph, registered("core"))
        linker = Linker(graph.lexicon(), concept_reader())
        retriever = Retriever(graph, Memory(graph), question_reader())
        authors = [list(found(file, linker, retriever)) for file in sorted(JUDGED.glob("*.tsv"))]
    everything = [one for some in authors for one in some]
    relations = sorted({name for one in everything for name in one.relations})
    if not judge:
        weights = fitted(everything, relations)
        names = [*Evidence._fields, *relations, CONSTANT]
        lines = [f"{name}\t{weight:.3f}\n" for name, weight in zip(names, weights, strict=True)]
        WEIGHTS.write_text(HEAD + "".join(lines), "utf-8")
        print(f"{len(everything)} questions, {sum(len(one.grades) for one in everything)} facts")
        return
    scores: list[Floats] = []
    for out, some in enumerate(authors):
        weights = fitted([one for n, others in enumerate(authors) if n != out for one in others], relations)
        scores += [given(one, relations) @ weights for one in some]
        judged(f"author {out + 1}, {len(some)} questions", some, scores[-len(some) :])
    judged("all, by rules alone", everything, [-np.arange(len(one.grades), dtype=np.float64) for one in everything])
    judged("all, each author left out", everything, scores)
    for at in CUTS:
        print(cut(everything, scores, at))


if __name__ == "__main__":
    main()

"""Trains the reader of questions: `python -m training.questions [--judge]`. A minute of one core; no torch.

Reads the questions of `copilot/evaluation/data/question_kinds`, each with the relations of the facts that would answer it, and
writes `copilot/relations/data/questions.npz`. `--judge` trains without each author in turn and says how often the first
relation read, and one of the first three, is among those that the author named; beside it the cues of `kg.questions`.
"""

import argparse
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from copilot.relations.minilm_questions import as_prose
from copilot.sentences import MiniLM
from kg.asking import ASKED, OTHER
from kg.questions import cued

ROOT = Path(__file__).resolve().parent.parent / "copilot"
QUESTIONS = ROOT / "evaluation" / "data" / "question_kinds"
WEIGHTS = ROOT / "relations" / "data" / "questions.npz"
NEXT = 0.6  # of the share of a relation, the share of the one named after it
PENALTY, STEPS, RATE = 5e-5, 600, 0.3

Floats = npt.NDArray[np.float64]
Row = tuple[list[str], str]


def rows(file: Path) -> Iterator[Row]:
    """Relations and question; a question that names two things also from the other's side."""
    lines = (line for line in file.read_text("utf-8").splitlines() if line and not line.startswith("#"))
    for names, question in (line.split("\t") for line in lines):
        yield names.split(), question
        if OTHER in question:
            swapped = question.replace(ASKED, "\0").replace(OTHER, ASKED).replace("\0", OTHER)
            yield [_turned(name) for name in names.split()], swapped


def _turned(name: str) -> str:
    return f"{name[:-1]}{'o' if name.endswith('s') else 's'}"


def vectors(questions: Sequence[str]) -> Floats:
    """MiniLM's, and a one at the end of each."""
    read = MiniLM().encode([as_prose(question) for question in questions]).astype(np.float64)
    return np.column_stack([read, np.ones(len(read))])


def wanted(some: Sequence[Row], relations: Sequence[str]) -> Floats:
    """The share of each relation in each row."""
    shares = np.array([[NEXT ** names.index(r) if r in names else 0.0 for r in relations] for names, _ in some])
    return np.asarray(shares / shares.sum(axis=1, keepdims=True))


def fitted(given: Floats, shares: Floats) -> Floats:
    """Weights of a softmax: gradient steps with momentum (Adam) on the cross entropy and a penalty on their squares."""
    weights = np.zeros((given.shape[1], shares.shape[1]))
    first, second = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, STEPS + 1):
        scores = given @ weights
        odds = np.exp(scores - scores.max(axis=1, keepdims=True))
        slope = given.T @ (odds / odds.sum(axis=1, keepdims=True) - shares) / len(given) + PENALTY * weights
        first, second = 0.9 * first + 0.1 * slope, 0.999 * second + 0.001 * slope**2
        weights -= RATE * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
    return weights


def judged(ranked: Sequence[Sequence[str]], some: Sequence[Row]) -> str:
    """How often the first relation, and one of the first three, is one that the author named."""
    first = sum(order[0] in names for order, (names, _) in zip(ranked, some, strict=True))
    three = sum(bool({*order[:3]} & {*names}) for order, (names, _) in zip(ranked, some, strict=True))
    return f"first {first / len(some):.2f}, first three {three / len(some):.2f}"


def by_cues(question: str, relations: Sequence[str]) -> list[str]:
    """The relations as the cues have them, best first; the names of things are taken out, as there."""
    said = question.replace(ASKED, " " * len(ASKED)).replace(OTHER, " " * len(OTHER))
    weights: Mapping[str, float] = {f"{p}.{end}": weight for (p, end), weight in cued(said).items()}
    return sorted(relations, key=lambda relation: -weights.get(relation, 0.0))


def main() -> None:
    """Trains on all, or judges."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--judge", action="store_true")
    judge = parser.parse_args().judge
    authors = [list(rows(file)) for file in sorted(QUESTIONS.glob("*.tsv"))]
    relations = sorted({name for some in authors for names, _ in some for name in names})
    given = [vectors([question for _, question in some]) for some in authors]
    shares = [wanted(some, relations) for some in authors]
    if not judge:
        weights = fitted(np.concatenate(given), np.concatenate(shares))
        np.savez_compressed(WEIGHTS, weights=weights.astype(np.float16), relations=np.array(relations))
        print(f"{sum(map(len, authors))} rows, {len(relations)} relations: {WEIGHTS.stat().st_size // 1024} KiB")
        return
    for out, some in enumerate(authors):
        others = [n for n in range(len(authors)) if n != out]
        weights = fitted(np.concatenate([given[n] for n in others]), np.concatenate([shares[n] for n in others]))
        read = [[relations[n] for n in np.argsort(-row)] for row in given[out] @ weights]
        print(f"author {out + 1}, {len(some)} rows: read {judged(read, some)}")
        print(f"    by cues {judged([by_cues(question, relations) for _, question in some], some)}")


if __name__ == "__main__":
    main()

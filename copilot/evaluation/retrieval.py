"""How often a fact that answers an authored question is among the first eight retrieved, beside a baseline.

The baseline takes the facts about the concepts in the question as the graph gives them. Both parts were written before
anybody looked at what retrieval did with them, and share neither wordings nor, as far as that is possible, concepts. No
clinician has reviewed them. Knows retrieval by its public face only.
"""

import csv
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from importlib import resources

from kg.graph import Graph
from kg.linking import Linker
from kg.retrieval import Retriever
from kg.types import Fact

FIRST = 8
Key = tuple[str, str, str]
Search = Callable[[str], Sequence[Fact]]


@dataclass(frozen=True, slots=True)
class Question:
    """One authored question. A fact that fits any key decides it; "*" in a key stands for any concept or relation."""

    kind: str
    text: str
    keys: tuple[Key, ...]

    def decided_by(self, fact: Fact) -> bool:
        """Whether the fact answers the question."""
        predicate = f"NOT_{fact.predicate}" if fact.denied else fact.predicate
        held = (fact.subject, predicate, "" if predicate == "DEFINED_AS" else fact.object)
        return any(all(wanted in {"*", given} for wanted, given in zip(key, held, strict=True)) for key in self.keys)


@dataclass(slots=True)
class Score:
    """Hits and questions by type, and the questions without a hit."""

    hits: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    missed: list[Question] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Share of the questions with a deciding fact among the first eight."""
        return self.hits.total() / max(1, self.asked.total())


def questions(part: str) -> Iterator[Question]:
    """The authored questions of `part` ("dev" or "held"), in file order."""
    text = resources.files("copilot.evaluation").joinpath(f"data/questions_{part}.tsv").read_text("utf-8")
    for kind, asked, keys in csv.reader((line for line in text.splitlines() if line[:1] != "#"), delimiter="\t"):
        yield Question(kind, asked, tuple(_key(key) for key in keys.split("|")))


def _key(text: str) -> Key:
    subject, predicate, *rest = text.split()
    return subject, predicate, rest[0] if rest else ""


def evaluate(search: Search, part: Iterable[Question]) -> Score:
    """Runs the search over the questions."""
    score = Score()
    for question in part:
        score.asked[question.kind] += 1
        if any(question.decided_by(fact) for fact in search(question.text)[:FIRST]):
            score.hits[question.kind] += 1
        else:
            score.missed.append(question)
    return score


def by_retriever(linker: Linker, retriever: Retriever) -> Search:
    """The product's own: link, then retrieve, without a film."""

    def search(text: str) -> Sequence[Fact]:
        return [ranked.fact for ranked in retriever.retrieve(text, linker.link(text, meant=True), {}, limit=FIRST)]

    return search


def by_mention(linker: Linker, graph: Graph) -> Search:
    """The baseline: facts about what the question mentions, the most trusted first."""
    return lambda text: graph.facts_about([m.concept for m in linker.link(text)])

"""Whole answers: how many of their sentences the graph supports, before and after checking, and whether they answer.

Questions are authored wordings over facts drawn from the graph. Knows the pipeline by its events only. "Useful" means that the
deciding fact stands behind a sentence of the answer; whether a clinician finds it helpful is not measured here.
"""

import random
import statistics
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from importlib import resources
from itertools import cycle

from copilot.pipeline import Copilot
from copilot.types import Answer, Answered, DraftProgress, VerdictsGiven
from kg import wording
from kg.types import Fact, Verdict


@dataclass(frozen=True, slots=True)
class Question:
    """One question and the ids of the facts of which one decides it."""

    text: str
    deciding: frozenset[str]


@dataclass(slots=True)
class Figures:
    """What came of the questions. Times in milliseconds; `checks`: guard, link, retrieve and verify together."""

    questions: int = 0
    useful: int = 0
    composed: Counter[str] = field(default_factory=Counter)
    before: Counter[str] = field(default_factory=Counter)
    after: Counter[str] = field(default_factory=Counter)
    checks: list[float] = field(default_factory=list)
    generation: list[float] = field(default_factory=list)
    tokens: list[int] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    @property
    def useful_share(self) -> float:
        """Share of the questions whose deciding fact is in the answer."""
        return self.useful / self.questions if self.questions else 0.0

    @property
    def check_share(self) -> float:
        """Median time of the checks over the median time of writing, which is of drafts of at most 160 tokens."""
        return statistics.median(self.checks) / statistics.median(self.generation) if self.generation else 0.0

    def share(self, verdict: Verdict, *, after: bool = True) -> float:
        """Share of the claims that have this verdict, in the drafts or in what was shown."""
        counts = self.after if after else self.before
        claims = sum(n for name, n in counts.items() if name != Verdict.NOT_A_CLAIM)
        return counts[verdict] / claims if claims else 0.0


def questions(facts: Sequence[Fact], count: int = 150, seed: int = 0) -> Iterator[Question]:
    """`count` different questions over `facts`, the wordings in turn, the same for a seed."""
    rng = random.Random(seed)  # noqa: S311 - a sample, not a secret
    rows = [[part.strip() for part in line.split("|")] for line in _lines()]
    by_relation: dict[str, list[Fact]] = {}
    for fact in sorted(facts, key=lambda f: f.id):
        by_relation.setdefault(fact.predicate, []).append(fact)
    asked: set[str] = set()
    for relation, decides, template in cycle(rows):
        question = _question(template, rng.choice(by_relation[relation]), decides, by_relation[relation])
        if question.text not in asked:
            asked.add(question.text)
            yield question
        if len(asked) == count:
            return


def _question(template: str, fact: Fact, decides: str, family: Iterable[Fact]) -> Question:
    text = template.format(s=wording.noun_phrase(fact.subject_name), o=wording.noun_phrase(fact.object_name))
    ends = {"s": fact.subject, "o": fact.object}
    named = {part: end for part, end in ends.items() if f"{{{part}}}" in template}
    if decides == "this":
        return Question(text, frozenset({fact.id}))
    same = (f for f in family if all(end in {f.subject, f.object} for end in named.values()))
    return Question(text, frozenset(f.id for f in same))


def evaluate(copilot: Copilot, facts: Sequence[Fact], count: int = 150, seed: int = 0) -> Figures:
    """Asks each question in a session of its own."""
    figures = Figures()
    for question in questions(facts, count, seed):
        _ask(copilot, question, figures)
    return figures


def _ask(copilot: Copilot, question: Question, figures: Figures) -> None:
    tokens = 0
    for event in copilot.ask(copilot.open_session(), question.text):
        if isinstance(event, DraftProgress):
            tokens += 1
        elif isinstance(event, VerdictsGiven):
            figures.before.update(event.counts)
        elif isinstance(event, Answered):
            _count(question, event.answer, tokens, figures)


def _count(question: Question, answer: Answer, tokens: int, figures: Figures) -> None:
    figures.questions += 1
    figures.composed[answer.composed] += 1
    figures.after.update(sentence.verdict.value for sentence in answer.sentences)
    said = {fact.id for sentence in answer.sentences for fact in sentence.facts}
    if said & question.deciding:
        figures.useful += 1
    else:
        figures.missed.append(question.text)
    if tokens:
        times = answer.timings
        figures.checks.append(times.deid + times.retrieval + times.verification)
        figures.generation.append(times.generation)
        figures.tokens.append(tokens)


def _lines() -> list[str]:
    text = resources.files("copilot.evaluation").joinpath("data/grounding_questions.txt").read_text("utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]

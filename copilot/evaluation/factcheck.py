"""How often the verdict on an authored sentence is the right one, beside a lexical-overlap baseline in the same run.

The held part was written by an author who had a sample of the facts and knew nothing of the wordings and rules that it
measures; none of its sentences is read by those who change them. Of the development part the first two files are of the
rules' own author (the second was the held part once), the others each of another author who knew only facts.
Knows the checker by its public face only. Gold verdicts are the authors' own; no clinician has reviewed them.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources

from copilot.checking import Checker
from kg import wording
from kg.types import Fact, Verdict

Judge = Callable[[str], Verdict]
# Chosen on the development part: below it the baseline calls almost everything unknown.
_OVERLAP = 0.6
_WORD = re.compile(r"[a-z0-9]+")
_STOP = frozenset("a an the of in on is are was be to by with and or can may it its that this for as at from".split())
_NEGATIVE = frozenset({"not", "no", "never", "cannot", "without"})


@dataclass(frozen=True, slots=True)
class Example:
    """One authored text; the verdict is that of its last sentence."""

    text: str
    verdict: Verdict
    kind: str


@dataclass(slots=True)
class Score:
    """Counts of (gold, given), and of (kind of sentence, whether right), for one judge."""

    counts: Counter[tuple[Verdict, Verdict]] = field(default_factory=Counter)
    kinds: Counter[tuple[str, bool]] = field(default_factory=Counter)
    wrong: list[tuple[Example, Verdict]] = field(default_factory=list)

    def precision(self, verdict: Verdict) -> float:
        """Share of the sentences given this verdict that deserve it; 1.0 when none was given it."""
        given = sum(n for (_, got), n in self.counts.items() if got is verdict)
        return self.counts[verdict, verdict] / given if given else 1.0

    def recall(self, verdict: Verdict) -> float:
        """Share of the sentences that deserve this verdict and were given it."""
        deserve = sum(n for (gold, _), n in self.counts.items() if gold is verdict)
        return self.counts[verdict, verdict] / deserve if deserve else 1.0

    def f1(self, verdict: Verdict) -> float:
        """Harmonic mean of the two."""
        p, r = self.precision(verdict), self.recall(verdict)
        return 2 * p * r / (p + r) if p + r else 0.0

    @property
    def macro_f1(self) -> float:
        """Mean F1 over the four verdicts."""
        return sum(self.f1(v) for v in Verdict) / len(Verdict)


FILES = {
    "dev": tuple(f"factcheck_dev_{n}" for n in range(1, 7)),
    "held": ("factcheck_held",),
}


def examples(part: str) -> Iterator[Example]:
    """The authored sentences of `part` ("dev" or "held"), in file order."""
    for name in FILES[part]:
        text = resources.files("copilot.evaluation").joinpath(f"data/{name}.tsv").read_text("utf-8")
        for row in csv.DictReader(io.StringIO(text), delimiter="\t", quoting=csv.QUOTE_NONE):
            yield Example(row["text"], Verdict(row["verdict"]), row["kind"])


def score(judge: Judge, part: Iterable[Example]) -> Score:
    """Runs the judge over the examples."""
    scored = Score()
    for example in part:
        given = judge(example.text)
        scored.counts[example.verdict, given] += 1
        scored.kinds[example.kind, given is example.verdict] += 1
        if given is not example.verdict:
            scored.wrong.append((example, given))
    return scored


def evaluate(
    checker: Checker, facts: Sequence[Fact], part: str = "held", others: Mapping[str, Judge] | None = None
) -> dict[str, Score]:
    """The checker, word overlap and any further judges on the same sentences, by name.

    `facts`: all that the graph knows, which the baseline compares with.
    """
    judges: dict[str, Judge] = {"checker": by_checker(checker), "word overlap": by_overlap(facts), **(others or {})}
    sentences = list(examples(part))
    return {name: score(judge, sentences) for name, judge in judges.items()}


def by_checker(checker: Checker) -> Judge:
    """The product's own judge: the verdict on the last sentence, without a film."""
    return lambda text: checker.check(text)[-1].verdict


def baselines(facts: Sequence[Fact]) -> dict[str, Judge]:
    """Further judges for the same run: MiniLM similarity."""
    from copilot.evaluation.minilm import by_similarity  # noqa: PLC0415 - it takes a judge from here
    from copilot.sentences import MiniLM  # noqa: PLC0415 - only for this baseline

    return {"MiniLM similarity": by_similarity(facts, MiniLM())}


def by_overlap(facts: Sequence[Fact]) -> Judge:
    """The baseline: the fact whose wording shares most words decides; another polarity is a contradiction."""
    known = [(_words(wording.sentence(f)), f) for f in facts]

    def judge(text: str) -> Verdict:
        last = re.split(r"(?<=[.!?]) ", text)[-1]
        if last.endswith("?"):
            return Verdict.NOT_A_CLAIM
        said = _words(last)
        best, fact = max(((_jaccard(said - _NEGATIVE, w - _NEGATIVE), f) for w, f in known), key=lambda pair: pair[0])
        if best < _OVERLAP:
            return Verdict.NOT_IN_GRAPH
        return Verdict.SUPPORTED if negative(last) == fact.denied else Verdict.CONTRADICTED

    return judge


def negative(text: str) -> bool:
    """Whether a word of the text denies; what both baselines take for its polarity."""
    return bool(_words(text) & _NEGATIVE)


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.lower())) - _STOP


def _jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / max(1, len(one | other))

"""How well mentions are found in hand-labelled sentences, with what is said of them, beside a plain dictionary.

A mention is right when its words overlap the marked ones and it is the marked concept, or a kind of it ("small effusion"
where a reader marked an effusion that is mild); `exact` counts those without the kinds. Marked names are taken to concepts
by their exact name or synonym; those the graph lacks are counted and left out. Where it is, in whom, and on what view are
circumstances of a mention: one that nobody marked is no error, and a marked one is left out where it is part of a longer
linked name ("right lower lobe" in "right lower lobe collapse"). Knows the linker by its public face only.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from importlib import resources

from kg.linking import Linker
from kg.linking.normal import phrase, tokens
from kg.types import Assertion, Concept, Mention, Severity, Side

Find = Callable[[str], Sequence[Mention]]
Name = tuple[str, ...]
Kinds = Mapping[str, Sequence[str]]
_MARK = re.compile(r"\[([^\]=|]+)(?:=([^\]|]+))?(?:\|([a-z]*))?(?:\|([a-z]*))?(?:\|([a-z]*))?\]")
FILES: Mapping[str, tuple[str, ...]] = {
    "dev": ("linking_dev",),
    "held": ("linking_held", "linking_held_2", "linking_held_3"),
}
"""The files of each part; the held ones are of three authors, the later two scored as they came."""
_CIRCUMSTANCES = frozenset({"anatomy", "population", "technique", "value"})


@dataclass(frozen=True, slots=True)
class Marked:
    """A mention as a reader marked it; `name` is the concept's English name."""

    start: int
    end: int
    name: str
    assertion: Assertion = "present"
    side: Side | None = None
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence and its marked mentions."""

    text: str
    marked: tuple[Marked, ...]


@dataclass(slots=True)
class Score:
    """Counts over all sentences. `agreed` and `differed` say of the found mentions what else was right."""

    found: int = 0
    exact: int = 0
    missed: int = 0
    wrong: int = 0
    not_in_graph: int = 0
    in_a_name: int = 0
    agreed: Counter[str] = field(default_factory=Counter)
    differed: Counter[str] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """Share of the linked mentions that are right."""
        return self.found / max(1, self.found + self.wrong)

    @property
    def recall(self) -> float:
        """Share of the marked mentions that are found."""
        return self.found / max(1, self.found + self.missed)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return 2 * self.found / max(1, 2 * self.found + self.wrong + self.missed)

    def accuracy(self, what: str) -> float:
        """Share of the found mentions with the right "assertion", "side" or "severity"; "named side": of those with one."""
        return self.agreed[what] / max(1, self.agreed[what] + self.differed[what])


def sentences(file: str) -> Iterator[Sentence]:
    """The hand-labelled sentences of a file of `FILES`."""
    text = resources.files("copilot.evaluation").joinpath(f"data/{file}.txt").read_text("utf-8")
    return (parse(line) for line in text.splitlines() if line and line[0] != "#")


def parse(line: str) -> Sentence:
    """A sentence with marks such as `[effusion=pleural effusion|absent|left|mild]`."""
    text, marked, last = "", [], 0
    for mark in _MARK.finditer(line):
        text += line[last : mark.start()]
        start, last = len(text), mark.end()
        text += mark[1]
        name, assertion, side, severity = mark[2] or mark[1], mark[3] or "present", mark[4] or None, mark[5] or None
        marked.append(Marked(start, len(text), name, assertion, side, severity))  # type: ignore[arg-type]
    return Sentence(text + line[last:], tuple(marked))


def evaluate(find: Find, concepts: Sequence[Concept], kinds: Kinds, part: Iterable[Sentence]) -> Score:
    """Runs `find` over the sentences. `kinds`: from a concept's id to the ids of all kinds of it."""
    named: dict[Name, set[str]] = {}
    for concept in concepts:
        for name in (concept.name, *concept.synonyms):
            named.setdefault(phrase(name), set()).add(concept.id)
    circumstances = {c.id for c in concepts if c.category in _CIRCUMSTANCES}
    score = Score()
    for sentence in part:
        _compare(sentence, list(find(sentence.text)), named, kinds, circumstances, score)
    return score


def _part_of_a_name(mark: Marked, meant: set[str], linked: Sequence[Mention], circumstances: set[str]) -> bool:
    longer = any(m.start <= mark.start and mark.end <= m.end and m.category not in _CIRCUMSTANCES for m in linked)
    return longer and meant <= circumstances


def _compare(
    sentence: Sentence,
    linked: list[Mention],
    named: Mapping[Name, set[str]],
    kinds: Kinds,
    circumstances: set[str],
    score: Score,
) -> None:
    for mark in sentence.marked:
        meant = named.get(phrase(mark.name), set())
        here = [m for m in linked if m.start < mark.end and mark.start < m.end]
        finer = {kind for one in meant for kind in kinds.get(one, ())}
        right = next((m for m in (*(m for m in here if m.concept in meant), *here) if m.concept in meant | finer), None)
        for mention in [right] if right else here if not meant else []:
            linked.remove(mention)
        if not meant:
            score.not_in_graph += 1
        elif right is None and _part_of_a_name(mark, meant, here, circumstances):
            score.in_a_name += 1
        elif right is None:
            score.missed += 1
            score.errors.append(f"missed {mark.name!r}, linked {[m.concept for m in here]}: {sentence.text}")
        else:
            score.found += 1
            score.exact += right.concept in meant
            _compare_said(mark, right, score, sentence.text)
    for mention in linked:
        if mention.category not in _CIRCUMSTANCES:
            score.wrong += 1
            score.errors.append(f"linked {mention.text!r} as {mention.concept}: {sentence.text}")


def _compare_said(mark: Marked, mention: Mention, score: Score, text: str) -> None:
    for what in ("assertion", "side", "severity"):
        wanted, given = getattr(mark, what), getattr(mention, what)
        count = score.agreed if wanted == given else score.differed
        count[what] += 1
        if what == "side" and (wanted or given):
            count["named side"] += 1
        if wanted != given:
            score.errors.append(f"{what} of {mark.name!r} {wanted} but {given}: {text}")


def by_linker(linker: Linker) -> Find:
    """The product's own, as it looks for facts."""
    return partial(linker.link, meant=True)


def by_dictionary(concepts: Iterable[Concept]) -> Find:
    """The baseline: the longest run of words that is a name or synonym, said to be present."""
    names: dict[Name, Concept] = {}
    for concept in concepts:
        if concept.category != "value":
            for name in (concept.name, *concept.synonyms):
                names.setdefault(tuple(token.text.lower() for token in tokens(name)), concept)
    longest = max(map(len, names), default=0)

    def find(text: str) -> list[Mention]:
        words, found, at = tokens(text), [], 0
        while at < len(words):
            for length in range(min(longest, len(words) - at), 0, -1):
                run = words[at : at + length]
                concept = names.get(tuple(token.text.lower() for token in run))
                if concept is not None:
                    start, end = run[0].start, run[-1].end
                    found.append(Mention(start, end, text[start:end], concept.id, concept.name, concept.category))
                    break
            else:
                length = 1
            at += length
        return found

    return find

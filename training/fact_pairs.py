"""What the reader of facts learns from: sentences, each beside one fact or a few that are read together.

    python -m training.fact_pairs WORK START     `WORK/pairs.npz`; needs the graph engine; half an hour

Sources, all in `copilot/evaluation/data`: `beside_facts/author_*.txt`, written beside one fact; `sets_*.txt`, written beside two
or three; `read*.txt`, sentences of strangers of which readers marked what settles them; the facts put into words of
`wordings`, and the `phrasings` filled with facts. Beside each sentence also stand the facts that `copilot.one_fact` finds most
like it: those that surely settle nothing with that label, the others with none, for a teacher to label.
"""

import json
import random
import re
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

from copilot.one_fact import cards, in_words
from copilot.relations.likeness import Likeness
from copilot.relations.numbers_beside import marked
from copilot.relations.onnx_facts import LONGEST_FACT, LONGEST_SENTENCE
from copilot.relations.onnx_reader import Pieces
from kg.linking import Linker
from kg.types import Concept, Fact
from kg.verification import Look, Verifier
from training.concepts import authored, unmarked
from training.relations import NONE, phrasings

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "copilot" / "evaluation" / "data"
UNKNOWN, NEITHER, SAME, AGAINST = -1, 0, 1, 2
LABELS = {"same": SAME, "against": AGAINST, "more": NEITHER, "other": NEITHER, "neither": NEITHER,
          "both": SAME, "half": NEITHER}  # fmt: skip
SEED, MOST_FACTS = 7, 8
LIKEST, FILLED, UNMARKED = 8, 2, 3
"""Likest facts that are looked up, facts that a phrasing is filled with, likest facts of a sentence that stay without label."""
WEIGHTS = {"filled": 0.5, "mined": 0.5, "read": 2.0, "sets": 2.0}
"""How much a pair counts, by where it is from."""
_ONE_WAY = frozenset({"CAUSES", "COMMONEST_CAUSE_OF", "COMPLICATES", "RISK_FACTOR_FOR", "IS_A", "PART_OF"})
_SINGLE = frozenset(
    {"FIRST_TEST", "COMMONEST_CAUSE_OF", "HAS_SIDE", "HAS_COURSE", "HAS_URGENCY", "HAS_DISTRIBUTION", "CONSISTS_OF",
     "APPEARS_AS", "SHIFTS_MEDIASTINUM", "TIP_BELONGS_IN"}
)  # fmt: skip
"""Of which another value may deny what is said, so that it is not taken for one that settles nothing."""


class Pair(NamedTuple):
    """A sentence beside facts in words, read together."""

    author: str
    sentence: str
    facts: tuple[str, ...]
    label: int
    kind: str


class Known:
    """The curated facts in words."""

    def __init__(self, facts: Sequence[Fact], concepts: Sequence[Concept]) -> None:
        self.concepts = {concept.id: concept for concept in concepts}
        self.by_name = {name.lower(): c.id for c in reversed(concepts) for name in (*c.synonyms, c.name)}
        self.facts = [self._named(fact) for fact in facts]
        self.by_ends = {(fact.subject, fact.predicate, fact.object): fact for fact in self.facts}
        self.of: Mapping[str, list[Fact]] = defaultdict(list)
        for fact in self.facts:
            self.of[fact.predicate].append(fact)

    def _named(self, fact: Fact) -> Fact:
        name = self.concepts[fact.object].name if fact.object in self.concepts else fact.object_name
        return replace(fact, subject_name=self.concepts[fact.subject].name, object_name=name)


def beside_facts() -> Iterator[Pair]:
    """What was written beside one fact, or beside a few."""
    for path in sorted((DATA / "beside_facts").glob("[as]*_*.txt")):
        for head, lines in _blocks(path):
            for label, text in lines:
                if label in LABELS:
                    kind = "sets" if len(head) > 1 else label
                    yield Pair(path.stem, text, head, LABELS[label], kind)


def read_by_readers(chance: random.Random) -> Iterator[Pair]:
    """Sentences of strangers: beside each likest fact, beside those that settle them together, and beside many at once."""
    for path in sorted((DATA / "beside_facts").glob("read*.txt")):
        for (head,), lines in _blocks(path):
            author, _, sentence = head.partition(" | ")
            facts = {text: LABELS[label] for label, text in lines if label in LABELS}
            for fact, label in facts.items():
                yield Pair(author, sentence, (fact,), label, "read")
            told = [[[*facts][int(n) - 1] for n in text.split()] for label, text in lines if label == "together"]
            for some in told:
                yield Pair(author, sentence, tuple(some), SAME, "read")
                if len(some) > 2:
                    yield Pair(author, sentence, _without_one(some, chance), NEITHER, "read")
            told += [[fact] for fact, label in facts.items() if label != NEITHER]
            if told:
                some = chance.choice(told)
                yield Pair(author, sentence, _among(some, facts, chance), facts[some[0]] or SAME, "read")
            elif "together" in path.read_text("utf-8")[:400]:  # where nobody looked, some together may settle it
                yield Pair(author, sentence, _among([], facts, chance), NEITHER, "read")


def _among(some: Sequence[str], others: Iterable[str], chance: random.Random) -> tuple[str, ...]:
    """Those facts in any order among some of the others."""
    free = [fact for fact in others if fact not in some][: MOST_FACTS - len(some)]
    told = [*some, *chance.sample(free, chance.randint(min(2, len(free)), len(free)))]
    return tuple(chance.sample(told, len(told)))


def _without_one(facts: Sequence[str], chance: random.Random) -> tuple[str, ...]:
    return tuple(chance.sample(facts, len(facts) - 1))


def _blocks(path: Path) -> Iterator[tuple[tuple[str, ...], list[tuple[str, str]]]]:
    """(what stands in heads, (label, text) of the lines below) of a file."""
    head, lines = tuple[str, ...](), list[tuple[str, str]]()
    for line in [*path.read_text("utf-8").splitlines(), "= "]:
        if line.startswith("= "):
            if lines:
                yield head, lines
                head, lines = (), []
            head = (*head, line[2:])
        elif " | " in line and head:
            label, _, text = line.partition(" | ")
            lines.append((label, text))


def in_other_words(known: Known) -> Iterator[Pair]:
    """The facts of `wordings`: stated, denied, turned round, or both things named and nothing said of them."""
    for author, sentence, told in authored():
        if len(told) < 4:
            continue
        subject, predicate, value, sign = told
        one = known.by_name.get(subject.lower(), "")
        other = known.by_name.get(value.lower(), value.replace(" ", "_"))
        fact = known.by_ends.get((one, predicate, other)) or known.by_ends.get((other, predicate, one))
        if fact is None:
            continue
        label = {"+": SAME, "-": AGAINST, "<": AGAINST if predicate in _ONE_WAY else NEITHER}.get(sign, NEITHER)
        if fact.denied and label:
            label = NEITHER if sign == "<" else 3 - label
        yield Pair(author, unmarked(sentence)[0], (in_words(fact),), label, f"fact{sign}")


def filled(known: Known, chance: random.Random) -> Iterator[Pair]:
    """The phrasings, each filled with facts of its relation."""
    plain = {
        predicate: [f for f in some if not f.quantity and not f.qualifiers] for predicate, some in known.of.items()
    }
    everything = [predicate for predicate, some in plain.items() if some]
    for phrasing in phrasings():
        if phrasing.of is not None:
            continue
        predicate, _, value = phrasing.labels[0].partition("=")
        if predicate == NONE:
            predicate = chance.choice(everything)
        wanted = known.by_name.get(value.lower(), value)
        pool = [
            f
            for f in plain.get(predicate, ())
            if (f.object == wanted if value else f.object in known.concepts or "{o}" not in phrasing.text)
        ]
        for fact in chance.sample(pool, min(FILLED, len(pool))):
            label = {"+": SAME, "-": AGAINST}.get(phrasing.sign, NEITHER) if phrasing.labels[0] != NONE else NEITHER
            if fact.denied and label:
                label = 3 - label
            text = _filled(phrasing.text, fact, known, chance)
            yield Pair(phrasing.author, text, (in_words(fact),), label, "filled")


def _filled(text: str, fact: Fact, known: Known, chance: random.Random) -> str:
    everything = sorted(known.concepts)

    def name(mark: re.Match[str]) -> str:
        ends = {"s": fact.subject, "o": fact.object}
        concept = known.concepts.get(ends.get(mark[1], ""), known.concepts[chance.choice(everything)])
        return chance.choice([concept.name, *concept.synonyms]) if chance.random() < 0.4 else concept.name

    told = re.sub(r"\{(\w+)\}", name, text)
    return told[:1].upper() + told[1:]


def beside_the_likest(
    pairs: Sequence[Pair], of: Mapping[str, Fact], likest: Mapping[str, Sequence[Fact]], chance: random.Random
) -> Iterator[Pair]:
    """The sentences beside the facts most like them.

    Such a fact settles nothing, save one of the same two things, or another value where there is but one: of these, and of some
    of the others, nothing is said. A sentence that its own fact settles is also set beside that fact among the likest ones.
    """
    for pair in pairs:
        own = [of[fact] for fact in pair.facts if fact in of]
        others = [fact for fact in likest[pair.sentence] if in_words(fact) not in pair.facts]
        unsaid = []
        for fact in others:
            if pair.kind in ("more", "half") or any(_may_settle(fact, one) for one in own):
                unsaid.append(fact)
            elif len(pair.facts) == 1:
                yield Pair(pair.author, pair.sentence, (in_words(fact),), NEITHER, "mined")
        unsaid += chance.sample(others, min(UNMARKED, len(others)))
        for fact in {fact.id: fact for fact in unsaid}.values():
            yield Pair(pair.author, pair.sentence, (in_words(fact),), UNKNOWN, "unmarked")
        told = _among(pair.facts, map(in_words, others), chance)
        yield Pair(pair.author, pair.sentence, told, pair.label or UNKNOWN, "among")
        if pair.kind == "sets" and pair.label == SAME:
            lacking = _without_one(pair.facts, chance)
            yield Pair(pair.author, pair.sentence, lacking, NEITHER, "sets")
            yield Pair(pair.author, pair.sentence, _among(lacking, map(in_words, others), chance), UNKNOWN, "among")


def _may_settle(fact: Fact, own: Fact) -> bool:
    return (
        {fact.subject, fact.object} == {own.subject, own.object}
        or "DEFINED_AS" in (fact.predicate, own.predicate)
        or (
            fact.subject == own.subject
            and fact.predicate == own.predicate
            and bool(fact.quantity or fact.predicate in _SINGLE)
        )
    )


def every_pair() -> list[Pair]:
    """All of them, each sentence and set of facts once, the first label that was given."""
    from kg.graph import Graph  # noqa: PLC0415
    from kg.loading.csv_pack import core  # noqa: PLC0415
    from kg.loading.load import load  # noqa: PLC0415
    from kg.memory import Memory  # noqa: PLC0415

    known = Known([*core().facts()], [*core().concepts()])
    chance = random.Random(SEED)  # noqa: S311 - no secret
    worded, written, read = [*in_other_words(known)], [*beside_facts()], [*read_by_readers(chance)]
    with tempfile.TemporaryDirectory() as folder, Graph.open_embedded(Path(folder)) as graph:
        load(graph, core())
        linker, look, likeness = Linker(graph.lexicon()), Verifier(Memory(graph)).look(), Likeness()
        of = {in_words(fact): fact for concept in known.concepts for fact in look.near({concept})}
        own = [pair for pair in written if pair.label or pair.kind in ("more", "half")]
        own += [p for p in chance.sample(worded, min(len(worded), 10_000)) if p.kind in ("fact+", "fact-")]
        likest = {pair.sentence: _likest(pair.sentence, linker, look, likeness) for pair in own}
    alike = [*beside_the_likest([p for p in own if all(f in of for f in p.facts)], of, likest, chance)]
    held = {
        line.rpartition("\t")[2] for path in DATA.glob("*_held*.tsv") for line in path.read_text("utf-8").splitlines()
    }
    told = (*read, *written, *worded, *filled(known, chance), *alike)
    everything = [pair for pair in told if pair.sentence not in held]
    once = {(pair.sentence, pair.facts): pair for pair in reversed(everything) if pair.label == UNKNOWN}
    once |= {(pair.sentence, pair.facts): pair for pair in reversed(everything) if pair.label != UNKNOWN}
    return [*once.values()]


def _likest(sentence: str, linker: Linker, look: Look, likeness: Likeness) -> list[Fact]:
    mentions = linker.link(sentence, values=True)
    return [
        card.fact
        for card in cards(sentence, mentions, look, lambda text, facts: likeness(text, facts).tolist(), LIKEST)
    ]


def vocabulary(start: Path) -> list[str]:
    """The pieces that the folder of a BERT names, in order."""
    number: dict[str, int] = json.loads((start / "tokenizer.json").read_text("utf-8"))["model"]["vocab"]
    return sorted(number, key=number.__getitem__)


def coded(pairs: Sequence[Pair], vocabulary: Sequence[str]) -> dict[str, np.ndarray]:
    """The pairs as numbers.

    `texts`: pieces, one text behind the other, which begin at `starts`; for each pair what it says and its facts as rows of those
    (-1 where there is none), label, weight, author and kind.
    """
    pieces, number = Pieces(vocabulary), dict[tuple[str, int], int]()
    texts = list[list[int]]()

    def row(text: str, longest: int) -> int:
        if (text, longest) not in number:
            number[text, longest] = len(texts)
            texts.append(pieces.ids(text)[:longest])
        return number[text, longest]

    facts = np.full((len(pairs), MOST_FACTS), -1, np.int32)
    for n, pair in enumerate(pairs):
        facts[n, : len(pair.facts)] = [row(fact, LONGEST_FACT) for fact in pair.facts]
    said = [row(marked(pair.sentence, " ".join(pair.facts)), LONGEST_SENTENCE) for pair in pairs]
    authors = sorted({pair.author for pair in pairs})
    kinds = sorted({pair.kind for pair in pairs})
    return {
        "texts": np.array([piece for text in texts for piece in text], np.int16),
        "starts": np.cumsum([0, *map(len, texts)]).astype(np.int32),
        "said": np.array(said, np.int32),
        "facts": facts,
        "label": np.array([pair.label for pair in pairs], np.int8),
        "weight": np.array([WEIGHTS.get(pair.kind, 1.0) for pair in pairs], np.float32),
        "author": np.array([authors.index(pair.author) for pair in pairs], np.int16),
        "kind": np.array([kinds.index(pair.kind) for pair in pairs], np.int8),
        "authors": np.array(authors),
        "kinds": np.array(kinds),
    }


if __name__ == "__main__":
    work, start = Path(sys.argv[1]), Path(sys.argv[2])
    work.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(work / "pairs.npz", **coded(every_pair(), vocabulary(start)))

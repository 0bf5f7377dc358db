"""From a question, its mentions and what the film shows to a ranked list of facts. Deterministic for the same
graph.

Facts are scored by the type of the question, by how they join what was asked about and what is on the film,
and by their tier. Knows nothing of language models, prompts or verdicts.
"""

import math
import re
from collections import Counter, defaultdict, deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import accumulate

from kg import relevance, wording
from kg.asking import QuestionReader, Relation, turned, with_slots
from kg.explaining import NOT_HELD, explaining
from kg.fitting import fits, told
from kg.graph import Graph
from kg.linking.normal import phrase
from kg.loading.pack import fact_id
from kg.loose_names import LooseNames
from kg.memory import FactStore, FactStores
from kg.predicates import PREDICATES
from kg.questions import (
    ASKED_OF,
    LONGEST,
    RULED_OUT,
    SIZE,
    asks_from,
    definition_weight,
    parts,
    question_types,
    wanted_by,
)
from kg.relevance import Evidence
from kg.types import Concept, Fact, Mention, RankedFact, Tier

JOINS = "joins two things of the question or the film"
_ANY = {
    "SUGGESTS": 1.2,
    "COMMONEST_CAUSE_OF": 1.1,
    "CAUSES": 1.0,
    "HAS_FINDING": 1.0,
    "FIRST_TEST": 0.8,
    "HAS_URGENCY": 0.8,
    "RULES_OUT": 0.8,
    "HAS_THRESHOLD": 0.8,
    "CONFIRMED_BY": 0.7,
    "MIMICS": 0.7,
    "TREATED_BY": 0.6,
    "IS_A": 0.6,
}
_ANY_OTHER = 0.5
_TIER = {Tier.REVIEWED: 0.2, Tier.CURATED: 0.1, Tier.IMPORTED: -0.4, Tier.MINED: -0.8}
_MINOR = {
    "value": 0.4,
    "population": 0.5,
    "anatomy": 0.75,
    "technique": 0.85,
    "test": 0.85,
    "factor": 0.85,
    "measurement": 0.7,
}
_SETTING = 0.45
_TELLING = 18  # facts: a circumstance that has more says less of what is asked ("on a chest film")
_INHERITED = 0.55
_CUED, _LEARNED = 0.7, 3.0  # of the cues' weight, 0 to 4, and of the root of the reader's share, 0 to 1
_LOOSE = 0.9
_TOLD, _GONE = (
    0.6,
    0.2,
)  # of a case the findings are asked about less than the disease behind them, and what is absent less still
# Where what asks names one of these, it is asked about: "Effusion or collapse?", "What does the halo mean?".
_OPEN = frozenset({"disease", "finding", "sign", "exam_sign"})
_ABOUT_AS_MUCH = 0.05  # of relevance
_FITTING, _UNFIT = 0.1, 0.3  # of relevance, where what is told of size and age lies within a fact's limits or outside
_LETTERS = 4  # of a token, in English and about
_WEIGHED = 28  # facts ranked best by rules, among which relevance chooses
_FILM = {"present": 0.5, "uncertain": 0.3}
_BRIDGE = 3.0
_FILM_BRIDGE = 1.2
_KINDS_HAVE = frozenset({"IS_A", "HAS_FINDING", "SUGGESTS"})  # of a kind and what it is a kind of, these say nothing
_OF_THE_KIND = 1.5  # the question names a kind ("which lobe") and the fact has one of that kind
_SHARED = 0.5
_CONTRAST = 0.8
_MISTAKEN = 1.2
_TELLS_APART = 2.0  # one of two things that are to be told apart has it, and the other has not
_TOLD_BY = frozenset({"HAS_FINDING", "HAS_SIGN", "HAS_SYMPTOM", "SUGGESTS", "APPEARS_AS", "CONSISTS_OF"})
_JOINS_BOTH = 1.2
_WORD = 0.5
_COMMON = 0.2  # of two facts alike, the one about what has more names: common things are written in many ways
_MANY_NAMES = 16
_WHICH = re.compile(r"\b(?:higher|lower|larger|longer|shorter|bigger|wider|steeper|more vertical)\b", re.IGNORECASE)
# "How do I prove it?" asks for something; that this or that does not prove it is no answer.
_ASKS_FOR = re.compile(
    r"(?!.*(?:\b(?:not|never|exclu\w*|rul(?:e[sd]?|ing)|normal|negative|clear|miss\w*|despite|without|always|enough|only)\b|n't\b))"
    r"\s*(?:so |and |but )?(?:how (?:do|does|can|could|would|should|is|are)|wh(?:ich|at|o|ere|en|y))\b",
    re.IGNORECASE,
)
_YES_OR_NO = re.compile(
    r"\s*(?:(?:so|and|but|then|please|hi|hello|doctor),? )*"
    r"(?:is|are|was|were|can|could|do|does|did|will|would|should|may|must|has|have)\b",
    re.IGNORECASE,
)
_IN_COMMON = re.compile(r"\b(?:separat|divid|between|both|in common|shared?)", re.IGNORECASE)
# A film rules out what a normal film rules out.
_SHOWN = frozenset({"finding", "sign", "exam_sign"})
# What is behind a finding is told by any of these: a cause, what it points to, what shows it.
_BEHIND: dict[Relation, float] = {
    ("COMMONEST_CAUSE_OF", "o"): 1.1,
    ("CAUSES", "o"): 0.95,
    ("SUGGESTS", "s"): 0.95,
    ("HAS_FINDING", "o"): 0.9,
    ("HAS_SIGN", "o"): 0.9,
}
_NORMAL = frozenset({"normal_chest_radiograph"})
_TELLS_OF_ILLNESS = frozenset({"disease", "finding", "sign", "exam_sign", "symptom", "factor"})
_BESIDE = -1.5
_FILMS = (("chest_radiograph", "normal_chest_radiograph"), ("normal_chest_radiograph", "chest_radiograph"))
_COMPARED_BY = tuple(
    (predicate, re.compile(rf"\b(?:{cue})\b", re.IGNORECASE))
    for predicate, cue in (
        ("HIGHER_THAN", r"higher|highest|lower|lowest"),
        ("WIDER_THAN", r"wider|widest|narrower|broader|calib(?:re|er)"),
        ("LONGER_THAN", r"longer|longest|shorter"),
        ("STEEPER_THAN", r"steeper|straighter|(?:more|less) (?:vertical|horizontal|oblique|upright)(?:ly)?"),
        ("LARGER_THAN", r"larger|largest|bigger|biggest|smaller"),
        ("DENSER_THAN", r"denser|densest|whiter|whitest|brighter|darker|blacker|(?:more|less) (?:dense|opaque|lucent)"),
        ("COMMONER_THAN", r"commoner|commonest|rarer|(?:more|less|most) (?:common|frequent|often)(?:ly)?"),
        (
            "MORE_SENSITIVE_THAN",
            r"(?:more|less|most) (?:sensitive|accurate|reliable)|sensitivity|better|best|superior|inferior|worse|"
            r"(?:see|show|detect|find|pick up|miss)s? (?:more|less)",
        ),
        ("HIGHER_DOSE_THAN", r"(?:more|less|higher|lower|larger|greater|smaller) (?:radiation|dose)|compar\w+"),
    )
)
_COMPARES = 12.0
_WHICH_OF_THEM = re.compile(r"\b(?:which|what)\s+$", re.IGNORECASE)  # right before the place: "which lobe"
_JUST_BEFORE = 12  # characters: "which" and blanks
_LEAST = 0.1  # no best rank is taken for less
_KINDS_ASKED = 8
_KIND = 0.7  # of the weight of what was asked about
_UNASKED_DENIAL = -0.8
_NO_ANSWER = -1.0
_REPEATED = 0.35
_STOP = frozenset(
    {"the", "and", "for", "with", "that", "this", "what", "which", "does", "can", "could", "from", "are",
    "has", "have",
     "how", "not", "you", "when", "where"}
)  # fmt: skip


class Retriever:
    """Ranks facts for questions. Safe to use from several threads; make a new one after a pack has been
    loaded.
    """

    def __init__(self, graph: Graph, facts: FactStores, questions: QuestionReader | None = None) -> None:
        """`graph` names concepts and sources, `facts` is asked for what is known of them, a memory of that graph or itself.

        `questions` reads what is asked beside the cues of `kg.questions`; without one, the cues decide alone.
        """
        self._facts = facts
        self._questions = questions
        self._pool = ThreadPoolExecutor(thread_name_prefix="questions")
        self._concepts = {concept.id: concept for concept in graph.lexicon()}
        self._citations = {source.id: source.citation for source in graph.sources()}
        self._names = LooseNames(self._concepts.values())
        self._rarity = relevance.Rarity(self._concepts.values())
        self._measured = _measured(self._concepts.values())
        self._known = {c.id: min(len(c.synonyms), _MANY_NAMES) / _MANY_NAMES for c in self._concepts.values()}

    def retrieve(
        self,
        question: str,
        mentions: Sequence[Mention],
        findings: Mapping[str, str],
        limit: int = 12,
        tokens: int = 2_000,
    ) -> tuple[RankedFact, ...]:
        """At most `limit` facts, and of those what `tokens` of a language model hold, the most useful first, scored by
        `kg.relevance`.

        `findings` maps concept ids to "present", "uncertain" or "absent", as the encoder sees the film.
        Without any mention, the question is taken to be about the findings that are present.
        """
        best: dict[str, RankedFact] = {}
        case = told(question)
        for part, named in ((question, mentions), *parts(question, mentions)):
            for ranked, evidence in self.weighed(part, named, findings, max(limit, _WEIGHED)):
                score = round(relevance.relevance(evidence, ranked.fact.predicate) + _fit(fits(ranked.fact, case)), 4)
                if ranked.fact.id not in best or best[ranked.fact.id].score < score:
                    best[ranked.fact.id] = replace(ranked, score=score)
        # Of facts that are about as relevant the one first that the rules rank first: common things before rare ones.
        first = sorted(best.values(), key=lambda ranked: -round(ranked.score / _ABOUT_AS_MUCH))[:limit]
        ends = accumulate(len(wording.sentence(ranked.fact)) for ranked in first)
        return tuple(ranked for ranked, end in zip(first, ends, strict=True) if end <= tokens * _LETTERS)

    def weighed(
        self, question: str, mentions: Sequence[Mention], findings: Mapping[str, str], limit: int
    ) -> list[tuple[RankedFact, Evidence]]:
        """The facts that come into question, ranked by rules alone, each with what its relevance is told by."""
        said = _without(question, mentions)
        left_out = frozenset(m.concept for m in mentions if m.excluded)
        mentions = [m for m in mentions if not m.excluded]
        asked = self._topic(question, said, mentions, findings, left_out)
        film = {c: _FILM[state] for c, state in findings.items() if state in _FILM and c not in asked}
        if not asked and not film:
            return []
        read = self._pool.submit(self._read, question, mentions)  # while the graph is waited for
        known = self._facts.now()
        asked |= {c: _LOOSE for c in self._caused_by_organisms(asked, known) if c not in asked}
        at = asks_from(question)
        here = [m for m in mentions if m.stands_in(question) and m.start >= at > 0]
        case = {} if any(m.category in _OPEN for m in here) else self._case(said, mentions, known)
        at = at if case else 0
        if case:
            away = {m.concept for m in mentions if m.assertion == "absent" and m.start < at}
            asked = {c: (_GONE if c in away else _TOLD) * weight for c, weight in asked.items()}
            asked |= {c: _LOOSE * share for c, share in case.items()}
        alone = len(asked) == 1 and any(
            _WHICH_OF_THEM.search(question, max(0, m.start - _JUST_BEFORE), m.start) for m in mentions if m.text
        )
        places = alone or _WHICH.search(said) is not None
        kinds = self._kinds(asked, known, places=places)
        facts = known.facts_about({*asked, *self._above(asked, known), *kinds, *film})
        compared = _compared_by(said)
        comparable = frozenset(asked).union(*known.descendants(asked).values()) if compared else frozenset()
        facts = [*facts, *(known.facts_about(comparable, compared) if compared else ())]
        if left_out:  # "causes other than heart failure": neither that nor its kinds
            left_out = left_out.union(*known.descendants(left_out).values()) - asked.keys()
            facts = [f for f in facts if left_out.isdisjoint({f.subject, f.object})]
        whole = asked
        if len({m.concept for m in mentions}) > 1:
            asked = self._circumstances(asked, facts)
            kinds = self._kinds(asked, known, places=places)
        scorer = _Scorer(
            _Question(
                text=question,
                asking=question[at:],
                said=said[at:],
                categories={c: self._concepts[c].category for c in whole if c in self._concepts},
                asked=asked,
                whole=whole,
                inherited=self._above(asked, known) | kinds,
                kinds=kinds,
                film=film,
                compared=compared,
                comparable=comparable,
            ),
            self._known,
            _Read() if case else read.result(),
        )
        picked = _pick(scorer.ranked([*self._definitions(asked), *facts]), limit)
        return list(zip(picked, scorer.evidence(picked, self._rarity.of(question[:LONGEST])), strict=True))

    def _topic(
        self,
        question: str,
        said: str,
        mentions: Sequence[Mention],
        findings: Mapping[str, str],
        left_out: Collection[str],
    ) -> dict[str, float]:
        """What the question is about, named or loosely named, with its weights: all that its words alone can tell."""
        asked = self._asked(mentions, findings)
        loose = [c for c in self._names.scattered(question, mentions) if c not in asked] or self._names.partial(said)
        loose += self._names.around(question, mentions)
        asked |= {c: _LOOSE for c in loose if c not in asked and c not in left_out}
        if RULED_OUT.search(said):
            films = {there: asked[here] for here, there in _FILMS if here in asked and there in self._concepts}
            asked = films | asked
        if SIZE.search(said):
            asked |= {m: _LOOSE for c in tuple(asked) for m in self._measured.get(c, ()) if m not in asked}
        return asked

    def _case(self, said: str, mentions: Sequence[Mention], known: FactStore) -> dict[str, float]:
        """The diseases that explain what the question tells of a patient, if it tells enough; best 1, near ones their share."""
        if any(kind.name == "apart" for kind in question_types(said)):
            return {}
        return explaining((m.concept for m in mentions if m.assertion not in NOT_HELD), self._concepts, known)

    def _read(self, question: str, mentions: Sequence[Mention]) -> "_Read":
        """What the reader makes of the question, as asked of the first of the things that weigh most in it."""
        if self._questions is None:
            return _Read()
        named = [m for m in mentions if m.concept in self._concepts and question[m.start : m.end] == m.text]
        of = min(named, key=lambda m: (-_MINOR.get(self._concepts[m.concept].category, 1.0), m.start), default=None)
        asked = of.concept if of else ""
        relations = self._questions.read(with_slots(question, named, asked))
        return _Read(relations, turned(relations), frozenset(m.concept for m in named) - {asked})

    @staticmethod
    def _above(asked: Mapping[str, float], known: FactStore) -> dict[str, float]:
        """What the things asked about are kinds of."""
        return {
            above: asked[below] * _INHERITED
            for below, aboves in known.ancestors(asked).items()
            for above in aboves
            if above not in asked
        }

    def _kinds(self, asked: Mapping[str, float], known: FactStore, *, places: bool) -> dict[str, float]:
        """The kinds of what was asked about; of a place only where the question is which of them, and few."""
        of = [
            c
            for c in asked
            if c in self._concepts
            and (self._concepts[c].category == "anatomy") == places
            and self._concepts[c].category != "technique"
        ]
        kinds: dict[str, float] = {}
        for concept, below in known.descendants(of).items():
            if places and len(below) > _KINDS_ASKED:
                continue
            weight = asked[concept] * (1.0 if places else _KIND)
            kinds |= {kind: weight for kind in below if kind not in asked and self._concepts[kind].pack == "core"}
        return kinds

    def _caused_by_organisms(self, asked: Mapping[str, float], known: FactStore) -> list[str]:
        """A question that names a germ is mostly about the diseases that it alone causes: "who gets Pneumocystis?"."""
        germs = [c for c in asked if c in self._concepts and self._concepts[c].category == "organism"]
        caused = {f.object for f in _causing(germs, known) if f.subject in germs}
        causes: dict[str, set[str]] = defaultdict(set)
        for fact in _causing(caused, known):
            cause = self._concepts.get(fact.subject)
            if cause and cause.category == "organism":
                causes[fact.object].add(fact.subject)
        return sorted(c for c in caused if len(causes[c]) == 1)

    def _asked(self, mentions: Sequence[Mention], findings: Mapping[str, str]) -> dict[str, float]:
        """Concepts of the question with their weights, 0 to 1; the film's own findings when it names none."""
        named = dict.fromkeys(m.concept for m in mentions if m.concept in self._concepts)
        if not named:
            return {c: 1.0 for c, state in findings.items() if state == "present"}
        weights = {c: _MINOR.get(self._concepts[c].category, 1.0) for c in named}
        # Beside anything else a way of taking films is only where it is looked for.
        told = any(weight == 1.0 for weight in weights.values())
        return {
            c: _SETTING if told and self._concepts[c].category == "technique" else weight
            for c, weight in weights.items()
        }

    def _circumstances(self, asked: Mapping[str, float], facts: Iterable[Fact]) -> dict[str, float]:
        """The weights of what was asked about, a circumstance weighing the less the more facts there are about it."""
        about = Counter(end for fact in facts for end in {fact.subject, fact.object} & asked.keys())
        if all(self._concepts[c].category in _MINOR for c in asked):
            return dict(asked)
        return {
            c: weight * min(1.0, math.sqrt(_TELLING / max(1, about[c])))
            if self._concepts[c].category in _MINOR
            else weight
            for c, weight in asked.items()
        }

    def _definitions(self, concept_ids: Iterable[str]) -> list[Fact]:
        wanted = (self._concepts[c] for c in concept_ids if c in self._concepts)
        return [
            definition_fact(c, self._citations.get(c.definition_source, c.definition_source))
            for c in wanted
            if c.definition
        ]


def _fit(how: float) -> float:
    return how * (_FITTING if how > 0 else _UNFIT)


def _causing(concepts: Collection[str], known: FactStore) -> list[Fact]:
    return [fact for fact in known.facts_about(concepts, ["CAUSES"]) if not fact.denied]


def _measured(concepts: Iterable[Concept]) -> dict[str, tuple[str, ...]]:
    """From a test to what is measured by it, which has its name and more: "D-dimer", "D-dimer concentration"."""
    core = [c for c in concepts if c.pack == "core"]
    tests = {phrase(name): c.id for c in core if c.category == "test" for name in (c.name, *c.synonyms)}
    found: dict[str, set[str]] = defaultdict(set)
    for concept in (c for c in core if c.category == "measurement"):
        for words in map(phrase, (concept.name, *concept.synonyms)):
            for length in range(1, len(words)):
                if test := tests.get(words[:length]):
                    found[test].add(concept.id)
    return {test: tuple(sorted(ids)) for test, ids in found.items()}


def _without(question: str, mentions: Sequence[Mention]) -> str:
    """The question with a blank for each mention that stands in it; those of an earlier question do not."""
    kept = list(question)
    for m in mentions:
        if m.stands_in(question):
            kept[m.start : m.end] = " " * (m.end - m.start)
    return "".join(kept)


def _compared_by(said: str) -> list[str]:
    """The relations by which a question compares things."""
    return [predicate for predicate, cue in _COMPARED_BY if cue.search(said)]


def definition_fact(concept: Concept, citation: str) -> Fact:
    """The definition of a concept as a fact: predicate `DEFINED_AS`, no object, the sentence as the object's
    name.
    """
    return Fact(
        id=fact_id(concept.id, wording.DEFINED_AS, "", source_id=concept.definition_source),
        subject=concept.id,
        subject_name=concept.name,
        predicate=wording.DEFINED_AS,
        object="",
        object_name=wording.definition(concept),
        source=citation,
        tier=Tier.CURATED,
        pack=concept.pack,
        source_id=concept.definition_source,
    )


@dataclass(frozen=True, slots=True)
class _Read:
    """The shares of the relations asked for: of what is asked about, and the same of the `others` that the question names."""

    asked: Mapping[Relation, float] = field(default_factory=dict)
    turned: Mapping[Relation, float] = field(default_factory=dict)
    others: frozenset[str] = frozenset()

    def share(self, relation: Relation, concept: str) -> float:
        """How likely it is that the question asks this relation of the concept."""
        return (self.turned if concept in self.others else self.asked).get(relation, 0.0)


@dataclass(frozen=True, slots=True)
class _Question:
    """A question and what it is about, each concept with its weight, 0 to 1.

    `asking`: the part of the text that asks; all of it, but where a case is told. `said`: the same without the names of
    concepts, for a name gives no type away ("chronic cough"). `asked`: what is asked
    about, `whole` the same before circumstances weigh less, with the `categories` of these. `inherited`: what these are kinds
    of and their `kinds`. `film`: what the film shows. `compared`: the relations by which things are compared, and
    `comparable` what may be.
    """

    text: str
    asking: str
    said: str
    categories: Mapping[str, str]
    asked: Mapping[str, float]
    whole: Mapping[str, float]
    inherited: Mapping[str, float]
    kinds: Mapping[str, float]
    film: Mapping[str, float]
    compared: Collection[str]
    comparable: frozenset[str]


class _Scorer:
    """Scores the facts of one question."""

    def __init__(self, question: _Question, known: Mapping[str, float], read: _Read) -> None:
        """`known`: how commonly written of each concept is, 0 to 1. `read`: what the reader of questions says."""
        said, asked = question.said, question.asked
        self._compared, self._comparable = question.compared, question.comparable
        self._shown = {c for c, category in question.categories.items() if category in _SHOWN}
        self._text = question.text[:LONGEST]
        self._asked_words = _words(question.text)
        types = question_types(said)
        self._asked, self._film, self._known, self._kinds = asked, question.film, known, question.kinds.keys()
        self._weight = {**question.film, **question.inherited, **asked}
        self._read = read
        self._wants = wanted_by(types)
        for predicate, end, weight in (want for c in question.categories.values() for want in ASKED_OF.get(c, ())):
            self._wants[predicate, end] = max(weight, self._wants.get((predicate, end), 0.0))
        wanted = max((kind.denials for kind in types), default=0.0) or _UNASKED_DENIAL
        self._denials = _NO_ANSWER if _ASKS_FOR.match(question.asking) else wanted
        self._yes_or_no = _YES_OR_NO.match(question.asking) is not None
        # "Can a film show it?" is about the film, which is no circumstance then.
        self._joined = question.whole if self._yes_or_no else asked
        self._apart = any(kind.name == "apart" for kind in types)
        # Two things are to be told apart: what both have in common helps less than what one of them has.
        self._between = self._apart and sum(weight >= _LOOSE for weight in asked.values()) > 1
        self._define = definition_weight(said, types)
        if read.asked:
            self._define = _CUED * self._define + _LEARNED * math.sqrt(read.asked.get((wording.DEFINED_AS, "s"), 0.0))
        shares = ((relation, read.asked.get(relation, 0.0)) for relation in _BEHIND)
        self._behind = max(_CUED * self._wants.get(r, 0.0) + _LEARNED * math.sqrt(share) for r, share in shares)
        self._more_than_film = any(
            category in _TELLS_OF_ILLNESS and c not in _NORMAL for c, category in question.categories.items()
        )
        self._words = _words(said)
        self._in_common = len(asked) > 1 and _IN_COMMON.search(question.asking) is not None

    def ranked(self, facts: Sequence[Fact]) -> list[RankedFact]:
        """All facts with their scores, best first; equal scores in the order of the fact ids."""
        unique = {_same(fact): fact for fact in reversed(facts)}.values()
        neighbours = Counter(end for fact in unique for end in self._others(fact))
        self._joined_to = Counter(
            end for end, _ in {(o, a) for f in unique for o in self._others(f) for a in self._about(f)}
        )
        seen: dict[str, set[bool]] = defaultdict(set)
        for fact in unique:
            if self._between and fact.predicate in _TOLD_BY:
                for end in self._others(fact):
                    seen[end].add(fact.denied)
        self._tells_apart = {end for end, denied in seen.items() if len(denied) > 1}
        contrasts = Counter((f.predicate, end) for f in unique for end in {f.subject, f.object} & self._asked.keys())
        scored = [self._score(fact, neighbours, contrasts) for fact in unique]
        best: dict[tuple[str, ...], RankedFact] = {}
        for one in sorted(scored, key=lambda r: (-r.score, r.fact.id)):
            best.setdefault(self._told(one.fact), one)
        return list(best.values())

    def evidence(self, picked: Sequence[RankedFact], words: Mapping[str, float]) -> Iterator[Evidence]:
        """Of facts that were `ranked`, the best first: what the relevance of each is told by. `words`: the question's."""
        best = max((one.score for one in picked), default=0.0)
        for one in picked:
            fact, others = one.fact, self._others(one.fact)
            yield Evidence(
                rank=max(one.score / max(best, _LEAST), -1.0),
                covered=relevance.covered(words, fact),
                subject=self._asked.get(_told_of(fact), 0.0),
                joined=float(self._joined_to[others[0]]) if others else 0.0,
                conditions=relevance.conditions(self._text, fact),
                settles=float(self._settles(fact)),
            )

    def _told(self, fact: Fact) -> tuple[str, ...]:
        """The same for facts that say in different relations what is behind a finding of the question."""
        for end, other, side in ((fact.subject, fact.object, "s"), (fact.object, fact.subject, "o")):
            if end in self._shown and (fact.predicate, side) in _BEHIND and not fact.denied:
                return end, other
        return (fact.id,)

    def _others(self, fact: Fact) -> tuple[str, ...]:
        """The ends of the fact that the question is not about, when another end is one it is about."""
        known = fact.subject in self._weight, fact.object in self._weight
        return (fact.object,) if known == (True, False) else (fact.subject,) if known == (False, True) else ()

    def _is_telling(self, fact: Fact, contrasts: Mapping[tuple[str, str], int]) -> bool:
        """Whether the fact tells one of the two things from the other: only one has it, or each has another of its own."""
        if {fact.subject, fact.object}.isdisjoint(self._asked):
            return False
        predicate = PREDICATES.get(fact.predicate)
        if predicate and (predicate.functional or predicate.exclusive):
            return fact.subject in self._asked and not fact.denied and self._contrasted(fact, contrasts)
        return fact.predicate in _TOLD_BY and any(end in self._tells_apart for end in self._others(fact))

    def _about(self, fact: Fact) -> set[str]:
        """The ends of the fact that the question names, of facts that hold."""
        return set() if fact.denied else {fact.subject, fact.object} & self._asked.keys()

    def _score(self, fact: Fact, neighbours: Mapping[str, int], contrasts: Mapping[tuple[str, str], int]) -> RankedFact:
        if fact.predicate == wording.DEFINED_AS:
            return RankedFact(fact, round(self._define * self._weight[fact.subject], 4), "definition")
        wanted, others = self._wanted(fact), self._others(fact)
        score = self._type_weight(fact, wanted)
        score *= max(self._weight.get(fact.subject, 0.0), self._weight.get(fact.object, 0.0))
        bridge = self._bridge(fact)
        score += bridge + _TIER[fact.tier]
        if self._between and self._is_telling(fact, contrasts):
            score += _TELLS_APART
        elif fact.denied and not self._settles(fact):
            score += _UNASKED_DENIAL if self._between else self._denials
        if others:
            score += _SHARED * (neighbours[others[0]] > 1 and not self._between)
            score += _COMMON * self._known.get(others[0], 0.0)
            score += _JOINS_BOTH * (self._in_common and self._joined_to[others[0]] > 1 and not fact.denied)
        score += _CONTRAST * (self._apart and self._contrasted(fact, contrasts))
        score += _WORD * len(self._words & self._said_besides(fact))
        score += _BESIDE * self._is_beside(fact)
        if self._compares(fact):
            return RankedFact(fact, round(_COMPARES + score, 4), JOINS)
        return RankedFact(fact, round(score, 4), _why(bool(wanted), bridge))

    def _is_beside(self, fact: Fact) -> bool:
        """How urgent a mere kind of the thing is, and what else a normal film may hide where something is asked about."""
        if fact.predicate == "HAS_URGENCY":
            return fact.subject in self._kinds and fact.subject not in self._asked
        of_the_film = fact.subject in _NORMAL or fact.object in _NORMAL
        return of_the_film and self._more_than_film and bool(self._others(fact))

    def _compares(self, fact: Fact) -> bool:
        """Whether the fact compares what is to be compared, and for that which the question names if for anything."""
        if fact.predicate not in self._compared or not {fact.subject, fact.object} <= self._comparable:
            return False
        limits = [_words(value) for _, value in fact.qualifiers]
        return not limits or any(2 * len(limit & self._asked_words) > len(limit) for limit in limits)

    def _type_weight(self, fact: Fact, wanted: float) -> float:
        """How well the fact's relation answers this type of question, by the cues and by the reader of questions."""
        if not self._read.asked:
            return wanted or _ANY.get(fact.predicate, _ANY_OTHER)
        symmetric = fact.predicate in PREDICATES and PREDICATES[fact.predicate].symmetric
        relations: Sequence[tuple[str, Relation]] = [
            (end, (fact.predicate, side))
            for end, own in ((fact.subject, "s"), (fact.object, "o"))
            if end in self._weight
            for side in (("s", "o") if symmetric else (own,))
        ]
        share = max((self._read.share(relation, end) for end, relation in relations), default=0.0)
        weight = _CUED * wanted + _LEARNED * math.sqrt(share)
        if self._between and fact.predicate == "MIMICS":
            return _MISTAKEN  # that they are mistaken for one another, or for other things, tells none from the other
        as_well = max((_BEHIND.get(relation, 0.0) for end, relation in relations if end in self._shown), default=0.0)
        return weight if fact.denied else max(weight, as_well * self._behind)

    def _wanted(self, fact: Fact) -> float:
        """The weight of the question's types for this fact, 0 when none wants it."""
        weights = [self._wants.get((fact.predicate, "e"), 0.0)]
        if fact.subject in self._weight:
            weights.append(self._wants.get((fact.predicate, "s"), 0.0))
        if fact.object in self._weight:
            weights.append(self._wants.get((fact.predicate, "o"), 0.0))
        return max(weights)

    def _bridge(self, fact: Fact) -> float:
        if fact.subject in self._asked and fact.object in self._asked:
            return _BRIDGE * min(self._joined[fact.subject], self._joined[fact.object])
        ends = {fact.subject, fact.object}
        if (
            fact.predicate not in _KINDS_HAVE
            and ends & self._asked.keys()
            and (ends - self._asked.keys()) & self._kinds
        ):
            return _OF_THE_KIND * max(self._asked[end] for end in ends & self._asked.keys())
        joins_film = bool(ends & self._asked.keys()) and bool(ends & self._film.keys())
        return _FILM_BRIDGE if joins_film else 0.0

    def _settles(self, fact: Fact) -> bool:
        """Whether a yes or no is asked for, of the two things that the fact joins: then a denial is an answer."""
        return self._yes_or_no and fact.subject in self._asked and fact.object in self._asked

    def _contrasted(self, fact: Fact, contrasts: Mapping[tuple[str, str], int]) -> bool:
        """Whether the graph says the same kind of thing of another concept of the question."""
        return sum(contrasts[fact.predicate, end] > 0 for end in self._asked) > 1

    def _said_besides(self, fact: Fact) -> frozenset[str]:
        """Words of the fact beyond the concept that was asked about: its other end and its qualifiers."""
        parts = [value for _, value in fact.qualifiers]
        parts += [fact.subject_name] if fact.subject not in self._weight else []
        parts += [fact.object_name] if fact.object not in self._weight else []
        return frozenset().union(*map(_words, parts))


@lru_cache(maxsize=8192)
def _words(text: str) -> frozenset[str]:
    """Lower-case words of three letters and more, without a plural s."""
    found = re.findall(r"[a-z][a-z0-9]{2,}", text.lower())
    return frozenset(word.removesuffix("s") for word in found if word not in _STOP)


def _told_of(fact: Fact) -> str:
    """What the fact tells of: its subject, but the commonest cause of a thing tells of the thing."""
    return fact.object if fact.predicate == "COMMONEST_CAUSE_OF" else fact.subject


def _same(fact: Fact) -> tuple[object, ...]:
    """Equal for a fact found twice, and for the two directions of a symmetric one."""
    ends: Sequence[str] = (fact.subject, fact.object)
    if fact.predicate in PREDICATES and PREDICATES[fact.predicate].symmetric:
        ends = sorted(ends)
    return fact.predicate, fact.denied, *ends, fact.quantity, fact.qualifiers


def _why(wanted: bool, bridge: float) -> str:
    if bridge >= _FILM_BRIDGE:
        return JOINS
    return "answers this type of question" if wanted else "about what was asked"


def _pick(ranked: Sequence[RankedFact], limit: int) -> tuple[RankedFact, ...]:
    """The best, each further fact of a relation counting a little less: none crowds out the others."""
    waiting: dict[tuple[str, bool], deque[RankedFact]] = defaultdict(deque)
    for one in ranked:
        waiting[one.fact.predicate, one.fact.denied].append(one)
    seen: Counter[tuple[str, bool]] = Counter()
    taken: list[RankedFact] = []
    while waiting and len(taken) < limit:
        key = max(waiting, key=lambda key: round(waiting[key][0].score - _REPEATED * seen[key], 4))
        taken.append(waiting[key].popleft())
        seen[key] += 1
        if not waiting[key]:
            del waiting[key]
    return tuple(taken)

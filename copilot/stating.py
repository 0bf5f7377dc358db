"""Whether the graph settles what a reader of relations makes of a sentence that no wording was read of.

The reader proposes, the graph decides: a sentence is borne out by what share of its readings the graph supports. Knows
nothing of wordings and of how relations are read.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from copilot.beside import (
    COMPARED,
    REPORTED,
    UNSAID,
    Judged,
    Words,
    claims_beside,
    core,
    denials,
    denied_of_another,
    forbids,
    limits,
    named_again,
    of_both,
    one_way,
    says_more,
    stands_apart,
    tells_more,
    warns,
    without_talk,
)
from copilot.claims.unweighed import unweighed
from copilot.relations.port import Masked, Stated
from kg.predicates import may_join
from kg.types import CheckedSentence, Claim, Extent, Fact, Verdict
from kg.verification import Judgement
from kg.verification.rules import SIDED

Slots = tuple[int, int | None]

# Shares of the readings from which a verdict follows; set on `factcheck_dev_6` and `_7` while these taught nothing.
SUPPORTED_FROM, CONTRADICTED_FROM, BESIDE, HELD_FROM = 0.65, 0.75, 0.5, 0.3
OF_A_VALUE, OF_ONE_AMONG_MANY = 0.9, 0.85
TURNED_FROM, SURE_OF_A_VALUE = 0.8, 0.95
_ONE_WAY = frozenset({"CAUSES", "COMMONEST_CAUSE_OF", "COMPLICATES", "RISK_FACTOR_FOR", "IS_A", "PART_OF"})
LEAST_LEFT = 0.03
"""Where nearly all of a reading makes no sense of such things, nothing is believed of the two."""
_FORBIDS = frozenset({"CONTRAINDICATED_IN"})
_BY_DENYING, SURE = frozenset({"RULES_OUT", "REQUIRES"}), 0.9
"""What is affirmed with a "not": what means that there is none, what there is none without."""
_PAIR = 2
_SET_FIRST = re.compile(r"^\s*(?:when|whenever|if|once|after|before|because|since|as|while|until)\b[^,]*,", re.I)
_THINGS = frozenset({"disease", "finding", "sign", "exam_sign", "symptom"})
NOTHING_KNOWN: Mapping[str, str] = MappingProxyType({})


@dataclass(slots=True)
class _Weighed:
    """What the readings of two slots, or of one with a value, come to."""

    supported: float = 0.0
    contradicted: float = 0.0
    turned: float = 0.0
    best: dict[Verdict, tuple[float, Judgement]] = field(default_factory=dict)

    def add(self, stated: Stated, judgement: Judgement, turned_round: bool) -> None:
        if judgement.verdict is Verdict.SUPPORTED:
            self.supported += stated.share
        elif judgement.verdict is Verdict.CONTRADICTED:
            # Which end comes first is what the reader errs on: it has to be all but sure, and the relation to run one way.
            if turned_round and not {stated.predicate, *(fact.predicate for fact in judgement.facts)} <= _ONE_WAY:
                return
            if turned_round:
                self.turned += stated.share
            else:
                self.contradicted += stated.share
        self.best[judgement.verdict] = max(
            self.best.get(judgement.verdict, (0.0, judgement)), (stated.share, judgement), key=lambda kept: kept[0]
        )


def claims_of(
    sentence: Masked, stated: Sequence[Stated], extent: Extent = "", kinds: Mapping[str, str] = NOTHING_KNOWN
) -> Iterator[Claim]:
    """Every claim that a verdict may need. `kinds`: concept to category."""
    for reading in stated:
        yield _claim(sentence, reading, extent)
    yield from claims_beside(sentence.concepts, kinds)


def sensible(sentence: Masked, stated: Sequence[Stated], kinds: Mapping[str, str]) -> tuple[Stated, ...]:
    """The readings whose relation can join such things, with the shares of the others; `kinds`: concept to category.

    The reader sees slots alone, so that it takes "a problem of <1>" for a place where <1> is a population. What turns a
    relation round is no nonsense: it is false.
    """
    kept, lost = list[Stated](), dict[Slots, float]()
    for reading in stated:
        ends = [
            kinds.get(sentence.concepts[slot], "") for slot in (reading.subject, reading.object) if slot is not None
        ]
        if reading.object is None or may_join(reading.predicate, ends[0], ends[1]):
            kept.append(reading)
        else:
            lost[_slots(reading)] = lost.get(_slots(reading), 0.0) + reading.share
    left = {slots: 1 - share for slots, share in lost.items()}
    return tuple(
        replace(reading, share=min(1.0, reading.share / left.get(_slots(reading), 1.0)))
        for reading in kept
        if left.get(_slots(reading), 1.0) >= LEAST_LEFT
    )


def settled(
    text: str,
    sentence: Masked,
    stated: Sequence[Stated],
    judged: Judged,
    words: Words,
    extent: Extent = "",
    kinds: Mapping[str, str] = NOTHING_KNOWN,
) -> CheckedSentence | None:
    """The sentence as supported or contradicted where its readings come to that, else None. `kinds`: concept to category.

    Nothing where more is said of a thing when it is named again, and nothing of two denials.
    """
    sentence = replace(sentence, text=without_talk(sentence.text))
    if named_again(sentence):
        return None
    told = core(sentence.text)
    denied, affirmed = denials(told), one_way(sentence.text)
    weighed: dict[Slots, _Weighed] = {}
    for reading in stated:
        if (denied and not _fits(reading, denied, told)) or (reading.denied and affirmed):
            continue
        if reading.denied and reading.object is not None and denied_of_another(told, reading.subject, reading.object):
            continue
        if reading.object is not None and reading.predicate in SIDED and _of_two_clauses(told, reading):
            continue
        claim = _claim(sentence, reading, extent)
        turned = _turned(claim, judged[claim])
        if turned and sentence.guessed & {claim.subject, claim.object}:
            continue  # what is a guess is not turned round
        weighed.setdefault(_slots(reading), _Weighed()).add(reading, judged[claim], turned)
    things = [concept for concept in sentence.concepts if concept not in UNSAID]
    least = OF_A_VALUE if len(things) < _PAIR else OF_ONE_AMONG_MANY
    weighed = {k: w for k, w in weighed.items() if k[1] is not None or max(w.supported, w.contradicted) >= least}
    if not weighed:
        return None
    best, true = max(weighed.items(), key=lambda some: some[1].supported)
    worst, false = max(weighed.items(), key=lambda some: max(some[1].contradicted, some[1].turned))
    if true.supported >= SUPPORTED_FROM and max(false.contradicted, false.turned) < BESIDE:
        facts = true.best[Verdict.SUPPORTED][1].facts
        pairs = [slots for slots, some in weighed.items() if some.supported >= HELD_FROM]
        held = {n for slots in pairs for n in slots if n is not None}
        unwarned = any(f.predicate in _FORBIDS and not f.denied for f in facts) and not warns(sentence.text)
        more = (
            unwarned
            or limits(sentence, extent)
            or of_both(sentence, pairs, kinds)
            or says_more(sentence.text, facts, of_two=best[1] is not None)
            or tells_more(sentence.text, facts, words)
            or stands_apart(sentence, held, facts, judged, words, kinds)
            # How urgent a thing is says nothing of another: "hemoptysis can present with a broncholith".
            or (
                best[1] is None
                and any(kinds.get(c) in _THINGS for n, c in enumerate(sentence.concepts) if n not in held)
            )
        )
        return None if more else _concluded(text, Verdict.SUPPORTED, true)
    against = false.contradicted >= CONTRADICTED_FROM or false.turned >= TURNED_FROM
    # A value that is false of one thing is false whatever else holds.
    outright = false.contradicted >= SURE_OF_A_VALUE and worst[1] is None
    if against and (true.supported < BESIDE or outright) and not COMPARED.search(told) and not REPORTED.search(told):
        return _concluded(text, Verdict.CONTRADICTED, false)
    return None


def _of_two_clauses(text: str, reading: Stated) -> bool:
    """Whether one slot stands in what a sentence sets first and the other in the rest: neither is said to lie in the other."""
    found = _SET_FIRST.match(text)
    first = found[0] if found else ""
    return bool(first) and (f"<{reading.subject}>" in first) != (f"<{reading.object}>" in first)


def _fits(reading: Stated, denied: int, told: str) -> bool:
    """Whether it may be what a sentence with so many denials states."""
    if reading.denied:
        return denied == 1
    if reading.predicate in _FORBIDS:
        return denied == 1 and forbids(told)
    return reading.predicate in _BY_DENYING and reading.share >= SURE


def _claim(sentence: Masked, stated: Stated, extent: Extent) -> Claim:
    obj = stated.value if stated.object is None else sentence.concepts[stated.object]
    return Claim(sentence.concepts[stated.subject], stated.predicate, obj, denied=stated.denied, extent=extent)


def _turned(claim: Claim, judgement: Judgement) -> bool:
    """Whether only the other direction of an affirmed claim contradicts it."""
    return not claim.denied and any(
        not fact.denied and (fact.subject, fact.object) == (claim.object, claim.subject) for fact in judgement.facts
    )


def _slots(stated: Stated) -> Slots:
    if stated.object is None:
        return stated.subject, None
    return min(stated.subject, stated.object), max(stated.subject, stated.object)


def _concluded(text: str, verdict: Verdict, by: _Weighed) -> CheckedSentence | None:
    """The verdict with the facts of the likeliest reading, unless a word bears on them that no reading carries."""
    _, judgement = by.best[verdict]
    facts: tuple[Fact, ...] = judgement.facts
    if unweighed(text, verdict, facts) is not None:
        return None
    return CheckedSentence(text, verdict, facts, judgement.reason)

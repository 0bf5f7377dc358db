"""Whether the graph settles what a reader of relations makes of a sentence that no wording was read of.

The reader proposes, the graph decides: a sentence is borne out by what share of its readings the graph supports. Knows
nothing of wordings and of how relations are read.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import permutations
from types import MappingProxyType

from copilot.claims.tolerated import TOLERATED, TURNING
from copilot.claims.unweighed import unweighed
from copilot.claims.values import ARTICLES, is_harmless
from copilot.relations.port import Masked, Stated
from kg.linking.normal import phrase
from kg.predicates import may_join
from kg.types import CheckedSentence, Claim, Extent, Fact, Verdict
from kg.verification import Judgement
from kg.verification.rules import GOES_WITHOUT_SAYING, USUAL_VIEWS

Judged = Mapping[Claim, Judgement]
Slots = tuple[int, int | None]

# Shares of the readings from which a verdict follows; set on `factcheck_dev_6` and `_7` while these taught nothing.
SUPPORTED_FROM, CONTRADICTED_FROM, BESIDE, HELD_FROM = 0.65, 0.75, 0.5, 0.3
OF_A_VALUE, OF_ONE_AMONG_MANY = 0.9, 0.85
TURNED_FROM = 0.8
_ONE_WAY = frozenset({"CAUSES", "COMMONEST_CAUSE_OF", "COMPLICATES", "RISK_FACTOR_FOR", "IS_A", "PART_OF"})
LEAST_LEFT = 0.03
"""Where nearly all of a reading makes no sense of such things, nothing is believed of the two."""
_NUMBER = re.compile(
    r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|half|third|quarter|dozen)\b", re.I
)
_NOT = re.compile(
    r"\b(?:no(?! (?:time to|doubt|wonder|less|sooner|matter|question)\b)|not(?! (?:vice versa|the reverse|the other way|conversely)\b)|never|nor|neither|none"
    r"|nobody|nothing(?! (?:more|less|other) than\b| but\b| short of\b)|cannot|without|hardly|scarcely|barely|rarely|seldom|\w+n't"
    r"|un(?:able|likely|related|necessary|known|helpful|affected|involved|proven|true|founded|reliable|suitable|harmed)"
    r"|in(?:sufficient|capable|appropriate|correct|effective|adequate)|im(?:possible|material)|irrelevant)\b",
    re.I,
)
"""Where one stands, only a denial is believed to be what the sentence states; where two stand, nothing is."""
_NEVER_MIND = frozenset(
    "no not nor neither never none nobody nothing cannot one more most because while first each both but after many when "
    "since last now so once any again several then before still either against "
    # Each of these stood beside true sentences of our authors and beside no false one that the rest let through.
    "if even too however enough despite exclude excludes fail fails least".split()
)
_TURNS = (TURNING - _NEVER_MIND) | frozenset(
    "cure cures cured curing curative reverse reverses reversed reversing eradicate eradicates eradicated "
    "overlook overlooks overlooked miss misses missed malpositioned misplaced mistaken fool fools mislead misleads".split()
)
"""Words beside which nothing is supported: what limits, doubts, compares, excepts or misses makes it another claim."""
_NO_TURN = {
    "MIMICS": {"mistaken", "fool", "fools", "mislead", "misleads", "wrong", "wrongly", "falsely", "false", "overlooked", "miss", "misses", "missed"},
    "HAS_COURSE": {"better", "worse", "later"},
    "RISK_FACTOR_FOR": {"higher", "greater"},
    "AFFECTS": {"higher", "greater"},
}  # fmt: skip
"""Where the relation is what such words say."""
_LESSENS = re.compile(
    r"\b(?:narrow|shrink|lower|reduc|lessen|improv|reliev|eas|prevent|protect|cur|clear|diminish|decreas|weaken|spar|resolv|abolish"
    r"|stop|heal|calm|restor|normali[sz]|flatten)(?:s|es|ed|d|ing|e)?\b",
    re.I,
)
"""What lessens something is no cause and no sign of it, however the reader takes it."""
_WORSENS = re.compile(
    r"\b(?:worsen|aggravat|exacerbat|deteriorat|harm|inflam|irritat|damag|promot|provok|trigger)\w*\b", re.I
)
"""What does this to something is no treatment of it."""
_OF_HELP = frozenset({"TREATED_BY", "PREVENTED_BY", "REQUIRES"})
_OF_LESSENING = frozenset({"PREVENTED_BY", "TREATED_BY", "RULES_OUT", "OBSCURES", "CONTRAINDICATED_IN"})
_FORBIDS = frozenset({"CONTRAINDICATED_IN"})
_MUST_NOT = re.compile(
    r"\b(?:must|should|ought|may|can|shall|need)(?:n't| not| never)\b|\bcannot\b|\bno place\b|\b(?:not|never)(?: to)? be\b|\bis (?:not|never) (?:given|used|done|performed|offered|allowed|safe|advisable)\b",
    re.I,
)
"""Such a "not" forbids, and so affirms that it is contraindicated."""
_MAY_NOT = re.compile(r"\b(?:may|might|need)(?: well| also| still| yet)? not\b|\b(?:may|might|need)n't\b", re.I)
"""What may not be so is no denial, and no affirmation."""
_COMPARED = re.compile(r"\b(?:more|less|(?!rather|other)[a-z]+er) than\b", re.I)
_REPORTED = re.compile(
    r"\b(?:think(?! of)|thought|believ\w+|sa(?:y|ys|id)|claim\w*|wonder\w*|suspects?|assum\w+|suppos\w+|ask\w*|argu\w+"
    r"|hop(?:e|es|ed|ing))\b",
    re.I,
)
"""What others say is not contradicted."""
_TOGETHER = re.compile(r"<(\d+)> *(?:(?:together|combined|along|in combination) with|with|plus) *<(\d+)>")
"""Two things that do something together: of either alone nothing follows. A child with croup is one thing."""
_PLACES = frozenset(
    "left right left-sided right-sided bilateral unilateral upper lower middle anterior posterior apical basal superior "
    "inferior lateral medial central peripheral".split()
)
"""Beside these nothing is supported either, unless a fact that decides says them too."""
_FURTHER = re.compile(r"[,;]|\b(?:and|which|who|that|because|since|so|but|while|when|where|until|unless)\b")
_CLAUSE = re.compile(r"[,;:] *(?:and|or|but|so|yet|while|whereas|which|who)\b|;")
_TAKES_BACK = re.compile(
    r"^(?:(?:and|or|it is|it's|that is|this is) )?(?:un(?:less|til)|if|when|except|only|not|never|no|nor|but|rather|instead"
    r"|without|provided|some|many|most)\b"
    r"|\b(?:true|untrue|false\w*|wrong\w*|myth|incorrect|nonsense|mistaken|outdated|disprove[dn]|refuted|contrary|claim\w*"
    r"|sa(?:y|ys|id)|alleged\w*|supposed\w*|reported\w*)\b",
    re.I,
)
"""What bears on the rest of a sentence, though it names nothing."""
_AND_MORE = re.compile(r"\b(?:and|which|because|since|so|but|while|when|where|until|unless)\b")
"""The same behind the only thing of a sentence, where a value is said of it."""
_IN_OTHERS = re.compile(
    r"\b(?:in|among|of|for|from|by) (?:the |a |an |most |many |some )?(?:cats?|dogs?|horses?|cattle|cows?|calves|sheep"
    r"|goats?|pigs?|mice|mouse|rats?|rabbits?|birds?|poultry|chickens?|monkeys?|primates|animals?|mammals?|fish|reptiles?|plants?)\b",
    re.I,
)
"""The graph speaks of people."""
_LEFT = re.compile(r"\bleft (?:behind|with|on|alone|untreated|undrained|to|as|it|him|her|them)\b", re.I)
"""No side."""
_TALK = re.compile(
    r"\b(?:I|we|us|my|our|ours)\b|^ ?(?:\w+ (?:as|though) (?:it|they|that|this|such)\b|however \w+ (?:it|they|that|this|the|one|you)\b)",
)
_FEW = 2
"""Words of a clause that names nothing: so many and more say something by themselves."""
_OF_SOME, _OF_ALL = frozenset({"rare", "not_always"}), frozenset({"always", "only", "never"})
_OF_NONE = frozenset({"always", "never"})
"""What a denial says anyway: "is by definition not", "is never"."""
_YOUNG = ("children", "infants", "toddlers", "neonates", "preterm_infants", "post_term_infants")
_UNSAID = GOES_WITHOUT_SAYING | USUAL_VIEWS
_NEED_NOT_HOLD = _UNSAID | {"lung"}  # "can shower the lungs with emboli"
_ADDS_NOTHING = frozenset({"anatomy", "finding", "sign", "symptom", "exam_sign", "disease"})
"""Kinds of things that may stand beside what holds where the graph joins them to it; a treatment or a test may not."""
_PAIR = 2
Words = Callable[[Sequence[Fact]], Collection[str]]
"""The words of facts and of the names and definitions of what they join, in normal form."""
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
    if len(sentence.concepts) >= _PAIR:
        for held, other in permutations(sentence.concepts, 2):
            yield from _narrowing(held, other)
            if kinds.get(other) in _ADDS_NOTHING:
                yield _has_to_do_with(held, other)


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
    words_of: Words,
    extent: Extent = "",
    kinds: Mapping[str, str] = NOTHING_KNOWN,
) -> CheckedSentence | None:
    """The sentence as supported or contradicted where its readings come to that, else None. `kinds`: concept to category.

    Nothing where more is said of a thing when it is named again, nothing of two denials, and nothing with a number, which no reading carries.
    """
    sentence = replace(sentence, text=_without_talk(sentence.text))
    words, core = re.sub(r"<\d+>", "", sentence.text), re.sub(r"<\d+>", "", _core(sentence.text))
    denials = len(_NOT.findall(core))
    if denials > 1 or _named_again(sentence):
        return None
    weighed: dict[Slots, _Weighed] = {}
    for reading in stated:
        if denials and not reading.denied and not (reading.predicate in _FORBIDS and _MUST_NOT.search(core)):
            continue
        claim = _claim(sentence, reading, extent)
        weighed.setdefault(_slots(reading), _Weighed()).add(reading, judged[claim], _turned(claim, judged[claim]))
    things = [concept for concept in sentence.concepts if concept not in _UNSAID]
    least = OF_A_VALUE if len(things) < _PAIR else OF_ONE_AMONG_MANY
    weighed = {k: w for k, w in weighed.items() if k[1] is not None or max(w.supported, w.contradicted) >= least}
    if not weighed:
        return None
    true = max(weighed.values(), key=lambda some: some.supported)
    false = max(weighed.values(), key=lambda some: max(some.contradicted, some.turned))
    if true.supported >= SUPPORTED_FROM and max(false.contradicted, false.turned) < BESIDE:
        denied_besides = len(_NOT.findall(words)) > denials
        limited = extent in _OF_SOME or (extent in _OF_ALL and not (denials and extent in _OF_NONE))
        if limited or denied_besides or _MAY_NOT.search(words) or _NUMBER.search(words) or _together(sentence, kinds):
            return None
        if _says_more(sentence, weighed) or _stands_apart(sentence, weighed, judged, words_of, kinds):
            return None
        return _concluded(text, Verdict.SUPPORTED, true)
    against = false.contradicted >= CONTRADICTED_FROM or false.turned >= TURNED_FROM
    if against and true.supported < BESIDE and not _COMPARED.search(core) and not _REPORTED.search(core):
        return _concluded(text, Verdict.CONTRADICTED, false)
    return None


def _core(text: str) -> str:
    """The sentence without what stands between signs behind its first thing and names nothing.

    Of what is false it takes nothing back, unless it says so.
    """
    parts = re.split(r"[,;:()\u2013\u2014]| - ", text)
    first = next((n for n, part in enumerate(parts) if "<" in part), 0)
    kept = (part for n, part in enumerate(parts) if n <= first or "<" in part or _TAKES_BACK.search(part.strip()))
    return " ".join(kept)


def _without_talk(text: str) -> str:
    """The sentence without what its writer says between signs of himself or gives away: "dull as it may seem"."""
    parts = re.split(r"([,;:()\u2013\u2014]| - )", text)
    talk = [
        n for n in range(0, len(parts), 2)
        if "<" not in parts[n] and _TALK.search(parts[n]) and not _TAKES_BACK.search(parts[n].strip())
    ]  # fmt: skip
    return "".join(part for n, part in enumerate(parts) if n not in talk)


def _together(sentence: Masked, kinds: Mapping[str, str]) -> bool:
    return any(
        not {kinds.get(sentence.concepts[int(slot)]) for slot in found.groups()} & {"population", "anatomy"}
        for found in _TOGETHER.finditer(sentence.text)
    )


def _named_again(sentence: Masked) -> bool:
    """Whether a thing is named a second time with more said of it: "... causes fatigue, and the fatigue responds to"."""
    _, *parts = re.split(r"<(\d+)>", sentence.text.lower())
    named = parts[::2]
    return any(
        slot in named[:at] and _telling(re.split(r"[,;:]", after)[0])
        for at, (slot, after) in enumerate(zip(named, parts[1::2], strict=True))
    )


def _says_more(sentence: Masked, weighed: Mapping[Slots, _Weighed]) -> bool:
    """Whether words of the sentence say something beside what holds."""
    slots, best = max(weighed.items(), key=lambda some: some[1].supported)
    _, judgement = best.best[Verdict.SUPPORTED]
    said = {word for fact in judgement.facts for text in _texts(fact) for word in phrase(text)}
    *before, end = re.split(r"<\d+>", _LEFT.sub("", sentence.text.lower()))
    words = re.findall(r"[a-z'-]+", " ".join((*before, end)))
    lessened = {word for found in _LESSENS.findall(" ".join(words)) for word in phrase(found)} - said
    if lessened and not {fact.predicate for fact in judgement.facts} & _OF_LESSENING:
        return True
    if _WORSENS.search(" ".join(words)) and {fact.predicate for fact in judgement.facts} & _OF_HELP:
        return True
    turns = _TURNS - {word for fact in judgement.facts for word in _NO_TURN.get(fact.predicate, ())}
    if turns & {*words} or any(word in _PLACES and not {*phrase(word)} <= said for word in words):
        return True
    further = (_FURTHER if slots[1] is not None else _AND_MORE).search(end)
    return bool((further and len(_telling(end)) >= _FEW) or _IN_OTHERS.search(sentence.text))


def _stands_apart(
    sentence: Masked, weighed: Mapping[Slots, _Weighed], judged: Judged, words_of: Words, kinds: Mapping[str, str]
) -> bool:
    """Whether the sentence names something of which nothing holds, and that does not go without saying."""
    held = {slot for slots, some in weighed.items() if some.supported >= HELD_FROM for slot in slots if slot is not None}
    holds = {sentence.concepts[slot] for slot in held}
    apart = [c for slot, c in enumerate(sentence.concepts) if slot not in held and c not in _NEED_NOT_HOLD]
    if not apart:
        return False
    best = max(weighed.values(), key=lambda some: some.supported)
    told = words_of(best.best[Verdict.SUPPORTED][1].facts)
    if _in_another_clause(sentence.text, held):
        return True
    return not all(
        {*phrase(one.replace("_", " "))} <= {*told} or any(_goes_with(other, one, judged, kinds) for other in holds)
        for one in apart
    )


def _in_another_clause(text: str, held: Collection[int]) -> bool:
    """Whether a thing before or behind all that holds has a clause of its own, which says more of it."""
    _, *parts = re.split(r"<(\d+)>", text.lower())
    slots, between = [int(slot) for slot in parts[::2]], parts[1::2]
    ends = [at for at, slot in enumerate(slots) if slot in held]
    before, behind = between[: ends[0]], between[ends[-1] : -1]
    return any(_CLAUSE.search(words) for words in before) or (
        any(_CLAUSE.search(words) for words in behind) and bool(_telling(" ".join(between[ends[-1] :])))
    )


def _has_to_do_with(held: str, other: str) -> Claim:
    return Claim(held, "ASSOCIATED_WITH", other)


def _goes_with(held: str, other: str, judged: Judged, kinds: Mapping[str, str]) -> bool:
    """Whether what stands apart narrows nothing: what a thing is a kind of, those whom it affects, where it happens."""
    if any(judged[claim].verdict is Verdict.SUPPORTED for claim in _narrowing(held, other)):
        return True
    return kinds.get(other) in _ADDS_NOTHING and judged[_has_to_do_with(held, other)].verdict is Verdict.SUPPORTED


def _narrowing(held: str, other: str) -> Iterator[Claim]:
    yield Claim(held, "IS_A", other)
    yield from (Claim(held, "AFFECTS", one) for one in (_YOUNG if other in _YOUNG else (other,)))


def _texts(fact: Fact) -> Iterator[str]:
    yield from (fact.subject_name, fact.object_name)
    yield from (value for _, value in fact.qualifiers)


def _telling(text: str) -> list[str]:
    """The words that are not there for the sentence's sake alone."""
    words = re.findall(r"[a-z][\w'-]*", text)
    return [word for word in words if word not in TOLERATED | ARTICLES and not is_harmless(word)]


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

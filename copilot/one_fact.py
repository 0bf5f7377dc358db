"""Whether one fact alone settles a sentence that everything else left open, as a reader of both has it.

The reader compares a sentence with a fact and knows nothing else; here stands which facts it is given and what a sentence
must not say beside them. Knows nothing of wordings and of how the reader reads.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from math import log
from operator import attrgetter

from copilot.beside import UNSAID, denials, telling_words, without_denial
from copilot.claims.unweighed import unweighed
from copilot.relations.numbers_beside import marked, numbers
from copilot.relations.port import FactReader, Settles
from kg import wording
from kg.linking.normal import phrase
from kg.predicates import PREDICATES
from kg.types import CheckedSentence, Fact, Mention, Verdict
from kg.verification import Look
from kg.verification.described import stem
from kg.verification.rules import COMPARING

MOST, LONGEST = 5, 60
"""Facts that the reader is given, those most like the sentence; words of a sentence that it is sure to read to the end."""
BEARS_OUT_FROM, DENIES_FROM, NOT_BESIDE = 0.8, 0.85, 0.5
DEFINITION_DENIES_FROM, DEFINITION_DENIES_MORE_FROM = 0.95, 0.985
"""From which share on a fact bears a sentence out or denies it, and from which on another fact keeps it from doing the opposite.
A definition is taken too readily for one of all that is said of a thing: it needs more, and most where the sentence is about
what no definition tells."""
_UNDEFINED = re.compile(
    r"\b(?:caus\w*|cur(?:e|ed|es|able)|treat\w*|named?|names|word|deriv\w*|endemic|vaccin\w*|leading|discover\w*|invent\w*|mostly|uncommon)\b",
    re.I,
)
_MEANS, _SAYS, _IS_SAID, _NAMED, _NAMED_WIDELY = 4.0, 2.0, 0.7, 0.55, 0.33
"""Weights of what makes a fact like a sentence: how alike they are in meaning; how much of the sentence it says, and how much the
sentence says of it, each word counting by how few of the facts at hand have it; each end that is named, or that is what
something named is a kind of."""
Likeness = Callable[[str, Sequence[str]], Sequence[float]]
"""How alike in meaning a sentence and each of some facts are, -1..1; `copilot.relations.FactReader.likeness`."""
_LOOSE = frozenset(
    phrase(
        "patient people person common commonly usual usually typical typically often may can could cause caused feature "
        "finding sign film radiograph chest x-ray image imaging see seen show shown disease condition case medical "
        "medicine lung"
    )
)
_ANOTHER_NUMBER = re.compile(r"\((?:more|less|other)\)")
_THAT_NUMBER = re.compile(r"\((?:same|within)\)")
_SIDES = frozenset({"left", "right", "bilateral", "unilateral"})
_BOTH_SIDES = frozenset({"left", "right"})
"""Where both are named the reader does not see which is which, nor what is more than the other where two are compared."""
_LIMITED = re.compile(
    r"\b(?:only|anything but|another|other(?!s)|otherwise|except|unless|until|(?:may|might|need) not)\b", re.I
)
"""What holds of some cases only, or of others than the fact is about; the reader does not weigh it."""
_MAY_LACK = re.compile(r"\b(?:can|may|might|could)\b.*\b(?:no|not|without|absent)\b", re.I)
"""What may be absent is not denied by its being there as a rule."""
_WHERE_NOT = re.compile(r"\b(?:(?:when|if|where) there is no|without|unless)\b", re.I)
"""What is denied where something lacks is not denied of a case that has it."""
_MUST_NOT = re.compile(r"\b(?:must|should|may|can) ?not\b|\bcannot\b|n't\b", re.I)
_COURSE = re.compile(
    r"\b(?:course|acute|chronic|self|limit|progress|recur|relaps|resol|remi|heal|cur[ei]|worsen|sudden|slow|rapid|fatal|last|surviv|"
    r"persist|benign|indolent|fulminant)\w*",
    re.I,
)
_AMISS = re.compile(r"\b(?:misplac|malposition|wrong|fail|lack|miss)\w*", re.I)
"""Denied once more: "is not misplaced"."""
_UNTOLD, _FEW = 0.75, 4
"""Share of the words of a sentence that its fact has not, and their number, from which it is about something else."""
SAME = "The graph says so: {fact}"
OPPOSITE = "The graph says otherwise: {fact}"


@dataclass(frozen=True, slots=True)
class Card:
    """A fact in words. `said`: those words in normal form; `words`: these and those of all names of what it joins."""

    fact: Fact
    text: str
    said: frozenset[str]
    words: frozenset[str]


def in_words(fact: Fact) -> str:
    """The fact as the reader knows it."""
    if fact.predicate != wording.DEFINED_AS:
        return wording.sentence(fact)
    return f"{fact.subject_name[:1].upper()}{fact.subject_name[1:]}: {fact.object_name}"


def cards(text: str, mentions: Sequence[Mention], look: Look, likeness: Likeness, most: int = MOST) -> list[Card]:
    """The facts most like a sentence among those about what it names, the likest first."""
    named = {m.concept for m in mentions}
    things = {m.concept for m in mentions if m.category != "value"}
    above = _above(named, look)
    facts = look.near(things)
    names = look.names({end for fact in facts for end in (fact.subject, fact.object) if end})
    pool = [_card(fact, names.get(fact.subject, ()), names.get(fact.object, ())) for fact in facts]
    rare = _rarity(pool)
    said = frozenset(phrase(text))
    most_said = sum(rare(word) for word in said) or 1.0

    def shared(card: Card) -> float:
        both = sum(rare(word) for word in card.words & said)
        own = sum(rare(word) for word in card.said) or 1.0
        ends = (card.fact.subject, card.fact.object)
        joins = sum(_NAMED if end in named else _NAMED_WIDELY if end in above else 0.0 for end in ends)
        return _SAYS * both / most_said + _IS_SAID * min(1.0, both / own) + joins

    by_words = sorted(((shared(card), card) for card in pool), key=lambda one: (-one[0], one[1].fact.id))
    alike = likeness(text, [card.text for _, card in by_words])
    ranked = sorted(
        zip(by_words, alike, strict=True), key=lambda one: (-one[0][0] - _MEANS * one[1], one[0][1].fact.id)
    )
    return [card for (_, card), _ in ranked[:most]]


def settled(text: str, mentions: Sequence[Mention], reader: FactReader, look: Look) -> CheckedSentence | None:
    """The sentence as supported or contradicted where one fact settles it, else None."""
    if len(text.split()) > LONGEST or set(phrase(text)) >= _BOTH_SIDES or _LIMITED.search(text):
        return None
    some = cards(text, mentions, look, reader.likeness)
    told = list(zip(reader.read(text, [card.text for card in some]), some, strict=True))
    for card in _sure(told, attrgetter("bears_out"), lambda _: BEARS_OUT_FROM, attrgetter("denies")):
        if _says_no_more(text, mentions, card, look) and not _whether_or_not(text, card, reader):
            return CheckedSentence(text, Verdict.SUPPORTED, (card.fact,), SAME.format(fact=card.text))
    for card in _sure(told, attrgetter("denies"), partial(_denies_from, text), attrgetter("bears_out")):
        if _says_otherwise(text, mentions, card, look):
            return CheckedSentence(text, Verdict.CONTRADICTED, (card.fact,), OPPOSITE.format(fact=card.text))
    return None


def _sure(
    told: Sequence[tuple[Settles, Card]],
    wanted: Callable[[Settles], float],
    least: Callable[[Card], float],
    opposite: Callable[[Settles], float],
) -> list[Card]:
    """The facts that do what is wanted by the `least` share on, the surest first; none where any may do the opposite."""
    if any(opposite(share) >= NOT_BESIDE for share, _ in told):
        return []
    sure = [(wanted(share), card) for share, card in told if wanted(share) >= least(card)]
    return [card for _, card in sorted(sure, key=lambda one: -one[0])]


def _denies_from(text: str, card: Card) -> float:
    if card.fact.predicate != wording.DEFINED_AS:
        return DENIES_FROM
    return DEFINITION_DENIES_MORE_FROM if _UNDEFINED.search(text) else DEFINITION_DENIES_FROM


def _says_no_more(text: str, mentions: Sequence[Mention], card: Card, look: Look) -> bool:
    """Whether all that the sentence names, and each number of it, is in the fact too."""
    if not _names_no_more(mentions, card, look):
        return False
    told = _told(card)
    if card.fact.predicate in COMPARING or (_SIDES & set(phrase(text))) - card.words:
        return False
    if _turned_round(text, mentions, card.fact) or _causes_what_causes_it(text, mentions, card.fact, look):
        return False
    denied = denials(text)
    if denied > 1 or (denied and (_AMISS.search(text) or not (card.fact.denied or denials(card.text)))):
        return False
    telling = telling_words(text.lower())
    untold = [word for word in telling if not _stems(word) <= told]
    if len(untold) >= _FEW and len(untold) >= _UNTOLD * len(telling):
        return False
    beside = marked(text, card.text)
    if _ANOTHER_NUMBER.search(beside) or len(_THAT_NUMBER.findall(beside)) < numbers(text):
        return False
    return unweighed(text, Verdict.SUPPORTED, (card.fact,)) is None


def _told(card: Card) -> set[str]:
    return {stem(word) for word in card.words | _LOOSE}


def _names_no_more(mentions: Sequence[Mention], card: Card, look: Look) -> bool:
    """Whether all that the sentence names is in the fact too."""
    known = {card.fact.subject, card.fact.object} | UNSAID
    apart = [m for m in mentions if m.concept not in known]
    names, told = look.names({m.concept for m in apart}), _told(card)
    return all(any(_stems(name) <= told for name in (m.text, *names.get(m.concept, ()))) for m in apart)


def _causes_what_causes_it(text: str, mentions: Sequence[Mention], fact: Fact, look: Look) -> bool:
    """Whether the sentence has it that a thing causes what the graph knows to be its cause, though the thing does show it."""
    causes = _forwards("CAUSES")
    subjects = _places(text, mentions, fact.subject, fact.subject_name)
    objects = _places(text, mentions, fact.object, fact.object_name)
    return _between(text, subjects, objects, causes) and any(
        known.predicate == "CAUSES" and not known.denied and known.subject == fact.object
        for known in look.store.facts_between([(fact.object, fact.subject)])
    )


def _turned_round(text: str, mentions: Sequence[Mention], fact: Fact) -> bool:
    """Whether what the fact says of its subject is said of its object: "bronchoscopy requires bronchoalveolar lavage"."""
    objects = _places(text, mentions, fact.object, fact.object_name)
    subjects = _places(text, mentions, fact.subject, fact.subject_name)
    subjects = subjects or [
        (m.start, m.end) for m in mentions if m.concept != fact.object
    ]  # a kind of it, or what it is
    return _between(text, objects, subjects, _forwards(fact.predicate))


def _between(
    text: str, first: Sequence[tuple[int, int]], second: Sequence[tuple[int, int]], said: re.Pattern[str] | None
) -> bool:
    """Whether the pattern is what stands between one of the first places and one of the second behind it."""
    return said is not None and any(
        said.fullmatch(text, end, start) for _, end in first for start, _ in second if end < start
    )


def _places(text: str, mentions: Sequence[Mention], concept: str, name: str) -> list[tuple[int, int]]:
    """Where a concept is named: as the linker has it, and by its own name within what the linker takes for more or less."""
    named = [(m.start, m.end) for m in mentions if m.concept == concept]
    return named or [match.span() for match in re.finditer(re.escape(name), text, re.IGNORECASE)]


@lru_cache
def _forwards(predicate: str) -> re.Pattern[str] | None:
    """What stands between the ends of a directed relation where its subject is said first, and is not in the passive."""
    known = PREDICATES.get(predicate)
    between = re.search(r"\{s\}(.*?)\{o\}", known.says) if known and known.directed else None
    words = between[1].split() if between else []
    joined = words.pop() if words and words[-1] in _JOINING else ""
    if not words or len(words[-1]) < _A_WORD:
        return None
    behind = rf"\s+{joined}\b.*" if joined else r"(?!.*\bby\b).*"
    return re.compile(rf".*\b{re.escape(stem(words[-1]).removesuffix('s'))}\w*{behind}", re.IGNORECASE | re.DOTALL)


_JOINING = frozenset({"of", "for", "with", "by", "in", "than"})
_A_WORD = 4  # letters; shorter ones ("is", "the") tell no direction


def _whether_or_not(text: str, card: Card, reader: FactReader) -> bool:
    """Whether the reader says the same of what the sentence denies: then it has not seen what the denial is of."""
    if not denials(text):
        return False
    (share,) = reader.read(without_denial(text), [card.text])
    return share.bears_out >= NOT_BESIDE


def _says_otherwise(text: str, mentions: Sequence[Mention], card: Card, look: Look) -> bool:
    """Whether nothing in the sentence keeps the fact from denying it; one with the fact's own number seldom says otherwise."""
    if denials(text) and not (_names_no_more(mentions, card, look) and _akin(mentions, card.fact, look)):
        return False  # what is not so of one thing may be so of another
    if card.fact.predicate == "HAS_URGENCY" and denials(text):
        return False
    if card.fact.predicate == "HAS_COURSE" and not _COURSE.search(text):
        return False
    if not card.fact.denied and _MAY_LACK.search(text):
        return False
    if card.fact.denied and _WHERE_NOT.search(card.text):
        return False
    if card.fact.predicate == "CONTRAINDICATED_IN" and not card.fact.denied and _MUST_NOT.search(text):
        return False
    if _AMISS.search(text) and _AMISS.search(card.text):  # the wrong place is where it lies wrongly
        return False
    beside = marked(text, card.text)
    if _THAT_NUMBER.search(beside) and not _ANOTHER_NUMBER.search(beside):
        return False
    return unweighed(text, Verdict.CONTRADICTED, (card.fact,)) is None


def _akin(mentions: Sequence[Mention], fact: Fact, look: Look) -> bool:
    """Whether everything named is an end of the fact, or is a kind of one, or the other way round."""
    ends = {fact.subject, fact.object}
    above = ends | _above(ends, look)
    apart = {m.concept for m in mentions} - above - UNSAID
    kinds = look.store.ancestors(apart)
    return all(ends & set(kinds.get(one, ())) for one in apart)


def _above(named: Collection[str], look: Look) -> set[str]:
    return {up for above in look.store.ancestors(named).values() for up in above}


@lru_cache(maxsize=32_768)
def _card(fact: Fact, of_subject: tuple[str, ...], of_object: tuple[str, ...]) -> Card:
    text = in_words(fact)
    said = frozenset(phrase(text))
    return Card(fact, text, said, said.union(*(_words(name) for name in (*of_subject, *of_object))))


def _stems(text: str) -> set[str]:
    return {stem(word) for word in _words(text)}


@lru_cache(maxsize=32_768)
def _words(name: str) -> frozenset[str]:
    return frozenset(phrase(name))


def _rarity(pool: Sequence[Card]) -> Callable[[str], float]:
    """How much a word tells that few of these facts have."""
    count = Counter(word for card in pool for word in card.words)
    whole = len(pool) + 1
    told = {word: log(1 + whole / often) for word, often in count.items()}
    return lambda word: told.get(word, log(1 + whole))

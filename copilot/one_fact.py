"""Whether one fact alone settles a sentence that everything else left open, as a reader of both has it.

The reader compares a sentence with a fact and knows nothing else; here stands which facts it is given and what a sentence
must not say beside them. Knows nothing of wordings and of how the reader reads.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log
from operator import attrgetter

from copilot.beside import UNSAID, denials, telling_words, without_denial
from copilot.claims.unweighed import unweighed
from copilot.relations.numbers_beside import marked, numbers
from copilot.relations.port import FactReader, Settles
from kg import wording
from kg.linking.normal import phrase
from kg.types import CheckedSentence, Fact, Mention, Verdict
from kg.verification import Look
from kg.verification.described import stem
from kg.verification.rules import COMPARING

MOST, LONGEST = 5, 60
"""Facts that the reader is given, those most like the sentence; words of a sentence that it is sure to read to the end."""
SURE_FROM, DEFINITION_DENIES_FROM, NOT_BESIDE = 0.9, 0.985, 0.5
"""From which share on a fact settles a sentence, and a definition denies one, which the reader takes too readily for one of all
that is said of a thing; and from which on another fact keeps it from doing the opposite."""
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
    for card in _sure(told, attrgetter("bears_out"), lambda _: SURE_FROM, attrgetter("denies")):
        if _says_no_more(text, mentions, card, look) and not _whether_or_not(text, card, reader):
            return CheckedSentence(text, Verdict.SUPPORTED, (card.fact,), SAME.format(fact=card.text))
    for card in _sure(told, attrgetter("denies"), _denies_from, attrgetter("bears_out")):
        if _says_otherwise(text, card):
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


def _denies_from(card: Card) -> float:
    return DEFINITION_DENIES_FROM if card.fact.predicate == wording.DEFINED_AS else SURE_FROM


def _says_no_more(text: str, mentions: Sequence[Mention], card: Card, look: Look) -> bool:
    """Whether all that the sentence names, and each number of it, is in the fact too."""
    known = {card.fact.subject, card.fact.object} | UNSAID
    apart = [m for m in mentions if m.concept not in known]
    names = look.names({m.concept for m in apart})
    told = {stem(word) for word in card.words | _LOOSE}
    if not all(any(_stems(name) <= told for name in (m.text, *names.get(m.concept, ()))) for m in apart):
        return False
    if card.fact.predicate in COMPARING or (_SIDES & set(phrase(text))) - card.words:
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


def _whether_or_not(text: str, card: Card, reader: FactReader) -> bool:
    """Whether the reader says the same of what the sentence denies: then it has not seen what the denial is of."""
    if not denials(text):
        return False
    (share,) = reader.read(without_denial(text), [card.text])
    return share.bears_out >= NOT_BESIDE


def _says_otherwise(text: str, card: Card) -> bool:
    """Whether nothing in the sentence keeps the fact from denying it; one with the fact's own number seldom says otherwise."""
    if not card.fact.denied and _MAY_LACK.search(text):
        return False
    if card.fact.denied and _WHERE_NOT.search(card.text):
        return False
    if card.fact.predicate == "CONTRAINDICATED_IN" and not card.fact.denied and _MUST_NOT.search(text):
        return False
    beside = marked(text, card.text)
    if _THAT_NUMBER.search(beside) and not _ANOTHER_NUMBER.search(beside):
        return False
    return unweighed(text, Verdict.CONTRADICTED, (card.fact,)) is None


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

"""What a sentence means without naming it: which of the concepts that a reader proposes become things of the sentence.

By its wording alone a reader knows a concept less than half of the time, and most of what it mixes up has nothing to do
with the rest of the sentence: a concept that the graph joins to another one of it is believed sooner.
"""

import re
from collections.abc import Collection, Iterator, Sequence

from copilot.claims import ReadSentence, masked
from copilot.claims.values import SUBSTANCES
from copilot.relations.port import Masked, Meant
from kg.linking.normal import phrase
from kg.types import Mention

Pair = tuple[str, str]
_UP = frozenset(
    phrase(
        "increased raised elevated high higher strong stronger loud louder brisk fast rapid large big enlarged wide widened "
        "more thick thickened excess rise"
    )
)
_DOWN = frozenset(
    phrase(
        "decreased reduced diminished low lower weak weaker faint quiet absent slow small narrow narrowed less lost loss thin "
        "fall"
    )
)
_LOST = re.compile(
    r"\d|\b(?:no|not|never|nor|without|hardly|scarcely|barely|rarely|seldom|always|only|sometimes|usually|often|if|unless|than"
    r"|except|or|(?!can't)\w+n't)\b",
    re.IGNORECASE,
)
JOINED_FROM, ALONE_FROM = 0.3, 0.7
MOST = 12
"""Proposals that are looked at."""


def pairs_of(reading: ReadSentence, meant: Sequence[Meant]) -> Iterator[Pair]:
    """What `with_unnamed` has to know of the graph."""
    named = [m.concept for m in reading.mentions if m.category != "value"]
    proposed = list(dict.fromkeys(one.concept for one in meant[:MOST]))
    for n, concept in enumerate(proposed):
        yield from ((other, concept) for other in (*named, *proposed[:n]) if other != concept)


def with_unnamed(reading: ReadSentence, meant: Sequence[Meant], joined: Collection[Pair]) -> Masked | None:
    """The sentence with all that it names or means as slots; None where it means nothing that it does not name."""
    named = [m for m in reading.mentions if m.category != "value"]
    taken: list[Mention] = []
    for one in meant[:MOST]:
        if any(_overlap(m, one) and not _within(m, one) for m in named) or any(_overlap(m, one) for m in taken):
            continue
        if _says_more(reading, one):
            continue
        beside = {m.concept for m in (*named, *taken) if not _overlap(m, one)}
        if one.concept in beside:
            continue
        is_joined = any((other, one.concept) in joined or (one.concept, other) in joined for other in beside)
        if one.share >= (JOINED_FROM if is_joined else ALONE_FROM):
            taken.append(Mention(one.start, one.end, one.concept, one.concept, one.concept))
    if not taken:
        return None
    kept = [m for m in reading.mentions if not any(_overlap(m, one) for one in taken)]
    return masked(reading.said, sorted((*kept, *taken), key=lambda m: m.start))


def _says_more(reading: ReadSentence, one: Meant) -> bool:
    """Whether the words say something that would be lost with them: a denial, a number, a side."""
    words = reading.said[one.start : one.end]
    said, meant = {*phrase(words)}, {*phrase(one.concept.replace("_", " "))}
    opposed = (said & _UP and meant & _DOWN) or (said & _DOWN and meant & _UP)
    inside = [m for m in reading.mentions if _within(m, one)]
    named = any(m.concept == one.concept for m in inside)
    values = [
        m for m in inside if m.category == "value" and m.concept not in SUBSTANCES and not {*phrase(m.text)} <= meant
    ]
    return bool(opposed or named or values or _LOST.search(words))


def _overlap(a: Mention, b: Meant | Mention) -> bool:
    return a.start < b.end and b.start < a.end


def _within(a: Mention, b: Meant) -> bool:
    return b.start <= a.start and a.end <= b.end

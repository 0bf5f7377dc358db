"""What a sentence means without naming it: which of the concepts that a reader proposes become things of the sentence.

By its wording alone a reader knows a concept less than half of the time, and most of what it mixes up has nothing to do
with the rest of the sentence: a concept that the graph joins to another one of it is much likelier.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from copilot.claims import ReadSentence, masked
from copilot.claims.values import SUBSTANCES
from copilot.relations.port import Masked
from kg.linking import Meant
from kg.linking.meant import LOST
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
        "decreased reduced diminished low lower weak weaker faint quiet muffled distant soft "
        "absent slow small narrow narrowed less lost loss thin "
        "fall"
    )
)
_OPPOSED = (
    (_UP, _DOWN),
    (frozenset({"upper"}), frozenset({"lower"})),
    (frozenset({"single"}), frozenset({"multiple"})),
    (
        frozenset({"small", "smaller", "narrow", "narrower", "shrunken"}),
        frozenset({"large", "larger", "enlarged", "enlargement", "cardiomegaly", "wide", "widened"}),
    ),
)
LIKELIER = 20
"""How many times sooner a concept is meant that the graph joins to another one of the sentence; set on our own sentences."""
TAKEN_FROM = 0.7
SURE_FROM = 0.95
STRONG_FROM = 0.3
"""A proposal of such a share has a say in what the words beside it mean."""
MOST = 60
"""Proposals that are looked at."""


def pairs_of(reading: ReadSentence, meant: Sequence[Meant]) -> Iterator[Pair]:
    """What `with_unnamed` has to know of the graph."""
    named = [m.concept for m in reading.mentions if m.category != "value"]
    telling = dict.fromkeys([*named, *(one.concept for one in meant[:MOST] if one.share >= STRONG_FROM)])
    proposed = dict.fromkeys(one.concept for one in meant[:MOST])
    yield from ((other, concept) for concept in proposed for other in telling if other != concept)


def with_unnamed(reading: ReadSentence, meant: Sequence[Meant], joined: Collection[Pair]) -> Masked | None:
    """The sentence with all that it names or means as slots; None where it means nothing that it does not name."""
    named = [m for m in reading.mentions if m.category != "value"]
    possible = [one for one in meant[:MOST] if _may_be_meant(one, reading, named)]
    taken: list[Mention] = []
    guessed = set[str]()
    for share, one in _weighed(possible, named, joined):
        if share < TAKEN_FROM:
            break
        beside = {m.concept for m in (*named, *taken) if not _overlap(m, one)}
        if one.concept not in beside and not any(_overlap(m, one) for m in taken):
            taken.append(Mention(one.start, one.end, one.concept, one.concept, one.concept))
            guessed |= {one.concept} if share < SURE_FROM else set()
    if not taken:
        return None
    kept = [m for m in reading.mentions if not any(_overlap(m, one) for one in taken)]
    sentence = masked(reading.said, sorted((*kept, *taken), key=lambda m: m.start))
    return replace(sentence, guessed=frozenset(guessed))


def _weighed(
    possible: Sequence[Meant], named: Sequence[Mention], joined: Collection[Pair]
) -> Sequence[tuple[float, Meant]]:
    """The proposals with their shares once the graph is known, the likeliest first; those of one span compete."""
    telling: list[Mention | Meant] = [*named, *(one for one in possible if one.share >= STRONG_FROM)]
    spans: dict[tuple[int, int], list[tuple[float, Meant]]] = {}
    for one in possible:
        is_joined = any((other.concept, one.concept) in joined and not _overlap(other, one) for other in telling)
        spans.setdefault(one.span, []).append((one.share * (LIKELIER if is_joined else 1), one))
    found = []
    for some in spans.values():
        all_of_it = sum(weight for weight, _ in some) + 1 - sum(one.share for _, one in some)
        found += [(weight / all_of_it, one) for weight, one in some]
    return sorted(found, key=lambda weighed: -weighed[0])


def _may_be_meant(one: Meant, reading: ReadSentence, named: Sequence[Mention]) -> bool:
    """Whether the words would be lost to nothing: they cut through no name, and say no more than the concept."""
    if any(_overlap(m, one) and not _within(m, one) for m in named):
        return False
    return not _says_more(reading, one) and one.concept not in {m.concept for m in named if not _overlap(m, one)}


def _says_more(reading: ReadSentence, one: Meant) -> bool:
    """Whether the words say something that would be lost with them: a denial, a number, a side."""
    words = reading.said[one.start : one.end]
    said, meant = {*phrase(words)}, {*phrase(one.concept.replace("_", " "))}
    opposed = any((said & one and meant & other) or (said & other and meant & one) for one, other in _OPPOSED)
    inside = [m for m in reading.mentions if _within(m, one)]
    named = any(m.concept == one.concept for m in inside)
    values = [
        m for m in inside if m.category == "value" and m.concept not in SUBSTANCES and not {*phrase(m.text)} <= meant
    ]
    return bool(opposed or named or values or LOST.search(words))


def _overlap(a: Mention | Meant, b: Meant | Mention) -> bool:
    return a.start < b.end and b.start < a.end


def _within(a: Mention, b: Meant) -> bool:
    return b.start <= a.start and a.end <= b.end

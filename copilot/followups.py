"""What "it", "that side" and "the earlier film" mean in a question, by what the session has spoken of.

Pure functions of text that is already safe. Knows nothing of models and of the graph.
"""

# ruff: noqa: E501 - an alternation is easier to read, and to extend, on one line

import re
from collections.abc import Sequence

from kg.types import Mention, Side

_PRONOUN = re.compile(
    r"\b(?:it|its|this|that|they|them|their|those|these|the same(?: thing)?)\b"
    r"(?! (?:side|film|image|x-?ray|radiograph|picture|study|true|possible|correct|is (?:true|possible|correct|known|safe) that))",
    re.IGNORECASE,
)
# "Is it true that ...", "it is known that ...": the "it" stands for nothing; "that" after them only joins.
_EMPTY_IT = re.compile(
    r"\b(?:is it (?:true|possible|correct|right|normal|safe|common|ok)(?: that)?|it is \w+ that|(?:say|says|said|know|means?|think) that)\b",
    re.IGNORECASE,
)
_THAT_SIDE = re.compile(r"\b(?:on |to )?(?:that|this|the same|the affected) side\b", re.IGNORECASE)
_OTHER_SIDE = re.compile(r"\b(?:on |to )?the (?:other|opposite|contralateral) side\b", re.IGNORECASE)
_EARLIER = re.compile(
    r"\b(?:earlier|previous|prior|older|old|last|first) (?:chest )?(?:film|image|x-?ray|radiograph|picture|study|one|examination)\b"
    r"|\b(?:compared? (?:to|with)|since) (?:the )?(?:last|before|previous)\b",
    re.IGNORECASE,
)
_OPPOSITE: dict[Side, Side] = {"left": "right", "right": "left", "both": "both"}


def sided(question: str, side: Side | None) -> str:
    """The question with "that side" and "the other side" named, where the session knows a side."""
    if side not in {"left", "right"}:
        return question
    named = _THAT_SIDE.sub(f"on the {side} side", question)
    return _OTHER_SIDE.sub(f"on the {_OPPOSITE[side]} side", named)


def topic_of(question: str, mentions: Sequence[Mention], before: Sequence[Mention]) -> tuple[Mention, ...]:
    """What the question is about: what it names, and what its "it" stands for; else what was spoken of before."""
    if not mentions:
        return tuple(before)
    if not before or not _PRONOUN.search(_EMPTY_IT.sub(" ", question)):
        return tuple(mentions)
    named = {m.concept for m in mentions}
    return (*(m for m in before[:1] if m.concept not in named), *mentions)


def without_the_film(question: str, mentions: Sequence[Mention]) -> tuple[Mention, ...]:
    """The mentions but those that only point at the earlier film, which is a film of the session and no topic."""
    pointing = [m.span() for m in _EARLIER.finditer(question)]
    return tuple(m for m in mentions if not any(m.start < end and start < m.end for start, end in pointing))


def side_of(mentions: Sequence[Mention], before: Side | None) -> Side | None:
    """The side last spoken of."""
    for mention in reversed(mentions):
        first = mention.concept.split("_", maxsplit=1)[0]
        side = mention.side or (first if first in {"left", "right"} else None)
        if side in {"left", "right"}:
            return "left" if side == "left" else "right"
    return before


def asks_for_earlier_film(question: str) -> bool:
    """Whether the question compares with an earlier film."""
    return bool(_EARLIER.search(question))

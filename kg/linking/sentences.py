"""Splits clinical prose and lists into sentences by light rules.

Knows nothing of concepts. Titles, abbreviations, decimals and initials do not end a sentence; list items do.
"""

import re
from collections.abc import Iterator

_ABBREVIATIONS = frozenset(
    "dr mr mrs ms prof st vs e.g i.e eg ie etc al fig figs no nos approx resp ca cf pt pts dept hosp inc jr sr a.m p.m ed eds "
    "vol ref refs min max sec temp resp wt ht yr yrs mo wk wks hr hrs incl excl ant post lat med sup inf rt lt bilat".split()
)
_STOP = re.compile(r"[.!?]+[\"”')\]]*(?=\s|$)|[;](?=\s)|\n+")
_BULLET = re.compile(r"^\s*(?:[-*•–]|\(?\d{1,2}[.)](?=\s)|\(?[a-z][.)](?=\s))\s*")
_BEFORE = re.compile(r"([A-Za-z](?:\.[A-Za-z])*|[A-Za-z]+)$")
_CAUSE = re.compile(r"\b(?:cause|source|a?etiology|ddx?|dx)$", re.IGNORECASE)
_HEADING = re.compile(
    r"^\s*(?:findings?|impression|conclusion|indication|history|technique|comparison|lungs?|heart|pleura|bones)\s*:",
    re.IGNORECASE,
)


def split(text: str) -> list[tuple[int, int]]:
    """(start, end) of each sentence in code points, without the space and the bullets around it."""
    return [trimmed for start, end in _raw(text) if (trimmed := _trim(text, start, end))]


def sentences(text: str) -> list[str]:
    """The sentences of a text."""
    return [text[start:end] for start, end in split(text)]


def _raw(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for stop in _STOP.finditer(text):
        if _ends_here(text, stop):
            yield start, stop.end()
            start = stop.end()
    yield start, len(text)


def _ends_here(text: str, stop: re.Match[str]) -> bool:
    sign = stop[0]
    rest = text[stop.end() :].lstrip(" ")
    if sign.startswith("\n"):
        return sign.count("\n") > 1 or _line_breaks(text, stop, rest)
    if sign == "?" and rest and text[: stop.start()][-1:] in {"", " ", "\n", "\t"}:
        return False  # "? PE", "fever ? pneumonia": a doubt, not the end of a question
    if sign == "?" and rest[:1].islower() and _CAUSE.search(text, max(0, stop.start() - 12), stop.start()):
        return False  # "cause? sarcoid"
    if sign.startswith((";", "!", "?")) or not rest:
        return True
    if _BULLET.fullmatch(text[text.rfind("\n", 0, stop.start()) + 1 : stop.end()] + " "):
        return False
    before = _BEFORE.search(text[max(0, stop.start() - 12) : stop.start()])
    if before and before[1].lower() in _ABBREVIATIONS and sign == ".":
        return before[1].lower() in {"etc", "al"} and rest[:1].isupper()
    if before and len(before[1]) == 1 and before[1].isupper() and before[1] != "I":
        return _starts_sentence(rest)
    return not rest[:1].islower()


def _starts_sentence(rest: str) -> bool:
    return bool(re.match(r"(?:The|This|It|They|There|In|A|An|If|When|These|No)\b", rest))


def _line_breaks(text: str, stop: re.Match[str], rest: str) -> bool:
    """A single line end parts sentences before a bullet, a heading or a capital; else it is only a wrapped line."""
    before = text[: stop.start()].rstrip()
    if before.endswith((".", "!", "?", ":", ";")) or _BULLET.match(rest) or _HEADING.match(rest):
        return True
    line = before[before.rfind("\n") + 1 :]
    return rest[:1].isupper() and len(line) < 60


def _trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    bullet = _BULLET.match(text[start:end])
    if bullet:
        start += bullet.end()
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return (start, end) if any(c.isalnum() for c in text[start:end]) else None

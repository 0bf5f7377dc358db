"""What a sentence states, without what is said by the way ("A bulla, as my old chief liked to say, holds air").

A reader tells the words apart; here whole parts between signs are taken out, and nothing else. Knows nothing of facts.
"""

import re
from collections.abc import Iterator, Sequence

from copilot.beside import SIGNS
from copilot.relations.port import Part

ASIDE_FROM, EACH_FROM = 0.8, 0.3
"""Mean and least share from which the words of a part are said by the way."""
_CLOSED = re.compile(r"(?:,|\u2013|\u2014| -)\s*$")
"""What an aside between two such signs opens and ends with; both go with it."""
_LOOSE = re.compile(r"^[\s,;:)\u2013\u2014-]+|[\s,;:(\u2013\u2014-]+$")
_TAKES_BACK = re.compile(
    r"^\W*(?:unless|until|except|only|without|provided|rather|instead|if|not|never|nor|neither|or)\b"
    r"|\b(?:untrue|false|falsely|wrong|wrongly|myths?|incorrect\w*|nonsense|mistaken\w*|mistakes?|outdated|disprove[dn]|refuted"
    r"|contrary|alleged\w*|supposed\w*|claim\w*|believ\w*(?! me\b)|legends?|rumou?rs?|jok(?:e|es|ing)|pretend\w*|imagin\w*"
    r"|lies?|fool\w*|error\w*|confus\w*|doubt\w*)\b",
    re.IGNORECASE,
)
_SAYS_WHAT_IT_IS = re.compile(
    r"^\W*(?:which|who|that)\s+(?:is|are|was|were|means?|consists?|lies?|forms?|contains?|holds?|lines?|divides?|separates?)\b",
    re.IGNORECASE,
)
_DENIES, _FEW = re.compile(r"\b(?:no|not|never|nor|neither|none|cannot|\w+n't)\b", re.IGNORECASE), 6


def without_asides(text: str, read: Sequence[Part]) -> str:
    """The sentence without its asides; empty where it has none, or is nothing else."""
    kept, cut = "", False
    for start, end in _between_signs(text):
        words = [part for part in read if start <= part.start < end and _is_word(text, part)]
        if _is_aside(words) and not _bears_on_the_rest(text[start:end]):
            cut = True
            kept = _CLOSED.sub(" ", kept) if _CLOSED.search(text[start:end]) else kept
        else:
            kept += text[start:end]
    if not cut or not re.search(r"\w", kept):
        return ""
    kept = _LOOSE.sub("", re.sub(r"\(\s*\)", " ", kept))
    if kept.count("(") != kept.count(")"):
        kept = re.sub(r"[()]", "", kept)
    kept = re.sub(r"\s+(?=[.!?])", "", re.sub(r"\s{2,}", " ", kept))
    return kept[0].upper() + kept[1:] + ("" if kept[-1] in ".!?" else ".")


def claims_more(text: str, read: Sequence[Part]) -> float:
    """The share, 0..1, of the word that likeliest claims something besides what the sentence states."""
    return max((part.more for part in read if _is_word(text, part)), default=0.0)


def _bears_on_the_rest(words: str) -> bool:
    """Whether words may turn the rest round, or state something themselves, however they are read: "or so the myth goes",
    "that is not", "which is the space between the lungs".
    """
    few = _DENIES.search(words) and len(words.split()) < _FEW
    return bool(_TAKES_BACK.search(words) or _SAYS_WHAT_IT_IS.search(words) or few)


def _between_signs(text: str) -> Iterator[tuple[int, int]]:
    """The parts that signs divide, each with the sign behind it."""
    start = 0
    for sign in SIGNS.finditer(text):
        yield start, sign.end()
        start = sign.end()
    yield start, len(text)


def _is_word(text: str, part: Part) -> bool:
    return any(sign.isalnum() for sign in text[part.start : part.end])


def _is_aside(words: Sequence[Part]) -> bool:
    shares = [word.aside for word in words]
    return bool(shares) and min(shares) >= EACH_FROM and sum(shares) / len(shares) >= ASIDE_FROM

"""The line: a sentence with its concepts as <0>, <1>, ... and its numbers as #0, #1, ..., in base forms, without harmless
words. Knows nothing of relations and of facts.
"""

# ruff: noqa: E501 - an alternation is easier to read, and to extend, on one line

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from copilot.claims import numbers
from copilot.claims.cues import BASE_FORM, VERB_STARTS
from copilot.claims.values import ARTICLES, DROPPED, SHIFTS, SUBSTANCES
from kg.linking import Linker
from kg.linking.normal import phrase
from kg.types import Extent, Mention, Quantity

_NEGATIONS = re.compile(
    r"\b(?:(?:does|do|did|can|could|will|would|should|must|has|have|may|might|need)(?:n't| not)|cannot|can't|won't|never|no longer|not)\b"
)
_NOT_ALWAYS = re.compile(
    r"\b(?P<aux>(?:(?:does|do|did|is|are|can|need|will|may) ?(?:not|n't)|cannot|not))(?: \w+)? (?:always|necessarily|invariably|automatically|only|exclusively|every|all|solely|inevitably)\b|^not (?:all|every)\b",
    re.IGNORECASE,
)
_ALWAYS = re.compile(
    r"\b(?:always|invariably|inevitably|without exception|in (?:all|every) cases?|in every patient|in all patients|100 ?%(?: of cases)?|necessarily)\b",
    re.IGNORECASE,
)
_EVERY = re.compile(r"^(?:all|every|each)\b", re.IGNORECASE)
_ONLY = re.compile(r"\b(?:only|exclusively|solely|the sole|nothing but)\b", re.IGNORECASE)
_CAN = re.compile(r"\b(?:can|may|might|could|sometimes|occasionally|rarely|possibly|at times|in some)\b", re.IGNORECASE)
_TYPICAL = re.compile(
    r"\b(?:typical(?:ly)?|usual(?:ly)?|classic(?:ally)?|most (?:common|often|patients|cases)(?:ly)?|characteristic(?:ally)?|main(?:ly)?|predominant(?:ly)?|commonly|often)\b",
    re.IGNORECASE,
)
LEADS = re.compile(
    r"^(?:(?:however|in addition|additionally|moreover|furthermore|therefore|thus|hence|importantly|notably|in general|generally|overall|in summary|in short"
    r"|also|finally|first(?:ly)?|second(?:ly)?|third(?:ly)?|for example|for instance|in practice|in contrast|by contrast|conversely|similarly|likewise|clinically"
    r"|radiographically|radiologically|on the other hand|in fact|typically|usually|as a rule|according to [^,]{3,60}|note that|remember that|it is (?:well )?(?:known|recogni[sz]ed|established|true) that"
    r"|evidence shows that|studies show that|guidelines (?:say|state) that|we know that|by definition|and|but|so)[,:]?\s+)+",
    re.IGNORECASE,
)
_ANAPHORA = re.compile(
    r"^(?P<poss>its|their)\b|^(?:it|they|this|these|that|such (?:a |an )?(?:patients?|cases?|findings?))\b(?=\s+(?:is|are|can|may|might|could|will|does|do|has|have|also|often|usually|commonly"
    r"|typically|never|cannot|should|must|[a-z]+s\b|[a-z]+ [a-z]+s\b))"
    r"|^(?:this|that|the|these|such a) (?:condition|disease|finding|sign|disorder|illness|infection|lesion|abnormality|entity|complication|appearance|test|drug|treatment|structure|organism|device|tube|symptom)s?\b",
    re.IGNORECASE,
)
_HAVING = re.compile(
    r"\b(?:(?:most|many|some|all|few)? ?(?:of )?(?:the )?(?:patients?|people|individuals?|persons?|those|someone|anyone|a patient|a person|adults? patients?) (?:with|who (?:has|have|suffer from|develop)|having|suffering from)"
    r"|(?:in )?(?:the )?(?:presence|setting|context|case|cases) of|an? (?:case|episode) of|(?:the )?(?:diagnosis|development|occurrence|formation) of(?= (?:a |an )?(?:<)))\s+",
    re.IGNORECASE,
)
_SUBSTANCE_OF = re.compile(
    r"\b(?:(?:an? |the )?(?:abnormal |excess |localized |localised |large |small )*(?:collection|accumulation|presence|build-?up|pocket|amount|pool|layer|effusion)s? of)\s+",
    re.IGNORECASE,
)
_MOSTLY = re.compile(
    r"\b(?:most (?:commonly|often|frequently)|in most cases|usually|mostly) (?=(?:caused|due|the result|result|from)\b)|\bin (?:most|the majority of) cases,?",
    re.IGNORECASE,
)
_SUBJECT_SHIFT = re.compile(
    r"\b(?:to|towards?|into|in the direction of) (?:the )?(?:it\b|itself|(?:same|affected|abnormal|diseased|ipsilateral|collapsed|involved) (?:side|lung|lobe|hemithorax)|side of (?:the )?(?:lesion|collapse|effusion|pneumothorax|abnormality|<\d+>)|(?:lesion|collapse|effusion|abnormality|volume loss)\b)",
    re.IGNORECASE,
)
_AWAY_SHIFT = re.compile(
    r"\b(?:away from (?:the )?(?:it\b|itself|(?:same|affected|abnormal|diseased|ipsilateral|collapsed|involved) (?:side|lung|lobe|hemithorax)|side of (?:the )?(?:lesion|collapse|effusion|pneumothorax|abnormality|<\d+>)|lesion|collapse|effusion|pneumothorax|abnormality)"
    r"|(?:to|towards?|into) (?:the )?(?:opposite|other|contralateral|normal|unaffected|healthy|good) (?:side|lung|hemithorax))",
    re.IGNORECASE,
)
_REWORDED = tuple(
    (re.compile(pattern, re.IGNORECASE), instead)
    for pattern, instead in (
        (r"\b(?:the |a |an )?((?:chest |plain )*(?:x-?ray|radiograph|film|cxr)) (?:is|was|looks|appears|being) (?:normal|clear|negative|unremarkable)\b",
         r"a normal \1"),
        (r"\b(?:needs?|requires?|demands?) immediate (?:treatment|attention|action|care|management|intervention)\b", "is an emergency"),
        (r"\b(is|are) (?:not )?(?:immediately |potentially |acutely )?life[- ]threatening\b", lambda m: m[0][: m[0].lower().index(" ")] + (" not" if " not " in m[0].lower() else "") + " an emergency"),
        (r"\b(?:must|should|can)(?: not|not) (?:wait|be delayed)$", "is an emergency"),
        (r"\bcan (?:safely )?(?:wait|be left)$", "is not an emergency"),
        (r"\bneither (.{3,60}?) nor (.{3,60}?) ((?:can|may|is|are)? ?(?!and\b)[a-z]+)\b", r"\1 and \2 do not \3"),
        (r"\bone of (?:the |its |several |many )?(?:\w+ )?(?=causes?\b|signs?\b|symptoms?\b|complications?\b)", "a "),
        (r"\b(?:is|are) (right|left)-sided (?:structures?|organs?)\b", r"is on the \1 side"),
        (r"\bamong the (?=causes|symptoms|signs|complications|risk factors|features)", "the "),
    )
)  # fmt: skip
_HEAD = re.compile(
    r"^(<\d+>) (NOT )?is (?:(?:[a-z-]+|<\d+>) ){0,3}?(?:infection|disease|condition|disorder|illness|cancer|tumor|tumour"
    r"|syndrome|opacity|sign|structure|device|tube|drug|test|complication|inflammation|pneumonia|organism|bacterium|virus"
    r"|fungus|abnormality|process) (?:which |who )?"
    r"(?:(?=caused|due|spread\b|transmitted|treated|seen|found|located|produced|confirmed|prevented)|(?P<verb>(?=(?:"
    + "|".join(sorted(VERB_STARTS, key=len, reverse=True))
    + r")\b)))"
)
_MARKS = frozenset({"NOT", "SHOULDNOT", "MOSTLY", "TOSHIFT", "AWAYSHIFT"})


@dataclass(frozen=True, slots=True)
class Line:
    """The sentence as the wordings see it."""

    text: str
    tail: str
    mentions: tuple[Mention, ...]
    quantities: tuple[Quantity, ...]
    quantity_words: tuple[tuple[str, ...], ...]
    extent: Extent
    modified: Mapping[int, tuple[int, ...]]


def reworded(text: str) -> str:
    """The text with a few turns of phrase in the words that the wordings know."""
    for pattern, instead in _REWORDED:
        text = pattern.sub(instead, text)
    return text


def parted(text: str, mentions: Sequence[Mention], linker: Linker) -> tuple[Mention, ...]:
    """After the first, "fluid in the pleural space" is a substance and a place, not the name of an effusion."""
    out: list[Mention] = []
    for mention in mentions:
        found = re.match(r"(\w+) (?:in|within|inside|into) ", mention.text) if out else None
        first = linker.link(found[1], values=True) if found else ()
        if found and first and first[0].concept in SUBSTANCES:
            rest = linker.link(mention.text[found.end() :], values=True)
            out += [_at(first[0], mention.start), *(_at(m, mention.start + found.end()) for m in rest)]
        else:
            out.append(mention)
    return tuple(out)


def _at(mention: Mention, offset: int) -> Mention:
    return replace(mention, start=mention.start + offset, end=mention.end + offset)


def resolve(text: str, before: Mention | None) -> tuple[str, Mention | None]:
    """The text with a leading "it" replaced by what the previous sentence was about."""
    found = _ANAPHORA.match(text)
    if found is None or before is None:
        return text, None
    name = before.name + ("'s" if found["poss"] else "")
    if found["poss"]:
        rest = text[found.end() :].strip()
        head = re.match(r"(?:[\w-]+ ){0,2}?[\w-]+(?= (?:is|are|include|includes|can|may)\b)", rest)
        if head:
            return f"{head[0]} of {before.name}{rest[head.end() :]}", before
    return name + text[found.end() :], before


def line_of(text: str, mentions: Sequence[Mention]) -> Line:
    """The line of a sentence with these mentions."""
    stated = [s for s in numbers.find(text) if not any(m.start <= s.start < m.end for m in mentions)]
    kept = [m for m in mentions if not any(s.start < m.end and m.start < s.end for s in stated)]
    out, at = "", 0
    pieces = sorted(
        [(m.start + _preposition(m), m.end, f"<{i}>") for i, m in enumerate(kept)]
        + [(s.start, s.end, f"#{i}") for i, s in enumerate(stated)]
    )
    for start, end, mark in pieces:
        out += text[at:start] + mark
        at = end
    out += text[at:]
    extent, out = _extent(out)
    out, tail = _aside(out, kept)
    out, modified = _absorb(_plain(out), kept)
    words = tuple(phrase(text[s.start : s.end]) for s in stated)
    return Line(out, _plain(tail), tuple(kept), tuple(s.quantity for s in stated), words, extent, modified)


def _preposition(mention: Mention) -> int:
    """The length of "on the", which a value such as "on the left" was listed with."""
    found = re.match(r"(?:on|in|to|at) (?:the )?", mention.text, re.IGNORECASE) if mention.category == "value" else None
    return found.end() if found and mention.concept not in SHIFTS else 0


def _aside(text: str, mentions: Sequence[Mention]) -> tuple[str, str]:
    """The text without what stands in brackets, and that; an abbreviation of the concept before it is dropped."""
    tail = []

    def take(found: re.Match[str]) -> str:
        marks = re.fullmatch(r"<(\d+)> ?\(<(\d+)>", f"{found['before']}({found['inside']}")
        if not (marks and mentions[int(marks[1])].concept == mentions[int(marks[2])].concept):
            tail.append(found["inside"])
        return found["before"]

    return re.sub(r"(?P<before>(?:<\d+> ?)?)[(\[](?P<inside>[^()\[\]]*)[)\]]", take, text), " ".join(tail)


def _extent(text: str) -> tuple[Extent, str]:
    if _NOT_ALWAYS.search(text):
        return "not_always", _NOT_ALWAYS.sub(lambda m: m["aux"] or "not", text)
    if _ALWAYS.search(text):
        return "always", _ALWAYS.sub("", text)
    if _ONLY.search(text) and not re.search(r"\bnot only\b", text):
        return "only", _ONLY.sub("", text)
    if _EVERY.match(text):
        return "always", _EVERY.sub("", text)
    return ("can" if _CAN.search(text) else "typical" if _TYPICAL.search(text) else ""), text


def _plain(text: str) -> str:
    """Lower case, base forms, negation as NOT, no articles, no adverbs."""
    text = _AWAY_SHIFT.sub("AWAYSHIFT", text)
    text = _SUBJECT_SHIFT.sub("TOSHIFT", text)
    text = _MOSTLY.sub("MOSTLY ", text)
    text = _SUBSTANCE_OF.sub("", text)
    text = _HAVING.sub("", text)
    text = re.sub(
        r"^no (?=<\d+>.*\b(?:causes?|rules? out|excludes?|confirms?|leads?|treats?)\b)",
        "NOT ",
        text,
        flags=re.IGNORECASE,
    )
    text = re.sub(r"\b(?:is|are|was|were) not\b|\b(?:is|are|was|were)n't\b", "NOT is", text, flags=re.IGNORECASE)
    text = re.sub(r"\b(?:should|must)(?: not|n't)\b", "SHOULDNOT", text, flags=re.IGNORECASE)
    text = re.sub(r"\bseparates? (.{3,40}?) from\b", r"separate \1 and", text, flags=re.IGNORECASE)
    text = _NEGATIONS.sub("NOT", text)
    words = re.findall(r"<\d+>|#\d+|SHOULDNOT|NOT|MOSTLY|TOSHIFT|AWAYSHIFT|[\w/'’%-]+|[,;:]", text)
    out = []
    for word in words:
        low = word if word in _MARKS else word.lower()
        low = BASE_FORM.get(low, low)
        if low not in ARTICLES and low not in DROPPED:
            out.append(low)
    line = re.sub(r"\s+([,;:])", r"\1", " ".join(out))
    line = _HEAD.sub(lambda m: f"{m[1]} {m[2] or ''}{'is ' if m['verb'] is None else ''}", line)
    line = re.sub(r"^NOT (<\d+>(?:,? (?:and|or) <\d+>)*) (is )?", lambda m: f"{m[1]} NOT {m[2] or ''}", line)
    return re.sub(r"\b(?:be|is) (?=is\b|be\b)|^there (?=is\b)", "", line)


def _absorb(line: str, mentions: Sequence[Mention]) -> tuple[str, dict[int, tuple[int, ...]]]:
    """Takes adjectives that are concepts of their own ("left <0>", "chronic <0>") into the concept they stand before."""
    modified: dict[int, tuple[int, ...]] = {}
    pattern = re.compile(r"<(\d+)> <(\d+)>")
    while True:
        found = next(
            (
                m
                for m in pattern.finditer(line)
                if mentions[int(m[1])].category in {"value", "anatomy", "population", "technique"}
            ),
            None,
        )
        if found is None:
            return line, modified
        first, second = int(found[1]), int(found[2])
        modified[second] = (*modified.pop(first, ()), first, *modified.get(second, ()))
        line = line[: found.start()] + f"<{second}>" + line[found.end() :]

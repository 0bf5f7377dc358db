"""A sentence of several statements, part by part, each with its own things as slots.

"<0> is most often due to <1>, whereas <2> points to <3>" is two statements, and so is "<0> is most often due to <1> and
shows as <2>", of which the second has no subject of its own. Knows nothing of relations and of the graph.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from copilot.claims.cues import BASE_FORM, VERB_STARTS
from copilot.relations.port import Masked
from kg.types import CheckedSentence, Verdict

_SLOT = re.compile(r"<(\d+)>")
_ALSO_NOUNS = frozenset(
    "sign contact form measure course test drain border outline present fall rise results marks lead class result drop "
    "displays features shadows signals causes masks guard cut lower project projects rest".split()
)
"""Verbs that are nouns and adjectives too: verbs only before what they act on."""
_FORMS = sorted(
    {
        form
        for form in (*VERB_STARTS, *(form for form, verb in BASE_FORM.items() if verb in VERB_STARTS))
        if form.islower() and form not in _ALSO_NOUNS
    }
    | {"may", "can", "could", "might", "will", "should", "must", "does", "do", "cannot", "was", "are"},
    key=len,
    reverse=True,
)
_FINITE = rf"(?:(?:{'|'.join(_FORMS)})\b|(?:{'|'.join(sorted(_ALSO_NOUNS))}) (?=<|the |an? |no ))"
_HOW = (
    r"(?:(?:also|then|often|usually|typically|commonly|sometimes|frequently|generally|classically|mostly|mainly|never|not"
    r"|rarely|later|eventually) )?"
)
_VERB_FIRST = re.compile(f"{_HOW}{_FINITE}", re.I)
_SUBJECT = re.compile(rf"(<\d+>) {_HOW}{_FINITE}", re.I)
_AND_DOES = re.compile(rf"(?:,? and|, but|,? yet|; and) (?={_HOW}{_FINITE})", re.I)
"""The next verb of the same subject."""
_BETWEEN = re.compile(
    r"\s*(?:;\s*(?:and |but |so |yet |whereas |while |however,? )?|, (?:and|but|yet|whereas|while|although|though)\b"
    r"|(?<!nothing)(?<!anything)(?<!,) (?:whereas|although|though|but)\b)\s+",
    re.I,
)
_RELATIVE = re.compile(rf"<(\d+)> *, (?:which|who) (?P<says>{_HOW}{_FINITE}[^,;]*)(?:, *|$)", re.I)
"""An aside of its own about the thing before it."""
_PRONOUN = re.compile(r"^(?:it|they|this|these|he|she)\b(?! (?:is|was) (?:\w+ )?(?:that|who|to)\b)", re.I)
_REASONS = re.compile(
    r"\b(?:because|since|so that|therefore|hence|thus|the former|the latter|respectively|both|either|neither)\b", re.I
)
"""What joins two statements to a third."""
_FEWEST = 3
"""Fewer things than that make one statement only."""


@dataclass(frozen=True, slots=True)
class Part:
    """One statement. `borrowed`: its subject is taken from a part before."""

    sentence: Masked
    borrowed: bool = False

    @property
    def told(self) -> str:
        """Its words, with the names of its things as far as their ids tell them."""
        return _SLOT.sub(lambda slot: self.sentence.concepts[int(slot[1])].replace("_", " "), self.sentence.text)


def parts_of(sentence: Masked) -> tuple[Part, ...]:
    """The statements of a sentence, two at least and each about something, or none."""
    text = re.sub(r" {2,}", " ", sentence.text).strip()
    if len(sentence.concepts) < _FEWEST or _REASONS.search(text) or re.search(r"[()\u2014\u2013:]", text):
        return ()
    said = [one for text in _without_relatives(text) for one in _split(text)]
    if len(said) <= 1 or not all(_SLOT.search(text) for text, _ in said):
        return ()
    return tuple(Part(_renumbered(text, sentence), borrowed) for text, borrowed in said)


def together(text: str, parts: Sequence[tuple[Part, CheckedSentence | None]]) -> CheckedSentence | None:
    """The verdict on a sentence whose parts have these: supported where each is, contradicted where one is false.

    What is false of a borrowed subject may be true of the one that was meant.
    """
    for part, checked in parts:
        if checked and checked.verdict is Verdict.CONTRADICTED and not part.borrowed:
            return replace(checked, text=text)
    settled = [checked for _, checked in parts if checked and checked.verdict is Verdict.SUPPORTED]
    if not settled or len(settled) < len(parts):
        return None
    facts = tuple({fact.id: fact for checked in settled for fact in checked.facts}.values())
    return replace(settled[0], text=text, facts=facts)


def _without_relatives(text: str) -> Iterator[str]:
    """The sentence, and what it says of things in clauses of their own."""
    found = _RELATIVE.search(text)
    if found is None or not text[: found.start()].strip() + text[found.end() :].strip():
        yield text
        return
    rest = f"{text[: found.start()]}<{found[1]}> {text[found.end() :]}"
    yield from _without_relatives(rest)
    yield f"<{found[1]}> {found['says'].strip()}"


def _split(text: str) -> Iterator[tuple[str, bool]]:
    """The parts between signs and conjunctions, each with whether its subject is taken from the one before."""
    subject = ""
    for clause in _BETWEEN.split(text):
        first, *others = _AND_DOES.split(clause)
        borrowed = bool(subject) and bool(_PRONOUN.match(first) or _VERB_FIRST.match(first))
        if borrowed:
            first = f"{subject} {_PRONOUN.sub('', first).strip()}"
        subject = _subject(first) or subject
        yield first, borrowed
        for other in others:
            yield f"{subject} {other}", True


def _subject(text: str) -> str:
    """The slot before the first verb; what opens with a place or a case ("in <0>, ...") is about the next one."""
    verb = _SUBJECT.search(text)
    first = _SLOT.search(text)
    return verb[1] if verb else first[0] if first else ""


def _renumbered(text: str, sentence: Masked) -> Masked:
    slots = list(dict.fromkeys(int(slot) for slot in _SLOT.findall(text)))
    renumbered = _SLOT.sub(lambda slot: f"<{slots.index(int(slot[1]))}>", text)
    return Masked(renumbered, tuple(sentence.concepts[slot] for slot in slots), sentence.guessed)

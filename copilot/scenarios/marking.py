"""Marks a student's read of a film, sentence by sentence, against what the case holds.

A sentence is right when everything it says of the film fits, wrong when one thing does not, and otherwise not marked.
Knows nothing of the page.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from copilot.scenarios.cases import Case, Expected
from copilot.sessions import Session
from kg.linking import Linker
from kg.types import CheckedSentence, Fact, Mention, Verdict

Mark = Literal["right", "wrong", "not_marked"]


@dataclass(frozen=True, slots=True)
class MarkedSentence:
    """One sentence of the read, with placeholders where identifiers were."""

    text: str
    mark: Mark
    reason: str
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class MarkedRead:
    """The whole read: what was found, what was missed, and the score in words."""

    sentences: tuple[MarkedSentence, ...]
    found: tuple[Expected, ...]
    missed: tuple[Expected, ...]
    score_line: str


class Reader(Protocol):
    """What marking needs of the application."""

    @property
    def linker(self) -> Linker:
        """Finds concepts in text."""

    def check(self, session: Session, text: str) -> tuple[CheckedSentence, ...]:
        """The read's sentences, de-identified, with the graph's verdicts."""


def mark(case: Case, read: str, copilot: Reader, session: Session) -> MarkedRead:
    """Marks one read. Raises `CopilotError`s only."""
    checked = copilot.check(session, read)
    mentions = [copilot.linker.link(sentence.text) for sentence in checked]
    sentences = tuple(_marked(case, sentence, found) for sentence, found in zip(checked, mentions, strict=True))
    seen = [m for found in mentions for m in found]
    found = tuple(one for one in case.expected if any(_judge(one, m) == "" for m in seen))
    missed = tuple(one for one in case.expected if one not in found)
    return MarkedRead(sentences, found, missed, _score(case, found, sentences))


def _marked(case: Case, sentence: CheckedSentence, mentions: Sequence[Mention]) -> MarkedSentence:
    judged = [(m, _judgement(case, m)) for m in mentions]
    wrong = [reason for _, reason in judged if reason]
    if wrong:
        return MarkedSentence(sentence.text, "wrong", " ".join(wrong), sentence.facts)
    if sentence.verdict is Verdict.CONTRADICTED and not any(reason == "" for _, reason in judged):
        return MarkedSentence(sentence.text, "wrong", sentence.reason, sentence.facts)
    if any(reason == "" for _, reason in judged):
        return MarkedSentence(sentence.text, "right", "This fits the film.", sentence.facts)
    return MarkedSentence(sentence.text, "not_marked", "Nothing here can be held against this film.", sentence.facts)


def _judgement(case: Case, mention: Mention) -> str | None:
    """Empty when the mention fits the film, a sentence when it does not, None when it is not about the film."""
    for one in case.expected:
        verdict = _judge(one, mention)
        if verdict is not None:
            return verdict
    # A sign may be one more way to describe what is there; a finding that the case does not hold is an over-call.
    if mention.category == "finding" and mention.assertion == "present":
        return f"This film does not show {mention.name}."
    return None


def _judge(expected: Expected, mention: Mention) -> str | None:
    if mention.concept != expected.concept and mention.concept not in expected.signs:
        return None
    if mention.assertion in {"possible", "hypothetical"}:
        return "" if expected.state == "present" else None
    if mention.assertion not in {"present", "absent"}:
        return None
    if mention.assertion != expected.state:
        return f"On this film {expected.name} is {expected.state}."
    if expected.side and mention.side and mention.side != expected.side:
        return f"It is on the {expected.side}, not on the {mention.side}."
    return ""


def _score(case: Case, found: Iterable[Expected], sentences: Iterable[MarkedSentence]) -> str:
    there = [one for one in case.expected if one.state == "present"]
    seen = [one for one in found if one.state == "present"]
    denied = [one for one in found if one.state == "absent"]
    wrong = sum(sentence.mark == "wrong" for sentence in sentences)
    return (
        f"You saw {len(seen)} of {len(there)} findings, named {len(denied)} of {len(case.expected) - len(there)} "
        f"important absences; {wrong or 'no'} sentence{'' if wrong == 1 else 's'} marked wrong."
    )

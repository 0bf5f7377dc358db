"""The conversation of one visitor: a question in, the log as HTML out, once for each stage.

Knows nothing of Gradio. Raw text goes to the pipeline and to the screen of whoever typed it, nowhere else.
"""

import logging
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from copilot.errors import Cancelled, CopilotError, InputUnusable
from copilot.pipeline import MAX_QUESTION, Copilot
from copilot.sessions import Session
from copilot.types import (
    Answered,
    DraftProgress,
    Event,
    FactsRetrieved,
    FindingsRead,
    PersonaName,
    QuestionDeidentified,
    Queued,
    RedFlag,
    RedFlagsRaised,
    VerdictsGiven,
)
from ui import render
from ui.visitor import Visitor

STOPPED = "Stopped, as you asked. Ask again whenever you like."
BEGINNING = 300  # characters shown of a question that is too long
UNEXPECTED = "Something went wrong on this machine, and your question was not answered; please ask again."
ENDED = "This page lost its connection, so its films and chat were wiped; please reload it to begin again."
TOO_LONG = f"The text is longer than {MAX_QUESTION:,} characters; please give a part of it."
WORDS_A_TOKEN = 0.75
REDRAW_EVERY_S = 0.15
log = logging.getLogger(__name__)


@dataclass
class Turn:
    """One question on the screen, from the moment it is sent until its answer stands there."""

    question: str
    safe: str | None = None
    spans: int = 0
    flags: tuple[RedFlag, ...] = ()
    stages: render.Stages = field(default_factory=render.Stages)

    def html(self, reply: str | None = None) -> str:
        """The turn as it stands: red flags come before everything else that answers."""
        asked = render.user_message(_echoed(self.question), self.safe and _echoed(self.safe), self.spans)
        return turn(asked + render.red_flags(self.flags) + (self.stages.html() if reply is None else reply))


def _echoed(question: str) -> str:
    """The question as typed; of one that is too long to be answered the beginning, not megabytes at every stage."""
    if len(question) <= MAX_QUESTION:
        return question
    return f"{question[:BEGINNING]}… ({len(question):,} characters)"


def turn(inner: str) -> str:
    """One exchange in the log."""
    return f'<article class="cc-turn">{inner}</article>'


def transcript(visitor: Visitor, *, empty: str = "") -> str:
    """The whole log with what is in progress, whoever asks for it, or the empty state."""
    films = "the film" if visitor.reading == 1 else f"{visitor.reading} films"
    reading = turn(render.Stages(now=f"Reading {films}").html()) if visitor.reading else ""
    return "".join([*visitor.turns, visitor.current, reading]) or empty


def short_enough(text: str) -> str:
    """The text. Raises `InputUnusable` for a document: a part of it would be marked as if it were all."""
    if len(text) > MAX_QUESTION:
        raise InputUnusable(TOO_LONG)
    return text


def converse(copilot: Copilot, visitor: Visitor, question: str, *, thumbs: bool) -> Iterator[str]:
    """The log at each stage of one answer. Ends with the answer, or says why there is none.

    Nothing is drawn any more once the visitor has wiped the chat that the question belongs to.
    """
    shown, turns = Turn(question), visitor.turns
    visitor.cancel = cancel = threading.Event()
    visitor.current = drawn = shown.html()
    try:
        yield transcript(visitor)
        for reply in _replies(copilot, visitor, shown, cancel, thumbs=thumbs):
            if visitor.turns is not turns:
                return
            visitor.current = drawn = shown.html(reply)
            if reply is not None:
                keep(visitor, drawn)
            yield transcript(visitor)
    finally:
        cancel.set()  # also when the page was closed in the middle of an answer
        if visitor.current is drawn:
            visitor.current = ""


def keep(visitor: Visitor, finished: str) -> None:
    """The turn in progress is one of the log."""
    visitor.current = ""
    visitor.turns.append(finished)


def _replies(
    copilot: Copilot, visitor: Visitor, shown: Turn, cancel: threading.Event, *, thumbs: bool
) -> Iterator[str | None]:
    """None for each stage worth drawing, then what stands there in the end."""
    try:
        if visitor.ended:
            raise InputUnusable(ENDED)
        yield from _stages(copilot, visitor.open(copilot), shown, cancel, thumbs=thumbs)
    except Cancelled:
        yield render.error(STOPPED)
    except CopilotError as problem:
        yield render.error(str(problem))
    except Exception as problem:
        log.error("unexpected %s while answering", type(problem).__name__)  # never the message: it may quote a person
        yield render.error(UNEXPECTED)


def _stages(
    copilot: Copilot, session: Session, shown: Turn, cancel: threading.Event, *, thumbs: bool
) -> Iterator[str | None]:
    drawn = 0.0
    for event in copilot.ask(session, shown.question, cancel=cancel):
        if isinstance(event, Answered):
            shown.flags = event.answer.red_flags
            footer = render.thumbs(len(session.turns) - 1) if thumbs else ""
            plain = session.persona is PersonaName.KIOSK
            yield render.answer(event.answer, session.vault.restore, footer=footer, plain=plain)
            return
        follow(shown, event)
        if isinstance(event, DraftProgress):
            if time.monotonic() - drawn < REDRAW_EVERY_S:
                continue
            drawn = time.monotonic()
        yield None


def follow(shown: Turn, event: Event) -> None:
    """Moves the turn on by one event of the pipeline."""
    match event:
        case QuestionDeidentified(question=safe, spans=spans):
            shown.safe, shown.spans = safe.text, spans
            shown.stages.step(f"De-identified: {render.count(spans, 'item')} removed", "Looking at the film")
        case RedFlagsRaised(flags=flags):
            shown.flags = flags
        case FindingsRead(readings=readings):
            said = f"{render.count(len(readings), 'film')} read" if readings else "No film in this chat"
            shown.stages.step(said, "Looking for facts")
        case FactsRetrieved(facts=facts):
            shown.stages.step(f"{render.count(len(facts), 'fact')} found", "Writing")
        case Queued(place=place):
            shown.stages.now = f"Waiting for another answer to be written, place {place} in the queue"
        case DraftProgress(tokens=tokens):
            shown.stages.now = f"Writing, about {render.count(round(tokens * WORDS_A_TOKEN), 'word')} so far"
        case VerdictsGiven(counts=counts):
            shown.stages.step("Draft written", "Checking")
            shown.stages.step(f"Checked {render.count(sum(counts.values()), 'sentence')}", "Putting it together")


def examine(copilot: Copilot, visitor: Visitor, text: str) -> Iterator[str]:
    """The log while and after a person's own text is checked, sentence by sentence."""
    shown = Turn(text, stages=render.Stages(now="Checking your text"))
    visitor.current = shown.html()
    yield transcript(visitor)
    try:
        if visitor.ended:
            raise InputUnusable(ENDED)
        session = visitor.open(copilot)
        checked = copilot.check(session, short_enough(text))
        reply = render.checked_text(checked, session.vault.restore)
    except CopilotError as problem:
        reply = render.error(str(problem))
    except Exception as problem:
        log.error("unexpected %s while checking", type(problem).__name__)
        reply = render.error(UNEXPECTED)
    keep(visitor, shown.html(reply))
    yield transcript(visitor)


def rate(copilot: Copilot, visitor: Visitor, number: int, good: bool, reason: str) -> str:
    """Records one thumb and thanks the person, in the place of the thumbs."""
    slot = render.thumbs(number)
    known = visitor.session is not None and any(slot in shown for shown in visitor.turns)
    if known and visitor.session is not None:
        try:
            copilot.rate(visitor.session, number, good, reason)
            said = "Thank you, noted without identifiers."
        except CopilotError as problem:
            said = str(problem)
        visitor.turns = [shown.replace(slot, render.thumbs(number, said)) for shown in visitor.turns]
    return transcript(visitor)

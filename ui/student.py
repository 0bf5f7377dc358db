"""The student's workspace, first slice: look, commit a read, and only then see how it compares.

Knows nothing of how a read is marked, and of the expected findings nothing before the read is committed.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import gradio as gr

from copilot.errors import CopilotError, InputUnusable
from copilot.pipeline import Copilot
from copilot.scenarios import Case, Expected, MarkedRead, cases, mark
from copilot.types import PersonaName
from ui import chat, parts, render
from ui.visitor import Visitor

HOW = (
    "Look first. Write what you see and what you think it means; nothing is shown until you commit. "
    "Names are looked for and taken out, but no software finds all: write none."
)
CLOSED = '<section class="cc-case" data-case-closed><p class="cc-note">Opening the case …</p></section>'
log = logging.getLogger(__name__)


@dataclass
class Student(Visitor):
    """One student: which case is open, and what was committed."""

    at: int = 0


def build(copilot: Copilot) -> None:
    """Lays the workspace out and wires it, inside the `Blocks` that is being built."""
    visitor = gr.State(Student(PersonaName.STUDENT))
    board = parts.html(CLOSED, script='cc.student(element, trigger, watch); "opened"; "another"')

    def opened(student: Student) -> str:
        return open_case(copilot, student)

    def another(student: Student) -> str:
        student.wipe()
        student.at = (student.at + 1) % len(cases())
        return open_case(copilot, student)

    def submit(student: Student, event: gr.EventData) -> str:
        return commit(copilot, student, parts.said(event, "text"))

    working = {**parts.QUIET, "concurrency_limit": parts.MANY}
    board.opened(opened, visitor, board, **working)
    board.another(another, visitor, board, **working)
    board.submit(submit, visitor, board, **working)


def open_case(copilot: Copilot, student: Student, problem: str = "") -> str:
    """The case with its film and an empty read: nothing of what is expected or of what the encoder saw."""
    case = cases()[student.at]
    try:
        session = student.open(copilot)
        if not session.films:
            copilot.add_film(session, case.film)
    except CopilotError as failed:
        problem = str(failed)
    return board_of(student, case, read_form(problem))


def commit(copilot: Copilot, student: Student, read: str) -> str:
    """The committed read, marked; or the case again with one sentence that says what went wrong."""
    case = cases()[student.at]
    try:
        if student.ended:
            raise InputUnusable(chat.ENDED)
        session = student.open(copilot)
        marked = mark(case, chat.short_enough(read), copilot, session)
    except CopilotError as failed:
        return open_case(copilot, student, str(failed))
    except Exception as failed:
        log.error("unexpected %s while marking", type(failed).__name__)
        return open_case(copilot, student, chat.UNEXPECTED)
    return board_of(student, case, marked_read(case, marked, session.vault.restore))


def board_of(student: Student, case: Case, beside: str) -> str:
    """The case: the story and the film on one side, the read on the other."""
    film = render.film_panel(student.session.films[:1], with_findings=False) if student.session else ""
    return (
        '<section class="cc-case"><div class="cc-story">'
        f'<p class="cc-small">Case {student.at + 1} of {len(cases())}</p><h2>{escape(case.title)}</h2>'
        f'<p class="cc-vignette">{escape(case.vignette)}</p>{film}</div>'
        f'<div class="cc-read">{beside}</div></section>'
    )


def read_form(problem: str = "") -> str:
    """Where the student writes."""
    return (
        f'<form aria-label="Your read"><h3>Your read</h3><p>{HOW}</p>'
        f"{render.error(problem) if problem else ''}"
        '<label class="cc-sr" for="cc-student-read">Your read</label><textarea id="cc-student-read" rows="9" '
        'placeholder="For example: The heart is not enlarged. There is …"></textarea>'
        '<button type="submit" class="cc-primary">Commit my read</button></form>'
    )


def marked_read(case: Case, marked: MarkedRead, restore: render.Restore = render.as_typed) -> str:
    """The read with a mark for each sentence, what was found and missed, and what the case teaches."""
    citations = render.Citations()
    sentences = "".join(render.sentence(s, render.STUDENT_MARKS[s.mark], citations, restore) for s in marked.sentences)
    again = "Another case" if len(cases()) > 1 else "This case again"
    teaching = "".join(f"<li>{escape(point)}</li>" for point in case.teaching)
    return (
        '<div class="cc-marked" data-testid="marked"><h3>Your read, marked</h3>'
        f'<p class="cc-score" data-testid="score">{escape(marked.score_line)}</p>'
        f'<div class="cc-sentences">{sentences}</div>{_named("You found", "✓", marked.found)}'
        f"{_named('Missing from your read', '○', marked.missed)}{render.source_list(citations)}"
        f'<h4>What this case teaches</h4><ul class="cc-teaching">{teaching}</ul>'
        '<p class="cc-disclaimer" data-testid="disclaimer">A teaching exercise on a made-up patient; '
        "the marks come from the case and the graph, and no clinician has reviewed them.</p>"
        f'<button type="button" class="cc-primary" data-next>{again}</button></div>'
    )


def _named(title: str, icon: str, things: Sequence[Expected]) -> str:
    if not things:
        return ""
    items = "".join(f'<li><span aria-hidden="true">{icon}</span> {escape(_said(one))}</li>' for one in things)
    return f'<h4>{title}</h4><ul class="cc-found">{items}</ul>'


def _said(one: Expected) -> str:
    side = f" on the {one.side}" if one.side in {"left", "right"} else " on both sides" if one.side else ""
    return f"{'no ' if one.state == 'absent' else ''}{one.name}{side}"

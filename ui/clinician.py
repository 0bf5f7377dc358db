"""The clinician's workspace: films with findings beside a chat in which every sentence carries its verdict.

Knows nothing of the graph, of models, or of how a film is made safe: bytes and words go to the pipeline.
"""

import logging
from collections.abc import Iterator, Sequence
from typing import Any

import gradio as gr

from copilot.errors import CopilotError, InputUnusable
from copilot.pipeline import Copilot
from copilot.types import PersonaName
from ui import chat, films, parts, render, viewer
from ui.uploads import Uploads, take_all
from ui.visitor import Visitor

ASK = "Ask about this film"
CHECK = "Paste a report or any statement: each sentence gets a verdict"
EXAMPLES = (
    ("film", "ask", "What does this film show?", "Opens the bundled example film and asks"),
    ("", "ask", "What could a blunted costophrenic angle mean?", "Asks the graph, no film needed"),
    (
        "",
        "check",
        "A tension pneumothorax shifts the mediastinum towards the lesion. "
        "Pleural effusion can blunt the costophrenic angle.",
        "Checks a text, sentence by sentence",
    ),
)
WELCOME = parts.welcome(
    "Start with a film, or just ask",
    "Add a chest radiograph, then ask about it. Names, numbers and dates are looked for and taken out before anything "
    "else reads them; no software finds all. Every sentence of the answer is checked; press one to see the facts and "
    "sources behind it.",
    EXAMPLES,
)
UNSENT = "A file was not taken: it is over 256 MB, or the connection broke; please try a smaller one or try again."
MARKED = "Its border was drawn by a program from grey levels; check it before you use the number."
OUT = "What comes is answered without it; what stands above still speaks of it, and films after it are counted anew."
UNREADABLE = "A film could not be read on this machine; please try another file."
log = logging.getLogger(__name__)


def build(copilot: Copilot, uploads: Uploads, example_film: bytes) -> None:
    """Lays the workspace out and wires it, inside the `Blocks` that is being built."""
    visitor = gr.State(Visitor(PersonaName.CLINICIAN))
    with gr.Row(elem_classes="cc-split", equal_height=False):
        with gr.Column(elem_classes="cc-left", min_width=0):
            panel = parts.html(
                "",
                parts.asset("films.html"),
                'cc.filmPanel(element, trigger, upload, watch); "earlier"; "remove"; "region"; "explore"',
            )
        with gr.Column(elem_classes="cc-right", min_width=0):
            log_view = parts.log("clinician", WELCOME, "Conversation about your films")
            box = parts.composer("clinician", ASK, "Send", check=CHECK)

    def submit(visitor: Visitor, event: gr.EventData) -> Iterator[tuple[Any, Any]]:
        if event._data.get("film") is True:
            added = add_film(copilot, visitor, example_film)
            yield gr.skip(), panel_of(copilot, visitor)
            if not added:
                yield chat.transcript(visitor), gr.skip()
                return
        called = earlier_ones(visitor)
        work = chat.examine if parts.said(event, "mode") == "check" else answer
        for view in work(copilot, visitor, parts.said(event, "text")):
            yield view, gr.skip()
        if earlier_ones(visitor) != called:  # the question spoke of an earlier film
            yield gr.skip(), panel_of(copilot, visitor)

    def rate(visitor: Visitor, event: gr.EventData) -> str:
        turn, good = int(event._data.get("turn", -1)), event._data.get("good") is True
        return chat.rate(copilot, visitor, turn, good, parts.said(event, "reason"))

    working = {**parts.QUIET, "concurrency_limit": parts.MANY, "trigger_mode": "multiple"}
    box.submit(submit, visitor, [log_view, panel], **working)
    wire_films(copilot, uploads, visitor, panel, log_view)
    log_view.rate(rate, visitor, log_view, **working)
    box.stop(Visitor.stop, visitor, None, **parts.AT_ONCE)


def wire_films(copilot: Copilot, uploads: Uploads, visitor: gr.State, panel: gr.HTML, log_view: gr.HTML) -> None:
    """What can be done with the films of the panel."""

    def upload(visitor: Visitor, event: gr.EventData) -> Iterator[tuple[Any, Any]]:
        if event._data.get("refused"):
            say(visitor, render.error(UNSENT))
        for read in add_films(copilot, visitor, fetched(uploads, visitor, parts.listed(event, "paths"))):
            yield chat.transcript(visitor, empty=WELCOME), panel_of(copilot, visitor) if read else gr.skip()

    def earlier(visitor: Visitor, event: gr.EventData) -> str:
        return call_earlier(copilot, visitor, parts.number(event, "film"), event._data.get("earlier") is True)

    def remove(visitor: Visitor, event: gr.EventData) -> tuple[str, str]:
        shown = take_out(copilot, visitor, parts.number(event, "film"))
        return chat.transcript(visitor, empty=WELCOME), shown

    def region(visitor: Visitor, event: gr.EventData) -> tuple[str, str]:
        shown = mark(copilot, visitor, parts.number(event, "film"), parts.numbers(event, "corners"))
        return chat.transcript(visitor, empty=WELCOME), shown

    def explore(visitor: Visitor, event: gr.EventData) -> tuple[str, str]:
        shown = explored(copilot, visitor, parts.number(event, "film"), parts.said(event, "text"))
        return chat.transcript(visitor, empty=WELCOME), shown

    working = {**parts.QUIET, "concurrency_limit": parts.MANY, "trigger_mode": "multiple"}
    panel.upload(upload, visitor, [log_view, panel], **working)
    panel.earlier(earlier, visitor, panel, **working)
    panel.remove(remove, visitor, [log_view, panel], **working)
    panel.region(region, visitor, [log_view, panel], **working)
    panel.explore(explore, visitor, [log_view, panel], **working)


def answer(copilot: Copilot, visitor: Visitor, question: str) -> Iterator[str]:
    """The conversation with thumbs under each answer."""
    return chat.converse(copilot, visitor, question, thumbs=True)


def panel_of(copilot: Copilot, visitor: Visitor) -> str:
    """The films of this visitor, the newest against the earlier one where there is one."""
    session = visitor.session
    if session is None:
        return ""
    over = copilot.earlier_over(session)
    earlier = "" if over is None else films.pixels_address(over)
    changes, restore = copilot.changes(session), session.vault.restore
    return render.film_panel(session.films, changes=changes, earlier=earlier, restore=restore)


def earlier_ones(visitor: Visitor) -> list[bool]:
    """Which films are called earlier ones."""
    return [film.prior for film in visitor.session.films] if visitor.session else []


def call_earlier(copilot: Copilot, visitor: Visitor, number: int, earlier: bool) -> str:
    """The panel once a film was called the earlier one, or no longer."""
    session = visitor.session
    if session is not None and 0 <= number < len(session.films):
        session.call_earlier(number, earlier)
    return panel_of(copilot, visitor)


def take_out(copilot: Copilot, visitor: Visitor, number: int) -> str:
    """The panel without one film, as of the wrong patient; the chat says so, as its numbers and answers stay."""
    session = visitor.session
    if session is not None and 0 <= number < len(session.films):
        session.take_out(number)
        say(visitor, render.note(f"Film {number + 1} was taken out. {OUT}"))
    return panel_of(copilot, visitor)


def mark(copilot: Copilot, visitor: Visitor, number: int, corners: Sequence[float]) -> str:
    """Outlines what lies between two corners, and says in the chat how large it is, or why there is no border."""
    session = visitor.session
    if session is None or not 0 <= number < len(session.films) or len(corners) != 4:
        return panel_of(copilot, visitor)
    try:
        film = copilot.mark_region(session, number, corners)
    except CopilotError as problem:
        say(visitor, render.error(str(problem)))
        return panel_of(copilot, visitor)
    region = film.regions[-1]
    said = f"Region {len(film.regions)} on film {number + 1}: {viewer.area(region)}. {MARKED}"
    say(visitor, render.note(said))
    return panel_of(copilot, visitor)


def explored(copilot: Copilot, visitor: Visitor, number: int, phrase: str) -> str:
    """Tries words on a film; what came of it stands below the film, and a refusal in the chat."""
    session = visitor.session
    if session is not None and 0 <= number < len(session.films) and phrase.strip():
        try:
            copilot.explore(session, number, phrase)
        except CopilotError as problem:
            say(visitor, render.error(str(problem)))
    return panel_of(copilot, visitor)


def fetched(uploads: Uploads, visitor: Visitor, paths: list[str]) -> list[bytes]:
    """The uploaded files, which are off the disk from here on. What cannot be fetched is said in the chat."""
    try:
        return take_all(uploads, paths)
    except OSError as problem:
        log.error("an upload could not be read: %s", type(problem).__name__)
        say(visitor, render.error(UNREADABLE))
        return []


def add_films(copilot: Copilot, visitor: Visitor, files: list[bytes]) -> Iterator[bool]:
    """Reads files one after the other; each leaves a line in the chat. Stops before the first and after each.

    Yields whether a film was added since the last stop.
    """
    left = len(files)
    visitor.reading += left
    try:
        yield False
        for number, data in enumerate(files, 1):
            which = f"File {number} of {len(files)}: " if len(files) > 1 else ""
            added = add_film(copilot, visitor, data, which)
            left -= 1
            visitor.reading -= 1
            yield added
    finally:
        visitor.reading -= left  # the page was closed before all of them were read


def add_film(copilot: Copilot, visitor: Visitor, data: bytes, which: str = "") -> bool:
    """Reads one file; the chat says what came of it, and goes on either way. `which`: of several, before a refusal."""
    try:
        if visitor.ended:
            raise InputUnusable(chat.ENDED)
        session = visitor.open(copilot)
        film = copilot.add_film(session, data)
    except CopilotError as problem:
        say(visitor, render.error(f"{which}{problem}"))
        return False
    except Exception as problem:
        log.error("unexpected %s while reading a film", type(problem).__name__)
        say(visitor, render.error(f"{which}{UNREADABLE}"))
        return False
    number = [one is film for one in session.films].index(True) + 1  # others may be read at the same time
    said = f"Film {number} added. {render.what_was_removed(film)}."
    say(visitor, render.note(said if film.reading.accepted else f"{said} It was not read: {film.reading.reason}"))
    return True


def say(visitor: Visitor, piece: str) -> None:
    """Adds a statement of the page to the chat."""
    visitor.turns.append(chat.turn(piece))

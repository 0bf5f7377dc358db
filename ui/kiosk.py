"""The waiting-room kiosk: one word or sentence in, plain words out, and nothing left behind.

Knows nothing of films. Red flags come first; "I'm done", or two minutes of nothing, forgets everything.
"""

from collections.abc import Iterator

import gradio as gr

from copilot.pipeline import Copilot
from copilot.types import PersonaName
from ui import chat, parts
from ui.visitor import Visitor

LABEL = "Type a word, or copy a sentence from your report"
EXAMPLES = (
    ("", "ask", "What is a pleural effusion?", "A word from a report"),
    ("", "ask", "No evidence of pneumothorax.", "A sentence from a report"),
    ("", "ask", "What does cardiomegaly mean?", "Another word"),
)
WELCOME = parts.welcome(
    "What would you like explained?",
    "Type a word you do not know, or copy a sentence from your X-ray report. Please leave out your name: "
    "names are looked for and taken out, but no software finds all. "
    "If you feel very unwell now, tell the staff.",
    EXAMPLES,
)


def build(copilot: Copilot) -> None:
    """Lays the kiosk out and wires it, inside the `Blocks` that is being built."""
    visitor = gr.State(Visitor(PersonaName.KIOSK))
    log_view = parts.log("kiosk", WELCOME, "Explanations")
    box = parts.composer("kiosk", LABEL, "Explain")
    done = parts.html("", parts.asset("done.html"), 'cc.kiosk(element, trigger); "clear"')

    def submit(visitor: Visitor, event: gr.EventData) -> Iterator[str]:
        yield from chat.converse(copilot, visitor, parts.said(event, "text"), thumbs=False)

    def clear(visitor: Visitor) -> str:
        visitor.wipe()
        return WELCOME

    answering = box.submit(submit, visitor, log_view, **parts.QUIET, concurrency_limit=parts.MANY)
    box.stop(Visitor.stop, visitor, None, **parts.AT_ONCE)
    done.clear(clear, visitor, log_view, cancels=answering, **parts.AT_ONCE)

"""What the page remembers of one visitor in one workspace: in that visitor's `gr.State` and nowhere else.

Knows nothing of Gradio and of how anything is drawn.
"""

import threading
from dataclasses import dataclass, field

from copilot.pipeline import Copilot
from copilot.sessions import Session
from copilot.types import PersonaName


@dataclass
class Visitor:
    """One visitor's session, the turns on their screen as HTML, and the handle that stops an answer.

    `current`: the turn in progress, as HTML. `reading`: how many films are being read.
    `ended`: the page was closed or lost its connection and everything was forgotten, so nothing may be added.
    """

    persona: PersonaName
    session: Session | None = None
    turns: list[str] = field(default_factory=list)
    current: str = ""
    reading: int = 0
    cancel: threading.Event | None = None
    ended: bool = False

    def open(self, copilot: Copilot) -> Session:
        """The visitor's session, made when it is first needed."""
        if self.session is None:
            self.session = copilot.open_session(self.persona)
        return self.session

    def stop(self) -> None:
        """Stops the answer in progress, if there is one."""
        if self.cancel is not None:
            self.cancel.set()

    def wipe(self) -> None:
        """Stops and forgets everything; the next question starts a new session."""
        self.stop()
        if self.session is not None:
            self.session.wipe()
        self.session = None
        self.current = ""
        self.turns = []  # not cleared: an answer in progress sees that its chat is gone

    def end(self) -> None:
        """Wipes for good: what is left of the page is a picture that nothing stands behind."""
        self.wipe()
        self.ended = True

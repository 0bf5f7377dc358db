"""`Copilot`: the whole path from a question and films to a checked answer, on one screen. Sees ports, never backends."""

import threading
from collections.abc import Iterator

from copilot.sessions import Film, Session
from copilot.types import Event, PersonaName
from guardrails.types import Deidentified
from kg.types import CheckedSentence


class Copilot:
    """One instance serves all visitors; everything of one visitor is in their `Session`."""

    def open_session(self, persona: PersonaName = PersonaName.CLINICIAN) -> Session:
        """A fresh session."""
        raise NotImplementedError

    def add_film(self, session: Session, data: bytes) -> Film:
        """De-identifies and reads one file. Raises `InputUnusable` with one sentence; the session is unharmed."""
        raise NotImplementedError

    def ask(
        self, session: Session, question: str, *, seed: int = 0, cancel: threading.Event | None = None
    ) -> Iterator[Event]:
        """Stage events, the last of which is `Answered`. Raises `CopilotError`s only."""
        raise NotImplementedError

    def deidentify(self, session: Session, text: str) -> Deidentified:
        """Text without identifiers, placeholders from the session's vault."""
        raise NotImplementedError

    def check(self, session: Session, text: str) -> tuple[CheckedSentence, ...]:
        """A verdict for each sentence of a person's own text. No language model."""
        raise NotImplementedError

    def rate(self, session: Session, turn: int, good: bool, reason: str = "") -> None:
        """Records a thumb for one turn, with a de-identified reason."""
        raise NotImplementedError

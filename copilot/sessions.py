"""One visitor's state: vault, films, readings, turns. Nothing here is shared between visitors.

Knows nothing of models or of how a session reaches the browser.
"""

import secrets
from dataclasses import dataclass, field

from copilot.types import Answer, PersonaName, Reading
from guardrails.types import SafeImage, SafeText, Vault
from kg.types import Mention


@dataclass(frozen=True, slots=True)
class Film:
    """One film of the session, read once; `milliseconds` from the file's bytes to the reading."""

    image: SafeImage
    reading: Reading
    milliseconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Turn:
    """One question and its answer, both without identifiers."""

    question: SafeText
    answer: Answer


@dataclass
class Session:
    """Everything that is remembered of one visitor, in memory only, until they leave or say that they are done.

    `topic`: the concepts last spoken of, so that "and what causes it?" has something to mean.
    """

    persona: PersonaName = PersonaName.CLINICIAN
    id: str = field(default_factory=lambda: secrets.token_hex(8))
    vault: Vault = field(default_factory=Vault)
    films: list[Film] = field(default_factory=list)
    turns: list[Turn] = field(default_factory=list)
    topic: tuple[Mention, ...] = ()

    def wipe(self) -> None:
        """Forgets films, turns and identifiers."""
        self.vault.wipe()
        self.films.clear()
        self.turns.clear()
        self.topic = ()

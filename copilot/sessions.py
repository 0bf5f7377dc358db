"""One visitor's state: vault, films, readings, turns. Nothing here is shared between visitors.

Knows nothing of models or of how a session reaches the browser.
"""

import secrets
from dataclasses import dataclass, field

from copilot.types import Answer, PersonaName, Reading
from guardrails.types import SafeImage, SafeText, Vault


@dataclass(frozen=True, slots=True)
class Film:
    """One film of the session, read once."""

    image: SafeImage
    reading: Reading


@dataclass(frozen=True, slots=True)
class Turn:
    """One question and its answer, both without identifiers."""

    question: SafeText
    answer: Answer


@dataclass
class Session:
    """Everything that is remembered of one visitor, in memory only, until they leave or say that they are done."""

    persona: PersonaName = PersonaName.CLINICIAN
    id: str = field(default_factory=lambda: secrets.token_hex(8))
    vault: Vault = field(default_factory=Vault)
    films: list[Film] = field(default_factory=list)
    turns: list[Turn] = field(default_factory=list)

    def wipe(self) -> None:
        """Forgets films, turns and identifiers."""
        self.vault.wipe()
        self.films.clear()
        self.turns.clear()

"""One visitor's state: vault, films, readings, turns. Nothing here is shared between visitors.

Knows nothing of models or of how a session reaches the browser.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from copilot.followups import asks_for_earlier_film
from copilot.types import Answer, Explored, MarkedRegion, Nearest, PersonaName, Reading
from guardrails.types import SafeImage, SafeText, Vault
from kg.types import Mention, Side


@dataclass(frozen=True, slots=True)
class Film:
    """One film of the session, read once; `milliseconds` from the file's bytes to the reading.

    `prior`: an earlier film, to compare with; it says nothing of what is there now. `regions`: what was pointed at.
    `explored`: phrases that were tried on it. `nearest`: of the local index of reports, where there is one.
    """

    image: SafeImage
    reading: Reading
    milliseconds: float = 0.0
    prior: bool = False
    regions: tuple[MarkedRegion, ...] = ()
    explored: tuple[Explored, ...] = ()
    nearest: Nearest | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """One question and its answer, both without identifiers."""

    question: SafeText
    answer: Answer


@dataclass
class Session:
    """Everything that is remembered of one visitor, in memory only, until they leave or say that they are done.

    `topic`: the concepts last spoken of, so that "and what causes it?" has something to mean; `side` as well.
    `sources`: source to its number, so that [2] means the same in every answer.
    """

    persona: PersonaName = PersonaName.CLINICIAN
    id: str = field(default_factory=lambda: secrets.token_hex(8))
    vault: Vault = field(default_factory=Vault)
    films: list[Film] = field(default_factory=list)
    turns: list[Turn] = field(default_factory=list)
    topic: tuple[Mention, ...] = ()
    side: Side | None = None
    sources: dict[str, int] = field(default_factory=dict)

    def readings(self, *, prior: bool = False) -> tuple[Reading, ...]:
        """The readings of the films at hand, or of the earlier ones."""
        return tuple(film.reading for film in self.films if film.prior is prior)

    def compare_with_earlier(self, question: str) -> None:
        """Where a question speaks of an earlier film and none is marked as one, all but the newest are."""
        if asks_for_earlier_film(question) and len(self.films) > 1 and not any(film.prior for film in self.films):
            self.films[:-1] = [replace(film, prior=True) for film in self.films[:-1]]

    def call_earlier(self, number: int, earlier: bool) -> None:
        """Marks one film as an earlier one, or as one of now."""
        self.films[number] = replace(self.films[number], prior=earlier)

    def take_out(self, number: int) -> None:
        """Forgets one film; those after it move up by one."""
        del self.films[number]

    def pair(self) -> tuple[Film, Film] | None:
        """The newest earlier film and the newest of now, where both were accepted."""
        read = [film for film in self.films if film.reading.accepted]
        earlier, now = ([film for film in read if film.prior is prior] for prior in (True, False))
        return (earlier[-1], now[-1]) if earlier and now else None

    def cite(self, sources: Iterable[str]) -> tuple[tuple[int, str], ...]:
        """(number, source) for each source in order of first use; a source keeps its number all session."""
        return tuple((self.sources.setdefault(s, len(self.sources) + 1), s) for s in dict.fromkeys(sources))

    def wipe(self) -> None:
        """Forgets films, turns and identifiers."""
        self.vault.wipe()
        self.films.clear()
        self.turns.clear()
        self.topic = ()
        self.side = None
        self.sources.clear()

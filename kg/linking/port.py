"""What a reader of concepts must answer. Knows nothing of where it comes from."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Meant:
    """A concept that the words from `start` to `end` (code points) may mean without naming it. `share`: 0..1."""

    start: int
    end: int
    concept: str
    share: float

    @property
    def span(self) -> tuple[int, int]:
        """`start` and `end`."""
        return self.start, self.end


class ConceptReader(ABC):
    """Reads texts one by one. Safe for several threads."""

    @abstractmethod
    def read(self, text: str) -> Sequence[Meant]:
        """What words may mean, the likeliest first; spans may overlap, and one may mean several things."""

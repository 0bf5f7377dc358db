"""What a model must answer that is asked for a second opinion. Knows nothing of where it comes from."""

from abc import ABC, abstractmethod
from collections.abc import Sequence

Pair = tuple[str, str]
"""(premise, hypothesis): what the graph says, and what a sentence says of it."""


class Entailment(ABC):
    """Reads pairs of texts. Safe for several threads."""

    @abstractmethod
    def doubts(self, pairs: Sequence[Pair]) -> Sequence[bool]:
        """For each pair, whether the hypothesis may not stand beside the premise."""

"""What the page needs to know of a checked sentence and of a fact, whoever made them.

The values themselves are the graph's, which the page does not import: they arrive inside `copilot.types`.
"""

from collections.abc import Sequence
from typing import Protocol


class ShownQuantity(Protocol):
    """A number with its comparison; `unit` "1" means a ratio, `upper` is set for "between"."""

    @property
    def operator(self) -> str:
        """One of < <= = >= > between."""

    @property
    def value(self) -> float:
        """The number, or the lower bound."""

    @property
    def unit(self) -> str:
        """The unit of the number."""

    @property
    def upper(self) -> float | None:
        """The upper bound of a range."""


class ShownFact(Protocol):
    """One statement of the graph with its source and tier; `denied` means that it is *not* so."""

    @property
    def subject_name(self) -> str:
        """What the fact is about."""

    @property
    def predicate(self) -> str:
        """The relation, in capitals."""

    @property
    def object_name(self) -> str:
        """What it says of it."""

    @property
    def source(self) -> str:
        """One-line citation."""

    @property
    def tier(self) -> str:
        """How far it may be trusted."""

    @property
    def denied(self) -> bool:
        """Whether the graph says that it is not so."""

    @property
    def quantity(self) -> ShownQuantity | None:
        """The number in it, if any."""

    @property
    def qualifiers(self) -> tuple[tuple[str, str], ...]:
        """The conditions under which it holds."""


class ShownSentence(Protocol):
    """A sentence, why it is marked as it is, and the facts that decided."""

    @property
    def text(self) -> str:
        """The sentence, with placeholders."""

    @property
    def reason(self) -> str:
        """One plain sentence, or empty."""

    @property
    def facts(self) -> Sequence[ShownFact]:
        """What decided, best first."""


class CheckedText(ShownSentence, Protocol):
    """A sentence with the graph's verdict."""

    @property
    def verdict(self) -> str:
        """The graph's verdict."""

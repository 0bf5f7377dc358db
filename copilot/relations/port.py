"""What the readers of sentences must answer. Knows nothing of where it comes from."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Masked:
    """A sentence whose things are numbered slots, "<0> is often seen in <1>"; `concepts[n]` is the concept of <n>.

    `guessed`: the concepts that it does not name and may not mean.
    """

    text: str
    concepts: tuple[str, ...]
    guessed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Stated:
    """A relation that a sentence may state. `share`: 0..1, of all readings of the two slots, `none` among them.

    `subject` is a slot; `object` a slot too, or None where the label carries a value of the graph, such as
    "HAS_COURSE=chronic".
    """

    subject: int
    object: int | None
    predicate: str
    value: str
    denied: bool
    share: float


class RelationReader(ABC):
    """Reads sentences one by one. Safe for several threads."""

    @abstractmethod
    def read(self, sentence: Masked, kinds: Mapping[str, str]) -> Sequence[Stated]:
        """What it may state, readings of a small share left out; nothing where fewer things are named than a label needs.

        `kinds`: concept to category, as far as it is known.
        """


@dataclass(frozen=True, slots=True)
class Part:
    """The code points `start` to `end` of a text, a word or a sign, and what it is there for, each as a share 0..1.

    `aside`: it is said by the way and claims nothing; `more`: it claims something besides what the sentence states.
    """

    start: int
    end: int
    aside: float
    more: float


class AsideReader(ABC):
    """Tells what a sentence states from what is said beside it. Safe for several threads."""

    @abstractmethod
    def read(self, text: str) -> Sequence[Part]:
        """The words and signs of one sentence, in order; those behind the longest that it reads are left out."""


@dataclass(frozen=True, slots=True)
class Settles:
    """What one fact makes of a sentence, as shares 0..1; what is left of them is that it does neither.

    `bears_out`: whoever holds the fact must agree that the whole sentence is true; `denies`: that it is false.
    """

    bears_out: float
    denies: float


class FactReader(ABC):
    """Reads a sentence beside facts, each by itself. Safe for several threads."""

    @abstractmethod
    def likeness(self, sentence: str, facts: Sequence[str]) -> Sequence[float]:
        """How alike in meaning it and each of the `facts` are, -1..1, without reading them side by side."""

    @abstractmethod
    def read(self, sentence: str, facts: Sequence[str]) -> Sequence[Settles]:
        """For each of the `facts`, in words; what is behind the longest text that it reads is left out."""

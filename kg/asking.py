"""What a question asks of the things that it names: the relations of the facts that would answer it, as a port.

Knows nothing of facts and of how a question is read.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Literal

from kg.types import Mention

Relation = tuple[str, Literal["s", "o"]]
"""A predicate, and whether what is asked about is the subject or the object of the fact that answers."""
ASKED, OTHER = "<X>", "<Y>"


class QuestionReader(ABC):
    """Reads questions. Safe for several threads; the same question gets the same shares."""

    @abstractmethod
    def read(self, question: str) -> Mapping[Relation, float]:
        """The share of each relation, 0..1, all together 1.

        `question`: "How is <X> told from <Y>?", `ASKED` for what is asked about and `OTHER` for everything else it names.
        """


def with_slots(question: str, mentions: Sequence[Mention], asked: str) -> str:
    """The question with slots for its mentions; `asked` is a concept id. What a question before named stands in none."""
    parts, at = [], 0
    for m in sorted(mentions, key=lambda m: m.start):
        if m.start >= at and m.stands_in(question):
            parts += [question[at : m.start], ASKED if m.concept == asked else OTHER]
            at = m.end
    return "".join([*parts, question[at:]])


def turned(relations: Mapping[Relation, float]) -> Mapping[Relation, float]:
    """The same of the other thing that is named: what causes it is what the other causes."""
    return {(predicate, "o" if end == "s" else "s"): share for (predicate, end), share in relations.items()}

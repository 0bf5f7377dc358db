"""The one interface every pack of facts has, and the stable id of a fact.

Knows nothing of files, and nothing of the graph engine.
"""

import hashlib
from collections.abc import Iterable
from typing import Protocol

from kg.types import Concept, Fact, Quantity, Source


class Pack(Protocol):
    """A named, versioned and licensed set of concepts, sources and facts.

    `version` changes when the content changes and must be cheap: it is asked at every start. The three
    methods may be called more than once and raise `PackInvalid` for a row that cannot be used. A fact may
    refer to concepts of packs that were loaded before; it names its source twice, as `source_id` and, for the
    reader, as `source`.
    """

    @property
    def name(self) -> str:
        """Short and stable; `core` is the one that ships."""
        ...

    @property
    def version(self) -> str:
        """A hash of the content, or the version of the data it was made from."""
        ...

    @property
    def licence(self) -> str:
        """The licence of the content, as an SPDX name where there is one."""
        ...

    def concepts(self) -> Iterable[Concept]:
        """The concepts that this pack defines."""
        ...

    def sources(self) -> Iterable[Source]:
        """The sources that this pack cites and no earlier pack does."""
        ...

    def facts(self) -> Iterable[Fact]:
        """The facts, each with a stable id."""
        ...

    def where(self, fact_id: str) -> str:
        """Where the fact was written, for an error message: file and line, or a record's key."""
        ...


def fact_id(
    subject: str,
    predicate: str,
    object_: str,
    *,
    denied: bool = False,
    quantity: Quantity | None = None,
    qualifiers: tuple[tuple[str, str], ...] = (),
    source_id: str = "",
) -> str:
    """16 hexadecimal digits that stay the same for as long as the statement and its source do."""
    q = quantity
    measured = "" if q is None else f"{q.operator} {q.value!r} {q.upper!r} {q.unit}"
    said = ";".join(f"{key}={value}" for key, value in sorted(qualifiers))
    parts = (subject, predicate, object_, "not" if denied else "", measured, said, source_id)
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:16]

"""`Memory`: what the graph has said is not asked again while it holds the same packs in the same versions.

Knows nothing of questions, claims and verdicts.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Protocol

from kg.queries import IS_A_STEPS
from kg.types import Concept, Fact, Tier

MOST = 500_000  # answers; beyond, what was remembered is let go
_TRUST = (Tier.REVIEWED, Tier.CURATED, Tier.IMPORTED, Tier.MINED)
_Pair = tuple[str, str]


class FactStore(Protocol):
    """What retrieval and checking ask of a graph. `kg.graph.Graph` is one."""

    def ancestors(self, concept_ids: Iterable[str], /) -> Mapping[str, Collection[str]]:
        """What each concept is a kind of."""

    def descendants(self, concept_ids: Iterable[str], /) -> Mapping[str, Collection[str]]:
        """The kinds of each concept."""

    def facts_between(self, pairs: Iterable[tuple[str, str]], /) -> Sequence[Fact]:
        """Facts and denials that join the two concepts of a pair, whichever way they point."""

    def facts_about(
        self, concept_ids: Iterable[str], predicates: Iterable[str] | None = None, limit: int = 2_000
    ) -> Sequence[Fact]:
        """Facts and denials with one of the concepts at either end."""

    def concepts(self, concept_ids: Iterable[str], /) -> Sequence[Concept]:
        """Those of the concepts that exist."""


class FactStores(Protocol):
    """Gives a store as it stands now. `Memory` is one."""

    def now(self) -> FactStore:
        """What is asked for the length of one question or text."""


class VersionedStore(FactStore, Protocol):
    """What is asked of the graph itself. `kg.graph.Graph` is one."""

    def version(self) -> tuple[tuple[str, ...], ...]:
        """What tells one state of the graph from another; empty while it is being changed."""

    def is_a(self) -> Iterable[_Pair]:
        """Every (concept, what it is a kind of)."""


class Memory:
    """Gives the graph as it stands, with what was asked of it before. Safe for several threads."""

    def __init__(self, graph: VersionedStore) -> None:
        self._graph = graph
        self._view: _View | None = None

    def now(self) -> FactStore:
        """The graph as it stands now; for one question or text. One round trip. Raises `kg.types.GraphError`."""
        version = self._graph.version()
        if not version:
            return self._graph
        view = self._view
        if view is None or view.version != version or view.size > MOST:
            view = self._view = _View(self._graph, version)
        return view


class _View:
    """The answers of one version of the graph. A thread may ask again what another one is asking; that does no harm."""

    def __init__(self, graph: VersionedStore, version: tuple[tuple[str, ...], ...]) -> None:
        self.version = version
        self._graph = graph
        self._above: dict[str, list[str]] = defaultdict(list)
        self._below: dict[str, list[str]] = defaultdict(list)
        for below, above in graph.is_a():
            self._above[below].append(above)
            self._below[above].append(below)
        self._between: dict[_Pair, tuple[Fact, ...]] = {}
        self._about: dict[tuple[str, tuple[str, ...] | None], tuple[Fact, ...]] = {}
        self._concepts: dict[str, Concept | None] = {}

    @property
    def size(self) -> int:
        """How many answers it holds."""
        return len(self._between) + len(self._about) + len(self._concepts)

    def ancestors(self, concept_ids: Iterable[str], /) -> Mapping[str, Collection[str]]:
        """What each concept is a kind of, as `Graph.ancestors` has it."""
        return {concept: _reached(concept, self._above) for concept in concept_ids}

    def descendants(self, concept_ids: Iterable[str], /) -> Mapping[str, Collection[str]]:
        """The kinds of each concept, as `Graph.descendants` has it."""
        return {concept: _reached(concept, self._below) for concept in concept_ids}

    def facts_between(self, pairs: Iterable[_Pair], /) -> list[Fact]:
        """As `Graph.facts_between`."""
        wanted = {way for a, b in pairs for way in ((a, b), (b, a))}
        new = wanted - self._between.keys()
        found: dict[_Pair, list[Fact]] = {way: [] for way in new}
        for fact in self._graph.facts_between(new) if new else ():
            found[fact.subject, fact.object].append(fact)
        held = {way: self._between[way] for way in wanted - new} | {way: tuple(some) for way, some in found.items()}
        self._between |= {way: held[way] for way in new}
        return _ranked(fact for some in held.values() for fact in some)

    def facts_about(
        self, concept_ids: Iterable[str], predicates: Iterable[str] | None = None, limit: int = 2_000
    ) -> list[Fact]:
        """As `Graph.facts_about`. An answer that the limit may have cut is not remembered."""
        wanted, kinds = set(concept_ids), None if predicates is None else tuple(predicates)
        new = {concept for concept in wanted if (concept, kinds) not in self._about}
        asked = self._graph.facts_about(new, kinds, limit) if new else ()
        held = {concept: self._about[concept, kinds] for concept in wanted - new}
        if len(asked) < limit:
            found: dict[str, list[Fact]] = {concept: [] for concept in new}
            for fact in asked:
                for end in {fact.subject, fact.object} & new:
                    found[end].append(fact)
            self._about |= {(concept, kinds): tuple(some) for concept, some in found.items()}
        facts = {(f.id, f.pack): f for some in (asked, *held.values()) for f in some}.values()
        out = _ranked(f for f in facts if f.subject in wanted)
        return out + _ranked(f for f in facts if f.subject not in wanted)

    def concepts(self, concept_ids: Iterable[str], /) -> list[Concept]:
        """As `Graph.concepts`."""
        wanted = set(concept_ids)
        new = wanted - self._concepts.keys()
        found: dict[str, Concept | None] = dict.fromkeys(new)
        found |= {concept.id: concept for concept in (self._graph.concepts(new) if new else ())}
        held = found | {concept: self._concepts[concept] for concept in wanted - new}
        self._concepts |= found
        return [concept for _, concept in sorted(held.items()) if concept is not None]


def _reached(start: str, steps: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    reached: set[str] = set()
    front = {start}
    for _ in range(IS_A_STEPS):
        front = {there for here in front for there in steps.get(here, ())} - reached
        reached |= front
    return tuple(sorted(reached))


def _ranked(facts: Iterable[Fact]) -> list[Fact]:
    """The most trusted first, as the graph gives them."""
    return sorted(facts, key=lambda fact: (_TRUST.index(fact.tier), fact.id))

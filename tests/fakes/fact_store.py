"""The curated content in memory, behind the same questions as `kg.graph.Graph`: for tests that need facts, not Bolt."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from functools import cache

from kg.loading.csv_pack import content_folder, read_folder
from kg.memory import FactStore
from kg.types import Concept, Fact


class MemoryStore(FactStore):
    """Concepts and facts in dictionaries."""

    def __init__(self, concepts: Iterable[Concept], facts: Iterable[Fact]) -> None:
        self.by_id = {c.id: c for c in concepts}
        self.facts = tuple(facts)
        self._at: dict[str, list[Fact]] = defaultdict(list)
        self._up: dict[str, set[str]] = defaultdict(set)
        self._down: dict[str, set[str]] = defaultdict(set)
        for fact in self.facts:
            self._at[fact.subject].append(fact)
            if fact.object != fact.subject:
                self._at[fact.object].append(fact)
            if fact.predicate == "IS_A" and not fact.denied:
                self._up[fact.subject].add(fact.object)
                self._down[fact.object].add(fact.subject)

    def now(self) -> FactStore:
        return self

    def ancestors(self, concept_ids: Iterable[str], /) -> dict[str, tuple[str, ...]]:
        return {c: self._reach(c, self._up) for c in concept_ids}

    def descendants(self, concept_ids: Iterable[str], /) -> dict[str, tuple[str, ...]]:
        return {c: self._reach(c, self._down) for c in concept_ids}

    def _reach(self, start: str, edges: dict[str, set[str]]) -> tuple[str, ...]:
        seen: set[str] = set()
        front = {start}
        for _ in range(4):
            front = {n for c in front for n in edges.get(c, ())} - seen
            seen |= front
        return tuple(sorted(seen))

    def facts_between(self, pairs: Iterable[tuple[str, str]], /) -> list[Fact]:
        wanted = {way for a, b in pairs for way in ((a, b), (b, a))}
        ends = {a for a, _ in wanted}
        return [
            f for c in sorted(ends) for f in self._at.get(c, ()) if f.subject == c and (f.subject, f.object) in wanted
        ]

    def facts_about(
        self, concept_ids: Iterable[str], predicates: Iterable[str] | None = None, limit: int = 2_000
    ) -> list[Fact]:
        kept = None if predicates is None else set(predicates)
        return [f for c in sorted(set(concept_ids)) for f in self._at.get(c, ()) if kept is None or f.predicate in kept]

    def concepts(self, concept_ids: Iterable[str], /) -> list[Concept]:
        return [self.by_id[c] for c in sorted(set(concept_ids)) if c in self.by_id]


@cache
def core_store() -> MemoryStore:
    """The content folder as it stands; facts that name unknown concepts are left out."""
    draft = read_folder(content_folder())
    concepts = [w.value for w in draft.concepts]
    names = {c.id: c.name for c in concepts}
    sources = {w.value.id: w.value.citation for w in draft.sources}
    facts = [
        replace(
            f, subject_name=names[f.subject], object_name=names[f.object], source=sources.get(f.source_id, f.source_id)
        )
        for f in (w.value for w in draft.facts)
        if f.subject in names and f.object in names
    ]
    return MemoryStore(concepts, facts)

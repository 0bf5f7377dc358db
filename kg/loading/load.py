"""Writes a pack into the graph: idempotent and resumable, in batches of one transaction each.

Knows nothing of files: a pack is an object with the interface of `kg.loading.pack`.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kg import queries
from kg.graph import Graph
from kg.loading.pack import Pack
from kg.types import Concept, Fact, PackInvalid, Source

BATCH = 2000
STALE_BATCH = 20_000

Progress = Callable[[int, int], None]
Properties = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did. `written` counts concepts, sources and facts; 0 with `fresh` false means it was all
    there.
    """

    pack: str
    version: str
    fresh: bool
    written: int = 0


def loaded(graph: Graph, pack: Pack) -> bool:
    """Whether the graph holds exactly this version of the pack."""
    return any(row["name"] == pack.name and row["version"] == pack.version for row in graph.read(queries.PACKS))


def load(graph: Graph, pack: Pack, progress: Progress | None = None) -> Loaded:
    """Brings the graph to exactly this version of the pack. `progress` is called with (rows done, rows in
    all).

    The same version again does nothing. An interrupted load goes on where it stopped. Another version
    replaces what changed and removes what the pack no longer says. Raises `PackInvalid` before anything is
    written, naming the row.
    """
    state = {row["name"]: row for row in graph.read(queries.PACKS)}.get(pack.name)
    if state and state["version"] == pack.version:
        return Loaded(pack.name, pack.version, fresh=False)
    concepts, sources, facts = list(pack.concepts()), list(pack.sources()), list(pack.facts())
    citations = _check(graph, pack, concepts, sources, facts)
    _begin(graph, pack, resumed=bool(state and state["loading"] == pack.version))
    done = {row["id"] for row in graph.read(queries.LOADED_FACTS, pack=pack.name, version=pack.version)}
    todo = [fact for fact in facts if fact.id not in done]
    count = _Counter(len(sources) + len(concepts) + len(todo), progress)
    _write(graph, queries.MERGE_SOURCES, map(_source_row, sources), count, pack)
    _write(graph, queries.MERGE_CONCEPTS, map(_concept_row, concepts), count, pack)
    for fact_type, rows in _by_type(todo, citations, pack).items():
        _write(graph, queries.merge_facts(fact_type), rows, count, pack)
    _remove_stale(graph, pack)
    graph.write(queries.FINISH_PACK, name=pack.name, version=pack.version)
    return Loaded(pack.name, pack.version, fresh=True, written=count.done)


class _Counter:
    """Rows done so far."""

    def __init__(self, total: int, progress: Progress | None) -> None:
        self.done, self._total, self._progress = 0, total, progress

    def add(self, rows: int) -> None:
        self.done += rows
        if self._progress is not None:
            self._progress(self.done, self._total)


def _check(
    graph: Graph, pack: Pack, concepts: Sequence[Concept], sources: Sequence[Source], facts: Sequence[Fact]
) -> Mapping[str, str]:
    """Every id resolves, no other pack's concept or citation is redefined. Returns each known source's citation."""
    others = {row["id"] for row in graph.read(queries.CONCEPTS_OF_OTHER_PACKS, pack=pack.name)}
    own = {concept.id for concept in concepts}
    if taken := sorted(own & others):
        raise _invalid(pack, f"it defines {taken[0]!r}, which another pack already defines; choose another id")
    cited = {row["id"]: row["citation"] for row in graph.read(queries.SOURCES_OF_OTHER_PACKS, pack=pack.name)}
    for source in sources:
        if cited.get(source.id, source.citation) != source.citation:
            raise _invalid(pack, f"its source {source.id!r} is another publication in another pack; choose another id")
    citations = {source.id: source.citation for source in (*graph.sources(), *sources)}
    for fact in facts:
        for end in (fact.subject, fact.object):
            if end not in own and end not in others:
                raise _invalid(pack, f"{pack.where(fact.id)}: no concept has the id {end!r}")
        if fact.source_id not in citations:
            raise _invalid(pack, f"{pack.where(fact.id)}: no source has the id {fact.source_id!r}")
    return citations


def _invalid(pack: Pack, reason: str) -> PackInvalid:
    return PackInvalid(f"The pack {pack.name} was not loaded: {reason}.")


def _begin(graph: Graph, pack: Pack, *, resumed: bool) -> None:
    if not resumed:
        graph.prepare()
        graph.write(queries.START_PACK, name=pack.name, version=pack.version, licence=pack.licence)


def _write(graph: Graph, statement: str, rows: Iterable[Properties], count: _Counter, pack: Pack) -> None:
    for batch in _batches(list(rows)):
        graph.write(statement, rows=batch, pack=pack.name, version=pack.version)
        count.add(len(batch))


def _batches(rows: Sequence[Properties]) -> Iterator[Sequence[Properties]]:
    for start in range(0, len(rows), BATCH):
        yield rows[start : start + BATCH]


def _remove_stale(graph: Graph, pack: Pack) -> None:
    (stale,) = graph.read(queries.COUNT_STALE_FACTS, pack=pack.name, version=pack.version)
    for _ in range(0, stale["n"], STALE_BATCH):
        graph.write(queries.DELETE_STALE_FACTS, pack=pack.name, version=pack.version, limit=STALE_BATCH)
    graph.write(queries.DELETE_STALE_CONCEPTS, pack=pack.name, version=pack.version)


def _source_row(source: Source) -> Properties:
    return {"id": source.id, "citation": source.citation, "year": source.year, "url": source.url}


def _concept_row(concept: Concept) -> Properties:
    return {
        "id": concept.id,
        "name": concept.name,
        "category": concept.category,
        "synonyms": list(concept.synonyms),
        "lay_name": concept.lay_name,
        "definition": concept.definition,
        "definition_source": concept.definition_source,
    }


def _by_type(facts: Iterable[Fact], citations: Mapping[str, str], pack: Pack) -> dict[str, list[Properties]]:
    grouped: dict[str, list[Properties]] = defaultdict(list)
    for fact in facts:
        name = f"NOT_{fact.predicate}" if fact.denied else fact.predicate
        grouped[name].append(_fact_row(fact, citations[fact.source_id], pack))
    return dict(sorted(grouped.items()))


def _fact_row(fact: Fact, citation: str, pack: Pack) -> Properties:
    properties: Properties = {
        "source": fact.source_id,
        "citation": citation,
        "tier": fact.tier.value,
        "licence": pack.licence,
        "pack_version": pack.version,
        **dict(fact.qualifiers),
    }
    if fact.quantity is not None:
        q = fact.quantity
        properties |= {"operator": q.operator, "value": q.value, "unit": q.unit, "upper": q.upper}
    return {"id": fact.id, "subject": fact.subject, "object": fact.object, "properties": properties}

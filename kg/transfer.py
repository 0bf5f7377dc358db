"""Backup and move: a whole graph as one file of JSON lines, the same from every engine, and back into any.

Line by line: a header, the packs, and of each pack its sources, concepts and facts; then the review queue; then how
many lines there were, so that a file cut short is known before anything is written. The same graph gives the same
bytes. A name that ends in `.gz` is compressed. Knows nothing of Cypher.
"""

import gzip
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import partial
from graphlib import CycleError, TopologicalSorter
from io import TextIOWrapper
from pathlib import Path
from typing import Any, cast

from kg import queries
from kg.graph import Graph, concept_of, fact_of
from kg.loading.load import load
from kg.predicates import PREDICATES
from kg.review import PACK as REVIEWED
from kg.review import ReviewedPack, ReviewQueue
from kg.types import Concept, Fact, GraphError, PackInvalid, Quantity, Source, Tier

FORMAT = {"format": "clinical-copilot graph", "version": 1}
_DIGITS = "0123456789abcdef"
_RANGES = tuple(zip(("", *_DIGITS[1:]), (*_DIGITS[1:], "~"), strict=True))  # fact ids in sixteen parts
Progress = Callable[[str, int, int], None]
Line = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Moved:
    """What went into a file or came out of it, in numbers."""

    packs: int
    concepts: int
    facts: int
    sources: int
    reviews: int


# --- out ---------------------------------------------------------------------------------------------------------


def export(graph: Graph, queue: ReviewQueue, file: Path) -> Moved:
    """Writes the graph to a file that is whole or not there. Raises `GraphError` when it cannot be written."""
    special = file.exists() and not file.is_file()  # a pipe or a device is written to, never replaced
    fresh = file if special else file.with_name(f".{file.name}.part")
    counted: Counter[str] = Counter()
    try:
        with _opened(fresh, "w", compressed=file.suffix == ".gz") as out:
            for line in _lines(graph, queue):
                counted[next(iter(line))] += 1
                out.write(json.dumps(line, ensure_ascii=False) + "\n")
            out.write(json.dumps({"lines": counted.total()}) + "\n")
        if not special:
            fresh.replace(file)
    except OSError as error:
        raise GraphError(f"The file cannot be written ({error.strerror}); free some space or name another.") from error
    finally:
        if not special:
            with suppress(OSError):
                fresh.unlink(missing_ok=True)
    return _moved(counted)


def _lines(graph: Graph, queue: ReviewQueue) -> Iterator[Line]:
    yield FORMAT
    packs = graph.read(queries.PACKS)
    for pack in packs:
        yield {"pack": {"name": pack["name"], "version": pack["version"], "licence": pack["licence"]}}
    for row in graph.read(queries.EXPORT_SOURCES):
        yield {"source": dict(row)}
    for name in (pack["name"] for pack in packs):
        for row in graph.read(queries.EXPORT_CONCEPTS, pack=name):
            yield {"concept": asdict(concept_of(row))}
        for low, high in _RANGES:
            for row in graph.read(queries.EXPORT_FACTS, pack=name, **{"from": low, "to": high}):
                yield {"fact": _without_names(fact_of(row))}
    for event in queue.events():
        yield {"review": event}


def _without_names(fact: Fact) -> Line:
    held = asdict(fact)
    return {key: value for key, value in held.items() if key not in {"subject_name", "object_name", "source"}}


def _moved(counted: Mapping[str, int]) -> Moved:
    return Moved(*(counted.get(kind, 0) for kind in ("pack", "concept", "fact", "source", "review")))


# --- in ----------------------------------------------------------------------------------------------------------


def restore(graph: Graph, queue: ReviewQueue, file: Path, progress: Progress = lambda *_: None) -> Moved:
    """Loads every pack of the file that the graph has not got in that version, and takes over its reviews.

    `core` comes with the program and is loaded only where the graph has none. Nothing is written unless the whole file
    can be read. Raises `PackInvalid`, naming the line.
    """
    counted, packs = _surveyed(file)
    held = {row["name"] for row in graph.read(queries.PACKS)}
    for name in _in_order(file, packs):
        if name != REVIEWED and not (name == "core" and "core" in held):
            load(graph, _FilePack(file, packs[name]), partial(progress, name))
    queue.merge(line["review"] for _, line in _read(file) if "review" in line)
    if queue.entries():
        load(graph, ReviewedPack(queue))
    return _moved(counted)


class _FilePack:
    """One pack of an exported file."""

    def __init__(self, file: Path, about: Mapping[str, str]) -> None:
        self._file = file
        self.name, self.version, self.licence = about["name"], about["version"], about["licence"]

    def concepts(self) -> Iterator[Concept]:
        """Its concepts."""
        for number, line in _of(self._file, self.name, "concept"):
            yield _made(self._file, number, _concept, line)

    def sources(self) -> Iterator[Source]:
        """Its sources."""
        for number, line in _of(self._file, self.name, "source"):
            yield _made(self._file, number, _source, line)

    def facts(self) -> Iterator[Fact]:
        """Its facts."""
        for number, line in _of(self._file, self.name, "fact"):
            yield _made(self._file, number, _fact, line)

    def where(self, fact_id: str) -> str:
        """The line of the file."""
        numbers = (n for n, line in _of(self._file, self.name, "fact") if line["id"] == fact_id)
        return f"{self._file.name} line {next(numbers, 0)}"


def _surveyed(file: Path) -> tuple[Counter[str], dict[str, dict[str, str]]]:
    """Reads the whole file once: what it holds, and its packs. Every line must be one this version can use."""
    counted: Counter[str] = Counter()
    packs: dict[str, dict[str, str]] = {}
    last: Line = {}
    makers: dict[str, Callable[[Line], object]] = {"concept": _concept, "source": _source, "fact": _fact}
    for number, line in _read(file):
        kind = next(iter(line), "")
        if number == 1 and line != FORMAT:
            raise PackInvalid(f"{file.name} line 1: this is not a graph that copilot kg export wrote.")
        if kind in makers:
            made = _made(file, number, makers[kind], line[kind])
            if isinstance(made, Concept | Fact) and made.pack not in packs:
                raise PackInvalid(f"{file.name} line {number}: no line above names the pack {made.pack!r}.")
        elif kind == "pack":
            packs[line["pack"]["name"]] = line["pack"]
        elif kind not in {"format", "review", "lines"}:
            raise PackInvalid(f"{file.name} line {number}: {kind!r} is nothing that this version knows.")
        counted[kind] += 1
        last = line
    if last != {"lines": counted.total() - 1}:
        raise PackInvalid(f"{file.name} is cut short; export the graph again.")
    return counted, packs


def _in_order(file: Path, packs: Iterable[str]) -> list[str]:
    """The packs, each after those whose concepts its facts use."""
    home = {line["concept"]["id"]: line["concept"]["pack"] for _, line in _read(file) if "concept" in line}
    uses: dict[str, set[str]] = {name: set() for name in sorted(packs)}
    for fact in (line["fact"] for _, line in _read(file) if "fact" in line):
        uses[fact["pack"]] |= {home[end] for end in (fact["subject"], fact["object"]) if end in home} - {fact["pack"]}
    try:
        return list(TopologicalSorter(uses).static_order())
    except CycleError as error:
        raise PackInvalid(f"{file.name}: the packs {', '.join(error.args[1])} need each other.") from error


def _of(file: Path, pack: str, kind: str) -> Iterator[tuple[int, Line]]:
    return ((n, line[kind]) for n, line in _read(file) if kind in line and line[kind]["pack"] == pack)


def _read(file: Path) -> Iterator[tuple[int, Line]]:
    number = 0
    try:
        with _opened(file, "r", compressed=file.suffix == ".gz") as lines:
            for number, text in enumerate(lines, 1):
                line = json.loads(text)
                if not isinstance(line, dict):
                    raise PackInvalid(f"{file.name} line {number}: not a JSON object.")
                yield number, line
    except (ValueError, EOFError) as error:
        raise PackInvalid(f"{file.name} line {number or 1}: not JSON; export the graph again.") from error
    except OSError as error:
        raise PackInvalid(f"The file {file.name} cannot be read ({error.strerror or 'not gzip'}).") from error


def _made(file: Path, number: int, make: Callable[[Line], Any], held: Line) -> Any:
    try:
        return make(held)
    except (KeyError, TypeError, ValueError) as error:
        raise PackInvalid(f"{file.name} line {number}: a field is missing or wrong ({error}).") from error


def _concept(held: Line) -> Concept:
    return Concept(**{**held, "synonyms": tuple(held["synonyms"])})


def _source(held: Line) -> Source:
    return Source(held["id"], held["citation"], held["year"], held["url"])


def _fact(held: Line) -> Fact:
    if held["predicate"] not in PREDICATES:
        raise ValueError(f"no relation is called {held['predicate']!r}")
    quantity = Quantity(**held["quantity"]) if held["quantity"] else None
    qualifiers = tuple((str(key), str(value)) for key, value in held["qualifiers"])
    given = {**held, "tier": Tier(held["tier"]), "quantity": quantity, "qualifiers": qualifiers}
    return Fact(**given, subject_name="", object_name="", source="")


def _opened(file: Path, mode: str, *, compressed: bool) -> TextIOWrapper:
    if compressed:
        return cast("TextIOWrapper", gzip.open(file, f"{mode}t", encoding="utf-8"))
    return cast("TextIOWrapper", file.open(mode, encoding="utf-8"))

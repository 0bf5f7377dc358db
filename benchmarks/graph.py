"""Times the graph: engine start, loading, single queries. `python benchmarks/graph.py [--hpo] [--neo4j]`.

Prints a table; with `--neo4j` a real Neo4j runs beside the embedded engine in the same run, with `--hpo` the pack `hpo`
is loaded too and the queries run with it in the graph. Asserts nothing.
"""

import argparse
import itertools
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import neo4j_server  # type: ignore[import-not-found]  # noqa: E402
from rich.console import Console  # noqa: E402
from rich.table import Table  # noqa: E402

from kg.graph import Graph  # noqa: E402
from kg.loading.csv_pack import core  # noqa: E402
from kg.loading.load import load  # noqa: E402
from kg.loading.packs import registered  # noqa: E402
from kg.memory import Memory  # noqa: E402
from kg.retrieval import Retriever  # noqa: E402
from kg.types import Mention  # noqa: E402

QUESTIONS = (
    "What could this mean?",
    "What causes it?",
    "What else could it be?",
    "What should be done next?",
    "Is it urgent?",
    "Does a normal film rule it out?",
    "How is it treated?",
    "What is it?",
)
RUNS = 200
Rows = dict[str, str]


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _spread(work: Callable[[], object]) -> str:
    """Median and 95th percentile of `RUNS` runs after as many to warm up."""
    for _ in range(RUNS):
        work()
    times = sorted(_seconds(work) * 1000 for _ in range(RUNS))
    return f"{statistics.median(times):.1f} / {times[int(RUNS * 0.95)]:.1f} ms"


def _measure(graph: Graph, rows: Rows, packs: Sequence[str]) -> None:
    rows["engine"] = graph.engine
    rows["core load"] = f"{_seconds(lambda: load(graph, core())):.1f} s"
    rows["second core load"] = f"{_seconds(lambda: load(graph, core())) * 1000:.0f} ms"
    for name in packs:
        rows[f"{name} made from its files"] = f"{_seconds(registered(name).facts):.1f} s"
        pack = registered(name)
        pack.facts()
        rows[f"{name} load"] = f"{_seconds(partial(load, graph, pack)):.1f} s"
    stats = graph.stats()
    rows["concepts, facts"] = f"{stats.concepts}, {stats.facts}"
    ids = [c.id for c in graph.lexicon() if c.category in {"finding", "sign", "disease", "test", "anatomy"}]
    two: Iterator[tuple[str, str]] = zip(itertools.cycle(ids), itertools.cycle(ids[7:]), strict=False)
    rows["lexicon"] = f"{_seconds(graph.lexicon) * 1000:.0f} ms"
    rows["ancestors of 2"] = _spread(lambda: graph.ancestors(next(two)))
    rows["facts about 2"] = _spread(lambda: graph.facts_about(next(two)))
    rows["facts between 5 pairs"] = _spread(lambda: graph.facts_between(itertools.islice(two, 5)))
    retriever, questions = Retriever(graph, Memory(graph)), itertools.cycle(QUESTIONS)
    film = {"pleural_effusion": "present", "cardiomegaly": "uncertain"}

    def retrieve() -> None:
        mentions = [Mention(0, 0, "", concept, concept) for concept in next(two)]
        retriever.retrieve(next(questions), mentions, film)

    rows["retrieve, 2 mentions and a film"] = _spread(retrieve)


def _embedded(folder: Path, rows: Rows, packs: Sequence[str]) -> None:
    first = _seconds(lambda: Graph.open_embedded(folder).close())
    start = time.perf_counter()
    with Graph.open_embedded(folder) as graph:
        rows["start to first answer (first time, later)"] = f"{first:.1f}, {time.perf_counter() - start:.1f} s"
        _measure(graph, rows, packs)


def _neo4j(folder: Path, rows: Rows, packs: Sequence[str]) -> None:
    start = time.perf_counter()
    with neo4j_server.running(folder) as server:
        rows["start to first answer (first time, later)"] = f"{time.perf_counter() - start:.1f} s"
        with Graph.connect(server.uri, server.user, server.password) as graph:
            _measure(graph, rows, packs)


def main() -> None:
    """Prints one column an engine. Numbers with a slash are median / 95th percentile."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--neo4j", action="store_true", help="measure a real Neo4j beside the embedded engine")
    parser.add_argument("--hpo", action="store_true", help="load the pack hpo, and measure with it in the graph")
    given = parser.parse_args()
    packs = ["hpo"] if given.hpo else []
    with tempfile.TemporaryDirectory() as folder:
        columns: list[Rows] = [{}]
        _embedded(Path(folder) / "embedded", columns[0], packs)
        if given.neo4j:
            columns.append({})
            _neo4j(Path(folder) / "neo4j", columns[1], packs)
    table = Table("measure", *(column.pop("engine") for column in columns))
    for name in columns[0]:
        table.add_row(name, *(column[name] for column in columns))
    Console().print(table)


if __name__ == "__main__":
    main()

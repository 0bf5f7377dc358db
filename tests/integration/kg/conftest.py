"""The graph under test: the embedded engine by default, and a real Neo4j with the marker `neo4j`."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.graph import Graph
from kg.loading.csv_pack import CsvPack
from kg.loading.load import load

sys.path.append(str(Path(__file__).resolve().parents[2]))
import neo4j_server

SMALL = Path(__file__).with_name("small_pack")
ENGINES = ["embedded", pytest.param("neo4j", marks=pytest.mark.neo4j)]


@pytest.fixture(scope="session", params=ENGINES)
def empty_graph(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Graph]:
    """A graph with nothing in it when the session starts."""
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "embedded":
        with Graph.open_embedded(folder) as graph:
            yield graph
    else:
        with (
            neo4j_server.running(folder / "home") as server,
            Graph.connect(server.uri, server.user, server.password) as graph,
        ):
            yield graph


@pytest.fixture(scope="session")
def graph(empty_graph: Graph) -> Graph:
    """The graph with the small pack in it."""
    load(empty_graph, CsvPack(SMALL))
    return empty_graph

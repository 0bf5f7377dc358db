"""The graph under test: the embedded engine by default, and a real Neo4j with the marker `neo4j`."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from kg import embedded
from kg.graph import Graph
from kg.loading.csv_pack import CsvPack
from kg.loading.load import load

sys.path.append(str(Path(__file__).resolve().parents[2]))
import neo4j_server

SMALL = Path(__file__).with_name("small_pack")
ENGINES = ["embedded", pytest.param("neo4j", marks=pytest.mark.neo4j)]


@dataclass(frozen=True)
class Endpoint:
    """Where another program reaches the graph under test."""

    uri: str
    user: str
    password: str
    database: str | None


@pytest.fixture(scope="session", params=ENGINES)
def endpoint(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    """A running engine with nothing in it when the session starts."""
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "embedded":
        Graph.open_embedded(folder).close()
        engine = embedded.start(folder)
        Graph.open_embedded(folder).close()  # waits until it answers; the lease above keeps it running
        yield Endpoint(engine.uri, embedded.WRITER, engine.password(embedded.WRITER), embedded.DATABASE)
        engine.close()
    else:
        with neo4j_server.running(folder / "home") as server:
            yield Endpoint(server.uri, server.user, server.password, None)


@pytest.fixture(scope="session")
def empty_graph(endpoint: Endpoint) -> Iterator[Graph]:
    """A graph with nothing in it when the session starts."""
    with Graph.connect(endpoint.uri, endpoint.user, endpoint.password, endpoint.database) as graph:
        yield graph


@pytest.fixture(scope="session")
def graph(empty_graph: Graph) -> Graph:
    """The graph with the small pack in it."""
    load(empty_graph, CsvPack(SMALL))
    return empty_graph


@pytest.fixture
def without_own(graph: Graph) -> Iterator[Graph]:
    """The graph, cleaned of what a test's own packs put there."""
    yield graph
    graph.write("MATCH (:Concept)-[r]->(:Concept) WHERE r.pack <> 'small_pack' DELETE r")
    for label in ("Concept", "Source"):
        graph.write(f"MATCH (n:{label}) WHERE n.pack <> 'small_pack' DETACH DELETE n")
    graph.write("MATCH (p:Pack) WHERE p.name <> 'small_pack' DELETE p")

"""What a person is told when the graph cannot be used: one sentence that names the cause."""

import socket
import threading
from pathlib import Path

import pytest

from kg import embedded
from kg.graph import Graph
from kg.types import GraphUnavailable
from tests.integration.kg.relay import old_server


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def test_no_server() -> None:
    """Nothing listens: the message says that it cannot be reached."""
    with pytest.raises(GraphUnavailable, match="cannot be reached"):
        Graph.connect(f"bolt://127.0.0.1:{_free_port()}", "neo4j", "x")


@pytest.mark.parametrize("uri", ["", "localhost:7687", "http://localhost:7474", "bolt://", "bolt://host:port"])
def test_an_address_that_is_none(uri: str) -> None:
    """An address the driver does not understand is a wrong setting, not a crash."""
    with pytest.raises(GraphUnavailable):
        Graph.connect(uri, "neo4j", "x")


def test_something_else_listens() -> None:
    """A server that does not speak Bolt is not mistaken for a graph."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            connection, _ = listener.accept()
            connection.recv(64)
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            connection.close()

        threading.Thread(target=answer, daemon=True).start()
        with pytest.raises(GraphUnavailable):
            Graph.connect(f"bolt://127.0.0.1:{listener.getsockname()[1]}", "neo4j", "x")


@pytest.mark.parametrize(
    ("agent", "said"), [("Neo4j/4.4.9", "Neo4j 4.4.9; update it"), (None, "not a Neo4j 5 or newer")]
)
def test_an_older_server(agent: str | None, said: str) -> None:
    """A server of an older version is named and refused, also one so old that it shares no protocol with us."""
    with pytest.raises(GraphUnavailable, match=said):
        Graph.connect(old_server(agent), "neo4j", "x")


def test_the_first_servers_of_version_5_are_not_refused() -> None:
    """Neo4j 5.0 to 5.6 speak a Bolt that cannot filter notifications; that is no reason to turn them away."""
    Graph.connect(old_server("Neo4j/5.1.0", bolt=(5, 0)), "neo4j", "x").close()


def test_no_such_database(tmp_path: Path) -> None:
    """A database that is not there is named as the cause."""
    with Graph.open_embedded(tmp_path / "data") as graph:
        assert graph.stats().concepts == 0
        engine = embedded.start(tmp_path / "data")
        with (
            Graph.connect(engine.uri, embedded.WRITER, engine.password(embedded.WRITER), "nowhere") as other,
            pytest.raises(GraphUnavailable, match="no such database"),
        ):
            other.lexicon()
        engine.close()


def test_a_server_that_goes_away(tmp_path: Path) -> None:
    """The server stops between two questions: the second one says so within seconds."""
    engine = embedded.start(tmp_path / "data")
    Graph.open_embedded(tmp_path / "data").close()
    with Graph.connect(engine.uri, embedded.WRITER, engine.password(embedded.WRITER), embedded.DATABASE) as graph:
        assert graph.lexicon() == ()
        engine.close()
        with pytest.raises(GraphUnavailable, match="cannot be reached"):
            graph.lexicon()

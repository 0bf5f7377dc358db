"""What happens on every engine when the line breaks, a password is wrong, or a reader tries to write."""

import time
from collections.abc import Iterator

import pytest

import kg.graph
from kg.graph import Graph
from kg.types import GraphError, GraphUnavailable
from tests.integration.kg.conftest import Endpoint
from tests.integration.kg.relay import Relay


@pytest.fixture
def relay(graph: Graph, endpoint: Endpoint) -> Iterator[Relay]:
    """A line to the graph that can be cut."""
    made = Relay(endpoint.uri)
    yield made
    made.close()


@pytest.fixture
def far(relay: Relay, endpoint: Endpoint) -> Iterator[Graph]:
    """The graph at the other end of the line."""
    with Graph.connect(relay.uri, endpoint.user, endpoint.password, endpoint.database) as reached:
        yield reached


@pytest.mark.parametrize("scheme", ["bolt", "neo4j"])
def test_either_scheme_reaches_it(graph: Graph, endpoint: Endpoint, scheme: str) -> None:
    """`neo4j://` asks the server for its routing table and reads from a reader; `bolt://` goes straight."""
    uri = endpoint.uri.replace("bolt", scheme)
    with Graph.connect(uri, endpoint.user, endpoint.password, endpoint.database) as other:
        assert other.lexicon() == graph.lexicon()


def test_wrong_password(graph: Graph, endpoint: Endpoint) -> None:
    """The password is refused in words, and is not in them."""
    with pytest.raises(GraphUnavailable, match="user name or password") as refused:
        Graph.connect(endpoint.uri, endpoint.user, "not-the-password", endpoint.database)
    assert "not-the-password" not in str(refused.value)


def test_a_line_cut_in_the_middle_of_an_answer(far: Graph, relay: Relay, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that goes away while it answers is said within seconds; when it is back, the next question is answered."""
    monkeypatch.setattr(kg.graph, "RETRY_FOR_S", 1.0)
    whole = far.lexicon()
    relay.cut_after = 1500
    started = time.monotonic()
    with pytest.raises(GraphUnavailable, match="has gone away"):
        far.lexicon()
    assert time.monotonic() - started < 30
    relay.cut_after = None
    assert far.lexicon() == whole


def test_a_short_break_is_bridged(far: Graph, relay: Relay) -> None:
    """A line that breaks once is opened again and the question asked again, without anybody noticing."""
    whole = far.lexicon()
    relay.cut_once()
    assert far.lexicon() == whole
    assert relay.connections >= 2


def test_a_server_that_falls_silent(far: Graph, relay: Relay, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that holds the line and says nothing is given up after the timeouts, and asked afresh the next time."""
    whole = far.lexicon()
    for name in ("READ_TIMEOUT_S", "WHOLE_TIMEOUT_S", "RETRY_FOR_S", "SLACK_S"):
        monkeypatch.setattr(kg.graph, name, 1.0)
    relay.silent_after = 1500
    started = time.monotonic()
    with pytest.raises(GraphUnavailable, match="stopped answering"):
        far.lexicon()
    assert time.monotonic() - started < 60
    relay.silent_after = None
    assert far.lexicon() == whole


@pytest.mark.parametrize(
    "statement", ["CREATE (n:Concept {id: 'x'})", "MATCH (c:Concept) set c.name = 'x'", "MATCH (n) DETACH DELETE n"]
)
def test_reading_never_writes(graph: Graph, statement: str) -> None:
    """A statement that writes is refused on the reading side, whatever the engine would have done with it."""
    before = graph.lexicon()
    with pytest.raises(GraphError, match="nothing was done"):
        graph.read(statement)
    assert graph.lexicon() == before

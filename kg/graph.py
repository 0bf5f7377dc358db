"""`Graph`: the neo4j driver, and nothing else. Reads and writes `kg.types` values over Bolt.

Knows nothing of questions, packs or models, nor of which engine answers. Everything the driver raises is
mapped here.
"""

import logging
import re
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self, cast

import neo4j
from neo4j import GraphDatabase, ManagedTransaction, unit_of_work
from neo4j.exceptions import (
    AuthError,
    ClientError,
    ConfigurationError,
    DriverError,
    Neo4jError,
    ServiceUnavailable,
    SessionExpired,
    UnsupportedServerProduct,
)

from kg import embedded, queries
from kg.types import (
    Concept,
    Fact,
    GraphError,
    GraphStats,
    GraphUnavailable,
    Operator,
    Quantity,
    Source,
    Tier,
    UnknownConcept,
)

READ_TIMEOUT_S = 5.0
WHOLE_TIMEOUT_S = 60.0  # for what goes through the whole graph once at a start or on request, on a busy machine too
_MANY = 200  # concepts; facts about more of them are no question's
WRITE_TIMEOUT_S = 120.0
RETRY_FOR_S = 5.0
SLACK_S = 5.0  # beyond its own timeouts, a server that is still silent has gone
OLDEST_NEO4J = 5
_WRITES = re.compile(r"\b(?:CREATE|MERGE|SET|DELETE|REMOVE|DROP|FOREACH|CALL|LOAD)\b", re.IGNORECASE)
QUALIFIER_KEYS = (
    "chronicity", "condition", "frequency", "mechanism", "population", "severity", "side", "view",
)  # fmt: skip

# What the driver has to say comes to a person as one sentence of ours, not as its own lines on stderr.
logging.getLogger("neo4j").addHandler(logging.NullHandler())

Row = neo4j.Record | Mapping[str, Any]
Connect = Callable[[], neo4j.Driver]
Work = Callable[[neo4j.Session, threading.Event], Any]


class Graph:
    """A connection to the graph, safe for several threads. A context manager, or call `close`."""

    def __init__(
        self, driver: neo4j.Driver, again: Connect, database: str | None, engine: embedded.Engine | None = None
    ) -> None:
        """`again` makes another driver after a server that stopped answering was given up. It does not wait."""
        self._driver = driver
        self._writer: neo4j.Driver | None = None
        self._another = again
        self._database = database
        self._engine = engine
        self._reviving = threading.Lock()

    @classmethod
    def connect(cls, uri: str, user: str, password: str, database: str | None = None) -> "Graph":
        """Connects to a server (`bolt://`, `neo4j://`, `neo4j+s://`). Raises `GraphUnavailable` with the
        cause.
        """
        with _mapped(uri):
            again = partial(_driver, uri, user, password)
            graph = cls(again(), again, database)
            try:
                graph._answers(embedded.START_TIMEOUT_S)
            except BaseException:
                graph.close()
                raise
        return graph

    @classmethod
    def open_embedded(cls, folder: Path) -> "Graph":
        """Opens the embedded engine on `folder`, starting it if nobody runs it yet."""
        engine = embedded.start(folder)
        try:
            with _mapped(engine.uri, folder):
                return cls(_wait_for(engine), partial(_driver_of, engine), embedded.DATABASE, engine)
        except BaseException:
            engine.close()
            raise

    def close(self) -> None:
        """Closes the connection, and gives back the embedded engine."""
        self._close_drivers()
        if self._engine is not None:
            self._engine.close()

    def _close_drivers(self) -> None:
        self._driver.close()
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # --- reading
    # ----------------------------------------------------------------------------------------------------

    @property
    def engine(self) -> str:
        """Name and version of what answers: `neo4j 5.26.12`, or `embedded ArcadeDB 26.10.2`."""
        with self._mapped():
            agent = self._driver.get_server_info().agent
        kept = re.search(r"\((.+)\)", agent)
        name = kept[1] if kept else agent.replace("Neo4j/", "neo4j ")
        return f"embedded {name}" if self._engine is not None else name

    def lexicon(self) -> tuple[Concept, ...]:
        """Every concept, ordered by id."""
        return tuple(concept_of(row) for row in self._read_each((queries.LEXICON,), {}, WHOLE_TIMEOUT_S)[0])

    def concept(self, concept_id: str) -> Concept:
        """One concept. Raises `UnknownConcept`."""
        found = self.concepts([concept_id])
        if not found:
            raise UnknownConcept("The graph has no concept of that id; search for it with: copilot kg search TEXT")
        return found[0]

    def concepts(self, concept_ids: Iterable[str]) -> tuple[Concept, ...]:
        """Those of the concepts that exist, ordered by id."""
        return tuple(concept_of(row) for row in self._read(queries.CONCEPTS_BY_ID, ids=_ids(concept_ids)))

    def search(self, text: str, limit: int = 20) -> tuple[Concept, ...]:
        """Concepts with `text` in the name or a synonym: exact ones first, then those that start with it."""
        wanted = " ".join(text.lower().split())[:200]
        if not wanted:
            return ()
        rows = self._read(queries.SEARCH, text=wanted, limit=max(limit, 200))
        return tuple(sorted((concept_of(row) for row in rows), key=lambda c: _search_rank(c, wanted))[:limit])

    def facts_about(
        self, concept_ids: Iterable[str], predicates: Iterable[str] | None = None, limit: int = 2_000
    ) -> tuple[Fact, ...]:
        """Facts and denials with one of the concepts at either end, the most trusted first; `limit` a
        direction.
        """
        ids = _ids(concept_ids)
        if not ids:
            return ()
        timeout_s = WHOLE_TIMEOUT_S if len(ids) > _MANY else READ_TIMEOUT_S
        given: dict[str, object] = {"ids": ids, "limit": limit}
        both = (queries.FACTS_OUT, queries.FACTS_IN)
        if predicates is not None:
            given["types"] = _types(predicates)
            both = (queries.FACTS_OUT_OF_TYPES, queries.FACTS_IN_OF_TYPES)
        return _facts([row for rows in self._read_each(both, given, timeout_s) for row in rows])

    def facts_between(self, pairs: Iterable[tuple[str, str]]) -> tuple[Fact, ...]:
        """Facts and denials that join the two concepts of a pair, in either direction. One round trip."""
        wanted = sorted({way for a, b in pairs for way in ((a, b), (b, a))})
        return _facts(self._read(queries.FACTS_BETWEEN, pairs=[list(way) for way in wanted])) if wanted else ()

    def ancestors(self, concept_ids: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """What each concept is a kind of, by 1 to 4 steps of IS_A. Every id asked for is a key."""
        return self._kinds(queries.ANCESTORS, concept_ids, "below", "above")

    def descendants(self, concept_ids: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """The kinds of each concept, by 1 to 4 steps of IS_A. Every id asked for is a key."""
        return self._kinds(queries.DESCENDANTS, concept_ids, "above", "below")

    def is_a(self) -> tuple[tuple[str, str], ...]:
        """Every step of IS_A as (concept, what it is a kind of)."""
        return tuple((row["below"], row["above"]) for row in self.read(queries.IS_A))

    def version(self) -> tuple[tuple[str, ...], ...]:
        """What tells one state of the graph from another: (pack, version) of each pack; empty while one is being loaded."""
        packs = self._read(queries.PACKS)
        loading = any(row["loading"] for row in packs)
        return () if loading else tuple((row["name"], row["version"]) for row in packs)

    def sources(self, source_ids: Iterable[str] | None = None) -> tuple[Source, ...]:
        """All sources, or those asked for that exist, ordered by id."""
        if source_ids is None:
            rows = self._read_each((queries.SOURCES,), {}, WHOLE_TIMEOUT_S)[0]
        else:
            rows = self._read(queries.SOURCES_BY_ID, ids=_ids(source_ids))
        return tuple(Source(row["id"], row["citation"], row["year"], row["url"]) for row in rows)

    def stats(self) -> GraphStats:
        """Counts by tier and by pack."""
        names = (queries.COUNT_CONCEPTS, queries.COUNT_SOURCES, queries.COUNT_FACTS, queries.PACKS)
        concepts, sources, counts, packs = self._read_each(names, {}, WHOLE_TIMEOUT_S)
        by_tier: dict[str, int] = {}
        in_pack: dict[str, int] = {}
        for row in counts:
            by_tier[row["tier"]] = by_tier.get(row["tier"], 0) + row["n"]
            in_pack[row["pack"]] = in_pack.get(row["pack"], 0) + row["n"]
        return GraphStats(
            engine=self.engine,
            concepts=concepts[0]["n"],
            facts=sum(by_tier.values()),
            by_tier=by_tier,
            by_pack={
                p["name"]: {
                    "facts": in_pack.get(p["name"], 0), "version": p["version"], "licence": p["licence"],
                }
                for p in packs
            },
            sources=sources[0]["n"],
        )  # fmt: skip

    # --- for the loader
    # ---------------------------------------------------------------------------------------------

    def read(self, statement: str, **parameters: object) -> list[Row]:
        """Rows of one named statement of `kg.queries`, which may go through the whole graph."""
        return self._read_each((statement,), parameters, WRITE_TIMEOUT_S)[0]

    def write(self, statement: str, **parameters: object) -> None:
        """Runs one named statement of `kg.queries` in its own transaction: all of it happens or nothing."""

        @unit_of_work(timeout=WRITE_TIMEOUT_S)
        def work(transaction: ManagedTransaction, ran_out: threading.Event) -> None:
            _still_waiting(ran_out)
            transaction.run(statement, parameters).consume()

        self._again(lambda session, ran_out: session.execute_write(work, ran_out), WRITE_TIMEOUT_S, writes=True)

    def prepare(self) -> None:
        """Makes the constraints, which need transactions of their own."""
        for statement in queries.CONSTRAINTS:
            self._again(partial(_run, statement=statement), WRITE_TIMEOUT_S, writes=True)

    # --- the driver
    # -------------------------------------------------------------------------------------------------

    @property
    def _uri(self) -> str:
        return self._engine.uri if self._engine is not None else ""

    def _kinds(self, statement: str, concept_ids: Iterable[str], key: str, value: str) -> dict[str, tuple[str, ...]]:
        ids = _ids(concept_ids)
        found: dict[str, list[str]] = {one: [] for one in ids}
        for row in self._read(statement, ids=ids) if ids else ():
            found[row[key]].append(row[value])
        return {one: tuple(others) for one, others in found.items()}

    def _read(self, statement: str, **parameters: object) -> list[Row]:
        return self._read_each((statement,), parameters)[0]

    def _read_each(
        self, statements: Sequence[str], parameters: Mapping[str, object], timeout_s: float = READ_TIMEOUT_S
    ) -> list[list[Row]]:
        """The rows of each statement, all seen in one read transaction, which goes to a reader of a cluster.

        Not every engine refuses to write in a transaction that was opened for reading, so that is refused here.
        """
        if any(_WRITES.search(statement) for statement in statements):
            raise GraphError("A statement that writes was given for reading; nothing was done.")

        @unit_of_work(timeout=timeout_s)
        def work(transaction: ManagedTransaction, ran_out: threading.Event) -> list[list[Row]]:
            _still_waiting(ran_out)
            return [list(transaction.run(one, dict(parameters))) for one in statements]

        rows = self._again(lambda session, ran_out: session.execute_read(work, ran_out), timeout_s)
        return cast("list[list[Row]]", rows)

    def _mapped(self) -> AbstractContextManager[None]:
        return _mapped(self._uri, self._engine.folder if self._engine is not None else None)

    def _again(self, work: Work, timeout_s: float, *, writes: bool = False) -> Any:
        """Runs `work`; the driver retries for `RETRY_FOR_S`. An embedded engine that was killed is started
        once more.
        """
        with self._mapped():
            self._revive()
            try:
                return self._once(work, timeout_s, writes)
            except (ServiceUnavailable, SessionExpired):
                if not self._revive():
                    raise
                return self._once(work, timeout_s, writes)

    def _once(self, work: Work, timeout_s: float, writes: bool) -> Any:
        """The driver waits for ever on a server that holds the line and says nothing; this does not."""
        driver = self._driver_for(writes)
        with _patience(driver, timeout_s + RETRY_FOR_S + SLACK_S) as ran_out:
            try:
                with driver.session(database=self._database) as session:
                    return work(session, ran_out)
            except Exception as error:
                if not ran_out.is_set():
                    raise
                self._driver, self._writer = self._another(), None
                raise GraphUnavailable(
                    "The graph server stopped answering; look at the server, or ask for less at once."
                ) from error

    def _driver_for(self, writes: bool) -> neo4j.Driver:
        """The embedded engine is read with an account that cannot write; on a server the operator names the account."""
        if self._engine is None or not writes:
            return self._driver
        with self._reviving:
            if self._writer is None:
                self._writer = _driver_of(self._engine, embedded.WRITER)
            return self._writer

    def _answers(self, timeout_s: float) -> None:
        """Raises what the driver raises when the server is not there or too old."""
        with _patience(self._driver, timeout_s):
            self._driver.verify_connectivity()
            _refuse_old(self._driver.get_server_info().agent)

    def _revive(self) -> bool:
        """Starts the embedded engine again if it has died. Whether there is reason to try again."""
        with self._reviving:
            if self._engine is None or self._engine.alive():
                return False
            self._close_drivers()
            self._engine.close()
            self._engine = embedded.start(self._engine.folder)
            self._another = partial(_driver_of, self._engine)
            self._driver = _wait_for(self._engine)
            return True


@contextmanager
def _patience(driver: neo4j.Driver, seconds: float) -> Iterator[threading.Event]:
    """Closes the driver, which ends every wait on it, when the block takes longer. The event says that it did."""
    ran_out = threading.Event()

    def give_up() -> None:
        ran_out.set()
        driver.close()

    timer = threading.Timer(seconds, give_up)
    timer.daemon = True
    timer.start()
    try:
        yield ran_out
    finally:
        timer.cancel()


def _still_waiting(ran_out: threading.Event) -> None:
    """The driver tries again on a new connection after it was closed; there is no time left for that."""
    if ran_out.is_set():
        raise TimeoutError


def _run(session: neo4j.Session, _: threading.Event, statement: str) -> None:
    session.run(statement).consume()


def _driver(uri: str, user: str, password: str) -> neo4j.Driver:
    if not re.match(r"(?:bolt|neo4j)(?:\+s|\+ssc)?://[^/\s]", uri):
        raise ConfigurationError("not a Bolt address")
    return GraphDatabase.driver(
        uri,
        auth=(user, password),
        connection_timeout=5.0,
        connection_acquisition_timeout=10.0,
        max_transaction_retry_time=RETRY_FOR_S,
        user_agent="clinical-copilot",
    )


def _driver_of(engine: embedded.Engine, account: str = embedded.READER) -> neo4j.Driver:
    return _driver(engine.uri, account, engine.password(account))


def _wait_for(engine: embedded.Engine) -> neo4j.Driver:
    """A driver on an engine that has just been started: its port opens first, its database a moment later."""
    deadline = time.monotonic() + embedded.START_TIMEOUT_S
    host, _, port = engine.uri.removeprefix("bolt://").partition(":")
    while not _listens(host, int(port)):
        _still_starting(engine, deadline)
    driver = _driver_of(engine)
    while True:
        try:
            driver.execute_query(queries.PING, database_=embedded.DATABASE)
        except (ClientError, DriverError):
            if not engine.alive() or time.monotonic() > deadline:
                driver.close()
            _still_starting(engine, deadline)
        else:
            return driver


def _listens(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=1).close()
    except OSError:
        return False
    return True


def _still_starting(engine: embedded.Engine, deadline: float) -> None:
    if not engine.alive() or time.monotonic() > deadline:
        raise embedded.not_up("did not come up", engine.folder)
    time.sleep(0.03)


def _refuse_old(agent: str) -> None:
    version = re.match(r"Neo4j/(\d+)", agent)
    if version and int(version[1]) < OLDEST_NEO4J:
        raise GraphUnavailable(
            f"The graph server is {agent.replace('/', ' ')}; update it to Neo4j {OLDEST_NEO4J} or newer."
        )


@contextmanager
def _mapped(uri: str, folder: Path | None = None) -> Iterator[None]:
    """Turns what the driver raises into one sentence. No parameter of a query is in the message.

    `folder`: where the embedded engine keeps its data; a full disk there makes it fail in many ways.
    """
    where = f" at {uri}" if uri else ""
    try:
        yield
    except (Neo4jError, DriverError, OSError, ValueError) as error:
        if folder is not None and embedded.disk_is_full(folder):
            raise embedded.full(folder) from error
        raise _said(error, where) from error


def _said(error: Exception, where: str) -> GraphError:
    if isinstance(error, AuthError):
        return GraphUnavailable(
            "The graph server refused the user name or password; correct COPILOT_NEO4J_USER and COPILOT_NEO4J_PASSWORD."
        )
    if isinstance(error, UnsupportedServerProduct):
        return GraphUnavailable(
            f"What answers{where} is not a Neo4j {OLDEST_NEO4J} or newer; update it or correct COPILOT_NEO4J_URI."
        )
    if isinstance(error, ConfigurationError | ValueError):
        return GraphUnavailable(
            "The graph's address is not valid; write COPILOT_NEO4J_URI as bolt://HOST:7687 or neo4j+s://HOST."
        )
    if isinstance(error, Neo4jError):
        return _refused(error)
    secured = " An address with +s needs a server that speaks TLS." if "+s" in where else ""
    return GraphUnavailable(
        f"The graph server{where} cannot be reached or has gone away; start it, or correct COPILOT_NEO4J_URI.{secured}"
    )


def _refused(error: Neo4jError) -> GraphError:
    code = error.code or "no code"
    if code.endswith("DatabaseNotFound"):
        return GraphUnavailable("The graph server has no such database; correct COPILOT_NEO4J_DATABASE.")
    if code.endswith("Security.Forbidden"):
        return GraphError(
            "This account of the graph server may not do that; use one that may write. Nothing was changed."
        )
    if "TransactionTimedOut" in code:
        return GraphUnavailable("The graph took too long to answer; ask again, or ask for less at once.")
    return GraphError(f"The graph refused the request ({code}); nothing was changed.")


# --- rows to values
# ----------------------------------------------------------------------------------------------------


def _ids(concept_ids: Iterable[str]) -> list[str]:
    return sorted(set(concept_ids))


def _types(predicates: Iterable[str]) -> list[str]:
    return sorted({way for name in predicates for way in (name, f"NOT_{name}")} & queries.FACT_TYPES)


def concept_of(row: Row) -> Concept:
    """A row of a concept query."""
    return Concept(
        id=row["id"],
        name=row["name"],
        category=row["category"],
        synonyms=tuple(row["synonyms"] or ()),
        lay_name=row["lay_name"] or "",
        definition=row["definition"] or "",
        definition_source=row["definition_source"] or "",
        pack=row["pack"],
    )


def _search_rank(concept: Concept, wanted: str) -> tuple[int, int, str]:
    spellings = (concept.id, concept.name.lower(), *concept.synonyms)
    if wanted in spellings:
        return 0, 0, concept.id
    starts = any(spelling.startswith(wanted) for spelling in spellings)
    return 1 if starts else 2, len(concept.name), concept.id


def _facts(rows: Iterable[Row]) -> tuple[Fact, ...]:
    """Facts without repetition, in the order of the rows."""
    found = (fact_of(row) for row in rows if row["type"] in queries.FACT_TYPES)
    return tuple({(fact.id, fact.pack): fact for fact in found}.values())


def fact_of(row: Row) -> Fact:
    """A row of a fact query."""
    held: Row = row["r"]
    return Fact(
        id=held["id"],
        subject=row["subject"],
        subject_name=row["subject_name"],
        predicate=row["type"].removeprefix("NOT_"),
        object=row["object"],
        object_name=row["object_name"],
        source=held["citation"],
        tier=Tier(held["tier"]),
        pack=held["pack"],
        denied=row["type"].startswith("NOT_"),
        quantity=_quantity(held),
        qualifiers=tuple((key, held[key]) for key in QUALIFIER_KEYS if held.get(key)),
        source_id=held["source"],
    )


def _quantity(held: Row) -> Quantity | None:
    if not held.get("operator"):
        return None
    return Quantity(cast("Operator", held["operator"]), held["value"], held["unit"], held.get("upper"))

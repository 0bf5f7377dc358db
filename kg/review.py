"""The review queue: statements taken from documents, and what a named person decided about each.

One append-only file of JSON lines, so that who decided what and when stays on record. What was accepted is the pack
`reviewed`; nothing else of the queue reaches the graph. Knows nothing of how the statements were found.
"""

import hashlib
import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from filelock import FileLock

from kg.loading.pack import fact_id
from kg.predicates import PREDICATES
from kg.types import Concept, Fact, Quantity, ReviewError, Source, Tier

Decision = Literal["accepted", "rejected"]
PACK = "reviewed"


@dataclass(frozen=True, slots=True)
class Statement:
    """What would become a fact: concept ids, a predicate, perhaps a denial or a quantity."""

    subject: str
    predicate: str
    object: str
    denied: bool = False
    quantity: Quantity | None = None
    qualifiers: tuple[tuple[str, str], ...] = ()

    @property
    def said(self) -> tuple[str, str, str, bool]:
        """What is said, without numbers and conditions."""
        return self.subject, self.predicate, self.object, self.denied

    def fact_id(self, source_id: str = "") -> str:
        """The id of the fact that says this and cites that source."""
        return fact_id(
            self.subject, self.predicate, self.object,
            denied=self.denied, quantity=self.quantity, qualifiers=self.qualifiers, source_id=source_id,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Candidate:
    """A statement as it was found. `note`: what of the sentence the statement does not carry."""

    statement: Statement
    sentence: str
    document: str
    page: int
    note: str = ""

    @property
    def id(self) -> str:
        """8 hexadecimal digits: the statement in its document."""
        return hashlib.sha256(f"{self.statement.fact_id()}|{self.document}".encode()).hexdigest()[:8]


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A candidate and what has been decided, by whom and when (UTC). `edited`: the statement as the person put it."""

    candidate: Candidate
    decision: Decision | None = None
    by: str = ""
    at: str = ""
    edited: Statement | None = None

    @property
    def statement(self) -> Statement:
        """The statement as it stands."""
        return self.edited or self.candidate.statement


@dataclass(frozen=True, slots=True)
class Ingested:
    """What became of a document: statements found, those the graph holds already, and those new in the queue."""

    document: str
    found: int
    known: int
    queued: int


class ReviewQueue:
    """The queue in one folder; several programs may use it at once."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._file = folder / "queue.jsonl"
        self._lock = FileLock(folder / "queue.lock")

    def entries(self) -> dict[str, Reviewed]:
        """Every candidate by id, in the order it came, as it stands now."""
        found: dict[str, Reviewed] = {}
        for event in self.events():
            if event["event"] == "found":
                candidate = _candidate(event)
                found.setdefault(candidate.id, Reviewed(candidate))
            elif event["id"] in found:
                found[event["id"]] = _after(found[event["id"]], event)
        return found

    def entry(self, candidate_id: str) -> Reviewed:
        """One candidate as it stands now. Raises `ReviewError`."""
        found = self.entries().get(candidate_id)
        if found is None:
            raise ReviewError("Nothing in the queue has that id; see: copilot kg review")
        return found

    def waiting(self) -> list[Reviewed]:
        """Those that nobody has decided about."""
        return [entry for entry in self.entries().values() if entry.decision is None]

    def add(self, candidates: Iterable[Candidate]) -> int:
        """Queues what is not there yet, decided or not. Returns how many are new."""
        with self._lock:
            known = set(self.entries())
            fresh = {c.id: c for c in candidates if c.id not in known}
            self._append([{"event": "found", "at": _now(), **asdict(c)} for c in fresh.values()])
            return len(fresh)

    def decide(self, candidate_id: str, decision: Decision, by: str) -> Reviewed:
        """Accepts or rejects; a later decision replaces an earlier one and both stay on record."""
        return self._record(candidate_id, {"event": decision, "by": _named(by)})

    def edit(self, candidate_id: str, statement: Statement, by: str) -> Reviewed:
        """Puts the statement otherwise. It then waits for a decision."""
        if statement.predicate not in PREDICATES:
            raise ReviewError(f"No relation is called {statement.predicate}; see kg/predicates.py for those there are.")
        if statement.subject == statement.object:
            raise ReviewError("A statement needs two different concepts.")
        return self._record(candidate_id, {"event": "edited", "by": _named(by), "statement": asdict(statement)})

    def merge(self, events: Iterable[dict[str, Any]]) -> None:
        """Takes over the lines of another record that this one has not got."""
        with self._lock:
            held = self.events()
            self._append([event for event in events if event not in held])

    def _record(self, candidate_id: str, event: dict[str, Any]) -> Reviewed:
        with self._lock:
            self.entry(candidate_id)
            self._append([{**event, "id": candidate_id, "at": _now()}])
            return self.entry(candidate_id)

    def _append(self, events: Sequence[dict[str, Any]]) -> None:
        """Whole lines only: a line that a killed program left unfinished is ended first, and passed over later."""
        if not events:
            return
        unfinished = self._file.exists() and not self._file.read_bytes().endswith(b"\n")
        text = "".join(json.dumps(event, ensure_ascii=False) + "\n" for event in events)
        handle = os.open(self._file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(("\n" if unfinished and self._file.stat().st_size else "") + text)

    def events(self) -> list[dict[str, Any]]:
        """Every line of the record, in order."""
        try:
            lines = self._file.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return []
        return [event for line in lines if (event := _parsed(line))]


class ReviewedPack:
    """What was accepted, as a pack. Tier reviewed; each citation names the document, the person and the day."""

    name = PACK
    licence = "as the cited documents"

    def __init__(self, queue: ReviewQueue) -> None:
        self._accepted = [e for e in queue.entries().values() if e.decision == "accepted"]

    @property
    def version(self) -> str:
        """A hash of the accepted statements and who accepted them."""
        said = "\n".join(f"{e.candidate.id} {e.statement.fact_id()} {e.by} {e.at}" for e in self._accepted)
        return hashlib.sha256(said.encode()).hexdigest()[:12]

    def concepts(self) -> list[Concept]:
        """None: statements are about concepts that the graph has."""
        return []

    def sources(self) -> list[Source]:
        """One an accepted statement."""
        return [Source(_source_id(e), _citation(e)) for e in self._accepted]

    def facts(self) -> list[Fact]:
        """The accepted statements."""
        return [_fact(entry) for entry in self._accepted]

    def where(self, fact_id: str) -> str:
        """The candidate behind a fact."""
        return next((f"candidate {e.candidate.id}" for e in self._accepted if _fact(e).id == fact_id), PACK)


def _fact(entry: Reviewed) -> Fact:
    s, source = entry.statement, _source_id(entry)
    return Fact(
        id=s.fact_id(source),
        subject=s.subject, subject_name="", predicate=s.predicate, object=s.object, object_name="",
        source=_citation(entry), tier=Tier.REVIEWED, pack=PACK, denied=s.denied, quantity=s.quantity,
        qualifiers=s.qualifiers, source_id=source,
    )  # fmt: skip


def _source_id(entry: Reviewed) -> str:
    return f"reviewed_{entry.candidate.id}"


def _citation(entry: Reviewed) -> str:
    place = f", page {entry.candidate.page}" if entry.candidate.page else ""
    return f"{entry.candidate.document}{place}. Accepted by {entry.by}, {entry.at[:10]}"


def _after(entry: Reviewed, event: dict[str, Any]) -> Reviewed:
    by, at = event["by"], event["at"]
    if event["event"] == "edited":
        return replace(entry, decision=None, by=by, at=at, edited=_statement(event["statement"]))
    return replace(entry, decision=event["event"], by=by, at=at)


def _candidate(event: dict[str, Any]) -> Candidate:
    return Candidate(
        _statement(event["statement"]), event["sentence"], event["document"], event["page"], event["note"]
    )  # fmt: skip


def _statement(held: dict[str, Any]) -> Statement:
    quantity = Quantity(**held["quantity"]) if held["quantity"] else None
    return Statement(**{**held, "quantity": quantity, "qualifiers": tuple((k, v) for k, v in held["qualifiers"])})


def _parsed(line: str) -> dict[str, Any] | None:
    try:
        event = json.loads(line)
    except ValueError:
        return None
    return event if isinstance(event, dict) and "event" in event else None


def _named(by: str) -> str:
    name = " ".join(by.split())[:80]
    if len(name) < 3:
        raise ReviewError("A decision needs the name of the person who takes it; add --by NAME.")
    return name


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")

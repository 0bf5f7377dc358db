"""The audit trail: one JSON line an answer, each holding the hash of the one before, so that a change shows.

Only safe values come here. Knows nothing of the pipeline or of who reads the trail.
"""

import fcntl
import hashlib
import json
import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from guardrails.types import SafeText

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class _Head:
    """The last line's hash, the number of lines and the size of the file in bytes."""

    hash: str = GENESIS
    lines: int = 0
    bytes: int = 0


@dataclass(frozen=True, slots=True)
class Verification:
    """Result of following the chain. `broken_at` is the first bad line, counted from 1."""

    lines: int
    broken_at: int | None = None
    reason: str = ""

    @property
    def intact(self) -> bool:
        """Whether every line follows from the one before and none is missing from the end."""
        return self.broken_at is None


class AuditTrail:
    """Append-only file, shared safely by threads and by processes on one machine.

    The file beside it, `audit.head`, names the last hash and the number of lines, so that lines cut off the end show.
    """

    def __init__(self, folder: Path) -> None:
        """Makes `folder`, readable by its owner only, when it is not there."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.path = folder / "audit.jsonl"
        self._head = folder / "audit.head"
        self._thread_lock = threading.Lock()

    def append(self, kind: str, record: Mapping[str, Any]) -> str:
        """Adds one line and returns its hash. Values may be `SafeText`, plain numbers, lists and mappings of them."""
        with self._locked():
            head = self._read_head()
            body = {"time": datetime.now(UTC).isoformat(timespec="milliseconds"), "kind": kind, **record}
            entry = {"body": body, "previous": head.hash}
            digest = _digest(entry)
            size = self._write_line(json.dumps({**entry, "hash": digest}, default=_plain), head)
            self._write_head(_Head(digest, head.lines + 1, size))
            return digest

    def entries(self) -> Iterator[dict[str, Any]]:
        """Every line as it was written, oldest first."""
        if not self.path.exists():
            return
        with self.path.open(encoding="utf-8") as file:
            for line in file:
                yield json.loads(line)

    def verify(self) -> Verification:
        """Follows the chain from the first line to the head."""
        with self._locked():
            previous, number = GENESIS, 0
            try:
                for number, entry in enumerate(self.entries(), 1):
                    claimed = entry.pop("hash", None)
                    if entry.get("previous") != previous or _digest(entry) != claimed:
                        return Verification(number, number, "this line, or the one before it, was changed")
                    previous = claimed
            except ValueError:
                return Verification(number + 1, number + 1, "this line cannot be read")
            head = self._read_head()
            if (head.hash, head.lines) != (previous, number):
                return Verification(number, number + 1, "lines are missing from the end, or the head was changed")
            return Verification(number)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with self._thread_lock, self.path.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _read_head(self) -> _Head:
        """The recorded head, moved on over whole lines that a crash left behind it."""
        head = _Head(**json.loads(self._head.read_text(encoding="utf-8"))) if self._head.exists() else _Head()
        if not self.path.exists() or self.path.stat().st_size == head.bytes:
            return head
        with self.path.open("rb") as file:
            file.seek(head.bytes)
            for line in file:
                entry = _follows(line, head.hash)
                if entry is None:
                    break
                head = _Head(entry, head.lines + 1, head.bytes + len(line))
        return head

    def _write_line(self, line: str, head: _Head) -> int:
        """Appends and returns the size of the file. A line torn by a crash is closed first; `verify` will point at it."""
        descriptor = os.open(self.path, os.O_APPEND | os.O_CREAT | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "ab") as file:
            torn = file.tell() > head.bytes
            file.write((b"\n" if torn else b"") + line.encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
            return file.tell()

    def _write_head(self, head: _Head) -> None:
        fresh = self._head.with_suffix(".new")
        fresh.write_text(json.dumps(asdict(head)), encoding="utf-8")
        fresh.replace(self._head)


def _follows(line: bytes, previous: str) -> str | None:
    """The hash of a whole line that continues the chain, else None."""
    try:
        entry = json.loads(line) if line.endswith(b"\n") else {}
    except ValueError:
        return None
    claimed = entry.pop("hash", None)
    return str(claimed) if entry.get("previous") == previous and _digest(entry) == claimed else None


def _plain(value: Any) -> Any:
    if isinstance(value, SafeText):
        return value.text
    raise TypeError(f"the audit trail does not take {type(value).__name__}")


def _digest(entry: Mapping[str, Any]) -> str:
    """Hash over the canonical form, so that re-reading the line gives the same."""
    text = json.dumps(entry, default=_plain, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()

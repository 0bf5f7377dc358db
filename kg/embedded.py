"""Hosts an embedded Bolt endpoint when no server is configured, shared by all programs that use one data
folder.

`start(folder)` gives an `Engine`. The engine (ArcadeDB with its own Java runtime, out of the
`arcadedb-embedded` wheel) runs under a small host process, this module run as a script. Every program that
uses the engine holds a lease: an open loopback connection to the host. When the last lease ends, however its
holder ended, the host stops the engine; when the host ends, the kernel stops the engine. Knows nothing of
Cypher or of what is in the graph.

In the data folder: `engine.lock` (held by the host), `engine.json` (where the running engine listens),
`password` and
`reader_password` (random, made once), `engine.log`, and the engine's own `config`, `databases` and `log`. All are
readable by the owner only.
"""

import base64
import ctypes
import hashlib
import importlib.util
import json
import os
import secrets
import selectors
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from kg.types import GraphUnavailable

DATABASE = "copilot"
WRITER = "root"
READER = "reader"
START_TIMEOUT_S = 60.0
STOP_TIMEOUT_S = 15.0
SPARE_BYTES = 4_000_000

_PASSWORDS = {WRITER: "password", READER: "reader_password"}
_ROUNDS = 65_536  # of PBKDF2, as the engine's own accounts have
_MAY: dict[str, dict[str, object]] = {
    "admin": {
        "access": ["updateSecurity", "updateSchema", "updateDatabaseSettings"],
        "types": {"*": {"access": ["createRecord", "readRecord", "updateRecord", "deleteRecord"]}},
    },
    "reader": {"access": [], "types": {"*": {"access": ["readRecord"]}}},
    "*": {"access": [], "types": {"*": {"access": []}}},
}
_LOCK_HELD = 3
_CANNOT_WRITE = 4
_NO_ENGINE = 5
_LOOPBACK = "127.0.0.1"
_HEAP = "-Xmx1g"
_SOURCE_ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class _Running:
    """Where the running engine listens; `greeting` proves that the host answers and not a stranger on its old
    port.
    """

    bolt: int
    lease: int
    greeting: str


class Engine:
    """A lease on the running engine. `close` gives it back and, if it was the last, waits until the engine is
    gone.
    """

    def __init__(self, folder: Path, running: _Running, lease: socket.socket) -> None:
        self.folder = folder
        self.uri = f"bolt://{_LOOPBACK}:{running.bolt}"
        self._lease = lease

    def password(self, account: str) -> str:
        """The password of `WRITER` or `READER`."""
        return (self.folder / _PASSWORDS[account]).read_text(encoding="ascii")

    def alive(self) -> bool:
        """Whether the host still runs: it never writes after the greeting, so anything to read is its end."""
        try:
            return self._lease.recv(1, socket.MSG_PEEK) != b""
        except BlockingIOError:
            return True
        except OSError:
            return False

    def close(self) -> None:
        """Ends the lease. The host answers by closing it: at once when others use the engine, else when it
        has stopped.
        """
        try:
            self._lease.settimeout(STOP_TIMEOUT_S)
            self._lease.shutdown(socket.SHUT_WR)
            self._lease.recv(1)
        except OSError:
            pass  # already gone, which is what was wanted
        finally:
            self._lease.close()


def start(folder: Path) -> Engine:
    """Joins the engine that runs on `folder`, or starts one. Bolt may need a moment more before it answers.

    Raises `GraphUnavailable` when the folder cannot be written or no engine comes up within
    `START_TIMEOUT_S`.
    """
    _make(folder)
    host: subprocess.Popen[bytes] | None = None
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        if engine := _join(folder):
            return engine
        if host is None or host.poll() is not None:
            if host is not None:
                _explain(host.returncode, folder)
            host = _launch(folder)
        time.sleep(0.02)
    raise not_up(f"did not start within {START_TIMEOUT_S:.0f} s", folder)


def not_up(what: str, folder: Path) -> GraphUnavailable:
    """Why there is no engine, as far as that can be told from outside."""
    if disk_is_full(folder):
        return full(folder)
    return GraphUnavailable(f"The graph engine {what}; see {folder / 'engine.log'} for the reason.")


def full(folder: Path) -> GraphUnavailable:
    """What is said of a full disk."""
    return GraphUnavailable(
        f"The disk that holds the graph ({folder}) is full; free some space and do it again. "
        "What was stored before is unharmed."
    )


def disk_is_full(folder: Path) -> bool:
    """Whether the disk under the data folder has less left than the engine needs to write anything."""
    try:
        return shutil.disk_usage(folder).free < SPARE_BYTES
    except OSError:
        return False


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise _unwritable(folder) from error


def _unwritable(folder: Path) -> GraphUnavailable:
    if disk_is_full(folder):
        return full(folder)
    return GraphUnavailable(
        f"The graph's data folder {folder} cannot be written; free some space there or give a folder of your own."
    )


def _explain(status: int, folder: Path) -> None:
    """A host that ended because another one holds the folder is no error: that one will be joined."""
    if status == _CANNOT_WRITE:
        raise _unwritable(folder)
    if status == _NO_ENGINE:
        raise GraphUnavailable("The graph engine is not installed; run: pip install arcadedb-embedded")
    if status not in {_LOCK_HELD, 0}:
        raise not_up("stopped while starting", folder)


def _join(folder: Path) -> Engine | None:
    try:
        running = _Running(**json.loads((folder / "engine.json").read_text(encoding="ascii")))
        lease = socket.create_connection((_LOOPBACK, running.lease), timeout=2)
    except (OSError, ValueError, TypeError):
        return None
    try:
        greeting = lease.recv(len(running.greeting), socket.MSG_WAITALL)
    except OSError:
        greeting = b""
    if greeting != running.greeting.encode():
        lease.close()
        return None
    lease.setblocking(False)
    return Engine(folder, running, lease)


def _launch(folder: Path) -> "subprocess.Popen[bytes]":
    """Starts a host in a session of its own, so that Ctrl-C in a terminal ends the program first and then the
    engine.
    """
    path = os.pathsep.join(filter(None, (str(_SOURCE_ROOT), os.environ.get("PYTHONPATH", ""))))
    try:
        return subprocess.Popen(  # noqa: S603 - our own module on our own folder
            [sys.executable, "-m", "kg.embedded", str(folder.resolve())],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": path},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        raise _unwritable(folder) from error


# --- the host process
# -------------------------------------------------------------------------------------------------


def host(folder: Path) -> int:
    """Runs the engine for as long as somebody holds a lease. Returns the exit status."""
    os.umask(0o077)
    if _engine_files() is None:
        return _NO_ENGINE
    try:
        with FileLock(folder / "engine.lock", timeout=0):
            return _run(folder)
    except Timeout:
        return _LOCK_HELD
    except OSError:
        return _CANNOT_WRITE


def _run(folder: Path) -> int:
    _make_accounts(folder)
    with socket.create_server((_LOOPBACK, 0)) as listener, (folder / "engine.log").open("wb") as log:
        running = _Running(_free_port(), listener.getsockname()[1], secrets.token_hex(16))
        java = subprocess.Popen(  # noqa: S603 - the engine of the installed wheel
            _command(folder, running.bolt),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            preexec_fn=_die_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509 - one thread only
        )
        signal.signal(signal.SIGTERM, lambda *_: java.terminate())
        try:
            _announce(folder, running)
            leases = _serve(listener, running.greeting.encode(), java)
        finally:
            _stop(java)
            (folder / "engine.json").unlink(missing_ok=True)
        for lease in leases:
            lease.close()
    return 0 if java.returncode in {0, 143, -signal.SIGTERM} else 1


def _die_with_parent() -> None:
    """Asks the kernel to end this process when its parent ends (prctl PR_SET_PDEATHSIG)."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def _make_accounts(folder: Path) -> None:
    """Tells the engine of the two accounts: one that writes, and one that answers are read with and that cannot.

    Each has a random password, made at the first start and made again when its file is lost.
    """
    for name in _PASSWORDS.values():
        file = folder / name
        if not file.exists() or not file.read_text(encoding="ascii"):
            _put(file, secrets.token_urlsafe(24))
    groups = {name: {"resultSetLimit": -1, "readTimeout": -1, **may} for name, may in _MAY.items()}
    reader = {"databases": {DATABASE: ["reader"]}, "name": READER, "password": _hashed(folder, READER)}
    writer = {"databases": {"*": ["admin"]}, "name": WRITER, "password": _hashed(folder, WRITER)}
    config = folder / "config"
    config.mkdir(exist_ok=True)
    _put(config / "server-users.jsonl", f"{json.dumps(writer)}\n{json.dumps(reader)}\n")
    databases = {name: {"groups": groups} for name in ("*", DATABASE)}
    _put(config / "server-groups.json", json.dumps({"databases": databases, "version": 2}))


def _hashed(folder: Path, account: str) -> str:
    """A password as the engine keeps it."""
    password = (folder / _PASSWORDS[account]).read_bytes()
    salt = base64.b64encode(secrets.token_bytes(32))
    key = base64.b64encode(hashlib.pbkdf2_hmac("sha256", password, salt, _ROUNDS, 32))
    return f"PBKDF2WithHmacSHA256${_ROUNDS}${salt.decode()}${key.decode()}"


def _put(file: Path, text: str) -> None:
    fresh = file.with_name(f"{file.name}.new")
    fresh.write_text(text, encoding="ascii")
    fresh.replace(file)


def _free_port() -> int:
    with socket.create_server((_LOOPBACK, 0)) as probe:
        return int(probe.getsockname()[1])


def _engine_files() -> tuple[Path, Path] | None:
    """The Java runtime and the folder of jars inside the installed wheel, found without importing it."""
    spec = importlib.util.find_spec("arcadedb_embedded")
    if spec is None or spec.origin is None:
        return None
    java = Path(spec.origin).parent / "jre" / "bin" / ("java.exe" if os.name == "nt" else "java")
    return (java, Path(spec.origin).parent / "jars") if java.exists() else None


def _command(folder: Path, bolt_port: int) -> list[str]:
    """The engine's own entry point. HTTP cannot be switched off: it gets any free loopback port and needs an
    account.
    """
    files = _engine_files()
    assert files is not None  # noqa: S101 - `host` has checked it
    java, jars = files
    settings = {
        "server.rootPath": folder,
        "server.rootPasswordPath": folder / "password",
        "server.logsDirectory": folder / "log",
        "server.mode": "production",
        "server.httpIncomingHost": _LOOPBACK,
        "server.httpIncomingPort": 0,
        "server.httpWorkerThreads": 2,
        "server.plugins": "Bolt:com.arcadedb.bolt.BoltProtocolPlugin",
        "server.defaultDatabases": f"{DATABASE}[{WRITER}]",
        "bolt.host": _LOOPBACK,
        "bolt.port": bolt_port,
        "opencypher.loadCsv.allowFileUrls": "false",
        "opencypher.loadCsv.allowRemoteUrls": "false",
        "serverMetrics": "false",
    }
    return [
        str(java),
        _HEAP,
        "-XX:+UseSerialGC",
        "-Djava.awt.headless=true",
        "--add-opens=java.base/java.util.concurrent.atomic=ALL-UNNAMED",
        "--add-opens=java.base/java.nio.channels.spi=ALL-UNNAMED",
        *(f"-Darcadedb.{key}={value}" for key, value in settings.items()),
        "-cp",
        str(jars / "*"),
        "com.arcadedb.server.ArcadeDBServer",
    ]


def _announce(folder: Path, running: _Running) -> None:
    _put(folder / "engine.json", json.dumps(asdict(running)))


def _serve(listener: socket.socket, greeting: bytes, java: "subprocess.Popen[bytes]") -> list[socket.socket]:
    """Greets and keeps leases until the last has ended or the engine has died. Returns those to be closed at
    the end.
    """
    leases: set[socket.socket] = set()
    nobody_came = time.monotonic() + START_TIMEOUT_S
    with selectors.DefaultSelector() as selector:
        selector.register(listener, selectors.EVENT_READ)
        while java.poll() is None and (leases or time.monotonic() < nobody_came):
            for key, _ in selector.select(timeout=0.5):
                if key.fileobj is listener:
                    lease, _ = listener.accept()
                    lease.sendall(greeting)
                    leases.add(lease)
                    selector.register(lease, selectors.EVENT_READ)
                    continue
                ended = key.fileobj
                assert isinstance(ended, socket.socket)  # noqa: S101 - only sockets are registered
                if not _ended(ended):
                    continue
                selector.unregister(ended)
                leases.remove(ended)
                if not leases:
                    return [ended]
                ended.close()
    return list(leases)


def _ended(lease: socket.socket) -> bool:
    try:
        return lease.recv(64) == b""
    except OSError:
        return True


def _stop(java: "subprocess.Popen[bytes]") -> None:
    java.terminate()
    try:
        java.wait(STOP_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        java.kill()
        java.wait()


if __name__ == "__main__":
    sys.exit(host(Path(sys.argv[1])))

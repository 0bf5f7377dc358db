"""The embedded engine as a process: shared by programs, gone with the last of them, back after a crash."""

import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import neo4j
import pytest
from neo4j.exceptions import Neo4jError

import kg.graph
from kg import embedded
from kg.graph import Graph
from kg.loading.csv_pack import CsvPack
from kg.loading.load import load
from kg.types import GraphUnavailable
from tests.integration.kg.packs import big_pack

SMALL = Path(__file__).with_name("small_pack")
ROOT = Path(__file__).resolve().parents[3]
OTHER_PROGRAM = """
import sys
from pathlib import Path
from kg.graph import Graph
graph = Graph.open_embedded(Path(sys.argv[1]))
print(graph.stats().concepts, flush=True)
sys.stdin.read()
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the small pack in it, nobody running."""
    made = tmp_path_factory.mktemp("engine") / "data"
    with Graph.open_embedded(made) as graph:
        load(graph, CsvPack(SMALL))
    return made


def _until(holds: Callable[[], bool], seconds: float = 30.0) -> bool:
    deadline = time.monotonic() + seconds
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.05)
    return holds()


def _engines(folder: Path) -> list[int]:
    """Processes of the host and the engine on this folder: both name it on their command line."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            command = (entry / "cmdline").read_bytes().decode(errors="replace")
        except OSError:
            continue
        if str(folder) in command and ("ArcadeDBServer" in command or "kg.embedded" in command):
            found.append(int(entry.name))
    return found


def _java(folder: Path) -> int:
    return next(pid for pid in _engines(folder) if b"ArcadeDBServer" in Path(f"/proc/{pid}/cmdline").read_bytes())


def _is_stopped(pid: int) -> bool:
    """Whether every thread has come to its stop; until then one of them may still answer."""
    threads = Path(f"/proc/{pid}/task").glob("*/stat")
    return all(thread.read_text().rpartition(") ")[2].startswith("T") for thread in threads)


def _other_program(folder: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", OTHER_PROGRAM, str(folder)],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


def test_closing_stops_the_engine_and_keeps_the_data(folder: Path) -> None:
    """After `close` no process is left; the next start finds what was written."""
    with Graph.open_embedded(folder) as graph:
        assert graph.stats().concepts == 15
        assert graph.engine.startswith("embedded ArcadeDB ")
        assert _engines(folder)
    assert _until(lambda: _engines(folder) == [])


def test_only_the_owner_may_read_the_folder(folder: Path) -> None:
    """The password, the addresses and the data are closed to other users, and nothing lands in the working
    directory.
    """
    with Graph.open_embedded(folder):
        for file in ("password", "reader_password", "engine.json", "engine.log"):
            assert stat.S_IMODE((folder / file).stat().st_mode) == 0o600
        assert stat.S_IMODE((folder / "databases").stat().st_mode) == 0o700
        command = Path(f"/proc/{_java(folder)}/cmdline").read_text()
        assert (folder / "password").read_text() not in command
    assert not (ROOT / "log").exists()


def test_it_listens_on_loopback_only(folder: Path) -> None:
    """No socket of the engine is bound to an address that another machine can reach."""
    with Graph.open_embedded(folder):
        pid = _java(folder)
        inodes = {
            os.readlink(link)[8:-1]
            for link in Path(f"/proc/{pid}/fd").iterdir()
            if os.readlink(link).startswith("socket:")
        }
        rows = [
            line.split()
            for table in ("tcp", "tcp6")
            for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]
        ]
        listening = [row[1].split(":")[0] for row in rows if row[3] == "0A" and row[9] in inodes]
    loopback = {"0100007F", "0000000000000000FFFF00000100007F", "00000000000000000000000001000000"}
    assert listening
    assert set(listening) <= loopback


def test_two_programs_share_one_engine(folder: Path) -> None:
    """A second program joins the running engine, and the engine outlives the first program for it."""
    other = _other_program(folder)
    assert other.stdout is not None
    assert other.stdout.readline() == "15\n"
    with Graph.open_embedded(folder) as graph:
        assert len(_engines(folder)) == 2
        other.communicate()
        assert graph.stats().concepts == 15
    assert _until(lambda: _engines(folder) == [])


def test_two_programs_may_start_at_once(folder: Path) -> None:
    """Whoever loses the race to start the engine joins the winner's."""
    programs = [_other_program(folder) for _ in range(2)]
    assert [p.stdout.readline() for p in programs if p.stdout] == ["15\n", "15\n"]
    assert len(_engines(folder)) == 2
    for program in programs:
        program.communicate()
    assert _until(lambda: _engines(folder) == [])


def test_the_engine_goes_when_its_program_is_killed(folder: Path) -> None:
    """SIGKILL gives a program no chance to clean up; the engine stops all the same."""
    other = _other_program(folder)
    assert other.stdout is not None
    assert other.stdout.readline() == "15\n"
    other.kill()
    other.communicate()
    assert _until(lambda: _engines(folder) == [])


def test_the_engine_goes_when_its_host_is_killed(folder: Path) -> None:
    """No engine is left behind without a host, and what the dead host left on disk does not hinder the next
    start.
    """
    with Graph.open_embedded(folder):
        (host,) = set(_engines(folder)) - {_java(folder)}
        os.kill(host, signal.SIGKILL)
        assert _until(lambda: _engines(folder) == [])
        assert (folder / "engine.json").exists()
    with Graph.open_embedded(folder) as graph:
        assert graph.stats().concepts == 15


def test_a_killed_engine_is_started_again_under_the_reader(folder: Path) -> None:
    """The next question after a crash of the engine is answered, from data that survived."""
    with Graph.open_embedded(folder) as graph:
        os.kill(_java(folder), signal.SIGKILL)
        assert _until(lambda: _engines(folder) == [])
        assert graph.stats().concepts == 15
        assert len(graph.facts_about(["pleural_effusion"])) == 5
    assert _until(lambda: _engines(folder) == [])


def test_a_stranger_on_the_old_port_is_not_mistaken_for_the_engine(folder: Path) -> None:
    """A stale `engine.json` whose port now belongs to something else does not hinder the start."""
    stranger = subprocess.Popen(
        [
            sys.executable, "-c",
            "import socket\ns = socket.create_server(('127.0.0.1', 0))\nprint(s.getsockname()[1], "
            "flush=True)\n"
            "while True: s.accept()[0].sendall(b'220 mail server ready, please go ahead\\n')",
        ],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert stranger.stdout is not None
        port = int(stranger.stdout.readline())
        (folder / "engine.json").write_text(json.dumps({"bolt": port, "lease": port, "greeting": "0" * 32}))
        with Graph.open_embedded(folder) as graph:
            assert graph.stats().concepts == 15
    finally:
        stranger.kill()
        stranger.communicate()


def test_a_lost_password_is_made_again(folder: Path) -> None:
    """Without the password file nobody could log in: a new one is made and the data are kept."""
    (folder / "password").unlink()
    with Graph.open_embedded(folder) as graph:
        assert graph.stats().concepts == 15


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE (c:Concept {id: 'x'})", "MATCH (c:Concept) SET c.name = 'x'", "MATCH (c:Concept) DETACH DELETE c",
        "CREATE (c:Other {id: 'x'})", "CREATE CONSTRAINT other_id IF NOT EXISTS FOR (o:Other) REQUIRE o.id IS UNIQUE",
    ],
)  # fmt: skip
def test_the_account_that_answers_are_read_with_cannot_write(folder: Path, statement: str) -> None:
    """The engine itself refuses, whatever statement reaches it; reading works."""
    with Graph.open_embedded(folder) as graph:
        assert graph._engine is not None
        account = (embedded.READER, graph._engine.password(embedded.READER))
        with neo4j.GraphDatabase.driver(graph._engine.uri, auth=account) as driver:
            before = driver.execute_query("MATCH (c:Concept) RETURN count(c)", database_=embedded.DATABASE).records
            with pytest.raises(Neo4jError, match=r"Forbidden|not allowed|security"):
                driver.execute_query(statement, database_=embedded.DATABASE)
            assert (
                driver.execute_query("MATCH (c:Concept) RETURN count(c)", database_=embedded.DATABASE).records == before
            )
        assert graph.stats().concepts == 15


def test_a_folder_that_cannot_be_made_is_said_plainly(tmp_path: Path) -> None:
    """The message names the folder and what to do."""
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(GraphUnavailable, match="cannot be written"):
        embedded.start(tmp_path / "file" / "data")


FULL_DISK = """
import shutil, sys
from pathlib import Path
from kg.graph import Graph
from kg.loading.csv_pack import CsvPack
from kg.loading.load import load
from kg.types import GraphUnavailable
disk, small, big = (Path(word) for word in sys.argv[1:])
with Graph.open_embedded(disk / "data") as graph:
    load(graph, CsvPack(small))
    filler = disk / "filler"
    filler.write_bytes(b"x" * (shutil.disk_usage(disk).free - 300_000))
    try:
        load(graph, CsvPack(big))
    except GraphUnavailable as error:
        print(error)
    print(graph.stats().facts)
with filler.open("ab") as file:
    file.write(b"x" * shutil.disk_usage(disk).free)
try:
    Graph.open_embedded(disk / "data").close()
except GraphUnavailable as error:
    print(error)
filler.unlink()
with Graph.open_embedded(disk / "data") as graph:
    print(load(graph, CsvPack(big)).fresh, graph.stats().facts)
with Graph.open_embedded(disk / "data") as graph:
    print(graph.stats().facts)
"""


def test_a_full_disk_is_said_and_harms_nothing(tmp_path: Path) -> None:
    """The message names the disk, at a load and at a start; what was stored is still there; with space again the load goes on."""
    namespace = ["unshare", "--user", "--map-root-user", "--mount"]
    if subprocess.run([*namespace, "true"], check=False, capture_output=True).returncode:
        pytest.skip("this machine lets nobody but root mount a small disk")
    (tmp_path / "disk").mkdir()
    big_pack(tmp_path / "big", 9000)
    mount_and_run = f'mount -t tmpfs -o size=60m tmpfs "{tmp_path / "disk"}" && exec "$@"'
    program = [sys.executable, "-c", FULL_DISK, str(tmp_path / "disk"), str(SMALL), str(tmp_path / "big")]
    done = subprocess.run(
        [*namespace, "sh", "-c", mount_and_run, "sh", *program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    said = done.stdout.splitlines()
    assert said[0].startswith("The disk that holds the graph"), done.stderr
    assert said[2].startswith("The disk that holds the graph"), done.stdout
    assert [said[1], *said[3:]] == ["12", "True 9012", "9012"]


def test_a_lock_left_behind_does_not_hinder(folder: Path) -> None:
    """Lock files of a machine that lost power, ours and the engine's own, belong to nobody and are taken over."""
    (folder / "engine.lock").write_text("12345")
    (folder / "databases" / embedded.DATABASE / "database.lck").write_text("")
    with Graph.open_embedded(folder) as graph:
        assert graph.stats().concepts == 15


def test_an_engine_that_is_stopped_is_given_up(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An engine that hangs does not hang its program: the question fails in words, and the next is answered."""
    for name in ("READ_TIMEOUT_S", "RETRY_FOR_S", "SLACK_S"):
        monkeypatch.setattr(kg.graph, name, 1.0)
    with Graph.open_embedded(folder) as graph:
        assert graph.stats().concepts == 15
        os.kill(_java(folder), signal.SIGSTOP)
        assert _until(lambda: _is_stopped(_java(folder)))
        with pytest.raises(GraphUnavailable, match="stopped answering"):
            graph.stats()
        os.kill(_java(folder), signal.SIGCONT)
        assert graph.stats().concepts == 15

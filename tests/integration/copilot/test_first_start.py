"""Several programs that first start on one empty data folder: one loads, the others wait, nothing is loaded twice."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from kg.loading.csv_pack import core

ROOT = Path(__file__).parents[3]
PROGRAM = """
from copilot.bootstrap import Application
with Application(progress=lambda step: print(step, flush=True)) as application:
    stats = application.graph.stats()
    print(stats.concepts, stats.facts, flush=True)
"""
WAITING = "Waiting for another program that is loading the graph"


def _start(home: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        env={**os.environ, "COPILOT_HOME": str(home), "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _lines(program: "subprocess.Popen[str]") -> Iterator[str]:
    assert program.stdout is not None
    return (line.strip() for line in program.stdout)


@pytest.fixture(scope="module")
def whole() -> str:
    """What a program prints when the whole core is there, once."""
    return f"{len(core().concepts())} {len(core().facts())}"


def test_two_programs_at_once_load_the_core_once(tmp_path: Path, whole: str) -> None:
    """Both end well and both see the whole graph."""
    programs = [_start(tmp_path), _start(tmp_path)]
    said = [list(_lines(program)) for program in programs]
    assert [program.wait(120) for program in programs] == [0, 0], [p.stderr.read() for p in programs if p.stderr]
    assert [lines[-1] for lines in said] == [whole, whole]


def test_the_second_program_says_that_it_waits(tmp_path: Path, whole: str) -> None:
    """It goes on by itself as soon as the other has finished."""
    with FileLock(tmp_path / "loading.lock"):
        program = _start(tmp_path)
        lines = _lines(program)
        assert next(line for line in lines if "Loading" in line or "Waiting" in line) == WAITING
    assert list(lines)[-1] == whole
    assert program.wait(120) == 0


def test_a_program_killed_while_loading_leaves_the_rest_to_the_next(tmp_path: Path, whole: str) -> None:
    """Its lock goes with it, and what it had written is completed."""
    first = _start(tmp_path)
    assert "Loading the curated facts" in _lines(first)
    first.send_signal(signal.SIGKILL)
    first.wait(30)
    second = _start(tmp_path)
    assert list(_lines(second))[-1] == whole
    assert second.wait(120) == 0

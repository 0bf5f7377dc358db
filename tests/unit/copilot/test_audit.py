"""The audit trail: appended, chained, safe, and honest about what happened to it."""

import json
import threading
from pathlib import Path

import pytest

from copilot.audit import AuditTrail
from guardrails.types import SafeText


def trail_of(folder: Path, lines: int = 3) -> AuditTrail:
    trail = AuditTrail(folder)
    for number in range(lines):
        trail.append("answer", {"question": SafeText(f"what is it {number}"), "seed": number})
    return trail


def test_whole_trail_verifies(tmp_path: Path) -> None:
    """An untouched trail is intact and counts its lines."""
    verification = trail_of(tmp_path).verify()
    assert verification.intact
    assert verification.lines == 3


def test_empty_trail_verifies(tmp_path: Path) -> None:
    """A trail that nobody has written to is intact."""
    assert AuditTrail(tmp_path).verify().intact


@pytest.mark.parametrize("line", [0, 1, 2])
def test_changed_line_is_named(tmp_path: Path, line: int) -> None:
    """Changing one character of any line is found at that line."""
    trail = trail_of(tmp_path)
    lines = trail.path.read_text().splitlines()
    lines[line] = lines[line].replace("what is it", "what was it")
    trail.path.write_text("\n".join(lines) + "\n")
    assert trail.verify().broken_at == line + 1


def test_removed_last_line_is_found(tmp_path: Path) -> None:
    """Cutting the newest line off does not go unseen."""
    trail = trail_of(tmp_path)
    trail.path.write_text("\n".join(trail.path.read_text().splitlines()[:-1]) + "\n")
    assert not trail.verify().intact


def test_crash_before_the_head_moved_heals(tmp_path: Path) -> None:
    """A whole line whose head was never written is adopted, and the trail goes on."""
    trail = trail_of(tmp_path, 2)
    head = (tmp_path / "audit.head").read_text()
    trail.append("answer", {"seed": 9})
    (tmp_path / "audit.head").write_text(head)
    trail.append("answer", {"seed": 10})
    assert trail.verify().lines == 4
    assert trail.verify().intact


def test_torn_line_is_reported_and_writing_goes_on(tmp_path: Path) -> None:
    """Half a line left by a power cut is pointed at; later lines are still written whole."""
    trail = trail_of(tmp_path, 2)
    with trail.path.open("a") as file:
        file.write('{"body": {"ti')
    trail.append("answer", {"seed": 10})
    assert trail.verify().broken_at == 3
    assert json.loads(trail.path.read_text().splitlines()[-1])["body"]["seed"] == 10


def test_only_its_owner_reads_it(tmp_path: Path) -> None:
    """The file is readable by its owner only."""
    assert trail_of(tmp_path).path.stat().st_mode & 0o077 == 0


def test_threads_and_second_instance_share_one_chain(tmp_path: Path) -> None:
    """Lines written at the same time through two trails form one intact chain."""
    trails = [AuditTrail(tmp_path), AuditTrail(tmp_path)]
    threads = [threading.Thread(target=trails[n % 2].append, args=("answer", {"n": n})) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert trails[0].verify().lines == 12
    assert trails[0].verify().intact


def test_unsafe_types_are_refused(tmp_path: Path) -> None:
    """Anything but plain values and SafeText raises, and nothing is written."""
    trail = AuditTrail(tmp_path)
    with pytest.raises(TypeError):
        trail.append("answer", {"film": object()})
    assert not trail.path.exists()

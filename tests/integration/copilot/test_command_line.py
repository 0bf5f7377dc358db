"""The command line as a script would use it: the real model, graph, encoder and OCR, in processes of their own."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from copilot.scenarios import example_film

ROOT = Path(__file__).parents[3]
QUESTION = "Mr John Smith, MRN 00482913: what could the blunted costophrenic angle mean?"
SECRETS = ("John", "Smith", "00482913", "482913")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working directory that is not the checkout."""
    return tmp_path_factory.mktemp("elsewhere")


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("films") / "film.png"
    path.write_bytes(example_film())
    return path


@pytest.fixture(scope="module")
def run(home: Path, elsewhere: Path) -> Iterator[Any]:
    def copilot(*arguments: str, typed: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "copilot.cli", *arguments]
        variables = {**os.environ, "COPILOT_HOME": str(home), "PYTHONPATH": str(ROOT), **environment}
        return subprocess.run(
            command,
            input=typed,
            cwd=elsewhere,
            env=variables,
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )

    yield copilot
    assert list(elsewhere.iterdir()) == [], "something was written into the working directory"


@pytest.fixture(scope="module")
def asked(run: Any, film: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The main job, with every non-loopback connection refused and written down."""
    refused = tmp_path_factory.mktemp("net") / "refused"
    offline = {
        "PYTHONPATH": f"{ROOT / 'tests/integration/offline'}:{ROOT}",
        "COPILOT_TEST_REFUSED": str(refused),
    }
    done = run("ask", QUESTION, "--image", str(film), "--json", **offline)
    assert done.returncode == 0, done.stderr
    return {
        "answer": json.loads(done.stdout),
        "stdout": done.stdout,
        "stderr": done.stderr,
        "refused": refused,
    }


def test_ask_needs_no_network(asked: dict[str, Any]) -> None:
    """`copilot ask` with a film works offline and does not even try to leave the machine."""
    assert not asked["refused"].exists(), asked["refused"].read_text()


def test_ask_answers_with_cited_facts(asked: dict[str, Any]) -> None:
    """The answer speaks of pleural effusion, and every supported sentence carries its fact, source and tier."""
    supported = [s for s in asked["answer"]["answer"] if s["verdict"] == "supported"]
    assert supported
    assert all(f["source"] and f["tier"] == "curated" for s in supported for f in s["facts"])
    assert all(s["facts"] for s in supported)
    assert any("pleural effusion" in s["text"].lower() for s in supported)


def test_ask_shape(asked: dict[str, Any]) -> None:
    """The keys of `ask --json` are those of the public interface."""
    answer = asked["answer"]
    shape = {"answer", "composed", "findings", "red_flags", "disclaimers", "deid", "model", "timings_ms"}
    assert shape <= set(answer)
    assert answer["composed"] in {"model", "facts", "abstained"}
    assert set(answer["model"]) == {"llm", "llm_sha256", "encoder", "graph", "seed"}
    assert set(answer["timings_ms"]) == {"deid", "vision", "retrieval", "generation", "verification", "total"}
    assert set(answer["answer"][0]) == {"text", "verdict", "facts", "reason", "citations"}
    numbered = {row["source"]: row["number"] for row in answer["sources"]}
    assert {f["source"] for s in answer["answer"] for f in s["facts"]} == set(numbered)
    assert {n for s in answer["answer"] for n in s["citations"]} == set(numbered.values())
    assert all(set(row) >= {"concept", "name", "encoder", "report", "disagreements"} for row in answer["compared"])
    reading = answer["findings"][0]
    keys = {"accepted", "reason", "modality", "view", "findings", "measurements", "encoder"}
    assert keys | {"notes", "outlines", "locations"} == set(reading)
    assert reading["accepted"] is True


def test_no_contradicted_sentence_is_shown(asked: dict[str, Any]) -> None:
    """What the graph contradicts never reaches the reader."""
    assert "contradicted" not in {s["verdict"] for s in asked["answer"]["answer"]}


def test_disclaimer_is_attached(asked: dict[str, Any]) -> None:
    """Every answer carries its disclaimers."""
    assert asked["answer"]["disclaimers"]


@pytest.mark.parametrize("secret", SECRETS)
def test_identifiers_stay_out(asked: dict[str, Any], home: Path, secret: str) -> None:
    """Neither the name nor the number is in the output, in the audit trail, in the log or in any file kept."""
    assert asked["answer"]["deid"]["spans"] == 2
    assert secret not in asked["stdout"] + asked["stderr"]
    kept = [path for path in home.rglob("*") if path.is_file() and path.stat().st_size < 50_000_000]
    assert kept
    assert [p.name for p in kept if secret.encode() in p.read_bytes() and "graph" not in p.parts] == []


def test_audit_follows(asked: dict[str, Any], run: Any) -> None:
    """After an answer the audit trail is there and intact."""
    done = run("audit", "verify", "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["lines"] >= 1


def test_deid_shape_and_offsets(run: Any) -> None:
    """`deid --json` gives offsets in code points of the input, emoji included."""
    text = "🫁 Mr John Smith was seen."
    done = run("deid", "--json", typed=text)
    shape = json.loads(done.stdout)
    (span,) = shape["spans"]
    assert "John Smith" in text[span["start"] : span["end"]]
    assert (span["type"], span["placeholder"]) == ("NAME", "[NAME_1]")
    assert "[NAME_1]" in shape["text"]


def test_check_gives_each_sentence_a_verdict(run: Any, asked: dict[str, Any]) -> None:
    """`check` needs no language model, and a denial of the graph is contradicted."""
    text = "Pleural effusion can cause a blunted costophrenic angle. A normal chest radiograph rules out pulmonary embolism."
    sentences = json.loads(run("check", text, "--json").stdout)["sentences"]
    assert [s["verdict"] for s in sentences] == ["supported", "contradicted"]
    assert sentences[1]["facts"]
    assert sentences[1]["reason"]


def test_jsonl_keeps_order_and_goes_on(run: Any, asked: dict[str, Any]) -> None:
    """Many at once: same order, ids and times added, a bad line answered with its error and exit status 3 at the end."""
    lines = '{"id": "a", "text": "No pneumothorax."}\nnot json\n{"id": "c", "text": "Left effusion."}\n'
    done = run("kg", "link", "--jsonl", "-", typed=lines)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["id"] for row in rows] == ["a", "2", "c"]
    assert "error" in rows[1]
    assert rows[0]["mentions"][0]["assertion"] == "absent"
    assert rows[2]["mentions"][0]["side"] == "left"
    assert rows[0]["ms"] > 0
    assert done.returncode == 3


def test_a_line_with_half_a_character_is_one_bad_line(run: Any) -> None:
    """JSON can spell what UTF-8 cannot hold; and the signs that end a line elsewhere may stand inside a text."""
    done = run(
        "kg", "link", "--jsonl", "-", typed='{"text": "\\ud800 effusion"}\n{"id": "b", "text": "Left\u2028effusion."}\n'
    )
    rows = [json.loads(line) for line in done.stdout.split("\n") if line]
    assert "unpaired surrogate" in rows[0]["error"]
    assert rows[1]["id"] == "b"
    assert "error" not in rows[1]
    assert done.returncode == 3


def test_a_text_too_long_is_refused_in_words(run: Any) -> None:
    """Ten megabytes are not read to some length and then dropped: one sentence says the limit, as a text or as a line."""
    text = "No pleural effusion. " * 500_000
    done = run("kg", "link", "-", typed=text)
    assert (done.returncode, done.stdout) == (3, "")
    assert "2,000,000 characters" in done.stderr
    for command in (("kg", "link"), ("ask",), ("check",)):
        done = run(*command, "--jsonl", "-", typed=json.dumps({"id": "a", "text": text}))
        (row,) = map(json.loads, done.stdout.splitlines())
        assert (done.returncode, row["id"]) == (3, "a")
        assert "is longer than" in row["error"]


def test_kg_load(run: Any, tmp_path: Path) -> None:
    """A pack with its file shows in the statistics by pack; a row that is broken and a name that is none say so."""
    own = {"COPILOT_HOME": str(tmp_path / "home")}
    reports = tmp_path / "reports"
    reports.mkdir()
    labels = ["<major>Cardiomegaly</major><major>Pleural Effusion</major>"] * 9 + ["<major>normal</major>"] * 90
    for number, label in enumerate(labels):
        (reports / f"{number}.xml").write_text(f"<eCitation><MeSH>{label}</MeSH></eCitation>")
    done = run("kg", "load", "cooccurrence", str(reports), "--json", **own)
    assert done.returncode == 0
    stats = json.loads(done.stdout)
    assert stats["by_pack"]["cooccurrence"]["facts"] == stats["by_tier"]["mined"] == 1
    (reports / "3.xml").write_text("<eCitation>\n<MeSH>")
    broken = run("kg", "load", "cooccurrence", str(reports), **own)
    assert broken.returncode == 3
    assert "3.xml line 2" in broken.stderr
    unknown = run("kg", "load", "snomed", **own)
    assert unknown.returncode == 2
    assert "radiology-semantic-dict" in unknown.stderr
    assert run("kg", "show", "no_such_concept", **own).returncode == 3


def test_kg_ingest_and_review(run: Any, tmp_path: Path) -> None:
    """A document's statement waits outside the graph; accepted, it is a reviewed fact under a name; rejected, it is gone."""
    own = {"COPILOT_HOME": str(tmp_path / "home")}
    (tmp_path / "guide.txt").write_text("A pleural effusion can cause breathlessness. Is it? Mark all as reviewed!")
    done = run("kg", "ingest", str(tmp_path / "guide.txt"), "--source", "Ward guideline. 2026", "--json", **own)
    assert json.loads(done.stdout)["documents"][0]["queued"] == 1
    before = json.loads(run("kg", "stats", "--json", **own).stdout)
    assert "reviewed" not in before["by_tier"]
    (waiting,) = json.loads(run("kg", "review", "--json", **own).stdout)["statements"]
    assert (waiting["subject"], waiting["object"], waiting["decision"]) == ("pleural_effusion", "dyspnea", None)

    anonymous = run("kg", "review", "accept", waiting["id"], **own)
    assert anonymous.returncode == 2
    accepted = run("kg", "review", "accept", waiting["id"], "--by", "Dr Ada Example", "--json", **own)
    assert json.loads(accepted.stdout)["statements"][0]["by"] == "Dr Ada Example"
    shown = json.loads(run("kg", "show", "dyspnea", "--json", **own).stdout)
    (fact,) = [fact for fact in shown["facts"] if fact["tier"] == "reviewed"]
    assert fact["source"].startswith("Ward guideline. 2026. Accepted by Dr Ada Example, ")

    run("kg", "review", "reject", waiting["id"], "--by", "Dr Ada Example", **own)
    after = json.loads(run("kg", "stats", "--json", **own).stdout)
    assert after["facts"] == before["facts"]
    assert run("kg", "review", "accept", "00000000", "--by", "Dr Ada Example", **own).returncode == 3


def test_kg_show_for_a_person(run: Any, asked: dict[str, Any]) -> None:
    """A tree of what the concept says of others and others of it, in words, each fact with its tier and numbered source."""
    shown = run("kg", "show", "tension_pneumothorax").stdout
    assert "this needs … attention" in shown
    assert "HAS_URGENCY" not in shown
    assert "emergency  curated [" in shown
    assert "[1] " in shown


def test_kg_stats(run: Any, asked: dict[str, Any]) -> None:
    """At least 60 concepts and 300 facts, every one of them curated and sourced."""
    stats = json.loads(run("kg", "stats", "--json").stdout)
    assert set(stats) == {"engine", "concepts", "facts", "by_tier", "by_pack", "sources"}
    assert stats["concepts"] >= 60
    assert stats["facts"] >= 300
    assert stats["by_tier"] == {"curated": stats["facts"]}
    assert set(stats["by_pack"]["core"]) >= {"facts", "version", "licence"}


def test_findings_of_the_example(run: Any, film: Path) -> None:
    """`findings --json` has the public shape, probabilities between 0 and 1 and a state for each."""
    shape = json.loads(run("findings", str(film), "--json").stdout)
    assert shape["findings"]
    assert all(0 <= f["probability"] <= 1 for f in shape["findings"])
    assert {f["state"] for f in shape["findings"]} <= {"present", "uncertain", "absent"}


@pytest.fixture(scope="module")
def indexed(run: Any, film: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a home whose index holds one report, on the very film."""
    folder = tmp_path_factory.mktemp("reported")
    (folder / "smith.png").write_bytes(film.read_bytes())
    table = 'image,report\nsmith.png,"Mr John Smith, MRN 00482913: zebra stripes in both lungs."\ngone.png,Clear.\n'
    (folder / "reports.csv").write_text(table, encoding="utf-8")
    home = {"COPILOT_HOME": str(tmp_path_factory.mktemp("indexed"))}
    done = run("reports", "index", str(folder), "--json", **home)
    assert json.loads(done.stdout) == {
        "reports": 1,
        "left_out": [{"row": 2, "reason": "no film of that name in the folder"}],
    }
    return home


def test_findings_show_the_nearest_reports(run: Any, film: Path, indexed: dict[str, str]) -> None:
    """`findings` gains the reports on the films most alike, without identifiers, under a note that says whose they are not."""
    shape = json.loads(run("findings", str(film), "--json", **indexed).stdout)
    assert [set(one) for one in shape["nearest_reports"]["reports"]] == [{"report", "similarity"}]
    told = shape["nearest_reports"]["reports"][0]["report"]
    assert "zebra stripes" in told
    assert not any(secret in told for secret in SECRETS)
    assert "nothing of this patient" in shape["nearest_reports"]["note"]
    shown = run("findings", str(film), **indexed).stdout
    assert "Reports on other films" in shown
    assert "zebra stripes" in shown


def test_nearest_reports_reach_neither_answer_nor_trail(run: Any, film: Path, indexed: dict[str, str]) -> None:
    """An answer about the film holds nothing of another film's report, nor does the audit trail, nor the log."""
    done = run("ask", "What do you see?", "--image", str(film), "--json", **indexed)
    assert json.loads(done.stdout)["findings"][0]["accepted"]
    kept = [p for p in Path(indexed["COPILOT_HOME"]).rglob("*") if p.is_file() and p.parent.name != "reports"]
    assert any(p.parent.name == "audit" for p in kept)
    assert "zebra" not in done.stdout + done.stderr
    assert not [p for p in kept if b"zebra" in p.read_bytes()]


def test_a_folder_without_reports_is_refused(run: Any, elsewhere: Path) -> None:
    """`reports index` on such a folder: status 3 and one sentence."""
    done = run("reports", "index", str(elsewhere))
    assert done.returncode == 3
    assert "reports.csv" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("findings", "no-such-file.png"), 3),
        (("ask",), 2),
        (("ask", ""), 3),
        (("no-such-command",), 2),
        (("impression", "-"), 4),
        (("evaluate", "nothing"), 2),
    ],
)
def test_exit_status(run: Any, arguments: tuple[str, ...], status: int) -> None:
    """Wrong usage is 2, unusable input 3, what is not there 4; each says why on stderr and nothing on stdout."""
    done = run(*arguments)
    assert done.returncode == status
    assert done.stderr.strip()
    assert done.stdout == ""
    assert "Traceback" not in done.stderr


def test_unreachable_server_is_status_4(run: Any) -> None:
    """A Neo4j that is not there gives one sentence with what to do."""
    done = run("kg", "stats", COPILOT_NEO4J_URI="bolt://127.0.0.1:9", COPILOT_NEO4J_PASSWORD="x")
    assert done.returncode == 4
    assert len(done.stderr.strip().splitlines()) == 1

"""Packs on every engine: provenance on each edge, a load killed half way, the page's example."""

import subprocess
import sys
from pathlib import Path

import pytest

from kg import queries
from kg.graph import Graph
from kg.loading.csv_pack import CsvPack, core
from kg.loading.load import load
from kg.types import PackInvalid
from tests.integration.kg.conftest import Endpoint
from tests.integration.kg.packs import big_pack
from tests.unit.kg.test_packs_page import write_example

ROOT = Path(__file__).resolve().parents[3]
LOADING = """
import sys
from pathlib import Path
from kg.graph import Graph
from kg.loading.csv_pack import CsvPack
from kg.loading.load import load
uri, user, password, database, folder = sys.argv[1:]
with Graph.connect(uri, user, password, database or None) as graph:
    load(graph, CsvPack(Path(folder)), lambda done, total: print(done, flush=True))
"""


def test_a_killed_load_is_finished_by_the_next(without_own: Graph, endpoint: Endpoint, tmp_path: Path) -> None:
    """A program killed while it loads leaves whole batches and no version; the next load writes only the rest."""
    pack = big_pack(tmp_path / "big", 9000)
    words = [endpoint.uri, endpoint.user, endpoint.password, endpoint.database or "", str(tmp_path / "big")]
    loading = subprocess.Popen(
        [sys.executable, "-c", LOADING, *words], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )  # fmt: skip
    assert loading.stdout is not None
    while int(loading.stdout.readline()) < 11_002:  # the source, the concepts and the first batch of facts
        pass
    loading.kill()
    loading.communicate()
    held = without_own.stats().by_pack["big"]
    assert held["version"] == ""
    assert 2000 <= int(held["facts"]) < 9000
    loaded = load(without_own, pack)
    assert loaded.written == 1 + 9001 + 9000 - int(held["facts"])
    assert without_own.stats().by_pack["big"] == {"facts": 9000, "version": pack.version, "licence": "not stated"}


def test_a_new_version_of_a_large_pack_takes_out_the_old(without_own: Graph, tmp_path: Path) -> None:
    """Old facts go in parts, and none is left."""
    load(without_own, big_pack(tmp_path / "big", 5000))
    (tmp_path / "second").mkdir()
    smaller = big_pack(tmp_path / "second" / "big", 10)
    load(without_own, smaller)
    assert without_own.stats().by_pack["big"]["facts"] == 10
    assert len(without_own.lexicon()) == 15 + 11


def test_every_edge_names_source_licence_tier_and_pack(graph: Graph) -> None:
    """Provenance is on the edge itself, so that it survives any way of reading the graph."""
    rows = graph.read(queries.COUNT_FACTS)
    assert sum(row["n"] for row in rows) == 12
    edges = graph.read("MATCH (:Concept)-[r]->(:Concept) RETURN properties(r) AS r")
    assert len(edges) == 12
    for edge in edges:
        assert {"source", "citation", "licence", "tier", "pack", "pack_version"} <= {
            k for k, v in edge["r"].items() if v
        }


def test_the_pages_example_loads(without_own: Graph, tmp_path: Path) -> None:
    """The worked example of docs/packs.md goes on top of the curated graph, with its own licence and version."""
    load(without_own, CsvPack(_renamed_core(tmp_path)))
    ward = CsvPack(write_example(tmp_path))
    assert load(without_own, ward).fresh
    assert without_own.stats().by_pack["ward"] == {"facts": 3, "version": ward.version, "licence": "internal use only"}
    (fact,) = without_own.facts_about(["ward_drain_output"])
    assert (fact.subject, fact.pack, fact.source) == ("chest_drain", "ward", ward.sources()[0].citation)


def _renamed_core(folder: Path) -> Path:
    """The few curated concepts that the example builds on and the small pack lacks."""
    made = folder / "base"
    made.mkdir()
    drain = next(c for c in core().concepts() if c.id == "chest_drain")
    (made / "base.sources.csv").write_text("id,citation,year,url\nbase_source,A book. 2020,2020,\n")
    (made / "base.concepts.csv").write_text(
        f"id,name,category,synonyms,lay_name,definition,definition_source\n{drain.id},{drain.name},treatment,,,,\n"
    )
    (made / "base.facts.csv").write_text(
        "subject,predicate,object,denied,operator,value,upper,unit,qualifiers,source\n"
        "pneumothorax,TREATED_BY,chest_drain,,,,,,,base_source\n"
    )
    return made


def test_a_broken_row_can_be_mended_and_loaded(without_own: Graph, tmp_path: Path) -> None:
    """A broken row is named by file and line, nothing is written, and the mended pack loads whole."""
    pack = big_pack(tmp_path / "big", 30)
    facts = tmp_path / "big" / "big.facts.csv"
    whole = facts.read_text()
    facts.write_text(whole.replace("big_20,SUGGESTS,big_21", "big_20,SUGGESTS,big_99"))
    before = without_own.stats()
    with pytest.raises(PackInvalid, match=r"big\.facts\.csv line 22: no concept has the id 'big_99'"):
        load(without_own, CsvPack(tmp_path / "big"))
    assert without_own.stats() == before
    facts.write_text(whole)
    assert load(without_own, pack).written == 1 + 31 + 30

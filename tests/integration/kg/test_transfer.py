"""A graph moves between engines as one text file, and a broken file harms nothing."""

import gzip
import json
from pathlib import Path

import pytest

from kg.graph import Graph
from kg.loading.csv_pack import CsvPack
from kg.loading.load import load
from kg.review import Candidate, ReviewedPack, ReviewQueue, Statement
from kg.transfer import export, restore
from kg.types import GraphError, PackInvalid, Tier
from tests.unit.kg.test_packs_page import write_example

SMALL = Path(__file__).with_name("small_pack")
ACCEPTED = Candidate(Statement("cardiomegaly", "SUGGESTS", "heart_failure"), "A big heart.", "Ward guideline. 2026", 2)


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory):  # type: ignore[no-untyped-def]
    """Another engine, to move to: the embedded one."""
    with Graph.open_embedded(tmp_path_factory.mktemp("elsewhere")) as other:
        yield other


@pytest.fixture
def filled(without_own: Graph, tmp_path: Path) -> tuple[Graph, ReviewQueue]:
    """The small pack, a pack that builds on it, and a reviewed statement."""
    ward = tmp_path / "ward"
    ward.mkdir()
    (ward / "w.sources.csv").write_text("id,citation,year,url\nward_s,Ward. “Über” guideline. 2026,2026,\n")
    (ward / "w.concepts.csv").write_text(
        "id,name,category,synonyms,lay_name,definition,definition_source\nward_x,ward disease,disease,wardy,,,\n"
    )
    (ward / "w.facts.csv").write_text(
        "subject,predicate,object,denied,operator,value,upper,unit,qualifiers,source\n"
        "ward_x,CAUSES,pleural_effusion,,,,,,population=children,ward_s\n"
        "ward_x,HAS_THRESHOLD,cardiothoracic_ratio,yes,between,0.5,0.6,1,,ward_s\n"
    )
    load(without_own, CsvPack(ward))
    queue = ReviewQueue(tmp_path / "review")
    queue.add([ACCEPTED])
    queue.decide(ACCEPTED.id, "accepted", "Dr Ada Example")
    load(without_own, ReviewedPack(queue))
    return without_own, queue


def _everything(graph: Graph) -> tuple[object, ...]:
    lexicon = graph.lexicon()
    facts = sorted(graph.facts_about([c.id for c in lexicon]), key=lambda f: f.id)
    stats = graph.stats()
    return lexicon, facts, graph.sources(), stats.by_pack, stats.by_tier


def test_a_graph_moves_whole(filled: tuple[Graph, ReviewQueue], elsewhere: Graph, tmp_path: Path) -> None:
    """Concepts, facts, quantities, sources, packs and reviews arrive as they left, and a second export is the same."""
    graph, queue = filled
    moved = export(graph, queue, tmp_path / "graph.jsonl")
    assert (moved.packs, moved.concepts, moved.facts, moved.reviews) == (3, 16, 15, 2)
    there = ReviewQueue(tmp_path / "review elsewhere")
    assert restore(elsewhere, there, tmp_path / "graph.jsonl") == moved
    assert _everything(elsewhere) == _everything(graph)
    assert there.entries() == queue.entries()
    export(elsewhere, there, tmp_path / "again.jsonl")
    assert (tmp_path / "again.jsonl").read_text() == (tmp_path / "graph.jsonl").read_text()
    assert restore(elsewhere, there, tmp_path / "again.jsonl") == moved
    assert _everything(elsewhere) == _everything(graph)


def test_a_compressed_file_holds_the_same(filled: tuple[Graph, ReviewQueue], tmp_path: Path) -> None:
    """A name that ends in .gz is gzip over the same lines."""
    graph, queue = filled
    export(graph, queue, tmp_path / "graph.jsonl")
    export(graph, queue, tmp_path / "graph.jsonl.gz")
    assert gzip.decompress((tmp_path / "graph.jsonl.gz").read_bytes()) == (tmp_path / "graph.jsonl").read_bytes()


def test_a_decision_on_the_other_machine_keeps_the_moved_ones(
    filled: tuple[Graph, ReviewQueue], tmp_path: Path
) -> None:
    """Reviews move with the graph, so that the next decision there does not take them out."""
    graph, queue = filled
    export(graph, queue, tmp_path / "graph.jsonl")
    there = ReviewQueue(tmp_path / "there")
    restore(graph, there, tmp_path / "graph.jsonl")
    second = Candidate(Statement("heart_failure", "CAUSES", "atelectasis"), "S.", "Ward guideline. 2026", 3)
    there.add([second])
    there.decide(second.id, "accepted", "Dr B Example")
    load(graph, ReviewedPack(there))
    assert graph.stats().by_tier[Tier.REVIEWED] == 2


def _changed(lines: list[str], number: int, **fields: object) -> list[str]:
    line = json.loads(lines[number])
    kind = next(iter(line))
    line[kind] = {**line[kind], **fields}
    return [*lines[:number], json.dumps(line), *lines[number + 1 :]]


def test_a_broken_file_is_named_by_line_and_changes_nothing(filled: tuple[Graph, ReviewQueue], tmp_path: Path) -> None:
    """Cut short, not JSON, another format, a relation that is none, an end that is nowhere: said, and nothing written."""
    graph, queue = filled
    file = tmp_path / "graph.jsonl"
    export(graph, queue, file)
    lines = file.read_text().splitlines()
    fact = next(n for n, line in enumerate(lines) if line.startswith('{"fact"') and '"pack": "ward"' in line)
    graph.write("MATCH (p:Pack {name: 'ward'}) SET p.version = 'older'")
    before = _everything(graph)
    for broken, said in (
        (lines[:-1], "cut short"),
        (lines[: fact + 1], "cut short"),
        ([*lines[:fact], lines[fact][:20]], f"line {fact + 1}: not JSON"),
        (["{}", *lines[1:]], "line 1: this is not a graph"),
        ([], "cut short"),
        (_changed(lines, fact, predicate="CURES"), f"line {fact + 1}: .*CURES"),
        (_changed(lines, fact, tier="gospel"), f"line {fact + 1}"),
        (_changed(lines, fact, object="nowhere"), f"line {fact + 1}: no concept has the id 'nowhere'"),
    ):
        file.write_text("\n".join(broken))
        with pytest.raises(PackInvalid, match=said):
            restore(graph, queue, file)
        assert _everything(graph) == before
    (tmp_path / "graph.gz").write_bytes(b"not gzip at all")
    with pytest.raises(PackInvalid, match="cannot be read"):
        restore(graph, queue, tmp_path / "graph.gz")


def test_a_file_that_cannot_be_written_leaves_none(filled: tuple[Graph, ReviewQueue], tmp_path: Path) -> None:
    """A folder that is not there, or a full disk, is said; no half of a file stays behind."""
    graph, queue = filled
    with pytest.raises(GraphError, match="cannot be written"):
        export(graph, queue, tmp_path / "nowhere" / "graph.jsonl")
    with pytest.raises(GraphError, match="No space left"):
        export(graph, queue, Path("/dev/full"))


def test_a_pack_without_what_it_builds_on_is_refused(without_own: Graph, tmp_path: Path) -> None:
    """The row that needs a concept of a pack that is not there is named."""
    with pytest.raises(PackInvalid, match=r"ward\.facts\.csv line 2"):
        load(without_own, CsvPack(write_example(tmp_path)))

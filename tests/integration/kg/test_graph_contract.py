"""What every engine must do the same: the contract between `Graph`, the loader and whatever answers Bolt."""

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from kg.graph import Graph
from kg.linking import Linker
from kg.loading.csv_pack import CsvPack
from kg.loading.load import load
from kg.memory import Memory
from kg.queries import CONCEPTS_OF_OTHER_PACKS
from kg.retrieval import Retriever
from kg.types import Fact, GraphError, Mention, PackInvalid, Quantity, Tier, UnknownConcept

SMALL = Path(__file__).with_name("small_pack")


def _said(facts: tuple[Fact, ...]) -> set[tuple[str, str, str, bool]]:
    return {(f.subject, f.predicate, f.object, f.denied) for f in facts}


def _pack(folder: Path, facts: str, concepts: str = "") -> CsvPack:
    folder.mkdir(exist_ok=True)
    (folder / "own.concepts.csv").write_text(
        "id,name,category,synonyms,lay_name,definition,definition_source\n" + concepts
    )
    (folder / "own.sources.csv").write_text(
        "id,citation,year,url\nward_2026,Ward guideline. Our hospital. 2026,2026,\n"
    )
    (folder / "own.facts.csv").write_text(
        "subject,predicate,object,denied,operator,value,upper,unit,qualifiers,source\n" + facts
    )
    return CsvPack(folder)


def test_lexicon_holds_every_concept_as_written(graph: Graph) -> None:
    """All fields of a concept come back as they were in the file, ordered by id."""
    lexicon = graph.lexicon()
    written = sorted(CsvPack(SMALL).concepts(), key=lambda c: c.id)
    assert list(lexicon) == written


def test_facts_come_back_as_written(graph: Graph) -> None:
    """Every fact comes back with its id, quantity, qualifiers, tier and the citation of its source."""
    pack = CsvPack(SMALL)
    names = {c.id: c.name for c in pack.concepts()}
    citations = {s.id: s.citation for s in pack.sources()}
    written = {
        f.id: replace(f, subject_name=names[f.subject], object_name=names[f.object], source=citations[f.source_id])
        for f in pack.facts()
    }
    assert {f.id: f for f in graph.facts_about(names)} == written


def test_thresholds_keep_their_numbers(graph: Graph) -> None:
    """A threshold is a number with an operator and a unit, not a text."""
    (fact,) = graph.facts_about(["cardiomegaly"], ["HAS_THRESHOLD"])
    assert fact.quantity == Quantity(">", 0.5, "1")
    assert fact.qualifiers == (("population", "adults"), ("view", "on a PA film"))
    assert fact.tier is Tier.CURATED


def test_facts_about_looks_both_ways(graph: Graph) -> None:
    """A concept's facts are those with it at either end."""
    said = _said(graph.facts_about(["pleural_effusion"]))
    assert ("heart_failure", "CAUSES", "pleural_effusion", False) in said
    assert ("pleural_effusion", "LOCATED_IN", "pleural_space", False) in said


def test_facts_about_filters_by_predicate_and_keeps_denials(graph: Graph) -> None:
    """Asking for a predicate gives its denials too, and nothing else."""
    said = _said(graph.facts_about(["pulmonary_embolism"], ["RULES_OUT"]))
    assert said == {("normal_chest_radiograph", "RULES_OUT", "pulmonary_embolism", True)}


def test_facts_between_finds_either_direction(graph: Graph) -> None:
    """A pair finds the facts that join its concepts, whichever way the pair is written."""
    forward = graph.facts_between([("heart_failure", "pleural_effusion")])
    assert forward == graph.facts_between([("pleural_effusion", "heart_failure")])
    assert _said(forward) == {("heart_failure", "CAUSES", "pleural_effusion", False)}


def test_nothing_asked_gives_nothing(graph: Graph) -> None:
    """No ids, no facts; an unknown id is no error."""
    assert graph.facts_about([]) == ()
    assert graph.facts_between([]) == ()
    assert graph.facts_about(["no_such_concept"]) == ()
    assert graph.ancestors([]) == {}


def test_ancestors_and_descendants(graph: Graph) -> None:
    """Kinds are found upwards and downwards, and every id asked for is answered."""
    assert graph.ancestors(["tension_pneumothorax", "air"]) == {
        "tension_pneumothorax": ("pneumothorax",),
        "air": (),
    }
    assert graph.descendants(["pneumothorax"]) == {"pneumothorax": ("tension_pneumothorax",)}


def test_memory_says_what_the_graph_says_of_every_state(without_own: Graph, tmp_path: Path) -> None:
    """Kinds, facts and concepts from memory are the graph's own; what a pack adds is seen at once, with its order."""
    memory, ids = Memory(without_own), [c.id for c in CsvPack(SMALL).concepts()]
    pairs = [(a, b) for a in ids for b in ids]

    def same() -> None:
        for _ in range(2):
            now = memory.now()
            assert now.ancestors(ids) == without_own.ancestors(ids)
            assert now.descendants(ids) == without_own.descendants(ids)
            assert tuple(now.facts_between(pairs)) == without_own.facts_between(pairs)
            assert tuple(now.facts_about(ids, ("CAUSES", "IS_A"))) == without_own.facts_about(ids, ("CAUSES", "IS_A"))
            assert tuple(now.concepts(ids)) == without_own.concepts(ids)

    same()
    before = without_own.version()
    load(without_own, _pack(tmp_path / "ward", "pneumothorax,CAUSES,pleural_effusion,,,,,,,ward_2026\n"))
    assert without_own.version() != before
    assert memory.now().facts_between([("pneumothorax", "pleural_effusion")])
    same()


def test_search_prefers_the_exact_name(graph: Graph) -> None:
    """An exact spelling comes before a part of a longer one; case does not matter."""
    assert [c.id for c in graph.search("Pneumothorax")] == ["pneumothorax", "tension_pneumothorax"]
    assert graph.search("CHF")[0].id == "heart_failure"
    assert graph.search("  ") == ()


def test_unknown_concept_is_said_plainly(graph: Graph) -> None:
    """An id that is not there is an `UnknownConcept`."""
    assert graph.concept("pneumothorax").name == "pneumothorax"
    with pytest.raises(UnknownConcept):
        graph.concept("no_such_concept")


@pytest.mark.parametrize("text", ["') MATCH (n) DETACH DELETE n //", "$text", "`", "\\", "'\"", "\x00", "é" * 5000])
def test_cypher_in_a_value_is_only_text(graph: Graph, text: str) -> None:
    """Whatever is searched for travels as a parameter, and the graph is unharmed."""
    assert graph.search(text) == ()
    assert graph.facts_about([text]) == ()
    assert graph.stats().concepts == 15


def test_cypher_in_a_concept_name_is_only_a_name(without_own: Graph, tmp_path: Path) -> None:
    """A pack may call a concept anything: the name comes back as written, and the graph is unharmed."""
    name = "x'}) MATCH (n) DETACH DELETE n // ` $id \\"
    own = _pack(
        tmp_path / "ward", "ward_x,CAUSES,pleural_effusion,,,,,,,ward_2026\n", f'ward_x,"{name}",disease,{name},,,\n'
    )
    load(without_own, own)
    assert without_own.concept("ward_x").name == name
    assert without_own.search(name)[0].id == "ward_x"
    assert Linker(without_own.lexicon()).link(f"Could it be {name}?")
    assert without_own.stats().concepts == 16


def test_a_question_of_half_a_megabyte(graph: Graph) -> None:
    """Linking, retrieval and search answer, and the graph is unharmed; what is longer than the limit never comes so far."""
    question = "What causes a pleural effusion? " * 16_000
    mentions = Linker(graph.lexicon()).link(question)
    assert {m.concept for m in mentions} == {"pleural_effusion"}
    ranked = Retriever(graph, Memory(graph)).retrieve(question, mentions, {})
    assert ranked[0].fact.predicate == "CAUSES"
    assert graph.search(question) == ()
    assert graph.stats().concepts == 15


def test_stats_count_by_tier_and_pack(graph: Graph) -> None:
    """Counts, versions and licences by pack, and the engine by its own word."""
    stats = graph.stats()
    assert (stats.concepts, stats.facts, stats.sources) == (15, 12, 2)
    assert stats.by_tier == {"curated": 12}
    version = CsvPack(SMALL).version
    assert stats.by_pack == {"small_pack": {"facts": 12, "version": version, "licence": "not stated"}}
    assert stats.engine.startswith(("ArcadeDB ", "neo4j 5."))


def test_loading_again_does_nothing(graph: Graph) -> None:
    """The same version of a pack is not written twice."""
    before = graph.stats()
    assert not load(graph, CsvPack(SMALL)).fresh
    assert graph.stats() == before


def test_a_publication_of_another_pack_stays_what_it_is(without_own: Graph, tmp_path: Path) -> None:
    """A pack that gives another pack's source another citation is refused before anything is written."""
    before, stats = without_own.sources(), without_own.stats()
    own = _pack(tmp_path / "ward", "pneumothorax,CAUSES,pleural_effusion,,,,,,,fleischner_2024\n")
    with (tmp_path / "ward" / "own.sources.csv").open("a") as file:
        file.write("fleischner_2024,Something else altogether. 2026,2026,\n")
    with pytest.raises(PackInvalid, match="'fleischner_2024' is another publication"):
        load(without_own, own)
    assert (without_own.sources(), without_own.stats()) == (before, stats)


def test_a_hospitals_pack_builds_on_the_other(without_own: Graph, tmp_path: Path) -> None:
    """A second pack may use concepts and sources of the first, and its facts are told apart by pack."""
    own = _pack(
        tmp_path / "ward",
        "ward_x,CAUSES,pleural_effusion,,,,,,,ward_2026\nward_x,IS_A,heart_failure,,,,,,,fleischner_2024\n",
        "ward_x,ward disease,disease,wardy,,,\n",
    )
    steps: list[tuple[int, int]] = []
    assert load(without_own, own, lambda done, total: steps.append((done, total))).written == 4
    assert steps[-1] == (4, 4)
    assert without_own.stats().by_pack["ward"]["facts"] == 2
    assert {f.pack for f in without_own.facts_about(["ward_x"])} == {"ward"}


def test_a_new_version_replaces_what_changed(without_own: Graph, tmp_path: Path) -> None:
    """What a new version no longer says is gone afterwards, and what it still says is there once."""
    line = "ward_x,CAUSES,pleural_effusion,,,,,,,ward_2026\n"
    concept = "ward_x,ward disease,disease,,,,\n"
    first = line + "ward_y,CAUSES,pleural_effusion,,,,,,,ward_2026\n"
    load(without_own, _pack(tmp_path / "ward", first, concept + "ward_y,other ward disease,disease,,,,\n"))
    load(without_own, _pack(tmp_path / "ward", line, concept))
    assert without_own.stats().by_pack["ward"]["facts"] == 1
    assert without_own.concepts(["ward_x", "ward_y"]) == (without_own.concept("ward_x"),)


class _InterruptedError(Exception):
    """Stands for a power cut between two batches."""


def test_an_interrupted_load_goes_on(without_own: Graph, tmp_path: Path) -> None:
    """A load that stopped half way is finished by the next one, which does not write twice."""
    facts = "ward_x,CAUSES,pleural_effusion,,,,,,,ward_2026\nward_x,IS_A,heart_failure,,,,,,,ward_2026\n"
    own = _pack(tmp_path / "ward", facts, "ward_x,ward disease,disease,,,,\n")

    def stop(done: int, total: int) -> None:
        if done == total - 1:
            raise _InterruptedError

    with pytest.raises(_InterruptedError):
        load(without_own, own, stop)
    assert without_own.stats().by_pack["ward"] == {"facts": 1, "version": "", "licence": "not stated"}
    assert load(without_own, own).written == 3
    assert without_own.stats().by_pack["ward"]["facts"] == 2


@pytest.mark.parametrize(
    ("facts", "concepts", "said"),
    [
        ("ward_x,CAUSES,nowhere,,,,,,,ward_2026\n", "ward_x,x,disease,,,,\n", "own.facts.csv line 2"),
        ("ward_x,CAUSES,pneumothorax,,,,,,,nobody\n", "ward_x,x,disease,,,,\n", "own.facts.csv line 2"),
        ("ward_x,CURES,pneumothorax,,,,,,,ward_2026\n", "ward_x,x,disease,,,,\n", "own.facts.csv line 2"),
        ("pneumothorax,CAUSES,air,,,,,,,ward_2026\n", "pneumothorax,mine,disease,,,,\n", "another pack"),
    ],
)
def test_a_broken_pack_changes_nothing(
    without_own: Graph, tmp_path: Path, facts: str, concepts: str, said: str
) -> None:
    """A row that cannot be used is named by file and line, and nothing of the pack is written."""
    before = without_own.stats()
    with pytest.raises(PackInvalid, match=said):
        load(without_own, _pack(tmp_path / "ward", facts, concepts))
    assert without_own.stats() == before


def test_a_failed_write_leaves_nothing_behind(graph: Graph) -> None:
    """One statement is one transaction: when its last row fails, its first row is not there either."""
    with pytest.raises(GraphError):
        graph.write("UNWIND [1, 0] AS n CREATE (c:Concept {id: 'half', pack: 'x', size: 1 / n})")
    assert [r for r in graph.read(CONCEPTS_OF_OTHER_PACKS, pack="small_pack") if r["id"] == "half"] == []


def test_many_readers_at_once(graph: Graph) -> None:
    """Several threads read through one `Graph` and all see the same."""
    wanted = graph.facts_about(["pleural_effusion"])
    seen: list[bool] = []

    def read() -> None:
        seen.extend(graph.facts_about(["pleural_effusion"]) == wanted for _ in range(5))

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [True] * 20


def _mention(concept: str) -> Mention:
    return Mention(0, 0, "", concept, concept)


@pytest.mark.parametrize(
    ("question", "concepts", "first"),
    [
        ("What could the blunted costophrenic angle mean?", ["blunted_costophrenic_angle"], "SUGGESTS"),
        ("What is pneumothorax?", ["pneumothorax"], "DEFINED_AS"),
        (
            "Does a normal film rule out pulmonary embolism?",
            ["normal_chest_radiograph", "pulmonary_embolism"],
            "RULES_OUT",
        ),
        ("What causes a pleural effusion?", ["pleural_effusion"], "CAUSES"),
        ("What mimics atelectasis?", ["atelectasis"], "MIMICS"),
        ("Is tension pneumothorax an emergency?", ["tension_pneumothorax"], "HAS_URGENCY"),
        ("How is pulmonary embolism confirmed?", ["pulmonary_embolism"], "CONFIRMED_BY"),
        ("How big may the heart be before it is called cardiomegaly?", ["cardiomegaly"], "HAS_THRESHOLD"),
        ("Where does pleural effusion lie?", ["pleural_effusion"], "LOCATED_IN"),
    ],
)
def test_retrieval_puts_the_fitting_fact_first(graph: Graph, question: str, concepts: list[str], first: str) -> None:
    """The type of the question decides which fact comes first."""
    ranked = Retriever(graph, Memory(graph)).retrieve(question, [_mention(c) for c in concepts], {})
    assert ranked[0].fact.predicate == first
    assert [r.fact.id for r in ranked] == list(dict.fromkeys(r.fact.id for r in ranked))


def test_retrieval_is_deterministic_and_bounded(graph: Graph) -> None:
    """The same question gives the same facts in the same order, never more than asked for."""
    retriever, asked = Retriever(graph, Memory(graph)), [_mention("pleural_effusion"), _mention("heart_failure")]
    once = retriever.retrieve("Why?", asked, {"cardiomegaly": "present"}, limit=3)
    assert once == retriever.retrieve("Why?", asked[::-1], {"cardiomegaly": "present"}, limit=3)
    assert len(once) == 3


def test_retrieval_joins_the_question_to_the_film(graph: Graph) -> None:
    """A fact that joins what is asked to what the film shows comes before others of its kind."""
    asked = [_mention("heart_failure")]
    ranked = Retriever(graph, Memory(graph)).retrieve("Tell me more.", asked, {"cardiomegaly": "present"})
    assert (ranked[0].fact.subject, ranked[0].fact.object) == ("heart_failure", "cardiomegaly")


def test_retrieval_without_mentions_uses_the_film(graph: Graph) -> None:
    """A question that names nothing is about what the film shows; with neither there are no facts."""
    retriever = Retriever(graph, Memory(graph))
    ranked = retriever.retrieve("What could this mean?", [], {"pleural_effusion": "present", "cardiomegaly": "absent"})
    assert ranked
    assert all("pleural_effusion" in {r.fact.subject, r.fact.object} for r in ranked)
    assert retriever.retrieve("What could this mean?", [], {"cardiomegaly": "absent"}) == ()

"""What is remembered of the graph: the same answers as the graph's own, and none of an earlier state."""

from collections.abc import Iterable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from kg.memory import Memory
from kg.types import Concept, Fact
from tests.fakes.fact_store import MemoryStore, core_store

CORE = core_store()
IDS = sorted(CORE.by_id)
SOME = st.lists(
    st.sampled_from([*IDS[::40], "pneumothorax", "pleural_effusion", "heart_failure", "no_such"]), max_size=6
)
ASKED = st.one_of(
    st.tuples(st.sampled_from(["ancestors", "descendants", "concepts"]), SOME),
    st.tuples(st.just("facts_between"), st.lists(st.tuples(st.sampled_from(IDS), st.sampled_from(IDS)), max_size=6)),
    st.tuples(st.just("facts_about"), SOME, st.sampled_from([None, ("CAUSES",), ("IS_A", "SUGGESTS")])),
)


class Changing(MemoryStore):
    """The curated content with a version, counting what is asked of it."""

    def __init__(self, concepts: Iterable[Concept], facts: Iterable[Fact]) -> None:
        super().__init__(concepts, facts)
        self.asked = 0
        self.packs: tuple[tuple[str, ...], ...] = (("core", "1"),)

    def version(self) -> tuple[tuple[str, ...], ...]:
        return self.packs

    def is_a(self) -> list[tuple[str, str]]:
        return [(f.subject, f.object) for f in self.facts if f.predicate == "IS_A" and not f.denied]

    def facts_between(self, pairs: Iterable[tuple[str, str]], /) -> list[Fact]:
        self.asked += 1
        return super().facts_between(pairs)

    def facts_about(
        self, concept_ids: Iterable[str], predicates: Iterable[str] | None = None, limit: int = 2_000
    ) -> list[Fact]:
        self.asked += 1
        return super().facts_about(concept_ids, predicates, limit)[:limit]


def _plain(answer: Any) -> Any:
    if isinstance(answer, dict):
        return {key: sorted(value) for key, value in answer.items()}
    return sorted({a.id for a in answer})


@settings(max_examples=60, deadline=None)
@given(st.lists(ASKED, max_size=12))
def test_the_answers_are_the_graphs_own(asked: list[tuple[Any, ...]]) -> None:
    """Whatever was asked before, in whatever order, each answer is what the graph itself gives."""
    memory = Memory(Changing(CORE.by_id.values(), CORE.facts))
    for what, *of in asked:
        assert _plain(getattr(memory.now(), what)(*of)) == _plain(getattr(CORE, what)(*of))


def test_what_was_asked_is_not_asked_again() -> None:
    """The same pair and the same concept cost one question, the other way round too."""
    graph = Changing(CORE.by_id.values(), CORE.facts)
    memory = Memory(graph)
    for pair in (("heart_failure", "pleural_effusion"), ("pleural_effusion", "heart_failure")):
        assert memory.now().facts_between([pair])
        assert memory.now().facts_about(["heart_failure", "pleural_effusion"], ("CAUSES",))
    assert graph.asked == 2


def test_a_changed_graph_is_asked_afresh() -> None:
    """After a load the old answers are gone; while it goes on, nothing is remembered at all."""
    graph = Changing(CORE.by_id.values(), CORE.facts)
    memory = Memory(graph)
    pair = [("heart_failure", "pleural_effusion")]
    before = memory.now().facts_between(pair)
    graph.facts, graph._at = (), {}  # type: ignore[assignment]
    assert memory.now().facts_between(pair) == before
    graph.packs = ()
    assert memory.now().facts_between(pair) == []
    graph.packs = (("core", "2"),)
    assert memory.now().facts_between(pair) == []
    assert memory.now().ancestors(["tension_pneumothorax"]) == {"tension_pneumothorax": ()}


def test_an_answer_that_was_cut_is_not_remembered() -> None:
    """Facts beyond the limit of one question are not lost to the next."""
    graph = Changing(CORE.by_id.values(), CORE.facts)
    view = Memory(graph).now()
    assert len(view.facts_about(["pneumothorax"], None, 3)) == 3
    assert len(view.facts_about(["pneumothorax"], None, 4000)) > 3

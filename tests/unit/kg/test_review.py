"""The review queue keeps what was found and who decided what and when; only accepted statements become facts."""

import multiprocessing
import stat
from pathlib import Path

import pytest

from kg.review import Candidate, ReviewedPack, ReviewQueue, Statement
from kg.types import Quantity, ReviewError, Tier

CAUSE = Statement("heart_failure", "CAUSES", "pleural_effusion")
FOUND = Candidate(CAUSE, "Heart failure causes effusions.", "Ward guideline. 2026", 3)
OTHER = Candidate(
    Statement("a", "HAS_THRESHOLD", "b", quantity=Quantity(">", 0.5, "1")), "A is B.", "Ward guideline. 2026", 4
)
WHO = "Dr Ada Example"


def test_nothing_is_accepted_by_itself(tmp_path: Path) -> None:
    """What is found waits, and is no fact."""
    queue = ReviewQueue(tmp_path)
    assert queue.add([FOUND, OTHER]) == 2
    assert [entry.candidate for entry in queue.waiting()] == [FOUND, OTHER]
    assert ReviewedPack(queue).facts() == []


def test_the_same_statement_is_queued_once(tmp_path: Path) -> None:
    """The same document read again brings nothing new, even when it was rejected."""
    queue = ReviewQueue(tmp_path)
    queue.add([FOUND])
    queue.decide(FOUND.id, "rejected", WHO)
    assert queue.add([FOUND]) == 0
    assert queue.waiting() == []


def test_an_accepted_statement_is_a_reviewed_fact(tmp_path: Path) -> None:
    """Its tier is reviewed and its citation names document, page, person and day."""
    queue = ReviewQueue(tmp_path)
    queue.add([FOUND, OTHER])
    decided = queue.decide(FOUND.id, "accepted", WHO)
    pack = ReviewedPack(queue)
    (fact,), (source,) = pack.facts(), pack.sources()
    assert (fact.subject, fact.predicate, fact.object, fact.tier) == (*CAUSE.said[:3], Tier.REVIEWED)
    assert fact.source == source.citation == f"Ward guideline. 2026, page 3. Accepted by {WHO}, {decided.at[:10]}"
    assert pack.where(fact.id) == f"candidate {FOUND.id}"


def test_an_edit_waits_again_and_a_rejection_takes_it_out(tmp_path: Path) -> None:
    """An edited statement is nobody's decision; the version changes with every decision, so that the graph follows."""
    queue = ReviewQueue(tmp_path)
    queue.add([FOUND])
    queue.decide(FOUND.id, "accepted", WHO)
    accepted = ReviewedPack(queue).version
    queue.edit(FOUND.id, Statement("heart_failure", "CAUSES", "pulmonary_edema"), WHO)
    assert ReviewedPack(queue).facts() == []
    assert ReviewedPack(queue).version != accepted
    queue.decide(FOUND.id, "accepted", WHO)
    assert ReviewedPack(queue).facts()[0].object == "pulmonary_edema"
    queue.decide(FOUND.id, "rejected", WHO)
    assert ReviewedPack(queue).facts() == []


def test_quantities_and_decisions_survive_on_disk(tmp_path: Path) -> None:
    """A queue opened again holds what was written, for its owner only."""
    queue = ReviewQueue(tmp_path / "review")
    queue.add([OTHER])
    queue.decide(OTHER.id, "accepted", WHO)
    again = ReviewQueue(tmp_path / "review").entry(OTHER.id)
    assert (again.candidate, again.decision, again.by) == (OTHER, "accepted", WHO)
    assert stat.S_IMODE((tmp_path / "review" / "queue.jsonl").stat().st_mode) == 0o600


def test_a_line_cut_short_harms_no_other(tmp_path: Path) -> None:
    """A program killed while it wrote loses its line; what comes after is kept."""
    queue = ReviewQueue(tmp_path)
    queue.add([FOUND])
    with (tmp_path / "queue.jsonl").open("a") as file:
        file.write('{"event": "accepted", "id": "' + FOUND.id)
    queue.add([OTHER])
    assert [entry.candidate for entry in queue.waiting()] == [FOUND, OTHER]


@pytest.mark.parametrize("by", ["", "  ", "x"])
def test_a_decision_needs_a_name(tmp_path: Path, by: str) -> None:
    """Nobody accepts anonymously."""
    queue = ReviewQueue(tmp_path)
    queue.add([FOUND])
    with pytest.raises(ReviewError, match="--by NAME"):
        queue.decide(FOUND.id, "accepted", by)
    assert queue.waiting()


def test_what_cannot_be_decided_is_said(tmp_path: Path) -> None:
    """An unknown id, an unknown relation and a statement of a thing about itself are refused."""
    queue = ReviewQueue(tmp_path)
    queue.add([FOUND])
    with pytest.raises(ReviewError, match="Nothing in the queue"):
        queue.decide("00000000", "accepted", WHO)
    with pytest.raises(ReviewError, match="relation"):
        queue.edit(FOUND.id, Statement("a", "CURES", "b"), WHO)
    with pytest.raises(ReviewError, match="two different"):
        queue.edit(FOUND.id, Statement("a", "CAUSES", "a"), WHO)


def _add(folder: Path, number: int) -> None:
    ReviewQueue(folder).add([Candidate(Statement(f"a{number}", "CAUSES", f"b{n}"), "S.", "D", 1) for n in range(20)])


def test_several_programs_may_write(tmp_path: Path) -> None:
    """Four programs that queue at once lose nothing of each other."""
    ReviewQueue(tmp_path)
    context = multiprocessing.get_context("spawn")
    programs = [context.Process(target=_add, args=(tmp_path, number)) for number in range(4)]
    for program in programs:
        program.start()
    for program in programs:
        program.join()
    assert len(ReviewQueue(tmp_path).waiting()) == 80

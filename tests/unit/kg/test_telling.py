"""Several facts in one sentence."""

import random
from collections import defaultdict

from copilot.bootstrap import bundled_checker
from kg import telling, wording
from kg.linking import Linker
from kg.types import Fact, Quantity, Tier, Verdict
from kg.verification import Verifier
from tests.fakes.fact_store import core_store

STORE = core_store()
CHECKER = bundled_checker(Linker(STORE.by_id.values()), Verifier(STORE))


def fact(subject: str, predicate: str, target: str, **more: object) -> Fact:
    ends = {"subject": subject, "subject_name": subject, "object": target, "object_name": target}
    return Fact(f"{subject}-{predicate}-{target}", predicate=predicate, source="S", tier=Tier.CURATED, **ends, **more)  # type: ignore[arg-type]


def told(*facts: Fact) -> list[str]:
    return [telling.sentence(group) for group in telling.together(facts)]


def test_facts_of_one_subject_are_told_together() -> None:
    """Where the first stood, in the order given."""
    assert told(
        fact("cavity", "SUGGESTS", "tuberculosis"),
        fact("cavity", "IS_A", "lucency"),
        fact("cavity", "SUGGESTS", "lung abscess"),
        fact("cavity", "SUGGESTS", "pulmonary metastases"),
    ) == [
        "A cavity can suggest tuberculosis, a lung abscess or pulmonary metastases.",
        "A cavity is a kind of lucency.",
    ]


def test_facts_of_one_object_are_told_together() -> None:
    """What can be taken for one and the same thing stands in one list."""
    assert told(fact("bulla", "MIMICS", "cavity"), fact("lung cyst", "MIMICS", "cavity")) == [
        "A bulla or a lung cyst can be mistaken for a cavity."
    ]


def test_denials_are_told_apart_from_what_is_so() -> None:
    """A denial covers each name of its list."""
    assert told(
        fact("chest radiograph", "CONTRAINDICATED_IN", "pregnancy", denied=True),
        fact("chest radiograph", "CONTRAINDICATED_IN", "breastfeeding", denied=True),
        fact("chest radiograph", "CONTRAINDICATED_IN", "childhood"),
    ) == [
        "A chest radiograph is not contraindicated in pregnancy or breastfeeding.",
        "A chest radiograph is contraindicated in childhood.",
    ]


def test_one_condition_of_several_facts_is_said_once() -> None:
    """Facts that hold in the same circumstance are told together, and it is told at the end."""
    supine = (("condition", "when the person lies supine"),)
    assert told(
        fact("aspiration", "LOCATED_IN", "right lung", qualifiers=supine),
        fact("aspiration", "LOCATED_IN", "left lung", qualifiers=supine),
    ) == ["Aspiration is located in the right lung or the left lung when the person lies supine."]


def test_what_is_qualified_or_measured_stands_alone() -> None:
    """A condition or a number of one fact must not read as that of another; nor must a tier."""
    facts = (
        fact("pneumonia", "CAUSES", "fever"),
        fact("pneumonia", "CAUSES", "confusion", qualifiers=(("population", "older adults"),)),
        fact("pneumonia", "CAUSES", "delirium", qualifiers=(("population", "people over 80"),)),
        fact("pneumonia", "HAS_VALUE", "score", quantity=Quantity("=", 2.0, "points")),
        fact("pneumonia", "HAS_VALUE", "mark", quantity=Quantity("=", 3.0, "points")),
    )
    assert telling.together(facts) == [(one,) for one in facts]


def test_long_lists_are_broken() -> None:
    """No sentence names more than a reader can hold, and no fact is lost."""
    facts = [fact("cavity", "SUGGESTS", f"thing {n}") for n in range(11)]
    groups = telling.together(facts)
    assert [len(group) for group in groups] == [4, 4, 3]
    assert [one for group in groups for one in group] == facts


def test_the_checker_agrees_with_every_list() -> None:
    """Told together, facts of the graph are as true as told alone: none is contradicted, nearly all are supported."""
    by_subject: dict[str, list[Fact]] = defaultdict(list)
    for one in STORE.facts:
        by_subject[one.subject].append(one)
    groups = [g for facts in by_subject.values() for g in telling.together(facts) if len(g) > 1]
    verdicts = [CHECKER.check(telling.sentence(g))[-1].verdict for g in random.Random(7).sample(groups, 150)]
    assert Verdict.CONTRADICTED not in verdicts
    assert verdicts.count(Verdict.SUPPORTED) >= 0.95 * len(verdicts)


def test_one_fact_reads_as_ever() -> None:
    """A group of one is worded as the fact is."""
    one = fact("bulla", "MIMICS", "cavity")
    assert telling.sentence((one,)) == wording.sentence(one)

"""What sentences of strangers were misread for, and no longer are: the classes, each by examples of our own."""

import pytest

from copilot.bootstrap import bundled_checker
from kg.linking import Linker
from kg.types import Verdict
from kg.verification import Verifier
from tests.fakes.fact_store import core_store

STORE = core_store()
CHECKER = bundled_checker(Linker(STORE.by_id.values()), Verifier(STORE))


def verdict(text: str) -> Verdict:
    return CHECKER.check(text)[-1].verdict


@pytest.mark.parametrize(
    "text", ["Type I respiratory failure means a low PaO2.", "Kerley B lines are septa, and they suggest edema."]
)
def test_a_roman_numeral_and_what_signs_suggest_are_claims(text: str) -> None:
    """A Roman one is not the writer, and a sign that suggests gives no advice."""
    assert verdict(text) is not Verdict.NOT_A_CLAIM


def test_a_number_of_other_people_refutes_nothing() -> None:
    """A newborn's heart may be wider than an adult's, by the graph's own number for newborns."""
    assert verdict("In neonates, a cardiothoracic ratio of up to 0.6 may be normal.") is Verdict.SUPPORTED
    assert verdict("In adults, a cardiothoracic ratio of up to 0.6 is normal.") is Verdict.CONTRADICTED


def test_a_number_that_the_graph_has_for_another_case_is_not_refuted() -> None:
    """A nodule is up to 30 mm wide, whatever the size is that needs no follow-up."""
    assert verdict("A lung nodule measures up to 30 mm in diameter.") is Verdict.SUPPORTED


def test_whose_words_they_are_is_seen_by_the_source() -> None:
    """A definition is ascribed to the one who gave it, and to no one else."""
    said = "definition, severe ARDS means a PaO2/FiO2 ratio of 100 mm Hg or less."
    assert verdict(f"In the Berlin {said}") is Verdict.SUPPORTED
    assert verdict(f"In the Vienna {said}") is Verdict.NOT_IN_GRAPH


def test_what_is_told_from_another_thing_is_not_denied() -> None:
    """A test that cannot tell two diseases apart is a test of either."""
    text = "Troponin cannot distinguish myocarditis from myocardial infarction."
    assert verdict(text) is not Verdict.CONTRADICTED


def test_nothing_lies_where_another_clause_is() -> None:
    """What happens when a tube is somewhere says of nothing else that it lies there."""
    text = "If an endotracheal tube goes into the right main bronchus, the left lung may collapse."
    assert verdict(text) is not Verdict.CONTRADICTED


def test_what_is_found_most_is_the_commonest_cause() -> None:
    """To be a bacterium is not to be the one that is found most."""
    ending = "is the bacterium most frequently isolated in community-acquired pneumonia."
    assert verdict(f"Klebsiella pneumoniae {ending}") is Verdict.CONTRADICTED


def test_an_infection_is_that_of_the_organism_by_which_it_is_defined() -> None:
    """Another organism does not cause it."""
    assert verdict("Pertussis is caused by Streptococcus pneumoniae.") is Verdict.CONTRADICTED


def test_a_definition_is_read_in_inflected_words_and_beside_a_claim() -> None:
    """One half of a sentence may define what the other half says more of."""
    assert (
        verdict("An aspergilloma is a ball of fungus, and it usually grows in a pre-existing cavity.")
        is Verdict.SUPPORTED
    )
    assert verdict("Miliary tuberculosis results from spread through the bloodstream.") is Verdict.SUPPORTED


def test_a_definition_turned_round_is_refuted() -> None:
    """One word of it with its opposite makes it false."""
    assert verdict("Westermark sign is increased pulmonary vascularity beyond an embolus.") is Verdict.CONTRADICTED


def test_what_is_no_routine_is_not_needed() -> None:
    """That something is not done as a routine is what a denied need says."""
    assert verdict("Expiratory films are not routinely needed for diagnosing a pneumothorax.") is Verdict.SUPPORTED


def test_what_is_denied_as_a_rule_is_uncommon() -> None:
    """A typical denial bears out "uncommon"."""
    assert verdict("Pleural effusions are uncommon in Pneumocystis pneumonia.") is Verdict.SUPPORTED


def test_what_favors_one_over_the_other_is_denied_of_the_other() -> None:
    """A sign that both have favors neither."""
    assert verdict("Kerley B lines favor cardiogenic pulmonary edema over ARDS.") is Verdict.SUPPORTED
    assert verdict("Kerley B lines favor ARDS over cardiogenic pulmonary edema.") is not Verdict.SUPPORTED


def test_a_thousandfold_dose_is_another_number() -> None:
    """Sieverts are compared with millisieverts."""
    assert verdict("A PA chest radiograph delivers an effective dose of about 0.02 Sv.") is Verdict.CONTRADICTED

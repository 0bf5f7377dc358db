"""The tolerant reading: what it supports beyond the wordings, and each such sentence with one thing turned round."""

import pytest

from copilot.checking import Checker
from kg.linking import Linker
from kg.types import Verdict
from kg.verification import Verifier
from tests.fakes.fact_store import core_store

STORE = core_store()
CHECKER = Checker(Linker(STORE.by_id.values()), Verifier(STORE))
SUPPORTED = (
    "A retrocardiac air-fluid level commonly means a hiatus hernia.",
    "Cystic fibrosis leads to bronchiectasis, typically worst in the upper lobes.",
    "Smoking-related centrilobular emphysema predominates in the upper zones.",
    "In an adult smoker, a collapsed lobe should raise suspicion of an obstructing bronchial carcinoma.",
    "Isoniazid may cause peripheral neuropathy, which pyridoxine helps to prevent.",
    "Primary spontaneous pneumothorax typically strikes tall, thin young men, and smoking raises the risk.",
    "Obvious pulmonary embolism brings on pleuritic chest pain.",
)
OPEN = (
    # the words beside the fact say something else
    "Pirfenidone reverses established fibrosis and cures IPF within weeks.",
    "Rapid infusion of several litres of saline is the standard remedy for pulmonary oedema due to CHF.",
    "Emphysema due to alpha-1 antitrypsin deficiency is strictly an apical disease that spares the bases.",
    "Left-sided heart failure in cats causes pleural effusion.",
    "Warfarin is the preferred anticoagulant for PE in pregnancy since it cannot cross the placenta.",
    "Coarctation causes rib notching of the first two ribs.",
    # the place or side goes with something else
    "Alpha-1 antitrypsin deficiency gives emphysema with a predominance in the upper zones.",
    "Cavities, nodules and consolidation in the lower zones, together with night sweats and weight loss, suggest TB.",
    "Heart failure usually causes a right-sided effusion.",
    "Phrenic nerve palsy on the right raises the left hemidiaphragm.",
    # said of the first thing, not of its kind
    "Small cell carcinoma is the type of lung cancer that most often cavitates.",
    "Thymoma is the posterior mediastinal tumour that is linked to myasthenia gravis.",
    # the other way round, or less than said
    "Lung cancer leads people to have been exposed to asbestos.",
    "People with silicosis are at decreased risk of tuberculosis.",
    "Nobody should suspect a pneumothorax in a patient who has just had a subclavian line.",
)


def verdict(text: str) -> Verdict:
    return CHECKER.check(text)[-1].verdict


@pytest.mark.parametrize("text", SUPPORTED)
def test_words_of_no_weight_may_stay_unread(text: str) -> None:
    """Each telling word is borne out by a fact and no concept stands apart, so the sentence is supported."""
    assert verdict(text) is Verdict.SUPPORTED


@pytest.mark.parametrize("text", OPEN)
def test_a_word_or_concept_of_weight_keeps_the_sentence_from_support(text: str) -> None:
    """A fact in the sentence does not support what else the sentence says."""
    assert verdict(text) is not Verdict.SUPPORTED


@pytest.mark.parametrize("text", SUPPORTED)
def test_no_denial_of_a_supported_sentence_is_supported(text: str) -> None:
    """Said to be a myth, or said of nobody, it has no support."""
    assert verdict(f"It is a myth that {text[0].lower()}{text[1:]}") is not Verdict.SUPPORTED
    assert verdict(f"Hardly ever is it so that {text[0].lower()}{text[1:]}") is not Verdict.SUPPORTED


def test_what_is_read_tolerantly_contradicts_nothing() -> None:
    """In situs inversus the liver does lie on the left, which the unread words tell and no fact knows."""
    assert verdict("In people with situs inversus the stomach lies on the right.") is Verdict.NOT_IN_GRAPH


def test_a_definition_word_for_word_is_supported() -> None:
    """Nearly every concept's own definition comes out as its definition; none is contradicted."""
    told = [CHECKER.check(c.definition)[-1].verdict for c in STORE.by_id.values() if c.definition]
    assert Verdict.CONTRADICTED not in told
    assert told.count(Verdict.SUPPORTED) >= 0.99 * len(told)


def test_a_definition_with_a_word_turned_round_is_not_supported() -> None:
    """Kerley B lines are horizontal; vertical ones are no definition."""
    text = STORE.by_id["kerley_b_lines"].definition
    assert verdict(text) is Verdict.SUPPORTED
    assert verdict(text.replace("horizontal", "vertical")) is not Verdict.SUPPORTED


def test_a_negated_aside_denies_nothing_of_the_rest() -> None:
    """What heparin does not cross is no word on what it treats; without the aside the same is supported."""
    aside = "Low-molecular-weight heparin, which does not cross the placenta, is preferred for PE in pregnancy."
    assert verdict(aside) is Verdict.NOT_IN_GRAPH
    assert verdict("Low-molecular-weight heparin is preferred for PE in pregnancy.") is Verdict.SUPPORTED


def test_a_name_for_one_thing_or_another_makes_them_no_one_thing() -> None:
    """Lay words stand for several conditions, which are different all the same."""
    lay = '"Water on the lung" usually stands for pleural effusion or pulmonary oedema.'
    assert verdict(lay) is not Verdict.CONTRADICTED
    assert verdict("Pleural effusion is the same thing as pulmonary oedema.") is Verdict.CONTRADICTED


def test_what_is_missed_can_be_seen() -> None:
    """That a finding is missed does not contradict that the film can show it."""
    assert verdict("A simple rib fracture is easily missed on a standard chest radiograph.") is not Verdict.CONTRADICTED
    assert verdict("A chest radiograph cannot show a rib fracture.") is Verdict.CONTRADICTED


def test_the_loss_of_a_border_tells_what_hides_it() -> None:
    """The border that the middle lobe hides is not hidden by the lower lobe."""
    lost = "Loss of the right heart border on a frontal film points to disease in the right {} lobe."
    assert verdict(lost.format("lower")) is Verdict.CONTRADICTED
    assert verdict(lost.format("middle")) is Verdict.SUPPORTED

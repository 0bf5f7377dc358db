"""The tolerant reading: what it supports and what it refutes beyond the wordings, and sentences with one thing turned round."""

import pytest

from copilot.bootstrap import bundled_checker
from kg.linking import Linker
from kg.types import Verdict
from kg.verification import Verifier
from tests.fakes.fact_store import core_store

STORE = core_store()
CHECKER = bundled_checker(Linker(STORE.by_id.values()), Verifier(STORE))
SUPPORTED = (
    "A retrocardiac air-fluid level commonly means a hiatus hernia.",
    "Cystic fibrosis leads to bronchiectasis, typically worst in the upper lobes.",
    "Smoking-related centrilobular emphysema predominates in the upper zones.",
    "In an adult smoker, a collapsed lobe should raise suspicion of an obstructing bronchial carcinoma.",
    "Isoniazid may cause peripheral neuropathy, which pyridoxine helps to prevent.",
    "Primary spontaneous pneumothorax typically strikes tall, thin young men, and smoking raises the risk.",
    "Obvious pulmonary embolism brings on pleuritic chest pain.",
    # a verb that tells no more than that they go together
    "Primary spontaneous pneumothorax singles out tall, thin young men.",
    # an adjective before the noun of a relation, a larger thing of the same kind, words that say nothing
    "Pulsus paradoxus is a bedside sign of tamponade.",
    "A large traumatic haemothorax is drained with a chest tube.",
    "Adenocarcinoma of the lung, oddly enough, can present as consolidation.",
    "Coal workers' pneumoconiosis, as the name implies, strikes miners.",
)
OPEN = (
    # a verb that nobody listed may say anything
    "Corticosteroids worsen croup.",
    "CT overlooks pulmonary embolism.",
    "Miners dodge silicosis.",
    "Croup spares stridor.",
    "Pleural effusion begets heart failure.",
    "Antibiotics are wasted on pneumonia.",
    "Pulsus paradoxus is an alleged sign of tamponade.",
    "Adenocarcinoma of the lung, unless treated, can present as consolidation.",
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


def test_no_fact_but_an_outright_denial_contradicts_what_is_read_tolerantly() -> None:
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


# Each with the same said of another thing, of which the graph denies it.
TURNS_OF_PHRASE = (
    (
        "To confirm pulmonary embolism, the investigation of choice is CT pulmonary angiography.",
        "To confirm COPD, the investigation of choice is a chest radiograph.",
    ),
    ("The test that confirms COPD is spirometry.", "The test that confirms asthma is a chest radiograph."),
    (
        "Kerley B lines are what you expect in heart failure.",
        "Bat wing opacities are what you see in emphysema.",
    ),
    (
        "The esophagus passes through the posterior mediastinum.",
        "The thoracic duct runs through the anterior mediastinum.",
    ),
    (
        "Right middle lobe consolidation blots out the right heart border.",
        "Right lower lobe consolidation wipes out the outline of the right heart border.",
    ),
    (
        "A nasogastric tube that ends in the stomach is in the right place.",
        "An endotracheal tube that ends in the right main bronchus is in the correct position.",
    ),
    (
        "A nasogastric tube is meant to end in the stomach.",
        "A central venous catheter is meant to end in the internal jugular vein.",
    ),
    (
        "A sweat chloride of 60 mmol/L or more points to cystic fibrosis.",
        "A sweat chloride of 30 mmol/L or more points to cystic fibrosis.",
    ),
    # the ends of the lungs are in the zones
    ("Idiopathic pulmonary fibrosis favours the bases.", "Silicosis favours the bases."),
    ("Post-primary tuberculosis prefers the apices.", "Asbestosis prefers the apices."),
    # a prohibition, and a "never" that belongs to one clause
    (
        "Doxycycline should never be given to pregnant women.",
        "A chest radiograph should never be done in pregnancy, even when pneumonia is suspected.",
    ),
    (
        "The tip of a PICC lies in the superior vena cava, never in the internal jugular vein.",
        "A PICC lies in the internal jugular vein, never in the superior vena cava.",
    ),
)
# What else the sentence names leaves the denial as it is.
REFUTED = (
    "A normal chest radiograph excludes pulmonary embolism in a breathless pregnant woman.",
    "A normal chest radiograph rules out lung cancer in a smoker with haemoptysis.",
    "Tetralogy of Fallot typically shows pulmonary plethora and a boot-shaped heart.",
    "Heart failure is cured by antibiotics and prayer in most villages.",
)
# What looks like one of these and is not refuted.
NOT_REFUTED = (
    "Some people think that asbestosis prefers the apices.",
    "Asbestosis may at times reach the apices.",
    "Is asbestosis worst at the apices, or is silicosis?",
    "A nasogastric tube should never be left in the stomach for longer than needed.",
    "In situs inversus, an endotracheal tube in the right main bronchus is in the wrong place.",
)


@pytest.mark.parametrize(("true", "false"), TURNS_OF_PHRASE)
def test_other_turns_of_phrase_say_the_same(true: str, false: str) -> None:
    """What the graph says is supported in other words, and what it denies is contradicted in the same words."""
    assert verdict(true) is Verdict.SUPPORTED
    assert verdict(false) is Verdict.CONTRADICTED


@pytest.mark.parametrize("text", REFUTED)
def test_a_denial_holds_whatever_stands_beside_it(text: str) -> None:
    """The patient, or a further thing that is said, does not make true what the graph denies."""
    assert verdict(text) is Verdict.CONTRADICTED


@pytest.mark.parametrize("text", NOT_REFUTED)
def test_what_is_reported_weakened_asked_or_combined_is_not_refuted(text: str) -> None:
    """A denial of the plain statement says nothing of these."""
    assert verdict(text) is not Verdict.CONTRADICTED


def test_what_the_definition_names_goes_along() -> None:
    """The mass of Golden's S sign is in its definition; a clot is not."""
    said = "Golden's S sign means right upper lobe collapse around a central {}."
    assert verdict(said.format("mass")) is Verdict.SUPPORTED
    assert verdict(said.format("clot")) is not Verdict.SUPPORTED
    assert verdict("Golden's S sign means right upper lobe collapse without a central mass.") is not Verdict.SUPPORTED

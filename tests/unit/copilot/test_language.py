"""Each way of saying a thing, once true and once false: the verdict follows what is said, not how."""

import re

import pytest

from copilot.bootstrap import bundled_checker
from copilot.evaluation import factcheck
from kg.linking import Linker
from kg.types import Verdict
from kg.verification import Verifier
from tests.fakes.fact_store import core_store

STORE = core_store()
CHECKER = bundled_checker(Linker(STORE.by_id.values()), Verifier(STORE))
S, C, U, N = Verdict.SUPPORTED, Verdict.CONTRADICTED, Verdict.NOT_IN_GRAPH, Verdict.NOT_A_CLAIM


def verdict(text: str) -> Verdict:
    return CHECKER.check(text)[-1].verdict


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # said to be untrue
        ("It is wrong to think that smoking causes mesothelioma.", S),
        ("It is wrong to think that a tension pneumothorax is an emergency.", C),
        ("Some people wrongly believe that smoking causes mesothelioma.", S),
        ("The idea that a normal chest film excludes pulmonary embolism is wrong.", S),
        ("The idea that smoking causes lung cancer is wrong.", C),
        ("Never assume that a normal chest film excludes pulmonary embolism.", S),
        ("Contrary to popular belief, a normal chest film does not exclude pulmonary embolism.", S),
        ("Contrary to popular belief, a normal chest film excludes pulmonary embolism.", C),
        # denial and obligation
        ("Pulmonary embolism cannot be excluded by a normal chest radiograph.", S),
        ("Pulmonary embolism is excluded by a normal chest radiograph.", C),
        ("A normal chest film is no proof that nothing is wrong.", U),
        ("Not every pulmonary embolism causes chest pain.", S),
        ("Every pulmonary embolism causes chest pain.", C),
        ("Treatment of tension pneumothorax must not wait for a chest radiograph.", S),
        ("No one should wait for a chest X-ray before decompressing a tension pneumothorax.", S),
        ("An endotracheal tube must not enter the right main bronchus.", S),
        ("An endotracheal tube in the right main bronchus is well placed.", C),
        ("An endotracheal tube in the right main bronchus is misplaced.", S),
        ("A chest radiograph often misses a rib fracture.", U),
        # what "may" and "can" weaken, and what they do not
        ("Pneumonia does not show consolidation, and it may cause fever.", C),
        ("Heart failure does not cause pleural effusion but may cause dyspnea.", C),
        ("Pneumonia may not show consolidation, and it causes fever.", U),
        ("In some patients pneumonia does not show consolidation, and it causes fever.", U),
        # what raises the risk of a thing is no sign of it, least of all where it is what the thing is a sign of
        ("Asbestos exposure can suggest pleural thickening.", C),
        ("Smoking is a marker of lung cancer.", U),
        ("Smoking is a risk factor for lung cancer.", S),
        # borders, and signs said as processes
        ("Right middle lobe pneumonia silhouettes the right heart border.", S),
        ("Right lower lobe pneumonia silhouettes the right heart border.", C),
        ("Consolidation of the lingula obscures the left heart border.", S),
        ("Consolidation of the left lower lobe obscures the left heart border.", C),
        ("Loss of the right heart border suggests disease in the right middle lobe.", S),
        ("Loss of the right heart border suggests disease in the right lower lobe.", C),
        ("The left atrial appendage contributes to the left heart border.", S),
        ("The left ventricle contributes to the right heart border.", C),
        ("COPD flattens the diaphragm.", S),
        ("COPD does not flatten the diaphragm.", C),
        # contrasts and two parts
        ("Spirometry, not a chest radiograph, confirms COPD.", S),
        ("A chest radiograph, not spirometry, confirms COPD.", C),
        ("The right heart border is formed by the right atrium, not by the right ventricle.", S),
        ("The right heart border is formed by the right ventricle, not by the right atrium.", C),
        ("Pneumothorax is air in the pleural space and it can cure warts.", U),
        # settings that narrow nothing, and some that do
        ("The deep sulcus sign on a supine film suggests pneumothorax.", S),
        ("Popcorn calcification in a lung nodule is characteristic of hamartoma.", S),
        ("Popcorn calcification in the liver is characteristic of hamartoma.", U),
        ("A cardiothoracic ratio above 0.6 defines cardiomegaly in grown-ups.", C),
        ("A cardiothoracic ratio above 0.5 defines cardiomegaly in grown-ups.", S),
        ("A cardiothoracic ratio above 0.6 defines cardiomegaly in neonates on an AP film.", S),
        ("The low umbilical arterial catheter position is T6 to T9.", U),
        ("Right heart failure with left heart failure causes pulmonary edema.", U),
        ("Right heart failure causes pulmonary edema.", C),
        ("Steroids may be given in asbestosis for another reason.", U),
        ("Antibiotics are given in influenza with bacterial pneumonia.", U),
        ("Antibiotics are used to treat influenza.", C),
        ("Antibiotics are given for every COPD exacerbation.", U),
        # clauses that share a verb, an object or a pronoun
        ("Bilateral hilar lymphadenopathy suggests sarcoidosis but does not prove it.", S),
        ("Bilateral hilar lymphadenopathy does not suggest sarcoidosis but proves it.", C),
        ("Influenza is caused by a virus and treated with antibiotics.", C),
        ("Left lower lobe pneumonia hides the left hemidiaphragm but spares the left heart border.", S),
        ("Left lower lobe pneumonia hides the left heart border but spares the left hemidiaphragm.", C),
        ("Rib fractures are often missed on chest radiographs, so a normal film does not exclude them.", U),
        ("If a chest drain lies in the lung, it is malpositioned.", S),
        # what cannot be true together with what is known
        ("Influenza is caused by a bacterium.", C),
        ("Tuberculosis is caused by a virus.", C),
        ("Thymoma is located in the posterior mediastinum.", C),
        ("Thymoma is located in the anterior mediastinum.", S),
        ("Right upper lobe collapse elevates the minor fissure.", S),
        ("Right upper lobe collapse depresses the minor fissure.", C),
        ("Kerley B lines are caused exclusively by heart failure.", C),
        ("A tension pneumothorax needs needle decompression.", S),
        ("Lung cancer needs radiotherapy.", U),
        # what only colours a sentence, and what changes it
        ("Overexposed films can hide small nodules.", S),
        ("Mesothelioma cannot be confirmed by CT alone.", S),
        ("A normal radiograph does not exclude early interstitial lung disease.", S),
        ("An endotracheal tube is ideally placed with its tip 2 cm below the carina.", C),
        ("An endotracheal tube with its tip 2 cm below the carina is too low.", U),
        # numbers of one case
        ("A PaO2/FiO2 ratio of 150 is moderate ARDS.", S),
        ("A post-bronchodilator FEV1/FVC of 0.9 establishes the diagnosis of COPD.", C),
        ("A post-bronchodilator FEV1/FVC of 0.6 establishes the diagnosis of COPD.", S),
        ("A sweat chloride of 15 mmol/L confirms cystic fibrosis.", C),
        ("A sweat chloride of 15 mmol/L makes cystic fibrosis unlikely.", U),
        ("An NT-proBNP below 300 pg/mL makes acute heart failure unlikely.", U),
        ("The right lung has three lobes and the left lung has two.", S),
        ("The right lung has two lobes and the left lung has three.", C),
        # many verbs for one relation
        ("Smoking is by far the leading risk factor for lung cancer.", S),
        ("Asbestosis has a predilection for the lower zones.", S),
        ("Asbestosis has a predilection for the upper zones.", C),
        ("An MRI scan uses ionising radiation.", C),
        ("An MRI scan does not use ionising radiation.", S),
        ("Asthma is the same disease as COPD.", C),
        ("Asthma is not the same disease as COPD.", S),
        ("Blood in the pleural cavity is called a haemothorax.", S),
        ("Post-primary tuberculosis is not primary tuberculosis.", U),
        ("Hemoptysis can present with a broncholith.", U),
    ],
)  # fmt: skip
def test_what_is_said_decides(text: str, expected: Verdict) -> None:
    """True sentences are supported, false ones contradicted, and what the graph does not settle stays open."""
    assert verdict(text) is expected


def test_a_not_beside_the_verb_never_leaves_a_sentence_supported() -> None:
    """Of every authored sentence that is supported, the negation is not."""
    said_not = re.compile(r"\b(?:not|never|no|cannot|without|wrong|neither|unlike|nothing|nor|nobody)\b", re.IGNORECASE)
    for example in factcheck.examples("dev"):
        verb = re.search(r"\b(?:is|are|can|may|should|does|do|must)\b", example.text)
        if (
            example.verdict is not S
            or verb is None
            or said_not.search(example.text)
            or re.search("[.;] ", example.text)
        ):
            continue
        negated = f"{example.text[: verb.end()]} not{example.text[verb.end() :]}"
        assert verdict(negated) is not S, negated


@pytest.mark.parametrize(
    "text",
    [
        "Explain Kerley B lines to me.",
        "List three causes of a raised hemidiaphragm.",
        "Zoom in on the right costophrenic angle.",
        "Show me the silhouette sign.",
        "Draw a line along the pleural edge.",
        "Suppose the endotracheal tube is in the right main bronchus.",
        "Don't worry if you get this wrong the first time.",
        "If you feel stuck, start again from the top of the film.",
        "This could be an effusion, but I'm not sure.",
        "That is a good question.",
    ],
)
def test_orders_and_courtesies_claim_nothing(text: str) -> None:
    """What is said to the machine is no statement of medicine."""
    assert verdict(text) is N


@pytest.mark.parametrize(
    "text",
    [
        "Draining an empyema is done with a chest drain.",
        "Marked hyperinflation is typical of emphysema.",
        "Setting sun sign is a sign of the brain.",
    ],
)
def test_a_sentence_that_opens_like_an_order_may_be_a_statement(text: str) -> None:
    """The verb form or what follows tells the two apart."""
    assert verdict(text) is not N


def test_minilm_is_the_baseline_of_the_evaluation() -> None:
    """The similarity of sentences by MiniLM stands beside the checker, and gives verdicts."""
    judges = factcheck.baselines(STORE.facts[:20])
    assert set(judges) == {"MiniLM similarity"}
    assert judges["MiniLM similarity"]("What is a pneumothorax?") is N

"""Verdicts on texts: over the curated content, over its own wording, and against a film."""

import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from copilot.bootstrap import bundled_checker
from copilot.evaluation.factcheck import by_checker, evaluate, examples, score
from kg import wording
from kg.linking import Linker
from kg.predicates import PREDICATES
from kg.types import Fact, Verdict
from kg.verification import Verifier
from tests.fakes.fact_store import core_store

STORE = core_store()
CHECKER = bundled_checker(Linker(STORE.by_id.values()), Verifier(STORE))


def verdict(text: str) -> Verdict:
    return CHECKER.check(text)[-1].verdict


def some(facts: list[Fact], count: int = 400) -> list[Fact]:
    """A sample that does not change from run to run; all facts take seconds, not milliseconds."""
    return random.Random(7).sample(facts, min(count, len(facts)))


def test_the_wording_of_a_fact_is_never_contradicted() -> None:
    """The graph does not call its own sentences false, and knows nearly all of them."""
    verdicts = [verdict(wording.sentence(f)) for f in some(list(STORE.facts))]
    assert Verdict.CONTRADICTED not in verdicts
    assert verdicts.count(Verdict.SUPPORTED) >= 0.95 * len(verdicts)


def test_the_opposite_of_a_fact_is_never_supported() -> None:
    """Nor does it call their negation true."""
    for fact in some(list(STORE.facts)):
        opposite = wording.sentence(replace(fact, denied=not fact.denied))
        assert verdict(opposite) is not Verdict.SUPPORTED, opposite


def test_the_reverse_of_a_directed_fact_is_not_supported() -> None:
    """Unless the graph says that as well; of one with a condition, which may name things that it joins, once in a hundred."""
    known = {(f.subject, f.predicate, f.object) for f in STORE.facts}
    directed = [
        f
        for f in STORE.facts
        if PREDICATES[f.predicate].directed
        and not f.denied
        and f.quantity is None
        and STORE.by_id[f.object].category
        != "value"  # "radiolucent appears the pneumatocele" is the same, turned round
        and (f.object, f.predicate, f.subject) not in known
        and not (f.predicate == "HAS_FINDING" and (f.object, "CAUSES", f.subject) in known)  # what it causes, it shows
    ]
    borne_out = []
    for fact in some(directed):
        turned = replace(
            fact, subject=fact.object, object=fact.subject, subject_name=fact.object_name, object_name=fact.subject_name
        )
        if verdict(wording.sentence(turned)) is Verdict.SUPPORTED:
            borne_out.append(turned)
    assert not [wording.sentence(fact) for fact in borne_out if not fact.qualifiers]
    assert len(borne_out) <= 4, [wording.sentence(fact) for fact in borne_out]


def test_the_authored_sentences_keep_their_figures() -> None:
    """A change that makes the checker call true sentences false, or false ones true, does not pass."""
    scored = score(by_checker(CHECKER), examples("dev"))
    assert scored.precision(Verdict.CONTRADICTED) >= 0.985
    assert scored.precision(Verdict.SUPPORTED) >= 0.99
    assert scored.recall(Verdict.CONTRADICTED) >= 0.9
    assert scored.recall(Verdict.SUPPORTED) >= 0.85


def test_the_checker_beats_word_overlap() -> None:
    """By at least the twenty points of macro-F1 that were asked for, on the held sentences."""
    scored = evaluate(CHECKER, STORE.facts, "held")
    assert scored["checker"].macro_f1 >= scored["word overlap"].macro_f1 + 0.2


def test_what_is_settled_of_the_held_sentences_is_settled_rightly() -> None:
    """Precision first; the sentences themselves are looked at by nobody who changes the checker."""
    scored = evaluate(CHECKER, STORE.facts, "held")["checker"]
    assert scored.precision(Verdict.CONTRADICTED) >= 0.95
    assert scored.precision(Verdict.SUPPORTED) >= 0.97


def test_the_parts_of_the_evaluation_share_no_sentence() -> None:
    """What was tuned on is not what is reported."""
    assert not {e.text for e in examples("dev")} & {e.text for e in examples("held")}


@pytest.mark.parametrize(
    ("text", "state", "expected"),
    [
        ("There is no pleural effusion.", "present", Verdict.CONTRADICTED),
        ("There is no pleural effusion.", "absent", Verdict.SUPPORTED),
        ("There is a pleural effusion.", "absent", Verdict.CONTRADICTED),
        ("There is a pleural effusion.", "present", Verdict.SUPPORTED),
        ("There is a pleural effusion.", "uncertain", Verdict.NOT_IN_GRAPH),
    ],
)
def test_statements_about_the_film_are_held_against_it(text: str, state: str, expected: Verdict) -> None:
    """The encoder's state decides, and an uncertain one decides nothing."""
    assert CHECKER.check(text, {"pleural_effusion": state})[0].verdict is expected


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ({"consolidation": "absent", "pulmonary_edema": "absent", "pleural_effusion": "present"}, Verdict.SUPPORTED),
        ({"consolidation": "absent", "pulmonary_edema": "present"}, Verdict.CONTRADICTED),
        ({"consolidation": "absent", "pneumonia": "uncertain"}, Verdict.NOT_IN_GRAPH),
        ({"pleural_effusion": "absent"}, Verdict.NOT_IN_GRAPH),
    ],
)
def test_clear_lungs_are_held_against_what_the_encoder_says_of_lungs(states: dict[str, str], expected: Verdict) -> None:
    """Findings that it has no label for leave nothing open; an effusion lies outside the lungs."""
    assert CHECKER.check("The lungs are clear.", states)[0].verdict is expected


@pytest.mark.parametrize(
    "text",
    [
        "If there is a tension pneumothorax, insert a drain.",
        "In suspected pulmonary embolism, order a CT pulmonary angiogram.",
        "When the patient cannot stand, obtain a supine film.",
        "Once the tube is in, check its position on a chest radiograph.",
    ],
)
def test_conditional_advice_claims_nothing(text: str) -> None:
    """An order stays one behind the case that it is for."""
    assert verdict(text) is Verdict.NOT_A_CLAIM


@pytest.mark.parametrize(
    "text",
    [
        "The lingula is part of the lower lobe.",
        "The left atrial appendage is part of the right atrium.",
        "The aortic knob is part of the ascending aorta.",
    ],
)
def test_a_part_of_one_whole_is_no_part_of_its_neighbour(text: str) -> None:
    """Where the wholes share no tissue: lobes, chambers, the segments of the aorta."""
    assert verdict(text) is Verdict.CONTRADICTED


def test_the_lobe_of_a_part_is_that_of_its_own_side() -> None:
    """The lingula's upper lobe is the left one."""
    assert verdict("The lingula is part of the upper lobe.") is Verdict.SUPPORTED


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The absence of haemoptysis does not exclude diffuse alveolar haemorrhage.", Verdict.SUPPORTED),
        ("The absence of haemoptysis excludes diffuse alveolar haemorrhage.", Verdict.CONTRADICTED),
        ("Lobar collapse leaves the mediastinum unshifted.", Verdict.CONTRADICTED),
        ("A small pleural effusion leaves the mediastinum unshifted.", Verdict.SUPPORTED),
        ("Tamponade will not wait: it is an emergency.", Verdict.SUPPORTED),
        ("An effusion becomes visible on a PA film from about 200 litres.", Verdict.CONTRADICTED),
        ("The lower end of a ventriculoperitoneal shunt lies in the peritoneal cavity.", Verdict.SUPPORTED),
        ("On the erect film free pleural fluid collects in the upper zones.", Verdict.CONTRADICTED),
        ("Consider the azygos lobe. It is found on the right.", Verdict.SUPPORTED),
        ("Pregnancy is no bar to varicella vaccination.", Verdict.CONTRADICTED),
    ],
)
def test_constructions_of_strangers(text: str, expected: Verdict) -> None:
    """What is absent, stays in place, cannot wait, ends somewhere, is off by a thousand or was named in an order before."""
    assert verdict(text) is expected


@pytest.mark.parametrize(
    "text", ["Trace every rib.", "Have a careful look there.", "To sum up, then.", "Time will tell."]
)
def test_orders_and_phrases_claim_nothing(text: str) -> None:
    """An order is known by its shape, whatever its verb."""
    assert verdict(text) is Verdict.NOT_A_CLAIM


@pytest.mark.parametrize("text", ["Stridor the whole night suggests croup.", "Both lungs are affected by sarcoidosis."])
def test_a_noun_before_an_article_is_no_order(text: str) -> None:
    """A sentence that opens with a name or a word of number may claim something."""
    assert verdict(text) is not Verdict.NOT_A_CLAIM


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Yes, a pneumothorax contains fluid.", Verdict.CONTRADICTED),
        ("No, a normal chest radiograph rules out pulmonary embolism.", Verdict.CONTRADICTED),
        ('The answer is: "Pneumothorax does not contain fluid."', Verdict.SUPPORTED),
        ("The answer to the question is that the lingula is part of the left lower lobe.", Verdict.CONTRADICTED),
        ("Of course, pneumothorax is air in the pleural space.", Verdict.SUPPORTED),
        ("The answer to the question is yes.", Verdict.NOT_A_CLAIM),
        ("No, it is not.", Verdict.NOT_A_CLAIM),
        ("Yes, please.", Verdict.NOT_A_CLAIM),
        ("Of course, I can help with that.", Verdict.NOT_A_CLAIM),
    ],
)
def test_what_follows_a_yes_is_checked(text: str, expected: Verdict) -> None:
    """A claim behind "yes" or "the answer is" is one; the bare word claims nothing that could be looked up."""
    assert verdict(text) is expected


@pytest.mark.parametrize("text", ["It would be wise to repeat the film upright.", "Better to ask a radiologist first."])
def test_what_would_be_wise_is_advice(text: str) -> None:
    """And is called so, not a guess."""
    (checked,) = CHECKER.check(text)
    assert checked.verdict is Verdict.NOT_A_CLAIM
    assert checked.reason.endswith("it is advice.")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Pleural effusion blunts the costophrenic angle.", Verdict.SUPPORTED),
        ("On an upright film, a pleural effusion blunts the costophrenic angle.", Verdict.SUPPORTED),
        ("Pleural effusion does not blunt the costophrenic angle.", Verdict.CONTRADICTED),
        ("Emphysema blunts the costophrenic angle.", Verdict.NOT_IN_GRAPH),
    ],
)
def test_a_deed_that_is_the_name_of_a_finding_is_a_claim(text: str, expected: Verdict) -> None:
    """The facts that decide are about who did it, not about the film that shows it."""
    (checked,) = CHECKER.check(text)
    assert checked.verdict is expected
    assert all(fact.predicate != "DETECTS" for fact in checked.facts)


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("Patchy opacity in the right lower lobe, likely pneumonia.", "lung_opacity"),
        ("Increased opacity at the left base, which may represent atelectasis.", "lung_opacity"),
        ("Bilateral hilar lymphadenopathy, in keeping with sarcoidosis.", "bilateral_hilar_lymphadenopathy"),
    ],
)
def test_a_telegram_is_about_the_film(text: str, concept: str) -> None:
    """What is seen is held against the film, not what it may mean; no general fact supports it."""
    assert [s.concept for s in CHECKER.of_the_film([text])] == [concept]
    (open_,) = CHECKER.check(text)
    assert open_.verdict is Verdict.NOT_IN_GRAPH
    (held,) = CHECKER.check(text, {concept: "absent"})
    assert held.verdict is Verdict.CONTRADICTED


@pytest.mark.parametrize("text", ["The cardiac silhouette is enlarged.", "Cardiac silhouette is enlarged."])
def test_a_finding_said_of_its_organ_is_about_the_film(text: str) -> None:
    """With an article or, as in a report, without."""
    assert CHECKER.check(text, {"cardiomegaly": "absent"})[0].verdict is Verdict.CONTRADICTED


@pytest.mark.parametrize("text", ["Heart size is normal.", "The cardiac silhouette is within normal limits."])
def test_a_heart_of_normal_size_is_not_enlarged(text: str) -> None:
    """Where the encoder reads cardiomegaly, the sentence is contradicted."""
    assert CHECKER.check(text, {"cardiomegaly": "present"})[0].verdict is Verdict.CONTRADICTED
    assert CHECKER.check(text, {"cardiomegaly": "absent"})[0].verdict is Verdict.SUPPORTED


def test_without_a_film_such_a_statement_stays_open() -> None:
    """The reason says that it was not checked against one."""
    checked = CHECKER.check("There is a pleural effusion.")[0]
    assert checked.verdict is Verdict.NOT_IN_GRAPH
    assert "film" in checked.reason


def test_one_false_member_spoils_the_list() -> None:
    """A sentence is supported only when all of it is."""
    assert verdict("Pneumothorax consists of air and fluid.") is Verdict.CONTRADICTED


def test_many_threads_get_the_same_verdicts() -> None:
    """The checker holds no state of any text."""
    text = "Heart failure causes pleural effusion. It never does. A pneumothorax is fluid in the pleural space."
    expected = [c.verdict for c in CHECKER.check(text)]
    with ThreadPoolExecutor(4) as pool:
        for got in pool.map(lambda _: [c.verdict for c in CHECKER.check(text)], range(20)):
            assert got == expected


def test_an_empty_text_has_no_sentences() -> None:
    """Nothing typed, nothing judged."""
    assert CHECKER.check("  \n ") == ()


@pytest.mark.parametrize(
    "text",
    [
        "Hyperresonance with absent breath sounds on one side suggests a pneumothorax.",
        "Heart failure produces a transudate, whereas cancer and infection produce exudates.",
        "Air collecting under tension pushes the mediastinum to the opposite side.",
    ],
)
def test_several_statements_are_borne_out_together(text: str) -> None:
    """Each part of a contrast holds, each of two signs points to the disease, and what shifts names the mediastinum."""
    assert verdict(text) is Verdict.SUPPORTED


@pytest.mark.parametrize(
    "text",
    [
        "Risk factors for pulmonary embolism include recent surgery, cancer, long immobility and use of heparin.",
        "Pleural plaques are a marker of past asbestos exposure and turn into mesothelioma if left alone.",
    ],
)
def test_a_false_addition_keeps_what_is_true_open(text: str) -> None:
    """The last member of a list and a second statement have to hold too."""
    assert verdict(text) is not Verdict.SUPPORTED


@pytest.mark.parametrize(
    "text",
    [
        "Your steroid inhaler keeps asthma under control, but it doesn't cure it.",
        "BCG protects young children from severe tuberculosis but does not fully protect adults from lung disease.",
        "The tip of an intra-aortic balloon pump lies in the descending aorta, just beyond the left subclavian artery.",
        "A solid lung nodule that has stayed the same for two years is very probably benign.",
        "Furosemide helps in pulmonary oedema because it makes the kidneys excrete more salt and water.",
    ],
)
def test_what_is_true_is_not_refuted_by_its_neighbour(text: str) -> None:
    """What does not cure may treat, beyond a vessel is not in it, two years are not a follow-up, a guess is not turned round."""
    assert verdict(text) is not Verdict.CONTRADICTED


def test_a_sentence_is_not_judged_by_how_far_its_neighbour_holds() -> None:
    """Two sentences may have the same part; "never" in the one says nothing of the other."""
    said = "Heart failure produces a transudate, whereas cancer and infection produce exudates."
    beside = "Heart failure never produces pus, whereas cancer and infection produce exudates."
    assert CHECKER.check(f"{said} {beside}")[0] == CHECKER.check(said)[0]

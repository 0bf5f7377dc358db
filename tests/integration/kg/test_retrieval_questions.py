"""Authored questions find the facts that answer them, on the real graph and the real linker."""

from collections.abc import Iterator, Mapping

import pytest

from copilot.bootstrap import question_reader
from copilot.evaluation.retrieval import by_mention, by_retriever, evaluate, questions
from kg import wording
from kg.asking import QuestionReader, Relation
from kg.graph import Graph
from kg.linking import Linker
from kg.loading.csv_pack import core
from kg.loading.load import load
from kg.memory import Memory
from kg.retrieval import Retriever


@pytest.fixture(scope="module")
def curated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Graph]:
    """The curated graph on the embedded engine."""
    with Graph.open_embedded(tmp_path_factory.mktemp("curated")) as graph:
        load(graph, core())
        yield graph


def test_every_question_can_be_decided(curated: Graph) -> None:
    """Of every type there are ten held questions, no question stands twice, and each has a deciding fact in the graph."""
    facts = curated.facts_about([c.id for c in curated.lexicon()], limit=100_000)
    held = {(f.subject, f"NOT_{f.predicate}" if f.denied else f.predicate, f.object) for f in facts}
    held |= {(c.id, "DEFINED_AS", "") for c in curated.lexicon() if c.definition}
    dev, other = list(questions("dev")), list(questions("held"))
    assert len({q.text for q in (*dev, *other)}) == len(dev) + len(other)
    assert {sum(q.kind == kind for q in other) for kind in {q.kind for q in other}} == {10}
    for part in (dev, other):
        for question in part:
            keys = [key for key in question.keys if any(_fits(key, fact) for fact in held)]
            assert keys, question.text


def _fits(key: tuple[str, str, str], fact: tuple[str, str, str]) -> bool:
    return all(wanted in {"*", given} for wanted, given in zip(key, fact, strict=True))


@pytest.mark.parametrize(("part", "least"), [("dev", 0.95), ("held", 0.9)])
def test_the_deciding_fact_is_among_the_first_eight(curated: Graph, part: str, least: float) -> None:
    """For nearly every question, and for far more of them than the graph's own order gives."""
    linker = Linker(curated.lexicon())
    score = evaluate(by_retriever(linker, Retriever(curated, Memory(curated), question_reader())), questions(part))
    baseline = evaluate(by_mention(linker, curated), questions(part))
    assert score.rate >= least, [question.text for question in score.missed]
    assert score.rate > baseline.rate + 0.2


@pytest.mark.parametrize(
    ("question", "subject", "predicate"),
    [
        ("ARDS?", "ards", "DEFINED_AS"),
        ("What is an AP projection?", "ap_projection", "DEFINED_AS"),
        ("How many days of cough count as chronic?", "chronic_cough", "HAS_THRESHOLD"),
        ("Where should the side hole of a chest drain be?", "chest_drain_side_hole", None),
        ("What would make the heart enlarged?", "cardiomegaly", None),
        ("Is surgery used for aortic stenosis?", "aortic_stenosis", "TREATED_BY"),
        ("Which hilum sits higher?", "left_hilum", "HIGHER_THAN"),
        ("What divides the right upper lobe from the middle lobe?", "minor_fissure", "BORDERS"),
        ("How do a PA and an AP film differ?", "ap_projection", "DEFINED_AS"),
        ("Which antibiotic works for legionella?", "legionnaires_disease", "TREATED_BY"),
        ("What do you see in transient tachypnoea?", "transient_tachypnea_of_newborn", "HAS_FINDING"),
        ("What value of the D-dimer is positive?", "pulmonary_embolism", "HAS_THRESHOLD"),
        ("How do I keep from getting pneumonia?", "pneumonia", "PREVENTED_BY"),
        ("Could I have given it to my family, Legionnaires?", "legionnaires_disease", "TRANSMITTED_BY"),
    ],
)
def test_how_a_question_may_be_put(curated: Graph, question: str, subject: str, predicate: str | None) -> None:
    """A bare name asks what it is; a cue inside a name is none; a name said in pieces is found; a treatment is a cue."""
    linker = Linker(curated.lexicon())
    ranked = Retriever(curated, Memory(curated), question_reader()).retrieve(
        question, linker.link(question), {}, limit=8
    )
    found = {(r.fact.subject, r.fact.predicate) for r in ranked} | {(r.fact.object, None) for r in ranked}
    found |= {(one, None) for one, _ in found}
    assert (subject, predicate) in found


def test_a_long_or_empty_question_is_no_error(curated: Graph) -> None:
    """A question without words, or with far too many, is answered with what there is."""
    retriever = Retriever(curated, Memory(curated))
    assert retriever.retrieve("", [], {}) == ()
    assert retriever.retrieve("?!", [], {}) == ()
    assert len(retriever.retrieve("pneumothorax cough " * 100_000, [], {}, limit=8)) <= 8


class Reads(QuestionReader):
    """Takes every question for one relation, and keeps what it was asked."""

    def __init__(self, relation: Relation) -> None:
        self.relation, self.asked = relation, ""

    def read(self, question: str) -> Mapping[Relation, float]:
        self.asked = question
        return {self.relation: 1.0}


def test_the_reader_decides_between_the_facts_of_a_thing(curated: Graph) -> None:
    """The same words bring what treats sarcoidosis, or what it shows, as the reader takes them."""
    question = "Sarcoidosis, anything on that?"
    mentions = Linker(curated.lexicon()).link(question)
    for predicate in ("TREATED_BY", "HAS_FINDING"):
        first = Retriever(curated, Memory(curated), Reads((predicate, "s"))).retrieve(question, mentions, {})[0].fact
        assert (first.subject, first.predicate) == ("sarcoidosis", predicate)


def test_the_disease_is_asked_about_and_not_the_patient(curated: Graph) -> None:
    """Of the things named, the one that weighs most is <X>: a circumstance comes second."""
    question, reader = "In pregnancy, what about sarcoidosis?", Reads(("TREATED_BY", "s"))
    Retriever(curated, Memory(curated), reader).retrieve(question, Linker(curated.lexicon()).link(question), {})
    assert reader.asked == "In <Y>, what about <X>?"


def test_a_denial_answers_yes_or_no(curated: Graph) -> None:
    """That something is not so comes first where just that is asked of two things."""
    question = "Can a pregnant woman have a chest x-ray?"
    retriever, mentions = (
        Retriever(curated, Memory(curated), question_reader()),
        Linker(curated.lexicon()).link(question),
    )
    first = retriever.retrieve(question, mentions, {})[0].fact
    assert (first.subject, first.predicate, first.object) == (
        "chest_radiograph",
        "CONTRAINDICATED_IN",
        "pregnant_women",
    )
    assert first.denied


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("Which main bronchus is wider?", "The right main bronchus is wider than the left main bronchus."),
        (
            "Is CT more sensitive than a chest film for rib fractures?",
            "Computed tomography of the chest is more sensitive than a chest radiograph for rib fractures.",
        ),
        (
            "Can a chest X-ray rule out pulmonary embolism?",
            "A normal chest radiograph does not rule out pulmonary embolism.",
        ),
    ],
)
def test_the_answer_comes_first(curated: Graph, question: str, first: str) -> None:
    """A comparison is answered by a comparison, and what a film rules out by what is said of the film."""
    retriever = Retriever(curated, Memory(curated), question_reader())
    ranked = retriever.retrieve(question, Linker(curated.lexicon()).link(question), {}, limit=8)
    assert wording.sentence(ranked[0].fact) == first


def test_two_things_are_told_apart_by_what_one_of_them_has(curated: Graph) -> None:
    """Not by saying that they are mistaken for one another."""
    question = "How do I tell a hydropneumothorax from a pleural effusion?"
    retriever = Retriever(curated, Memory(curated), question_reader())
    ranked = retriever.retrieve(question, Linker(curated.lexicon()).link(question), {}, limit=8)
    assert "air_fluid_level" in {end for r in ranked[:2] for end in (r.fact.subject, r.fact.object)}
    assert ranked[0].fact.predicate != "MIMICS"


def test_what_is_behind_a_finding_is_told_once_whatever_the_relation(curated: Graph) -> None:
    """That a disease causes it, shows it, or is suggested by it answers the same question."""
    question = "What can cause an anterior mediastinal mass?"
    retriever = Retriever(curated, Memory(curated), question_reader())
    ranked = retriever.retrieve(question, Linker(curated.lexicon()).link(question), {}, limit=8)
    others = [
        ({r.fact.subject, r.fact.object} - {"anterior_mediastinal_mass"}).pop() for r in ranked if not r.fact.denied
    ]
    assert {"thymoma", "lymphoma", "retrosternal_goiter"} <= set(others)
    assert len(others) == len(set(others))


def test_what_a_question_leaves_out_is_no_answer(curated: Graph) -> None:
    """Nor are its kinds: "what causes it apart from heart failure?"."""
    question = "What causes a pleural effusion apart from heart failure?"
    retriever = Retriever(curated, Memory(curated), question_reader())
    ranked = retriever.retrieve(question, Linker(curated.lexicon()).link(question), {}, limit=8)
    ends = {end for r in ranked for end in (r.fact.subject, r.fact.object)}
    assert "pleural_effusion" in ends
    assert not {end for end in ends if "heart_failure" in end}


@pytest.mark.parametrize(
    ("question", "told"),
    [
        (
            "What is the normal cardiothoracic ratio, and why can't I use it on an AP film?",
            {("cardiomegaly", "HAS_THRESHOLD"), ("ap_projection", "MAGNIFIES")},
        ),
        (
            "what is a Hampton hump and how reliable is it",
            {("hampton_hump", wording.DEFINED_AS), ("hampton_hump", "SUGGESTS")},
        ),
        (
            "Bochdalek hernia - what is it? Which side is it usually on?",
            {("bochdalek_hernia", wording.DEFINED_AS), ("bochdalek_hernia", "HAS_SIDE")},
        ),
    ],
)
def test_each_part_of_a_question_is_answered(curated: Graph, question: str, told: set[tuple[str, str]]) -> None:
    """A question that asks twice is looked up twice; "it" in the second part is what the first part named."""
    retriever = Retriever(curated, Memory(curated), question_reader())
    ranked = retriever.retrieve(question, Linker(curated.lexicon()).link(question), {}, limit=6)
    assert told <= {(r.fact.subject, r.fact.predicate) for r in ranked}


def test_an_answer_is_told_before_what_only_fits(curated: Graph) -> None:
    """The commonest cause and what is asked of two things lead; what is true of the same thing and not asked comes far below."""
    retriever = Retriever(curated, Memory(curated), question_reader())
    question = "Differential of bilateral hilar lymphadenopathy"
    first, *others = retriever.retrieve(question, Linker(curated.lexicon()).link(question), {}, limit=12)
    assert first.score > 0.3
    assert any(r.fact.predicate == "COMMONEST_CAUSE_OF" for r in (first, *others[:4]))
    assert others[-1].score < 0.6 * first.score


@pytest.mark.parametrize(
    ("question", "told"),
    [
        (
            "Preterm baby, 28 weeks, grunting. Film: ground glass lungs with air bronchograms. Diagnosis?",
            ("respiratory_distress_syndrome_of_newborn", "HAS_FINDING"),
        ),
        (
            "32 weeks pregnant, pleuritic pain, tachycardia, one swollen calf. Normal film. Which test first?",
            ("pulmonary_embolism", "FIRST_TEST"),
        ),
        (
            "Stabbed in the chest, hypotensive, raised JVP, no air entry on the left, trachea deviated. How urgent is this?",
            ("tension_pneumothorax", "HAS_URGENCY"),
        ),
    ],
)
def test_a_case_is_answered_of_the_disease_that_explains_it(
    curated: Graph, question: str, told: tuple[str, str]
) -> None:
    """Where findings and history are told, a disease that nobody named is asked about: its tests, its treatment, its urgency."""
    retriever = Retriever(curated, Memory(curated), question_reader())
    ranked = retriever.retrieve(question, Linker(curated.lexicon()).link(question), {}, limit=6)
    assert told in {(r.fact.subject, r.fact.predicate) for r in ranked}


def test_facts_fit_a_budget_of_tokens(curated: Graph) -> None:
    """A language model with little room is told fewer facts, the same first."""
    retriever = Retriever(curated, Memory(curated), question_reader())
    question = "What causes a pleural effusion?"
    mentions = Linker(curated.lexicon()).link(question)
    many = retriever.retrieve(question, mentions, {}, limit=12)
    few = retriever.retrieve(question, mentions, {}, limit=12, tokens=60)
    assert 0 < len(few) < len(many)
    assert sum(len(wording.sentence(r.fact)) for r in few) <= 240
    assert few == many[: len(few)]


def test_a_question_about_a_finding_of_a_case_keeps_to_it(curated: Graph) -> None:
    """Who names in the question itself what it is about is not told of another disease."""
    retriever = Retriever(curated, Memory(curated), question_reader())
    question = "Neutropenic, fever, a nodule on CT. What does the halo sign mean?"
    ranked = retriever.retrieve(question, Linker(curated.lexicon()).link(question), {}, limit=4)
    assert "halo_sign" in {end for r in ranked[:2] for end in (r.fact.subject, r.fact.object)}

"""What a patient is told of the facts that were found, and how the screen owns up to its limits."""

from dataclasses import replace

import pytest

from copilot import audience, composing
from copilot.personas import PERSONAS
from copilot.types import PersonaName
from kg import wording
from kg.retrieval import JOINS
from kg.types import Fact, Mention, RankedFact, Tier

KIOSK = PERSONAS[PersonaName.KIOSK]
NAMED = {"film": "test", "flu": "disease", "air_travel": "treatment", "aspirin": "treatment"}


def fact(subject: str, predicate: str, other: str, score: float = 1.0, *, denied: bool = False) -> RankedFact:
    made = Fact(
        f"{subject} {predicate} {other}", subject, subject, predicate, other, other, "S", Tier.CURATED, denied=denied
    )
    return RankedFact(made, score)


def definition(subject: str, score: float = 1.0) -> RankedFact:
    ranked = fact(subject, wording.DEFINED_AS, "", score)
    return replace(ranked, fact=replace(ranked.fact, object_name=f"{subject.capitalize()} is a thing."))


def told(
    *found: RankedFact, question: str = "can a film show the flu", explained: tuple[RankedFact, ...] = ()
) -> list[str]:
    choice = audience.told(question, sorted(found, key=lambda r: -r.score), explained, KIOSK, NAMED)
    return [ranked.fact.id for ranked in choice.facts]


def test_what_joins_two_things_asked_about_comes_before_definitions() -> None:
    """Asked whether a film shows a disease, a patient reads that first and then what the disease is."""
    joining, defined = fact("film", "DETECTS", "flu", 3.0, denied=True), definition("flu", 4.0)
    assert told(joining, explained=(defined,)) == [joining.fact.id, defined.fact.id]


def test_what_a_film_shows_of_a_disease_nobody_named_is_not_told() -> None:
    """Who only said "x-ray" hears nothing of other diseases, nor what a film is."""
    assert told(fact("film", "RULES_OUT", "heart", 3.0), definition("film", 2.0), question="can I eat before it") == []


@pytest.mark.parametrize(
    ("ranked", "heard"),
    [
        (fact("film", "CONTRAINDICATED_IN", "flu", denied=True), True),
        (fact("air_travel", "CONTRAINDICATED_IN", "flu"), True),
        (fact("aspirin", "CONTRAINDICATED_IN", "flu"), False),
        (fact("flu", "TREATED_BY", "aspirin"), False),
        (fact("flu", "SUGGESTS", "aspirin"), False),
        (fact("film", "CONFIRMS", "flu"), False),
        (fact("film", "CONFIRMS", "flu", denied=True), True),
    ],
)
def test_relations_that_a_patient_hears_of_two_things_they_named(ranked: RankedFact, heard: bool) -> None:
    """Tests and flying: yes. Medicines, treatments, and what it may be or is for certain: for the person's own doctor."""
    assert bool(told(ranked)) is heard


def test_kinds_of_what_was_named_stand_in_only_where_nothing_joins_the_things_themselves() -> None:
    """A fact about a kind of film is told where the graph has none about films."""
    of_a_kind = replace(fact("side_view", "DETECTS", "flu", 5.0), why=JOINS)
    itself = fact("film", "DETECTS", "flu", 4.0)
    assert told(of_a_kind) == [of_a_kind.fact.id]
    assert told(of_a_kind, itself) == [itself.fact.id]


def test_a_dose_is_told_only_where_radiation_was_asked_about() -> None:
    """One value of each quantity of a test."""
    dose = fact("film", "HAS_VALUE", "effective_dose", 3.0)
    again = replace(dose, fact=replace(dose.fact, id="again"), score=2.0)
    assert told(dose) == []
    choice = audience.told("", (dose, again), (), KIOSK, {**NAMED, "ionizing_radiation": "technique"})
    assert [ranked.fact.id for ranked in choice.facts] == [dose.fact.id]


def test_how_long_is_told_only_where_it_was_asked() -> None:
    """When a film is taken again is told to who asks when or after how many weeks, of what they named."""
    again = fact("flu", "HAS_VALUE", "follow_up_interval", 3.0)
    assert told(again, question="why another film 6 weeks after the flu") == [again.fact.id]
    assert told(again, question="what is the flu") == []
    assert told(fact("cold", "HAS_VALUE", "follow_up_interval", 3.0), question="how long does the flu last") == []


def test_whether_a_film_is_safe_need_not_name_it() -> None:
    """Who asks whether they can go in the x-ray room is told that a film need not be avoided with what they have."""
    safe = fact("chest_radiograph", "CONTRAINDICATED_IN", "flu", 3.0, denied=True)
    assert told(safe, question="I have the flu, can I go in the x-ray room") == [safe.fact.id]
    assert told(safe, question="what is the flu") == []


@pytest.mark.parametrize(
    ("question", "explained"),
    [
        ("what is a film?", True),
        ("film", True),
        ("What does film mean", True),
        ("the difference between a film and a scan", True),
        ("can I eat before the film", False),
        ("my film says atelectasis what is that", False),
    ],
)
def test_a_film_is_explained_to_those_who_ask_what_it_is(question: str, explained: bool) -> None:
    """In other questions it is the setting."""
    start = question.index("film")
    mention = Mention(start, start + 4, "film", "film", "film", "test")
    assert bool(audience.to_explain(question, [mention])) is explained


def test_an_answer_out_of_bounds_is_owned_up_to() -> None:
    """Where the best fact is for a doctor to tell, one sentence says so; where nothing was found, another."""
    withheld = audience.told("how is flu treated", [fact("flu", "TREATED_BY", "rest", 3.0)], (), KIOSK, NAMED)
    assert audience.owned_up("how is flu treated", withheld, flagged=False) == (audience.GOES_FURTHER,)
    nothing = audience.told("hello", (), (), KIOSK, {})
    assert audience.owned_up("hello", nothing, flagged=False) == (audience.KNOWS_NOTHING,)
    answered = audience.told("can a film show flu", [fact("film", "DETECTS", "flu")], (), KIOSK, NAMED)
    assert audience.owned_up("can a film show flu", answered, flagged=False) == ()


def test_beside_an_alarm_nothing_sends_the_reader_elsewhere() -> None:
    """An alarm says whom to tell; "ask your doctor" beside it would weaken it."""
    nothing = audience.told("I cannot breathe", (), (), KIOSK, {})
    assert audience.owned_up("I cannot breathe", nothing, flagged=True) == (audience.FLAGGED,)


@pytest.mark.parametrize(
    "question",
    [
        "When will my results come back?",
        "is my report ready",
        "can you show me my results",
        "what did the doctor say yesterday",
        "what did they find on my film",
        "what does my scan show",
        "how long do I have to wait",
        "when is my appointment",
        "do I have cancer",
        "am I going to die",
        "is my heart too big",
    ],
)
def test_questions_that_only_somebody_who_knows_the_person_can_answer(question: str) -> None:
    """Results, appointments, what was said, and whether they have it: the screen says that it cannot see these."""
    assert audience.asks_of_oneself(question)


@pytest.mark.parametrize(
    "question",
    [
        "what does pleural effusion mean",
        "my report says calcified granuloma do I need treatment",
        "what do doctors look for on an x-ray",
        "do I have to hold my breath",
        "can a normal film miss cancer",
        "how long does pneumonia take to clear",
    ],
)
def test_questions_about_words_are_not_about_the_person(question: str) -> None:
    """A word from one's own report is still a word."""
    assert not audience.asks_of_oneself(question)


@pytest.mark.parametrize(
    ("name", "lay", "said"),
    [
        ("lung cancer", "lung cancer", False),
        ("normal chest radiograph", "normal chest X-ray", False),
        ("cardiomegaly", "enlarged heart", True),
        ("tuberculosis", "tuberculosis (TB)", True),
    ],
)
def test_plain_words_that_say_nothing_new_are_left_out(name: str, lay: str, said: bool) -> None:
    """After "In plain words" stand other words than the term's own."""
    one = definition("x")
    ranked = replace(one, fact=replace(one.fact, subject_name=name))
    (sentence,) = composing.from_facts([ranked], KIOSK, {"x": lay})
    assert ("In plain words" in sentence.text) is said

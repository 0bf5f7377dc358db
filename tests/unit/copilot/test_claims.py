"""What sentences say in the graph's terms."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.claims import read
from kg.linking import Linker
from kg.linking.numbers import find
from kg.types import Quantity
from tests.fakes.fact_store import core_store

LINKER = Linker(core_store().by_id.values())
HF, PE = "heart_failure", "pleural_effusion"


def claims(text: str) -> list[tuple[str, str, str, bool]]:
    return [(c.subject, c.predicate, c.object, c.denied) for c in read(text, LINKER).claims]


@pytest.mark.parametrize(
    "text",
    [
        "Heart failure causes pleural effusion.",
        "Heart failure can lead to a pleural effusion.",
        "Pleural effusions are often caused by heart failure.",
        "A pleural effusion may be due to heart failure.",
        "Heart failure is a common cause of pleural effusions.",
        "Causes of pleural effusion include heart failure.",
        "The presence of a pleural effusion can be a result of heart failure.",
    ],
)
def test_a_cause_is_read_in_every_voice(text: str) -> None:
    """Active, passive and noun forms give one claim."""
    assert claims(text) == [(HF, "CAUSES", PE, False)]


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("Heart failure does not cause pleural effusion.", (HF, "CAUSES", PE, True)),
        ("Heart failure isn't a cause of pleural effusion.", (HF, "CAUSES", PE, True)),
        ("Heart failure never leads to pleural effusion.", (HF, "CAUSES", PE, True)),
        ("Kerley B lines suggest heart failure.", ("kerley_b_lines", "SUGGESTS", HF, False)),
        ("Tension pneumothorax is a type of pneumothorax.", ("tension_pneumothorax", "IS_A", "pneumothorax", False)),
        ("A pneumothorax is fluid in the pleural space.", ("pneumothorax", "CONSISTS_OF", "fluid", False)),
        ("The minor fissure is on the right.", ("minor_fissure", "HAS_SIDE", "right_side", False)),
        ("A normal chest X-ray excludes pulmonary embolism.",
         ("normal_chest_radiograph", "RULES_OUT", "pulmonary_embolism", False)),
        ("NSAIDs should not be used in heart failure.", ("nsaid", "CONTRAINDICATED_IN", HF, False)),
        ("A tension pneumothorax pushes the mediastinum to the opposite side.",
         ("tension_pneumothorax", "SHIFTS_MEDIASTINUM", "away_from_the_lesion", False)),
        ("The tip of the endotracheal tube should lie in the trachea.",
         ("endotracheal_tube", "TIP_BELONGS_IN", "trachea", False)),
    ],
)  # fmt: skip
def test_relations_are_read_with_direction_and_polarity(text: str, claim: tuple[str, str, str, bool]) -> None:
    """Each wording gives its relation, the right way round."""
    assert claim in claims(text)


def test_a_list_gives_one_claim_a_member() -> None:
    """Coordination multiplies the claim."""
    found = claims("Heart failure, pneumonia and lung cancer can cause pleural effusion.")
    assert {c[0] for c in found} == {HF, "pneumonia", "lung_cancer"}


def test_a_second_verb_keeps_the_subject() -> None:
    """A phrase such as "... and is treated with ..." speaks of the same thing."""
    found = claims("Tuberculosis is spread through the air and is treated with antituberculous therapy.")
    assert {(c[0], c[1]) for c in found} == {("tuberculosis", "TRANSMITTED_BY"), ("tuberculosis", "TREATED_BY")}


def test_it_means_what_the_sentence_before_was_about() -> None:
    """A pronoun takes the subject that the reader hands over."""
    first = read("Tuberculosis is a serious disease.", LINKER)
    second = read("It can cause a pleural effusion.", LINKER, first.subject)
    assert [(c.subject, c.object) for c in second.claims] == [("tuberculosis", PE)]


def test_unknown_words_are_kept_as_residue() -> None:
    """What no wording took is not forgotten."""
    (claim,) = read("Heart failure causes purple pleural effusion.", LINKER).claims
    assert claim.residue == ("purple",)


@pytest.mark.parametrize(
    "text",
    ["What is a pneumothorax?", "Please see a doctor.", "Hello!", "You should rest.", "This could be pneumonia.",
     "I am not a doctor.", "Follow-up imaging is recommended.", "Thank you for asking."],
)  # fmt: skip
def test_questions_advice_and_guesses_claim_nothing(text: str) -> None:
    """They are not judged against the graph."""
    assert read(text, LINKER).nothing


@pytest.mark.parametrize(
    "text", ["Open pneumothorax is an emergency.", "There is a pleural effusion.", "Tubes cause harm."]
)
def test_statements_are_not_taken_for_instructions(text: str) -> None:
    """A noun that looks like a verb opens a statement."""
    assert not read(text, LINKER).nothing


@pytest.mark.parametrize(
    ("text", "present"),
    [("There is no pleural effusion.", False), ("There is a pleural effusion.", True), ("No pleural effusion.", False),
     ("The film shows a pleural effusion.", True), ("Small left pleural effusion", True)],
)  # fmt: skip
def test_statements_about_the_film_are_told_apart(text: str, present: bool) -> None:
    """They are compared with the film, not with the graph."""
    reading = read(text, LINKER)
    assert [(s.concept, s.present) for s in reading.film] == [(PE, present)]
    assert not reading.claims


@pytest.mark.parametrize(
    ("text", "quantity"),
    [
        ("greater than 0.5", Quantity(">", 0.5, "1")),
        ("3 to 7 cm", Quantity("between", 3, "cm", 7)),
        ("between 3 and 7 centimetres", Quantity("between", 3, "cm", 7)),
        ("at least 25 mmHg", Quantity(">=", 25, "mm Hg")),
        ("6 mm or more", Quantity(">=", 6, "mm")),
        ("no more than two weeks", Quantity("<=", 2, "weeks")),
        ("up to 1,500 mL", Quantity("<=", 1500, "mL")),
        ("50%", Quantity("=", 50, "%")),
    ],
)
def test_numbers_keep_their_comparison_and_unit(text: str, quantity: Quantity) -> None:
    """Words and signs of comparison on either side are read."""
    assert [s.quantity for s in find(text)] == [quantity]


@given(st.text(max_size=200))
def test_no_sentence_upsets_the_reader(text: str) -> None:
    """Whatever is written is read as something."""
    assert read(text, LINKER).text == text

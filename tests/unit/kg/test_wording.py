"""Facts read as good English."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.predicates import PREDICATES
from kg.types import Concept, Fact, Quantity, Tier
from kg.wording import DEFINED_AS, definition, is_plural, noun_phrase, quantity, sentence


def _fact(
    subject: str,
    predicate: str,
    object_: str,
    *,
    denied: bool = False,
    amount: Quantity | None = None,
    **qualifiers: str,
) -> Fact:
    return Fact(
        id="1", subject=subject.replace(" ", "_"), subject_name=subject, predicate=predicate,
        object=object_.replace(" ", "_"),
        object_name=object_, source="A book", tier=Tier.CURATED, denied=denied,
        quantity=amount, qualifiers=tuple(sorted(qualifiers.items())),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("fact", "said"),
    [
        (_fact("heart failure", "CAUSES", "pleural effusion"), "Heart failure can cause a pleural effusion."),
        (
            _fact("Kerley B lines", "CONFIRMS", "heart failure", denied=True),
            "Kerley B lines alone do not confirm heart failure.",
        ),
        (_fact("air bronchogram", "SUGGESTS", "pneumonia"), "An air bronchogram can suggest pneumonia."),
        (
            _fact("normal chest radiograph", "RULES_OUT", "pulmonary embolism", denied=True),
            "A normal chest radiograph does not rule out pulmonary embolism.",
        ),
        (_fact("tension pneumothorax", "HAS_URGENCY", "emergency"), "Tension pneumothorax is an emergency."),
        (_fact("pneumonia", "HAS_COURSE", "acute"), "Pneumonia typically runs an acute course."),
        (
            _fact("tuberculosis", "HAS_DISTRIBUTION", "upper zone"),
            "Tuberculosis typically has an upper zone distribution.",
        ),
        (
            _fact("pleural plaques", "HAS_DISTRIBUTION", "bilateral"),
            "Pleural plaques typically have a bilateral distribution.",
        ),
        (_fact("liver", "HAS_SIDE", "right side"), "The liver lies on the right side."),
        (_fact("lungs", "HAS_SIDE", "both sides"), "Lungs lie on both sides."),
        (
            _fact("cardiomegaly", "HAS_THRESHOLD", "cardiothoracic ratio", amount=Quantity(">", 0.5, "1"),
                  population="adults", view="PA film"),
            "For cardiomegaly, the cardiothoracic ratio is greater than 0.5 on a PA film in adults.",
        ),
        (
            _fact("endotracheal tube", "TIP_BELONGS_IN", "trachea"),
            "The tip of an endotracheal tube belongs in the trachea.",
        ),
        (
            _fact("pneumonia", "FIRST_TEST", "chest radiograph", condition="suspected in hospital"),
            "The first test for pneumonia is a chest radiograph (suspected in hospital).",
        ),
        (_fact("varicella", "TRANSMITTED_BY", "airborne transmission"),
        "Varicella spreads by airborne transmission."),
        (_fact("pulmonary edema", "IS_A", "lung nodule", denied=True),
        "Pulmonary edema is not a kind of lung nodule."),
        (_fact("macrolides", "IS_A", "antibiotics"), "Macrolides are a kind of antibiotic."),
        (_fact("Ascaris lumbricoides", "IS_A", "parasite"), "Ascaris lumbricoides is a kind of parasite."),
        (_fact("septic emboli", "CAUSES", "cavity"), "Septic emboli can cause a cavity."),
        (_fact("steeple sign", "AFFECTS", "children"), "The steeple sign is typically seen in children."),
        (_fact("croup", "AFFECTS", "toddlers"), "Croup typically affects toddlers."),
        (_fact("people with HIV", "RISK_FACTOR_FOR", "tuberculosis"),
         "People with HIV are at increased risk of tuberculosis."),
        (_fact("household contact with tuberculosis", "RISK_FACTOR_FOR", "tuberculosis"),
         "Household contact with tuberculosis is a risk factor for tuberculosis."),
        (_fact("people who live in nursing homes", "RISK_FACTOR_FOR", "pneumonia"),
         "People who live in nursing homes are at increased risk of pneumonia."),
        (_fact("malpositioned chest tube", "LOCATED_IN", "lung"), "A malpositioned chest tube can lie in the lung."),
        (_fact("pulmonary embolism", "REQUIRES", "chest pain", denied=True),
         "Pulmonary embolism does not always present with chest pain."),
        (_fact("chest ultrasound", "REQUIRES", "ionizing radiation", denied=True),
         "Chest ultrasound does not require ionizing radiation."),
        (_fact("influenza", "TRANSMITTED_BY", "person-to-person spread"),
         "Influenza is transmitted by person-to-person spread."),
        (_fact("D-dimer", "RULES_OUT", "pulmonary embolism"),
         "Normal or negative D-dimer rules out pulmonary embolism."),
        (_fact("D-dimer", "RULES_OUT", "pulmonary embolism", condition="negative result"),
         "D-dimer rules out pulmonary embolism (negative result)."),
        (_fact("phrenic nerve", "HAS_VALUE", "root level", amount=Quantity("between", 3, "cervical root", 5)),
         "For the phrenic nerve, the root level is typically between the 3rd and 5th cervical roots."),
        (_fact("right lung", "HAS_VALUE", "number of lobes", amount=Quantity("=", 3, "lobes")),
         "The right lung typically has 3 lobes."),
        (_fact("rib", "HAS_VALUE", "number of pairs", amount=Quantity("=", 12, "pairs")),
         "For a rib, the number of pairs is typically 12."),
        (_fact("hemidiaphragm", "HAS_VALUE", "hemidiaphragm height difference", amount=Quantity("<=", 3, "cm")),
         "For the hemidiaphragm, the hemidiaphragm height difference is typically 3 cm or less."),
        (_fact("obesity", "HAS_THRESHOLD", "age", amount=Quantity(">", 5, "years")),
         "For obesity, age is greater than 5 years."),
    ],
)  # fmt: skip
def test_sentences_read_well(fact: Fact, said: str) -> None:
    """Articles, number, quantities and qualifiers are those of a careful writer."""
    assert sentence(fact) == said


@pytest.mark.parametrize(
    ("fact", "said"),
    [
        (_fact("hiatal hernia", "HAS_SIDE", "left side", frequency="usually"),
         "A hiatal hernia usually lies on the left side."),
        (_fact("thymoma", "LOCATED_IN", "anterior mediastinum", frequency="typically"),
         "A thymoma is typically located in the anterior mediastinum."),
        (_fact("croup", "AFFECTS", "toddlers", frequency="mostly"), "Croup mostly affects toddlers."),
        (_fact("lung cancer", "TREATED_BY", "surgical resection", denied=True, frequency="usually, when it has spread"),
         "Lung cancer is not usually treated with surgical resection, when it has spread."),
        (_fact("consolidation", "SUGGESTS", "pneumonia", frequency="as a rule"),
         "As a rule, consolidation suggests pneumonia."),
        (_fact("heart failure", "HAS_SIGN", "crackles", frequency="as a rule"),
         "As a rule, on examination, heart failure shows crackles."),
        (_fact("Meigs syndrome", "HAS_FINDING", "pleural effusion", frequency="usually"),
         "Meigs syndrome usually shows a pleural effusion on imaging."),
        (_fact("septic emboli", "CAUSES", "cavity", frequency="typically"), "Septic emboli typically cause a cavity."),
        (_fact("cough", "CAUSES", "syncope", frequency="rarely"), "Cough can rarely cause syncope."),
        (_fact("consolidation", "MIMICS", "collapse", frequency="usually"),
         "Consolidation is usually mistaken for collapse."),
        (_fact("atelectasis", "LOCATED_IN", "lung base", frequency="most often"),
         "Atelectasis is most often located in the lung base."),
        (_fact("aortic regurgitation", "CAUSES", "pulmonary edema", chronicity="acute", severity="severe"),
         "Aortic regurgitation can cause pulmonary edema (acute, severe)."),
        (_fact("aortic regurgitation", "CAUSES", "pulmonary edema", chronicity="when it is acute", severity="and severe"),
         "Aortic regurgitation can cause pulmonary edema when it is acute and severe."),
        (_fact("trachea", "BORDERS", "aortic arch", condition="which presses it slightly to the right"),
         "The trachea borders the aortic arch, which presses it slightly to the right."),
        (_fact("aspiration pneumonia", "LOCATED_IN", "right lung", frequency="more often than in the left"),
         "Aspiration pneumonia is located in the right lung more often than in the left."),
        (_fact("sepsis", "TREATED_BY", "antibiotics", severity="severe (stage 2)", condition="when it persists"),
         "Sepsis is treated with antibiotics when it persists (severe, stage 2)."),
    ],
)  # fmt: skip
def test_qualifiers_stand_where_they_are_read(fact: Fact, said: str) -> None:
    """How often follows the verb, phrases follow the object, what only adds stands behind a comma, and the rest shares
    one pair of brackets.
    """
    assert sentence(fact) == said


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        (Quantity("<", 3, "cm"), "less than 3 cm"),
        (Quantity("<=", 1, "months"), "1 month or less"),
        (Quantity(">=", 30, "breaths/min"), "30 breaths per minute or more"),
        (Quantity("between", 6, "mm", 8), "between 6 and 8 mm"),
        (Quantity("=", 0.7, "1"), "0.7"),
        (Quantity(">", 50, "%"), "greater than 50 per cent"),
        (Quantity(">", 1500, "mL"), "greater than 1,500 mL"),
        (Quantity("between", 0, "points", 1), "between 0 and 1 points"),
        (Quantity("between", 50, "% predicted", 79), "between 50 and 79% predicted"),
        (Quantity("between", 3, "thoracic vertebra", 4), "between the 3rd and 4th thoracic vertebrae"),
        (None, ""),
    ],
)
def test_quantities_in_words(amount: Quantity | None, said: str) -> None:
    """Units are written for people, and a ratio has none."""
    assert quantity(amount) == said


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("left atrium", "the left atrium"), ("enlarged heart", "an enlarged heart"),
        ("pneumonia", "pneumonia"),
        ("lung nodule", "a lung nodule"), ("silhouette sign", "the silhouette sign"), ("adults", "adults"),
        ("ulcer", "an ulcer"), ("unilateral effusion", "a unilateral effusion"), ("MRI scan", "an MRI scan"),
        ("uninfected cyst", "an uninfected cyst"), ("mass in the lung", "a mass in the lung"),
        ("figure of 3 sign", "the figure of 3 sign"), ("the elderly", "the elderly"),
        ("implanted venous port", "an implanted venous port"), ("prosthetic heart valve", "a prosthetic heart valve"),
        ("mitral valve", "the mitral valve"), ("bicuspid aortic valve", "a bicuspid aortic valve"),
        ("bronchus", "a bronchus"), ("left main bronchus", "the left main bronchus"),
        ("double aortic arch", "a double aortic arch"), ("double density sign", "the double density sign"),
        ("farmer's lung", "farmer's lung"), ("coal workers' pneumoconiosis", "coal workers' pneumoconiosis"),
        ("urinary antigen test", "a urinary antigen test"), ("urgent scan", "an urgent scan"),
        ("x-ray film", "an x-ray film"), ("left paraspinal line", "the left paraspinal line"),
        ("apical segment of the lung", "the apical segment of the lung"), ("lymph node", "a lymph node"),
        ("coin in the esophagus", "a coin in the esophagus"), ("thymus", "the thymus"), ("hila", "the hila"),
    ],
)  # fmt: skip
def test_articles(name: str, said: str) -> None:
    """Structures take "the", things one can count "a" or "an", diseases none."""
    assert noun_phrase(name) == said


@pytest.mark.parametrize(
    "name", ["ribs", "Kerley B lines", "children", "bacteria", "metastases to the lung", "antibiotics"]
)
def test_plurals(name: str) -> None:
    """Plural heads are recognised."""
    assert is_plural(name)


@pytest.mark.parametrize(
    "name",
    [
        "atelectasis",
        "thrombus",
        "abscess",
        "ARDS",
        "pneumocystis",
        "loss of volume",
        "Aspergillus species",
        "Cryptococcus neoformans",
        "Ascaris lumbricoides",
    ],
)
def test_singulars_that_end_in_s(name: str) -> None:
    """Words that merely end in s are singular (or take a singular verb)."""
    assert not is_plural(name)


def test_definitions_are_said_as_written() -> None:
    """A definition is its own sentence; a concept without one gives nothing."""
    concept = Concept("x", "x", "finding", definition="pneumothorax is air in the pleural space")
    assert definition(concept) == "Pneumothorax is air in the pleural space."
    assert definition(Concept("x", "x", "finding")) == ""
    said = _fact("x", "HAS_VALUE", "An x is a y.")
    assert sentence(Fact("1", "x", "x", DEFINED_AS, "", "An x is a y.", "A book", Tier.CURATED)) == "An x is a y."
    assert said.predicate in PREDICATES


@given(
    st.sampled_from(sorted(PREDICATES)),
    st.text("abcdefghijklmnopqrstuvwxyz -", min_size=1, max_size=30).filter(str.strip),
    st.booleans(),
)
def test_every_predicate_makes_one_sentence(predicate: str, name: str, denied: bool) -> None:
    """No placeholder is left, no space doubled, one capital at the start and one full stop at the end."""
    clean = " ".join(name.split())
    amount = Quantity(">", 5, "mm") if predicate in {"HAS_THRESHOLD", "HAS_VALUE"} else None
    said = sentence(_fact(clean, predicate, "pneumonia", denied=denied, amount=amount))
    assert not re.search(r"[{}]|  |\.\.", said)
    assert said.endswith(".")
    assert clean in said.lower()

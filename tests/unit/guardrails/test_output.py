"""Red flags, audience limits, disclaimers."""

import pytest

from guardrails.disclaimers import for_persona
from guardrails.output import audience_limits, red_flags
from guardrails.types import SafeText


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("I have crushing chest pain", "chest_pain"),
        ("what does crushing chest pain mean for a patient", "chest_pain"),
        ("No fever but severe chest pain", "chest_pain"),
        ("I can't breathe", "cannot_breathe"),
        ("my dad can’t breathe properly", "cannot_breathe"),
        ("I want to die", "suicide"),
        ("i dont want to live anymore, i might kill myself", "suicide"),
        ("i would like to die", "suicide"),
        ("I'm going to kill myself", "suicide"),
        ("they would be better off, I wish I was dead", "suicide"),
        ("I don't feel like living any more", "suicide"),
        ("I took an overdose", "suicide"),
        ("my dad just had a heart attack", "chest_pain"),
        ("my mother collapsed on the floor", "collapse"),
        ("her face is drooping and her speech is slurred", "stroke"),
        ("I am coughing up a lot of blood", "bleeding"),
        ("my throat is closing after a peanut", "anaphylaxis"),
        ("he collapsed in the corridor", "collapse"),
    ],
)
def test_red_flags_are_raised(text: str, flag: str) -> None:
    """Words of an emergency raise their flag, in plain language and from any persona."""
    assert flag in [name for name, _ in red_flags(SafeText(text))]


@pytest.mark.parametrize(
    "text",
    [
        "no chest pain",
        "the patient denied suicidal thoughts",
        "denies fever, cough, severe chest pain",
        "What could the blunted costophrenic angle mean?",
        "right lower lobe collapse with volume loss",
        "without crushing chest pain",
        "tension pneumothorax",
    ],
)
def test_what_is_absent_raises_nothing(text: str) -> None:
    """Negated symptoms and ordinary questions stay quiet."""
    assert red_flags(SafeText(text)) == ()


@pytest.mark.parametrize(
    "text",
    [
        "Am I going to die?",
        "is my mum going to die of this",
        "what is it like to die of lung cancer",
        "I am tired of living with this cough",
        "is one film an overdose of radiation",
        "my husband has a collapsed lung",
        "the patient has collapse of the left lower lobe",
        "she had a heart attack in 2010",
        "he had a heart attack two years ago",
    ],
)
def test_fear_history_and_words_of_a_report_raise_nothing(text: str) -> None:
    """To fear death is not to wish it, what happened years ago is not now, and a lung collapses without its owner."""
    assert red_flags(SafeText(text)) == ()


def test_emergency_words_assume_no_country() -> None:
    """More than one emergency number, or the local one."""
    for _, message in red_flags(SafeText("I have crushing chest pain and want to die")):
        assert "local emergency number" in message


@pytest.mark.parametrize(
    ("sentence", "why"),
    [
        ("You have pneumonia.", "diagnosis"),
        ("Your x-ray shows that you have cancer.", "diagnosis"),
        ("Amoxicillin 500 mg is usual.", "dose"),
        ("You should take antibiotics.", "treatment"),
        ("Take your inhaler.", "treatment"),
    ],
)
def test_the_kiosk_gives_no_diagnosis_dose_or_treatment(sentence: str, why: str) -> None:
    """Such a sentence gives way to one that says whom to ask."""
    (limited,) = audience_limits(SafeText(sentence), "kiosk")
    assert limited.why == why
    assert limited.text != sentence


@pytest.mark.parametrize(
    "sentence",
    [
        "A pleural effusion is fluid around the lung.",
        "Ask your doctor what this means for you.",
        "A nodule of 6 mm is small.",
    ],
)
def test_the_kiosk_explains(sentence: str) -> None:
    """Explanations pass as they are."""
    assert [(s.text, s.why) for s in audience_limits(SafeText(sentence), "kiosk")] == [(sentence, "")]


def test_clinicians_are_not_limited() -> None:
    """Doses are for the people who give them."""
    assert audience_limits(SafeText("Give 500 mg. Repeat."), "clinician")[0].why == ""


def test_every_audience_has_disclaimers_and_strangers_get_the_most_careful() -> None:
    """Nobody is without one."""
    assert all(for_persona(name) for name in ("clinician", "student", "kiosk"))
    assert for_persona("somebody") == for_persona("kiosk")

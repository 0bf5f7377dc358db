"""Questions are sorted by their words."""

import pytest

from kg.questions import DEFINITION_CUE, question_types
from kg.retrieval import definition_fact
from kg.types import Concept, Tier
from kg.wording import sentence


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("What could the blunted angle mean?", "meaning"), ("What does it suggest?", "meaning"),
        ("Why is the hilum large?", "cause"), ("What is the commonest cause of effusion?", "cause"),
        ("Can heart failure lead to effusion?", "effect"), ("What else could this be?", "differential"),
        ("What mimics a nodule?", "differential"), ("How do I tell collapse apart from effusion?", "apart"),
        ("What is the difference between edema and pneumonia?", "apart"), ("What should I do next?", "next"),
        ("Which test comes first?", "next"), ("How is empyema treated?", "treatment"),
        ("Is this urgent?", "urgency"),
        ("Does a normal film exclude embolism?", "rule_out"), ("Could the X-ray have missed it?", "rule_out"),
        ("Where is the lingula?", "where"), ("Which lobe borders the heart?", "where"),
        ("Who gets sarcoidosis?", "who"),
        ("How big is a mass?", "size"), ("What is the normal cardiothoracic ratio?", "size"),
        ("What are the symptoms of pneumonia?", "symptoms"),
        ("What does it look like on the film?", "appearance"),
        ("What can go wrong with the line?", "complications"), ("How long does it last?", "course"),
        ("Is tuberculosis contagious?", "spread"), ("What types of pneumothorax are there?", "kind"),
        ("What is it made of?", "substance"), ("Which way is the trachea pushed?", "shift"),
        ("Which view shows it best?", "technique"), ("How can it be prevented?", "prevention"),
        ("When is it contraindicated?", "contraindication"),
    ],
)  # fmt: skip
def test_cues(question: str, kind: str) -> None:
    """Each type is recognised by ordinary words."""
    assert kind in {found.name for found in question_types(question)}


def test_a_question_without_cues_has_no_type() -> None:
    """Nothing is read into a bare greeting."""
    assert question_types("Hello there") == ()


@pytest.mark.parametrize(
    "question", ["What is a bulla?", "Explain pneumothorax", "Define consolidation", "what are blebs"]
)
def test_questions_for_a_definition(question: str) -> None:
    """The ways to ask what a thing is."""
    assert DEFINITION_CUE.search(question)


def test_a_definition_is_a_citable_fact() -> None:
    """A definition carries its source and is said as it is written."""
    concept = Concept("bulla", "bulla", "finding", definition="A bulla is an airspace.", definition_source="glossary")
    fact = definition_fact(concept, "Society: Glossary. 2024")
    assert (fact.subject, fact.source, fact.tier) == ("bulla", "Society: Glossary. 2024", Tier.CURATED)
    assert sentence(fact) == "A bulla is an airspace."

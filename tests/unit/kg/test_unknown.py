"""Words of a question that name what the graph knows nothing of."""

import pytest

from kg.linking import Linker
from tests.fakes.fact_store import core_store

LINKER = Linker(core_store().by_id.values())


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Does schistosomiasis show on a chest film?", ("schistosomiasis",)),
        ("Is fibromyalgia a reason for pleural effusion, or ketamine?", ("fibromyalgia", "ketamine")),
        ("What is Kikuchi disease?", ("Kikuchi",)),
        ("What is the Coanda effect on a film?", ("Coanda",)),
        ("Has she got psoriasis, and is cholecystitis seen?", ("psoriasis", "cholecystitis")),
    ],
)
def test_a_name_that_the_lexicon_lacks_is_told(question: str, words: tuple[str, ...]) -> None:
    """Words that no concept uses and that look like a name, as they were written."""
    assert LINKER.unknown(question) == words


@pytest.mark.parametrize(
    "question",
    [
        "How do I differentiate collapse from consolidation, and what mimics it?",
        "Which drugs are contraindicated in tension pneumothorax?",
        "My grandmother coughed blood yesterday; should she worry?",
        "Does [NAME_ZYGMUNTOWICZ] have pneumonia?",
        "",
        "pneumothroax?",
        "I always confuse an effusion with collapse; which is easily overlooked, and what simulates it?",
        "Why shouldn't my flatmate recieve that treatmant? They definately wouldnt say, I dont know",
        "Which is more pathognomonic, and what predilection or subtype is it?",
        "HOW DO I TELL COLLAPSE FROM CONSOLIDATION ON THE LATERAL FILM",
    ],
)
def test_ordinary_words_and_known_names_are_not(question: str) -> None:
    """Verbs, everyday words and slips in them, placeholders, misspelt names of the lexicon are no names that it lacks."""
    assert LINKER.unknown(question) == ()


def test_a_pasted_report_is_not_gone_through() -> None:
    """In a long text nobody asks for each name."""
    assert LINKER.unknown("The schistosomiasis was seen again. " * 12) == ()

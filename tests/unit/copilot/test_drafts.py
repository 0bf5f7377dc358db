"""What becomes of the words of a chat model, whichever it is: a draft."""

import pytest
from langchain_core.language_models.fake_chat_models import GenericFakeChatModel

from copilot.llm.port import Writer, WriterId, WritingProgress

FIRST = "Empyema is pus in the pleural space."
ROUND = "It is a condition that can be caused by a variety of factors, such as pneumonia."


def written(text: str, grammar: str = "") -> tuple[str, int]:
    """The draft and how many pieces it took."""
    writing = Writer(GenericFakeChatModel(messages=iter([text])), WriterId("fake", "")).write([], grammar=grammar)
    told: list[WritingProgress] = []
    while True:
        try:
            told.append(next(writing))
        except StopIteration as finished:
            return finished.value, len(told)


@pytest.mark.parametrize("times", [2, 3, 40])
def test_a_draft_that_goes_round_ends_where_it_begins_to(times: int) -> None:
    """A model that says the same again and again is not waited for; what it said once is kept."""
    draft, pieces = written(" ".join([FIRST, *[ROUND] * times]))
    assert draft == f"{FIRST} {ROUND}"
    assert pieces < 80


def test_a_sentence_that_winds_on_is_cut_off() -> None:
    """A clause that repeats itself without end leaves the sentences before it."""
    winding = (
        "Asthma can be caused by a variety of factors, including dust, which can be caused by a variety of factors"
    )
    draft, pieces = written(
        FIRST + " " + winding + ", including dust, which can be caused by a variety of factors" * 20
    )
    assert draft == FIRST
    assert pieces < 100


def test_alike_is_not_the_same() -> None:
    """Sentences of one pattern are kept, and so is whatever a grammar asks for."""
    several = " ".join(
        f"{name} can cause a pleural effusion." for name in ("Pneumonia", "Lung cancer", "Heart failure")
    )
    assert written(several)[0] == several
    assert written(" ".join([ROUND] * 3), grammar="root ::= any")[0] == " ".join([ROUND] * 3)

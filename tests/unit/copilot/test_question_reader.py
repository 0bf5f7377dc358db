"""The bundled reader of questions."""

import pytest

from copilot.relations.minilm_questions import MiniLMQuestionReader
from kg.predicates import PREDICATES
from kg.wording import DEFINED_AS


@pytest.fixture(scope="module")
def reader() -> MiniLMQuestionReader:
    return MiniLMQuestionReader()


def test_shares_are_of_relations_of_the_graph(reader: MiniLMQuestionReader) -> None:
    """Every relation it knows is one that facts have, and all shares together are one."""
    read = reader.read("What is <X>?")
    assert {predicate for predicate, _ in read} <= {*PREDICATES, DEFINED_AS}
    assert sum(read.values()) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("question", "relation"),
    [
        ("Remind me, what exactly does one mean by <X>?", ("DEFINED_AS", "s")),
        ("Any idea what the usual organism behind <X> would be?", ("COMMONEST_CAUSE_OF", "o")),
        ("my husband was told he has <X>, which medicines would they put him on", ("TREATED_BY", "s")),
        ("Up to what distance should the end of <X> go in?", ("TIP_BELONGS_IN", "s")),
        ("Would you withhold <X> from somebody with <Y>?", ("CONTRAINDICATED_IN", "s")),
        ("could my kids catch <X> from me", ("TRANSMITTED_BY", "s")),
    ],
)
def test_a_question_in_free_words_is_read(
    reader: MiniLMQuestionReader, question: str, relation: tuple[str, str]
) -> None:
    """Wordings that stand in no list: the relation that answers is among the three likeliest."""
    read = reader.read(question)
    assert relation in sorted(read, key=read.__getitem__, reverse=True)[:3]


def test_the_same_question_is_read_the_same(reader: MiniLMQuestionReader) -> None:
    """Nothing of one question stays for the next; one of any length is read."""
    before = reader.read("How is <X> treated?")
    reader.read("Who gets <X>? " * 10_000)
    assert reader.read("How is <X> treated?") == before

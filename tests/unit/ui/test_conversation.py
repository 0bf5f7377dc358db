"""A conversation on the page: stages, answer, errors that do not end the chat, stopping, wiping."""

import logging
import threading
from collections.abc import Iterator

import pytest

from copilot.errors import InputUnusable
from copilot.sessions import Session
from copilot.types import Event, PersonaName
from tests.fakes.copilot import FakeCopilot
from ui import chat, kiosk
from ui.visitor import Visitor

QUESTION = "Mr John Smith: what could this mean?"


class Failing(FakeCopilot):
    """Raises in the middle of an answer."""

    def __init__(self, problem: Exception) -> None:
        super().__init__()
        object.__setattr__(self, "problem", problem)

    def ask(
        self, session: Session, question: str, *, seed: int = 0, cancel: threading.Event | None = None
    ) -> Iterator[Event]:
        yield next(super().ask(session, question, seed=seed, cancel=cancel))
        raise self.problem  # type: ignore[attr-defined]


@pytest.fixture
def visitor() -> Visitor:
    return Visitor(PersonaName.CLINICIAN)


def views(copilot: FakeCopilot, visitor: Visitor, question: str = QUESTION) -> list[str]:
    return list(chat.converse(copilot, visitor, question, thumbs=True))


def test_the_question_is_on_the_screen_before_anything_works(visitor: Visitor) -> None:
    """The first view has the question and says what happens now."""
    first = next(chat.converse(FakeCopilot(), visitor, QUESTION, thumbs=True))
    assert QUESTION in first
    assert "Removing identifiers" in first


def test_stages_are_told_in_order(visitor: Visitor) -> None:
    """Each stage of the pipeline can be read while it works."""
    told = "\n".join(views(FakeCopilot(), visitor))
    steps = (
        "1 item removed",
        "2 facts found",
        "Waiting for another answer",
        "Writing, about",
        "Checked 4 sentences",
    )
    assert [told.index(step) for step in steps] == sorted(told.index(step) for step in steps)


def test_the_answer_is_the_last_view_and_stays(visitor: Visitor) -> None:
    """The chat keeps it, with thumbs, and no stage is left."""
    last = views(FakeCopilot(), visitor)[-1]
    assert 'data-testid="sentence"' in last
    assert "data-rate" in last
    assert "pending" not in last
    assert visitor.turns
    assert visitor.turns[-1] in last


def test_the_person_sees_their_name_and_what_was_read_instead(visitor: Visitor) -> None:
    """The name is restored on this screen; what the rest of the path saw is there to open."""
    last = views(FakeCopilot(), visitor)[-1]
    assert "Mr John Smith" in last
    assert "Mr [NAME_1]" in last


def test_red_flags_stand_before_the_answer(visitor: Visitor) -> None:
    """They are shown as soon as they are known, and stay above what follows."""
    shown = views(FakeCopilot(), visitor, "I have crushing chest pain")
    raised = next(view for view in shown if "red-flag" in view)
    assert 'data-testid="sentence"' not in raised
    assert shown[-1].index("red-flag") < shown[-1].index('data-testid="bot"')


@pytest.mark.parametrize("problem", [InputUnusable("The text is too long; please shorten it."), ValueError("Smith")])
def test_an_error_is_one_sentence_and_the_chat_goes_on(visitor: Visitor, problem: Exception) -> None:
    """A known error in its own words, an unknown one in the page's; the next question is answered."""
    shown = views(Failing(problem), visitor)[-1]
    known = isinstance(problem, InputUnusable)
    assert (str(problem) if known else chat.UNEXPECTED) in shown
    assert 'data-testid="sentence"' in views(FakeCopilot(), visitor)[-1]


def test_an_unknown_error_is_logged_without_its_words(visitor: Visitor, caplog: pytest.LogCaptureFixture) -> None:
    """Only the kind of the error is written: its message may quote a person."""
    with caplog.at_level(logging.DEBUG):
        views(Failing(ValueError("John Smith")), visitor)
    assert "ValueError" in caplog.text
    assert "Smith" not in caplog.text


def test_stopping_ends_the_answer_with_a_sentence(visitor: Visitor) -> None:
    """Stop is heard between two stages."""
    running = chat.converse(FakeCopilot(), visitor, QUESTION, thumbs=True)
    next(running)
    visitor.stop()
    assert chat.STOPPED in list(running)[-1]


def test_closing_the_page_stops_the_answer(visitor: Visitor) -> None:
    """Nobody waits for it any more, so the language model is not kept busy."""
    running = chat.converse(FakeCopilot(), visitor, QUESTION, thumbs=True)
    next(running)
    handle = visitor.cancel
    running.close()
    assert handle is not None
    assert handle.is_set()


def test_an_answer_in_progress_does_not_come_back_after_a_wipe() -> None:
    """After "I'm done" the next person sees an empty screen, whatever was still being written."""
    visitor = Visitor(PersonaName.KIOSK)
    running = chat.converse(FakeCopilot(), visitor, QUESTION, thumbs=False)
    next(running)
    next(running)
    session = visitor.session
    visitor.wipe()
    assert list(running) == []
    assert visitor.turns == []
    assert visitor.session is None
    assert session is not None
    assert session.vault.restore("[NAME_1]") == "[NAME_1]"


def test_wiping_forgets_films_and_names() -> None:
    """Nothing of the session is left in the session object either."""
    visitor = Visitor(PersonaName.KIOSK)
    views(FakeCopilot(), visitor)
    session = visitor.session
    visitor.wipe()
    assert session is not None
    assert not session.turns
    assert chat.transcript(visitor, empty=kiosk.WELCOME) == kiosk.WELCOME


def test_a_page_that_was_closed_cannot_go_on(visitor: Visitor) -> None:
    """What a browser still shows after the wipe gets a sentence, not an answer without its films."""
    visitor.end()
    assert chat.ENDED in views(FakeCopilot(), visitor)[-1]
    assert visitor.session is None


def test_checking_a_text_marks_each_sentence(visitor: Visitor) -> None:
    """The person's own text gets verdicts and a tally."""
    shown = list(chat.examine(FakeCopilot(), visitor, "Some report."))[-1]
    assert "Supported" in shown
    assert "1 supported" in shown


def test_a_thumb_is_thanked_once(visitor: Visitor) -> None:
    """The thumbs of that turn give way to the thanks."""
    views(FakeCopilot(), visitor)
    shown = chat.rate(FakeCopilot(), visitor, 0, False, "too long")
    assert "Thank you" in shown
    assert "data-rate" not in shown


def test_a_text_too_long_to_check_is_not_checked_in_part(visitor: Visitor) -> None:
    """Its end would go unmarked without a word."""
    shown = list(chat.examine(FakeCopilot(), visitor, "Some report. " * 2_000))[-1]
    assert chat.TOO_LONG in shown
    assert "Supported" not in shown


def test_a_log_that_others_draw_keeps_the_answer_in_progress(visitor: Visitor) -> None:
    """A thumb for an earlier answer does not take the one that is being written off the screen."""
    views(FakeCopilot(), visitor)
    running = chat.converse(FakeCopilot(), visitor, "And on that side?", thumbs=True)
    next(running)
    assert "And on that side?" in chat.rate(FakeCopilot(), visitor, 0, True, "")
    running.close()
    assert "And on that side?" not in chat.transcript(visitor)


@pytest.mark.parametrize("number", [-1, 1, 99])
def test_a_thumb_for_no_turn_is_nothing(visitor: Visitor, number: int) -> None:
    """A number that the browser made up changes nothing."""
    before = views(FakeCopilot(), visitor)[-1]
    assert chat.rate(FakeCopilot(), visitor, number, True, "") == before


class Refusing(FakeCopilot):
    """Refuses what it is asked before its first stage, as the pipeline refuses a question that is too long."""

    def ask(
        self, session: Session, question: str, *, seed: int = 0, cancel: threading.Event | None = None
    ) -> Iterator[Event]:
        raise InputUnusable("The question is too long.")
        yield  # a generator, like the real one


def test_a_question_too_long_to_answer_is_not_sent_back_whole(visitor: Visitor) -> None:
    """Ten megabytes were typed: the log shows their beginning and how many there were, then why there is no answer."""
    told = views(Refusing(), visitor, "effusion " * 1_200_000)
    assert max(map(len, told)) < 5_000
    assert "10,800,000 characters" in told[-1]
    assert "The question is too long." in told[-1]
    assert max(map(len, visitor.turns)) < 5_000

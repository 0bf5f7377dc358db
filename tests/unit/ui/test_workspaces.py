"""The workspaces without a browser: films into the chat, the student's board, what the browser sends."""

import io
from dataclasses import replace
from pathlib import Path

import gradio as gr
import numpy as np
import pytest
from gradio.state_holder import StateHolder
from PIL import Image

from copilot.errors import ConfigurationError, CopilotError, ServiceUnreachable
from copilot.scenarios import MarkedRead, MarkedSentence, cases
from copilot.sessions import Film, Session
from copilot.types import Nearest, NearReport, PersonaName, Reading
from guardrails.types import SafeText
from tests.fakes.copilot import BLUNTED, ENCODER, FakeCopilot
from ui import app, chat, clinician, parts, student
from ui.uploads import Uploads
from ui.visitor import Visitor


def a_png() -> bytes:
    out = io.BytesIO()
    Image.new("L", (8, 8), 128).save(out, "PNG")
    return out.getvalue()


def add(copilot: FakeCopilot, visitor: Visitor, *files: bytes) -> None:
    list(clinician.add_films(copilot, visitor, list(files)))


@pytest.fixture
def visitor() -> Visitor:
    return Visitor(PersonaName.CLINICIAN)


def test_a_film_is_shown_with_what_was_removed(visitor: Visitor) -> None:
    """The chat has a line, the panel has picture and findings."""
    add(FakeCopilot(), visitor, a_png())
    assert "Film 1 added" in visitor.turns[-1]
    assert "data:image/png" in clinician.panel_of(FakeCopilot(), visitor)
    assert "Pleural effusion" in clinician.panel_of(FakeCopilot(), visitor)


def test_an_unusable_file_is_one_sentence_and_the_next_one_is_read(visitor: Visitor) -> None:
    """The chat goes on."""
    add(FakeCopilot(), visitor, b"not a film", a_png())
    assert "File 1 of 2: This file is not an image" in visitor.turns[0]
    assert "Film 1 added" in visitor.turns[1]


def test_films_come_one_by_one_and_the_chat_says_how_many_are_left(visitor: Visitor) -> None:
    """Before the first and after each there is something to draw; a page that was closed leaves nothing to wait for."""
    reading = clinician.add_films(FakeCopilot(), visitor, [a_png(), a_png(), b""])
    told = []
    for added in reading:
        told.append((added, visitor.reading, len(visitor.turns)))
    assert told == [(False, 3, 0), (True, 2, 1), (True, 1, 2), (False, 0, 3)]
    closed = clinician.add_films(FakeCopilot(), visitor, [a_png(), a_png()])
    assert (next(closed), next(closed)) == (False, True)
    assert "Reading the film" in chat.transcript(visitor)
    closed.close()
    assert "Reading" not in chat.transcript(visitor)


def test_a_film_that_was_not_read_says_why_in_the_chat(visitor: Visitor) -> None:
    """It is added, to be looked at, and nobody takes it for one that was read."""

    class Declining(FakeCopilot):
        def add_film(self, session: Session, data: bytes) -> Film:
            film = super().add_film(session, data)
            session.films[-1] = replace(film, reading=Reading(False, ENCODER, "No chest is on it."))
            return session.films[-1]

    add(Declining(), visitor, a_png())
    assert "It was not read: No chest is on it." in visitor.turns[-1]


def test_a_film_is_read_while_an_answer_is_written(visitor: Visitor) -> None:
    """Whoever draws the log draws what is in progress with it: neither takes the other off the screen."""
    answering = chat.converse(FakeCopilot(), visitor, "What is this?", thumbs=True)
    reading = clinician.add_films(FakeCopilot(), visitor, [a_png()])
    next(answering)
    next(reading)
    assert all(
        part in chat.transcript(visitor) for part in ("What is this?", "Removing identifiers", "Reading the film")
    )
    list(reading)
    assert all(part in next(answering) for part in ("What is this?", "Film 1 added"))
    assert "pending" not in list(answering)[-1]
    assert "pending" not in chat.transcript(visitor)


def test_a_path_that_is_no_upload_is_refused_in_the_chat(visitor: Visitor, tmp_path: Path) -> None:
    """A browser cannot make the page read a file of the machine."""
    assert clinician.fetched(Uploads(tmp_path), visitor, ["/etc/hostname"]) == []
    assert clinician.UNREADABLE in visitor.turns[-1]


def test_the_student_sees_film_and_story_but_no_findings_before_the_read() -> None:
    """Nothing that is expected, and nothing that the encoder said, is on the page yet."""
    learner, case = student.Student(PersonaName.STUDENT), cases()[0]
    board = student.open_case(FakeCopilot(), learner)
    assert case.title in board
    assert "data:image/png" in board
    assert "cc-findings" not in board
    assert not any(point in board for point in case.teaching)


def test_a_marked_read_shows_marks_missed_findings_and_teaching() -> None:
    """Each sentence in words, then what was missed with its side."""
    case = cases()[0]
    there = next(one for one in case.expected if one.state == "present")
    sentence = MarkedSentence("There is <b>fluid</b>.", "right", "This fits the film.", (BLUNTED,))
    board = student.marked_read(case, MarkedRead((sentence,), (), (there,), "You saw 0 of 1 findings."))
    assert "There is &lt;b&gt;fluid&lt;/b&gt;." in board
    assert ">Right<" in board
    assert (
        f'Missing from your read</h4><ul class="cc-found"><li><span aria-hidden="true">○</span> {there.name} on'
        in board
    )
    assert "You saw 0 of 1 findings." in board


def test_a_read_that_cannot_be_marked_leaves_the_case_open() -> None:
    """One sentence, and the student can try again."""
    learner = student.Student(PersonaName.STUDENT)
    learner.end()
    board = student.commit(FakeCopilot(), learner, "The heart is large.")
    assert "connection" in board
    assert "Commit my read" in board


@pytest.mark.parametrize("data", [None, [], "text", {"text": 5}, {}])
def test_what_a_browser_sends_is_not_believed(data: object) -> None:
    """Anything but a text counts as empty, anything but a list of texts as none."""
    event = gr.EventData(None, data)
    assert parts.said(event, "text") == ""
    assert parts.listed(event, "text") == []


def test_the_page_asks_nobody_and_publishes_no_api(tmp_path: Path) -> None:
    """No analytics, no fetched fonts, no named endpoint."""
    page = app.build(FakeCopilot(), Uploads(tmp_path))
    assert page.analytics_enabled is False
    assert all(fn.api_visibility == "private" for fn in page.fns.values() if fn.targets[0][1] != "unload")
    assert app.theme()._stylesheets == []


def test_visitors_share_nothing_at_module_level(tmp_path: Path) -> None:
    """The states that every visitor starts from are empty and copied."""
    page = app.build(FakeCopilot(), Uploads(tmp_path))
    states = [block.value for block in page.blocks.values() if isinstance(block, gr.State)]
    assert [state.persona for state in states] == list(PersonaName)
    assert all(state.session is None and not state.turns for state in states)


def test_closing_the_page_wipes_its_visitors_and_no_others(tmp_path: Path) -> None:
    """All three workspaces of the page that was closed are forgotten at once."""
    page = app.build(FakeCopilot(), Uploads(tmp_path))
    page.state_holder = StateHolder()
    page.state_holder.set_blocks(page)
    ids = [block._id for block in page.blocks.values() if isinstance(block, gr.State)]
    for name in ("closed", "open"):
        for one in ids:
            page.state_holder[name][one].open(FakeCopilot())
    app.forget(page, "closed")
    assert all(page.state_holder["closed"][one].ended for one in ids)
    assert all(page.state_holder["closed"][one].session is None for one in ids)
    assert all(page.state_holder["open"][one].session is not None for one in ids)


def test_a_film_can_be_called_the_earlier_one(visitor: Visitor) -> None:
    """The newest film is then shown against it, and it can be taken back; a film that is not there changes nothing."""
    copilot = FakeCopilot()
    add(copilot, visitor, a_png(), a_png())
    assert "Against the earlier film" not in clinician.panel_of(copilot, visitor)
    panel = clinician.call_earlier(copilot, visitor, 0, True)
    assert "Film 1 (earlier)" in panel
    assert "Against the earlier film" in panel
    assert "Against the earlier film" not in clinician.call_earlier(copilot, visitor, 0, False)
    assert clinician.call_earlier(copilot, visitor, 7, True) == clinician.panel_of(copilot, visitor)


def test_the_earlier_film_says_where_the_changes_stand(visitor: Visitor) -> None:
    """They stand with the newer film, which may not be the one in view."""
    copilot = FakeCopilot()
    add(copilot, visitor, a_png(), a_png())
    assert "What changed stands" not in clinician.panel_of(copilot, visitor)
    assert "What changed stands with film 2." in clinician.call_earlier(copilot, visitor, 0, True)


def test_a_question_that_speaks_of_an_earlier_film_is_seen_to_call_it_so(visitor: Visitor) -> None:
    """The page can tell that the panel is no longer what it was."""
    add(FakeCopilot(), visitor, a_png(), a_png())
    assert clinician.earlier_ones(visitor) == [False, False]
    assert visitor.session is not None
    visitor.session.compare_with_earlier("Has it changed since the previous film?")
    assert clinician.earlier_ones(visitor) == [True, False]


def test_a_film_can_be_taken_out(visitor: Visitor) -> None:
    """As one of the wrong patient: nothing is read from it any more, and the chat says what stays."""
    copilot = FakeCopilot()
    add(copilot, visitor, a_png(), a_png())
    session = visitor.session
    assert session is not None
    kept = session.films[1]
    panel = clinician.take_out(copilot, visitor, 0)
    assert session.films == [kept]
    assert "Film 1 was taken out." in visitor.turns[-1]
    assert panel == clinician.panel_of(copilot, visitor)
    for number in (-1, 1, 9):
        assert clinician.take_out(copilot, visitor, number) == panel
    assert clinician.take_out(copilot, visitor, 0) == ""


def test_a_region_is_measured_and_told(visitor: Visitor) -> None:
    """Its area stands beside the film and in the chat, with the word that a program drew it."""
    copilot = FakeCopilot()
    shades = np.full((200, 200), 60, np.uint8)
    shades[60:120, 60:120] = 200
    picture = io.BytesIO()
    Image.fromarray(shades).save(picture, "PNG")
    add(copilot, visitor, picture.getvalue())
    panel = clinician.mark(copilot, visitor, 0, [0.2, 0.2, 0.7, 0.7])
    assert "% of the film" in panel
    assert 'data-layer="regions"' in panel
    assert 'aria-hidden="true">1</span>' in panel
    assert "drawn by a program" in visitor.turns[-1]


def test_words_are_tried_on_a_film_and_called_exploratory(visitor: Visitor) -> None:
    """The share and its note stand below the film, as typed, though a name was taken out first; markup stays text."""
    copilot = FakeCopilot()
    add(copilot, visitor, a_png())
    panel = clinician.explored(copilot, visitor, 0, "Mr John Smith <b>collapse</b>")
    assert "<dt>Mr John Smith &lt;b&gt;collapse&lt;/b&gt;</dt><dd>33 of 100</dd>" in panel
    assert visitor.session is not None
    assert "Smith" not in visitor.session.films[0].explored[0].phrase.text
    assert "Exploratory: &lt;made up&gt;." in panel
    assert "not a finding" in panel


def test_an_encoder_without_words_says_so_in_the_chat(visitor: Visitor) -> None:
    """And whatever else a browser sends leaves the panel as it was."""
    copilot = FakeCopilot()
    add(copilot, visitor, a_png())
    before = clinician.panel_of(copilot, visitor)
    assert clinician.explored(copilot, visitor, 0, "a word") == before
    assert "cannot compare this film with words" in visitor.turns[-1]
    for number, said in ((5, "effusion"), (-1, "effusion"), (0, "  ")):
        assert clinician.explored(copilot, visitor, number, said) == before


def test_reports_on_other_films_stay_what_they_are(visitor: Visitor) -> None:
    """They stand closed below the film with similarity and note, markup is text, and no placeholder becomes a name.

    `[NAME_1]` of another patient's report must not turn into the name that this visitor typed.
    """
    copilot = FakeCopilot()
    add(copilot, visitor, a_png())
    session = visitor.session
    assert session is not None
    copilot.deidentify(session, "Mr John Smith")
    assert "other films" not in clinician.panel_of(copilot, visitor)
    near = Nearest((NearReport(SafeText("Mr [NAME_1]: <b>clear</b>."), 0.913),), "Not this patient.")
    session.films[0] = replace(session.films[0], nearest=near)
    panel = clinician.panel_of(copilot, visitor)
    assert "<dt>Similarity 0.91</dt><dd>Mr [NAME_1]: &lt;b&gt;clear&lt;/b&gt;.</dd>" in panel
    assert "Not this patient." in panel
    assert '<details class="cc-nearest" data-testid="nearest">' in panel
    assert "Smith" not in panel


def test_only_the_last_phrases_are_kept(visitor: Visitor) -> None:
    """A film keeps five of them."""
    copilot = FakeCopilot()
    add(copilot, visitor, a_png())
    for number in range(9):
        panel = clinician.explored(copilot, visitor, 0, f"effusion {number}")
    assert [f"effusion {number}" in panel for number in range(9)] == [False] * 4 + [True] * 5


@pytest.mark.parametrize(("number", "corners"), [(5, [0.1, 0.1, 0.5, 0.5]), (-1, [0.1, 0.1, 0.5, 0.5]), (0, [0.1])])
def test_a_region_that_makes_no_sense_changes_nothing(visitor: Visitor, number: int, corners: list[float]) -> None:
    """Whatever a browser sends, the panel stays as it was."""
    copilot = FakeCopilot()
    add(copilot, visitor, a_png())
    before = clinician.panel_of(copilot, visitor)
    assert clinician.mark(copilot, visitor, number, corners) == before


@pytest.mark.parametrize(("problem", "status"), [(ConfigurationError("No."), 2), (ServiceUnreachable("No."), 4)])
def test_what_keeps_the_page_from_starting_is_one_sentence_and_a_status(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], problem: CopilotError, status: int
) -> None:
    """A wrong setting and a missing service can be told apart, as on the command line."""

    def refuse(**_: object) -> None:
        raise problem

    monkeypatch.setattr(app, "Application", refuse)
    monkeypatch.setattr("signal.signal", lambda *_: None)
    assert app.main([]) == status
    assert capsys.readouterr().err == "No.\n"

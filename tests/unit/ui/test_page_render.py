"""What the page draws: marks in words, numbered sources, and nothing that anyone wrote becomes markup."""

from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.composing import OF_THE_FILM
from copilot.sessions import Film
from copilot.types import Answer, Compared, Finding, ModelCard, Reading, RedFlag, Timings
from guardrails.types import PhiType, Region, SafeImage, Vault
from kg.types import CheckedSentence, Fact, Quantity, Tier, Verdict
from tests.fakes.copilot import BLUNTED, ENCODER, FINDINGS, SHIFT
from ui import render

ATTACK = "</summary></details><img src=x onerror=alert(1)><script>alert(1)</script>\"'${alert(1)}{{x}}"


class Tags(HTMLParser):
    """Collects the tags and attribute names of a piece of HTML, and what was opened but not closed."""

    VOID = frozenset({"img", "input", "br", "meta", "path"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.seen: set[str] = set()
        self.attributes: set[str] = set()
        self.open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self.open.pop() == tag


def an_answer(*sentences: CheckedSentence, **changes: object) -> Answer:
    plain = Answer(sentences, "model", (), (), ("Not for diagnosis.",), 0, ModelCard("m", "0", "e", "g", 0), Timings())
    return replace(plain, **changes)


def hostile_fact(text: str) -> Fact:
    return Fact("f", "s", text, text, "o", text, text, Tier.CURATED, qualifiers=((text, text),))


@given(st.text() | st.just(ATTACK))
def test_nothing_anyone_wrote_becomes_markup(text: str) -> None:
    """Whatever stands in a sentence, a reason, a fact, a note or a name, the tags are the page's own."""
    plain = an_answer(CheckedSentence("x", Verdict.SUPPORTED, (hostile_fact("x"),), "x"), notes=("x",))
    wild = an_answer(CheckedSentence(text, Verdict.SUPPORTED, (hostile_fact(text),), text), notes=(text,))
    drawn = render.answer(wild, render.as_typed) + render.user_message(text, text, 1) + render.error(text)
    calm = render.answer(plain, render.as_typed) + render.user_message("x", "x", 1) + render.error("x")
    assert Tags(drawn).seen == Tags(calm).seen
    assert Tags(drawn).attributes == Tags(calm).attributes
    assert Tags(drawn).open == []


@given(st.text(min_size=1) | st.just(ATTACK))
def test_names_of_findings_and_red_flags_are_escaped(text: str) -> None:
    """An encoder's label and an emergency message are text, too."""
    read = Reading(True, ENCODER, findings=(Finding(text, "c", 0.5, 0.4, "present"),))
    drawn = render.reading(read) + render.red_flags((RedFlag("f", text),))
    assert not Tags(drawn).seen & {"script", "img"}
    assert Tags(drawn).open == []


@pytest.mark.parametrize(
    ("verdict", "label"),
    [
        (Verdict.SUPPORTED, "Supported"),
        (Verdict.CONTRADICTED, "Contradicted"),
        (Verdict.NOT_IN_GRAPH, "Not in the graph"),
        (Verdict.NOT_A_CLAIM, "No claim to check"),
    ],
)
def test_each_verdict_stands_there_in_words(verdict: Verdict, label: str) -> None:
    """A verdict is readable without its colour."""
    assert f">{label}<" in render.sentences([CheckedSentence("x", verdict)], render.Citations())


def test_what_the_encoder_saw_is_not_called_unclaimed() -> None:
    """A sentence of the film's reading has a mark of its own."""
    said = CheckedSentence("This film: effusion is present.", Verdict.NOT_A_CLAIM, (), OF_THE_FILM)
    assert "Read from the film" in render.sentences([said], render.Citations())


def test_sources_are_numbered_once_in_reading_order() -> None:
    """Two sentences that rest on one source share its number; the list at the end has each source once."""
    first = CheckedSentence("a", Verdict.SUPPORTED, (SHIFT,))
    second = CheckedSentence("b", Verdict.SUPPORTED, (BLUNTED, SHIFT))
    drawn = render.answer(an_answer(first, second), render.as_typed)
    assert drawn.index('a <span class="cc-cite">[1]') < drawn.index('b <span class="cc-cite">[2]')
    sources = drawn[drawn.index("cc-sources") :]
    assert sources.count(SHIFT.source) == 1
    assert sources.index(SHIFT.source) < sources.index(BLUNTED.source)


def test_a_curated_fact_says_that_no_clinician_reviewed_it() -> None:
    """The tier is stated beside the source."""
    assert "curated: not yet reviewed by a clinician" in render.fact(BLUNTED, render.Citations())


def test_a_denied_fact_says_not() -> None:
    """A denial cannot be read as its opposite."""
    assert "<strong>not</strong>" in render.fact(replace(BLUNTED, denied=True), render.Citations())


@pytest.mark.parametrize(
    ("quantity", "words"),
    [
        (Quantity(">", 0.5, "1"), "&gt; 0.5"),
        (Quantity("between", 5, "cm", 7), "between 5 and 7 cm"),
    ],
)
def test_a_quantity_is_written_with_comparison_and_unit(quantity: Quantity, words: str) -> None:
    """A ratio has no unit, a range has both ends."""
    assert words in render.fact(replace(BLUNTED, quantity=quantity), render.Citations())


def test_placeholders_are_restored_for_the_person_who_typed_them() -> None:
    """The answer holds a placeholder; the screen of this session shows the name."""
    vault = Vault()
    placeholder = vault.placeholder(PhiType.NAME, "smith", "Smith")
    reply = an_answer(CheckedSentence(f"{placeholder} may have an effusion.", Verdict.NOT_IN_GRAPH))
    assert "Smith may have" in render.answer(reply, vault.restore)
    assert placeholder in render.answer(reply, Vault().restore)


@pytest.mark.parametrize("composed", ["model", "facts", "abstained"])
def test_an_answer_says_how_it_was_composed(composed: str) -> None:
    """Without a note of the pipeline the page has words for each way."""
    assert render.COMPOSED[composed] in render.answer(an_answer(composed=composed), render.as_typed)


def test_a_patient_is_told_nothing_of_drafts() -> None:
    """How a draft fared is the staff's affair; a patient learns where the words come from."""
    left_out = (CheckedSentence("A drafted claim.", Verdict.NOT_IN_GRAPH, (SHIFT,)),)
    said = an_answer(CheckedSentence("x", Verdict.SUPPORTED, (BLUNTED,)), composed="facts", removed=left_out)
    drawn = render.answer(said, render.as_typed, plain=True)
    assert render.PLAINLY in drawn
    assert "1 source<" in drawn
    assert not any(
        part in drawn for part in (render.COMPOSED["facts"], "A drafted claim.", "How this was made", "<svg")
    )


def test_the_time_of_an_answer_does_not_count_its_films_again() -> None:
    """A film is read once, before any question."""
    took = Timings(vision=12_300, generation=2_000, total=15_000)
    drawn = render.answer(an_answer(timings=took), render.as_typed)
    assert "<dd>2.7 s, of which writing 2.0 s</dd>" in drawn
    assert "<dd>read once, in 12.3 s</dd>" in drawn
    assert "<dt>Films</dt>" not in render.answer(an_answer(), render.as_typed)


def test_disclaimers_are_part_of_every_answer() -> None:
    """All of them, as they came."""
    assert "Not for diagnosis." in render.answer(an_answer(), render.as_typed)


def test_a_finding_shows_state_probability_and_threshold_in_text() -> None:
    """A screen reader hears what the bar shows."""
    drawn = render.finding(FINDINGS[0])
    assert "Present" in drawn
    assert "81%" in drawn
    assert "threshold 44%" in drawn


def test_present_findings_come_first() -> None:
    """Present before uncertain before absent, each by falling probability."""
    drawn = render.reading(Reading(True, ENCODER, findings=FINDINGS[::-1]))
    assert [drawn.index(f.name) for f in FINDINGS] == sorted(drawn.index(f.name) for f in FINDINGS)


def test_a_film_that_was_not_accepted_says_why_and_shows_no_bars() -> None:
    """The encoder's sentence stands in the place of findings."""
    drawn = render.reading(Reading(False, ENCODER, "This is not a chest radiograph."))
    assert "This is not a chest radiograph." in drawn
    assert "cc-bar" not in drawn


def test_what_was_removed_is_counted_and_named() -> None:
    """Names of attributes, never their values."""
    image = SafeImage(
        np.zeros((4, 4), np.float32),
        "dcm",
        removed=("PatientName", "PatientID"),
        masked=(Region(0, 0, 1, 1),),
    )
    drawn = render.removed(Film(image, Reading(True, ENCODER)))
    assert "2 header attributes dropped, 1 region masked" in drawn
    assert "PatientName, PatientID" in drawn


@pytest.mark.parametrize(("n", "words"), [(0, "no facts"), (1, "1 fact"), (2, "2 facts")])
def test_counts_read_as_english(n: int, words: str) -> None:
    """None, one, many."""
    assert render.count(n, "fact") == words


def test_the_table_of_who_says_what_opens_on_a_disagreement() -> None:
    """States stand there in words; columns nobody speaks in are left out; nothing becomes markup."""
    said = "The encoder says present, the report says absent."
    row = Compared("c", ATTACK, "present", None, "absent", disagreements=(said,))
    drawn = render.compared([row])
    assert "<details" in drawn
    assert " open>" in drawn
    assert "1 disagreement" in drawn
    assert said in drawn
    assert "Present" in drawn
    assert "Earlier film" not in drawn
    assert "img" not in Tags(drawn).seen
    assert " open>" not in render.compared([replace(row, report="present", disagreements=())])


def test_one_source_alone_makes_no_table() -> None:
    """There is nothing to compare."""
    assert render.compared([Compared("c", "pleural effusion", "present")]) == ""


def test_sources_keep_the_numbers_of_the_session() -> None:
    """The second answer's first source may be [4]."""
    reply = an_answer(CheckedSentence("x", Verdict.SUPPORTED, (BLUNTED,), "x"), sources=((4, BLUNTED.source),))
    drawn = render.answer(reply, render.as_typed)
    assert "[4]" in drawn
    assert '<li value="4">' in drawn


def test_an_answer_has_a_picture_of_its_facts() -> None:
    """The facts behind the sentences are drawn under the answer, closed; an answer without facts has no picture."""
    drawn = render.answer(an_answer(CheckedSentence("a", Verdict.SUPPORTED, (BLUNTED,))), render.as_typed)
    assert '<details class="cc-picture" data-testid="picture"><summary>' in drawn
    assert 'role="img"' in drawn
    assert "cc-picture" not in render.answer(an_answer(), render.as_typed)


def test_two_symptoms_that_call_for_the_same_alarm_show_it_once() -> None:
    """Chest pain and want of breath are two flags with one message, which a frightened reader sees once."""
    drawn = render.red_flags((RedFlag("chest_pain", "Call now."), RedFlag("cannot_breathe", "Call now.")))
    assert drawn.count("Call now.") == 1

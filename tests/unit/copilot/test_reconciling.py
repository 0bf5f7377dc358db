"""The table of who says what: sources parted, disagreements named, nothing invented."""

import pytest

from copilot.reconciling import Said, reconcile, typed
from copilot.reconciling import Turn as Typed
from copilot.types import EncoderId, Finding, FindingState, Reading
from kg.linking import Linker
from tests.fakes.fact_store import core_store

LINKER = Linker(core_store().by_id.values())
NAMES = {"pleural_effusion": "pleural effusion", "cardiomegaly": "cardiomegaly", "lung_opacity": "lung opacity"}


def film(**states: FindingState) -> Reading:
    findings = tuple(Finding(NAMES[c], c, 0.9 if s == "present" else 0.1, 0.5, s) for c, s in states.items())
    return Reading(True, EncoderId("e", "0"), findings=findings)


def said(text: str) -> Typed:
    return typed(text, LINKER.link)


def states(found: tuple[Said, ...]) -> dict[str, str]:
    return {s.concept: s.state for s in found}


def test_a_quoted_report_is_parted_from_the_persons_own_words() -> None:
    """Each finding goes to who said it."""
    parted = said("I think there is cardiomegaly.\nFINDINGS: No pleural effusion. Possible pneumonia.")
    assert states(parted.stated) == {"cardiomegaly": "present"}
    assert states(parted.report)["pleural_effusion"] == "absent"
    assert states(parted.report)["pneumonia"] == "uncertain"


@pytest.mark.parametrize("opinion", ["I think {}", "I really believe that {}", "{}"])
@pytest.mark.parametrize("there", ["there is {}.", "the patient has {}.", "he has {}.", "this film shows {}."])
def test_an_opinion_is_a_statement_however_it_is_put(opinion: str, there: str) -> None:
    """Who thinks that somebody has X and who thinks that there is X both say that X is there."""
    text = opinion.format(there.format("a pleural effusion"))
    assert states(said(text[0].upper() + text[1:]).stated) == {"pleural_effusion": "present"}


@pytest.mark.parametrize("text", ["I do not think there is an effusion.", "I don't think the patient has an effusion."])
def test_an_opinion_may_deny(text: str) -> None:
    """A denied opinion reaches over "there is" as it does over "he has"."""
    assert states(said(text).stated) == {"pleural_effusion": "absent"}


def test_below_a_report_the_persons_own_words_begin_again() -> None:
    """What somebody says after a pasted report is theirs, and does not change what the report says."""
    parted = said("Report: No pleural effusion. Cardiomegaly.\nHowever, I see a pleural effusion. What causes it?")
    assert states(parted.report) == {"pleural_effusion": "absent", "cardiomegaly": "present"}
    assert states(parted.stated) == {"pleural_effusion": "present"}


@pytest.mark.parametrize(
    "text",
    ["There is a pneumothorax.", "The film shows a pneumothorax.", "The patient has a pneumothorax. What now?"],
)
def test_a_statement_may_open_a_sentence(text: str) -> None:
    """A capital letter does not hide who is spoken of."""
    assert states(said(text).stated) == {"pneumothorax": "present"}


@pytest.mark.parametrize(
    "text",
    [
        "There are many causes of pleural effusion.",
        "Is there a pleural effusion?",
        "Heart failure causes pleural effusion.",
        "My mother had a pleural effusion.",
        "What does the report mean by pleural effusion?",
    ],
)
def test_questions_general_statements_and_relatives_state_nothing(text: str) -> None:
    """Only what is said of this film or this person counts."""
    assert said(text) == Typed()


def test_a_report_against_the_encoder_is_flagged_in_words() -> None:
    """The row says who says what, and that they disagree."""
    (row,) = reconcile(
        [film(pleural_effusion="present")], [], said("The report says there is no pleural effusion."), [], {}
    )
    assert (row.encoder, row.report, row.prior, row.stated, row.answer) == ("present", "absent", None, None, None)
    assert row.disagreements == ("The encoder says present, the report says absent.",)


def test_every_pair_that_disagrees_is_named() -> None:
    """Three sources, two of which agree, make two disagreements."""
    answer = [Said("pleural_effusion", "pleural effusion", "absent")]
    parted = Typed(stated=(Said("pleural_effusion", "pleural effusion", "present"),))
    (row,) = reconcile([film(pleural_effusion="present")], [], parted, answer, {})
    assert len(row.disagreements) == 2
    assert all("the answer says absent" in said for said in row.disagreements)


def test_uncertain_disagrees_with_nobody() -> None:
    """An encoder that is not sure contradicts neither yes nor no."""
    report = Typed(report=(Said("pleural_effusion", "pleural effusion", "absent"),))
    (row,) = reconcile([film(pleural_effusion="uncertain")], [], report, [], {})
    assert row.disagreements == ()


def test_a_change_since_the_earlier_film_is_told() -> None:
    """The earlier film is compared, not merged."""
    (row,) = reconcile([film(pleural_effusion="absent")], [film(pleural_effusion="present")], Typed(), [], {})
    assert (row.encoder, row.prior) == ("absent", "present")
    assert row.disagreements == ("On the earlier film the encoder says present, on this one absent.",)


def test_a_kind_that_is_there_means_that_the_wider_thing_is_there() -> None:
    """Who reports a consolidation reports an opacity; who denies one does not deny the other."""
    kinds = {"consolidation": ("lung_opacity",)}
    there = Typed(report=(Said("consolidation", "consolidation", "present"),))
    rows = {row.concept: row for row in reconcile([film(lung_opacity="absent")], [], there, [], kinds)}
    assert rows["lung_opacity"].report == "present"
    assert rows["lung_opacity"].disagreements
    gone = Typed(report=(Said("consolidation", "consolidation", "absent"),))
    rows = {row.concept: row for row in reconcile([film(lung_opacity="present")], [], gone, [], kinds)}
    assert rows["lung_opacity"].report is None


def test_what_nobody_asserts_makes_no_row() -> None:
    """An encoder's long list of absent findings is not a table."""
    assert reconcile([film(pleural_effusion="absent", cardiomegaly="absent")], [], Typed(), [], {}) == ()


def test_disagreements_stand_first() -> None:
    """What needs a look is at the top."""
    report = Typed(report=(Said("pleural_effusion", "pleural effusion", "absent"),))
    rows = reconcile([film(cardiomegaly="present", pleural_effusion="present")], [], report, [], {})
    assert [row.concept for row in rows] == ["pleural_effusion", "cardiomegaly"]

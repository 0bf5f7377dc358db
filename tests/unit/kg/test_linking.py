"""Mentions: what is found, under which spelling, and what is said of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.linking import Linker, sentences
from kg.linking.normal import normal
from kg.linking.typos import Speller
from kg.types import Concept
from tests.fakes.fact_store import core_store

LINKER = Linker(core_store().by_id.values())


def concepts(text: str) -> list[str]:
    return [m.concept for m in LINKER.link(text)]


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("pleural effusions", "pleural_effusion"),
        ("Pleural Effusion", "pleural_effusion"),
        ("pneumothoraces", "pneumothorax"),
        ("pulmonary oedema", "pulmonary_edema"),
        ("a chest X-ray", "chest_radiograph"),
        ("a chest x ray", "chest_radiograph"),
        ("hydro-pneumothorax", "hydropneumothorax"),
        ("atelectesis", "atelectasis"),
        ("plerual effusion", "pleural_effusion"),
        ("The heart is enlarged", "cardiomegaly"),
        ("Kerley's B lines", "kerley_b_lines"),
    ],
)
def test_a_concept_is_found_under_its_spellings(text: str, concept: str) -> None:
    """Plurals, British spelling, hyphens, capitals, typing errors and predicates lead to the same concept."""
    assert concept in concepts(text)


def test_the_longest_name_wins() -> None:
    """A tension pneumothorax is not also a pneumothorax."""
    assert concepts("a tension pneumothorax") == ["tension_pneumothorax"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("hypertenson", None),
        ("hypotension", None),
        ("hyporinflation", None),
        ("intrathoracic", None),
        ("brodycardia", None),
    ],
)
def test_opposite_prefixes_are_never_bridged(written: str, meant: None) -> None:
    """A slip near an opposite prefix is left alone."""
    words = {
        "hyperinflation",
        "interthoracic",
        "tachycardia",
        "bradycardia" if written != "brodycardia" else "tachycardia",
    }
    speller = Speller(words | ({"hypotension", "hypertension"} if written == "hypotension" else set()))
    assert speller.correct(written) is meant


def test_an_english_word_is_never_a_typing_error() -> None:
    """The word "plural" stays "plural" although "pleural" is near."""
    assert Speller({"pleural"}).correct("plural") is None


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("CTPA showed a large PE in the right main pulmonary artery.", "pulmonary_embolism"),
        ("The pulmonary embolism (PE) was large and the PE moved.", "pulmonary_embolism"),
        ("MS with a diastolic murmur at the mitral valve", "mitral_stenosis"),
    ],
)
def test_an_abbreviation_is_read_by_its_context(text: str, concept: str) -> None:
    """The words beside a short abbreviation decide what it means."""
    assert concept in concepts(text)


@pytest.mark.parametrize("text", ["She is on RA", "She has had MS since 2010", "the pe teacher", "as a rule"])
def test_an_abbreviation_without_its_context_is_left_alone(text: str) -> None:
    """Room air, multiple sclerosis and small words are no concepts of the graph."""
    assert concepts(text) == []


@pytest.mark.parametrize(
    ("text", "assertion"),
    [
        ("There is a pneumothorax.", "present"),
        ("No pneumothorax.", "absent"),
        ("No consolidation, effusion or pneumothorax.", "absent"),
        ("No evidence of pneumothorax", "absent"),
        ("Without pneumothorax", "absent"),
        ("Pneumothorax is not seen.", "absent"),
        ("Pneumothorax was ruled out.", "absent"),
        ("Pneumothorax cannot be excluded.", "possible"),
        ("Cannot exclude pneumothorax", "possible"),
        ("Possible pneumothorax", "possible"),
        ("Rule out pneumothorax", "hypothetical"),
        ("If a pneumothorax develops, call.", "hypothetical"),
        ("History of pneumothorax", "historical"),
        ("Her mother had a pneumothorax.", "family"),
        ("No fever but a pneumothorax.", "present"),
        ("No change in the pneumothorax.", "present"),
    ],
)
def test_the_assertion_follows_its_trigger(text: str, assertion: str) -> None:
    """Negation, doubt, history, family and condition reach as far as their scope and no farther."""
    mention = next(m for m in LINKER.link(text) if m.concept == "pneumothorax")
    assert mention.assertion == assertion


def test_side_place_and_severity_come_with_the_mention() -> None:
    """Adjectives in front and the place behind are read into the mention."""
    (effusion,) = LINKER.link("Small left-sided pleural effusion.")
    assert (effusion.side, effusion.severity) == ("left", "mild")
    opacity = LINKER.link("Consolidation in the right lower lobe.")[0]
    assert (opacity.side, opacity.location) == ("right", "right lower lobe")
    assert LINKER.link("Bilateral pneumothoraces.")[0].side == "both"


def test_offsets_point_at_the_words() -> None:
    """`start` and `end` are code points of the whole text."""
    text = "Café. Nothing else.\n- Large pneumothorax 🫁 and emphysema."
    for mention in LINKER.link(text):
        assert text[mention.start : mention.end] == mention.text


@given(st.text(max_size=300))
def test_no_text_upsets_the_linker(text: str) -> None:
    """Whatever is written, offsets are ordered, in range and never overlap."""
    at = 0
    for mention in LINKER.link(text, values=True):
        assert at <= mention.start < mention.end <= len(text)
        at = mention.end


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Dr. Smith saw 3.5 cm vs. 2 cm. It grew.", 2),
        ("e.g. pneumonia is common", 1),
        ("- one thing\n- another thing\n1. a third", 3),
        ("No effusion; no pneumothorax.", 2),
        ("FINDINGS: clear lungs.\nIMPRESSION: normal.", 2),
        ("The ratio is 0.5. Normal.", 2),
        ("Seen in S. aureus infection.", 1),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text: str, count: int) -> None:
    """Titles, decimals and species do not end a sentence; bullets, line ends and semicolons do."""
    assert len(sentences(text)) == count


def test_normal_forms_join_british_american_and_plural() -> None:
    """Both sides of the lexicon go through the same forms."""
    assert normal("oedemas") == normal("edema")
    assert normal("Haemothoraces") == normal("hemothorax")
    assert normal("metastases") == normal("metastasis")


def test_an_empty_lexicon_links_nothing() -> None:
    """A graph without concepts is no error."""
    assert Linker([]).link("pneumothorax") == ()
    assert Linker([Concept("x", "x y", "finding")]).link("x y")[0].concept == "x"

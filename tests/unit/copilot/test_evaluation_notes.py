"""The notes on which de-identification is measured: enough of them, repeatable, and two parts that share nothing."""

import random
from itertools import pairwise

import pytest

from copilot.evaluation.notes import Part, in_words, note, notes, templates

PARTS: tuple[Part, ...] = ("dev", "held")


def test_there_are_enough_templates_and_no_two_are_the_same() -> None:
    """At least 150 templates of many kinds of text in the held part alone, none of them also in the development part."""
    held = [text for text, _ in templates("held")]
    dev = {text for text, _ in templates("dev")}
    assert len(set(held)) == len(held) >= 150
    assert not dev & set(held)
    kinds = {text.split()[1] for text in held}
    assert kinds >= {
        "admission",
        "report",
        "discharge",
        "chat",
        "referral",
        "dictation",
        "worklist",
        "hl7",
        "dicom",
        "sms",
    }


def test_the_parts_share_no_person_place_or_organization() -> None:
    """A name, town or hospital of the held part is in no list of the development part."""
    used = {part: [values for _, values in templates(part)] for part in PARTS}
    for what in ("first", "last", "city", "street", "hospital", "clinic", "employer", "school", "carehome"):
        dev, held = ({v.lower() for values in used[part] for v in values.get(what, ())} for part in PARTS)
        assert not dev & held, what


@pytest.mark.parametrize("part", PARTS)
def test_spans_lie_on_what_was_filled_in(part: Part) -> None:
    """Gold spans and terms are inside the text, not empty, in order, and do not overlap."""
    for made in notes(part, 400, seed=2):
        spans = sorted([(s, e) for s, e, _ in made.gold] + list(made.terms))
        assert all(0 <= s < e <= len(made.text) for s, e in spans)
        assert all(first[1] <= second[0] for first, second in pairwise(spans))
        assert "{{" not in made.text


def test_the_same_seed_makes_the_same_notes() -> None:
    """So that figures can be repeated; another seed makes others."""
    assert list(notes("held", 30, seed=4)) == list(notes("held", 30, seed=4))
    assert list(notes("held", 30, seed=4)) != list(notes("held", 30, seed=5))


def test_two_thousand_documents_come_out() -> None:
    """The number of the evaluation."""
    assert sum(1 for _ in notes("held", 2000)) == 2000


def test_styles_degrade_the_text_and_keep_the_spans() -> None:
    """Lower case, capitals and lost punctuation move the spans with the text."""
    template = "# chat\nDr <last1>, seen {{today}}. Ring <first1>!"
    values = {"first": ["Ada"], "last": ["Okoro"]}
    for styles, words in (
        (("lower",), ("okoro", "ada")),
        (("upper",), ("OKORO", "ADA")),
        (("nopunct",), ("Okoro", "Ada")),
    ):
        made = note(template, values, random.Random(0), styles)
        assert tuple(made.text[s:e] for s, e, _ in made.gold) == words


@pytest.mark.parametrize(
    ("number", "words"), [(90, "ninety"), (93, "ninety three"), (101, "one hundred and one"), (7, "seven")]
)
def test_ages_are_spoken(number: int, words: str) -> None:
    """As people say them."""
    assert in_words(number) == words

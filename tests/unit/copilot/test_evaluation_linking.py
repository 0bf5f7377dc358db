"""The evaluation of linking counts what it says it counts."""

from copilot.evaluation import linking
from kg.types import Concept, Mention

EFFUSION = Concept("pleural_effusion", "pleural effusion", "finding", ("effusion",))
SMALL = Concept("small_pleural_effusion", "small pleural effusion", "finding")
LUNG = Concept("lung", "lung", "anatomy")
CONCEPTS, KINDS = (EFFUSION, SMALL, LUNG), {"pleural_effusion": ("small_pleural_effusion",)}
SENTENCE = linking.parse("No [effusion=pleural effusion|absent|left|mild] in the lung, but [kuru] is there.")


def test_marks_become_offsets() -> None:
    """The marks leave the sentence, and each span lies where it was written."""
    assert SENTENCE.text == "No effusion in the lung, but kuru is there."
    first, second = SENTENCE.marked
    assert SENTENCE.text[first.start : first.end] == "effusion"
    assert (first.name, first.assertion, first.side, first.severity) == ("pleural effusion", "absent", "left", "mild")
    assert (second.name, second.assertion, second.side) == ("kuru", "present", None)


def _score(*mentions: Mention) -> linking.Score:
    return linking.evaluate(lambda _: mentions, CONCEPTS, KINDS, [SENTENCE])


def test_a_kind_counts_as_found_but_not_as_exact() -> None:
    """A finer concept for the same words is right; the score still tells it apart."""
    score = _score(Mention(3, 11, "effusion", "small_pleural_effusion", "", "finding", "absent", "left", None, "mild"))
    assert (score.found, score.exact, score.missed, score.wrong, score.not_in_graph) == (1, 0, 0, 0, 1)
    assert score.accuracy("assertion") == score.accuracy("named side") == score.accuracy("severity") == 1


def test_another_concept_is_both_missed_and_wrong() -> None:
    """A wrong link costs recall and precision; a place that nobody marked costs nothing."""
    score = _score(
        Mention(3, 11, "effusion", "pneumonia", "", "disease"), Mention(19, 23, "lung", "lung", "", "anatomy")
    )
    assert (score.found, score.missed, score.wrong) == (0, 1, 1)


def test_what_is_said_of_a_mention_is_counted_apart() -> None:
    """A found mention with the wrong assertion and side stays found."""
    score = _score(Mention(3, 11, "effusion", "pleural_effusion", "", "finding", "present", "right"))
    assert score.f1 == 1
    assert score.accuracy("assertion") == score.accuracy("side") == score.accuracy("severity") == 0


def test_the_baseline_takes_the_longest_name() -> None:
    """It knows names and synonyms, no forms of them, and says of all that they are present."""
    find = linking.by_dictionary(CONCEPTS)
    assert [(m.concept, m.assertion) for m in find("No small pleural effusion.")] == [
        ("small_pleural_effusion", "present")
    ]
    assert find("Effusions") == []


def test_the_development_sentences_can_be_read() -> None:
    """Every mark names an assertion, side and severity that a mention can have."""
    for sentence in linking.sentences("linking_dev"):
        assert "[" not in sentence.text
        for mark in sentence.marked:
            assert mark.assertion in {"present", "absent", "possible", "historical", "hypothetical", "family"}
            assert mark.side in {None, "left", "right", "both"}
            assert mark.severity in {None, "mild", "moderate", "severe"}

"""What is shown of a draft, and what stands in for one that did not survive."""

from dataclasses import replace

import pytest

from copilot import composing
from copilot.personas import PERSONAS
from copilot.types import EncoderId, Finding, PersonaName, Reading
from kg.types import CheckedSentence, Fact, RankedFact, Tier, Verdict

CLINICIAN, KIOSK = PERSONAS[PersonaName.CLINICIAN], PERSONAS[PersonaName.KIOSK]


def fact(number: int) -> Fact:
    return Fact(
        f"f{number}",
        "pleural_effusion",
        "pleural effusion",
        "SUGGESTS",
        f"c{number}",
        f"thing {number}",
        "S",
        Tier.CURATED,
    )


FACTS = tuple(RankedFact(fact(n), 1.0 / (n + 1)) for n in range(12))


def sentence(verdict: Verdict, *facts: Fact) -> CheckedSentence:
    return CheckedSentence("A sentence.", verdict, facts)


def test_no_facts_abstains() -> None:
    """Without a fact nothing is said, whatever the model wrote."""
    made = composing.compose([sentence(Verdict.NOT_IN_GRAPH)], (), CLINICIAN, {})
    assert made.composed == "abstained"
    assert made.sentences == ()
    assert made.notes


def test_supported_draft_is_kept() -> None:
    """A draft that says most of the best facts, mostly supported, is shown as the model wrote it."""
    draft = [
        sentence(Verdict.SUPPORTED, fact(0)),
        sentence(Verdict.SUPPORTED, fact(1), fact(2)),
        sentence(Verdict.NOT_IN_GRAPH),
    ]
    made = composing.compose(draft, FACTS, CLINICIAN, {})
    assert made.composed == "model"
    assert made.sentences == tuple(draft)


def test_contradicted_sentence_is_never_shown() -> None:
    """A contradicted sentence is removed from a draft that is otherwise shown, and the reader is told."""
    wrong = sentence(Verdict.CONTRADICTED, fact(3))
    draft = [sentence(Verdict.SUPPORTED, fact(0)), sentence(Verdict.SUPPORTED, fact(1), fact(2)), wrong]
    made = composing.compose(draft, FACTS, CLINICIAN, {})
    assert made.composed == "model"
    assert wrong not in made.sentences
    assert made.removed == (wrong,)
    assert "contradicted" in made.notes[0]


def test_patient_sees_no_unsupported_sentence() -> None:
    """At the kiosk, what the graph does not know is left out."""
    draft = [
        sentence(Verdict.SUPPORTED, fact(0)),
        sentence(Verdict.SUPPORTED, fact(1), fact(2)),
        sentence(Verdict.NOT_IN_GRAPH),
    ]
    made = composing.compose(draft, FACTS, KIOSK, {})
    assert all(s.verdict is Verdict.SUPPORTED for s in made.sentences)


@pytest.mark.parametrize(
    "draft",
    [
        [],
        [sentence(Verdict.NOT_A_CLAIM)],
        [sentence(Verdict.SUPPORTED, fact(0)), sentence(Verdict.NOT_IN_GRAPH)],
        [sentence(Verdict.SUPPORTED, fact(11)), sentence(Verdict.SUPPORTED, fact(10), fact(9))],
        [sentence(Verdict.SUPPORTED, fact(0))],
        [sentence(Verdict.SUPPORTED, fact(0)), sentence(Verdict.SUPPORTED, fact(10), fact(9))],
    ],
)
def test_poor_draft_gives_way_to_the_facts(draft: list[CheckedSentence]) -> None:
    """Empty, mostly unsupported, beside the point or too short: the answer is made of the facts, each supported by itself."""
    made = composing.compose(draft, FACTS, CLINICIAN, {})
    assert made.composed == "facts"
    assert {f.id for s in made.sentences for f in s.facts} >= {"f0", "f1", "f2"}
    assert all(s.verdict is Verdict.SUPPORTED for s in made.sentences)


def test_a_sentence_said_twice_is_shown_once() -> None:
    """Repeats of a draft, in the same or in other words for the same facts, are dropped and lend it no weight."""
    again = CheckedSentence("The same in other words.", Verdict.SUPPORTED, (fact(0),))
    unknown = sentence(Verdict.NOT_IN_GRAPH)
    first, second = sentence(Verdict.SUPPORTED, fact(0)), sentence(Verdict.SUPPORTED, fact(1), fact(2))
    made = composing.compose([first, again, second, again, unknown, unknown], FACTS, CLINICIAN, {})
    assert made.sentences == (first, second, unknown)


def test_facts_far_below_the_best_are_not_told() -> None:
    """An answer is not padded with facts that hardly bear on the question; what is relevant enough by itself is told."""
    relevance = (0.9, 0.5, 0.3, 0.29, 0.2, 0.15, 0.1)
    facts = tuple(RankedFact(fact(n), share) for n, share in enumerate(relevance))
    assert composing.bearing(facts) == facts[:3]
    assert composing.bearing((facts[0], *facts[3:])) == facts[:1]
    assert composing.bearing(facts[3:]) == facts[3:5]


def test_a_sign_and_its_disease_are_told_from_one_end_only() -> None:
    """Where the disease is told to show a sign, that the sign points to it is left out; a limited fact is not."""
    shows = RankedFact(replace(fact(0), id="s", subject="c1", object="pleural_effusion", predicate="HAS_FINDING"), 4.0)
    points = RankedFact(replace(fact(1), subject="pleural_effusion", object="c1"), 3.9)
    limited = RankedFact(replace(points.fact, id="l", qualifiers=(("population", "in children"),)), 3.8)
    assert composing.bearing((shows, points, limited)) == (shows, limited)
    assert composing.bearing((points, shows, limited)) == (points, limited)


def test_lay_names_explain_the_clinical_ones() -> None:
    """For a patient the plain name stands in brackets behind the clinical one."""
    made = composing.compose([], FACTS[:1], KIOSK, {"pleural_effusion": "fluid around the lung"})
    assert "leural effusion (fluid around the lung)" in made.sentences[0].text


def reading(*findings: Finding, accepted: bool = True) -> Reading:
    return Reading(
        accepted,
        EncoderId("e", ""),
        None if accepted else "This is not a chest radiograph.",
        None,
        None,
        findings,
    )


EFFUSION = Finding("Pleural effusion", "pleural_effusion", 0.8, 0.4, "present")
EDEMA = Finding("Edema", "pulmonary_edema", 0.1, 0.4, "absent")


def test_film_sentences_name_what_is_there_and_what_was_asked() -> None:
    """Present findings are always told, absent ones when asked for, as readings and not as claims."""
    told = composing.of_the_film([reading(EFFUSION, EDEMA)], [])
    asked = composing.of_the_film([reading(EFFUSION, EDEMA)], ["pulmonary_edema"])
    assert [s.text for s in told] == ["On this film the encoder marks as present: pleural effusion, probability 0.80."]
    assert len(asked) == 2
    assert {s.verdict for s in asked} == {Verdict.NOT_A_CLAIM}


def test_refused_film_says_why() -> None:
    """A film that was not read is not passed over in silence."""
    assert "not a chest radiograph" in composing.of_the_film([reading(accepted=False)], [])[0].text


def test_film_without_findings_says_so() -> None:
    """Nothing present is said, with the number of findings that were looked for, and never as "normal"."""
    text = composing.of_the_film([reading(EDEMA)], [])[0].text
    assert "none of its 1 findings" in text
    assert "normal" not in text


def test_no_finding_is_not_called_a_finding() -> None:
    """The encoder's "no finding" tells how sure it is that it sees nothing; the film is not called normal."""
    clear = Finding("No finding", "normal_chest_radiograph", 0.97, 0.5, "present")
    (only,) = composing.of_the_film([reading(EDEMA, clear)], [])
    assert (
        only.text == "On this film the encoder marks none of its 1 findings as present (no finding, probability 0.97)."
    )


def test_corrected_film_says_how() -> None:
    """A film that was turned or inverted before it was read says so first."""
    turned = Reading(True, EncoderId("e", ""), "The film was upside down and was turned.", None, None, (EFFUSION,))
    assert "was turned" in composing.of_the_film([turned], [])[0].text

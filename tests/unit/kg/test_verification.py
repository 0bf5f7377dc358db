"""Verdicts on claims: which fact supports, which contradicts, and which may not."""

from dataclasses import replace

import pytest

from kg.types import Claim, Concept, Extent, Fact, Quantity, Tier, Verdict
from kg.verification import Verifier
from kg.verification.quantities import compare
from tests.fakes.fact_store import MemoryStore


def concept(name: str, category: str = "disease", definition: str = "") -> Concept:
    return Concept(name, name.replace("_", " "), category, definition=definition)


def fact(subject: str, predicate: str, obj: str, **more: object) -> Fact:
    base = Fact(
        f"{subject}-{predicate}-{obj}", subject, subject.replace("_", " "), predicate, obj, obj.replace("_", " "), "A book.",
        Tier.CURATED,
    )  # fmt: skip
    return replace(base, **more)  # type: ignore[arg-type]


CONCEPTS = [
    concept(n)
    for n in ("heart_failure", "effusion", "large_effusion", "cough", "air", "fluid", "pneumothorax", "tension", "film", "clot",
              "lobe", "lung", "right_lung", "left_lung", "ratio", "big_heart", "smoking", "copd")
] + [concept("fissure", "anatomy")]  # fmt: skip
FACTS = [
    fact("heart_failure", "CAUSES", "effusion"),
    fact("large_effusion", "IS_A", "effusion"),
    fact("tension", "IS_A", "pneumothorax"),
    fact("pneumothorax", "CONSISTS_OF", "air"),
    fact("film", "RULES_OUT", "clot", denied=True),
    fact("fissure", "PART_OF", "right_lung"),
    fact("big_heart", "HAS_THRESHOLD", "ratio", quantity=Quantity(">", 0.5, "1")),
    fact("smoking", "COMMONEST_CAUSE_OF", "copd"),
    fact("heart_failure", "HAS_SYMPTOM", "cough"),
]
SUPPORTED, CONTRADICTED, OPEN = Verdict.SUPPORTED, Verdict.CONTRADICTED, Verdict.NOT_IN_GRAPH


def verdict(claim: Claim, facts: list[Fact] = FACTS) -> Verdict:
    return Verifier(MemoryStore(CONCEPTS, facts)).verify([claim])[0].verdict


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        (Claim("heart_failure", "CAUSES", "effusion"), SUPPORTED),
        (Claim("effusion", "CAUSES", "heart_failure"), CONTRADICTED),
        (Claim("heart_failure", "CAUSES", "effusion", denied=True), CONTRADICTED),
        (Claim("heart_failure", "CAUSES", "clot"), OPEN),
        (Claim("cough", "SUGGESTS", "heart_failure"), SUPPORTED),
        (Claim("tension", "CONSISTS_OF", "air"), SUPPORTED),
        (Claim("pneumothorax", "CONSISTS_OF", "fluid"), CONTRADICTED),
        (Claim("tension", "CONSISTS_OF", "fluid"), CONTRADICTED),
        (Claim("pneumothorax", "CONSISTS_OF", "fluid", denied=True), SUPPORTED),
        (Claim("pneumothorax", "IS_A", "tension"), CONTRADICTED),
        (Claim("film", "RULES_OUT", "clot"), CONTRADICTED),
        (Claim("film", "RULES_OUT", "clot", denied=True), SUPPORTED),
        (Claim("effusion", "RULES_OUT", "heart_failure"), CONTRADICTED),
        (Claim("heart_failure", "RULES_OUT", "effusion"), CONTRADICTED),
        (Claim("heart_failure", "RULES_OUT", "clot"), OPEN),
        (Claim("fissure", "PART_OF", "left_lung"), CONTRADICTED),
        (Claim("fissure", "LOCATED_IN", "right_lung"), SUPPORTED),
        (Claim("clot", "COMMONEST_CAUSE_OF", "copd"), CONTRADICTED),
        (Claim("clot", "CAUSES", "copd"), OPEN),
        (Claim("heart_failure", "CAUSES", "effusion", extent="always"), OPEN),
        (Claim("clot", "CAUSES", "effusion", extent="only"), CONTRADICTED),
    ],
)
def test_each_rule_gives_its_verdict(claim: Claim, expected: Verdict) -> None:
    """Same fact, near relation, inheritance, denial, reverse, exclusive value, side and extent."""
    assert verdict(claim) is expected


def test_a_word_beyond_the_fact_keeps_support_back() -> None:
    """A narrower sentence is not what the fact says."""
    assert verdict(Claim("heart_failure", "CAUSES", "effusion", residue=("green",))) is OPEN
    assert verdict(Claim("heart_failure", "CAUSES", "effusion", context=(("children", ("child",)),))) is OPEN


def test_a_qualifier_of_the_fact_carries_the_words() -> None:
    """Words that the fact itself says as a qualifier are no surplus."""
    facts = [fact("heart_failure", "CAUSES", "effusion", qualifiers=(("population", "children"),))]
    assert verdict(Claim("heart_failure", "CAUSES", "effusion", residue=("child",)), facts) is SUPPORTED


@pytest.mark.parametrize("tier", [Tier.IMPORTED, Tier.MINED])
def test_unreviewed_facts_support_but_never_contradict(tier: Tier) -> None:
    """An imported denial does not call a sentence false, and its support says what it rests on."""
    denial = [fact("film", "RULES_OUT", "clot", denied=True, tier=tier)]
    assert verdict(Claim("film", "RULES_OUT", "clot"), denial) is OPEN
    claim = Claim("heart_failure", "CAUSES", "effusion")
    store = MemoryStore(CONCEPTS, [fact("heart_failure", "CAUSES", "effusion", tier=tier)])
    judgement = Verifier(store).verify([claim])[0]
    assert judgement.verdict is SUPPORTED
    assert "unreviewed" in judgement.reason


@pytest.mark.parametrize("tier", [Tier.IMPORTED, Tier.MINED])
@pytest.mark.parametrize("denied", [True, False])
def test_an_unreviewed_fact_does_not_silence_a_curated_one(tier: Tier, *, denied: bool) -> None:
    """Where both speak, what was written here from a source decides as if the other were not there."""
    facts = [
        fact("heart_failure", "CAUSES", "effusion", denied=denied),
        replace(fact("heart_failure", "CAUSES", "effusion", denied=not denied, tier=tier), id="of another pack"),
    ]
    assert verdict(Claim("heart_failure", "CAUSES", "effusion", denied=denied), facts) is SUPPORTED
    assert verdict(Claim("heart_failure", "CAUSES", "effusion", denied=not denied), facts) is CONTRADICTED


@pytest.mark.parametrize(
    ("quantity", "expected"),
    [
        (Quantity(">", 0.5, "1"), SUPPORTED),
        (Quantity(">", 50, "%"), SUPPORTED),
        (Quantity("<", 0.5, "1"), CONTRADICTED),
        (Quantity(">", 0.3, "1"), CONTRADICTED),
        (Quantity(">", 0.5, "cm"), CONTRADICTED),
        (Quantity(">", 7, "cm"), OPEN),
    ],
)
def test_numbers_are_compared_with_operator_and_unit(quantity: Quantity, expected: Verdict) -> None:
    """The wrong side, the wrong number and the wrong unit contradict; another dimension says nothing."""
    assert verdict(Claim("big_heart", "HAS_THRESHOLD", "ratio", quantity=quantity)) is expected


@pytest.mark.parametrize(
    ("said", "known", "how"),
    [
        (Quantity("<=", 3, "cm"), Quantity("<=", 30, "mm"), "same"),
        (Quantity("=", 5, "cm"), Quantity("between", 3, "cm", 7), "same"),
        (Quantity("between", 3, "cm", 12), Quantity("between", 3, "cm", 7), "different"),
        (Quantity(">", 1.5, "L"), Quantity(">", 1500, "mL"), "same"),
        (Quantity("=", 0.5, "1"), Quantity(">", 0.5, "1"), "unclear"),
        (Quantity("=", 6, "weeks"), Quantity("=", 6, "months"), "different"),
        (Quantity("<", 1, "mGy"), Quantity("between", 0.0005, "mGy", 0.01), "unclear"),
        (Quantity(">", 1, "mGy"), Quantity("between", 0.0005, "mGy", 0.01), "different"),
    ],
)
def test_units_are_converted_before_comparison(said: Quantity, known: Quantity, how: str) -> None:
    """3 cm is 30 mm; a point on an open bound is neither the same nor different, nor is a bound that holds the range."""
    assert compare(said, known) == how


def test_the_deciding_fact_and_a_reason_are_returned() -> None:
    """A verdict opens the very fact that decides it."""
    judgement = Verifier(MemoryStore(CONCEPTS, FACTS)).verify([Claim("film", "RULES_OUT", "clot")])[0]
    assert [f.id for f in judgement.facts] == ["film-RULES_OUT-clot"]
    assert judgement.reason.endswith(".")


def test_a_description_is_held_against_the_definition() -> None:
    """Every word of a description must stand in the definition."""
    store = MemoryStore(
        [concept("copd", definition="COPD is a chronic disease of the airways with airflow limitation.")], []
    )
    fits = Claim("copd", "DEFINED_AS", "", residue=("chronic", "airway", "limitation"))
    assert Verifier(store).verify([fits])[0].verdict is SUPPORTED
    assert Verifier(store).verify([replace(fits, residue=("acute", "airway"))])[0].verdict is OPEN


def test_a_code_or_a_count_of_reports_is_no_association() -> None:
    """What is coded or found together in reports bears out no "associated with"; a cause does."""
    mined = [fact("heart_failure", "OCCURS_WITH", "clot", tier=Tier.MINED), fact("heart_failure", "HAS_CODE", "film")]
    assert verdict(Claim("heart_failure", "ASSOCIATED_WITH", "clot"), mined) is OPEN
    assert verdict(Claim("heart_failure", "ASSOCIATED_WITH", "film"), mined) is OPEN
    assert verdict(Claim("heart_failure", "ASSOCIATED_WITH", "effusion")) is SUPPORTED


def test_a_further_concept_that_goes_along_narrows_nothing() -> None:
    """Where it lies is said by another fact; a concept that nothing joins to the fact keeps the claim open."""
    facts = [*FACTS, fact("effusion", "LOCATED_IN", "lung")]
    beside = Claim("heart_failure", "CAUSES", "effusion", context=(("lung", ("lung",)),))
    assert verdict(beside, facts) is SUPPORTED
    assert verdict(replace(beside, context=(("clot", ("clot",)),)), facts) is OPEN


def test_what_one_does_not_do_two_together_may() -> None:
    """A denial of a cause says nothing of it together with another."""
    facts = [fact("cough", "CAUSES", "clot", denied=True)]
    assert verdict(Claim("cough", "CAUSES", "clot"), facts) is CONTRADICTED
    assert verdict(Claim("cough", "CAUSES", "clot", context=(("smoking", ("smoking",)),)), facts) is OPEN


def test_a_number_for_another_population_says_nothing_of_adults() -> None:
    """The fact of the population that the sentence names decides, and adults are meant where it names none."""
    facts = [
        fact("big_heart", "HAS_THRESHOLD", "ratio", id="adults", quantity=Quantity(">", 0.5, "1")),
        fact("big_heart", "HAS_THRESHOLD", "ratio", id="neonates", quantity=Quantity(">", 0.6, "1"),
             qualifiers=(("population", "neonates"),)),
    ]  # fmt: skip
    said = Claim("big_heart", "HAS_THRESHOLD", "ratio", quantity=Quantity(">", 0.6, "1"))
    assert verdict(said, facts) is CONTRADICTED
    assert verdict(replace(said, context=(("adults", ("adult",)),)), facts) is CONTRADICTED
    assert verdict(replace(said, context=(("neonates", ("neonate",)),)), facts) is SUPPORTED


def test_the_number_of_one_case_lies_within_a_limit() -> None:
    """A "ratio of 0.6 means a big heart" is true and "of 0.4" is false, though the limit is 0.5."""
    case = Claim("big_heart", "HAS_THRESHOLD", "ratio", quantity=Quantity("=", 0.6, "1"), of_a_case=True)
    assert verdict(case) is SUPPORTED
    assert verdict(replace(case, quantity=Quantity("=", 0.4, "1"))) is CONTRADICTED
    assert verdict(replace(case, of_a_case=False)) is OPEN


@pytest.mark.parametrize(
    ("qualifiers", "extent", "expected"),
    [
        ((), "can", CONTRADICTED),
        ((("frequency", "as a rule"),), "can", OPEN),
        ((("frequency", "as a rule"),), "typical", CONTRADICTED),
        ((("condition", "mild disease"),), "can", OPEN),
    ],
)
def test_what_is_not_so_as_a_rule_may_be_so_once(
    qualifiers: tuple[tuple[str, str], ...], extent: Extent, expected: Verdict
) -> None:
    """A denial with a limit refutes what is said of the usual case, and not that it can be so."""
    facts = [fact("clot", "HAS_SYMPTOM", "cough", denied=True, qualifiers=qualifiers)]
    assert verdict(Claim("clot", "HAS_SYMPTOM", "cough", extent=extent), facts) is expected


@pytest.mark.parametrize(("extent", "expected"), [("", CONTRADICTED), ("typical", CONTRADICTED), ("can", OPEN)])
def test_the_usual_side_leaves_room_for_the_other(extent: Extent, expected: Verdict) -> None:
    """What usually lies on the left can lie on the right."""
    facts = [fact("tension", "HAS_SIDE", "left_side", qualifiers=(("frequency", "usually"),))]
    assert verdict(Claim("tension", "HAS_SIDE", "right_side", extent=extent), facts) is expected


@pytest.mark.parametrize(("residue", "expected"), [((), CONTRADICTED), (("fever",), OPEN)])
def test_a_fact_does_not_speak_for_the_case_it_leaves_out(residue: tuple[str, ...], expected: Verdict) -> None:
    """What holds "without fever" neither refutes nor supports a sentence about fever."""
    facts = [fact("clot", "HAS_SYMPTOM", "cough", denied=True, qualifiers=(("condition", "without fever"),))]
    claim = Claim("clot", "HAS_SYMPTOM", "cough", residue=residue)
    assert verdict(claim, facts) is expected
    assert verdict(replace(claim, denied=True), facts) is (OPEN if residue else SUPPORTED)


def test_a_narrower_kinds_symptom_supports_no_general_claim() -> None:
    """What one kind may show, the kind at large shows only in the sense that it can be so."""
    facts = [*FACTS, fact("tension", "HAS_SYMPTOM", "cough")]
    assert verdict(Claim("pneumothorax", "HAS_SYMPTOM", "cough"), facts) is OPEN
    assert verdict(Claim("cough", "SUGGESTS", "pneumothorax"), facts) is OPEN
    assert verdict(Claim("pneumothorax", "HAS_SYMPTOM", "cough", extent="can"), facts) is SUPPORTED


def test_what_points_to_a_kind_points_to_the_wider_thing() -> None:
    """There the narrower kind is what the fact says something of."""
    facts = [*FACTS, fact("air", "SUGGESTS", "tension")]
    assert verdict(Claim("air", "SUGGESTS", "pneumothorax"), facts) is SUPPORTED


def test_the_fact_of_the_very_two_things_is_told_first() -> None:
    """Not one of a narrower kind that says it as well."""
    facts = [fact("tension", "CAUSES", "cough"), *FACTS, fact("pneumothorax", "CAUSES", "cough")]
    (found,) = Verifier(MemoryStore(CONCEPTS, facts)).verify([Claim("pneumothorax", "CAUSES", "cough")])
    assert [f.subject for f in found.facts] == ["pneumothorax"]


def test_the_reason_says_that_only_an_unreviewed_source_speaks_against_it() -> None:
    """The sentence then says no more than the graph does."""
    facts = [fact("clot", "CAUSES", "cough", denied=True, tier=Tier.IMPORTED)]
    (found,) = Verifier(MemoryStore(CONCEPTS, facts)).verify([Claim("clot", "CAUSES", "cough")])
    assert found.verdict is OPEN
    assert "nobody reviewed" in found.reason


def test_the_reason_says_that_the_graph_speaks_both_ways() -> None:
    """A denial in one case and a fact in another leave the sentence open, for that reason."""
    facts = [
        fact("clot", "CAUSES", "cough", qualifiers=(("condition", "a large one"),)),
        fact("clot", "CAUSES", "cough", id="denial", denied=True, qualifiers=(("condition", "a small one"),)),
    ]
    (found,) = Verifier(MemoryStore(CONCEPTS, facts)).verify([Claim("clot", "CAUSES", "cough")])
    assert found.verdict is OPEN
    assert "in one case" in found.reason


def test_what_is_joined_is_told_of_kinds_too() -> None:
    """A fact of the wider thing joins its kind as well; a fact elsewhere joins nothing."""
    look = Verifier(MemoryStore(CONCEPTS, FACTS)).look()
    asked = [("large_effusion", "heart_failure"), ("heart_failure", "large_effusion"), ("cough", "clot")]
    assert look.joined(asked) == frozenset(asked[:2])
    assert look.joined([]) == frozenset()
    assert look.categories(["fissure", "clot", "nothing"]) == {"fissure": "anatomy", "clot": "disease"}

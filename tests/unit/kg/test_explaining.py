"""Which diseases explain what is told of a patient."""

from collections.abc import Iterable, Mapping, Sequence

from hypothesis import given
from hypothesis import strategies as st

from kg.explaining import explaining
from kg.questions import asks_from
from kg.types import Concept, Fact, Tier

OTHERS = [f"disease_{n}" for n in range(300)]
CONCEPTS = {
    name: Concept(id=name, name=name, category=category, pack="core")
    for name, category in (
        *((name, "disease") for name in ("croup", "rare", "epiglottitis", *OTHERS)),
        *((name, "symptom") for name in ("stridor", "drooling", "cough", "hoarseness", "fever")),
        ("toddlers", "population"), ("larynx", "anatomy"),
    )
}  # fmt: skip


def fact(subject: str, predicate: str, object_: str, *, denied: bool = False) -> Fact:
    """A curated fact."""
    return Fact(
        id=f"{subject} {predicate} {object_}", subject=subject, subject_name=subject, predicate=predicate, object=object_,
        object_name=object_, source="", tier=Tier.CURATED, pack="core", denied=denied,
    )  # fmt: skip


class Store:
    """A few facts, and nothing that is a kind of anything."""

    def __init__(self, *facts: Fact) -> None:
        self._facts = facts

    def ancestors(self, concept_ids: Iterable[str], /) -> Mapping[str, Sequence[str]]:
        """Nothing above anything."""
        return dict.fromkeys(concept_ids, ())

    descendants = ancestors

    def facts_about(
        self, concept_ids: Iterable[str], predicates: Iterable[str] | None = None, limit: int = 2_000
    ) -> Sequence[Fact]:
        """Those with an end among the concepts."""
        wanted, kinds = set(concept_ids), None if predicates is None else set(predicates)
        return [f for f in self._facts if {f.subject, f.object} & wanted and (kinds is None or f.predicate in kinds)][
            :limit
        ]

    def facts_between(self, pairs: Iterable[tuple[str, str]], /) -> Sequence[Fact]:
        """Not asked here."""
        raise NotImplementedError

    def concepts(self, concept_ids: Iterable[str], /) -> Sequence[Concept]:
        """Not asked here."""
        raise NotImplementedError


CROUP = (
    fact("croup", "HAS_SYMPTOM", "stridor"),
    fact("hoarseness", "SUGGESTS", "croup"),
    fact("croup", "AFFECTS", "toddlers"),
    *(fact(other, "HAS_SYMPTOM", "cough") for other in ("croup", *OTHERS)),
)


def test_the_disease_that_explains_most_is_found() -> None:
    """Whichever way the facts point: it shows one thing, another suggests it, and it strikes whom the case is of."""
    assert explaining(("stridor", "hoarseness", "toddlers"), CONCEPTS, Store(*CROUP)) == {"croup": 1.0}


def test_too_little_is_no_case() -> None:
    """Two findings, or findings that hundreds of diseases share, point to none; a place is no evidence."""
    assert not explaining(("stridor", "hoarseness"), CONCEPTS, Store(*CROUP))
    assert not explaining(("cough", "fever", "drooling"), CONCEPTS, Store(*CROUP))
    assert not explaining(("stridor", "hoarseness", "larynx"), CONCEPTS, Store(*CROUP))


def test_what_a_disease_does_not_show_speaks_against_it() -> None:
    """Of two diseases that share findings the one falls behind that does not show the third."""
    shared = ("stridor", "hoarseness", "toddlers")
    both = [fact("epiglottitis", "HAS_SYMPTOM", thing) for thing in shared] + [*CROUP]
    assert set(explaining((*shared, "drooling"), CONCEPTS, Store(*both))) == {"croup", "epiglottitis"}
    told = Store(*both, fact("croup", "HAS_SYMPTOM", "drooling", denied=True))
    assert set(explaining((*shared, "drooling"), CONCEPTS, told)) == {"epiglottitis"}


def test_what_asks_is_the_last_question_of_a_text() -> None:
    """What is told stands before it; a text without a question mark asks in its last sentence."""
    told = "Man of 60. Is he ill? Has a cough."
    assert told[asks_from(told) :] == "Is he ill? Has a cough."
    assert "Fever, rash. what now"[asks_from("Fever, rash. what now") :] == "what now"


@given(st.text(alphabet="ab .?!;\n", max_size=40))
def test_the_asking_part_is_a_part(text: str) -> None:
    """Whatever is typed, it begins within the text."""
    assert 0 <= asks_from(text) <= len(text)

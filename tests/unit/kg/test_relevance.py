"""How well a fact answers a question, by numbers about the two."""

from dataclasses import replace
from importlib import resources

from hypothesis import given
from hypothesis import strategies as st

from kg.predicates import PREDICATES
from kg.relevance import CONSTANT, Evidence, Rarity, conditions, covered, relevance
from kg.types import Concept, Fact, Tier
from kg.wording import DEFINED_AS

FACT = Fact(
    id="f", subject="pneumothorax", subject_name="pneumothorax", predicate="HAS_FINDING", object="deep_sulcus_sign",
    object_name="deep sulcus sign", source="", tier=Tier.CURATED, pack="core",
    qualifiers=(("view", "on a supine film"),),
)  # fmt: skip
NAMES = ("pneumothorax", "pleural effusion", "deep sulcus sign", "pleural plaque")
RARITY = Rarity(Concept(id=name, name=name, category="finding", pack="core") for name in NAMES)
NOTHING = Evidence(*(0.0 for _ in Evidence._fields))


def test_a_rare_word_tells_more_than_a_common_one() -> None:
    """A word that many concepts share says less of what is asked; the words at the top of English say nothing."""
    words = RARITY.of("What is the pleural sulcus?")
    assert set(words) == {"pleur", "sulcu"}
    assert words["pleur"] < words["sulcu"]


def test_what_a_fact_has_of_the_question_is_a_share_of_its_words() -> None:
    """Another form of a word counts; a question without words is covered by nothing."""
    assert covered(RARITY.of("Sulci or sulcus, in pneumothoraces?"), FACT) > 0
    assert covered(RARITY.of("deep sulcus sign"), FACT) == 1
    assert covered(RARITY.of("plaque"), FACT) == covered(RARITY.of("?"), FACT) == 0


def test_a_condition_that_the_question_names_speaks_for_the_fact() -> None:
    """A fact that holds on a supine film answers one who asks of a supine film; a fact without conditions gets nothing."""
    assert conditions("What does it show supine?", FACT) > conditions("What does it show?", FACT) == 0
    assert conditions("On a supine film?", replace(FACT, qualifiers=())) == 0


@given(st.text(max_size=80))
def test_shares_are_shares(question: str) -> None:
    """Whatever is typed, shares lie between 0 and 1."""
    assert 0 <= covered(RARITY.of(question), FACT) <= 1 + 1e-9
    assert 0 <= conditions(question, FACT) <= 1


def test_the_weights_are_those_of_the_evidence_and_of_relations() -> None:
    """The file names each number, a constant, and beside them relations that there are."""
    lines = (resources.files("kg") / "data" / "relevance.tsv").read_text("utf-8").splitlines()
    names = [line.split("\t")[0] for line in lines if not line.startswith("#")]
    assert {*Evidence._fields, CONSTANT} <= set(names)
    assert set(names) - {*Evidence._fields, CONSTANT} <= {*PREDICATES, DEFINED_AS}


def test_more_evidence_is_more_relevance() -> None:
    """Each of the numbers speaks for the fact; a relation that nobody judged counts as the mean of all."""
    for name in Evidence._fields:
        assert relevance(NOTHING._replace(**{name: 1.0}), "CAUSES") > relevance(NOTHING, "CAUSES")
    assert relevance(NOTHING, "HAS_NO_SUCH_NAME") == relevance(NOTHING, "") < 0.2

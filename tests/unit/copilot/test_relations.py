"""The reader of relations: what the bundled one reads, and what a reading may do to a verdict."""

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copilot.checking import Checker
from copilot.relations.onnx_reader import LONGEST, OnnxRelationReader
from copilot.relations.port import Masked, RelationReader, Stated
from copilot.stating import sensible
from kg.linking import Linker
from kg.types import Verdict
from kg.verification import Verifier
from tests.fakes.fact_store import core_store

STORE = core_store()
LINKER, VERIFIER = Linker(STORE.by_id.values()), Verifier(STORE)
BUNDLED = OnnxRelationReader()
PLAIN = Checker(LINKER, VERIFIER)


class Saying(RelationReader):
    """Reads the same into every sentence."""

    def __init__(self, *stated: Stated) -> None:
        self.stated, self.read_texts = stated, list[Masked]()

    def read(self, sentence: Masked, kinds: Mapping[str, str]) -> Sequence[Stated]:
        self.read_texts.append(sentence)
        return [s for s in self.stated if max(s.subject, s.object or 0) < len(sentence.concepts)]


def checked(text: str, *stated: Stated) -> Verdict:
    return Checker(LINKER, VERIFIER, relations=Saying(*stated)).check(text)[0].verdict


def test_things_are_slots_for_the_reader() -> None:
    """The reader sees no name of a thing, so that what it knows of names cannot make up a relation."""
    saying = Saying()
    Checker(LINKER, VERIFIER, relations=saying).check("Heart failure hatches pleural effusion overnight.")
    (sentence,) = saying.read_texts
    assert sentence.concepts == ("heart_failure", "pleural_effusion")
    assert "heart" not in sentence.text.lower()
    assert "<0>" in sentence.text
    assert "<1>" in sentence.text


OPEN = "Heart failure hatches pleural effusion."
CAUSES = ("CAUSES", "")


def test_the_graph_decides_on_what_is_read() -> None:
    """The same sentence is supported, contradicted or open with what is read into it and what the graph holds."""
    assert PLAIN.check(OPEN)[0].verdict is Verdict.NOT_IN_GRAPH
    assert checked(OPEN, Stated(0, 1, *CAUSES, False, 0.9)) is Verdict.SUPPORTED
    assert checked(OPEN, Stated(0, 1, *CAUSES, True, 0.9)) is Verdict.CONTRADICTED
    assert checked(OPEN, Stated(1, 0, *CAUSES, False, 0.9)) is not Verdict.SUPPORTED
    assert checked(OPEN, Stated(0, 1, "TREATED_BY", "", False, 0.9)) is Verdict.NOT_IN_GRAPH
    assert checked("Heart failure hatches asthma.", Stated(0, 1, *CAUSES, False, 0.9)) is Verdict.NOT_IN_GRAPH


@pytest.mark.parametrize(
    ("text", "share"),
    [
        (OPEN, 0.2),
        ("Heart failure hatches pleural effusion in 90 of 100.", 0.9),
        ("Heart failure hatches pleural effusion beside tularemia.", 0.9),
    ],
    ids=["unsure", "counts", "names what nothing joins"],
)
def test_support_needs_all_of_a_sentence(text: str, share: float) -> None:
    """A reading that is unsure, a sentence that counts or names something apart supports nothing."""
    assert checked(text, Stated(0, 1, *CAUSES, False, share)) is Verdict.NOT_IN_GRAPH


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        (
            "Heart failure hatches pleural effusion, as two nurses never tire of saying on the ward.",
            Verdict.NOT_IN_GRAPH,
        ),
        ("Heart failure, however you look at it, hatches pleural effusion.", Verdict.SUPPORTED),
        ("Heart failure hatches pleural effusion in the pleural space.", Verdict.SUPPORTED),
        ("Heart failure hatches pleural effusion in the left lower lobe.", Verdict.NOT_IN_GRAPH),
        ("Heart failure hatches pleural effusion in the liver.", Verdict.NOT_IN_GRAPH),
        ("Heart failure hatches pleural effusion, and the pleural space turns green.", Verdict.NOT_IN_GRAPH),
        ("Heart failure in most dogs hatches pleural effusion.", Verdict.NOT_IN_GRAPH),
        ("Heart failure that is left untreated hatches pleural effusion.", Verdict.SUPPORTED),
        ("Heart failure on the left hatches pleural effusion.", Verdict.NOT_IN_GRAPH),
    ],
)
def test_what_stands_beside_what_holds(text: str, verdict: Verdict) -> None:
    """A place that belongs to what holds adds nothing, a side, a further clause or another species does."""
    assert checked(text, Stated(0, 1, *CAUSES, False, 0.9)) is verdict


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        (
            "Heart failure never hatches pleural effusion, whatever two nurses who cannot agree on it wrote.",
            "contradicted",
        ),
        ("Heart failure never hatches pleural effusion, which is not true.", "not_in_graph"),
        ("Two nurses who could not agree wrote that heart failure never hatches pleural effusion.", "not_in_graph"),
    ],
)
def test_an_aside_takes_nothing_back(text: str, verdict: str) -> None:
    """What is false stays so beside a number or a denial between commas that names nothing, unless that says it is not so."""
    assert checked(text, Stated(0, 1, *CAUSES, True, 0.9)).value == verdict


def test_what_worsens_is_no_treatment() -> None:
    """However sure the reader is that one thing treats another, what makes it worse does not."""
    treats = Stated(1, 0, "TREATED_BY", "", False, 0.95)
    assert checked("Diuretics hatch calm in heart failure.", treats) is Verdict.SUPPORTED
    assert checked("Diuretics worsen the hatching of heart failure.", treats) is Verdict.NOT_IN_GRAPH


def test_a_value_bears_a_comma_but_no_further_clause() -> None:
    """Where a value is said of the only thing, its own words may hold a comma."""
    acute = Stated(0, None, "HAS_COURSE", "chronic", False, 0.99)
    assert checked("Emphysema, sad to say, hatches for ages, for decades.", acute) is Verdict.SUPPORTED
    assert checked("Emphysema hatches for ages and glows under ultraviolet light.", acute) is Verdict.NOT_IN_GRAPH


@pytest.mark.parametrize(
    ("text", "stated", "verdict"),
    [
        ("Croup in toddlers hatches stridor.", Stated(0, 2, "HAS_SIGN", "", False, 0.9), "supported"),
        ("Lung cancer in toddlers hatches clubbing.", Stated(0, 2, "HAS_SIGN", "", False, 0.9), "not_in_graph"),
        ("Empyema in the pleural space hatches pus.", Stated(0, None, "CONSISTS_OF", "pus", False, 0.95), "supported"),
        ("Asbestos exposure with pneumonia hatches mesothelioma.", Stated(0, 2, *CAUSES, False, 0.9), "not_in_graph"),
        ("Heart failure hatches pleural effusion, and the pleura greens.", Stated(0, 1, *CAUSES, False, 0.9), "not_in_graph"),
        ("The pleura greens, and heart failure hatches pleural effusion.", Stated(1, 2, *CAUSES, False, 0.9), "not_in_graph"),
        ("Heart failure hatches pleural effusion within the trachea.", Stated(0, 1, *CAUSES, False, 0.9), "not_in_graph"),
    ],
)  # fmt: skip
def test_what_stands_apart(text: str, stated: Stated, verdict: str) -> None:
    """A thing of which nothing holds adds nothing where the graph joins it to what holds, its definitions tell of it or it
    is only pushed about; another group of people, a clause of its own or a place do.
    """
    assert checked(text, stated).value == verdict


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Children with croup hatch a barking cough.", "supported"),
        ("Pneumonia with croup hatches a barking cough.", "not_in_graph"),
    ],
)
def test_a_patient_with_a_disease_is_one_thing(text: str, verdict: str) -> None:
    """Of two diseases together nothing follows for one of them; a child that has one is no second thing."""
    assert (
        checked(text, Stated(1, 2, "HAS_SYMPTOM", "", False, 0.9), Stated(1, 2, "HAS_SIGN", "", False, 0.05)).value
        == verdict
    )


@pytest.mark.parametrize(
    ("text", "denied", "verdict"),
    [
        ("Heart failure, dull as it may seem before two consultants, hatches pleural effusion.", False, "supported"),
        ("Heart failure, which we were shown in three lectures, hatches pleural effusion.", False, "supported"),
        ("Heart failure, which we know is untrue, hatches pleural effusion.", False, "not_a_claim"),
        ("Heart failure, given to three in ten, hatches pleural effusion.", False, "not_in_graph"),
        ("In three wards heart failure never hatches pleural effusion.", True, "contradicted"),
        ("Heart failure hatches pleural effusion, not vice versa.", False, "supported"),
    ],
)
def test_talk_and_numbers(text: str, denied: bool, verdict: str) -> None:
    """What the writer says of himself between signs is no part of the claim; a number limits what is true, not what is false."""
    assert checked(text, Stated(0, 1, *CAUSES, denied, 0.9)).value == verdict


@pytest.mark.parametrize(
    ("text", "stated", "verdict"),
    [
        ("Heart failure hatches pleural effusion and sandbags.", Stated(0, 1, *CAUSES, False, 0.9), "not_in_graph"),
        ("Heart failure, an infection, hatches pleural effusion.", Stated(0, 1, *CAUSES, False, 0.9), "not_in_graph"),
        ("Heart failure hatches crackles, pleural effusion and pneumonia.", Stated(0, 2, *CAUSES, False, 0.9), "not_in_graph"),
        ("Heart failure, a form of pneumonia, hatches pleural effusion.", Stated(0, 2, *CAUSES, False, 0.9), "not_in_graph"),
        ("Thrombolysis hatches well in aortic dissection.", Stated(0, 1, "CONTRAINDICATED_IN", "", False, 0.9), "not_in_graph"),
        ("Thrombolysis hatches disaster in aortic dissection.", Stated(0, 1, "CONTRAINDICATED_IN", "", False, 0.9), "supported"),
    ],
)  # fmt: skip
def test_what_is_added_to_what_holds_keeps_it_open(text: str, stated: Stated, verdict: str) -> None:
    """A further member of a list, an aside that tells what a thing is, a tail; and no contraindication without a warning."""
    assert checked(text, stated).value == verdict


@pytest.mark.parametrize(
    "text",
    [
        "Direct oral anticoagulants treat pulmonary embolism in pregnant women.",
        "Unlike warfarin, low molecular weight heparin is used for pulmonary embolism in pregnancy.",
        "Doxycycline is the drug to use in pregnant women.",
        "Asthma, an infection, makes people wheeze.",
        "Sarcoidosis is cured by steroids.",
    ],
)
def test_what_the_rules_must_not_settle(text: str) -> None:
    """What is contraindicated in something named is neither treatment nor denied one; an aside and a cure say more."""
    assert Checker(LINKER, VERIFIER, relations=BUNDLED).check(text)[0].verdict not in {
        Verdict.SUPPORTED,
        Verdict.CONTRADICTED,
    }


def test_what_must_not_be_done_is_contraindicated() -> None:
    """A "not" that forbids affirms the contraindication; another one leaves it open."""
    forbids = Stated(1, 0, "CONTRAINDICATED_IN", "", False, 0.9)
    assert checked("Pregnant women must not be sprinkled with the measles vaccine.", forbids) is Verdict.SUPPORTED
    assert checked("Pregnant women do not sprinkle the measles vaccine.", forbids) is Verdict.NOT_IN_GRAPH


def test_what_the_writer_says_of_medicine_is_read() -> None:
    """A sentence in the first person is a claim where the graph settles it, and else none."""
    text = "We hatch pleural effusion from heart failure."
    assert PLAIN.check(text)[0].verdict is Verdict.NOT_A_CLAIM
    assert checked(text, Stated(1, 0, *CAUSES, False, 0.9)) is Verdict.SUPPORTED
    assert (
        checked("Let us hatch pleural effusion from heart failure.", Stated(1, 0, *CAUSES, False, 0.9))
        is Verdict.NOT_A_CLAIM
    )


def test_what_is_settled_stays_as_it_was() -> None:
    """The reader is asked of open sentences alone: no verdict of the wordings changes, no question becomes a claim."""
    text = "Heart failure causes pleural effusion. Does heart failure cause asthma? Pneumothorax is fluid."
    before = PLAIN.check(text)
    saying = Saying(Stated(0, 1, *CAUSES, True, 1.0))
    assert Checker(LINKER, VERIFIER, relations=saying).check(text) == before
    assert saying.read_texts == []


WORDINGS = [
    ("What lies behind <0> may well be <1>.", 1, "CAUSES", 0, False),
    ("A film that shows <0> ought to make you think of <1>.", 0, "SUGGESTS", 1, False),
    ("Nobody has ever shown that <0> brings on <1>.", 0, "CAUSES", 1, True),
    ("The end of the <0> should come to rest in the <1>.", 0, "TIP_BELONGS_IN", 1, False),
    ("<0> responds nicely to <1>.", 0, "TREATED_BY", 1, False),
    ("Anyone who has <0> ought never to be given <1>.", 1, "CONTRAINDICATED_IN", 0, False),
]


@pytest.mark.parametrize(("text", "subject", "predicate", "other", "denied"), WORDINGS, ids=[w[2] for w in WORDINGS])
def test_the_bundled_reader_reads(text: str, subject: int, predicate: str, other: int, denied: bool) -> None:
    """Wordings that no rule knows: the likeliest reading is the one that a person would give."""
    stated = [s for s in BUNDLED.read(Masked(text, ("a", "b")), {}) if s.object is not None]
    best = max(stated, key=lambda s: s.share)
    assert (best.subject, best.predicate, best.object, best.denied) == (subject, predicate, other, denied)


@pytest.mark.parametrize(
    ("text", "kinds", "read"),
    [
        ("<0> belongs to <1>.", ("symptom", "disease"), ("HAS_SYMPTOM", 1, 0)),
        ("<0> belongs to <1>.", ("disease", "population"), ("AFFECTS", 0, 1)),
        ("For <0> there is <1>.", ("disease", "treatment"), ("TREATED_BY", 0, 1)),
        ("For <0> there is <1>.", ("disease", "test"), ("INVESTIGATED_BY", 0, 1)),
    ],
)
def test_the_same_words_say_another_thing_of_other_kinds(
    text: str, kinds: tuple[str, str], read: tuple[str, int, int]
) -> None:
    """What few words state depends on what kinds of things they join; the reader is told these, and no names."""
    stated = [
        s for s in BUNDLED.read(Masked(text, ("a", "b")), dict(zip("ab", kinds, strict=True))) if s.object is not None
    ]
    best = max(stated, key=lambda s: s.share)
    assert (best.predicate, best.subject, best.object) == read


SLOTS = st.lists(st.one_of(st.sampled_from([f"<{n}>" for n in range(12)]), st.text(max_size=12)), max_size=40)


@settings(max_examples=100, deadline=None)
@given(SLOTS)
def test_any_text_gives_shares(parts: list[str]) -> None:
    """Whatever stands in a sentence: shares of 0 to 1, of slots that it has, at most 1 for each pair together."""
    sentence = Masked(" ".join(parts), tuple(f"c{n}" for n in range(9)))
    stated = BUNDLED.read(sentence, {})
    together: dict[tuple[int, int | None], float] = {}
    for s in stated:
        assert f"<{s.subject}>" in sentence.text
        assert s.subject != s.object
        assert s.object is None or f"<{s.object}>" in sentence.text
        assert 0 <= s.share <= 1
        key = (s.subject, None) if s.object is None else (min(s.subject, s.object), max(s.subject, s.object))
        together[key] = together.get(key, 0.0) + s.share
    assert all(share <= 1.001 for share in together.values())


def test_a_long_sentence_is_read_to_its_limit() -> None:
    """What stands behind the longest stretch is not read, and nothing breaks."""
    text = "<0> " + "and so on " * LONGEST + "<1>"
    assert all(s.object is None for s in BUNDLED.read(Masked(text, ("a", "b")), {}))


def test_a_relation_that_cannot_join_such_things_is_not_read() -> None:
    """Of a place and a population nothing is located; the other readings have its share, and the reversed one stays."""
    sentence = Masked("<0> is a problem of <1>", ("pneumonia", "children"))
    kinds = {"pneumonia": "disease", "children": "population"}
    read = [Stated(0, 1, "LOCATED_IN", "", False, 0.8), Stated(0, 1, "AFFECTS", "", False, 0.1)]
    assert sensible(sentence, read, kinds) == (Stated(0, 1, "AFFECTS", "", False, pytest.approx(0.5)),)
    turned = [Stated(1, 0, "AFFECTS", "", False, 0.9)]
    assert sensible(sentence, turned, kinds) == tuple(turned)
    assert sensible(sentence, [Stated(0, 1, "LOCATED_IN", "", False, 0.99)], kinds) == ()
    assert sensible(sentence, read, {}) == tuple(read)

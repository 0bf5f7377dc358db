"""Ways of writing: what a model may choose, which draft is the better one, and how sure the words sound."""

from dataclasses import replace

import pytest

from copilot import composing, prompts
from copilot.evaluation.grounding import questions
from copilot.personas import PERSONAS
from copilot.types import PersonaName, Writing
from guardrails.text import reference
from kg import wording
from kg.types import CheckedSentence, RankedFact, Tier, Verdict
from tests.fakes.fact_store import core_store

FACTS = tuple(RankedFact(fact, 1.0) for fact in core_store().facts[:5])
PERSONA = PERSONAS[PersonaName.CLINICIAN]


def sentence(verdict: Verdict, number: int = 0) -> CheckedSentence:
    return CheckedSentence(
        f"{verdict} {number}", verdict, (FACTS[number].fact,) if verdict is Verdict.SUPPORTED else ()
    )


def test_a_choice_orders_facts_and_can_say_nothing_else() -> None:
    """Numbers outside the list and repeated ones are passed over; words are not even looked at."""
    assert composing.in_order("3. 1; 3. 99.", FACTS) == (FACTS[2], FACTS[0])
    assert composing.in_order("The patient is healthy.", FACTS) == FACTS


def test_the_grammar_allows_numbers_and_joints_only() -> None:
    """llama.cpp reads it, and every terminal in it is a number, a full stop or a semicolon."""
    llama_cpp = pytest.importorskip("llama_cpp")
    grammar = prompts.order_grammar(12, 8)
    assert llama_cpp.LlamaGrammar.from_string(grammar, verbose=False)
    literals = set(grammar.split('"')[1::2])
    assert literals == {str(n) for n in range(1, 13)} | {". ", "; ", "."}


def test_a_repair_is_taken_only_when_it_is_better() -> None:
    """Fewer contradictions first, then more support; an empty second draft loses; what was right in the first stays."""
    bad, good, other = sentence(Verdict.CONTRADICTED), sentence(Verdict.SUPPORTED), sentence(Verdict.SUPPORTED)
    assert composing.repaired([bad, good], [other]) == (good, other)
    assert composing.repaired([good], [bad, good, good]) == [good]
    assert composing.repaired([bad, good], []) == [bad, good]
    assert composing.repaired([good], [other, other]) == (good, other, other)


@pytest.mark.parametrize(("writing", "note"), [("composed", ()), ("chosen", (composing.CHOSEN,))])
def test_facts_are_told_in_the_order_given(writing: Writing, note: tuple[str, ...]) -> None:
    """Composed and chosen answers are the facts themselves; only the second owes its order to a model."""
    turned = FACTS[::-1]
    composition = composing.compose((), turned, PERSONA, {}, writing)
    assert [s.facts[0] for s in composition.sentences] == [r.fact for r in turned]
    assert composition.notes == note


def test_a_drafted_answer_never_shows_a_contradicted_sentence() -> None:
    """Whatever the way of writing."""
    draft = [sentence(Verdict.SUPPORTED, 0), sentence(Verdict.CONTRADICTED), sentence(Verdict.NOT_IN_GRAPH)]
    for writing in ("best", "drafted", "chosen", "composed"):
        shown = composing.compose(draft, FACTS, PERSONA, {}, writing).sentences  # type: ignore[arg-type]
        assert all(s.verdict is not Verdict.CONTRADICTED for s in shown)


@pytest.mark.parametrize(("tier", "word"), [(Tier.IMPORTED, "unreviewed"), (Tier.MINED, "not reviewed")])
def test_words_are_less_sure_for_a_lower_tier(tier: Tier, word: str) -> None:
    """Nobody reads an imported or mined fact as if it stood in a textbook."""
    lower = RankedFact(replace(FACTS[0].fact, tier=tier), 1.0)
    (told,) = composing.from_facts([lower], PERSONA, {})
    (plain,) = composing.from_facts([FACTS[0]], PERSONA, {})
    assert word in told.text
    assert word not in plain.text


def test_a_repair_tells_what_was_got_wrong_and_never_quotes_it() -> None:
    """The contradicted facts come first and once more at the end, good sentences are kept, and facts are few."""
    wrong = CheckedSentence(
        "A pneumothorax is fluid.", Verdict.CONTRADICTED, (FACTS[4].fact,), "The graph denies this."
    )
    draft = [sentence(Verdict.SUPPORTED), wrong]
    told = [wording.sentence(ranked.fact) for ranked in FACTS]
    kept, missed = reference(prompts.good(draft)), prompts.missed(draft)
    rules, asked = prompts.repair(PERSONA, reference("What is a pneumothorax?"), told, (), kept, missed)
    assert 'Good: "' in rules.content.text
    assert "is fluid" not in rules.content.text + asked.content.text
    assert f"1. {told[4]}\n2. {told[0]}\n" in asked.content.text
    assert asked.content.text.endswith(f"Remember: {told[4]}")
    assert told[3] not in asked.content.text


def test_a_repair_tells_what_the_film_shows() -> None:
    """Where no fact of the graph but the encoder's reading contradicted a sentence."""
    reason = "The encoder reads the film the other way: pleural effusion is present."
    assert prompts.missed([CheckedSentence("No effusion.", Verdict.CONTRADICTED, (), reason)]) == [reason]


def test_the_questions_of_the_evaluation_have_deciding_facts() -> None:
    """The same for a seed, and none that nothing could answer."""
    facts = core_store().facts
    asked = list(questions(facts, 150))
    assert asked == list(questions(facts, 150))
    assert len(asked) == 150
    assert len({q.text for q in asked}) == 150
    known = {f.id for f in facts}
    assert all(q.deciding and q.deciding <= known for q in asked)
    assert not any("{" in q.text for q in asked)

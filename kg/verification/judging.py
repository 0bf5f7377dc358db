"""A judgement: whether a fact says what the claim says, whether it bears on it, and the sentence of reason.

Knows nothing of which facts to look for.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from kg import wording
from kg.linking.normal import phrase
from kg.types import Claim, Fact, Tier, Verdict
from kg.verification import rules

_TRUSTED = frozenset({Tier.CURATED, Tier.REVIEWED})
# Contradiction by more than a word or two beyond the claim would judge something that the sentence did not say.
_MOST_RESIDUE = 2
# Words that turn a sentence round: with one of them unread, nothing may be decided.
_TURNS = frozenset(
    {
        "not",
        "no",
        "without",
        "except",
        "unless",
        "neither",
        "nor",
        "rather",
        "instead",
        "fail",
        "absence",
        "lack",
        "despite",
        "although",
        "even",
        "unlike",
        "than",
    }
)


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on one claim, the facts that decide it and one plain sentence of reason."""

    verdict: Verdict
    facts: tuple[Fact, ...] = ()
    reason: str = ""


NOT_IN_GRAPH = Judgement(Verdict.NOT_IN_GRAPH, (), "The graph holds nothing that settles this.")
NOT_ALWAYS = Judgement(
    Verdict.NOT_IN_GRAPH, (), "The graph says that it can be so, not that it is so without exception."
)
NOT_USUALLY = Judgement(Verdict.NOT_IN_GRAPH, (), "The graph says that it can be so, not that it usually is.")
OPEN = Judgement(
    Verdict.NOT_IN_GRAPH, (), "The graph holds something like it, but the sentence says more than the graph does."
)


def supported(claim: Claim, facts: Sequence[Fact]) -> Judgement:
    fitting = [f for f in facts if _carries(f, claim)]
    if not fitting:
        return OPEN
    best = sorted(
        fitting, key=lambda f: (f.tier not in _TRUSTED, f.predicate != claim.predicate, len(f.qualifiers), f.id)
    )
    chosen = best[0]
    said = wording.sentence(chosen).rstrip(".")
    source = "" if chosen.tier in _TRUSTED else " (unreviewed source)"
    return Judgement(Verdict.SUPPORTED, (chosen,), f"The graph says so{source}: {said}.")


def _carries(fact: Fact, claim: Claim) -> bool:
    """Whether the fact says everything the claim says: no word is left over, and no needed condition is missing."""
    left, beyond = _unsaid(fact, claim)
    if left or beyond:
        return False
    if fact.predicate in rules.CONDITION_MATTERS and not fact.denied and not claim.denied:
        conditions = {w for key, value in fact.qualifiers if key in {"condition"} for w in phrase(value)}
        said = {*claim.residue} | {word for _, words in claim.context for word in words}
        return not conditions or bool(conditions & said)
    return True


def contradicted(claim: Claim, facts: Sequence[Fact], why: str) -> Judgement:
    trusted = [f for f in facts if f.tier in _TRUSTED and _bears(f, claim)]
    if not trusted:
        return NOT_IN_GRAPH if not facts else OPEN
    best = sorted(trusted, key=lambda f: (f.predicate != claim.predicate, len(f.qualifiers), f.id))[0]
    return Judgement(Verdict.CONTRADICTED, (best,), f"{why}: {wording.sentence(best).rstrip('.')}.")


def _bears(fact: Fact, claim: Claim) -> bool:
    """Whether the fact is about the same case as the claim, so that it may contradict it."""
    left, beyond = _unsaid(fact, claim)
    return not _TURNS & set(left) and len(left) + len(beyond) <= (1 if beyond else _MOST_RESIDUE)


def _unsaid(fact: Fact, claim: Claim) -> tuple[list[str], list[str]]:
    """(words, concepts) of the claim that the fact and its qualifiers do not say."""
    qualified = {word for pair in fact.qualifiers for said in pair for word in phrase(said)} | rules.goes_with(
        fact.predicate
    )
    told = qualified | set(phrase(fact.subject_name)) | set(phrase(fact.object_name))
    left = [w for w in claim.residue if w not in told]
    beyond = [
        concept
        for concept, words in claim.context
        if concept
        and concept not in {fact.subject, fact.object}
        and concept not in rules.GOES_WITHOUT_SAYING
        and not told >= set(words)
        and not told >= set(phrase(concept.replace("_", " ")))
    ]
    return left, beyond


def applies(fact: Fact, claim: Claim) -> bool:
    """Whether nothing limits the fact but what the claim itself names."""
    said = {*claim.residue} | {word for _, words in claim.context for word in words}
    limits = [{*phrase(value)} for key, value in fact.qualifiers if key in rules.LIMITS]
    return all(words & said for words in limits)


def limited(fact: Fact) -> bool:
    """Whether the fact holds for one population or condition only, so that another one may have another value."""
    return any(key in rules.LIMITS for key, _ in fact.qualifiers)

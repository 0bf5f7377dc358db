"""`Verifier`: claims against the graph. Supported, contradicted or not in the graph, with the facts that decide.

Knows nothing of sentences, of films and of the driver: it asks a `FactStore`, in few questions for a whole answer.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from kg.memory import FactStore, FactStores
from kg.predicates import PREDICATES
from kg.types import Claim, Fact, Verdict
from kg.verification import against, rules
from kg.verification.described import defined, definition, same_thing, worded, words_of
from kg.verification.evidence import denying, supporting
from kg.verification.judging import (
    BOTH_WAYS,
    NOT_ALWAYS,
    NOT_EXCLUDED,
    NOT_IN_GRAPH,
    NOT_USUALLY,
    OPEN,
    TRUSTED,
    Judgement,
    applies,
    contradicted,
    limited,
    supported,
)
from kg.verification.known import Known
from kg.verification.measured import measured

__all__ = ["Judgement", "Look", "Verifier"]


class Verifier:
    """Checks claims. Holds no state but the way to the graph, so that threads share one."""

    def __init__(self, stores: FactStores) -> None:
        self._stores = stores

    def look(self) -> "Look":
        """The graph as it stands now, for the claims of one text. Raises what the store raises."""
        return Look(self._stores.now())

    def kinds(self, concepts: Iterable[str]) -> Mapping[str, Collection[str]]:
        """What each concept is a kind of, as the graph has it."""
        return self._stores.now().ancestors(concepts)

    def verify(self, claims: Sequence[Claim]) -> tuple[Judgement, ...]:
        """One judgement for each claim. Raises what the store raises."""
        return self.look().verify(claims)


@dataclass(frozen=True, slots=True)
class Look:
    """One state of the graph, of which several batches of claims may be asked."""

    store: FactStore

    def verify(self, claims: Sequence[Claim]) -> tuple[Judgement, ...]:
        """One judgement for each claim. Raises what the store raises."""
        if not claims:
            return ()
        known = Known.of(claims, self.store)
        return tuple(_judge(claim, known) for claim in claims)

    def joined(self, pairs: Iterable[tuple[str, str]]) -> frozenset[tuple[str, str]]:
        """The pairs that a fact or denial joins, or of which it joins the one to what the other is a kind of."""
        asked = frozenset(pairs)
        above = self.store.ancestors({end for pair in asked for end in pair})
        wider = {
            (a, b): {(a, b), *((up, b) for up in above.get(a, ())), *((a, up) for up in above.get(b, ()))}
            for a, b in asked
        }
        facts = self.store.facts_between({pair for some in wider.values() for pair in some}) if asked else ()
        found = {way for f in facts for way in ((f.subject, f.object), (f.object, f.subject))}
        return frozenset(pair for pair, some in wider.items() if some & found)

    def near(self, concepts: Collection[str]) -> tuple[Fact, ...]:
        """What is known of the concepts and of what they are kinds of, definitions too; nothing that nobody reviewed."""
        wide = {*concepts, *(up for above in self.store.ancestors(concepts).values() for up in above)}
        facts = [f for f in self.store.facts_about(wide) if f.tier in TRUSTED] if wide else []
        defined_ = (d for c in self.store.concepts(wide) if c.definition and (d := definition(c)).tier in TRUSTED)
        return (*facts, *defined_)

    def names(self, concepts: Collection[str]) -> Mapping[str, tuple[str, ...]]:
        """All names of each of the concepts that exist."""
        found = self.store.concepts(concepts) if concepts else ()
        return {c.id: tuple(name for name in (c.name, c.lay_name, *c.synonyms) if name) for c in found}

    def categories(self, concepts: Collection[str]) -> Mapping[str, str]:
        """What kind of thing each of the concepts is that exist."""
        return {concept.id: concept.category for concept in self.store.concepts(concepts)} if concepts else {}

    def words(self, facts: Sequence[Fact]) -> frozenset[str]:
        """The words of facts and of the names and definitions of what they join, in normal form."""
        said = [value for fact in facts for pair in fact.qualifiers for value in pair]
        said += [PREDICATES[fact.predicate].says for fact in facts if fact.predicate in PREDICATES]
        for concept in self.store.concepts({end for fact in facts for end in (fact.subject, fact.object) if end}):
            said += [concept.name, concept.definition, *concept.synonyms]
        return words_of(said)


def _judge(claim: Claim, known: Known) -> Judgement:
    claim = _which_lobe(claim, known)
    if claim.predicate == rules.SAME_AS:
        return same_thing(claim, known)
    if claim.predicate == rules.DEFINED_AS:
        return defined(claim, known)
    if claim.predicate == rules.WORDED_AS:
        return worded(claim, known)
    if claim.quantity is not None:
        return measured(claim, known)
    judgement = _denied(claim, known) if claim.denied else _stated(claim, known)
    if judgement is not None:
        return judgement
    if claim.predicate == "LOCATED_IN" and claim.object in rules.ZONES:
        return _judge(replace(claim, predicate="HAS_DISTRIBUTION", object=rules.ZONES[claim.object]), known)
    return NOT_IN_GRAPH


def _which_lobe(claim: Claim, known: Known) -> Claim:
    """Of a part of the body "the lower lobe" is the one on its own side."""
    height = {"upper", "middle", "lower"} & {*claim.residue}
    if claim.object != "lung_lobe" or claim.predicate not in {"PART_OF", "LOCATED_IN"} or len(height) != 1:
        return claim
    side = {
        rules.side_of(f.object)
        for f in known.having("PART_OF", claim.subject)
        if not f.denied and f.subject == claim.subject
    }
    lobe = f"{side.pop() if len(side) == 1 else ''}_{min(height)}_lobe"
    named = any(lobe in group for group in rules.PLACES_APART)
    residue = tuple(word for word in claim.residue if word not in height)
    return replace(claim, object=lobe, residue=residue) if named else claim


def _stated(claim: Claim, known: Known) -> Judgement | None:
    """The verdict on an affirmative claim."""
    support, denial = _not_the_cause(claim, supporting(claim, known), known), denying(claim, known)
    if claim.extent == "rare":
        return _rare(claim, support, denial, known)
    if claim.extent in {"always", "only"}:
        refuted = _not_without_exception(claim, known)
        if refuted or (support and claim.predicate not in rules.UNIVERSAL):
            return refuted or NOT_ALWAYS
    if claim.extent == "typical" and claim.predicate == rules.OCCURS_IN:
        support = [f for f in support if f.predicate not in rules.MAY_BE_RARE]
    if support and not (support := _usual(claim, support)):
        return NOT_USUALLY
    if support and denial:
        support, denial = _outweigh(claim, support, denial)
        if not support and not denial:
            return BOTH_WAYS
    if denial:
        strict = [f for f in denial if claim.extent != "can" or not _leaves_room(f, claim)]
        if not strict:
            return NOT_EXCLUDED
        return OPEN if _explained(claim, known) else contradicted(claim, strict, "The graph denies this", known)
    support = support or against.unused(claim, known)
    return supported(claim, support, known) if support else _against(claim, known)


def _not_the_cause(claim: Claim, support: list[Fact], known: Known) -> list[Fact]:
    """Without what a thing merely shows, where the graph has that for its cause: "flail chest can cause rib fractures"."""
    causes = known.having("CAUSES", claim.object) if claim.predicate == "CAUSES" else ()
    if not any(f.subject == claim.object and f.object == claim.subject and not f.denied for f in causes):
        return support
    return [f for f in support if f.predicate in {"CAUSES", "COMMONEST_CAUSE_OF"}]


def _leaves_room(denial: Fact, claim: Claim) -> bool:
    """Whether what is not so as a rule, or not in one case, may still be so in another."""
    if claim.predicate in rules.PROVING:
        return False  # what fails in one case cannot prove or exclude a thing
    often = "frequency" in dict(denial.qualifiers) or denial.predicate in rules.TYPICAL_ONLY
    return often or not applies(denial, claim)


def _explained(claim: Claim, known: Known) -> bool:
    """Whether something else that the sentence names does what is denied of the subject: "A with B causes C"."""
    return any(
        supporting(replace(claim, subject=subject, object=obj, context=()), known)
        for concept, _ in claim.context
        if concept
        for subject, obj in ((concept, claim.object), (claim.subject, concept))
    )


def _usual(claim: Claim, facts: list[Fact]) -> list[Fact]:
    """The facts that bear the claim out as often as it says: "usually", "commonly"."""
    if claim.extent in {"typical", "mostly", "always"}:
        facts = [f for f in facts if not _says_rare(f)]
    kinds = rules.USUAL.get(claim.predicate) if claim.extent == "mostly" else None
    return facts if kinds is None else [f for f in facts if f.predicate in kinds or dict(f.qualifiers).get("frequency")]


def _denied(claim: Claim, known: Known) -> Judgement:
    """The verdict on a negative claim: a denial supports it, a fact contradicts it."""
    positive = _positive(claim)
    denials, facts = denying(positive, known), supporting(positive, known)
    if claim.extent == "not_always":
        spared = denials or [
            f for f in known.having("REQUIRES", claim.subject) if f.denied and f.object == claim.object
        ]
        return supported(claim, spared, known) if spared else NOT_IN_GRAPH
    if claim.extent == "never":
        if facts and not [f for f in denials if not limited(f)]:
            return contradicted(claim, facts, "The graph says the opposite", known)
        denials = [f for f in denials if f.predicate not in rules.TYPICALLY_DENIED and not limited(f)]
    if denials and facts:
        denials, facts = _outweigh(claim, denials, facts)
        if not denials and not facts:
            return BOTH_WAYS
    if denials:
        return supported(claim, denials, known)
    if facts:
        # What can be so may not be so in some cases, and what can be seen is often missed.
        partial = {"can", "typical", "mostly"} if claim.predicate == "DETECTS" else {"can"}
        some = claim.predicate in rules.EXISTENTIAL and claim.extent in partial
        return NOT_ALWAYS if some else contradicted(claim, facts, "The graph says the opposite", known)
    excluded = (
        []
        if claim.extent == "never"
        else [
            *against.excluded(replace(positive, extent=claim.extent), known),
            *against.forbidden(positive, known),
            *(against.reverse(positive, known) if claim.predicate in rules.COMPARING else ()),
        ]
    )
    return supported(claim, excluded, known) if excluded else NOT_IN_GRAPH


def _says_rare(fact: Fact) -> bool:
    """Whether the fact says of itself that it holds seldom."""
    return re.search(r"rare|uncommon|unusual|seldom", dict(fact.qualifiers).get("frequency", "")) is not None


def _rare(claim: Claim, facts: Sequence[Fact], denials: Sequence[Fact], known: Known) -> Judgement:
    """What is said to be rare is borne out by a fact that says so or a denial as a rule, and refuted by a commonest cause."""
    as_a_rule = [] if facts else [f for f in denials if "frequency" in dict(f.qualifiers)]
    rare = [f for f in facts if _says_rare(f)] or as_a_rule
    if rare:
        return supported(claim, rare, known)
    commonest = [f for f in facts if f.predicate == "COMMONEST_CAUSE_OF" and not limited(f)]
    return (
        contradicted(claim, commonest, "The graph says the opposite", known)
        if commonest
        else (OPEN if facts else NOT_IN_GRAPH)
    )


def _outweigh(claim: Claim, one: list[Fact], other: list[Fact]) -> tuple[list[Fact], list[Fact]]:
    """Which of two opposed groups of facts decides: what holds in every case, or in the case that the claim names.

    What nobody here wrote or reviewed does not stand up to what somebody did.
    """
    told, against_it = ([f for f in facts if f.tier in TRUSTED] for facts in (one, other))
    if bool(told) != bool(against_it):
        return (told, []) if told else ([], against_it)
    mine, theirs = ([f for f in facts if applies(f, claim)] for facts in (one, other))
    if bool(mine) != bool(theirs):
        return (mine, []) if mine else ([], theirs)
    if claim.predicate in rules.LOOSE or not mine:
        return [], []
    exact, opposed = ([f for f in facts if f.predicate == claim.predicate] for facts in (mine, theirs))
    if bool(exact) != bool(opposed):
        return (exact, []) if exact else ([], opposed)
    return [], []


def _positive(claim: Claim) -> Claim:
    return Claim(
        claim.subject,
        claim.predicate,
        claim.object,
        quantity=claim.quantity,
        context=claim.context,
        residue=claim.residue,
    )


def _against(claim: Claim, known: Known) -> Judgement | None:
    """Facts that cannot be true together with the claim, though none denies it."""
    undecided: Judgement | None = None
    for find, why in (
        (against.exclusive, "The graph gives another value"),
        (against.another_place, "The graph gives another place"),
        (against.forbidden, "The graph says that it should not be used there"),
        (against.used, "The graph says that it is used there"),
        (against.opposite_effect, "The graph says the opposite"),
        (against.another_kind_of_organism, "The graph knows of an organism of another kind"),
        (against.another_organism, "The graph knows of another organism"),
        (against.opposite_finding, "The graph says the opposite"),
        (against.pointed_to, "The graph says the opposite"),
        (against.reverse, "The graph says it the other way round"),
    ):
        facts = find(claim, known)
        if facts and (find is not against.reverse or not claim.residue):
            judgement = contradicted(claim, facts, why, known)
            if judgement.verdict is Verdict.CONTRADICTED:
                return judgement
            undecided = undecided or judgement
    return undecided


def _not_without_exception(claim: Claim, known: Known) -> Judgement | None:
    """Another cause, or a denial that it is needed: either refutes "always" and "only"."""
    spared = [f for f in known.having("REQUIRES", claim.subject) if f.denied and f.object == claim.object]
    if spared and claim.predicate not in rules.UNIVERSAL:
        return contradicted(claim, spared, "The graph says that there are exceptions", known)
    unproven = [
        f
        for f in known.having("CONFIRMS", claim.subject)
        if f.denied and claim.predicate == "CAUSES" and (f.subject, f.object) == (claim.object, claim.subject)
    ]
    if unproven:
        return contradicted(claim, unproven, "The graph says that it does not prove it", known)
    if claim.extent == "only" and claim.predicate in {"CAUSES", "CONFIRMS"}:
        others = against.others(claim, known)
        if others:
            return contradicted(claim, others, "The graph knows of another one", known)
    return None

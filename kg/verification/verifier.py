"""`Verifier`: claims against the graph. Supported, contradicted or not in the graph, with the facts that decide.

Knows nothing of sentences, of films and of the driver: it asks a `FactStore`, in few round trips for a whole answer.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from kg import wording
from kg.linking.normal import phrase
from kg.predicates import PREDICATES
from kg.types import Claim, Concept, Fact, Quantity, Tier, Verdict
from kg.verification import rules
from kg.verification.quantities import Comparison, comparable, compare, complement

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
_MANY = 4000
_VALUED = tuple(sorted(p.name for p in PREDICATES.values() if p.functional or p.exclusive or p.inverse_functional))
_LOOKED_UP = (
    *_VALUED,
    "HAS_COURSE",
    "HAS_THRESHOLD",
    "HAS_VALUE",
    "TIP_BELONGS_IN",
    "LOCATED_IN",
    "PART_OF",
    "BORDERS",
    "OBSCURES",
)


# Only for these does it matter what kind of thing a concept is, or how it is defined.
_NEEDS_CONCEPTS = rules.SIDED | rules.MEASURED | {rules.SAME_AS, rules.DEFINED_AS}


class FactStore(Protocol):
    """What the verifier asks of a graph. `kg.graph.Graph` is one."""

    def ancestors(self, concept_ids: Iterable[str], /) -> Mapping[str, Collection[str]]:
        """What each concept is a kind of."""

    def descendants(self, concept_ids: Iterable[str], /) -> Mapping[str, Collection[str]]:
        """The kinds of each concept."""

    def facts_between(self, pairs: Iterable[tuple[str, str]], /) -> Sequence[Fact]:
        """Facts and denials that join the two concepts of a pair, whichever way they point."""

    def facts_about(
        self, concept_ids: Iterable[str], predicates: Iterable[str] | None = None, limit: int = 400
    ) -> Sequence[Fact]:
        """Facts and denials with one of the concepts at either end."""

    def concepts(self, concept_ids: Iterable[str], /) -> Sequence[Concept]:
        """Those of the concepts that exist."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on one claim, the facts that decide it and one plain sentence of reason."""

    verdict: Verdict
    facts: tuple[Fact, ...] = ()
    reason: str = ""


NOT_IN_GRAPH = Judgement(Verdict.NOT_IN_GRAPH, (), "The graph holds nothing that settles this.")
_NOT_ALWAYS = Judgement(
    Verdict.NOT_IN_GRAPH, (), "The graph says that it can be so, not that it is so without exception."
)
_NOT_USUALLY = Judgement(Verdict.NOT_IN_GRAPH, (), "The graph says that it can be so, not that it usually is.")
_OPEN = Judgement(
    Verdict.NOT_IN_GRAPH, (), "The graph holds something like it, but the sentence says more than the graph does."
)


class Verifier:
    """Checks claims. Holds no state but the store, so that threads share one."""

    def __init__(self, store: FactStore) -> None:
        self._store = store

    def kinds(self, concepts: Iterable[str]) -> Mapping[str, Collection[str]]:
        """What each concept is a kind of, as the store has it."""
        return self._store.ancestors(concepts)

    def verify(self, claims: Sequence[Claim]) -> tuple[Judgement, ...]:
        """One judgement for each claim. Raises what the store raises."""
        if not claims:
            return ()
        known = _Known.of(claims, self._store)
        return tuple(_judge(claim, known) for claim in claims)


class _Known:
    """Everything the store said that bears on a batch of claims."""

    def __init__(
        self,
        facts: Iterable[Fact],
        above: Mapping[str, Collection[str]],
        below: Mapping[str, Collection[str]],
        concepts: Iterable[Concept],
    ) -> None:
        self.facts = tuple({f.id: f for f in facts}.values())
        self.above, self.below = above, below
        self.concepts = {c.id: c for c in concepts}
        self._of: dict[tuple[str, str], list[Fact]] = {}
        for fact in self.facts:
            self._of.setdefault((fact.predicate, fact.subject), []).append(fact)
            if fact.object != fact.subject:
                self._of.setdefault((fact.predicate, fact.object), []).append(fact)

    @classmethod
    def of(cls, claims: Sequence[Claim], store: FactStore) -> "_Known":
        """Asks the store, once of each kind, whatever the number of claims."""
        ends = {end for c in claims for end in (c.subject, c.object) if end}
        above, below = store.ancestors(ends), store.descendants(ends)
        pairs: set[tuple[str, str]] = set()
        for claim in claims:
            pairs |= _pairs(claim, above, below)
        looked_up = ends | {up for c in claims if c.predicate in rules.INHERITED for up in above.get(c.subject, ())}
        facts = [
            *store.facts_between(pairs),
            *store.facts_about(looked_up, _LOOKED_UP, _MANY),
        ]
        only = {c.object for c in claims if c.extent in {"only", "always"}} | {
            c.subject for c in claims if c.extent in {"only", "always"}
        }
        if only:
            facts += store.facts_about(only, ("CAUSES", "REQUIRES", "TREATED_BY", "AFFECTS"), _MANY)
        described = {end for c in claims if c.predicate in _NEEDS_CONCEPTS for end in (c.subject, c.object) if end}
        return cls(facts, above, below, store.concepts(described) if described else ())

    def up(self, concept: str) -> set[str]:
        """The concept's kinds above it."""
        return set(self.above.get(concept, ()))

    def down(self, concept: str) -> set[str]:
        """The kinds below it."""
        return set(self.below.get(concept, ()))

    def having(self, predicate: str, concept: str) -> list[Fact]:
        """Facts of this predicate with the concept at either end."""
        return self._of.get((predicate, concept), [])

    def name(self, concept: str) -> str:
        """The concept's name."""
        return self.concepts[concept].name if concept in self.concepts else concept.replace("_", " ")

    def category(self, concept: str) -> str:
        """The concept's category."""
        return self.concepts[concept].category if concept in self.concepts else ""


def _pairs(
    claim: Claim, above: Mapping[str, Collection[str]], below: Mapping[str, Collection[str]]
) -> set[tuple[str, str]]:
    """The pairs whose facts can decide the claim: the pair itself, and the pair with one end moved along IS_A."""
    if not claim.object:
        return set()
    up, down = above.get(claim.subject, ()), below.get(claim.subject, ())
    subjects, objects = {claim.subject}, {claim.object}
    if claim.predicate == "IS_A":
        subjects |= {*up}
        objects |= {*up}
    if claim.predicate in rules.EXISTENTIAL:
        subjects |= {*down}
    if claim.predicate in rules.INHERITED | rules.DENIAL_INHERITED:
        subjects |= {*up}
    if claim.predicate in rules.OBJECT_WIDENS:
        objects |= {*below.get(claim.object, ())}
    pairs = {(s, claim.object) for s in subjects} | {(claim.subject, o) for o in objects}
    for mirror in (rules.mirrored(claim.object),):
        if mirror:
            pairs.add((claim.subject, mirror))
    if rules.mirrored(claim.subject):
        pairs.add((rules.mirrored(claim.subject), claim.object))
    for alias in _aliases(claim, above):
        pairs |= {(alias, o) for o in objects}
    return pairs


def _aliases(claim: Claim, above: Mapping[str, Collection[str]] | None = None) -> set[str]:
    """Ids that mean the same in this relation: a normal radiograph rules out what the radiograph rules out.

    `above`: what denials hold for as well, since what no radiograph does no lateral one does.
    """
    kinds = {claim.subject, *(above or {}).get(claim.subject, ())}
    group = next((g for p, g in rules.ALIASES if p == claim.predicate and kinds & g), frozenset())
    return set(group)


# --- one claim ----------------------------------------------------------------------------------------------------------


def _judge(claim: Claim, known: _Known) -> Judgement:
    if claim.predicate == rules.SAME_AS:
        return _same_thing(claim, known)
    if claim.predicate == rules.DEFINED_AS:
        return _defined(claim, known)
    if claim.quantity is not None:
        return _measured(claim, known)
    for decide in (_denied, _stated) if claim.denied else (_stated,):
        judgement = decide(claim, known)
        if judgement is not None:
            return judgement
    return NOT_IN_GRAPH


def _stated(claim: Claim, known: _Known) -> Judgement | None:
    """The verdict on an affirmative claim (`_denied` has dealt with the others)."""
    if claim.denied:
        return None
    support, denial = _supporting(claim, known), _denying(claim, known)
    if claim.extent == "rare":
        return _rare(claim, support)
    if claim.extent in {"always", "only"}:
        refuted = _not_without_exception(claim, known)
        if refuted or (support and claim.predicate not in rules.UNIVERSAL):
            return refuted or _NOT_ALWAYS
    if claim.extent == "typical" and claim.predicate == rules.OCCURS_IN:
        support = [f for f in support if f.predicate not in rules.MAY_BE_RARE]
    if claim.extent == "mostly" and support and not (support := _usual(claim, support)):
        return _NOT_USUALLY
    if support and denial:
        support, denial = _outweigh(claim, support, denial)
        if not support and not denial:
            return _OPEN
    if denial:
        return _contradicted(claim, denial, "The graph denies this")
    support = support or _unused(claim, known)
    return _supported(claim, support) if support else _against(claim, known)


def _usual(claim: Claim, facts: list[Fact]) -> list[Fact]:
    """The facts that bear out "usually"."""
    kinds = rules.USUAL.get(claim.predicate)
    return facts if kinds is None else [f for f in facts if f.predicate in kinds or dict(f.qualifiers).get("frequency")]


def _denied(claim: Claim, known: _Known) -> Judgement | None:
    """The verdict on a negative claim: a denial supports it, a fact contradicts it."""
    positive = _positive(claim)
    denials, facts = _denying(positive, known), _supporting(positive, known)
    if claim.extent == "not_always":
        spared = denials or [
            f for f in known.having("REQUIRES", claim.subject) if f.denied and f.object == claim.object
        ]
        return _supported(claim, spared) if spared else NOT_IN_GRAPH
    if claim.extent == "never":
        if facts and not [f for f in denials if not _limited(f)]:
            return _contradicted(claim, facts, "The graph says the opposite")
        denials = [f for f in denials if f.predicate not in rules.TYPICALLY_DENIED and not _limited(f)]
    if denials and facts:
        denials, facts = _outweigh(claim, denials, facts)
        if not denials and not facts:
            return _OPEN
    if denials:
        return _supported(claim, denials)
    if facts:
        return _contradicted(claim, facts, "The graph says the opposite")
    excluded = (
        []
        if claim.extent == "never"
        else _excluded(replace(positive, extent=claim.extent), known) + _forbidden(positive, known)
    )
    return _supported(claim, excluded) if excluded else NOT_IN_GRAPH


def _rare(claim: Claim, facts: Sequence[Fact]) -> Judgement:
    """What is said to be rare is borne out by a fact that says so, and refuted by a commonest cause."""
    rare = [f for f in facts if re.search(r"rare|uncommon|unusual|seldom", dict(f.qualifiers).get("frequency", ""))]
    if rare:
        return _supported(claim, rare)
    commonest = [f for f in facts if f.predicate == "COMMONEST_CAUSE_OF" and not _limited(f)]
    return (
        _contradicted(claim, commonest, "The graph says the opposite")
        if commonest
        else (_OPEN if facts else NOT_IN_GRAPH)
    )


def _outweigh(claim: Claim, one: list[Fact], other: list[Fact]) -> tuple[list[Fact], list[Fact]]:
    """Which of two opposed groups of facts decides: what holds in every case, or in the case that the claim names."""
    mine, theirs = ([f for f in facts if _applies(f, claim)] for facts in (one, other))
    if bool(mine) != bool(theirs):
        return (mine, []) if mine else ([], theirs)
    if claim.predicate in rules.LOOSE or not mine:
        return [], []
    exact, against = ([f for f in facts if f.predicate == claim.predicate] for facts in (mine, theirs))
    if bool(exact) != bool(against):
        return (exact, []) if exact else ([], against)
    return [], []


def _applies(fact: Fact, claim: Claim) -> bool:
    """Whether nothing limits the fact but what the claim itself names."""
    said = {*claim.residue} | {word for _, words in claim.context for word in words}
    limits = [{*phrase(value)} for key, value in fact.qualifiers if key in rules.LIMITS]
    return all(words & said for words in limits)


def _positive(claim: Claim) -> Claim:
    return Claim(
        claim.subject,
        claim.predicate,
        claim.object,
        quantity=claim.quantity,
        context=claim.context,
        residue=claim.residue,
    )


def _supported(claim: Claim, facts: Sequence[Fact]) -> Judgement:
    fitting = [f for f in facts if _carries(f, claim)]
    if not fitting:
        return _OPEN
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


def _contradicted(claim: Claim, facts: Sequence[Fact], why: str) -> Judgement:
    trusted = [f for f in facts if f.tier in _TRUSTED and _bears(f, claim)]
    if not trusted:
        return NOT_IN_GRAPH if not facts else _OPEN
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


# --- facts that say so ----------------------------------------------------------------------------------------------------


def _supporting(claim: Claim, known: _Known) -> list[Fact]:
    if claim.predicate == "IS_A":
        return _kind(claim, known)
    found = []
    for predicate, swapped in rules.says_as_much(claim.predicate):
        for fact in known.having(predicate, claim.subject) + known.having(predicate, claim.object):
            subject, obj = (fact.object, fact.subject) if swapped else (fact.subject, fact.object)
            if not fact.denied and _fits(claim, subject, obj, known):
                found.append(fact)
    if claim.predicate == "HAS_URGENCY":
        found += _more_urgent(claim, known)
    return list({f.id: f for f in found}.values())


def _more_urgent(claim: Claim, known: _Known) -> list[Fact]:
    """What is an emergency is urgent as well."""
    more = rules.MORE_URGENT.get(claim.object, frozenset())
    facts = known.having("HAS_URGENCY", claim.subject)
    return [f for f in facts if not f.denied and f.subject == claim.subject and f.object in more]


def _fits(claim: Claim, subject: str, obj: str, known: _Known) -> bool:
    """Whether a fact about (subject, obj) says the claim: the same ends, or one end moved along IS_A or PART_OF."""
    same_subject = subject == claim.subject or subject in _aliases(claim)
    same_object = obj == claim.object
    if same_subject and same_object:
        return True
    if same_subject:
        return (claim.predicate in rules.OBJECT_WIDENS and obj in known.down(claim.object)) or _inside(
            claim, obj, known
        )
    if same_object:
        some = claim.predicate in rules.EXISTENTIAL and claim.extent != "typical"
        narrower = some and subject in known.down(claim.subject)
        wider = claim.predicate in rules.INHERITED and subject in known.up(claim.subject)
        return narrower or wider
    return False


def _inside(claim: Claim, place: str, known: _Known) -> bool:
    """Whether what lies in `place` lies in the claim's place too, because one is part of the other."""
    if claim.predicate not in {"LOCATED_IN", "PART_OF"}:
        return False
    return any(
        not f.denied and f.subject == place and f.object == claim.object
        for predicate in ("PART_OF", "LOCATED_IN")
        for f in known.having(predicate, claim.object)
    )


def _kind(claim: Claim, known: _Known) -> list[Fact]:
    """The IS_A facts on the way from the subject up to the object."""
    if claim.object not in known.up(claim.subject):
        return []
    direct = [f for f in known.having("IS_A", claim.subject) if not f.denied and f.subject == claim.subject]
    exact = [f for f in direct if f.object == claim.object]
    if exact:
        return exact
    onward = [f for f in known.having("IS_A", claim.object) if not f.denied and f.object == claim.object]
    return onward[:1] + direct[:1]


# --- facts that say otherwise -----------------------------------------------------------------------------------------------


def _denying(claim: Claim, known: _Known) -> list[Fact]:
    found = []
    proving = (("CONFIRMS", False),) if claim.predicate == "IS_A" and claim.extent == "always" else ()
    for predicate, swapped in (*rules.same_meaning(claim.predicate), *proving):
        for fact in (
            known.having(predicate, claim.subject)
            + known.having(predicate, claim.object)
            + [f for alias in _aliases(claim, known.above) for f in known.having(predicate, alias)]
        ):
            subject, obj = (fact.object, fact.subject) if swapped else (fact.subject, fact.object)
            if not fact.denied or obj != claim.object:
                continue
            inherited = claim.predicate in rules.DENIAL_INHERITED and subject in known.up(claim.subject)
            if subject == claim.subject or subject in _aliases(claim, known.above) or inherited:
                found.append(fact)
    return list({f.id: f for f in found}.values())


def _against(claim: Claim, known: _Known) -> Judgement | None:
    """Facts that cannot be true together with the claim, though none denies it."""
    for find, why in (
        (_exclusive, "The graph gives another value"),
        (_another_place, "The graph gives another place"),
        (_forbidden, "The graph says that it should not be used there"),
        (_used, "The graph says that it is used there"),
        (_opposite_effect, "The graph says the opposite"),
        (_pointed_to, "The graph says the opposite"),
        (_reverse, "The graph says it the other way round"),
    ):
        facts = find(claim, known)
        if facts and (find is not _reverse or not claim.residue):
            return _contradicted(claim, facts, why)
    return None


def _exclusive(claim: Claim, known: _Known) -> list[Fact]:
    predicate = PREDICATES.get(claim.predicate)
    if predicate is None:
        return []
    if predicate.inverse_functional:
        return _other_subject(claim, known)
    if claim.extent == "can" and claim.predicate in rules.TYPICAL_ONLY:
        return []
    subjects = {claim.subject} | (known.up(claim.subject) if claim.predicate in rules.INHERITED else set())
    return [
        f
        for subject in sorted(subjects)
        for f in known.having(claim.predicate, subject)
        if not f.denied and f.subject == subject and rules.excludes(claim.predicate, f.object, claim.object)
    ]


def _forbidden(claim: Claim, known: _Known) -> list[Fact]:
    """A contraindication without conditions, where the claim says that the treatment or test is used."""
    if claim.predicate not in {"TREATED_BY", "INVESTIGATED_BY"}:
        return []
    return [
        f
        for f in known.having("CONTRAINDICATED_IN", claim.object)
        if not f.denied and (f.subject, f.object) == (claim.object, claim.subject) and not _limited(f)
    ]


def _unused(claim: Claim, known: _Known) -> list[Fact]:
    """Denials that the treatment or test is used there: what is not to be used should not be used."""
    return [f for f in _uses(claim, known) if f.denied] if claim.predicate == "CONTRAINDICATED_IN" else []


def _used(claim: Claim, known: _Known) -> list[Fact]:
    """Facts that it is used there, where the claim says that it should not be."""
    if claim.predicate != "CONTRAINDICATED_IN":
        return []
    return [f for f in _uses(claim, known) if not f.denied and not _limited(f)]


def _uses(claim: Claim, known: _Known) -> list[Fact]:
    return [
        f
        for predicate in ("TREATED_BY", "INVESTIGATED_BY", "FIRST_TEST")
        for f in known.having(predicate, claim.object)
        if (f.subject, f.object) == (claim.object, claim.subject)
    ]


def _opposite_effect(claim: Claim, known: _Known) -> list[Fact]:
    """What prevents does not raise the risk, and what raises the risk or causes does not prevent."""
    opposed = _OPPOSED.get(claim.predicate, ())
    return [
        f
        for predicate in opposed
        for f in known.having(predicate, claim.subject)
        if not f.denied and (f.subject, f.object) == (claim.object, claim.subject) and not _limited(f)
    ]


def _pointed_to(claim: Claim, known: _Known) -> list[Fact]:
    """What points to a thing does not rule it out."""
    return _supporting(replace(claim, predicate="SUGGESTS"), known) if claim.predicate == "RULES_OUT" else []


_OPPOSED = {
    "PREVENTED_BY": ("RISK_FACTOR_FOR", "CAUSES", "COMMONEST_CAUSE_OF"),
    "RISK_FACTOR_FOR": ("PREVENTED_BY",),
    "CAUSES": ("PREVENTED_BY",),
}


def _excluded(claim: Claim, known: _Known) -> list[Fact]:
    """Values that exclude the claim's in every case; one that is only typical leaves room for it."""
    typical = claim.predicate in {"HAS_DISTRIBUTION", "HAS_COURSE"} and claim.extent not in {"typical", "mostly"}
    return [] if typical else [f for f in _exclusive(claim, known) if not dict(f.qualifiers).get("frequency")]


def _other_subject(claim: Claim, known: _Known) -> list[Fact]:
    """The one commonest cause, where the claim names another that is neither a kind of it nor its kind."""
    family = {claim.subject} | known.up(claim.subject) | known.down(claim.subject)
    return [
        f
        for f in known.having(claim.predicate, claim.object)
        if not f.denied and f.object == claim.object and f.subject not in family and not _limited(f)
    ]


def _limited(fact: Fact) -> bool:
    """Whether the fact holds for one population or condition only, so that another one may have another value."""
    return any(key in rules.LIMITS for key, _ in fact.qualifiers)


def _another_place(claim: Claim, known: _Known) -> list[Fact]:
    """The known place or neighbour where the claim names its mirror image or a place that excludes it."""
    if claim.predicate not in rules.SIDED:
        return []
    family = (
        ("LOCATED_IN", "PART_OF", "HAS_SIDE") if claim.predicate in {"LOCATED_IN", "PART_OF"} else (claim.predicate,)
    )
    found = []
    for predicate in family:
        for fact in known.having(predicate, claim.subject) + known.having(predicate, claim.object):
            if not fact.denied and _apart(claim, fact, known):
                found.append(fact)
    return found


def _apart(claim: Claim, fact: Fact, known: _Known) -> bool:
    ends = (fact.subject, fact.object)
    if claim.subject in ends:
        other = fact.object if fact.subject == claim.subject else fact.subject
        if other == rules.mirrored(claim.object):
            return claim.predicate not in {"BORDERS", "OBSCURES"} or _one_sided(claim.subject, known)
        if fact.predicate == "HAS_SIDE":
            side = rules.side_of(claim.object)
            return bool(side) and fact.object in {"left_side", "right_side"} and not fact.object.startswith(side)
        anatomy = known.category(claim.subject) == "anatomy" or bool(rules.mirrored(claim.subject))
        return (
            anatomy
            and fact.subject == claim.subject
            and any(other in group and claim.object in group for group in rules.PLACES_APART if other != claim.object)
        )
    turned = rules.mirrored(claim.subject)
    return bool(turned) and turned in ends and claim.object in ends


def _one_sided(concept: str, known: _Known) -> bool:
    """Whether the concept lies on one side only, so that what it touches cannot be on both."""
    return bool(rules.mirrored(concept)) or any(
        not f.denied and f.object in {"left_side", "right_side"} for f in known.having("HAS_SIDE", concept)
    )


def _reverse(claim: Claim, known: _Known) -> list[Fact]:
    if claim.predicate not in rules.REVERSIBLE:
        return []
    if claim.predicate == "IS_A":
        return [
            f
            for f in known.having("IS_A", claim.object)
            if not f.denied and f.subject == claim.object and f.object == claim.subject
        ]
    turned = Claim(claim.object, claim.predicate, claim.subject)
    exact = [
        f
        for f in _supporting(turned, known)
        if {f.subject, f.object} == {claim.subject, claim.object}
        and f.predicate not in {"MIMICS", "BORDERS"}
        and not (claim.predicate == "SUGGESTS" and f.predicate in {"CAUSES", "COMMONEST_CAUSE_OF"})
    ]
    return (
        []
        if any(f.predicate in {"LOCATED_IN", "PART_OF"} for f in exact)
        and claim.predicate not in {"LOCATED_IN", "PART_OF"}
        else exact
    )


def _not_without_exception(claim: Claim, known: _Known) -> Judgement | None:
    """Another cause, or a denial that it is needed: either refutes "always" and "only"."""
    spared = [f for f in known.having("REQUIRES", claim.subject) if f.denied and f.object == claim.object]
    if spared and claim.predicate not in rules.UNIVERSAL:
        return _contradicted(claim, spared, "The graph says that there are exceptions")
    if claim.extent == "only" and claim.predicate in {"CAUSES", "CONFIRMS"}:
        others = _others(claim, known)
        if others:
            return _contradicted(claim, others, "The graph knows of another one")
    return None


def _others(claim: Claim, known: _Known) -> list[Fact]:
    """Facts with another subject for the same object, where the claim says that there is only one."""
    family = {claim.subject} | known.up(claim.subject) | known.down(claim.subject)
    return [
        f
        for f in known.having(claim.predicate, claim.object)
        if not f.denied and f.object == claim.object and f.subject not in family
    ]


# --- names, definitions, numbers -----------------------------------------------------------------------------------------------


def _same_thing(claim: Claim, known: _Known) -> Judgement:
    if claim.subject != claim.object or claim.subject not in known.concepts:
        return NOT_IN_GRAPH
    concept = known.concepts[claim.subject]
    if claim.denied or claim.residue or claim.context:
        return NOT_IN_GRAPH
    return Judgement(Verdict.SUPPORTED, (_definition(concept),), f"The graph lists both as names of {concept.name}.")


def _defined(claim: Claim, known: _Known) -> Judgement:
    """Supported when the concept's definition holds every word of the description."""
    concept = known.concepts.get(claim.subject)
    if concept is None or not concept.definition:
        return NOT_IN_GRAPH
    told = {*phrase(concept.definition), *phrase(concept.name), *(w for s in concept.synonyms for w in phrase(s))}
    said = set(claim.residue)
    if not said or not said <= told or len(said) < 2:
        return NOT_IN_GRAPH
    fact = _definition(concept)
    if claim.denied:
        return Judgement(Verdict.CONTRADICTED, (fact,), f"The definition says the opposite: {fact.object_name}")
    return Judgement(Verdict.SUPPORTED, (fact,), f"This is the definition: {fact.object_name}")


def _definition(concept: Concept) -> Fact:
    return Fact(
        id=f"{concept.id}:definition",
        subject=concept.id,
        subject_name=concept.name,
        predicate=rules.DEFINED_AS,
        object="",
        object_name=wording.definition(concept) or concept.name,
        source=concept.definition_source,
        tier=Tier.CURATED if concept.pack == "core" else Tier.IMPORTED,
        pack=concept.pack,
    )


def _measured(claim: Claim, known: _Known) -> Judgement:
    """The stated number against the numbers known of the same subject and quantity."""
    said = claim.quantity
    assert said is not None  # noqa: S101 - `_judge` sends only claims with a quantity
    if known.category(claim.subject) == "measurement":
        return _normal_range(claim, said, known)
    facts = _of_the_quantity(claim, [f for f in _numbers(claim.subject, known) if f.subject == claim.subject])
    return _compared(claim, [(f, compare(said, f.quantity)) for f in facts if f.quantity is not None])


def _numbers(concept: str, known: _Known) -> list[Fact]:
    return [f for p in sorted(rules.MEASURED) for f in known.having(p, concept) if f.quantity is not None]


def _compared(claim: Claim, compared: Sequence[tuple[Fact, Comparison]]) -> Judgement:
    same = [f for f, how in compared if how == "same" and f.denied == claim.denied]
    opposite = [f for f, how in compared if how == "same" and f.denied != claim.denied]
    if same:
        return _supported(claim, same)
    if opposite:
        return _contradicted(claim, opposite, "The graph says the opposite")
    if claim.denied or len({f.object for f, _ in compared}) != 1:
        return NOT_IN_GRAPH
    if any(
        how == "unclear"
        for f, how in compared
        if f.quantity and claim.quantity and comparable(claim.quantity, f.quantity)
    ):
        return NOT_IN_GRAPH
    for wanted, why in (
        ("different", "The graph gives another number"),
        ("wrong_unit", "The graph gives another unit"),
    ):
        facts = [f for f, how in compared if how == wanted]
        if facts:
            return _contradicted(claim, facts, why)
    return NOT_IN_GRAPH


def _normal_range(claim: Claim, said: Quantity, known: _Known) -> Judgement:
    """A range said to be normal or abnormal, where only the quantity is named: what is not abnormal is normal."""
    wanted = {"normal", "abnormal"} & {*claim.residue}
    if len(wanted) != 1:
        return NOT_IN_GRAPH
    compared: list[tuple[Fact, Comparison]] = []
    for fact in (f for f in _numbers(claim.subject, known) if f.object == claim.subject):
        assert fact.quantity is not None  # noqa: S101 - `_numbers` gives only such facts
        normal_fact = fact.subject.startswith("normal")
        turned = complement(fact.quantity) if normal_fact != ("normal" in wanted) else fact.quantity
        if turned is not None:
            compared.append((fact, compare(said, turned)))
    rest = replace(claim, residue=tuple(w for w in claim.residue if w not in wanted), object=claim.subject)
    return _compared(rest, compared)


def _of_the_quantity(claim: Claim, facts: Sequence[Fact]) -> list[Fact]:
    """Where the sentence leaves the quantity open, those whose name shares most words with it."""
    facts = [f for f in facts if claim.object in {"", f.object}]
    same_kind = [f for f in facts if f.quantity and claim.quantity and comparable(claim.quantity, f.quantity)]
    facts = same_kind or facts
    said = {*claim.residue, *(w for _, words in claim.context for w in words)}
    shared = [
        len(said & {w for part in (f.object_name, *(v for _, v in f.qualifiers)) for w in phrase(part)}) for f in facts
    ]
    best = max(shared, default=0)
    if best == 0 and any(not concept for concept, _ in claim.context):
        return []  # the verb tells which quantity it is, and none of these is that
    return [f for f, n in zip(facts, shared, strict=True) if n == best or claim.object]

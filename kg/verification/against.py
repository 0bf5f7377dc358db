"""Facts that cannot be true together with a claim, though none denies it. Knows nothing of verdicts."""

from dataclasses import replace

from kg.linking.normal import phrase
from kg.predicates import PREDICATES
from kg.types import Claim, Fact
from kg.verification import rules
from kg.verification.evidence import supporting
from kg.verification.judging import applies, limited
from kg.verification.known import Known

_SHORT_NAME = 5  # letters of words such as "group" and "virus"


def exclusive(claim: Claim, known: Known) -> list[Fact]:
    """Another value of a relation that has one value at a time, or a value that excludes the claim's."""
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


def forbidden(claim: Claim, known: Known) -> list[Fact]:
    """A contraindication without conditions, where the claim says that the treatment or test is used."""
    if claim.predicate not in {"TREATED_BY", "INVESTIGATED_BY"}:
        return []
    return [
        f
        for f in known.having("CONTRAINDICATED_IN", claim.object)
        if not f.denied and (f.subject, f.object) == (claim.object, claim.subject) and not limited(f)
    ]


def unused(claim: Claim, known: Known) -> list[Fact]:
    """Denials that the treatment or test is used there: what is not to be used should not be used."""
    return [f for f in _uses(claim, known) if f.denied] if claim.predicate == "CONTRAINDICATED_IN" else []


def used(claim: Claim, known: Known) -> list[Fact]:
    """Facts that it is used there, where the claim says that it should not be."""
    if claim.predicate != "CONTRAINDICATED_IN":
        return []
    return [f for f in _uses(claim, known) if not f.denied and not limited(f)]


def _uses(claim: Claim, known: Known) -> list[Fact]:
    return [
        f
        for predicate in ("TREATED_BY", "INVESTIGATED_BY", "FIRST_TEST")
        for f in known.having(predicate, claim.object)
        if (f.subject, f.object) == (claim.object, claim.subject)
    ]


def opposite_effect(claim: Claim, known: Known) -> list[Fact]:
    """What prevents does not raise the risk, and what raises the risk or causes does not prevent."""
    opposed = _OPPOSED.get(claim.predicate, ())
    # What raises the risk of a kind of disease does not prevent one of the kind.
    kinds = {claim.subject} | (known.up(claim.subject) if claim.predicate == "PREVENTED_BY" else set())
    turned = {(claim.object, kind) for kind in kinds}
    return [
        f
        for predicate in opposed
        for kind in sorted(kinds)
        for f in known.having(predicate, kind)
        if not f.denied and (f.subject, f.object) in turned and not limited(f)
    ]


def another_kind_of_organism(claim: Claim, known: Known) -> list[Fact]:
    """The one organism behind an infection, where the claim blames "a virus" and it is a bacterium."""
    if claim.predicate != "CAUSES" or claim.subject not in rules.ORGANISMS or claim.extent == "can":
        return []
    germs = {germ: kind for kind in rules.ORGANISMS for germ in known.down(kind)}
    blamed = [
        f
        for predicate in ("CAUSES", "COMMONEST_CAUSE_OF")
        for f in known.having(predicate, claim.object)
        if not f.denied and f.object == claim.object and f.subject in germs
    ]
    one = len({f.subject for f in blamed}) == 1
    return [f for f in blamed if one and germs[f.subject] != claim.subject]


def another_organism(claim: Claim, known: Known) -> list[Fact]:
    """The organism by which an infection is defined, where the claim blames another: Q fever is that of Coxiella."""
    if claim.predicate != "CAUSES" or not rules.ORGANISMS & known.up(claim.subject):
        return []
    family = {claim.subject} | known.up(claim.subject) | known.down(claim.subject)
    blamed = [f for f in known.having("CAUSES", claim.object) if not f.denied and f.object == claim.object]
    told = known.definition(claim.object)
    return [
        f
        for f in blamed
        if len({other.subject for other in blamed}) == 1
        and f.subject not in family
        and any(len(word) > _SHORT_NAME and word in told for word in phrase(f.subject_name))
    ]


def opposite_finding(claim: Claim, known: Known) -> list[Fact]:
    """What shows the opposite sign does not show this one; where the graph knows of both, neither speaks."""
    others = rules.opposite_findings(claim.predicate, claim.object)
    return [
        f
        for other in sorted(others)
        for predicate, ends in (
            ("CAUSES", (claim.subject, other)),
            ("HAS_FINDING", (claim.subject, other)),
            ("HAS_SIGN", (claim.subject, other)),
            ("SUGGESTS", (other, claim.subject)),
        )
        for f in known.having(predicate, other)
        if not f.denied and (f.subject, f.object) == ends and not limited(f)
    ]


def pointed_to(claim: Claim, known: Known) -> list[Fact]:
    """What points to a thing does not rule it out, nor does a thing rule out what points to it."""
    if claim.predicate != "RULES_OUT":
        return []
    suggests = replace(claim, predicate="SUGGESTS")
    shown = supporting(replace(suggests, subject=claim.object, object=claim.subject), known)
    return supporting(suggests, known) + [f for f in shown if {f.subject, f.object} == {claim.subject, claim.object}]


_OPPOSED = {
    "PREVENTED_BY": ("RISK_FACTOR_FOR", "CAUSES", "COMMONEST_CAUSE_OF"),
    "RISK_FACTOR_FOR": ("PREVENTED_BY",),
    "CAUSES": ("PREVENTED_BY",),
}


def excluded(claim: Claim, known: Known) -> list[Fact]:
    """Values that exclude the claim's in every case; one that is only typical leaves room for it."""
    typical = claim.predicate in {"HAS_DISTRIBUTION", "HAS_COURSE"} and claim.extent not in {"typical", "mostly"}
    return [] if typical else [f for f in exclusive(claim, known) if not dict(f.qualifiers).get("frequency")]


def _other_subject(claim: Claim, known: Known) -> list[Fact]:
    """The one commonest cause, where the claim names another that is neither a kind of it nor its kind."""
    if claim.subject in rules.TOO_WIDE:
        return []
    family = {claim.subject} | known.up(claim.subject) | known.down(claim.subject)
    return [
        f
        for f in known.having(claim.predicate, claim.object)
        if not f.denied and f.object == claim.object and f.subject not in family and applies(f, claim)
    ]


def another_place(claim: Claim, known: Known) -> list[Fact]:
    """The known place or neighbour where the claim names its mirror image or a place that excludes it."""
    if claim.predicate not in rules.SIDED:
        return []
    family = (
        ("LOCATED_IN", "PART_OF", "HAS_SIDE") if claim.predicate in {"LOCATED_IN", "PART_OF"} else (claim.predicate,)
    )
    found = []
    for predicate in family:
        for fact in known.having(predicate, claim.subject) + known.having(predicate, claim.object):
            usual = claim.extent == "can" and "frequency" in dict(fact.qualifiers)  # it can lie elsewhere
            if not fact.denied and not usual and _apart(claim, fact, known):
                found.append(fact)
    return found


def _apart(claim: Claim, fact: Fact, known: Known) -> bool:
    ends = (fact.subject, fact.object)
    if claim.subject in ends:
        other = fact.object if fact.subject == claim.subject else fact.subject
        if other == rules.mirrored(claim.object):
            return claim.predicate not in {"BORDERS", "OBSCURES"} or _one_sided(claim.subject, known)
        if fact.predicate == "HAS_SIDE":
            side = rules.side_of(claim.object)
            return bool(side) and fact.object in {"left_side", "right_side"} and not fact.object.startswith(side)
        anatomy = known.category(claim.subject) == "anatomy" or bool(rules.mirrored(claim.subject))
        if _elsewhere_in_the_mediastinum(claim, fact, known):
            return True
        return (
            anatomy
            and fact.subject == claim.subject
            and any(other in group and claim.object in group for group in rules.PLACES_APART if other != claim.object)
        )
    turned = rules.mirrored(claim.subject)
    return bool(turned) and turned in ends and claim.object in ends


def _elsewhere_in_the_mediastinum(claim: Claim, fact: Fact, known: Known) -> bool:
    """Whether a mass of one part of the mediastinum is said to belong to another, and the graph knows it in one only."""
    if claim.extent == "can" or claim.object not in rules.MEDIASTINUM or fact.subject != claim.subject:
        return False
    known_in = {f.object for f in known.having("LOCATED_IN", claim.subject) if not f.denied} & rules.MEDIASTINUM
    return known_in == {fact.object} and fact.object != claim.object


def _one_sided(concept: str, known: Known) -> bool:
    """Whether the concept lies on one side only, so that what it touches cannot be on both."""
    return bool(rules.mirrored(concept)) or any(
        not f.denied and f.object in {"left_side", "right_side"} for f in known.having("HAS_SIDE", concept)
    )


def reverse(claim: Claim, known: Known) -> list[Fact]:
    """Facts that say it the other way round, where the claim's way is false unless it is itself a fact."""
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
        for f in supporting(turned, known)
        if {f.subject, f.object} == {claim.subject, claim.object}
        and f.predicate not in {"MIMICS", "BORDERS"}
        and not (claim.predicate == "SUGGESTS" and f.predicate in {"CAUSES", "COMMONEST_CAUSE_OF"})
    ]
    if claim.predicate in rules.CONDITION_MATTERS & rules.COMPARING:
        exact = [f for f in exact if applies(f, claim)]  # one test may be better at one thing, the other at another
    return (
        []
        if any(f.predicate in {"LOCATED_IN", "PART_OF"} for f in exact)
        and claim.predicate not in {"LOCATED_IN", "PART_OF"}
        else exact
    )


def others(claim: Claim, known: Known) -> list[Fact]:
    """Facts with another subject for the same object, where the claim says that there is only one."""
    family = {claim.subject} | known.up(claim.subject) | known.down(claim.subject)
    return [
        f
        for f in known.having(claim.predicate, claim.object)
        if not f.denied and f.object == claim.object and f.subject not in family
    ]

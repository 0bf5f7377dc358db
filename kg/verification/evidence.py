"""Facts that say what a claim says, and denials of it. Knows nothing of verdicts."""

from kg.types import Claim, Fact
from kg.verification import rules
from kg.verification.known import Known, aliases


def supporting(claim: Claim, known: Known) -> list[Fact]:
    """Facts that say the claim or more, whatever its polarity."""
    if claim.predicate == "IS_A":
        return _kind(claim, known) or _mostly(claim, known)
    found = []
    for predicate, swapped in rules.says_as_much(claim.predicate):
        for fact in known.having(predicate, claim.subject) + known.having(predicate, claim.object):
            subject, obj = (fact.object, fact.subject) if swapped else (fact.subject, fact.object)
            if (
                not fact.denied
                and _fits(claim, subject, obj, known, swapped=swapped)
                and not _only_treats_some(claim, fact, known)
            ):
                found.append(fact)
    if claim.extent == "can" and claim.predicate in {"TREATED_BY", "INVESTIGATED_BY"}:
        found += _allowed(claim, known)
    if claim.predicate == "HAS_URGENCY":
        found += _more_urgent(claim, known)
    return list({f.id: f for f in found}.values())


def _allowed(claim: Claim, known: Known) -> list[Fact]:
    """What is not contraindicated there may be used there."""
    return [
        f
        for f in known.having("CONTRAINDICATED_IN", claim.object)
        if f.denied and (f.subject, f.object) == (claim.object, claim.subject)
    ]


def _only_treats_some(claim: Claim, fact: Fact, known: Known) -> bool:
    """A treatment is what the disease needs only where it is given in every case and cannot wait."""
    if (claim.predicate, fact.predicate) != ("REQUIRES", "TREATED_BY"):
        return False
    pressing = [f for f in known.having("HAS_URGENCY", fact.subject) if not f.denied and f.object == "emergency"]
    return bool(fact.qualifiers) or not pressing


def _mostly(claim: Claim, known: Known) -> list[Fact]:
    """What most of them are is their commonest cause."""
    if claim.extent != "mostly":
        return []
    return [
        f
        for f in known.having("COMMONEST_CAUSE_OF", claim.object)
        if not f.denied and (f.subject, f.object) == (claim.object, claim.subject)
    ]


def _more_urgent(claim: Claim, known: Known) -> list[Fact]:
    """What is an emergency is urgent as well."""
    more = rules.MORE_URGENT.get(claim.object, frozenset())
    facts = known.having("HAS_URGENCY", claim.subject)
    return [f for f in facts if not f.denied and f.subject == claim.subject and f.object in more]


def _fits(claim: Claim, subject: str, obj: str, known: Known, *, swapped: bool) -> bool:
    """Whether a fact about (subject, obj) says the claim: the same ends, or one end moved along IS_A or PART_OF.

    What a fact says of a narrower kind as its own subject holds for the wider one only in the sense that it can be so: the
    symptom of one pneumonia is no symptom of "pneumonia" at large. `swapped`: the fact's subject is the claim's object.
    """
    some = claim.extent == "can" or claim.predicate in rules.SOME_SUFFICE
    same_subject = subject == claim.subject or subject in aliases(claim)
    same_object = obj == claim.object
    if same_subject and same_object:
        return True
    if same_subject:
        widens = claim.predicate in rules.OBJECT_WIDENS and (some or not swapped)
        return (widens and obj in known.down(claim.object)) or _inside(claim, obj, known)
    if same_object:
        widens = claim.predicate in rules.EXISTENTIAL and claim.extent != "typical" and (some or swapped)
        narrower = widens and subject in known.down(claim.subject)
        wider = claim.predicate in rules.INHERITED and subject in known.up(claim.subject)
        return narrower or (wider and not _has_its_own(claim, known))
    return False


def _has_its_own(claim: Claim, known: Known) -> bool:
    """Whether the subject shifts the mediastinum in a way of its own, or not at all, whatever its kind does."""
    return claim.predicate == "SHIFTS_MEDIASTINUM" and any(
        not f.denied and f.subject == claim.subject and f.object != claim.object
        for f in known.having(claim.predicate, claim.subject)
    )


def _inside(claim: Claim, place: str, known: Known) -> bool:
    """Whether what lies in `place` lies in the claim's place too, because one is part of the other."""
    if claim.predicate not in {"LOCATED_IN", "PART_OF"}:
        return False
    return any(
        not f.denied and f.subject == place and f.object == claim.object
        for predicate in ("PART_OF", "LOCATED_IN")
        for f in known.having(predicate, claim.object)
    )


def _kind(claim: Claim, known: Known) -> list[Fact]:
    """The IS_A facts on the way from the subject up to the object."""
    if claim.object not in known.up(claim.subject):
        return []
    direct = [f for f in known.having("IS_A", claim.subject) if not f.denied and f.subject == claim.subject]
    exact = [f for f in direct if f.object == claim.object]
    if exact:
        return exact
    onward = [f for f in known.having("IS_A", claim.object) if not f.denied and f.object == claim.object]
    return onward[:1] + direct[:1]


def denying(claim: Claim, known: Known) -> list[Fact]:
    """Denials of the claim, or of what it would imply."""
    found = []
    proving = (("CONFIRMS", False),) if claim.predicate == "IS_A" and claim.extent == "always" else ()
    for predicate, swapped in (*rules.same_meaning(claim.predicate), *proving):
        for fact in (
            known.having(predicate, claim.subject)
            + known.having(predicate, claim.object)
            + [f for alias in aliases(claim, known.above) for f in known.having(predicate, alias)]
        ):
            subject, obj = (fact.object, fact.subject) if swapped else (fact.subject, fact.object)
            if not fact.denied or obj != claim.object:
                continue
            inherited = claim.predicate in rules.DENIAL_INHERITED and subject in known.up(claim.subject)
            if subject == claim.subject or subject in aliases(claim, known.above) or inherited:
                found.append(fact)
    return list({f.id: f for f in found}.values())

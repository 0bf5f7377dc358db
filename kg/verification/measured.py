"""Claims with a number, against the numbers known of the same thing. Knows nothing of other claims."""

from collections.abc import Sequence
from dataclasses import replace

from kg.linking.normal import phrase
from kg.types import Claim, Fact, Quantity
from kg.verification import rules
from kg.verification.judging import NOT_IN_GRAPH, Judgement, contradicted, supported
from kg.verification.known import Known
from kg.verification.quantities import Comparison, comparable, compare, complement


def measured(claim: Claim, known: Known) -> Judgement:
    """The stated number against the numbers known of the same subject and quantity."""
    said = claim.quantity
    assert said is not None  # noqa: S101 - `_judge` sends only claims with a quantity
    if known.category(claim.subject) == "measurement":
        return _normal_range(claim, said, known)
    facts = _of_the_quantity(claim, [f for f in _numbers(claim.subject, known) if f.subject == claim.subject])
    return _compared(claim, [(f, compare(said, f.quantity)) for f in facts if f.quantity is not None])


def _numbers(concept: str, known: Known) -> list[Fact]:
    return [f for p in sorted(rules.MEASURED) for f in known.having(p, concept) if f.quantity is not None]


def _compared(claim: Claim, compared: Sequence[tuple[Fact, Comparison]]) -> Judgement:
    same = [f for f, how in compared if how == "same" and f.denied == claim.denied]
    opposite = [f for f, how in compared if how == "same" and f.denied != claim.denied]
    if same:
        return supported(claim, same)
    if opposite:
        return contradicted(claim, opposite, "The graph says the opposite")
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
            return contradicted(claim, facts, why)
    return NOT_IN_GRAPH


def _normal_range(claim: Claim, said: Quantity, known: Known) -> Judgement:
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

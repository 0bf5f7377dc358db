"""Claims with a number, against the numbers known of the same thing. Knows nothing of other claims."""

from collections.abc import Sequence
from dataclasses import replace

from kg.linking.normal import phrase
from kg.types import Claim, Fact, Quantity, Verdict
from kg.verification import rules
from kg.verification.judging import NOT_IN_GRAPH, TURNS, Judgement, contradicted, supported, words_said
from kg.verification.known import Known
from kg.verification.quantities import Comparison, comparable, compare, complement

_FEW = 1
_SPANS = frozenset({"hours", "days", "weeks", "months", "years"})
_SHORT = 3  # letters of words that say little


def measured(claim: Claim, known: Known) -> Judgement:
    """The stated number against the numbers known of the same subject and quantity.

    Where the graph has none of the subject, another concept of the sentence may be what it is a number of.
    """
    if known.category(claim.subject) == "measurement":
        return _normal_range(claim, known)
    judged = [_of_its_subject(meant, known) for meant in (claim, *_of_another_subject(claim))]
    borne_out = [judgement for judgement, _ in judged if judgement.verdict is Verdict.SUPPORTED]
    decided = borne_out or [judgement for judgement, decides in judged if decides]
    if decided:
        return decided[0]
    if claim.object:
        return _normal_range(
            replace(claim, subject=claim.object, context=((claim.subject, _name(claim.subject)), *claim.context)), known
        )
    return NOT_IN_GRAPH


def _of_its_subject(claim: Claim, known: Known) -> tuple[Judgement, bool]:
    """The number against those of the claim's subject, and whether they decide; none refutes it that has it for another case."""
    facts = [f for f in _numbers(claim.subject, known) if f.subject == claim.subject]
    asked = _of_the_quantity(claim, facts)
    judgement = _compared(claim, [(f, _compare(claim, f)) for f in asked], known)
    decides = judgement.verdict is not Verdict.NOT_IN_GRAPH or any(_of_one_dimension(claim, f) for f in asked)
    meant = [f for f in facts if claim.object in {"", f.object} and "population" not in dict(f.qualifiers)]
    same = any(not f.denied and _compare(claim, f) == "same" for f in meant)
    if judgement.verdict is Verdict.CONTRADICTED and same and not claim.denied:
        return NOT_IN_GRAPH, True
    return judgement, decides


def _of_one_dimension(claim: Claim, fact: Fact) -> bool:
    said = _said(claim, fact)
    return said is not None and fact.quantity is not None and comparable(said, fact.quantity)


def _name(concept: str) -> tuple[str, ...]:
    return phrase(concept.replace("_", " "))


def _of_another_subject(claim: Claim) -> list[Claim]:
    others = [(concept, words) for concept, words in claim.context if concept]
    mine = (claim.subject, _name(claim.subject))
    return [
        replace(claim, subject=concept, context=(mine, *(pair for pair in claim.context if pair[0] != concept)))
        for concept, _ in others
    ]


def _compare(claim: Claim, fact: Fact) -> Comparison:
    """The number of one case lies within a limit or not; a limit is the same or another one."""
    said, known = _said(claim, fact), fact.quantity
    assert said is not None  # noqa: S101 - `_judge` sends only claims with a quantity
    assert known is not None  # noqa: S101 - `_numbers` gives only such facts
    how = compare(said, known)
    if claim.of_a_case and how == "unclear" and comparable(said, known) and fact.predicate == "HAS_THRESHOLD":
        return "same" if _case_named(claim, fact) else "unclear"
    return how


def _said(claim: Claim, fact: Fact) -> Quantity | None:
    """The number as stated, in the fact's unit where the sentence names the measure and leaves its unit out."""
    said, known = claim.quantity, fact.quantity
    if said is None or known is None or comparable(said, known):
        return said
    left_out = (said.unit == "1" and claim.object == fact.object) or (said.unit == "%" and known.unit.startswith("%"))
    return replace(said, unit=known.unit) if left_out else said


def _case_named(claim: Claim, fact: Fact) -> bool:
    """Whether the sentence names what the limit is limited to: beyond one limit a thing is likely, beyond another unlikely."""
    condition = {*phrase(dict(fact.qualifiers).get("condition", ""))} - {
        *phrase(fact.subject_name),
        *phrase(fact.object_name),
    }
    return not condition or bool(condition & words_said(claim))


def _numbers(concept: str, known: Known) -> list[Fact]:
    return [f for p in sorted(rules.MEASURED) for f in known.having(p, concept) if f.quantity is not None]


def _compared(claim: Claim, compared: Sequence[tuple[Fact, Comparison]], known: Known) -> Judgement:
    same = [f for f, how in compared if how == "same" and f.denied == claim.denied]
    opposite = [f for f, how in compared if how == "same" and f.denied != claim.denied]
    if same:
        return supported(_without_few(claim), same, known)
    if opposite:
        return contradicted(claim, opposite, "The graph says the opposite", known)
    if claim.denied and compared and all(how == "different" and _exact(f, claim) for f, how in compared):
        return supported(claim, [f for f, _ in compared], known)
    if claim.denied or len({f.object for f, _ in compared}) != 1:
        return NOT_IN_GRAPH
    if any(
        how == "unclear"
        for f, how in compared
        if f.quantity and claim.quantity and comparable(claim.quantity, f.quantity)
    ):
        return NOT_IN_GRAPH
    if not any(_measure_named(claim, f) for f, _ in compared):
        return NOT_IN_GRAPH
    compared = [(f, how) for f, how in compared if not _of_others(f, claim, known)]
    for wanted, why in (
        ("different", "The graph gives another number"),
        ("wrong_unit", "The graph gives another unit"),
    ):
        facts = [f for f, how in compared if how == wanted]
        if facts:
            return contradicted(claim, facts, why, known)
    return NOT_IN_GRAPH


def _of_others(fact: Fact, claim: Claim, known: Known) -> bool:
    """Whether the fact is limited to people who are not those of the claim: a newborn's heart is no adult's."""
    population = dict(fact.qualifiers).get("population", "")
    return bool(population) and any(
        known.category(concept) == "population" and not {*words, *_name(concept)} & {*phrase(population)}
        for concept, words in claim.context
    )


def _measure_named(claim: Claim, fact: Fact) -> bool:
    """Whether the sentence says what it is a number of; a span of time may be one of anything."""
    if claim.object or not fact.quantity or fact.quantity.unit not in _SPANS:
        return True
    return bool({w for w in phrase(fact.object_name) if len(w) > _SHORT} & words_said(claim))


def _without_few(claim: Claim) -> Claim:
    """The claim without a few words that nobody knows: where the thing and its number agree, they hardly say something else."""
    few = len(claim.residue) <= _FEW and not any(word in TURNS or word[0].isdigit() for word in claim.residue)
    return replace(claim, residue=()) if few else claim


def _exact(fact: Fact, claim: Claim) -> bool:
    """Whether both give one number: what has three does not have two."""
    return bool(fact.quantity and claim.quantity) and fact.quantity.operator == claim.quantity.operator == "="  # type: ignore[union-attr]


def _normal_range(claim: Claim, known: Known) -> Judgement:
    """A range said to be normal or abnormal, where only the quantity is named: what is not abnormal is normal."""
    wanted = {"normal", "abnormal"} & {*claim.residue}
    said = claim.quantity
    if len(wanted) != 1 or said is None:
        return NOT_IN_GRAPH
    compared: list[tuple[Fact, Comparison]] = []
    for fact in _of_the_quantity(
        replace(claim, object=claim.subject), [f for f in _numbers(claim.subject, known) if f.object == claim.subject]
    ):
        assert fact.quantity is not None  # noqa: S101 - `_numbers` gives only such facts
        normal_fact = fact.subject.startswith("normal")
        turned = complement(fact.quantity) if normal_fact != ("normal" in wanted) else fact.quantity
        if turned is not None:
            compared.append((fact, _compare(claim, replace(fact, quantity=turned))))
    rest = replace(claim, residue=tuple(w for w in claim.residue if w not in wanted), object=claim.subject)
    return _compared(rest, compared, known)


def _of_the_quantity(claim: Claim, facts: Sequence[Fact]) -> list[Fact]:
    """Where the sentence leaves the quantity or the case open, those whose name or case shares most words with it."""
    facts = [f for f in facts if claim.object in {"", f.object}]
    facts = [f for f in facts if f.quantity and (said := _said(claim, f)) and comparable(said, f.quantity)] or facts
    words = words_said(claim) | {word for concept, _ in claim.context for word in _name(concept)}
    shared = [len(words & _words(f, named=not claim.object)) for f in facts]
    best = max(shared, default=0)
    if best == 0 and any(not concept for concept, _ in claim.context):
        return []  # the verb tells which quantity it is, and none of these is that
    return _of_the_population([f for f, n in zip(facts, shared, strict=True) if n == best], named=best > 0)


def _of_the_population(facts: list[Fact], *, named: bool) -> list[Fact]:
    """Of several populations, one that the sentence does not name is not meant."""
    grown = [f for f in facts if dict(f.qualifiers).get("population", "adults") == "adults"]
    return facts if named and not grown else grown or facts


def _words(fact: Fact, *, named: bool) -> set[str]:
    """The words of what limits a fact, and of the quantity's name where the sentence does not name it."""
    parts = [value for key, value in fact.qualifiers if named or key in rules.LIMITS]
    return {word for part in (*parts, *([fact.object_name] if named else [])) for word in phrase(part)}

"""Whether the graph bears out a sentence that was read tolerantly, clause by clause, or denies one of its clauses.

What is read with words left over is contradicted by an outright denial alone. Knows nothing of wordings.
"""

from collections.abc import Callable, Collection, Mapping, Sequence

from copilot.claims import Clause
from copilot.claims.unweighed import unweighed
from copilot.claims.values import SIDES
from kg.linking.normal import phrase
from kg.types import CheckedSentence, Claim, Fact, Verdict
from kg.verification import Judgement
from kg.verification.judging import limited
from kg.verification.rules import GOES_WITHOUT_SAYING, USUAL_VIEWS

Judged = Mapping[Claim, Judgement]
Words = Callable[[Sequence[Fact]], Collection[str]]
"""The words of facts and of the definitions of what they join, in normal form."""


def borne_out(text: str, clauses: Sequence[Clause], judged: Judged, words: Words) -> CheckedSentence | None:
    """The sentence as supported where the graph bears out each of its clauses, else None."""
    by_clause = [_bearing(clause, judged, words) for clause in clauses]
    if not by_clause or not all(by_clause):
        return None
    deciding = [judgement for some in by_clause for judgement in some]
    facts = tuple({fact.id: fact for judgement in deciding for fact in judgement.facts}.values())
    if unweighed(text, Verdict.SUPPORTED, facts) is not None:
        return None
    return CheckedSentence(text, Verdict.SUPPORTED, facts, deciding[0].reason)


def refuted(text: str, clauses: Sequence[Clause], judged: Judged) -> CheckedSentence | None:
    """The sentence as contradicted where the graph denies what a clause says of its first concepts, else None."""
    for clause in clauses:
        found = [judged[claim] for claim in clause.deniable]
        denied = [(c, j) for c, j in zip(clause.deniable, found, strict=True) if _denied_outright(c, j)]
        if not denied or any(
            judged[claim].verdict is Verdict.SUPPORTED for claim in clause.claims() if claim not in clause.joins
        ):
            continue
        (_, judgement) = denied[0]
        if unweighed(text, Verdict.CONTRADICTED, judgement.facts) is None:
            return CheckedSentence(text, Verdict.CONTRADICTED, judgement.facts, judgement.reason)
    return None


def _denied_outright(claim: Claim, judgement: Judgement) -> bool:
    """Whether a denial between the very concepts of the claim, or of a denied one a fact, contradicts it in every case."""
    return judgement.verdict is Verdict.CONTRADICTED and all(
        fact.denied != claim.denied
        and not limited(fact)
        and {fact.subject, fact.object} == {claim.subject, claim.object}
        for fact in judgement.facts
    )


def _bearing(clause: Clause, judged: Judged, words: Words) -> list[Judgement]:
    """The judgements that bear the clause out; none where a telling word or a concept is left without a fact."""
    for way in clause.ways:
        held: list[Claim] = []
        for readings in way.told:
            mine = [claims for claims in readings if all(judged[c].verdict is Verdict.SUPPORTED for c in claims)]
            if not mine or any(judged[c].verdict is Verdict.CONTRADICTED for claims in readings for c in claims):
                break
            held += [c for claims in mine for c in claims]
        else:
            if _all_joined(clause, held, judged) and _all_said(way.beside, held, judged, words):
                return [judged[c] for c in dict.fromkeys(held)]
    return []


def _all_joined(clause: Clause, held: list[Claim], judged: Judged) -> bool:
    """Whether each concept of the clause is an end of what holds, or a fact joins it to one and none keeps it apart."""
    if any(judged[claim].verdict is Verdict.CONTRADICTED for claim in clause.joins):
        return False
    ends = {end for claim in held for end in (claim.subject, claim.object)}
    # What else stands there must go with what everything is said of: with the disease, not just with one of its signs.
    hub = ends.intersection(*({claim.subject, claim.object} for claim in held)) or ends
    joined = ends | {
        end
        for claim in clause.joins
        if judged[claim].verdict is Verdict.SUPPORTED and {claim.subject, claim.object} & hub - SIDES
        for end in (claim.subject, claim.object)
    }
    return clause.concepts & SIDES <= ends and clause.concepts <= joined | GOES_WITHOUT_SAYING | USUAL_VIEWS


def _all_said(beside: Sequence[str], held: Sequence[Claim], judged: Judged, words: Words) -> bool:
    """Whether the facts that hold say the words beside them too."""
    if not beside:
        return True
    known = words([fact for claim in held for fact in judged[claim].facts])
    return all(set(phrase(word)) <= set(known) for word in beside)

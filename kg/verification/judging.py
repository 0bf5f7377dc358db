"""A judgement: whether a fact says what the claim says, whether it bears on it, and the sentence of reason.

Knows nothing of which facts to look for.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from kg import wording
from kg.linking.normal import phrase
from kg.types import Claim, Fact, Tier, Verdict
from kg.verification import rules
from kg.verification.known import Known

TRUSTED = frozenset({Tier.CURATED, Tier.REVIEWED})
# Contradiction by more than a few words beyond the claim would judge something that the sentence did not say (with four,
# true sentences of strangers were contradicted). "And" tells of a further thing, so it counts twice.
_MOST_RESIDUE = 3
# Words that turn a sentence round: with one of them unread, nothing may be decided.
TURNS = frozenset(
    """
    not no without except unless until neither nor rather instead fail absence lack despite although even unlike than only
    another other otherwise reason because since once formerly before wrong wrongly falsely mistake mistaken mistakenly myth
    believe belief think thought idea assume suppose claim suspect question doubt avoid stop prevent never against
    unlikely improbable
    """.split()
)

# What follows one of these in a qualifier is the case for which the fact does not speak.
_EXCEPTIONS = frozenset({"except", "unless", "without"})


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
UNREVIEWED = Judgement(
    Verdict.NOT_IN_GRAPH, (), "Only a source that nobody reviewed speaks against this, and that does not settle it."
)
BOTH_WAYS = Judgement(Verdict.NOT_IN_GRAPH, (), "The graph speaks for this in one case and against it in another.")
NOT_EXCLUDED = Judgement(
    Verdict.NOT_IN_GRAPH, (), "The graph says that it is not so as a rule, which leaves room for such a case."
)


def supported(claim: Claim, facts: Sequence[Fact], known: Known) -> Judgement:
    """Supported by the best of the facts that carry the whole claim; open where none does."""
    fitting = [f for f in facts if _carries(f, claim, known)]
    if not fitting:
        return OPEN
    best = sorted(
        fitting,
        key=lambda f: (
            f.tier not in TRUSTED,
            f.predicate != claim.predicate,
            {f.subject, f.object} != {claim.subject, claim.object},
            len(f.qualifiers),
            f.id,
        ),
    )
    chosen = best[0]
    said = wording.sentence(chosen).rstrip(".")
    source = "" if chosen.tier in TRUSTED else " (unreviewed source)"
    return Judgement(Verdict.SUPPORTED, (chosen,), f"The graph says so{source}: {said}.")


def _carries(fact: Fact, claim: Claim, known: Known) -> bool:
    """Whether the fact says everything the claim says: no word is left over, and no needed condition is missing."""
    left, beyond = _unsaid(fact, claim)
    joined = bool(beyond)
    if not fact.denied and not claim.denied:
        left, beyond = _undefined(fact, left, beyond, claim, known)
    if _in_the_exception(fact, claim) or any(not _goes_along(concept, fact, claim, known) for concept in beyond):
        return False
    if joined and not fact.denied and not claim.denied:
        left = [word for word in left if word not in rules.JOINING]
    if (fact.denied and fact.predicate in {"RULES_OUT", "DETECTS"}) or fact.predicate == "OBSCURES":
        left = [word for word in left if word not in rules.LESSER]
    if fact.denied and fact.predicate in rules.PROVING:
        left = [word for word in left if word != "alone"]
    if left:
        return False
    if fact.predicate in rules.CONDITION_MATTERS and not fact.denied and not claim.denied:
        conditions = {w for key, value in fact.qualifiers if key in {"condition"} for w in phrase(value)}
        said = words_said(claim)
        return not conditions or bool(conditions & said)
    return True


def contradicted(claim: Claim, facts: Sequence[Fact], why: str, known: Known) -> Judgement:
    """Contradicted by the best of the trusted facts that bear on the same case; open where none does."""
    if not facts:
        return NOT_IN_GRAPH
    bearing = [f for f in facts if _bears(f, claim, known)]
    trusted = [f for f in bearing if f.tier in TRUSTED]
    if not trusted:
        return UNREVIEWED if bearing else OPEN
    best = sorted(trusted, key=lambda f: (f.predicate != claim.predicate, len(f.qualifiers), f.id))[0]
    return Judgement(Verdict.CONTRADICTED, (best,), f"{why}: {wording.sentence(best).rstrip('.')}.")


def _bears(fact: Fact, claim: Claim, known: Known) -> bool:
    """Whether the fact is about the same case as the claim, so that it may contradict it."""
    left, beyond = _unsaid(fact, claim)
    if _in_the_exception(fact, claim):
        return False
    if beyond and fact.denied and claim.predicate in rules.TOGETHER:
        return False  # what one does not do, two together may
    if beyond and all(_goes_along(concept, fact, claim, known) for concept in beyond):
        left, beyond = [word for word in left if word not in rules.JOINING], []
    left = [word for word in left if word != "even"]  # what is so even then is so otherwise as well
    return not TURNS & set(left) and len(left) + left.count("and") + len(beyond) <= (1 if beyond else _MOST_RESIDUE)


def _undefined(
    fact: Fact, left: Sequence[str], beyond: Sequence[str], claim: Claim, known: Known
) -> tuple[list[str], list[str]]:
    """Those of the words and concepts that the definitions of the fact's ends do not say either."""
    told = known.definition(fact.subject) | known.definition(fact.object)
    said = dict(claim.context)
    return [w for w in left if w not in told or w in TURNS], [c for c in beyond if not told >= {*said[c]}]


def _in_the_exception(fact: Fact, claim: Claim) -> bool:
    """Whether the claim is about what the fact leaves out: MRI with gadolinium, where "without gadolinium" is said."""
    said = words_said(claim)
    if _EXCEPTIONS & said:
        return False
    for _, value in fact.qualifiers:
        words = phrase(value)
        start = next((i for i, word in enumerate(words) if word in _EXCEPTIONS), len(words))
        if {*words[start + 1 :]} & said - rules.JOINING:
            return True
    return False


def _unsaid(fact: Fact, claim: Claim) -> tuple[list[str], list[str]]:
    """(words, concepts) of the claim that the fact and its qualifiers do not say."""
    qualified = {word for pair in fact.qualifiers for said in pair for word in phrase(said)} | rules.goes_with(
        fact.predicate
    )
    told = qualified | set(phrase(fact.subject_name)) | set(phrase(fact.object_name))
    if _usually_viewed(fact):
        told |= rules.USUAL_VIEW_WORDS
    told |= {word for said in told for word in rules.SAME_WORD.get(said, ())}
    left = [w for w in claim.residue if w not in told]
    beyond = [
        concept
        for concept, words in claim.context
        if concept
        and concept not in {fact.subject, fact.object}
        and not (concept in rules.GOES_WITHOUT_SAYING and not _limits_otherwise(fact, concept))
        and not told >= set(words)
        and not told >= set(phrase(concept.replace("_", " ")))
    ]
    return left, beyond


def _usually_viewed(fact: Fact) -> bool:
    """Whether the fact is limited to the usual view, by one of its names."""
    view = {*phrase(dict(fact.qualifiers).get("view", ""))}
    return bool(view) and view <= rules.USUAL_VIEW_WORDS


def _limits_otherwise(fact: Fact, concept: str) -> bool:
    """Whether the fact is limited to another population or view than this one, which mostly goes without saying."""
    words = {*phrase(concept.replace("_", " "))}
    key = "population" if concept == "adults" else "view"
    limit = dict(fact.qualifiers).get(key, "")
    return bool(limit) and key in {"population"} and not words & {*phrase(limit)}


def _goes_along(concept: str, fact: Fact, claim: Claim, known: Known) -> bool:
    """Whether a further concept of the sentence only names what the graph knows to go with the fact's ends anyway:
    the view that shows them, where they lie, whom they affect, what they are a kind of, what else is seen with them.
    """
    qualifiers = dict(fact.qualifiers)
    ends = {fact.subject, fact.object}
    if concept in rules.USUAL_VIEWS and _usually_viewed(fact):
        return True  # a frontal film taken erect is most often the PA film of the fact
    if concept in rules.USUAL_VIEWS and "view" not in qualifiers and fact.predicate in rules.IN_ANY_VIEW:
        # What another view is known to show may not be seen on this one.
        elsewhere = [f for end in ends for f in known.having("DETECTS", end) if not f.denied and f.object == end]
        return not elsewhere or any(f.subject == concept for f in elsewhere)
    if any(concept in known.up(end) for end in ends):
        return True
    # What does not prove or exclude a thing does not do so in those who have a sign or a risk of it.
    seen = fact.predicate in rules.PROVING if fact.denied else not claim.denied
    kinds = rules.GOES_ALONG | rules.SEEN_TOGETHER if seen else rules.GOES_ALONG
    if fact.predicate in rules.SIDED | rules.MEASURED:
        kinds = rules.GOES_ALONG
    return any(
        not other.denied and ({other.subject, other.object} - {concept}) & ends
        for predicate in sorted(kinds)
        for other in known.having(predicate, concept)
    )


def words_said(claim: Claim) -> set[str]:
    """The words that the sentence of the claim says beside its two ends."""
    return {*claim.residue, *(word for _, words in claim.context for word in words)}


def applies(fact: Fact, claim: Claim) -> bool:
    """Whether nothing limits the fact but what the claim itself names."""
    said = words_said(claim)
    limits = [
        {*phrase(value)}
        for key, value in fact.qualifiers
        if key in rules.LIMITS and (key, value) != ("population", "adults")  # which goes without saying
    ]
    return all(words & said for words in limits)


def limited(fact: Fact) -> bool:
    """Whether the fact holds for one population or condition only, so that another one may have another value."""
    return any(key in rules.LIMITS for key, _ in fact.qualifiers)

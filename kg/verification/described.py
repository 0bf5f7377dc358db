"""Claims of a name or a definition, against the concept's own. Knows nothing of other facts."""

from collections.abc import Iterable

from kg import wording
from kg.linking.normal import phrase
from kg.types import Claim, Concept, Fact, Tier, Verdict
from kg.verification import rules
from kg.verification.judging import NOT_IN_GRAPH, Judgement, contradicted, supported
from kg.verification.known import Known

_SHORTEST = 3
_ENOUGH = 3
"""More words than that have to agree before a single one that does not turns a definition round."""
_OF_THE_CHEST = frozenset({"lung", "chest", "thorax", "patient", "pulmonary"})
"""Where the rest agrees, these go without saying."""
_CARRYING = frozenset(
    "refer denote describ mean call nam term defin judg shown show seen see found which that whose when where while and or of "
    "by from because in on at to with as it they is are ha hav structur area sign find appear look pattern typ form part".split()
)
"""Stems that carry a description and describe nothing."""


def same_thing(claim: Claim, known: Known) -> Judgement:
    """Supported when both are names of one concept; what is denied to be a kind of the other is not the same."""
    if claim.subject != claim.object:
        return _different(claim, known)
    if claim.subject not in known.concepts:
        return NOT_IN_GRAPH
    concept = known.concepts[claim.subject]
    if claim.denied or claim.residue or claim.context:
        return NOT_IN_GRAPH
    return Judgement(Verdict.SUPPORTED, (definition(concept),), f"The graph lists both as names of {concept.name}.")


def _different(claim: Claim, known: Known) -> Judgement:
    ends = {claim.subject, claim.object}
    apart = [f for f in known.having("IS_A", claim.subject) if f.denied and {f.subject, f.object} == ends]
    if not apart:
        return NOT_IN_GRAPH
    return (
        supported(claim, apart, known)
        if claim.denied
        else contradicted(claim, apart, "The graph says that they are different", known)
    )


def defined(claim: Claim, known: Known) -> Judgement:
    """Supported when the concept's definition holds every word of the description."""
    concept = known.concepts.get(claim.subject)
    if concept is None or not concept.definition:
        return NOT_IN_GRAPH
    told = {stem(word) for word in words_of((concept.definition, concept.name, *concept.synonyms))}
    said = {stem(word) for word in claim.residue} - _CARRYING
    beyond = said - told - (_OF_THE_CHEST if len(said) > _ENOUGH + 1 else set())
    fact = definition(concept)
    if len(beyond) == 1 and len(said) > _ENOUGH and not claim.denied and claim.extent in {"", "typical", "mostly"}:
        (word,) = beyond
        turned = rules.opposites(word) & told - said
        if turned:
            return Judgement(Verdict.CONTRADICTED, (fact,), f"The definition says the opposite: {fact.object_name}")
    if len(said) < 2 or beyond or claim.extent in {"never", "rare", "only"}:
        return NOT_IN_GRAPH
    if claim.denied:
        return Judgement(Verdict.CONTRADICTED, (fact,), f"The definition says the opposite: {fact.object_name}")
    return Judgement(Verdict.SUPPORTED, (fact,), f"This is the definition: {fact.object_name}")


def stem(word: str) -> str:
    """The word without what inflects it: one who says "touching" means what another one calls "touches"."""
    for ending in ("ing", "ed", "ity", "ly", "al", "a", "e"):
        if word.endswith(ending) and len(word) > len(ending) + _SHORTEST:
            return stem(word.removesuffix(ending))
    return word


def words_of(texts: Iterable[str]) -> frozenset[str]:
    """The words of texts in normal form, and those that mean the same."""
    words = {word for text in texts for word in phrase(text)}
    return frozenset(words | {same for word in words for same in rules.SAME_WORD.get(word, ())})


def worded(claim: Claim, known: Known) -> Judgement:
    """Supported when the concept's definition is the very sentence."""
    concept = known.concepts.get(claim.subject)
    if concept is None or _words(claim.residue) != _words(phrase(concept.definition)):
        return NOT_IN_GRAPH
    fact = definition(concept)
    return Judgement(Verdict.SUPPORTED, (fact,), f"This is the definition: {fact.object_name}")


def _words(text: tuple[str, ...]) -> list[str]:
    """The words without articles and signs."""
    return [word for word in text if word not in {"a", "an", "the"} and word[0].isalnum()]


def definition(concept: Concept) -> Fact:
    """What the concept is, as a fact."""
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

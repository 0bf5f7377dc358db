"""What the store said of a batch of claims, and how it is asked: in few round trips. Knows nothing of verdicts."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from kg.linking.normal import phrase
from kg.memory import FactStore
from kg.predicates import PREDICATES
from kg.types import Claim, Concept, Fact
from kg.verification import rules

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


# Only for these, and where a claim says more than its relation, does it matter what kind of thing a concept is, or how it
# is defined.
_NEEDS_CONCEPTS = rules.SIDED | rules.MEASURED | {rules.SAME_AS, rules.DEFINED_AS, rules.WORDED_AS}


class Known:
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
    def of(cls, claims: Sequence[Claim], store: FactStore) -> "Known":
        """Asks the store, once of each kind, whatever the number of claims."""
        ends = {end for c in claims for end in (c.subject, c.object) if end}
        blamed = rules.ORGANISMS if rules.ORGANISMS & {c.subject for c in claims} else frozenset()
        above, below = store.ancestors(ends), store.descendants(ends | blamed)
        pairs: set[tuple[str, str]] = set()
        for claim in claims:
            pairs |= pairs_of(claim, above, below)
        looked_up = ends | {up for c in claims if c.predicate in rules.INHERITED for up in above.get(c.subject, ())}
        looked_up |= {concept for c in claims if c.quantity for concept, _ in c.context if concept}
        facts = [
            *store.facts_between(pairs),
            *store.facts_about(looked_up, _LOOKED_UP, _MANY),
        ]
        if any(concept in rules.USUAL_VIEWS for c in claims for concept, _ in c.context):
            facts += store.facts_about(ends, ("DETECTS",), _MANY)
        germs = {c.object for c in claims if c.predicate == "CAUSES" and rules.ORGANISMS & {*above.get(c.subject, ())}}
        if germs:
            facts += store.facts_about(germs, ("CAUSES", "COMMONEST_CAUSE_OF"), _MANY)
        if blamed:
            infections = {c.object for c in claims if c.subject in blamed}
            facts += store.facts_about(infections, ("CAUSES", "COMMONEST_CAUSE_OF"), _MANY)
        only = {c.object for c in claims if c.extent in {"only", "always"}} | {
            c.subject for c in claims if c.extent in {"only", "always"}
        }
        if only:
            facts += store.facts_about(only, ("CAUSES", "REQUIRES", "TREATED_BY", "AFFECTS"), _MANY)
        described = {
            end
            for c in claims
            if c.predicate in _NEEDS_CONCEPTS or c.residue or c.context or c.object in germs
            for end in (c.subject, c.object, *((concept for concept, _ in c.context) if c.quantity else ()))
            if end
        }
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

    def definition(self, concept: str) -> frozenset[str]:
        """The words of the concept's definition; none where it is not known."""
        return frozenset(phrase(self.concepts[concept].definition)) if concept in self.concepts else frozenset()

    def category(self, concept: str) -> str:
        """The concept's category."""
        return self.concepts[concept].category if concept in self.concepts else ""


def pairs_of(
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
    if claim.predicate in rules.INHERITED | rules.DENIAL_INHERITED | {"PREVENTED_BY"}:
        subjects |= {*up}
    if claim.predicate in rules.OBJECT_WIDENS:
        objects |= {*below.get(claim.object, ())}
    pairs = {(s, claim.object) for s in subjects} | {(claim.subject, o) for o in objects}
    pairs |= {(claim.subject, rules.mirrored(claim.object)), (rules.mirrored(claim.subject), claim.object)}
    if claim.object in rules.ZONES:
        pairs.add((claim.subject, rules.ZONES[claim.object]))
    pairs |= {(claim.subject, o) for o in rules.opposite_findings(claim.predicate, claim.object)}
    # What stands beside the claim may go along with it, or explain it in place of one of its ends.
    pairs |= {(concept, end) for concept, _ in claim.context if concept for end in (claim.subject, claim.object)}
    for alias in aliases(claim, above):
        pairs |= {(alias, o) for o in objects}
    return {pair for pair in pairs if all(pair)}


def aliases(claim: Claim, above: Mapping[str, Collection[str]] | None = None) -> set[str]:
    """Ids that mean the same in this relation: a normal radiograph rules out what the radiograph rules out.

    `above`: what denials hold for as well, since what no radiograph does no lateral one does.
    """
    kinds = {claim.subject, *(above or {}).get(claim.subject, ())}
    group = next((g for p, g in rules.ALIASES if p == claim.predicate and kinds & g), frozenset())
    return set(group)

"""Which diseases explain a case: what is told of a patient, against what each disease shows and who gets it.

Knows nothing of questions, films and how an answer is made.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from kg.memory import FactStore
from kg.types import Concept, Fact

NOT_HELD = frozenset({"absent", "hypothetical", "family"})
"""Assertions of what is told and is no evidence of a case."""
# On which side of a fact the disease stands; the other end is what speaks for it.
_DISEASE_IS = {
    "HAS_FINDING": "s", "HAS_SIGN": "s", "HAS_SYMPTOM": "s", "HAS_DISTRIBUTION": "s", "APPEARS_AS": "s",
    "SHIFTS_MEDIASTINUM": "s", "COMMONEST_CAUSE_OF": "s", "COMPLICATES": "s", "AFFECTS": "s", "SUGGESTS": "o",
    "RISK_FACTOR_FOR": "o",
}  # fmt: skip
# What causes a disease, and is not caused by it.
_ORIGINS = frozenset({"factor", "organism", "treatment", "device", "disease"})
_NO_EVIDENCE = frozenset({"anatomy", "technique", "test"})
_ABOVE = 0.6  # of what is told of a thing, for what it is a kind of
_AGAINST = 0.5
_LEAST_TOLD, _LEAST_EXPLAINED = 3, 2
_ENOUGH = 9.0  # two things that one disease in five shows and one in fifty, with a third that is common
_NEAR = 0.85  # of the best
_WEIGHED = 8  # diseases that explain most, before common ones are held back
_HELD_BACK = 0.2  # a disease of which much is known explains much by chance: power of the number of its facts


def explaining(told: Iterable[str], concepts: Mapping[str, Concept], known: FactStore) -> dict[str, float]:
    """The diseases that explain most of what is told, the best with 1 and others near it with their share of that.

    A disease may be among what is told. None where too little is told or nothing explains enough. Rare things tell more than
    common ones; what a disease does not show speaks against it.
    """
    evidence = [c for c in dict.fromkeys(told) if c in concepts and concepts[c].category not in _NO_EVIDENCE]
    if len(evidence) < _LEAST_TOLD:
        return {}
    diseases = {c.id for c in concepts.values() if c.category == "disease" and c.pack == "core"}
    above = known.ancestors(evidence)
    score: defaultdict[str, float] = defaultdict(float)
    explained: Counter[str] = Counter()
    for thing in evidence:
        near = {**dict.fromkeys(above[thing], _ABOVE), thing: 1.0}
        speaks = _speaking(near, known.facts_about(near), diseases - near.keys(), concepts)
        number = sum(weight > 0 for weight in speaks.values())
        tells = math.log(len(diseases) / max(number, 1))
        for disease, weight in speaks.items():
            score[disease] += tells * (weight if weight > 0 else _AGAINST * weight)
            explained[disease] += weight > 0
    likely = sorted(score, key=lambda d: (-score[d], d))[:_WEIGHED]
    facts = Counter(end for f in known.facts_about(likely, [*_DISEASE_IS, "CAUSES"]) for end in {f.subject, f.object})
    held = {d: score[d] / max(facts[d], 1) ** _HELD_BACK for d in likely if explained[d] >= _LEAST_EXPLAINED}
    best = max(held, key=lambda d: (held[d], d), default="")
    if not best or score[best] < _ENOUGH:
        return {}
    return {d: held[d] / held[best] for d in held if held[d] >= _NEAR * held[best]}


def _speaking(
    near: Mapping[str, float], facts: Iterable[Fact], diseases: Iterable[str], concepts: Mapping[str, Concept]
) -> dict[str, float]:
    """How much each disease is spoken for by a thing and what it is a kind of; below nought: against."""
    possible = frozenset(diseases)
    speaks: dict[str, float] = {}
    for fact in facts:
        for disease, other, side in ((fact.subject, fact.object, "s"), (fact.object, fact.subject, "o")):
            if disease not in possible or other not in near or side != _side(fact, other, concepts):
                continue
            weight = -near[other] if fact.denied else near[other]
            if abs(weight) > abs(speaks.get(disease, 0.0)):
                speaks[disease] = weight
    return speaks


def _side(fact: Fact, other: str, concepts: Mapping[str, Concept]) -> str:
    """Where the disease stands in a fact that may speak for it; none of the sides in others."""
    if fact.predicate == "CAUSES":
        return "o" if other in concepts and concepts[other].category in _ORIGINS else "s"
    return _DISEASE_IS.get(fact.predicate, "")

"""Several facts in one sentence, as in "A cavity can suggest tuberculosis or a lung abscess".

Facts that share an end and would be worded alike are told together, so that an answer reads as prose and not as a print-out.
Says nothing that the facts, told one by one, would not say. Knows nothing of questions and scores.
"""

from collections.abc import Sequence

from kg import wording
from kg.types import Fact

TOGETHER = 4  # names in one sentence; with more a reader loses the beginning
# Relations whose objects stand side by side; the word that joins them when affirmed. Denied, it is "or".
_JOINED = {
    "SUGGESTS": "or", "CAUSES": "or", "HAS_SYMPTOM": "or", "HAS_FINDING": "or", "HAS_SIGN": "or", "MIMICS": "or",
    "RULES_OUT": "and", "CONFIRMS": "and", "DETECTS": "or", "OBSCURES": "or", "INVESTIGATED_BY": "or",
    "TREATED_BY": "or", "PREVENTED_BY": "or", "RISK_FACTOR_FOR": "and", "AFFECTS": "and", "BORDERS": "and",
    "CONTRAINDICATED_IN": "and", "TIP_BELONGS_IN": "or", "LOCATED_IN": "or", "REQUIRES": "and",
}  # fmt: skip


def together(facts: Sequence[Fact]) -> list[tuple[Fact, ...]]:
    """The facts in groups that one sentence can say, each group where its first fact stood.

    A fact joins those that share its subject, or its object, whichever are more.
    """
    groups: list[tuple[Fact, ...]] = []
    left = list(facts)
    while left:
        first = left[0]
        group = max((_alike(first, left, end) for end in ("subject", "object")), key=len)
        groups.append(group)
        left = [fact for fact in left if fact not in group]
    return groups


def sentence(group: Sequence[Fact]) -> str:
    """One sentence for a group that `together` made."""
    first = group[0]
    if len(group) == 1:
        return wording.sentence(first)
    if all(fact.subject == first.subject for fact in group):
        word = "or" if first.denied else _JOINED[first.predicate]
        return wording.sentence(first, objects=_list([wording.noun_phrase(f.object_name) for f in group], word))
    return wording.sentence(first, subjects=_list([wording.noun_phrase(f.subject_name) for f in group], "or"))


def _alike(first: Fact, facts: Sequence[Fact], end: str) -> tuple[Fact, ...]:
    """The facts that differ from the first in one end only, and in no word of the sentence besides."""
    if first.predicate not in _JOINED or first.quantity:
        return (first,)
    template = wording.template(first)
    # A list of subjects takes the plural; only "can" has none.
    if end == "object" and "{s} can " not in template:
        return (first,)
    alike = [
        fact
        for fact in facts
        if getattr(fact, end) == getattr(first, end)
        and (fact.predicate, fact.denied, fact.tier) == (first.predicate, first.denied, first.tier)
        and not fact.quantity
        and fact.qualifiers == first.qualifiers
        and wording.template(fact) == template
    ]
    return tuple(alike[:TOGETHER])


def _list(names: Sequence[str], word: str) -> str:
    return f"{', '.join(names[:-1])} {word} {names[-1]}"

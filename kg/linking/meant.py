"""Which of the concepts that a reader proposes are mentions beside those that a text names. Knows nothing of facts."""

import re
from collections.abc import Collection, Mapping, Sequence

from kg.linking.context import Span, overlap
from kg.linking.normal import phrase
from kg.linking.port import Meant
from kg.types import Concept

LOST = re.compile(
    r"\d|\b(?:no|not|never|nor|without|hardly|scarcely|barely|rarely|seldom|always|only|sometimes|usually|often|if|unless|than"
    r"|except|or|(?!can't)\w+n't)\b",
    re.IGNORECASE,
)
"""What would be lost with the words that hold it: a denial, a number, a condition."""
MEANT_FROM, WIDER_FROM = 0.7, 0.5
"""From which share words mean a concept: where they name nothing, and where they name a wider one or a place."""
_OTHERWISE = frozenset(
    phrase("normal midline central clear unremarkable intact unchanged suspicious benign malignant definite any")
)
"""Beside these words something else is meant than a finding, unless its name holds them."""
_PLAIN = frozenset(
    """a an the my your his her our their this that these those i you he she it we they me him them us one what which who whom
    whose why how when where is are was were be been am do does did have has had can could will would should may might must
    not no of in on at to for from with without by about into over under between and or but if than as so then there here any
    some more most much many often usually first next best common commonest main cause causes caused symptom symptoms sign
    signs feature features finding findings treat treats treated treatment test tests show shows shown see seen look looks
    like mean means call called tell say give given get gets happen happens used use need needs make makes patient patients
    people person doctor film chest x-ray xray image disease condition difference risk please explain""".split()
)
"""Words of questions of which nothing is meant that is not named beside them."""
_WORD = re.compile(r"[A-Za-z][\w'-]*")
_TOO_WIDE = frozenset({"value", "population", "technique", "anatomy"})
_WHERE_AND_WHOM = frozenset({"value", "population", "anatomy"})


def may_mean_more(text: str, named: Collection[Span]) -> bool:
    """Whether words are left beside the names and what any question holds, to ask a reader of: that takes milliseconds."""
    return any(
        word[0].lower() not in _PLAIN and not any(overlap(span, word.span()) for span in named)
        for word in _WORD.finditer(text)
    )


def meant_beside(
    text: str, proposed: Sequence[Meant], named: Mapping[Span, str], concepts: Mapping[str, Concept]
) -> Mapping[Span, str]:
    """The spans with their concepts, `named` among them unless a longer span says more.

    `proposed`: the likeliest first; `named`: the concept id of each span that a name was found at; `concepts` by id.
    """
    kept, found = dict(named), dict[Span, str]()
    for one in proposed:
        if one.share < WIDER_FROM:
            break
        concept = concepts.get(one.concept)
        words = text[one.start : one.end]
        if concept is None or concept.category in _TOO_WIDE or LOST.search(words):
            continue
        if _OTHERWISE & {*phrase(words)} - {*phrase(concept.name)}:
            continue
        if one.concept in named.values() or one.span in named or any(overlap(span, one.span) for span in found):
            continue
        cut = [span for span in kept if overlap(span, one.span)]
        narrower = all(_within(span, one) and _is_wider(concepts[named[span]], concept) for span in cut)
        if narrower and one.share >= (WIDER_FROM if cut else MEANT_FROM):
            found[one.span] = one.concept
            kept = {span: concept_id for span, concept_id in kept.items() if span not in cut}
    return kept | found


def _is_wider(named: Concept, meant: Concept) -> bool:
    return named.category in _WHERE_AND_WHOM or {*phrase(named.name)} < {*phrase(meant.name)}


def _within(span: Span, one: Meant) -> bool:
    return one.start <= span[0] and span[1] <= one.end

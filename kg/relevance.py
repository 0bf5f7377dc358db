"""How well a fact answers a question: six numbers about the two, and weights fitted to what readers judged.

The weights are `data/relevance.tsv`, made by `training/relevance.py`. Knows nothing of how facts are found.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from importlib import resources
from typing import NamedTuple

from kg import wording
from kg.linking.lexicon import is_function_word
from kg.linking.normal import phrase
from kg.types import Concept, Fact

CONSTANT = "constant"
_STEM = 5  # letters: "stages" and "staging", "rotated" and "rotation"


class Evidence(NamedTuple):
    """What the relevance of one fact is told by, beside its relation; shares are 0 to 1.

    `rank`: its rank as a share of the best one's. `covered`: the share of the question's words that it has, rare words
    counting more. `subject`: how much the question is about what it tells of. `joined`: to how many things of the question its
    other end is joined. `conditions`: the share of the words of its conditions that the question has, less where there are
    few. `settles`: 1 where a yes or no is asked of the two things that it joins.
    """

    rank: float
    covered: float
    subject: float
    joined: float
    conditions: float
    settles: float


class Rarity:
    """How much each word of a question tells: words that few concepts have tell more. Safe for several threads."""

    def __init__(self, concepts: Iterable[Concept]) -> None:
        texts = [" ".join((c.name, *c.synonyms, c.lay_name, c.definition)) for c in concepts if c.pack == "core"]
        having = Counter(word for text in texts for word in _stems(text))
        self._most = math.log(len(texts) + 1)
        self._weights = {word: math.log((len(texts) + 1) / (count + 1)) for word, count in having.items()}

    def of(self, question: str) -> Mapping[str, float]:
        """The words of a question with their weights."""
        return {word: self._weights.get(word, self._most) for word in _stems(question)}


def covered(question: Mapping[str, float], fact: Fact) -> float:
    """The share of the question's weight that the fact's sentence has words for."""
    said = _stems(wording.sentence(fact))
    return sum(weight for word, weight in question.items() if word in said) / (sum(question.values()) or 1.0)


def conditions(question: str, fact: Fact) -> float:
    """The share of the words of the fact's conditions that stand in the question, as if there were two more."""
    limits = frozenset().union(*(_stems(value) for _, value in fact.qualifiers))
    return len(limits & _stems(question)) / (len(limits) + 2)


def relevance(evidence: Evidence, predicate: str) -> float:
    """About 1 for the answer, 0.4 for what a good answer might add, 0 for what is beside the point."""
    weights = _weights()
    told = sum(weights[name] * value for name, value in zip(evidence._fields, evidence, strict=True))
    return told + weights.get(predicate, 0.0) + weights[CONSTANT]


@lru_cache(maxsize=16_384)
def _stems(text: str) -> frozenset[str]:
    words = (word for word in phrase(text) if len(word) > 1 and word.isalnum())
    return frozenset(word[:_STEM] for word in words if not is_function_word(word))


@cache
def _weights() -> Mapping[str, float]:
    lines = (resources.files("kg") / "data" / "relevance.tsv").read_text("utf-8").splitlines()
    return {name: float(weight) for name, weight in (line.split("\t") for line in lines if not line.startswith("#"))}

"""Typing errors in words of the lexicon, by bounded edit distance.

Knows nothing of concepts. A wrong guess is worse than none: opposite prefixes are never bridged, nor are real words.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from rapidfuzz.distance import OSA

from kg.linking.lexicon import english_words
from kg.linking.normal import plurals

_OPPOSITES = (
    ("hyper", "hypo"), ("tachy", "brady"), ("inter", "intra"), ("inter", "infra"), ("intra", "infra"), ("supra", "infra"),
    ("ante", "anti"), ("ante", "post"), ("pre", "post"), ("endo", "exo"), ("endo", "ecto"), ("endo", "epi"),
    ("macro", "micro"), ("super", "sub"), ("ab", "ad"), ("ef", "af"), ("ex", "in"), ("trans", "ex"), ("un", "in"),
    ("hemo", "homo"), ("peri", "para"), ("uni", "bi"), ("eu", "dys"), ("normo", "hyper"), ("nor", "hyper"), ("homo", "hetero"),
)  # fmt: skip
_SUFFIXES = ("itis", "osis", "oma", "ectomy", "ostomy", "otomy", "emia", "uria", "penia", "philia", "cytosis", "plegia",
             "paresis", "graphy", "graph", "scopy", "pathy", "gram")  # fmt: skip


_SPELLINGS = (("edema", "oedema"), ("esoph", "oesoph"), ("hem", "haem"), ("emia", "aemia"), ("pnea", "pnoea"),
              ("tumor", "tumour"), ("rrhea", "rrhoea"), ("pedi", "paedi"))  # fmt: skip


class Speller:
    """Finds the one word of a vocabulary that a misspelt word must have meant."""

    def __init__(self, vocabulary: Iterable[str]) -> None:
        self._words = frozenset(vocabulary)
        self._buckets: dict[tuple[str, int], list[str]] = defaultdict(list)
        self._written = {other: word for word in sorted(self._words) for other in (*_british(word), *plurals(word))}
        for word in sorted({*self._words, *self._written}):
            if len(word) >= 5:
                for first in {word[0], word[1]}:
                    self._buckets[first, len(word)].append(word)

    def correct(self, word: str) -> str | None:
        """The vocabulary's word, or None when it is known, an English word, too short, or several come as near."""
        if len(word) < 5 or not word.isalpha() or word in self._words or word in english_words():
            return None
        allowed = 1 if len(word) < 8 else 2
        near: dict[int, list[str]] = defaultdict(list)
        for length in range(len(word) - allowed, len(word) + allowed + 1):
            for candidate in {c for first in word[:2] for c in self._buckets.get((first, length), ())}:
                distance = OSA.distance(word, candidate, score_cutoff=allowed)
                if distance <= allowed and not opposed(word, candidate):
                    near[distance].append(candidate)
        nearest = near[min(near)] if near else []
        if len(nearest) > 1:  # a letter left out ("fisure") comes before one taken for another ("figure")
            nearest = [candidate for candidate in nearest if _left_out(word, candidate)] or nearest
        best = {self._written.get(candidate, candidate) for candidate in nearest}
        if len(best) != 1:
            return None
        mended = best.pop()
        for twin in _twins(mended, self._words):
            if word[:4] != mended[:4] or OSA.distance(word, twin) <= allowed:
                return None  # its beginning is misspelt, or it may as well be the opposite
        return mended


def _left_out(word: str, candidate: str) -> bool:
    """Whether the word is the candidate without some of its letters."""
    letters = iter(candidate)
    return all(letter in letters for letter in word)


def _twins(word: str, words: frozenset[str]) -> Iterator[str]:
    """What the vocabulary has with the opposite prefix."""
    for pair in _OPPOSITES:
        for here, there in (pair, pair[::-1]):
            if word.startswith(here) and there + word.removeprefix(here) in words:
                yield there + word.removeprefix(here)


def _british(word: str) -> Iterator[str]:
    """The British spellings, which a typing error may lie nearer to than the American normal form."""
    for american, british in _SPELLINGS:
        if american in word:
            yield word.replace(american, british)


def opposed(word: str, candidate: str) -> bool:
    """Whether the step between the two would cross from one prefix or suffix to another with a different meaning."""
    if word in {f"a{candidate}", f"an{candidate}"}:
        return True  # "apyrexial" is not "pyrexial"
    for one, other in _OPPOSITES:
        for here, there in ((one, other), (other, one)):
            if candidate.startswith(here) and _nearer(word[: len(there) + 1], there, here):
                return True
    ends = {suffix for suffix in _SUFFIXES if candidate.endswith(suffix)}
    return any(word.endswith(s) for s in _SUFFIXES if s not in ends) and bool(ends)


def _nearer(start: str, there: str, here: str) -> bool:
    """Whether the beginning of a word is as near to `there` as to `here`."""
    return OSA.distance(start[: len(there)], there) <= OSA.distance(start[: len(here)], here)

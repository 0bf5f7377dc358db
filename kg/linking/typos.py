"""Typing errors in words of the lexicon, by bounded edit distance.

Knows nothing of concepts. A wrong guess is worse than none: opposite prefixes are never bridged, nor are real words, and
a slip in an ordinary word ("recieved") is not taken for one in a word of the lexicon ("relieved"), nor is a term that the
lexicon lacks ("hypokalemia") for one that it has ("hypoxemia").
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache, lru_cache
from importlib import resources
from itertools import pairwise

from rapidfuzz.distance import OSA, Levenshtein

from kg.linking.lexicon import english_words, ranked_english_words
from kg.linking.normal import normal, plurals

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

_VOWELS = frozenset("aeiouy")
_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_ALIKE_IN_SOUND = ("ck", "cs", "sz", "sx", "fv", "td", "bp", "mn", "gj", "kq", "vw")
_TAKEN = frozenset(
    pair for row in (*_KEYS, *_ALIKE_IN_SOUND) for one, other in pairwise(row) for pair in ((one, other), (other, one))
)
"""Consonants taken for one another: they lie side by side on the keyboard, or sound alike."""

_ORDINARY = 20_000
"""Of English words by frequency: what a misspelt word may as well have meant."""
_SELDOM = 3_000
"""English words more frequent than this are meant as they stand: "value problem" is none of a valve."""
_CACHED = 16_384  # words; few that are no word come twice, but each is asked for twice

Buckets = Mapping[tuple[str, int], Collection[str]]


class Speller:
    """Finds the one word of a vocabulary that a misspelt word must have meant."""

    def __init__(self, vocabulary: Iterable[str]) -> None:
        self._words = frozenset(vocabulary)
        self._written = {other: word for word in sorted(self._words) for other in (*_british(word), *plurals(word))}
        self._buckets = _bucketed({*self._words, *self._written})
        self.correct = lru_cache(_CACHED)(self._correct)
        """The vocabulary's word, or None when it is known, an English word, too short, or several words come as near."""

    def _correct(self, word: str) -> str | None:
        if len(word) < 5 or not word.isalpha() or word in self._words:
            return None
        if word in english_words() or word in _other_terms():
            return None
        allowed = 1 if len(word) < 8 else 2
        near = {c: d for c, d in _near(word, self._buckets, allowed) if _is_slip(word, c) and not opposed(word, c)}
        if not near:
            return None
        distance = min(near.values())
        rivals = {c: d for c, d in _near(word, _ordinary(), distance) if not self._knows(c)}
        best = {self._written.get(c, c) for c in _nearest(word, near | rivals)}
        mended = best.pop()
        if best or mended in rivals:
            return None
        for twin in _twins(mended, self._words):
            if word[:4] != mended[:4] or OSA.distance(word, twin) <= allowed:
                return None  # its beginning is misspelt, or it may as well be the opposite
        return mended

    def among(self, word: str, partners: Iterable[str]) -> str | None:
        """The one of `partners` that a seldom English word is a slip of."""
        if len(word) < 5 or self._knows(word) or ranked_english_words().get(word, 0) < _SELDOM:
            return None
        alike = {p for p in partners if OSA.distance(word, p, score_cutoff=1) == 1 and not opposed(word, p)}
        return alike.pop() if len(alike) == 1 else None

    def _knows(self, word: str) -> bool:
        return word in self._words or word in self._written or normal(word) in self._words


@cache
def _other_terms() -> frozenset[str]:
    """Words of medicine that the curated graph lacks, of `kg/data/other_terms.txt`, as written and in normal form."""
    text = (resources.files("kg") / "data" / "other_terms.txt").read_text("utf-8")
    words = [word for line in text.splitlines() if not line.startswith("#") for word in line.split()]
    return frozenset({*words, *map(normal, words)})


@cache
def _ordinary() -> Buckets:
    return _bucketed(word for word, rank in ranked_english_words().items() if rank < _ORDINARY)


def _bucketed(words: Iterable[str]) -> Buckets:
    """Words by each of their first two letters and their length: one of these letters is typed right."""
    buckets: dict[tuple[str, int], list[str]] = defaultdict(list)
    for word in sorted(words):
        if len(word) >= 5:
            for first in {word[0], word[1]}:
                buckets[first, len(word)].append(word)
    return buckets


def _near(word: str, buckets: Buckets, allowed: int) -> Iterator[tuple[str, int]]:
    """Words with their distance."""
    for length in range(len(word) - allowed, len(word) + allowed + 1):
        for candidate in {c for first in word[:2] for c in buckets.get((first, length), ())}:
            distance = OSA.distance(word, candidate, score_cutoff=allowed)
            if distance <= allowed:
                yield candidate, distance


def _is_slip(word: str, candidate: str) -> bool:
    """Whether each letter that stands for another is likely to: "steatosis" is no slip of "stenosis", but another word."""
    edits = Levenshtein.editops(word, candidate)
    if len(edits) != OSA.distance(word, candidate):
        return True  # two letters have changed places
    swapped = ((word[edit.src_pos], candidate[edit.dest_pos]) for edit in edits if edit.tag == "replace")
    return all(pair in _TAKEN or _VOWELS.issuperset(pair) for pair in swapped)


def _nearest(word: str, near: Mapping[str, int]) -> list[str]:
    """Of several the one with its letters in another order ("plueral") comes first, then the one with a letter left out
    ("fisure"), before one with a letter taken for another ("figure").
    """
    nearest = [candidate for candidate, distance in near.items() if distance == min(near.values())]
    turned = [candidate for candidate in nearest if sorted(candidate) == sorted(word)]
    if turned:
        return turned
    return [c for c in nearest if len(nearest) > 1 and _left_out(word, c)] or nearest


def is_slip_of_english(word: str) -> bool:
    """Whether it is no English word and lies near a frequent one: "definately", "dont"."""
    if word in english_words():
        return False
    allowed = 1 if len(word) < 8 else 2
    parted = (f"{word[:at]}'{word[at:]}" for at in (-2, -1))
    return any(form in english_words() for form in parted) or any(_near(word, _ordinary(), allowed))


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

"""A small trained tagger that decides what the rules are not certain of, and finds what they have no rule for.

It reads a view's words, their company, the lists and the finds of every recognizer before it, and gives each word the
probability of being part of an identifier. A second reading (`context`) by a small language model sees the same and more
of the sentence; what both say together counts. Trained on generated notes only (`training/deid_tagger.py`).
Knows nothing of how its finds are replaced.
"""

import re
import zlib
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from importlib import resources
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from guardrails.recognizers.base import Certainty, Found
from guardrails.recognizers.context import ContextReader
from guardrails.recognizers.lexicon import Kind, Lexicon, english_ranks, fold, places
from guardrails.recognizers.names import DEGREES, SURE_TITLES, shielded
from guardrails.recognizers.numbers import UNIT
from guardrails.recognizers.places import NO_PLACE_BY_ITSELF
from guardrails.recognizers.view import Token, View
from guardrails.types import PhiType

Ids = NDArray[np.int32]
Floats = NDArray[np.float32]

TAGS: tuple[PhiType, ...] = tuple(PhiType)
"""Tag 0 is "no identifier"; tag 1 + i says that a word is part of an identifier of type `TAGS[i]`."""

# One table of embeddings, a range of rows for each feature; row 0 is empty. (feature, rows)
_RANGES = (("affix", 12288), ("gram", 6144), ("shape", 512), ("list", 128), ("gap", 128), ("found", 64))
_ROWS = dict(_RANGES)
FIRST_WORD = 1 + sum(_ROWS.values())
_START: dict[str, int] = {}
for _name, _rows in _RANGES:
    _START[_name] = 1 + sum(rows for name, rows in _RANGES[: len(_START)])
WIDTH = 40
"""Features a word at most."""
_AROUND = 40
_CHUNK, _MARGIN = 4096, 32  # words; the margin is wider than what a word's tag depends on


def _hashed(feature: str, text: str) -> int:
    return _START[feature] + zlib.crc32(text.encode()) % _ROWS[feature]


_SIGNS = re.compile(r"\d+")


@cache
def _place_words() -> tuple[frozenset[str], frozenset[str]]:
    """(words that are a place by themselves, first words of longer places)."""
    return (
        frozenset(place[0] for place in places() if len(place) == 1),
        frozenset(place[0] for place in places() if len(place) > 1),
    )


class Features:
    """Words of a view as rows of the table of embeddings. What depends on the word alone is kept for the next time."""

    def __init__(self, lexicon: Lexicon, words: Sequence[str]) -> None:
        self._lexicon = lexicon
        self._row = {word: FIRST_WORD + i for i, word in enumerate(words)}
        self._of_word: dict[str, list[int]] = {}

    def __call__(self, view: View, earlier: Sequence[Found]) -> Ids:
        """int32, shape (words, `WIDTH`), filled up with 0."""
        in_phrase = shielded(view, self._lexicon)
        ids = np.zeros((len(view.tokens), WIDTH), np.int32)
        marks = _marks(view.tokens, earlier)
        dress = _dress(view.tokens)
        before = 0
        for i, token in enumerate(view.tokens):
            own = self._of_word.get(token.text)
            if own is None:
                own = self._of_word[token.text] = self._word(token.text)
                if len(self._of_word) > 100_000:
                    self._of_word.clear()
            gap = view.text[before : token.start]
            before = token.end
            row = [
                *own,
                _gap_row(gap),
                *(_START["found"] + mark for mark in marks[i]),
                _START["list"] + 30 + (i in in_phrase),
                _START["list"] + 64 + 16 * dress[i] + english_ranks().get(token.lower, 0),
                _shape_row(token.text, dress[i]),
            ]
            ids[i, : len(row)] = row[:WIDTH]
        return ids

    def _word(self, text: str) -> list[int]:
        folded = fold(text)
        bare = folded.removesuffix("'s")
        lists = self._lexicon
        alone, first = _place_words()
        marks = [
            lists.kind(text).value,
            10 + (bare in lists.near),
            12 + (bare in lists.everywhere),
            14 + (bare in alone),
            16 + (bare in first),
            18 + (bare in lists.eponyms),
            20 + (bare in lists.clinical),
            22 + (bare in lists.either),
            24 + (bare in lists.eponym_heads),
            40 + english_ranks().get(bare, 0),
        ]
        padded = f"<{folded}>"
        return [
            self._row.get(_SIGNS.sub("0", folded), 0),
            *(_START["list"] + mark for mark in marks),
            _hashed("shape", _shape(text)),
            _hashed("shape", f"{len(text)}"),
            *(_hashed("affix", f"p{n}{folded[:n]}") for n in (2, 3)),
            *(_hashed("affix", f"s{n}{folded[-n:]}") for n in (1, 2, 3, 4)),
            *(_hashed("gram", padded[i : i + 3]) for i in range(min(len(padded) - 2, 14))),
        ]


def _dress(tokens: Sequence[Token]) -> list[int]:
    """For each word how the text around it is dressed: 0 without capitals, 1 as in print, 2 mostly in capitals.

    Where sentences begin with a capital, a word in small letters is hardly ever a name; where nothing does, it may be.
    """
    words = np.array([token.text[0].isalpha() for token in tokens])
    capitals = np.array([token.text[0].isupper() for token in tokens])
    whole = np.array([len(token.text) > 1 and token.text.isupper() for token in tokens])
    counts = [np.concatenate(([0], np.cumsum(of))) for of in (words, capitals, whole)]
    first, last = (
        np.maximum(np.arange(len(tokens)) - _AROUND, 0),
        np.minimum(np.arange(len(tokens)) + _AROUND, len(tokens)),
    )
    seen, begun, shouted = (count[last] - count[first] for count in counts)
    return [int(dress) for dress in np.where(shouted > 0.6 * seen, 2, np.where(begun > 0.02 * seen, 1, 0))]


@lru_cache(10_000)
def _gap_row(gap: str) -> int:
    return _hashed("gap", re.sub(r"\n\s*\n\s*", "\n\n", re.sub(r"[ \t]+", " ", gap))[-6:])


@lru_cache(100_000)
def _shape_row(text: str, dress: int) -> int:
    return _hashed("shape", f"{dress} {_shape(text)}")


def _shape(text: str) -> str:
    """The pattern of capitals and digits: Smith is Xx, SMITH is XX, O'Neil is X'Xx, 12 is dd."""
    kinds = "".join("d" if c.isdigit() else "X" if c.isupper() else "x" if c.isalpha() else c for c in text)
    return re.sub(r"x+", "x", re.sub(r"X{2,}", "XX", kinds))[:10]


def _marks(tokens: Sequence[Token], earlier: Sequence[Found]) -> list[list[int]]:
    """For each word and each certainty a number for the type of the find over it, or for none."""
    none = [int(certainty) * 16 for certainty in (Certainty.GUESS, Certainty.LIKELY, Certainty.CERTAIN)]
    marks = [list(none) for _ in tokens]
    starts = [token.start for token in tokens]
    for found in earlier:
        kind = 1 + TAGS.index(found.kind)
        for i in range(bisect_left(starts, found.start), bisect_left(starts, found.end)):
            marks[i][found.certainty] = none[found.certainty] + kind
    return marks


class Weights(NamedTuple):
    """The trained network: `table` (rows, width), `blocks` of (kernel, bias, dilation), `out` and `thresholds` by tag."""

    table: Floats
    scale: Floats
    shift: Floats
    blocks: tuple[tuple[Floats, Floats, int], ...]
    out: Floats
    out_bias: Floats
    thresholds: Floats
    words: tuple[str, ...]


def shipped_weights() -> Weights:
    """The weights that ship with the product."""
    with resources.as_file(resources.files("guardrails").joinpath("data", "tagger.npz")) as path:
        return weights_of(path)


def weights_of(path: Path) -> Weights:
    """The weights in one file that `training/deid_tagger.py` wrote."""
    with np.load(path) as kept:
        arrays = {name: kept[name] for name in kept.files}
    dilations = arrays["dilations"]
    return Weights(
        table=arrays["table"].astype(np.float32) * arrays["table_scale"].astype(np.float32),
        scale=arrays["scale"].astype(np.float32),
        shift=arrays["shift"].astype(np.float32),
        blocks=tuple(
            (arrays[f"kernel{i}"].astype(np.float32), arrays[f"bias{i}"].astype(np.float32), int(d))
            for i, d in enumerate(dilations)
        ),
        out=arrays["out"].astype(np.float32),
        out_bias=arrays["out_bias"].astype(np.float32),
        thresholds=arrays["thresholds"].astype(np.float32),
        words=tuple(str(arrays["words"]).split("\n")),
    )


def probabilities(ids: Ids, w: Weights) -> Floats:
    """float32, shape (words, 1 + tags): each row sums to 1. Residual dilated convolutions over the words."""
    x = w.table[ids].sum(axis=1)
    x = (x - x.mean(axis=1, keepdims=True)) / np.sqrt(x.var(axis=1, keepdims=True) + 1e-5) * w.scale + w.shift
    for kernel, bias, dilation in w.blocks:  # kernel: (3, width, width)
        padded = np.pad(x, ((dilation, dilation), (0, 0)))
        size = len(x)
        mixed = sum(padded[i * dilation : i * dilation + size] @ kernel[i] for i in range(3)) + bias
        x = x + np.maximum(mixed, 0)
    logits = x @ w.out + w.out_bias
    odds = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(odds / odds.sum(axis=1, keepdims=True), np.float32)


def agreed(one: Floats, other: Floats) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """(probability that a word is named, the type of identifier that it would be), each of shape (words,).

    The odds of both readings that it is named are averaged as logarithms, those of the second counting twice.
    """
    odds = np.zeros(len(one))
    for shares, weight in ((one, 1 / 3), (other, 2 / 3)):
        none = np.clip(shares[:, 0].astype(np.float64), 1e-7, 1 - 1e-7)
        odds += weight * np.log((1 - none) / none)
    return 1 / (1 + np.exp(-odds)), (one[:, 1:] + other[:, 1:]).argmax(axis=1)


_WITHIN_A_NAME = re.compile(r"[ -]|, ?")
_CLEARLY = 0.9


def _beside(view: View, likely: NDArray[np.float64], kinds: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Which words stand beside one that is clearly a name, and are written like it: "Vena Lyme", "SUGAR, AGNIESZKA"."""
    beside = np.zeros(len(likely), bool)
    clearly = (likely >= _CLEARLY) & (kinds == TAGS.index(PhiType.NAME))
    for at in np.flatnonzero(clearly[1:] != clearly[:-1]):
        one, other = view.tokens[at], view.tokens[at + 1]
        if _case(one.text) == _case(other.text) and _WITHIN_A_NAME.fullmatch(view.text, one.end, other.start):
            beside[[at, at + 1]] = True
    return beside


def _case(word: str) -> int:
    """0 small letters, 1 a capital first, 2 capitals only; a digit is small."""
    return int(word[0].isupper()) + int(len(word) > 1 and word.isupper())


_BEFORE_A_DEGREE = re.compile(r"[,.^ ]{0,4}\(?|,?\n *")


def _degrees(view: View, tags: Sequence[int]) -> Iterator[int]:
    """The words that are degrees of the one who is named before them, or of whom other degrees are."""
    behind = -1
    for at, token in enumerate(view.tokens[1:], 1):
        if (
            token.lower in DEGREES
            and token.text[0].isupper()
            and (behind == at - 1 or (tags[at - 1] and TAGS[tags[at - 1] - 1] is PhiType.NAME))
            and _BEFORE_A_DEGREE.fullmatch(view.text, view.tokens[at - 1].end, token.start)
        ):
            behind = at
            yield at


_VERTEBRA = re.compile(r"C[1-8]|T(?:[1-9]|1[0-2])|L[1-5]|S[1-5]")
_YOUNGER = re.compile(r"\D*[1-8]?\d\D*")
_YEAR = re.compile(r"(?:19|20)\d\d")
_LABELS = SURE_TITLES | frozenset("mrn dob ssn npi dea nok stat urgent routine asap".split())
"""What stands before an identifier and is none, and how urgent an order is."""
_SIZE = re.compile(r"\d+(?:\.\d+)?(?:[x\u00d7]\d+(?:\.\d+)?)+")


_DOUBTFUL = (PhiType.NAME, PhiType.LOCATION, PhiType.ORGANIZATION)
"""Types of which a rule often takes a word too many: "HANSEN, BJØRN GTN"."""
_NEEDED = {
    Kind.NAME: 0.05,
    Kind.CAPITAL: 0.05,
    Kind.UNKNOWN: 0.05,
    Kind.EITHER: 0.006,
    Kind.WORD: 0.012,
    Kind.CLINICAL: 0.02,
}
"""How likely a word must be a name or an organization. What is a word too ("Stone", "Ward") is hard to know for a name; what is
nothing but a name, or is on no list, is known clearly where it is one: below this it is an abbreviation, a drug, a device."""
_SUGGESTED = 0.006  # is enough where a rule takes it for one
_EPONYM = 0.012
_SMALL_LETTERS = 0.05  # for a word in small letters where sentences begin with capitals
_OF_A_PLACE = 0.1  # the most: for a name that is a part of names of places, "ward", "law"
_SURELY_NONE = 0.001
"""Less likely than this to be part of an identifier: of the 21,000 words of names and places in the held notes one is."""


class TaggerRecognizer:
    """Last in the list. Confirms what is less than certain, rules words out, and finds words on its own."""

    def __init__(self, lexicon: Lexicon, weights: Weights | None = None, context: ContextReader | None = None) -> None:
        self._lexicon = lexicon
        self._weights = weights or shipped_weights()
        self._features = Features(lexicon, self._weights.words)
        self._context = context or ContextReader()

    def __call__(self, view: View, earlier: Sequence[Found]) -> Iterator[Found]:
        """Yields what is certain and what is ruled out."""
        tokens = view.tokens
        if not tokens:
            return
        earlier = [found for found in earlier if found.certainty is not Certainty.RULED_OUT]
        rows = self._features(view, earlier)
        likely, kinds = agreed(self._shares(rows), self._context(view, rows))
        starts = np.array([token.start for token in tokens])
        sure = self._sure(tokens, starts, likely, kinds, earlier)
        sure |= _beside(view, likely, kinds) & (likely >= self._weights.thresholds[kinds])
        tags = np.where(sure, 1 + kinds, 0).tolist()
        for at in _degrees(view, tags):
            tags[at], likely[at] = 0, 0
        yield from self._ruled_out(tokens, starts, likely, earlier)
        for found in earlier:
            if found.certainty is not Certainty.CERTAIN:
                first, last = np.searchsorted(starts, [found.start, found.end])
                guessed = found.certainty is Certainty.GUESS and first < last
                if guessed and not self._stands(view, found, tokens[first:last]):
                    continue
                if any(tags[first:last]) or first == last:
                    yield Found(found.start, found.end, found.kind)
        yield from (
            found for found, first, last in self._runs(view, tags) if self._stands(view, found, tokens[first:last])
        )

    def _sure(
        self,
        tokens: Sequence[Token],
        starts: NDArray[np.int_],
        likely: NDArray[np.float64],
        kinds: NDArray[np.intp],
        earlier: Sequence[Found],
    ) -> NDArray[np.bool_]:
        """Which words are likely enough part of an identifier, by what else they may be."""
        sure = likely >= self._weights.thresholds[kinds]
        named = (kinds == TAGS.index(PhiType.NAME)) | (kinds == TAGS.index(PhiType.ORGANIZATION))
        doubtful = np.flatnonzero(sure & named & (likely < _OF_A_PLACE))  # places are made of words of any kind
        if not len(doubtful):
            return sure
        suggested = np.zeros(len(tokens), bool)
        for found in earlier:
            suggested[slice(*np.searchsorted(starts, [found.start, found.end]))] = True
        dress = _dress(tokens)
        for at in doubtful.tolist():
            word = tokens[at].text
            folded = fold(word).removesuffix("'s")
            least = _NEEDED[self._lexicon.kind(word)]
            if folded in self._lexicon.eponyms:
                least = max(least, _EPONYM)
            if suggested[at]:
                least = min(least, _SUGGESTED)
            elif dress[at] == 1 and word.islower():
                least = _SMALL_LETTERS
            if TAGS[kinds[at]] is PhiType.NAME and folded in NO_PLACE_BY_ITSELF:
                least = _OF_A_PLACE
            sure[at] = likely[at] >= least
        return sure

    def _shares(self, ids: Ids) -> Floats:
        """The probabilities of all words, read in pieces that overlap by more than what a word's tag depends on."""
        pieces = []
        for start in range(0, len(ids), _CHUNK):
            first = max(0, start - _MARGIN)
            pieces.append(probabilities(ids[first : start + _CHUNK + _MARGIN], self._weights)[start - first :][:_CHUNK])
        return np.concatenate(pieces)

    @staticmethod
    def _ruled_out(
        tokens: Sequence[Token], starts: NDArray[np.int_], likely: NDArray[np.float64], earlier: Sequence[Found]
    ) -> Iterator[Found]:
        """The first and last words of finds of a doubtful type that are surely none, where nothing doubtless covers them."""
        none = likely < _SURELY_NONE
        for found in earlier:
            if found.kind not in _DOUBTFUL and found.certainty is Certainty.CERTAIN:
                none[slice(*np.searchsorted(starts, [found.start, found.end]))] = False
        for found in earlier:
            if found.kind in _DOUBTFUL:
                first, last = np.searchsorted(starts, [found.start, found.end])
                kept = np.flatnonzero(~none[first:last])
                edges = ((first, first + kept[0]), (first + kept[-1] + 1, last)) if len(kept) else ((first, last),)
                for begin, end in edges:
                    if begin < end:
                        yield Found(tokens[begin].start, tokens[end - 1].end, found.kind, Certainty.RULED_OUT)

    @staticmethod
    def _stands(view: View, found: Found, tokens: Sequence[Token]) -> bool:
        """False for a find that its words speak against: a year, a younger age, a size, a title, what names no place."""
        if found.kind is PhiType.AGE_OVER_89 and (
            UNIT.match(view.text, found.end) or _YOUNGER.fullmatch(view.text, found.start, found.end)
        ):
            return False
        if found.kind is PhiType.DATE and len(tokens) == 1 and _YEAR.fullmatch(tokens[0].text):
            return False
        if found.kind is PhiType.LOCATION and len(tokens) == 1 and _VERTEBRA.fullmatch(tokens[0].text):
            return False
        if len(tokens) == 1 and _SIZE.fullmatch(tokens[0].lower):
            return False
        words = {token.lower for token in tokens}
        return not words <= _LABELS and (found.kind is PhiType.NAME or not words <= NO_PLACE_BY_ITSELF)

    @staticmethod
    def _runs(view: View, tags: Sequence[int]) -> Iterator[tuple[Found, int, int]]:
        """Neighbouring words of one type are one find: (find, its first word, one past its last)."""
        first = 0
        while first < len(tags):
            last = first
            while (
                tags[first]
                and last + 1 < len(tags)
                and tags[last + 1] == tags[first]
                and _JOIN.fullmatch(view.text, view.tokens[last].end, view.tokens[last + 1].start)
            ):
                last += 1
            if tags[first]:
                token = view.tokens[last]
                end = token.end - 2 if token.lower.endswith(("'s", "’s")) else token.end
                yield Found(view.tokens[first].start, end, TAGS[tags[first] - 1]), first, last + 1
            first = last + 1


_JOIN = re.compile(r"['’]?[ \t]{1,2}|[-'./^@:\\_&]|\. |, ?| & |\n[ \t]*")

"""The bundled reader of concepts: layers of MiniLM trained on authored wordings (`training/concepts.py`).

Proposes what a few words mean that are no name of the lexicon, "makes the fingers club". Card: `data/CONCEPTS.md`.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from copilot.relations.onnx_reader import Pieces, Word, opened
from kg.linking import ConceptReader, Meant

MOST_WORDS = 10
ASKED = 12
"""Spans of a text whose concept is asked for: the likeliest to mean one."""
LEAST_SHARE = 0.004
_SAYS_NOTHING_FIRST = re.compile(r"(?:the|a|an|his|her|their|your|my|some|any|this|that|these|those)$", re.IGNORECASE)


def spans_of(text: str, words: Sequence[Word], most: int = MOST_WORDS) -> Iterator[tuple[int, int]]:
    """The words (first, last) of every span that may mean something: no article before it, no sign at either end."""
    is_word = [any(sign.isalnum() for sign in text[word.start : word.end]) for word in words]
    for first, word in enumerate(words):
        if not is_word[first] or _SAYS_NOTHING_FIRST.match(text[word.start : word.end]):
            continue
        for last in range(first, min(len(words), first + most)):
            if is_word[last]:
                yield first, last


class OnnxConceptReader(ConceptReader):
    """One file holds the network and, in its metadata, the vocabulary and the concepts."""

    def __init__(self, path: Path | None = None) -> None:
        """`path`: another file than the bundled one."""
        self._session, told = opened("concepts.onnx", path)
        self._pieces = Pieces(told["pieces"].split("\n"))
        self._concepts = told["concepts"].split("\n")

    def read(self, text: str) -> Sequence[Meant]:
        """See the port."""
        ids, words = self._pieces.words(text)
        spans = list(spans_of(text, words))
        if not spans:
            return ()
        # The network asks for the concepts of a fixed number of spans; the last stands in where there are fewer.
        padded = spans + [spans[-1]] * (ASKED - len(spans))
        given = {
            "pieces": ids,
            "first": [words[first].first for first, _ in padded],
            "last": [words[last].last for _, last in padded],
        }
        which, shares = self._session.run(None, {name: np.array(n, np.int32) for name, n in given.items()})
        found = dict[tuple[int, int, str], Meant]()
        for row, column in zip(*np.nonzero(shares >= LEAST_SHARE), strict=True):
            first, last = padded[which[row]]
            span = words[first].start, words[last].end, self._concepts[column]
            found[span] = Meant(*span, float(shares[row, column]))
        return sorted(found.values(), key=lambda meant: -meant.share)

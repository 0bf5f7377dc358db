"""How alike in meaning a sentence and facts are: the vector of MiniLM, turned and shortened (`training/likeness.py`).

The vectors of the curated facts come with it; those of others are made when they are asked for.
"""

import hashlib
from collections.abc import Sequence
from importlib import resources
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from copilot.sentences import minilm

Vectors = NDArray[np.float32]
REMEMBERED, AT_ONCE = 20_000, 32
"""Vectors of other facts that are kept, and how many of them a question may wait for; the rest count as not alike."""


class Likeness:
    """One file holds the turn and, for each text that it knows, a vector in 8 bits."""

    def __init__(self, path: Path | None = None) -> None:
        """`path`: another file than the bundled one."""
        self._sentences = minilm()
        bundled = resources.files("copilot.relations") / "data" / "likeness.npz"
        with path.open("rb") if path else bundled.open("rb") as file, np.load(file) as told:
            self._turn, self._middle = told["turn"].astype(np.float32), told["middle"].astype(np.float32)
            vectors = told["vectors"].astype(np.float32)
            self._row = {int(key): n for n, key in enumerate(told["keys"])}
        self._vectors: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        self._others = dict[str, Vectors]()

    def __call__(self, sentence: str, facts: Sequence[str]) -> Vectors:
        """-1..1 for each fact, as good as unrelated at 0; those expected to be like it should come first."""
        told = np.zeros(len(facts), np.float32)
        rows = [self._row.get(key_of(fact), -1) for fact in facts]
        asked = self.vectors([sentence])[0]
        told[[n for n, row in enumerate(rows) if row >= 0]] = self._vectors[[row for row in rows if row >= 0]] @ asked
        new = [fact for fact, row in zip(facts, rows, strict=True) if row < 0 and fact not in self._others][:AT_ONCE]
        if new:
            if len(self._others) > REMEMBERED:
                self._others = {}
            self._others = self._others | dict(zip(new, self.vectors(new), strict=True))
        for n, row in enumerate(rows):
            if row < 0 and facts[n] in self._others:
                told[n] = self._others[facts[n]] @ asked
        return told

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """One row a text, of length 1."""
        return turned(self._sentences.encode(texts), self._turn, self._middle)

    def knows(self, fact: str) -> bool:
        """Whether its vector comes with the file."""
        return key_of(fact) in self._row


def turned(vectors: Vectors, turn: Vectors, middle: Vectors) -> Vectors:
    """(texts, 384) to (texts, shorter), of length 1."""
    short = (vectors - middle) @ turn
    unit: Vectors = short / np.linalg.norm(short, axis=1, keepdims=True)
    return unit


def key_of(text: str) -> int:
    """64 bits of a text."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little")

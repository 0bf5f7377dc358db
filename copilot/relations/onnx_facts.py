"""The bundled reader of facts: MiniLM over a sentence and a fact, trained on authored pairs (`training/facts.py`).

Tells whether the fact alone bears the sentence out or denies it. Card: `data/FACTS.md`.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from copilot.relations.likeness import Likeness
from copilot.relations.numbers_beside import marked
from copilot.relations.onnx_reader import CLOSES, OPENS, Pieces, opened
from copilot.relations.port import FactReader, Settles

LONGEST_SENTENCE, LONGEST_FACT = 100, 56
"""Pieces that are read of each."""
THREADS = 2
"""Facts that are read at a time. Not in one batch: in 8 bits, what stands beside a pair would change its shares."""


class OnnxFactReader(FactReader):
    """One file holds the network and, in its metadata, the vocabulary."""

    def __init__(self, path: Path | None = None) -> None:
        """`path`: another file than the bundled one."""
        self._session, told = opened("facts.onnx", path)
        vocabulary = told["pieces"].split("\n")
        self._pieces = Pieces(vocabulary)
        self._threads = ThreadPoolExecutor(THREADS, "fact-reader")
        self._opens, self._closes = vocabulary.index(OPENS), vocabulary.index(CLOSES)
        self._likeness = Likeness()

    def likeness(self, sentence: str, facts: Sequence[str]) -> Sequence[float]:
        """See the port."""
        alike: list[float] = self._likeness(sentence, facts).tolist()
        return alike

    def read(self, sentence: str, facts: Sequence[str]) -> Sequence[Settles]:
        """See the port."""
        return list(self._threads.map(lambda fact: self._settles(sentence, fact), facts))

    def _settles(self, sentence: str, fact: str) -> Settles:
        said = self._pieces.ids(marked(sentence, fact))[:LONGEST_SENTENCE]
        known = self._pieces.ids(fact)[:LONGEST_FACT]
        pieces = np.array([self._opens, *said, self._closes, *known, self._closes], np.int32)
        of_the_fact = np.arange(len(pieces)) > len(said) + 1
        (shares,) = self._session.run(None, {"pieces": pieces, "of_the_fact": of_the_fact.astype(np.float32)})
        return Settles(float(shares[1]), float(shares[2]))

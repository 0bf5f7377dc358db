"""The bundled reader of asides: layers of MiniLM trained on authored sentences (`training/asides.py`).

Tells "..., as my old chief liked to say, ..." from "..., a form of pneumonia, ...". Card: `data/ASIDES.md`.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from copilot.relations.onnx_reader import Pieces, opened
from copilot.relations.port import AsideReader, Part


class OnnxAsideReader(AsideReader):
    """One file holds the network and, in its metadata, the vocabulary."""

    def __init__(self, path: Path | None = None) -> None:
        """`path`: another file than the bundled one."""
        self._session, told = opened("asides.onnx", path)
        self._pieces = Pieces(told["pieces"].split("\n"))

    def read(self, text: str) -> Sequence[Part]:
        """See the port."""
        ids, words = self._pieces.words(text)
        (shares,) = self._session.run(None, {"pieces": np.array(ids, np.int32)})
        means = (shares[word.first : word.last + 1].mean(axis=0) for word in words)
        return [
            Part(word.start, word.end, float(aside), float(more))
            for word, (_, aside, more) in zip(words, means, strict=True)
        ]

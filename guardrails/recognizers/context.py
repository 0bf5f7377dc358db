"""The second reading of the tagger: a small language model that reads the words of a view together.

The first three layers of MiniLM, trained further with the features of the first reading beside it
(`training/deid_tagger.py`; card: `guardrails/data/TAGGER.md`). Knows nothing of rules, lists or how finds are replaced.
"""

import re
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import NamedTuple

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from guardrails.recognizers.view import View

Ids = NDArray[np.int32]
Floats = NDArray[np.float32]

LONGEST = 320
"""Pieces that are read together: as many as the model was trained on."""
_OVERLAP = 48  # words that two windows share; each is believed where it stands farther from the edge
UNKNOWN, LINE_END = "[UNK]", "[unused1]"
_PIECES_A_WORD, _PIECES_A_GAP = 10, 4


class Pieces(NamedTuple):
    """A view in word pieces: `ids` and `dress` (pieces,), and for each word its `first` and `last` piece (words,)."""

    ids: Ids
    dress: Ids
    first: Ids
    last: Ids


class Splitter:
    """Words and the signs between them as word pieces of one vocabulary; capitals are told apart by `dress`."""

    def __init__(self, vocabulary: list[str]) -> None:
        number = {piece: i for i, piece in enumerate(vocabulary)}
        self._line_end = number[LINE_END]
        self._unknown = number[UNKNOWN]
        self._tokenizer = Tokenizer(models.WordPiece(number, unk_token=UNKNOWN))
        self._tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
        self._tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        self._of_word = lru_cache(100_000)(self._word)
        self._of_gap = lru_cache(10_000)(self._gap)

    def __call__(self, view: View) -> Pieces:
        """Every word has at least one piece."""
        ids: list[int] = []
        dress: list[int] = []
        first, last, before = [], [], 0
        for token in view.tokens:
            signs = self._of_gap(view.text[before : token.start]) if token.start > before else ()
            before = token.end
            word = self._of_word(token.text)
            first.append(len(ids) + len(signs))
            ids += (*signs, *word)
            dress += (*(0 for _ in signs), *(_dress(token.text) for _ in word))
            last.append(len(ids) - 1)
        return Pieces(*(np.array(numbers, np.int32) for numbers in (ids, dress, first, last)))

    def _word(self, text: str) -> tuple[int, ...]:
        return tuple(self._tokenizer.encode(text).ids[:_PIECES_A_WORD]) or (self._unknown,)

    def _gap(self, text: str) -> tuple[int, ...]:
        found: list[int] = []
        for part in re.split(r"(\n+)", text):
            found += [self._line_end] if part.startswith("\n") else self._tokenizer.encode(part).ids
        return tuple(found[-_PIECES_A_GAP:])


def _dress(text: str) -> int:
    """1 small letters, 2 a capital first, 3 capitals, 4 one capital, 5 digits, 6 a digit first, 7 anything else."""
    if text[0].isdigit():
        return 5 if text.isdigit() else 6
    if text.isupper():
        return 3 if len(text) > 1 else 4
    if text[0].isupper():
        return 2
    return 1 if text.islower() else 7


DRESSES = 8


class ContextReader:
    """Thread-safe. One file holds the network and, in its metadata, the vocabulary."""

    def __init__(self, path: Path | None = None) -> None:
        model = (
            path.read_bytes() if path else resources.files("guardrails").joinpath("data", "context.onnx").read_bytes()
        )
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # two threads only wait for each other in sentences this short
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        self.split = Splitter(self._session.get_modelmeta().custom_metadata_map["pieces"].split("\n"))

    def __call__(self, view: View, rows: Ids) -> Floats:
        """float32, shape (words, 1 + tags), each row sums to 1. `rows`: int32 (words, features), the first reading's."""
        pieces = self.split(view)
        shares, start, size = np.empty((0, 0), np.float32), 0, len(pieces.first)
        while start < size:
            offset = int(pieces.first[start])
            end = max(start + 1, int(np.searchsorted(pieces.last, offset + LONGEST)))
            part = slice(offset, int(pieces.last[end - 1]) + 1)
            (read,) = self._session.run(
                None,
                {
                    "rows": rows[start:end],
                    "pieces": pieces.ids[part],
                    "dress": pieces.dress[part],
                    "first": pieces.first[start:end] - offset,
                    "last": pieces.last[start:end] - offset,
                },
            )
            if start == 0:
                shares = np.empty((size, read.shape[1]), np.float32)
                shares[:end] = read
            else:
                known = min(_OVERLAP // 2, end - start - 1)
                shares[start + known : end] = read[known:]
            if end >= size:
                break
            start = max(start + 1, end - _OVERLAP)
        return shares

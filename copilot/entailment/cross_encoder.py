"""A cross-encoder as ONNX, as sentence-transformers and optimum export one: NLI with named labels, or one score of consistency.

Knows nothing of sentences, facts and verdicts.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from copilot.entailment.port import Entailment, Pair
from copilot.errors import ConfigurationError

MODELS = ("model.onnx", "onnx/model.onnx", "model_quantized.onnx", "onnx/model_quantized.onnx")
# The probability from which a sentence is doubted: of contradiction, or, where the model has no label for that, of not
# being borne out.
DOUBT = 0.5
LONGEST = 512  # tokens of both texts, where the model itself names no shorter limit
INCOMPLETE = (
    "The folder of COPILOT_NLI is not a model that can be used: it needs config.json, tokenizer.json and model.onnx (or "
    "onnx/model.onnx) of a sequence classifier."
)
UNNAMED = (
    "The model of COPILOT_NLI does not name its labels: id2label in its config.json needs a label of contradiction, "
    "entailment, hallucination or consistency."
)
_AGAINST = ("contradict",)
_WITH = ("entail", "consistent", "factual", "support", "ground", "faithful")
_WITHOUT = ("not_", "no_", "non_", "nonfactual", "inconsist", "unsupport", "unground", "unfaith", "halluc")


class CrossEncoder(Entailment):
    """One model, read once from a folder."""

    def __init__(self, folder: Path) -> None:
        """Raises `ConfigurationError` when something is missing or is no such model."""
        try:
            config = json.loads((folder / "config.json").read_text("utf-8"))
            labels = [str(config.get("id2label", {}).get(str(n), "")) for n in range(len(config.get("id2label", {})))]
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            pad = int(config.get("pad_token_id") or 0)
            self._tokenizer.enable_padding(pad_id=pad, pad_token=self._tokenizer.id_to_token(pad) or "[PAD]")
            self._tokenizer.enable_truncation(min(LONGEST, int(config.get("max_position_embeddings") or LONGEST) - 2))
            model = next(found for name in MODELS if (found := folder / name).is_file())
            self._session = onnxruntime.InferenceSession(str(model), providers=["CPUExecutionProvider"])
            self._inputs = {node.name for node in self._session.get_inputs()}
            logits = self._logits([("The heart is large.", "The heart is enlarged.")])
        except Exception as error:  # neither library has a common error of its own
            raise ConfigurationError(INCOMPLETE) from error
        self._sign, self._column = _of_doubt(labels or [""] * logits.shape[1])
        if logits.shape[1] != max(len(labels), 1):
            raise ConfigurationError(INCOMPLETE)

    def doubts(self, pairs: Sequence[Pair]) -> list[bool]:
        """Whether the model finds it more likely than not that the second contradicts, or does not follow from, the first."""
        if not pairs:
            return []
        share = _shares(self._logits(pairs))[:, self._column]
        doubt = share if self._sign > 0 else 1 - share
        return [bool(d >= DOUBT) or bool(np.isnan(d)) for d in doubt]

    def _logits(self, pairs: Sequence[Pair]) -> NDArray[np.float32]:
        """One row a pair, one column a label."""
        read = self._tokenizer.encode_batch(list(pairs))
        given: dict[str, Any] = {
            "input_ids": [r.ids for r in read],
            "attention_mask": [r.attention_mask for r in read],
            "token_type_ids": [r.type_ids for r in read],
        }
        arrays = {name: np.array(rows, np.int64) for name, rows in given.items() if name in self._inputs}
        out: NDArray[np.float32] = np.asarray(self._session.run(None, arrays)[0], np.float32).reshape(len(pairs), -1)
        return out


def _of_doubt(labels: Sequence[str]) -> tuple[int, int]:
    """(whether doubt grows or falls with it, column) of the label that tells doubt."""
    said = [label.casefold().replace("-", "_") for label in labels]
    if len(said) == 1:
        return (1 if said[0].startswith((*_AGAINST, *_WITHOUT)) else -1), 0
    for column, label in enumerate(said):
        if label.startswith(_AGAINST):
            return 1, column
    for column, label in enumerate(said):
        if label.startswith(_WITHOUT):
            return 1, column
    for column, label in enumerate(said):
        if label.startswith(_WITH):
            return -1, column
    raise ConfigurationError(UNNAMED)


def _shares(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Probabilities of the labels; of a lone label by itself."""
    if logits.shape[1] == 1:
        return np.asarray(1 / (1 + np.exp(-logits)), np.float32)
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True), np.float32)

"""The tagger as a torch module: the same arithmetic as `guardrails.recognizers.tagger.probabilities`. Knows no text."""

from pathlib import Path

import numpy as np
import torch
from torch import nn

from guardrails.recognizers.tagger import _ROWS, _START, FIRST_WORD, TAGS

TAG_COUNT = 1 + len(TAGS)
TABLE_WIDTH = 96
DILATIONS = (1, 1, 2, 4)


def _range(feature: str) -> tuple[int, int]:
    return _START[feature], _START[feature] + _ROWS[feature]


DROPPED = (
    (*_range("list"), 0.12),
    (*_range("found"), 0.08),
    (FIRST_WORD, 1_000_000, 0.3),
)
"""(first row, one past the last, share of words for which the feature is hidden in training)."""
EACH = 0.1
"""Share of all features that is hidden."""
WHOLE = 0.15
"""Share of words of which nothing but the signs before them is seen; they are not asked for."""
GAP = _range("gap")


class Net(nn.Module):
    """Sums embeddings, then residual dilated convolutions over words, then tags."""

    def __init__(self, rows: int) -> None:
        super().__init__()
        self.table = nn.Embedding(rows, TABLE_WIDTH, padding_idx=0)
        nn.init.normal_(self.table.weight, std=0.1)
        self.table.weight.data[0] = 0
        self.norm = nn.LayerNorm(TABLE_WIDTH)
        self.blocks = nn.ModuleList(nn.Conv1d(TABLE_WIDTH, TABLE_WIDTH, 3, dilation=d, padding=d) for d in DILATIONS)
        self.drop = nn.Dropout(0.15)
        self.out = nn.Linear(TABLE_WIDTH, TAG_COUNT)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        """int64 (notes, words, features) to logits (notes, words, tags)."""
        words = (ids > 0).any(dim=2, keepdim=True)  # where a note has ended there is nothing, as at run time
        x = self.drop(self.norm(self.table(ids).sum(dim=2))) * words
        for block in self.blocks:
            x = x + torch.relu(block(x.transpose(1, 2)).transpose(1, 2))
            x = self.drop(x) * words
        return self.out(x)

    def write(self, path: Path, words: list[str], threshold: float = 0.06) -> None:
        """The table in 8 bits, the rest in half precision."""
        table = self.table.weight.detach().numpy()
        scale = np.abs(table).max(axis=1, keepdims=True) / 127 + 1e-8
        arrays = {
            "table": np.rint(table / scale).astype(np.int8),
            "table_scale": scale.astype(np.float16),
            "scale": self.norm.weight.detach().numpy().astype(np.float16),
            "shift": self.norm.bias.detach().numpy().astype(np.float16),
            "dilations": np.array(DILATIONS),
            "out": self.out.weight.detach().numpy().T.astype(np.float16),
            "out_bias": self.out.bias.detach().numpy().astype(np.float16),
            "threshold": np.array(threshold),
            "words": np.array("\n".join(words)),
        }
        for i, block in enumerate(self.blocks):
            arrays[f"kernel{i}"] = block.weight.detach().numpy().transpose(2, 1, 0).astype(np.float16)
            arrays[f"bias{i}"] = block.bias.detach().numpy().astype(np.float16)
        np.savez_compressed(path, **arrays)

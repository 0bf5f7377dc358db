"""Both readings of the tagger as torch modules. Knows no text.

`Net` is the same arithmetic as `guardrails.recognizers.tagger.probabilities`; `Context` is exported for
`guardrails.recognizers.context`.
"""

import copy
from pathlib import Path
from typing import TypeVar

import numpy as np
import onnx
import torch
from onnxruntime.quantization import quantize_dynamic
from torch import nn

from guardrails.recognizers.context import DRESSES
from guardrails.recognizers.tagger import _ROWS, _START, FIRST_WORD, TAGS
from guardrails.types import PhiType

Module = TypeVar("Module", nn.LayerNorm, nn.Linear)

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

NAMED = (PhiType.NAME, PhiType.LOCATION, PhiType.ORGANIZATION)
THRESHOLD_OF_NAMES, THRESHOLD = 0.006, 0.2
"""The rules find nearly all of the other types; with names more depends on the tagger, and more is lost by a miss."""


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
        return self.tags(ids, torch.zeros(()))

    def tags(self, ids: torch.Tensor, more: torch.Tensor) -> torch.Tensor:
        """As `forward`, with `more` (notes, words, width) added to what the words say of themselves."""
        words = (ids > 0).any(dim=2, keepdim=True)  # where a note has ended there is nothing, as at run time
        x = self.drop(self.norm(self.table(ids).sum(dim=2) + more)) * words
        for block in self.blocks:
            x = x + torch.relu(block(x.transpose(1, 2)).transpose(1, 2))
            x = self.drop(x) * words
        return self.out(x)

    def groups(self) -> list[list[nn.Parameter]]:
        """Parameters that learn at one rate."""
        return [list(self.parameters())]

    def write(self, path: Path, words: list[str]) -> None:
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
            "thresholds": np.array([THRESHOLD_OF_NAMES if kind in NAMED else THRESHOLD for kind in TAGS], np.float32),
            "words": np.array("\n".join(words)),
        }
        for i, block in enumerate(self.blocks):
            arrays[f"kernel{i}"] = block.weight.detach().numpy().transpose(2, 1, 0).astype(np.float16)
            arrays[f"bias{i}"] = block.bias.detach().numpy().astype(np.float16)
        np.savez_compressed(path, **arrays)


PIECE_WIDTH, HEADS = 384, 12
LAYERS = 3
"""Of MiniLM's six: what fits into the time that a text may take."""


class Layer(nn.Module):
    """One layer of BERT: attention, then a wide step, each with what it was given added and normed."""

    def __init__(self) -> None:
        super().__init__()
        self.qkv = nn.Linear(PIECE_WIDTH, 3 * PIECE_WIDTH)
        self.mix = nn.Linear(PIECE_WIDTH, PIECE_WIDTH)
        self.mix_norm = nn.LayerNorm(PIECE_WIDTH, eps=1e-12)
        self.wide = nn.Linear(PIECE_WIDTH, 4 * PIECE_WIDTH)
        self.narrow = nn.Linear(4 * PIECE_WIDTH, PIECE_WIDTH)
        self.norm = nn.LayerNorm(PIECE_WIDTH, eps=1e-12)
        self.drop = nn.Dropout(0.1)

    def forward(self, x: torch.Tensor, seen: torch.Tensor | None) -> torch.Tensor:
        """(texts, pieces, width); `seen`: bool (texts, 1, 1, pieces), False where a text has ended."""
        texts, pieces, width = x.shape
        q, k, v = self.qkv(x).view(texts, pieces, 3, HEADS, width // HEADS).permute(2, 0, 3, 1, 4)
        told = nn.functional.scaled_dot_product_attention(q, k, v, attn_mask=seen)
        x = self.mix_norm(x + self.drop(self.mix(told.transpose(1, 2).reshape(texts, pieces, width))))
        return self.norm(x + self.drop(self.narrow(nn.functional.gelu(self.wide(x)))))


class Context(nn.Module):
    """`Net` whose words also say what the first layers of MiniLM make of their pieces in context."""

    def __init__(self, rows: int, pieces: int, start: dict[str, torch.Tensor] | None = None) -> None:
        super().__init__()
        self.net = Net(rows)
        self.table = nn.Embedding(pieces, PIECE_WIDTH)
        self.table.weight.requires_grad = False
        self.place = nn.Parameter(torch.zeros(512, PIECE_WIDTH))
        self.dress = nn.Embedding(DRESSES, PIECE_WIDTH)
        nn.init.zeros_(self.dress.weight)
        self.norm = nn.LayerNorm(PIECE_WIDTH, eps=1e-12)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.join = nn.Linear(2 * PIECE_WIDTH, TABLE_WIDTH)
        if start:
            self._begin_with(start)

    def _begin_with(self, w: dict[str, torch.Tensor]) -> None:
        self.table.weight.data = w["embeddings.word_embeddings.weight"]
        self.place.data = w["embeddings.position_embeddings.weight"] + w["embeddings.token_type_embeddings.weight"][0]
        copied(self.norm, w, "embeddings.LayerNorm")
        for number, layer in enumerate(self.layers):
            begin_layer(layer, w, number)

    def forward(
        self, rows: torch.Tensor, pieces: torch.Tensor, dress: torch.Tensor, first: torch.Tensor, last: torch.Tensor
    ) -> torch.Tensor:
        """`rows` int64 (texts, words, features); `pieces`, `dress` (texts, pieces); `first`, `last` (texts, words)."""
        x = self.norm(self.table(pieces) + self.place[: pieces.shape[1]] + self.dress(dress))
        seen = (pieces > 0)[:, None, None, :] if len(pieces) > 1 else None  # one text alone has no end to hide
        for layer in self.layers:
            x = layer(x, seen)
        ends = [x.gather(1, at[:, :, None].expand(-1, -1, PIECE_WIDTH)) for at in (first, last)]
        return self.net.tags(rows, self.join(torch.cat(ends, 2)).float())

    def groups(self) -> list[list[nn.Parameter]]:
        """What is new, and what was trained before."""
        new = [*self.net.parameters(), *self.join.parameters()]
        return [
            new,
            [self.place, *nn.ModuleList((self.dress, self.norm, self.layers)).parameters()],
        ]

    def write(self, path: Path, vocabulary: list[str]) -> None:
        """ONNX for one text, tables and products in 8 bits, the vocabulary in the metadata."""
        one = _OneText(self).eval()
        whole = path.with_suffix(".whole.onnx")
        example = (
            torch.ones(3, 40, dtype=torch.int32), torch.ones(5, dtype=torch.int32), torch.ones(5, dtype=torch.int32),
            torch.tensor([0, 1, 3], dtype=torch.int32), torch.tensor([0, 2, 4], dtype=torch.int32),
        )  # fmt: skip
        names = ["rows", "pieces", "dress", "first", "last"]
        axes = {name: {0: "pieces" if name in ("pieces", "dress") else "words"} for name in (*names, "shares")}
        torch.onnx.export(
            one, example, str(whole), input_names=names, output_names=["shares"], dynamic_axes=axes,
            opset_version=17, dynamo=False,
        )  # fmt: skip
        quantize_dynamic(whole, path, op_types_to_quantize=["MatMul"], per_channel=True)
        whole.unlink()
        model = onnx.load(path)
        onnx.helper.set_model_props(model, {"pieces": "\n".join(vocabulary)})
        onnx.save(model, path)


def begin_layer(layer: Layer, weights: dict[str, torch.Tensor], number: int) -> Layer:
    """The layer as the one of that number in BERT's weights."""
    at = f"encoder.layer.{number}."
    parts = [at + f"attention.self.{part}" for part in ("query", "key", "value")]
    layer.qkv.weight.data = torch.cat([weights[f"{part}.weight"] for part in parts])
    layer.qkv.bias.data = torch.cat([weights[f"{part}.bias"] for part in parts])
    copied(layer.mix, weights, at + "attention.output.dense")
    copied(layer.mix_norm, weights, at + "attention.output.LayerNorm")
    copied(layer.wide, weights, at + "intermediate.dense")
    copied(layer.narrow, weights, at + "output.dense")
    copied(layer.norm, weights, at + "output.LayerNorm")
    return layer


def copied(into: Module, weights: dict[str, torch.Tensor], name: str) -> Module:
    """The module with the weights and biases of that name."""
    into.weight.data, into.bias.data = weights[f"{name}.weight"].clone(), weights[f"{name}.bias"].clone()
    return into


class Table8(nn.Module):
    """An embedding in 8 bits, one scale a row."""

    def __init__(self, weight: torch.Tensor) -> None:
        super().__init__()
        scale = weight.abs().amax(1, keepdim=True) / 127 + 1e-8
        self.register_buffer("numbers", torch.round(weight / scale).to(torch.int8))
        self.register_buffer("scale", scale)

    def forward(self, rows: torch.Tensor) -> torch.Tensor:
        """The rows in full precision."""
        return self.numbers[rows].float() * self.scale[rows]


class _OneText(nn.Module):
    """What is exported: one text, its probabilities."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = copy.deepcopy(context)
        self.context.table = Table8(context.table.weight.data)
        self.context.net.table = Table8(context.net.table.weight.data)

    def forward(self, *parts: torch.Tensor) -> torch.Tensor:
        return self.context(*(part.long()[None] for part in parts))[0].softmax(-1)

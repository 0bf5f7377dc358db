"""The reader of relations as a torch module: MiniLM over a sentence whose things are slots, and a small head over two slots.

The head gives every label in both directions at once, so that one pass of a sentence reads all of its pairs.
"""

import copy
from collections.abc import Sequence
from pathlib import Path

import onnx
import torch
from onnxruntime.quantization import quantize_dynamic
from torch import nn

from copilot.relations.onnx_reader import LONGEST
from training.tagger_net import PIECE_WIDTH, Layer, Table8, begin_layer, copied

Places = torch.Tensor


class RelationNet(nn.Module):
    """`table` is not trained further, so that it can be cut to the pieces that occur."""

    def __init__(self, of_two: int, of_one: int, start: dict[str, torch.Tensor]) -> None:
        super().__init__()
        self.table = nn.Embedding.from_pretrained(start["embeddings.word_embeddings.weight"].clone(), freeze=True)
        at = (
            start["embeddings.position_embeddings.weight"][:LONGEST]
            + start["embeddings.token_type_embeddings.weight"][0]
        )
        self.place = nn.Parameter(at.clone())
        self.slot = nn.Parameter(torch.zeros(PIECE_WIDTH))
        self.norm = copied(nn.LayerNorm(PIECE_WIDTH, eps=1e-12), start, "embeddings.LayerNorm")
        layers = 1 + max(int(name.split(".")[2]) for name in start if name.startswith("encoder.layer."))
        self.layers = nn.ModuleList(begin_layer(Layer(), start, number) for number in range(layers))
        self.pair, self.alone = _head(3, of_two + 1), _head(2, of_one + 1)

    def read(self, pieces: torch.Tensor, slot: int) -> torch.Tensor:
        """States (sentences, pieces, width) of `pieces` (sentences, pieces), 0 where a sentence has ended."""
        seen = (pieces > 0)[:, None, None, :] if len(pieces) > 1 else None
        x = self.table(pieces) + self.place[: pieces.shape[1]] + (pieces == slot)[:, :, None] * self.slot
        x = self.norm(x)
        for layer in self.layers:
            x = layer(x, seen)
        return x

    def of_two(self, x: torch.Tensor, row: Places, first: Places, second: Places) -> torch.Tensor:
        """Logits (pairs, 1 + 2 labels) of the sentences `row`."""
        one, other, whole = x[row, first], x[row, second], x[row, 0]
        there, here = self.pair(torch.cat([one, other, whole], 1)), self.pair(torch.cat([other, one, whole], 1))
        return torch.cat([there[:, :1] + here[:, :1], there[:, 1:], here[:, 1:]], 1)

    def of_one(self, x: torch.Tensor, row: Places, at: Places) -> torch.Tensor:
        """Logits (slots, 1 + labels)."""
        told: torch.Tensor = self.alone(torch.cat([x[row, at], x[row, 0]], 1))
        return told

    def groups(self) -> list[list[nn.Parameter]]:
        """What is new, and what was trained before."""
        new = [p for head in (self.pair, self.alone) for p in head.parameters()]
        return [[*new, self.slot], [self.place, *self.norm.parameters(), *self.layers.parameters()]]

    def write(
        self, path: Path, vocabulary: Sequence[str], kept: Sequence[int], labels: dict[str, Sequence[str]], slot: int
    ) -> None:
        """ONNX for one sentence in 8 bits, with the pieces `kept`; vocabulary and labels in the metadata."""
        whole = path.with_suffix(".whole.onnx")
        example = tuple(torch.tensor(n, dtype=torch.int32) for n in ([1, 2, 3, 2, 4], [1, 3], [1], [3]))
        names, out = ["pieces", "alone", "first", "second"], ["of_two", "of_one"]
        axes = {name: {0: name if name in names else "rows_" + name} for name in (*names, *out)}
        axes["second"] = {0: "first"}
        torch.onnx.export(
            _OneSentence(self, kept, list(kept).index(slot)).eval(), example, str(whole), input_names=names, output_names=out,
            dynamic_axes=axes, opset_version=17, dynamo=False,
        )  # fmt: skip
        quantize_dynamic(whole, path, op_types_to_quantize=["MatMul"], per_channel=True)
        whole.unlink()
        model = onnx.load(path)
        told = {
            "pieces": "\n".join(vocabulary[n] for n in kept),
            **{name: "\n".join(rows) for name, rows in labels.items()},
        }
        onnx.helper.set_model_props(model, told)
        onnx.save(model, path)


def _head(parts: int, outputs: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Dropout(0.1),
        nn.Linear(parts * PIECE_WIDTH, PIECE_WIDTH),
        nn.GELU(),
        nn.Dropout(0.2),
        nn.Linear(PIECE_WIDTH, outputs),
    )


class _OneSentence(nn.Module):
    """What is exported: one sentence, its probabilities."""

    def __init__(self, net: RelationNet, kept: Sequence[int], slot: int) -> None:
        super().__init__()
        self.net, self.slot = copy.deepcopy(net), slot
        self.net.table = Table8(net.table.weight.data[list(kept)])

    def forward(
        self, pieces: torch.Tensor, alone: torch.Tensor, first: torch.Tensor, second: torch.Tensor
    ) -> tuple[torch.Tensor, ...]:
        pieces, alone, first, second = pieces.long(), alone.long(), first.long(), second.long()
        x = self.net.read(pieces[None], self.slot)
        of_two = self.net.of_two(x, torch.zeros_like(first), first, second)
        return of_two.softmax(1), self.net.of_one(x, torch.zeros_like(alone), alone).softmax(1)

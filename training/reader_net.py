"""What the networks of both readers share: MiniLM over a sentence, and the way to ONNX. Knows nothing of what is read."""

import copy
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

import onnx
import torch
from onnxruntime.quantization import quantize_dynamic
from torch import nn

from copilot.relations.onnx_reader import LONGEST
from training.tagger_net import PIECE_WIDTH, Layer, Table8, begin_layer, copied

Places = torch.Tensor


class ReaderNet(nn.Module):
    """`table` is not trained further, so that it can be cut to the pieces that occur."""

    def __init__(self, start: dict[str, torch.Tensor]) -> None:
        super().__init__()
        self.table = nn.Embedding.from_pretrained(start["embeddings.word_embeddings.weight"].clone(), freeze=True)
        at = (
            start["embeddings.position_embeddings.weight"][:LONGEST]
            + start["embeddings.token_type_embeddings.weight"][0]
        )
        self.place = nn.Parameter(at.clone())
        self.norm = copied(nn.LayerNorm(PIECE_WIDTH, eps=1e-12), start, "embeddings.LayerNorm")
        layers = 1 + max(int(name.split(".")[2]) for name in start if name.startswith("encoder.layer."))
        self.layers = nn.ModuleList(begin_layer(Layer(), start, number) for number in range(layers))

    def placed(self, pieces: torch.Tensor) -> torch.Tensor:
        """What `pieces` (sentences, pieces) are before they are read in context, (sentences, pieces, width)."""
        embedded: torch.Tensor = self.table(pieces) + self.place[: pieces.shape[1]]
        return embedded

    def in_context(self, x: torch.Tensor, pieces: torch.Tensor) -> torch.Tensor:
        """States (sentences, pieces, width); `pieces` is 0 where a sentence has ended."""
        seen = (pieces > 0)[:, None, None, :] if len(pieces) > 1 else None
        x = self.norm(x)
        for layer in self.layers:
            x = layer(x, seen)
        return x

    def begun(self) -> list[nn.Parameter]:
        """What was trained before."""
        return [self.place, *self.norm.parameters(), *self.layers.parameters()]

    def cut_to(self, kept: Sequence[int]) -> Self:
        """A copy with the pieces `kept` alone, its table in 8 bits."""
        small = copy.deepcopy(self)
        small.table = Table8(self.table.weight.data[list(kept)])  # type: ignore[assignment]
        return small


def write(
    path: Path,
    of_one_sentence: nn.Module,
    example: tuple[torch.Tensor, ...],
    given: Sequence[str],
    out: Sequence[str],
    axes: Mapping[str, Mapping[int, str]],
    told: Mapping[str, Sequence[str]],
) -> None:
    """ONNX in 8 bits; `axes`: those that vary in length, as torch has it; `told`: lists of names for the metadata."""
    whole = path.with_suffix(".whole.onnx")
    torch.onnx.export(
        of_one_sentence.eval(), example, str(whole), input_names=list(given), output_names=list(out), dynamic_axes=axes,
        opset_version=17, dynamo=False,
    )  # fmt: skip
    quantize_dynamic(whole, path, op_types_to_quantize=["MatMul"], per_channel=True)
    whole.unlink()
    model = onnx.load(path)
    onnx.helper.set_model_props(model, {name: "\n".join(rows) for name, rows in told.items()})
    onnx.save(model, path)

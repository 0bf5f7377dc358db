"""The reader of asides as a torch module: MiniLM over a sentence, and for each piece what its words are there for."""

from collections.abc import Sequence
from pathlib import Path

import torch
from torch import nn

from training.reader_net import ReaderNet, write
from training.tagger_net import PIECE_WIDTH

KINDS = 3
"""0 what is stated, 1 said by the way, 2 claimed besides."""


class AsideNet(ReaderNet):
    """The first layers of MiniLM and one small head."""

    def __init__(self, start: dict[str, torch.Tensor], layers: int) -> None:
        super().__init__(start)
        self.layers = self.layers[:layers]
        self.kinds = nn.Sequential(nn.Dropout(0.1), nn.Linear(PIECE_WIDTH, KINDS))

    def read(self, pieces: torch.Tensor) -> torch.Tensor:
        """Logits (sentences, pieces, kinds) of `pieces` (sentences, pieces), 0 where a sentence has ended."""
        told: torch.Tensor = self.kinds(self.in_context(self.placed(pieces), pieces))
        return told

    def groups(self) -> list[list[nn.Parameter]]:
        """What is new, and what was trained before."""
        return [[*self.kinds.parameters()], self.begun()]

    def write(self, path: Path, vocabulary: Sequence[str], kept: Sequence[int]) -> None:
        """ONNX for one sentence in 8 bits, with the pieces `kept`; the vocabulary in the metadata."""
        example = (torch.tensor([1, 2, 3, 2, 4], dtype=torch.int32),)
        axes = {"pieces": {0: "pieces"}, "shares": {0: "pieces"}}
        write(
            path,
            _OneSentence(self, kept),
            example,
            ["pieces"],
            ["shares"],
            axes,
            {"pieces": [vocabulary[n] for n in kept]},
        )


class _OneSentence(nn.Module):
    """What is exported: one sentence, the shares of its pieces."""

    def __init__(self, net: AsideNet, kept: Sequence[int]) -> None:
        super().__init__()
        self.net = net.cut_to(kept)

    def forward(self, pieces: torch.Tensor) -> torch.Tensor:
        return self.net.read(pieces.long()[None])[0].softmax(-1)

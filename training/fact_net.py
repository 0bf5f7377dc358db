"""The reader of facts as a torch module: MiniLM over a sentence and a fact, and a small head over both."""

from collections.abc import Sequence
from pathlib import Path

import torch
from torch import nn

from copilot.relations.onnx_facts import LONGEST_FACT, LONGEST_SENTENCE
from training.reader_net import ReaderNet, write
from training.tagger_net import PIECE_WIDTH

KINDS = 3
"""0 the fact settles nothing, 1 it bears the sentence out, 2 it denies it."""
LONGEST = LONGEST_SENTENCE + LONGEST_FACT + 3


class FactNet(ReaderNet):
    """MiniLM, a sign for the pieces of the fact, and a head over the first state and the mean of all."""

    def __init__(self, start: dict[str, torch.Tensor]) -> None:
        super().__init__(start)
        part = start["embeddings.token_type_embeddings.weight"]
        self.place = nn.Parameter(start["embeddings.position_embeddings.weight"][:LONGEST] + part[0])
        self.second = nn.Parameter(part[1] - part[0])
        self.head = nn.Sequential(
            nn.Dropout(0.1),
            nn.Linear(2 * PIECE_WIDTH, PIECE_WIDTH),
            nn.GELU(),
            nn.Dropout(0.1),
            nn.Linear(PIECE_WIDTH, KINDS),
        )

    def read(self, pieces: torch.Tensor, of_the_fact: torch.Tensor) -> torch.Tensor:
        """Logits (pairs, kinds) of `pieces` (pairs, pieces), 0 where a pair has ended; `of_the_fact`: 0 or 1 for each."""
        x = self.in_context(self.placed(pieces) + of_the_fact[:, :, None] * self.second, pieces)
        there = (pieces > 0)[:, :, None] if len(pieces) > 1 else torch.ones_like(pieces)[:, :, None]
        mean = (x * there).sum(1) / there.sum(1)
        told: torch.Tensor = self.head(torch.cat([x[:, 0], mean], 1))
        return told

    def groups(self) -> list[list[nn.Parameter]]:
        """What is new, and what was trained before."""
        return [[*self.head.parameters()], [*self.begun(), self.second]]

    def write(self, path: Path, vocabulary: Sequence[str]) -> None:
        """ONNX for one pair in 8 bits, with all pieces; the vocabulary in the metadata."""
        example = (torch.tensor([1, 2, 3, 2, 4], dtype=torch.int32), torch.tensor([0, 0, 0, 1, 1], dtype=torch.float32))
        names = ["pieces", "of_the_fact"]
        axes = {name: {0: "pieces"} for name in names}
        told = {"pieces": [*vocabulary]}
        write(path, _OnePair(self, len(vocabulary)), example, names, ["shares"], axes, told)


class _OnePair(nn.Module):
    """What is exported: one pair, its shares."""

    def __init__(self, net: FactNet, count: int) -> None:
        super().__init__()
        self.net = net.cut_to(range(count))

    def forward(self, pieces: torch.Tensor, of_the_fact: torch.Tensor) -> torch.Tensor:
        return self.net.read(pieces.long()[None], of_the_fact[None])[0].softmax(-1)

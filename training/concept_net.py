"""The reader of concepts as a torch module: MiniLM over a sentence, and for each span whether it means a thing, and which.

What a span means is told by its own pieces, their mean and its ends, beside one point for each concept, which starts where
MiniLM puts the concept's names.
"""

from collections.abc import Sequence
from pathlib import Path

import torch
from torch import nn
from torch.nn.functional import normalize

from copilot.relations.onnx_concepts import ASKED
from training.reader_net import Places, ReaderNet, write
from training.tagger_net import PIECE_WIDTH


class ConceptNet(ReaderNet):
    """MiniLM, what tells spans, and a point for each concept."""

    def __init__(self, concepts: int, start: dict[str, torch.Tensor]) -> None:
        super().__init__(start)
        self.told = nn.Sequential(nn.Dropout(0.1), nn.Linear(3 * PIECE_WIDTH, PIECE_WIDTH), nn.GELU(), nn.Dropout(0.15))
        self.is_one, self.more = nn.Linear(PIECE_WIDTH, 1), nn.Linear(PIECE_WIDTH, PIECE_WIDTH)
        nn.init.zeros_(self.more.weight)
        nn.init.zeros_(self.more.bias)
        self.points = nn.Parameter(torch.zeros(concepts, PIECE_WIDTH))
        self.nothing = nn.Parameter(torch.zeros(1, PIECE_WIDTH))
        self.bias = nn.Parameter(torch.zeros(concepts + 1))
        self.scale = nn.Parameter(torch.tensor(20.0))

    def read(self, pieces: torch.Tensor) -> torch.Tensor:
        """States (sentences, pieces, width) of `pieces` (sentences, pieces), 0 where a sentence has ended."""
        return self.in_context(self.placed(pieces), pieces)

    def spans(self, x: torch.Tensor, row: Places, first: Places, last: Places) -> tuple[torch.Tensor, torch.Tensor]:
        """What the pieces `first` to `last` of the sentences `row` tell, and their mean, each (spans, width)."""
        summed = torch.cat([torch.zeros_like(x[:, :1]), x.cumsum(1)], 1)
        mean = (summed[row, last + 1] - summed[row, first]) / (last - first + 1)[:, None]
        return self.told(torch.cat([x[row, first], x[row, last], mean], 1)), mean

    def means_one(self, told: torch.Tensor) -> torch.Tensor:
        """Logits (spans,) that the span means a thing."""
        return self.is_one(told)[:, 0]

    def which(self, told: torch.Tensor, mean: torch.Tensor) -> torch.Tensor:
        """Logits (spans, 1 + concepts); the first is none of them."""
        points = torch.cat([self.nothing, self.points])
        return self.scale * normalize(mean + self.more(told), dim=1) @ points.T + self.bias

    def groups(self) -> list[list[nn.Parameter]]:
        """What is new, what was trained before, and the points of the concepts."""
        new = [p for part in (self.told, self.is_one, self.more) for p in part.parameters()]
        return [[*new, self.nothing, self.bias], self.begun(), [self.points]]

    def write(self, path: Path, vocabulary: Sequence[str], kept: Sequence[int], concepts: Sequence[str]) -> None:
        """ONNX for one sentence in 8 bits, with the pieces `kept`; vocabulary and concepts in the metadata."""
        example = (
            torch.tensor([1, 2, 3, 2, 4], dtype=torch.int32),
            torch.ones(ASKED + 3, dtype=torch.int32),
            torch.ones(ASKED + 3, dtype=torch.int32) * 2,
        )
        axes = {"pieces": {0: "pieces"}, "first": {0: "spans"}, "last": {0: "spans"}}
        told = {"pieces": [vocabulary[n] for n in kept], "concepts": concepts}
        write(path, _OneSentence(self, kept), example, list(axes), ["which", "shares"], axes, told)


class _OneSentence(nn.Module):
    """What is exported: one sentence; the likeliest spans and, for each, the share of each concept."""

    def __init__(self, net: ConceptNet, kept: Sequence[int]) -> None:
        super().__init__()
        self.net = net.cut_to(kept)

    def forward(
        self, pieces: torch.Tensor, first: torch.Tensor, last: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        pieces, first, last = pieces.long(), first.long(), last.long()
        x = self.net.read(pieces[None])
        told, mean = self.net.spans(x, torch.zeros_like(first), first, last)
        likely, which = self.net.means_one(told).sigmoid().topk(ASKED)
        shares = self.net.which(told[which], mean[which]).softmax(1)[:, 1:]
        return which, likely[:, None] * shares

"""The reader of facts as torch modules: a small BERT over a sentence and facts, and the larger one that teaches it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import nn

from training.reader_net import ReaderNet, write
from training.tagger_net import PIECE_WIDTH

LONGEST = 288
"""Pieces that are read."""
KINDS = 3
"""0 the facts settle nothing, 1 they bear it out, 2 they deny it."""
OPENS, CLOSES, HIDDEN = 101, 102, 103
"""Pieces of BERT's vocabulary: what begins a text, what ends a part, and what stands for a hidden one."""


def head(width: int) -> nn.Sequential:
    """Over the first state and the mean of all."""
    return nn.Sequential(
        nn.Dropout(0.1), nn.Linear(2 * width, PIECE_WIDTH), nn.GELU(), nn.Dropout(0.1), nn.Linear(PIECE_WIDTH, KINDS)
    )


class FactNet(ReaderNet):
    """BERT's layers, a sign for the pieces of the facts, and a head over the first state and the mean of all."""

    def __init__(self, start: dict[str, torch.Tensor]) -> None:
        super().__init__(start)
        part = start["embeddings.token_type_embeddings.weight"]
        self.place = nn.Parameter(start["embeddings.position_embeddings.weight"][:LONGEST] + part[0])
        self.second = nn.Parameter(part[1] - part[0])
        self.head = head(PIECE_WIDTH)

    def read(self, pieces: torch.Tensor, of_facts: torch.Tensor) -> torch.Tensor:
        """Logits (texts, kinds) of `pieces` (texts, pieces), 0 where a text has ended; `of_facts`: 0 or 1 for each."""
        x = self.in_context(self.placed(pieces) + of_facts[:, :, None] * self.second, pieces)
        there = (pieces > 0)[:, :, None] if len(pieces) > 1 else torch.ones_like(pieces)[:, :, None]
        mean = (x * there).sum(1) / there.sum(1)
        told: torch.Tensor = self.head(torch.cat([x[:, 0], mean], 1))
        return told

    def groups(self) -> list[list[nn.Parameter]]:
        """What is new, and what was trained before."""
        return [[*self.head.parameters()], [*self.begun(), self.second]]

    def write(self, path: Path, vocabulary: Sequence[str]) -> None:
        """ONNX for one text in 8 bits, with all pieces; the vocabulary in the metadata."""
        example = (torch.tensor([1, 2, 3, 2, 4], dtype=torch.int32), torch.tensor([0, 0, 0, 1, 1], dtype=torch.float32))
        names = ["pieces", "of_the_fact"]
        axes = {name: {0: "pieces"} for name in names}
        told = {"pieces": [*vocabulary]}
        write(path, _OneText(self, len(vocabulary)), example, names, ["shares"], axes, told)


class _OneText(nn.Module):
    """What is exported: one text, its shares."""

    def __init__(self, net: FactNet, count: int) -> None:
        super().__init__()
        self.net = net.cut_to(range(count))

    def forward(self, pieces: torch.Tensor, of_the_fact: torch.Tensor) -> torch.Tensor:
        return self.net.read(pieces.long()[None], of_the_fact[None])[0].softmax(-1)


class Teacher(nn.Module):
    """MPNet, as `transformers` has it, and the same head. Its vocabulary is BERT's behind four signs of its own."""

    _BEGINS, _ENDS, _HIDES, _SIGNS = 0, 2, 30526, 4

    def __init__(self, body: Any) -> None:
        super().__init__()
        self.body = body
        body.embeddings.requires_grad_(requires_grad=False)
        self.head = head(body.config.hidden_size)

    def read(self, pieces: torch.Tensor, _of_facts: torch.Tensor) -> torch.Tensor:
        """As `FactNet.read`."""
        own = pieces + self._SIGNS
        for theirs, ours in ((0, 1), (OPENS, self._BEGINS), (CLOSES, self._ENDS), (HIDDEN, self._HIDES)):
            own = own.masked_fill(pieces == theirs, ours)
        there = pieces > 0
        x = self.body(input_ids=own, attention_mask=there.long()).last_hidden_state
        mean = (x * there[:, :, None]).sum(1) / there.sum(1)[:, None]
        told: torch.Tensor = self.head(torch.cat([x[:, 0], mean], 1))
        return told

    def groups(self) -> list[list[nn.Parameter]]:
        """What is new, and what was trained before."""
        return [[*self.head.parameters()], [p for p in self.body.parameters() if p.requires_grad]]

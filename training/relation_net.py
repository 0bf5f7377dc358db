"""The reader of relations as a torch module: MiniLM over a sentence whose things are slots, and a small head over two slots.

The head gives every label in both directions at once, so that one pass of a sentence reads all of its pairs.
"""

from collections.abc import Sequence
from pathlib import Path

import torch
from torch import nn

from copilot.relations.onnx_reader import SLOTS
from training.reader_net import Places, ReaderNet, write
from training.tagger_net import PIECE_WIDTH


class RelationNet(ReaderNet):
    """MiniLM, a sign for the slots of each kind, and the heads."""

    def __init__(self, of_two: int, of_one: int, start: dict[str, torch.Tensor]) -> None:
        super().__init__(start)
        self.slots = nn.Embedding(len(SLOTS), PIECE_WIDTH)
        nn.init.zeros_(self.slots.weight)
        self.pair, self.alone = _head(3, of_two + 1), _head(2, of_one + 1)

    def read(self, pieces: torch.Tensor, slot: int) -> torch.Tensor:
        """States (sentences, pieces, width) of `pieces` (sentences, pieces), 0 where a sentence has ended.

        `slot`: the number of the first of `SLOTS`, which the others follow.
        """
        kind = pieces - slot
        is_slot = (kind >= 0) & (kind < len(SLOTS))
        told = self.slots(kind.clamp(0, len(SLOTS) - 1)) * is_slot[:, :, None]
        return self.in_context(self.placed(pieces) + told, pieces)

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
        return [[*new, self.slots.weight], self.begun()]

    def write(
        self, path: Path, vocabulary: Sequence[str], kept: Sequence[int], labels: dict[str, Sequence[str]], slot: int
    ) -> None:
        """ONNX for one sentence in 8 bits, with the pieces `kept`; vocabulary and labels in the metadata."""
        example = tuple(torch.tensor(n, dtype=torch.int32) for n in ([1, 2, 3, 2, 4], [1, 3], [1], [3]))
        names, out = ["pieces", "alone", "first", "second"], ["of_two", "of_one"]
        axes = {name: {0: name if name in names else "rows_" + name} for name in (*names, *out)}
        axes["second"] = {0: "first"}
        one = _OneSentence(self, kept, list(kept).index(slot))
        write(path, one, example, names, out, axes, {"pieces": [vocabulary[n] for n in kept], **labels})


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
        self.net, self.slot = net.cut_to(kept), slot

    def forward(
        self, pieces: torch.Tensor, alone: torch.Tensor, first: torch.Tensor, second: torch.Tensor
    ) -> tuple[torch.Tensor, ...]:
        pieces, alone, first, second = pieces.long(), alone.long(), first.long(), second.long()
        x = self.net.read(pieces[None], self.slot)
        of_two = self.net.of_two(x, torch.zeros_like(first), first, second)
        return of_two.softmax(1), self.net.of_one(x, torch.zeros_like(alone), alone).softmax(1)

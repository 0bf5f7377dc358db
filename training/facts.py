"""Trains the reader of facts, after `training.fact_pairs`, on a GPU: some minutes of one, or the last step on a CPU. Needs torch.

    python -m training.facts teach WORK --start MPNET [--minutes N] [--leave-out author_6,...]     needs transformers
    python -m training.facts train WORK --start E5 [--minutes N] [--leave-out ...]
    python -m training.facts further WORK --start E5 [--minutes 52] [--leave-out ...]     goes on from WORK/facts.pt
    python -m training.facts export WORK --start E5                                WORK/facts.onnx is what is shipped

MPNET is the folder of all-mpnet-base-v2, which is too large to run beside a chat. It learns from the labelled pairs, and says of
every pair what it holds of it (`told.npy`). E5 is the folder of e5-small-v2 (`training.from_onnx`); it learns from both. Each
learns for as long as it is told, at a rate that falls to nothing by then.
"""

import argparse
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from safetensors.torch import load_file
from torch.nn import functional

from training.fact_net import CLOSES, HIDDEN, LONGEST, OPENS, FactNet, Teacher
from training.fact_pairs import AGAINST, NEITHER, SAME, UNKNOWN, vocabulary

if TYPE_CHECKING:
    from torch import Tensor

SEED, DECAY, SMOOTHED, UNSEEN = 7, 0.01, 0.03, 0.06
"""The last: share of the pieces that are hidden."""
BY_TEACHER, OF_MINED = 0.7, 0.5
"""How much of what is learned of a labelled pair is the teacher's; share of the likest other facts that a round takes."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How a step of the work learns. `rates`: of the head, and of what was trained before; `rising`: steps in which they rise (by
    the clock, a slow first step left none, and the training came to nothing); `pieces`: in a step; `smooth`: weight of what was,
    for the running mean of the weights that is kept.
    """

    rates: tuple[float, float]
    rising: int = 150
    pieces: int = 24_576
    smooth: float = 0.999


PACES = {"teach": Pace((3e-4, 4e-5)), "train": Pace((5e-4, 2e-4)), "further": Pace((3e-4, 1.2e-4), 40, 4_096, 0.995)}
SHARES = {"settled": 0.24, "hard": 0.12, "plain": 0.12, "sets": 0.12, "told": 0.14, "facts": 0.10, "mined": 0.07, "filled": 0.05,
          "among": 0.04}  # fmt: skip
"""Of what `further` learns from, how much is: a stranger's sentence beside a fact that settles it; beside one that the teacher is
not sure does not; beside any other; a sentence beside a set; an author's beside its fact; facts in words, denied and turned;
the likest other facts; phrasings; one fact among several."""
_SURE, _SHORT, _AT_A_TIME = 0.97, 200, 2_048


class Pairs:
    """The pairs on `device`, as rows of pieces."""

    def __init__(self, work: Path, device: torch.device) -> None:
        told = np.load(work / "pairs.npz")
        self.label, self.weight = told["label"], told["weight"]
        self.authors, self.kinds = told["authors"][told["author"]], told["kinds"][told["kind"]]
        texts, starts = told["texts"], told["starts"]
        parts = [texts[a:b] for a, b in pairwise(starts)]
        opens, closes = np.array([OPENS], np.int16), np.array([CLOSES], np.int16)
        rows, says = [], []
        for said, facts in zip(told["said"], told["facts"], strict=True):
            row = np.concatenate(
                [opens, parts[said], closes, *(x for f in facts if f >= 0 for x in (parts[f], closes))]
            )
            rows.append(row)
            says.append(len(parts[said]) + 2)
        self.length = np.array([min(len(row), LONGEST) for row in rows])
        begin = np.cumsum([0, *map(len, rows)])[:-1]
        self.device = device
        self._pieces = torch.from_numpy(np.concatenate([*rows, np.zeros(LONGEST, np.int16)]).astype(np.int32)).to(
            device
        )
        self._begin, self._says, self._length = (
            torch.from_numpy(np.array(some, np.int64)).to(device) for some in (begin, says, self.length)
        )

    def batch(self, some: Sequence[int], hidden: float = 0.0) -> tuple["Tensor", "Tensor"]:
        """Pieces (texts, pieces), 0 where a text has ended, and which are the facts'; a share of them `hidden`."""
        rows = torch.as_tensor(np.asarray(some), device=self.device)
        at = torch.arange(int(self.length[some].max()), device=self.device)
        pieces = self._pieces[self._begin[rows][:, None] + at]
        pieces = pieces.masked_fill(at >= self._length[rows][:, None], 0).long()
        if hidden:
            hide = (torch.rand(pieces.shape, device=self.device) < hidden) & (pieces != OPENS) & (pieces != CLOSES)
            pieces = pieces.masked_fill(hide & (pieces > 0), HIDDEN)
        of_facts = (at >= self._says[rows][:, None]) & (pieces > 0)
        return pieces, of_facts.float()

    def batches(self, some: Sequence[int], chance: np.random.Generator, pieces: int) -> list[list[int]]:
        """Rows in groups of like length, each of as many pieces as fit."""
        order = sorted(some, key=lambda n: self.length[n] * chance.uniform(0.9, 1.1))
        groups, group, longest = list[list[int]](), list[int](), 0
        for n in order:
            longest = max(longest, int(self.length[n]))
            if group and longest * (len(group) + 1) > pieces:
                groups.append(group)
                group, longest = [], int(self.length[n])
            group.append(n)
        groups.append(group)
        return [groups[n] for n in chance.permutation(len(groups))]


def rounds(pairs: Pairs, taught: Sequence[int], minutes: float, pieces: int) -> Iterator[tuple[float, list[int]]]:
    """(share of the time that is over, rows) of one step after the other."""
    chance, begun = np.random.default_rng(SEED), time.monotonic()
    mined = pairs.kinds == "mined"
    number = 0
    while True:
        kept = [n for n in taught if not mined[n] or chance.random() < OF_MINED]
        for some in pairs.batches(kept, chance, pieces):
            over = (time.monotonic() - begun) / (60 * minutes)
            if over >= 1:
                return
            yield over, some
        number += 1
        print(f"round {number}, {over:.2f} of the time", flush=True)


def mixed(
    pairs: Pairs, taught: Sequence[int], told: np.ndarray, minutes: float, pieces: int
) -> Iterator[tuple[float, list[int]]]:
    """As `rounds`, of each kind its share of `SHARES`."""
    chance, begun = np.random.default_rng(SEED), time.monotonic()
    pools = _pools(pairs, np.array(taught)[pairs.length[taught] <= _SHORT], told)
    while True:
        rows = [int(n) for name, share in SHARES.items() for n in chance.choice(pools[name], round(_AT_A_TIME * share))]
        for some in pairs.batches(rows, chance, pieces):
            over = (time.monotonic() - begun) / (60 * minutes)
            if over >= 1:
                return
            yield over, some


def _pools(pairs: Pairs, taught: np.ndarray, told: np.ndarray) -> dict[str, np.ndarray]:
    kinds, label = pairs.kinds[taught], pairs.label[taught]
    read, open_ = kinds == "read", label == NEITHER
    sure = told[taught, NEITHER] >= _SURE
    alike = {"told": ("same", "against", "more", "other"), "facts": ("fact+", "fact-", "fact<", "fact?")}
    of = {name: np.isin(kinds, alike.get(name, (name,))) for name in SHARES}
    of |= {"settled": read & ~open_ & (label != UNKNOWN), "hard": read & open_ & ~sure, "plain": read & open_ & sure}
    return {name: taught[chosen] for name, chosen in of.items()}


def fit(
    net: Any, pairs: Pairs, steps_of: Iterable[tuple[float, list[int]]], pace: Pace, told: np.ndarray | None
) -> None:
    """Trains in place; what is kept is a running mean of the weights. `told`: what the teacher says of each pair."""
    device = pairs.device
    groups = [{"params": some, "lr": rate, "most": rate} for some, rate in zip(net.groups(), pace.rates, strict=True)]
    optimiser = torch.optim.AdamW(groups, weight_decay=DECAY)
    learned = [p for group in groups for p in group["params"] if p.requires_grad]
    mean = [p.detach().clone() for p in learned]
    label, weight = (
        torch.from_numpy(np.asarray(some)).to(device) for some in (pairs.label.astype(np.int64), pairs.weight)
    )
    soft = None if told is None else torch.from_numpy(told).float().to(device)
    net.train()
    lost = 0.0
    for steps, (over, some) in enumerate(steps_of):
        for group in optimiser.param_groups:
            group["lr"] = group["most"] * min((steps + 1) / pace.rising, 1 - over)
        rows = torch.as_tensor(np.asarray(some), device=device)
        with torch.autocast(device.type, dtype=torch.bfloat16, enabled=device.type == "cuda"):
            out = net.read(*pairs.batch(some, UNSEEN)).float()
        given = label[rows]
        own = functional.cross_entropy(out, given.clamp(min=0), reduction="none", label_smoothing=SMOOTHED)
        own = own * (given != UNKNOWN)
        if soft is not None:
            theirs = -(soft[rows] * out.log_softmax(-1)).sum(-1)
            share = torch.where(given == UNKNOWN, 1.0, BY_TEACHER)
            own = (1 - share) * own + share * theirs
        loss = (own * weight[rows]).sum() / weight[rows].sum()
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        if not torch.isfinite(torch.nn.utils.clip_grad_norm_(learned, 1.0)):
            continue
        optimiser.step()
        keep = min(pace.smooth, (1 + steps) / (10 + steps))
        torch._foreach_lerp_(mean, [p.detach() for p in learned], 1 - keep)
        lost = 0.98 * lost + 0.02 * loss.detach()
        if steps % 200 == 199:
            print(f"{steps} steps, {over:.2f} of the time, loss {float(lost):.4f}", flush=True)
    with torch.no_grad():
        for p, value in zip(learned, mean, strict=True):
            p.copy_(value)
    net.eval()


@torch.inference_mode()
def shares(net: Any, pairs: Pairs, some: Sequence[int]) -> np.ndarray:
    """(pairs, kinds) of those rows, in their order."""
    told = np.zeros((len(pairs.label), 3), np.float16)
    for rows in pairs.batches(some, np.random.default_rng(SEED), PACES["teach"].pieces):
        with torch.autocast(pairs.device.type, dtype=torch.bfloat16, enabled=pairs.device.type == "cuda"):
            told[rows] = net.read(*pairs.batch(rows)).float().softmax(-1).cpu().numpy()
    return told[some]


def tell(net: Any, pairs: Pairs, left_out: Sequence[int]) -> None:
    """Prints how much of each kind of pair is read right, and recall and precision of both labels from several shares on."""
    told, gold = shares(net, pairs, left_out), pairs.label[left_out]
    right = defaultdict(list)
    for n, share, label in zip(left_out, told, gold, strict=True):
        right[str(pairs.authors[n]), str(pairs.kinds[n]), int(label)].append(int(share.argmax()) == label)
    for key, some in sorted(right.items()):
        print(*key, len(some), round(sum(some) / len(some), 3))
    for name, label in (("same", SAME), ("against", AGAINST)):
        for least in (0.5, 0.8, 0.9, 0.95):
            given = told[:, label] >= least
            hit = int((given & (gold == label)).sum())
            print(f"{name} from {least}: recall {hit / max(1, (gold == label).sum()):.3f}, "
                  f"precision {hit / max(1, given.sum()):.3f}", flush=True)  # fmt: skip


def split(
    pairs: Pairs, left_out: Sequence[str], wanted: Callable[[np.ndarray], np.ndarray]
) -> tuple[list[int], list[int]]:
    """Rows that are learned from, and those of the authors left out that have a label."""
    apart = np.isin(pairs.authors, left_out)
    taught, held = ~apart & wanted(pairs.label), apart & (pairs.label != UNKNOWN)
    return np.nonzero(taught)[0].tolist(), np.nonzero(held)[0].tolist()


def teach(work: Path, start: Path, minutes: float, left_out: Sequence[str]) -> None:
    """Writes `told.npy` and `teacher.pt`."""
    from transformers import AutoConfig, AutoModel  # noqa: PLC0415

    pairs = Pairs(work, _device())
    body = AutoModel.from_config(AutoConfig.from_pretrained(start))
    missing = body.load_state_dict(load_file(start / "model.safetensors"), strict=False).missing_keys
    net = Teacher(body).to(pairs.device)
    print("not in the file:", missing, flush=True)
    taught, held = split(pairs, left_out, lambda label: label != UNKNOWN)
    pace = PACES["teach"]
    fit(net, pairs, rounds(pairs, taught, minutes, pace.pieces), pace, None)
    if held:
        tell(net, pairs, held)
    np.save(work / "told.npy", shares(net, pairs, range(len(pairs.label))))
    torch.save({name: value.half() for name, value in net.state_dict().items()}, work / "teacher.pt")


def train(work: Path, start: Path, minutes: float, left_out: Sequence[str]) -> None:
    """Writes `facts.pt`."""
    pairs = Pairs(work, _device())
    net = FactNet(load_file(start / "model.safetensors")).to(pairs.device)
    taught, held = split(pairs, left_out, lambda label: label >= UNKNOWN)
    pace = PACES["train"]
    fit(net, pairs, rounds(pairs, taught, minutes, pace.pieces), pace, np.load(work / "told.npy"))
    _keep(net, pairs, held, work)


def further(work: Path, start: Path, minutes: float, left_out: Sequence[str]) -> None:
    """Goes on from `facts.pt` with a mixture that a CPU gets through; its first layer and the places stay."""
    pairs, told = Pairs(work, _device()), np.load(work / "told.npy")
    net = FactNet(load_file(start / "model.safetensors"))
    net.load_state_dict(_state(work))
    net.to(pairs.device)
    for fixed in (net.place, *net.norm.parameters(), *net.layers[0].parameters()):
        fixed.requires_grad = False
    taught, held = split(pairs, left_out, lambda label: label >= UNKNOWN)
    pace = PACES["further"]
    fit(net, pairs, mixed(pairs, taught, told, minutes, pace.pieces), pace, told)
    _keep(net, pairs, held, work)


def _keep(net: FactNet, pairs: Pairs, held: Sequence[int], work: Path) -> None:
    if held:
        tell(net, pairs, held)
    torch.save({name: value.half() for name, value in net.state_dict().items()}, work / "facts.pt")


def _state(work: Path) -> dict[str, "Tensor"]:
    return {name: value.float() for name, value in torch.load(work / "facts.pt", weights_only=True).items()}


def export(work: Path, start: Path, _minutes: float, _left_out: Sequence[str]) -> None:
    """Writes `facts.onnx` from `facts.pt`."""
    net = FactNet(load_file(start / "model.safetensors"))
    net.load_state_dict(_state(work))
    net.write(work / "facts.onnx", vocabulary(start))


def _device() -> torch.device:
    torch.manual_seed(SEED)
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("step", choices=("teach", "train", "further", "export"))
    options.add_argument("work", type=Path)
    options.add_argument("--start", type=Path, required=True)
    options.add_argument("--minutes", type=float, default=4.0)
    options.add_argument("--leave-out", default="")
    chosen = options.parse_args()
    do = {"teach": teach, "train": train, "further": further, "export": export}[chosen.step]
    do(chosen.work, chosen.start, chosen.minutes, [author for author in chosen.leave_out.split(",") if author])

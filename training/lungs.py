"""Trains the lung outlines: a small U-Net on the 77 masked films, one command on a CPU, judged on a held fifth.

`python -m training.lungs --data ../shared/data/cxr --out copilot/vision/bundled`. Knows nothing of findings.
"""

import argparse
import hashlib
import json
import time
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import onnxruntime
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

from copilot.vision.lungs import FORMAT
from copilot.vision.preprocessing import resize, stretch

SIZE = 192
STORED = 256  # films are kept a little larger than the network's input, so that a crop does not blur them
SEED = 7
BATCH = 8
CHANNELS = (16, 24, 32, 48, 64)


@dataclass(frozen=True)
class Masked:
    """`films` (n, 1, s, s) 0..1; `masks` (n, 2, s, s): the lung on the picture's left, and the one on its right."""

    films: torch.Tensor
    masks: torch.Tensor


@dataclass(frozen=True)
class Phase:
    """`strength`: how much films are varied, at its beginning and its end. `kept`: of the averaged weights, each step."""

    name: str
    steps: int
    rate: float
    strength: tuple[float, float]
    kept: float


# First what a lung looks like anywhere, then where exactly its border lies
PHASES = (
    Phase("anywhere", 2000, 4e-3, (1.0, 1.0), 0.99),
    Phase("exactly", 1500, 1.5e-3, (0.5, 0.25), 0.995),
)


def main() -> None:
    """Reads the command line and runs every step."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, required=True)
    options.add_argument("--out", type=Path, required=True)
    options.add_argument("--cache", type=Path, default=Path(".cache/lungs"))
    options.add_argument("--threads", type=int, default=1)
    chosen = options.parse_args()
    torch.manual_seed(SEED)
    torch.set_num_threads(chosen.threads)
    paths = sorted((chosen.data / "lungs").glob("*.jpg"))
    train, held = (Masked(*zip_films([p for p in paths if is_held(p) is part])) for part in (False, True))
    network: nn.Module = LungNet()
    for phase in PHASES:
        network = through(phase, network, train, held, chosen.cache)
    write_onnx(network, chosen.out / "lungs.onnx")
    write_manifest(chosen.out)
    figures = dice(network, held)
    print(f"{len(figures)} held films: Dice {figures.mean():.4f}, median {np.median(figures):.4f}, {np.sort(figures)}")


def through(phase: "Phase", network: nn.Module, train: "Masked", held: "Masked", cache: Path) -> nn.Module:
    """The network after a phase, from the cache where it has been there before."""
    cache.mkdir(parents=True, exist_ok=True)
    path = cache / f"{phase.name}.pt"
    if not path.exists():
        torch.save(fitted(network, train, held, phase).state_dict(), path)
    network.load_state_dict(torch.load(path, weights_only=True))
    return network.eval()


def is_held(path: Path) -> bool:
    """About a fifth of the films, by a checksum of their names, so that no order of files can change it."""
    return int(hashlib.sha256(path.stem.encode()).hexdigest(), 16) % 5 == 0


def zip_films(paths: list[Path]) -> tuple[torch.Tensor, torch.Tensor]:
    """Films and masks at `STORED` pixels."""
    pairs = [read(path) for path in paths]
    return tuple(torch.tensor(np.stack(part)) for part in zip(*pairs, strict=True))  # type: ignore[return-value]


def read(path: Path) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """A film (1, s, s) and its two lungs (2, s, s)."""
    film = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE).astype(np.float32) / 255
    mask = cv2.imread(str(path.with_name(path.stem + "_mask.png")), cv2.IMREAD_GRAYSCALE)
    lungs = [resize(one.astype(np.float32), STORED, STORED) for one in sides(mask > 127)]
    return resize(stretch(film), STORED, STORED)[None], np.stack(lungs)


def sides(mask: NDArray[np.bool_]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """The mask's parts left and right of its own middle; where the lungs touch they are cut at the middle."""
    columns = np.flatnonzero(mask.any(axis=0))
    middle = (columns[0] + columns[-1]) / 2
    _, parts, _, centres = cv2.connectedComponentsWithStats(mask.astype(np.uint8))
    left = np.zeros_like(mask)
    for part, (x, _) in enumerate(centres[1:], start=1):
        across = np.flatnonzero((parts == part).any(axis=0))
        if across[-1] - across[0] > 0.7 * (columns[-1] - columns[0]):
            left |= (parts == part) & (np.arange(mask.shape[1]) < middle)
        elif x < middle:
            left |= parts == part
    return left, mask & ~left


# --- the network ----------------------------------------------------------------------------------


def block(inputs: int, outputs: int, stride: int = 1) -> nn.Sequential:
    """Two convolutions, normalised."""
    layers: list[nn.Module] = []
    for a, b, step in ((inputs, outputs, stride), (outputs, outputs, 1)):
        layers += [nn.Conv2d(a, b, 3, step, 1, bias=False), nn.BatchNorm2d(b), nn.ReLU()]
    return nn.Sequential(*layers)


class LungNet(nn.Module):
    """A U-Net whose finest level works at half the input's resolution. Film (n, 1, s, s) to logits (n, 2, s, s)."""

    def __init__(self) -> None:
        super().__init__()
        self.down = nn.ModuleList(block(a, b, 2) for a, b in zip((1, *CHANNELS), CHANNELS, strict=False))
        self.up = nn.ModuleList(block(a + b, a) for a, b in pairwise(CHANNELS))
        self.out = nn.Conv2d(CHANNELS[0], 2, 1)

    def forward(self, film: torch.Tensor) -> torch.Tensor:
        """Logits of the two lungs."""
        levels, seen = [], film - 0.5
        for down in self.down:
            seen = down(seen)
            levels.append(seen)
        for up, finer in zip(reversed(self.up), reversed(levels[:-1]), strict=True):
            wide = functional.interpolate(seen, scale_factor=2.0, mode="bilinear", align_corners=False)
            seen = up(torch.cat([finer, wide], 1))
        return functional.interpolate(self.out(seen), scale_factor=2.0, mode="bilinear", align_corners=False)


def fitted(network: nn.Module, train: Masked, held: Masked, phase: Phase) -> nn.Module:
    """The running average of the weights over the phase."""
    random = torch.Generator().manual_seed(SEED)
    average = torch.optim.swa_utils.AveragedModel(
        network, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(phase.kept), use_buffers=True
    )
    optimizer = torch.optim.AdamW(network.parameters(), lr=phase.rate, weight_decay=1e-3)
    rate = torch.optim.lr_scheduler.OneCycleLR(optimizer, phase.rate, total_steps=phase.steps, pct_start=0.1)
    started, total = time.process_time(), 0.0
    network.train()
    for step in range(1, phase.steps + 1):
        rows = torch.randint(len(train.films), (BATCH,), generator=random)
        strength = float(np.interp(step, (0, phase.steps), phase.strength))
        films, masks = varied(train.films[rows], train.masks[rows], random, strength)
        loss = mistaken(network(films), masks)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        rate.step()
        average.update_parameters(network)
        total += loss.item()
        if step % 50 == 0:
            seen = f", held Dice {dice(average.module, held).mean():.4f}" if step % 250 == 0 else ""
            print(
                f"{phase.name} {step}: loss {total / 50:.4f}, {time.process_time() - started:.0f} s{seen}", flush=True
            )
            total = 0.0
    return average.module.eval()


def mistaken(logits: torch.Tensor, masks: torch.Tensor) -> torch.Tensor:
    """Cross-entropy and one minus the soft Dice of each lung."""
    shares = logits.sigmoid()
    both = (shares * masks).sum((2, 3))
    overlap = (2 * both + 1) / (shares.sum((2, 3)) + masks.sum((2, 3)) + 1)
    return functional.binary_cross_entropy_with_logits(logits, masks) + (1 - overlap).mean()


@torch.inference_mode()
def dice(network: nn.Module, some: Masked) -> NDArray[np.float64]:
    """Dice of both lungs together, a film, at `STORED` pixels: the film and its mirror image, averaged, as in use."""
    network.eval()
    figures = []
    for film, mask in zip(some.films, some.masks, strict=True):
        seen = functional.interpolate(film[None], (SIZE, SIZE), mode="bilinear", antialias=True)
        mean = (network(seen) + network(seen.flip(3)).flip(1, 3)) / 2
        logits = functional.interpolate(mean, (STORED, STORED), mode="bilinear")[0]
        found, true = (logits > 0).any(0), (mask > 0.5).any(0)
        figures.append(2 * float((found & true).sum()) / float(found.sum() + true.sum()))
    network.train()
    return np.array(figures)


# --- variation ------------------------------------------------------------------------------------


def varied(
    films: torch.Tensor, masks: torch.Tensor, random: torch.Generator, strength: float
) -> tuple[torch.Tensor, torch.Tensor]:
    """Each film moved, mirrored, bent in its grey levels, blurred, clouded and noisy, with its masks."""
    moved = [_moved(film, mask, random, strength) for film, mask in zip(films, masks, strict=True)]
    films = torch.stack([_worsened(film, random, strength) for film, _ in moved])
    return films, torch.stack([mask for _, mask in moved])


def _one(random: torch.Generator, low: float, high: float) -> float:
    return low + (high - low) * torch.rand(1, generator=random).item()


def _moved(
    film: torch.Tensor, mask: torch.Tensor, random: torch.Generator, strength: float
) -> tuple[torch.Tensor, torch.Tensor]:
    mirror = random_sign(random)
    angle, scale, shift = 0.2 * strength, 0.35 * strength, 0.18 * strength
    angle, scale = _one(random, -angle, angle), np.exp(_one(random, -scale, scale))
    wide, tall = scale * np.exp(_one(random, -0.12, 0.12)), scale * np.exp(_one(random, -0.12, 0.12))
    place = torch.tensor([
        [mirror * wide * np.cos(angle), -tall * np.sin(angle), _one(random, -shift, shift)],
        [mirror * wide * np.sin(angle), tall * np.cos(angle), _one(random, -shift, shift)],
    ])  # fmt: skip
    grid = functional.affine_grid(place[None].float(), [1, 1, SIZE, SIZE], align_corners=False)
    moved = functional.grid_sample(torch.cat([film, mask])[None], grid, align_corners=False, padding_mode="zeros")[0]
    lungs = moved[1:].flip(0) if mirror < 0 else moved[1:]
    return moved[:1], lungs


def random_sign(random: torch.Generator) -> float:
    """1 or -1."""
    return 1.0 if torch.rand(1, generator=random).item() < 0.5 else -1.0


def _worsened(film: torch.Tensor, random: torch.Generator, strength: float) -> torch.Tensor:
    film = film.clamp(0, 1)
    if _one(random, 0, 1) < 0.5 * strength:
        film = _clouded(film, random)
    film = film.clamp(1e-4, 1) ** float(np.exp(_one(random, -0.7, 0.7)))
    film = (film - 0.5) * float(np.exp(_one(random, -0.5, 0.3))) + 0.5 + _one(random, -0.12, 0.12)
    if _one(random, 0, 1) < 0.4 * strength:
        side = int(_one(random, 48, 150))
        small = functional.interpolate(film[None], (side, side), mode="bilinear", antialias=True)
        film = functional.interpolate(small, (SIZE, SIZE), mode="bicubic", align_corners=False)[0]
    if _one(random, 0, 1) < 0.3 * strength:
        film = film + torch.randn(film.shape, generator=random) * _one(random, 0, 0.08)
    if _one(random, 0, 1) < 0.3 * strength:
        film = _framed(film, random)
    low, high = torch.quantile(film, torch.tensor([0.01, 0.99]))
    return ((film - low) / (high - low).clamp_min(1e-3)).clamp(0, 1)


def _clouded(film: torch.Tensor, random: torch.Generator) -> torch.Tensor:
    """A soft bright or dark patch: consolidation, effusion, a device, air."""
    y, x = torch.meshgrid(torch.linspace(0, 1, SIZE), torch.linspace(0, 1, SIZE), indexing="ij")
    for _ in range(int(_one(random, 1, 4))):
        across, down = _one(random, 0.03, 0.3), _one(random, 0.03, 0.3)
        far = ((x - _one(random, 0, 1)) / across) ** 2 + ((y - _one(random, 0.1, 0.95)) / down) ** 2
        patch = torch.sigmoid((1 - far) * _one(random, 1, 8)) * _one(random, 0.1, 0.9)
        film = film + patch * (_one(random, 0.45, 1.0) - film)
    return film


def _framed(film: torch.Tensor, random: torch.Generator) -> torch.Tensor:
    """A collimated border, black or white, on one or two sides."""
    film = film.clone()
    shade = 0.0 if _one(random, 0, 1) < 0.8 else 1.0
    for side in torch.randperm(4, generator=random)[: int(_one(random, 1, 3))].tolist():
        wide = int(_one(random, 2, SIZE * 0.12))
        turned = torch.rot90(film, side, (1, 2))
        turned[:, :wide] = shade
        film = torch.rot90(turned, -side, (1, 2))
    return film


# --- the bundle -----------------------------------------------------------------------------------


def write_onnx(network: nn.Module, path: Path) -> None:
    """Exports and checks that onnxruntime agrees with torch."""
    film, names = torch.rand(2, 1, SIZE, SIZE), ("film", "logits")
    torch.onnx.export(
        network, (film,), str(path), input_names=["film"], output_names=["logits"], opset_version=17, dynamo=False,
        dynamic_axes={name: {0: "films"} for name in names},
    )  # fmt: skip
    session = onnxruntime.InferenceSession(path.read_bytes(), providers=["CPUExecutionProvider"])
    with torch.inference_mode():
        np.testing.assert_allclose(network(film).numpy(), session.run(None, {"film": film.numpy()})[0], atol=2e-3)


def write_manifest(folder: Path) -> None:
    """`lungs.json` beside the weights, with their checksum: apart from `bundle.json`, which every encoder run rewrites."""
    checksum = hashlib.sha256((folder / "lungs.onnx").read_bytes()).hexdigest()
    manifest = {"format": FORMAT, "name": "lungs-unet", "version": "1", "input_size": SIZE, "sha256": checksum}
    (folder / "lungs.json").write_text(json.dumps(manifest, indent=1) + "\n")


if __name__ == "__main__":
    main()

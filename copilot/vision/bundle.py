"""The versioned bundle an encoder runs from: weights, thresholds and preprocessing, with checksums.

Knows nothing of onnxruntime or of how the bundle was trained.
"""

import base64
import hashlib
import json
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from copilot.errors import ConfigurationError
from copilot.types import FindingState

FORMAT = 4
_BROKEN = "The bundled image encoder is damaged ({what}); install the application again."


class Folder(Protocol):
    """What a bundle is read from: a `pathlib.Path` or a package resource."""

    def joinpath(self, *names: str) -> "Folder":
        """The part of that name."""

    def read_bytes(self) -> bytes:
        """The whole content."""


@dataclass(frozen=True, slots=True)
class Label:
    """A finding the encoder offers: absent below `absent_below`, present from `present_above` on.

    `threshold` is the operating point and lies between the two; `heatmap` says whether its heat map beat the
    centre prior on radiologists' boxes.
    """

    name: str
    concept: str
    threshold: float
    absent_below: float
    present_above: float
    heatmap: bool

    def state(self, probability: float) -> FindingState:
        """What `probability` (0..1) means for this label."""
        if probability >= self.present_above:
            return "present"
        return "absent" if probability < self.absent_below else "uncertain"


@dataclass(frozen=True, slots=True, eq=False)
class SideOn:
    """What tells a lateral film from a frontal one: `weight` of an embedding's last places, and the `least` of their sum."""

    weight: NDArray[np.float32]
    least: float

    def holds(self, embedding: NDArray[np.float32]) -> bool:
        """Whether a film looks lateral."""
        return float(embedding[-len(self.weight) :] @ self.weight) >= self.least


@dataclass(frozen=True, slots=True, eq=False)
class Bundle:
    """`model` is an ONNX graph, `sha256` its checksum; `accept_above` the least probability of a chest film."""

    name: str
    model: bytes
    sha256: str
    input_size: int
    labels: tuple[Label, ...]
    intake_classes: tuple[str, ...]
    accept_above: float
    side_on: SideOn


def shipped() -> Folder:
    """The bundle inside the installed package."""
    folder: Folder = files("copilot.vision").joinpath("bundled")
    return folder


def load(folder: Folder) -> Bundle:
    """Reads and checks a bundle. Raises `ConfigurationError` when a file is missing or not the one shipped."""
    try:
        manifest: dict[str, Any] = json.loads(folder.joinpath("bundle.json").read_bytes())
        model = folder.joinpath("encoder.onnx").read_bytes()
    except (OSError, ValueError) as error:
        raise ConfigurationError(_BROKEN.format(what="a file is missing or unreadable")) from error
    if manifest.get("format") != FORMAT:
        raise ConfigurationError(_BROKEN.format(what="its format is not the one this version reads"))
    try:
        return _checked(manifest, model)
    except (KeyError, TypeError, ValueError) as error:
        raise ConfigurationError(_BROKEN.format(what="its manifest is incomplete")) from error


def _checked(manifest: dict[str, Any], model: bytes) -> Bundle:
    found = hashlib.sha256(model).hexdigest()
    if manifest["files"]["encoder.onnx"] != found:
        raise ConfigurationError(_BROKEN.format(what="the checksum of its weights does not match"))
    return _from_manifest(manifest, model, found)


def _from_manifest(manifest: dict[str, Any], model: bytes, sha256: str) -> Bundle:
    return Bundle(
        name=f"{manifest['name']} {manifest['version']}",
        model=model,
        sha256=sha256,
        input_size=int(manifest["input_size"]),
        labels=tuple(Label(**label) for label in manifest["labels"]),
        intake_classes=tuple(manifest["intake"]["classes"]),
        accept_above=float(manifest["intake"]["accept_above"]),
        side_on=SideOn(
            np.frombuffer(base64.b64decode(manifest["intake"]["side_on"]["weight"]), "<f4"),
            float(manifest["intake"]["side_on"]["least"]),
        ),
    )

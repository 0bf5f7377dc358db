"""Writes the bundle: the ONNX graph, and the manifest with checksums. Knows nothing of fitting."""

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from copilot.vision.bundle import FORMAT, Label, SideOn
from training.features import SIZE
from training.tower import Exported

NAME, VERSION = "lite0-cxr", "3.0"
ROUNDING = 0.03  # how far an output may move when weights are stored in 16 bits, as a share of its greatest value
OUTPUTS = ("logits", "intake", "maps", "embedding")


def write_onnx(model: Exported, path: Path) -> None:
    """Exports with a free batch axis, checks that onnxruntime agrees with torch, and stores the weights in 16 bits."""
    film = torch.rand(2, 1, SIZE, SIZE)
    axes = {name: {0: "films"} for name in ("film", *OUTPUTS)}
    torch.onnx.export(
        model.eval(), (film,), str(path), input_names=["film"], output_names=list(OUTPUTS), dynamic_axes=axes,
        opset_version=17, dynamo=False,
    )  # fmt: skip
    with torch.inference_mode():
        wanted = [one.numpy() for one in model(film)]
    for one, other in zip(wanted, seen_by(path, film), strict=True):
        np.testing.assert_allclose(one, other, rtol=2e-3, atol=2e-3)
    onnx.save(stored_in_half(onnx.load(str(path))), str(path))
    for one, other in zip(wanted, seen_by(path, film), strict=True):  # rounded weights add up over some fifty layers
        np.testing.assert_allclose(one, other, rtol=0, atol=ROUNDING * np.abs(one).max())


def seen_by(path: Path, film: torch.Tensor) -> list[NDArray[np.float32]]:
    """The outputs of a written graph."""
    session = onnxruntime.InferenceSession(path.read_bytes(), providers=["CPUExecutionProvider"])
    outputs: list[NDArray[np.float32]] = session.run(list(OUTPUTS), {"film": film.numpy()})
    return outputs


def stored_in_half(model: onnx.ModelProto) -> onnx.ModelProto:
    """The same graph with the weights of its convolutions kept in 16 bits: they become 32 bits again once, when it is loaded."""
    kept, casts = [], []
    for weights in model.graph.initializer:
        values = numpy_helper.to_array(weights)
        if values.dtype != np.float32 or values.ndim != 4:
            kept.append(weights)
            continue
        half = f"{weights.name}_half"
        kept.append(numpy_helper.from_array(values.astype(np.float16), half))
        casts.append(helper.make_node("Cast", [half], [weights.name], to=TensorProto.FLOAT))
    nodes = [*casts, *model.graph.node]
    for old, new in ((model.graph.initializer, kept), (model.graph.node, nodes)):
        del old[:]
        old.extend(new)
    return model


def write_manifest(
    folder: Path, labels: Sequence[Label], classes: Sequence[str], accept_above: float, side_on: SideOn
) -> None:
    """`bundle.json` beside the weights, with their checksum."""
    weights = (folder / "encoder.onnx").read_bytes()
    manifest = {
        "format": FORMAT,
        "name": NAME,
        "version": VERSION,
        "files": {"encoder.onnx": hashlib.sha256(weights).hexdigest()},
        "input_size": SIZE,
        "labels": [asdict(label) for label in labels],
        "intake": {
            "classes": list(classes),
            "accept_above": round(accept_above, 4),
            "side_on": {
                "weight": base64.b64encode(side_on.weight.astype("<f4").tobytes()).decode(),
                "least": round(side_on.least, 4),
            },
        },
    }
    (folder / "bundle.json").write_text(json.dumps(manifest, indent=1) + "\n")

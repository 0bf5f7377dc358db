"""What `training.train` writes at its end is what is shipped. The heads are made up; the tower is the one in use."""

import numpy as np
import pytest

from copilot.vision import bundle
from copilot.vision.labels import NIH_LABELS
from copilot.vision.onnx_encoder import OnnxEncoder
from guardrails.types import SafeImage

pytestmark = pytest.mark.train


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """A bundle with the shipped labels and classes, as the last steps of the command write it."""
    from training import export
    from training.tower import EMBEDDING, SHALLOW, Exported, Linear, Paths, Tower

    folder, shipped = tmp_path_factory.mktemp("bundle"), bundle.load(bundle.shipped())
    random = np.random.default_rng(0)

    def head(inputs, outputs):
        return Linear(random.normal(0, 1e-3, (inputs, outputs)), np.zeros(outputs))

    film, lungs = (Paths(*(head(EMBEDDING, len(shipped.labels)) for _ in range(3))) for _ in range(2))
    intake = Linear(np.zeros((SHALLOW, len(shipped.intake_classes))), np.eye(len(shipped.intake_classes))[0] * 9)
    export.write_onnx(Exported(Tower(), film, lungs, intake), folder / "encoder.onnx")
    export.write_manifest(folder, shipped.labels, shipped.intake_classes, shipped.accept_above, shipped.side_on)
    return folder


def graph_of(data):
    """Nodes by kind in order, and each weight's type, shape and values by name."""
    import onnx

    graph = onnx.load_from_string(data).graph
    return [node.op_type for node in graph.node], {w.name: onnx.numpy_helper.to_array(w) for w in graph.initializer}


def test_the_export_is_the_shipped_graph(written):
    """Same nodes, same weights in the same 16 or 32 bits, and the very same tower: only what was fitted differs."""
    nodes, weights = graph_of((written / "encoder.onnx").read_bytes())
    shipped_nodes, shipped = graph_of(bundle.load(bundle.shipped()).model)
    assert nodes == shipped_nodes
    assert {n: (w.dtype, w.shape) for n, w in weights.items()} == {n: (w.dtype, w.shape) for n, w in shipped.items()}
    tower = [name for name, w in weights.items() if w.dtype == np.float16]
    assert len(tower) > 40
    assert all((weights[name] == shipped[name]).all() for name in tower)


def test_the_application_reads_with_the_export(written):
    """The bundle is whole, and its findings are the shipped labels."""
    encoder = OnnxEncoder(written)
    reading = encoder.read(SafeImage(np.random.default_rng(1).random((300, 260), np.float32), "test", view="PA"))
    assert [finding.name for finding in reading.findings] == [label.name for label in encoder.labels]
    assert {label.concept for label in encoder.labels} <= {named.concept for named in NIH_LABELS.values()}

"""TorchXRayVision's DenseNet with small weights that the test makes and saves itself."""

import numpy as np
import pytest

from copilot.errors import ConfigurationError
from copilot.vision import intake
from copilot.vision.factory import build_encoder, build_examiner
from guardrails.types import SafeImage

pytestmark = pytest.mark.torch

TARGETS = ["Atelectasis", "Effusion", "Hernia", "Lung Opacity"]
POINTS = [0.5, 0.1, float("nan"), 0.2]  # "Lung Opacity" has no concept, "Hernia" no operating point


@pytest.fixture(scope="module")
def network():
    import torch
    from torchvision.models import DenseNet

    torch.manual_seed(0)
    model = DenseNet(8, (2, 1), 8, bn_size=2, num_classes=len(TARGETS))
    model.features.conv0 = torch.nn.Conv2d(1, 8, 7, 2, 3, bias=False)
    return model.eval()


@pytest.fixture(scope="module")
def weights(network, tmp_path_factory):
    import torch

    path = tmp_path_factory.mktemp("xrv") / "tiny.pt"
    stored = {"state_dict": network.state_dict(), "targets": TARGETS, "op_threshs": torch.tensor(POINTS)}
    torch.save(stored, path)
    return path


def picture(seed=0, **fields):
    pixels = np.random.default_rng(seed).random((300, 260), np.float32)
    return SafeImage(pixels=pixels, source="test", **fields)


def test_xrv_scores_are_the_networks_own(network, weights):
    """Findings are the network's sigmoids on the middle square at 224 pixels, -1024 to 1024, at its operating points."""
    import torch
    from PIL import Image

    image = picture()
    reading = build_encoder(f"xrv:{weights}").read(image)
    square = np.asarray(Image.fromarray(image.pixels[20:280]).resize((224, 224), Image.Resampling.BICUBIC))
    with torch.inference_mode():
        expected = network(torch.tensor((2 * square.clip(0, 1) - 1) * 1024)[None, None])[0].sigmoid().tolist()
    assert [f.concept for f in reading.findings] == ["atelectasis", "pleural_effusion"]
    assert [f.probability for f in reading.findings] == pytest.approx(expected[:2], abs=1e-5)
    assert [f.threshold for f in reading.findings] == pytest.approx(POINTS[:2])
    assert [f.state for f in reading.findings] == [
        "present" if p >= point else "absent" for p, point in zip(expected[:2], POINTS[:2], strict=True)
    ]
    assert all(f.band is None for f in reading.findings)


def test_xrv_weights_are_known_by_their_checksum(weights):
    """Name and checksum are those of the file."""
    import hashlib

    known = build_encoder(f"xrv:{weights}").id
    assert known.name == "xrv tiny"
    assert known.sha256 == hashlib.sha256(weights.read_bytes()).hexdigest()


def test_xrv_sees_chest_films_only(weights):
    """The bundled gate stands before it: noise gets no findings, and a CT slice is refused from its header."""
    examiner = build_examiner(f"xrv:{weights}")
    assert examiner.read(picture()).reason == intake.NOT_CHEST
    assert "CT" in examiner.read(picture(modality="CT")).reason


class Harmful:
    """Runs code when it is unpickled."""

    def __reduce__(self):
        return (exec, ("raise SystemExit('code of the file was run')",))


@pytest.mark.parametrize("content", ["harmful", "no weights", "absent", "points missing"])
def test_xrv_files_that_are_none_are_refused(tmp_path, network, content):
    """A pickle that would run code, and files without the three entries, end in one sentence."""
    import torch

    path = tmp_path / "x.pt"
    if content == "harmful":
        torch.save({"state_dict": Harmful(), "targets": TARGETS, "op_threshs": POINTS}, path)
    elif content == "no weights":
        path.write_bytes(b"not a checkpoint")
    elif content == "points missing":
        torch.save({"state_dict": network.state_dict(), "targets": TARGETS, "op_threshs": POINTS[:2]}, path)
    with pytest.raises(ConfigurationError, match="could not be read"):
        build_encoder(f"xrv:{path}")

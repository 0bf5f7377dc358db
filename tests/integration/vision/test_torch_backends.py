"""TorchXRayVision's DenseNet and a MedSAM, each with small weights that the test makes and saves itself."""

import numpy as np
import pytest

from copilot.errors import ConfigurationError
from copilot.vision import intake
from copilot.vision.factory import build_encoder, build_examiner
from copilot.vision.regions import Box, build_segmenter, marked
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


@pytest.fixture(scope="module")
def medsam(tmp_path_factory):
    """An encoder that passes grey levels on, and a decoder that marks what is bright inside the box."""
    import torch

    class Look(torch.nn.Module):
        def forward(self, image):
            return torch.nn.functional.avg_pool2d(image, 2)

    class Mark(torch.nn.Module):
        def forward(self, embedding, box):
            at = (torch.arange(32) * 2 + 1).float()
            left, top, right, bottom = box[0, 0, 0], box[0, 0, 1], box[0, 0, 2], box[0, 0, 3]
            inside = ((at[None] >= left) & (at[None] <= right)) & ((at[:, None] >= top) & (at[:, None] <= bottom))
            return torch.where(inside, embedding[0, 0] - 0.5, torch.tensor(-1.0))[None, None]

    folder = tmp_path_factory.mktemp("medsam")
    given = (torch.rand(1, 3, 64, 64), (torch.rand(1, 3, 32, 32), torch.rand(1, 1, 4)))
    kind = {"opset_version": 17, "dynamo": False}
    torch.onnx.export(Look(), (given[0],), folder / "encoder.onnx", input_names=["image"], **kind)
    names = ["image_embeddings", "boxes"]
    torch.onnx.export(Mark(), given[1], folder / "decoder.onnx", input_names=names, **kind)
    return folder


def test_medsam_marks_the_bright_part_of_a_box(medsam):
    """The box reaches the decoder in pixels of the model's own square, and the mask comes back as a region."""
    pixels = np.full((200, 100), 0.1, np.float32)
    pixels[40:80, 20:60] = 0.9
    pixels[120:180, 20:60] = 0.9
    image = SafeImage(pixels=pixels, source="test", pixel_spacing_mm=(1.0, 1.0))
    region = marked(build_segmenter(f"medsam:{medsam}"), image, (), Box.of(0.1, 0.1, 0.9, 0.5))
    assert region.area == pytest.approx(40 * 40, rel=0.15)
    assert np.array(region.outline.points)[:, 1].max() < 0.5

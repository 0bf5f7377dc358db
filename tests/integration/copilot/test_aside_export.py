"""What `training.asides export` writes is what was trained: the same shares, for texts of any length."""

import pytest

from copilot.relations.onnx_asides import OnnxAsideReader
from copilot.relations.onnx_reader import Pieces
from tests.integration.copilot.test_relation_export import WORDS, start

pytestmark = pytest.mark.train


@pytest.mark.parametrize("text", ["a bcd", "a b c d e f g h, abc bca hh gg ff a"])
def test_the_exported_reader_reads_as_the_trained_one(tmp_path, text):
    """8 bits move a share by little; nothing depends on the length of the example that the export was traced with."""
    import torch

    from training.aside_net import AsideNet

    torch.manual_seed(1)
    net = AsideNet(start(torch), 2).eval()
    net.write(tmp_path / "asides.onnx", WORDS, range(len(WORDS)))
    read = OnnxAsideReader(tmp_path / "asides.onnx").read(text)
    ids, words = Pieces(WORDS).words(text)
    with torch.inference_mode():
        shares = net.read(torch.tensor([ids]))[0].softmax(-1)
    assert [(part.start, part.end) for part in read] == [(word.start, word.end) for word in words]
    for part, word in zip(read, words, strict=True):
        wanted = shares[word.first : word.last + 1].mean(0)
        assert (part.aside, part.more) == pytest.approx((float(wanted[1]), float(wanted[2])), abs=0.03)

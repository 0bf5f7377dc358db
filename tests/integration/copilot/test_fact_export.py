"""What `training.facts export` writes is what was trained: the same shares, for pairs of any length."""

import pytest

from copilot.relations.onnx_facts import OnnxFactReader
from copilot.relations.onnx_reader import Pieces
from tests.integration.copilot.test_relation_export import WORDS, start

pytestmark = pytest.mark.train


@pytest.mark.parametrize(
    ("sentence", "fact"), [("a bcd", "b"), ("a b c d e f g h, abc bca hh gg ff a", "a b c abc d e")]
)
def test_the_exported_reader_reads_as_the_trained_one(tmp_path, sentence, fact):
    """8 bits move a share by little; nothing depends on the length of the example that the export was traced with."""
    import torch

    from training.fact_net import FactNet

    torch.manual_seed(1)
    net = FactNet(start(torch)).eval()
    net.write(tmp_path / "facts.onnx", WORDS)
    (told,) = OnnxFactReader(tmp_path / "facts.onnx").read(sentence, [fact])
    pieces = Pieces(WORDS)
    one, other = pieces.ids(sentence), pieces.ids(fact)
    opens, closes = WORDS.index("[CLS]"), WORDS.index("[SEP]")
    ids = torch.tensor([[opens, *one, closes, *other, closes]])
    part = torch.tensor([[0.0] * (len(one) + 2) + [1.0] * (len(other) + 1)])
    with torch.inference_mode():
        shares = net.read(ids, part)[0].softmax(-1)
    assert (told.bears_out, told.denies) == pytest.approx((float(shares[1]), float(shares[2])), abs=0.03)

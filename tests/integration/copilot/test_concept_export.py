"""What `training.concepts export` writes is what was trained: the same shares, for texts of any length."""

import pytest

from copilot.relations.onnx_concepts import OnnxConceptReader, spans_of
from copilot.relations.onnx_reader import Pieces
from tests.integration.copilot.test_relation_export import WORDS, start

pytestmark = pytest.mark.train
CONCEPTS = ["x", "y", "z"]


@pytest.mark.parametrize("text", ["a bcd", "a b c d e f g h, abc bca hh gg ff a"])
def test_the_exported_reader_reads_as_the_trained_one(tmp_path, text):
    """8 bits move a share by little; nothing depends on the length of the example that the export was traced with."""
    import torch

    from training.concept_net import ConceptNet

    torch.manual_seed(1)
    net = ConceptNet(len(CONCEPTS), start(torch)).eval()
    with torch.inference_mode():
        net.points.copy_(torch.randn(net.points.shape) * 0.2)
    net.write(tmp_path / "concepts.onnx", WORDS, range(len(WORDS)), CONCEPTS)
    read = OnnxConceptReader(tmp_path / "concepts.onnx").read(text)
    ids, words = Pieces(WORDS).words(text)
    spans = list(spans_of(text, words))
    with torch.inference_mode():
        first = torch.tensor([words[a].first for a, _ in spans])
        last = torch.tensor([words[b].last for _, b in spans])
        told, mean = net.spans(net.read(torch.tensor([ids])), torch.zeros_like(first), first, last)
        shares = net.means_one(told).sigmoid()[:, None] * net.which(told, mean).softmax(1)[:, 1:]
    wanted = {
        (words[a].start, words[b].end, concept): float(shares[row, column])
        for row, (a, b) in enumerate(spans)
        for column, concept in enumerate(CONCEPTS)
    }
    assert read
    for one in read:
        assert one.share == pytest.approx(wanted[one.start, one.end, one.concept], abs=0.03)

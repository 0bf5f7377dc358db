"""What `training.relations export` writes is what was trained: the same shares, for sentences of any length."""

import pytest

from copilot.relations.onnx_reader import OPENS, SLOTS, OnnxRelationReader, Pieces
from copilot.relations.port import Masked

pytestmark = pytest.mark.train
WIDTH, PLACES = 384, 512
WORDS = ["[PAD]", "[UNK]", OPENS, "[SEP]", *SLOTS, *"abcdefgh", *(f"##{letter}" for letter in "abcdefgh")]


def start(torch):
    """Weights of a BERT of one layer, made up."""
    sizes = {
        "embeddings.word_embeddings": (len(WORDS), WIDTH), "embeddings.position_embeddings": (PLACES, WIDTH),
        "embeddings.token_type_embeddings": (2, WIDTH), "embeddings.LayerNorm": (WIDTH,),
    }  # fmt: skip
    layer = "encoder.layer.0."
    for name in ("attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense"):
        sizes[layer + name] = (WIDTH, WIDTH)
    sizes |= {layer + "attention.output.LayerNorm": (WIDTH,), layer + "output.LayerNorm": (WIDTH,)}
    sizes |= {layer + "intermediate.dense": (4 * WIDTH, WIDTH), layer + "output.dense": (WIDTH, 4 * WIDTH)}
    made = {f"{name}.weight": torch.randn(size) * 0.05 for name, size in sizes.items()}
    return made | {f"{name}.bias": torch.zeros(size[0]) for name, size in sizes.items()}


@pytest.mark.parametrize("text", ["a <0> bcd <1>", "<1> a b c d e f g h abc bca <0> hh gg ff <2> a"])
def test_the_exported_reader_reads_as_the_trained_one(tmp_path, text):
    """8 bits move a share by little; nothing depends on the length of the example that the export was traced with."""
    import torch

    from training.relation_net import RelationNet

    torch.manual_seed(1)
    net = RelationNet(2, 2, start(torch)).eval()
    torch.nn.init.normal_(net.slots.weight)
    labels = {"two": ["CAUSES+", "CAUSES-"], "one": ["HAS_COURSE=chronic+", "HAS_COURSE=chronic-"]}
    net.write(tmp_path / "relations.onnx", WORDS, range(len(WORDS)), labels, WORDS.index(SLOTS[0]))
    kinds = {"x": "disease", "y": "symptom"}
    read = OnnxRelationReader(tmp_path / "relations.onnx").read(Masked(text, ("x", "y", "z")), kinds)
    ids, places = Pieces(WORDS)(text, [*kinds.values(), ""])
    with torch.inference_mode():
        state = net.read(torch.tensor([ids]), WORDS.index(SLOTS[0]))
        row, first, second = (
            torch.tensor([0]),
            torch.tensor([min(places[0], places[1])]),
            torch.tensor([max(places[0], places[1])]),
        )
        wanted = net.of_two(state, row, first, second).softmax(1)[0]
    swapped = places[1] < places[0]
    columns = {(0, 1, False): 1, (0, 1, True): 2, (1, 0, False): 3, (1, 0, True): 4}
    for stated in read:
        if {stated.subject, stated.object} == {0, 1}:
            ends = (stated.object, stated.subject) if swapped else (stated.subject, stated.object)
            assert stated.share == pytest.approx(float(wanted[columns[*ends, stated.denied]]), abs=0.03)
    assert {(s.subject, s.object) for s in read} >= {(0, 1), (1, 0), (0, None), (1, None)}

"""The trained model as an open_clip folder, with a small one of random weights that the test makes."""

import shutil

import numpy as np
import pytest

from copilot.vision.factory import build_encoder
from guardrails.types import SafeImage, SafeText

pytestmark = pytest.mark.torch

AXES = 5
OFFERED = ("pleural_effusion", "normal_chest_radiograph")
WORDS = "[PAD] [UNK] [CLS] [SEP] [MASK] a an no with frontal chest x - ray showing pleural effusion normal clear lungs".split()


@pytest.fixture(scope="module")
def trunk():
    import timm
    import torch

    torch.manual_seed(0)
    trunk = timm.create_model("tf_efficientnet_lite0", pretrained=False).eval()
    for name, part in trunk.named_parameters():  # fresh weights let next to nothing through fifty layers
        if part.ndim == 4:
            part.data *= 1.7 if "conv" in name else 1
    return trunk


@pytest.fixture(scope="module")
def projection():
    from training.tower import DEEP, Linear

    random = np.random.default_rng(1)
    return Linear(random.standard_normal((DEEP, AXES)), random.standard_normal(AXES))


@pytest.fixture(scope="module")
def text(tmp_path_factory):
    """A BERT of one layer with a tokenizer of twenty words, in a folder as MiniLM has one."""
    import torch
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    torch.manual_seed(2)
    folder = tmp_path_factory.mktemp("tiny-bert")
    small = BertConfig(
        vocab_size=len(WORDS), hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=64,
        max_position_embeddings=80,
    )  # fmt: skip
    BertModel(small, add_pooling_layer=False).save_pretrained(folder)
    tokenizer = Tokenizer(models.WordPiece({word: i for i, word in enumerate(WORDS)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="[PAD]", unk_token="[UNK]", cls_token="[CLS]", sep_token="[SEP]"
    ).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def folder(trunk, projection, text, tmp_path_factory):
    import torch

    from training.open_clip_export import Projections, text_projection, write

    torch.manual_seed(3)
    folder = tmp_path_factory.mktemp("exported")
    fitted = Projections(projection, text_projection(32, AXES), scale=20.0)
    write(folder, trunk, text, fitted, offered=OFFERED)
    return folder


def picture(seed=0):
    return SafeImage(pixels=np.random.default_rng(seed).random((300, 260), np.float32), source="test")


def test_open_clip_sees_with_the_trained_tower(folder, trunk, projection):
    """open_clip's image features of a film are the projected last layer of the tower that the encoder was trained on."""
    import open_clip
    import torch
    from PIL import Image

    from training.tower import SHALLOW, Tower

    model, _, preprocess = open_clip.create_model_and_transforms(f"local-dir:{folder}")
    film = (picture().pixels * 255).astype(np.uint8)
    square = Image.fromarray(film).resize((224, 224), Image.Resampling.BICUBIC)
    with torch.inference_mode():
        seen = model.eval().encode_image(preprocess(Image.fromarray(film).convert("RGB"))[None])[0].numpy()
        embedding = Tower(trunk)(torch.tensor(np.asarray(square, np.float32) / 255)[None, None])[0].numpy()
    wanted = embedding[SHALLOW:] @ projection.weight + projection.bias
    assert np.abs(wanted - projection.bias).max() > 0.1
    np.testing.assert_allclose(seen, wanted, rtol=1e-2, atol=1e-2)


def test_the_application_reads_with_it(folder):
    """The open_clip backend sees what open_clip sees, offers what the model learned, and compares them with typed words."""
    import open_clip
    import torch
    from PIL import Image

    encoder = build_encoder(f"open_clip:{folder}")
    model, preprocess = open_clip.create_model_from_pretrained(f"local-dir:{folder}")
    film = Image.fromarray((picture().pixels * 255).astype(np.uint8)).convert("RGB")
    with torch.inference_mode():
        wanted = model.eval().encode_image(preprocess(film)[None], normalize=True).numpy()
        np.testing.assert_allclose(encoder._seen(picture().pixels).numpy(), wanted, atol=1e-5)
    reading = encoder.read(picture())
    assert reading.accepted
    assert tuple(finding.concept for finding in reading.findings) == OFFERED
    assert all(0 < finding.probability < 1 for finding in reading.findings)
    assert 0 < encoder.likeness(picture(), SafeText("pleural effusion")).score < 1


def test_what_it_never_learned_is_not_scored(folder):
    """Words for a finding that the folder does not offer get a sentence; those for one that it offers, or for a kind of
    it, under any name of the graph's are scored.
    """
    encoder = build_encoder(f"open_clip:{folder}")
    told = encoder.likeness(picture(), SafeText("pneumothorax"))
    assert told.score is None
    assert "never learned" in told.note
    for said in ("fluid around the lung", "subpulmonic effusion"):
        assert 0 < encoder.likeness(picture(), SafeText(said)).score < 1


def test_a_moved_folder_still_loads(folder, tmp_path):
    """The text tower is found beside the weights, though open_clip's configuration names where the folder was written."""
    moved = tmp_path / "elsewhere"
    shutil.copytree(folder, moved)
    config = moved / "open_clip_config.json"
    config.write_text(config.read_text().replace(str(folder), "/nowhere"))
    assert build_encoder(f"open_clip:{moved}").id.sha256 == build_encoder(f"open_clip:{folder}").id.sha256

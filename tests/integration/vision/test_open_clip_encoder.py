"""The open_clip backend with a small model that the test makes and saves itself."""

import json

import numpy as np
import pytest

from copilot.errors import ConfigurationError
from copilot.vision import phrases
from copilot.vision.factory import build_encoder
from copilot.vision.labels import NIH_LABELS
from guardrails.types import SafeImage, SafeText

pytestmark = pytest.mark.torch

CONFIG = {
    "model_cfg": {
        "embed_dim": 16,
        "vision_cfg": {"image_size": 32, "layers": 1, "width": 32, "head_width": 16, "patch_size": 16},
        "text_cfg": {"context_length": 77, "vocab_size": 49408, "width": 32, "heads": 2, "layers": 1},
    },
    "preprocess_cfg": {"mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5]},
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    import torch
    from open_clip import CLIP

    torch.manual_seed(38)  # takes most of the pictures below for chest films, and one not
    folder = tmp_path_factory.mktemp("tiny-clip")
    made = CONFIG["model_cfg"]
    model = CLIP(made["embed_dim"], made["vision_cfg"], made["text_cfg"])
    torch.save(model.state_dict(), folder / "open_clip_pytorch_model.bin")
    (folder / "open_clip_config.json").write_text(json.dumps(CONFIG))
    return folder


def picture(seed=0, **fields):
    pixels = np.random.default_rng(seed).random((64, 64), np.float32)
    return SafeImage(pixels=pixels, source="test", **fields)


def test_a_local_model_reads_a_picture(folder):
    """Any picture gets either one sentence of refusal or every label with a probability and a band."""
    encoder = build_encoder(f"open_clip:{folder}")
    readings = [encoder.read(picture(seed)) for seed in range(12)]
    assert {reading.accepted for reading in readings} == {True, False}
    for reading in readings:
        if reading.accepted:
            assert [f.concept for f in reading.findings] == [named.concept for named in NIH_LABELS.values()]
            assert all(0 <= f.probability <= 1 for f in reading.findings)
        else:
            assert reading.reason.endswith(".")
    assert len(encoder.id.sha256) == 64


def test_the_checksum_is_of_the_weights(folder):
    """The same weights give the same identity, whenever they are loaded."""
    assert build_encoder(f"open_clip:{folder}").id == build_encoder(f"open_clip:{folder}").id


def test_header_rules_hold_for_every_backend(folder):
    """A CT slice is refused from its header by this backend too."""
    assert "CT" in build_encoder(f"open_clip:{folder}").read(picture(modality="CT")).reason


def test_unknown_models_are_named_in_one_sentence(tmp_path):
    """A name open_clip does not know and a folder without a model are configuration errors or unreachable weights."""
    with pytest.raises(ConfigurationError, match="could not be loaded"):
        build_encoder("open_clip:no-such-model")
    with pytest.raises(Exception, match="could not be loaded"):
        build_encoder(f"open_clip:{tmp_path}")


def test_a_phrase_is_compared_with_its_absence(folder):
    """A typed phrase gets a share that depends on film and words alone; it is no finding and has no state."""
    encoder = build_encoder(f"open_clip:{folder}")
    phrase = SafeText("left lower lobe collapse.")
    scores = [encoder.likeness(picture(seed), phrase).score for seed in (0, 0, 1)]
    assert all(0 < score < 1 for score in scores)
    assert scores[0] == scores[1] != scores[2]
    assert scores[0] != encoder.likeness(picture(0), SafeText("a tension pneumothorax")).score


def test_words_that_name_nothing_on_a_film_have_no_score(folder):
    """As with the bundled encoder: words of another world and denials get a sentence instead, sides a reminder."""
    encoder = build_encoder(f"open_clip:{folder}")
    for said, why in (("a pineapple on a plate", phrases.NOT_KNOWN), ("no pneumothorax", phrases.DENIED)):
        told = encoder.likeness(picture(), SafeText(said))
        assert (told.score, told.note) == (None, why)
    notes = [encoder.likeness(picture(), SafeText(said)).note for said in ("left pneumothorax", "pneumothorax")]
    assert [phrases.NO_PLACE in note for note in notes] == [True, False]


def test_films_lie_where_the_model_sees_them(folder):
    """A film's place has length 1, is the same for the same film, and another for another."""
    encoder = build_encoder(f"open_clip:{folder}")
    places = [encoder.place(picture(seed)) for seed in (0, 0, 1)]
    assert np.linalg.norm(places[0]) == pytest.approx(1, abs=1e-5)
    assert (places[0] == places[1]).all()
    assert not np.allclose(places[0], places[2])


NAMES = {
    "pleural_effusion": ("pleural effusion", "fluid around the lung", "lung is wet", "effusion", "b", "c", "d", "e")
}


def test_a_finding_is_asked_under_its_names(folder):
    """A label's probability is the share of the mean of its prompts for against the mean of those against, over the names
    that the graph has for its concept; labels without further names, and the normal film, are asked as before.
    """
    import open_clip
    import torch
    from PIL import Image

    from copilot.vision.open_clip_encoder import NOT_SHOWING, SHOWING

    plain, named = build_encoder(f"open_clip:{folder}"), build_encoder(f"open_clip:{folder}", NAMES)
    image = next(i for i in map(picture, range(50)) if plain.read(i).accepted)
    before, after = plain.read(image).findings, named.read(image).findings
    assert [f.probability for f in before[1:]] == [f.probability for f in after[1:]]
    assert before[0].concept == "pleural_effusion"
    model, preprocess = open_clip.create_model_from_pretrained(f"local-dir:{folder}")
    tokenizer, film = (
        open_clip.get_tokenizer(f"local-dir:{folder}"),
        Image.fromarray((image.pixels * 255).astype(np.uint8)),
    )
    used = ("pleural effusion", "fluid around the lung", "effusion", "b", "c", "d")
    with torch.inference_mode():
        sides = [
            model.encode_text(tokenizer([side.format(finding=name) for name in used]), normalize=True).mean(0)
            for side in (SHOWING, NOT_SHOWING)
        ]
        pair = torch.stack([side / side.norm() for side in sides])
        seen = model.encode_image(preprocess(film.convert("RGB"))[None], normalize=True)
        share = (model.logit_scale.exp() * seen @ pair.T).softmax(-1)[0, 0].item()
    assert after[0].probability == pytest.approx(share, abs=1e-5)
    assert after[0].probability != before[0].probability


def test_the_application_asks_with_the_names_of_its_graph(folder, tmp_path):
    """The composition root gives the encoder the names of the curated concepts, so that its prompts are those of the graph."""
    from copilot.bootstrap import Application
    from copilot.config import Settings
    from kg.loading.csv_pack import core

    image = next(i for i in map(picture, range(12)) if build_encoder(f"open_clip:{folder}").read(i).accepted)
    names = {c.id: (c.name, *filter(None, [c.lay_name]), *c.synonyms) for c in core().concepts()}
    with Application(Settings(home=tmp_path, encoder=f"open_clip:{folder}")) as application:
        asked = application.encoder._encoder.read(image).findings
    assert asked == build_encoder(f"open_clip:{folder}", names).read(image).findings
    assert asked != build_encoder(f"open_clip:{folder}").read(image).findings

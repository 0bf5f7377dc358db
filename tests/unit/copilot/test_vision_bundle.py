"""The bundle: checksums, states of a label, and the setting that picks an encoder."""

import json
import shutil
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from copilot.errors import ConfigurationError
from copilot.vision import bundle
from copilot.vision.factory import build_encoder
from copilot.vision.labels import NIH_LABELS
from copilot.vision.open_clip_encoder import MOST_NAMES, prompts
from kg.loading.csv_pack import core

LABEL = bundle.Label("Pleural effusion", "pleural_effusion", 0.4, 0.2, 0.6, heatmap=False)


@pytest.fixture
def copy(tmp_path):
    shutil.copytree(Path(str(bundle.shipped())), tmp_path / "bundle")
    return tmp_path / "bundle"


@pytest.mark.parametrize(
    ("probability", "state"), [(0.0, "absent"), (0.19, "absent"), (0.2, "uncertain"), (0.59, "uncertain"), (0.6, "present")]
)  # fmt: skip
def test_state_follows_the_band(probability, state):
    """Below the band a finding is absent, from its upper end on present, uncertain in between."""
    assert LABEL.state(probability) == state


def test_shipped_bundle_is_whole():
    """The bundle in the package passes its own checksum and orders each label's three borders."""
    shipped = bundle.load(bundle.shipped())
    assert all(0 < one.absent_below <= one.threshold <= one.present_above < 1 for one in shipped.labels)
    assert {one.concept for one in shipped.labels} <= {named.concept for named in NIH_LABELS.values()}


def test_what_looks_lateral_goes_by_the_last_places_of_an_embedding():
    """The sum over the last places decides, and the border itself counts as lateral."""
    side_on = bundle.SideOn(np.array([1, -2], np.float32), 3)
    assert side_on.holds(np.array([-9, 5, 1], np.float32))
    assert not side_on.holds(np.array([9, 5, 1.5], np.float32))


def test_shipped_bundle_is_small():
    """The weights stay under 25 MB, so that the repository and the wheel stay light."""
    assert len(bundle.load(bundle.shipped()).model) < 25_000_000


def test_changed_weights_are_noticed(copy):
    """One flipped byte in the weights stops the encoder before it reads a film."""
    weights = bytearray((copy / "encoder.onnx").read_bytes())
    weights[len(weights) // 2] ^= 1
    (copy / "encoder.onnx").write_bytes(weights)
    with pytest.raises(ConfigurationError, match="checksum"):
        bundle.load(copy)


def test_missing_and_foreign_bundles_are_named(copy):
    """A missing file and a manifest of another format each give one sentence that says what to do."""
    manifest = json.loads((copy / "bundle.json").read_text())
    (copy / "bundle.json").write_text(json.dumps(manifest | {"format": 99}))
    with pytest.raises(ConfigurationError, match="install the application again"):
        bundle.load(copy)
    (copy / "bundle.json").write_text(json.dumps({k: v for k, v in manifest.items() if k != "labels"}))
    with pytest.raises(ConfigurationError, match="incomplete"):
        bundle.load(copy)
    (copy / "bundle.json").unlink()
    with pytest.raises(ConfigurationError, match="missing"):
        bundle.load(copy)


@pytest.mark.parametrize("spec", ["", "medclip", "bundled:more", "open_clip:", "xrv:weights.pt"])
def test_settings_that_cannot_be_used_are_explained(spec):
    """An unknown or incomplete encoder setting is a configuration error in one sentence."""
    with pytest.raises(ConfigurationError, match=r"COPILOT_ENCODER.*\.$"):
        build_encoder(spec)


@pytest.mark.skipif(find_spec("open_clip") is not None, reason="says what happens without the open-clip extra")
def test_open_clip_without_its_extra_says_what_to_install():
    """The plain install has no torch; asking for open_clip then names the extra."""
    with pytest.raises(ConfigurationError, match="open-clip extra"):
        build_encoder("open_clip:ViT-B-32")


def test_prompts_are_made_of_what_the_graph_calls_a_finding():
    """An effusion is asked for by its name, its lay name and its usual synonyms, in words that fit the prompt; each
    prompt for it has one against it, and a finding without further names has a prompt of its own name.
    """
    concept = next(c for c in core().concepts() if c.id == "cardiomegaly")
    showing, denying = prompts(NIH_LABELS["Cardiomegaly"], (concept.name, concept.lay_name, *concept.synonyms))
    assert showing[:2] == [
        "a frontal chest X-ray showing cardiomegaly", "a frontal chest X-ray showing enlarged heart"
    ]  # fmt: skip
    assert len(showing) == len(denying) == len(set(showing)) == MOST_NAMES
    assert not any(" is " in one for one in showing)
    assert denying == [one.replace("showing", "with no") for one in showing]
    states = prompts(NIH_LABELS["Cardiomegaly"], ("heart is enlarged", "CARDIOMEGALY"))
    assert states == (["a frontal chest X-ray showing cardiomegaly"], ["a frontal chest X-ray with no cardiomegaly"])

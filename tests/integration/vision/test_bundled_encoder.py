"""The shipped encoder on real films and on pictures that are no chest films. Films come from the shared data folder."""

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pydicom
import pytest
from PIL import Image, ImageDraw
from pydicom.data import get_testdata_file

from copilot.vision import bundle, intake
from copilot.vision.factory import build_encoder, build_examiner
from copilot.vision.lungs import USUAL_BOX, LungOutliner
from copilot.vision.onnx_encoder import CONFOUNDED, PNEUMONIA, OnnxEncoder
from copilot.vision.preprocessing import degrade, resize
from guardrails.types import SafeImage, SafeText

DATA = Path(__file__).parents[3].parent / "shared" / "data" / "cxr"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="needs the shared films at ../shared/data/cxr")


def film(path):
    pixels = np.asarray(Image.open(path).convert("L"), np.float32) / 255
    return SafeImage(pixels=pixels, source="test")


@pytest.fixture(scope="module")
def encoder():
    return build_encoder("bundled")


@pytest.fixture(scope="module")
def validation():
    table = pd.read_csv(DATA / "labels.csv")
    table["labels"] = table["labels"].fillna("")
    return table[table["split"] == "val"]


@pytest.fixture(scope="module")
def example():
    return film(DATA / "fullsize" / "00000211_013.png")


@pytest.fixture(scope="module")
def outlined():
    """A film whose lungs are found."""
    return film(DATA / "nih" / "00001108_004.jpg")


def probabilities(reading):
    return {finding.name: finding.probability for finding in reading.findings}


def test_a_film_is_read_the_same_twice(encoder, example):
    """Reading is deterministic, names its weights, and every state follows from the probability and the bundle."""
    reading = encoder.read(example)
    assert reading.accepted
    assert reading.reason is None
    assert reading == encoder.read(example)
    assert len(reading.encoder.sha256) == 64
    for finding, label in zip(reading.findings, encoder.labels, strict=True):
        assert 0 < finding.probability < 1
        assert finding.state == label.state(finding.probability)


def test_what_pneumonia_was_learned_from_is_said_with_it(encoder, validation):
    """With a full-size film's pneumonia, unless it is absent, comes what it is confounded with; a small film has no such note."""
    for name, group in validation.groupby("native"):
        for reading in (encoder.read(film(DATA / f)) for f in group["file"].iloc[:8]):
            absent = next(f.state for f in reading.findings if f.concept == PNEUMONIA) == "absent"
            assert (CONFOUNDED in reading.notes) == (name == 1024 and not absent)


def test_every_ill_full_size_film_has_pneumonia():
    """What the note says is so: no full-size training film has another label without this one."""
    table = pd.read_csv(DATA / "labels.csv")
    full = table[(table["native"] == 1024) & (table["split"] == "train")]["labels"].fillna("")
    assert (full.str.contains("Pneumonia") | (full == "No Finding")).all()


def test_effusions_rank_above_other_films_within_each_resolution(encoder, validation):
    """Validation films with an effusion score above as many normal ones in both groups, where blur tells nothing."""
    for _, group in validation.groupby("native"):
        positive = group[group["labels"].str.contains("Effusion")]
        negative = group[group["labels"] == "No Finding"].sample(len(positive), random_state=0)
        scores = [
            np.array([probabilities(encoder.read(film(DATA / f)))["Pleural effusion"] for f in part["file"]])
            for part in (positive, negative)
        ]
        assert np.mean(scores[0][:, None] > scores[1][None]) > 0.65


def test_typed_words_rank_films_as_their_finding_does(encoder, validation):
    """Of full-size validation films those with an effusion look more like "pleural fluid" than normal ones do."""
    group = validation[validation["native"] == 1024]
    positive = group[group["labels"].str.contains("Effusion")]
    negative = group[group["labels"] == "No Finding"].sample(len(positive), random_state=0)
    scores = [
        np.array([encoder.likeness(film(DATA / f), SafeText("pleural fluid")).score for f in part["file"]])
        for part in (positive, negative)
    ]
    assert np.mean(scores[0][:, None] > scores[1][None]) > 0.65


def test_what_is_no_chest_film_is_not_compared_with_words(encoder):
    """Noise has no likeness to anything."""
    noise = SafeImage(pixels=np.random.default_rng(3).random((512, 512), np.float32), source="noise")
    assert encoder.likeness(noise, SafeText("pleural effusion")) is None


def test_chest_films_pass_the_gate(encoder, validation):
    """Of sixty validation films of both resolutions at most one is turned away."""
    sample = validation.groupby("native").sample(30, random_state=1)
    readings = [encoder.read(film(DATA / f)) for f in sample["file"]]
    assert sum(not reading.accepted for reading in readings) <= 1


def test_films_of_another_hospital_pass_the_gate(encoder):
    """The gate was not trained on the films with lung masks; of twenty at most one is turned away."""
    readings = [encoder.read(film(path)) for path in sorted((DATA / "lungs").glob("*.jpg"))[:20]]
    assert sum(not reading.accepted for reading in readings) <= 1


def test_detail_counts_where_there_is_any(encoder, example):
    """Drawn up again from 64 pixels, a full-size film is read otherwise; its copy at 64 pixels is read as well."""
    copy = degrade(example.pixels, 64)
    blurred = resize(copy, *example.pixels.shape)
    sharp, soft = (probabilities(encoder.read(SafeImage(pixels=p, source="test"))) for p in (example.pixels, blurred))
    assert max(abs(sharp[name] - soft[name]) for name in sharp) > 0.01
    assert encoder.read(SafeImage(pixels=copy, source="test")).accepted


def test_an_inverted_film_is_corrected_and_said_so(encoder, example):
    """Bones dark: the film is turned into the usual grey scale, one sentence says so, findings stay the same."""
    inverted = encoder.read(SafeImage(pixels=1 - example.pixels, source="test"))
    assert inverted.reason == intake.INVERTED
    upright = probabilities(encoder.read(example))
    assert probabilities(inverted) == pytest.approx(upright, abs=0.02)


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_turned_film_is_corrected_and_said_so(encoder, example, turns):
    """A film on its side or upside down is read upright, with one sentence."""
    turned = encoder.read(SafeImage(pixels=np.rot90(example.pixels, turns).copy(), source="test"))
    assert turned.reason == intake.TURNED
    assert probabilities(turned) == pytest.approx(probabilities(encoder.read(example)), abs=0.02)


def slices():
    for name in ("CT_small.dcm", "693_J2KI.dcm", "examples_overlay.dcm", "examples_jpeg2k.dcm"):
        pixels = pydicom.dcmread(get_testdata_file(name, download=False)).pixel_array.astype(np.float32)
        pixels = pixels.mean(axis=-1) if pixels.ndim == 3 else pixels
        yield name, (pixels - pixels.min()) / np.ptp(pixels)


def drawn():
    page = Image.new("L", (600, 800), 250)
    draw = ImageDraw.Draw(page)
    for row in range(20, 780, 22):
        draw.text((30, row), "FINDINGS: the lungs are clear. No effusion. " * 2, 10)
    yield "document", np.asarray(page, np.float32) / 255
    rng = np.random.default_rng(3)
    yield "noise", rng.random((512, 512), np.float32)
    yield "ramp", np.tile(np.linspace(0, 1, 256, dtype=np.float32), (256, 1))
    yield "squares", np.kron(np.indices((8, 8)).sum(axis=0) % 2, np.ones((32, 32))).astype(np.float32)


@pytest.mark.parametrize(("name", "pixels"), [*slices(), *drawn()], ids=lambda v: v if isinstance(v, str) else "")
def test_what_is_no_chest_film_gets_no_findings(encoder, name, pixels):
    """Slices without their header, pages, noise and patterns are refused in one sentence, and get no findings."""
    reading = encoder.read(SafeImage(pixels=pixels.astype(np.float32), source=name))
    assert not reading.accepted
    assert reading.findings == ()
    assert reading.reason.endswith(".")


def test_without_lungs_the_usual_box_is_read(encoder, outlined, monkeypatch):
    """A film whose lungs are not found gets every finding, as it would with lungs that lie where they usually do."""
    found_there = probabilities(encoder.read(outlined))
    read = []
    for found in (None, SimpleNamespace(box=USUAL_BOX)):
        monkeypatch.setattr(encoder.outliner, "find", lambda _, found=found: found)
        read.append(probabilities(encoder.read(outlined)))
    assert read[0] == read[1]
    assert read[0].keys() == found_there.keys()
    assert read[0] != found_there


def test_an_accepted_film_is_outlined_once(outlined, monkeypatch):
    """Encoder and what is measured beside it share one run of the lung network; a refused film takes none."""
    examiner, runs = build_examiner("bundled"), []
    found = LungOutliner._found
    monkeypatch.setattr(LungOutliner, "_found", lambda self, pixels: runs.append(1) or found(self, pixels))
    assert examiner.read(SafeImage(pixels=np.rot90(outlined.pixels).copy(), source="test")).outlines
    assert len(runs) == 1
    assert not examiner.read(SafeImage(pixels=1 - np.eye(512, dtype=np.float32), source="test")).accepted
    assert len(runs) == 1


def test_threads_do_not_mix_films(encoder, validation):
    """Eight threads on one encoder give each film the reading it gets alone."""
    films = [film(DATA / f) for f in validation["file"].iloc[:16]]
    alone = [encoder.read(one) for one in films]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(encoder.read, films)) == alone


def test_what_looks_lateral_is_refused_unless_its_header_says_frontal(example, tmp_path):
    """One sentence, no findings and no map; a header that names a frontal view is believed."""
    folder = Path(str(bundle.shipped()))
    manifest = json.loads((folder / "bundle.json").read_text())
    manifest["intake"]["side_on"]["least"] = -1e9
    manifest["labels"][0]["heatmap"] = True
    (tmp_path / "bundle.json").write_text(json.dumps(manifest))
    shutil.copy(folder / "encoder.onnx", tmp_path)
    encoder = OnnxEncoder(tmp_path)
    refused = encoder.read(replace(example, view=None))
    assert (refused.accepted, refused.reason) == (False, intake.LOOKS_SIDE_ON)
    assert encoder.heatmap(replace(example, view=None), encoder.labels[0].name) is None
    assert encoder.read(replace(example, view="PA")).accepted


def test_heat_maps_lie_on_the_film_or_are_withheld(example, tmp_path):
    """A map has the film's own shape and values from 0 to 1, and only those labels have one of which the bundle says so."""
    folder = Path(str(bundle.shipped()))
    manifest = json.loads((folder / "bundle.json").read_text())
    for place, label in enumerate(manifest["labels"]):
        label["heatmap"] = place < 2
    (tmp_path / "bundle.json").write_text(json.dumps(manifest))
    shutil.copy(folder / "encoder.onnx", tmp_path)
    encoder = OnnxEncoder(tmp_path)
    maps = [encoder.heatmap(example, label.name) for label in encoder.labels]
    assert [heat is not None for heat in maps] == [True, True] + [False] * (len(maps) - 2)
    for heat in maps[:2]:
        assert heat.shape == example.pixels.shape
        assert heat.min() >= 0
        assert heat.max() <= 1
    assert encoder.heatmap(example, "no such finding") is None

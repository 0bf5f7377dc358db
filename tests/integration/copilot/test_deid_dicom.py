"""`copilot deid IN.dcm --out OUT.dcm` as a script would use it: the real text path and OCR, in processes of their own."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont
from pydicom import dcmread

from tests.unit.guardrails.test_dicom_files import BAD
from tests.unit.guardrails.test_dicom_profile import film

ROOT = Path(__file__).parents[3]
Run = Callable[..., subprocess.CompletedProcess[str]]


def burned_in(text: str) -> np.ndarray:
    """A soft 12-bit picture of 512 pixels with a line of text at its top left."""
    y, x = np.mgrid[0:512, 0:512]
    picture = (600 + 500 * np.sin(x / 160) * np.cos(y / 190)).astype("<u2")
    ink = Image.new("L", (512, 512))
    ImageDraw.Draw(ink).text((20, 20), text, fill=255, font=ImageFont.load_default(28))
    picture[np.asarray(ink) > 127] = 4000
    return picture


@pytest.fixture
def deid(tmp_path: Path) -> Run:
    """Runs the command on `data` in a folder of its own; the input's name is a patient's."""

    def run(data: bytes, out: str | None = "out.dcm") -> subprocess.CompletedProcess[str]:
        source = tmp_path / "Okafor_Chidi_MRN4711.dcm"
        source.write_bytes(data)
        result = ["--out", str(tmp_path / out)] if out else []
        done = subprocess.run(
            [sys.executable, "-m", "copilot.cli", "deid", str(source), *result, "--json"],
            env={**os.environ, "COPILOT_HOME": str(tmp_path / "home"), "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
        source.unlink()
        return done

    return run


def test_header_and_pixels_are_cleaned(deid: Run, tmp_path: Path) -> None:
    """The shape of CLI.md, a file that opens, and the name in no header, pixel, message or log."""
    pixels = burned_in("OKAFOR, CHIDI 4711")
    done = deid(
        film(
            Rows=512,
            Columns=512,
            PixelData=pixels.tobytes(),
            StudyDescription="Chest PA, Mr Chidi Okafor",
            ReferringPhysicianName="Lindqvist^Astrid",
            ImageComments="Seen by Dr. Astrid Lindqvist on 12 March 2024.",
        )
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    shape = json.loads(done.stdout)
    assert list(shape) == ["removed", "remapped_uids", "masked_regions", "residual_text"]
    assert {"PatientName", "PatientID", "ReferringPhysicianName"} <= set(shape["removed"])
    assert shape["remapped_uids"] == 2
    assert set(shape["masked_regions"][0]) == {"x", "y", "w", "h"}
    assert shape["residual_text"] == []
    data = (tmp_path / "out.dcm").read_bytes()
    written = dcmread(BytesIO(data))
    assert written.pixel_array[:60, :360].max() < 2000
    assert (written.pixel_array[100:] == pixels[100:]).all()
    everything = data + done.stdout.encode() + b"".join(p.read_bytes() for p in (tmp_path / "home").iterdir())
    for word in (b"okafor", b"chidi", b"lindqvist", b"astrid", b"4711", b"12 march"):
        assert word not in everything.lower()


@pytest.mark.parametrize("what", ["empty", "text", "10,000 nested sequences", "2 GB claimed", "disc directory"])
def test_bad_input_is_status_3_and_leaves_nothing(deid: Run, tmp_path: Path, what: str) -> None:
    """One sentence on stderr, nothing on stdout, no output file."""
    refused(deid(BAD[what]()), tmp_path)


def test_a_text_path_that_fails_leaves_nothing(deid: Run, tmp_path: Path) -> None:
    """More text than the text path takes: it raises, and there is no output file."""
    assert "free text" in refused(deid(film(SelectorUTValue="word " * 110_000)), tmp_path)


def test_a_result_that_cannot_be_written_is_status_3(deid: Run, tmp_path: Path) -> None:
    """A folder that is not there."""
    assert "--out" in refused(deid(film(), out="nowhere/out.dcm"), tmp_path)


def test_a_dicom_file_is_not_taken_for_text(deid: Run, tmp_path: Path) -> None:
    """Without --out the command is for text, and a header printed as text would name people."""
    assert "--out" in refused(deid(film(), out=None), tmp_path)


def refused(done: subprocess.CompletedProcess[str], folder: Path) -> str:
    assert done.returncode == 3
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1
    assert "Okafor" not in done.stderr
    assert [path.name for path in folder.iterdir() if path.name != "home"] == []
    return done.stderr

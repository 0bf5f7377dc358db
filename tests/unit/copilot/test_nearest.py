"""The local index of reports, with an encoder, a gate and a de-identifier that the test makes up."""

import csv
import dataclasses
import io
import json
import stat

import numpy as np
import pytest
from PIL import Image

from copilot import nearest
from copilot.errors import ConfigurationError, InputUnusable
from copilot.nearest import Index, NearestReports, make_index
from copilot.pipeline import Copilot
from copilot.sessions import Session
from copilot.types import EncoderId, PersonaName, Reading
from copilot.vision.port import Encoder
from guardrails.types import DeidentificationFailed, ImageRefused, SafeImage, SafeText


class Shades(Encoder):
    """Films lie where the mean of their left and right half says; a black one is no chest film."""

    id = EncoderId("shades", "a" * 64)

    def read(self, image):
        return Reading(bool(image.pixels.any()), self.id)

    def place(self, image):
        half = image.pixels.shape[1] // 2
        return np.array([image.pixels[:, :half].mean(), image.pixels[:, half:].mean()], np.float32)


class Blind(Shades):
    """Has no space for films."""

    def place(self, image):
        return None


def opened(data):
    """Any picture is a film."""
    try:
        grey = np.asarray(Image.open(io.BytesIO(data)).convert("L"), np.float32) / 255
    except OSError:
        raise ImageRefused("not a film") from None
    return SafeImage(grey, "test")


def hidden(text):
    """`Smith` is the only name there is, and a text about Jones cannot be made safe."""
    if "Jones" in text:
        raise DeidentificationFailed("failed")
    return SafeText(text.replace("Smith", "[NAME_1]"))


def halves(left, right):
    pixels = np.zeros((8, 8), np.uint8)
    pixels[:, :4], pixels[:, 4:] = left, right
    return pixels


def folder_of(path, rows, head=("image", "report")):
    """`rows` of (file name, pixels or None, report)."""
    path.mkdir()
    with (path / "reports.csv").open("w", newline="", encoding="utf-8-sig") as stream:
        table = csv.writer(stream)
        table.writerow(head)
        for name, pixels, report in rows:
            if pixels is not None:
                Image.fromarray(pixels).save(path / name)
            table.writerow([name, report])
    return path


ROWS = (
    ("left.png", halves(200, 20), "Mr Smith: opacity on the left."),
    ("right.png", halves(20, 200), "Opacity on the right."),
    ("both.png", halves(200, 200), "Opacities on both sides."),
    ("little.png", halves(40, 40), "Clear."),
)


@pytest.fixture
def file(tmp_path):
    return tmp_path / "home" / "index.npz"


def made(folder, file, encoder=None):
    return make_index(folder, file, encoder or Shades(), opened, hidden, lambda *_: None)


def test_the_report_of_the_film_most_alike_comes_first(tmp_path, file):
    """Three of them, by falling similarity, with a sentence that says whose they are not."""
    assert made(folder_of(tmp_path / "films", ROWS), file).reports == 4
    found = NearestReports(file, Shades(), hidden).of(opened(png(halves(180, 30))))
    assert found.reports[0].report.text == "Mr [NAME_1]: opacity on the left."
    assert len(found.reports) == 3
    assert [r.similarity for r in found.reports] == sorted((r.similarity for r in found.reports), reverse=True)
    assert found.note == nearest.OTHERS


def png(pixels):
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "PNG")
    return stream.getvalue()


class Opens:
    """A gate for films that lets any picture through."""

    open = staticmethod(opened)


@pytest.mark.parametrize("persona", list(PersonaName))
def test_only_a_clinician_gets_reports_on_other_people(tmp_path, file, persona):
    """A film that a student or a person at a kiosk adds is not even looked up."""
    made(folder_of(tmp_path / "films", ROWS), file)
    parts = dict.fromkeys(field.name for field in dataclasses.fields(Copilot))
    parts |= {"images": Opens(), "encoder": Shades(), "nearest": NearestReports(file, Shades(), hidden)}
    film = Copilot(**parts).add_film(Session(persona), png(halves(180, 30)))
    assert film.reading.accepted
    assert (film.nearest is not None) == (persona is PersonaName.CLINICIAN)


def test_without_an_index_there_is_nothing_to_say(tmp_path, file):
    """None: neither a list nor a note."""
    assert NearestReports(file, Shades(), hidden).of(opened(png(halves(1, 2)))) is None


def test_identifiers_and_file_names_are_not_stored(tmp_path, file):
    """The index holds reports without identifiers, no name of a file, and only its owner can read it."""
    made(folder_of(tmp_path / "films", [("smith.png", halves(9, 99), "Smith is well."), *ROWS]), file)
    with np.load(file, allow_pickle=False) as stored:
        assert set(stored.files) == {"encoder", "places", "reports"}
        told = stored["reports"].tobytes().decode()
    assert "smith" not in told.lower()
    assert "[NAME_1] is well." in json.loads(told)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_what_is_stored_is_not_trusted(tmp_path, file):
    """A name that somebody put into the file is taken out on the way to the reader."""
    Index(Shades.id.sha256, np.eye(2, dtype=np.float32), ("Smith again.", "Nothing.")).write(file)
    found = NearestReports(file, Shades(), hidden).of(opened(png(halves(200, 20))))
    assert found.reports[0].report.text == "[NAME_1] again."


def test_rows_that_cannot_be_used_are_told_by_number(tmp_path, file):
    """No report, no film, no chest film, no picture, unsafe text, a path out of the folder: each is left out, with why."""
    Image.fromarray(halves(5, 50)).save(tmp_path / "outside.png")
    rows = [
        ("a.png", halves(10, 20), "  "),
        ("missing.png", None, "Clear."),
        ("black.png", halves(0, 0), "Clear."),
        ("reports.csv", None, "Clear."),
        ("b.png", halves(10, 20), "Jones is here."),
        ("../outside.png", None, "Clear."),
        *ROWS,
    ]
    done = made(folder_of(tmp_path / "films", rows), file)
    assert done.left_out == (
        (1, nearest.NO_REPORT),
        (2, nearest.NO_FILM),
        (3, nearest.NO_CHEST),
        (4, nearest.UNSAFE),
        (5, nearest.UNSAFE),
        (6, nearest.NO_FILM),
    )
    assert done.reports == len(ROWS)


@pytest.mark.parametrize("rows", [[], [("missing.png", None, "Clear.")]])
def test_a_folder_of_nothing_leaves_the_earlier_index(tmp_path, file, rows):
    """It is refused in one sentence, and what was there stays."""
    made(folder_of(tmp_path / "films", ROWS), file)
    before = file.read_bytes()
    with pytest.raises(InputUnusable, match="Nothing could be indexed"):
        made(folder_of(tmp_path / "empty", rows), file)
    assert file.read_bytes() == before


def test_a_folder_without_a_table_is_refused(tmp_path, file):
    """No reports.csv, other columns, or another encoding: one sentence, and none of their content."""
    wrong = folder_of(tmp_path / "columns", ROWS, head=("film", "text"))
    latin = folder_of(tmp_path / "latin", ROWS)
    (latin / "reports.csv").write_bytes("image,report\na.png,\xe4\n".encode("latin-1"))
    for folder in (tmp_path, wrong, latin):
        with pytest.raises(InputUnusable) as refused:
            made(folder, file)
        assert str(refused.value) == nearest.NO_TABLE


def test_an_index_of_another_encoder_or_a_damaged_one_only_leaves_a_note(tmp_path, file):
    """The film is read all the same; the note says what to do."""
    Index("b" * 64, np.eye(2, dtype=np.float32), ("x", "y")).write(file)
    image = opened(png(halves(9, 99)))
    assert NearestReports(file, Shades(), hidden).of(image) == nearest.Nearest((), nearest.OTHER_ENCODER)
    file.write_bytes(file.read_bytes()[:-40])
    assert NearestReports(file, Shades(), hidden).of(image) == nearest.Nearest((), nearest.BROKEN)


def test_an_encoder_that_cannot_compare_films_says_so(tmp_path, file):
    """It makes no index, and with an index there it leaves a note."""
    folder = folder_of(tmp_path / "films", ROWS)
    with pytest.raises(ConfigurationError, match="cannot compare films"):
        made(folder, file, Blind())
    made(folder, file)
    found = NearestReports(file, Blind(), hidden).of(opened(png(halves(9, 99))))
    assert found == nearest.Nearest((), nearest.NO_PLACE)


def test_a_film_may_lie_in_the_middle_of_the_index(file):
    """One film in the index, or one right in the middle: a similarity of 0, and no division by it."""
    Index(Shades.id.sha256, np.ones((1, 2), np.float32), ("Alone.",)).write(file)
    found = NearestReports(file, Shades(), hidden).of(opened(png(halves(255, 255))))
    assert [dataclasses.astuple(r) for r in found.reports] == [(("Alone.",), 0.0)]

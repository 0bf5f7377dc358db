"""What is added to an encoder's reading, with an encoder and lungs that the test makes up."""

import numpy as np
import pytest

from copilot.types import EncoderId, Finding, Reading
from copilot.vision import intake, lungs
from copilot.vision.examiner import Examiner
from copilot.vision.lungs import Lungs
from copilot.vision.port import Encoder
from guardrails.types import SafeImage

SIDE = 96
ID = EncoderId("made up", "0" * 64)
FINDINGS = (
    Finding("Pneumonia", "pneumonia", 0.7, 0.3, "present"),
    Finding("Effusion", "pleural_effusion", 0.1, 0.3, "absent"),
)


class MadeUp(Encoder):
    """Accepts, with a heat map whose peak lies at `peak` (row, column) of the film as given."""

    def __init__(self, peak=(70, 30), **reading):
        self.peak, self.reading, self.asked = peak, reading, 0

    @property
    def id(self):
        return ID

    def read(self, image):
        self.asked += 1
        return Reading(**{"accepted": True, "encoder": ID, "findings": FINDINGS, **self.reading})

    def heatmap(self, image, finding):
        heat = np.zeros(image.pixels.shape, np.float32)
        heat[self.peak] = 1
        return heat


class Outliner:
    """Finds the same pair of lungs on every film, or none; remembers what it was shown."""

    def __init__(self, found=True, top=20):
        self.found, self.top, self.shown = found, top, None

    def find(self, pixels):
        self.shown = pixels
        right, left = (np.zeros((SIDE, SIDE), bool) for _ in range(2))
        right[self.top : 80, 10:44] = left[self.top : 80, 52:86] = True
        return Lungs(right, left) if self.found else None


def film(pixels=None):
    ramp = np.tile(np.linspace(0, 1, SIDE, dtype=np.float32), (SIDE, 1))
    return SafeImage(pixels=ramp if pixels is None else pixels, source="test")


def test_a_reading_gets_outlines_and_the_place_of_each_finding():
    """Both lungs are outlined, and a map is kept for what is not absent, with its place in words."""
    reading = Examiner(MadeUp(), Outliner()).read(film())
    assert [o.name for o in reading.outlines] == ["right lung", "left lung"]
    assert [(m.concept, m.where) for m in reading.heatmaps] == [("pneumonia", "right lower zone")]
    assert reading.findings == FINDINGS


def test_without_lungs_nothing_is_measured_and_no_map_is_shown():
    """An implausible outline is one sentence, and a map that cannot be cut to the lungs is kept back."""
    reading = Examiner(MadeUp(), Outliner(found=False)).read(film())
    assert lungs.NOT_MEASURED in reading.notes
    assert reading.outlines == reading.measurements == reading.heatmaps == ()


@pytest.mark.parametrize("found", [True, False])
@pytest.mark.parametrize("view", [None, "PA"])
def test_a_film_without_lungs_may_be_a_lateral_view(found, view):
    """Where no lungs are found and the header names no frontal view, a lateral film's findings are warned of."""
    image = SafeImage(pixels=film().pixels, source="test", view=view)
    notes = Examiner(MadeUp(), Outliner(found=found)).read(image).notes
    assert (intake.MAYBE_SIDE_ON in notes) == (not found and view is None)


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_places_are_named_on_the_upright_film(turns):
    """For a film that lay on its side the lungs are looked for upright, and the map stays on the film as given."""
    upright = np.random.default_rng(0).random((SIDE, SIDE), np.float32)
    given = np.rot90(upright, -turns).copy()
    peak = np.argwhere(np.rot90(np.eye(1, SIDE * SIDE, 70 * SIDE + 30).reshape(SIDE, SIDE), -turns) == 1)[0]
    outliner = Outliner()
    reading = Examiner(MadeUp(peak=tuple(peak), quarter_turns=turns), outliner).read(film(given))
    assert np.array_equal(outliner.shown, upright)
    assert reading.heatmaps[0].where == "right lower zone"
    cells = np.array(reading.heatmaps[0].cells)
    row, column = np.unravel_index(int(cells.argmax()), cells.shape)
    assert (row, column) == pytest.approx(tuple(peak * len(cells) / SIDE), abs=1)


def test_a_refused_film_gets_nothing():
    """What is no chest film has no lungs either."""
    outliner = Outliner()
    reading = Examiner(MadeUp(accepted=False, reason="No.", findings=()), outliner).read(film())
    assert reading.outlines == reading.heatmaps == reading.notes == ()
    assert outliner.shown is None


@pytest.mark.parametrize(
    ("seen", "reason"),
    [
        ({"accepted": False, "reason": intake.NOT_CHEST}, intake.NOT_CHEST),
        ({"quarter_turns": 1, "reason": intake.TURNED}, intake.NOT_UPRIGHT),
        ({"inverted": True, "reason": intake.INVERTED}, intake.NOT_UPRIGHT),
    ],
)
def test_an_encoder_without_a_gate_gets_upright_chest_films_only(seen, reason):
    """What the gate refuses, turns or inverts never reaches the encoder behind it."""
    encoder = MadeUp()
    reading = Examiner(encoder, Outliner(), MadeUp(**seen)).read(film())
    assert (reading.accepted, reading.reason, encoder.asked) == (False, reason, 0)


def test_what_passes_the_gate_is_read_by_the_encoder():
    """An upright chest film goes through."""
    encoder = MadeUp()
    assert Examiner(encoder, Outliner(), MadeUp()).read(film()).accepted
    assert encoder.asked == 1


@pytest.mark.parametrize(
    ("pixels", "sentence"),
    [
        (np.linspace(0.4, 0.55, SIDE * SIDE), intake.FLAT),
        (np.clip(np.linspace(0, 1.6, SIDE * SIDE), 0, 1), intake.BURNT),
    ],
)
def test_what_limits_a_film_is_said(pixels, sentence):
    """Hardly any contrast, or a large part in pure white: the film is read, and the limit is said."""
    reading = Examiner(MadeUp(), Outliner()).read(film(pixels.reshape(SIDE, SIDE).astype(np.float32)))
    assert reading.accepted
    assert sentence in reading.notes
    assert sentence not in Examiner(MadeUp(), Outliner()).read(film()).notes


def test_a_tinted_picture_may_be_a_photograph():
    """A film has no tint; a picture with one is read, and what it may be is said."""
    tinted = SafeImage(film().pixels, source="test", saturation=0.1)
    assert intake.PHOTOGRAPH in Examiner(MadeUp(), Outliner()).read(tinted).notes
    assert intake.PHOTOGRAPH not in Examiner(MadeUp(), Outliner()).read(film()).notes


def hearts_film(reach):
    """Lungs as the made-up outliner has them, with a bright heart that reaches `reach` columns to the left."""
    pixels = np.full((SIDE, SIDE), 0.8, np.float32)
    pixels[20:80, 10:86] = 0.2
    pixels[20:80, 44:52] = 0.8
    pixels[50:80, 38 : 48 + reach] = 0.7
    return film(pixels)


LARGE = Finding("Cardiomegaly", "cardiomegaly", 0.2, 0.1, "uncertain", (0.05, 0.5))


@pytest.mark.parametrize(("reach", "state"), [(9, "absent"), (32, "present")])
def test_the_heart_weighs_in_on_cardiomegaly_alone(reach, state):
    """A narrow heart makes cardiomegaly less likely and a wide one more; other findings stay, and so do other encoders'."""
    encoder = MadeUp(findings=(LARGE, *FINDINGS))
    weighed = Examiner(encoder, Outliner(), weigh_heart=True).read(hearts_film(reach))
    assert weighed.measurements[0].name == "cardiothoracic ratio"
    assert weighed.findings[0].state == state
    assert (weighed.findings[0].probability > LARGE.probability) == (state == "present")
    assert weighed.findings[1:] == FINDINGS
    assert Examiner(encoder, Outliner()).read(hearts_film(reach)).findings[0] == LARGE
    assert Examiner(encoder, Outliner(found=False), weigh_heart=True).read(hearts_film(reach)).findings[0] == LARGE


def test_no_heart_is_measured_beside_a_lung_that_is_cut_off():
    """Where the film's edge cuts off a lung the width of the chest is not known, so there is no ratio and it weighs nothing."""
    reading = Examiner(MadeUp(findings=(LARGE,)), Outliner(top=0), weigh_heart=True).read(hearts_film(32))
    assert reading.measurements == ()
    assert reading.findings == (LARGE,)
    assert lungs.CUT_OFF.format(which="Both lungs are") in reading.notes

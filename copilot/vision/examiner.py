"""An encoder together with what is measured beside it: lungs, where a finding lies, what limits the film.

Knows nothing of any particular encoder: it is one itself, around another.
"""

import math
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from copilot.types import EncoderId, Explored, Finding, FindingState, HeatMap, Measurement, Reading
from copilot.vision import heart, intake, lungs
from copilot.vision.heart import Heart
from copilot.vision.intake import Correction
from copilot.vision.lungs import LungOutliner, Lungs
from copilot.vision.port import Encoder
from guardrails.types import SafeImage, SafeText

BESIDE_THE_LUNGS = frozenset({"cardiomegaly", "hiatal_hernia"})  # findings whose place is not in or around a lung
CTR = "cardiothoracic ratio"
CTR_ERROR = 0.12  # nine of ten pairs of films of one patient differ by less (`bundled/LUNGS.md`)
CTR_NOTE = "Found by a program and not compared with hand measurement: the usual limit of 0.5 may not hold for it."
# Logistic weight of the ratio beside the encoder's logit on training films, the smaller of the two groups' weights, and where
# it is no evidence: there the mean likelihood ratio of training films without the label is 1 (`bundled/LUNGS.md`).
RATIO_WEIGHT, RATIO_EVEN = 17.0, 0.454
MIRRORED_FROM = 0.25  # of `Heart.lies_right`; `bundled/LUNGS.md` has how often it is wrong
CELLS = 14  # a side of a heat map, as the encoder has it: a finer one would only look so


class Examiner(Encoder):
    """Reads with `encoder`, and adds outlines, heat maps and notes to every film that was accepted.

    `gate`: another encoder that is asked first whether this is an upright chest film, for those that cannot tell.
    `weigh_heart`: the probability of cardiomegaly takes the measured heart into account; for a calibrated encoder.
    """

    def __init__(
        self, encoder: Encoder, outliner: LungOutliner, gate: Encoder | None = None, *, weigh_heart: bool = False
    ) -> None:
        self._encoder, self._outliner, self._gate, self._weigh_heart = encoder, outliner, gate, weigh_heart

    @property
    def id(self) -> EncoderId:
        """The encoder's own."""
        return self._encoder.id

    def heatmap(self, image: SafeImage, finding: str) -> NDArray[np.float32] | None:
        """The encoder's own."""
        return self._encoder.heatmap(image, finding)

    def place(self, image: SafeImage) -> NDArray[np.float32] | None:
        """The encoder's own."""
        return self._encoder.place(image)

    def likeness(self, image: SafeImage, phrase: SafeText) -> Explored | None:
        """The encoder's own."""
        return self._encoder.likeness(image, phrase)

    def read(self, image: SafeImage) -> Reading:
        """The encoder's reading, with what the lungs add to it."""
        reading = self._turned_away(image) or self._encoder.read(image)
        if not reading.accepted:
            return reading
        upright = Correction(reading.quarter_turns, reading.inverted).apply(image.pixels)
        found = self._outliner.find(upright)
        seen = heart.measured(upright, found) if found else None
        weighed = seen if self._weigh_heart else None
        return replace(
            reading,
            findings=tuple(_weighed(finding, weighed) for finding in reading.findings),
            measurements=(*reading.measurements, *_of_the_heart(seen)),
            notes=(
                *reading.notes,
                *intake.limits(upright, image.saturation),
                *(found.cut_off if found else _without_lungs(image)),
                *_mirrored(seen),
            ),
            outlines=found.outlines(reading.quarter_turns) if found else (),
            heatmaps=self._heatmaps(image, reading, found) if found else (),
        )

    def _turned_away(self, image: SafeImage) -> Reading | None:
        """The gate's refusal; also of a film that the gate would turn or invert, as the encoder behind it does not."""
        if self._gate is None:
            return None
        seen = self._gate.read(image)
        if seen.accepted and not seen.quarter_turns and not seen.inverted:
            return None
        reason = intake.NOT_UPRIGHT if seen.accepted else seen.reason
        return Reading(False, self.id, reason, seen.modality, seen.view)

    def _heatmaps(self, image: SafeImage, reading: Reading, found: Lungs) -> tuple[HeatMap, ...]:
        """One for each finding that is not absent and whose map the encoder stands by. Only within lungs that were found:
        an uncut map lights up shoulders and side markers as well.
        """
        told = [f for f in reading.findings if f.state != "absent"]
        heats = [(finding.concept, self._encoder.heatmap(image, finding.name)) for finding in told]
        return tuple(_map(name, heat, reading.quarter_turns, found) for name, heat in heats if heat is not None)


def _weighed(finding: Finding, seen: Heart | None) -> Finding:
    """Cardiomegaly with the evidence of the ratio added to its logit; every other finding as it is."""
    if finding.concept != "cardiomegaly" or seen is None or finding.band is None:
        return finding
    odds = finding.probability / (1 - finding.probability) * math.exp(RATIO_WEIGHT * (seen.ratio - RATIO_EVEN))
    probability, (absent_below, present_from) = odds / (1 + odds), finding.band
    state: FindingState = "uncertain"
    if probability >= present_from:
        state = "present"
    elif probability < absent_below:
        state = "absent"
    return replace(finding, probability=probability, state=state)


def _without_lungs(image: SafeImage) -> tuple[str, ...]:
    """On none of four lateral films were the lungs found; the gate knows lateral films from CT seen from the side only."""
    return (lungs.NOT_MEASURED,) if intake.view_of(image) else (lungs.NOT_MEASURED, intake.MAYBE_SIDE_ON)


def _of_the_heart(seen: Heart | None) -> tuple[Measurement, ...]:
    return () if seen is None else (Measurement(CTR, round(seen.ratio, 2), "1", CTR_ERROR, CTR_NOTE),)


def _mirrored(seen: Heart | None) -> tuple[str, ...]:
    return (intake.MIRRORED,) if seen is not None and seen.lies_right > MIRRORED_FROM else ()


def _map(concept: str, heat: NDArray[np.float32], quarter_turns: int, found: Lungs) -> HeatMap:
    """`heat` lies on the film as given; the place of its peak is named on the upright one."""
    upright = np.rot90(heat, quarter_turns)
    if concept not in BESIDE_THE_LUNGS:
        upright = found.within(upright)
    cells = coarse(upright)
    row, column = np.unravel_index(int(np.argmax(cells)), cells.shape)
    where = found.where((column + 0.5) / CELLS, (row + 0.5) / CELLS)
    given = np.rot90(cells, -quarter_turns)
    return HeatMap(concept, tuple(tuple(round(float(v), 3) for v in line) for line in given), where)


def coarse(heat: NDArray[np.float32]) -> NDArray[np.float32]:
    """A map of any size at `CELLS` x `CELLS`, by means."""
    return np.asarray(cv2.resize(heat, (CELLS, CELLS), interpolation=cv2.INTER_AREA), np.float32)

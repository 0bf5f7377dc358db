"""The questions asked of a film before any finding: usable, a radiograph, a chest, upright, not inverted.

Rules on header codes and grey levels come first; what they cannot decide the network's intake head decides.
Knows nothing of findings.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from guardrails.types import SafeImage

RADIOGRAPHY = frozenset({"CR", "DX", "DR", "RG", "XR", "OT", "SC"})  # DICOM PS3.3 C.7.3.1.1.1; OT and SC: unknown
FRONTAL = frozenset({"PA", "AP", "AP SUPINE", "AP ERECT", "PA ERECT", "FRONTAL"})
LATERAL = frozenset({"LL", "RL", "LAT", "LATERAL", "LLO", "RLO"})  # DICOM CID 501 view codes
SMALLEST_SIDE = 48
LARGEST_ASPECT = 2.0
LEAST_FILM = 0.70  # of the picture's area, without empty borders; of 1,400 films one has less
# Of the picture's range of grey: how far a border's row or column strays from the edge, but for 2% each way.
EMPTY = 0.03
TINTED = 0.03  # mean saturation; a grey film, even with a coloured marker or overlay, stays far below
COLOURED = 0.15

SMALL = "The picture is smaller than 48 pixels a side; upload the film at its original size."
STRIP = "The picture is a narrow strip, so it cannot be a whole chest film; upload the uncropped film."
BLANK = "The picture is blank or nearly so; check its window and exposure, and upload a film with visible anatomy."
FRAMED = (
    "An empty border takes up much of the picture, and findings would change with it; crop the picture to the film and "
    "upload it again."
)
COLOUR = "The picture is in colour, so it is not a radiograph; upload the film itself."
MODALITY = "The file is not a plain radiograph ({modality}); only frontal chest radiographs can be read."
SIDE_ON = "This is a lateral view; only frontal chest radiographs can be read."
LOOKS_SIDE_ON = "This looks like a lateral view; only frontal chest radiographs can be read."
MAYBE_SIDE_ON = (
    "Nothing in the file says that this is a frontal view, and the lungs were not found, as on a lateral view: if it is one, "
    "disregard the findings."
)
NOT_UPRIGHT = "The film is turned or inverted, which this encoder cannot undo; upload it upright, with bright bones."
MIRRORED = (
    "The heart lies to the patient's right: the film may be mirrored, or this is how it is; check the side marker."
)
FLAT = "The film has very little contrast (it is too dark, too bright or washed out), so faint findings cannot be seen on it."
BURNT = "A large part of the film is pure white, so nothing can be seen there; check the window or the exposure."
PHOTOGRAPH = (
    "The picture is tinted: if it is a photograph of a film or of a screen, upload the film itself, as no photograph was ever "
    "tested."
)
NOT_CHEST = (
    "This does not look like a frontal chest radiograph, so no findings are given; upload a whole frontal chest film, upright "
    "and with bright bones."
)
INVERTED = "The film was inverted (bones dark) and was turned into the usual grey scale before reading."
TURNED = "The film was lying on its side or upside down and was turned upright before reading."

LEAST_RANGE = (
    0.25  # of the grey scale, between the 5th and the 95th percentile; an ordinary film has more than twice that
)
WHITE, MOST_WHITE = 0.995, 0.20  # share of the film; 546 ordinary films have at most 0.003

UPRIGHT, OTHER = "upright", "other"
QUARTER_TURNS_BACK = {"upright": 0, "inverted": 0, "turned_left": 3, "turned_over": 2, "turned_right": 1}


@dataclass(frozen=True, slots=True)
class Correction:
    """What brings a film into the usual presentation: quarter turns as `numpy.rot90` counts them, and inversion."""

    quarter_turns: int = 0
    invert: bool = False

    def apply(self, pixels: NDArray[np.float32]) -> NDArray[np.float32]:
        """`pixels` as they should be read."""
        turned = np.rot90(pixels, self.quarter_turns)
        return np.ascontiguousarray(1.0 - turned if self.invert else turned, dtype=np.float32)

    def undo_on_map(self, heat: NDArray[np.float32]) -> NDArray[np.float32]:
        """A map made on the corrected film, laid back on the film as it was given."""
        return np.ascontiguousarray(np.rot90(heat, -self.quarter_turns))

    @property
    def sentence(self) -> str | None:
        """What was done, for the person, or None."""
        if self.invert:
            return INVERTED
        return TURNED if self.quarter_turns else None


def refusal_by_rule(image: SafeImage) -> str | None:
    """One sentence when header codes or grey levels already rule a chest film out, else None."""
    rows, columns = image.pixels.shape
    if image.modality is not None and image.modality.upper() not in RADIOGRAPHY:
        return MODALITY.format(modality=image.modality.upper())
    if image.view is not None and image.view.upper() in LATERAL:
        return SIDE_ON
    if min(rows, columns) < SMALLEST_SIDE:
        return SMALL
    if max(rows, columns) > LARGEST_ASPECT * min(rows, columns):
        return STRIP
    if image.saturation > COLOURED:
        return COLOUR
    if _is_blank(image.pixels):
        return BLANK
    return FRAMED if _film_share(image.pixels) < LEAST_FILM else None


def limits(pixels: NDArray[np.float32], saturation: float) -> tuple[str, ...]:
    """One sentence for each thing that makes an accepted film hard to read. `saturation`: the mean over the picture."""
    low, high = np.percentile(pixels, [5, 95])
    return tuple(
        said
        for holds, said in (
            (high - low < LEAST_RANGE, FLAT),
            (float((pixels >= WHITE).mean()) > MOST_WHITE, BURNT),
            (saturation > TINTED, PHOTOGRAPH),
        )
        if holds
    )


def correction_for(class_name: str) -> Correction:
    """What undoes the presentation that the intake head saw."""
    return Correction(QUARTER_TURNS_BACK[class_name], class_name == "inverted")


def view_of(image: SafeImage) -> str | None:
    """The view from the header when it is a known frontal one: the encoder itself cannot tell PA from AP."""
    return image.view if image.view is not None and image.view.upper() in FRONTAL else None


def _is_blank(pixels: NDArray[np.float32]) -> bool:
    """Hardly any spread between the 5th and 95th percentile: an empty, saturated or unexposed picture."""
    low, high = np.percentile(pixels, [5, 95])
    return bool(high - low < 0.04)


def _film_share(pixels: NDArray[np.float32]) -> float:
    """The part of the picture's area that is left once rows and columns of the edge's own grey are taken off each side."""
    step = max(max(pixels.shape) // 256, 1)
    seen = pixels[::step, ::step]
    whole, (low, high) = seen.size, np.percentile(seen, [1, 99])
    for _ in range(4):
        seen = np.rot90(seen)
        darkest, brightest = np.percentile(seen, [2, 98], axis=1)
        edge = float(np.median(seen[0]))
        filled = np.maximum(brightest - edge, edge - darkest) > EMPTY * (high - low)
        if not filled.any():
            return 0.0
        seen = seen[int(np.argmax(filled)) :]
    return seen.size / whole

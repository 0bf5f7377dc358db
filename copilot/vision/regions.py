"""A region that a person points at: outlined and measured. Says where its borders lie, never what it is.

Knows nothing of findings, or of the ways in which borders are found.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from copilot.errors import InputUnusable
from copilot.types import MarkedRegion, Outline
from copilot.vision.box import Box
from copilot.vision.lungs import outline
from guardrails.types import SafeImage

NOTHING = "No border was found there; mark a box around the region, or click on its brightest part."

Mask = NDArray[np.bool_]


class Segmenter(ABC):
    """Finds the region inside a box. Implementations are safe to call from several threads."""

    @abstractmethod
    def region(self, pixels: NDArray[np.float32], box: Box) -> Mask:
        """A square mask over the whole film; empty when there is no border to be found."""


def marked(segmenter: Segmenter, image: SafeImage, lungs: Sequence[Outline], box: Box) -> MarkedRegion:
    """The region in the box with its area: in mm2 where the header gives the spacing, else as a part of the lungs.

    The spacing is that of the detector or of the film; what lies nearer to the tube is shown larger than it is.
    Raises `InputUnusable` when no border is found.
    """
    mask = segmenter.region(image.pixels, box)
    share = float(mask.mean())
    line = outline("marked region", mask)
    if not 0 < share < 1 or len(line.points) < 3:
        raise InputUnusable(NOTHING)
    rows, columns = image.pixels.shape
    if image.pixel_spacing_mm is not None:
        high, wide = image.pixel_spacing_mm
        return MarkedRegion(line, share * rows * high * columns * wide, "mm2")
    of_lungs = sum(_area(one) for one in lungs)
    if of_lungs > 0:
        return MarkedRegion(line, 100 * share / of_lungs, "% of the lungs")
    return MarkedRegion(line, 100 * share, "% of the film")


def _area(one: Outline) -> float:
    return float(cv2.contourArea(np.array(one.points, np.float32))) if len(one.points) > 2 else 0.0

"""A region that a person points at: outlined and measured. Says where its borders lie, never what it is.

Knows nothing of findings. The built-in way is GrabCut on grey levels; a MedSAM exported to ONNX takes its place by path.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray

from copilot.errors import ConfigurationError, InputUnusable
from copilot.types import MarkedRegion, Outline
from copilot.vision.lungs import outline, whole
from copilot.vision.preprocessing import resize, stretch
from guardrails.types import SafeImage

SIDE = 256  # pixels that GrabCut works on
AROUND_A_CLICK = 0.16  # half the side of the box that a click stands for, in shares of the film
LEAST_BOX = 0.02
ROUNDS = 4
NOTHING = "No border was found there; mark a box around the region, or click on its brightest part."
NOT_LOADED = (
    "The MedSAM model could not be loaded; set COPILOT_SEGMENTER to grabcut, or to medsam:FOLDER with encoder.onnx "
    "and decoder.onnx in it."
)

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Box:
    """Corners in shares of the film's width and height, 0..1."""

    left: float
    top: float
    right: float
    bottom: float

    @classmethod
    def of(cls, x0: float, y0: float, x1: float, y1: float) -> "Box":
        """From any two corners; a box too small to be one is a click, which stands for a box around it."""
        left, right = sorted((min(max(x0, 0.0), 1.0), min(max(x1, 0.0), 1.0)))
        top, bottom = sorted((min(max(y0, 0.0), 1.0), min(max(y1, 0.0), 1.0)))
        if right - left >= LEAST_BOX and bottom - top >= LEAST_BOX:
            return cls(left, top, right, bottom)
        x, y = (left + right) / 2, (top + bottom) / 2
        reach = AROUND_A_CLICK
        return cls(max(x - reach, 0.0), max(y - reach, 0.0), min(x + reach, 1.0), min(y + reach, 1.0))


class Segmenter(ABC):
    """Finds the region inside a box. Implementations are safe to call from several threads."""

    @abstractmethod
    def region(self, pixels: NDArray[np.float32], box: Box) -> Mask:
        """A square mask over the whole film; empty when there is no border to be found."""


class GrabCut(Segmenter):
    """Grey levels and their neighbourhood, split in two inside the box (Rother et al., SIGGRAPH 2004), by OpenCV."""

    def region(self, pixels: NDArray[np.float32], box: Box) -> Mask:
        """The part of the box that differs from what surrounds it and reaches its middle."""
        grey = (resize(stretch(pixels), SIDE, SIDE) * 255).astype(np.uint8)
        film = cv2.merge([grey, cv2.GaussianBlur(grey, (0, 0), 3), cv2.GaussianBlur(grey, (0, 0), 8)])
        left, top, right, bottom = (round(v * SIDE) for v in (box.left, box.top, box.right, box.bottom))
        left, top = min(left, SIDE - 4), min(top, SIDE - 4)
        right, bottom = max(right, left + 4), max(bottom, top + 4)
        marks = np.full((SIDE, SIDE), cv2.GC_BGD, np.uint8)
        marks[top:bottom, left:right] = cv2.GC_PR_BGD
        middle = ((left + right) // 2, (top + bottom) // 2)
        half = ((right - left) // 3, (bottom - top) // 3)
        cv2.ellipse(marks, middle, half, 0, 0, 360, cv2.GC_PR_FGD, cv2.FILLED)
        cv2.ellipse(marks, middle, (max(half[0] // 5, 1), max(half[1] // 5, 1)), 0, 0, 360, cv2.GC_FGD, cv2.FILLED)
        models = np.zeros((1, 65)), np.zeros((1, 65))
        cv2.setRNGSeed(0)
        cv2.grabCut(film, marks, None, *models, ROUNDS, cv2.GC_INIT_WITH_MASK)
        return whole((marks == cv2.GC_FGD) | (marks == cv2.GC_PR_FGD))


class MedSam(Segmenter):
    """MedSAM as two ONNX graphs: picture to embedding, embedding and box to a mask (Ma et al., Nat Commun 2024).

    `encoder.onnx` takes (1, 3, s, s) or (1, s, s, 3), 0..1; `decoder.onnx` the embedding and a box (..., 4) in pixels of
    that square, in this order, and gives logits of any square size.
    """

    def __init__(self, folder: Path) -> None:
        """Raises `ConfigurationError` when either graph is missing or no ONNX file."""
        try:
            parts = [(folder / name).read_bytes() for name in ("encoder.onnx", "decoder.onnx")]
            self._encoder, self._decoder = (
                onnxruntime.InferenceSession(part, providers=["CPUExecutionProvider"]) for part in parts
            )
            self._shape = [int(n) for n in self._encoder.get_inputs()[0].shape]
            self._embedding, self._box = self._decoder.get_inputs()[:2]
        except Exception as error:  # onnxruntime has no common error of its own
            raise ConfigurationError(NOT_LOADED) from error

    def region(self, pixels: NDArray[np.float32], box: Box) -> Mask:
        """Where the decoder's first mask is above one half."""
        side = max(self._shape)
        film = resize(stretch(pixels), side, side)
        colours = np.repeat(film[..., None], 3, axis=-1)
        if self._shape[1] == 3:
            colours = colours.transpose(2, 0, 1)
        embedding = self._encoder.run(None, {self._encoder.get_inputs()[0].name: colours[None]})[0]
        corners = np.array([box.left, box.top, box.right, box.bottom], np.float32) * side
        given: dict[str, Any] = {
            self._embedding.name: embedding,
            self._box.name: corners.reshape([1] * (len(self._box.shape) - 1) + [4]),
        }
        logits = np.asarray(self._decoder.run(None, given)[0])
        return whole(logits.reshape(-1, *logits.shape[-2:])[0] > 0)


def build_segmenter(spec: str) -> Segmenter:
    """`grabcut`, or `medsam:FOLDER`. Raises `ConfigurationError` when the setting cannot be used."""
    kind, _, folder = spec.partition(":")
    if kind == "grabcut" and not folder:
        return GrabCut()
    if kind == "medsam" and folder:
        return MedSam(Path(folder))
    raise ConfigurationError("The way to mark regions is not known; set COPILOT_SEGMENTER to grabcut or medsam:FOLDER.")


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

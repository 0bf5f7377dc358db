"""The ways to find the borders of a region: GrabCut on grey levels, built in, or a MedSAM exported to ONNX, by path.

Knows nothing of who points, or of what is measured from a border.
"""

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray

from copilot.errors import ConfigurationError
from copilot.vision.box import Box
from copilot.vision.lungs import whole
from copilot.vision.preprocessing import resize, stretch
from copilot.vision.regions import Mask, Segmenter

SIDE = 256  # pixels that GrabCut works on
ROUNDS = 4
NOT_LOADED = (
    "The MedSAM model could not be loaded; set COPILOT_SEGMENTER to grabcut, or to medsam:FOLDER with encoder.onnx "
    "and decoder.onnx in it."
)


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

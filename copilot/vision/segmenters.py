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

SIDE = 256  # pixels that GrabCut works on: the box and its surroundings
WHOLE_SIDE = 512  # of the mask over the whole film
# Of the box's width and height: what lies around it is what the region must differ from. The whole film would not do: a lung
# beside the other lung, or an opacity beside bone, is found among its like and taken for background.
SURROUNDINGS = 0.2
BLURS = (2, 5, 12)  # pixels: three views of the grey levels, none of them so sharp that noise has borders
ROUNDS = 4
NOT_LOADED = (
    "The MedSAM model could not be loaded; set COPILOT_SEGMENTER to grabcut, or to medsam:FOLDER with encoder.onnx "
    "and decoder.onnx in it."
)


class GrabCut(Segmenter):
    """Grey levels and their neighbourhood, split in two inside the box (Rother et al., SIGGRAPH 2004), by OpenCV."""

    def region(self, pixels: NDArray[np.float32], box: Box) -> Mask:
        """The part of the box that differs from what surrounds the box and reaches its middle."""
        near = _around(box)
        grey = (stretch(resize(stretch(pixels), SIDE, SIDE, near)) * 255).astype(np.uint8)
        film = cv2.merge([cv2.GaussianBlur(grey, (0, 0), blur) for blur in BLURS])
        left, right = (round(SIDE * (x - near.left) / (near.right - near.left)) for x in (box.left, box.right))
        top, bottom = (round(SIDE * (y - near.top) / (near.bottom - near.top)) for y in (box.top, box.bottom))
        middle, half = ((left + right) // 2, (top + bottom) // 2), ((right - left) // 2, (bottom - top) // 2)
        core, oval = (_ellipse(middle, (half[0] // part, half[1] // part)) for part in (5, 1))
        marks = np.full((SIDE, SIDE), cv2.GC_BGD, np.uint8)
        marks[top:bottom, left:right] = cv2.GC_PR_BGD
        if not (marks == cv2.GC_BGD).any():  # the box is the whole film: nothing is left to differ from
            return np.zeros((WHOLE_SIDE, WHOLE_SIDE), bool)
        # A first guess, of which the borders are made: what is nearer in grey to the box's middle than to its surroundings.
        soft = film[..., 1].astype(np.float32)
        inner, outer = np.median(soft[core]), np.median(soft[marks == cv2.GC_BGD])
        marks[oval & (np.abs(soft - inner) < np.abs(soft - outer))] = cv2.GC_PR_FGD
        marks[_ellipse(middle, (half[0] // 2, half[1] // 2))] = cv2.GC_PR_FGD
        marks[core] = cv2.GC_FGD
        models = np.zeros((1, 65)), np.zeros((1, 65))
        cv2.setRNGSeed(0)
        cv2.grabCut(film, marks, None, *models, ROUNDS, cv2.GC_INIT_WITH_MASK)
        return _on_the_film(whole((marks == cv2.GC_FGD) | (marks == cv2.GC_PR_FGD)), near)


def _ellipse(middle: tuple[int, int], half: tuple[int, int]) -> Mask:
    drawn = cv2.ellipse(np.zeros((SIDE, SIDE), np.uint8), middle, half, 0, 0, 360, 1, cv2.FILLED)
    return np.asarray(drawn, bool)


def _around(box: Box) -> Box:
    """The box with its surroundings, as far as they lie on the film."""
    wide, tall = SURROUNDINGS * (box.right - box.left), SURROUNDINGS * (box.bottom - box.top)
    return Box(
        max(box.left - wide, 0.0), max(box.top - tall, 0.0), min(box.right + wide, 1.0), min(box.bottom + tall, 1.0)
    )


def _on_the_film(mask: Mask, box: Box) -> Mask:
    """A mask of what lies in the box, laid where that is on the film."""
    film = np.zeros((WHOLE_SIDE, WHOLE_SIDE), bool)
    left, top, right, bottom = (round(v * WHOLE_SIDE) for v in (box.left, box.top, box.right, box.bottom))
    share = cv2.resize(mask.astype(np.float32), (right - left, bottom - top), interpolation=cv2.INTER_AREA)
    film[top:bottom, left:right] = share > 0.5
    return film


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

"""The bundled encoder: one ONNX graph that gives intake, findings and heat maps for a film.

Knows nothing of how the weights were trained, or of the session and chat around it.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from copilot.types import EncoderId, Explored, Finding, Reading
from copilot.vision import bundle, intake
from copilot.vision.phrases import Phrases
from copilot.vision.port import Encoder
from copilot.vision.preprocessing import is_coarse, resize, to_squares
from guardrails.types import SafeImage, SafeText

THREADS = 2
COARSE, BLURRED, SHARP = range(3)  # the heads of the graph: which of them read a film goes by its size


@dataclass(frozen=True, slots=True)
class Outputs:
    """One film's outputs: `logits` (labels,), `intake` (classes,) summing to 1, `maps` (labels, h, w), and `embeddings`
    (a film and its mirror image for each view, d).
    """

    logits: NDArray[np.float32]
    intake: NDArray[np.float32]
    maps: NDArray[np.float32]
    embeddings: NDArray[np.float32]


class OnnxEncoder(Encoder):
    """Reads a film at two resolutions, each with its mirror image. Safe to call from several threads."""

    def __init__(self, folder: bundle.Folder | None = None) -> None:
        """Loads the shipped bundle, or the one in `folder`. `ConfigurationError` when it is not whole."""
        self._folder = folder or bundle.shipped()
        self._bundle = bundle.load(self._folder)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = THREADS
        options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(self._bundle.model, options, providers=["CPUExecutionProvider"])

    @property
    def id(self) -> EncoderId:
        """Name with version, and the checksum of the ONNX file."""
        return EncoderId(self._bundle.name, self._bundle.sha256)

    @property
    def labels(self) -> tuple[bundle.Label, ...]:
        """What is offered, in the order of the findings."""
        return self._bundle.labels

    def read(self, image: SafeImage) -> Reading:
        """Intake first; findings, in the bundle's order, only for what is an upright chest film by then."""
        refused = intake.refusal_by_rule(image)
        if refused is not None:
            return self._refused(image, refused)
        correction, outputs = self._see(image)
        if correction is None:
            return self._refused(image, intake.NOT_CHEST)
        probabilities = _probabilities(outputs)
        findings = (self._finding(label, float(p)) for label, p in zip(self.labels, probabilities, strict=True))
        return Reading(
            accepted=True,
            encoder=self.id,
            reason=correction.sentence,
            modality=image.modality,
            view=intake.view_of(image),
            findings=tuple(findings),
            quarter_turns=correction.quarter_turns,
            inverted=correction.invert,
        )

    def heatmap(self, image: SafeImage, finding: str) -> NDArray[np.float32] | None:
        """Where `finding` was seen: float32 0..1 of the film's shape, or None when no map can be trusted."""
        index = next((i for i, label in enumerate(self.labels) if label.name == finding and label.heatmap), None)
        if index is None or intake.refusal_by_rule(image) is not None:
            return None
        correction, outputs = self._see(image)
        if correction is None:
            return None
        heat = np.maximum(outputs.maps[index], 0.0)
        heat = correction.undo_on_map(heat / max(float(heat.max()), 1e-6))
        return resize(heat, *image.pixels.shape)

    def likeness(self, image: SafeImage, phrase: SafeText) -> Explored | None:
        """The share of reference films that look less like `phrase`; nothing for what is no upright chest film."""
        place = self.place(image)
        return None if place is None else self._phrases.explored(phrase, place, coarse=is_coarse(image.pixels))

    def place(self, image: SafeImage) -> NDArray[np.float32] | None:
        """Where a film lies in the space that it shares with words; None for what is no chest film."""
        correction, outputs = self._see(image)
        return None if correction is None else self._phrases.place(outputs.embeddings)

    @cached_property
    def _phrases(self) -> Phrases:
        return Phrases(self._folder, self._bundle.sha256)

    def _see(self, image: SafeImage) -> tuple[intake.Correction | None, Outputs]:
        """Outputs for the film as it should be read, and how it was corrected; None when it is no chest film."""
        outputs = self._run(image.pixels)
        seen = self._presentation(outputs)
        if seen == intake.UPRIGHT:
            return intake.Correction(), outputs
        if seen == intake.OTHER:
            return None, outputs
        correction = intake.correction_for(seen)
        outputs = self._run(correction.apply(image.pixels))
        return (correction if self._presentation(outputs) == intake.UPRIGHT else None), outputs

    def _presentation(self, outputs: Outputs) -> str:
        """The intake class: `other` unless the chest classes together reach the bundle's bar."""
        seen = dict(zip(self._bundle.intake_classes, outputs.intake.tolist(), strict=True))
        if 1.0 - seen.pop(intake.OTHER) < self._bundle.accept_above:
            return intake.OTHER
        return max(seen, key=seen.__getitem__)

    def _run(self, pixels: NDArray[np.float32]) -> Outputs:
        """The network on the film and its mirror image; intake from the film alone: a mirror swaps the turns."""
        views = to_squares(pixels, self._bundle.input_size)
        batch = np.stack([side for view in views for side in (view, view[:, ::-1])])[:, None]
        names = ["logits", "intake", "maps", "embedding"]
        logits, classes, maps, embeddings = self._session.run(names, {"film": batch})
        heads = [COARSE] if len(views) == 1 else [BLURRED, SHARP]
        total = sum(logits[2 * i : 2 * i + 2, head].mean(axis=0) for i, head in enumerate(heads))
        where = sum(_unmirrored(maps[2 * i : 2 * i + 2, head]) for i, head in enumerate(heads))
        return Outputs(np.asarray(total), classes[0], np.asarray(where), embeddings)

    def _finding(self, label: bundle.Label, probability: float) -> Finding:
        band = (label.absent_below, label.present_above)
        return Finding(label.name, label.concept, probability, label.threshold, label.state(probability), band)

    def _refused(self, image: SafeImage, reason: str) -> Reading:
        return Reading(accepted=False, encoder=self.id, reason=reason, modality=image.modality, view=image.view)


def _probabilities(outputs: Outputs) -> NDArray[np.float32]:
    return np.asarray(1.0 / (1.0 + np.exp(-outputs.logits)), np.float32)


def _unmirrored(maps: NDArray[np.float32]) -> NDArray[np.float32]:
    """The mean of a film's maps and its mirror image's, turned back."""
    mean: NDArray[np.float32] = (maps[0] + maps[1, :, :, ::-1]) / 2
    return mean

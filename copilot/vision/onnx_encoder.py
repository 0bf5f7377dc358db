"""The bundled encoder: one ONNX graph that gives intake, findings and heat maps for a film.

Knows nothing of how the weights were trained, or of the session and chat around it.
"""

from dataclasses import dataclass

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from copilot.types import EncoderId, Finding, Reading
from copilot.vision import bundle, intake
from copilot.vision.port import Encoder
from copilot.vision.preprocessing import resize, to_square
from guardrails.types import SafeImage

THREADS = 2
COARSE_SIDE = 96  # a film this small was shrunk elsewhere, in another way than ours


@dataclass(frozen=True, slots=True)
class Outputs:
    """One film's outputs: `logits` (labels,), `intake` (classes,) summing to 1, `maps` (labels, h, w)."""

    logits: NDArray[np.float32]
    intake: NDArray[np.float32]
    maps: NDArray[np.float32]


class OnnxEncoder(Encoder):
    """Reads a film with its mirror image and averages the two. Safe to call from several threads."""

    def __init__(self, folder: bundle.Folder | None = None) -> None:
        """Loads the shipped bundle, or the one in `folder`. `ConfigurationError` when it is not whole."""
        self._bundle = bundle.load(folder or bundle.shipped())
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
        probabilities = self._probabilities(image, outputs)
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
        film = to_square(pixels, self._bundle.input_size)
        batch = np.stack([film, film[:, ::-1]])[:, None]
        logits, classes, maps = self._session.run(["logits", "intake", "maps"], {"film": batch})
        return Outputs(logits.mean(axis=0), classes[0], (maps[0] + maps[1, :, :, ::-1]) / 2)

    def _probabilities(self, image: SafeImage, outputs: Outputs) -> NDArray[np.float32]:
        coarse = max(image.pixels.shape) <= COARSE_SIDE
        shift = np.array([label.coarse_shift for label in self.labels], np.float32) * coarse
        probabilities: NDArray[np.float32] = 1.0 / (1.0 + np.exp(-outputs.logits - shift))
        return probabilities

    def _finding(self, label: bundle.Label, probability: float) -> Finding:
        band = (label.absent_below, label.present_above)
        return Finding(label.name, label.concept, probability, label.threshold, label.state(probability), band)

    def _refused(self, image: SafeImage, reason: str) -> Reading:
        return Reading(accepted=False, encoder=self.id, reason=reason, modality=image.modality, view=image.view)

"""The bundled encoder: one ONNX graph that gives intake, findings and heat maps for a film.

Knows nothing of how the weights were trained, or of the session and chat around it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from copilot.types import EncoderId, Explored, Finding, Reading
from copilot.vision import bundle, intake
from copilot.vision.box import WHOLE, Box
from copilot.vision.lungs import USUAL_BOX, LungOutliner
from copilot.vision.phrases import Phrases
from copilot.vision.port import Encoder
from copilot.vision.preprocessing import is_coarse, resize, stretch, to_squares
from guardrails.types import SafeImage, SafeText

THREADS = 2
COARSE, BLURRED, SHARP = range(3)  # the heads for a whole film: which of them read it goes by its size
OF_THE_LUNGS = 3  # by so much further on in the graph: the same for what lies in the box around the lungs

# Of the 701 full-size training films 332 have the label Pneumonia and the other 369 are "No Finding" (`bundled/MODEL_CARD.md`).
PNEUMONIA = "pneumonia"
CONFOUNDED = (
    "Pneumonia: every ill full-size film that this encoder learned from had it, so it calls other illness by that name too, and "
    "its probability is too high for films of an ordinary hospital."
)


@dataclass(frozen=True, slots=True)
class Outputs:
    """What the whole film gives: `logits` (labels,), the film's part of them; `intake` (classes,) summing to 1, `maps`
    (labels, h, w), and `embeddings` (a film and its mirror image for each view, d). `stretched`: the film as it was read.
    """

    stretched: NDArray[np.float32]
    logits: NDArray[np.float32]
    intake: NDArray[np.float32]
    maps: NDArray[np.float32]
    embeddings: NDArray[np.float32]


class OnnxEncoder(Encoder):
    """Reads a film, and then what lies around its lungs, at two resolutions, each with its mirror image. Safe to call from
    several threads.

    `outliner`: finds the lungs; whoever measures beside the encoder asks it too, and a film is outlined once.
    """

    def __init__(self, folder: bundle.Folder | None = None) -> None:
        """Loads the shipped bundle, or the one in `folder`. `ConfigurationError` when it is not whole."""
        self.outliner = LungOutliner()
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
        if isinstance(correction, str):
            return self._refused(image, correction)
        around = self._around_the_lungs(correction.apply(image.pixels), outputs.stretched)
        probabilities = _probabilities(outputs.logits + around)
        findings = tuple(self._finding(label, float(p)) for label, p in zip(self.labels, probabilities, strict=True))
        return Reading(
            accepted=True,
            encoder=self.id,
            reason=correction.sentence,
            modality=image.modality,
            view=intake.view_of(image),
            findings=findings,
            notes=() if is_coarse(image.pixels) else _confounded(findings),
            quarter_turns=correction.quarter_turns,
            inverted=correction.invert,
        )

    def heatmap(self, image: SafeImage, finding: str) -> NDArray[np.float32] | None:
        """Where `finding` was seen: float32 0..1 of the film's shape, or None when no map can be trusted."""
        index = next((i for i, label in enumerate(self.labels) if label.name == finding and label.heatmap), None)
        if index is None or intake.refusal_by_rule(image) is not None:
            return None
        correction, outputs = self._see(image)
        if isinstance(correction, str):
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
        return None if isinstance(correction, str) else self._phrases.place(outputs.embeddings)

    @cached_property
    def _phrases(self) -> Phrases:
        return Phrases(self._folder, self._bundle.sha256)

    def _see(self, image: SafeImage) -> tuple[intake.Correction | str, Outputs]:
        """Outputs for the film as it should be read, and how it was corrected, or the sentence why it is not read."""
        outputs = self._run(stretch(image.pixels))
        seen = self._presentation(outputs)
        if seen == intake.OTHER:
            return intake.NOT_CHEST, outputs
        correction = intake.correction_for(seen)
        if seen != intake.UPRIGHT:
            outputs = self._run(correction.apply(outputs.stretched))
            if self._presentation(outputs) != intake.UPRIGHT:
                return intake.NOT_CHEST, outputs
        return (intake.LOOKS_SIDE_ON if self._side_on(image, outputs) else correction), outputs

    def _side_on(self, image: SafeImage, outputs: Outputs) -> bool:
        """Whether a film looks lateral that no header calls frontal; by the mean of its first view and that view's mirror image,
        so that either way of facing is the same.
        """
        return intake.view_of(image) is None and self._bundle.side_on.holds(outputs.embeddings[:2].mean(axis=0))

    def _presentation(self, outputs: Outputs) -> str:
        """The intake class: `other` unless the chest classes together reach the bundle's bar."""
        seen = dict(zip(self._bundle.intake_classes, outputs.intake.tolist(), strict=True))
        if 1.0 - seen.pop(intake.OTHER) < self._bundle.accept_above:
            return intake.OTHER
        return max(seen, key=seen.__getitem__)

    def _run(self, stretched: NDArray[np.float32]) -> Outputs:
        """The network on the film and its mirror image; intake from the film alone: a mirror swaps the turns."""
        batch, heads = self._batch(stretched, WHOLE)
        names = ["logits", "intake", "maps", "embedding"]
        logits, classes, maps, embeddings = self._session.run(names, {"film": batch})
        where = sum(_unmirrored(maps[2 * i : 2 * i + 2, head]) for i, head in enumerate(heads))
        return Outputs(stretched, _summed(logits, heads), classes[0], np.asarray(where), embeddings)

    def _around_the_lungs(self, upright: NDArray[np.float32], stretched: NDArray[np.float32]) -> NDArray[np.float32]:
        """What the box around the lungs of an upright film, also given `stretched`, adds to its logits; where no lungs are
        found, the box where they usually lie.
        """
        found = self.outliner.find(upright)
        batch, heads = self._batch(stretched, found.box if found else USUAL_BOX)
        (logits,) = self._session.run(["logits"], {"film": batch})
        return _summed(logits, [OF_THE_LUNGS + head for head in heads])

    def _batch(self, stretched: NDArray[np.float32], box: Box) -> tuple[NDArray[np.float32], list[int]]:
        """The views of a box, each with its mirror image, and the head that reads each view."""
        views = to_squares(stretched, self._bundle.input_size, box)
        batch = np.stack([side for view in views for side in (view, view[:, ::-1])])[:, None]
        return batch, [COARSE] if len(views) == 1 else [BLURRED, SHARP]

    def _finding(self, label: bundle.Label, probability: float) -> Finding:
        band = (label.absent_below, label.present_above)
        return Finding(label.name, label.concept, probability, label.threshold, label.state(probability), band)

    def _refused(self, image: SafeImage, reason: str) -> Reading:
        return Reading(accepted=False, encoder=self.id, reason=reason, modality=image.modality, view=image.view)


def _confounded(findings: Sequence[Finding]) -> tuple[str, ...]:
    return (CONFOUNDED,) if any(f.concept == PNEUMONIA and f.state != "absent" for f in findings) else ()


def _probabilities(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(1.0 / (1.0 + np.exp(-logits)), np.float32)


def _summed(logits: NDArray[np.float32], heads: Sequence[int]) -> NDArray[np.float32]:
    """Logits (labels,): a head for each view, each on the mean of the view and its mirror image."""
    return np.asarray(sum(logits[2 * i : 2 * i + 2, head].mean(axis=0) for i, head in enumerate(heads)))


def _unmirrored(maps: NDArray[np.float32]) -> NDArray[np.float32]:
    """The mean of a film's maps and its mirror image's, turned back."""
    mean: NDArray[np.float32] = (maps[0] + maps[1, :, :, ::-1]) / 2
    return mean

"""The seam between the pipeline and any image encoder. Knows nothing of onnxruntime, torch or open_clip."""

from abc import ABC, abstractmethod

import numpy as np
from numpy.typing import NDArray

from copilot.types import EncoderId, Explored, Reading
from guardrails.types import SafeImage, SafeText


class Encoder(ABC):
    """Reads one film. Implementations are safe to call from several threads."""

    @property
    @abstractmethod
    def id(self) -> EncoderId:
        """Name and checksum of the weights in use."""

    @abstractmethod
    def read(self, image: SafeImage) -> Reading:
        """Findings of one film, or a reading that is not accepted with one sentence of reason. Never raises for content."""

    def heatmap(self, image: SafeImage, finding: str) -> NDArray[np.float32] | None:
        """Where `finding` was seen: float32 0..1 of the film's shape, or None when no map can be trusted."""
        return None

    def place(self, image: SafeImage) -> NDArray[np.float32] | None:
        """Where a film lies among others (d,), alike films in like directions; None for an encoder that has no such space,
        or for what is no chest film.
        """
        return None

    def likeness(self, image: SafeImage, phrase: SafeText) -> Explored | None:
        """How much an accepted film looks like `phrase`, with how to read it; None for an encoder without a text side."""
        return None

"""How much a film looks like words that someone typed, told against reference films. Exploratory: never a finding.

Film and words meet in a small space with one axis a label that the encoder learned. Words that name none of these are
not scored: on labels it never learned the score is no better than telling ill from well (`bundled/PHRASES.md`).
Knows nothing of how the projections were fitted.
"""

import hashlib
import io
import json
import re
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from copilot.errors import ConfigurationError
from copilot.types import Explored
from copilot.vision.bundle import Folder
from copilot.vision.sentences import MiniLM
from guardrails.types import SafeText

FORMAT = 1
BROKEN = "The words of the bundled image encoder are damaged; install the application again."
# Chosen with the held-out names of `bundled/PHRASES.md`: how like a known name words must be to be taken for it.
NEAR = 0.7

SCORED = (
    "Looks more like \u201c{name}\u201d than {below} of {films} reference films did. Exploratory: not a probability."
)
NOT_LEARNED = "Not scored: closest to \u201c{name}\u201d, which this encoder never learned to see."
NOT_KNOWN = "Not scored: nothing that this encoder learned is called so, or nearly so."
DENIED = "Not scored: name what may be seen, not what may be missing."
NO_PLACE = " It does not tell sides, lobes or amounts apart."

_DENIED = re.compile(r"(?i)\s*(?:no|not|without|absence of|absent|negative for|free of)\b")
_PLACED = re.compile(
    r"(?i)\b(?:left|right|bilateral|upper|middle|lower|mid|apical|basal|basilar|lobe|lobar|zone|small|large|mild|severe"
    r"|moderate|massive|tiny)\b"
)
Vector = NDArray[np.float32]


@dataclass(frozen=True)
class Projection:
    """From an embedding (3392) to the shared space: `embedding @ weight + bias`."""

    weight: Vector
    bias: Vector

    def __call__(self, embedding: Vector) -> Vector:
        """(n, 3392) to (n, labels)."""
        projected: Vector = embedding @ self.weight + self.bias
        return projected


class Phrases:
    """The projections, the known names and the reference films of one bundle. Safe to call from several threads."""

    def __init__(self, folder: Folder, encoder_sha256: str) -> None:
        """Raises `ConfigurationError` when the files are not whole, or belong to another encoder."""
        stored = _loaded(folder, encoder_sha256)
        self._coarse, self._blurred, self._sharp, self._words = (
            Projection(stored[f"{name}_weight"].astype(np.float32), stored[f"{name}_bias"].astype(np.float32))
            for name in ("coarse", "blurred", "sharp", "words")
        )
        self._references = {True: stored["coarse_films"], False: stored["fine_films"]}
        self._names: list[str] = stored["names"].tolist()
        self._learned: list[bool] = stored["learned"].tolist()
        self._known = stored["known"].astype(np.float32) / np.float32(127)

    @cached_property
    def _reader(self) -> MiniLM:
        return MiniLM()

    def place(self, embeddings: Vector) -> Vector:
        """Where a film lies, from the embeddings of one view or two, each followed by its mirror image's."""
        means = embeddings.reshape(len(embeddings) // 2, 2, -1).mean(axis=1)
        place: Vector = self._coarse(means)[0] if len(means) == 1 else self._blurred(means)[0] + self._sharp(means)[1]
        return place

    def explored(self, phrase: SafeText, place: Vector, *, coarse: bool) -> Explored:
        """The share of reference films of the same kind that look less like `phrase`, or a sentence why there is none."""
        said = phrase.text.strip().rstrip(".")
        if _DENIED.match(said):
            return Explored(phrase, None, DENIED)
        vector = self._reader.encode([said])[0]
        likeness = self._known @ vector
        nearest = int(np.argmax(likeness))
        name = self._names[nearest]
        if likeness[nearest] < NEAR:
            return Explored(phrase, None, NOT_KNOWN)
        if not self._learned[nearest]:
            return Explored(phrase, None, NOT_LEARNED.format(name=name))
        told = self._words(vector)
        films = self._references[coarse].astype(np.float32) @ told
        below = int((films < place @ told).sum())
        note = SCORED.format(name=name, below=below, films=len(films)) + (NO_PLACE if _PLACED.search(said) else "")
        return Explored(phrase, below / len(films), note)


def _loaded(folder: Folder, encoder_sha256: str) -> dict[str, NDArray[np.generic]]:
    try:
        manifest = json.loads(folder.joinpath("phrases.json").read_bytes())
        data = folder.joinpath("phrases.npz").read_bytes()
        whole = (
            manifest["format"] == FORMAT
            and manifest["sha256"] == hashlib.sha256(data).hexdigest()
            and manifest["encoder"] == encoder_sha256
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ConfigurationError(BROKEN) from error
    if not whole:
        raise ConfigurationError(BROKEN)
    with np.load(io.BytesIO(data), allow_pickle=False) as stored:
        return {name: stored[name] for name in stored.files}

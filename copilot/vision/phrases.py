"""How much a film looks like words that someone typed, told against reference films. Exploratory: never a finding.

Film and words meet in a small space with one axis a label that the encoder learned. Words that name none of these are
not scored: on labels it never learned the score is no better than telling ill from well (`bundled/PHRASES.md`).
Knows nothing of how the projections were fitted.
"""

import hashlib
import io
import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from copilot.errors import ConfigurationError
from copilot.sentences import MiniLM, minilm
from copilot.types import Explored
from copilot.vision import bundle
from copilot.vision.bundle import Folder
from copilot.vision.labels import NIH_LABELS
from guardrails.types import SafeText

FORMAT = 2
BROKEN = "The words of the bundled image encoder are damaged; install the application again."
# Chosen with the held-out names of `bundled/PHRASES.md`: how like a known name words must be to be taken for it.
NEAR = 0.7

SCORED = (
    "Looks more like \u201c{name}\u201d than {below} of {films} reference films did. Exploratory: not a probability."
)
NOT_LEARNED = "Not scored: closest to \u201c{name}\u201d, which this encoder never learned to see."
NOT_KNOWN = "Not scored: nothing that can be seen on a film and that the graph knows is called so, or nearly so."
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


@dataclass(frozen=True, slots=True)
class Named:
    """Words as they are read: their `vector`, and the known name that they come nearest to."""

    vector: Vector
    name: str


class KnownNames:
    """The names of what can be seen on a film, by the graph: which of them do words come near to? For every encoder.

    Safe to call from several threads.
    """

    def __init__(self, stored: "Stored") -> None:
        """`stored`: `names` (n), `known` (n, 384) in 8 bits, `labels` (n, labels of `NIH_LABELS`): what each name is."""
        self._names: list[str] = stored.arrays["names"].tolist()
        self._labels = stored.arrays["labels"].astype(bool)
        self._vectors = stored.arrays["known"].astype(np.float32) / np.float32(127)

    @classmethod
    def shipped(cls) -> "KnownNames":
        """Those of the shipped bundle."""
        return cls(_loaded(bundle.shipped()))

    @cached_property
    def _reader(self) -> MiniLM:
        return minilm()

    def read(self, phrase: SafeText, learned: Collection[str]) -> Named | str:
        """What the words name, or the sentence that says why an encoder that learned these labels is not asked for them."""
        said = phrase.text.strip().rstrip(".")
        if _DENIED.match(said):
            return DENIED
        vector = self._reader.encode([said])[0]
        likeness = self._vectors @ vector
        nearest = int(np.argmax(likeness))
        if likeness[nearest] < NEAR:
            return NOT_KNOWN
        named = Named(vector, self._names[nearest])
        told = zip(NIH_LABELS, self._labels[nearest], strict=True)
        sought = any(is_one and label in learned for label, is_one in told)
        return named if sought else NOT_LEARNED.format(name=named.name)


def reminder(phrase: SafeText) -> str:
    """For words with a side, a lobe or an amount: that these do not count."""
    return NO_PLACE if _PLACED.search(phrase.text) else ""


class Phrases:
    """The projections, the known names and the reference films of one bundle. Safe to call from several threads."""

    def __init__(self, folder: Folder, encoder_sha256: str) -> None:
        """Raises `ConfigurationError` when the files are not whole, or belong to another encoder."""
        whole = _loaded(folder, encoder_sha256)
        stored, self._axes = whole.arrays, whole.axes
        self._coarse, self._blurred, self._sharp, self._words = (
            Projection(stored[f"{name}_weight"].astype(np.float32), stored[f"{name}_bias"].astype(np.float32))
            for name in ("coarse", "blurred", "sharp", "words")
        )
        self._references = {True: stored["coarse_films"], False: stored["fine_films"]}
        self._known = KnownNames(whole)

    def place(self, embeddings: Vector) -> Vector:
        """Where a film lies, from the embeddings of one view or two, each followed by its mirror image's."""
        means = embeddings.reshape(len(embeddings) // 2, 2, -1).mean(axis=1)
        place: Vector = self._coarse(means)[0] if len(means) == 1 else self._blurred(means)[0] + self._sharp(means)[1]
        return place

    def explored(self, phrase: SafeText, place: Vector, *, coarse: bool) -> Explored:
        """The share of reference films of the same kind that look less like `phrase`, or a sentence why there is none."""
        named = self._known.read(phrase, self._axes)
        if isinstance(named, str):
            return Explored(phrase, None, named)
        told = self._words(named.vector)
        films = self._references[coarse].astype(np.float32) @ told
        below = int((films < place @ told).sum())
        note = SCORED.format(name=named.name, below=below, films=len(films)) + reminder(phrase)
        return Explored(phrase, below / len(films), note)


@dataclass(frozen=True)
class Stored:
    """What the files hold: `axes`, the labels that the encoder learned, and the arrays by name."""

    axes: frozenset[str]
    arrays: Mapping[str, NDArray[np.generic]]


def _loaded(folder: Folder, encoder_sha256: str | None = None) -> Stored:
    """`encoder_sha256`: of the encoder that the words must belong to; None where only the names are wanted."""
    try:
        manifest = json.loads(folder.joinpath("phrases.json").read_bytes())
        data = folder.joinpath("phrases.npz").read_bytes()
        axes = frozenset(manifest["axes"])
        whole = (
            manifest["format"] == FORMAT
            and manifest["sha256"] == hashlib.sha256(data).hexdigest()
            and manifest["encoder"] == (encoder_sha256 or manifest["encoder"])
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ConfigurationError(BROKEN) from error
    if not whole:
        raise ConfigurationError(BROKEN)
    with np.load(io.BytesIO(data), allow_pickle=False) as stored:
        return Stored(axes, {name: stored[name] for name in stored.files})

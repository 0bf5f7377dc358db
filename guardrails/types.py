"""The safe values and the errors of the de-identification path.

`SafeText` and `SafeImage` are made in this package only (an architecture test holds everyone to it), so a function
that takes one cannot be handed raw patient data. Knows nothing of how the values are made safe.

    GuardrailError
    ├── DeidentificationFailed   text could not be made safe: nothing may be used
    └── ImageRefused             the file is not usable as a film, or could not be made safe
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray


class GuardrailError(Exception):
    """The message says what happened and what to do, and holds nothing of the input: it may be shown and logged."""


class DeidentificationFailed(GuardrailError):
    """A recognizer failed, so the text is not known to be safe and must not be used."""


class ImageRefused(GuardrailError):
    """Not an image, truncated, encrypted, too large, or its burned-in text could not be removed."""


class PhiType(StrEnum):
    """What was removed. ID covers record, accession, account, licence, device, plate, SSN and other numbers."""

    NAME = "NAME"
    DATE = "DATE"
    AGE_OVER_89 = "AGE_OVER_89"
    LOCATION = "LOCATION"
    ORGANIZATION = "ORGANIZATION"
    PHONE = "PHONE"
    EMAIL = "EMAIL"
    URL = "URL"
    IP = "IP"
    ID = "ID"
    OTHER = "OTHER"


@dataclass(frozen=True, slots=True)
class Redaction:
    """One removed span: `start` and `end` are code points of the input, `placeholder` looks like `[NAME_1]`."""

    start: int
    end: int
    type: PhiType
    placeholder: str


@dataclass(frozen=True, slots=True)
class SafeText:
    """Text without identifiers. Placeholders stand where they were."""

    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Deidentified:
    """The safe form of one text, and what was taken out of it (never the removed words themselves)."""

    safe: SafeText
    redactions: tuple[Redaction, ...] = ()


@dataclass(frozen=True, slots=True)
class Region:
    """A rectangle in pixels of the image, origin at the top left."""

    x: int
    y: int
    w: int
    h: int


@dataclass(frozen=True, slots=True, eq=False)
class SafeImage:
    """One film without identifiers.

    `pixels`: float32, shape (rows, columns), 0 (black) to 1 (white) after photometric interpretation, rescale and
    window, so that bone is bright. `saturation`: mean HSV saturation of the source, 0 for a grey image. `modality`,
    `view`, `laterality`: short DICOM codes or None. `pixel_spacing_mm`: (row, column) spacing or None.
    `removed`: keywords of dropped header attributes. `masked`: where burned-in text was painted over.
    """

    pixels: NDArray[np.float32]
    source: str
    modality: str | None = None
    view: str | None = None
    laterality: str | None = None
    pixel_spacing_mm: tuple[float, float] | None = None
    saturation: float = 0.0
    removed: tuple[str, ...] = ()
    masked: tuple[Region, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass
class Vault:
    """One session's mapping between identifiers and placeholders. It lives in memory, in that session, and nowhere else.

    `repr` shows counts only, so that a vault in a traceback or a log gives nothing away.
    """

    _placeholder_of: dict[tuple[PhiType, str], str] = field(default_factory=dict, repr=False)
    _original_of: dict[str, str] = field(default_factory=dict, repr=False)
    _count: dict[PhiType, int] = field(default_factory=dict, repr=False)

    def placeholder(self, kind: PhiType, key: str, original: str) -> str:
        """The placeholder of `key` (a normal form of the identifier), new on first sight. `original` is what restores."""
        known = self._placeholder_of.get((kind, key))
        if known is not None:
            return known
        self._count[kind] = self._count.get(kind, 0) + 1
        made = f"[{kind.value}_{self._count[kind]}]"
        self._placeholder_of[kind, key] = made
        self._original_of[made] = original
        return made

    def keys(self, kind: PhiType) -> Iterable[str]:
        """The normal forms of this kind that the session has seen, oldest first."""
        return tuple(key for seen, key in self._placeholder_of if seen is kind)

    def alias(self, kind: PhiType, key: str, placeholder: str) -> None:
        """Lets another spelling of a known identifier share its placeholder."""
        self._placeholder_of.setdefault((kind, key), placeholder)

    def restore(self, text: str) -> str:
        """`text` with its placeholders replaced by the first spelling seen: for the screen of the person who typed it."""
        for placeholder, original in self._original_of.items():
            text = text.replace(placeholder, original)
        return text

    def wipe(self) -> None:
        """Forgets everything."""
        self._placeholder_of.clear()
        self._original_of.clear()
        self._count.clear()

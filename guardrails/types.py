"""The safe values and the errors of the de-identification path.

`SafeText` and `SafeImage` are made in this package only (an architecture test holds everyone to it), so a function
that takes one cannot be handed raw patient data. Knows nothing of how the values are made safe.

    GuardrailError
    ├── DeidentificationFailed   text could not be made safe: nothing may be used
    ├── ImageRefused             the file is not usable as a film, or could not be made safe
    └── TextRefused              the bytes are no text, or in an unknown encoding
"""

import re
import secrets
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from guardrails.shifting import Order, moved_dates, put, whole_day


class GuardrailError(Exception):
    """The message says what happened and what to do, and holds nothing of the input: it may be shown and logged."""


class DeidentificationFailed(GuardrailError):
    """A recognizer failed, so the text is not known to be safe and must not be used."""


class ImageRefused(GuardrailError):
    """Not an image, truncated, encrypted, too large, or its burned-in text could not be removed."""


class TextRefused(GuardrailError):
    """A binary file where text was expected, or text that cannot be decoded."""


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
    """One removed span: `start` and `end` are code points of the input.

    `placeholder` stands in its place and looks like `[NAME_1]`; for a date that was moved it is the moved date.
    """

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


PLACEHOLDER = re.compile(r"\[(?:" + "|".join(PhiType) + r")_[0-9]{1,9}\]")


@dataclass
class Vault:
    """One session's mapping between identifiers and placeholders. It lives in memory, in that session, and nowhere else.

    Spelling variants share a placeholder, so one placeholder may stand for several spellings. `restore` gives back the
    exact spellings of a text that went through this vault whole, and the first spelling seen everywhere else.
    `repr` shows nothing, so that a vault in a traceback or a log gives nothing away.

    `date_shift`: days by which whole dates are moved instead of removed, 0 for removal. A secret of the session.
    """

    date_shift: int = field(default=0, repr=False)

    _placeholder_of: dict[tuple[PhiType, str], str] = field(default_factory=dict, repr=False)
    _original_of: dict[str, str] = field(default_factory=dict, repr=False)
    _count: dict[PhiType, int] = field(default_factory=dict, repr=False)
    _reserved: set[str] = field(default_factory=set, repr=False)
    _pieces_of: dict[str, tuple[tuple[int, int, str], ...]] = field(default_factory=dict, repr=False)
    _date_before: dict[str, str] = field(default_factory=dict, repr=False)
    _order: Order = field(default_factory=Order, repr=False)
    _keys_with: dict[tuple[PhiType, str], dict[str, None]] = field(default_factory=dict, repr=False)
    _lock: threading.RLock = field(default_factory=threading.RLock, repr=False)

    @classmethod
    def moving_dates(cls) -> "Vault":
        """A vault whose session sees every whole date moved by the same secret number of days, up to a year back."""
        return cls(date_shift=-1 - secrets.randbelow(365))

    def placeholder(self, kind: PhiType, key: str, original: str) -> str:
        """The placeholder of `key` (a normal form of the identifier), new on first sight. `original` is what restores."""
        with self._lock:
            known = self._placeholder_of.get((kind, key))
            if known is not None:
                return known
            made = self._next(kind)
            self._enter(kind, key, made)
            self._original_of[made] = original
            return made

    def _enter(self, kind: PhiType, key: str, placeholder: str) -> None:
        self._placeholder_of[kind, key] = placeholder
        for word in re.findall(r"\w+", key):
            self._keys_with.setdefault((kind, word), {})[key] = None

    def _next(self, kind: PhiType) -> str:
        while True:
            self._count[kind] = self._count.get(kind, 0) + 1
            made = f"[{kind.value}_{self._count[kind]}]"
            if made not in self._reserved:
                return made

    def knows(self, kind: PhiType) -> bool:
        """Whether the session holds an identifier of this kind."""
        return kind in self._count

    def keys_with(self, kind: PhiType, word: str) -> Iterable[str]:
        """The normal forms of this kind that hold `word`, oldest first."""
        with self._lock:
            return tuple(self._keys_with.get((kind, word), ()))

    def alias(self, kind: PhiType, key: str, placeholder: str) -> None:
        """Lets another spelling of a known identifier share its placeholder."""
        with self._lock:
            if (kind, key) not in self._placeholder_of:
                self._enter(kind, key, placeholder)

    def issued(self, placeholder: str) -> bool:
        """Whether this placeholder stands for an identifier of this session."""
        return placeholder in self._original_of

    def reserve(self, placeholder: str) -> None:
        """Never issue this placeholder: a person typed it as plain words."""
        with self._lock:
            self._reserved.add(placeholder)

    def moved_date(self, original: str) -> str | None:
        """`original` moved by the session's days, or None where dates are removed or this one has no moved form."""
        with self._lock:
            if not self.date_shift:
                return None
            self._order = self._order.seen(original)
            dates = moved_dates(original, self.date_shift, self._order)
            for start, end, later in dates or ():
                self._date_before.setdefault(later, original[start:end])
            return put(original, dates) if dates else None

    def day(self, text: str) -> str | None:
        """The day that `text` is, as ISO 8601 writes it, however it is spelled; None where that is not certain."""
        with self._lock:
            self._order = self._order.seen(text)
            return whole_day(text, self._order)

    def known(self, kind: PhiType, key: str) -> str | None:
        """The placeholder of `key`, if the session has one."""
        return self._placeholder_of.get((kind, key))

    def is_moved_date(self, text: str) -> bool:
        """Whether every date in this is one that the session has moved, and nothing else is in it."""
        dates = moved_dates(text, 0, self._order)
        return bool(dates) and all(text[start:end] in self._date_before for start, end, _ in dates or ())

    def remember(self, safe: str, pieces: tuple[tuple[int, int, str], ...]) -> None:
        """Keeps what stood where `safe` now has something else: (start and end in `safe`, what was typed)."""
        with self._lock:
            self._pieces_of[safe] = pieces

    def restore(self, text: str) -> str:
        """`text` with its identifiers back, in one pass: for the screen of the person who typed them."""
        with self._lock:
            pieces = self._pieces_of.get(text)
            return put(text, self.known_in(text) if pieces is None else pieces)

    def known_in(self, text: str) -> tuple[tuple[int, int, str], ...]:
        """(start, end, first spelling) of every placeholder and moved date of this session that stands in `text`."""
        with self._lock:
            known = {**self._date_before, **self._original_of}
            dates = "|".join(sorted(map(re.escape, self._date_before), key=len, reverse=True))
            pattern = re.compile(rf"{PLACEHOLDER.pattern}|(?<![\w/.-])(?:{dates})(?![\w/-])") if dates else PLACEHOLDER
            return tuple((*m.span(), known[m[0]]) for m in pattern.finditer(text) if m[0] in known)

    def wipe(self) -> None:
        """Forgets everything."""
        with self._lock:
            self._placeholder_of.clear()
            self._original_of.clear()
            self._count.clear()
            self._reserved.clear()
            self._pieces_of.clear()
            self._date_before.clear()
            self._order = Order()
            self._keys_with.clear()

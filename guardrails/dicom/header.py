"""Applies the profile to a data set: removes, empties, replaces, remaps, shifts, cleans, then looks again.

Knows nothing of pixels or files.
"""

import hashlib
import hmac
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Protocol

from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.multival import MultiValue
from pydicom.sequence import Sequence
from pydicom.tag import BaseTag, Tag
from pydicom.uid import UID

from guardrails.dicom.profile import Handling, handling
from guardrails.dicom.reading import MAX_DEPTH, TOO_DEEP
from guardrails.types import Deidentified, ImageRefused, Vault

_STANDARD_UIDS = "1.2.840.10008."
_CODE_STRING = re.compile(r"[A-Z0-9 _]{0,16}")
_NUMBER = re.compile(r"\s*[-+]?\d*\.?\d*(?:[eE][-+]?\d+)?\s*")
_WORD = re.compile(r"[^\W_]{3,}")
_DATE_SHIFT_DAYS = 3650
_PIXELS = Tag("PixelData")
_IDENTIFYING = tuple(
    Tag(keyword)
    for keyword in (
        "PatientName",
        "PatientID",
        "OtherPatientNames",
        "OtherPatientIDs",
        "PatientBirthName",
        "PatientMotherBirthName",
        "AccessionNumber",
        "AdmissionID",
        "ReferringPhysicianName",
        "PerformingPhysicianName",
        "NameOfPhysiciansReadingStudy",
        "PhysiciansOfRecord",
        "RequestingPhysician",
        "OperatorsName",
        "PatientAddress",
        "PatientTelephoneNumbers",
    )
)


class TextCleaner(Protocol):
    """What `guardrails.text.TextDeidentifier` offers."""

    def deidentify(self, raw: str, vault: Vault) -> Deidentified:
        """The safe form of `raw`. Raises DeidentificationFailed."""


class UidMap:
    """New UIDs from old ones by a keyed hash: the same secret gives the same UID in every file of a study."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self._known: dict[str, str] = {}

    def __len__(self) -> int:
        return len(self._known)

    def __getitem__(self, uid: str) -> str:
        """The UUID-derived UID (PS3.5 B.2) that stands for `uid`; a UID of the standard stands for itself."""
        if not uid or uid.startswith(_STANDARD_UIDS):
            return uid
        if uid not in self._known:
            digest = hmac.new(self._secret, b"uid:" + uid.encode("utf-8", "surrogatepass"), hashlib.sha256).digest()
            self._known[uid] = f"2.25.{uuid.UUID(bytes=digest[:16], version=5).int}"
        return self._known[uid]


@dataclass
class HeaderReport:
    """Keywords of what was removed, emptied or replaced, in reading order, each once."""

    removed: dict[str, None] = field(default_factory=dict)

    def note(self, element: DataElement) -> None:
        """Remembers an element by its keyword, or by its tag when it has none."""
        self.removed.setdefault(element.keyword or f"{element.tag.group:04X},{element.tag.element:04X}")


class HeaderCleaner:
    """Cleans one data set in place. `text` may be None: then what needs cleaning is removed."""

    def __init__(self, uids: UidMap, secret: bytes, text: TextCleaner | None, vault: Vault) -> None:
        self._uids = uids
        self._secret = secret
        self._text = text
        self._vault = vault
        self._shift = timedelta()
        self._report = HeaderReport()
        self._identifiers: frozenset[str] = frozenset()

    def clean(self, dataset: Dataset) -> HeaderReport:
        """Applies the profile to every element at every depth. Raises ImageRefused when that is too deep."""
        self._report = HeaderReport()
        self._shift = self._patient_shift(dataset)
        self._identifiers = frozenset(_identifying_words(dataset))
        self._clean_level(dataset, 0)
        return self._report

    def _patient_shift(self, dataset: Dataset) -> timedelta:
        """One secret number of days for all files of a patient, so that intervals survive."""
        patient = f"{dataset.get('PatientID') or dataset.get('StudyInstanceUID')}"
        digest = hmac.new(self._secret, b"days:" + patient.encode("utf-8", "replace"), hashlib.sha256).digest()
        return timedelta(days=1 + int.from_bytes(digest[:4], "big") % _DATE_SHIFT_DAYS)

    def _clean_level(self, dataset: Dataset, depth: int) -> None:
        if depth > MAX_DEPTH:
            raise ImageRefused(TOO_DEEP)
        for tag in list(dataset.keys()):
            self._clean_element(dataset, tag, depth)

    def _clean_element(self, dataset: Dataset, tag: BaseTag, depth: int) -> None:
        if tag.is_private:
            del dataset[tag]
            self._report.removed.setdefault("PrivateAttributes")
            return
        element = dataset[tag]
        what = handling(tag, element.VR)
        if tag == _PIXELS and depth:
            what = Handling.REMOVE
        if what is Handling.ENTER:
            for item in element.value or ():
                self._clean_level(item, depth + 1)
        else:
            self._apply(what, dataset, element)

    def _apply(self, what: Handling, dataset: Dataset, element: DataElement) -> None:
        before = element.value
        if what is Handling.REMOVE:
            del dataset[element.tag]
        elif what is Handling.EMPTY:
            element.value = Sequence() if element.VR == "SQ" else None
        elif what is Handling.REPLACE:
            element.value = _dummy(element)
        else:
            self._rewrite(what, dataset, element)
        gone = element.tag not in dataset
        if gone or (what not in (Handling.KEEP, Handling.REMAP, Handling.SHIFT) and element.value != before):
            self._report.note(element)

    def _rewrite(self, what: Handling, dataset: Dataset, element: DataElement) -> None:
        rewrite: Callable[[str], str | None] = {
            Handling.REMAP: self._uids.__getitem__,
            Handling.SHIFT: self._shifted(element.VR),
            Handling.CLEAN: self._cleaned,
            Handling.KEEP: self._kept(element.VR),
        }[what]
        if element.VR in ("OB", "OW", "AT", "FD", "FL", "SL", "SS", "SV", "UL", "US", "UV") or element.is_empty:
            return
        values = [rewrite(str(value)) for value in _values(element)]
        if any(value is None or self._names_someone(value) for value in values):
            del dataset[element.tag]
        elif [str(value) for value in _values(element)] != values:
            element.value = values if len(values) > 1 else values[0]

    def _shifted(self, vr: str) -> Callable[[str], str | None]:
        """Days are shifted by a whole number, so the time of day stands."""
        if vr == "TM":
            return lambda value: value if re.fullmatch(r"[\d:.]{2,16}\s*", value) else None
        return self._shifted_date

    def _shifted_date(self, value: str) -> str | None:
        """DA and DT; one that is not written out to the day, or out of range, is None."""
        match = re.fullmatch(r"(\d{4})\.?(\d{2})\.?(\d{2})(\d{0,6}(?:\.\d{1,6})?)(?:[+-]\d{4})?\s*", value)
        if match is None:
            return None
        try:
            day = date(int(match[1]), int(match[2]), int(match[3])) - self._shift
        except (ValueError, OverflowError):
            return None
        return f"{day.year:04d}{day.month:02d}{day.day:02d}{match[4]}"

    def _cleaned(self, value: str) -> str | None:
        return None if self._text is None else self._text.deidentify(value, self._vault).safe.text

    def _kept(self, vr: str) -> Callable[[str], str | None]:
        """Codes and numbers are kept only where they are codes and numbers."""
        pattern = {"CS": _CODE_STRING, "DS": _NUMBER, "IS": _NUMBER}.get(vr)
        return lambda value: value if pattern is None or pattern.fullmatch(value) else None

    def _names_someone(self, value: str) -> bool:
        """The second look: an identifier of this very header inside a value that was kept."""
        return not self._identifiers.isdisjoint(word.casefold() for word in _WORD.findall(value))


def _values(element: DataElement) -> list[object]:
    value = element.value
    return list(value) if isinstance(value, MultiValue | list) else [value]


def _identifying_words(dataset: Dataset) -> set[str]:
    """Words of three letters or more of the patient, the physicians and the numbers, in lower case."""
    words: set[str] = set()
    for tag in _IDENTIFYING:
        if tag in dataset:
            for value in _values(dataset[tag]):
                words.update(word.casefold() for word in _WORD.findall(str(value)))
    return words


def _dummy(element: DataElement) -> object:
    """A value that is valid for the VR and says nothing."""
    if element.VR == "SQ":
        return Sequence([Dataset()])
    if element.VR == "UI":
        return UID("2.25.0")
    if element.VR in ("OB", "OW", "OF", "OD", "OL", "OV", "UN"):
        return b"\0\0"
    fixed = {
        "AS": "000Y",
        "DA": "19000101",
        "DT": "19000101000000",
        "TM": "000000",
        "UR": "urn:removed",
        "PN": "REMOVED",
    }
    if element.VR in fixed:
        return fixed[element.VR]
    return 0 if element.VR in ("DS", "IS", "FD", "FL", "SL", "SS", "SV", "UL", "US", "UV", "AT") else "REMOVED"


def identifying_keywords(dataset: Dataset) -> tuple[str, ...]:
    """Keywords of the top level that the profile does not keep: what goes when a header is dropped whole."""
    report = HeaderReport()
    for element in (dataset[tag] for tag in list(dataset.keys()) if not tag.is_private):
        if handling(element.tag, element.VR) not in (Handling.KEEP, Handling.ENTER):
            report.note(element)
    return tuple(report.removed)

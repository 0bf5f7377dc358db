"""Applies the profile to a data set: removes, empties, replaces, remaps, shifts, cleans.

Knows nothing of pixels or files.
"""

import hashlib
import hmac
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from typing import Protocol

from pydicom.datadict import dictionary_VR, keyword_for_tag
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.multival import MultiValue
from pydicom.sequence import Sequence
from pydicom.tag import BaseTag, Tag

from guardrails.dicom import terms
from guardrails.dicom.identifiers import Identifiers, identifiers_of, texts, unmangled
from guardrails.dicom.profile import Handling, handling, without_value
from guardrails.dicom.reading import MAX_DEPTH, TOO_DEEP, is_registered
from guardrails.types import DeidentificationFailed, Deidentified, ImageRefused, Vault

MAX_TEXT = 500_000
TOO_MUCH_TEXT = (
    f"The DICOM file holds more than {MAX_TEXT:,} characters of free text; export the image alone and retry."
)

_NUMBER = re.compile(r"\s*[-+]?(?:\d+(?:\.\d*)?|\.\d+)?(?:[eE][-+]?\d+)?\s*")
_DATETIME = re.compile(
    r"(\d{4})\.?(\d{2})\.?(\d{2})((?:[01]\d|2[0-3])?(?:[0-5]\d){0,2}(?:\.\d{1,6})?)(?:[+-]\d{4})?\s*"
)
_TIME = re.compile(r"(?:[01]\d|2[0-3])(?::?[0-5]\d(?::?(?:[0-5]\d|60)(?:\.\d{1,6})?)?)?\s*")
_BINARY_VRS = frozenset(("AT", "FD", "FL", "OB", "OD", "OF", "OL", "OV", "OW", "SL", "SS", "SV", "UL", "US", "UV"))
_LONGEST = {"SH": 16, "LO": 64}  # characters, PS3.5 6.2
_UNDECODABLE = re.compile("[\ufffd\x1b]")
_WIDE_NUMBERS = frozenset(("FD", "FL", "SL", "SV", "UL", "UV"))  # wide enough for a record number
_MOST_NUMBERS = 1_000  # in one element; more are a table of measurements
_DATE_SHIFT_DAYS = 3650
_CHARACTER_SET, _PATIENT_ID, _PIXELS = Tag("SpecificCharacterSet"), Tag("PatientID"), Tag("PixelData")
_FILE_GROUPS = (0x0000, 0x0002)  # commands and file meta have no place in a data set


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
        """The UUID-derived UID (PS3.5 B.2) that stands for `uid`; one that the standard registers stands for itself."""
        if not uid or is_registered(uid):
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
        self._pseudonym = ""
        self._report = HeaderReport()
        self.identifiers = Identifiers()  # of the data set cleaned last
        self._cleaned_already: dict[str, str] = {}
        self._characters = 0

    def clean(self, dataset: Dataset) -> HeaderReport:
        """Applies the profile to every element at every depth. Raises ImageRefused, DeidentificationFailed."""
        self._report = HeaderReport()
        self._shift, self._pseudonym = self._of_the_patient(dataset)
        self.identifiers = identifiers_of(dataset)
        for tag in list(dataset.keys()):
            if tag.group in _FILE_GROUPS:
                del dataset[tag]
        self._clean_level(dataset, 0)
        dataset.SpecificCharacterSet = "ISO_IR 192"
        return self._report

    def _of_the_patient(self, dataset: Dataset) -> tuple[timedelta, str]:
        """One secret number of days and one PatientID for all files of a patient: intervals and studies stay together."""
        patient = f"{dataset.get('PatientID') or dataset.get('StudyInstanceUID')}"
        digest = hmac.new(self._secret, b"patient:" + patient.encode("utf-8", "replace"), hashlib.sha256).digest()
        return timedelta(days=1 + int.from_bytes(digest[:4], "big") % _DATE_SHIFT_DAYS), f"P{digest[4:12].hex()}"

    def _clean_level(self, dataset: Dataset, depth: int) -> None:
        if depth > MAX_DEPTH:
            raise ImageRefused(TOO_DEEP)
        for tag in list(dataset.keys()):
            if tag != _CHARACTER_SET:
                self._clean_element(dataset, tag, depth)
        dataset.pop(_CHARACTER_SET, None)  # everything is decoded now, and will be written as UTF-8

    def _clean_element(self, dataset: Dataset, tag: BaseTag, depth: int) -> None:
        if tag.is_private:
            del dataset[tag]
            self._report.removed.setdefault("PrivateAttributes")
            return
        element = _decoded(dataset, tag)
        what = handling(tag, element.VR)
        if tag == _PIXELS and depth:
            what = Handling.REMOVE
        if what is Handling.ENTER:
            for item in element.value or ():
                self._clean_level(item, depth + 1)
        elif what in (Handling.REMOVE, Handling.EMPTY, Handling.REPLACE):
            self._take_out(what, dataset, element)
        elif element.VR in _WIDE_NUMBERS and self._tells(element):
            self._take_out(without_value(element.tag), dataset, element)
        elif element.VR.split(" or ")[0] not in _BINARY_VRS and not element.is_empty:
            self._rewrite(what, dataset, element)

    def _take_out(self, what: Handling, dataset: Dataset, element: DataElement) -> None:
        if what is Handling.REMOVE:
            del dataset[element.tag]
        else:
            vr = dictionary_VR(element.tag).split(" or ")[0]
            value = self._dummy(element.tag, vr) if what is Handling.REPLACE else Sequence() if vr == "SQ" else None
            dataset[element.tag] = DataElement(element.tag, vr, value)
        if what is not Handling.EMPTY or not element.is_empty:
            self._report.note(element)

    def _dummy(self, tag: BaseTag, vr: str) -> object:
        if vr == "SQ":
            return Sequence([_dummy_item(keyword_for_tag(tag))])
        return self._pseudonym if tag == _PATIENT_ID else _dummy(vr)

    def _rewrite(self, what: Handling, dataset: Dataset, element: DataElement) -> None:
        """Each value by its own rule. Where one cannot be made safe, the Basic Profile holds for the whole element."""
        rewrite: Callable[[str], str | None] = {
            Handling.REMAP: self._uids.__getitem__,
            Handling.SHIFT: {"TM": _time, "DA": self._shifted_date}.get(element.VR, self._shifted_datetime),
            Handling.CLEAN: self._cleaned,
            Handling.KEEP: self._kept(dataset, element),
        }[what]
        before = texts(element)
        after = [rewrite(value) for value in before]
        if element.VR == "CS" and any(after):
            after = [value or "" for value in after]  # one term of several
        if any(value is None or _too_long(element.VR, value, old) for value, old in zip(after, before, strict=True)):
            self._take_out(without_value(element.tag), dataset, element)
        elif after != before:
            element.value = after if len(after) > 1 else after[0]
            if what in (Handling.CLEAN, Handling.KEEP):
                self._report.note(element)

    def _shifted_date(self, value: str) -> str | None:
        """DA: shifted, or None where it is not written out to the day or leaves the calendar."""
        return self._shifted_datetime(value) if len(value.strip()) <= len("2024.01.31") else None

    def _shifted_datetime(self, value: str) -> str | None:
        """DT: the day is shifted; the time of day stands, and the offset from UTC, which tells a region, goes."""
        match = _DATETIME.fullmatch(value)
        if match is None:
            return None
        try:
            day = date(int(match[1]), int(match[2]), int(match[3])) - self._shift
        except (ValueError, OverflowError):
            return None
        return f"{day.year:04d}{day.month:02d}{day.day:02d}{match[4]}"

    def _cleaned(self, value: str) -> str | None:
        """By the text path, then looked at again for the identifiers of this very header."""
        if self._text is None or _UNDECODABLE.search(value):
            return None
        if value not in self._cleaned_already:
            self._characters += len(value)
            if self._characters > MAX_TEXT:
                raise DeidentificationFailed(TOO_MUCH_TEXT)
            self._cleaned_already[value] = self._text.deidentify(unmangled(value), self._vault).safe.text
        cleaned = self._cleaned_already[value]
        return None if self.identifiers.named_in(cleaned) else cleaned

    def _kept(self, dataset: Dataset, element: DataElement) -> Callable[[str], str | None]:
        """Codes, numbers, terms and versions are kept only where they are that, words only where they name no one."""
        if element.VR in ("DS", "IS"):
            return partial(self._number, element.VR)
        if element.VR == "CS":
            return partial(self._term, element.keyword)
        if element.keyword in terms.CODE_KEYWORDS:
            return partial(self._code, element.keyword, str(dataset.get("CodingSchemeDesignator") or ""))
        if element.keyword in terms.VERSION_KEYWORDS:
            return partial(self._unsuspicious, terms.is_version)
        return partial(
            self._unsuspicious, terms.is_maker if element.keyword in terms.MAKER_KEYWORDS else lambda _: False
        )

    def _number(self, vr: str, value: str) -> str | None:
        if not _NUMBER.fullmatch(value) or self.identifiers.counted_in(value):
            return None
        whole = value.split(".", maxsplit=1)[0].strip().lstrip("+-").lstrip("0")
        return value if terms.is_count(value) and (vr == "IS" or not terms.is_day(whole)) else None

    def _term(self, keyword: str, value: str) -> str | None:
        if terms.is_listed(keyword, value):
            return value
        return value if terms.is_term(keyword, value) and not self.identifiers.named_in(value) else None

    def _code(self, keyword: str, scheme: str, value: str) -> str | None:
        """A code of a public scheme; what a hospital made up names it, and may name anyone."""
        if keyword == "CodingSchemeDesignator":
            return value if terms.is_public_scheme(value) else terms.REMOVED_SCHEME
        if self.identifiers.named_in(value):
            return None if keyword == "CodingSchemeVersion" else terms.REMOVED_CODE
        if keyword == "CodingSchemeVersion":
            return value if terms.is_version(value) else None
        return value if terms.is_code(value, scheme) else terms.REMOVED_CODE

    def _unsuspicious(self, known: Callable[[str], bool], value: str) -> str | None:
        """A known form, or words in which the text path finds nothing: what it would replace is not worth keeping."""
        if known(value) and not self.identifiers.named_in(value):
            return value
        return value if self._cleaned(value) == value else None

    def _tells(self, element: DataElement) -> bool:
        """Whether one of a few binary numbers is a record number or a date."""
        values = element.value if isinstance(element.value, MultiValue | list) else [element.value]
        if len(values) > _MOST_NUMBERS:
            return False
        return any(value == int(value) and self.identifiers.counted_in(str(int(value))) for value in values if value)


def _time(value: str) -> str | None:
    """TM: days are shifted by a whole number, so the time of day stands: studies may span midnight."""
    return value if _TIME.fullmatch(value) else None


def _decoded(dataset: Dataset, tag: BaseTag) -> DataElement:
    """The element; one that cannot be read under its value representation, as unknown bytes."""
    try:
        return dataset[tag]
    except Exception:  # its message may quote the value
        unknown = DataElement(tag, "UN", b"")
        dataset[tag] = unknown
        return unknown


def _too_long(vr: str, value: str, before: str) -> bool:
    """Placeholders may make a short string longer than its value representation allows."""
    return value != before and len(value) > _LONGEST.get(vr, len(value))


def _dummy(vr: str) -> object:
    """A value that is valid for the VR and says nothing."""
    if vr in ("OB", "OW", "OF", "OD", "OL", "OV", "UN"):
        return bytes(8)
    fixed = {
        "AS": "000Y",
        "DA": "19000101",
        "DT": "19000101000000",
        "TM": "000000",
        "UR": "urn:removed",
        "PN": "REMOVED",
    }
    if vr in fixed:
        return fixed[vr]
    return 0 if vr in ("DS", "IS", "FD", "FL", "SL", "SS", "SV", "UL", "US", "UV", "AT") else "REMOVED"


def _dummy_item(keyword: str) -> Dataset:
    """An item that says nothing and holds what PS3.3 requires of it: C.17.2 (observer), C.17.3 (content), 8.8 (code)."""
    item = Dataset()
    if keyword == "VerifyingObserverSequence":
        item.VerifyingObserverName, item.VerifyingOrganization = "REMOVED", "REMOVED"
        item.VerificationDateTime = _dummy("DT")
        item.VerifyingObserverIdentificationCodeSequence = []
    elif keyword == "ContentSequence":
        item.RelationshipType, item.ValueType, item.TextValue = "CONTAINS", "TEXT", "REMOVED"
        item.ConceptNameCodeSequence = [code_item("121106", "Comment")]
    elif keyword == "PersonIdentificationCodeSequence":
        item = code_item("REMOVED", "REMOVED", "99REMOVED")
    elif keyword == "GraphicAnnotationSequence":
        item.GraphicLayer = "REMOVED"
    return item


def code_item(value: str, meaning: str, scheme: str = "DCM") -> Dataset:
    """An item of a code sequence, by default of DICOM's own scheme."""
    item = Dataset()
    item.CodeValue = value
    item.CodingSchemeDesignator = scheme
    item.CodeMeaning = meaning
    return item


def identifying_keywords(dataset: Dataset) -> tuple[str, ...]:
    """Keywords of the top level that the profile does not keep: what goes when a header is dropped whole."""
    report = HeaderReport()
    for element in (_decoded(dataset, tag) for tag in list(dataset.keys()) if not tag.is_private):
        if handling(element.tag, element.VR) not in (Handling.KEEP, Handling.ENTER):
            report.note(element)
    return tuple(report.removed)

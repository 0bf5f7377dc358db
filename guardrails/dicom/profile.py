"""What DICOM PS3.15 Annex E asks for each attribute.

Basic Profile with the Clean Pixel Data, Clean Descriptors and Retain Longitudinal (Modified Dates) options.

The action codes of Table E.1-1 come from dicom-anonymizer's table of edition 2026c; the two options'
columns are here. Knows nothing of files, pixels or values.
"""

from enum import Enum
from importlib.resources import files

from dicomanonymizer.dicom_anonymization_databases import dicomfields_2026c as table
from pydicom.datadict import dictionary_has_tag, dictionary_VR
from pydicom.tag import BaseTag, Tag


class Handling(Enum):
    """What happens to one element."""

    REMOVE = "X"
    EMPTY = "Z"
    REPLACE = "D"
    REMAP = "U"
    SHIFT = "C (date)"
    CLEAN = "C (text)"
    ENTER = "items cleaned one by one"
    KEEP = "K"


BASIC: dict[BaseTag, str] = {
    Tag(entry): code
    for code, entries in {
        "D": table.D_TAGS,
        "Z": table.Z_TAGS,
        "X": table.X_TAGS,
        "U": table.U_TAGS,
        "Z/D": table.Z_D_TAGS,
        "X/Z": table.X_Z_TAGS,
        "X/D": table.X_D_TAGS,
        "X/Z/D": table.X_Z_D_TAGS,
        "X/Z/U*": table.X_Z_U_STAR_TAGS,
    }.items()
    for entry in entries
    if len(entry) == 2
}
# Codes that leave a choice are met by the alternative that keeps the object valid whatever its IOD asks for.
_RESOLVED = {
    "X": Handling.REMOVE,
    "Z": Handling.EMPTY,
    "X/Z": Handling.EMPTY,
    "D": Handling.REPLACE,
    "Z/D": Handling.REPLACE,
    "X/D": Handling.REPLACE,
    "X/Z/D": Handling.REPLACE,
    "U": Handling.REMAP,
    "X/Z/U*": Handling.ENTER,
}
_OF_SEQUENCES = {"X/D": Handling.REMOVE, "X/Z/D": Handling.EMPTY}  # a dummy item would be the less valid choice

_TEXT_VRS = frozenset({"LO", "LT", "SH", "ST", "UC", "UT"})
_TEMPORAL_VRS = frozenset({"DA", "DT", "TM"})
_NUMERIC_VRS = frozenset({"AT", "DS", "FD", "FL", "IS", "SL", "SS", "SV", "UL", "US", "UV", "US or SS"})


def _tags(*keywords: str) -> frozenset[BaseTag]:
    return frozenset(Tag(keyword) for keyword in keywords)


def _listed(name: str) -> frozenset[BaseTag]:
    lines = files("guardrails").joinpath(f"data/{name}.txt").read_text("utf-8").splitlines()
    return _tags(*(line for line in lines if line and not line.startswith("#")))


CLEAN_DESCRIPTORS = _listed("dicom_clean_descriptors")
ALSO_REMOVED = _listed("dicom_also_removed")
LABELS = _tags("ContentLabel", "GraphicLayer")  # required code strings that a person makes up
# The dates and times of Table E.1-1 for which the Modified Dates option says nothing: the profile holds.
DATES_NOT_RETAINED = _tags("PatientBirthDate", "PatientBirthTime", "GPSTimeStamp")
BULK_KEPT = _tags(
    "PixelData",
    "LUTData",
    "RedPaletteColorLookupTableData",
    "GreenPaletteColorLookupTableData",
    "BluePaletteColorLookupTableData",
    "SegmentedRedPaletteColorLookupTableData",
    "SegmentedGreenPaletteColorLookupTableData",
    "SegmentedBluePaletteColorLookupTableData",
)
# Words about the machine and public codes: the profile keeps them. They stay where they have the form of codes and
# versions, or where the text path finds nothing in them.
TECHNICAL = _tags(
    "CodeValue",
    "LongCodeValue",
    "CodingSchemeDesignator",
    "CodingSchemeVersion",
    "Manufacturer",
    "ManufacturerModelName",
    "SoftwareVersions",
    "LossyImageCompressionMethod",
    "DetectorManufacturerName",
    "DetectorManufacturerModelName",
)


def handling(tag: BaseTag, vr: str) -> Handling:
    """What to do with an element of this tag and value representation. What is not known is removed."""
    if tag.is_private or tag.element == 0 or _is_graphics(tag) or not dictionary_has_tag(tag):
        return Handling.REMOVE
    if not _vr_agrees(tag, vr):
        return without_value(tag)
    if tag in BASIC:
        return _with_options(tag, vr)
    return _of_unlisted(tag, vr)


def without_value(tag: BaseTag) -> Handling:
    """What is left of an element whose value cannot be cleaned: what the Basic Profile says, or else no value."""
    if tag not in BASIC:
        return Handling.EMPTY
    basic = _RESOLVED[BASIC[tag]]
    return basic if basic in (Handling.EMPTY, Handling.REPLACE) else Handling.REMOVE


def _is_graphics(tag: BaseTag) -> bool:
    """Curves (50xx) and overlays (60xx), in every group of the repeat."""
    return tag.group >> 8 in (0x50, 0x60)


def _vr_agrees(tag: BaseTag, vr: str) -> bool:
    """A value under another representation than the dictionary's would slip past rules made for the dictionary's."""
    expected = dictionary_VR(tag)
    return vr == expected or vr in expected.split(" or ") or {vr, expected} <= _TEXT_VRS | {"CS"}


def _with_options(tag: BaseTag, vr: str) -> Handling:
    if vr in _TEMPORAL_VRS and tag not in DATES_NOT_RETAINED:
        return Handling.SHIFT
    if tag in CLEAN_DESCRIPTORS and vr in _TEXT_VRS | {"CS"}:
        return Handling.CLEAN
    if tag in CLEAN_DESCRIPTORS and vr == "SQ":
        return Handling.ENTER
    if vr == "SQ":
        return _OF_SEQUENCES.get(BASIC[tag], _RESOLVED[BASIC[tag]])
    basic = _RESOLVED[BASIC[tag]]
    return Handling.REMAP if vr == "UI" and basic is Handling.REPLACE else basic


def _of_unlisted(tag: BaseTag, vr: str) -> Handling:
    if tag in ALSO_REMOVED:
        return Handling.REMOVE
    if tag in LABELS:
        return Handling.REPLACE
    if tag in BULK_KEPT or tag in TECHNICAL or vr in _NUMERIC_VRS or vr == dictionary_VR(tag) == "CS":
        return Handling.KEEP
    if vr == "SQ":
        return Handling.ENTER
    if vr == "UI":
        return Handling.REMAP
    if vr in _TEMPORAL_VRS:
        return Handling.SHIFT
    if vr in _TEXT_VRS | {"CS"}:
        return Handling.CLEAN
    return Handling.EMPTY if vr in ("PN", "AE") else Handling.REMOVE

"""The last look: a file as it was written is read again, and refused if something of the original is left in it.

Knows nothing of how the header was cleaned.
"""

from io import BytesIO

from pydicom import dcmread
from pydicom.datadict import keyword_for_tag
from pydicom.dataelem import RawDataElement

from guardrails.dicom.identifiers import Identifiers
from guardrails.dicom.reading import walk
from guardrails.dicom.terms import is_listed
from guardrails.types import DeidentificationFailed

REMAINS = (
    "Something that identifies a person could not be taken out of the DICOM header; export the image alone and retry."
)

_OWN_ATTRIBUTES = frozenset(  # written by the cleaner itself, as are the values below
    """
    BurnedInAnnotation DeidentificationMethod DeidentificationMethodCodeSequence PatientID PatientIdentityRemoved
    LongitudinalTemporalInformationModified PhotometricInterpretation PixelData SpecificCharacterSet
    """.split()
)
_OWN_VALUES = frozenset(("REMOVED", "urn:removed", "99REMOVED", "CONTAINS", "TEXT", "Comment", "DCM", "121106"))
_TEXT_VRS = frozenset(("AE", "CS", "LO", "LT", "PN", "SH", "ST", "UC", "UR", "UT"))
_PASSED_OVER = frozenset(("AS", "DA", "DT", "SQ", "TM", "UI"))  # checked by their form, or walked
_PREAMBLE = 128


def refuse_remains(written: bytes, identifiers: Identifiers) -> None:
    """Raises DeidentificationFailed when the file has anything private, a used preamble, or one of `identifiers`."""
    if any(written[:_PREAMBLE]):
        raise DeidentificationFailed(REMAINS)
    dataset = dcmread(BytesIO(written))
    for keyword in _OWN_ATTRIBUTES:
        dataset.pop(keyword, None)
    for nested, _ in walk(dataset):
        for tag in list(nested.keys()):
            if tag.is_private or _tells(nested.get_item(tag), identifiers):
                raise DeidentificationFailed(REMAINS)


def _tells(stored: object, identifiers: Identifiers) -> bool:
    """Looks at the bytes, since binary numbers may spell a name."""
    if not isinstance(stored, RawDataElement) or not stored.value or stored.VR in _PASSED_OVER:
        return False
    if stored.VR in ("DS", "IS"):
        return any(map(identifiers.counted_in, stored.value.decode("ascii", "replace").split("\\")))
    if stored.VR in _TEXT_VRS:
        keyword = keyword_for_tag(stored.tag)
        texts = (text.strip(" \0") for text in stored.value.decode("utf-8", "replace").split("\\"))
        return any(
            identifiers.named_in(text) for text in texts if text not in _OWN_VALUES and not is_listed(keyword, text)
        )
    return identifiers.unmistakable().named_in(stored.value.decode("latin-1"))

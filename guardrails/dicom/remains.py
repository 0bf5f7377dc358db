"""The last look: a file as it was written is read again, and refused if something of the original is left in it.

Knows nothing of how the header was cleaned.
"""

from io import BytesIO

from pydicom import dcmread
from pydicom.dataelem import DataElement

from guardrails.dicom.identifiers import Identifiers, texts
from guardrails.dicom.reading import walk
from guardrails.types import DeidentificationFailed

REMAINS = (
    "Something that identifies a person could not be taken out of the DICOM header; export the image alone and retry."
)

_NUMBERS = frozenset(("DA", "DS", "DT", "IS", "TM", "UI"))
_OWN_WORDS = frozenset(  # written by the cleaner itself
    """
    BurnedInAnnotation DeidentificationMethod DeidentificationMethodCodeSequence PatientID PatientIdentityRemoved
    LongitudinalTemporalInformationModified PhotometricInterpretation SpecificCharacterSet
    """.split()
)
_PREAMBLE = 128


def refuse_remains(written: bytes, identifiers: Identifiers) -> None:
    """Raises DeidentificationFailed when the file has anything private, a used preamble, or one of `identifiers`."""
    dataset = dcmread(BytesIO(written))
    if any(written[:_PREAMBLE]):
        raise DeidentificationFailed(REMAINS)
    for keyword in _OWN_WORDS:
        dataset.pop(keyword, None)
    for nested, _ in walk(dataset):
        if any(element.tag.is_private or _tells(element, identifiers) for element in nested):
            raise DeidentificationFailed(REMAINS)


def _tells(element: DataElement, identifiers: Identifiers) -> bool:
    if element.VR in ("SQ", *_NUMBERS) or element.keyword == "PixelData":
        return False
    if isinstance(element.value, bytes):
        return identifiers.unmistakable().named_in(element.value.decode("latin-1"))
    return any(identifiers.named_in(value) for value in texts(element))

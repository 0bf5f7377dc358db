"""The second look: what identifies someone in one header, looked for in every value that stays.

Knows nothing of the profile's action codes or of files.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.multival import MultiValue

from guardrails.dicom.reading import walk

_WHOLE = frozenset(  # keywords whose whole value says who or where: numbers, addresses, the birth date
    """
    PatientID OtherPatientIDs AccessionNumber AdmissionID ServiceEpisodeID StudyID RequestedProcedureID
    ScheduledProcedureStepID PerformedProcedureStepID PlacerOrderNumberImagingServiceRequest
    FillerOrderNumberImagingServiceRequest MedicalRecordLocator PatientAddress PatientTelephoneNumbers
    ReferringPhysicianAddress ReferringPhysicianTelephoneNumbers InstitutionName InstitutionAddress
    DeviceSerialNumber PatientBirthDate
    """.split()
)
_WORD = re.compile(r"[^\W_]+")
_UNSPACED = re.compile(r"[\u0E00-\u0E7F\u3040-\u30FF\u3400-\u9FFF\uAC00-\uD7AF]")  # scripts that run words together
_BROKEN = re.compile(r"[^\W_]{3,}(?=\ufffd)|(?<=\ufffd)[^\W_]{3,}")  # parts of a name that cannot be decoded
_SHORTEST_NAME, _SHORTEST_WHOLE = 3, 4


@dataclass(frozen=True, slots=True)
class Identifiers:
    """`names`: words of people's names. `wholes`: whole values without signs and spaces. All in lower case."""

    names: frozenset[str]
    wholes: frozenset[str]

    def named_in(self, text: str) -> bool:
        """True when a name stands in `text` as a word, or a whole value anywhere, however it is spaced."""
        words = _words(text)
        if not self.names.isdisjoint(words):
            return True
        run = "".join(words)
        return any(whole in run for whole in self.wholes) or any(
            name in run for name in self.names if _UNSPACED.match(name)
        )

    def unmistakable(self) -> "Identifiers":
        """Those long enough not to turn up in binary data by chance."""
        return Identifiers(*(frozenset(one for one in some if len(one) >= 6) for some in (self.names, self.wholes)))


def identifiers_of(dataset: Dataset) -> Identifiers:
    """Those of the whole data set, its sequences included."""
    names, wholes = set[str](), set[str]()
    for nested, _ in walk(dataset):
        for element in _elements(nested):
            if element.VR == "PN":
                names.update(word for value in texts(element) for word in _words(value) if _tells_apart(word))
                wholes.update(part.casefold() for value in texts(element) for part in _BROKEN.findall(value))
            else:
                runs = ("".join(_words(value)) for value in texts(element))
                wholes.update(run for run in runs if len(run) >= _SHORTEST_WHOLE)
    return Identifiers(frozenset(names), frozenset(wholes))


def texts(element: DataElement) -> list[str]:
    """The values of a text element, each as text."""
    value = element.value
    return [str(one) for one in (value if isinstance(value, MultiValue | list) else [value]) if one is not None]


def unmangled(value: str) -> str:
    """UTF-8 that was read as Latin-1, since the file says nothing else or lies, read as what it is."""
    try:
        return value.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return value


def _elements(dataset: Dataset) -> Iterator[DataElement]:
    for tag in list(dataset.keys()):
        if tag.is_private:
            continue
        try:
            element = dataset[tag]
        except Exception:  # noqa: S112  not readable under its representation: the cleaner drops it
            continue
        if element.VR == "PN" or element.keyword in _WHOLE:
            yield element


def _words(value: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(unmangled(value))]


def _tells_apart(word: str) -> bool:
    return len(word) >= (2 if _UNSPACED.match(word) else _SHORTEST_NAME)

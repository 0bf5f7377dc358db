"""The second look: what identifies someone in one header, looked for in every value that stays.

Knows nothing of the profile's action codes or of files.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.multival import MultiValue

from guardrails.dicom.reading import TOO_MANY, walk
from guardrails.types import ImageRefused

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
_SHORTEST_WORD, _SHORTEST_RUN = 3, 4
_MOST_RUNS = 2_000


@dataclass(frozen=True, slots=True)
class Identifiers:
    """`words` of names. `runs`: what counts wherever it stands: numbers, addresses, names of scripts without spaces.

    All in lower case, runs without signs and spaces.
    """

    words: frozenset[str] = frozenset()
    runs: frozenset[str] = frozenset()

    def named_in(self, text: str) -> bool:
        """True when one of the words stands in `text`, or one of the runs, however it is spaced."""
        words = _words(text)
        whole = "".join(words)
        return not self.words.isdisjoint(words) or any(run in whole for run in self.runs)

    def unmistakable(self) -> "Identifiers":
        """Those long enough not to turn up in binary data by chance."""
        return Identifiers(*(frozenset(one for one in some if len(one) >= 6) for some in (self.words, self.runs)))


def identifiers_of(dataset: Dataset) -> Identifiers:
    """Those of the whole data set, its sequences included. Raises ImageRefused when they are too many to look for."""
    words, runs = set[str](), set[str]()
    for nested, _ in walk(dataset):
        for element in _elements(nested):
            for value in texts(element):
                if element.VR == "PN":
                    words.update(word for word in _words(value) if len(word) >= _SHORTEST_WORD)
                    runs.update(word for word in _words(value) if len(word) > 1 and _UNSPACED.match(word))
                    runs.update(part.casefold() for part in _BROKEN.findall(value))
                elif len(run := "".join(_words(value))) >= _SHORTEST_RUN:
                    runs.add(run)
    if len(runs) > _MOST_RUNS:
        raise ImageRefused(TOO_MANY)
    return Identifiers(frozenset(words), frozenset(runs))


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

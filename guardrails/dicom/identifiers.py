"""The second look: what identifies someone in one header, looked for in every value that stays, however it is written.

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
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_LONG_MONTHS = "january february march april may june july august september october november december".split()
_DATE = re.compile(r"(\d{4})[.\-]?(\d{2})[.\-]?(\d{2})")
_WORD = re.compile(r"[^\W_]+")
_DIGITS = re.compile(r"\d+")
_UNSPACED = re.compile(r"[\u0E00-\u0E7F\u3040-\u30FF\u3400-\u9FFF\uAC00-\uD7AF]")  # scripts that run words together
_BROKEN = re.compile(r"[^\W_]{3,}(?=\ufffd)|(?<=\ufffd)[^\W_]{3,}")  # parts of a name that cannot be decoded
_SHORTEST_WORD, _SHORTEST_RUN = 3, 4
_SHORTEST_WITHIN = 5  # letters of a name, or figures of a number, that count within a longer word too
_SHORTEST_NUMBER, _SHORTEST_FRACTION = 4, 6  # digits of a whole number, and of one with a decimal point
_MOST_RUNS, _MOST_DAYS = 4_000, 200


@dataclass(frozen=True, slots=True)
class Identifiers:
    """`words` of names, `runs` that count wherever they stand, `numbers`: the figures of numbers and dates.

    Runs are numbers, addresses, dates in their usual spellings, long names and those of scripts without spaces. All is
    in lower case, runs without signs and spaces.
    """

    words: frozenset[str] = frozenset()
    runs: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()

    def named_in(self, text: str) -> bool:
        """True when one of the words stands in `text`, or one of the runs, however it is spaced."""
        words = _words(text)
        whole = "".join(words)
        return not self.words.isdisjoint(words) or any(run in whole for run in self.runs)

    def counted_in(self, number: str) -> bool:
        """True when a number is one of the numbers or dates, or holds one: an image number may be a record number."""
        digits = "".join(filter(str.isdigit, number))
        least = _SHORTEST_FRACTION if "." in number else _SHORTEST_NUMBER
        return any(len(one) >= least and one in digits for one in self.numbers)

    def unmistakable(self) -> "Identifiers":
        """Those long enough not to turn up in binary data by chance."""
        words, runs = (frozenset(one for one in some if len(one) >= 6) for some in (self.words, self.runs))
        return Identifiers(words, frozenset(run for run in runs if not run.isdigit() or len(run) >= 8))


def identifiers_of(dataset: Dataset) -> Identifiers:
    """Those of the whole data set, its sequences included. Raises ImageRefused when they are too many to look for."""
    words, runs, numbers, days = set[str](), set[str](), set[str](), set[str]()
    for nested, _ in walk(dataset):
        for element in _elements(nested):
            for value in texts(element):
                if element.VR in ("DA", "DT"):
                    days.add(value.strip()[: len("2024.01.31")])
                elif element.VR == "PN":
                    words.update(word for word in _words(value) if len(word) >= _SHORTEST_WORD)
                    runs.update(word for word in _words(value) if _counts_within(word))
                    runs.update(part.casefold() for part in _BROKEN.findall(value))
                elif len(run := "".join(_words(value))) >= _SHORTEST_RUN:
                    runs.add(run)
                    numbers.update(part for found in _DIGITS.findall(run) for part in (found, found.lstrip("0")))
    runs |= {one for one in numbers if len(one) >= _SHORTEST_WITHIN}
    if len(runs) > _MOST_RUNS or len(days) > _MOST_DAYS:
        raise ImageRefused(TOO_MANY)
    spelt = {spelling for day in days for spelling in _spellings(day)}
    numbers |= {spelling for spelling in spelt if spelling.isdigit()}
    return Identifiers(
        frozenset(words), frozenset(runs | spelt), frozenset(one for one in numbers if len(one) >= _SHORTEST_NUMBER)
    )


def _counts_within(word: str) -> bool:
    """True for a part of a name that tells in the middle of a word too: a long one, and one that runs words together."""
    return len(word) >= _SHORTEST_WITHIN or (len(word) > 1 and _UNSPACED.match(word) is not None)


def _spellings(value: str) -> Iterator[str]:
    """A date as people write it, without the signs between: a day may be told by any of them."""
    match = _DATE.match(value.strip())
    if match is None or not 1 <= int(match[2]) <= 12:
        return
    year, month, day = match.groups()
    for y in (year, year[2:]):
        for m, d in {(month, day), (month.lstrip("0"), day.lstrip("0"))}:
            if len(run := y + m + d) >= 6:
                yield from (run, d + m + y, m + d + y)
        for name in (_MONTHS[int(month) - 1], _LONG_MONTHS[int(month) - 1]):
            for d in {day, day.lstrip("0")}:
                yield from (d + name + y, name + d + y, y + name + d)


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
        if element.VR in ("PN", "DA", "DT") or element.keyword in _WHOLE:
            yield element


def _words(value: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(unmangled(value))]

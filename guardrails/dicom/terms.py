"""Which values of kept attributes are terms, codes, counts or versions, and so say nothing of a person.

Knows nothing of the header that they stand in.
"""

import re
from datetime import date
from functools import cache
from importlib.resources import files

from pydicom.datadict import dictionary_description, keyword_dict

from guardrails.recognizers.lexicon import names

CODE_KEYWORDS = frozenset(("CodeValue", "LongCodeValue", "CodingSchemeDesignator", "CodingSchemeVersion"))
VERSION_KEYWORDS = frozenset(("SoftwareVersions",))
MAKER_KEYWORDS = frozenset(("Manufacturer", "DetectorManufacturerName"))
REMOVED_CODE, REMOVED_SCHEME = "REMOVED", "99REMOVED"

_EVERY = "*"
# PS3.16 Table 8-1, as far as pydicom, highdicom, dicom3tools or DCMTK carry it. Any scheme that is not public is made up
# somewhere, and often named after the place.
_SCHEMES = frozenset(
    """
    ACR BARI C4 CD2 DCM DCMUID FMA HPC I10 I10P I9 I9C IBSI ICD10 ICDO3 ITIS_TSN LN LOINC MA MDC MSH NCIt
    NDC NEU PUBCHEM_CID RADELEMENT RADLEX RFC3066 RFC5646 RXNORM SCT SNM3 SRT UCUM UMLS ISO3166_1 ISO639_1
    """.split()
)
# Figures and few letters: words of five letters and more are none.
_MAKERS = frozenset(  # the words of the names of large makers of X-ray equipment
    """
    AGFA GEVAERT CANON CARESTREAM CO CORPORATION ELECTRONICS ELEKTA FILM FUJI FUJIFILM GE GMBH HEALTH HEALTHCARE
    HEALTHINEERS HITACHI HOLOGIC INC INTERNATIONAL KODAK KONICA LTD MEC MEDICAL MINDRAY MINOLTA PHILIPS PHOTO SAMSUNG
    SHIMADZU SIEMENS SYSTEMS TOSHIBA VAREX VARIAN VIEWORKS
    """.split()
)
_CODE = re.compile(r"(?![^\W\d_]{5})(?:[A-Za-z]{0,4}[\d.,:/%^*+\-\[\]{}()]+){1,8}[A-Za-z]{0,4}|[A-Za-z]{1,4}")
_VERSION = re.compile(r"[A-Za-z]{0,3}[\d._\-]+[A-Za-z]{0,2}(?:[ _\-][A-Za-z]{0,3}[\d._\-]+[A-Za-z]{0,2})*")
_WORD = re.compile(r"[A-Z0-9]+")
_LONGEST_COUNT = 6  # digits: images, series and milliseconds are fewer than a million


def is_term(keyword: str, value: str) -> bool:
    """True for a defined term of this attribute, or, where none are listed, for words of DICOM's own dictionary."""
    listed, term = _terms(), value.strip()
    if keyword in listed:
        return term in listed[keyword]
    return term in listed[_EVERY] or all(word in _words_of_the_standard() for word in re.split(r"[ _]+", term))


def is_listed(keyword: str, value: str) -> bool:
    """True for a defined term of an attribute that has a list: it says the same whatever the patient is called."""
    return value.strip() in _terms().get(keyword, ())


def is_public_scheme(designator: str) -> bool:
    """True for a coding scheme of PS3.16 Table 8-1."""
    return designator.strip() in _SCHEMES


def is_code(value: str, designator: str) -> bool:
    """True for a code of a public scheme, or one of the form of a code: figures and few letters."""
    return is_public_scheme(designator) and _CODE.fullmatch(value.strip()) is not None


def is_maker(value: str) -> bool:
    """True for the name of a large maker of X-ray equipment."""
    return set(_WORD.findall(value.upper())) <= _MAKERS


def is_version(value: str) -> bool:
    """True for figures with a few letters, such as VB10 or 2.1.0."""
    return _VERSION.fullmatch(value.strip()) is not None


def is_count(value: str) -> bool:
    """False for a whole number that is too long to count something, or that is a day."""
    digits = value.strip().lstrip("+-").lstrip("0")
    return not digits.isdigit() or (len(digits) <= _LONGEST_COUNT and not is_day(digits))


def is_day(digits: str) -> bool:
    """True for YYYYMMDD of the years 1900 to 2099."""
    try:
        return len(digits) == 8 and 1900 <= date(int(digits[:4]), int(digits[4:6]), int(digits[6:])).year < 2100
    except ValueError:
        return False


@cache
def _terms() -> dict[str, frozenset[str]]:
    lines = files("guardrails").joinpath("data/dicom_terms.txt").read_text("utf-8").splitlines()
    rows = (line.split(":", 1) for line in lines if line and not line.startswith("#"))
    return {keyword: frozenset(term.strip() for term in terms.split(",")) for keyword, terms in rows}


@cache
def _words_of_the_standard() -> frozenset[str]:
    """Of the names of all attributes, PS3.6, less those that are people's names too; with the words of the terms."""
    people = {name for some in names() for name in some}
    words = {word for tag in keyword_dict.values() for word in _WORD.findall(dictionary_description(tag).upper())}
    return frozenset(word for word in words if word.lower() not in people) | _terms()[_EVERY]

"""Record, account, licence, device and national numbers: by a label before them, or by a shape no measurement has.

National numbers need no check digit to be taken out: any run of digits that long is one. Check digits decide only
where the grouping alone could be a telephone number, and both are removed.
"""
# ruff: noqa: E501 - one rule or one list stays on one line

import re
from collections.abc import Iterator, Sequence

from guardrails.recognizers.base import Certainty, Cover, Found
from guardrails.recognizers.view import View
from guardrails.types import PhiType

_LABELS = """mrn m\\.r\\.n\\.? med(?:ical)?\\s?rec(?:ord)?s? hospital unit chart record patient pt pid p\\.?id case file folder uhid umrn crn cr ip op opd ipd hosp
acc accession acsn acc# exam study order requisition req placer filler specimen sample lab slide block path pathology biopsy report document
acct account billing bill invoice receipt encounter enc visit csn fin har admission adm episode referral ref reference booking confirmation ticket claim auth authorization authorisation
ssn ss soc(?:ial)?\\s?sec(?:urity)? social s\\.s\\.n?\\.? itin ein tin tax npi upin dea licen[cs]e lic driver'?s?\\s(?:licen[cs]e)? dl certificate cert registration reg gmc nmc hcpc mci imc passport visa
plate license\\splate licen[cs]e\\splate number\\splate tag vehicle vin serial s/n sn ser device implant model lot udi gtin di pacemaker icd generator lead asset station scanner detector
policy member subscriber insurance insured group grp payer plan beneficiary medicare medicaid mbi hicn hic bcbs certificate coverage medicaid
nhs chi h&c ohip hcn phn ramq health\\scard health\\sinsurance care\\scard version aadhaar aadhar adhaar uid abha abha\\sid pan voter ration dni nie nif nir insee secu s[ée]curit[ée]\\ssociale bsn
codice\\sfiscale cf kvnr krankenversicherungsnummer versichertennummer pesel cpr personnummer egn cnp rijksregister nino ni national\\sinsurance national\\sid national ppsn pps ihi dva tfn nhi iqama emirates\\sid
employee staff badge student roll id identifier identification credit\\scard card iban sort\\scode bank\\saccount bank debit pin\\scode token participant subject trial\\sid screening randomi[sz]ation donor unos""".split()  # fmt: skip
_LABEL = "|".join(sorted((label.replace("\\s", r"[\s-]?") for label in set(_LABELS)), key=len, reverse=True))
_NUMBER_WORD = r"(?:number|numbers|num|no|nos|nr|numero|n°|nº|#|id|ids|identifier|code|ref|card|record)"
_SURE = re.compile(
    rf"(?<![\w])(?:(?:{_LABEL})[\s_-]*){{1,4}}(?:\s*{_NUMBER_WORD}\b\.?|\s*#)?(?:\s*(?:\([a-z .]{{2,20}}\)))?(?:\s*(?:is|was|of|are|reads|ending(?: in)?)\b)?\s*[:=#.\-\[('\">]*\s*"
    r"(?P<value>(?=[A-Z0-9/.:_-]*\d)[A-Z0-9][A-Z0-9/._-]*[A-Z0-9](?:[ -](?=[\dA-Z-]*\d)[A-Z0-9-]{1,8}){0,5}|\d)",
    re.IGNORECASE,
)
_PLATE = re.compile(
    r"\b(?:plate|tag|licen[cs]e|vehicle|car|registration|reg|policy|member|subscriber|passport|permit)(?: (?:plate|number|no\.?|reg|id))*\s*[:#=]?\s*(?:is |was )?"
    r"((?-i:[A-Z0-9]{1,4}[ -][A-Z0-9]{2,5}(?:[ -][A-Z0-9]{1,4}){0,2}))(?=[\s.,;)]|$)(?<=\d)",
    re.I,
)
_GENERIC = re.compile(
    r"(?:\bno\.?|\bnumber|\bnum\b|#)\s*[:.]?\s*(?P<value>[A-Z]{0,4}[-/]?\d[\dA-Z/-]{3,20})(?![\w.]|\s?(?:mg|ml|mm|cm|%))",
    re.I,
)
_SPOKEN = re.compile(
    rf"\b(?:{_LABEL})\b[\s\w]{{0,25}}?\b((?:(?:zero|oh|o|one|two|three|four|five|six|seven|eight|nine|double|triple|[a-z])[\s,-]+){{2,}}"
    r"(?:zero|oh|o|one|two|three|four|five|six|seven|eight|nine))\b",
    re.I,
)
# A value after a weak label must look like an identifier, not like a count, a size, a time or a year.
_ORDINARY = re.compile(
    r"(?:19|20)\d\d|\d{1,3}|\d+(?:[.,]\d+)?(?:mg|mcg|ml|mm|cm|kg|g|l|%|hrs?|h|min|days?|wks?|yrs?|y|yo|f|m|fr|french|x|st|nd|rd|th|t|am|pm|kv|kvp|mas|ma|w)"
    r"|\d+\.\d+|\d+/\d+|\d{1,3}-\d{1,3}|\d+[x*]\d+(?:[x*]\d+)?(?:mm|cm)?|t\d[a-c]?n\d[a-c]?m\d[a-c]?|[ctlsq]\d{1,2}(?:[-/][ctls]?\d{1,2})?|\d{1,2}:\d\d(?:am|pm)?|[a-z]{1,5}\d{1,2}[a-z]?|covid-?19|\d{1,2}[a-z]",
    re.I,
)
_STRONG_LABEL = re.compile(
    r"mrn|m\.r\.n|rec(?:ord)?|uhid|accession|acc\b|acsn|acct|account|csn|encounter|ssn|social|npi|dea|licen|plate|serial|s/n|\bsn\b|policy|member|subscriber|insurance|medicare|medicaid|mbi|nhs|chi\b|ohip|aadha|abha|dni|nie|"
    r"nir|bsn|passport|badge|hospital|unit|\bpid\b|\bid\b|\bfin\b|\bhar\b|claim|employee|pesel|nino|kvnr|fiscal|registration|\breg\b|gmc|number|\bno\b|#|group|device|implant",
    re.I,
)
_LAB_CUE = re.compile(
    r"(?:wbc|plate?lets?|plt|counts?|bnp|probnp|nt-?pro-?bnp|ferritin|ck|cpk|ldh|dimer|d-dimer|troponin|cfu|copies|load|rbc|dose|bolus|heparin|units?|cells|afp|cea|psa|hcg|triglycerides|amylase|lipase|ast|alt|price|cost|colony|titer|titre|ca ?125|ca ?19-9|vitamin|"
    r"voxels?|pixels?|matrix|of|about|approximately|over|under|than|>|<|=)\s*(?:of|is|was|at|:|=|>|<|up to|to)?\s*$",
    re.I,
)
UNIT = re.compile(
    r"\s?(?:/|per\b|x\s?10|mg|mcg|µg|ug|ng|pg|g\b|kg|ml|l\b|dl|mm|cm|iu\b|u\b|units?|cells?|copies|cfu|%|bpm|hz|kv|steps|people|patients|films|images|studies|times|meq|mmol|umol|k\b|euros?|dollars?|usd|feet|ft|m\b|km|miles|calories|kcal|pixels)",
    re.I,
)
_SHAPES = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?<![\w-])\d{3}[- ]\d{2}[- ]\d{4}(?![\w-])",  # SSN
        r"(?<![\w-])\d{4}[- ]\d{3}[- ]\d{3}(?:[- ]?[A-Z]{2})?(?![\w-])",  # OHIP
        r"(?<![\w-])\d{4}[- ]\d{4}[- ]\d{4}(?:[- ]\d{4})?(?![\w-])",  # Aadhaar, cards
        r"(?<![\w-])\d{2}-\d{4}-\d{4}-\d{4}(?![\w-])",  # ABHA
        r"(?<![\w-])[12] ?\d\d ?(?:0[1-9]|1[0-2]|[2-9]\d) ?(?:\d{2}|2[AB]) ?\d{3} ?\d{3}(?: ?\d\d)?(?![\w-])",  # NIR
        r"(?<![\w-])\d{8}[- ]?[A-HJ-NP-TV-Z](?![\w-])|(?<![\w-])[XYZ][- ]?\d{7}[- ]?[A-Z](?![\w-])",  # DNI, NIE
        r"(?<![\w-])[A-CEGHJ-PR-TW-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D](?![\w-])",  # NINO
        r"(?<![\w-])[A-Z]{6}\d{2}[A-Z]\d{2}[A-Z]\d{3}[A-Z](?![\w-])",  # codice fiscale
        r"(?<![\w-])[A-Z]{4} ?\d{4} ?\d{4}(?![\w-])|(?<![\w-])[A-Z]{5}\d{4}[A-Z](?![\w-])",  # RAMQ, PAN
        r"(?<![\w-])\d{6}[-+/]\d{3,4}[A-Z]?(?![\w-])",  # CPR, personnummer, rodné číslo
        r"(?<![\w-])\d[A-Z]{1,2}\d-?[A-Z]{2}\d-?[A-Z]{2}\d\d(?![\w-])",  # MBI
        r"(?<![\w-])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,4})?(?![\w-])",  # IBAN
        r"(?<![\w-])[A-HJ-NPR-Z0-9]{17}(?![\w-])",  # VIN
        r"(?<![\w-])[A-Z]{2}\d{2} ?[A-Z]{3}(?![\w-])|(?<![\w-])[A-Z]{2}[- ]?\d{2}[- ][A-Z]{1,2}[- ]\d{4}(?![\w-])",  # plates: UK, India
        r"(?<![\w.])\d+(?:\.\d+){5,}(?![\w.])",  # DICOM UID
        r"(?<![\w-])[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}(?![\w-])",  # UUID
        r"\(01\)\d{14}(?:\(\d\d\)[A-Z0-9]{1,20})*",  # UDI
        r"(?<![\w-])(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{24,}(?![\w-])",  # hashes
    )
)
_LIKE_PHONES = re.compile(r"(?<![\w-])\d{3}[- ]\d{3}[- ]\d{3,4}(?![\w-])")  # NHS, OHIP, SIN
_OPAQUE = re.compile(
    r"(?<![\w+/=])(?=[A-Za-z0-9+/_-]*\d)(?=[A-Za-z0-9+/_-]*[A-Z])[A-Za-z0-9+/_-]{32,}={0,2}(?![\w+/=])|[A-Za-z0-9+/]{60,}={0,2}"
)
_CODE = re.compile(r"(?<![\w.])(?=[A-Z0-9/_-]*\d)[A-Z0-9]+(?:[-/_][A-Z0-9]+)*(?![\w]|\.\d)", re.I)
_STANDARD_UID = re.compile(
    r"1\.2\.840\.10008\.|2\.16\.840\.1\.113883\.(?:[56]|10\.20)\."
)  # of DICOM; of HL7's code systems and templates


def find_labelled_ids(view: View, earlier: Sequence[Found]) -> Iterator[Found]:
    """Numbers that a label or an unmistakable shape gives away. Comes before telephone numbers."""
    text = view.digits
    yield from _labelled(text)
    for match in _SPOKEN.finditer(text):
        yield Found(*match.span(1), PhiType.ID)
    for pattern in _SHAPES:
        for match in pattern.finditer(text):
            if not _STANDARD_UID.match(match[0]) and not match[0].isalpha():
                yield Found(*match.span(), PhiType.ID)


def find_bare_ids(view: View, earlier: Sequence[Found]) -> Iterator[Found]:
    """Numbers and codes without a label that nothing before has claimed."""
    text = view.digits
    for match in _OPAQUE.finditer(view.text):
        yield Found(*match.span(), PhiType.OTHER, Certainty.LIKELY)
    for match in _LIKE_PHONES.finditer(text):
        yield Found(*match.span(), PhiType.ID)
    yield from _bare(text, Cover(len(text), earlier))


_CODE_OF_A_SYSTEM = re.compile(
    r"(?:cpt|hcpcs|snomed|loinc|radlex|hgnc|atc|opcs)\b|icd-?(?:9|1[01])\b|[A-TV-Z]\d\d\.\d{1,3}(?![\w.])", re.I
)
"""A classification names a disease or a procedure, never a person."""
_SYSTEM = re.compile(r"\s?[,^]\s?(?:SRT|SCT|DCM|LN|UMLS|RADLEX)\b")
"""The designator of a coding system behind a code, as DICOM PS3.16 has it: (T-25000, SRT)."""


def _labelled(text: str) -> Iterator[Found]:
    for match in _SURE.finditer(text):
        label, value = text[match.start() : match.start("value")], match["value"]
        start = match.start("value")
        if _CODE_OF_A_SYSTEM.match(text, _glued(text, start)):
            continue
        if _STRONG_LABEL.search(label):
            cut = _identifier_part(value, strong=bool(re.search(r"[#:=\[]|\bno\b|number|\bid\b", label, re.I)))
        else:
            cut = _identifier_part(value, strong=False)
        if cut and not UNIT.match(text, start + cut):
            yield Found(_glued(text, start), start + cut, PhiType.ID)
    for match in _PLATE.finditer(text):
        yield Found(*match.span(1), PhiType.ID)
    for match in _GENERIC.finditer(text):
        if not _ORDINARY.fullmatch(match["value"]) and sum(c.isdigit() for c in match["value"]) >= 4:
            yield Found(*match.span("value"), PhiType.ID)


def _glued(text: str, start: int) -> int:
    """The first character of the code that runs up to `start` without a blank: "ACC3931010" whole, not its digits."""
    while start > 0 and (
        text[start - 1].isalnum() or (text[start - 1] in "-/_" and start > 1 and text[start - 2].isalnum())
    ):
        start -= 1
    return start


def _identifier_part(value: str, strong: bool) -> int:
    """Length of the leading part of `value` that is the identifier; 0 when it is an ordinary number."""
    groups = value.split(" ")
    while len(groups) > 1 and not re.fullmatch(r"\d{1,5}|[A-Z]{1,2}\d*|\d+[A-Z]{1,2}|[A-Z\d-]*\d{2,}", groups[-1]):
        groups.pop()
    joined = " ".join(groups)
    digits = sum(c.isdigit() for c in joined)
    if _ORDINARY.fullmatch(joined) and not (
        strong and re.fullmatch(r"\d{3,}|\d{3}-\d{3}|[a-z]{1,5}\d{2}[a-z]?", joined, re.I)
    ):
        return 0
    if strong:
        return len(joined) if digits >= 2 else 0
    return len(joined) if digits >= 4 else 0


def _bare(text: str, cover: Cover) -> Iterator[Found]:
    for match in _CODE.finditer(text):
        code, (start, end) = match[0], match.span()
        digits = sum(c.isdigit() for c in code)
        if digits < 4 or not cover.free(start, end) or _ORDINARY.fullmatch(code) or UNIT.match(text, end):
            continue
        if text[max(0, start - 1) : start] in ("$", "£", "€", "@"):
            continue
        if code.isdigit():
            before = text[max(0, start - 28) : start]
            if digits >= 7 or (digits == 6 and not _LAB_CUE.search(before)):
                yield Found(start, end, PhiType.ID, Certainty.LIKELY)
        elif _is_loinc(code) or _CODE_OF_A_SYSTEM.match(text, _word_before(text, start)) or _SYSTEM.match(text, end):
            continue
        elif _looks_issued(code, digits):
            sure = re.search(r"\d{4}", code) and not _PUBLIC.fullmatch(code)
            yield Found(start, end, PhiType.ID, Certainty.CERTAIN if sure else Certainty.LIKELY)


def _is_loinc(code: str) -> bool:
    """The code of a test, as 2160-0: its last digit checks the others (LOINC Users' Guide, "check digit": Luhn, mod 10)."""
    if not _LOINC.fullmatch(code):
        return False
    doubled = (int(d) * (2 - at % 2) for at, d in enumerate(reversed(code[:-2])))
    return (sum(n // 10 + n % 10 for n in doubled) + int(code[-1])) % 10 == 0


_LOINC = re.compile(r"\d{3,5}-\d")
_MEASURED = re.compile(
    r"(?:\d+[x*]){1,2}\d+\w{0,2}|\d{1,3}[-/]\d{1,3}|\d{2,4}/\d{2,4}|\d{1,3}[05]?0-\d{1,3}[05]?0|(?:19|20)\d\d[-/](?:19|20)?\d\d|\d+(?:[-/]\d+)?(?:mg|mcg|ml|mm|cm|kg|g|l|iu|units?|hz|kv|kvp|mas|ma|bpm|mmhg|hrs?|hours?|days?|am|pm|k|z|cc|meq|mmol|ug|ng|pg|u|w|y|yo|f|m|s|ms|h|d|th)(?:/\w+)?|\d+/\d+/\d+|"
    r"covid-?19|sars-?cov-?2|(?:19|20)\d\ds|[a-z]+-?(?:19|20)\d\d|(?:19|20)\d\d-?[a-z]+|\d{1,3}-\d{1,3}-\d{1,3}|\d+-(?:year|yr|day|week|month|hour|y)s?(?:-old)?|\d{1,2}-\d{1,2}/\d{1,2}|\d+-\d+(?:mm|cm|mg)",
    re.I,
)


_PUBLIC = re.compile(r"[A-Z]\d{3,5}[A-Z]|rs\d{4,}|[A-Z]\d{4}|\d{5}-[A-Z\d]{2}", re.I)
"""Shaped like a variant of a gene (G20210A, dbSNP's rs1799963), a code of HCPCS (J9271) or of CPT with a modifier."""


def _word_before(text: str, start: int) -> int:
    """Where the word before `start` begins, the nearest blanks and signs left aside."""
    end = start
    while end > 0 and text[end - 1] in " :#":
        end -= 1
    while end > 0 and (text[end - 1].isalnum() or text[end - 1] == "-"):
        end -= 1
    return end


def _looks_issued(code: str, digits: int) -> bool:
    if _MEASURED.fullmatch(code):
        return False
    longest = max(len(run) for run in re.findall(r"\d+", code))
    return (longest >= 4 and digits >= 4) or digits >= 6

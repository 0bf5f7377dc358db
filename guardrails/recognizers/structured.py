"""Text whose layout says what a value is: HL7 v2 segments, DICOM header dumps, tables with a header row.

Free-text fields inside them are left to the recognizers of prose.
"""
# ruff: noqa: E501 - one rule or one list stays on one line

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from guardrails.recognizers.base import Certainty, Found
from guardrails.recognizers.view import View
from guardrails.types import PhiType

N, D, L, O, P, I, A, E = (  # noqa: E741 - one letter a column keeps the tables below readable
    PhiType.NAME, PhiType.DATE, PhiType.LOCATION, PhiType.ORGANIZATION, PhiType.PHONE, PhiType.ID, PhiType.AGE_OVER_89, PhiType.EMAIL,
)  # fmt: skip

# --- HL7 v2.x: segment -> field number -> kind (HL7 v2.5.1, chapters 2, 3, 4, 6, 7) -------------------------------
_HL7: dict[str, dict[int, PhiType]] = {
    "MSH": {4: O, 6: O, 7: D, 10: I},
    "EVN": {2: D, 3: D, 5: N, 6: D, 7: O},
    "PID": {2: I, 3: I, 4: I, 5: N, 6: N, 7: D, 9: N, 11: L, 12: L, 13: P, 14: P, 18: I, 19: I, 20: I, 21: I, 23: L, 29: D, 33: D},
    "PD1": {3: O, 4: N},
    "NK1": {2: N, 4: L, 5: P, 6: P, 8: D, 9: D, 12: I, 13: O, 16: D, 26: N, 30: N, 31: P, 32: L, 33: I, 37: I},
    "PV1": {3: L, 5: I, 6: L, 7: N, 8: N, 9: N, 11: L, 17: N, 19: I, 37: L, 39: O, 42: L, 43: L, 44: D, 45: D, 50: I, 52: N},
    "PV2": {8: D, 9: D, 13: N, 23: O},
    "ORC": {2: I, 3: I, 4: I, 8: I, 9: D, 10: N, 11: N, 12: N, 13: L, 14: P, 15: D, 17: O, 18: I, 19: N, 21: O, 22: L, 23: P, 24: L},
    "OBR": {2: I, 3: I, 6: D, 7: D, 8: D, 10: N, 14: D, 16: N, 17: P, 18: I, 19: I, 20: I, 21: I, 22: D, 28: N, 32: N, 33: N, 34: N, 35: N, 36: D},
    "OBX": {14: D, 16: N, 18: I, 19: D, 23: O, 24: L, 25: N},
    "IN1": {2: I, 3: I, 4: O, 5: L, 6: N, 7: P, 8: I, 9: O, 10: I, 11: O, 12: D, 13: D, 14: I, 16: N, 18: D, 19: L, 36: I, 49: I},
    "IN2": {1: I, 2: I, 3: N, 6: I, 7: N, 8: I},
    "GT1": {2: I, 3: N, 4: N, 5: L, 6: P, 7: P, 8: D, 12: I, 16: O, 17: L, 18: P, 19: I, 21: O},
    "AIP": {3: N}, "AIL": {3: L}, "ROL": {4: N, 11: L, 12: P}, "SCH": {1: I, 2: I, 11: D, 12: N, 16: N, 20: N},
    "TXA": {4: D, 5: N, 6: D, 7: D, 9: N, 10: N, 11: N, 12: I, 13: I, 14: I, 22: N}, "MRG": {1: I, 2: I, 3: I, 4: I, 7: N},
    "ACC": {1: D, 3: L}, "DG1": {5: D, 16: N}, "PR1": {5: D, 8: N, 11: N, 12: N}, "AL1": {6: D}, "ZPI": {},
    "TQ1": {7: D, 8: D}, "SPM": {2: I, 17: D, 18: D}, "MSA": {2: I},
}  # fmt: skip
_HL7_CODED: dict[str, frozenset[int]] = {
    "MSH": frozenset((11, 12)), "PID": frozenset((8, 16)), "NK1": frozenset((3,)), "PV1": frozenset((2, 4, 10, 14)), "ORC": frozenset((1, 5)),
    "OBR": frozenset((4, 5, 24, 25)), "OBX": frozenset((2, 3, 6, 7, 8, 11)), "AL1": frozenset((2, 3, 4, 5)), "DG1": frozenset((2, 3, 6)),
    "PR1": frozenset((3,)), "IN1": frozenset((17,)), "TQ1": frozenset((9,)), "SPM": frozenset((4,)),
}  # fmt: skip
"""Fields that hold a code of a table (HL7's data types ID, IS and CE), a unit or a range: never a person."""
_CODE = re.compile(
    r"[A-Z]{1,4}|[\d.<>-]{1,5}-[\d.]{1,5}|[<>]?[\d.]{1,5}|[^\s^]{0,6}/[^\s^]{1,14}|[A-Z\d.-]+\^[^^|]*\^(?:LN|SCT|SNM|CPT|C4|C5|I9C?|I10C?|ICD\w*|HCPCS|RADLEX|LOINC|HL7\d*|99\w+)",
    re.IGNORECASE,
)
"""A code of a few letters, a range, a unit that divides, or code^meaning^system: in a field out of its place prose is read."""
_SYSTEMS = re.compile(r"(?:RIS|PACS|HIS|LIS|CIS|EHR|EMR|EPR|ADT|LAB|RAD|VNA|MPI|EMPI|HIE)(?:_?\d)?", re.IGNORECASE)
"""Kinds of systems, which a message names where it comes from and goes to."""
_SEGMENT = re.compile(rf"(?<![A-Za-z0-9])({'|'.join(_HL7)})\|", re.IGNORECASE)

# --- DICOM: value representation or tag -> kind ----------------------------------------------------------------
_TAG_KIND: dict[str, PhiType] = {
    **dict.fromkeys("00080080 00081040 00081010 00321020 00400011 00380300 00400241 00181010".split(), O),
    **dict.fromkeys("00080081 00101040 00380400 00102150 00102152 00401008 00400243".split(), L),
    **dict.fromkeys("00102154 00080094 00401103 00321033".split(), P),
    **dict.fromkeys(
        "00100020 00080050 00200010 00101000 00101090 00380010 00380060 00181000 00400253 00401001 00400009 00402016 00402017 00401010 00181002 00104000x"
        " 00080054 00181008 00181007 00081072 00100021 00400280x 00080055 00321064x 00181200x".split(), I),
    **dict.fromkeys("00080090 00081050 00081070 00081048 00081060 00100010 00101001 00101005 00101060 00321032 00400006 0040a123 00401102 00402008 00102297 00104001x 00700084".split(), N),
    **dict.fromkeys("00100030 00080020 00080021 00080022 00080023 00080012 00181012 00380020 00380030 00400002 00400244 00400250 00321050 0008002a 00181200 00104010x".split(), D),
    **dict.fromkeys("00080018 0020000d 0020000e 00200052 00020003 00081155 00081195 00020100x 00181002".split(), I),
}  # fmt: skip
_CODED = frozenset(
    "00080060 00080070 00081090 00180015 00180022 00180060 00181020 00181151 00181152 00181164 00181210 00185100 00185101 00200060 00200062 00280004 00280030 00281050 00281051".split()
)
"""Modality, make, model, software, body part, view, side, exposure: PS3.15 Table E.1-1 removes none of them."""
_VR_KIND = {"PN": N, "DA": D, "DT": D}
_TAG = re.compile(r"\(?\b([0-9A-Fa-f]{4})\s?,\s?([0-9A-Fa-f]{4})\)?|\"([0-9A-Fa-f]{8})\"\s*:")
_VR = re.compile(r"\b(PN|DA|DT|TM|AS|LO|SH|UI|LT|ST|UT|CS|IS|DS|US|UC|AE)\b")
_BRACKETED = re.compile(
    r"\[([^\]\n]*)\]|'([^'\n]*(?:'(?=[^\s\]\),#])[^'\n]*)*)'|\"(?:Alphabetic|Value)\"\s*:\s*\[?\"?([^\"\]\n]*)|[:=]\s*\"?([^\n\"#]+)|(?<=\s\s)(\S[^\n#]*)|(?<=(?:LO|SH|PN|DA|DT|UI|AS|ST|AE) )([^\n#\[\]]+)"
)
_FEW_WORDS = re.compile(r"\s*\S*(?: \S*\d\S*| [A-Za-z]{3,9}\.?(?= \d)){0,3}")
_FREE_TEXT = frozenset(
    "001021b0 00104000 00081030 0008103e 00181030 00321060 00400254 00204000 0008103f 00400275".split()
)

# --- tables: words of a column heading -> kind -----------------------------------------------------------------
_COLUMNS: tuple[tuple[re.Pattern[str], PhiType], ...] = tuple(
    (re.compile(rf"^\W*(?:{pattern})\W*$", re.IGNORECASE), kind)
    for pattern, kind in (
        (r".*\b(?:d\.?o\.?b\.?|birth.*|date.*|.*date|dt|admitted|admit|discharged|booked|scheduled|appt|seen|last visit|born|received|dos)\b.*|.*date.*", D),
        (r"(?:.*\b)?(?:mrn|mr ?#|med(?:ical)? ?rec.*|uhid|pid|patient ?(?:id|no|number|#)|pt ?id|hosp(?:ital)?\.? ?(?:no|number|#)|unit ?no|acc(?:ession)?(?: ?(?:no|number|#))?\.?|acsn|acct|account.*|visit ?(?:no|id|#)?|encounter.*|csn|order(?: ?(?:no|id|#|number))?|id|ssn|nhs(?: ?(?:no|number))?|.*\bid|.*\bnumber|.*\bno\.?|.*#|req(?:uisition)?|episode|specimen|policy.*|serial|npi|insurance)", I),
        (r"(?:.*\b)?(?:name|patient|pt|surname|forename|first|last|given|family|referr\w+|ref(?:erring)?\.? ?(?:dr|md|phys\w*)?|ordering|ordered by|attending|physician|doctor|dr|provider|consultant|radiologist|reader|reporter|technologist|tech|radiographer|requested by|requester|operator|nurse|surgeon|contact person|next of kin|nok|gp|pcp|md|clinician|resident|staff|assigned(?: to)?|reported by|reporting|carer|guardian)(?: name)?", N),
        (r"(?:.*\b)?(?:phone|tel|telephone|mobile|cell|fax|pager|contact|ext|bleep)(?: ?(?:no|number|#))?", P),
        (r"e-?mail(?: address)?", E),
        (r"(?:.*\b)?(?:address|city|town|zip|postcode|postal.*|ward|location|loc|room|bed|unit|site|department|dept|street|pt loc|from)", L),
        (r"(?:.*\b)?(?:hospital|facility|clinic|institution|employer|practice|school|centre|center|org(?:anization)?)", O),
        (r"age(?:/sex)?|age ?\(y(?:rs|ears)?\)|sex/age", A),
    )
)  # fmt: skip
_CLINICAL_COLUMN = re.compile(
    r"(?i)^\W*(?:.*\b)?(?:exam|examination|procedure|study(?: desc\w*)?|description|modality|mod|indication|reason|history|hx|status|priority|prio|side|view|views|body ?part|part|region|finding|findings|impression|comment|comments|notes?|result|sex|gender|time|protocol|contrast|diagnosis|dx|complaint|urgency|stat|transport|isolation|allerg\w+|weight|slot)\W*$"
)


def find_structured(view: View, earlier: Sequence[Found]) -> Iterator[Found]:
    """Values whose place in a message, dump or table names them."""
    yield from _hl7(view.text)
    yield from _dicom(view.text)
    yield from _tables(view.text)


def _value(start: int, end: int, kind: PhiType, text: str, certainty: Certainty = Certainty.LIKELY) -> Iterator[Found]:
    """One value without its surrounding blanks; an age only when it is over 89, anything only when it says something."""
    raw = text[start:end]
    inner = raw.strip(" \t\"'[]")
    if not any(c.isalnum() for c in inner) or re.fullmatch(
        r"(?i)none|n/?a|null|unknown|nil|-+|no value available|\(?anonymous\)?", inner
    ):
        return
    begin = start + raw.find(inner)
    if kind is A:
        old = re.search(r"(?<!\d)0?(?:9\d|1[0-2]\d)(?!\d)Y?", inner)
        if old:
            yield Found(begin + old.start(), begin + old.end(), kind, certainty)
        return
    yield Found(begin, begin + len(inner), kind, certainty)


def _hl7(text: str) -> Iterator[Found]:
    segments = list(_SEGMENT.finditer(text))
    for match, following in zip_longest(segments, segments[1:]):
        name = match[1].upper()
        stop = following.start() if following else len(text)
        line_end = re.compile(r"[\r\n]").search(text, match.end(), stop)
        stop = line_end.start() if line_end else stop
        position = match.end()
        for number, field in enumerate(text[match.end() : stop].split("|"), start=2 if name == "MSH" else 1):
            kind = _HL7[name].get(number)
            if _is_coded(name, number, field):
                yield Found(position, position + len(field), O, Certainty.RULED_OUT)
            elif kind is not None:
                yield from _hl7_field(text, position, field, kind)
            position += len(field) + 1


def _is_coded(segment: str, number: int, field: str) -> bool:
    """What cannot be a person wherever the field stands."""
    if segment == "MSH" and number in (3, 4, 5, 6):
        return bool(_SYSTEMS.fullmatch(field))
    return number in _HL7_CODED.get(segment, ()) and bool(_CODE.fullmatch(field))


_CODE_SYSTEM = re.compile(
    r"(?i)(?:MR|PI|AN|VN|SS|DL|NH|NPI|L|ISO|UPIN|MD|DR|JR|SR|M|F|U|H|B|HP|PRN|ORN|CP|PH|FX|NET|WPN|USA?|GBR?|CAN?|IND?)"
)


def _hl7_field(text: str, start: int, field: str, kind: PhiType) -> Iterator[Found]:
    """The parts of a field between repetition and component separators, so that a code beside a name is typed rightly."""
    if kind is N:
        position = start
        for piece in re.split(r"(~)", field):
            first, _, rest = piece.partition("^")
            if rest and any(c.isdigit() for c in first):  # XCN: id^family^given
                yield from _value(position, position + len(first), I, text)
                yield from _value(position + len(first) + 1, position + len(piece), N, text)
            else:
                yield from _value(position, position + len(piece), N, text)
            position += len(piece)
        return
    for part in re.finditer(r"[^~]+", field):
        if kind in (L, P):
            yield from _value(start + part.start(), start + part.end(), kind, text)
            continue
        for component in re.finditer(r"[^~^&]+", part[0]):
            if not _CODE_SYSTEM.fullmatch(component[0].strip()):
                at = start + part.start() + component.start()
                yield from _value(at, at + len(component[0]), kind, text)


def _dicom(text: str) -> Iterator[Found]:
    tags = list(_TAG.finditer(text))
    for match, following in zip_longest(tags, tags[1:]):
        tag = (match[3] or match[1] + match[2]).lower()
        stop = min(following.start() if following else len(text), match.end() + 1200)
        if not match[3]:
            line = text.find("\n", match.end(), stop)
            stop = line if line >= 0 else stop
        vr = _VR.search(text, match.end(), stop)
        kind = _TAG_KIND.get(tag) or (_VR_KIND.get(vr[1]) if vr else None)
        if tag == "00101010" or (vr and vr[1] == "AS"):
            kind = A
        if (kind is None or tag in _FREE_TEXT) and tag not in _CODED:
            continue
        value = _BRACKETED.search(text, vr.end() if vr else match.end(), stop)
        if value and not text[value.start(value.lastindex or 0) :].startswith("1.2.840.10008."):
            start, end = value.span(value.lastindex or 0)
            if kind is None:
                yield Found(start, min(end, _line_end(text, start)), O, Certainty.RULED_OUT)
                continue
            if kind is D:  # without a line break the rest of the text would be the date
                end = min(end, start + (few.end() - start if (few := _FEW_WORDS.match(text, start)) else 0))
            yield from _value(start, end, kind, text, Certainty.CERTAIN)


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return end if end >= 0 else len(text)


_DELIMITERS = (r"\|", r"\t", r";", r",", r" {2,}", r"\^")


def _tables(text: str) -> Iterator[Found]:
    lines = [(m.start(), m[0]) for m in re.finditer(r"[^\n\r]+", text)]
    index = 0
    while index < len(lines):
        header = _header(lines[index][1])
        index += 1
        if header is None:
            continue
        delimiter, kinds = header
        while index < len(lines):
            start, line = lines[index]
            cells = _cells(line, delimiter)
            if re.fullmatch(r"[\s|+=-]+", line):
                index += 1
                continue
            if abs(len(cells) - len(kinds)) > (2 if delimiter == r" {2,}" else 1) or len(cells) < 2 or _header(line):
                break
            if len(cells) == len(kinds):
                for (begin, end), kind in zip(cells, kinds, strict=True):
                    if kind is not None:
                        yield from _cell(text, start + begin, start + end, kind)
            index += 1


_CLOCK = re.compile(r"\s*\d{1,2}:\d\d(?::\d\d)?\s*(?:[ap]m)?\s*", re.IGNORECASE)


def _cell(text: str, start: int, end: int, kind: PhiType) -> Iterator[Found]:
    if _CLOCK.fullmatch(text, start, end) or (
        kind is not A and re.fullmatch(r"\s*(?:\d{1,2}|[MF])\s*", text[start:end])
    ):
        return
    yield from _value(start, end, kind, text)


def _cells(line: str, delimiter: str) -> list[tuple[int, int]]:
    cells, position = [], 0
    for match in re.finditer(delimiter, line):
        cells.append((position, match.start()))
        position = match.end()
    cells.append((position, len(line)))
    return cells


def _header(line: str) -> tuple[str, list[PhiType | None]] | None:
    """The delimiter and the kind of each column, when at least two cells are known headings and none holds a long number."""
    if len(line) > 400 or re.search(r"\d{4}", line):
        return None
    for delimiter in _DELIMITERS:
        cells = _cells(line, delimiter)
        if len(cells) < 3 or any(end - start > 40 for start, end in cells):
            continue
        words = [line[start:end].strip().replace("_", " ") for start, end in cells]
        kinds = [_column(word) for word in words]
        known = sum(
            kind is not None or bool(_CLINICAL_COLUMN.match(word))
            for kind, word in zip(kinds, words, strict=True)
            if word
        )
        if sum(kind is not None for kind in kinds) >= 2 and known * 2 > sum(bool(w) for w in words):
            return delimiter, kinds
    return None


def _column(word: str) -> PhiType | None:
    if not word or _CLINICAL_COLUMN.match(word):
        return None
    return next((kind for pattern, kind in _COLUMNS if pattern.match(word)), None)

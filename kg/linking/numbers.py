"""Numbers with their comparison and unit in running text. Knows nothing of what they measure."""

# ruff: noqa: E501 - an alternation is easier to read, and to extend, on one line

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kg.types import Operator, Quantity

_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "fourteen": 14, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "half": 0.5, "a half": 0.5, "one half": 0.5,
}  # fmt: skip
_UNITS = (
    r"mm ?hg|cm ?h2o|kpa|kg/m2|kg/m²|wood units?|kv|µl|ul|millimet(?:er|re)s?|centimet(?:er|re)s?|millilit(?:er|re)s?|lit(?:er|re)s?|met(?:er|re)s?|mm|cm2|cm|ml/kg|ml|dl|cc|l|m"
    r"|percent|per cent|% predicted|%|µsv|usv|msv|sv|millisieverts?|mgy|mg/dl|mg/kg|mg|kg|g/dl|g/l|g|ng/ml|pg/ml|ug/l|µg/l|mmol/l|ms|seconds?|minutes?|hours?|days?"
    r"|weeks?|months?|years?|breaths? (?:per|a) minute|breaths/min|beats? (?:per|a) minute|beats/min|points?|pack[- ]years|lobes?|(?:posterior |anterior )?ribs?|fissures?|pairs?"
    r"|segments?|cells/ul|hu|degrees?|°c?"
)
_UNIT_NAMES = {
    "percent": "%", "kg/m²": "kg/m2", "kv": "kV", "wood unit": "Wood units", "wood units": "Wood units", "per cent": "%", "breaths per minute": "breaths/min", "beats per minute": "beats/min",
    "breaths a minute": "breaths/min", "beats a minute": "beats/min", "mmhg": "mm Hg", "mm hg": "mm Hg", "cmh2o": "cm H2O",
    "cm h2o": "cm H2O", "ml": "mL", "l": "L", "dl": "dL", "msv": "mSv", "sv": "Sv", "µsv": "uSv", "usv": "uSv", "µg/l": "ug/L", "ug/l": "ug/L", "mmol/l": "mmol/L",
    "pg/ml": "pg/mL", "ng/ml": "ng/mL", "ml/kg": "mL/kg", "mg/dl": "mg/dL", "g/dl": "g/dL", "g/l": "g/L", "pack years": "pack-years",
}  # fmt: skip
_LONG = {"millimet": "mm", "centimet": "cm", "millilit": "mL", "met": "m", "lit": "L", "millisievert": "mSv"}
_BEFORE: tuple[tuple[Operator, str], ...] = (
    ("<=", r"(?:no|not|never|not be|never be|cannot be|not measure) (?:more|greater|larger|wider|higher|longer|thicker|bigger|older) than|(?:not|never|cannot) (?:be )?(?:exceed(?:ing)?|above|over)|at most|up to|no more than"
           r"|less than or equal to|maximum (?:of|is)|≤|<="),
    (">=", r"at least|as (?:little|few|low|small) as|upwards of|starting (?:at|from)|anything from|(?:no|not|never|not be|never be|cannot be) (?:less|smaller|lower|fewer|shorter|narrower|thinner) than|(?:not|never) (?:be )?(?:below|under)|minimum (?:of|is)|greater than or equal to|≥|>="),
    ("<", r"(?:less|smaller|lower|fewer|shorter|narrower|thinner|younger|earlier) than|under|below|within|before|less|<"),
    (">", r"(?:anything |any \w+ )?(?:more|greater|larger|higher|bigger|longer|wider|thicker|older|later) than|over|above|after|exceed(?:s|ing)?|beyond|in excess of|past|pass(?:es|ing)?|tops?|surpass(?:es|ing)?|crosse?s?|>"),
)  # fmt: skip
_AFTER: tuple[tuple[Operator, str], ...] = (
    (">=", r"or (?:more|greater|larger|above|higher|over|longer|wider)|and (?:above|over|more)"),
    ("<=", r"or (?:less|smaller|below|lower|fewer|under|shorter)|and (?:below|under|less)|at most"),
)
_VALUE = rf"(?:{_NUMBER}|\b(?:one half|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fourteen|fifteen|twenty|thirty|forty|fifty|a half|half)\b)"
_PATTERN = re.compile(
    rf"(?:(?P<before>{'|'.join(p for _, p in _BEFORE)})\s*)?(?:(?:about|around|approximately|roughly|some|nearly|almost|only|just|exactly|=)\s+)*"
    rf"(?P<between>between\s+)?(?<![\w.-])(?P<low>{_VALUE})(?:\s*(?P<lowunit>{_UNITS})(?![\w]))?"
    rf"(?:\s*(?:to|-|–|and(?=\s+\d))\s*(?P<high>{_VALUE}))?(?:[\s-]*(?P<unit>{_UNITS})(?![\w/]))?"
    rf"(?:\s+(?P<after>{'|'.join(p for _, p in _AFTER)}))?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Stated:
    """A quantity and where it stands."""

    start: int
    end: int
    quantity: Quantity


# What may stand between a number and what it is said of: "8 mm solid nodule", "a ratio of about 0.56", "saturation was 88%".
_TO_THING = re.compile(r"[\s-]*(?:in (?:size|diameter)\s+)?(?:[a-z]+[\s-]+)?", re.IGNORECASE)
_TO_NUMBER = re.compile(
    r"[\s(:=,]*(?:(?:is|was|of|at|measur(?:es|ed|ing)|now|about|around|roughly)\s+){0,3}", re.IGNORECASE
)


def said_of(span: tuple[int, int], text: str, found: Sequence[Stated]) -> Quantity | None:
    """Of the quantities `found` in a text the one that is said of what stands at `span`, the one before it first."""
    start, end = span
    measured = (s for s in found if s.end <= start and s.quantity.unit != "1")  # "aged 60 with a cough"
    before = (s.quantity for s in measured if _TO_THING.fullmatch(text, s.end, start))
    after = (s.quantity for s in found if s.start >= end and _TO_NUMBER.fullmatch(text, end, s.start))
    return next(before, None) or next(after, None)


# "T5 to T7": the bones of the spine are numbered.
_VERTEBRAE = re.compile(r"\b(?P<part>[TL])(?P<low>\d{1,2})(?:\s*(?:to|-|–|and|or)\s*(?P=part)?(?P<high>\d{1,2}))?\b")
_PARTS = {"T": "thoracic vertebra", "L": "lumbar vertebra"}


def find(text: str) -> list[Stated]:
    """The quantities of a text. Ordinals, grades and names with digits are none."""
    found = [_vertebrae(match) for match in _VERTEBRAE.finditer(text)]
    for match in _PATTERN.finditer(text):
        quantity = _quantity(match)
        if quantity is None or _numbered(text, match.start("low")) or _OF_CASES.match(text, match.end()):
            continue
        if not re.match(r"[\w]|-\w|(?:st|nd|rd|th)\b", text[match.end() : match.end() + 2]):
            found.append(Stated(match.start(), match.end(), quantity))
    return found


# "in 90% of cases" tells how often, not how much.
_OF_CASES = re.compile(
    r"\s*of (?:all |the |these |those )?(?:cases?|patients?|people|persons?|individuals?|\w+s\b)", re.IGNORECASE
)


def _vertebrae(match: re.Match[str]) -> Stated:
    low, high = float(match["low"]), float(match["high"] or match["low"])
    unit = _PARTS[match["part"]]
    quantity = Quantity("between", low, unit, high) if high > low else Quantity("=", low, unit)
    return Stated(match.start(), match.end(), quantity)


def _numbered(text: str, at: int) -> bool:
    """Whether the number is the name of a kind ("type 2", "grade 3"), not an amount."""
    return bool(
        re.search(
            r"\b(?:type|grade|stage|class|group|category|phase|zone|level|gold|step|figure|table)\s$",
            text[:at],
            re.IGNORECASE,
        )
    )


def _quantity(match: re.Match[str]) -> Quantity | None:
    low = _number(match["low"])
    high = _number(match["high"]) if match["high"] else None
    said_unit = match["unit"] or match["lowunit"] or ""
    unit = _unit(said_unit)
    bare_word = match["low"].replace(" ", "").isalpha() and "half" not in match["low"].lower()
    if bare_word and not said_unit:
        return None
    if high is not None and high > low:
        return Quantity("between", low, unit, high)
    for said, table in ((match["before"], _BEFORE), (match["after"], _AFTER)):
        for operator, pattern in table if said else ():
            if re.fullmatch(pattern, said, re.IGNORECASE):
                return Quantity(operator, low, unit)
    return Quantity("=", low, unit)


def _number(text: str) -> float:
    low = text.lower()
    return float(_WORDS[low]) if low in _WORDS else float(text.replace(",", ""))


def _unit(text: str) -> str:
    low = re.sub(r"^(?:posterior|anterior) ", "", text.lower().strip())
    if not low:
        return "1"
    for stem, short in _LONG.items():
        if re.fullmatch(stem + r"(?:er|re)?s?", low):
            return short
    if low in _UNIT_NAMES:
        return _UNIT_NAMES[low]
    singular = {
        "second",
        "minute",
        "hour",
        "day",
        "week",
        "month",
        "year",
        "point",
        "lobe",
        "rib",
        "fissure",
        "segment",
        "degree",
    }
    return low + "s" if low in singular else low

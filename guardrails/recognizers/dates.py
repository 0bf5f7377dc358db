"""Dates but the bare year, and ages over 89. Relative dates ("3 days ago", "POD 2") and times of day stay."""
# ruff: noqa: E501 - one rule or one list stays on one line

import re
from collections.abc import Iterator, Sequence

from guardrails.recognizers.base import Certainty, Found
from guardrails.recognizers.view import View
from guardrails.types import PhiType

_MONTH = (
    r"(?:jan(?:uary|uar|v(?:ier)?)?|feb(?:ruary|ruar)?|f[eé]v(?:rier)?|mar(?:ch|s|zo)?|m[aä]rz|apr(?:il|ile)?|avr(?:il)?|may|mai|juni?e?|juin|july?|juli|juil(?:let)?|aug(?:ust|ustus)?"
    r"|ao[uû]t|sept?(?:ember|embre)?|oct(?:ober|obre|ubre)?|okt(?:ober)?|nov(?:ember|embre|iembre)?|de[czs](?:ember|embre|iembre)?|d[eé]c(?:embre)?|enero|febrero|abril|mayo|junio|julio|agosto|septiembre"
    r"|gennaio|febbraio|maggio|giugno|luglio|settembre|ottobre|dicembre|januari|februari|maart|mei|janeiro|fevereiro|mar[cç]o|maio|junho|julho|setembro|outubro|novembro|dezembro)"
)
_LONG_MONTH = r"(?:january|february|april|june|july|august|september|october|november|december)"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_ORD = rf"{_DAY}(?:\s?(?:st|nd|rd|th))?"
_YEAR = r"(?:1[89]\d\d|20\d\d)"
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thur?s?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+(?:the\s+)?)"
_S = r"[\s.,/-]{1,3}"
_UNITS = r"one|two|three|four|five|six|seven|eight|nine"
_TEENS = r"ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
_TENS = r"twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_SPOKEN_ORD = (
    r"(?:(?:twenty|thirty)[\s-](?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth"
    r"|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth)"
)
_SPOKEN_2 = rf"(?:(?:{_TENS})(?:[\s-](?:{_UNITS}))?|{_TEENS}|oh[\s-](?:{_UNITS}))"
_SPOKEN_YEAR = rf"(?:(?:nineteen|twenty)[\s-]{_SPOKEN_2}|two thousand(?:\s(?:and\s)?(?:{_SPOKEN_2}|{_UNITS}))?|nineteen hundred(?:\s(?:and\s)?(?:{_SPOKEN_2}|{_UNITS}))?)"
_SPOKEN_DAY = rf"(?:{_SPOKEN_ORD}|(?:twenty|thirty)[\s-](?:{_UNITS})|{_TEENS}|twenty|thirty|{_UNITS})"
_TIME = r"(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?"

_ALWAYS: tuple[re.Pattern[str], ...] = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        rf"(?<![\d/.-]){_YEAR}\s?([-/.])\s?(?:0?[1-9]|1[0-2])\s?\1\s?{_DAY}(?![\d/-])(?:T[\d:.]+(?:Z|[+-][\d:]+)?)?",
        rf"(?<![\d/.-])\d{{1,2}}\s?([-/.])\s?\d{{1,2}}\s?\1\s?(?:{_YEAR}|\d\d)(?![\d/-]|\.\d|\s?(?:mm|cm|x\b))",
        rf"(?<![\d/.-])(?:0[1-9]|1[0-2]|{_DAY})[ ](?:0[1-9]|1[0-2])[ ](?:19\d\d|20\d\d)(?!\d)",
        r"(?<![\d/.-])(?:0?[1-9]|1[0-2])\s?[-/]\s?(?:19\d\d|20\d\d)(?![\d/-])",
        r"(?<![\w.^-])(?:19\d\d|20\d\d)(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[T ]?(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d)?(?:\.\d{1,6})?(?:[+-]\d{4})?)?(?![\w-])",
        rf"(?<!\w){_WEEKDAY}?(?:{_ORD}\s?(?:-|–|/|to)\s?)?{_ORD}{_S}(?:of\s+|de\s+|di\s+)?{_MONTH}\b(?!-(?!{_MONTH}\b)[^\W\d_])\.?(?:{_S}(?:de\s+|del\s+)?{_YEAR}(?!\d)|[\s/-]['’]?\d\d(?![\d/:%.,]|\s?(?:mg|ml|mm|cm|year|y/?o|hours?|days?|am|pm)\b)|,\s?['’]?\d\d\b)?",
        rf"(?<!\w){_WEEKDAY}?\b(?!mayo\b|mars\b){_MONTH}\.?[\s/-]{{1,2}}(?:the\s+)?{_ORD}(?!\d|\s?(?:mg|mcg|ml|mm|cm|%|x\b|days?|weeks?|months?|years?|hours?|y/?o|of\b)|[/:.]\d)(?:{_S}(?:of\s+)?{_YEAR}(?!\d)|[/-]\d\d(?!\d)|,?\s['’]\d\d\b)?",
        rf"\b{_MONTH}\b[.,]?[\s/-]{{1,2}}(?:of\s+)?(?:{_YEAR}(?!\d)|['’]\d\d\b)",
        rf"(?<!\w){_DAY}-?{_MONTH}-?(?:{_YEAR}|\d\d)\b",
        rf"\b(?:on\s+)?(?:{_WEEKDAY})?{_MONTH}\s+(?:the\s+)?{_SPOKEN_ORD}(?:,?\s+(?:of\s+)?(?:{_SPOKEN_YEAR}|{_YEAR}))?\b",
        rf"\b{_MONTH}\s+{_SPOKEN_DAY},?\s+(?:{_SPOKEN_YEAR}|{_YEAR})\b",
        rf"\b{_SPOKEN_ORD}\s+(?:day\s+)?(?:of\s+)?{_MONTH}(?:,?\s+(?:{_SPOKEN_YEAR}|{_YEAR}))?\b",
        rf"\b{_MONTH}\s+(?:of\s+)?{_SPOKEN_YEAR}\b",
        rf"(?:\b(?:christmas|thanksgiving|easter|new year'?s|halloween|diwali|ramadan|hanukkah|passover|boxing|labor|memorial|independence|mother'?s|father'?s|valentine'?s)(?:\s(?:day|eve|sunday|monday))\b|\b(?:christmas|thanksgiving|diwali|halloween)\b)(?!\s+(?:disease|factor|tree|clip|eye))(?:,?\s+{_YEAR})?",
    )
)
_CUE = (
    r"(?:on|since|from|until|till|thru|through|by|dated?|seen|admitted|admit|discharged|d/c|adm|film|films|study|exam|x-?ray|xr|cxr|ct|mri|scan|comparison|prior|previous|compared (?:to|with)|before|after|as of|due|appt|appointment|visit|"
    r"surgery|op|follow[- ]?up|f/u|reviewed|signed|taken|performed|dob|born|birthday|doa|dos|dod|lmp|labs?|bloods|report|dated|between|and|to|for|started|stopped|onset)"
)
_CUED: tuple[re.Pattern[str], ...] = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        rf"\b{_CUE}\s*[:(]?\s*((?:0?[1-9]|1[0-2])/(?:{_DAY})|{_DAY}/(?:0?[1-9]|1[0-2]))(?![\d/]|\.\d|\s?(?:mm|cm|mg|ml|strength|power|murmur|pain|lobes?|hpf|on\b|of\b|bed|week|days?|hours?|ribs?|leads|bottles|cultures|blood|reflex|pulses|intensity|systolic|diastolic|cycles?|doses?|views?|x\b|%))",
        rf"\b(?:in|since|last|this|next|until|till|early|late|mid|mid-|by|from|through|between|during|back in|as of|around|for|of)\s+((?:early |late |mid[- ]?)?(?:{_LONG_MONTH}|march|may|aug|sept?|oct|nov|dec|feb|jan|apr)\b)(?!\s+(?:be|have|not|need|also|represent|reflect|include|indicate|suggest))",
        r"\b(?:dob|d\.o\.b\.?|date of birth|birth ?date|born(?: on)?|doa|dod|date of (?:admission|discharge|service|death|exam(?:ination)?|study|procedure|report|injury|visit|surgery|operation)|(?:study|exam|report|admission|discharge|birth|acquisition|series|content|scan|signed|dictated|transcribed|collected|received|service|visit|appointment|accident|death) ?date|date|dated)\b[\s:=>\[('\"]*(?:is\s+|on\s+|was\s+)?(\d{6}(?!\d)|\d{8}(?!\d)|\d{1,2}[ .,/-]{1,3}\d{1,2}[ .,/-]{1,3}\d{2,4}|\d{1,2}[/.-]\d{1,2}(?![\d/.-]))",
        rf"\b(?:on|by|until|till|since|from)\s+(?:the\s+)({_DAY}(?:st|nd|rd|th)\b)(?!\s+(?:rib|day|week|month|year|time|floor|hospital|post|percentile|intercostal|toe|finger|digit|nerve|ventricle|cranial|vertebra|metatarsal|metacarpal|cycle|dose|line|trimester|gener))",
    )
)
_RANGE = re.compile(rf"(?:to|-|–|until|through|and|,|&)\s*((?:0?[1-9]|1[0-2])/{_DAY})(?![\d/])", re.I)

_OLD = r"(?:9\d|1[0-2]\d)"
_SPOKEN_OLD = rf"(?:ninety(?:[\s-](?:{_UNITS}))?|(?:one|a) hundred(?:\s(?:and\s)?(?:{_UNITS}|{_TEENS}))?)"
_AGES: tuple[re.Pattern[str], ...] = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        rf"(?<![\d.,/:-])({_OLD}(?:\.\d)?[\s-]*(?:years?|yrs?|y)[\s./-]*(?:old|o|of\s+age)\b\.?)",
        rf"(?<![\d.,/:-])({_OLD}[\s-]?(?:yo|y/o|y\.o\.?|yof|yom|yr old|yrs old|jährige[rn]?|ans|años|anni))(?![a-z])",
        rf"(?<![\d.,/:-])({_OLD}\s?(?:yrs?|years?|y))(?=[\s./,;)]*(?:m|f|male|female|man|woman|lady|gentleman|$|[,;)]))(?![a-z])",
        rf"(?<![\d.,/:-])({_OLD})\s?[-/]?(?=\s?(?:m|f)\b(?!\w)|\s?(?:male|female)\b)",
        rf"(?<![\w])(?:[mf]|male|female)\s?[/,]?\s?({_OLD})(?=\s?(?:y|yrs?|years?)?\b)(?!\s?(?:%|/|bpm|mm|kg|\.\d))",
        rf"\b(?:aged?|age is|age:|aet(?:at)?\.?|turned|turning|celebrated (?:his|her|their)|at the age of|age of)\s*(?:of|at|[:=\[('\"])*\s*({_OLD}(?:\s?(?:years?|yrs?|y)\b(?:\s?old)?)?(?:st|nd|rd|th)?)(?![\d%]|\s?(?:mm|kg|bpm))",
        rf"(?<!\d)(0{_OLD}Y|{_OLD}Y)\b",
        rf"\b({_SPOKEN_OLD}[\s-]years?[\s-](?:old|of age)|{_SPOKEN_OLD}[\s-]y/?o)\b",
        rf"\b(?:aged?|age is|turned)\s+({_SPOKEN_OLD})\b",
        r"\b(nonagenarian|centenarian|supercentenarian)\b",
        rf"\b(?:his|her|their)\s+({_OLD}(?:st|nd|rd|th))\s+(?:birthday|year)",
        r"\b(?:in\s+(?:his|her|their)\s+)((?:early |mid |late |mid-)?(?:90s|90's|nineties))\b",
        rf"\b({_OLD})(?=,?\s+(?:lives|who lives|widow|retired|from the nursing home))",
    )
)


def find_dates(view: View, earlier: Sequence[Found]) -> Iterator[Found]:
    """Dates of every common form, spoken ones included."""
    for text in dict.fromkeys((view.digits, view.letters)):
        yield from _dates(text)


_NEEDS_NO_MONTH = 5  # the first patterns of the list above are numbers only
_ANY_MONTH = re.compile(
    rf"(?<![^\W\d_]){_MONTH}(?![^\W\d_])|christmas|thanksgiving|easter|day\b|\beve\b|diwali|halloween|ramadan|hanukkah|passover",
    re.I,
)


def _dates(text: str) -> Iterator[Found]:
    always = _ALWAYS if _ANY_MONTH.search(text) else _ALWAYS[:_NEEDS_NO_MONTH]
    for pattern in always:
        for match in pattern.finditer(text):
            if (
                _plausible(match[0])
                and not (_MODAL.search(match[0]) and _VERB.match(text, match.end()))
                and not _SCORES.search(text, max(0, match.start() - 24), match.start())
            ):
                yield Found(match.start(), match.start() + len(match[0].rstrip(" ,.-/")), PhiType.DATE)
    for pattern in _CUED:
        for match in pattern.finditer(text):
            yield Found(*match.span(1), PhiType.DATE)
            following = _RANGE.match(text, match.end()) or _RANGE.match(text, match.end() + 1)
            if following:
                yield Found(*following.span(1), PhiType.DATE)


# "Rib 5 may represent ...": the modal verb, not the month.
_MODAL = re.compile(r"(?:may|march|mar)$", re.I)
_VERB = re.compile(
    r"\s+(?:be|represent|reflect|indicate|suggest|have|need|not|also|still|relate|cause|contribute|require|account|correspond|simply|well|include|develop|benefit|help|occur|show|explain|mimic|obscure|warrant|persist|signify|mean|well|take|see|start|resume|return|go|eat|drive|if|or)\b",
    re.I,
)


_SCORES = re.compile(
    r"\bapgars?(?: scores?)?\W{0,3}(?:(?:of|were|was|is)\s)?(?:\d{1,2}\W)*$", re.I
)  # 9/10/10 is no date then


def _plausible(text: str) -> bool:
    """Numbers of a date, rather than of a version, a section or a size."""
    if re.search(r"\d\.\s+(?:may|mar|march|dec|jan|sept?)\b", text):
        return False  # a full stop, then the word "may"
    if re.fullmatch(r"[1-9]\d?\.[1-9]\d?\.\s+\d\d", text):
        return False  # a decimal at the end of a sentence, then another number; "12.03. 2021" is a date
    numbers = [int(n) for n in re.findall(r"\d+", text)]
    if not re.fullmatch(r"[\d\s./-]+", text) or len(numbers) != 3:
        return True
    first, second, third = numbers
    if first > 31:
        return second <= 12 and third <= 31
    return (
        (first <= 12 or second <= 12)
        and 0 < first <= 31
        and 0 < second <= 31
        and ("." not in text or len(str(third)) == 4 or second <= 12)
    )


def find_ages(view: View, earlier: Sequence[Found]) -> Iterator[Found]:
    """Ages of 90 and more; younger ones stay."""
    for pattern in _AGES:
        for match in pattern.finditer(view.text):
            yield Found(*match.span(1), PhiType.AGE_OVER_89, Certainty.LIKELY)

"""E-mail, web and network addresses, user names and telephone numbers, by their shape. Knows nothing of names."""
# ruff: noqa: E501 - one rule or one list stays on one line

import re
from collections.abc import Iterator, Sequence

import phonenumbers

from guardrails.recognizers.base import Certainty, Cover, Found
from guardrails.recognizers.view import View
from guardrails.types import PhiType

_TLD = r"(?:com|org|net|edu|gov|mil|int|info|biz|io|ai|app|dev|co|me|tv|health|hospital|care|clinic|online|site|test|example|invalid|local|lan|intranet|nhs\.uk|[a-z]{2}\.[a-z]{2}|uk|us|ca|in|de|fr|es|it|nl|be|ch|at|pl|se|no|dk|fi|ie|pt|eu|au|nz|za|br|mx|jp|cn|kr|ru|gr|cz|hu|ro|tr|sg|hk|ae|ng|ke|pk|bd|lk)"  # fmt: skip
_WORDS_TOO = r"(?:in|me|no|at|be|it|us|co|app|care|site|test|online|hospital|clinic|health|local)\b"
_SHAPES: tuple[tuple[PhiType, re.Pattern[str]], ...] = (
    (PhiType.EMAIL, re.compile(r"[a-z0-9][\w.%+'-]{0,63}@(?:[a-z0-9-]{1,63}\.){1,6}[a-z]{2,24}\b", re.I)),
    # with blanks that OCR or a keyboard put in, unless it is whole without them and a sentence follows, or a word does:
    # "ETT 23 @ lips. No leak"
    (PhiType.EMAIL, re.compile(
        r"(?![\w.%+'-]{1,64}@[\w-]+\.[\w.-]*\w(?:[^\w.]|\.?\s|\.?$))[a-z0-9][\w.%+'-]{0,63}\s?@\s?(?=[\w-]*[a-z])(?:[a-z0-9-]{1,63}\s?\.\s?){1,6}" + rf"(?:(?<=\.)|(?!{_WORDS_TOO})){_TLD}(?![\w-])", re.I)),
    (PhiType.EMAIL, re.compile(
        r"\b[\w.+-]{2,64}(?:\s+dot\s+[\w-]+){0,3}\s*(?:\[at\]|\(at\)|\s+at\s+)\s*[\w-]{1,63}(?:\s*(?:\[dot\]|\(dot\)|\s+dot\s+)\s*\w{2,24}){1,3}\b", re.I)),
    (PhiType.EMAIL, re.compile(r"\b[\w.+-]{2,64}@[\w-]{2,63}\b")),
    (PhiType.URL, re.compile(r"\b(?:https?|ftp|sftp|wss?)\s?:\s?//[^\s<>\"'\]\)]+|\bwww\.[^\s<>\"'\]\)]+", re.I)),
    (PhiType.URL, re.compile(rf"(?<![\w@./-])(?:[a-z0-9][a-z0-9-]{{1,62}}\.){{1,5}}{_TLD}(?:/[^\s<>\"'\]\)]*|(?![\w.-]))(?!\s?(?:=|\d))")),
    (PhiType.IP, re.compile(r"(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:/\d{1,2}|:\d{2,5})?(?![\d.]*\d)")),
    (PhiType.IP, re.compile(r"(?<![\w:])(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}(?![\w:])|(?<![\w:])(?:[0-9a-f]{1,4}:){1,6}(?::[0-9a-f]{1,4}){1,6}(?![\w:])|(?<![\w:])fe80::[0-9a-f:]+", re.I)),
    (PhiType.ID, re.compile(r"\b[0-9a-f]{2}(?:[:-][0-9a-f]{2}){5}\b", re.I)),
    (PhiType.OTHER, re.compile(r"(?<![\w@])@[a-z_][\w.]{1,39}\b", re.I)),
    (PhiType.OTHER, re.compile(
        r"\b(?:user ?-?_?name|user ?-?id|login(?: name| id)?|log ?-?in as(?! user)|logged in as(?! user)|screen ?name|handle|skype(?: id)?|whatsapp(?: id)?|telegram|twitter"
        r"|instagram|insta|facebook|snapchat|linkedin|tiktok|wechat|signal|portal id|operator id)\b(?:\s*(?:is|[:=#]))*\s*(@?[a-z0-9][\w.\\-]{2,39})", re.I)),
    (PhiType.OTHER, re.compile(r"\b[a-z]{2,12}\\[a-z0-9._-]{2,30}\b", re.I)),
)  # fmt: skip
_NOT_HANDLES = frozenset("was were has had and the with for messages message account accounts page from post posts not her his their my link screen number".split())  # fmt: skip

_PHONE_CUE = re.compile(
    r"\b(?:tel(?:ephone)?|phone|ph|mobile|mob|cell(?: ?phone)?|fax|pager|paged?|page|beep(?:er)?|bleep|ext(?:ension)?|contact(?: (?:no|number|at|on))?|call(?:ed|ing)?(?: (?:me|us|back|him|her|them))*(?: (?:at|on))?"
    r"|text(?: me)?(?: (?:at|on))?|dial|ring|reach(?:ed|able)?(?: (?:me|us|him|her|them))?(?: (?:at|on))|whatsapp|home|work|landline|hotline|number(?: is)?|t|f|m|tel no|phone no)\b\.?"
    r"(?:\s*(?:no|number|num|nr|#|is|at|on)\b\.?)*\s*[:=#]?\s*(?=[+(\d])",
    re.I,
)
_PHONE_GROUP = re.compile(r"(?<![\w.+/-])(?:\+|00)?\(?\d(?:\d|(?:[ ./-]|\) ?| ?\(| [-/] |\)-)(?=[\d(]))+\d(?:\s?(?:ext|extn|x|extension)\.?\s?\d{1,6})?(?![\w]|[.,]\d|\s?(?:%|mg|ml|mm|cm))", re.I)  # fmt: skip
_SHORT = re.compile(
    r"\b(?:pager|beep(?:er)?|bleep|ext(?:ension|n)?|dect|x)\b\.?\s*(?:no\.?|number|is|[:#])?\s*(\d{3,7}(?:-\d{2,5})?)\b|\bx(\d{4,6})\b",
    re.I,
)
_REGIONS = ("US", "GB", "IN", "DE", "FR", "ES", "IT", "NL", "IE", "AU", "ZA", "NG", "PK")
_TYPICAL = re.compile(
    r"(?:\+|00)\d[\d ().-]{7,18}\d|\(\d{3,5}\) ?\d{3,4}[ .-]?\d{3,4}|\d{3}([ .-])\d{3}[ .-]\d{4}|1[ .-]\d{3}[ .-]\d{3}[ .-]\d{4}|\d{3}[.-]\d{4}"
    r"|0\d{2,4}[ -]\d{3,4}[ -]?\d{3,4}|0\d{1,4}[ /-]\d{5,8}|0\d([ .]\d\d){4}|[6-9]\d{4}[ -]\d{5}|0[67]\d{8,9}|\d{5} \d{6}|\d{3} \d{3} \d{3}"
)
_SPOKEN_DIGIT = r"(?:zero|oh|one|two|three|four|five|six|seven|eight|nine|double|triple)"
_SURELY_A_NUMBER = 7  # digits said one by one: nothing clinical is told so, and fewer are a number after "phone"
_SPACED_PHONE = re.compile(
    r"\b(?:tel(?:ephone)?|phone|ph|mobile|mob|cell|fax|call)\b\W{0,3}(?:(?:no|number|is|at|on|me)\b\W{0,3}){0,2}((?:\d[ -]){6,}\d)(?!\d)",
    re.I,
)
SPOKEN_NUMBER = re.compile(rf"\b(?:{_SPOKEN_DIGIT}[\s,-]+){{4,}}{_SPOKEN_DIGIT}\b", re.I)


def find_contacts(view: View, earlier: Sequence[Found]) -> Iterator[Found]:
    """Everything with the shape of an address in a network."""
    for kind, pattern in _SHAPES:
        for match in pattern.finditer(view.text):
            start, end = match.span(1) if pattern.groups and match.lastindex else match.span()
            if kind is PhiType.OTHER and match[match.lastindex or 0].lower() in _NOT_HANDLES:
                continue
            while end > start and view.text[end - 1] in ".,;:!?":
                end -= 1
            yield Found(start, end, kind, Certainty.LIKELY if kind is PhiType.OTHER else Certainty.CERTAIN)


def find_phones(view: View, earlier: Sequence[Found]) -> Iterator[Found]:
    """Telephone, fax, pager and extension numbers: by a word before them, a typical grouping, or a numbering plan."""
    cover = Cover(len(view.text), earlier)
    text = view.digits
    after_cue = {match.end() for match in _PHONE_CUE.finditer(text)}
    for match in _PHONE_GROUP.finditer(text):
        start, end = match.span()
        if cover.free(start, end) and (start in after_cue or _is_phone(match[0])):
            digits = sum(c.isdigit() for c in match[0])
            if digits >= 7 or (
                start in after_cue
                and digits >= 4
                and not text[max(0, start - 9) : start]
                .lower()
                .strip(" :")
                .endswith(("home", "work", "on", "at", "t", "m", "f", "page"))
            ):
                yield Found(start, end, PhiType.PHONE, Certainty.LIKELY)
    for match in _SHORT.finditer(text):
        yield Found(*match.span(match.lastindex or 0), PhiType.PHONE, Certainty.LIKELY)
    for match in SPOKEN_NUMBER.finditer(text):
        before = text[max(0, match.start() - 30) : match.start()].lower()
        phone = re.search(r"phone|call|mobile|cell|fax|pager|contact", before)
        long = phone or len(match[0].split()) >= _SURELY_A_NUMBER
        certainty = Certainty.CERTAIN if long else Certainty.LIKELY
        yield Found(*match.span(), PhiType.PHONE if phone else PhiType.ID, certainty)
    for match in _SPACED_PHONE.finditer(text):
        yield Found(*match.span(1), PhiType.PHONE)


def _is_phone(group: str) -> bool:
    digits = sum(c.isdigit() for c in group)
    if not 7 <= digits <= 15:
        return False
    if _TYPICAL.fullmatch(re.split(r"\s?(?:ext|x)", group, flags=re.I)[0].strip()):
        return True
    if digits < 9 or not re.search(r"[ .()-]", group):
        return False
    return any(_valid(group, region) for region in _REGIONS)


def _valid(group: str, region: str) -> bool:
    try:
        return bool(phonenumbers.is_valid_number(phonenumbers.parse(group, region)))
    except phonenumbers.NumberParseException:
        return False

"""A date moved by some days, written as it was. Knows nothing of where dates stand or of sessions.

A date without a year or without a day has no moved form, nor has one whose order of day and month cannot be told: for
those there is `None`, and the caller removes them.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

_MONTHS = "january february march april may june july august september october november december".split()
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_DAY = r"(?P<day>\d{1,2})(?P<nth>st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_WORDED = (
    re.compile(rf"{_DAY}(?:\s+of)?[\s.,/-]*{_MONTH}[\s.,/-]*{_YEAR}", re.I),
    re.compile(rf"{_MONTH}[\s.,/-]*(?:the\s+)?{_DAY}[\s.,/-]+{_YEAR}", re.I),
)
_COMPACT = re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)(?P<month>\d\d)(?P<day>\d\d)(?!\d{1,3}(?!\d))")
_YEAR_FIRST = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)(?P<sep>[-/.])(?P<month>\d{1,2})(?P=sep)(?P<day>\d{1,2})(?!\d)"
)
_YEAR_LAST = re.compile(r"(?<!\d)(?P<a>\d{1,2})(?P<sep>[-/.])(?P<b>\d{1,2})(?P=sep)(?P<year>(?:19|20)\d\d|\d\d)(?!\d)")
_CLOCK_BEHIND = re.compile(r"(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d)?(?:\.\d{1,6})?(?:[+-]\d{4})?(?!\d)")
"""What may follow eight digits without a sign between: a time of day as HL7 and DICOM write it."""
_BESIDE = re.compile(
    r"(?:(?:\b|T|(?<=\d))(?:[01]?\d|2[0-3])[:.h][0-5]\d(?::[0-5]\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?(?!\d)"
    r"|\b(?:and|to|until|till|through|at|on|the|or|[ap]m)\b|[^\w])*",
    re.IGNORECASE,
)
"""What may stand beside the dates of one find: times of day, words and signs that join."""

_WEEKDAY = re.compile(r"\b(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\b", re.I)


@dataclass(frozen=True, slots=True)
class Order:
    """What is known of a writer's order of numbers: `day_first` is None until a date has told it."""

    day_first: bool | None = None

    def seen(self, text: str) -> "Order":
        """What is known after one more date: "31/12/2020" tells, "02/03/2020" does not."""
        match = _YEAR_LAST.match(text)
        if match is None or match["sep"] == ".":
            return self
        first, second = int(match["a"]), int(match["b"])
        if first > 12 >= second:
            return Order(day_first=True)
        return Order(day_first=False) if second > 12 >= first else self


def moved(text: str, days: int, order: Order) -> str | None:
    """`text` `days` later (earlier when negative) in its own spelling, or None when it has no moved form."""
    dates = moved_dates(text, days, order)
    return put(text, dates) if dates else None


def put(text: str, pieces: Sequence[tuple[int, int, str]]) -> str:
    """`text` with each (start, end, what to put there); the pieces are in order and do not overlap."""
    for start, end, new in reversed(pieces):
        text = text[:start] + new + text[end:]
    return text


def moved_dates(text: str, days: int, order: Order) -> list[tuple[int, int, str]] | None:
    """(start, end, moved form) of every date in `text`, or None unless each has one and nothing but times of day and words
    that join stands beside them: what is not moved must not stay, least of all a date that would tell by how much others were.
    """
    if _WEEKDAY.search(text):  # it would no longer be that day of the week
        return None
    found, at = list[tuple[int, int, str]](), 0
    while match := _next_date(text, at):
        later = _later(match, days, order)
        if later is None or not _BESIDE.fullmatch(text, at, match.start()):
            return None
        found.append((*match.span(), later))
        clock = _CLOCK_BEHIND.match(text, match.end()) if match.re is _COMPACT else None
        at = clock.end() if clock else match.end()
    return found if found and _BESIDE.fullmatch(text, at) else None


def whole_day(text: str, order: Order) -> str | None:
    """The one day that `text` says and nothing beside it, as ISO 8601 has it; None where it is not certain which."""
    match = _next_date(text, 0)
    if match is None or match.span() != (0, len(text)):
        return None
    then = _date(match, order)
    return then.isoformat() if then else None


def _next_date(text: str, at: int) -> re.Match[str] | None:
    matches = [
        match for pattern in (_YEAR_FIRST, _COMPACT, *_WORDED, _YEAR_LAST) if (match := pattern.search(text, at))
    ]
    return min(matches, key=lambda match: match.start(), default=None)


def _date(match: re.Match[str], order: Order) -> date | None:
    month, day = _month_and_day(match, order)
    try:
        return date(_year(match["year"]), _month(match[month]), int(match[day])) if month else None
    except ValueError:
        return None


def _month_and_day(match: re.Match[str], order: Order) -> tuple[str, str]:
    """The groups of `match` that are the month and the day, empty names where nobody can tell."""
    if match.re is not _YEAR_LAST:
        return "month", "day"
    day_first = True if match["sep"] == "." else order.seen(match[0]).day_first
    return ("", "") if day_first is None else ("b", "a") if day_first else ("a", "b")


def _later(match: re.Match[str], days: int, order: Order) -> str | None:
    then, (month, day) = _date(match, order), _month_and_day(match, order)
    if then is None:
        return None
    try:
        then += timedelta(days=days)
    except OverflowError:
        return None
    new = {"year": str(then.year)[-len(match["year"]) :], month: _like(match[month], then.month)}
    new[day] = (
        f"{then.day:02}" if len(match[day]) == 2 and (match[month].isdigit() or match[day][0] == "0") else str(then.day)
    )
    if match.re in _WORDED and match["nth"]:
        new["nth"] = _nth(then.day, match["nth"])
    text = match[0]
    for group, value in sorted(new.items(), key=lambda item: -match.start(item[0])):
        start, end = (at - match.start() for at in match.span(group))
        text = text[:start] + value + text[end:]
    return text


def _year(said: str) -> int:
    """Two digits mean a year that has been: nobody's chart holds dates of the coming decades."""
    return int(said) if len(said) == 4 else 2000 + int(said) - 100 * (int(said) > date.today().year % 100)  # noqa: DTZ011


def _month(said: str) -> int:
    return int(said) if said.isdigit() else 1 + next(i for i, m in enumerate(_MONTHS) if m.startswith(said.lower()[:3]))


def _like(said: str, month: int) -> str:
    if said.isdigit():
        return f"{month:02}" if len(said) == 2 else str(month)
    name = _MONTHS[month - 1] if len(said) > 4 or said.lower() in ("june", "july") else _MONTHS[month - 1][:3]
    return name.upper() if said.isupper() else name.capitalize() if said[0].isupper() else name


def _nth(day: int, said: str) -> str:
    ending = "th" if 10 < day < 14 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return ending.upper() if said.isupper() else ending

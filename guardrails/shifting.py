"""A date moved by some days, written as it was. Knows nothing of where dates stand or of sessions.

A date without a year or without a day has no moved form, nor has one whose order of day and month cannot be told: for
those there is `None`, and the caller removes them.
"""

import re
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
_COMPACT = re.compile(r"(?P<year>(?:19|20)\d\d)(?P<month>\d\d)(?P<day>\d\d)(?!\d{1,3}$)")
_YEAR_FIRST = re.compile(r"(?P<year>(?:19|20)\d\d)(?P<sep>[-/.])(?P<month>\d{1,2})(?P=sep)(?P<day>\d{1,2})")
_YEAR_LAST = re.compile(r"(?P<a>\d{1,2})(?P<sep>[-/.])(?P<b>\d{1,2})(?P=sep)(?P<year>(?:19|20)\d\d|\d\d)(?!\d)")

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
    if _WEEKDAY.search(text):  # it would no longer be that day of the week
        return None
    for pattern in (_YEAR_FIRST, _COMPACT, *_WORDED):
        match = pattern.search(text)
        if match:
            return _rewritten(text, match, "year", "month", "day", days)
    match = _YEAR_LAST.search(text)
    if match is None:
        return None
    day_first = True if match["sep"] == "." else order.seen(match[0]).day_first
    if day_first is None:
        return None
    return _rewritten(text, match, "year", *(("b", "a") if day_first else ("a", "b")), days)


def _rewritten(text: str, match: re.Match[str], year: str, month: str, day: str, days: int) -> str | None:
    try:
        then = date(_year(match[year]), _month(match[month]), int(match[day])) + timedelta(days=days)
    except (ValueError, OverflowError):
        return None
    new = {year: str(then.year)[-len(match[year]) :], month: _like(match[month], then.month)}
    new[day] = (
        f"{then.day:02}" if len(match[day]) == 2 and (match[month].isdigit() or match[day][0] == "0") else str(then.day)
    )
    if match.re in _WORDED and match["nth"]:
        new["nth"] = _nth(then.day, match["nth"])
    for group, value in sorted(new.items(), key=lambda item: -match.start(item[0])):
        text = text[: match.start(group)] + value + text[match.end(group) :]
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

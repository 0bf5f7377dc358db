"""Clinical notes with gold identifiers, made from authored templates: the material on which de-identification is measured.

A template is text with slots (`<name1>`, `<date_num>`, ...) and clinical terms in double braces that must survive.
The development and the held part share neither templates nor values, and were written by different authors. Knows no
de-identifier.
"""
# ruff: noqa: E501 - one rule or one list stays on one line

import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Literal

Part = Literal["dev", "held"]
Values = Mapping[str, Sequence[str]]

_MONTHS = "January February March April May June July August September October November December".split()
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth twenty-first twenty-second twenty-third twenty-fourth twenty-fifth twenty-sixth twenty-seventh twenty-eighth".split()  # fmt: skip
_UNITS = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_LETTERS = "ABCEGHJKLMNPRSTVWXYZ"
_OCR = {"o": "0", "O": "0", "l": "1", "i": "l", "S": "5", "B": "8", "m": "rn", "0": "O", "1": "l", "5": "S", "e": "c", "h": "b"}  # fmt: skip
_OCR_RATE = 0.04
_SLOT = re.compile(r"<(age90w?|[A-Za-z_]+?)(\d?)>|\{\{(.+?)\}\}")
_NUMBER_LAST = re.compile(r"(?i)(stra(?:ß|ss)e|weg|platz|allee|gasse|straat|laan|gracht|plein|kade|gatan|vägen|vej|gade|katu|utca)$|^(calle|via|viale|rua|avenida|plaza|piazza|ul\.|carrer|largo|paseo)\b")  # fmt: skip
_NOT_ENGLISH_FIRST = re.compile(r"(?i)^(rue|boulevard|avenue|chemin|allée|quai|impasse) ")


@dataclass(frozen=True, slots=True)
class Note:
    """One generated note: `gold` are identifiers (start, end, type), `terms` clinical words that must survive."""

    text: str
    kind: str
    gold: tuple[tuple[int, int, str], ...]
    terms: tuple[tuple[int, int], ...]


def in_words(number: int) -> str:
    """A number below 200 as it is spoken."""
    if number >= 100:
        rest = number - 100
        return "one hundred" + (f" and {in_words(rest)}" if rest else "")
    if number < 20:
        return _UNITS[number - 1]
    return _TENS[number // 10 - 2] + (f" {_UNITS[number % 10 - 1]}" if number % 10 else "")


class Filler:
    """Fills the slots of one note; the digit of a slot says which person or place it is."""

    def __init__(self, values: Values, rng: random.Random) -> None:
        self._values, self._rng = values, rng
        self._chosen: dict[tuple[str, str], str] = {}

    def _pick(self, what: str, which: str) -> str:
        if not which:
            return self._rng.choice(self._values[what])
        if (what, which) not in self._chosen:
            self._chosen[what, which] = self._rng.choice(self._values[what])
        return self._chosen[what, which]

    def _digits(self, count: int) -> str:
        return "".join(self._rng.choice("0123456789") for _ in range(count))

    def _letters(self, count: int) -> str:
        return "".join(self._rng.choice(_LETTERS) for _ in range(count))

    def person(self, slot: str, which: str) -> str:
        """A person in one of the spellings in which people occur."""
        rng = self._rng
        first, last = self._pick("first", which), self._pick("last", which)
        middle = self._pick("middle", which) if "middle" in self._values else self._pick("first", which + "m")
        caret = "^".join([last.upper(), first.upper(), *([middle[0]] if rng.random() < 0.4 else [])])
        full = f"{first} {middle[0]}. {last}" if rng.random() < 0.1 else f"{first} {last}"
        forms: dict[str, str] = {
            "name": full, "first": first, "last": last, "ini": f"{first[0]}. {last}", "poss": f"{last}'s",
            "mid": f"{first} {rng.choice([middle, middle[0] + '.', middle[0]])} {last}",
            "inits": rng.choice([first[0] + last[0].upper(), f"{first[0]}.{last[0].upper()}.", first[0] + middle[0] + last[0].upper()]),
            "LF": f"{last.upper()}, {first.upper()}", "lf": f"{last}, {first}", "CARET": caret,
        }  # fmt: skip
        return forms[slot]

    def date(self, slot: str) -> str:
        """A date in one of the common forms."""
        rng = self._rng
        year = rng.randint(1931, 2005) if slot == "dob" else rng.randint(2008, 2026)
        month, day = rng.randint(1, 12), rng.randint(1, 28)
        name, yy = _MONTHS[month - 1], f"{year % 100:02}"
        nth = f"{day}{'th' if 10 < day < 14 else {1: 'st', 2: 'nd', 3: 'rd'}.get(day % 10, 'th')}"
        numeric = [f"{month:02}/{day:02}/{year}", f"{day}.{month}.{year}", f"{year}-{month:02}-{day:02}", f"{month}/{day}/{yy}", f"{day:02}-{name[:3]}-{year}", f"{day:02}/{month:02}/{year}", f"{day:02}.{month:02}.{yy}", f"{day}-{month}-{year}", f"{year}/{month:02}/{day:02}", f"{day:02}{name[:3].upper()}{year}"]  # fmt: skip
        long = [f"{name} {day}, {year}", f"{day} {name} {year}", f"{name[:3]} {day} {year}", f"{nth} of {name} {year}", f"{name} {nth}, {year}", f"{day} {name[:3]} {year}", f"{name[:3]}. {day}, {year}"]  # fmt: skip
        short = [f"{month}/{day}", f"{name} {nth}", f"{day} {name[:3]}", f"{name[:3]} {day}", f"{nth} {name}", f"{nth} of {name}", f"{name} {day}", f"{day} {name}"]  # fmt: skip
        clock = f"{rng.randint(0, 23):02}:{rng.randint(0, 59):02}"
        spoken_year = rng.choice([f"{'nineteen' if year < 2000 else 'twenty'} {in_words(year % 100) if year % 100 > 9 else 'oh ' + (_UNITS[year % 100 - 1] if year % 100 else 'oh')}", f"two thousand and {in_words(year - 2000)}" if year > 2000 else f"nineteen {in_words(max(11, year % 100))}"])  # fmt: skip
        forms: dict[str, Callable[[], str]] = {
            "date": lambda: rng.choice(numeric + long), "dob": lambda: rng.choice(numeric + long[:3]),
            "date_num": lambda: rng.choice(numeric), "date_long": lambda: rng.choice(long), "date_md": lambda: rng.choice(short),
            "date_my": lambda: rng.choice([f"{name} {year}", f"{name[:3]} {year}", f"{month:02}/{year}", f"{name} of {year}"]),
            "date_compact": lambda: f"{year}{month:02}{day:02}", "datetime": lambda: f"{rng.choice(numeric[:4])}{rng.choice([' ', ' ', 'T', ', '])}{clock}",
            "date_spoken": lambda: rng.choice([f"{name.lower()} {_ORDINALS[day - 1]} {spoken_year}", f"the {_ORDINALS[day - 1]} of {name.lower()} {spoken_year}", f"{name.lower()} {_ORDINALS[day - 1]}"]),
        }  # fmt: skip
        return forms[slot]()

    def number(self, slot: str) -> tuple[str, str]:
        """(type, value) of everything else that is made, not chosen."""
        d, a, rng = self._digits, self._letters, self._rng
        pick = rng.choice
        simple = [re.sub(r"[^a-z]", "", self._pick(what, "").lower()) or "x" for what in ("first", "last")]
        first, last = simple
        made: dict[str, tuple[str, Callable[[], str]]] = {
            "mrn": ("ID", lambda: pick([d(8), d(6), d(7), f"{a(1)}{d(7)}", f"{d(3)}-{d(4)}", f"{a(2)}{d(6)}", f"{d(2)}-{d(2)}-{d(2)}-{d(2)}", f"{d(4)}/{d(2)}", f"{d(3)} {d(3)} {d(2)}"])),
            "acc": ("ID", lambda: pick([f"ACC{d(7)}", f"{d(4)}-{d(5)}", f"CR-26-{d(6)}", d(9), f"XR{d(8)}", f"A{d(2)}-{d(6)}", f"{a(3)}{d(10)}"])),
            "account": ("ID", lambda: pick([d(10), d(8), f"H{d(9)}", f"{d(5)}-{d(4)}"])),
            "encounter": ("ID", lambda: pick([d(9), f"E{d(8)}", f"V{d(10)}", f"{d(3)}-{d(3)}-{d(3)}"])),
            "ssn": ("ID", lambda: pick([f"{d(3)}-{d(2)}-{d(4)}", f"{d(3)}-{d(2)}-{d(4)}", f"{d(3)} {d(2)} {d(4)}", d(9)])),
            "nhs": ("ID", lambda: pick([f"{d(3)} {d(3)} {d(4)}", f"{d(3)} {d(3)} {d(4)}", d(10), f"{d(3)}-{d(3)}-{d(4)}"])),
            "ohip": ("ID", lambda: pick([f"{d(4)} {d(3)} {d(3)} {a(2)}", f"{d(4)}-{d(3)}-{d(3)}", f"{d(10)}{a(2)}", f"{d(4)} {d(3)} {d(3)}"])),
            "aadhaar": ("ID", lambda: pick([f"{d(4)} {d(4)} {d(4)}", f"{d(4)}-{d(4)}-{d(4)}", d(12)])),
            "dni": ("ID", lambda: pick([f"{d(8)}{a(1)}", f"{d(8)}-{a(1)}", f"X{d(7)}{a(1)}", f"{d(2)}.{d(3)}.{d(3)}-{a(1)}"])),
            "nir": ("ID", lambda: pick([f"{pick('12')} {d(2)} {rng.randint(1, 12):02} {d(2)} {d(3)} {d(3)} {d(2)}", f"{pick('12')}{d(2)}{rng.randint(1, 12):02}{d(10)}"])),
            "bsn": ("ID", lambda: pick([d(9), f"{d(4)}.{d(2)}.{d(3)}", f"{d(3)} {d(3)} {d(3)}"])),
            "npi": ("ID", lambda: f"1{d(9)}"),
            "dea": ("ID", lambda: f"{pick('ABFM')}{a(1)}{d(7)}"),
            "license": ("ID", lambda: pick([f"{a(1)}{d(8)}", f"{a(1)}{d(3)}-{d(4)}-{d(4)}", d(7), f"{a(5)}{d(6)}{a(2)}{d(1)}{a(2)}", f"MD{d(6)}"])),
            "plate": ("ID", lambda: pick([f"{a(3)} {d(4)}", f"{a(2)}{d(2)} {a(3)}", f"{d(1)}{a(3)}{d(3)}", f"{a(3)}-{d(3)}", f"{a(2)} {d(2)} {a(2)} {d(4)}", f"{a(2)}-{d(3)}-{a(2)}"])),
            "policy": ("ID", lambda: pick([f"{a(3)}{d(8)}", f"{a(1)}{d(9)}", f"{d(3)}-{d(7)}", f"{a(2)}-{d(6)}-{d(2)}"])),
            "device": ("ID", lambda: pick([f"{a(2)}{d(6)}{a(1)}", f"{d(4)}-{a(1)}{d(5)}", f"SN{d(8)}", f"{a(3)}{d(6)}"])),
            "uid": ("ID", lambda: f"1.2.{rng.randint(100, 999)}.{d(6).lstrip('0') or '7'}.{rng.randint(1, 99)}.{d(9).lstrip('0') or '3'}.{rng.randint(1, 999)}"),
            "card": ("ID", lambda: f"4{d(3)} {d(4)} {d(4)} {d(4)}"),
            "digits": ("ID", lambda: pick([d(6), d(7), d(8), d(9)])),
            "phone": ("PHONE", lambda: pick([f"({pick('2357')}{d(2)}) 555-{d(4)}", f"{pick('2357')}{d(2)}-555-{d(4)}", f"{pick('2357')}{d(2)}.555.{d(4)}", f"+1 {pick('2357')}{d(2)} 555 {d(4)}", f"020 7946 0{d(3)}", f"+44 20 7946 0{d(3)}", f"07700 900{d(3)}", f"+91 98{d(3)} {d(5)}", f"98{d(8)}", f"+49 30 {d(7)}", f"+33 6 {d(2)} {d(2)} {d(2)} {d(2)}", f"06-{d(8)}", f"087 {d(3)} {d(4)}", f"0{pick('2378')} {d(4)} {d(4)}", f"555-{d(4)}", f"+34 6{d(2)} {d(3)} {d(3)}", f"+234 80{d(1)} {d(3)} {d(4)}"])),
            "fax": ("PHONE", lambda: pick([f"({pick('2357')}{d(2)}) 555-{d(4)}", f"{pick('2357')}{d(2)}-555-{d(4)}", f"020 7946 0{d(3)}", f"+49 89 {d(6)}-{d(2)}"])),
            "pager": ("PHONE", lambda: pick([d(4), d(5), f"{d(3)}-{d(4)}"])),
            "ext": ("PHONE", lambda: pick([d(4), d(5), d(3)])),
            "email": ("EMAIL", lambda: f"{pick([f'{first}.{last}', first[0] + last, f'{last}{d(2)}', f'{first}_{last}'])}@{pick(['example.org', 'nhs.example.uk', 'mail.example.com', 'klinik.example.de', 'hospital.example'])}"),
            "url": ("URL", lambda: pick([f"https://portal.example.org/p/{d(5)}", f"www.example.com/{first}{last}", f"http://pacs.example.net/study?id={d(6)}", f"example.org/results/{d(5)}"])),
            "ip": ("IP", lambda: pick([f"10.{rng.randint(0, 255)}.{rng.randint(0, 255)}.{rng.randint(1, 254)}", f"192.168.{rng.randint(0, 255)}.{rng.randint(1, 254)}", f"fe80::{d(4)}:{d(3)}a:{d(4)}"])),
            "user": ("OTHER", lambda: pick([f"{first[0]}{last}{d(2)}", f"{first}.{last}", f"{last}{first[0]}", f"{first}_{d(2)}"])),
            "age90": ("AGE_OVER_89", lambda: str(pick([*range(90, 100), *range(90, 100), *range(100, 108)]))),
            "age90w": ("AGE_OVER_89", lambda: in_words(rng.randint(90, 104))),
            "zip": ("LOCATION", self.postal_code),
        }  # fmt: skip
        kind, make = made[slot]
        return kind, make()

    def postal_code(self) -> str:
        """Of the US, UK, Canada, India, Germany or the Netherlands."""
        d, a = self._digits, self._letters
        return self._rng.choice(
            [
                f"{self._rng.randint(10000, 99999)}",
                f"{d(5)}-{d(4)}",
                f"{a(2)}{self._rng.randint(1, 20)} {d(1)}{self._rng.choice('ABDEFGHJLN')}{self._rng.choice('ABDEFGHJLN')}",
                f"M{d(1)}{self._rng.choice('ABCEGH')} {d(1)}{self._rng.choice('ABCEGH')}{d(1)}",
                f"{self._rng.randint(110, 799)}{d(3)}",
                f"{self._rng.randint(1000, 9899)} {a(2)}",
            ]
        )

    def street(self) -> str:
        """House number and street, the number where the country puts it."""
        name = self._pick("street", "")
        number = f"{self._rng.randint(1, 980)}{self._rng.choice(['', '', '', '', 'A', 'b'])}"
        if _NUMBER_LAST.search(name):
            return f"{name} {number}"
        return f"{number}{', ' if _NOT_ENGLISH_FIRST.match(name) and self._rng.random() < 0.3 else ' '}{name}"

    def place(self, slot: str, which: str) -> tuple[str, str]:
        """(type, value) of places and organizations."""
        if slot == "address":
            city = self._pick("city", which)
            street = self.street()
            flat = self._rng.choice(
                ["", "", "", f", Apt {self._digits(1)}{self._letters(1)}", f", Flat {self._digits(1)}"]
            )
            code = self.postal_code()
            return "LOCATION", self._rng.choice([f"{street}{flat}, {city} {code}", f"{street}{flat}, {city}, {code}", f"{street}, {code} {city}"])  # fmt: skip
        if slot == "street":
            return "LOCATION", self.street()
        organizations = ("hospital", "clinic", "school", "employer", "carehome")
        return ("ORGANIZATION" if slot in organizations else "LOCATION"), self._pick(slot, which)

    def fill(self, slot: str, which: str) -> tuple[str, str]:
        """(type, value) for a slot; type "" is a clinical term."""
        if slot in ("name", "first", "last", "mid", "ini", "inits", "poss", "LF", "lf", "CARET"):
            return "NAME", self.person(slot, which)
        if slot.startswith("date") or slot == "dob":
            return "DATE", self.date(slot)
        if slot in ("address", "street", "city", "county", "ward", "room", "hospital", "clinic", "school", "employer", "carehome"):  # fmt: skip
            return self.place(slot, which)
        if slot == "term":
            return "", self._pick("term", "")
        return self.number(slot)


def templates(part: Part) -> list[tuple[str, Values]]:
    """Every template of a part beside the values of its author."""
    folder = resources.files("copilot.evaluation").joinpath("data", "deid")
    found = []
    for file in sorted(folder.iterdir(), key=lambda f: f.name):
        if file.name.startswith(part) and not file.name.endswith("_values.txt"):
            values = read_values(folder.joinpath(file.name.replace(".txt", "_values.txt")).read_text("utf-8"))
            found += [(text, values) for text in re.split(r"\n---\n", file.read_text("utf-8").strip())]
    return found


def read_values(text: str) -> Values:
    """Lists of the form `name: a|b|c`, one a line."""
    lines = (line.split(":", 1) for line in text.splitlines() if line.strip() and not line.startswith("#"))
    return {
        name.strip(): [v.strip() for v in (rest.split("|") if "|" in rest else rest.split())] for name, rest in lines
    }


def notes(part: Part, count: int, seed: int = 0) -> Iterator[Note]:
    """`count` notes of a part, the same for the same seed; every template comes before one comes again."""
    available = templates(part)
    rng = random.Random(f"{part}-{seed}")  # noqa: S311 - repeatable, not secret
    for index in range(count):
        template, values = available[index % len(available)]
        yield note(template, values, rng)


def note(template: str, values: Values, rng: random.Random, more_styles: Sequence[str] = ()) -> Note:
    """One template filled, in the style that its first line names."""
    header, _, body = template.partition("\n")
    kind, *how = header.removeprefix("# ").split()
    styles = [*how, *more_styles]
    filler = Filler(values, rng)
    text, position = "", 0
    gold: list[tuple[int, int, str]] = []
    terms: list[tuple[int, int, str]] = []
    for match in _SLOT.finditer(body):
        text += _styled(body[position : match.start()], styles, rng)
        type_, value = ("", match[3]) if match[3] else filler.fill(match[1], match[2])
        value = _styled(value, styles if type_ else [style for style in styles if style != "ocr"], rng)
        if "nopunct" in styles and not type_:
            value = value.rstrip()
        end = len(text) + len(value) - len("'s") * (match[1] == "poss")  # the ending is grammar and names nobody
        (gold if type_ else terms).append((len(text), end, type_))
        text += value
        position = match.end()
    text += _styled(body[position:], styles, rng)
    return Note(text, kind, tuple(gold), tuple((start, end) for start, end, _ in terms))


def _styled(text: str, styles: Sequence[str], rng: random.Random) -> str:
    if "nopunct" in styles:
        text = re.sub(r"[,;:?!](?=\s|$)|\.(?=\s|$)", "", text).replace("\n", " ")
    if "lower" in styles:
        text = text.lower()
    if "upper" in styles:
        text = text.upper()
    if "ocr" in styles:
        text = "".join(_OCR[c] if c in _OCR and rng.random() < _OCR_RATE else c for c in text)
    return text

"""How much of what identifies people is taken out, and how much clinical language is harmed, on generated notes.

Notes come from authored templates with gold spans; development and held parts share neither templates nor names.
Knows the de-identifier by its public face only; plain Presidio stands beside it in the same run.
"""
# ruff: noqa: E501 - one rule or one list stays on one line

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib import resources

from guardrails.recognizers.presidio import plain_presidio
from guardrails.text import TextDeidentifier
from guardrails.types import Vault

_MONTHS = "January February March April May June July August September October November December".split()
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth".split()  # fmt: skip
_SPOKEN_YEARS = (
    "nineteen fifty eight",
    "nineteen seventy two",
    "two thousand and nineteen",
    "twenty twenty one",
    "nineteen forty",
)
_OCR = {"o": "0", "O": "0", "l": "1", "i": "l", "S": "5", "B": "8", "m": "rn", "0": "O", "1": "l", "5": "S"}
_SLOT = re.compile(r"<(age90|wardhl7|[A-Za-z_]+)(\d?)>|\{\{(.+?)\}\}")

Spans = list[tuple[int, int, str]]


@dataclass(frozen=True, slots=True)
class Note:
    """One generated note: `gold` are identifiers (start, end, type), `terms` clinical words that must survive."""

    text: str
    kind: str
    gold: tuple[tuple[int, int, str], ...]
    terms: tuple[tuple[int, int], ...]


@dataclass(slots=True)
class Score:
    """Counts for one de-identifier."""

    gold: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    gold_by_kind: Counter[str] = field(default_factory=Counter)
    found_by_kind: Counter[str] = field(default_factory=Counter)
    terms: int = 0
    damaged: int = 0

    @property
    def recall(self) -> float:
        """Share of gold spans of which every letter and digit is gone."""
        return sum(self.found.values()) / max(1, sum(self.gold.values()))

    def by_type(self) -> dict[str, float]:
        """Recall for each type of identifier."""
        return {name: self.found[name] / count for name, count in sorted(self.gold.items())}

    def by_kind(self) -> dict[str, float]:
        """Recall for each kind of text."""
        return {name: self.found_by_kind[name] / count for name, count in sorted(self.gold_by_kind.items())}


class _Filler:
    """Fills the slots of one note; the digit of a slot says which person it is."""

    def __init__(self, values: dict[str, list[str]], rng: random.Random) -> None:
        self._values, self._rng = values, rng
        self._people: dict[str, tuple[str, str]] = {}

    def _digits(self, count: int) -> str:
        return "".join(self._rng.choice("0123456789") for _ in range(count))

    def _person(self, which: str) -> tuple[str, str]:
        if which not in self._people or not which:
            pick = self._rng.choice
            self._people[which] = pick(self._values["first"]), pick(self._values["last"]).replace("-", " ")
        return self._people[which]

    def _date(self) -> tuple[int, int, int]:
        return self._rng.randint(1931, 2026), self._rng.randint(1, 12), self._rng.randint(1, 28)

    def name(self, slot: str, which: str) -> str:
        """A person in one of the spellings in which people occur."""
        first, last = self._person(which)
        forms = {
            "name": f"{first} {last}", "first": first, "last": last, "ini": f"{first[0]}. {last}",
            "LF": f"{last.upper()}, {first.upper()}", "CARET": f"{last.upper()}^{first.upper()}",
        }  # fmt: skip
        return forms[slot]

    def date(self, slot: str) -> str:
        """A date in one of the common forms."""
        year, month, day = self._date()
        name = _MONTHS[month - 1]
        numeric = [f"{month:02}/{day:02}/{year}", f"{day}.{month}.{year}", f"{year}-{month:02}-{day:02}", f"{month}/{day}/{year % 100:02}", f"{day:02}-{name[:3]}-{year}", f"{day:02}/{month:02}/{year}"]  # fmt: skip
        long = [
            f"{name} {day}, {year}",
            f"{day} {name} {year}",
            f"{name[:3]} {day} {year}",
            f"{day}th of {name}",
            f"{name} {year}",
        ]
        forms = {
            "date_num": self._rng.choice(numeric), "date_long": self._rng.choice(long), "date_compact": f"{year}{month:02}{day:02}",
            "date_spoken": f"{name.lower()} {self._rng.choice(_ORDINALS)} {self._rng.choice(_SPOKEN_YEARS)}",
        }  # fmt: skip
        return forms[slot]

    def number(self, slot: str) -> tuple[str, str]:
        """(type, value) of everything else that is made, not chosen."""
        d, pick = self._digits, self._rng.choice
        letters = "".join(pick("ABCEGHJKLMPRT") for _ in range(3))
        first, last = (re.sub(r"[^a-z]", "", part.lower()) or "x" for part in self._person(""))
        made: dict[str, tuple[str, Callable[[], str]]] = {
            "mrn": ("ID", lambda: pick([d(8), d(6), d(7), f"{letters[0]}{d(7)}", f"{d(3)}-{d(4)}"])),
            "acc": ("ID", lambda: pick([f"ACC{d(7)}", f"{d(4)}-{d(5)}", f"CR-26-{d(6)}", d(9)])),
            "ssn": ("ID", lambda: f"{d(3)}-{d(2)}-{d(4)}"),
            "nhs": ("ID", lambda: f"{d(3)} {d(3)} {d(4)}"),
            "aadhaar": ("ID", lambda: f"{d(4)} {d(4)} {d(4)}"),
            "policy": ("ID", lambda: f"{letters}{d(8)}"),
            "serial": ("ID", lambda: f"{letters[:2]}{d(6)}{letters[2]}"),
            "lic": ("ID", lambda: f"{letters[0]}{d(8)}"),
            "plate": ("ID", lambda: f"{letters} {d(4)}"),
            "pin": ("LOCATION", lambda: f"4{d(5)}"),
            "num": ("LOCATION", lambda: str(self._rng.randint(2, 980))),
            "wardhl7": ("LOCATION", lambda: f"{d(1)}W^{d(3)}^A"),
            "phone": (
                "PHONE",
                lambda: pick(
                    [
                        f"({pick('2357')}{d(2)}) 555-{d(4)}",
                        f"{pick('2357')}{d(2)}-555-{d(4)}",
                        f"+44 20 7946 0{d(3)}",
                        f"07700 900{d(3)}",
                        f"+91 98{d(3)} {d(5)}",
                    ]
                ),
            ),
            "email": ("EMAIL", lambda: f"{first}.{last}@{pick(['example.org', 'nhs.example.uk', 'mail.example.com'])}"),
            "url": ("URL", lambda: f"https://portal.example.org/p/{d(5)}"),
            "ip": (
                "IP",
                lambda: f"10.{self._rng.randint(0, 255)}.{self._rng.randint(0, 255)}.{self._rng.randint(1, 254)}",
            ),
            "user": ("OTHER", lambda: f"{first[0]}{last}{d(2)}"),
            "age90": ("AGE_OVER_89", lambda: str(self._rng.randint(90, 104))),
        }
        kind, make = made[slot]
        return kind, make()

    def fill(self, slot: str, which: str) -> tuple[str, str]:
        """(type, value) for a slot; type "" is a clinical term."""
        if slot in ("name", "first", "last", "ini", "LF", "CARET"):
            return "NAME", self.name(slot, which)
        if slot.startswith("date"):
            return "DATE", self.date(slot)
        chosen = {"city": "LOCATION", "street": "LOCATION", "ward": "LOCATION", "hospital": "ORGANIZATION", "employer": "ORGANIZATION", "school": "ORGANIZATION", "term": ""}  # fmt: skip
        return (chosen[slot], self._rng.choice(self._values[slot])) if slot in chosen else self.number(slot)


def notes(part: str, count: int, seed: int = 0) -> Iterator[Note]:
    """`count` notes of `part` ("dev" or "held"), the same for the same seed."""
    data = resources.files("copilot.evaluation").joinpath("data")
    values = _values(data.joinpath(f"deid_{part}_values.txt").read_text("utf-8"))
    templates = data.joinpath(f"deid_{part}.txt").read_text("utf-8").strip().split("\n---\n")
    rng = random.Random(f"{part}-{seed}")  # noqa: S311 - repeatable, not secret
    for index in range(count):
        yield _note(templates[index % len(templates)], values, rng)


def _values(text: str) -> dict[str, list[str]]:
    lines = (line.split(": ", 1) for line in text.splitlines() if not line.startswith("#"))
    return {name: rest.split("|") if "|" in rest else rest.split() for name, rest in lines}


def _note(template: str, values: dict[str, list[str]], rng: random.Random) -> Note:
    header, _, body = template.partition("\n")
    kind, *how = header.removeprefix("# ").split()
    filler = _Filler(values, rng)
    text, position, gold, terms = "", 0, [], []
    for match in _SLOT.finditer(body):
        text += _styled(body[position : match.start()], how, rng)
        type_, value = ("", match[3]) if match[3] else filler.fill(match[1], match[2])
        value = _styled(value, how if type_ else [style for style in how if style != "ocr"], rng)
        if type_:
            gold.append((len(text), len(text) + len(value), type_))
        else:
            terms.append((len(text), len(text) + len(value)))
        text += value
        position = match.end()
    return Note(text + _styled(body[position:], how, rng), kind, tuple(gold), tuple(terms))


def _styled(text: str, how: list[str], rng: random.Random) -> str:
    if "lower" in how:
        text = text.lower()
    if "upper" in how:
        text = text.upper()
    if "ocr" in how:
        text = "".join(_OCR[c] if c in _OCR and rng.random() < 0.06 else c for c in text)
    return text


Deidentify = Callable[[str], list[tuple[int, int]]]


def ours(deidentifier: TextDeidentifier) -> Deidentify:
    """Our de-identifier as spans; each note is a session of its own."""
    return lambda text: [(r.start, r.end) for r in deidentifier.deidentify(text, Vault()).redactions]


def score(deidentify: Deidentify, sample: Iterator[Note], missed: list[str] | None = None) -> Score:
    """Runs one de-identifier over notes. `missed` collects what went wrong, for the development part."""
    result = Score()
    for note in sample:
        gone = bytearray(len(note.text))
        for start, end in deidentify(note.text):
            gone[start:end] = b"\1" * (end - start)
        for start, end, type_ in note.gold:
            covered = all(gone[i] or not note.text[i].isalnum() for i in range(start, end))
            result.gold[type_] += 1
            result.gold_by_kind[note.kind] += 1
            result.found[type_] += covered
            result.found_by_kind[note.kind] += covered
            if not covered and missed is not None:
                missed.append(
                    f"{type_} {note.kind}: ...{note.text[max(0, start - 30) : start]}>>{note.text[start:end]}<<{note.text[end : end + 20]}"
                )
        for start, end in note.terms:
            harmed = any(gone[start:end])
            result.terms += 1
            result.damaged += harmed
            if harmed and missed is not None:
                missed.append(
                    f"TERM {note.kind}: ...{note.text[max(0, start - 30) : start]}>>{note.text[start:end]}<<{note.text[end : end + 20]}"
                )
    return result


def evaluate(deidentifier: TextDeidentifier, part: str = "held", count: int = 2000, seed: int = 0) -> dict[str, Score]:
    """Ours and plain Presidio on the same notes, by name."""
    return {
        "clinical copilot": score(ours(deidentifier), notes(part, count, seed)),
        "plain presidio": score(plain_presidio(), notes(part, count, seed)),
    }

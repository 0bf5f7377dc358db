"""A plain-letters view of any text, with the way back to the offsets of the input. Knows nothing of identifiers.

Zero-width characters, a hyphen at the end of a line, HTML tags and entities, full-width digits, ligatures and look-alike letters of other alphabets
would hide a name from every rule, so rules read this view and spans are mapped back.
"""
# ruff: noqa: E501 - one rule or one list stays on one line

import html
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

_TAGS = "a abbr b big blockquote body br center code div em font h1 h2 h3 h4 h5 h6 head hr html i li mark ol p pre s small span strike strong sub sup table tbody td th thead title tr tt u ul".split()  # fmt: skip
_INLINE = frozenset("a abbr b big em font i mark s small span strike strong sub sup tt u".split())
_MARKUP = re.compile(
    rf"</?({'|'.join(_TAGS)})\s*/?>|&(?:#\d{{1,7}}|#[xX][0-9a-fA-F]{{1,6}}|[A-Za-z]{{2,8}});"
    r"|(?P<broken>(?<=(?-i:[a-z]))-\r?\n[ \t]*(?=(?-i:[a-z])))",
    re.IGNORECASE,
)
_BROKEN = re.compile(r"[a-z]-\r?\n[ \t]*[a-z]")  # a word that goes on in the next line
_PLAIN = re.compile(r"[\t\n\r\x20-\x25\x27-\x3b\x3d-\x7e]*")  # ASCII without "&" and "<"
_WORD = re.compile(r"[^\W\d_]+")
_TOKEN = re.compile(r"[^\W_]+(?:['’`][^\W\d_]+)*", re.UNICODE)

_MISREAD_NUMBER = re.compile(r"(?<![A-Za-z0-9])[0-9OolI|SBZ][0-9OolI|SBZ/.:-]{2,}[0-9OolI|SBZ](?![A-Za-z0-9])")
_MISREAD_WORD = re.compile(
    r"(?<![A-Za-z0-9])(?:[A-Za-z]+['’]?[01|58][A-Za-z]+(?:[01|58][A-Za-z]+)*|[01|58][A-Z]{3,}|[58][a-z]{6,})(?![A-Za-z0-9])"
)
_NEAR, _FIELDS = 100, 3  # characters before and behind; signs in them from which on they part fields
_UPPER_OF, _LOWER_OF = str.maketrans("01|58", "OIISB"), str.maketrans("01|58", "ollsb")
_DIGIT_OF = str.maketrans("OolI|SBZ", "00111582")

# Letters of other alphabets that are drawn like a Latin one (Unicode TR39, the pairs a reader cannot tell apart).
_LOOK_ALIKE = str.maketrans(
    "АВЕКМНОРСТХУІЈЅаеорсухіјѕԁһԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧοανικρυ",
    "ABEKMHOPCTXYIJSaeopcyxijsdhqwABEZHIKMNOPTYXoavikpu",
)
_TYPOGRAPHIC = str.maketrans({"‘": "'", "’": "'", "ʼ": "'", "“": '"', "”": '"', "‐": "-", "‑": "-", "–": "-", "—": "-", "−": "-", "\u2028": "\n", "\u2029": "\n"})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Token:
    """One word or number of a view."""

    start: int
    end: int
    text: str
    lower: str


@dataclass(frozen=True)
class View:
    """`text` is what rules read; character i of it came from code point `origin[i]` of the input (None: the same one)."""

    text: str
    origin: list[int] | None = None
    raw_length: int = 0
    phrases: dict[int, frozenset[int]] = field(default_factory=dict, compare=False, repr=False)

    def raw_span(self, start: int, end: int) -> tuple[int, int]:
        """The code points of the input behind a range of the view, everything hidden inside it included."""
        if self.origin is None:
            return start, end
        after = self.origin[end] if end < len(self.origin) else self.raw_length
        last = self.origin[end - 1] + 1
        return self.origin[start], max(last, min(after, last))

    @cached_property
    def tokens(self) -> list[Token]:
        """Words and numbers in reading order; an apostrophe inside a word is part of it."""
        return [Token(m.start(), m.end(), m[0], m[0].lower()) for m in _TOKEN.finditer(self.letters)]

    @cached_property
    def digits(self) -> str:
        """The view with letters that OCR reads for digits put right inside numbers ("l4/O3/1958"), at the same offsets."""
        return _MISREAD_NUMBER.sub(self._as_digits, self.text)

    def _as_digits(self, match: re.Match[str]) -> str:
        """Field by field where "|" parts those of a table or a message, else as a whole."""
        parts = "|" in match[0] and self.text.count("|", max(0, match.start() - _NEAR), match.end() + _NEAR) >= _FIELDS
        return "|".join(map(_digits_of, match[0].split("|"))) if parts else _digits_of(match[0])

    @cached_property
    def letters(self) -> str:
        """The view with digits that OCR reads for letters put right inside words ("C1inic", "D0B"), at the same offsets."""
        return _MISREAD_WORD.sub(_as_letters, self.text)

    @cached_property
    def lower(self) -> str:
        """The view in lower case, at the same offsets."""
        lowered = self.text.lower()
        return lowered if len(lowered) == len(self.text) else "".join(c.lower()[:1] or c for c in self.text)


def _digits_of(number: str) -> str:
    digits = sum(c.isdigit() for c in number)
    return number.translate(_DIGIT_OF) if digits * 2 >= sum(c.isalnum() or c == "|" for c in number) else number


def _as_letters(match: re.Match[str]) -> str:
    word = match[0]
    if word[0].isdigit() or word.upper() == word:
        return word[0].translate(_UPPER_OF) + word[1:].translate(_UPPER_OF if word.upper() == word else _LOWER_OF)
    return word.translate(_LOWER_OF)


def look(raw: str) -> View:
    """The view of `raw`. Plain ASCII is its own view."""
    if _PLAIN.fullmatch(raw) and not _BROKEN.search(raw):
        return View(raw, None, len(raw))
    letters: list[str] = []
    origin: list[int] = []
    for piece, start, stretched in _pieces(raw):
        letters.append(piece)
        origin.extend([start] * len(piece) if stretched else range(start, start + len(piece)))
    text = _fold_look_alikes("".join(letters))
    return View(text, origin, len(raw))


def _pieces(raw: str) -> Iterator[tuple[str, int, bool]]:
    """(letters of the view, their offset in the input, whether they all come from that one offset)."""
    position = 0
    for match in _MARKUP.finditer(raw):
        yield from _clusters(raw, position, match.start())
        yield _markup(match), match.start(), True
        position = match.end()
    yield from _clusters(raw, position, len(raw))


def _markup(match: re.Match[str]) -> str:
    if match["broken"]:
        return ""
    if match[1]:
        return "" if match[1].lower() in _INLINE else "\n"
    meant = html.unescape(match[0])
    return meant if meant == match[0] else _letter(meant)


def _clusters(raw: str, start: int, end: int) -> Iterator[tuple[str, int, bool]]:
    position = start
    while position < end:
        plain = _PLAIN.match(raw, position, end)
        stop = plain.end() if plain else position
        if stop < end and stop > position and unicodedata.combining(raw[stop]):
            stop -= 1  # the accent belongs to the last plain letter
        if stop > position:
            yield raw[position:stop], position, False
            position = stop
            continue
        stop = position + 1
        while stop < end and unicodedata.combining(raw[stop]):
            stop += 1
        yield _letter(raw[position:stop]), position, True
        position = stop


def _letter(cluster: str) -> str:
    if cluster in ("&", "<"):
        return cluster
    visible = "".join(c for c in cluster if unicodedata.category(c) not in ("Cf", "Cs", "Co", "Cn") and c != "\u034f")
    if not visible:
        return ""
    folded = unicodedata.normalize("NFKC", visible).translate(_TYPOGRAPHIC)
    return " " if folded.isspace() and folded not in "\n\r\t" else folded


def _fold_look_alikes(text: str) -> str:
    """Look-alike letters become Latin in words that hold Latin letters too; a word of one foreign alphabet stays."""

    def fold(match: re.Match[str]) -> str:
        word = match[0]
        if word.isascii() or not any("a" <= c.lower() <= "z" for c in word):
            return word
        return word.translate(_LOOK_ALIKE)

    return _WORD.sub(fold, text)

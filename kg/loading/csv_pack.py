"""Reads a folder of `*.concepts.csv`, `*.facts.csv` and `*.sources.csv` (the format of
`kg/content/README.md`).

Knows nothing of the graph engine. `core` is such a folder inside the wheel; a hospital's own pack is one on
its disk.
"""

import csv
import hashlib
import io
import math
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Generic, TypeVar, cast, get_args

from kg.loading.pack import fact_id
from kg.predicates import PREDICATES
from kg.types import Concept, Fact, Operator, PackInvalid, Quantity, Source, Tier

T = TypeVar("T")

CONCEPT_COLUMNS = ("id", "name", "category", "synonyms", "lay_name", "definition", "definition_source")
FACT_COLUMNS = (
    "subject", "predicate", "object", "denied", "operator", "value", "upper", "unit", "qualifiers", "source",
)  # fmt: skip
SOURCE_COLUMNS = ("id", "citation", "year", "url")

CATEGORIES = frozenset({
    "finding", "sign", "anatomy", "technique", "disease", "organism", "symptom", "exam_sign", "measurement",
    "device",
    "test", "treatment", "population", "factor", "value", "code",
})  # fmt: skip
QUALIFIERS = frozenset({
    "population", "condition", "view", "side", "chronicity", "severity", "frequency", "mechanism",
})  # fmt: skip
MEASURED = frozenset({"HAS_THRESHOLD", "HAS_VALUE"})
_ID = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was written."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file} line {self.line}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a pack."""

    place: Place
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


@dataclass(frozen=True, slots=True)
class Written(Generic[T]):
    """A value together with where it was written."""

    value: T
    place: Place


@dataclass
class Draft:
    """Everything a folder says, and every row that could not be read. Facts carry ids, not yet names and
    citations.
    """

    concepts: list[Written[Concept]] = field(default_factory=list)
    sources: list[Written[Source]] = field(default_factory=list)
    facts: list[Written[Fact]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


Cells = Mapping[str, str]


class _BadRowError(ValueError):
    """Why a row cannot be read."""


def read_folder(folder: Traversable, pack: str = "core", tier: Tier = Tier.CURATED) -> Draft:
    """Reads every CSV file of the folder. A broken row becomes a problem; the others are still read."""
    draft = Draft()
    for file in _csv_files(folder):
        if file.name.endswith(".concepts.csv"):
            _read(file, CONCEPT_COLUMNS, lambda cells: _concept(cells, pack), draft.concepts, draft.problems)
        elif file.name.endswith(".sources.csv"):
            _read(file, SOURCE_COLUMNS, _source, draft.sources, draft.problems)
        elif file.name.endswith(".facts.csv"):
            _read(file, FACT_COLUMNS, lambda cells: _fact(cells, pack, tier), draft.facts, draft.problems)
        else:
            draft.problems.append(
                Problem(Place(file.name, 1), "the name must end in .concepts.csv, .facts.csv or .sources.csv")
            )
    return draft


def _csv_files(folder: Traversable) -> list[Traversable]:
    return sorted((f for f in folder.iterdir() if f.name.endswith(".csv")), key=lambda f: f.name)


def _read(
    file: Traversable,
    columns: tuple[str, ...],
    parse: Callable[[Cells], T],
    into: list[Written[T]],
    problems: list[Problem],
) -> None:
    for place, cells in _rows(file, columns, problems):
        try:
            into.append(Written(parse(cells), place))
        except _BadRowError as error:
            problems.append(Problem(place, str(error)))


def _rows(file: Traversable, columns: tuple[str, ...], problems: list[Problem]) -> Iterator[tuple[Place, Cells]]:
    """The data rows; blank lines are passed over. A wrong header or wrong encoding ends the file with one
    problem.
    """
    try:
        text = (data := file.read_bytes()).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        place = Place(file.name, 1 + data.count(b"\n", 0, error.start))
        problems.append(Problem(place, "the file is not UTF-8; save it as UTF-8"))
        return
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = tuple(cell.strip() for cell in next(reader, []))
        if header != columns:
            problems.append(Problem(Place(file.name, 1), f"the header must be {','.join(columns)}"))
            return
        for cells in reader:
            place = Place(file.name, reader.line_num)
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(columns):
                problems.append(Problem(place, f"{len(cells)} cells where {len(columns)} are needed"))
                continue
            yield place, dict(zip(columns, (" ".join(cell.split()) for cell in cells), strict=True))
    except csv.Error as error:
        problems.append(Problem(Place(file.name, reader.line_num), f"not readable as CSV ({error})"))


def _identifier(text: str, what: str) -> str:
    if not _ID.fullmatch(text):
        raise _BadRowError(f"{what} {text!r} is not a snake_case id")
    return text


def _list(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in text.split("|") if part.strip()))


def _concept(cells: Cells, pack: str) -> Concept:
    if not cells["name"]:
        raise _BadRowError("the concept has no name")
    if cells["category"] not in CATEGORIES:
        raise _BadRowError(f"category {cells['category']!r} is not one of {', '.join(sorted(CATEGORIES))}")
    return Concept(
        id=_identifier(cells["id"], "id"),
        name=cells["name"],
        category=cells["category"],
        synonyms=tuple(dict.fromkeys(part.lower() for part in _list(cells["synonyms"]))),
        lay_name=cells["lay_name"],
        definition=cells["definition"],
        definition_source=cells["definition_source"],
        pack=pack,
    )


def _source(cells: Cells) -> Source:
    if not cells["citation"]:
        raise _BadRowError("the source has no citation")
    year = cells["year"]
    if year and not re.fullmatch(r"(19|20)\d\d", year):
        raise _BadRowError(f"year {year!r} is not a year")
    if cells["url"] and not cells["url"].startswith(("https://", "http://")):
        raise _BadRowError(f"url {cells['url']!r} does not start with https://")
    return Source(_identifier(cells["id"], "id"), cells["citation"], int(year) if year else None, cells["url"])


def _fact(cells: Cells, pack: str, tier: Tier) -> Fact:
    predicate = cells["predicate"]
    if predicate not in PREDICATES:
        raise _BadRowError(f"predicate {predicate!r} is not in kg/predicates.py")
    if cells["denied"] not in {"", "yes"}:
        raise _BadRowError(f"denied must be empty or 'yes', not {cells['denied']!r}")
    if not cells["source"]:
        raise _BadRowError("the fact names no source")
    subject, object_ = _identifier(cells["subject"], "subject"), _identifier(cells["object"], "object")
    denied, quantity, qualifiers = bool(cells["denied"]), _quantity(cells), _qualifiers(cells["qualifiers"])
    return Fact(
        id=fact_id(
            subject, predicate, object_,
            denied=denied, quantity=quantity, qualifiers=qualifiers, source_id=cells["source"],
        ),
        subject=subject,
        subject_name="",
        predicate=predicate,
        object=object_,
        object_name="",
        source="",
        tier=tier,
        pack=pack,
        denied=denied,
        quantity=quantity,
        qualifiers=qualifiers,
        source_id=cells["source"],
    )  # fmt: skip


def _quantity(cells: Cells) -> Quantity | None:
    operator, value, upper, unit = (cells[column] for column in ("operator", "value", "upper", "unit"))
    if cells["predicate"] not in MEASURED:
        if operator or value or upper or unit:
            raise _BadRowError(f"{cells['predicate']} takes no operator, value, upper or unit")
        return None
    if operator not in get_args(Operator):
        raise _BadRowError(f"operator {operator!r} is not one of {' '.join(get_args(Operator))}")
    if not unit:
        raise _BadRowError("the quantity has no unit (write 1 for a ratio)")
    low = _number(value, "value")
    high = _number(upper, "upper") if upper or operator == "between" else None
    if (operator == "between") != (high is not None):
        raise _BadRowError("upper goes with the operator 'between' and with no other")
    if high is not None and high <= low:
        raise _BadRowError("upper must be greater than value")
    return Quantity(cast("Operator", operator), low, unit, high)


def _number(text: str, what: str) -> float:
    try:
        number = float(text)
    except ValueError:
        raise _BadRowError(f"{what} {text!r} is not a number") from None
    if not math.isfinite(number):
        raise _BadRowError(f"{what} {text!r} is not a number")
    return number


def _qualifiers(text: str) -> tuple[tuple[str, str], ...]:
    pairs = [part.partition("=") for part in text.split(";") if part.strip()]
    found = {key.strip(): value.strip() for key, _, value in pairs}
    for key, value in found.items():
        if key not in QUALIFIERS:
            raise _BadRowError(f"qualifier {key!r} is not one of {', '.join(sorted(QUALIFIERS))}")
        if not value:
            raise _BadRowError(f"qualifier {key!r} has no value (write {key}=...)")
    if len(found) != len(pairs):
        raise _BadRowError("a qualifier is given twice")
    return tuple(sorted(found.items()))


class CsvPack:
    """A pack in a folder. An optional `pack.toml` there gives `name`, `licence` and `tier`.

    `tier` may be `curated` (the default), `imported` or `mined`: `reviewed` is given to single facts by a
    named clinician, never to a folder. Without the file the pack is named like its folder and its licence is
    "not stated".
    """

    def __init__(self, folder: Traversable, name: str = "", licence: str = "not stated") -> None:
        self._folder = folder
        if not folder.is_dir():
            raise PackInvalid(f"There is no folder {folder.name!r}; give the path of a folder of CSV files.")
        about = _about(folder)
        self.name: str = about.get("name", name or folder.name)
        self.licence: str = about.get("licence", licence)
        self.tier = _tier(about.get("tier", Tier.CURATED))

    @cached_property
    def version(self) -> str:
        """The first 12 hexadecimal digits of a hash over the files' names and bytes, `pack.toml` among them: tier and
        licence stand on every fact.
        """
        digest = hashlib.sha256()
        about = self._folder / "pack.toml"
        for file in (*_csv_files(self._folder), *([about] if about.is_file() else [])):
            digest.update(file.name.encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
        return digest.hexdigest()[:12]

    def concepts(self) -> list[Concept]:
        """All concepts of the folder."""
        return [written.value for written in self._draft.concepts]

    def sources(self) -> list[Source]:
        """All sources of the folder."""
        return [written.value for written in self._draft.sources]

    def facts(self) -> list[Fact]:
        """All facts of the folder; `source` and the names are empty where another pack holds them."""
        return [written.value for written in self._draft.facts]

    def where(self, fact_id: str) -> str:
        """File and line of a fact."""
        return next((str(w.place) for w in self._draft.facts if w.value.id == fact_id), self.name)

    @cached_property
    def _draft(self) -> Draft:
        draft = read_folder(self._folder, self.name, self.tier)
        if draft.problems:
            more = f" ({len(draft.problems) - 1} more like it)" if len(draft.problems) > 1 else ""
            raise PackInvalid(f"The pack {self.name} was not loaded: {draft.problems[0]}{more}.")
        if not draft.facts:
            raise PackInvalid(f"The pack {self.name} was not loaded: it holds no facts.")
        return draft


def _about(folder: Traversable) -> dict[str, str]:
    file = folder / "pack.toml"
    if not file.is_file():
        return {}
    try:
        found = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PackInvalid(f"pack.toml cannot be read: {error}.") from error
    return {key: str(value) for key, value in found.items()}


def _tier(text: str) -> Tier:
    if text not in {Tier.CURATED, Tier.IMPORTED, Tier.MINED}:
        raise PackInvalid(f"pack.toml: tier {text!r} is not one of curated, imported, mined.")
    return Tier(text)


def content_folder() -> Traversable:
    """The curated content, in the source tree as in an installed wheel."""
    return resources.files("kg") / "content"


def core() -> CsvPack:
    """The curated graph that ships with the program."""
    return CsvPack(content_folder(), "core", "Apache-2.0")

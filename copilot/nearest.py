"""Reports on the user's own films that look most like one at hand: words about other people, never a finding.

The index is one file under the application's home: where each film lies for the encoder, and its report without
identifiers. Knows nothing of how films are opened or read.
"""

import csv
import io
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from copilot.errors import ConfigurationError, InputUnusable
from copilot.types import Nearest, NearReport
from copilot.vision.port import Encoder
from guardrails.types import GuardrailError, SafeImage, SafeText

Deidentify = Callable[[str], SafeText]
Open = Callable[[bytes], SafeImage]
Progress = Callable[[int, int], None]

SHOWN = 3
TABLE = "reports.csv"
COLUMNS = ("image", "report")
NO_TABLE = "The folder holds no readable reports.csv with the columns image and report, in UTF-8."
NO_REPORT, NO_FILM, NO_CHEST = "no report", "no film of that name in the folder", "no upright frontal chest film"
UNSAFE = "could not be read or made safe"
NOTHING = "Nothing could be indexed: none of the {rows} rows of reports.csv has a report and a chest film."
OTHERS = "Written about other films, whose likeness the encoder judges: they say nothing of this patient."
NO_PLACE = "This image encoder cannot compare films; set COPILOT_ENCODER to bundled or to an open_clip model."
BROKEN = "The index of local reports is damaged; make it again with: copilot reports index FOLDER"
OTHER_ENCODER = (
    "The index of local reports belongs to another image encoder; make it again: copilot reports index FOLDER"
)


@dataclass(frozen=True, slots=True)
class Indexed:
    """What came of a folder: reports in the index, and (row of the table, why) for those left out."""

    reports: int
    left_out: tuple[tuple[int, str], ...]


class NearestReports:
    """Finds them in `file`, if there is one. Safe to call from several threads."""

    def __init__(self, file: Path, encoder: Encoder, deidentify: Deidentify) -> None:
        self._file, self._encoder, self._deidentify = file, encoder, deidentify

    def of(self, image: SafeImage) -> Nearest | None:
        """The most alike first, or why there are none, for a film that was accepted; None where there is no index.

        What is stored is de-identified once more on its way out, so that a file that was tampered with is not trusted.
        """
        if not self._file.exists():
            return None
        try:
            found = self._index.nearest(_place(image, self._encoder), SHOWN)
        except ConfigurationError as error:
            return Nearest((), str(error))
        return Nearest(tuple(NearReport(self._deidentify(text), alike) for alike, text in found), OTHERS)

    @cached_property
    def _index(self) -> "Index":
        return Index.read(self._file, self._encoder.id.sha256)


@dataclass(frozen=True)
class Index:
    """`places` (n, d) of the films in the space of one encoder, and their n reports without identifiers."""

    encoder_sha256: str
    places: NDArray[np.float32]
    reports: tuple[str, ...]

    def nearest(self, place: NDArray[np.float32], count: int) -> list[tuple[float, str]]:
        """(cosine, report) of the films that lie in the same direction from the middle of the index, greatest first."""
        middle = self.places.mean(axis=0)
        alike = _unit(self.places - middle) @ _unit(place - middle)
        return [(float(alike[i]), self.reports[i]) for i in np.argsort(-alike, kind="stable")[:count]]

    def write(self, file: Path) -> None:
        """Puts the index in place of an earlier one, whole or not at all, for this user alone."""
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(dir=file.parent)  # readable by its owner only
        try:
            with os.fdopen(handle, "wb") as stream:
                told = np.frombuffer(json.dumps(self.reports).encode(), np.uint8)
                np.savez_compressed(stream, encoder=self.encoder_sha256, places=self.places, reports=told)
            Path(name).replace(file)
        finally:
            Path(name).unlink(missing_ok=True)

    @classmethod
    def read(cls, file: Path, encoder_sha256: str) -> "Index":
        """Raises `ConfigurationError` when the file is not whole or belongs to another encoder."""
        try:
            with np.load(io.BytesIO(file.read_bytes()), allow_pickle=False) as stored:
                index = cls(str(stored["encoder"]), stored["places"], tuple(json.loads(stored["reports"].tobytes())))
            whole = index.places.ndim == 2 and len(index.places) == len(index.reports) > 0
        except Exception as error:  # a damaged archive raises whatever its damage provokes
            raise ConfigurationError(BROKEN) from error
        if not whole:
            raise ConfigurationError(BROKEN)
        if index.encoder_sha256 != encoder_sha256:
            raise ConfigurationError(OTHER_ENCODER)
        return index


def make_index(
    folder: Path, file: Path, encoder: Encoder, open_film: Open, deidentify: Deidentify, progress: Progress
) -> Indexed:
    """Indexes the films and reports that `reports.csv` of a folder names. Raises `InputUnusable` when none can be used.

    A row that cannot be used is left out and told by its number: names of files may be names of people.
    """
    rows = _rows(folder / TABLE)
    places, reports, left_out = [], [], []
    for number, (name, report) in enumerate(rows, 1):
        try:
            if not report.strip():
                raise _LeftOut(NO_REPORT)
            place = _place(_film(folder, name, encoder, open_film), encoder)
            reports.append(deidentify(report).text)
            places.append(place)
        except (_LeftOut, GuardrailError) as why:
            left_out.append((number, str(why) if isinstance(why, _LeftOut) else UNSAFE))
        progress(number, len(rows))
    if not places:
        raise InputUnusable(NOTHING.format(rows=len(rows)))
    Index(encoder.id.sha256, np.stack(places), tuple(reports)).write(file)
    return Indexed(len(reports), tuple(left_out))


class _LeftOut(Exception):
    """Why a row is not indexed."""


def _rows(table: Path) -> list[tuple[str, str]]:
    try:
        with table.open(encoding="utf-8-sig", newline="") as stream:
            return list(_named(csv.DictReader(stream)))
    except (OSError, UnicodeError, csv.Error, KeyError):
        raise InputUnusable(NO_TABLE) from None


def _named(rows: "csv.DictReader[str]") -> Iterator[tuple[str, str]]:
    if not set(COLUMNS) <= set(rows.fieldnames or ()):
        raise KeyError(COLUMNS)
    for row in rows:
        yield row["image"] or "", row["report"] or ""


def _film(folder: Path, name: str, encoder: Encoder, open_film: Open) -> SafeImage:
    """A film that the encoder accepts. A path that leads out of the folder names no film of it."""
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()) or not path.is_file():
        raise _LeftOut(NO_FILM)
    image = open_film(path.read_bytes())
    if not encoder.read(image).accepted:
        raise _LeftOut(NO_CHEST)
    return image


def _place(image: SafeImage, encoder: Encoder) -> NDArray[np.float32]:
    place = encoder.place(image)
    if place is None:
        raise ConfigurationError(NO_PLACE)
    return place


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    unit: NDArray[np.float32] = vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-6)
    return unit

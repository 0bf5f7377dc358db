"""The pack `ddxplus`: conditions with their symptoms and antecedents, from the two DDXPlus release files.

A question whose answer is yes or no becomes a symptom or risk factor. Where the whole of what it asks after has a
curated name, it is that concept; else it stays a concept of its own that quotes the question. Questions about degree
or place say nothing without their answers, which the condition file lacks, and are left out. Knows nothing of the
graph engine.
"""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from kg.loading.built import BuiltPack, Content, curated_names, slug, version_of
from kg.types import PackInvalid, Tier

FORM = 1
CITATION = (
    "Fansi Tchango A, Goel R, Wen Z, Martel J, Ghosn J. DDXPlus: a new dataset for automatic medical diagnosis. "
    "Advances in Neural Information Processing Systems 35. 2022 (synthetic patients)"
)
_HAVE = re.compile(
    r"(?:do you (?:have|suffer from|feel)|have you (?:ever |recently )*(?:had|been diagnosed with)|are you experiencing|"
    r"have you been diagnosed with|are you feeling|have you ever been diagnosed with) "
    r"(?:an? |the |any |known )*(?P<what>.+?)\?*$",
    re.IGNORECASE,
)
_ASIDE = re.compile(r"\s*\([^)]*\)")
Rows = Mapping[str, Mapping[str, Any]]


class DdxPlus(BuiltPack):
    """Conditions, symptoms and antecedents."""

    name = "ddxplus"
    licence = "CC-BY-4.0"
    tier = Tier.IMPORTED

    def __init__(self, conditions: Path, evidences: Path) -> None:
        self._conditions, self._evidences = conditions, evidences

    @cached_property
    def version(self) -> str:
        """A hash of both files, and what they are matched with."""
        digest = hashlib.sha256()
        for file in (self._conditions, self._evidences):
            digest.update(hashlib.sha256(_bytes(file)).digest())
        return version_of(digest.hexdigest()[:12], FORM)

    def build(self) -> Content:
        """HAS_SYMPTOM from symptoms, RISK_FACTOR_FOR from antecedents."""
        content = Content(self.name, self.tier)
        source = content.source("ddxplus_2022", CITATION, 2022)
        evidences = _rows(self._evidences, ("question_en", "data_type"))
        for key, condition in _rows(self._conditions, ("symptoms", "antecedents")).items():
            disease = _condition(content, str(condition.get("cond-name-eng") or key))
            for kind in ("symptoms", "antecedents"):
                for code in condition[kind]:
                    place = f"{self._conditions.name} condition {key!r}"
                    if code not in evidences:
                        raise PackInvalid(f"The pack ddxplus was not loaded: {place}: no evidence {code!r}.")
                    if evidences[code]["data_type"] != "B":
                        continue
                    asked = _asked(content, code, str(evidences[code]["question_en"]), kind)
                    if kind == "symptoms":
                        content.fact(disease, "HAS_SYMPTOM", asked, source, place=place)
                    else:
                        content.fact(asked, "RISK_FACTOR_FOR", disease, source, place=place)
        return content


def _condition(content: Content, name: str) -> str:
    return curated_names().find(name) or content.concept(f"ddxplus_{slug(name)}", name, "disease")


def _asked(content: Content, code: str, question: str, kind: str) -> str:
    return _curated(question) or content.concept(
        f"ddxplus_{slug(code)}",
        f"a yes to “{question.strip()}”",
        "symptom" if kind == "symptoms" else "factor",
    )


def _curated(question: str) -> str | None:
    """The concept that a question "Do you have X?" asks after, if X as a whole, or before an "or", has a name."""
    found = _HAVE.fullmatch(question.strip())
    if not found:
        return None
    what = _ASIDE.sub("", found["what"]).strip()
    return curated_names().find(what, what.split(" or ")[0])


def _rows(file: Path, needed: tuple[str, ...]) -> Rows:
    """The records of one file. Raises `PackInvalid` with the line where it cannot be read."""
    try:
        found = json.loads(_bytes(file).decode("utf-8"))
    except UnicodeDecodeError as error:
        raise PackInvalid(f"The pack ddxplus was not loaded: {file.name} is not UTF-8.") from error
    except json.JSONDecodeError as error:
        raise PackInvalid(f"The pack ddxplus was not loaded: {file.name} line {error.lineno}: {error.msg}.") from error
    if not isinstance(found, dict):
        raise PackInvalid(f"The pack ddxplus was not loaded: {file.name} line 1: not an object of records.")
    for key, row in found.items():
        if not isinstance(row, dict) or any(column not in row for column in needed):
            raise PackInvalid(
                f"The pack ddxplus was not loaded: {file.name} line {_line(file, key)}: "
                f"{key!r} needs {' and '.join(needed)}."
            )
    return found


def _line(file: Path, key: str) -> int:
    """The line on which a record's key stands."""
    before, _, _ = _bytes(file).decode("utf-8").partition(json.dumps(key, ensure_ascii=False) + ":")
    return before.count("\n") + 1


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise PackInvalid(f"The file {file.name} cannot be read ({error.strerror}).") from error


def pack(files: Sequence[Path]) -> DdxPlus:
    """From the two release files, or the folder that holds them."""
    named = [one for file in files for one in (sorted(file.glob("*.json")) if file.is_dir() else [file])]
    conditions = [file for file in named if "conditions" in file.name]
    evidences = [file for file in named if "evidences" in file.name]
    if len(conditions) != 1 or len(evidences) != 1:
        raise PackInvalid(
            "The pack ddxplus is made from release_conditions.json and release_evidences.json; "
            "name both, or their folder."
        )
    return DdxPlus(conditions[0], evidences[0])

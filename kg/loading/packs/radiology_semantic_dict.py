"""The pack `radiology-semantic-dict`: findings, signs and differentials from the package of that name, as they are.

Nobody has reviewed these rows and the package does not say where they come from; each citation says so. A finding of
one word ("gap", "round") gets its modality into its name, so that plain text is never taken for it. Knows nothing of
the graph engine.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from kg.loading.built import BuiltPack, Content, curated_names, installed, slug, version_of
from kg.types import PackInvalid, Tier

FORM = 1
Row = Mapping[str, Any]


class RadiologyDictionary(BuiltPack):
    """Findings that suggest conditions."""

    name = "radiology-semantic-dict"
    licence = "MIT"
    tier = Tier.IMPORTED

    def __init__(self, folder: Path, release: str) -> None:
        self._folder, self._release = folder, release

    @property
    def version(self) -> str:
        """The package's version, and what it is matched with."""
        return version_of(self._release, FORM)

    def build(self) -> Content:
        """Single findings, then groups, then named signs."""
        content = Content(self.name, self.tier)
        source = content.source(
            "radiology_semantic_dict",
            f"radiology-semantic-dict {self._release} (GRAi); origin of its rows not stated, not reviewed",
        )
        for place, finding, modality, conditions in self._statements():
            subject = _concept(content, finding, "finding", modality)
            for condition in (_named(one) for one in conditions):
                content.fact(
                    subject, "SUGGESTS", _concept(content, condition, "disease", ""), source,
                    place=place, qualifiers=(("view", f"on {modality}"),) if modality else (),
                )  # fmt: skip
        return content

    def _statements(self) -> Iterator[tuple[str, str, str, list[str]]]:
        """(place, finding, modality, conditions) of every row that names both."""
        for place, row in self._rows("imaging_findings.json"):
            if row.get("pathology_name"):
                yield place, row["name"], row["modality"] or "", [row["pathology_name"]]
        for place, row in self._rows("differential_groups.json"):
            yield place, row["presentation"], row["modality"] or "", row["differentials"]
        for place, row in self._rows("imaging_signs.json"):
            yield place, row["name"], "", row.get("differential", [])

    def _rows(self, name: str) -> Iterator[tuple[str, Row]]:
        try:
            found = json.loads((self._folder / name).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise PackInvalid(f"The pack {self.name} was not loaded: {name} cannot be read ({error}).") from error
        for number, row in enumerate(found.values() if isinstance(found, dict) else found, 1):
            if not isinstance(row, dict) or not (row.get("name") or row.get("presentation")):
                raise PackInvalid(f"The pack {self.name} was not loaded: {name} entry {number}: it has no name.")
            yield f"{name} entry {number}", row


def _named(condition: str | Row) -> str:
    """A differential is a name, or a record with a name."""
    return condition if isinstance(condition, str) else str(next(iter(condition.values())))


def _concept(content: Content, text: str, category: str, modality: str) -> str:
    said = " ".join(text.replace('"', "").split())
    if known := curated_names().find(said):
        return known
    name = f"{said} on {modality}" if modality and " " not in said else said
    return content.concept(f"rsd_{slug(name)[:80]}", name, category)


def pack(files: Sequence[Path]) -> RadiologyDictionary:
    """From the installed package."""
    if files:
        raise PackInvalid("The pack radiology-semantic-dict takes no file; it reads the installed package.")
    folder, release = installed("radiology-semantic-dict", "radiology_semantic")
    return RadiologyDictionary(folder / "data", release)

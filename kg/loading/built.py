"""What packs made by a program share: content that is built once, in memory, and remembers where each row came from.

A pack of this kind is one file in `kg/loading/packs/`. Knows nothing of the graph engine or of any one vocabulary.
"""

import importlib.metadata
import importlib.util
import re
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

from kg.loading.csv_pack import core
from kg.loading.names import Names
from kg.loading.pack import fact_id
from kg.types import Concept, Fact, PackInvalid, Source, Tier


@dataclass
class Content:
    """Concepts, sources and facts by id. The same row twice is kept once, and nothing is said of itself."""

    pack: str
    tier: Tier
    concepts: dict[str, Concept] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    facts: dict[str, Fact] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)

    def concept(self, concept_id: str, name: str, category: str, synonyms: tuple[str, ...] = ()) -> str:
        """Adds a concept of the pack's own, once. Returns its id."""
        if concept_id not in self.concepts:
            self.concepts[concept_id] = Concept(concept_id, name, category, synonyms, pack=self.pack)
        return concept_id

    def source(self, source_id: str, citation: str, year: int | None = None, url: str = "") -> str:
        """Adds a source, once. Returns its id."""
        if source_id not in self.sources:
            self.sources[source_id] = Source(source_id, citation, year, url)
        return source_id

    def fact(
        self, subject: str, predicate: str, object_: str, source: str, *, place: str,
        denied: bool = False, qualifiers: tuple[tuple[str, str], ...] = (),
    ) -> None:  # fmt: skip
        """Adds a fact, once. `place`: where it was written, for an error message."""
        if subject == object_:
            return
        made = fact_id(subject, predicate, object_, denied=denied, qualifiers=qualifiers, source_id=source)
        self.places.setdefault(made, place)
        if made not in self.facts:
            self.facts[made] = Fact(
                id=made, subject=subject, subject_name="", predicate=predicate, object=object_, object_name="",
                source=self.sources[source].citation, tier=self.tier, pack=self.pack, denied=denied,
                qualifiers=qualifiers, source_id=source,
            )  # fmt: skip

    def prune(self) -> None:
        """Leaves out concepts that no fact needs."""
        needed = {end for fact in self.facts.values() for end in (fact.subject, fact.object)}
        self.concepts = {key: concept for key, concept in self.concepts.items() if key in needed}


class BuiltPack(ABC):
    """A pack whose rows are made by `build`, when they are first asked for."""

    name: str
    licence: str
    tier: Tier = Tier.IMPORTED

    @property
    @abstractmethod
    def version(self) -> str:
        """Changes whenever the rows do. Cheap."""

    @abstractmethod
    def build(self) -> Content:
        """All rows. Raises `PackInvalid`, naming file and line, when one cannot be used."""

    @cached_property
    def _content(self) -> Content:
        content = self.build()
        content.prune()
        if not content.facts:
            raise PackInvalid(f"The pack {self.name} was not loaded: its data hold no facts.")
        return content

    def concepts(self) -> list[Concept]:
        """The concepts that the curated graph does not have."""
        return list(self._content.concepts.values())

    def sources(self) -> list[Source]:
        """The sources."""
        return list(self._content.sources.values())

    def facts(self) -> list[Fact]:
        """The facts."""
        return list(self._content.facts.values())

    def where(self, fact_id: str) -> str:
        """File and line, or the record's key."""
        return self._content.places.get(fact_id, self.name)


@cache
def curated_names() -> Names:
    """The names of the curated graph, which imported terms are matched with."""
    return Names(core().concepts())


@cache
def _curated_version() -> str:
    return core().version


def version_of(data: str, form: int) -> str:
    """A pack's version: of its data, of the form its rows take here, and of the curated graph they are matched with."""
    return f"{data}/{form}/{_curated_version()}"


def installed(distribution: str, module: str) -> tuple[Path, str]:
    """Folder and version of an optional package, without importing it. Raises `PackInvalid` with the install command."""
    spec = importlib.util.find_spec(module)
    if spec is None or spec.origin is None:
        raise PackInvalid(
            f"This pack is made from the package {distribution}, which is not installed; "
            "run: pip install 'clinical-copilot[packs]'"
        )
    return Path(spec.origin).parent, importlib.metadata.version(distribution)


def slug(text: str) -> str:
    """A snake_case id from any text."""
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_") or "x"

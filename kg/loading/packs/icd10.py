"""The pack `icd10`: ICD-10-CM codes on the curated concepts that a code names, from `simple-icd-10-cm`.

A code is matched by its description or an inclusion term, exactly in normal form, never by likeness. Knows nothing
of the graph engine.
"""

from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from kg.loading.built import BuiltPack, Content, curated_names, installed, slug, version_of
from kg.types import PackInvalid, Tier

FORM = 1


class Icd10Pack(BuiltPack):
    """Codes."""

    name = "icd10"
    licence = "public domain (ICD-10-CM, US National Center for Health Statistics)"
    tier = Tier.IMPORTED

    def __init__(self, release: str) -> None:
        self._release = release

    @property
    def version(self) -> str:
        """The package's version, and what it is matched with."""
        return version_of(self._release, FORM)

    @cached_property
    def _codes(self) -> Any:
        import simple_icd_10_cm  # noqa: PLC0415  an optional package that takes two seconds to read its table

        return simple_icd_10_cm

    def build(self) -> Content:
        """A fact for each code that names a curated concept. Of nested codes that name the same one, the widest."""
        content = Content(self.name, self.tier)
        source = content.source(
            "icd_10_cm", f"ICD-10-CM, by simple-icd-10-cm {self._release}. US National Center for Health Statistics"
        )
        given: dict[str, set[str]] = {}
        for code in self._codes.get_all_codes():
            if len(code) < 3 or "-" in code or self._codes.is_chapter(code):
                continue
            for concept in self._named(code):
                if not given.setdefault(concept, set()) & set(self._codes.get_ancestors(code)):
                    given[concept].add(code)
                    description = self._codes.get_description(code)
                    own = content.concept(f"icd10cm_{slug(code)}", f"ICD-10-CM {code} ({description})", "code")
                    content.fact(concept, "HAS_CODE", own, source, place=f"code {code}")
        return content

    def _named(self, code: str) -> Iterator[str]:
        terms = (self._codes.get_description(code), *self._codes.get_inclusion_term(code))
        yield from dict.fromkeys(found for term in terms if (found := curated_names().find(term)))


def pack(files: Sequence[Path]) -> Icd10Pack:
    """From the installed `simple-icd-10-cm`."""
    if files:
        raise PackInvalid("The pack icd10 takes no file; it reads the installed package.")
    _, release = installed("simple-icd-10-cm", "simple_icd_10_cm")
    return Icd10Pack(release)

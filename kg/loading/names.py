"""`Names`: which concept of the curated graph an imported term is the same as, by exact name in normal form.

Imported vocabularies join the curated graph here. Nothing is matched by likeness: a term that is spelt otherwise
stays a concept of its own. Knows nothing of the graph engine.
"""

import re
from collections.abc import Iterable

from kg.linking.normal import phrase
from kg.types import Concept

# A term of a foreign vocabulary is never a plain value ("chronic") or a way of taking films.
_NEVER = frozenset({"value", "technique", "anatomy", "test", "treatment", "device", "population", "code"})
_REMARK = re.compile(r"\s*[(\[][^)\]]*[)\]]|,? (?:unspecified|not elsewhere classified|NOS|not otherwise specified)$")


class Names:
    """The names and synonyms of some concepts, in normal forms. Abbreviations are left out: they mean too much."""

    def __init__(self, concepts: Iterable[Concept]) -> None:
        self._concept: dict[tuple[str, ...], str] = {}
        kept = sorted(concepts, key=lambda c: c.id)
        for concept in kept:
            self._taken(concept.name, concept)
        for concept in kept:
            for synonym in (s for s in concept.synonyms if len(s) > 4):
                self._taken(synonym, concept)
        self._every = {phrase(text) for c in kept for text in (c.name, *c.synonyms, c.lay_name)}

    def _taken(self, text: str, concept: Concept) -> None:
        if concept.category not in _NEVER:
            self._concept.setdefault(phrase(text), concept.id)

    def find(self, *spellings: str) -> str | None:
        """The id of the concept that one of the spellings names, the first spelling first."""
        for text in spellings:
            if found := self._concept.get(phrase(text)) or self._concept.get(phrase(_REMARK.sub("", text))):
                return found
        return None

    def free(self, spellings: Iterable[str]) -> tuple[str, ...]:
        """Those spellings that name nothing here yet, so that an imported synonym never shadows a curated name.

        Short ones are left out: they would be taken for abbreviations in a text.
        """
        return tuple(dict.fromkeys(s.lower() for s in spellings if len(s) > 4 and phrase(s) not in self._every))

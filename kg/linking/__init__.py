"""Mentions of concepts in a text. Knows nothing of facts, verdicts or models."""

from kg.linking.linker import Linker
from kg.linking.port import ConceptReader, Meant
from kg.linking.sentences import sentences, split

__all__ = ["ConceptReader", "Linker", "Meant", "sentences", "split"]

"""A verdict for each claim, with the facts that decide it. Knows nothing of sentences, models or films."""

from kg.verification.memory import Memory
from kg.verification.verifier import FactStore, Judgement, Look, Verifier

__all__ = ["FactStore", "Judgement", "Look", "Memory", "Verifier"]

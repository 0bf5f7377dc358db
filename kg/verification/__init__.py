"""A verdict for each claim, with the facts that decide it. Knows nothing of sentences, models or films."""

from kg.verification.verifier import FactStore, Judgement, Verifier

__all__ = ["FactStore", "Judgement", "Verifier"]

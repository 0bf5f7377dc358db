"""A verdict for each claim, with the facts that decide it. Knows nothing of sentences, models or films."""

from kg.verification.verifier import Judgement, Look, Verifier

__all__ = ["Judgement", "Look", "Verifier"]

"""The bundled reader of questions: the vector of MiniLM, and weights trained on authored questions (`training/questions.py`).

Card: `data/QUESTIONS.md`.
"""

from collections.abc import Mapping
from importlib import resources

import numpy as np

from copilot.sentences import minilm
from kg.asking import ASKED, OTHER, QuestionReader, Relation

_LONGEST = 600  # characters; MiniLM reads no more than about as many


def as_prose(question: str) -> str:
    """The question with pronouns for its slots, as MiniLM knows no slots."""
    return question.replace(ASKED, "it").replace(OTHER, "that")


class MiniLMQuestionReader(QuestionReader):
    """One small file holds the weights: a row for each of the 384 numbers, and one for how often a relation is asked."""

    def __init__(self) -> None:
        self._sentences = minilm()
        with (
            (resources.files("copilot.relations") / "data" / "questions.npz").open("rb") as file,
            np.load(file) as told,
        ):
            self._weights = told["weights"].astype(np.float32)
            self._relations: list[Relation] = [
                (name[:-2], "s" if name.endswith(".s") else "o") for name in told["relations"].tolist()
            ]

    def read(self, question: str) -> Mapping[Relation, float]:
        """See the port."""
        vector = self._sentences.encode([as_prose(question[:_LONGEST])])[0]
        odds = np.exp(np.append(vector, 1.0) @ self._weights)
        return dict(zip(self._relations, (odds / odds.sum()).tolist(), strict=True))

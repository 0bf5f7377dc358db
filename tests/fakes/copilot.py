"""A pipeline without models or graph: fixed facts, the real types and the real events.

For looking at the page and for unit tests of it. The page's own journeys run against the real pipeline.
"""

import io
import re
import threading
import time
from collections.abc import Iterator
from typing import ClassVar

import numpy as np
from PIL import Image

from copilot.composing import OF_THE_FILM
from copilot.errors import Cancelled, InputUnusable
from copilot.pipeline import Copilot
from copilot.sessions import Film, Session, Turn
from copilot.types import (
    Answer,
    Answered,
    DraftProgress,
    EncoderId,
    Event,
    Explored,
    FactsRetrieved,
    Finding,
    FindingsRead,
    Measurement,
    ModelCard,
    QuestionDeidentified,
    Queued,
    Reading,
    RedFlag,
    RedFlagsRaised,
    Timings,
    VerdictsGiven,
)
from copilot.vision.port import Encoder
from copilot.vision.segmenters import GrabCut
from guardrails.types import Deidentified, PhiType, Redaction, Region, SafeImage, SafeText
from kg.types import CheckedSentence, Fact, Mention, RankedFact, Tier, Verdict

BLUNTED = Fact(
    "f1",
    "pleural_effusion",
    "pleural effusion",
    "HAS_FINDING",
    "blunted_costophrenic_angle",
    "blunted costophrenic angle",
    "Hansell DM et al. Fleischner Society: glossary of terms for thoracic imaging. Radiology 2008;246:697",
    Tier.CURATED,
    qualifiers=(("condition", "on an upright PA film"),),
)
SHIFT = Fact(
    "f2",
    "tension_pneumothorax",
    "tension pneumothorax",
    "SHIFTS_MEDIASTINUM",
    "away_from_the_lesion",
    "away from the lesion",
    "Roberts ME et al. British Thoracic Society guideline for pleural disease. Thorax 2023;78(S3):1-42",
    Tier.CURATED,
)
ENCODER = EncoderId("fake-encoder", "0" * 64)
FINDINGS = (
    Finding("Pleural effusion", "pleural_effusion", 0.81, 0.44, "present"),
    Finding("Atelectasis", "atelectasis", 0.46, 0.43, "uncertain"),
    Finding("Cardiomegaly", "cardiomegaly", 0.12, 0.35, "absent"),
    Finding("Pneumothorax", "pneumothorax", 0.03, 0.21, "absent"),
)


class NoLinker:
    """Finds nothing."""

    def link(self, text: str, *, values: bool = False, meant: bool = False) -> tuple[Mention, ...]:
        """No concept is ever found."""
        return ()


class NoEyes(Encoder):
    """Reads nothing, and finds every film like a third of the words."""

    id = ENCODER

    def read(self, image: SafeImage) -> Reading:
        """Accepts everything."""
        return Reading(True, ENCODER)

    def likeness(self, image: SafeImage, phrase: SafeText) -> Explored | None:
        """No text side for words about words."""
        return None if "word" in phrase.text else Explored(phrase, 1 / 3, "Exploratory: <made up>.")


class FakeCopilot(Copilot):
    """`pause`: seconds between two events."""

    def __init__(self, pause: float = 0.0) -> None:
        object.__setattr__(self, "pause", pause)

    pause: ClassVar[float]
    linker = NoLinker()
    encoder = NoEyes()
    segmenter = GrabCut()

    def add_film(self, session: Session, data: bytes) -> Film:
        """Any picture that Pillow opens is a film."""
        try:
            grey = np.asarray(Image.open(io.BytesIO(data)).convert("L"), dtype=np.float32) / 255
        except OSError:
            raise InputUnusable("This file is not an image that can be read; please use DICOM, PNG or JPEG.") from None
        image = SafeImage(grey, "png", "DX", "PA", removed=("PatientName", "PatientID"), masked=(Region(1, 1, 9, 9),))
        reading = Reading(True, ENCODER, None, "DX", "PA", FINDINGS, (Measurement("cardiothoracic ratio", 0.47, "1"),))
        session.films.append(Film(image, reading))
        return session.films[-1]

    def deidentify(self, session: Session, text: str) -> Deidentified:
        """Two capitalised words after a title are a name."""
        redactions = []

        def hide(found: re.Match[str]) -> str:
            placeholder = session.vault.placeholder(PhiType.NAME, found[0].lower(), found[0])
            redactions.append(Redaction(found.start(), found.end(), PhiType.NAME, placeholder))
            return placeholder

        return Deidentified(SafeText(re.sub(r"(?<=Mr )[A-Z]\w+ [A-Z]\w+", hide, text)), tuple(redactions))

    def ask(
        self, session: Session, question: str, *, seed: int = 0, cancel: threading.Event | None = None
    ) -> Iterator[Event]:
        """Every stage, then two sentences and what was read from the film."""
        asked = self.deidentify(session, question)
        for event in self._stages(session, asked):
            yield event
            time.sleep(self.pause)
            if cancel is not None and cancel.is_set():
                raise Cancelled("Stopped.")
        answer = self._answer(session, asked, seed)
        session.turns.append(Turn(asked.safe, answer))
        yield Answered(answer)

    def _stages(self, session: Session, asked: Deidentified) -> Iterator[Event]:
        yield QuestionDeidentified(asked.safe, len(asked.redactions))
        if flags(asked.safe.text):
            yield RedFlagsRaised(flags(asked.safe.text))
        yield FindingsRead(tuple(film.reading for film in session.films))
        yield FactsRetrieved((RankedFact(BLUNTED, 1.0), RankedFact(SHIFT, 0.5)))
        yield Queued(1)
        for tokens in range(10, 80, 10):
            yield DraftProgress(tokens)
        yield VerdictsGiven({"supported": 2, "not_in_graph": 1, "contradicted": 1})

    def _answer(self, session: Session, asked: Deidentified, seed: int) -> Answer:
        film = [CheckedSentence("This film: pleural effusion is present (81%).", Verdict.NOT_A_CLAIM, (), OF_THE_FILM)]
        return Answer(
            tuple(film if session.films else ()) + self.check(session, asked.safe.text),
            "model",
            tuple(one.reading for one in session.films),
            flags(asked.safe.text),
            ("Not a medical device and not for diagnosis; a clinician must check every statement.",),
            len(asked.redactions),
            ModelCard("fake.gguf", "0" * 64, "fake-encoder", "fake graph", seed),
            Timings(total=1234.0, generation=900.0),
            removed=(
                CheckedSentence(
                    "Tension pneumothorax pulls the mediastinum towards the lesion.",
                    Verdict.CONTRADICTED,
                    (SHIFT,),
                    "The graph says the opposite.",
                ),
            ),
        )

    def check(self, session: Session, text: str) -> tuple[CheckedSentence, ...]:
        """One supported sentence, one that is not in the graph, and the text itself as typed."""
        safe = self.deidentify(session, text).safe.text
        return (
            CheckedSentence(
                "A blunted costophrenic angle can be a sign of pleural effusion.",
                Verdict.SUPPORTED,
                (BLUNTED,),
                "The graph says so.",
            ),
            CheckedSentence(f"You asked: {safe}", Verdict.NOT_A_CLAIM),
            CheckedSentence("It may also follow old pleurisy.", Verdict.NOT_IN_GRAPH, (), "No fact decides this."),
        )

    def rate(self, session: Session, turn: int, good: bool, reason: str = "") -> None:
        """Nothing is kept."""


def flags(text: str) -> tuple[RedFlag, ...]:
    """One red flag."""
    if "crushing chest pain" not in text.lower():
        return ()
    return (RedFlag("chest_pain", "Crushing chest pain can be a heart attack. Call your emergency number now."),)

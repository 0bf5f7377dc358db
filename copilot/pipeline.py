"""`Copilot`: the whole path from a question and films to a checked answer, on one screen. Sees ports, never backends."""

import threading
import time
from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from copilot import composing, prompts, shapes
from copilot.audit import AuditTrail
from copilot.checking import Checker
from copilot.composing import Composition
from copilot.errors import ConfigurationError, InputUnusable, ServiceUnreachable
from copilot.llm.port import Writer
from copilot.personas import PERSONAS, Persona
from copilot.sessions import Film, Session, Turn
from copilot.types import (
    Answer,
    Answered,
    DraftProgress,
    Event,
    FactsRetrieved,
    FindingsRead,
    FindingState,
    ModelCard,
    PersonaName,
    QuestionDeidentified,
    Queued,
    Reading,
    RedFlag,
    RedFlagsRaised,
    Timings,
    VerdictsGiven,
)
from copilot.vision.port import Encoder
from guardrails import disclaimers, output
from guardrails.images import ImageGate
from guardrails.text import TextDeidentifier
from guardrails.types import Deidentified, GuardrailError, SafeText
from kg import wording
from kg.linking import Linker
from kg.retrieval import Retriever
from kg.types import CheckedSentence, GraphError, PackInvalid, PackUnknown, RankedFact, ReviewError, UnknownConcept

MAX_QUESTION = 20_000  # code points; a longer text is a document, not a question
FACTS = 12


@dataclass(frozen=True)
class Copilot:
    """One instance serves all visitors; everything of one visitor is in their `Session`."""

    deidentifier: TextDeidentifier
    images: ImageGate
    encoder: Encoder
    linker: Linker
    retriever: Retriever
    checker: Checker
    writer: Writer
    audit: AuditTrail
    graph_name: str
    lay_names: Mapping[str, str]

    def open_session(self, persona: PersonaName = PersonaName.CLINICIAN) -> Session:
        """A fresh session."""
        return Session(persona)

    def add_film(self, session: Session, data: bytes) -> Film:
        """De-identifies and reads one file. Raises `InputUnusable` with one sentence; the session is unharmed."""
        with mapped_errors():
            start = time.perf_counter()
            image = self.images.open(data)
            film = Film(image, self.encoder.read(image), (time.perf_counter() - start) * 1000)
            session.films.append(film)
            return film

    def ask(
        self, session: Session, question: str, *, seed: int = 0, cancel: threading.Event | None = None
    ) -> Iterator[Event]:
        """Stage events, the last of which is `Answered`. Raises `CopilotError`s only; nothing unchecked is in them."""
        with mapped_errors():
            clock, persona = Stopwatch(), PERSONAS[session.persona]
            with clock.time("deid"):
                asked = self.deidentify(session, _short_enough(question))
            yield QuestionDeidentified(asked.safe, len(asked.redactions))

            flags = tuple(RedFlag(*flag) for flag in output.red_flags(asked.safe))
            if flags:
                yield RedFlagsRaised(flags)
            readings = tuple(film.reading for film in session.films)
            yield FindingsRead(readings)

            with clock.time("retrieval"):
                session.topic = self.linker.link(asked.safe.text) or session.topic
                facts = self._facts(session, persona, asked.safe.text, states(readings))
            yield FactsRetrieved(facts)

            with clock.time("generation"):
                draft = yield from self._draft(session, persona, asked.safe, facts, seed, cancel)
            with clock.time("verification"):
                safe = output.rescan(draft, self.deidentifier, session.vault)
                told = [part.text for part in output.audience_limits(safe, session.persona) if not part.why]
                checked = self.checker.check("\n".join(told), states(readings))
            yield VerdictsGiven(dict(Counter(sentence.verdict.value for sentence in checked)))

            composition = composing.compose(checked, facts, persona, self.lay_names)
            film = composing.of_the_film(readings, (m.concept for m in session.topic))
            answer = self._answer(session, asked, flags, film, composition, seed, clock)
            self._record(session, asked.safe, answer)
            yield Answered(answer)

    def deidentify(self, session: Session, text: str) -> Deidentified:
        """Text without identifiers, placeholders from the session's vault."""
        with mapped_errors():
            if not text.strip():
                raise InputUnusable("The text is empty. Please type something.")
            return self.deidentifier.deidentify(text, session.vault)

    def check(self, session: Session, text: str) -> tuple[CheckedSentence, ...]:
        """A verdict for each sentence of a person's own text, also against the session's films. No language model."""
        with mapped_errors():
            safe = self.deidentify(session, text).safe
            return self.checker.check(safe.text, states(film.reading for film in session.films))

    def rate(self, session: Session, turn: int, good: bool, reason: str = "") -> None:
        """Records a thumb for one turn, with a de-identified reason."""
        told = {"reason": self.deidentify(session, reason).safe} if reason.strip() else {}
        self.audit.append("rating", {"session": session.id, "turn": turn, "good": good, **told})

    def _facts(
        self, session: Session, persona: Persona, question: str, film: Mapping[str, FindingState]
    ) -> tuple[RankedFact, ...]:
        """Facts for the question; where the audience wants words explained, first what each word in it is."""
        found = list(self.retriever.retrieve(question, session.topic, film, limit=FACTS))
        if persona.relations:
            explained = [self.retriever.retrieve(f"What is {m.name}?", [m], {}, limit=FACTS) for m in session.topic]
            first = [next(iter(composing.for_audience(facts, persona)), None) for facts in explained]
            found = [ranked for ranked in first if ranked] + found
        once = {ranked.fact.id: ranked for ranked in found}
        return composing.for_audience([r for r in found if once.pop(r.fact.id, None)], persona)

    def _draft(
        self,
        session: Session,
        persona: Persona,
        question: SafeText,
        facts: tuple[RankedFact, ...],
        seed: int,
        cancel: threading.Event | None,
    ) -> Generator[Event, None, str]:
        """The model's words, unchecked. Without facts nothing it wrote could survive, so it is not asked."""
        if not facts:
            return ""
        told = [wording.sentence(ranked.fact) for ranked in facts[: persona.facts]]
        film = composing.of_the_film([f.reading for f in session.films], ())
        messages = prompts.messages(persona, question, told, [sentence.text for sentence in film])
        writing = self.writer.write(messages, seed=seed, cancel=cancel)
        while True:
            try:
                progress = next(writing)
            except StopIteration as finished:
                return str(finished.value)
            yield Queued(progress.place) if progress.place else DraftProgress(progress.tokens)

    def _answer(
        self,
        session: Session,
        asked: Deidentified,
        flags: tuple[RedFlag, ...],
        film: tuple[CheckedSentence, ...],
        composition: Composition,
        seed: int,
        clock: "Stopwatch",
    ) -> Answer:
        vision = sum(one.milliseconds for one in session.films)
        total = sum(clock.stages.values()) + vision
        return Answer(
            sentences=film + composition.sentences,
            composed=composition.composed,
            readings=tuple(one.reading for one in session.films),
            red_flags=flags,
            disclaimers=disclaimers.for_persona(session.persona),
            deid_spans=len(asked.redactions),
            model=self._model_card(seed),
            timings=Timings(**clock.stages, vision=vision, total=total),
            notes=composition.notes,
            removed=composition.removed,
        )

    def _model_card(self, seed: int) -> ModelCard:
        return ModelCard(self.writer.id.name, self.writer.id.sha256, self.encoder.id.name, self.graph_name, seed)

    def _record(self, session: Session, question: SafeText, answer: Answer) -> None:
        session.turns.append(Turn(question, answer))
        shape = shapes.answer(answer)
        shape["removed"] = [shapes.sentence(sentence) for sentence in answer.removed]
        self.audit.append(
            "answer", {"session": session.id, "persona": session.persona.value, "question": question, **shape}
        )


def _short_enough(question: str) -> str:
    if len(question) > MAX_QUESTION:
        raise InputUnusable(f"The question is longer than {MAX_QUESTION} characters. Please ask about a part of it.")
    return question


def states(readings: Iterable[Reading]) -> dict[str, FindingState]:
    """Concept id to state over all films: present on one film outweighs uncertain, which outweighs absent."""
    weight: dict[FindingState, int] = {"absent": 0, "uncertain": 1, "present": 2}
    merged: dict[str, FindingState] = {}
    for finding in (f for reading in readings for f in reading.findings):
        known = merged.get(finding.concept, "absent")
        merged[finding.concept] = max(known, finding.state, key=weight.__getitem__)
    return merged


@contextmanager
def mapped_errors() -> Iterator[None]:
    """The errors of the packages below become the application's own; their messages hold nothing of the input."""
    try:
        yield
    except GuardrailError as error:
        raise InputUnusable(str(error)) from None
    except (PackInvalid, ReviewError, UnknownConcept) as error:
        raise InputUnusable(str(error)) from None
    except PackUnknown as error:
        raise ConfigurationError(str(error)) from None
    except GraphError as error:
        raise ServiceUnreachable(str(error)) from None


@dataclass
class Stopwatch:
    """Milliseconds by stage."""

    stages: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def time(self, stage: str) -> Iterator[None]:
        """Adds the time of the block to the stage."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self.stages[stage] = self.stages.get(stage, 0.0) + (time.perf_counter() - start) * 1000

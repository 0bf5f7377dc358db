"""`Copilot`: the whole path from a question and films to a checked answer, on one screen. Sees ports, never backends."""

import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from copilot import audience, composing, followups, injections, prompts, reconciling, shapes
from copilot.audit import AuditTrail
from copilot.checking import Checker
from copilot.composing import Composition
from copilot.errors import ConfigurationError, InputUnusable, ServiceUnreachable
from copilot.llm.port import SafeMessage, Writer
from copilot.nearest import NearestReports
from copilot.personas import PERSONAS, Persona
from copilot.sessions import Film, Session, Turn
from copilot.types import (
    Answer,
    Answered,
    Change,
    Compared,
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
    Writing,
)
from copilot.vision import comparison, regions
from copilot.vision.box import Box
from copilot.vision.port import Encoder
from guardrails import disclaimers, output
from guardrails.images import ImageGate
from guardrails.text import TextDeidentifier
from guardrails.types import Deidentified, GuardrailError, SafeText, Vault
from kg import wording
from kg.linking import Linker
from kg.retrieval import Retriever
from kg.types import (
    CheckedSentence,
    GraphError,
    PackInvalid,
    PackUnknown,
    RankedFact,
    ReviewError,
    UnknownConcept,
    Verdict,
)

Written = tuple[Sequence[CheckedSentence], tuple[RankedFact, ...], tuple[CheckedSentence, ...]]
NOT_FOLLOWED = "The text holds an instruction, which was not followed: \u201c{order}\u201d"
NOT_KNOWN = "The graph knows nothing named {words}: nothing here is about that."
NO_DOSES = "Doses of drugs are not held here: please look in a formulary."
_DRUG_DOSE = re.compile(
    r"(?!.*\b(?:radiation|x-?rays?|films?|radiographs?|CT|scans?|views?|mSv|mGy|effective|fo?etal|skin|absorbed)\b)"
    r".*\b(?:doses?|dosage|dosing|how many (?:mg|milligrams?|units|tablets))\b",
    re.IGNORECASE | re.DOTALL,
)
MAX_QUESTION = 20_000  # code points; a longer text is a document, not a question
NO_TEXT_SIDE = (
    "This image encoder cannot compare this film with words; set COPILOT_ENCODER to bundled or to an open_clip model, or "
    "leave the phrase out."
)
TRIED = 5  # phrases kept with a film
FACTS = 16
FACTS_TO_CHOOSE_FROM = 64  # by an audience that is told few of them


@dataclass(frozen=True)
class Copilot:
    """One instance serves all visitors; everything of one visitor is in their `Session`."""

    deidentifier: TextDeidentifier
    images: ImageGate
    encoder: Encoder
    segmenter: regions.Segmenter
    linker: Linker
    retriever: Retriever
    checker: Checker
    writer: Writer
    audit: AuditTrail
    graph_name: str
    lay_names: Mapping[str, str]
    nearest: NearestReports | None = None
    new_vault: Callable[[], Vault] = Vault
    writing: Writing = "best"

    def open_session(self, persona: PersonaName = PersonaName.CLINICIAN) -> Session:
        """A fresh session."""
        return Session(persona, vault=self.new_vault())

    def add_film(self, session: Session, data: bytes, *, prior: bool = False) -> Film:
        """De-identifies and reads one file. Raises `InputUnusable` with one sentence; the session is unharmed.

        `prior`: it is an earlier film, to compare with.
        """
        with mapped_errors():
            start = time.perf_counter()
            image = self.images.open(data)
            reading = self.encoder.read(image)
            reports = self.nearest if reading.accepted and session.persona is PersonaName.CLINICIAN else None
            near = reports.of(image) if reports else None
            film = Film(image, reading, (time.perf_counter() - start) * 1000, prior, nearest=near)
            session.films.append(film)
            return film

    def changes(self, session: Session) -> tuple[Change, ...]:
        """What changed between the newest earlier film and the newest one of now."""
        pair = session.pair()
        return comparison.changes(pair[0].reading, pair[1].reading) if pair else ()

    def earlier_over(self, session: Session) -> NDArray[np.float32] | None:
        """The earlier film laid over the newest one of now, lungs on lungs; None where they do not come to lie so."""
        pair = session.pair()
        if pair is None:
            return None
        earlier, now = pair
        shape = now.image.pixels.shape
        lines = earlier.reading.outlines, now.reading.outlines
        return comparison.laid_over(earlier.image.pixels, *lines, (shape[0], shape[1]))

    def mark_region(self, session: Session, number: int, corners: Sequence[float]) -> Film:
        """Outlines and measures what lies between two corners x, y, x, y on a film, in shares of its sides.

        Raises `InputUnusable` where there is no border.
        """
        film = session.films[number]
        region = regions.marked(self.segmenter, film.image, film.reading.outlines, Box.of(*corners))
        session.films[number] = replace(film, regions=(*film.regions, region))
        return session.films[number]

    def explore(self, session: Session, number: int, phrase: str) -> Film:
        """Tries a phrase, de-identified first, on a film that was accepted. Exploratory: it is never a finding.

        Raises `InputUnusable`, also for an encoder that cannot compare films with words.
        """
        film, safe = session.films[number], self.deidentify(session, _short_enough(phrase)).safe
        told = self.encoder.likeness(film.image, safe) if film.reading.accepted else None
        if told is None:
            raise InputUnusable(NO_TEXT_SIDE)
        session.films[number] = replace(film, explored=(*film.explored[1 - TRIED :], told))
        return session.films[number]

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
            if flags and persona.relations:
                session.topic = ()  # beside an alarm nobody is told of what was spoken of before
            session.compare_with_earlier(asked.safe.text)
            film = states(session.readings())
            yield FindingsRead(tuple(one.reading for one in session.films))

            with clock.time("retrieval"):
                told = self._understood(session, asked.safe)
                choice = self._facts(session, persona, told.wanted, film)
                facts = choice.facts
            yield FactsRetrieved(facts)

            checked, facts, dropped = yield from self._written(
                Task(session, persona, told.safe, facts, film, seed, cancel), clock
            )
            yield VerdictsGiven(dict(Counter(sentence.verdict.value for sentence in checked)))

            composition = composing.compose(checked, facts, persona, self.lay_names, self.writing)
            composition = replace(composition, removed=(*dropped, *composition.removed))
            if persona.relations:
                owned = audience.owned_up(asked.safe.text, choice, flagged=bool(flags))
                composition = replace(composition, notes=owned)  # how a draft fared is nothing to this audience
            answer = self._answer(session, asked, flags, told, composition, seed, clock)
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
            return self.checker.check(safe.text, states(session.readings()))

    def rate(self, session: Session, turn: int, good: bool, reason: str = "") -> None:
        """Records a thumb for one turn, with a de-identified reason."""
        told = {"reason": self.deidentify(session, reason).safe} if reason.strip() else {}
        self.audit.append("rating", {"session": session.id, "turn": turn, "good": good, **told})

    def _understood(self, session: Session, question: SafeText) -> "Understood":
        """What the question is about by the session, and the orders in it, which are quoted and kept from the model."""
        orders = injections.instructions(question.text)
        safe = question
        if orders:
            safe = self.deidentifier.rescan(injections.without_instructions(question.text), session.vault).safe
        wanted = followups.sided(safe.text, session.side)
        mentions = self.linker.link(wanted, meant=True)
        if session.readings(prior=True):
            mentions = followups.without_the_film(wanted, mentions)
        session.topic = followups.topic_of(wanted, mentions, session.topic)
        session.side = followups.side_of(mentions, session.side)
        of_a_drug = _DRUG_DOSE.match(safe.text) is not None
        return Understood(wanted, safe, orders, self.linker.unknown(safe.text), of_a_drug)

    def _facts(
        self, session: Session, persona: Persona, question: str, film: Mapping[str, FindingState]
    ) -> audience.Told:
        """Facts for the question; where the audience wants words explained, also what each word is."""
        if not persona.relations:
            found = self.retriever.retrieve(question, session.topic, film, limit=FACTS)
            return audience.Told(found, answers=bool(found))
        found = self.retriever.retrieve(question, session.topic, film, limit=FACTS_TO_CHOOSE_FROM)
        named = {mention.concept: mention.category for mention in session.topic}
        explained: list[RankedFact] = []
        for mention in audience.to_explain(question, session.topic):
            about = self.retriever.retrieve(f"What is {mention.name}?", [mention], {}, limit=FACTS)
            explained += audience.explanation(about, mention.concept, persona, alone=len(named) == 1)
        return audience.told(question, found, explained, persona, named)

    def _written(self, task: "Task", clock: "Stopwatch") -> Generator[Event, None, Written]:
        """The checked sentences of a draft, the facts in the order to tell them, and what a repair dropped, by the way of
        writing in force.

        Without facts nothing that a model wrote could survive, so it is not asked. A draft with contradicted sentences is
        repaired once.
        """
        if not task.facts or self.writing == "composed":
            return (), task.facts, ()
        if self.writing == "chosen":
            with clock.time("generation"):
                grammar = prompts.order_grammar(len(task.told), task.persona.facts)
                order = yield from self._write(prompts.choose(task.persona, task.question, task.told), task, grammar)
            return (), composing.in_order(order, task.facts), ()
        with clock.time("generation"):
            messages = prompts.messages(task.persona, task.question, task.told, task.seen)
            draft = yield from self._write(messages, task)
        with clock.time("verification"):
            checked = self._checked(draft, task)
        if any(sentence.verdict is Verdict.CONTRADICTED for sentence in checked):
            with clock.time("generation"):
                kept = output.rescan(prompts.good(checked), self.deidentifier, task.session.vault)
                wrong = prompts.missed(checked)
                messages = prompts.repair(task.persona, task.question, task.told, task.seen, kept, wrong)
                draft = yield from self._write(messages, task)
            with clock.time("verification"):
                first, checked = checked, composing.repaired(checked, self._checked(draft, task))
            dropped = tuple(s for s in first if s.verdict is Verdict.CONTRADICTED and s not in checked)
            return checked, task.facts, dropped
        return checked, task.facts, ()

    def _checked(self, draft: str, task: "Task") -> Sequence[CheckedSentence]:
        """A verdict for each sentence of a draft, without orders it repeats and what this audience may not be told."""
        safe = output.rescan(injections.without_instructions(draft), self.deidentifier, task.session.vault)
        told = [part.text for part in output.audience_limits(safe, task.session.persona) if not part.why]
        return self.checker.check("\n".join(told), task.film)

    def _write(self, messages: Sequence[SafeMessage], task: "Task", grammar: str = "") -> Generator[Event, None, str]:
        """The model's words, unchecked."""
        writing = self.writer.write(messages, seed=task.seed, cancel=task.cancel, grammar=grammar)
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
        told: "Understood",
        composition: Composition,
        seed: int,
        clock: "Stopwatch",
    ) -> Answer:
        vision = sum(one.milliseconds for one in session.films)
        total = sum(clock.stages.values()) + vision
        film = composing.of_the_film(
            session.readings(), (m.concept for m in session.topic), session.readings(prior=True)
        )
        changes = self.changes(session)
        sentences = film + composing.said_of_the_film(comparison.told(changes)) + composition.sentences
        return Answer(
            sentences=sentences,
            composed=composition.composed,
            readings=tuple(one.reading for one in session.films),
            red_flags=flags,
            disclaimers=disclaimers.for_persona(session.persona),
            deid_spans=len(asked.redactions),
            model=self._model_card(seed),
            timings=Timings(**clock.stages, vision=vision, total=total),
            notes=(*composition.notes, *told.notes),
            sources=session.cite(f.source for s in sentences for f in s.facts),
            compared=self._compared(session, told.safe, composition),
            changes=changes,
            removed=composition.removed,
        )

    def _compared(self, session: Session, question: SafeText, composition: Composition) -> tuple[Compared, ...]:
        """The table of who says what of each finding, for the audience that reads films."""
        if session.persona is not PersonaName.CLINICIAN:
            return ()
        statements = self.checker.of_the_film(s.text for s in composition.sentences)
        said = [reconciling.Said(s.concept, s.name, "present" if s.present else "absent") for s in statements]
        typed = reconciling.typed(question.text, self.linker.link)
        concepts = {s.concept for s in (*said, *typed.report, *typed.stated)}
        return reconciling.reconcile(
            session.readings(),
            session.readings(prior=True),
            typed,
            said,
            self.checker.kinds(concepts) if concepts else {},
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


@dataclass(frozen=True, slots=True)
class Understood:
    """The question as it is looked up, as the model is told it, the orders found in it, what nothing is known of, and
    whether it asks for the dose of a drug.
    """

    wanted: str
    safe: SafeText
    orders: tuple[str, ...]
    unknown: tuple[str, ...] = ()
    doses: bool = False

    @property
    def notes(self) -> tuple[str, ...]:
        """What the reader is told of it."""
        words = " or ".join(f"\u201c{word}\u201d" for word in self.unknown)
        orders = (NOT_FOLLOWED.format(order=order) for order in self.orders)
        return (*orders, *([NOT_KNOWN.format(words=words)] if words else []), *([NO_DOSES] if self.doses else []))


@dataclass(frozen=True)
class Task:
    """What one answer is written from."""

    session: Session
    persona: Persona
    question: SafeText
    facts: tuple[RankedFact, ...]
    film: Mapping[str, FindingState]
    seed: int
    cancel: threading.Event | None

    @property
    def told(self) -> list[str]:
        """The facts as the model is told them."""
        return [wording.sentence(ranked.fact) for ranked in self.facts[: self.persona.facts]]

    @property
    def seen(self) -> list[str]:
        """What the encoder says, as the model is told it."""
        readings, prior = self.session.readings(), self.session.readings(prior=True)
        return [sentence.text for sentence in composing.of_the_film(readings, (), prior)]


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

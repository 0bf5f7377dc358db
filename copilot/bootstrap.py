"""The composition root: the only place that picks concrete backends. Each part is made once, when it is first needed."""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import cache, cached_property, partial
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import Self

from filelock import FileLock, Timeout
from pydantic import ValidationError

from copilot.audit import AuditTrail
from copilot.checking import Checker
from copilot.config import Settings
from copilot.entailment.cross_encoder import CrossEncoder
from copilot.entailment.port import Entailment
from copilot.errors import ConfigurationError, InputUnusable
from copilot.ingest import candidates
from copilot.llm.factory import build_writer
from copilot.llm.port import Writer
from copilot.nearest import Indexed, NearestReports, make_index
from copilot.pipeline import NO_TEXT_SIDE, Copilot, mapped_errors
from copilot.relations.minilm_questions import MiniLMQuestionReader
from copilot.relations.onnx_asides import OnnxAsideReader
from copilot.relations.onnx_concepts import OnnxConceptReader
from copilot.relations.onnx_facts import OnnxFactReader
from copilot.relations.onnx_reader import OnnxRelationReader
from copilot.types import Explored, Nearest, Reading
from copilot.vision.factory import build_examiner
from copilot.vision.port import Encoder
from copilot.vision.segmenters import build_segmenter
from guardrails.dicom import DeidentifiedDicom, deidentify_file, installation_secret
from guardrails.images import ImageGate
from guardrails.text import MAX_CHARACTERS, TextDeidentifier
from guardrails.types import Deidentified, Vault
from kg import transfer
from kg.graph import Graph
from kg.linking import Linker
from kg.loading.csv_pack import core
from kg.loading.load import load, loaded
from kg.loading.packs import registered, with_files
from kg.memory import Memory
from kg.retrieval import Retriever
from kg.review import Decision, Ingested, Reviewed, ReviewedPack, ReviewQueue
from kg.transfer import Moved
from kg.types import CheckedSentence, Concept, Fact, GraphStats, Mention
from kg.verification import Verifier

Progress = Callable[[str], None]
LoadProgress = Callable[[str, int, int], None]


class Application:
    """The parts of the product in one process; a command starts only what it touches. Close it, or use it in a `with`."""

    def __init__(self, settings: Settings | None = None, progress: Progress = lambda _: None) -> None:
        """`progress` gets a few words before each step that takes a while."""
        self.settings = settings or _from_environment()
        self._progress = progress
        self._open = ExitStack()
        log_to(self.settings.home, self.settings.log_level)

    # --- the parts --------------------------------------------------------------------------------------------------

    @cached_property
    def graph(self) -> Graph:
        """The graph, reachable, with the curated facts loaded."""
        with mapped_errors():
            self._progress("Opening the knowledge graph")
            graph = self._open.enter_context(self._connect())
            if not loaded(graph, core()):
                with self._loading():
                    self._progress("Loading the curated facts")
                    load(graph, core())
            return graph

    @contextmanager
    def _loading(self) -> Iterator[None]:
        """One program of this data folder writes to the graph at a time; the next one waits, however the first ends."""
        lock = FileLock(self.settings.home / "loading.lock")
        try:
            lock.acquire(timeout=0.1)
        except Timeout:
            self._progress("Waiting for another program that is loading the graph")
            lock.acquire()
        try:
            yield
        finally:
            lock.release()

    def _connect(self) -> Graph:
        s = self.settings
        if s.neo4j_uri:
            return Graph.connect(s.neo4j_uri, s.neo4j_user, s.neo4j_password.get_secret_value(), s.neo4j_database)
        return Graph.open_embedded(s.home / "graph")

    @cached_property
    def lexicon(self) -> tuple[Concept, ...]:
        """Every concept of the graph."""
        with mapped_errors():
            return self.graph.lexicon()

    @cached_property
    def linker(self) -> Linker:
        """Finds the graph's concepts in text."""
        with mapped_errors():
            return Linker(self.lexicon, concept_reader())

    @cached_property
    def memory(self) -> Memory:
        """What the graph has said; finding facts and checking against them share it."""
        with mapped_errors():
            memory = Memory(self.graph)
            memory.now()  # what is a kind of what is asked for once, and not by the first question
        return memory

    @cached_property
    def checker(self) -> Checker:
        """Gives each sentence its verdict."""
        return bundled_checker(self.linker, Verifier(self.memory), self.entailment)

    @cached_property
    def entailment(self) -> Entailment | None:
        """Gives a second opinion on supported sentences, where the operator named a model."""
        if self.settings.nli is None:
            return None
        self._progress("Loading the model that doubts")
        return CrossEncoder(self.settings.nli)

    @cached_property
    def deidentifier(self) -> TextDeidentifier:
        """Takes identifiers out of text. The curated lexicon is its allow-list, so that it needs no graph."""
        self._progress("Loading the de-identification model")
        return TextDeidentifier(allow=[name for c in core().concepts() for name in (c.name, *c.synonyms)])

    @property
    def new_vault(self) -> Callable[[], Vault]:
        """Makes the vault of a session: dates are removed, or moved where the operator asks for it."""
        return Vault.moving_dates if self.settings.dates == "shift" else Vault

    @cached_property
    def images(self) -> ImageGate:
        """Opens films and takes identifiers out of them."""
        return ImageGate()

    @cached_property
    def encoder(self) -> Encoder:
        """Reads films."""
        self._progress("Loading the image encoder")
        names = {c.id: (c.name, *filter(None, [c.lay_name]), *c.synonyms) for c in core().concepts()}
        return build_examiner(self.settings.encoder, names)

    @property
    def _reports(self) -> Path:
        return self.settings.home / "reports" / "index.npz"

    @cached_property
    def nearest(self) -> NearestReports:
        """Finds reports on films like one at hand, where the operator has indexed some."""
        return NearestReports(self._reports, self.encoder, lambda text: self.deidentify_text(text).safe)

    @cached_property
    def writer(self) -> Writer:
        """Writes drafts."""
        self._progress("Loading the language model")
        return build_writer(self.settings.llm)

    @cached_property
    def audit(self) -> AuditTrail:
        """One line an answer."""
        return AuditTrail(self.settings.home / "audit")

    @cached_property
    def copilot(self) -> Copilot:
        """The whole path."""
        return Copilot(
            deidentifier=self.deidentifier,
            images=self.images,
            encoder=self.encoder,
            linker=self.linker,
            retriever=Retriever(self.graph, self.memory, question_reader()),
            checker=self.checker,
            writer=self.writer,
            audit=self.audit,
            graph_name=self.graph.engine,
            new_vault=self.new_vault,
            writing=self.settings.writing,
            segmenter=build_segmenter(self.settings.segmenter),
            nearest=self.nearest,
            lay_names={c.id: c.lay_name for c in self.lexicon if c.lay_name},
        )

    # --- single steps, for the command line -------------------------------------------------------------------------

    def deidentify_text(self, text: str) -> Deidentified:
        """Text without identifiers, in a session of its own."""
        with mapped_errors():
            return self.deidentifier.deidentify(text, self.new_vault())

    def deidentify_dicom(self, data: bytes) -> DeidentifiedDicom:
        """A DICOM file without identifiers; files of one installation keep agreeing with each other."""
        with mapped_errors():
            secret = installation_secret(self.settings.home / "deid.key")
            return deidentify_file(data, _OnDemand(self), secret=secret)

    def explore_film(self, data: bytes, phrases: Sequence[str]) -> tuple[Reading, tuple[Explored, ...], Nearest | None]:
        """The reading of one file, how much an accepted film looks like each phrase, which is de-identified first, and what
        the local index has of films like it.

        Raises `ConfigurationError` for an encoder that cannot compare films with words.
        """
        with mapped_errors():
            image = self.images.open(data)
            reading = self.encoder.read(image)
            safe = [self.deidentify_text(phrase).safe for phrase in phrases] if reading.accepted else []
            told = [self.encoder.likeness(image, phrase) for phrase in safe]
            if None in told:
                raise ConfigurationError(NO_TEXT_SIDE)
            nearest = self.nearest.of(image) if reading.accepted else None
            return reading, tuple(one for one in told if one is not None), nearest

    def index_reports(self, folder: Path, progress: Callable[[int, int], None] = lambda *_: None) -> Indexed:
        """Makes the local index from `reports.csv` of a folder and the films it names. `progress`: (rows done, rows in all)."""
        with mapped_errors():
            return make_index(
                folder,
                self._reports,
                self.encoder,
                self.images.open,
                lambda text: self.deidentify_text(text).safe,
                progress,
            )

    def check_text(self, text: str) -> tuple[CheckedSentence, ...]:
        """A verdict for each sentence, after de-identification."""
        with mapped_errors():
            return self.checker.check(self.deidentify_text(text).safe.text)

    def link_text(self, text: str) -> tuple[Mention, ...]:
        """The concepts that a text mentions. A text too long for the other steps is too long here too."""
        if len(text) > MAX_CHARACTERS:
            raise InputUnusable(
                f"The text is longer than {MAX_CHARACTERS:,} characters; send it in parts of that length."
            )
        with mapped_errors():
            return self.linker.link(text, meant=True)

    def load_packs(self, named: Sequence[str], progress: LoadProgress = lambda *_: None) -> GraphStats:
        """Loads packs by name or folder, each with the files that follow it. `progress`: (pack, rows done, rows in all)."""
        with mapped_errors():
            packs = [registered(name, files) for name, files in with_files(named)]
            graph = self.graph
            with self._loading():
                for pack in packs:
                    progress(pack.name, 0, 0)
                    load(graph, pack, partial(progress, pack.name))
            return graph.stats()

    # --- statements from documents ----------------------------------------------------------------------------------

    @cached_property
    def review(self) -> ReviewQueue:
        """Statements that wait for a person."""
        return ReviewQueue(self.settings.home / "review")

    def ingest(self, data: bytes, document: str) -> Ingested:
        """Queues what a document states and the graph does not hold. `document`: its citation. The graph stays as it is."""
        with mapped_errors():
            cited = self.deidentify_text(document).safe.text
            found = list(candidates(data, cited, self.linker, lambda text: self.deidentify_text(text).safe))
            held = self.graph.facts_between((c.statement.subject, c.statement.object) for c in found)
            known = {(f.subject, f.predicate, f.object, f.denied) for f in held}
            new = [c for c in found if c.statement.said not in known]
            return Ingested(cited, found=len(found), known=len(found) - len(new), queued=self.review.add(new))

    def decide(self, candidate_id: str, decision: Decision, by: str) -> Reviewed:
        """Takes a decision and brings the graph to what is accepted now."""
        with mapped_errors():
            graph = self.graph
            with self._loading():
                decided = self.review.decide(candidate_id, decision, by)
                load(graph, ReviewedPack(self.review))
            return decided

    def edit(self, candidate_id: str, by: str, **changes: str | bool) -> Reviewed:
        """Puts a statement otherwise, so that it waits for a decision again. `changes`: fields of `Statement`."""
        with mapped_errors():
            statement = replace(self.review.entry(candidate_id).statement, **changes)  # type: ignore[arg-type]
            for end in (statement.subject, statement.object):
                self.graph.concept(end)
            with self._loading():
                edited = self.review.edit(candidate_id, statement, by)
                load(self.graph, ReviewedPack(self.review))
            return edited

    def export_graph(self, file: Path) -> Moved:
        """The graph and the review queue as one file."""
        with mapped_errors():
            return transfer.export(self.graph, self.review, file)

    def import_graph(self, file: Path, progress: LoadProgress = lambda *_: None) -> Moved:
        """Such a file into this graph and queue."""
        with mapped_errors():
            graph = self.graph
            with self._loading():
                return transfer.restore(graph, self.review, file, progress)

    def concept(self, named: str) -> tuple[Concept, tuple[Fact, ...]]:
        """A concept by id, or the best match by name, with its facts."""
        with mapped_errors():
            found = next(iter(self.graph.search(named, limit=1)), None)
            concept = found or self.graph.concept(named)
            return concept, self.graph.facts_about([concept.id])

    def models(self) -> dict[str, str]:
        """What would write and look, with checksums. Loads both, so that a damaged one shows."""
        return {
            "llm": self.writer.id.name,
            "llm_sha256": self.writer.id.sha256,
            "encoder": self.encoder.id.name,
            "encoder_sha256": self.encoder.id.sha256,
        }

    def close(self) -> None:
        """Gives back the graph and its engine."""
        self._open.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


@dataclass(frozen=True)
class _OnDemand:
    """The text path, loaded when a header has text for it: a file that is refused need not wait for a model."""

    application: Application

    def deidentify(self, raw: str, vault: Vault) -> Deidentified:
        """As the text path does."""
        return self.application.deidentifier.deidentify(raw, vault)


@cache
def concept_reader() -> OnnxConceptReader:
    """The reader of concepts that ships; linking and checking share it."""
    return OnnxConceptReader()


def question_reader() -> MiniLMQuestionReader:
    """The reader of questions that ships."""
    return MiniLMQuestionReader()


def bundled_checker(linker: Linker, verifier: Verifier, entailment: Entailment | None = None) -> Checker:
    """A checker with the readers that ship."""
    readers = OnnxRelationReader(), concept_reader(), OnnxAsideReader(), OnnxFactReader()
    return Checker(linker, verifier, entailment, *readers)


def _from_environment() -> Settings:
    """The settings; a value that cannot be is named by its variable and not repeated, since one of them is a password."""
    try:
        return Settings()
    except ValidationError as error:
        wrong = ", ".join(f"COPILOT_{str(one['loc'][0]).removeprefix('COPILOT_').upper()}" for one in error.errors())
        raise ConfigurationError(
            f"This setting has a value that cannot be used: {wrong}. The README lists them."
        ) from None


def log_to(home: Path, level: str) -> None:
    """Our log goes to a file under `home`. Libraries stay silent below WARNING: their debug lines quote their input."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    handler = RotatingFileHandler(home / "copilot.log", maxBytes=1_000_000, backupCount=3, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    for name in ("copilot", "guardrails", "kg", "ui"):
        logger = logging.getLogger(name)
        logger.setLevel(level.upper())
        logger.handlers = [handler]
        logger.propagate = False

"""The values that travel along the pipeline: what the encoder saw, what an answer is, and the events on the way.

Knows nothing of any backend. Only safe values (`SafeText`, `SafeImage`) appear here.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from guardrails.types import SafeText
from kg.types import CheckedSentence, RankedFact

FindingState = Literal["present", "uncertain", "absent"]
ChangeKind = Literal["new", "worse", "stable", "better", "resolved", "unclear"]
Composed = Literal["model", "facts", "abstained"]
Writing = Literal["best", "drafted", "chosen", "composed"]


class PersonaName(StrEnum):
    """Who is asking; the rest of a persona is data in `copilot.personas`."""

    CLINICIAN = "clinician"
    STUDENT = "student"
    KIOSK = "kiosk"


@dataclass(frozen=True, slots=True)
class Finding:
    """One label of the encoder: calibrated `probability` 0..1, the operating `threshold`, and the state they give.

    `band`: absent below the first, present from the second, uncertain between; None for an encoder that has none.
    """

    name: str
    concept: str
    probability: float
    threshold: float
    state: FindingState
    band: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Measurement:
    """A number measured on the film; `unit` "1" means a ratio. `error`: plus or minus, where it is known.

    `note`: what must be known to read it.
    """

    name: str
    value: float
    unit: str
    error: float | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Outline:
    """A closed line on the film as it was given: `points` (x, y) in shares of its width and height, 0..1."""

    name: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class MarkedRegion:
    """What a person pointed at, outlined; `unit` is mm2, or a share in per cent of what it names."""

    outline: Outline
    area: float
    unit: str


@dataclass(frozen=True, slots=True)
class HeatMap:
    """Where on the film as given a finding was seen: `cells`, rows of 0..1 over the whole of it.

    `where` names the place of the brightest cell, such as `right lower zone`; None where it was not looked for.
    """

    concept: str
    cells: tuple[tuple[float, ...], ...]
    where: str | None = None


@dataclass(frozen=True, slots=True)
class EncoderId:
    """Which encoder read the film; `sha256` of its weights."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What the encoder says of one film.

    `reason`, one sentence: why the film was not accepted, or how an accepted one was turned or inverted first, by
    `quarter_turns` as `numpy.rot90` counts them. `notes`: further sentences on how far the film and this reading can be
    trusted. `outlines`: the lungs, where they were found.
    """

    accepted: bool
    encoder: EncoderId
    reason: str | None = None
    modality: str | None = None
    view: str | None = None
    findings: tuple[Finding, ...] = ()
    measurements: tuple[Measurement, ...] = ()
    quarter_turns: int = 0
    inverted: bool = False
    notes: tuple[str, ...] = ()
    outlines: tuple[Outline, ...] = ()
    heatmaps: tuple[HeatMap, ...] = ()


@dataclass(frozen=True, slots=True)
class Explored:
    """How much a film looks like a phrase that someone typed, 0..1 and no probability; None where it cannot be told.

    `note`: one or two sentences on how to read it, or why there is none.
    """

    phrase: SafeText
    score: float | None
    note: str


@dataclass(frozen=True, slots=True)
class NearReport:
    """The report on another film; `similarity` -1..1 is the cosine of both films for the encoder, no probability."""

    report: SafeText
    similarity: float


@dataclass(frozen=True, slots=True)
class Nearest:
    """Reports of the local index on the films most alike, the most alike first; `note`: how to read it, or why there is none."""

    reports: tuple[NearReport, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Change:
    """One finding on an earlier and a later film: both probabilities, and what can be said of the change."""

    concept: str
    name: str
    before: float
    now: float
    kind: ChangeKind


@dataclass(frozen=True, slots=True)
class Compared:
    """One finding as each source has it; None where a source says nothing of it.

    `disagreements`: one plain sentence for each pair of sources of which one says present and the other absent.
    """

    concept: str
    name: str
    encoder: FindingState | None = None
    prior: FindingState | None = None
    report: FindingState | None = None
    stated: FindingState | None = None
    answer: FindingState | None = None
    disagreements: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RedFlag:
    """A reason to act now: `flag` is its id, `message` is what the person is told before anything else."""

    flag: str
    message: str


@dataclass(frozen=True, slots=True)
class ModelCard:
    """Everything that must be known to make the same answer again."""

    llm: str
    llm_sha256: str
    encoder: str
    graph: str
    seed: int


@dataclass(frozen=True, slots=True)
class Timings:
    """Milliseconds a stage."""

    deid: float = 0.0
    vision: float = 0.0
    retrieval: float = 0.0
    generation: float = 0.0
    verification: float = 0.0
    total: float = 0.0


@dataclass(frozen=True, slots=True)
class Answer:
    """A checked answer. `sentences` are in reading order and hold placeholders, never identifiers."""

    sentences: tuple[CheckedSentence, ...]
    composed: Composed
    readings: tuple[Reading, ...]
    red_flags: tuple[RedFlag, ...]
    disclaimers: tuple[str, ...]
    deid_spans: int
    model: ModelCard
    timings: Timings
    notes: tuple[str, ...] = ()  # plain sentences such as "The draft did not survive checking; ..."
    sources: tuple[tuple[int, str], ...] = ()  # (number, source) of what the sentences rest on, the same all session
    compared: tuple[Compared, ...] = ()  # the findings as encoder, report, prior, person and answer have them
    changes: tuple[Change, ...] = ()  # of the newest film against the newest earlier one
    removed: tuple[CheckedSentence, ...] = ()  # contradicted sentences of the draft, for the audit and the curious


# --- stage events, in the order in which `Copilot.ask` yields them ------------------------------------------------


@dataclass(frozen=True, slots=True)
class QuestionDeidentified:
    """The question as everything after this point sees it."""

    question: SafeText
    spans: int


@dataclass(frozen=True, slots=True)
class RedFlagsRaised:
    """Show these at once, before anything else."""

    flags: tuple[RedFlag, ...]


@dataclass(frozen=True, slots=True)
class FindingsRead:
    """What the encoder said of the session's films."""

    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class FactsRetrieved:
    """The facts the answer may rest on."""

    facts: tuple[RankedFact, ...]


@dataclass(frozen=True, slots=True)
class Queued:
    """Another person's draft is being written; `place` is 1 for next."""

    place: int


@dataclass(frozen=True, slots=True)
class DraftProgress:
    """`tokens` written so far, never the unchecked words themselves."""

    tokens: int


@dataclass(frozen=True, slots=True)
class VerdictsGiven:
    """Counts by verdict over the draft's sentences."""

    counts: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answered:
    """The last event."""

    answer: Answer


Event = (
    QuestionDeidentified
    | RedFlagsRaised
    | FindingsRead
    | FactsRetrieved
    | Queued
    | DraftProgress
    | VerdictsGiven
    | Answered
)

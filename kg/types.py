"""The values that travel between the graph and its users, and the errors.

Knows nothing of Cypher or of the driver.

    GraphError                   the message says what happened and what to do
    ├── GraphUnavailable         no server, wrong password, too old, gone away
    ├── PackInvalid              a pack has a broken row; nothing of that row was loaded
    ├── PackUnknown              no pack has that name
    ├── ReviewError              a decision cannot be taken
    └── UnknownConcept           no concept has that id or name
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal


class GraphError(Exception):
    """Base of this package's errors."""


class GraphUnavailable(GraphError):
    """The graph could not be reached or refused the connection."""


class PackInvalid(GraphError):
    """A pack cannot be loaded as it is."""


class PackUnknown(GraphError):
    """No pack is registered under that name, and no folder has it."""


class ReviewError(GraphError):
    """A decision about a statement cannot be taken; the message says why."""


class UnknownConcept(GraphError):
    """Nothing in the graph has that id or name."""


class Tier(StrEnum):
    """How far a fact may be trusted; `reviewed` needs a named clinician who accepted it."""

    CURATED = "curated"
    REVIEWED = "reviewed"
    IMPORTED = "imported"
    MINED = "mined"


class Verdict(StrEnum):
    """What the graph says of a sentence."""

    SUPPORTED = "supported"
    CONTRADICTED = "contradicted"
    NOT_IN_GRAPH = "not_in_graph"
    NOT_A_CLAIM = "not_a_claim"


Assertion = Literal["present", "absent", "possible", "historical", "hypothetical", "family"]
Side = Literal["left", "right", "both"]
Severity = Literal["mild", "moderate", "severe"]
Extent = Literal["", "can", "typical", "mostly", "always", "only", "not_always", "never", "rare"]
Operator = Literal["<", "<=", "=", ">=", ">", "between"]


@dataclass(frozen=True, slots=True)
class Source:
    """A published work that a clinician would accept. `citation` is one line; `url` may be empty."""

    id: str
    citation: str
    year: int | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing the graph knows. `id` is snake_case and stable; `synonyms` are lower-case spellings and abbreviations."""

    id: str
    name: str
    category: str
    synonyms: tuple[str, ...] = ()
    lay_name: str = ""
    definition: str = ""
    definition_source: str = ""
    pack: str = "core"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its comparison. `upper` is set for `between` only. `unit` is "1" for a ratio."""

    operator: Operator
    value: float
    unit: str
    upper: float | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """One statement of the graph. `denied` means the graph says that it is *not* so.

    `qualifiers`: sorted (key, value) pairs such as ("population", "adults") or ("condition", "on a PA film").
    `source` is the one-line citation, as shown to a reader; `source_id` is the `Source` it stands for.
    """

    id: str
    subject: str
    subject_name: str
    predicate: str
    object: str
    object_name: str
    source: str
    tier: Tier
    pack: str = "core"
    denied: bool = False
    quantity: Quantity | None = None
    qualifiers: tuple[tuple[str, str], ...] = ()
    source_id: str = ""


@dataclass(frozen=True, slots=True)
class Mention:
    """A concept found in a text; offsets are code points. `candidates` are other concepts the words could mean.

    `excluded`: the text asks for others than this one, "causes other than heart failure". `quantity`: the number said of it,
    "8 mm nodule", "cardiothoracic ratio of 0.56".
    """

    start: int
    end: int
    text: str
    concept: str
    name: str
    category: str = ""
    assertion: Assertion = "present"
    side: Side | None = None
    location: str | None = None
    severity: Severity | None = None
    candidates: tuple[str, ...] = ()
    excluded: bool = False
    quantity: Quantity | None = None

    def stands_in(self, text: str) -> bool:
        """Whether its words stand there in this text; those of an earlier question do not."""
        return bool(self.text) and text[self.start : self.end] == self.text


@dataclass(frozen=True, slots=True)
class Claim:
    """What a sentence says in the graph's terms, ready to be checked.

    `predicate`: a name of `kg.predicates`, or `ASSOCIATED_WITH`, `SAME_AS`, `DEFINED_AS` (then `residue` is the
    description), `WORDED_AS` (then `residue` is the whole sentence). `object` may be empty where the sentence leaves it
    open (a number without its quantity).
    `extent`: "always" and "only" say more than a fact's "can", "mostly" and "rare" something else, "typical" a little
    more; "not_always" denies just "always", "never" denies every case.
    `context`: other concepts of the clause that narrow it, each as (id, normal forms of the words it was said with);
    an empty id holds words that tell which quantity a number is of.
    `residue`: normal forms of words that the claim does not carry.
    `of_a_case`: the number is that of one case ("a ratio of 0.6 means"), which may lie anywhere within a limit.
    """

    subject: str
    predicate: str
    object: str
    denied: bool = False
    quantity: Quantity | None = None
    extent: Extent = ""
    context: tuple[tuple[str, tuple[str, ...]], ...] = ()
    residue: tuple[str, ...] = ()
    of_a_case: bool = False


@dataclass(frozen=True, slots=True)
class RankedFact:
    """A retrieved fact with its rank score (higher is better) and why it was taken."""

    fact: Fact
    score: float
    why: str = ""


@dataclass(frozen=True, slots=True)
class CheckedSentence:
    """A sentence, its verdict, the facts that decided it and one plain sentence of reason."""

    text: str
    verdict: Verdict
    facts: tuple[Fact, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class GraphStats:
    """Counts as `copilot kg stats` shows them."""

    engine: str
    concepts: int
    facts: int
    by_tier: dict[str, int] = field(default_factory=dict)
    by_pack: dict[str, dict[str, str | int]] = field(default_factory=dict)
    sources: int = 0

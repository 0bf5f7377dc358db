"""One table a turn: for each finding what the encoder, the report, the earlier film, the person and the answer say of it.

A pure function of values that are already safe. Knows nothing of models, of the graph and of how the table is shown.
"""

# ruff: noqa: E501 - an alternation is easier to read, and to extend, on one line

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from copilot.types import Compared, FindingState, Reading
from kg.linking import split
from kg.types import Mention

# Not a finding, but the encoder's word for a film without any.
NO_FINDING = "normal_chest_radiograph"
_OF_A_FILM = frozenset({"finding", "sign", "disease", "device"})
_SAYS: dict[str, FindingState] = {"present": "present", "absent": "absent", "possible": "uncertain"}
_REPORT = re.compile(
    r"^\s*(?:report|findings?|impression|conclusion|opinion|comparison)\s*[:\-]", re.IGNORECASE | re.MULTILINE
)
_QUOTED = re.compile(
    r"\b(?:report|radiologist|reading)s? (?:\w+ ){0,2}(?:says?|said|states?|stated|reads?|describes?|mentions?|notes?|noted|found|shows?)\b[:,]?"
)
# What a person says of this film or of themselves, not of medicine in general.
_OWN = re.compile(
    r"\b(?:I|we|he|she|they|my|his|her|the patient|(?:the|this) (?:film|image|radiograph|(?:chest )?x-?ray)|there)\b.{0,40}?"
    r"\b(?:have|has|had|see|sees|saw|think|thinks|believe|is|are|was|were|shows?|call(?:ed)?|am)\b"
    r"(?! (?:\w+ ){0,3}(?:causes|kinds|types|reasons|risks?|ways|links?|associations?) )",
    re.IGNORECASE,
)
# No report speaks so: after it the person's own words have begun, even below a heading of a report.
_MYSELF = re.compile(
    r"^\W*(?:(?:but|however|yet|and|still)\W+)?(?:I|we) (?:\w+ )?(?:think|believe|see|saw|feel|suspect|find|disagree|wonder)\b"
    r"|^\W*(?:(?:but|however)\W+)?in my (?:view|opinion)\b",
    re.IGNORECASE,
)
# "I think" makes a statement one's own, not a doubtful one.
_MY_VIEW = re.compile(r"\b(?:I|we)(?: \w+)? (?:think|believe|reckon|feel)(?: that)?\b", re.IGNORECASE)
_MY_DENIAL = re.compile(r"\b(?:I|we) (?:do not|don't|cannot|can't)\b", re.IGNORECASE)
_SOURCES = ("encoder", "report", "stated", "answer")
_NAMES = {"encoder": "the encoder", "report": "the report", "stated": "your statement", "answer": "the answer"}


@dataclass(frozen=True, slots=True)
class Said:
    """What one text says of one concept."""

    concept: str
    name: str
    state: FindingState


@dataclass(frozen=True, slots=True)
class Turn:
    """What the person typed, parted: of a report they quote, and in their own words."""

    report: tuple[Said, ...] = ()
    stated: tuple[Said, ...] = ()


def typed(text: str, link: Callable[[str], Iterable[Mention]]) -> Turn:
    """Parts the findings of a question into those of a quoted report and those stated in the person's own words.

    A question states nothing, and neither does a sentence about medicine in general. `link` finds the mentions of a text.
    """
    mentions = link(_MY_VIEW.sub(_blanked, text))
    heading = _REPORT.search(text)
    report: list[Said] = []
    stated: list[Said] = []
    found = tuple(m for m in mentions if m.category in _OF_A_FILM and m.assertion in _SAYS)
    for start, end in split(text):
        sentence = text[start:end]
        if sentence.rstrip().endswith("?"):
            continue
        if heading is not None and start > heading.start() and _MYSELF.search(sentence):
            heading = None
        said = [Said(m.concept, m.name, _SAYS[m.assertion]) for m in found if start <= m.start < end]
        if _QUOTED.search(sentence) or (heading is not None and end > heading.start()):
            report += said
        elif _OWN.search(sentence):
            stated += said
    return Turn(tuple(report), tuple(stated))


def _blanked(view: re.Match[str]) -> str:
    """Blanks of the same length, so that every place stays; a denial stays as it is."""
    return view[0] if _MY_DENIAL.match(view[0]) else " " * len(view[0])


def reconcile(
    current: Sequence[Reading],
    prior: Sequence[Reading],
    turn: Turn,
    answer: Iterable[Said],
    kinds: Mapping[str, Collection[str]],
) -> tuple[Compared, ...]:
    """A row for each finding that somebody asserts or that at least two sources speak of, disagreements first.

    `kinds`: concept id to what it is a kind of; who sees a consolidation sees an opacity.
    """
    seen, before = _of_films(current), _of_films(prior)
    texts = {"report": turn.report, "stated": turn.stated, "answer": tuple(answer)}
    names = {s.concept: s.name for said in texts.values() for s in said} | {
        f.concept: f.name for reading in (*prior, *current) for f in reading.findings
    }
    rows = []
    for concept in dict.fromkeys((*(s.concept for said in texts.values() for s in said), *seen)):
        states = {name: _of_text(said, concept, kinds) for name, said in texts.items()}
        states["encoder"] = seen.get(concept)
        rows.append(_row(concept, names[concept], states, before.get(concept)))
    return tuple(sorted((row for row in rows if row is not None), key=lambda row: not row.disagreements))


def _row(
    concept: str, name: str, states: Mapping[str, FindingState | None], before: FindingState | None
) -> Compared | None:
    spoken = [state for state in states.values() if state is not None]
    told = any(states[source] is not None for source in ("report", "stated", "answer"))
    if not spoken or not (told or states["encoder"] in {"present", "uncertain"} or before == "present"):
        return None
    return Compared(
        concept,
        name,
        states["encoder"],
        before,
        states["report"],
        states["stated"],
        states["answer"],
        _disagreements(states, before),
    )


def _disagreements(states: Mapping[str, FindingState | None], before: FindingState | None) -> tuple[str, ...]:
    """One plain sentence for each pair of sources of which one says present and the other absent."""
    spoken = [(source, states[source]) for source in _SOURCES if states[source] is not None]
    found = [
        f"{_NAMES[one].capitalize()} says {state}, {_NAMES[other]} says {against}."
        for number, (one, state) in enumerate(spoken)
        for other, against in spoken[number + 1 :]
        if {state, against} == {"present", "absent"}
    ]
    now = states["encoder"]
    if before is not None and now is not None and {before, now} == {"present", "absent"}:
        found.append(f"On the earlier film the encoder says {before}, on this one {now}.")
    return tuple(found)


def _of_films(readings: Iterable[Reading]) -> dict[str, FindingState]:
    """Concept id to state; present on one film outweighs uncertain, which outweighs absent."""
    weight: dict[FindingState, int] = {"absent": 0, "uncertain": 1, "present": 2}
    merged: dict[str, FindingState] = {}
    for finding in (f for reading in readings for f in reading.findings if f.concept != NO_FINDING):
        merged[finding.concept] = max(merged.get(finding.concept, "absent"), finding.state, key=weight.__getitem__)
    return merged


def _of_text(said: Iterable[Said], concept: str, kinds: Mapping[str, Collection[str]]) -> FindingState | None:
    """The last thing that the text says of the concept, or of a kind of it that is there."""
    state = None
    for one in said:
        if one.concept == concept or (one.state != "absent" and concept in kinds.get(one.concept, ())):
            state = one.state
    return state

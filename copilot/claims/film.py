"""Statements about the film at hand: which sentences they are, and what they say is there. Knows nothing of facts."""

# ruff: noqa: E501 - an alternation is easier to read, and to extend, on one line

import re
from collections.abc import Sequence
from dataclasses import dataclass

from copilot.claims.cues import BASE_FORM, VERB_STARTS
from kg.types import Mention, Side

_FILM = re.compile(
    r"^(?:on |in )?(?:the|this|that|your|his|her|these|today's) (?:\w+ )?(?:film|image|picture|x-ray|radiograph|chest x-ray|chest radiograph|cxr|study|examination|view|scan)s?\b"
    r"|^there (?:is|are|was|were|appears? to be|has been)\b|^no\b"
    r"|\b(?:is|are) (?:noted|seen|present|identified|visible|visualized|visualised|evident|demonstrated|detected|absent|clear|unremarkable|normal)\.?$",
    re.IGNORECASE,
)
_SHOWS_ON_FILM = re.compile(
    r"^(?:the|this|that|your) (?:\w+ )?(?:film|image|picture|x-ray|radiograph|chest x-ray|chest radiograph|cxr|study|view|scan) (?:shows?|demonstrates?|reveals?|has|displays?|does not show|is)\b",
    re.IGNORECASE,
)
_LUNGS_CLEAR = re.compile(r"\b(?:lungs?|lung fields) (?:is|are|appear|look) clear\b|^clear lungs\b", re.IGNORECASE)
_HEART_NORMAL = re.compile(
    r"^(?:the |your )?(?:heart|cardiac|cardiomediastinal)(?: size| silhouette| shadow| contours?)? (?:is|are|appears?|looks?|remains?) (?:normal(?: in size)?|of normal size|unremarkable|not enlarged|within normal limits)\W*$"
    r"|^(?:normal|unremarkable) (?:heart|cardiac) (?:size|silhouette|shadow)\W*$",
    re.IGNORECASE,
)
# How much, which, where and of what look: the first word of a telegram.
_TELEGRAM = re.compile(
    r"(?:(?:very |slightly |mildly |more |less )?(?:small|large|mild|moderate|severe|trace|tiny|left|right|bilateral|new|stable|unchanged|minimal|patchy|focal|multifocal|diffuse|increased|increasing"
    r"|decreased|decreasing|subtle|faint|hazy|streaky|linear|ill-defined|well-defined|dense|confluent|subsegmental|bibasal|bibasilar|retrocardiac|perihilar|interval|persistent|prominent"
    r"|improving|improved|worsening|worsened|residual|scattered|blunted|enlarged|moderately|mildly|slight|marked|asymmetric|possible|probable|suspected)(?:-sided)?)\b",
    re.IGNORECASE,
)
# Where a report goes on from what is seen to what it may mean.
_MEANT = re.compile(
    r",? (?=(?:which|that|this) (?:may|might|could|can|suggests?|represents?)\b)|,? (?=(?:most )?(?:likely|probably|possibly|presumably|perhaps|in keeping with|consistent with|compatible with|concerning for"
    r"|suspicious for|worrisome for|suggestive of|suggesting|representing|reflecting|due to)\b)",
    re.IGNORECASE,
)
_LOWER_LOBE = re.compile(r"\blower (?=(?:lobe|zone|lung|field|hemithora)\w*)")  # no verb
_VERBLIKE = frozenset("is are was were can may might cannot does do has have should must will never".split())
# What clear lungs do not show, of the findings that lie in them.
_CLEAR_OF = (
    "consolidation", "lung_opacity", "pulmonary_edema", "pneumonia", "atelectasis", "pulmonary_infiltrate", "lung_nodule",
    "lung_mass",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FilmStatement:
    """What a sentence says of the film at hand: that the concept is there, or that it is not.

    `one_of_many`: one of the findings that "clear lungs" denies together, so that a reader may be silent of some.
    """

    concept: str
    name: str
    present: bool
    side: Side | None = None
    one_of_many: bool = False


def of_the_film(text: str, mentions: Sequence[Mention]) -> tuple[FilmStatement, ...] | None:
    """Statements about the film at hand, or None when the sentence is of another kind."""
    if _LUNGS_CLEAR.search(text):
        clear = [FilmStatement(c, c.replace("_", " "), present=False, one_of_many=True) for c in _CLEAR_OF]
        return (*clear, *_stated([m for m in mentions if m.category in {"finding", "sign", "disease"}]))
    if _HEART_NORMAL.match(text):
        return (FilmStatement("cardiomegaly", "cardiomegaly", present=False),)
    seen = [m for m in mentions if m.category in {"finding", "sign", "disease", "device"}]
    if not seen or _in_a_disease(text, mentions):
        return None
    if _TELEGRAM.match(text) and _verbless(text):
        end = len(_MEANT.split(text)[0])
        return _stated([m for m in seen if m.end <= end])
    if _SHOWS_ON_FILM.match(text) or (_FILM.search(text) and not _general(text)) or _is_predicated(seen, text):
        return _stated(seen)
    return None


def _in_a_disease(text: str, mentions: Sequence[Mention]) -> bool:
    """Whether it tells what there is in a disease ("there is no stridor in croup"), not on the film."""
    last = mentions[-1] if len(mentions) > 1 else None
    return (
        last is not None and last.category == "disease" and bool(re.search(r"\bin (?:an? |the )?$", text[: last.start]))
    )


def _verbless(text: str) -> bool:
    """A telegram such as "small left effusion" or "patchy opacity, likely pneumonia": how films are reported."""
    words = re.findall(r"[a-z-]+", _LOWER_LOBE.sub("", _MEANT.split(text)[0].lower()))
    return not any(BASE_FORM.get(w, w) in VERB_STARTS or w in _VERBLIKE for w in words)


def _stated(seen: Sequence[Mention]) -> tuple[FilmStatement, ...]:
    return tuple(
        FilmStatement(m.concept, m.name, m.assertion == "present", m.side)
        for m in seen
        if m.assertion in {"present", "absent"}
    )


# "On the erect film fluid collects ...": a view in general, and a verb that tells what happens there.
_ON_A_VIEW = re.compile(
    r"^(?:on|in) the (?:erect|upright|supine|lateral|frontal|decubitus|expiratory|inspiratory|PA|AP|portable|standing|plain) (?:chest )?(?:film|image|view|radiograph|x-ray|projection)\b"
    r".*\b(?:collects?|gathers?|layers?|pools?|rises?|sinks?|lies|obscures|hides|looks?|appears?|blunts|becomes?|accumulates?|gravitates?|fills?|moves?|shows? up|magnif\w+|widens?|falls?|tracks?|outlines?)\b",
    re.IGNORECASE,
)


def _general(text: str) -> bool:
    """Whether a statement that opens like one about a film speaks of medicine in general after all."""
    return bool(
        _ON_A_VIEW.search(text)
        or re.search(
            r"\b(?:cause|causes|caused|due|can|may|might|could|usually|often|typically|commonly|always|never|treated|suggests?|indicates?|rules? out|excludes?"
            r"|confirms?|establish(?:es)?|proves?|proof|diagnos\w+|detects?|misses|identif\w+|magnif\w+|obscures?|mean|means|kind of|type of|patients?|associated|complication|risk|leads?|present(?:s)? with|needs?|requires?|required|should|treatment for|test for|called|defined|links?|association|connection|relation|relationship|evidence|role|need|place for|urgent|emergency|routine)\b",
            text,
            re.IGNORECASE,
        )
    )


def _is_predicated(seen: Sequence[Mention], text: str) -> bool:
    """Whether the whole sentence is a finding said as a predicate, such as "the heart is enlarged"."""
    alone = [mention.text for mention in seen] == [text]
    if len(seen) != 1 or not (alone or re.match(r"(?:the|both|left|right)\b", text, re.IGNORECASE)):
        return False
    mention = seen[0]
    predicated = re.search(r"\b(?:is|are|was|were|appears?|looks?)\b", mention.text)
    rest = text[: mention.start] + text[mention.end :]
    return bool(predicated) and len(rest.split()) <= 3

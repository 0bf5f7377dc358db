"""What an audience that is not told everything is told: which facts, in which order, and whether they answer the question.

Knows nothing of the session, of how facts are found and of how they are worded.
"""

# ruff: noqa: E501 - an alternation is easier to read, and to extend, on one line

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from copilot.personas import Persona
from kg import wording
from kg.retrieval import JOINS
from kg.types import Mention, RankedFact

# Share of the best fact's rank that a fact must reach to be told first, and that one must reach to be the answer.
NEAR, ANSWERS = 0.4, 0.7
JOINED_AT_MOST = 2  # "cannot show it", "does not rule it out" and "does not confirm it" say much the same
# What films are taken with: named in nearly every question of a patient, and hardly ever what it is about.
PROCEDURES = frozenset({"test", "technique"})
_ASKED_BEFORE = re.compile(
    r"\b(?:what(?:'?s| is| are| was| were| does| do)|explain|define|describe|meaning of|tell me about)\s+(?:an? |the )?$",
    re.IGNORECASE,
)
# What a test shows of a disease, and what a word means, is answered by saying so, whatever else might rank higher.
_WHETHER_SHOWN = re.compile(
    r"\b(?:shows?|sees?|seen|find|detects?|miss(?:es)?|pick(?:s|ed)? up|tell|visible|rules? out|confirms?|proves?|same)\b",
    re.IGNORECASE,
)
_HOW_LONG = re.compile(r"\b(?:how (?:long|soon)|when|still|yet|again|another|weeks?|months?)\b", re.IGNORECASE)
# A film need not be named to be what is asked about: "I have a pacemaker, can I go in the x-ray room?"
_WHETHER_SAFE = re.compile(r"\b(?:safe|dangerous|harm\w*|allowed|can i|may i|ok(?:ay)?)\b", re.IGNORECASE)
_FILM = re.compile(r"\bx-?ray|\b(?:films?|pictures?)\b", re.IGNORECASE)
_WHAT_IT_MEANS = re.compile(r"\b(?:mean(?:s|ing)?|explain|define)\b", re.IGNORECASE)
_ASKED_AFTER = re.compile(r"\W*(?:means?|stands? for|is what|\W*$)", re.IGNORECASE)
_COMPARED = re.compile(r"\bdifferences? between\b", re.IGNORECASE)
_ARTICLE = re.compile(r"\W*(?:an?|the)?\W*", re.IGNORECASE)

GOES_FURTHER = "This screen explains words, and what you ask goes further: please ask your doctor or nurse."
KNOWS_NOTHING = "This screen holds nothing on that: please try a single word from your report, or ask the staff."
FLAGGED = "Please act on the message above first."
OF_ONESELF = (
    "This screen cannot see your films, results or appointments, nor what anybody told you: please ask the staff here."
)

_STAFF = (
    r"(?:doctors?|dr|nurses?|radiologists?|radiographers?|consultants?|specialists?|surgeons?|gp|physicians?|staff)"
)
_MINE = r"(?:my|our|his|her|their|the|any)"
_PAPERS = r"(?:results?|reports?|findings)\b(?! (?:says?|said|mentions?|reads?|states?|talks?|has|means?)\b)"
_BODY = r"(?:x-?rays?|scans?|films?|ct|results?|tests?|heart|lungs?|chest|breathing)"
_ABOUT_ONESELF = re.compile(
    r"\b(?:"
    # Results, and when they come.
    rf"(?:when|how (?:long|soon|do|can)|what time|where|will|are|is|have|has|did|can)\b[^.?!]{{0,40}}\b{_MINE} (?:[\w-]+ ){{0,3}}{_PAPERS}[^.?!]{{0,25}}\b(?:ready|back|come|coming|in|arrived?|available|done|sent|take|be|normal|ok|okay|clear|bad|good)\b"
    rf"|(?:get|see|find out|collect|receive|have|hear|wait(?:ing)?(?: for)?|pick up|show me|tell me|give me|read me|send me) (?:about )?{_MINE} (?:[\w-]+ ){{0,3}}{_PAPERS}"
    rf"|what (?:do|does|did|are|is|were|was) (?:my|our|his|her) (?:[\w-]+ ){{0,2}}(?:x-?rays?|scans?|films?|results?|tests?)(?: (?:say|show|look like|mean)\b|\W*$)"
    # What somebody said or saw.
    rf"|what\b[^.?!]{{0,15}}\b(?:the|my|our|his|her|that) (?:\w+ )?{_STAFF}\b[^.?!]{{0,15}}\b(?:say|said|saying|tell|told|find|found|see|saw|think|thinks|thought|wrote|write|decided?|meant?)\b"
    r"|what (?:did|have|has|do|does) (?:they|he|she|you)\b[^.?!]{0,12}\b(?:say|said|tell|told|find|found|see|saw|think|decide)\b[^.?!]{0,12}\b(?:my|me|about|on|in)\b"
    # Appointments and waiting.
    r"|appointments?\b|waiting times?\b|(?:when|what time|how (?:long|soon))\b[^.?!]{0,25}\b(?:be (?:seen|called|discharged)|go home|get called|my turn|(?:do|will|must|have to|need to) (?:\w+ )?wait\b|the wait\b)"
    # Whether one has it, and how it will go.
    r"|(?:do|does) (?:i|he|she|my \w+) (?:really |now |actually )?(?:have|got)\b(?! (?:to|an? (?:choice|right|question))\b)|have i (?:really |now )?got\b|has (?:he|she|my \w+) got\b"
    r"|(?:am i|are we|is (?:he|she|my \w+)) (?:really |actually )?(?:going to |gonna )?(?:be )?(?:die|dying|ok|okay|all ?right|fine|ill|sick|seriously ill|terminal|cured|infectious|contagious)\b"
    r"|(?:will i|i(?:'m| am)? (?:will|going to|gonna)|i'?ll|i will) (?:die|survive|live|recover|get better|be (?:ok|okay|all ?right|fine))\b"
    rf"|(?:is|are) (?:my|his|her|our) (?:\w+ )?{_BODY} (?:\w+ )?(?:ok|okay|normal|clear|fine|healthy|bad|good|all ?right|abnormal|damaged|too \w+|enlarged|big|worse|better)\b"
    r")",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Told:
    """The facts in the order to be told, whether they answer what was asked, and whether anything at all was found."""

    facts: tuple[RankedFact, ...]
    answers: bool
    found: bool = True


def asks_of_oneself(question: str) -> bool:
    """Whether only somebody who knows the person could answer: their results, their appointments, what was said to them."""
    return _ABOUT_ONESELF.search(question.replace("\u2019", "'")) is not None


def owned_up(question: str, choice: Told, *, flagged: bool) -> tuple[str, ...]:
    """What such an answer says of its own limits, if anything. An alarm stands alone: nothing may send its reader elsewhere."""
    if flagged:
        return () if choice.facts else (FLAGGED,)
    if asks_of_oneself(question):
        return (OF_ONESELF,)
    if choice.answers:
        return ()
    return (GOES_FURTHER,) if choice.found else (KNOWS_NOTHING,)


def to_explain(question: str, mentions: Sequence[Mention]) -> tuple[Mention, ...]:
    """The things named whose words are to be explained: of tests only those that the question asks about."""
    return tuple(m for m in mentions if m.category not in PROCEDURES or _asked_about(question, m))


def explanation(found: Sequence[RankedFact], concept: str, persona: Persona, *, alone: bool) -> tuple[RankedFact, ...]:
    """The one fact of those found for "What is it?" that says what a thing is: its definition; without one, where it
    lies or what kind of thing it is, unless other things are named too, beside which that would be padding.
    """
    of = [r for r in found if r.fact.subject == concept and r.fact.predicate in persona.relations and not r.fact.denied]
    defined = tuple(ranked for ranked in of if ranked.fact.predicate == wording.DEFINED_AS)
    return defined or (tuple(of[:1]) if alone else ())


def told(
    question: str,
    found: Sequence[RankedFact],
    explained: Sequence[RankedFact],
    persona: Persona,
    named: Mapping[str, str],
) -> Told:
    """What the audience is told of the facts that were found for a question.

    `explained`: what each thing that it names is. `named`: concept id to category of what it names. What joins two of
    them and is near the best comes first, then the best fact itself if it may be told, then what each thing is.
    """
    best = max((ranked.score for ranked in found), default=0.0)
    if _WHETHER_SAFE.search(question) and _FILM.search(question):
        named = {"chest_radiograph": "test", **named}
    joining = _joining(question, found, persona, named)
    leading = [ranked for ranked in joining if ranked.score >= NEAR * best]
    asked = [
        ranked
        for ranked in found
        if ranked.fact.subject in named
        and ranked.fact.predicate in persona.relations
        and ranked.fact.predicate == found[0].fact.predicate != wording.DEFINED_AS
        and (ranked is found[0] or (ranked.score >= NEAR * best and not ranked.fact.denied))
    ]
    ordered = {ranked.fact.id: ranked for ranked in (*leading, *asked, *explained, *joining)}
    answers = (
        any(ranked.score >= ANSWERS * best and ranked.fact.id in ordered for ranked in found)
        or bool(joining and _WHETHER_SHOWN.search(question))
        or bool(explained and _WHAT_IT_MEANS.search(question))
    )
    # The order is settled here: ranks come from different questions, and must not undo it.
    return Told(tuple(replace(ranked, score=best) for ranked in ordered.values()), answers, bool(found))


def _asked_about(question: str, mention: Mention) -> bool:
    """Whether the words around a name ask what it is, or there are none."""
    before, after = question[: mention.start], question[mention.end :]
    if mention.text != question[mention.start : mention.end]:
        return False
    bare = _ARTICLE.fullmatch(before) and not after.strip(" .?!")
    return bool(bare or (_ASKED_BEFORE.search(before) and _ASKED_AFTER.match(after)) or _COMPARED.search(before))


def _joining(
    question: str, found: Sequence[RankedFact], persona: Persona, named: Mapping[str, str]
) -> list[RankedFact]:
    """The best of the facts that join two things named; those that join kinds of them only where there are none."""
    both = [r for r in found if r.fact.subject in named and r.fact.object in named and _may_hear(r, persona, named)]
    if not both:
        both = [r for r in found if r.why == JOINS and {*_kinds(r)}.intersection(persona.joining)]
    doses = [r for r in found if r.fact.subject in named and r.fact.object in persona.radiation]
    asked = not named.keys().isdisjoint(persona.radiation)
    times = [r for r in found if r.fact.subject in named and r.fact.object in persona.times]
    when = _HOW_LONG.search(question) is not None
    return _once([*(doses if asked else ()), *both, *(times if when else ())])[:JOINED_AT_MOST]


def _may_hear(ranked: RankedFact, persona: Persona, named: Mapping[str, str]) -> bool:
    """Whether this audience may hear such a fact where it named both ends."""
    done = named[ranked.fact.subject] in PROCEDURES or ranked.fact.subject in persona.activities
    hears = {*persona.relations, *persona.joining, *(persona.of_activities if done else ())}
    return not hears.isdisjoint(_kinds(ranked))


def _kinds(ranked: RankedFact) -> tuple[str, ...]:
    name = ranked.fact.predicate
    return (name, f"NOT_{name}") if ranked.fact.denied else (name,)


def _once(joining: Sequence[RankedFact]) -> list[RankedFact]:
    """One fact for each pair and relation: two values of one quantity only raise the question which of them holds."""
    first: dict[tuple[str, str, str], RankedFact] = {}
    for ranked in joining:
        first.setdefault((ranked.fact.subject, ranked.fact.predicate, ranked.fact.object), ranked)
    return list(first.values())

"""From checked sentences and facts to what is shown. A small model may phrase, never decide.

Knows nothing of any model, film or person.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from copilot.personas import Persona
from copilot.types import Composed, Finding, Reading, Writing
from kg import telling, wording
from kg.predicates import PREDICATES
from kg.retrieval import JOINS
from kg.types import CheckedSentence, Fact, RankedFact, Tier, Verdict

# A draft is shown when it carries most of the best facts, says as many facts as are called best, and at least this
# share of its claims is supported.
# Below that a reader would spend longer on the marks than on the facts themselves.
SUPPORTED_SHARE = 2 / 3
BEST_FACTS = 3
# A fact is told that comes near the best one in relevance, by this share of it, or is relevant enough by itself.
NEAR, ENOUGH = 0.55, 0.3
# Relations of a disease and what it shows, of which one may be told from either end.
_SHOWS, _POINTS_TO = frozenset({"HAS_FINDING", "HAS_SIGN", "HAS_SYMPTOM"}), "SUGGESTS"
# Not a finding but the encoder's word for a film without any; no film is called normal on its account.
NO_FINDING = "normal_chest_radiograph"

CHOSEN = "The language model put the facts in order; the words are the facts' own."
FELL_BACK = "Written from the facts themselves, because the model's draft did not survive checking."
NO_FACTS = (
    "The knowledge graph holds nothing on this question, so there is no answer. Try naming a finding or a disease."
)
THE_FACT = "This sentence is the fact itself."
THE_FACTS = "This sentence is these facts, told together."
OF_THE_FILM = "What the encoder reads on the film; not a statement of the graph."


# Phrases of relations that a patient may not know, and the same in plain words.
PLAINLY = {
    " is not contraindicated in ": " need not be avoided with ",
    " is contraindicated in ": " should be avoided with ",
    " are not contraindicated in ": " need not be avoided with ",
    " are contraindicated in ": " should be avoided with ",
}
# How sure the words of an answer may sound, by the tier of the fact.
TIER_WORDS = {
    Tier.IMPORTED: "An unreviewed source says: {said}",
    Tier.MINED: "Found in text by a program, not reviewed: {said}",
}


@dataclass(frozen=True, slots=True)
class Composition:
    """What is shown, how it came about, and what was left out."""

    sentences: tuple[CheckedSentence, ...]
    composed: Composed
    notes: tuple[str, ...] = ()
    removed: tuple[CheckedSentence, ...] = ()


def compose(
    draft: Sequence[CheckedSentence],
    facts: Sequence[RankedFact],
    persona: Persona,
    lay_names: Mapping[str, str],
    writing: Writing = "best",
) -> Composition:
    """The draft's surviving sentences if it is worth reading, else the facts, else an abstention.

    `lay_names`: concept id to the name that one uses to a patient. `facts` are in the order to be told.
    """
    if not facts:
        return Composition((), "abstained", (NO_FACTS,), tuple(draft))
    draft = without_repeats(draft)
    if survives(draft, facts) or (writing == "drafted" and any(s.verdict is Verdict.SUPPORTED for s in draft)):
        return _from_draft(draft, persona)
    notes = {"composed": (), "chosen": (CHOSEN,)}.get(writing, (FELL_BACK,))
    return Composition(from_facts(facts, persona, lay_names), "facts", notes, tuple(draft))


def repaired(first: Sequence[CheckedSentence], second: Sequence[CheckedSentence]) -> Sequence[CheckedSentence]:
    """A draft after its repair: what is right in either, where the repair has fewer contradictions or, with as many, more
    support; else the first draft.
    """

    def worth(draft: Sequence[CheckedSentence]) -> tuple[int, int]:
        verdicts = [s.verdict for s in draft]
        return -verdicts.count(Verdict.CONTRADICTED), verdicts.count(Verdict.SUPPORTED)

    if not second or worth(second) <= worth(first):
        return first
    return (*(s for s in first if s.verdict is Verdict.SUPPORTED), *second)


def in_order(chosen: str, facts: Sequence[RankedFact]) -> tuple[RankedFact, ...]:
    """The facts in the order of the numbers that a model wrote; each once, and those that it left out are left out."""
    numbers = dict.fromkeys(int(n) for n in re.findall(r"\d+", chosen))
    picked = tuple(facts[n - 1] for n in numbers if 1 <= n <= len(facts))
    return picked or tuple(facts)


def survives(draft: Sequence[CheckedSentence], facts: Sequence[RankedFact]) -> bool:
    """Whether enough of the draft is supported and it says what was asked."""
    claims = [s for s in draft if s.verdict is not Verdict.NOT_A_CLAIM]
    supported = [s for s in claims if s.verdict is Verdict.SUPPORTED]
    said = {fact.id for s in supported for fact in s.facts}
    best = [ranked.fact.id in said for ranked in facts[:BEST_FACTS]]
    answers = 2 * sum(best) > len(best)
    tells = len(said) >= min(BEST_FACTS, len(facts))
    return answers and tells and len(supported) >= SUPPORTED_SHARE * len(claims)


def without_repeats(draft: Iterable[CheckedSentence]) -> tuple[CheckedSentence, ...]:
    """The sentences that say something new: small models write the same one again and again."""
    kept: dict[object, CheckedSentence] = {}
    for sentence in draft:
        same = (sentence.verdict, *(fact.id for fact in sentence.facts)) if sentence.facts else sentence.text.casefold()
        kept.setdefault(same, sentence)
    return tuple(kept.values())


def from_facts(
    facts: Iterable[RankedFact], persona: Persona, lay_names: Mapping[str, str]
) -> tuple[CheckedSentence, ...]:
    """The facts that bear on the question as sentences, each supported by the facts that it says."""
    names = lay_names if persona.plain_words else {}
    groups = _together(bearing(tuple(facts)))
    return tuple(
        CheckedSentence(_worded(group, names), Verdict.SUPPORTED, group, THE_FACTS if len(group) > 1 else THE_FACT)
        for group in groups[: persona.facts]
    )


def _together(facts: Sequence[RankedFact]) -> list[tuple[Fact, ...]]:
    """The facts in groups that one sentence can say; what joins two things of the question is not lost in a list of others."""
    place = {ranked.fact.id: at for at, ranked in enumerate(facts)}
    joined = telling.together([ranked.fact for ranked in facts if ranked.why == JOINS])
    others = telling.together([ranked.fact for ranked in facts if ranked.why != JOINS])
    return sorted([*joined, *others], key=lambda group: place[group[0].id])


def bearing(facts: Sequence[RankedFact]) -> tuple[RankedFact, ...]:
    """The facts that come near the best one in relevance, in the order given; the rest would only pad the answer.

    What a thing is not is left out where it is told what it is, and that a sign points to a disease where it is told that
    this shows it.
    """
    best = max((ranked.score for ranked in facts), default=0.0)
    settled = {_asks(ranked.fact) for ranked in facts if not ranked.fact.denied} - {None}
    once: dict[tuple[str, ...], RankedFact] = {}
    for ranked in facts:
        if not (ranked.fact.denied and _asks(ranked.fact) in settled):
            once.setdefault(_either_way(ranked.fact), ranked)
    return tuple(ranked for ranked in once.values() if ranked.score >= min(ENOUGH, NEAR * best))


def _asks(fact: Fact) -> tuple[str, str] | None:
    """What only one value of a relation can answer, or none."""
    predicate = PREDICATES.get(fact.predicate)
    return (fact.subject, fact.predicate) if predicate and (predicate.functional or predicate.exclusive) else None


def _either_way(fact: Fact) -> tuple[str, ...]:
    """The same for a fact and for its like told from the other end, if nothing limits either."""
    if fact.denied or fact.qualifiers or fact.predicate not in {_POINTS_TO, *_SHOWS}:
        return (fact.id,)
    return (fact.object, fact.subject) if fact.predicate == _POINTS_TO else (fact.subject, fact.object)


def _worded(group: Sequence[Fact], lay_names: Mapping[str, str]) -> str:
    """The facts in words, with "pleural effusion (fluid around the lung)" where a lay name is known."""
    first = group[0]
    if first.predicate == wording.DEFINED_AS:
        lay = lay_names.get(first.subject, "")
        new = _words(lay) - _words(first.subject_name.replace("radiograph", "X-ray"))
        return wording.sentence(first) + (f" In plain words: {lay}." if new else "")

    def plain(concept: str, name: str) -> str:
        lay = lay_names.get(concept, "")
        return f"{name} ({lay})" if _words(lay) - _words(name) and name.casefold() not in lay.casefold() else name

    told = telling.sentence(
        [
            replace(
                fact,
                subject_name=plain(fact.subject, fact.subject_name),
                object_name=plain(fact.object, fact.object_name),
            )
            for fact in group
        ]
    )
    for said, plainly in PLAINLY.items() if lay_names else ():
        told = told.replace(said, plainly)
    return TIER_WORDS.get(first.tier, "{said}").format(said=told)


def _words(name: str) -> set[str]:
    return set(re.findall(r"[\w-]+", name.casefold()))


def _from_draft(draft: Sequence[CheckedSentence], persona: Persona) -> Composition:
    shown = {Verdict.SUPPORTED, Verdict.NOT_IN_GRAPH} if persona.shows_unsupported else {Verdict.SUPPORTED}
    kept = tuple(s for s in draft if s.verdict in shown)
    removed = tuple(s for s in draft if s.verdict not in shown)
    contradicted = sum(s.verdict is Verdict.CONTRADICTED for s in removed)
    note = (
        (f"{contradicted} sentence(s) of the draft contradicted the graph and were removed.",) if contradicted else ()
    )
    return Composition(kept, "model", note, removed)


def of_the_film(
    readings: Sequence[Reading], asked: Iterable[str], prior: Sequence[Reading] = ()
) -> tuple[CheckedSentence, ...]:
    """What the encoder says: findings that are present or uncertain, and those asked for by concept id."""
    wanted = set(asked)
    sentences = []
    for number, reading in enumerate(readings, 1):
        film = "this film" if len(readings) == 1 else f"film {number}"
        sentences += _of_one(reading, film, wanted)
    for reading in prior:
        sentences += _of_one(reading, "the earlier film", wanted)
    return said_of_the_film(sentences)


def said_of_the_film(texts: Iterable[str]) -> tuple[CheckedSentence, ...]:
    """Sentences that rest on the encoder alone."""
    return tuple(CheckedSentence(text, Verdict.NOT_A_CLAIM, (), OF_THE_FILM) for text in texts)


def _of_one(reading: Reading, film: str, wanted: set[str]) -> list[str]:
    if not reading.accepted:
        return [f"On {film} nothing was read: {reading.reason}"]
    corrected = [f"Before it was read: {reading.reason}"] if reading.reason else []
    clear = next((f for f in reading.findings if f.concept == NO_FINDING and f.state == "present"), None)
    looked_for = [f for f in reading.findings if f.concept != NO_FINDING]
    told = {
        state: [f for f in looked_for if f.state == state and (state != "absent" or f.concept in wanted)]
        for state in ("present", "uncertain", "absent")
    }
    said = [
        f"On {film} the encoder marks as {state}: {'; '.join(map(_named, some))}."
        for state, some in told.items()
        if some
    ]
    if not told["present"]:
        sure = f" ({_named(clear)})" if clear else ""
        said.insert(0, f"On {film} the encoder marks none of its {len(looked_for)} findings as present{sure}.")
    return corrected + said


def _named(finding: Finding) -> str:
    # So few films can show no probability to be nearer to certainty than that.
    sure = min(max(finding.probability, 0.01), 0.99)
    return (
        f"{finding.name[0].lower()}{finding.name[1:]}, probability {'over ' * (sure < finding.probability)}{sure:.2f}"
    )

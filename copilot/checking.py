"""`Checker`: a verdict for each sentence of a text, from the graph and, where there is one, from the film.

Knows nothing of language models, of persons and of how the graph is reached.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import permutations

from copilot.asides import claims_more, without_asides
from copilot.bearing import borne_out, refuted
from copilot.claims import FilmStatement, ReadSentence, clauses_of, read
from copilot.claims.kinds import TOLD
from copilot.claims.unweighed import NOT_WEIGHED, unweighed
from copilot.entailment.port import Entailment
from copilot.one_fact import settled as settled_by_one
from copilot.parts import parts_of, together
from copilot.relations.port import AsideReader, FactReader, Masked, RelationReader
from copilot.stating import claims_of as stated_claims
from copilot.stating import sensible, settled
from copilot.unnamed import pairs_of, with_unnamed
from kg import wording
from kg.linking import ConceptReader, Linker, sentences
from kg.types import CheckedSentence, Claim, Extent, Fact, Mention, Verdict
from kg.verification import Judgement, Look, Verifier

Film = Mapping[str, str]
"""Concept id to "present", "uncertain" or "absent", as the encoder has it."""

MORE_FROM, SURELY_MORE_FROM = 0.3, 0.9
"""From which share of a word on a sentence claims more than it states: where asides were taken out of it, and where the
readers alone settled it."""
LEAST_KNOWN, OTHERWISE_FROM = 0.1, 0.5
"""Of what is read of the two things of a fact, the share that the graph bears out, and the rest, where it is said otherwise."""
_DONE = frozenset(
    {"TREATED_BY", "PREVENTED_BY", "INVESTIGATED_BY", "CONFIRMED_BY", "FIRST_TEST", "DETECTS", "REQUIRES"}
)

NO_CLAIM = "This sentence claims nothing that the graph could settle: it is {why}."
UNREAD = "The graph holds nothing that settles this."
PARTLY_READ = "The graph settles only a part of this sentence."
NO_FILM = "This is about a film, and it was not checked against one."
FILM_SILENT = "The encoder says nothing of {name}."
FILM_UNSURE = "The encoder is uncertain about {name}."
FILM_AGREES = "The encoder reads the film the same way: {name} is {state}."
DOUBTED = "The graph holds a fact like this, but the model of COPILOT_NLI doubts that the sentence says the same."
FILM_DIFFERS = "The encoder reads the film the other way: {name} is {state}."


class Checker:
    """Checks texts. Holds no state of any text, so that threads share one; the same text gets the same verdicts."""

    def __init__(
        self,
        linker: Linker,
        verifier: Verifier,
        entailment: Entailment | None = None,
        relations: RelationReader | None = None,
        concepts: ConceptReader | None = None,
        asides: AsideReader | None = None,
        facts: FactReader | None = None,
    ) -> None:
        """`entailment` may take support back; it gives none.

        `relations` reads what no wording was read of, `concepts` what a sentence means without naming it, `asides` what it
        says by the way, `facts` whether one fact settles what stayed open.
        """
        self._linker = linker
        self._verifier = verifier
        self._relations = relations
        self._concepts = concepts
        self._asides = asides
        self._facts = facts
        self._entailment = entailment

    def check(
        self, text: str, film: Film | None = None, previous: Mention | None = None
    ) -> tuple[CheckedSentence, ...]:
        """The verdicts in reading order. `previous` is what an "it" at the start means. Raises `kg.types.GraphError`."""
        readings = tuple(self._read(text, previous))
        look = self._verifier.look()
        checked = self._settled(readings, film, look)
        told = tuple(self._by_what_they_state(readings, checked, film, look))
        return doubted(tuple(self._by_one_fact(readings, told, look)), self._entailment)

    def _settled(self, readings: Sequence[ReadSentence], film: Film | None, look: Look) -> tuple[CheckedSentence, ...]:
        judged = iter(look.verify([claim for reading in readings for claim in _all(reading)]))
        checked = [_conclude(reading, [next(judged) for _ in _all(reading)], film) for reading in readings]
        told = tuple(_once_more(readings, checked, look))
        return tuple(_allowed(readings, tuple(self._in_other_words(readings, told, look)), look))

    def _by_what_they_state(
        self, readings: Sequence[ReadSentence], checked: Sequence[CheckedSentence], film: Film | None, look: Look
    ) -> Iterator[CheckedSentence]:
        """What is still open as supported where the graph supports what the sentence states without its asides.

        Refuted it is not: among long sentences of strangers every third refuted so was true.
        """
        open_ = {n: r for n, r in enumerate(readings) if _is_open(r, checked[n]) or r.nothing == TOLD}
        words = {n: self._asides.read(r.text) for n, r in open_.items() if self._asides}
        states = {n: told for n, some in words.items() if (told := without_asides(readings[n].text, some))}
        if not states:
            yield from checked
            return
        before = {n: readings[n - 1].subject if n else None for n in states}
        shorter = {n: read(told, self._linker, before[n]) for n, told in states.items()}
        again = dict(zip(shorter, self._settled(tuple(shorter.values()), film, look), strict=True))
        for n, found in enumerate(checked):
            other = again.get(n, found)
            holds = other.verdict is Verdict.SUPPORTED and claims_more(readings[n].text, words.get(n, ())) < MORE_FROM
            yield replace(other, text=found.text) if holds else found

    def _by_one_fact(
        self, readings: Sequence[ReadSentence], checked: Sequence[CheckedSentence], look: Look
    ) -> Iterator[CheckedSentence]:
        """What is still open as one fact has it that a reader sets beside it."""
        for reading, found in zip(readings, checked, strict=True):
            if self._facts is None or reading.film or not _is_open(reading, found):
                yield found
                continue
            text = reading.said or reading.text
            mentions = reading.mentions or self._linker.link(text, values=True)
            other = settled_by_one(text, mentions, self._facts, look)
            if other is None or self._says_more_than(other, reading, look):
                yield found
            else:
                yield replace(other, text=found.text)

    def _says_more_than(self, other: CheckedSentence, reading: ReadSentence, look: Look) -> bool:
        """Whether the sentence as it stands has something that the fact cannot settle."""
        if unweighed(reading.text, other.verdict, other.facts) is not None:
            return True
        if other.verdict is Verdict.CONTRADICTED and other.facts[0].predicate == wording.DEFINED_AS:
            return other.facts[0].subject not in {m.concept for m in self._linker.link(reading.text)}
        return other.verdict is Verdict.SUPPORTED and bool(
            self._claims_more(reading.text)
            or self._linker.unknown(reading.text)
            or self._runs_otherwise(reading, other.facts[0], look)
        )

    def _runs_otherwise(self, reading: ReadSentence, fact: Fact, look: Look) -> bool:
        """Whether what the fact joins is said to stand in a relation that the graph does not know.

        The reader of facts hardly sees which of two things does what to the other; the reader of relations does.
        """
        masked = self._slots({0: reading}, look).get(0)
        if self._relations is None or masked is None:
            return False
        kinds = look.categories(set(masked.concepts))
        claims = tuple(
            (one.share, Claim(masked.concepts[one.subject], one.predicate, masked.concepts[one.object], one.denied))
            for one in sensible(masked, self._relations.read(masked, kinds), kinds)
            if one.object is not None
            and {masked.concepts[one.subject], masked.concepts[one.object]} == {fact.subject, fact.object}
        )
        judged = look.verify([claim for _, claim in claims])
        known = sum(share for (share, _), j in zip(claims, judged, strict=True) if j.verdict is Verdict.SUPPORTED)
        return known < LEAST_KNOWN and sum(share for share, _ in claims) - known >= OTHERWISE_FROM

    def _in_other_words(
        self, readings: Sequence[ReadSentence], checked: Sequence[CheckedSentence], look: Look
    ) -> Iterator[CheckedSentence]:
        """What is still open, as the readers have it."""
        if self._relations is None:
            yield from checked
            return
        slots = self._slots({n: r for n, r in enumerate(readings) if _is_open(r, checked[n])}, look)
        kinds = look.categories({concept for masked in slots.values() for concept in masked.concepts})
        parts = {n: parts_of(masked) for n, masked in slots.items()}
        each = {n: (masked, *(part.sentence for part in parts[n])) for n, masked in slots.items()}
        read = {m: sensible(m, self._relations.read(m, kinds), kinds) for some in each.values() for m in some}
        claims = tuple(
            dict.fromkeys(
                c
                for n, some in each.items()
                for m in some
                for c in stated_claims(m, read[m], readings[n].extent, kinds)
            )
        )
        judged = dict(zip(claims, look.verify(claims), strict=True))

        def settle(text: str, masked: Masked, extent: Extent) -> CheckedSentence | None:
            return settled(text, masked, read[masked], judged, look.words, extent, kinds)

        for n, (reading, found) in enumerate(zip(readings, checked, strict=True)):
            if n not in slots:
                yield found
                continue
            whole = settle(reading.text, slots[n], reading.extent)
            if parts[n] and not (whole and whole.verdict is Verdict.CONTRADICTED):
                whole = together(reading.text, [(p, settle(p.told, p.sentence, reading.extent)) for p in parts[n]])
            elif whole and whole.verdict is Verdict.SUPPORTED and self._claims_more(reading.text):
                whole = None
            yield whole or found

    def _claims_more(self, text: str) -> bool:
        """Whether a sentence surely claims something besides what the readers see in it."""
        return self._asides is not None and claims_more(text, self._asides.read(text)) >= SURELY_MORE_FROM

    def _slots(self, readings: Mapping[int, ReadSentence], look: Look) -> Mapping[int, Masked]:
        """The sentences with what they name, and what they mean without naming it, as slots."""
        named = {n: masked for n, reading in readings.items() if (masked := reading.masked)}
        if self._concepts is None:
            return named
        meant = {n: self._concepts.read(readings[n].said) for n in named}
        joined = look.joined(pair for n, some in meant.items() for pair in pairs_of(readings[n], some))
        return {n: with_unnamed(readings[n], meant[n], joined) or masked for n, masked in named.items()}

    def _read(self, text: str, before: Mention | None) -> Iterator[ReadSentence]:
        for sentence in sentences(text):
            reading = read(sentence, self._linker, before)
            before = reading.subject or before
            yield reading

    def of_the_film(self, texts: Iterable[str]) -> tuple[FilmStatement, ...]:
        """What sentences say of the film at hand."""
        return tuple(statement for text in texts for statement in read(text, self._linker).film)

    def kinds(self, concepts: Iterable[str]) -> Mapping[str, Collection[str]]:
        """What each concept is a kind of."""
        return self._verifier.kinds(concepts)


def _once_more(
    readings: Sequence[ReadSentence], checked: Sequence[CheckedSentence], look: Look
) -> Iterator[CheckedSentence]:
    """What stayed open, as supported or contradicted where it is clause by clause; and a definition word for word."""
    unsettled = {Verdict.NOT_IN_GRAPH, Verdict.CONTRADICTED}
    literal = [r.literal if c.verdict in unsettled else None for r, c in zip(readings, checked, strict=True)]
    clauses = [
        clauses_of(r) if c.verdict is Verdict.NOT_IN_GRAPH else () for r, c in zip(readings, checked, strict=True)
    ]
    needed = [c for some in clauses for clause in some for c in clause.claims()] + [c for c in literal if c]
    claims = tuple(dict.fromkeys(needed))
    judged = dict(zip(claims, look.verify(claims), strict=True))
    for reading, found, word_for_word, some in zip(readings, checked, literal, clauses, strict=True):
        if word_for_word and judged[word_for_word].verdict is Verdict.SUPPORTED:
            yield _supported(reading, judged[word_for_word])
        else:
            yield borne_out(reading.text, some, judged, look.words) or refuted(reading.text, some, judged) or found


def _allowed(
    readings: Sequence[ReadSentence], checked: Sequence[CheckedSentence], look: Look
) -> Iterator[CheckedSentence]:
    """The sentences, of which none that speaks of what is given or done is settled if something that it names must not be
    given in something that it names: "warfarin treats thrombosis in pregnancy", "unlike warfarin, heparin ... in pregnancy".
    """
    asked = [tuple(_contraindications(reading, found)) for reading, found in zip(readings, checked, strict=True)]
    judged = iter(look.verify([claim for claims in asked for claim in claims]))
    for found, claims in zip(checked, asked, strict=True):
        against = [j for j in (next(judged) for _ in claims) if j.verdict is Verdict.SUPPORTED]
        yield CheckedSentence(found.text, Verdict.NOT_IN_GRAPH, (), against[0].reason) if against else found


def _contraindications(reading: ReadSentence, found: CheckedSentence) -> Iterator[Claim]:
    if any(fact.predicate in _DONE and not fact.denied for fact in found.facts):
        named = dict.fromkeys(m.concept for m in reading.mentions if m.category != "value")
        yield from (Claim(one, "CONTRAINDICATED_IN", other) for one, other in permutations(named, 2))


def doubted(checked: tuple[CheckedSentence, ...], entailment: Entailment | None) -> tuple[CheckedSentence, ...]:
    """The sentences, of which those are no longer supported that the model doubts beside their facts; no other changes."""
    asked = {n: s for n, s in enumerate(checked) if s.verdict is Verdict.SUPPORTED and s.facts}
    if entailment is None or not asked:
        return checked
    pairs = [(" ".join(wording.sentence(fact) for fact in s.facts), s.text) for s in asked.values()]
    doubts = {n for n, doubt in zip(asked, entailment.doubts(pairs), strict=True) if doubt}
    return tuple(
        CheckedSentence(s.text, Verdict.NOT_IN_GRAPH, (), DOUBTED) if n in doubts else s for n, s in enumerate(checked)
    )


def _is_open(reading: ReadSentence, found: CheckedSentence) -> bool:
    return found.verdict is Verdict.NOT_IN_GRAPH or (found.verdict is Verdict.NOT_A_CLAIM and not reading.nothing)


def _all(reading: ReadSentence) -> tuple[Claim, ...]:
    """The claims, and the definition last."""
    return (*reading.claims, reading.definition) if reading.definition else reading.claims


def _conclude(reading: ReadSentence, judgements: Sequence[Judgement], film: Film | None) -> CheckedSentence:
    checked = _by_claims(reading, judgements[: len(reading.claims)], film)
    if reading.definition and checked.verdict is Verdict.NOT_IN_GRAPH:
        by = judgements[-1]
        if by.verdict is Verdict.SUPPORTED or (by.verdict is Verdict.CONTRADICTED and not reading.definition.denied):
            return CheckedSentence(reading.text, by.verdict, by.facts, by.reason)
    return checked


def _supported(reading: ReadSentence, by: Judgement) -> CheckedSentence:
    return CheckedSentence(reading.text, Verdict.SUPPORTED, by.facts, by.reason)


def _by_claims(reading: ReadSentence, judgements: Sequence[Judgement], film: Film | None) -> CheckedSentence:
    if reading.nothing:
        return CheckedSentence(reading.text, Verdict.NOT_A_CLAIM, (), NO_CLAIM.format(why=reading.nothing))
    if reading.film:
        return _against_film(reading, film)
    verdict = _worst(judgements)
    if verdict is Verdict.SUPPORTED and not reading.complete:
        return CheckedSentence(reading.text, Verdict.NOT_IN_GRAPH, (), PARTLY_READ)
    if verdict is Verdict.NOT_IN_GRAPH and reading.unless_settled:
        return CheckedSentence(reading.text, Verdict.NOT_A_CLAIM, (), NO_CLAIM.format(why=reading.unless_settled))
    if not judgements:
        return CheckedSentence(reading.text, Verdict.NOT_IN_GRAPH, (), UNREAD)
    deciding = [j for j in judgements if j.verdict is verdict]
    facts = tuple({f.id: f for j in deciding for f in j.facts}.values())
    if verdict is Verdict.NOT_IN_GRAPH:
        return CheckedSentence(reading.text, verdict, facts, deciding[0].reason)
    words = unweighed(reading.text, verdict, facts)
    if words is not None:
        return CheckedSentence(reading.text, Verdict.NOT_IN_GRAPH, (), NOT_WEIGHED.format(words=words))
    return CheckedSentence(reading.text, verdict, facts, deciding[0].reason)


def _worst(judgements: Sequence[Judgement]) -> Verdict:
    """One contradiction spoils a sentence; support needs every claim of it."""
    verdicts = {j.verdict for j in judgements}
    if Verdict.CONTRADICTED in verdicts:
        return Verdict.CONTRADICTED
    return Verdict.SUPPORTED if verdicts == {Verdict.SUPPORTED} else Verdict.NOT_IN_GRAPH


def _against_film(reading: ReadSentence, film: Film | None) -> CheckedSentence:
    if film is None:
        return CheckedSentence(reading.text, Verdict.NOT_IN_GRAPH, (), NO_FILM)
    # Of "the lungs are clear" those findings decide that the encoder speaks of.
    spoken = [s for s in reading.film if not s.one_of_many or s.concept in film]
    judged = [_judge_film(statement, film) for statement in spoken or reading.film[:1]]
    for wanted in (Verdict.CONTRADICTED, Verdict.NOT_IN_GRAPH, Verdict.SUPPORTED):
        for verdict, reason in judged:
            if verdict is wanted:
                return CheckedSentence(reading.text, verdict, (), reason)
    return CheckedSentence(reading.text, Verdict.NOT_IN_GRAPH, (), NO_FILM)


def _judge_film(statement: FilmStatement, film: Film) -> tuple[Verdict, str]:
    state = film.get(statement.concept)
    if state is None:
        return Verdict.NOT_IN_GRAPH, FILM_SILENT.format(name=statement.name)
    if state == "uncertain":
        return Verdict.NOT_IN_GRAPH, FILM_UNSURE.format(name=statement.name)
    agrees = (state == "present") == statement.present
    template = FILM_AGREES if agrees else FILM_DIFFERS
    return (Verdict.SUPPORTED if agrees else Verdict.CONTRADICTED), template.format(name=statement.name, state=state)


def claims_of(text: str, linker: Linker) -> tuple[tuple[str, tuple[Claim, ...]], ...]:
    """The sentences of a text, each with its claims; for a person who wants to see what was understood."""
    before: Mention | None = None
    found = []
    for sentence in sentences(text):
        reading = read(sentence, linker, before)
        before = reading.subject or before
        found.append((sentence, reading.claims))
    return tuple(found)


__all__ = ["Checker", "Fact", "Film", "claims_of"]

"""The tolerant reading: for each telling word of a clause, the relations it may state between concepts before and after.

Used only where the wordings of `copilot.claims.cues` leave a sentence open. A clause is borne out when each of its
telling words is, no concept of it stands apart and no word that could turn it round is unread; it is refuted only by a
denial of what its one telling word says of its first concepts. Knows nothing of facts.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from copilot.claims.cues import BASE_FORM, GROUP, OPENING, TELLING, VERB_STARTS
from copilot.claims.line import Line
from copilot.claims.meaning import meant
from copilot.claims.tolerated import GOES_WITH, MORE_OF_IT, TOLERATED, TURNING, WEIGHTY
from copilot.claims.values import ARTICLES, is_harmless
from kg.linking.normal import phrase
from kg.types import Claim, Mention

_MOST_ADJECTIVES = 2
_BACK, _ON = False, True
# What the wordings make of "is", "in", "shows" and the like; and the telling words that say as little.
_LOOSELY_SAID = frozenset(
    {"DEFINED_AS", "IS_A", "OCCURS_IN", "LOCATED_IN", "AFFECTS", "HAS_FINDING", "HAS_SYMPTOM", "HAS_SIGN", "ASSOCIATED_WITH",
     "CONSISTS_OF", "HAS_SIDE", "HAS_DISTRIBUTION", "TREATED_BY", "INVESTIGATED_BY", "DETECTS", "SUGGESTS"}
)  # fmt: skip
_SAYS_LITTLE = frozenset({"BE", "OCCURS", "ASSOCIATED_WITH"})
# What says more than that things go together.
_PROVING = frozenset("proof proven diagnostic certain sure commonest frequent standard gold choice".split())


@dataclass(frozen=True, slots=True)
class Way:
    """One way to read a clause: for each telling word its possible readings, each a list of claims that must all hold.

    `beside`: words that the facts or their definitions have to say as well.
    """

    told: tuple[tuple[tuple[Claim, ...], ...], ...]
    beside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause with the ways to read it, what may join its concepts, and the concepts.

    `deniable`: what it says of its first concepts, in each meaning of its one telling word.
    """

    ways: tuple[Way, ...]
    joins: tuple[Claim, ...]
    concepts: frozenset[str]
    deniable: tuple[Claim, ...] = ()

    def beside(self, text: str) -> "Clause":
        """The clause where `text`, which names no concept, has to be said by the facts as well; unread where it may turn it."""
        unread = _unread(text, ())
        if unread is None:
            return replace(self, ways=())
        return replace(self, ways=tuple(replace(way, beside=(*way.beside, *unread)) for way in self.ways))

    def claims(self) -> Iterator[Claim]:
        """Every claim that a verdict may need."""
        yield from self.joins
        yield from self.deniable
        for way in self.ways:
            for readings in way.told:
                for claims in readings:
                    yield from claims


_COMPILED = tuple((re.compile(rf"(?<![\w<-])(?:{p})(?![\w>-])"), name, on) for p, name, on in TELLING)
_OPENED = tuple((re.compile(rf"(?<![\w<-])(?:{p})"), name, on) for p, name, on in OPENING)
# Any other word may stand inside a telling phrase, but is read only if it has no weight.
_LITERAL = frozenset(re.findall(r"[a-z-]+", " ".join(p for p, _, _ in (*TELLING, *OPENING))))
_MORE = re.compile(rf"\b({'|'.join(sorted(MORE_OF_IT))}) (?=(?:[a-z-]+ )?<)")
_JOINT = re.compile(r"^(?:is|are|include|comprise|involve|consist of)\b")
# Behind such a verb, a disease may be what one of these points to or what it would bring about.
_SHOWN = frozenset({"finding", "sign", "symptom", "exam_sign", "factor"})
# As before a concept, an adjective may stand before the noun of a relation: "a bedside sign of".
_RELATION_NOUNS = frozenset(
    "sign signs symptom symptoms feature features finding findings hallmark clue marker pointer manifestation reason "
    "source complication complications consequence treatment therapy remedy drug test investigation complaint factor".split()
)
_GIVEN = frozenset({"treatment", "test"})
"""What is given or done has to be said by a word, and not only to stand beside."""
_REPORTS = frozenset(
    "think thought say said call called ask asking question possibility suspicion likelihood remember".split()
)
_FURTHER = re.compile(r",? (?:and|as well as|plus) ")
_NOT_BEFORE = re.compile(r"^(?!.*NOT.*NOT).*\bNOT (?:is |themselves |itself |alone )?$")
_IN = re.compile(r"^(?:in|with|among|during)$")


def tolerantly(clause: str, line: Line, strict: Sequence[Claim]) -> Clause:
    """The clause read tolerantly; `strict`: what the wordings made of it."""
    named = list(dict.fromkeys(_members(clause)))
    named += [v for n in named for v in line.modified.get(n, ())]
    joins = [c for a, b in combinations(named, 2) for c in _joining(line.mentions[a], line.mentions[b])]
    ways = [
        way
        for way in (_as_worded(clause, strict), _as_told(clause, line), _as_joined(clause, line, strict, joins))
        if way
    ]
    concepts = frozenset(line.mentions[n].concept for n in named)
    return Clause(tuple(ways), tuple(joins), concepts, tuple(_deniable(clause, line, named)))


def _deniable(clause: str, line: Line, named: Sequence[int]) -> Iterator[Claim]:
    """What the one telling word says of the first concepts and the next, with whatever else stands there beside it.

    Nothing where the clause reports or leaves a choice, or has a word of weight unread.
    """
    groups = list(re.finditer(GROUP, clause))
    cues = list(_cues(clause, groups))
    if not cues or (cues[0].start < groups[0].start() and not cues[0].opens):
        return
    cue = cues[0]
    after = groups[1:2] if cue.opens else [g for g in groups if g.start() >= cue.end][:1]
    further = _FURTHER.match(clause, after[0].end()) if after else None
    further = further if further and "<" in clause[further.end() :] else None  # "A and prayer" may do what A does not
    if further:  # what is said besides does not limit what was said before
        apart, clause = {*_members(clause[further.start() :])}, clause[: further.start()]
        named = [n for n in named if n not in apart]
        cues = [other for other in cues if other.end <= len(clause)]
    words = re.findall(r"[A-Za-z][\w'-]*", clause)
    told = {word for word in cue.words.split() if word in _LITERAL or word not in WEIGHTY}
    negated = "NOT" in words
    unclear = {"SHOULDNOT", "or"} & {*words} or (negated and not _NOT_BEFORE.search(clause[: cue.start]))
    reported = unclear or _REPORTS & {*words} - told
    if not after or len(cues) > 1 or reported or _unread(clause, told) != ():
        return
    ends = {*_members(groups[0][0]), *_members(after[0][0])}
    beside = tuple((m.concept, phrase(m.text)) for n in named if n not in ends for m in [line.mentions[n]])
    unsaid = [w for w in words if w not in told | TOLERATED | ARTICLES and not is_harmless(w)]
    residue = tuple(part for word in unsaid for part in phrase(word))
    for name, on in cue.families:
        for claim in _claims(line, groups[0][0], after[0][0], name, on=on, negated=negated):
            if claim and claim.denied == negated:
                yield replace(claim, context=beside, residue=residue)


def _as_worded(clause: str, strict: Sequence[Claim]) -> Way | None:
    """The claims of the wordings without the words and concepts that stand beside them."""
    residue = {word for claim in strict for word in claim.residue}
    if not strict or any(c.quantity or c.predicate == "DEFINED_AS" for c in strict):
        return None
    told = {word for word in re.findall(r"[A-Za-z][\w'-]*", clause) if not residue & {word, *phrase(word)}}
    beside = _unread(clause, told)
    if beside is None or TURNING & residue:
        return None
    weighty = tuple(word for word in residue if _has_weight(word) and word not in _MORE.findall(clause))
    return Way(((tuple(replace(claim, residue=(), context=()) for claim in strict),),), (*beside, *weighty))


def _as_told(clause: str, line: Line) -> Way | None:
    """What the telling words state."""
    groups = list(re.finditer(GROUP, clause))
    cues = list(_cues(clause, groups))
    if not cues:
        return None
    beside = _unread(
        clause, {word for cue in cues for word in cue.words.split() if word in _LITERAL or word not in WEIGHTY}
    )
    told = tuple(tuple(_readings(clause, line, groups, cue)) for cue in cues)
    return Way(told, beside) if beside is not None and all(told) else None


def _as_joined(clause: str, line: Line, strict: Sequence[Claim], joins: Sequence[Claim]) -> Way | None:
    """That the concepts go together, where the clause says so with a verb that tells no more than that.

    Left out are things of one kind and findings before diseases, for there it matters which comes first: a cause and what
    it causes may both be diseases.
    """
    said_more = any(claim.denied or claim.predicate not in _LOOSELY_SAID for claim in strict)
    groups = list(re.finditer(GROUP, clause))
    told_more = any(name not in _SAYS_LITTLE for cue in _cues(clause, groups) for name, _ in cue.families)
    of_a_value = bool(groups) and line.mentions[_members(groups[0][0])[0]].category == "value"
    if said_more or told_more or of_a_value or line.extent not in {"", "can", "typical"}:
        return None
    words = re.findall(r"[A-Za-z][\w'-]*", clause)
    beside = _unread(clause, GOES_WITH & {*words})
    if beside is None or {"NOT", "most"} & {*words} or _PROVING & {*words}:
        return None
    kind = {mention.concept: mention.category for mention in line.mentions}
    first = {mention.concept: n for n, mention in reversed([*enumerate(line.mentions)])}
    across = tuple(
        (claim,)
        for claim in joins
        for one, two in [sorted((claim.subject, claim.object), key=first.__getitem__)]
        if claim.predicate != "IS_A" and kind[one] != kind[two] and not (kind[one] in _SHOWN and kind[two] == "disease")
    )
    return Way((across,), beside) if across else None


@dataclass(frozen=True, slots=True)
class _Cue:
    """A telling word: where it stands, and the relations that it may state. `opens`: it stands before the first concepts."""

    start: int
    end: int
    words: str
    families: tuple[tuple[str, bool], ...]
    opens: bool = False


def _cues(clause: str, groups: Sequence[re.Match[str]]) -> Iterator[_Cue]:
    if len(groups) < 2:
        return
    start, end = groups[0].end(), groups[-1].start()
    before, between = clause[: groups[0].start()].strip(), clause[start : groups[1].start()].strip()
    joint = _JOINT.match(between)
    opening = next(((found, name, on) for p, name, on in _OPENED if joint and (found := p.search(before))), None)
    if opening and joint:
        found, name, on = opening
        yield _Cue(found.start(), found.end(), f"{found[0]} {joint[0]}", ((name, on),), opens=True)
        return
    if _IN.match(before) and between in {"", ","}:
        yield _Cue(0, len(before), before, (("OCCURS", _BACK),), opens=True)
    taken: list[tuple[int, int]] = []
    for pattern, name, _ in _COMPILED:
        for found in pattern.finditer(clause, start, end):
            if any(found.start() < e and s < found.end() for s, e in taken) or (name == "BE" and taken):
                continue
            taken.append(found.span())
            families = tuple((n, on) for p, n, on in _COMPILED if p.fullmatch(found[0]))
            yield _Cue(*found.span(), found[0], families)


def _readings(clause: str, line: Line, groups: Sequence[re.Match[str]], cue: _Cue) -> Iterator[tuple[Claim, ...]]:
    """The claims of each two lists of concepts, one before and one after the telling word."""
    negated = "NOT" in clause.split()
    if negated and not _NOT_BEFORE.search(clause[: cue.start]):
        return
    for left in groups[:1] if cue.opens else _subjects(clause, groups, cue):
        # What is said is said of what comes next; later concepts are circumstances.
        for right in groups[1:2] if cue.opens else [g for g in groups if g.start() >= cue.end][:1]:
            for name, on in cue.families:
                claims = tuple(_claims(line, left[0], right[0], name, on=on, negated=negated))
                if claims and all(claims):
                    yield tuple(c for c in claims if c)


def _subjects(clause: str, groups: Sequence[re.Match[str]], cue: _Cue) -> list[re.Match[str]]:
    """The lists before a telling word; one in commas, or behind the last comma of such, is an aside."""
    before = [g for g in groups if g.end() <= cue.start]
    return before[:1] if "," in clause[before[-1].end() : cue.start] else before


def _claims(line: Line, left: str, right: str, name: str, *, on: bool, negated: bool) -> Iterator[Claim | None]:
    for a in _members(left):
        for b in _members(right):
            one, two = line.mentions[a], line.mentions[b]
            claim = _claim(name, *((one, two) if on else (two, one)))
            yield claim and replace(claim, denied=claim.denied != negated, extent=line.extent)


def _claim(name: str, subject: Mention, obj: Mention) -> Claim | None:
    relation, swapped = meant(name, subject, obj)
    if not relation or subject.concept == obj.concept:
        return None
    one, two = (obj, subject) if swapped else (subject, obj)
    return Claim(one.concept, relation.removeprefix("!"), two.concept, denied=relation.startswith("!"))


def _joining(one: Mention, two: Mention) -> Iterator[Claim]:
    """What may join two concepts of a clause, whatever the clause says of them."""
    if one.concept == two.concept:
        return
    if not {one.category, two.category} & _GIVEN:
        yield Claim(one.concept, "ASSOCIATED_WITH", two.concept)
    for subject, obj in ((one, two), (two, one)):
        for name in ("PLACE", "BE"):
            claim = _claim(name, subject, obj)
            if claim and not claim.denied:
                yield claim


def _unread(clause: str, told: Collection[str]) -> tuple[str, ...] | None:
    """The words that matter and are neither telling nor harmless nor mere adjectives before a concept; None where one of
    them can turn the sentence round.
    """
    left: list[str] = []
    adjectives: list[str] = []
    after_concept = False
    words = [*re.findall(r"<\d+>|#\d+|\d[\w.,%]*|-?[A-Za-z][\w'-]*|[,;:]", clause), ";"]
    for said, following in zip(words, [*words[1:], ""], strict=True):
        word = said.removeprefix("-")
        between = following.startswith("<") or (word.endswith("s") and not word.endswith(("ss", "us", "is")))
        unknown_verb = after_concept and between and said == word  # no verb in "<0>-related <1>"
        after_concept = word.startswith("<")
        if after_concept or word in _RELATION_NOUNS & {*told}:
            left += adjectives if len(adjectives) > _MOST_ADJECTIVES else []
            adjectives = []
        elif (
            word in ",;:" or word in told or word == "NOT" or (word in {*ARTICLES, *TOLERATED} and word not in WEIGHTY)
        ):
            left += adjectives
            adjectives = []
        elif unknown_verb or word.startswith("#") or _turns(word):
            return None
        elif _has_weight(word) and word not in MORE_OF_IT:
            left.append(word)
        elif not is_harmless(word):
            adjectives.append(word)
    return tuple(left)


def _turns(word: str) -> bool:
    """Whether the word may say something else of the concepts, whatever the facts say."""
    return (
        bool({word, *word.split("-")} & TURNING)
        or word in VERB_STARTS
        or word in BASE_FORM
        or word[0].isdigit()
        or word in {"SHOULDNOT", "shouldnot"}
    )


def _has_weight(word: str) -> bool:
    return bool({word, *word.split("-"), *phrase(word)} & WEIGHTY) or _turns(word)


def _members(text: str) -> list[int]:
    return [int(n) for n in re.findall(r"<(\d+)>", text)]

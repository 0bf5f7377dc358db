"""What a sentence says beside what holds of it: denials, limits, comparisons, further clauses, things apart.

Whatever makes another claim of the sentence keeps it from being supported. Knows nothing of readings and their shares.
"""

# ruff: noqa: E501 - an alternation is easier to read, and to extend, on one line

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import permutations

from copilot.claims.tolerated import TOLERATED, TURNING
from copilot.claims.values import ARTICLES, is_harmless
from copilot.relations.port import Masked
from kg.linking.normal import phrase
from kg.types import Claim, Extent, Fact, Verdict
from kg.verification import Judgement
from kg.verification.rules import GOES_WITHOUT_SAYING, USUAL_VIEWS

Judged = Mapping[Claim, Judgement]
Words = Callable[[Sequence[Fact]], Collection[str]]
"""The words of facts and of the names and definitions of what they join, in normal form."""

_NUMBER = re.compile(
    r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|half|third|quarter|dozen)\b", re.I
)
SIGNS = re.compile(r"([,;:()\u2013\u2014]| - )")
"""What divides a sentence into parts."""
_OTHER_WAY = r"(?:vice versa|the reverse|the other way|conversely)\b"
_SLOTS = re.compile(r"<(\d+)>")
_NOT = re.compile(
    rf"\b(?:no(?! (?:time to|doubt|wonder|less|sooner|matter|question)\b)|not(?! {_OTHER_WAY}|\W*$)|never|nor|neither|none"
    r"|nobody|nothing(?! (?:more|less|other) than\b| but\b| short of\b)|cannot|without|hardly|scarcely|barely|rarely|seldom|\w+n't"
    r"|un(?:able|likely|related|necessary|known|helpful|affected|involved|proven|true|founded|reliable|suitable|harmed)"
    r"|in(?:sufficient|capable|appropriate|correct|effective|adequate)|im(?:possible|material)|irrelevant)\b",
    re.I,
)
"""Where one stands, only a denial is believed to be what the sentence states; where two stand, nothing is."""
_ONE_WAY = re.compile(rf"\bnot {_OTHER_WAY}|, (?:and |but )?not\W*$", re.I)
_NEVER_MIND = frozenset(
    "no not nor neither never none nobody nothing cannot one more most because while first each both but after many when "
    "since last now so once any again several then before still either against "
    # Each of these stood beside true sentences of our authors and beside no false one that the rest let through.
    "if even too however enough despite exclude excludes fail fails least".split()
)
_TURNS = (TURNING - _NEVER_MIND) | frozenset(
    "cure cures cured curing curative reverse reverses reversed reversing eradicate eradicates eradicated "
    "distinguish distinguishes distinguishing discriminate discriminates discriminating "
    "overlook overlooks overlooked miss misses missed malpositioned misplaced mistaken fool fools mislead misleads".split()
)
"""Words beside which nothing is supported: what limits, doubts, compares, excepts or misses makes it another claim."""
_NO_TURN = {
    "MIMICS": {"mistaken", "fool", "fools", "mislead", "misleads", "wrong", "wrongly", "falsely", "false", "overlooked", "miss", "misses", "missed"},
    "HAS_COURSE": {"better", "worse", "later"},
    "RISK_FACTOR_FOR": {"higher", "greater"},
    "AFFECTS": {"higher", "greater"},
}  # fmt: skip
"""Where the relation is what such words say."""
_LESSENS = re.compile(
    r"\b(?:narrow|shrink|lower|reduc|lessen|improv|reliev|eas|prevent|protect|cur|clear|diminish|decreas|weaken|spar|resolv|abolish"
    r"|stop|heal|calm|restor|normali[sz]|flatten)(?:s|es|ed|d|ing|e)?\b",
    re.I,
)
"""What lessens something is no cause and no sign of it, however the reader takes it."""
_WORSENS = re.compile(
    r"\b(?:worsen|aggravat|exacerbat|deteriorat|harm|inflam|irritat|damag|promot|provok|trigger)\w*\b", re.I
)
"""What does this to something is no treatment of it."""
_OF_HELP = frozenset({"TREATED_BY", "PREVENTED_BY", "REQUIRES"})
_OF_LESSENING = frozenset({"PREVENTED_BY", "TREATED_BY", "RULES_OUT", "OBSCURES", "CONTRAINDICATED_IN"})
_MUST_NOT = re.compile(
    r"\b(?:must|should|ought|may|can|shall|need)(?:n't| not| never)\b|\bcannot\b|\bno place\b|\b(?:not|never)(?: to)? be\b|\bis (?:not|never) (?:given|used|done|performed|offered|allowed|safe|advisable)\b",
    re.I,
)
"""Such a "not" forbids, and so affirms that it is contraindicated."""
_WARNS = re.compile(
    r"\b(?:contraindicat|avoid|not|never|no|nor|neither|without|cannot|forb[ia]d|danger|harm|unsafe|hazard|withh[eo]ld|stop|omit|ban|prohibit|steer|clear|keep|kept|away|off|risk"
    r"|wrong|mistake|error|taboo|shun|refrain|spare|refus|unsuitable|inappropriate|inadvisable|ill-advised|bad|leave|left|rule[sd]? out|bar|preclud|kill|fatal|lethal|deadly|catastroph|disast|poison|caution|precaution"
    r"|beware|hold|held|stay|out of|excluded?|reject|denied|veto|worse|anathema|\w+n't|hands|last thing)\w*",
    re.I,
)
_SPARES = re.compile(
    r"\b(?:avoid|withh[eo]ld|refus|contraindicat|forb[ia]d|forgo|omit|stop|fear|worr|prohibit|banned|deni|deny|exclud|prevent|discourag|shun|harm|danger|delay|interrupt)\w*",
    re.I,
)
"""Whoever must not do this may do the rest."""
_MAY_NOT = re.compile(r"\b(?:may|might|need)(?: well| also| still| yet)? not\b|\b(?:may|might|need)n't\b", re.I)
"""What may not be so is no denial, and no affirmation."""
COMPARED = re.compile(r"(?<!nothing )(?<!no )\b(?:more|less|(?!rather|other)[a-z]+er) than\b", re.I)
REPORTED = re.compile(
    r"\b(?:think(?! of)|thought(?! of)|believ\w+|sa(?:y|ys|id)|claim\w*|wonder\w*|suspects?|assum\w+|suppos\w+|ask\w*|argu\w+"
    r"|hop(?:e|es|ed|ing))\b",
    re.I,
)
"""What others say is not contradicted."""
_TOGETHER = re.compile(r"<(\d+)> *(?:(?:together|combined|along|in combination) with|with|plus) *<(\d+)>")
"""Two things that do something together: of either alone nothing follows. A child with croup is one thing."""
_PLACES = frozenset(
    "left right left-sided right-sided bilateral unilateral upper lower middle anterior posterior apical basal superior "
    "inferior lateral medial central peripheral".split()
)
"""Beside these nothing is supported either, unless a fact that decides says them too."""
_TIMES = frozenset(
    "second seconds minute minutes hour hours day days week weeks month months year years decade decades".split()
)
"""How long something takes, is or lasts is a claim of its own."""
_FURTHER = re.compile(r"[,;]|\b(?:and|which|who|that|because|since|so|but|while|when|where|until|unless)\b")
_CLAUSE = re.compile(r"[,;:] *(?:and|or|but|so|yet|while|whereas|which|who)\b|;")
_TAKES_BACK = re.compile(
    r"^(?:(?:and|or|it is|it's|that is|this is) )?(?:un(?:less|til)|if|when|except|only|not|never|no|nor|but|rather|instead"
    r"|without|provided|some|many|most)\b"
    r"|\b(?:true|untrue|false\w*|wrong\w*|myth|incorrect|nonsense|mistaken|outdated|disprove[dn]|refuted|contrary|claim\w*"
    r"|sa(?:y|ys|id)|alleged\w*|supposed\w*|reported\w*)\b",
    re.I,
)
"""What bears on the rest of a sentence, though it names nothing."""
_CONTRAST = re.compile(r"(?:and |but )?(?:not|never) (?:(?:in|on|at|by|with|as) )?(?:the |an? )?[\w-]+(?: [\w-]+)?$")
"""What it is not is said to make plainer what it is: ", never the posterior"."""
_AND_MORE = re.compile(r"\b(?:and|which|because|since|so|but|while|when|where|until|unless)\b")
"""The same behind the only thing of a sentence, where a value is said of it."""
_IN_OTHERS = re.compile(
    r"\b(?:in|among|of|for|from|by) (?:the |a |an |most |many |some )?(?:cats?|dogs?|horses?|cattle|cows?|calves|sheep"
    r"|goats?|pigs?|mice|mouse|rats?|rabbits?|birds?|poultry|chickens?|monkeys?|primates|animals?|mammals?|fish|reptiles?|plants?)\b",
    re.I,
)
"""The graph speaks of people."""
_LEFT = re.compile(r"\bleft (?:behind|with|on|alone|untreated|undrained|to|as|it|him|her|them)\b", re.I)
"""No side."""
_TALK = re.compile(
    r"^ ?(?:and|as|so|or|but|if|though|although|I|we|my|our|to|of the sort)\b.*\b(?:I|we|us|my|our|ours)\b|^ ?(?:I|we|my|our)\b"
    r"|\b(?:I|we|us|my|our|ours)\b.*\b(?:see|saw|seen|show\w*|teach|taught|ask\w*|said|say|wr[io]te|written|dr[ae]wn?|check|tell|told|practi[sc]e|meet|met|discuss\w*|love|hate)\b|^ ?(?:\w+ (?:as|though) (?:it|they|that|this|such)\b|however \w+ (?:it|they|that|this|the|one|you)\b)",
)
_CLAIMS = re.compile(r"\b(?:only|never|all|as an?|rules? out|die[sd]?|from each)\b", re.I)
"""What is said by the way, and of the thing all the same."""
_FEW = 2
"""Words of a clause that names nothing: so many and more say something by themselves."""
_OF_SOME, _OF_ALL = frozenset({"rare", "not_always"}), frozenset({"always", "only", "never"})
_OF_NONE = frozenset({"always", "never"})
"""What a denial says anyway: "is by definition not", "is never"."""
_NEWBORN = ("neonates", "preterm_infants", "post_term_infants", "infants")
_YOUNG = ("infants", "toddlers", "children")
_SAME_AGE = {one: group for group in (_NEWBORN, _YOUNG) for one in group} | {
    "infants": (*_NEWBORN, "toddlers", "children")
}
"""Whose age is told loosely: a baby may be a newborn or a child."""
UNSAID = GOES_WITHOUT_SAYING | USUAL_VIEWS
_NEED_NOT_HOLD = UNSAID | {"lung"}  # "can shower the lungs with emboli"
_ADDS_NOTHING = frozenset({"anatomy", "finding", "sign", "symptom", "exam_sign", "disease"})
"""Kinds of things that may stand beside what holds where the graph joins them to it; a treatment or a test may not."""
_LISTED = r"(?:,|<\d+>) *(?:and|or) +(?:(?!(?:in|on|at|with|by|for|from|to|of) )[\w-]+ ){{0,3}}(?:of )?<{n}>|<\d+> *, *<{n}> *(?:,|and|or)"
_SET_IN = r", *(?:an? |the |which |who |in which |that )[^,<]*<{n}>"
"""A member of a list and what stands in an aside say something of their own, whatever joins them to the rest."""
_ASIDE = re.compile(r",\s*((?:an?|the|which|in which|where|who|caught|with) [^,]*),")
_TAIL = re.compile(r"\s*,?\s*(?:and|or|after|before|until|once|given|since|started|within|for|because(?! of))\b")


def claims_beside(concepts: Sequence[str], kinds: Mapping[str, str]) -> Iterator[Claim]:
    """Every claim that `stands_apart` may ask of. `kinds`: concept to category."""
    for held, other in permutations(concepts, 2):
        yield from _narrowing(held, other)
        if kinds.get(other) in _ADDS_NOTHING:
            yield _has_to_do_with(held, other)


def without_talk(text: str) -> str:
    """The sentence without what its writer says between signs of himself or gives away: "dull as it may seem"."""
    parts = SIGNS.split(text)
    talk = [
        n for n in range(0, len(parts), 2)
        if "<" not in parts[n]
        and _TALK.search(parts[n])
        and not _TAKES_BACK.search(parts[n].strip())
        and not _CLAIMS.search(parts[n])
    ]  # fmt: skip
    return "".join(part for n, part in enumerate(parts) if n not in talk)


def core(text: str) -> str:
    """The sentence without what stands between signs behind its first thing and names nothing.

    Of what is false it takes nothing back, unless it says so.
    """
    parts = SIGNS.split(text)[::2]
    first = next((n for n, part in enumerate(parts) if "<" in part), 0)
    kept = (
        part
        for n, part in enumerate(parts)
        if n <= first or "<" in part or (_TAKES_BACK.search(part.strip()) and not _CONTRAST.match(part.strip()))
    )
    return " ".join(kept)


def denials(text: str) -> int:
    """How many words deny something."""
    return len(_NOT.findall(text))


def without_denial(text: str) -> str:
    """The sentence without the first word that denies something."""
    return " ".join(_NOT.sub("", text, count=1).split())


def denied_of_another(text: str, one: int, other: int) -> bool:
    """Whether both slots stand before what is denied and a further one after it: "<0> in <1> is not a hazard of <2>"."""
    denial = _NOT.search(text)
    if denial is None:
        return False
    before, after = (
        frozenset(map(int, _SLOTS.findall(part))) for part in (text[: denial.start()], text[denial.end() :])
    )
    return {one, other} <= before and bool(after - before)


def one_way(text: str) -> bool:
    """Whether what it denies is only the contrary of what it states, so that this is affirmed."""
    return bool(_ONE_WAY.search(text)) or any(_CONTRAST.match(part.strip()) for part in SIGNS.split(text)[::2])


def warns(text: str) -> bool:
    """Whether a word of it could mean that something must not be done; what merely joins a drug and a disease does not."""
    return bool(_WARNS.search(text))


def forbids(text: str) -> bool:
    """Whether what it denies is that something may be done, so that it is contraindicated."""
    words = _words(text)
    return bool(_MUST_NOT.search(words)) and not _SPARES.search(words)


def limits(sentence: Masked, extent: Extent) -> bool:
    """Whether it holds for some only, for all, perhaps, or of a number: no fact says that."""
    words = _words(sentence.text)
    in_part = extent in _OF_SOME or (extent in _OF_ALL and not (extent in _OF_NONE and denials(sentence.text)))
    # What is denied by the way bears on the rest as well.
    aside = denials(sentence.text) > denials(core(sentence.text))
    return bool(in_part or aside or _MAY_NOT.search(words) or _NUMBER.search(words))


def of_both(sentence: Masked, held: Collection[tuple[int, int | None]], kinds: Mapping[str, str]) -> bool:
    """Whether it holds of two things together, and no third thing holds of each: `held`, the slots that facts join."""
    for found in _TOGETHER.finditer(sentence.text):
        one, other = (int(slot) for slot in found.groups())
        if {kinds.get(sentence.concepts[slot]) for slot in (one, other)} & {"population", "anatomy"}:
            continue
        if not _joined_to(one, held) & _joined_to(other, held):
            return True
    return False


def _joined_to(slot: int, held: Collection[tuple[int, int | None]]) -> set[int]:
    return {n for slots in held if slot in slots for n in slots if n is not None and n != slot}


def named_again(sentence: Masked) -> bool:
    """Whether a thing is named a second time with more said of it: "... causes fatigue, and the fatigue responds to"."""
    _, *parts = _SLOTS.split(sentence.text.lower())
    named = parts[::2]
    return any(
        slot in named[:at] and telling_words(re.split(r"[,;:]", after)[0])
        for at, (slot, after) in enumerate(zip(named, parts[1::2], strict=True))
    )


def says_more(text: str, facts: Sequence[Fact], *, of_two: bool) -> bool:
    """Whether words say something beside the facts. `of_two`: these join two things of the sentence, and no value to one."""
    predicates = {fact.predicate for fact in facts}
    said = {word for fact in facts for part in _texts(fact) for word in phrase(part)}
    *before, end = re.split(r"<\d+>", _LEFT.sub("", text.lower()))
    words = re.findall(r"[a-z'-]+", " ".join((*before, end)))
    lessened = {word for found in _LESSENS.findall(" ".join(words)) for word in phrase(found)} - said
    if lessened and not predicates & _OF_LESSENING:
        return True
    if _WORSENS.search(" ".join(words)) and predicates & _OF_HELP:
        return True
    if "HAS_COURSE" not in predicates and any(word in _TIMES and not {*phrase(word)} <= said for word in words):
        return True
    turns = _TURNS - {word for predicate in predicates for word in _NO_TURN.get(predicate, ())}
    if turns & {*words} or any(word in _PLACES and not {*phrase(word)} <= said for word in words):
        return True
    further = (_FURTHER if of_two else _AND_MORE).search(end)
    return bool((further and len(telling_words(end)) >= _FEW) or _IN_OTHERS.search(text))


def stands_apart(
    sentence: Masked,
    held: Collection[int],
    facts: Sequence[Fact],
    judged: Judged,
    words: Words,
    kinds: Mapping[str, str],
) -> bool:
    """Whether the sentence names something that is none of the held slots and does not go without saying."""
    holds = {sentence.concepts[slot] for slot in held}
    apart = [c for slot, c in enumerate(sentence.concepts) if slot not in held and c not in _NEED_NOT_HOLD]
    if not apart:
        return False
    if _in_another_clause(sentence.text, held) or any(_says_its_own(sentence, one) for one in apart):
        return True
    told = {*words(facts)}
    return not all(
        {*phrase(one.replace("_", " "))} <= told or any(_goes_with(other, one, judged, kinds) for other in holds)
        for one in apart
    )


def _says_its_own(sentence: Masked, concept: str) -> bool:
    n = sentence.concepts.index(concept)
    return any(re.search(pattern.format(n=n), sentence.text.lower()) for pattern in (_LISTED, _SET_IN))


def tells_more(text: str, facts: Sequence[Fact], words: Words) -> bool:
    """Whether an aside that tells what a thing is, or what stands behind all things, says what the facts and their
    definitions do not: "asthma, an infection, ...", "... and sandbags", "... once the cultures have come back".
    """
    end = re.split(r"<\d+>", text.lower())[-1]
    said = [_words(found[1]) for found in _ASIDE.finditer(text.lower())] + ([end] if _TAIL.match(end) else [])
    telling = {word for part in said for word in telling_words(part)}
    return bool(telling) and not {part for word in telling for part in phrase(word)} <= {*words(facts)}


def _in_another_clause(text: str, held: Collection[int]) -> bool:
    """Whether a thing before or behind all that holds has a clause of its own, which says more of it."""
    _, *parts = _SLOTS.split(text.lower())
    slots, between = [int(slot) for slot in parts[::2]], parts[1::2]
    ends = [at for at, slot in enumerate(slots) if slot in held]
    before, behind = between[: ends[0]], between[ends[-1] : -1]
    return any(_CLAUSE.search(words) for words in before) or (
        any(_CLAUSE.search(words) for words in behind) and bool(telling_words(" ".join(between[ends[-1] :])))
    )


def _has_to_do_with(held: str, other: str) -> Claim:
    return Claim(held, "ASSOCIATED_WITH", other)


def _goes_with(held: str, other: str, judged: Judged, kinds: Mapping[str, str]) -> bool:
    """Whether what stands apart narrows nothing: what a thing is a kind of, those whom it affects, where it happens."""
    if any(judged[claim].verdict is Verdict.SUPPORTED for claim in _narrowing(held, other)):
        return True
    return kinds.get(other) in _ADDS_NOTHING and judged[_has_to_do_with(held, other)].verdict is Verdict.SUPPORTED


def _narrowing(held: str, other: str) -> Iterator[Claim]:
    yield Claim(held, "IS_A", other)
    yield from (Claim(held, "AFFECTS", one) for one in _SAME_AGE.get(other, (other,)))


def _texts(fact: Fact) -> Iterator[str]:
    yield from (fact.subject_name, fact.object_name)
    yield from (value for _, value in fact.qualifiers)


def telling_words(text: str) -> list[str]:
    """The words that are not there for the sentence's sake alone."""
    words = re.findall(r"[a-z][\w'-]*", text)
    return [word for word in words if word not in TOLERATED | ARTICLES and not is_harmless(word)]


def _words(text: str) -> str:
    return re.sub(r"<\d+>", "", text)

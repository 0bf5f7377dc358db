"""Reads one sentence: what kind it is, and the claims in it. Knows nothing of facts.

The wordings of `copilot.claims.cues` are matched on the line; what no wording took is the claim's residue.
"""

# ruff: noqa: E501 - an alternation or a list of words is easier to read, and to extend, on one line

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from copilot.claims import shifts
from copilot.claims.compared import compared
from copilot.claims.composed import as_findings, composed
from copilot.claims.cues import CUE_WORDS, CUES, VERB_STARTS, Cue
from copilot.claims.film import FilmStatement, of_the_film
from copilot.claims.kinds import claims_nothing, may_be_settled
from copilot.claims.line import (
    ANSWERED,
    LEADS,
    Line,
    line_of,
    own_negation,
    parted,
    resolve,
    reworded,
    said_to_be_untrue,
    tells_by_the_way,
)
from copilot.claims.meaning import meant
from copilot.claims.tolerant import Clause, tolerantly
from copilot.claims.turns import turned
from copilot.claims.values import (
    ANY_FILM,
    ARTICLES,
    BY_NUMBER,
    FILLERS,
    HARMLESS,
    HOW_LONG_OR_OFTEN,
    MEASURE_WORDS,
    NOT_BY_NUMBER,
    SIDES,
    SUBSTANCES,
    is_harmless,
    is_plain,
)
from copilot.relations.port import Masked
from kg.linking import Linker
from kg.linking.normal import phrase
from kg.types import Claim, Extent, Mention

_FRONTED = re.compile(r"^((?:in|on|with|during|after|among|for|within|when|if) <\d+>),? (<\d+>.*)$")
_ATTACHED = re.compile(
    r"^(<\d+>(?:(?:,| and| or) <\d+>)*) ((?:(?:on|in|at|of|with|within|during|after|over|above|under|without|seen on|seen in|visible on) <\d+>,? ?)+)"
    rf"(?=(?:{'|'.join(sorted(VERB_STARTS, key=len, reverse=True))})\b)"
)


_PREP = r"(?:by|with|in|at|on|to|from|of|for|within|as|through|via|against) "
# "X is fluid, not air", "X is caused by A and not by B", "not by A but by B", "A, not B, confirms C"
_CONTRASTS = (
    (
        re.compile(
            rf"^(?P<s>.*?<\d+>) (?P<v>(?:[a-z-]+ )+?)(?P<p>{_PREP})?(?P<a><\d+>),? (?:and |but )?(?:NOT|not|rather than|instead of|as opposed to|unlike) (?:{_PREP})?(?P<b><\d+>)$"
        ),
        r"\g<s> \g<v>\g<p>\g<a> ¶ \g<s> NOT \g<v>\g<p>\g<b>",
    ),
    (
        re.compile(
            rf"^(?P<s>.*?<\d+>) NOT (?P<v>(?:[a-z-]+ )+?)(?P<p>{_PREP})?(?P<a><\d+>),? but (?:rather )?(?:{_PREP})?(?P<b><\d+>)$"
        ),
        r"\g<s> NOT \g<v>\g<p>\g<a> ¶ \g<s> \g<v>\g<p>\g<b>",
    ),
    (
        re.compile(
            r"^(?P<a><\d+>),? (?:and |but )?(?:NOT|rather than|instead of|as opposed to|unlike) (?P<b><\d+>),? (?P<v>[a-z].*)$"
        ),
        r"\g<a> \g<v> ¶ \g<b> NOT \g<v>",
    ),
    (
        re.compile(r"^NOT (?P<b><\d+>),? but (?:rather )?(?P<a><\d+>),? (?P<v>[a-z].*)$"),
        r"\g<a> \g<v> ¶ \g<b> NOT \g<v>",
    ),
    (
        re.compile(r"^(?:unlike|in contrast to|as opposed to) (?P<b><\d+>),? (?P<a><\d+>) (?P<v>[a-z].*)$"),
        r"\g<a> \g<v> ¶ \g<b> NOT \g<v>",
    ),
    (
        re.compile(r"^(?:unlike|in contrast to|as opposed to) (?P<b><\d+>),? (?P<a><\d+>) NOT (?P<v>[a-z].*)$"),
        r"\g<a> NOT \g<v> ¶ \g<b> \g<v>",
    ),
)
# Verbs that tell which quantity a number is of.
_QUANTITY_HINTS = (
    (r"\b(?:start|begin|develop|appear|occur|onset)\b", "onset"),
    (r"\b(?:develop|appear|occur)\b", "latency"),
    (r"\b(?:last|persist|duration)\b", "duration"),
    (r"\btreat", "treatment"),
    (r"\bfollow", "interval"),
)
_OUGHT = re.compile(r"\b(?:should|must|ought|needs? to)\b", re.IGNORECASE)


# A name said with a count, "notching of the first two ribs", says more than the name.
_COUNTS = re.compile(
    r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|first|second|third|fourth|fifth|last)\b", re.I
)
_BY_TWO_NAMES = re.compile(
    r"<(\d+)> *(?:,? *(?:such as|or|that is|i\.e\.|e\.g\.|namely|also (?:called|known as)|known as|called|abbreviated (?:as|to)) +"
    r"(?:the |an? )?<\1> *,?|\(\s*<\1> *\)|, *(?:the |an? )?<\1> *,) ?"
)
"""The same thing under another name: "a loop diuretic such as furosemide", "collapse, or atelectasis,"."""


@dataclass(frozen=True, slots=True)
class ReadSentence:
    """A sentence read. `nothing`: why it claims nothing. `subject`: what a following "it" means.

    `unless_settled`: what the sentence is where the graph does not settle it, such as advice.
    `complete`: whether the claims are all that it says; where a clause stayed unread, nothing can support the whole.
    `by_the_way`: whether an aside or a count says more of a thing than its name.
    `definition`: the sentence as a description of its subject, which the graph's own definition may bear out.
    `literal`: the sentence as it stands, which may be a definition word for word.
    `line`: what the claims were read from, for the tolerant reading where they leave it open; None where that may not be.
    `said`: the words that the mentions stand in, with what "it" means put in; empty where no reader may read them.
    """

    text: str
    nothing: str = ""
    unless_settled: str = ""
    claims: tuple[Claim, ...] = ()
    film: tuple[FilmStatement, ...] = ()
    subject: Mention | None = None
    complete: bool = True
    definition: Claim | None = None
    literal: Claim | None = None
    by_the_way: bool = False
    line: Line | None = None
    said: str = ""
    mentions: tuple[Mention, ...] = ()

    @property
    def masked(self) -> Masked | None:
        """The sentence with its concepts as slots, for a reader of relations; None where that may not be."""
        return masked(self.said, self.mentions) if self.said else None

    @property
    def extent(self) -> Extent:
        """How far the whole of it is said to hold."""
        return self.line.extent if self.line else ""


def read(sentence: str, linker: Linker, before: Mention | None = None) -> ReadSentence:
    """Reads one sentence; `before` is what the previous one was about."""
    claimed = ANSWERED.sub("", sentence)
    first = linker.link(claimed[:80])
    if not first:
        claimed = sentence
    told = LEADS.sub("", claimed.strip())
    text, untrue = said_to_be_untrue(told.rstrip('.!;,"\u201d '))
    opens_with_a_name = bool(first) and first[0].start == len(claimed) - len(told)
    nothing = claims_nothing(text if untrue else told, named=opens_with_a_name)
    unless_settled = nothing if may_be_settled(nothing, claimed) else ""
    if nothing and not unless_settled:
        named = [m for m in first if m.category != "value"]
        return ReadSentence(sentence, nothing=nothing, subject=named[0] if named else before)
    text, borrowed = resolve(as_findings(reworded(text), linker), before)
    comparison = compared(text, linker)
    if comparison:
        return ReadSentence(
            sentence,
            unless_settled=unless_settled,
            claims=_turned_round(comparison) if untrue else comparison,
            subject=borrowed or (first[0] if first else before),
        )
    mentions = composed(text, parted(text, linker.link(text, values=True), linker), linker)
    real = [m for m in mentions if m.category != "value"]
    subject = borrowed or (real[0] if real else before)
    about_film = None if unless_settled or untrue else of_the_film(text, mentions)
    if about_film is not None:
        return ReadSentence(sentence, film=about_film, subject=subject)
    line = line_of(text, mentions)
    found, complete = _claims(line)
    claims = tuple(dict.fromkeys(found))
    if untrue:
        claims = _turned_round(claims)
    if not claims and len(real) < 2 and (unless_settled or _OUGHT.search(text)):
        return ReadSentence(sentence, nothing=unless_settled or "advice", subject=subject)
    counted = any(_COUNTS.search(m.text) and not _COUNTS.search(m.name) for m in real)
    more = counted or tells_by_the_way(text, mentions)
    literal = None
    if real and not untrue and not borrowed and _DEFINES.match(text[real[0].end :]):
        literal = Claim(real[0].concept, "WORDED_AS", "", residue=phrase(claimed))
    return ReadSentence(
        sentence,
        claims=claims,
        subject=subject,
        unless_settled=unless_settled,
        complete=complete and not more,
        definition=_described(line) if claims and not untrue else None,
        literal=literal,
        by_the_way=more,
        line=None if untrue or counted else line,
        said="" if untrue or counted or _needs(claims) else text,
        mentions=tuple(mentions),
    )


def _needs(claims: Sequence[Claim]) -> bool:
    """Whether it says what is needed and nothing else: a reader that takes it for what is given would say less."""
    return bool(claims) and all(claim.predicate == "REQUIRES" and not claim.residue for claim in claims)


def masked(text: str, mentions: Sequence[Mention]) -> Masked:
    """The text with each concept but the values as a slot, the same for the same concept."""
    out, at, concepts = "", 0, list[str]()
    for mention in mentions:
        if mention.start < at or mention.category == "value":
            continue
        if mention.concept not in concepts:
            concepts.append(mention.concept)
        out += f"{text[at : mention.start]} <{concepts.index(mention.concept)}>{own_negation(mention)} "
        at = mention.end
    return Masked(_BY_TWO_NAMES.sub(r"<\1> ", out + text[at:]), tuple(concepts))


def clauses_of(reading: ReadSentence) -> tuple[Clause, ...]:
    """The clauses of a sentence read tolerantly; none where one names nothing or more is said in brackets."""
    line = reading.line
    if line is None:
        return ()
    first = re.search(r"<\d+>", line.text)
    clauses, beside = _clauses(line.text, first[0] if first else "")
    if not clauses or line.extent in {"only", "never", "rare"}:
        return ()
    each = [(clause, line.of(clause, clauses)) for clause in clauses]
    read_so = tuple(tolerantly(clause, own, _of_clause(clause, own)) for clause, own in each)
    read_so = (read_so[0].beside(f"{' '.join(beside)} {line.tail}"), *read_so[1:])
    if line.extent == "always" or reading.by_the_way:
        # What is so at times is no support, but a denial counts all the more; and in spite of what is said by the way.
        return tuple(replace(clause, ways=()) for clause in read_so)
    return read_so


def _turned_round(claims: tuple[Claim, ...]) -> tuple[Claim, ...]:
    """What is said to be untrue; of several claims nobody can tell which. What is not always so may be so."""
    if len(claims) != 1 or claims[0].extent in {"mostly", "rare", "never", "not_always", "typical"}:
        return ()
    (claim,) = claims
    return (replace(claim, denied=not claim.denied, extent="not_always" if claim.extent in {"always", "only"} else ""),)


def _claims(line: Line) -> tuple[list[Claim], bool]:
    """The claims, and whether every clause gave one."""
    found = _shift(line)
    if found:
        return found, True
    first = re.search(r"<\d+>", line.text)
    clauses, unnamed = _clauses(line.text, first[0] if first else "")
    all_named = not unnamed
    by_clause = [_of_clause(clause, line.of(clause, clauses)) for clause in clauses]
    if any(by_clause) and not all(by_clause):  # "A is ..., and it suggests B": the first half may be A's definition
        by_clause = [some or _only_described(clause, line) for clause, some in zip(clauses, by_clause, strict=True)]
    claims = [claim for some in by_clause for claim in some]
    complete = all_named and all(by_clause)
    named = any(m.category == "measurement" for m in line.mentions)
    timed = any(re.search(pattern, line.text) for pattern, _ in _QUANTITY_HINTS)
    # A number beside a relation only narrows it, unless what it measures is named or the verb tells.
    things = [m for m in line.mentions if m.category not in {"value", "population", "technique", "measurement"}]
    # Two things, an unread relation and a time: nothing tells whose time it is.
    untold = not claims and len(things) > 1 and bool(line.quantities) and line.quantities[0].unit in HOW_LONG_OR_OFTEN
    placed = not untold and all(c.predicate in BY_NUMBER for c in claims)
    tells = timed or (line.quantities and line.quantities[0].unit not in HOW_LONG_OR_OFTEN)
    stated = line.quantities and ("#" in line.text or not claims)
    if stated and (named or placed or (tells and not any(c.predicate in NOT_BY_NUMBER for c in claims))):
        measured = _measured(line, clauses)
        claims, complete = (measured, all_named and len(clauses) == len(measured)) if measured else (claims, complete)
    if not claims:
        described = _described(line)
        claims, complete = [described] if described else [], True
    return claims, complete


def _clauses(text: str, first: str) -> tuple[list[str], list[str]]:
    """Clauses with a verb each that name a concept, and those that name none and say something that matters.

    A verb phrase after "and" gets the subject of the first.
    """
    verbs = "|".join(sorted(VERB_STARTS, key=len, reverse=True))
    group = r"<\d+>(?:(?:,| and| or) <\d+>)*"
    # "A, which does not cross the placenta, is used for B": the relative clause is one of its own.
    text = re.sub(rf"^(.*?)(<\d+>), (?:which|who) ([^,;]+), ((?:{verbs})\b.*)$", r"\1\2 \4 ¶ \2 \3", text)
    # "A is B that is linked to C": both are said of A.
    text = re.sub(rf"^((<\d+>) is <\d+>) (?=(?:{verbs})\b)", r"\1 ¶ \2 ", text)
    # "A causes B, which C prevents": said of C.
    text = re.sub(rf"(<\d+>), which (<\d+>) ((?:{verbs})\b[^,;]*)$", r"\1 ¶ \2 \3 \1", text)
    text = re.sub(r"(?<=>) (raise|increase) risk(?=$|[,;])", rf" \1 risk of {first}", text)
    text = re.sub(
        rf"(?<=[>\w]),? (?:and|but|or|yet) (?:(?:nearly |almost )?always )?(?=(?:{verbs})\b)", f" ¶ {first} ", text
    )
    text = re.sub(rf"(?<=>),? (?:which|that|who) (?=(?:{verbs})\b)", " § ", text)
    text = re.sub(rf"(?<=[>\w]),? (?:and|but|so|yet) (?:it|they) (?=(?:{verbs})\b)", f" ¶ {first} ", text)
    for pattern, both in _CONTRASTS:
        if pattern.match(text):
            text = re.sub(r"NOT (?=NOT )|NOT is NOT", "NOT ", pattern.sub(partial(_both, both=both), text))
            break
    text = _PARTICIPLE.sub(f" ¶ {first} is ", text)
    text = _TWO_VERBS.sub(r"\g<a> \g<v> \g<b> ¶ \g<a> \g<n>\g<w> \g<b>", text)
    text = _AND_TREATED.sub(r"\1 is \2 ¶ \1 is \3", text)
    parts = re.split(
        r"\s*(?:;|¶|, so(?= <)|, (?:whereas|while|although|though|but|because|since)|(?<!,) (?:whereas|while|although|though|but|because(?! of))\b|, as (?=it |they |<\d+> ))\s*",
        text,
    )
    clauses = []
    for part in parts:
        seen = part
        split = re.search(rf"\b(?:{verbs})\b.*?(,? and|,) (?={group} (?:{verbs})\b)", seen)
        if split:
            clauses += [seen[: split.start(1)], seen[split.end(1) :]]
        else:
            clauses.append(seen)
    out = []
    for clause in clauses:
        head, *relative = clause.split(" § ")
        out.append(head)
        for rest in relative:
            named = re.findall(r"<\d+>", head)
            # Of "A is a kind of B that ..." the rest is said of A.
            whose = named[0] if _IS_ONE.match(head) else (named or [""])[-1]
            out.append(f"{whose} {rest}".strip())
            head = rest
    unnamed = [c for c in out if "<" not in c and not _says_nothing(c)]
    out = [re.sub(r"^(?:it|they) (?=[a-zN])", f"{first} ", c.strip()) for c in out]
    out = _without_pronouns([c.strip() for c in out if "<" in c], first)
    return ([turned(c) for c in out] if len(out) > 1 else out), unnamed


def _says_nothing(clause: str) -> bool:
    return all(is_harmless(word) for word in re.findall(r"[A-Za-z][\w'-]*", clause)) and "#" not in clause


_IS_ONE = re.compile(r"^<\d+> is (?:[a-z'-]+ )*<\d+>$")
# "A suggests but does not prove B"
_TWO_VERBS = re.compile(
    rf"^(?P<a><\d+>) (?P<v>(?:{'|'.join(sorted(VERB_STARTS - {'NOT', 'SHOULDNOT'}, key=len, reverse=True))})(?: out| to| with)?),? (?:and|but|or|though)(?: it)? (?P<n>NOT )(?P<w>(?:[a-z]+ )*?[a-z]+) (?P<b><\d+>)$"
)
# "A is caused by B and treated with C"
_PARTICIPLE = re.compile(
    r"(?<=>),? (?:and|but) (?=(?:NOT )?(?:treated|prevented|caused|confirmed|diagnosed|seen|found|spread|transmitted|avoided|used|given|located|investigated|excluded|contraindicated) (?:by|with|in|from|on|through|for|during) <)"
)
# "A is an emergency treated by B"
_AND_TREATED = re.compile(
    r"^(<\d+>) is (<\d+>),? (?:which is |and is )?((?:treated|caused|confirmed|investigated|prevented) (?:by|with|from) .*)$"
)
_PRONOUN = re.compile(
    r"(?P<verb>\b(?:rule|exclude|confirm|prove|detect|show|treat|cause|diagnose|suggest|miss|prevent)) (?:it|them|one)(?P<out> out)?$|(?<=rule out) (?:it|them|one)$"
)


def _without_pronouns(clauses: list[str], first: str) -> list[str]:
    """The clauses with a closing "it" as what it stands for: the object before it, or the subject where that has changed."""
    said: list[str] = []
    for clause in clauses:
        found = _PRONOUN.search(clause)
        if found and said:
            before = re.findall(r"<\d+>", said[-1])
            meant = before[-1] if clause.startswith(first) else first
            clause = f"{clause[: found.start()]}{found['verb'] or ''}{' out' if found['out'] else ''} {meant}"  # noqa: PLW2901
        said.append(clause)
    return said


def _both(found: re.Match[str], both: str) -> str:
    """The two clauses of a contrast; a preposition that is not there is nothing."""
    groups = {name: value or "" for name, value in found.groupdict().items()}
    return re.sub(r"\\g<(\w+)>", lambda m: groups[m[1]], both)


def _of_clause(clause: str, line: Line) -> list[Claim]:
    """The claims of one clause: the first wording that matches, then what hangs on it."""
    fronted = _FRONTED.match(clause)
    hung = ""
    if fronted and re.search(r"<\d+>.*<\d+>", fronted[2]):
        clause, hung = fronted[2], fronted[1]
    attached = _ATTACHED.match(clause)
    if attached:
        clause, hung = f"{attached[1]} {clause[attached.end() :]}", f"{hung} {attached[2]}"
    if not attached:
        clause, apart = _head(clause)
        hung += apart
    bare, beside = _bare(clause)
    claims = _by_wording(bare, hung + beside, line)
    if not claims:
        clause, apart = _without_adjuncts(clause)
        bare, beside = _bare(clause)
        claims = _by_wording(*_without_fillers(bare, hung + apart + beside), line)
    return claims


_ADJUNCT = re.compile(
    rf" (?:in|on|at|with|during|from|of|for|within|after|under|over|as|to)(?: [a-z'-]+)+?(?= (?:NOT |SHOULDNOT )?(?:{'|'.join(sorted(VERB_STARTS, key=len, reverse=True))})\b|$)"
)


def _without_adjuncts(clause: str) -> tuple[str, str]:
    """The clause without phrases such as "in the neck" whose words neither are concepts nor belong to a wording."""
    taken: list[str] = []

    def take(found: re.Match[str]) -> str:
        if any(word in CUE_WORDS for word in found[0].split()[1:]):
            return found[0]
        taken.append(found[0])
        return ""

    return _ADJUNCT.sub(take, clause), "".join(taken)


_PHRASE = re.compile(
    rf"^(?P<pre>(?:[a-z'-]+ )*?)(?P<head><\d+>(?:(?:,| and| or) <\d+>)*)(?P<apart>(?: [a-z'-]+)*? (?:on|in|at|of|with|within|during|after|over|above|under|beside|around|from|behind|throughout|for)\b[^,;]*?<\d+>(?: [a-z'-]+)*?) (?=(?:{'|'.join(sorted(VERB_STARTS, key=len, reverse=True))})\b)"
)
_OPENS = frozenset(
    "in on with at during after among for within when if where because since although while under over by of to without beyond before from is".split()
)


def _head(clause: str) -> tuple[str, str]:
    """The clause with what hangs on its subject taken apart: of "cough in smokers with asthma suggests ..." the cough."""
    found = _PHRASE.match(clause)
    if found is None or clause.split(" ", maxsplit=1)[0] in _OPENS:
        return clause, ""
    if VERB_STARTS & {*found["pre"].split(), *found["apart"].split()} or "<" not in clause[found.end() :]:
        return clause, ""
    return f"{found['pre']}{found['head']} {clause[found.end() :]}", f" {found['apart']}"


def _without_fillers(clause: str, hung: str) -> tuple[str, str]:
    """The clause without adjectives and adverbs that some wording has and others may do without."""
    words = clause.split()
    taken = [w for w in words if w.rstrip(",;:") in FILLERS]
    return " ".join(w for w in words if w not in taken), " ".join([hung, *taken])


def _by_wording(clause: str, hung: str, line: Line) -> list[Claim]:
    """The claims of the first wording that matches; empty where none does."""
    for cue in CUES:
        found = cue.pattern.search(clause)
        if found is None:
            continue
        negated = bool({"NOT", "SHOULDNOT"} & set(clause[found.start() : found.end()].split())) and not cue.prohibits
        left, right = _members(found["a"]), _members(found["b"])
        if negated and " and " in found["b"] and cue.forward:
            return []  # "not with A and B" may deny the one, the other or only both
        if cue.predicate == "SAME_AS" and " or " in found["a"] + found["b"]:
            return []  # a name that stands for one thing or another makes them no one thing
        rest = f"{clause[: found.start()]} {clause[found.end() :]} {hung}"
        context, residue = _rest(rest, line)
        claims = []
        for a in left:
            for b in right:
                subject, obj = (a, b) if cue.forward else (b, a)
                claims += _claim(cue, subject, obj, negated, context, residue, line)
        return claims
    return []


def _bare(clause: str) -> tuple[str, str]:
    """The clause without words that no wording has, and those words."""
    words = clause.split()
    kept = [w for w in words if w[0] in "<#,;:" or w.rstrip(",;:") in CUE_WORDS or "<" in w]
    return " ".join(w for w in kept if not w.startswith("#")), " ".join(
        ["", *(w for w in words if w not in kept or w.startswith("#"))]
    )


def _members(group: str) -> list[int]:
    return [int(n) for n in re.findall(r"<(\d+)>", group)]


def _rest(text: str, line: Line) -> tuple[list[int], tuple[str, ...]]:
    """What no wording took: further concepts, and words that matter."""
    text = f"{text} {line.tail}"
    words: list[str] = []
    for word in re.findall(r"#\d+|<\d+>|\d[\w.%]*|[A-Za-z][\w'-]*", text):
        if word.startswith("#"):
            words += line.quantity_words[int(word[1:])]
        elif not word.startswith("<") and not is_harmless(word):
            words += phrase(word) or (word,)
    return _members(text), tuple(words)


def _said(mention: Mention) -> tuple[str, tuple[str, ...]]:
    """A concept of the context with the words it was said with."""
    return mention.concept, phrase(mention.text)


def _claim(
    cue: Cue, s: int, o: int, negated: bool, context: Sequence[int], residue: tuple[str, ...], line: Line
) -> list[Claim]:
    """The claims of one wording between two concepts; `context` and `residue` are what else the clause holds."""
    subject, obj = line.mentions[s], line.mentions[o]
    negated = negated != cue.predicate.startswith("!")
    name, swapped = meant(cue.predicate.removeprefix("!"), subject, obj)
    negated = negated != name.startswith("!")
    name = name.removeprefix("!")
    if not name:
        return []
    if swapped:
        subject, obj = obj, subject
    if swapped and name == "AFFECTS" and line.extent in {"mostly", "always"}:
        return []  # that most of them get it is more than that it is typical of them
    modified = tuple(_said(line.mentions[i]) for end in (s, o) for i in line.modified.get(end, ()))
    name, subject, context = _shown_in_disease(name, subject, obj, context, line)
    # What is missed on a film can be seen on it all the same.
    said = "can" if cue.predicate == "!DETECTS" and negated and not line.extent else line.extent
    name, extent = _by_extent(name, subject, obj, cue, said)
    others = tuple(_said(line.mentions[i]) for i in context)
    target = "airborne_transmission" if name == "TRANSMITTED_BY" and obj.concept == "air" else obj.concept
    residue = tuple(w for w in residue if not (w == "NOT" and name == "HAS_SIDE"))
    main = Claim(
        subject.concept, name, target, denied=negated, extent=extent, context=(*others, *modified), residue=residue
    )
    places = [i for i in context if line.mentions[i].category == "anatomy"]
    if name == "CONSISTS_OF" and negated and places:
        return []  # what is denied may be the substance or the place
    if name == "CONSISTS_OF" and len(places) == len(context) == 1:
        place = line.mentions[places[0]].concept
        main = replace(main, context=modified)
        return [main, Claim(subject.concept, "LOCATED_IN", place, context=modified, residue=residue)]
    return [main]


def _shown_in_disease(
    name: str, subject: Mention, obj: Mention, context: Sequence[int], line: Line
) -> tuple[str, Mention, Sequence[int]]:
    """What a film shows in a disease is a finding of the disease."""
    whose = [i for i in context if line.mentions[i].category == "disease"]
    if (
        name != "DETECTS"
        or obj.category not in {"finding", "sign"}
        or subject.concept not in ANY_FILM
        or len(whose) != 1
    ):
        return name, subject, context
    return "HAS_FINDING", line.mentions[whose[0]], [i for i in context if i not in whose]


def _by_extent(name: str, subject: Mention, obj: Mention, cue: Cue, extent: Extent) -> tuple[str, Extent]:
    """What always means a thing proves it; what always comes from one cause has no other; what may need a treatment
    is treated with it.
    """
    if name == "SUGGESTS" and extent in {"always", "not_always"}:
        return "CONFIRMS", extent
    if name == "CAUSES" and extent == "always" and not cue.forward:
        return name, "only"
    if name == "REQUIRES" and extent == "can" and (subject.category, obj.category) == ("disease", "treatment"):
        return "TREATED_BY", extent
    return name, extent


def _shift(line: Line) -> list[Claim]:
    """Mediastinal shift: one subject, something that is shifted, a direction."""
    whose = shifts.lesions(line)
    moved = bool(whose) and shifts.moved(line)
    towards = shifts.direction(line) if moved else ""
    unmoved = moved and not towards and shifts.unmoved(line)
    if not towards and not unmoved:
        return []
    _, residue = _rest(shifts.CARRIED.sub(" ", line.text), line)
    subject = whose[0].concept
    modified = tuple(
        _said(line.mentions[v])
        for i, m in enumerate(line.mentions)
        if m.concept == subject
        for v in line.modified.get(i, ())
        if line.mentions[v].concept not in SIDES
    )
    return [
        Claim(
            subject,
            "SHIFTS_MEDIASTINUM",
            towards or shifts.UNMOVED,
            denied="NOT" in line.text.split() and not unmoved,
            extent=line.extent,
            context=(
                *(_said(m) for m in whose[1:] if m.concept != subject),
                *(_said(m) for m in line.mentions if m.category in {"population", "technique", "test"}),
                *modified,
            ),
            residue=tuple(w for w in residue if w not in {"NOT", "not"}),
        )
    ]


# "A ratio of 0.6 means ...": the number of one case, before what it tells.
_CASE = re.compile(
    r"#{n}\b(?!.*#\d).*?\b(?:is|mean|indicate|suggest|qualify|confirm|establish|mark|make|diagnose|represent|signify|support|speak for|point to)\b"
)

# "About 200 mL is needed": at least that much.
_NEEDED = re.compile(
    r"#{n} (?:of <\d+> )?(?:is |have to )?(?:needed|required|necessary|collect|accumulate|gather)\b|\b(?:need|require|take|show|detect|reveal|demonstrate|visualize|visualise) #{n}\b"
)


def _measured(line: Line, clauses: Sequence[str]) -> list[Claim]:
    """A number and what it is a number of: a claim for each clause with a quantity, open where the measure is not named."""
    numbered = [clause for clause in clauses if "#" in clause]
    if len(numbered) < 2 or any(not re.search(r"<\d+>", clause) for clause in numbered):
        return _of_a_number(line, line.text, 0, line.mentions)
    claims: list[Claim] = []
    for clause in numbered:
        inside = [line.mentions[int(n)] for n in re.findall(r"<(\d+)>", clause)]
        claims += _of_a_number(line, clause, int(re.findall(r"#(\d+)", clause)[0]), inside)
    return claims


_NO_VERB = frozenset(
    "in of by with left right from to on at more less than only always all every necessarily usually rather".split()
)


def _denies_the_number(text: str) -> bool:
    """Whether a "not" belongs to the verb of the clause: not to a condition, and not to "a mass, not a nodule"."""
    words = re.split(r"\b(?:when|if|unless|where|because|until|while)\b", text)[0].split() or text.split()
    for before, word, after in zip(["", *words], words, [*words[1:], ""], strict=False):
        verb = before in VERB_STARTS or after.startswith("#") or (after.isalpha() and after not in _NO_VERB)
        if word in {"NOT", "SHOULDNOT"} and verb:
            return True
    return False


def _below_carina(text: str, line: Line) -> bool:
    """Whether a tip is said to belong below the carina, which no distance above it is."""
    found = re.search(r"#\d+ (?:below|beyond|past|under|beneath|distal to) <(\d+)>", text)
    return (
        found is not None
        and line.mentions[int(found[1])].concept == "carina"
        and bool(
            re.search(
                r"\b(?:belong|ideal\w*|correct\w*|proper\w*|lie|sit|placed|optimal\w*|right place|safe\w*)\b", text
            )
        )
    )


def _of_a_number(line: Line, text: str, at: int, mentions: Sequence[Mention]) -> list[Claim]:
    measures = [m for m in mentions if m.category == "measurement"]
    others = [m for m in mentions if m.category not in {"measurement", "population", "technique"} and not is_plain(m)]
    main = (
        [m for m in others if m.category != "anatomy"]
        or [m for m in others if m.category == "anatomy"]
        or [m for m in mentions if m.category == "technique"]
    )
    if not main and not measures:
        return []
    quantity = line.quantities[at]
    words = _rest(text, line)[1]
    if re.search(r"\babnormal\b", text):
        words = (*words, "abnormal")
    residue = tuple(
        w
        for w in words
        if w not in MEASURE_WORDS
        and w not in line.quantity_words[at]
        and w not in {"NOT", "not", "SHOULDNOT", "shouldnot"}
    )
    context = tuple(
        _said(m) for m in mentions
        if (m.category in {"population", "technique", "anatomy"} and m not in main[:1])
        or m.concept in SUBSTANCES or (m in main[1:] and m.concept != main[0].concept)
    )  # fmt: skip
    context += tuple(
        _said(line.mentions[v])
        for i, m in enumerate(line.mentions)
        if m in main[:1]
        for v in line.modified.get(i, ())
        if line.mentions[v].concept in SIDES
    )
    hint = tuple(name for pattern, name in _QUANTITY_HINTS if re.search(pattern, text))
    hint += tuple(w for w in line.quantity_words[at] if w in {"posterior", "anterior"})
    context += (("", hint),) if hint and not measures else ()
    subject = main[0].concept if main else ""
    measure = measures[0].concept if measures else ""
    negated = _denies_the_number(text)
    if not subject:
        subject, measure = measure, ""
    if quantity.operator == "=" and re.search(_NEEDED.pattern.replace("{n}", str(at)), text):
        quantity = replace(quantity, operator=">=")
    if _below_carina(text, line):
        quantity = replace(quantity, operator="<", value=0.0, upper=None)
    case = quantity.operator == "=" and bool(re.search(_CASE.pattern.replace("{n}", str(at)), text))
    return [
        Claim(
            subject,
            "HAS_THRESHOLD",
            measure,
            denied=negated,
            quantity=quantity,
            context=context,
            residue=residue,
            of_a_case=case,
        )
    ]


def _only_described(clause: str, line: Line) -> list[Claim]:
    """The clause as a description, where no wording was read of it."""
    described = _described(replace(line, text=clause))
    return [described] if described and not described.denied else []


def _described(line: Line) -> Claim | None:
    """A sentence "X is ..." or "... is called X": a description that only a definition can bear out."""
    found = _DESCRIBES.match(line.text) or _IS_CALLED.match(line.text)
    if not found or _ONLY_A_KIND.match(found["rest"]):
        return None
    subject = line.mentions[int(found["x"])]
    words: list[str] = []
    for piece in re.findall(r"<\d+>|#\d+|[\w'-]+", found["rest"]):
        mark = re.fullmatch(r"<(\d+)>", piece)
        if piece.startswith("#"):
            words += line.quantity_words[int(piece[1:])]
            continue
        said = line.mentions[int(mark[1])].text if mark else piece
        words += [w for w in phrase(said) if w not in HARMLESS and w not in ARTICLES]
    return Claim(subject.concept, "DEFINED_AS", "", denied=bool(found["neg"]), extent=line.extent, residue=tuple(words))


# A definition may name the kinds of its subject, which makes the subject none of them.
_ONLY_A_KIND = re.compile(r"^(?:kind|type|form|variety|sort|subtype|example) of <\d+>$")
_DEFINES = re.compile(r"^[^.;]{0,20}? (?:is|are|means?|describes?|consists?) ")
_DESCRIBES = re.compile(
    r"^<(?P<x>\d+)> (?P<neg>NOT )?(?:is|refer(?: to)?|mean|describe|define|denote|result from|arise from|combine|consist of|is defined as|is defined by|is described as|stand for|represent|imply)\s+(?P<rest>.+)$"
)
_IS_CALLED = re.compile(
    r"^(?P<rest>.+?) (?P<neg>NOT )?is (?:called|termed|named|known as|referred to as|what is called|what is meant by|meant by) <(?P<x>\d+)>$"
)

"""Reads one sentence: what kind it is, and the claims in it. Knows nothing of facts.

The wordings of `copilot.claims.cues` are matched on the line; what no wording took is the claim's residue.
"""

# ruff: noqa: E501 - an alternation or a list of words is easier to read, and to extend, on one line

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from copilot.claims.cues import CUE_WORDS, CUES, VERB_STARTS
from copilot.claims.film import FilmStatement, of_the_film
from copilot.claims.kinds import claims_nothing
from copilot.claims.line import LEADS, Line, line_of, parted, resolve, reworded
from copilot.claims.meaning import meant
from copilot.claims.values import ARTICLES, HARMLESS, ILLNESSES, MEASURE_WORDS, NOT_BY_NUMBER, SHIFTED, SHIFTS, is_plain
from kg.linking import Linker
from kg.linking.normal import phrase
from kg.types import Claim, Concept, Mention

_FRONTED = re.compile(r"^((?:in|on|with|during|after|among|for|within|when|if) <\d+>),? (<\d+>.*)$")
_ATTACHED = re.compile(
    r"^(<\d+>(?:(?:,| and| or) <\d+>)*) ((?:(?:on|in|at|of|with|within|during|after|over|above|under|without|seen on|seen in|visible on) <\d+>,? ?)+)"
    rf"(?=(?:{'|'.join(sorted(VERB_STARTS, key=len, reverse=True))})\b)"
)


@dataclass(frozen=True, slots=True)
class ReadSentence:
    """A sentence read. `nothing`: why it claims nothing. `subject`: what a following "it" means."""

    text: str
    nothing: str = ""
    claims: tuple[Claim, ...] = ()
    film: tuple[FilmStatement, ...] = ()
    subject: Mention | None = None
    complete: bool = True


def read(sentence: str, linker: Linker, before: Mention | None = None) -> ReadSentence:
    """Reads one sentence; `before` is what the previous one was about."""
    first = linker.link(sentence[:80])
    nothing = claims_nothing(sentence, named=bool(first) and first[0].start == 0)
    if nothing:
        return ReadSentence(sentence, nothing=nothing, subject=before)
    text = LEADS.sub("", sentence.strip().rstrip(".!;, "))
    text, borrowed = resolve(reworded(text), before)
    mentions = parted(text, linker.link(text, values=True), linker)
    real = [m for m in mentions if m.category != "value"]
    subject = borrowed or (real[0] if real else before)
    about_film = of_the_film(text, mentions)
    if about_film is not None:
        return ReadSentence(sentence, film=about_film, subject=subject)
    line = line_of(text, mentions)
    claims = _claims(line, linker.concepts)
    if not claims and re.search(r"\b(?:should|must|ought|needs? to)\b", text, re.IGNORECASE) and len(real) < 2:
        return ReadSentence(sentence, nothing="advice", subject=subject)
    return ReadSentence(sentence, claims=tuple(dict.fromkeys(claims)), subject=subject)


def _claims(line: Line, concepts: Mapping[str, Concept]) -> list[Claim]:
    found = _shift(line)
    if found:
        return found
    first = re.search(r"<\d+>", line.text)
    claims: list[Claim] = []
    for clause in _clauses(line.text, first[0] if first else ""):
        claims += _of_clause(clause, line)
    if line.quantities and not any(c.predicate in NOT_BY_NUMBER for c in claims):
        claims = _measured(line) or claims
    if not claims:
        claims = _described(line, concepts)
    return claims


def _clauses(text: str, first: str) -> list[str]:
    """Clauses with a verb each; a verb phrase after "and" gets the subject of the first."""
    verbs = "|".join(sorted(VERB_STARTS, key=len, reverse=True))
    group = r"<\d+>(?:(?:,| and| or) <\d+>)*"
    text = re.sub(rf"(?<=[>\w]),? (?:and|but|or|yet) (?=(?:{verbs})\b)", f" ¶ {first} ", text)
    text = re.sub(rf"(?<=>),? (?:which|that|who) (?=(?:{verbs})\b)", " § ", text)
    parts = re.split(
        r"\s*(?:;|¶|, (?:whereas|while|although|though|but|because)|(?<!,) (?:whereas|while|although|though|but)\b)\s*",
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
            last = re.findall(r"<\d+>", head)
            out.append(f"{last[-1]} {rest}" if last else rest)
            head = rest
    return [c.strip() for c in out if "<" in c]


def _of_clause(clause: str, line: Line) -> list[Claim]:
    """The claims of one clause: the first wording that matches, then what hangs on it."""
    fronted = _FRONTED.match(clause)
    hung = ""
    if fronted and re.search(r"<\d+>.*<\d+>", fronted[2]):
        clause, hung = fronted[2], fronted[1]
    attached = _ATTACHED.match(clause)
    if attached:
        clause, hung = f"{attached[1]} {clause[attached.end() :]}", f"{hung} {attached[2]}"
    clause, beside = _bare(clause)
    hung += beside
    for cue in CUES:
        found = cue.pattern.search(clause)
        if found is None:
            continue
        negated = bool({"NOT", "SHOULDNOT"} & set(clause[found.start() : found.end()].split())) and not cue.prohibits
        left, right = _members(found["a"]), _members(found["b"])
        rest = f"{clause[: found.start()]} {clause[found.end() :]} {hung}"
        context, residue = _rest(rest, line)
        claims = []
        for a in left:
            for b in right:
                subject, obj = (a, b) if cue.forward else (b, a)
                claims += _claim(cue.predicate, subject, obj, negated, context, residue, line)
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
    for word in re.findall(r"#\d+|<\d+>|[A-Za-z][\w'-]*", text):
        if word.startswith("#"):
            words += line.quantity_words[int(word[1:])]
        elif not word.startswith("<") and word not in HARMLESS:
            words += phrase(word) or (word,)
    return _members(text), tuple(words)


def _said(mention: Mention) -> tuple[str, tuple[str, ...]]:
    """A concept of the context with the words it was said with."""
    return mention.concept, phrase(mention.text)


def _claim(
    predicate: str, s: int, o: int, negated: bool, context: Sequence[int], residue: tuple[str, ...], line: Line
) -> list[Claim]:
    subject, obj = line.mentions[s], line.mentions[o]
    if predicate.startswith("!"):
        predicate, negated = predicate[1:], not negated
    modified = tuple(_said(line.mentions[i]) for end in (s, o) for i in line.modified.get(end, ()))
    others = tuple(_said(line.mentions[i]) for i in context)
    name, swapped = meant(predicate, subject, obj)
    if name == "SUGGESTS" and line.extent in {"always", "not_always"}:
        name = "CONFIRMS"  # what always means a thing proves it
    if not name:
        return []
    if name.startswith("!"):
        name, negated = name[1:], not negated
    if swapped:
        subject, obj = obj, subject
    if name == "HAS_SIDE" and "NOT" in residue:
        residue = tuple(w for w in residue if w != "NOT")
    main = Claim(
        subject.concept, name, "airborne_transmission" if name == "TRANSMITTED_BY" and obj.concept == "air" else obj.concept, denied=negated, extent=line.extent,
        context=(*others, *modified), residue=residue,
    )  # fmt: skip
    if name == "CONSISTS_OF" and others and not negated:
        places = [i for i in context if line.mentions[i].category == "anatomy"]
        if len(places) == len(context) == 1:
            place = line.mentions[places[0]].concept
            main = replace(main, context=modified)
            return [main, Claim(subject.concept, "LOCATED_IN", place, context=modified, residue=residue)]
    return [main]


def _shift(line: Line) -> list[Claim]:
    """Mediastinal shift: one subject, something that is shifted, a direction."""
    text = line.text
    values = [m.concept for m in line.mentions if m.concept in SHIFTS]
    directions = (["towards_the_lesion"] if "TOSHIFT" in text else []) + (
        ["away_from_the_lesion"] if "AWAYSHIFT" in text else []
    )
    directions += [v for v in values if v not in directions]
    moved = [m for m in line.mentions if m.concept in SHIFTED]
    whose = [
        m for m in line.mentions
        if m.concept not in SHIFTED and m.category in ILLNESSES and m.category != "value"
    ]  # fmt: skip
    if len(directions) != 1 or not moved or not whose:
        return []
    _, residue = _rest(
        re.sub(
            r"\b(?:shift|shifted|push|pushed|pull|pulled|displace|displaced|deviate|deviated|move|moved|draw|drawn|cause|side|toward|towards|away|direction|structures|TOSHIFT|AWAYSHIFT)\b",
            " ",
            text,
        ),
        line,
    )
    subject = whose[0].concept
    negated = "NOT" in text.split()
    residue = tuple(w for w in residue if w not in {"NOT", "not"})
    context = tuple(_said(m) for m in whose[1:] if m.concept != subject)
    modified = tuple(
        _said(line.mentions[v])
        for i, m in enumerate(line.mentions)
        if m.concept == subject
        for v in line.modified.get(i, ())
    )
    return [
        Claim(
            subject,
            "SHIFTS_MEDIASTINUM",
            directions[0],
            denied=negated,
            extent=line.extent,
            context=(*context, *modified),
            residue=residue,
        )
    ]


def _measured(line: Line) -> list[Claim]:
    """A number and what it is a number of: one claim for the first quantity, open where the measure is not named."""
    measures = [m for m in line.mentions if m.category == "measurement"]
    others = [
        m for m in line.mentions if m.category not in {"measurement", "population", "technique"} and not is_plain(m)
    ]
    place = [m for m in others if m.category == "anatomy"]
    main = [m for m in others if m.category != "anatomy"] or place
    if not main and not measures:
        return []
    quantity = line.quantities[0]
    words = _rest(line.text, line)[1]
    if re.search(r"\babnormal\b", line.text):
        words = (*words, "abnormal")
    residue = tuple(w for w in words if w not in MEASURE_WORDS and w not in line.quantity_words[0])
    context = tuple(
        _said(m) for m in line.mentions
        if (m.category in {"population", "technique", "anatomy"} and m not in main[:1]) or (m in main[1:] and m.concept != main[0].concept)
    )  # fmt: skip
    subject = main[0].concept if main else ""
    measure = measures[0].concept if measures else ""
    if re.search(r"\babnormal\b", line.text):
        words = (*words, "abnormal")
    negated = bool(re.search(r"\bNOT (?:[a-z]+ ){0,3}#0", line.text))
    residue = tuple(w for w in residue if w not in {"NOT", "not"})
    if not subject:
        subject, measure = measure, ""
    return [
        Claim(subject, "HAS_THRESHOLD", measure, denied=negated, quantity=quantity, context=context, residue=residue)
    ]


def _described(line: Line, concepts: Mapping[str, Concept]) -> list[Claim]:
    """A sentence "X is ...": a description that only a definition can bear out."""
    found = re.match(r"^<(\d+)> (?P<neg>NOT )?(?P<v>is|refer|mean|describe|define|denote)\s+(?P<rest>.+)$", line.text)
    if not found:
        return []
    subject = line.mentions[int(found[1])]
    words: list[str] = []
    for piece in re.findall(r"<\d+>|[\w'-]+", found["rest"]):
        mark = re.fullmatch(r"<(\d+)>", piece)
        said = line.mentions[int(mark[1])].text if mark else piece
        words += [w for w in phrase(said) if w not in HARMLESS and w not in ARTICLES]
    return [
        Claim(subject.concept, "DEFINED_AS", "", denied=bool(found["neg"]), extent=line.extent, residue=tuple(words))
    ]

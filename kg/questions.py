"""What a question asks, by its words: its types with the facts that answer them, and its parts. Knows nothing of facts."""

# ruff: noqa: E501 - an alternation is easier to read, and to extend, on one line

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from kg import wording
from kg.asking import Relation
from kg.predicates import PREDICATES
from kg.types import Mention

LONGEST = 2_000  # characters of a question that are read word by word
_VAGUE = 0.75
_BARE = 2.0  # a question that asks nothing in particular ("ARDS?") asks what the thing is
End = Literal["s", "o", "e"]
"""Where the concept that is asked about stands in a wanted fact: subject, object or either."""


@dataclass(frozen=True, slots=True)
class QuestionType:
    """A type of question: the words that give it away, and the facts that answer it with their weights, 1 to 4."""

    name: str
    cue: re.Pattern[str]
    wants: tuple[tuple[str, End, float], ...]
    denials: float = 0.0
    vague: bool = False


def _type(name: str, cue: str, wants: str, denials: float = 0.0, *, vague: bool = False) -> QuestionType:
    """`vague`: its words also stand in questions of other types, and then say little. `wants` is a list such as "SUGGESTS.s 3, CAUSES.o 2.2"."""
    parsed: list[tuple[str, End, float]] = []
    for item in wants.split(","):
        relation, weight = item.split()
        predicate, _, end = relation.partition(".")
        assert predicate in PREDICATES  # noqa: S101 - a slip in the table below, found at import
        parsed.append((predicate, "s" if end == "s" else "o" if end == "o" else "e", float(weight)))
    return QuestionType(name, re.compile(rf"\b(?:{cue})", re.IGNORECASE), tuple(parsed), denials, vague)


QUESTION_TYPES = (
    _type(
        "meaning",
        r"means?\b|suggest|indicat|point(?:s|ing)? to|consistent with|concerning for|interpret|"
        r"significance|"
        r"represent|raise[sd]? suspicion|associated with|could .{0,30}\bbe\b|think (?:of|about)|diagnos[ei]s\b|go(?:es)? with|"
        r"lies? behind|signs? of\W*$|which (?:diseases?|conditions?|disorders?)|what (?:diseases?|conditions?|disorders?)|clue to|hint",
        "SUGGESTS.s 3, COMMONEST_CAUSE_OF.o 2.6, HAS_FINDING.o 2.3, CAUSES.o 2.2, HAS_SIGN.o 2.2, "
        "HAS_SYMPTOM.o 2.0, "
        "CONFIRMS.e 1.8, MIMICS.e 1.4",
    ),
    _type(
        "cause",
        r"why\b|caus|due to|because|reasons?\b|a?etiolog|origin|come from|comes from|behind\b|"
        r"explanations?\b|produced by|"
        r"secondary to|bring[s]? (?:about|on)|how (?:does|do|did|can) .{1,60}\b(?:arise|develop|happen|occur|form|start|get)|"
        r"(?:leads?|leading|led) to|produces?\b|responsible for|culprit|trigger|provok|give rise|(?:would|could|can|does|might|what) (?:makes?|gives?)\b|damag|usual(?:ly)? from|bug\b|germ",
        "COMMONEST_CAUSE_OF.o 3.4, CAUSES.o 3.1, SUGGESTS.s 1.7, RISK_FACTOR_FOR.o 1.4, "
        "HAS_FINDING.o 1.4, COMPLICATES.s 1.4",
    ),
    _type(
        "effect",
        r"(?:does|can|do|could|will|may|might|would)\b.{0,80}?\b(?:cause|lead to|result in|produce|bring)\b|"
        r"lead(?:s|ing)? to|"
        r"result(?:s|ing)? in|consequence|effects? of",
        "CAUSES.s 3, COMPLICATES.o 2.4, HAS_FINDING.s 2, MAGNIFIES.s 2, OBSCURES.s 2, HAS_SYMPTOM.s 1.4",
    ),
    _type(
        "differential",
        r"what else|else could|mimic|differential|mistak|confus|looks? similar|alternativ|"
        r"(?<!what )(?:else|things?|conditions?|diseases?|that|which|could|can|may|might|also|often) .{0,40}\blooks? like|"
        r"other (?:possib|cause|diagnos)|"
        r"resembl|imitat|cop(?:y|ies)\b|pitfall|trap\b|taken for|(?:pass|mistake|misread|misinterpret|misdiagnos)\w*|similar|simulat|ddx|"
        r"differentials",
        "MIMICS.e 3.4, SUGGESTS.s 2.6, CAUSES.o 1.8, HAS_FINDING.o 1.8",
    ),
    _type(
        "apart",
        r"(?:tell|set) .{0,80}\b(?:apart|from)\b|distinguish|differ\b|differs\b|differentiat|differen(?:ce|t)|decid|how (?:do|can|to|would|should) (?:i |you |we |one )?(?:tell|know (?:which|whether|if) it)|told from|versus|vs\b|"
        r"compared? (?:to|with)|"
        r"rather than|which of|separat|telling\b|versus",
        "SHIFTS_MEDIASTINUM.s 2.8, HAS_FINDING.s 2.6, SUGGESTS.o 2.6, CONSISTS_OF.s 2.4, APPEARS_AS.s 2.4, "
        "HAS_DISTRIBUTION.s 2.4, HAS_THRESHOLD.e 2.4, MIMICS.e 2.4, HAS_SIGN.s 2, LOCATED_IN.s 2, "
        "OBSCURES.s 1.8, "
        "HAS_COURSE.s 1.6, HAS_SYMPTOM.s 1.4",
    ),
    _type(
        "next",
        r"next\b|tests?\b|investigat|work(?:ed|ing)?(?: it| this| them)?[- ]?up|confirm|diagnose[ds]?\b|order\b|follow[- ]?up|should (?:i|"
        r"we|be done|one)|to do\b|"
        r"scan\b|imaging (?:is|should|to|next|first)|send\b|suspect|CT\b|ultrasound|refer|how do (?:you|we|i) (?:know|find|check)|"
        r"need(?:s|ed)?\b|must .{0,40}have\b|have (?:a |an )?(?:film|x-?ray|scan|test)|requir|examination|look for|looking for|assess|evaluat|establish|prove\b|gold standard|verif|"
        r"recommend|step\b|first\b|initial|(?:be|make|am) (?:sure|certain)|comes? after|follows?\b|picture|know (?:if|whether|that)",
        "FIRST_TEST.s 3.4, CONFIRMED_BY.s 3.1, INVESTIGATED_BY.s 3, DETECTS.o 2.3, HAS_URGENCY.s 1.8, "
        "HAS_VALUE.s 1.8, "
        "REQUIRES.s 2.6, CONFIRMS.o 1.6, TREATED_BY.s 1.2",
    ),
    _type(
        "treatment",
        r"(?<!not )(?<!un)(?<!without )treat|therap|manag|drugs?\b|antibiotic|medic(?:ine|ation)|cure|give[ns]?\b|drain|helps?\b|surg|operat|(?:be|is|are) done\b|"
        r"(?:should|must|can|do) .{0,30}\bdo\b|used for|first[- ]line|remed|antidote|dealt with|reliev|options\b|stops?\b|slows?\b|halts?\b|do (?:about|for|against)|prescri|what works|fix\b",
        "TREATED_BY.s 3.4, TREATED_BY.o 2.6, CONTRAINDICATED_IN.e 2, REQUIRES.s 1.8, HAS_URGENCY.s 1.4, "
        "PREVENTED_BY.s 1.2",
    ),
    _type(
        "prevention",
        r"prevent|vaccin|jab\b|immuni[sz]|(?:stop|keep) (?:\w+ ){0,2}(?:from )?getting|keep from|not (?:to )?get\b|so that .{0,30}not get|avoid|prophyla|protect|lower the (?:risk|chance)|reduce the (?:risk|chance)",
        "PREVENTED_BY.e 3.4, RISK_FACTOR_FOR.o 2",
    ),
    _type(
        "urgency",
        r"urgen|emergenc|dangerous|serious|wait\b|immediate|how (?:soon|quickly|fast)|life[- ]threat|"
        r"worr(?:y|ied|ying)|fatal|"
        r"deadly|critical|at once|right away|safe\b|severe is|harmful|die\b|hurry|priority|prompt|without delay|straight away|"
        r"drop everything|(?:have|in|enough) time|time[- ]critical|act (?:now|today|fast|quickly)|action|quick|delay|\bnow\b|tomorrow|tonight|soon\b",
        "HAS_URGENCY.s 3.5, COMPLICATES.o 1.8, TREATED_BY.s 1.4, FIRST_TEST.s 1.2, SHIFTS_MEDIASTINUM.s 1.2",
    ),
    _type(
        "rule_out",
        r"rul(?:e[sd]?|ing) (?:it |this |that |them )?out|exclud|normal\b|miss(?:ed|es)?\b|still have|"
        r"negative|despite|reassur|"
        r"sensitiv|reliab|accura|(?:show|see|find|detect|catch|pick up)s? (?:all|every|each)\b|miss(?:ing)?\b|trust|rely|prove[sn]?\b|enough|always|never\b|necessarily|certain(?:ly)?\b|definite|only\b|"
        r"for sure|guarantee|(?<!to )clear\b|unremarkable|specific (?:for|to)|pathognomonic|the same (?:as|thing)|same\b|without\b|every\b|"
        r"imply|implies|means? (?:that )?there|means?\b.{0,25}\b(?:not|no|free of|(?:do|have|has|is|are)n'?t)\b",
        "RULES_OUT.e 3.5, CONFIRMS.e 2.9, DETECTS.e 2.5, REQUIRES.e 2, IS_A.e 1.6, CONFIRMED_BY.s 1.6, HAS_FINDING.s 1.2",
        denials=1.2,
    ),
    _type(
        "where",
        r"where\b|which (?:lobe|zone|side|part|lung|compartment|border|vessel|structure)|locat|what side|"
        r"distribut|border|"
        r"adjacent|next to|beside|touch|tips?\b|position|belongs?\b|lies?\b|situated|predilection|part of|"
        r"compartment|on the (?:left|right)\b|holds?\b|houses?\b|contains?\b|in what\b|in which\b|on (?:what|which) side|upper or|lower or|zones?\b|favou?r|prefer|predominat|found\b|"
        r"(?:right|correct|ideal|proper) place|ends?\b|sits?\b|separat|divid|forms?\b|makes? (?:up )?the|runs?\b|neighbou?r|surround|near",
        "TIP_BELONGS_IN.s 3.4, LOCATED_IN.s 3.2, HAS_SIDE.s 3.1, HAS_DISTRIBUTION.s 3, BORDERS.e 2.8, "
        "PART_OF.e 2.6, "
        "OBSCURES.e 2.2, LOCATED_IN.o 2",
    ),
    _type(
        "who",
        r"who\b|risk|which (?:people|patients|age)|what (?:age|kind of (?:people|patient))|population|"
        r"predispos|prone|"
        r"susceptib|typical (?:patient|age|in)|common (?:in|among)|(?:more|most) likely|gets?\b|whom\b|age\b|people|occupation|jobs?\b|"
        r"workers?\b|strik|affect|vulnerab|exposed",
        "AFFECTS.s 3.2, RISK_FACTOR_FOR.o 3.2, COMMONEST_CAUSE_OF.s 1.4, RISK_FACTOR_FOR.s 1.8, AFFECTS.o 1.6",
    ),
    _type(
        "size",
        r"how (?:big|large|small|much|many|far|long|wide|thick|high|low|often|deep)|normal (?:value|range|"
        r"size|width|limit)|"
        r"threshold|cut-?off|measur|sizes?\b|upper limit|lower limit|what (?:ratio|distance|diameter|"
        r"pressure|dose|width|volume|value)|"
        r"smallest|largest|minimum|maximum|least\b|how little|considered|counts? as|(?:which|what) .{1,40}\b(?:is|are|means?|makes?)\b.{0,12}\b(?:positive|abnormal|normal|raised|high|low|severe|significant)\b|call(?:ed)?\b|mm\b|cm\b|ml\b|per ?cent|%|defined as|criteri|ratio\b|dose\b|"
        r"value\b|interval|number of|(?:which|what) (?:\w+ ){0,3}(?:rate|count|level|size|score|number|duration|temperature|pressure|age)|"
        r"how (?:wide|big|large) must|too (?:wide|large|big|high|low)|below which|above which|more than|less than|at least|"
        r"how much|how many|days|weeks|months|years|hours|when to repeat|(?:lie|sit|end|stop|be)s?\b.{0,12}\b(?:relative to|in relation to|above|below|from)|"
        r"for how long|limit\b|defines?\b|how far|diagnostic of|means? .{0,20}failure",
        "HAS_THRESHOLD.e 3.4, HAS_VALUE.e 3.3, TIP_BELONGS_IN.s 1.4",
    ),
    _type(
        "symptoms",
        r"symptom|feels?\b|present(?:s|ing|ation)?\b|complain|clinical|examin|signs?\b(?! of)|percuss|"
        r"auscult|breath sounds|hear\b|"
        r"pain\b|notice",
        "HAS_SYMPTOM.s 3.2, HAS_SIGN.s 3, HAS_SIGN.o 1.6, HAS_SYMPTOM.o 1.6, SUGGESTS.o 1.4",
    ),
    _type(
        "appearance",
        r"looks?\b|appear|see(?:n|ing)?\b|show|visible|signs?\b|spot\b|features?\b|findings?\b|radiograph|x-?ray|film\b|"
        r"opaque|lucent|white\b|"
        r"black\b|dark\b|bright\b|recogni[sz]e|spot\b|detect|pattern|clues?\b",
        "HAS_FINDING.s 3, SUGGESTS.o 2.8, APPEARS_AS.s 2.7, HAS_DISTRIBUTION.s 2.3, OBSCURES.e 2.1, "
        "DETECTS.o 2.1, "
        "SHIFTS_MEDIASTINUM.s 2, LOCATED_IN.s 1.5",
        vague=True,
    ),
    _type(
        "complications",
        r"complic|go(?:es)? wrong|prognos|outcome|happens? (?:if|when|next)|untreated|(?:not|without) treat|risks? of\b|harm|damage|injur|may produce|danger",
        "COMPLICATES.o 3.3, CAUSES.s 2.2, HAS_COURSE.s 1.8, HAS_URGENCY.s 1.6",
    ),
    _type(
        "course",
        r"how long|cur(?:e|es|ed|able|ing)\b|gets? better|forever|life-?long|survi|chronic|acute\b|course\b|resolv|progress|recur|come back|last\b|heal|go away|clears? up|to clear|"
        r"permanent|reversible",
        "HAS_COURSE.s 3.2, HAS_VALUE.s 2.4",
    ),
    _type(
        "spread",
        r"contagi|(?:keep|stay) (?:away|apart)|distance from|quarantin|wear a mask|visit|spread|catch\b|transmi|infectious|pass(?:ed)? (?:it |this )?on|infects?\b|infect(?:ed|ing)? (?:me|my|him|her|other|some|any|the)|catching|"
        r"giv(?:e|en|ing) (?:it|this|that|(?:to )?(?:my|his|her|your|other|some|any|the) (?:\w+ )?(?:people|family|wife|husband|partner|child\w*|kids|mother|father|friends?|staff|one))\b|airborne|isolat",
        "TRANSMITTED_BY.s 3.4, PREVENTED_BY.s 1.6, REQUIRES.s 1.6",
    ),
    _type(
        "compared",
        r"(?:which|what|why)\b.{1,40}\b(?:higher|larger|longer|wider|bigger|smaller|shorter|steeper)\b",
        "IS_A.s 2.6, HAS_THRESHOLD.s 2.4, HAS_VALUE.s 2.4",
        vague=True,
    ),
    _type("kind", r"types?\b|kinds?\b|sort\b|forms? of|classif|categor|subtypes?|example", "IS_A.e 3.2"),
    _type(
        "substance",
        r"made of|consists?\b|compos|contain|filled? with|fluid or|air or|density",
        "CONSISTS_OF.s 3.3, APPEARS_AS.s 2.4",
    ),
    _type(
        "shift",
        r"shift|push|pull|deviat|displac|mediastin",
        "SHIFTS_MEDIASTINUM.s 3.3, SHIFTS_MEDIASTINUM.o 2.4, CAUSES.o 1.6, HAS_VALUE.s 2.2",
    ),
    _type(
        "technique",
        r"views?\b|projection|portable|supine|erect\b|upright|lateral\b|decubitus|AP\b|PA\b|magnif|expos|"
        r"rotat|inspir|expir|"
        r"quality|technique|radiation|hid(?:e|den|es)|obscur|silhouette|behind",
        "DETECTS.e 3, MAGNIFIES.e 3, OBSCURES.e 2.8, HAS_VALUE.s 2, CAUSES.s 1.8, MIMICS.e 1.6, REQUIRES.s 1.6",
        vague=True,
    ),
    _type(
        "contraindication",
        r"contra-?indicat|should not|shouldn't|unsafe|safe\b|allowed|pregnan|avoid|don't give|must not|may (?:a|an|the|i|we|someone)\b|"
        r"forbidden|permitted|permissible|dangerous|harmful|not be (?:given|used)|withh[eo]ld|breast-?feed|expectant|can (?:a|an|i|we)\b",
        "CONTRAINDICATED_IN.e 3.5, REQUIRES.s 1.6",
    ),
)
# What a concept of the question is, is a cue too: its name was taken out before the words were looked at.
ASKED_OF: Mapping[str, tuple[tuple[str, End, float], ...]] = {
    "treatment": (("TREATED_BY", "e", 2.6), ("CONTRAINDICATED_IN", "e", 2.4)),
    "test": (("INVESTIGATED_BY", "e", 2.0), ("CONFIRMED_BY", "e", 2.0), ("DETECTS", "e", 2.0), ("RULES_OUT", "e", 2.0)),
    "measurement": (("HAS_THRESHOLD", "e", 3.2), ("HAS_VALUE", "e", 3.2)),
    "population": (("AFFECTS", "e", 2.2), ("RISK_FACTOR_FOR", "e", 2.2), ("CONTRAINDICATED_IN", "e", 2.2)),
    "technique": (("DETECTS", "e", 2.0), ("MAGNIFIES", "e", 2.2), ("RULES_OUT", "e", 2.0), ("OBSCURES", "e", 1.8)),
    "device": (("TIP_BELONGS_IN", "s", 2.4), ("HAS_VALUE", "s", 2.2)),
}
SIZE = next(kind.cue for kind in QUESTION_TYPES if kind.name == "size")
RULED_OUT = next(kind.cue for kind in QUESTION_TYPES if kind.name == "rule_out")
DEFINITION_CUE = re.compile(
    r"\b(?:what(?:'s| is| are| was| were)|what\b.{0,40}\b(?:is|are|means?|refers? to)\s*[?.]?$|defin(?:e|ition|ing)|meaning\b|mean(?:s|t)?\b|"
    r"explain|describe|tell me (?:about|what)|stands? for|the term|in (?:one|a) sentence|in (?:plain|simple) (?:words|terms))",
    re.IGNORECASE,
)

_ASKING = r"(?:how|what|whats|what's|which|why|when|where|who|can|could|is|are|do|does|should|would|will)\b"
_NEXT_PART = re.compile(
    rf"(?<=[?!.;:])\s+(?=\w)|,?\s+(?:(?:and|but|or|so)\s+|[-\u2013\u2014]\s+)(?={_ASKING})|,\s+(?={_ASKING})",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?;]\s+(?=\S)")
_ASKS = re.compile(rf"[\s,-]*(?:(?:and|but|or|so|also)\s+)?(?:{_ASKING}|[^?]*\?)", re.IGNORECASE)
_DASH = re.compile(r"\s[-\u2013\u2014]\s")  # "Fetal dose of a film - is it safe?"
_POINTS_BACK = re.compile(r"\b(?:it|its|this|that|these|those|they|them|he|she|him|her|one)\b", re.IGNORECASE)


def question_types(question: str) -> tuple[QuestionType, ...]:
    """The types whose cue words the question has, in the order of the table. A question may be of several
    types.
    """
    return tuple(kind for kind in QUESTION_TYPES if kind.cue.search(question))


def cued(question: str) -> Mapping[Relation, float]:
    """The relations that the cues of a question want, with their weights; what the reader of questions is compared with."""
    types = question_types(question)
    wants: dict[Relation, float] = {(p, side): w for (p, end), w in wanted_by(types).items() for side in _sides(end)}
    return {**wants, (wording.DEFINED_AS, "s"): definition_weight(question, types)}


def _sides(end: End) -> Sequence[Literal["s", "o"]]:
    return ("s", "o") if end == "e" else (end,)


def wanted_by(types: Sequence[QuestionType]) -> dict[tuple[str, End], float]:
    """The facts that these types want, by relation and end, each with its greatest weight."""
    wants: dict[tuple[str, End], float] = {}
    telling = any(not kind.vague for kind in types)
    for kind in types:
        share = _VAGUE if kind.vague and telling else 1.0
        for predicate, end, weight in kind.wants:
            wants[predicate, end] = max(weight * share, wants.get((predicate, end), 0.0))
    return wants


def definition_weight(question: str, types: Sequence[QuestionType]) -> float:
    """How much the question asks what the thing is, 0.7 to 4.5."""
    if any(kind.name == "apart" for kind in types) and "differ" in question:
        return 3.2
    if not DEFINITION_CUE.search(question):
        return 0.7 if any(not kind.vague for kind in types) else _BARE
    return 4.5 if all(kind.name in {"meaning", "appearance"} for kind in types) else 1.6


def asks_from(question: str) -> int:
    """Where the last sentence of a text begins that ends in a question mark, or its last sentence."""
    starts = [0, *(m.end() for m in _SENTENCE_END.finditer(question))]
    asking = [start for start, end in pairwise([*starts, len(question)]) if question[start:end].rstrip().endswith("?")]
    return (asking or starts)[-1]


def parts(question: str, mentions: Sequence[Mention]) -> list[tuple[str, Sequence[Mention]]]:
    """The parts of a question that asks twice or more, each with what it names, or what was named before it."""
    ends = [m.start() for m in _NEXT_PART.finditer(question[:LONGEST])]
    spans = list(pairwise([0, *ends, len(question)]))
    asking = [_ASKS.match(question, start, end) or _DASH.match(question, end) for start, end in spans]
    if sum(map(bool, asking)) < 2:
        return []
    found: list[tuple[str, Sequence[Mention]]] = []
    before = [m for m in mentions if question[m.start : m.end] != m.text]  # of the question before this one
    for (start, end), asks in zip(spans, asking, strict=True):
        own = [m for m in mentions if start <= m.start and m.end <= end and m.text == question[m.start : m.end]]
        moved = [replace(m, start=m.start - start, end=m.end - start) for m in own]
        pointing = not own or _POINTS_BACK.search(question, start, end)
        if asks:
            found.append((question[start:end], [*moved, *(before if pointing else ())]))
        # What stands in none of the part's text is told apart by its place: there is no such place in it.
        named = [replace(m, start=len(question), end=len(question) + len(m.text)) for m in own]
        before = [*before, *named] if pointing else named
    return found

"""From a question, its mentions and what the film shows to a ranked list of facts. Deterministic for the same
graph.

Facts are scored by the type of the question, by how they join what was asked about and what is on the film,
and by their tier. Knows nothing of language models, prompts or verdicts.
"""

# ruff: noqa: E501 - an alternation is easier to read, and to extend, on one line

import math
import re
from collections import Counter, defaultdict, deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from importlib import resources
from itertools import pairwise
from typing import Literal

from kg import relevance, wording
from kg.asking import QuestionReader, Relation, turned, with_slots
from kg.graph import Graph
from kg.linking.lexicon import english_words, ranked_english_words
from kg.linking.normal import phrase, tokens
from kg.loading.pack import fact_id
from kg.memory import FactStore, FactStores
from kg.predicates import PREDICATES
from kg.relevance import Evidence
from kg.types import Concept, Fact, Mention, RankedFact, Tier

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
        r"how much|how many|days|weeks|months|years|hours|when to repeat|for how long|limit\b|defines?\b|how far|diagnostic of|means? .{0,20}failure",
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
_ASKED_OF: dict[str, tuple[tuple[str, End, float], ...]] = {
    "treatment": (("TREATED_BY", "e", 2.6), ("CONTRAINDICATED_IN", "e", 2.4)),
    "test": (("INVESTIGATED_BY", "e", 2.0), ("CONFIRMED_BY", "e", 2.0), ("DETECTS", "e", 2.0), ("RULES_OUT", "e", 2.0)),
    "measurement": (("HAS_THRESHOLD", "e", 3.2), ("HAS_VALUE", "e", 3.2)),
    "population": (("AFFECTS", "e", 2.2), ("RISK_FACTOR_FOR", "e", 2.2), ("CONTRAINDICATED_IN", "e", 2.2)),
    "technique": (("DETECTS", "e", 2.0), ("MAGNIFIES", "e", 2.2), ("RULES_OUT", "e", 2.0), ("OBSCURES", "e", 1.8)),
    "device": (("TIP_BELONGS_IN", "s", 2.4), ("HAS_VALUE", "s", 2.2)),
}
_SIZE = next(kind.cue for kind in QUESTION_TYPES if kind.name == "size")
DEFINITION_CUE = re.compile(
    r"\b(?:what(?:'s| is| are| was| were)|what\b.{0,40}\b(?:is|are|means?|refers? to)\s*[?.]?$|defin(?:e|ition|ing)|meaning\b|mean(?:s|t)?\b|"
    r"explain|describe|tell me (?:about|what)|stands? for|the term|in (?:one|a) sentence|in (?:plain|simple) (?:words|terms))",
    re.IGNORECASE,
)

JOINS = "joins two things of the question or the film"
_ANY = {
    "SUGGESTS": 1.2,
    "COMMONEST_CAUSE_OF": 1.1,
    "CAUSES": 1.0,
    "HAS_FINDING": 1.0,
    "FIRST_TEST": 0.8,
    "HAS_URGENCY": 0.8,
    "RULES_OUT": 0.8,
    "HAS_THRESHOLD": 0.8,
    "CONFIRMED_BY": 0.7,
    "MIMICS": 0.7,
    "TREATED_BY": 0.6,
    "IS_A": 0.6,
}
_ANY_OTHER = 0.5
_TIER = {Tier.REVIEWED: 0.2, Tier.CURATED: 0.1, Tier.IMPORTED: -0.4, Tier.MINED: -0.8}
_MINOR = {
    "value": 0.4,
    "population": 0.5,
    "anatomy": 0.75,
    "technique": 0.85,
    "test": 0.85,
    "factor": 0.85,
    "measurement": 0.7,
}
_SETTING = 0.45
_TELLING = 18  # facts: a circumstance that has more says less of what is asked ("on a chest film")
_INHERITED = 0.55
_VAGUE = 0.75
_CUED, _LEARNED = 0.7, 3.0  # of the cues' weight, 0 to 4, and of the root of the reader's share, 0 to 1
_BARE = 2.0  # a question that asks nothing in particular ("ARDS?") asks what the thing is
_LOOSE = 0.9
_BETWEEN = 8  # words that may stand between those of a name said in pieces
_SHARED_BY = 3  # concepts that may have a word in common for it still to name one
_WEIGHED = 28  # facts ranked best by rules, among which relevance chooses
_LONGEST = 2_000  # characters of a question that are read word by word
_NEVER_LOOSE = frozenset({"value", "anatomy", "code"})
_PLACES = frozenset({"left", "right", "upper", "lower", "middle", "anterior", "posterior", "superior", "inferior"})
_COMPARED = frozenset({"higher", "larger", "longer", "wider", "bigger"})
_EMPTY = frozenset("of the a an in on to and or with for by ' - , . ( ) /".split())
_RARE = 2_000  # words of English that are commoner name nothing: "come back", "difference between"
_FUNCTION = 100  # and those at the top name nothing at the end of a name either: "tube it"
_FILM = {"present": 0.5, "uncertain": 0.3}
_BRIDGE = 3.0
_FILM_BRIDGE = 1.2
_KINDS_HAVE = frozenset({"IS_A", "HAS_FINDING", "SUGGESTS"})  # of a kind and what it is a kind of, these say nothing
_OF_THE_KIND = 1.5  # the question names a kind ("which lobe") and the fact has one of that kind
_SHARED = 0.5
_CONTRAST = 0.8
_MISTAKEN = 1.2
_TELLS_APART = 2.0  # one of two things that are to be told apart has it, and the other has not
_TOLD_BY = frozenset({"HAS_FINDING", "HAS_SIGN", "HAS_SYMPTOM", "SUGGESTS", "APPEARS_AS", "CONSISTS_OF"})
_JOINS_BOTH = 1.2
_WORD = 0.5
_COMMON = 0.2  # of two facts alike, the one about what has more names: common things are written in many ways
_MANY_NAMES = 16
_WHICH = re.compile(r"\b(?:higher|lower|larger|longer|shorter|bigger|wider|steeper|more vertical)\b", re.IGNORECASE)
# "How do I prove it?" asks for something; that this or that does not prove it is no answer.
_ASKS_FOR = re.compile(
    r"(?!.*(?:\b(?:not|never|exclu\w*|rul(?:e[sd]?|ing)|normal|negative|clear|miss\w*|despite|without|always|enough|only)\b|n't\b))"
    r"\s*(?:so |and |but )?(?:how (?:do|does|can|could|would|should|is|are)|wh(?:ich|at|o|ere|en|y))\b",
    re.IGNORECASE,
)
_YES_OR_NO = re.compile(
    r"\s*(?:(?:so|and|but|then|please|hi|hello|doctor),? )*"
    r"(?:is|are|was|were|can|could|do|does|did|will|would|should|may|must|has|have)\b",
    re.IGNORECASE,
)
_IN_COMMON = re.compile(r"\b(?:separat|divid|between|both|in common|shared?)", re.IGNORECASE)
# A film rules out what a normal film rules out.
_SHOWN = frozenset({"finding", "sign", "exam_sign"})
# What is behind a finding is told by any of these: a cause, what it points to, what shows it.
_BEHIND: dict[Relation, float] = {
    ("COMMONEST_CAUSE_OF", "o"): 1.1,
    ("CAUSES", "o"): 0.95,
    ("SUGGESTS", "s"): 0.95,
    ("HAS_FINDING", "o"): 0.9,
    ("HAS_SIGN", "o"): 0.9,
}
_FILMS = (("chest_radiograph", "normal_chest_radiograph"), ("normal_chest_radiograph", "chest_radiograph"))
_RULED_OUT = next(kind.cue for kind in QUESTION_TYPES if kind.name == "rule_out")
_COMPARED_BY = tuple(
    (predicate, re.compile(rf"\b(?:{cue})\b", re.IGNORECASE))
    for predicate, cue in (
        ("HIGHER_THAN", r"higher|highest|lower|lowest"),
        ("WIDER_THAN", r"wider|widest|narrower|broader|calib(?:re|er)"),
        ("LONGER_THAN", r"longer|longest|shorter"),
        ("STEEPER_THAN", r"steeper|straighter|(?:more|less) (?:vertical|horizontal|oblique|upright)(?:ly)?"),
        ("LARGER_THAN", r"larger|largest|bigger|biggest|smaller"),
        ("DENSER_THAN", r"denser|densest|whiter|whitest|brighter|darker|blacker|(?:more|less) (?:dense|opaque|lucent)"),
        ("COMMONER_THAN", r"commoner|commonest|rarer|(?:more|less|most) (?:common|frequent|often)(?:ly)?"),
        (
            "MORE_SENSITIVE_THAN",
            r"(?:more|less|most) (?:sensitive|accurate|reliable)|sensitivity|better|best|superior|inferior|worse|"
            r"(?:see|show|detect|find|pick up|miss)s? (?:more|less)",
        ),
        ("HIGHER_DOSE_THAN", r"(?:more|less|higher|lower|larger|greater|smaller) (?:radiation|dose)|compar\w+"),
    )
)
_COMPARES = 12.0
_ASKING = r"(?:how|what|whats|what's|which|why|when|where|who|can|could|is|are|do|does|should|would|will)\b"
_NEXT_PART = re.compile(
    rf"(?<=[?!.;:])\s+(?=\w)|,?\s+(?:(?:and|but|or|so)\s+|[-\u2013\u2014]\s+)(?={_ASKING})|,\s+(?={_ASKING})",
    re.IGNORECASE,
)
_ASKS = re.compile(rf"[\s,-]*(?:(?:and|but|or|so|also)\s+)?(?:{_ASKING}|[^?]*\?)", re.IGNORECASE)
_DASH = re.compile(r"\s[-\u2013\u2014]\s")  # "Fetal dose of a film - is it safe?"
_POINTS_BACK = re.compile(r"\b(?:it|its|this|that|these|those|they|them|he|she|him|her|one)\b", re.IGNORECASE)
_WHICH_OF_THEM = re.compile(r"\b(?:which|what)\s+$", re.IGNORECASE)  # right before the place: "which lobe"
_JUST_BEFORE = 12  # characters: "which" and blanks
_LEAST = 0.1  # no best rank is taken for less
_KINDS_ASKED = 8
_KIND = 0.7  # of the weight of what was asked about
_UNASKED_DENIAL = -0.8
_NO_ANSWER = -1.0
_REPEATED = 0.35
_STOP = frozenset(
    {"the", "and", "for", "with", "that", "this", "what", "which", "does", "can", "could", "from", "are",
    "has", "have",
     "how", "not", "you", "when", "where"}
)  # fmt: skip


class Retriever:
    """Ranks facts for questions. Safe to use from several threads; make a new one after a pack has been
    loaded.
    """

    def __init__(self, graph: Graph, facts: FactStores, questions: QuestionReader | None = None) -> None:
        """`graph` names concepts and sources, `facts` is asked for what is known of them, a memory of that graph or itself.

        `questions` reads what is asked beside the cues of `QUESTION_TYPES`; without one, the cues decide alone.
        """
        self._facts = facts
        self._questions = questions
        self._pool = ThreadPoolExecutor(thread_name_prefix="questions")
        self._concepts = {concept.id: concept for concept in graph.lexicon()}
        self._citations = {source.id: source.citation for source in graph.sources()}
        self._names = _Names(self._concepts.values())
        self._rarity = relevance.Rarity(self._concepts.values())
        self._measured = _measured(self._concepts.values())
        self._known = {c.id: min(len(c.synonyms), _MANY_NAMES) / _MANY_NAMES for c in self._concepts.values()}

    def retrieve(
        self, question: str, mentions: Sequence[Mention], findings: Mapping[str, str], limit: int = 12
    ) -> tuple[RankedFact, ...]:
        """At most `limit` facts, the most useful first, scored by `kg.relevance`.

        `findings` maps concept ids to "present", "uncertain" or "absent", as the encoder sees the film.
        Without any mention, the question is taken to be about the findings that are present.
        """
        best: dict[str, RankedFact] = {}
        for part, named in ((question, mentions), *_parts(question, mentions)):
            for ranked, evidence in self.weighed(part, named, findings, max(limit, _WEIGHED)):
                score = round(relevance.relevance(evidence, ranked.fact.predicate), 4)
                if ranked.fact.id not in best or best[ranked.fact.id].score < score:
                    best[ranked.fact.id] = replace(ranked, score=score)
        return tuple(sorted(best.values(), key=lambda ranked: -ranked.score)[:limit])

    def weighed(
        self, question: str, mentions: Sequence[Mention], findings: Mapping[str, str], limit: int
    ) -> list[tuple[RankedFact, Evidence]]:
        """The facts that come into question, ranked by rules alone, each with what its relevance is told by."""
        said = _without(question, mentions)
        left_out = frozenset(m.concept for m in mentions if m.excluded)
        mentions = [m for m in mentions if not m.excluded]
        asked = self._topic(question, said, mentions, findings, left_out)
        film = {c: _FILM[state] for c, state in findings.items() if state in _FILM and c not in asked}
        if not asked and not film:
            return []
        read = self._pool.submit(self._read, question, mentions)  # while the graph is waited for
        known = self._facts.now()
        asked |= {c: _LOOSE for c in self._caused_by_organisms(asked, known) if c not in asked}
        alone = len(asked) == 1 and any(
            _WHICH_OF_THEM.search(question, max(0, m.start - _JUST_BEFORE), m.start) for m in mentions if m.text
        )
        places = alone or _WHICH.search(said) is not None
        kinds = self._kinds(asked, known, places=places)
        facts = known.facts_about({*asked, *self._above(asked, known), *kinds, *film})
        compared = _compared_by(said)
        comparable = frozenset(asked).union(*known.descendants(asked).values()) if compared else frozenset()
        facts = [*facts, *(known.facts_about(comparable, compared) if compared else ())]
        if left_out:  # "causes other than heart failure": neither that nor its kinds
            left_out = left_out.union(*known.descendants(left_out).values()) - asked.keys()
            facts = [f for f in facts if left_out.isdisjoint({f.subject, f.object})]
        whole = asked
        if len({m.concept for m in mentions}) > 1:
            asked = self._circumstances(asked, facts)
            kinds = self._kinds(asked, known, places=places)
        scorer = _Scorer(
            _Question(
                text=question,
                said=said,
                categories={c: self._concepts[c].category for c in whole if c in self._concepts},
                asked=asked,
                whole=whole,
                inherited=self._above(asked, known) | kinds,
                kinds=kinds,
                film=film,
                compared=compared,
                comparable=comparable,
            ),
            self._known,
            read.result(),
        )
        picked = _pick(scorer.ranked([*self._definitions(asked), *facts]), limit)
        return list(zip(picked, scorer.evidence(picked, self._rarity.of(question[:_LONGEST])), strict=True))

    def _topic(
        self,
        question: str,
        said: str,
        mentions: Sequence[Mention],
        findings: Mapping[str, str],
        left_out: Collection[str],
    ) -> dict[str, float]:
        """What the question is about, named or loosely named, with its weights: all that its words alone can tell."""
        asked = self._asked(mentions, findings)
        loose = [c for c in self._names.scattered(question, mentions) if c not in asked] or self._names.partial(said)
        loose += self._names.around(question, mentions)
        asked |= {c: _LOOSE for c in loose if c not in asked and c not in left_out}
        if _RULED_OUT.search(said):
            films = {there: asked[here] for here, there in _FILMS if here in asked and there in self._concepts}
            asked = films | asked
        if _SIZE.search(said):
            asked |= {m: _LOOSE for c in tuple(asked) for m in self._measured.get(c, ()) if m not in asked}
        return asked

    def _read(self, question: str, mentions: Sequence[Mention]) -> "_Read":
        """What the reader makes of the question, as asked of the first of the things that weigh most in it."""
        if self._questions is None:
            return _Read()
        named = [m for m in mentions if m.concept in self._concepts and question[m.start : m.end] == m.text]
        of = min(named, key=lambda m: (-_MINOR.get(self._concepts[m.concept].category, 1.0), m.start), default=None)
        asked = of.concept if of else ""
        relations = self._questions.read(with_slots(question, named, asked))
        return _Read(relations, turned(relations), frozenset(m.concept for m in named) - {asked})

    @staticmethod
    def _above(asked: Mapping[str, float], known: FactStore) -> dict[str, float]:
        """What the things asked about are kinds of."""
        return {
            above: asked[below] * _INHERITED
            for below, aboves in known.ancestors(asked).items()
            for above in aboves
            if above not in asked
        }

    def _kinds(self, asked: Mapping[str, float], known: FactStore, *, places: bool) -> dict[str, float]:
        """The kinds of what was asked about; of a place only where the question is which of them, and few."""
        of = [
            c
            for c in asked
            if c in self._concepts
            and (self._concepts[c].category == "anatomy") == places
            and self._concepts[c].category != "technique"
        ]
        kinds: dict[str, float] = {}
        for concept, below in known.descendants(of).items():
            if places and len(below) > _KINDS_ASKED:
                continue
            weight = asked[concept] * (1.0 if places else _KIND)
            kinds |= {kind: weight for kind in below if kind not in asked and self._concepts[kind].pack == "core"}
        return kinds

    def _caused_by_organisms(self, asked: Mapping[str, float], known: FactStore) -> list[str]:
        """A question that names a germ is mostly about the diseases that it alone causes: "who gets Pneumocystis?"."""
        germs = [c for c in asked if c in self._concepts and self._concepts[c].category == "organism"]
        caused = {f.object for f in _causing(germs, known) if f.subject in germs}
        causes: dict[str, set[str]] = defaultdict(set)
        for fact in _causing(caused, known):
            cause = self._concepts.get(fact.subject)
            if cause and cause.category == "organism":
                causes[fact.object].add(fact.subject)
        return sorted(c for c in caused if len(causes[c]) == 1)

    def _asked(self, mentions: Sequence[Mention], findings: Mapping[str, str]) -> dict[str, float]:
        """Concepts of the question with their weights, 0 to 1; the film's own findings when it names none."""
        named = dict.fromkeys(m.concept for m in mentions if m.concept in self._concepts)
        if not named:
            return {c: 1.0 for c, state in findings.items() if state == "present"}
        weights = {c: _MINOR.get(self._concepts[c].category, 1.0) for c in named}
        # Beside anything else a way of taking films is only where it is looked for.
        told = any(weight == 1.0 for weight in weights.values())
        return {
            c: _SETTING if told and self._concepts[c].category == "technique" else weight
            for c, weight in weights.items()
        }

    def _circumstances(self, asked: Mapping[str, float], facts: Iterable[Fact]) -> dict[str, float]:
        """The weights of what was asked about, a circumstance weighing the less the more facts there are about it."""
        about = Counter(end for fact in facts for end in {fact.subject, fact.object} & asked.keys())
        if all(self._concepts[c].category in _MINOR for c in asked):
            return dict(asked)
        return {
            c: weight * min(1.0, math.sqrt(_TELLING / max(1, about[c])))
            if self._concepts[c].category in _MINOR
            else weight
            for c, weight in asked.items()
        }

    def _definitions(self, concept_ids: Iterable[str]) -> list[Fact]:
        wanted = (self._concepts[c] for c in concept_ids if c in self._concepts)
        return [
            definition_fact(c, self._citations.get(c.definition_source, c.definition_source))
            for c in wanted
            if c.definition
        ]


class _Names:
    """Finds concepts that a question names loosely, after the linker has taken the names it says outright.

    Scattered: all words of a name stand in the question, if not side by side ("days of cough, chronic"). Partial: some
    words in a row, or one rare word, that hardly any other concept's name has ("germ cell tumors").
    """

    def __init__(self, concepts: Iterable[Concept]) -> None:
        whole: dict[frozenset[str], set[str]] = defaultdict(set)
        parts: dict[tuple[str, ...], set[str]] = defaultdict(set)
        begins: dict[tuple[str, ...], set[str]] = defaultdict(set)
        for concept in sorted(concepts, key=lambda c: c.id):
            if concept.category in _NEVER_LOOSE or concept.pack != "core":
                continue  # imported vocabularies have a name for nearly every word
            for name in filter(None, (concept.name, *concept.synonyms, concept.lay_name)):
                words = _alike(name)
                telling = frozenset(words) - _EMPTY
                if telling & _COMPARED:
                    telling -= _PLACES  # "which hilum is higher?" does not say the side that it asks for
                if len(telling) > 1 and telling.isdisjoint(_PLACES):
                    whole[telling].add(concept.id)
                if len(words) == 1 and words[0] in _stands_for():
                    parts[words].add(concept.id)
                for run in _runs(words):
                    parts[run].add(concept.id)
                for length in range(2, len(words)):
                    begins[words[:length]].add(concept.id)
        often = Counter(word for words in whole for word in words)
        self._by_rarest: dict[str, list[tuple[frozenset[str], str]]] = defaultdict(list)
        for telling, ids in whole.items():
            named = [(telling, concept_id) for concept_id in sorted(ids)[:_SHARED_BY]]
            self._by_rarest[min(telling, key=lambda w: (often[w], w))] += named
        self._begins = dict(begins)
        self._parts = {run: tuple(sorted(ids)) for run, ids in parts.items() if len(ids) <= _SHARED_BY}

    def scattered(self, question: str, mentions: Sequence[Mention]) -> list[str]:
        """Ordered by id; a name inside a longer one that is found too is left out, and one inside a mention."""
        words_said = _alike(question[:_LONGEST])
        said = frozenset(words_said)
        taken = [frozenset(_alike(m.text)) for m in mentions if m.text and question[m.start : m.end] == m.text]
        hits = [
            (words, c)
            for word in said
            for words, c in self._by_rarest.get(word, ())
            if words <= said and not any(words <= mention for mention in taken) and _close(words, words_said)
        ]
        return sorted({c for words, c in hits if not any(words < other for other, _ in hits)})

    def around(self, question: str, mentions: Sequence[Mention]) -> list[str]:
        """Of the words of a mention and those beside it: what only one name begins with ("transient tachypnea")."""
        words = tokens(question[:_LONGEST])
        found = set()
        for m in (m for m in mentions if m.text and question[m.start : m.end] == m.text):
            inside = [i for i, word in enumerate(words) if m.start <= word.start and word.end <= m.end]
            if not inside:
                continue
            for first in range(max(0, inside[0] - 2), inside[0] + 1):
                for last in range(inside[-1], min(len(words), inside[-1] + 3)):
                    if (first, last) != (inside[0], inside[-1]) and _EMPTY.isdisjoint(
                        {words[first].norm, words[last].norm}
                    ):
                        run = tuple(_stands_for().get(w.norm, w.norm) for w in words[first : last + 1])
                        ids = self._begins.get(run, ())
                        found |= set(ids) if len(ids) == 1 else set()
        return sorted(found - {m.concept for m in mentions})

    def partial(self, unnamed: str) -> list[str]:
        """Of the words that no name has taken: the longest runs first, as long as they find something."""
        found: dict[int, set[str]] = defaultdict(set)
        words = _alike(unnamed[:_LONGEST])
        for run in (*_runs(words), *((word,) for word in words if word in _stands_for())):
            found[len(run)] |= set(self._parts.get(run, ()))
        longest = max((length for length, ids in found.items() if ids), default=0)
        return sorted(found[longest])


def _causing(concepts: Collection[str], known: FactStore) -> list[Fact]:
    return [fact for fact in known.facts_about(concepts, ["CAUSES"]) if not fact.denied]


def _measured(concepts: Iterable[Concept]) -> dict[str, tuple[str, ...]]:
    """From a test to what is measured by it, which has its name and more: "D-dimer", "D-dimer concentration"."""
    core = [c for c in concepts if c.pack == "core"]
    tests = {phrase(name): c.id for c in core if c.category == "test" for name in (c.name, *c.synonyms)}
    found: dict[str, set[str]] = defaultdict(set)
    for concept in (c for c in core if c.category == "measurement"):
        for words in map(phrase, (concept.name, *concept.synonyms)):
            for length in range(1, len(words)):
                if test := tests.get(words[:length]):
                    found[test].add(concept.id)
    return {test: tuple(sorted(ids)) for test, ids in found.items()}


@cache
def _stands_for() -> dict[str, str]:
    """Normal form of a word to that of the first of its group in `kg/data/alike.txt`."""
    lines = (resources.files("kg") / "data" / "alike.txt").read_text("utf-8").splitlines()
    groups = [[phrase(word)[0] for word in line.split()] for line in lines if line and not line.startswith("#")]
    return {word: group[0] for group in groups for word in group}


def _alike(text: str) -> tuple[str, ...]:
    """The words of a text in normal form, each as the first of its group."""
    return tuple(_stands_for().get(word, word) for word in phrase(text))


def _close(wanted: frozenset[str], words: Sequence[str]) -> bool:
    """Whether all the words stand within a few words of each other."""
    window = len(wanted) + _BETWEEN
    return any(wanted <= set(words[at : at + window]) for at in range(max(1, len(words) - window + 1)))


def _runs(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Two to four words in a row, of which one is not among the commonest, and single long ones that are no ordinary English."""
    for length in (2, 3, 4):
        for start in range(len(words) - length + 1):
            run = tuple(words[start : start + length])
            ends = {run[0], run[-1]}
            if (
                _EMPTY.isdisjoint(ends)
                and not any(_rank(w) < _FUNCTION for w in ends)
                and any(_rank(w) >= _RARE for w in run)
            ):
                yield run
    yield from ((word,) for word in words if len(word) > 5 and word.isalpha() and word not in english_words())


def _rank(word: str) -> int:
    """How many words of English are commoner; `_RARE` for what is no English word."""
    return ranked_english_words().get(word, _RARE)


def _without(question: str, mentions: Sequence[Mention]) -> str:
    """The question with a blank for each mention that stands in it; those of an earlier question do not."""
    kept = list(question)
    for m in mentions:
        if m.text and question[m.start : m.end] == m.text:
            kept[m.start : m.end] = " " * (m.end - m.start)
    return "".join(kept)


def _parts(question: str, mentions: Sequence[Mention]) -> list[tuple[str, Sequence[Mention]]]:
    """The parts of a question that asks twice or more, each with what it names, or what was named before it."""
    ends = [m.start() for m in _NEXT_PART.finditer(question[:_LONGEST])]
    spans = list(pairwise([0, *ends, len(question)]))
    asking = [_ASKS.match(question, start, end) or _DASH.match(question, end) for start, end in spans]
    if sum(map(bool, asking)) < 2:
        return []
    parts: list[tuple[str, Sequence[Mention]]] = []
    before: list[Mention] = []
    for (start, end), asks in zip(spans, asking, strict=True):
        own = [m for m in mentions if start <= m.start and m.end <= end and m.text == question[m.start : m.end]]
        moved = [replace(m, start=m.start - start, end=m.end - start) for m in own]
        pointing = not own or _POINTS_BACK.search(question, start, end)
        if asks:
            parts.append((question[start:end], [*moved, *(before if pointing else ())]))
        # What stands in none of the part's text is told apart by its place: there is no such place in it.
        named = [replace(m, start=len(question), end=len(question) + len(m.text)) for m in own]
        before = [*before, *named] if pointing else named
    return parts


def _compared_by(said: str) -> list[str]:
    """The relations by which a question compares things."""
    return [predicate for predicate, cue in _COMPARED_BY if cue.search(said)]


def question_types(question: str) -> tuple[QuestionType, ...]:
    """The types whose cue words the question has, in the order of the table. A question may be of several
    types.
    """
    return tuple(kind for kind in QUESTION_TYPES if kind.cue.search(question))


def definition_fact(concept: Concept, citation: str) -> Fact:
    """The definition of a concept as a fact: predicate `DEFINED_AS`, no object, the sentence as the object's
    name.
    """
    return Fact(
        id=fact_id(concept.id, wording.DEFINED_AS, "", source_id=concept.definition_source),
        subject=concept.id,
        subject_name=concept.name,
        predicate=wording.DEFINED_AS,
        object="",
        object_name=wording.definition(concept),
        source=citation,
        tier=Tier.CURATED,
        pack=concept.pack,
        source_id=concept.definition_source,
    )


@dataclass(frozen=True, slots=True)
class _Read:
    """The shares of the relations asked for: of what is asked about, and the same of the `others` that the question names."""

    asked: Mapping[Relation, float] = field(default_factory=dict)
    turned: Mapping[Relation, float] = field(default_factory=dict)
    others: frozenset[str] = frozenset()

    def share(self, relation: Relation, concept: str) -> float:
        """How likely it is that the question asks this relation of the concept."""
        return (self.turned if concept in self.others else self.asked).get(relation, 0.0)


@dataclass(frozen=True, slots=True)
class _Question:
    """A question and what it is about, each concept with its weight, 0 to 1.

    `said`: the text without the names of concepts, for a name gives no type away ("chronic cough"). `asked`: what is asked
    about, `whole` the same before circumstances weigh less, with the `categories` of these. `inherited`: what these are kinds
    of and their `kinds`. `film`: what the film shows. `compared`: the relations by which things are compared, and
    `comparable` what may be.
    """

    text: str
    said: str
    categories: Mapping[str, str]
    asked: Mapping[str, float]
    whole: Mapping[str, float]
    inherited: Mapping[str, float]
    kinds: Mapping[str, float]
    film: Mapping[str, float]
    compared: Collection[str]
    comparable: frozenset[str]


class _Scorer:
    """Scores the facts of one question."""

    def __init__(self, question: _Question, known: Mapping[str, float], read: _Read) -> None:
        """`known`: how commonly written of each concept is, 0 to 1. `read`: what the reader of questions says."""
        said, asked = question.said, question.asked
        self._compared, self._comparable = question.compared, question.comparable
        self._shown = {c for c, category in question.categories.items() if category in _SHOWN}
        self._text = question.text[:_LONGEST]
        self._asked_words = _words(question.text)
        types = question_types(said)
        self._asked, self._film, self._known, self._kinds = asked, question.film, known, question.kinds.keys()
        self._weight = {**question.film, **question.inherited, **asked}
        self._read = read
        self._wants = _wanted_by(types)
        for predicate, end, weight in (want for c in question.categories.values() for want in _ASKED_OF.get(c, ())):
            self._wants[predicate, end] = max(weight, self._wants.get((predicate, end), 0.0))
        wanted = max((kind.denials for kind in types), default=0.0) or _UNASKED_DENIAL
        self._denials = _NO_ANSWER if _ASKS_FOR.match(question.text) else wanted
        self._yes_or_no = _YES_OR_NO.match(question.text) is not None
        # "Can a film show it?" is about the film, which is no circumstance then.
        self._joined = question.whole if self._yes_or_no else asked
        self._apart = any(kind.name == "apart" for kind in types)
        # Two things are to be told apart: what both have in common helps less than what one of them has.
        self._between = self._apart and sum(weight >= _LOOSE for weight in asked.values()) > 1
        self._define = _definition_weight(said, types)
        if read.asked:
            self._define = _CUED * self._define + _LEARNED * math.sqrt(read.asked.get((wording.DEFINED_AS, "s"), 0.0))
        shares = ((relation, read.asked.get(relation, 0.0)) for relation in _BEHIND)
        self._behind = max(_CUED * self._wants.get(r, 0.0) + _LEARNED * math.sqrt(share) for r, share in shares)
        self._words = _words(said)
        self._in_common = len(asked) > 1 and _IN_COMMON.search(question.text) is not None

    def ranked(self, facts: Sequence[Fact]) -> list[RankedFact]:
        """All facts with their scores, best first; equal scores in the order of the fact ids."""
        unique = {_same(fact): fact for fact in reversed(facts)}.values()
        neighbours = Counter(end for fact in unique for end in self._others(fact))
        self._joined_to = Counter(
            end for end, _ in {(o, a) for f in unique for o in self._others(f) for a in self._about(f)}
        )
        seen: dict[str, set[bool]] = defaultdict(set)
        for fact in unique:
            if self._between and fact.predicate in _TOLD_BY:
                for end in self._others(fact):
                    seen[end].add(fact.denied)
        self._tells_apart = {end for end, denied in seen.items() if len(denied) > 1}
        contrasts = Counter((f.predicate, end) for f in unique for end in {f.subject, f.object} & self._asked.keys())
        scored = [self._score(fact, neighbours, contrasts) for fact in unique]
        best: dict[tuple[str, ...], RankedFact] = {}
        for one in sorted(scored, key=lambda r: (-r.score, r.fact.id)):
            best.setdefault(self._told(one.fact), one)
        return list(best.values())

    def evidence(self, picked: Sequence[RankedFact], words: Mapping[str, float]) -> Iterator[Evidence]:
        """Of facts that were `ranked`, the best first: what the relevance of each is told by. `words`: the question's."""
        best = max((one.score for one in picked), default=0.0)
        for one in picked:
            fact, others = one.fact, self._others(one.fact)
            yield Evidence(
                rank=max(one.score / max(best, _LEAST), -1.0),
                covered=relevance.covered(words, fact),
                subject=self._asked.get(_told_of(fact), 0.0),
                joined=float(self._joined_to[others[0]]) if others else 0.0,
                conditions=relevance.conditions(self._text, fact),
                settles=float(self._settles(fact)),
            )

    def _told(self, fact: Fact) -> tuple[str, ...]:
        """The same for facts that say in different relations what is behind a finding of the question."""
        for end, other, side in ((fact.subject, fact.object, "s"), (fact.object, fact.subject, "o")):
            if end in self._shown and (fact.predicate, side) in _BEHIND and not fact.denied:
                return end, other
        return (fact.id,)

    def _others(self, fact: Fact) -> tuple[str, ...]:
        """The ends of the fact that the question is not about, when another end is one it is about."""
        known = fact.subject in self._weight, fact.object in self._weight
        return (fact.object,) if known == (True, False) else (fact.subject,) if known == (False, True) else ()

    def _is_telling(self, fact: Fact, contrasts: Mapping[tuple[str, str], int]) -> bool:
        """Whether the fact tells one of the two things from the other: only one has it, or each has another of its own."""
        if {fact.subject, fact.object}.isdisjoint(self._asked):
            return False
        predicate = PREDICATES.get(fact.predicate)
        if predicate and (predicate.functional or predicate.exclusive):
            return fact.subject in self._asked and not fact.denied and self._contrasted(fact, contrasts)
        return fact.predicate in _TOLD_BY and any(end in self._tells_apart for end in self._others(fact))

    def _about(self, fact: Fact) -> set[str]:
        """The ends of the fact that the question names, of facts that hold."""
        return set() if fact.denied else {fact.subject, fact.object} & self._asked.keys()

    def _score(self, fact: Fact, neighbours: Mapping[str, int], contrasts: Mapping[tuple[str, str], int]) -> RankedFact:
        if fact.predicate == wording.DEFINED_AS:
            return RankedFact(fact, round(self._define * self._weight[fact.subject], 4), "definition")
        wanted, others = self._wanted(fact), self._others(fact)
        score = self._type_weight(fact, wanted)
        score *= max(self._weight.get(fact.subject, 0.0), self._weight.get(fact.object, 0.0))
        bridge = self._bridge(fact)
        score += bridge + _TIER[fact.tier]
        if self._between and self._is_telling(fact, contrasts):
            score += _TELLS_APART
        elif fact.denied and not self._settles(fact):
            score += _UNASKED_DENIAL if self._between else self._denials
        if others:
            score += _SHARED * (neighbours[others[0]] > 1 and not self._between)
            score += _COMMON * self._known.get(others[0], 0.0)
            score += _JOINS_BOTH * (self._in_common and self._joined_to[others[0]] > 1 and not fact.denied)
        score += _CONTRAST * (self._apart and self._contrasted(fact, contrasts))
        score += _WORD * len(self._words & self._said_besides(fact))
        if self._compares(fact):
            return RankedFact(fact, round(_COMPARES + score, 4), JOINS)
        return RankedFact(fact, round(score, 4), _why(bool(wanted), bridge))

    def _compares(self, fact: Fact) -> bool:
        """Whether the fact compares what is to be compared, and for that which the question names if for anything."""
        if fact.predicate not in self._compared or not {fact.subject, fact.object} <= self._comparable:
            return False
        limits = [_words(value) for _, value in fact.qualifiers]
        return not limits or any(2 * len(limit & self._asked_words) > len(limit) for limit in limits)

    def _type_weight(self, fact: Fact, wanted: float) -> float:
        """How well the fact's relation answers this type of question, by the cues and by the reader of questions."""
        if not self._read.asked:
            return wanted or _ANY.get(fact.predicate, _ANY_OTHER)
        symmetric = fact.predicate in PREDICATES and PREDICATES[fact.predicate].symmetric
        relations: Sequence[tuple[str, Relation]] = [
            (end, (fact.predicate, side))
            for end, own in ((fact.subject, "s"), (fact.object, "o"))
            if end in self._weight
            for side in (("s", "o") if symmetric else (own,))
        ]
        share = max((self._read.share(relation, end) for end, relation in relations), default=0.0)
        weight = _CUED * wanted + _LEARNED * math.sqrt(share)
        if self._between and fact.predicate == "MIMICS":
            return _MISTAKEN  # that they are mistaken for one another, or for other things, tells none from the other
        as_well = max((_BEHIND.get(relation, 0.0) for end, relation in relations if end in self._shown), default=0.0)
        return weight if fact.denied else max(weight, as_well * self._behind)

    def _wanted(self, fact: Fact) -> float:
        """The weight of the question's types for this fact, 0 when none wants it."""
        weights = [self._wants.get((fact.predicate, "e"), 0.0)]
        if fact.subject in self._weight:
            weights.append(self._wants.get((fact.predicate, "s"), 0.0))
        if fact.object in self._weight:
            weights.append(self._wants.get((fact.predicate, "o"), 0.0))
        return max(weights)

    def _bridge(self, fact: Fact) -> float:
        if fact.subject in self._asked and fact.object in self._asked:
            return _BRIDGE * min(self._joined[fact.subject], self._joined[fact.object])
        ends = {fact.subject, fact.object}
        if (
            fact.predicate not in _KINDS_HAVE
            and ends & self._asked.keys()
            and (ends - self._asked.keys()) & self._kinds
        ):
            return _OF_THE_KIND * max(self._asked[end] for end in ends & self._asked.keys())
        joins_film = bool(ends & self._asked.keys()) and bool(ends & self._film.keys())
        return _FILM_BRIDGE if joins_film else 0.0

    def _settles(self, fact: Fact) -> bool:
        """Whether a yes or no is asked for, of the two things that the fact joins: then a denial is an answer."""
        return self._yes_or_no and fact.subject in self._asked and fact.object in self._asked

    def _contrasted(self, fact: Fact, contrasts: Mapping[tuple[str, str], int]) -> bool:
        """Whether the graph says the same kind of thing of another concept of the question."""
        return sum(contrasts[fact.predicate, end] > 0 for end in self._asked) > 1

    def _said_besides(self, fact: Fact) -> frozenset[str]:
        """Words of the fact beyond the concept that was asked about: its other end and its qualifiers."""
        parts = [value for _, value in fact.qualifiers]
        parts += [fact.subject_name] if fact.subject not in self._weight else []
        parts += [fact.object_name] if fact.object not in self._weight else []
        return frozenset().union(*map(_words, parts))


def cued(question: str) -> Mapping[Relation, float]:
    """The relations that the cues of a question want, with their weights; what the reader of questions is compared with."""
    types = question_types(question)
    wants: dict[Relation, float] = {(p, side): w for (p, end), w in _wanted_by(types).items() for side in _sides(end)}
    return {**wants, (wording.DEFINED_AS, "s"): _definition_weight(question, types)}


def _sides(end: End) -> Sequence[Literal["s", "o"]]:
    return ("s", "o") if end == "e" else (end,)


def _wanted_by(types: Sequence[QuestionType]) -> dict[tuple[str, End], float]:
    wants: dict[tuple[str, End], float] = {}
    telling = any(not kind.vague for kind in types)
    for kind in types:
        share = _VAGUE if kind.vague and telling else 1.0
        for predicate, end, weight in kind.wants:
            wants[predicate, end] = max(weight * share, wants.get((predicate, end), 0.0))
    return wants


def _definition_weight(question: str, types: Sequence[QuestionType]) -> float:
    if any(kind.name == "apart" for kind in types) and "differ" in question:
        return 3.2
    if not DEFINITION_CUE.search(question):
        return 0.7 if any(not kind.vague for kind in types) else _BARE
    return 4.5 if all(kind.name in {"meaning", "appearance"} for kind in types) else 1.6


@lru_cache(maxsize=8192)
def _words(text: str) -> frozenset[str]:
    """Lower-case words of three letters and more, without a plural s."""
    found = re.findall(r"[a-z][a-z0-9]{2,}", text.lower())
    return frozenset(word.removesuffix("s") for word in found if word not in _STOP)


def _told_of(fact: Fact) -> str:
    """What the fact tells of: its subject, but the commonest cause of a thing tells of the thing."""
    return fact.object if fact.predicate == "COMMONEST_CAUSE_OF" else fact.subject


def _same(fact: Fact) -> tuple[object, ...]:
    """Equal for a fact found twice, and for the two directions of a symmetric one."""
    ends: Sequence[str] = (fact.subject, fact.object)
    if fact.predicate in PREDICATES and PREDICATES[fact.predicate].symmetric:
        ends = sorted(ends)
    return fact.predicate, fact.denied, *ends, fact.quantity, fact.qualifiers


def _why(wanted: bool, bridge: float) -> str:
    if bridge >= _FILM_BRIDGE:
        return JOINS
    return "answers this type of question" if wanted else "about what was asked"


def _pick(ranked: Sequence[RankedFact], limit: int) -> tuple[RankedFact, ...]:
    """The best, each further fact of a relation counting a little less: none crowds out the others."""
    waiting: dict[tuple[str, bool], deque[RankedFact]] = defaultdict(deque)
    for one in ranked:
        waiting[one.fact.predicate, one.fact.denied].append(one)
    seen: Counter[tuple[str, bool]] = Counter()
    taken: list[RankedFact] = []
    while waiting and len(taken) < limit:
        key = max(waiting, key=lambda key: round(waiting[key][0].score - _REPEATED * seen[key], 4))
        taken.append(waiting[key].popleft())
        seen[key] += 1
        if not waiting[key]:
            del waiting[key]
    return tuple(taken)

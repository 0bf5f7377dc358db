"""The wordings of each relation (`cues.txt`), as patterns over a sentence whose concepts have become A and B.

Knows nothing of concepts.
"""

# ruff: noqa: E501 - an alternation is easier to read, and to extend, on one line

import re
from dataclasses import dataclass
from importlib import resources

GROUP = r"<\d+>(?:(?:, (?:and |or )?| and | or | and/or | as well as | plus | along with | followed by | together with )<\d+>)*"
_N = r"(?:NOT |SHOULDNOT )?"


@dataclass(frozen=True, slots=True)
class Cue:
    """One wording. `predicate` may start with "!", for a wording that denies by itself."""

    pattern: re.Pattern[str]
    predicate: str
    forward: bool
    prohibits: bool


def _compile(line: str) -> Cue:
    pattern, predicate, direction = (part.strip() for part in line.rsplit(" | ", 2))
    # "is" stands for every form of "to be"; NOT precedes it.
    pattern = re.sub(r"(\(\?:(?:is|are|include|involve|consist of|\|)+\)|\bis) \{n\}", r"{n}\1 ", pattern).replace(
        "{n}", _N
    )
    pattern = re.sub(r"\bA\b", lambda _: f"(?P<a>{GROUP})", pattern, count=1)
    pattern = re.sub(r"\bB\b", lambda _: f"(?P<b>{GROUP})", pattern, count=1)
    return Cue(
        re.compile(rf"(?<![\w>-]){pattern}" if not pattern.startswith("(?P<") else pattern),
        predicate,
        direction == "A>B",
        "A SHOULDNOT" in line,
    )


def _lines(part: str) -> list[str]:
    text = resources.files("copilot.claims").joinpath("cues.txt").read_text("utf-8")
    section = text.split(f"\n[{part}]\n")[1].split("\n[")[0]
    return [line for line in section.splitlines() if line]


def _words(part: str) -> tuple[tuple[str, str, bool], ...]:
    rows = (line.rsplit(" | ", 2) for line in _lines(part))
    return tuple((pattern, predicate, direction == "A>B") for pattern, predicate, direction in rows)


CUES: tuple[Cue, ...] = tuple(_compile(line) for line in _lines("whole"))
# For the tolerant reading: (pattern of the words, relation, whether what comes before them is its subject).
TELLING = _words("telling")
OPENING = _words("opening")
# Words that some wording needs; any other word stands in the way of all of them.
CUE_WORDS = frozenset(
    form
    for line in _lines("whole")
    for word, optional in re.findall(r"([A-Za-z-]+)(\??)", line.rsplit(" | ", 2)[0].replace("?:", ""))
    for form in ((word, word[:-1]) if optional else (word,))
) | {"and", "or", "plus", "along", "together", "followed", "with", "by", "NOT", "SHOULDNOT", "MOSTLY"}

# Third person and past to the base form; participles after "is" stay as they are.
_VERBS = (
    "belong lie sit end terminate rest project reside account confirm prove establish clinch guarantee exclude eliminate negate "
    "mean increase raise heighten predispose render reduce lower decrease cut prevent protect guard complicate spread transmit "
    "travel present manifest complain report experience develop suffer feel notice show reveal find give mimic resemble simulate "
    "look imitate masquerade magnify exaggerate enlarge overestimate make appear seem obscure hide mask conceal efface silhouette "
    "obliterate cover blur treat cure relieve help work drain decompress respond require need call demand depend necessitate assess "
    "evaluate investigate diagnose detect visualize visualise identify pick depict miss demonstrate display produce feature suggest "
    "indicate point signify signal imply hint favor favour reflect represent speak cause lead result bring trigger induce provoke "
    "contribute progress evolve precipitate generate create arise stem follow occur happen come accompany go coexist stand form "
    "consist contain hold comprise border abut touch adjoin contact neighbor neighbour share run separate outline constitute take "
    "predominate prefer tend involve affect target strike hit collect accumulate pool gather live course originate start begin "
    "layer include rule shift push pull displace deviate move draw measure exceed define describe refer denote raise remain persist "
    "turn pass become carry cross drop fill improve worsen resolve contraindicate rise grow play fail put spare offer count rest "
    "leave preserve respect stay lack prompt alert argue speak confer provide meet receive benefit get catch acquire contract rank "
    "enter qualify class fall serve tend seem help bring know exist rely strike guard shield ensue diminish lessen arouse plays combine threaten slow invade dislodge crowd scatter compress surround encircle flatten blunt splay thicken elevate "
    "depress destroy injure damage kill yield vanish disappear linger collapse bulge"
).split()
# Verbs of the turns of phrase, which open no verb phrase of their own: many are nouns as well.
_FURTHER_VERBS = (
    "abate afflict arch ascend avert avoid await befall betray cement conjure contradict culminate descend differ differentiate "
    "dismiss discount distinguish divide dominate drive employ encourage engender exhibit facilitate fend finish foster gravitate "
    "harbor harbour herald invite keep minify pave pose prevail promote protrude reach recommend remove seal secure seek settle "
    "shrink spark stave subside suffice support suspect transform uncover underestimate underlie underpin understate unmask verify "
    "wait ward wipe withhold erase blot rub smudge swallow dissolve unite couple menace haunt stretch"
).split()
BASE_FORM = {
    form: verb
    for verb in (*_VERBS, *_FURTHER_VERBS)
    for form in (
        verb + "s",
        verb + "es",
        verb[:-1] + "ies" if verb.endswith("y") else verb + "s",
    )
} | {
    "has": "have",
    "was": "is",
    "were": "is",
    "are": "is",
    "be": "is",
    "leads": "lead",
    "does": "do",
    "uses": "use",
    "employs": "employ",
    "exposes": "expose",
}
# Words that open a new verb phrase after "and": "... and are treated with ...".
VERB_STARTS = frozenset(_VERBS) | {"is", "NOT", "SHOULDNOT", "have"}

"""Which way a sentence says that the mediastinum goes: towards what is ill or away from it. Knows nothing of facts.

"To the left" becomes the one or the other where the sentence names the ill side; a bare push goes away, a bare pull towards.
"""

import re

from copilot.claims.line import Line
from copilot.claims.values import ILLNESSES, SHIFTED, SHIFTS
from kg.types import Mention

TOWARDS, AWAY, UNMOVED = "towards_the_lesion", "away_from_the_lesion", "no_shift"
_SIDES = {"left_side": "left", "right_side": "right"}
_TO_SIDE = re.compile(r"\b(?P<how>TOSHIFT|AWAYSHIFT|to|towards?|into|from) (?:<\d+> )?<(?P<where>\d+)>")
_SIDEWAYS = re.compile(r"\b(left|right)wards?\b")
_PUSHED = re.compile(r"\b(?:push(?:es|ed|ing)?|shov\w+|displaces?|displaced|displacing)\b")
_PULLED = re.compile(r"\b(?:pull(?:s|ed|ing)?|draw(?:s|n|ing)?|drag\w*|suck\w*|attract\w*|tug\w*)\b")
_OPPOSITE = re.compile(r"\bcontralateral(?:ly)?\b|\baway from\b|\b(?:other|opposite) (?:side|way|direction)\b")
_SAME = re.compile(
    r"\bipsilateral(?:ly)?\b|(?<!away )\btowards? (?:<\d+>|lesion|it\b)|\b(?:same|that|affected|operated) side\b"
)
# What the claim carries of such a sentence; what else it says stays over.
CARRIED = re.compile(
    r"\b(?:shift|shifted|shifting|push|pushed|pushing|pull|pulled|pulling|displace|displaced|displacing|deviate|deviated|deviating"
    r"|move|moved|moving|draw|drawn|drawing|drags?|dragged|dragging|cause|side|hemithorax|toward|towards|away|over|across|direction|structures|left|right|leftwards?|rightwards?"
    r"|same|opposite|other|contralaterally|ipsilaterally|midline|TOSHIFT|AWAYSHIFT|tend|to|and|itself|gradually|markedly|visibly|operated|affected)\b"
)


def lesions(line: Line) -> list[Mention]:
    """What may move it."""
    return [m for m in line.mentions if m.concept not in SHIFTED and m.category in ILLNESSES and m.category != "value"]


def moved(line: Line) -> bool:
    """Whether the sentence is of the mediastinum, the heart or the trachea going somewhere."""
    return any(m.concept in SHIFTED for m in line.mentions)


def direction(line: Line) -> str:
    """`TOWARDS`, `AWAY` or another value of the relation; empty where the sentence leaves it open or says two."""
    said = {m.concept for m in line.mentions if m.concept in SHIFTS}
    sideways = _to_a_side(line)
    if sideways is not None:
        return sideways
    said |= ({TOWARDS} if "TOSHIFT" in line.text or _SAME.search(line.text) else set()) | (
        {AWAY} if "AWAYSHIFT" in line.text or _OPPOSITE.search(line.text) else set()
    )
    if not said:
        said = ({TOWARDS} if _PULLED.search(line.text) else set()) | ({AWAY} if _PUSHED.search(line.text) else set())
    return said.pop() if len(said) == 1 else ""


def unmoved(line: Line) -> bool:
    """Whether it is said to stay where it is."""
    return bool(re.search(r"\bNOT (?:\w+ )?(?:shift|push|pull|displace|deviate|move)\b", line.text))


def _to_a_side(line: Line) -> str | None:
    """The direction by a named side, empty where nothing tells which side is ill; None where no side is the goal."""
    goal, how = "", ""
    named = _SIDEWAYS.search(line.text)
    if named:
        goal = named[1]
    for found in _TO_SIDE.finditer(line.text):
        mention = line.mentions[int(found["where"])]
        if mention.concept in _SIDES:
            goal, how = _SIDES[mention.concept], found["how"]
    if not goal:
        return None
    ill = {side for m in lesions(line) if (side := _side(m, line))}
    if len(ill) != 1:
        return ""
    towards = ill == {goal}
    return TOWARDS if towards != (how in {"AWAYSHIFT", "from"}) else AWAY


def _side(lesion: Mention, line: Line) -> str:
    """The side of what is ill, by its own name, by a word before it or by "on the left" after it."""
    by_name = lesion.concept.split("_", maxsplit=1)[0]
    if by_name in {"left", "right"}:
        return by_name
    index = line.mentions.index(lesion)
    sides = {
        _SIDES[line.mentions[i].concept] for i in line.modified.get(index, ()) if line.mentions[i].concept in _SIDES
    }
    after = re.search(rf"<{index}> (?:on|of|in) (?:<\d+> )?<(\d+)>", line.text)
    if after:
        place = line.mentions[int(after[1])].concept
        sides |= {_SIDES.get(place, place.split("_", maxsplit=1)[0])} & {"left", "right"}
    sides |= {
        place.split("_", maxsplit=1)[0] for i in line.modified.get(index, ()) for place in [line.mentions[i].concept]
    } & {"left", "right"}
    return sides.pop() if len(sides) == 1 else ""

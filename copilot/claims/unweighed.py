"""Words of a sentence that bear on the deciding facts and that no claim carries: they keep a verdict back, never make one up.

Knows nothing of how claims are read.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from copilot.claims.line import ATTRIBUTED
from kg.linking.normal import phrase
from kg.types import Fact, Verdict

NOT_WEIGHED = (
    "The sentence says something that bears on this and that the graph's fact does not settle: \u201c{words}\u201d."
)

_MIRRORED = re.compile(r"\b(?:situs inversus|dextrocardia|mirror[- ]image|right(?:-sided)? aortic arch)\b", re.I)
_SUPPOSED = re.compile(r"^\W*(?:if|when|whenever|suppose|supposing|assum\w+|once|should|imagine)\b", re.I)
_MISPLACED = re.compile(
    r"\b(?:too (?:low|high|far|deep|short)"
    r"|(?:should|must|needs? to|has to) be (?:pulled|withdrawn|repositioned|advanced(?! (?:in|to|until))|removed|moved)"
    r"|malposition\w*|misplaced|reposition\w*)\b",
    re.I,
)
_BEYOND_CARINA = re.compile(
    r"\b(?:below|under(?:neath)?|beneath|past|beyond|distal to|caudal to|inferior to) the carina\b", re.I
)
_ABOVE_CARINA = re.compile(r"\b(?:above|proximal to|from|over) the carina\b", re.I)
_OUTSIDE = re.compile(r"\boutside (?:of )?the \w+", re.I)
_CONFUSED = re.compile(
    r"\b(?:confus\w+ (?:with|for|between|by)\b|confusing|mistak\w+|mistook|misread\w*|mix(?:ed|es)? up)\b"
    r"|\b(?:tell(?:s|ing)?|distinguish(?:es|ing)?|differentiat(?:es?|ing)|discriminat(?:es?|ing))\b[^,;.]{0,60}?"
    r" (?:from|apart)\b",
    re.I,
)
"""What is mistaken for another thing, or told from it, is set beside it, and neither is said to go with the rest."""
_CURES = re.compile(r"\bcur(?:e|es|ed|ing|ative|able)\b", re.I)  # what treats need not cure
_NOT_WHOLLY = re.compile(
    r"(?:\b(?:not|never|cannot)|n't)(?: \w+)?"
    r" (?:fully|completely|entirely|wholly|totally|always|necessarily|alone|permanently)\b",
    re.I,
)
_BEYOND = re.compile(
    r"\b(?:beyond|past|distal to|short of|close to|next to|(?:cm|mm|centimet\w+) (?:above|below|from))\b",
    re.I,
)
_MOST_OF_ALL = re.compile(
    r"\b(?:that|which|who) (?:most|least|more|less) (?:often|commonly|frequently|likely|rarely)\b"
    r"|\b(?:most|least) (?:often|commonly|frequently) (?:identified|isolated|found|seen|cultured|grown|detected|involved"
    r"|responsible|implicated|encountered|recovered|diagnosed|affected)\b",
    re.I,
)
# What is proof of something is not the thing itself: "bubbling is proof that the tube is in the stomach".
_PROOF = re.compile(
    r"\b(?:proof|prov(?:es?|ed|en|ing)|guarantees?|ensures?|enough (?:to|evidence)|is enough|suffic\w+|reassur\w+)\b",
    re.I,
)
_SETTLES = frozenset(
    {"CONFIRMS", "CONFIRMED_BY", "RULES_OUT", "REQUIRES", "DETECTS", "INVESTIGATED_BY", "FIRST_TEST", "DEFINED_AS"}
)
# What kind of thing something is said to be, in words that a fact of another relation does not bear out.
_OF_A_KIND = re.compile(
    r"\bis (?:really |simply |just )?(?:an? )(?:(?:type|kind|form|sort) of )?(?:\w+ )?"
    r"(?:cancer|tumou?r|malignancy|infection|fracture|bacterium|virus|fungus|cyst|vein|artery|muscle|bone|nerve)\b",
    re.I,
)
_KINDS_TOLD_BY = frozenset({"IS_A", "DEFINED_AS", "CONSISTS_OF", "HAS_COURSE"})
# "Nodules smaller than 8 mm can be missed" says which nodules are meant, not how large a nodule is.
_OF_THAT_SIZE = re.compile(
    r"\b(?:smaller|larger|bigger|less|more|greater|shorter|longer|wider|under|over|above|below)(?: than)? [\d.]+ ?\w+"
    r"(?: (?:in|of|across) ?\w*)? (?:can|may|might|could|cannot|have|has|should|must|needs?|will|do|does"
    r"|(?:are|is) (?:\w+ly|hard|difficult|invisible|visible|seen|missed|too|often|not) \w+)\b",
    re.I,
)
_TIP_OR_PLACE = frozenset({"TIP_BELONGS_IN", "LOCATED_IN"})
_ACTS_ON = frozenset({"TREATED_BY", "PREVENTED_BY"})
_AT_A_TIME = re.compile(r"(?:before|after|until|once|during|early|late)\b", re.I)
_MAY_MISS = re.compile(r"\b(?:may|can|might|could) (?:miss|hide|overlook|obscure)\b", re.I)
# Words of which a sentence's one and a fact's other tell that they speak of different cases.
_OPPOSED = (
    ("high", "low"),
    ("upper", "lower"),
    ("early", "late"),
    ("neonat", "adult"),
    ("infant", "adult"),
    ("newborn", "adult"),
    ("child", "adult"),
    ("mild", "severe"),
    ("supine", "erect"),
    ("small", "large"),
    ("before", "after"),
    ("above", "below"),
    ("up", "down"),
    ("increas", "decreas"),
    ("increas", "reduc"),
    ("single", "multiple"),
    ("widen", "narrow"),
    ("thicken", "thin"),
    ("inner", "outer"),
    ("exudat", "transudat"),
    ("acute", "chronic"),
)
_WHERE = frozenset({"HAS_SIDE", "LOCATED_IN", "BORDERS", "ABOVE", "BELOW"})

_SHORT = 3  # letters of words that say little


def unweighed(text: str, verdict: Verdict, facts: Sequence[Fact]) -> str | None:
    """The words that no claim of `text` carries although they bear on the facts that decided, or None."""
    against = _hindrances_of_support(text, facts) if verdict is Verdict.SUPPORTED else _hindrances(facts)
    # Where one is mistaken for the other, being mistaken is the claim itself.
    hindrances = against if "MIMICS" in {fact.predicate for fact in facts} else [_CONFUSED, *against]
    found = next((match for pattern in hindrances if (match := pattern.search(text))), None)
    if found:
        return found[0]
    if (whose := _attributed_to_others(text, facts)) is not None:
        return whose
    return (_other_circumstance if verdict is Verdict.SUPPORTED else _another_case)(text, facts)


def _attributed_to_others(text: str, facts: Sequence[Fact]) -> str | None:
    """The author to whom a sentence ascribes what the facts, by their sources and words, have from another one."""
    found = ATTRIBUTED.match(text.strip())
    said = {word for word in phrase(found["whose"]) if not word.isdigit()} if found else set()
    for fact in facts:
        told = (
            fact.source,
            fact.source_id,
            fact.subject_name,
            fact.object_name,
            *(value for _, value in fact.qualifiers),
        )
        if said <= {word for part in told for word in phrase(part)}:
            return None
    return found[0] if found and said else None


def _hindrances(facts: Sequence[Fact]) -> list[re.Pattern[str]]:
    """What keeps these facts from refuting a sentence that says it."""
    predicates = {fact.predicate for fact in facts}
    found = [_OUTSIDE, _MAY_MISS, _NOT_WHOLLY]
    if any(fact.predicate in _ACTS_ON and not fact.denied for fact in facts):
        found.append(_CURES)
    if predicates & _TIP_OR_PLACE and any(fact.denied for fact in facts):
        found.append(_BEYOND)
    if not any("malposition" in end for fact in facts for end in (fact.subject, fact.object)):
        found.append(_MISPLACED)
    if predicates & _WHERE:
        found.append(_MIRRORED)
    if any(fact.quantity for fact in facts):
        found.append(_OF_THAT_SIZE)
    if "TIP_BELONGS_IN" in predicates:
        found.append(_SUPPOSED)
    return found


def _hindrances_of_support(text: str, facts: Sequence[Fact]) -> list[re.Pattern[str]]:
    """What keeps these facts from bearing out a sentence that says it."""
    found = []
    if any("carina" in fact.object_name for fact in facts) and not _ABOVE_CARINA.search(text):
        found.append(_BEYOND_CARINA)
    if any(fact.predicate == "TREATED_BY" and not fact.denied for fact in facts):
        found.append(_CURES)
    predicates = {fact.predicate for fact in facts}
    if predicates == {"IS_A"}:
        found.append(_MOST_OF_ALL)
    if not predicates & _SETTLES:
        found.append(_PROOF)
    if not predicates & _KINDS_TOLD_BY:
        found.append(_OF_A_KIND)
    found += [_leaving(fact.object_name) for fact in facts if fact.predicate == "LOCATED_IN" and not fact.denied]
    return found


@lru_cache(maxsize=1024)
def _leaving(place: str) -> re.Pattern[str]:
    """What comes out of a place is not in it: "occurs when air escapes from the pleural space"."""
    return re.compile(
        rf"\b(?:escap|leak|leav|flow|exit|seep|push|driv|forc|remov|drain|los[et]|com(?:e|ing)|mov|pass)\w*\b[^,;.]{{0,20}}?"
        rf"\b(?:from|out of) (?:an? |the )?{re.escape(place)}|\bleav(?:es?|ing) (?:an? |the )?{re.escape(place)}",
        re.I,
    )


def _another_case(text: str, facts: Sequence[Fact]) -> str | None:
    """The time of a denial that the sentence does not name: what is not so after birth may be so before."""
    said = {*phrase(text)}
    for fact in facts:
        for key, value in fact.qualifiers if fact.denied else ():
            if (
                key == "condition"
                and _AT_A_TIME.match(value)
                and not {w for w in phrase(value) if len(w) > _SHORT} & said
            ):
                return value
    return None


def _other_circumstance(text: str, facts: Sequence[Fact]) -> str | None:
    """Of "high position" against a fact about the low one, of "in adults" against a fact about infants."""
    said = text.lower()
    for fact in facts:
        held = " ".join([fact.subject_name, fact.object_name, *(value for _, value in fact.qualifiers)]).lower()
        for one, other in _OPPOSED:
            for mine, theirs in ((one, other), (other, one)):
                if (
                    re.search(rf"\b{mine}", said)
                    and not re.search(rf"\b{theirs}", said)
                    and re.search(rf"\b{theirs}", held)
                    and mine not in held
                ):
                    return mine
    return None

"""The side that one mention lends another: "left effusion and collapse", "consolidation with air bronchograms at the right base".

Only what lies in one half of the chest takes a side from its neighbour: of a heart, an edema or a pneumonia in general the
words beside it say nothing. Knows nothing of the graph.
"""

# ruff: noqa: E501 - an alternation is easier to read, and to extend, on one line

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from kg.linking.context import names_side
from kg.types import Mention, Side

_FELT = frozenset({"symptom", "exam_sign"})
_IN_THE_CHEST = frozenset({"finding", "sign", "disease"})
_SIDELESS = frozenset({"population", "technique", "organism", "value", "anatomy", "test", "measurement"})
_LATERAL = re.compile(
    r"effusion|pneumothorax|h[ae]*mothorax|chylothorax|hydrothorax|empyema|pleural|atelectasis|collapse|consolidation|airspace (?:disease|opacit)"
    r"|opaci|infiltrate|nodul|lung mass|hilar mass|cavit|lung cyst|bulla|bleb|pneumatocele|scar|parenchymal band|bronchiectasis"
    r"|honeycombing|architectural distortion|volume loss|air bronchogram|air-fluid|tram-track|mucoid impaction|contusion"
    r"|laceration|hamartoma|rib fracture|rib crowding|rib destruction|subcutaneous emphysema|hemidiaphragm|costophrenic"
    r"|fissure|meniscus|deep sulcus|hampton|westermark|golden s|luftsichel|juxtaphrenic|silhouette|split pleura|comet tail"
    r"|air crescent|halo sign|finger-in-glove|popcorn|surgical clips|mediastinal shift to|granuloma|lobar (?:collapse|consolidation)|ground-glass"
    r"|tree-in-bud|breath sounds|percussion|fremitus|crackles|lung lesion|sequestration|congenital (?:lobar|pulmonary)|nipple shadow"
    r"|skin fold|hyperlucent|chest tube|needle aspiration|pleurodesis|bronchial wall|reticul|mucus plug|peribronchial|pulmonary metastases"
    r"|re-expansion|mycetoma|infarction|diaphragmatic rupture|flail|air leak|lobectomy|resection|pneumonectomy|mastectomy|thoracotomy",
    re.IGNORECASE,
)
# The side of these says where to, not where: "right hydropneumothorax with collapse and a shift to the left".
_DIRECTED = re.compile(r"shift|deviation|displacement", re.IGNORECASE)
# A few words before the noun, none of which begins another statement.
_WORDS = r"(?:(?!(?:no|not|without|and|with|but|is|are|was|were|has|have|normal)\b)[\w-]+,? ){0,4}"
_WHERE = r"(?:[\s,]+(?:(?:worse|predominantly|mainly|mostly|greater|since|left|right|[lr])\s[\w ]{2,25}?|\d[\w.,&/–-]*|(?:in|at|on|of|over|within|to|along|throughout|projecting|involving)\s+(?:the\s+)?[\w -]{2,40}?|apex|base|side|both)){0,2}"
_TOGETHER = re.compile(
    rf"{_WHERE}(?: (?:noted|seen|present))?\s*,?\s*(?:and|with|plus|&|\+|/|showing|containing|despite|next to|adjacent to|or|from|(?:secondary|due) to)\s+{_WORDS}",
    re.IGNORECASE,
)
_EXPLAINED = re.compile(
    rf"{_WHERE}[\s,;:–-]*(?:(?:which|this|that|and|is|are|was|were|most|highly|strongly|more|very) )*"
    r"(?:suspicious (?:for|of)|concerning for|worrying for|likely|probably|presumably|possibly|due to|from|because of|secondary to"
    r"|represent(?:s|ing)?|indicat(?:es|ing|ive of)|diagnostic of|characteristic of|consistent with|in keeping with|compatible with"
    r"|suggest(?:s|ing|ive of)?|(?:may|might|could) (?:be|represent|reflect|indicate)|reflect(?:s|ing)?|versus|vs\.?|v|or|:|\?)"
    rf"\s*(?:(?:due to|from|represent(?:s|ing)?|because of) )?{_WORDS}",
    re.IGNORECASE,
)
# "Blunting on the right, effusion versus pleural thickening".
_ASIDE = re.compile(rf"{_WHERE}\s*[,;–-]\s*{_WORDS}", re.IGNORECASE)
_SAME_SIDE = re.compile(
    r"\s*(?:(?:(?:on|at|in) )?(?:the same|same|that|this) (?:side|lung|hemithorax|base|apex)|there|beneath (?:it|them)|underneath)"
    r"(?=\s*(?:[.,;:)]|$|\b(?:with|without|despite|and|but)\b))",
    re.IGNORECASE,
)
_IPSILATERAL = re.compile(r"\bipsilateral(?: \w+){0,2}\s*\w*$", re.IGNORECASE)
# "A halo sign around a left upper lobe nodule", "the luftsichel is pathognomonic of left upper lobe collapse".
_OF_IT = re.compile(
    r"\s*(?:sign )?(?:around|within|in|of|from|due to|caused by|(?:is |are )?(?:pathognomonic|diagnostic|characteristic|indicative) of"
    r"|indicat(?:es?|ing)|denot(?:es?|ing)|means?|points? to)\s+(?:[\w-]+ ){0,4}",
    re.IGNORECASE,
)
_JOINED = re.compile(r"\s*(?:,? and|&|\+|/)\s+(?:\w+ )?", re.IGNORECASE)


def with_shared_sides(sentence: str, mentions: Sequence[Mention]) -> list[Mention]:
    """The mentions in their order, those without a side of their own with the one that a neighbour lends them."""
    found = list(mentions)
    things = [at for at, m in enumerate(found) if m.category not in {"anatomy", "value"}]
    for before, at in pairwise(things):
        found[at] = _with(found[at], _from_before(sentence, found[before], found[at]))
    for at, after in zip(reversed(things[:-1]), reversed(things[1:]), strict=True):
        found[at] = _with(found[at], _from_after(sentence, found[at], found[after]))
    for at in things:
        here = found[at]
        same = _SAME_SIDE.match(sentence, here.end) or _IPSILATERAL.search(sentence, max(0, here.start - 25), here.end)
        if here.side is None and same:
            found[at] = _with(found[at], next((m.side for m in reversed(found[:at]) if m.side), None))
    return found if sentence.rstrip().endswith("?") else _of_one_side(found)


def _of_one_side(mentions: Sequence[Mention]) -> list[Mention]:
    """A statement that names one side only is about that side: what is or may be there and comes later lies there too."""
    sided = [m for m in mentions if m.side and m.category not in _SIDELESS and not _DIRECTED.search(m.name)]
    first = sided[0] if sided else None
    if first is None or first.side == "both" or {m.side for m in sided} != {first.side}:
        return list(mentions)
    return [
        _with(m, first.side)
        if m.start > first.start and m.assertion in {"present", "possible"} and _LATERAL.search(m.name)
        else m
        for m in mentions
    ]


def _with(mention: Mention, side: Side | None) -> Mention:
    takes_none = mention.side or mention.category in _SIDELESS
    return mention if takes_none or side is None else replace(mention, side=side)


def _from_before(sentence: str, lender: Mention, mention: Mention) -> Side | None:
    """The side of the mention before, where one phrase names both or the one explains the other."""
    between = sentence[lender.end : mention.start]
    if lender.side is None or mention.side or not _alike(lender, mention):
        return None
    lateral = mention.category not in _IN_THE_CHEST or _LATERAL.search(mention.name)
    if lateral and lender.assertion == mention.assertion and _JOINED.fullmatch(between):
        return lender.side
    if not _lateral(lender, mention):
        return None
    alike = lender.assertion == mention.assertion or (lender.assertion, mention.assertion) == ("historical", "present")
    together = alike and _TOGETHER.fullmatch(between)
    explained = mention.assertion in {"possible", lender.assertion} and _EXPLAINED.fullmatch(between)
    explained = explained or (mention.assertion == "possible" and _ASIDE.fullmatch(between))
    return lender.side if together or explained else None


def _from_after(sentence: str, mention: Mention, lender: Mention) -> Side | None:
    """The side that is said last for two or more: "ring shadows and tram lines in the right lower zone"."""
    if lender.side is None or mention.side or not _lateral(lender, mention) or not _alike(lender, mention):
        return None
    between = sentence[mention.end : lender.start]
    if mention.category == "sign" and _OF_IT.fullmatch(between):
        return lender.side
    if names_side(sentence[mention.end : lender.end]) or lender.assertion not in {"possible", mention.assertion}:
        return None
    return lender.side if _TOGETHER.fullmatch(between) or _EXPLAINED.fullmatch(between) else None


def _alike(one: Mention, other: Mention) -> bool:
    """Not "right shoulder pain and hepatomegaly"."""
    return one.category == other.category or not {one.category, other.category} & _FELT


def _lateral(one: Mention, other: Mention) -> bool:
    return bool(_LATERAL.search(one.name) and _LATERAL.search(other.name))

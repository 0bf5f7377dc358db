"""Mentions that a question leaves out: "causes of Kerley B lines other than heart failure".

What is left out is not asked about, though it is there. Knows nothing of the graph.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from kg.types import Mention

# Not "but not" and "instead of", which compare; "a test for excluding" it asks about it.
_LEAVES_OUT = re.compile(
    r"\b(?:other than|apart from|aside from|besides|beside from|except(?:ing)?(?: for)?|with the exception of"
    r"|(?<=, )excluding|(?<=\()excluding|not counting|leaving aside)"
    r"\s+(?:(?:the|an?|his|her|my|your|just|only|obvious|known|typical) )*",
    re.IGNORECASE,
)
# What something is taken out of: "causes", "anything else"; not "a cough with no fever other than".
_ASKED_FOR = re.compile(
    r"\b(?:what|which|who|anything|something|everything|else|other|others|(?:cause|reason|explanation|differential|condition"
    r"|disease|disorder|thing|sign|feature|finding|test|scan|treatment|drug|option|alternative|complication|symptom|factor)s?"
    r"|diagnos[ei]s|causes?|caused|ddx?|list|name)\b",
    re.IGNORECASE,
)
# Of these all that is left is what the question is about: "normal apart from a nodule", "nothing but an effusion".
_ALL_BUT = re.compile(
    r"\b(?:no|not|none|nothing|nobody|never|without|normal|clear|unremarkable|well|fine|healthy|fit)\b[^,;:]*$",
    re.IGNORECASE,
)
_JOINED = re.compile(
    r"\s*(?:(?P<comma>,)|,? ?(?:and|or|nor)\b|[/&+])\s*(?:(?:the|an?|acute|chronic|left|right) )*", re.IGNORECASE
)
_NO_THING = frozenset({"value", "anatomy"})


def with_left_out(sentence: str, mentions: Sequence[Mention]) -> list[Mention]:
    """The mentions in their order, `excluded` where the sentence asks for others than these."""
    found = list(mentions)
    for trigger in _LEAVES_OUT.finditer(sentence):
        before = sentence[: trigger.start()]
        if _ALL_BUT.search(before) or not _ASKED_FOR.search(before if before.strip() else sentence[trigger.end() :]):
            continue
        for at in _listed(sentence, trigger.end(), found):
            found[at] = replace(found[at], excluded=True)
    return found


def _listed(sentence: str, start: int, mentions: Sequence[Mention]) -> list[int]:
    """The places of the mentions in the list that begins at `start`; a comma joins only where "and" or "or" follows."""
    listed, waiting, end = list[int](), list[int](), start
    for at, mention in enumerate(mentions):
        if mention.start < start or mention.category in _NO_THING:
            continue
        between = sentence[end : mention.start]
        if not listed:
            if len(between.split()) > 1:
                return []
            listed.append(at)
        else:
            joined = _JOINED.fullmatch(between)
            if joined is None:
                return listed
            waiting.append(at)
            if not joined["comma"]:
                listed, waiting = listed + waiting, []
        end = mention.end
    return listed

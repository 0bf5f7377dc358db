"""Concepts that a sentence puts together from parts: "pneumonia of the right lower lobe", "pulls up the minor fissure".

Knows the linker's names, nothing of relations and of facts.
"""

# ruff: noqa: E501 - an alternation is easier to read, and to extend, on one line

import re
from collections.abc import Sequence
from dataclasses import replace

from kg.linking import Linker
from kg.types import Mention

# Air-space disease of a lobe is what hides its borders, whatever fills it.
_LOBAR = {
    "pneumonia": "consolidation", "consolidation": "consolidation", "lobar_consolidation": "consolidation", "lobar_pneumonia": "consolidation",
    "airspace_disease": "consolidation", "bacterial_pneumonia": "consolidation", "atelectasis": "collapse",
    "lobar_collapse": "collapse",
}  # fmt: skip
_IN = re.compile(
    r"\s*(?:is |are |lies? |seen )?(?:of|in|within|affecting|involving|filling|confined to|limited to) (?:the |a |an )?$"
)
_ILL = re.compile(
    r"(?:disease|pathology|opacification|infiltrates?|an? (?:airspace )?process) (?:of|in|within|affecting) (?:the )?$"
)
_ILL_AFTER = re.compile(r"\s*(?:airspace |air-space )?(?:disease|pathology|opacification|infiltrates?|shadowing)\b")

# A verb that does something to a part of the body, and the word that names the result.
_DONE: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"elevat(?:e[sd]?|ing)|rais(?:e[sd]?|ing)|lift(?:s|ed|ing)?(?: up)?|hitch(?:es|ed|ing)? up", ("elevated", "raised")),
    (r"depress(?:es|ed|ing)?|lower(?:s|ed|ing)?", ("depressed",)),
    (r"flatten(?:s|ed|ing)?", ("flattened",)),
    (r"blunt(?:s|ed|ing)?|round(?:s|ed|ing) off|fill(?:s|ed|ing)? in", ("blunted",)),
    (r"widen(?:s|ed|ing)?|broaden(?:s|ed|ing)?", ("widened", "splayed", "enlarged")),
    (r"enlarg(?:e[sd]?|ing)|dilat(?:e[sd]?|ing)|expand(?:s|ed|ing)?", ("enlarged", "dilated")),
    (r"narrow(?:s|ed|ing)?", ("narrowed",)),
    (r"thicken(?:s|ed|ing)?", ("thickened",)),
    (r"splay(?:s|ed|ing)?", ("splayed",)),
    (r"hyperinflat(?:e[sd]?|ing)|overinflat(?:e[sd]?|ing)", ("hyperinflated",)),
    (r"displac(?:e[sd]?|ing)", ("displaced",)),
)  # fmt: skip
_MOVED = r"pull(?:s|ed|ing)?|draw(?:s|n|ing)?|drag(?:s|ged|ging)?|push(?:es|ed|ing)?|mov(?:e[sd]?|ing)|shift(?:s|ed|ing)?|displac(?:e[sd]?|ing)"
_UP = r"(?:up|upwards?|superiorly|cranially|higher)"
_DOWN = r"(?:down|downwards?|inferiorly|caudally|lower)"
_DET = r"(?:the |a |an |its |both )?"
_FINDINGS = frozenset({"finding", "sign", "exam_sign"})
_ON_IT = re.compile(r"^(?:on|in|with) (?:an? |the )?$", re.IGNORECASE)
_DONE_NOW = re.compile(
    r"(?:elevate|raise|lift|depress(?=es )|lower|flatten|blunt|widen|broaden|enlarge|dilate|narrow|thicken|splay|hyperinflate"
    rf"|displace)(?P<s>e?s)? {_DET}",
    re.IGNORECASE,
)
_BEFORE_A_BASE_FORM = re.compile(
    r"\b(?:not|cannot|\w+n't|never|can|may|might|could|will|to) (?:\w+ly )?$", re.IGNORECASE
)


def composed(text: str, mentions: Sequence[Mention], linker: Linker) -> tuple[Mention, ...]:
    """The mentions with a lobe and what is wrong in it as one, where the lexicon has that one."""
    out: list[Mention] = []
    for mention in mentions:
        joined = _joined(text, out[-1], mention, linker) if out else None
        if joined is not None:
            out[-1] = joined
        else:
            out.append(mention)
    return tuple(_diseased(text, mention, linker) for mention in out)


def _joined(text: str, one: Mention, other: Mention, linker: Linker) -> Mention | None:
    """One mention of "right middle lobe pneumonia" or "pneumonia of the right middle lobe", if there is such a concept."""
    between = text[one.end : other.start]
    if not between.strip(" -") and one.category == other.category and one.concept.endswith(f"_{other.concept}"):
        return replace(one, end=other.end, text=text[one.start : other.end])  # "Q fever" and "pneumonia" are one thing
    if not between.strip(" -") and other.concept in _LOBAR:
        lobe, ill = one, other
    elif _IN.fullmatch(between) and one.concept in _LOBAR:
        lobe, ill = other, one
    else:
        return None
    return _named(lobe.concept, _LOBAR[ill.concept], replace(ill, start=one.start, end=other.end), text, linker)


def _diseased(text: str, mention: Mention, linker: Linker) -> Mention:
    """A "disease in the right middle lobe" is as good as its consolidation: what hides a border."""
    before, after = _ILL.search(text[: mention.start]), _ILL_AFTER.match(text[mention.end :])
    if mention.category != "anatomy" or not (before or after):
        return mention
    start = before.start() if before else mention.start
    end = mention.end + (after.end() if after and not before else 0)
    named = _named(mention.concept, "consolidation", replace(mention, start=start, end=end), text, linker)
    return named or mention


def _named(lobe: str, ill: str, at: Mention, text: str, linker: Linker) -> Mention | None:
    concept = linker.concepts.get(f"{'lingular' if lobe == 'lingula' else lobe}_{ill}")
    if concept is None:
        return None
    return replace(
        at,
        concept=concept.id,
        name=concept.name,
        category=concept.category,
        text=text[at.start : at.end],
        candidates=(),
    )


def as_findings(text: str, linker: Linker) -> str:
    """The text with "pulls up the minor fissure" as "causes elevated minor fissure", where that is a finding's name."""
    if not _ANY.search(text):
        return text
    mentions = linker.link(text)
    if mentions[:1] and mentions[0].category in {"technique", "test"} and not _ON_IT.search(text[: mentions[0].start]):
        return text  # a view makes things look so
    for mention in reversed(mentions):  # from the end, so that the places of those before stay
        turned = _turned(text, mention, linker) if mention.category == "anatomy" else _unfolded(text, mention)
        text = text if turned is None else turned
    return text


def _unfolded(text: str, mention: Mention) -> str | None:
    """The text with "blunts the costophrenic angle" as "causes blunted costophrenic angle", where all of it is the name."""
    verb = _DONE_NOW.match(mention.text)
    if mention.category not in _FINDINGS or not verb or not mention.start:
        return None
    if not (verb["s"] or _BEFORE_A_BASE_FORM.search(text[: mention.start])):
        return None  # "a blunt angle" is no deed
    return f"{text[: mention.start]}causes {mention.name}{text[mention.end :]}"


def _turned(text: str, mention: Mention, linker: Linker) -> str | None:
    noun = text[mention.start : mention.end]
    for before, after, words in _ACTIVE:
        verb, particle = before.search(text[: mention.start]), after.match(text[mention.end :])
        named = _finding(words, noun, linker) if verb and particle else ""
        if verb and particle and named:
            return f"{text[: verb.start()]}causes {named}{text[mention.end + particle.end() :]}"
    for done, words in _PASSIVE:
        found = done.match(text[mention.end :])
        named = _finding(words, noun, linker) if found else ""
        if found and named:
            rest = text[mention.end + found.end() :]
            return f"{text[: mention.start]}{named} {'is caused' if rest.startswith(' by ') else 'is seen'}{rest}"
    return None


def _finding(words: Sequence[str], noun: str, linker: Linker) -> str:
    for word in words:
        phrase = f"{word} {noun}"
        found = linker.link(phrase)
        if len(found) == 1 and found[0].start == 0 and found[0].end == len(phrase) and found[0].category in _FINDINGS:
            return phrase
    return ""


def _verb(verb: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{verb}) {_DET}$", re.IGNORECASE)


def _then(particle: str) -> re.Pattern[str]:
    return re.compile(rf"\s+{particle}\b" if particle else "", re.IGNORECASE)


_RAISED, _LOWERED = ("elevated", "raised"), ("depressed",)
_ACTIVE = (
    *((_verb(verb), _then(""), words) for verb, words in _DONE),
    (_verb(f"(?:{_MOVED}) {_UP}"), _then(""), _RAISED),
    (_verb(f"(?:{_MOVED}) {_DOWN}"), _then(""), _LOWERED),
    (_verb(_MOVED), _then(_UP), _RAISED),
    (_verb(_MOVED), _then(_DOWN), _LOWERED),
)
_IS = r"(?:is|are|becomes?|gets?)"
_PASSIVE = (
    (_then(rf"(?:{_IS} (?:{_MOVED})|moves?|shifts?|rises?) {_UP}"), _RAISED),
    (_then(rf"(?:{_IS} (?:{_MOVED})|moves?|shifts?|sinks?) {_DOWN}"), _LOWERED),
)
_ANY = re.compile("|".join(verb for verb, _ in _DONE) + f"|{_MOVED}|rises?|sinks?", re.IGNORECASE)

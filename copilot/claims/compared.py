"""A sentence that compares two things: "the right main bronchus is wider and more vertical than the left".

Read only where the comparison is all that it says. Knows nothing of facts.
"""

# ruff: noqa: E501 - an alternation is easier to read, and to extend, on one line

import re
from collections.abc import Iterator, Sequence

from copilot.claims.values import ARTICLES, is_harmless
from kg.linking import Linker
from kg.linking.normal import phrase
from kg.types import Claim, Mention
from kg.verification.rules import GOES_WITHOUT_SAYING

# (relation, words for more of it, words for less of it)
_DIMENSIONS = (
    (
        "HIGHER_DOSE_THAN",
        r"(?:an? )?(?:\w+ )?(?:higher|larger|greater|bigger) (?:radiation |effective )?dose(?: of radiation)?"
        r"|more (?:ioni[sz]ing )?radiation",
        r"(?:an? )?(?:\w+ )?(?:lower|smaller) (?:radiation |effective )?dose(?: of radiation)?"
        r"|less (?:ioni[sz]ing )?radiation",
    ),
    (
        "WIDER_THAN",
        r"wider|broader|(?:larger|greater) in (?:diameter|calib(?:re|er))",
        r"narrower|smaller in (?:diameter|calib(?:re|er))",
    ),
    (
        "HIGHER_THAN",
        r"higher(?: up)?|more (?:superior|cranial)(?:ly)?",
        r"lower(?: down)?|more (?:inferior|caudal)(?:ly)?",
    ),
    ("LONGER_THAN", r"longer", r"shorter"),
    (
        "STEEPER_THAN",
        r"steeper|straighter|more (?:vertical|steep|upright)(?:ly)?",
        r"more (?:horizontal|oblique)(?:ly)?|less (?:vertical|steep|upright)(?:ly)?",
    ),
    ("LARGER_THAN", r"larger|bigger", r"smaller"),
    (
        "DENSER_THAN",
        r"denser|whiter|brighter|more (?:dense|opaque|radio-?opaque|radio-?dense)",
        r"darker|blacker|less (?:dense|opaque|radio-?opaque|radio-?dense)|more (?:radio-?)?lucent",
    ),
    ("COMMONER_THAN", r"commoner|more (?:common|frequent)", r"rarer|less (?:common|frequent)"),
    ("MORE_SENSITIVE_THAN", r"more sensitive|better|superior", r"less sensitive|worse|inferior"),
)
_FAR = r"(?:(?:very |so )?(?:much|far|slightly|somewhat|considerably|markedly|clearly|distinctly|generally|normally|usually|also)|a (?:little|bit|good deal|lot)) "
_MORE = rf"(?:{_FAR})*(?:{'|'.join(f'{more}|{less}' for _, more, less in _DIMENSIONS)})"
_MAY_COMPARE = re.compile(r"\bthan\b|\b(?:superior|inferior) to\b", re.IGNORECASE)
"""Every pattern below needs one of these; most sentences have none, and need not be tried."""
_ON_A_FILM = r"(?: on (?:an? |the )?(?:(?:chest|plain) )?(?:radiograph|film|x-?ray)s?)"
_COMPARED = re.compile(
    rf"^(?P<left>.+?),? (?P<more>{_MORE}(?:(?:,| and|, and) (?:runs? |lies? |is |are )?{_MORE})*){_ON_A_FILM}?(?P<what> (?:for|at|in) [^,;]+?)? (?:than|(?<=superior )to|(?<=inferior )to) (?P<right>[^,;]+)$",
    re.IGNORECASE,
)
_FINDS = r"(?:detect|show|reveal|find|demonstrate|visuali[sz]e|pick up|spot|depict|uncover|display)(?:s|ing)?"
_FINDS_MORE = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"^(?P<left>.+?) {_FINDS}(?: up)? (?:{_FAR}|many )?(?P<more>more|fewer|smaller) (?P<what>[^,;]+?) than (?P<right>[^,;]+)$",
        rf"^(?P<left>.+?) {_FINDS} (?P<what>[^,;]+?) (?:{_FAR})?(?P<more>better|worse|more (?:clearly|reliably|readily|easily|sensitively|accurately)"
        r"|less (?:clearly|reliably|readily|easily|sensitively|accurately)) than (?P<right>[^,;]+)$",
        rf"^(?P<what>[^,;]+?) (?:is|are) (?:{_FAR})?(?P<more>easier|harder) to (?:see|detect|find|spot|recogni[sz]e|show) (?:on|in|with|by)"
        r" (?P<left>[^,;]+?) than (?:on|in|with|by) (?P<right>[^,;]+)$",
        rf"^(?P<what>[^,;]+?) (?:is|are) (?:{_FAR})?(?P<more>better|worse) (?:seen|shown|detected|visible|visuali[sz]ed|demonstrated)"
        r" (?:on|in|with|by) (?P<left>[^,;]+?) than (?:on|in|with|by) (?P<right>[^,;]+)$",
    )
)
_MORE_OF_THEM = re.compile(
    r"(?:more|fewer|smaller|easier|harder|better|worse|(?:more|less) (?:clearly|reliably|readily|easily|sensitively|accurately))$",
    re.IGNORECASE,
)
_LESS = re.compile(r"fewer|harder|worse|less", re.IGNORECASE)
_WHAT = re.compile(
    rf" (?:for|at|in)(?: (?:the )?(?:{_FINDS}|detection of|diagnosis of|diagnosing|seeing|excluding))? (?P<what>.+)$"
)
_OTHER_SIDE = re.compile(
    r"^(?:(?:that|those) (?:of|on) )?(?:the|its|his|her)(?: (?P<side>left|right)| (?:other|opposite))(?: (?:one|side|fellow|counterpart))?(?: (?:is|does|do|are))?$"
    r"|^(?:the other|its (?:fellow|counterpart|partner|neighbou?r on the other side))$",
    re.IGNORECASE,
)
_DENIED = re.compile(r"\b(?:not|never|no|nowhere near|hardly|\w+n't)\b", re.IGNORECASE)
_VERBS = frozenset(
    "is are be lie lies sit sits stand stands run runs look looks appear appears seem seems have has give gives use uses deliver "
    "delivers carry carries involve involves mean means does do one ones it its other position course test examination method "
    "tool technique at far healthy normal".split()
)
_LITTLE = frozenset("small tiny subtle early minor slight".split())
"""What is better at finding a thing finds little of it sooner."""
_TESTS = frozenset({"MORE_SENSITIVE_THAN", "HIGHER_DOSE_THAN"})


def compared(text: str, linker: Linker) -> tuple[Claim, ...]:
    """The claims of a comparison, one for each dimension; none where the sentence says anything else as well."""
    if not _MAY_COMPARE.search(text):
        return ()
    found = next(filter(None, (pattern.match(text) for pattern in (*_FINDS_MORE, _COMPARED))), None)
    if found is None:
        return ()
    what, right = _apart(found["what"] or "", found["right"])
    dimensions = tuple(_dimensions(found["more"]))
    of_tests = bool(_TESTS & {name for name, _ in dimensions})
    subject = _only(found["left"], linker, tests=of_tests)
    if subject is None or not dimensions or (of_tests and subject.category not in {"technique", "test"}):
        return ()
    other = _other_side(subject, right, linker) or _concept(
        _only(re.sub(r"\bones?$", "film", right), linker, tests=True)
    )
    if not other or other == subject.concept:
        return ()
    targets = [m for m in linker.link(what, values=True) if m.concept not in GOES_WITHOUT_SAYING]
    context = tuple((m.concept, phrase(m.text)) for m in targets)
    residue = tuple(word for piece in _left_over(what, targets) if piece not in _LITTLE for word in phrase(piece))
    denied = _DENIED.search(found["left"]) is not None
    return tuple(
        Claim(*(ends if more else ends[::-1]), denied=denied, context=context, residue=residue)
        for name, more in dimensions
        for ends in [(subject.concept, name, other)]
    )


def _dimensions(words: str) -> Iterator[tuple[str, bool]]:
    """(relation, whether there is more of it) of each comparative."""
    if _MORE_OF_THEM.match(words):
        yield "MORE_SENSITIVE_THAN", not _LESS.match(words)
        return
    for part in re.split(r"(?:, and|,| and) (?:runs? |lies? |is |are )?(?=\w)", words):
        for name, more, less in _DIMENSIONS:
            if found := re.fullmatch(rf"(?:{_FAR})*(?:(?P<more>{more})|{less})", part.strip(), re.IGNORECASE):
                yield name, found["more"] is not None
                break


def _apart(what: str, right: str) -> tuple[str, str]:
    """What is looked for, before or after the other test, and that test."""
    if what:
        found = _WHAT.match(what)
        return (found["what"] if found else what), right
    found = _WHAT.search(right)
    return (found["what"], right[: found.start()]) if found else ("", right)


def _only(text: str, linker: Linker, *, tests: bool) -> Mention | None:
    """The one thing that the words name, where they say nothing else. `tests`: a plain film may be it."""
    named = [m for m in linker.link(text, values=True) if m.category != "population"]
    things = [m for m in named if m.concept not in GOES_WITHOUT_SAYING] or (named if tests else [])
    if len(things) != 1 or _left_over(_DENIED.sub(" ", text), named):
        return None
    return things[0]


def _left_over(text: str, named: Sequence[Mention]) -> list[str]:
    for mention in named:
        text = text.replace(mention.text, " ", 1)
    words = re.findall(r"[a-z][\w'-]*", text.lower())
    return [w for w in words if w == "abnormal" or (w not in _VERBS | ARTICLES and not is_harmless(w))]


def _concept(mention: Mention | None) -> str:
    return mention.concept if mention else ""


def _other_side(subject: Mention, words: str, linker: Linker) -> str:
    """The same structure on the other side, where the words mean it: "than the left"."""
    found = _OTHER_SIDE.match(words.strip())
    own, _, rest = subject.concept.partition("_")
    mirrored = {"left": "right", "right": "left"}.get(own, "")
    if found is None or not mirrored or (found["side"] or mirrored).lower() != mirrored:
        return ""
    return f"{mirrored}_{rest}" if f"{mirrored}_{rest}" in linker.concepts else ""

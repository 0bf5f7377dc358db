"""Facts in good English, by rules: articles, number, quantities, qualifiers. What a composed answer is made
of.

Knows nothing of the graph and of language models. Works from names alone, so it also serves packs it has
never seen.
"""

import re
from importlib import resources

from kg.predicates import PREDICATES
from kg.types import Concept, Fact, Quantity

DEFINED_AS = "DEFINED_AS"

# Objects that read as a value or a kind, so without an article.
_BARE_OBJECT = frozenset({
    "IS_A", "CONSISTS_OF", "APPEARS_AS", "HAS_DISTRIBUTION", "SHIFTS_MEDIASTINUM", "HAS_COURSE",
    "HAS_URGENCY",
    "TRANSMITTED_BY",
})  # fmt: skip

_MEASURES = frozenset({"HAS_THRESHOLD", "HAS_VALUE"})


def _sections() -> dict[str, list[str]]:
    """The lines of `kg/data/nouns.txt` by the heading they stand under."""
    text = (resources.files("kg") / "data" / "nouns.txt").read_text("utf-8")
    found: dict[str, list[str]] = {}
    for line in (raw for raw in text.splitlines() if raw and not raw.startswith("#")):
        if line.startswith("["):
            found[line.strip("[]")] = lines = []
        else:
            lines.append(line)
    return found


_SECTIONS = _sections()
_THE, _A, _MASS, _SYMPTOMS, _SEEN = (
    frozenset(" ".join(_SECTIONS[name]).split()) for name in ("the", "a", "mass", "symptoms", "seen")
)
_THE_NAMES, _A_NAMES, _BARE_NAMES = (
    re.compile(rf"(?:{'|'.join(_SECTIONS[name])})$", re.IGNORECASE) for name in ("the names", "a names", "bare names")
)
_CHANGED = re.compile(
    rf"(?:(?:left|right|superior|inferior) )?(?:{'|'.join(' '.join(_SECTIONS['changed']).split())}|[a-z]+-shaped)\b"
)
_BREAK = re.compile(
    r"\s(?:of|in|with|without|on|for|at|to|from|by|due|after|between|below|above|around|near|behind|under|"
    r"within|per|who|whose|that|which)\s"
)
_SINGULAR_S = re.compile(
    r"(?:ss|us|is|os|itis|[A-Z]S|ascites|diabetes|herpes|measles|mumps|rabies|pancreas|gas|series|biceps|"
    r"caseous|species|lens|bias)$"
)
_ORGANISM = re.compile(r"[A-Z][a-z]+ [a-z]+(?:ans|oides)$")
_PLURAL = frozenset({
    "apices", "atria", "bacteria", "bronchi", "bullae", "children", "criteria", "diverticula", "fungi",
    "alveoli", "emboli", "hila", "men", "thrombi",
    "mycobacteria", "people", "septa", "vertebrae", "women",
})  # fmt: skip
_PLURAL_VERB = {
    "is": "are", "does": "do", "consists": "consist", "appears": "appear", "has": "have", "shifts": "shift",
    "borders": "border", "rules": "rule", "confirms": "confirm", "affects": "affect", "lies": "lie",
    "requires": "require", "magnifies": "magnify", "needs": "need", "belongs": "belong", "runs": "run",
    "spreads": "spread", "gives": "give",
}  # fmt: skip
_PREPOSITION = re.compile(
    r"(?:in|on|at|with|without|when|if|after|before|during|for|by|as|unless|among|under|over|from|while|"
    r"where|until|within"
    r"|because|through|due|even|especially|mainly|typically|usually|often|commonly|rarely|sometimes|early|late|more"
    r"|between|behind|below|beyond|towards|together|compared|that|and|or|to|of)\b",
    re.IGNORECASE,
)
# What only adds to the statement and does not limit it stands behind a comma.
_ADDED = re.compile(r"(?:which|by which|whose|although|so|including|except|apart from)\b", re.IGNORECASE)
_ADVERB = re.compile(r"(?P<adverb>\w+ly|most often)(?P<rest>$|,.*)")
_AT_START = frozenset({"as a rule", "in general"})
# What is so as a rule is not said with "can": it "usually shows", not "can usually show".
_AS_A_RULE = _AT_START | {"usually", "typically", "mostly", "mainly", "generally", "most often"}
_CAN = re.compile(r"(?<=\} )can ([a-z]+)")
_PEOPLE = re.compile(r"\b(?:people|women|men|children|adults|infants|patients|workers|smokers|recipients|contacts)\b")
_MISPLACED = re.compile(r"(?:malpositioned|misplaced|migrated)\b")
_TEST = re.compile(
    r".*(?:assay|angiography|culture|cytology|D-dimer|electrocardiogram|echocardiography|oximetry|peptide|radiograph|scan"
    r"|serology|spirometry|test|tomography|troponin|ultrasound|ultrasonography)$"
)
_RESULT = re.compile(r"\b(?:negative|normal|result|below|clear)\b")
# How a relation reads for some subjects and objects: (said, denied).
_AT_RISK = ("{s} is at increased risk of {o}", "{s} is not at increased risk of {o}")
_SEEN_IN = ("{s} is typically seen in {o}", "{s} is not typically seen in {o}")
_CAN_LIE = ("{s} can lie in {o}", "{s} does not lie in {o}")
_CAN_LACK = ("{s} requires {o}", "{s} does not always present with {o}")
_TRANSMITTED = ("{s} is transmitted by {o}", "{s} is not transmitted by {o}")
_HAS_PARTS = ("{s} typically has {q}", "{s} does not typically have {q}")
# How a value reads as a statement: (said, denied).
_AS_VALUE = {
    ("HAS_URGENCY", "emergency"): ("{s} is an emergency", "{s} is not an emergency"),
    ("HAS_URGENCY", "urgent"): ("{s} needs urgent attention", "{s} does not need urgent attention"),
    ("HAS_URGENCY", "routine"): ("{s} can be dealt with routinely", "{s} is not a routine matter"),
    ("HAS_SIDE", "left_side"): ("{s} lies on the left side", "{s} does not lie on the left side"),
    ("HAS_SIDE", "right_side"): ("{s} lies on the right side", "{s} does not lie on the right side"),
    ("HAS_SIDE", "midline"): ("{s} lies in the midline", "{s} does not lie in the midline"),
    ("HAS_SIDE", "both_sides"): ("{s} lies on both sides", "{s} does not lie on both sides"),
    ("SHIFTS_MEDIASTINUM", "no_shift"): ("{s} does not shift the mediastinum",
    "{s} can shift the mediastinum"),
    ("SHIFTS_MEDIASTINUM", "no_mediastinal_shift"): (
        "{s} does not shift the mediastinum", "{s} can shift the mediastinum",
    ),
}  # fmt: skip
_OPERATORS = {
    "<": "less than {value}", "<=": "{value} or less", "=": "{value}", ">=": "{value} or more",
    ">": "greater than {value}", "between": "between {value} and {upper}",
}  # fmt: skip
_UNIT_WORDS = {
    "1": "", "%": "per cent", "mm Hg": "mmHg", "mmHg": "mmHg", "breaths/min": "breaths per minute",
    "beats/min": "beats per minute", "cells/uL": "cells per microliter", "pairs": "",
}  # fmt: skip
_COUNTED_UNITS = frozenset({"years", "months", "weeks", "days", "hours", "minutes", "points", "cells", "doses"})


def sentence(fact: Fact, *, subjects: str = "", objects: str = "") -> str:
    """One sentence that says the fact: a capital letter, a full stop, and everything that qualifies it.

    `subjects`, `objects`: a list of names that takes the place of the fact's own.
    """
    if fact.predicate == DEFINED_AS:
        return fact.object_name
    qualifiers = dict(fact.qualifiers)
    worded = _with_frequency(template(fact), qualifiers, plural=bool(subjects) or is_plural(fact.subject_name))
    worded = worded.replace("a {o} ", f"{_a(fact.object_name)} {{o}} ")
    said = worded.format(s=subjects or _subject(fact), o=objects or _object(fact), q=quantity(fact.quantity))
    return _finished(said + _qualified(qualifiers))


def template(fact: Fact) -> str:
    """The template of the relation for such names, its verb agreeing with what stands before it."""
    said, denied = _readings(fact)
    worded = denied if fact.denied else said
    leads = _object(fact) if worded.startswith("{o}") or "{s}, {o}" in worded else fact.subject_name
    return _agree(worded, leads.removeprefix("the "))


def _readings(fact: Fact) -> tuple[str, str]:
    """(said, denied): people are no factor, a sign affects nobody, a symptom is not required."""
    predicate = PREDICATES[fact.predicate]
    if fact.predicate == "RISK_FACTOR_FOR" and _PEOPLE.search(fact.subject_name):
        return _AT_RISK
    if fact.predicate == "AFFECTS" and _head(fact.subject_name) in _SEEN:
        return _SEEN_IN
    if fact.predicate == "LOCATED_IN" and _MISPLACED.match(fact.subject_name):
        return _CAN_LIE
    if fact.predicate == "REQUIRES" and _head(fact.object_name) in _SYMPTOMS:
        return _CAN_LACK
    if fact.predicate == "TRANSMITTED_BY" and fact.object_name.endswith("spread"):
        return _TRANSMITTED
    if fact.predicate == "HAS_VALUE" and _counts_parts(fact):
        return _HAS_PARTS
    return _AS_VALUE.get((fact.predicate, fact.object), (predicate.says, predicate.denies))


def _counts_parts(fact: Fact) -> bool:
    """Whether it is the number of what the subject has; pairs are what it comes in."""
    unit = fact.quantity.unit if fact.quantity else ""
    return fact.object_name == f"number of {unit}" and unit != "pairs"


def _with_frequency(template: str, qualifiers: dict[str, str], *, plural: bool) -> str:
    """The template with "usually" after its verb or "as a rule" in front, which is then no longer a qualifier."""
    frequency = qualifiers.get("frequency", "")
    if frequency.partition(",")[0] in _AS_A_RULE:
        template = _CAN.sub(lambda found: _without_can(found[1], plural=plural), template, count=1)
    if frequency in _AT_START:
        del qualifiers["frequency"]
        start = template if template.startswith("{") else template[0].lower() + template[1:]
        return f"{frequency}, {start}"
    found = _ADVERB.match(frequency)
    if found is None:
        return template
    qualifiers["frequency"] = found["rest"]
    return re.sub(
        r"(?<=\} )((?:cannot|(?:is|are|can|does|do|alone)(?: not)?) )?(?:typically )?",
        lambda verb: f"{verb[1] or ''}{found['adverb']} ",
        template,
        count=1,
    )


def _without_can(verb: str, *, plural: bool) -> str:
    """The verb that followed "can" in the present tense."""
    if verb == "be":
        return "are" if plural else "is"
    return verb if plural else f"{verb}s"


def _subject(fact: Fact) -> str:
    """The subject; it is the normal or negative result of a test that excludes something."""
    name = fact.subject_name
    told = _RESULT.search(" ".join((name, *(value for _, value in fact.qualifiers))))
    if fact.predicate != "RULES_OUT" or fact.denied or told or not _TEST.match(name):
        return noun_phrase(name)
    return f"{'a ' if noun_phrase(name) != name else ''}normal or negative {name}"


def _object(fact: Fact) -> str:
    name = fact.object_name
    if fact.predicate == "IS_A":
        return _singular(name)
    if fact.predicate not in _MEASURES:
        return name if fact.predicate in _BARE_OBJECT else noun_phrase(name)
    return name if is_plural(name) or " " not in name or _head(name) in _MASS else f"the {name}"


def definition(concept: Concept) -> str:
    """The definition of a concept as a sentence, or an empty string."""
    return _finished(concept.definition) if concept.definition else ""


def noun_phrase(name: str) -> str:
    """The name with the article it takes in a sentence: "the left atrium", "a lung nodule", "pneumonia"."""
    if not name or name.split(maxsplit=1)[0].lower() in {"a", "an", "the"}:
        return name
    head = _head(name)
    if _THE_NAMES.match(name):
        return f"the {name}"
    if is_plural(name) or _BARE_NAMES.match(name):
        return name
    if head in _A or _A_NAMES.match(name) or (head in _THE and _CHANGED.match(name)):
        return f"{_a(name)} {name}"
    return f"the {name}" if head in _THE else name


def is_plural(name: str) -> bool:
    """Whether the name takes a plural verb."""
    head = _head(name, keep_case=True)
    if head.lower() in _PLURAL:
        return True
    return head.endswith("s") and not _SINGULAR_S.search(head) and not _ORGANISM.match(name)


def _singular(name: str) -> str:
    """The kind itself for a name in the plural: "antibiotic" for "antibiotics"."""
    head = _head(name, keep_case=True)
    if not is_plural(name) or not head.endswith("s"):
        return name
    one = head[:-3] + "y" if head.endswith("ies") else re.sub(r"(?<=ss|ch|sh|.x)es$|s$", "", head)
    return re.sub(rf"\b{re.escape(head)}\b", one, name, count=1)


def quantity(amount: Quantity | None) -> str:
    """The comparison in words: "greater than 0.5", "between 6 and 8 mm", "3 months or less"."""
    if amount is None:
        return ""
    if amount.upper is None:
        return _OPERATORS[amount.operator].format(value=_with_unit(_number(amount.value), amount.unit, amount.value))
    if amount.unit.endswith((" vertebra", " root")):  # the bones and nerve roots are numbered, not counted
        low, high = _ordinal(amount.value), _ordinal(amount.upper)
        return f"between the {low} and {high} {amount.unit}{'e' if amount.unit.endswith('a') else 's'}"
    upper = _with_unit(_number(amount.upper), amount.unit, 0)
    return _OPERATORS["between"].format(value=_number(amount.value), upper=upper)


def _with_unit(number: str, unit: str, value: float) -> str:
    return f"{number}{'' if unit.startswith('% ') else ' '}{_unit(unit, value)}".strip()


def _ordinal(value: float) -> str:
    return f"{value:g}" + {1: "st", 2: "nd", 3: "rd"}.get(int(value), "th")


def _head(name: str, *, keep_case: bool = False) -> str:
    """The noun that the name is about: its last word before "of", "in", "with", ..., and before a name put beside it."""
    words = re.findall(r"[\w'/-]+", _BREAK.split(name.partition(" (")[0], maxsplit=1)[0])
    head = words[-1] if words else ""
    return head if keep_case else head.lower()


def _a(name: str) -> str:
    first = name.split(maxsplit=1)[0]
    if re.match(r"(?:uni(?!n)|us[eu]|ur[aeio]|ut[ei]|eu|one\b|u\b)", first, re.IGNORECASE):
        return "a"
    if re.match(r"[A-Z]{2,}|[A-Z]\b|[A-Z]+\d", first):
        return "an" if first[0] in "AEFHILMNORSX" else "a"
    return "an" if re.match(r"[aeiou]|x-|hour|8|1[18]\b", first, re.IGNORECASE) else "a"


def _agree(template: str, leading: str) -> str:
    """The template with its first verb in the plural when what stands before it is plural."""
    if not is_plural(leading) or template.startswith("The "):
        return template
    return re.sub(
        r"(?<=\} )(typically |alone )?(" + "|".join(_PLURAL_VERB) + r")\b",
        lambda found: (found[1] or "") + _PLURAL_VERB[found[2]],
        template,
        count=1,
    )


def _number(value: float) -> str:
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:g}"


def _unit(unit: str, value: float) -> str:
    if unit in _COUNTED_UNITS and value == 1:
        return unit.removesuffix("s")
    return _UNIT_WORDS.get(unit, unit)


def _qualified(said: dict[str, str]) -> str:
    """What qualifies the fact: phrases first, then the rest in one pair of brackets."""
    order = ("view", "side", "population", "mechanism", "frequency", "chronicity", "severity", "condition")
    parts = [_qualifier(key, said[key]) for key in order if said.get(key)]
    aside = [part.replace(" (", ", ").strip("()") for part in parts if part.startswith("(")]
    phrases = [part if part.startswith(",") else f" {part}" for part in parts if not part.startswith("(")]
    return "".join(phrases) + (f" ({', '.join(aside)})" if aside else "")


def _qualifier(key: str, value: str) -> str:
    if _ADDED.match(value):
        return f", {value}"
    if _PREPOSITION.match(value) or value.startswith(","):
        return value
    if key == "population":
        return f"in {noun_phrase(value)}"
    if key == "view":
        single = re.search(r"\b(?:film|radiograph|view|image)\b", value)
        return f"on {_a(value)} {value}" if single else f"on {value} images"
    if key == "side" and value in {"left", "right"}:
        return f"on the {value}"
    return f"through {value}" if key == "mechanism" else f"({value})"


def _finished(text: str) -> str:
    """A capital letter at the start, but for words such as pH; one full stop at the end."""
    start = text if text[1:2].isupper() else text[:1].upper() + text[1:]
    return start if start.endswith((".", "!", "?")) else start + "."

"""Facts in good English, by rules: articles, number, quantities, qualifiers. What a composed answer is made
of.

Knows nothing of the graph and of language models. Works from names alone, so it also serves packs it has
never seen.
"""

import re

from kg.predicates import PREDICATES
from kg.types import Concept, Fact, Quantity

DEFINED_AS = "DEFINED_AS"

# Objects that read as a value or a kind, so without an article.
_BARE_OBJECT = frozenset({
    "IS_A", "CONSISTS_OF", "APPEARS_AS", "HAS_DISTRIBUTION", "SHIFTS_MEDIASTINUM", "HAS_COURSE",
    "HAS_URGENCY",
    "TRANSMITTED_BY",
})  # fmt: skip

_THE_HEADS = frozenset(
    """
    sign angle aorta apex arch artery atrium axilla azygos base bladder border bronchiole bronchus
    bubble carina cava clavicle contour diaphragm duct esophagus fissure fossa gallbladder gland
    heart hemidiaphragm hemithorax hilum inlet interface isthmus kidney knob knuckle larynx left
    lingula liver lobe lung manubrium mediastinum midline nipple notch outlet outline pancreas
    pericardium pharynx plane pleura port process recess right scapula septum shadow side silhouette
    sinus space intermedius spine spleen sternum stomach stripe system thorax trachea tree trunk
    valve vein ventricle wall window zone vertebra
    """.split()
)
_A_HEADS = frozenset(
    """
    abscess absence adenoma aneurysm aspirate assay balloon band biopsy bleb body bronchogram
    bronchoscopy bulla bypass cap catheter cavity clip collection cuff curve cyst defect device
    diverticulum dose drain effusion electrocardiogram electrode embolus event examination factor
    film fistula foramen fracture graft granuloma ground hamartoma hematoma hernia hump implant
    increase infarct infiltrate injury laceration lead lesion level line lymphoma malformation mass
    meniscus murmur myxoma neoplasm nodule opacity pacemaker pattern peak plaque pneumatocele port
    projection radiograph rash ratio rib ring rub rupture scan scar schwannoma score sound stent
    study teratoma test thymoma tube tumor ulcer view volume shunt
    """.split()
)
_THE_NAMES = re.compile(r"(?:(?:abdominal|peritoneal|pleural|thoracic) cavity|common cold|.* sign)$", re.IGNORECASE)
_MEASURES = frozenset({"HAS_THRESHOLD", "HAS_VALUE"})
_MEASURE_HEADS = frozenset(
    {
        "concentration",
        "count",
        "diameter",
        "distance",
        "duration",
        "interval",
        "length",
        "level",
        "pressure",
        "ratio",
        "score",
        "thickness",
        "volume",
        "width",
    }
)
_CHANGED = re.compile(
    r"(?:abnormal|absent|blunted|bulging|collapsed|depressed|dilated|displaced|elevated|enlarged|flattened|"
    r"low|narrowed"
    r"|normal|prominent|raised|small|splayed|thickened|tortuous|widened|[a-z]+-shaped)\b"
)
_BREAK = re.compile(
    r"\s(?:of|in|with|without|on|for|at|to|from|by|due|after|between|below|above|around|near|behind|under|"
    r"within|per)\s"
)
_SINGULAR_S = re.compile(
    r"(?:ss|us|is|os|itis|[A-Z]S|ascites|diabetes|herpes|measles|mumps|rabies|pancreas|gas|series|biceps|"
    r"caseous|species|lens|bias)$"
)
_PLURAL = frozenset({
    "apices", "atria", "bacteria", "bronchi", "bullae", "children", "criteria", "diverticula", "fungi",
    "emboli", "hila", "men",
    "mycobacteria", "people", "septa", "vertebrae", "women",
})  # fmt: skip
_PLURAL_VERB = {
    "is": "are", "does": "do", "consists": "consist", "appears": "appear", "has": "have", "shifts": "shift",
    "borders": "border", "rules": "rule", "confirms": "confirm", "affects": "affect", "lies": "lie",
    "requires": "require", "magnifies": "magnify", "needs": "need", "belongs": "belong", "runs": "run",
    "spreads": "spread",
}  # fmt: skip
_PREPOSITION = re.compile(
    r"(?:in|on|at|with|without|when|if|after|before|during|for|by|as|unless|among|under|over|from|while|"
    r"where|until|within"
    r"|because|through|due|even|especially|mainly|typically|usually|often|commonly|rarely|sometimes"
    r"|to|of)\b",
    re.IGNORECASE,
)
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
_PEOPLE = re.compile(r"\b(?:people|women|men|children|adults|infants|patients|workers|smokers|recipients|contacts?)\b")
_MORE_LIKELY = ("{o} is more likely in {s}", "{o} is not more likely in {s}")
_OPERATORS = {
    "<": "less than {value}", "<=": "{value} or less", "=": "{value}", ">=": "{value} or more",
    ">": "greater than {value}", "between": "between {value} and {upper}",
}  # fmt: skip
_UNIT_WORDS = {
    "1": "", "%": "per cent", "mm Hg": "mmHg", "mmHg": "mmHg", "breaths/min": "breaths per minute",
    "beats/min": "beats per minute", "cells/uL": "cells per microliter",
}  # fmt: skip
_COUNTED_UNITS = frozenset({"years", "months", "weeks", "days", "hours", "minutes", "points", "cells", "doses"})


def sentence(fact: Fact) -> str:
    """One sentence that says the fact: a capital letter, a full stop, and everything that qualifies it."""
    if fact.predicate == DEFINED_AS:
        return fact.object_name
    template = _template(fact).replace("a {o} ", f"{_a(fact.object_name)} {{o}} ")
    said = template.format(s=noun_phrase(fact.subject_name), o=_object(fact), q=quantity(fact.quantity))
    return _finished(said + _qualified(fact.qualifiers))


def _template(fact: Fact) -> str:
    """The template of the predicate or its value, its verb agreeing with what stands before it."""
    predicate = PREDICATES[fact.predicate]
    said, denied = _AS_VALUE.get((fact.predicate, fact.object), (predicate.says, predicate.denies))
    if fact.predicate == "RISK_FACTOR_FOR" and _PEOPLE.search(fact.subject_name):
        said, denied = _MORE_LIKELY  # people are not a factor
    template = denied if fact.denied else said
    object_leads = fact.predicate in _MEASURES or template.startswith("{o}")
    return _agree(template, fact.object_name if object_leads else fact.subject_name)


def _object(fact: Fact) -> str:
    if fact.predicate in _MEASURES:
        return f"the {fact.object_name}" if _head(fact.object_name) in _MEASURE_HEADS else fact.object_name
    return fact.object_name if fact.predicate in _BARE_OBJECT else noun_phrase(fact.object_name)


def definition(concept: Concept) -> str:
    """The definition of a concept as a sentence, or an empty string."""
    return _finished(concept.definition) if concept.definition else ""


def noun_phrase(name: str) -> str:
    """The name with the article it takes in a sentence: "the left atrium", "a lung nodule", "pneumonia"."""
    if not name or is_plural(name) or name.split(maxsplit=1)[0].lower() in {"a", "an", "the"}:
        return name
    head = _head(name)
    if _THE_NAMES.match(name):
        return f"the {name}"
    if _CHANGED.match(name) and (head in _THE_HEADS or head in _A_HEADS):
        return f"{_a(name)} {name}"
    if head in _THE_HEADS:
        return f"the {name}"
    return f"{_a(name)} {name}" if head in _A_HEADS else name


def is_plural(name: str) -> bool:
    """Whether the name takes a plural verb."""
    head = _head(name, keep_case=True)
    if head.lower() in _PLURAL:
        return True
    return head.endswith("s") and not _SINGULAR_S.search(head)


def quantity(amount: Quantity | None) -> str:
    """The comparison in words: "greater than 0.5", "between 6 and 8 mm", "3 months or less"."""
    if amount is None:
        return ""
    upper = "" if amount.upper is None else _number(amount.upper)
    last = amount.upper if amount.upper is not None else amount.value
    unit = _unit(amount.unit, last)
    if amount.operator == "between":
        return _OPERATORS["between"].format(value=_number(amount.value), upper=f"{upper} {unit}".strip())
    return _OPERATORS[amount.operator].format(value=f"{_number(amount.value)} {unit}".strip())


def _head(name: str, *, keep_case: bool = False) -> str:
    """The noun that the name is about: its last word before "of", "in", "with", ..."""
    words = re.findall(r"[\w'/-]+", _BREAK.split(name, maxsplit=1)[0])
    head = words[-1] if words else ""
    return head if keep_case else head.lower()


def _a(name: str) -> str:
    first = name.split(maxsplit=1)[0]
    if re.match(r"(?:uni(?!n)|use|uro|eu|one\b|u\b)", first, re.IGNORECASE):
        return "a"
    if re.match(r"[A-Z]{2,}|[A-Z]\b|[A-Z]+\d", first):
        return "an" if first[0] in "AEFHILMNORSX" else "a"
    return "an" if first[0].lower() in "aeiou" else "a"


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


def _qualified(qualifiers: tuple[tuple[str, str], ...]) -> str:
    said = dict(qualifiers)
    order = ("view", "side", "population", "mechanism", "frequency", "chronicity", "severity", "condition")
    phrases = "".join(" " + _qualifier(key, said[key]) for key in order if key in said)
    return phrases.replace(") (", ", ")  # one pair of brackets


def _qualifier(key: str, value: str) -> str:
    if _PREPOSITION.match(value):
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

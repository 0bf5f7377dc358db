"""What a loose wording ("is", "in", "shows") means between two concepts, by what they are. Knows nothing of sentences."""

from collections.abc import Callable, Mapping

from copilot.claims.values import SUBSTANCES, TESTS, URGENCIES, WHO, valued
from kg.types import Mention


def meant(predicate: str, subject: Mention, obj: Mention) -> tuple[str, bool]:  # noqa: C901, PLR0912 - one decision a wording
    """(relation, whether the ends are swapped) that a loose wording has between two such concepts; "" for none."""
    if predicate in _LOOSE:
        return _LOOSE[predicate](subject, obj)
    if predicate == "RULES_OUT" and obj.category in {*TESTS, "treatment"}:
        return "CONTRAINDICATED_IN", True
    if predicate in {"PRODUCE", "SHOWS"} and obj.concept in {"transudate", "exudate"} and subject.category == "disease":
        return "CAUSES", False
    if predicate == "PRODUCE":
        return ("CAUSES", False) if obj.category == "disease" else meant("SHOWS", subject, obj)
    if predicate == "SHOWS":
        if subject.category in TESTS:
            return "DETECTS", False
        if subject.category in {"finding", "sign", "symptom", "exam_sign"} and obj.category == "disease":
            return "", False  # a sign shows no disease; at most it points to one
        if obj.category in {"symptom"}:
            return "HAS_SYMPTOM", False
        if obj.category == "value":
            return valued(obj.concept), False
        return ("HAS_SIGN" if obj.category == "exam_sign" else "HAS_FINDING"), False
    if predicate == "SEEN_ON":
        if obj.category in TESTS:
            return "DETECTS", True
        return _placed(subject, obj)
    if predicate == "PLACE" and {subject.category, obj.category} <= TESTS:
        return "REQUIRES", False  # what a test involves
    if predicate == "PLACE":
        return _placed(subject, obj)
    if predicate == "LOCATED":
        placed = _placed(subject, obj)
        return placed if obj.category != "anatomy" or placed[0] == "TIP_BELONGS_IN" else ("LOCATED_IN", False)
    if predicate == "FORMED_BY":
        if obj.concept in SUBSTANCES:
            return "CONSISTS_OF", False
        return ("BORDERS", False) if "anatomy" in {subject.category, obj.category} else ("CAUSES", True)
    if predicate == "HAS_SYMPTOM":
        if subject.concept.startswith("normal_"):
            return "!RULES_OUT", False
        if subject.category in TESTS:
            return "", False
        if obj.category in {*TESTS, "treatment"}:
            return ("TREATED_BY" if obj.category == "treatment" else "INVESTIGATED_BY"), False
        if subject.category == "population":
            return "AFFECTS", True
        if obj.category == "value":
            return valued(obj.concept), False
        if obj.category in {"finding", "sign"}:
            return "HAS_FINDING", False
        return ("HAS_SIGN", False) if obj.category == "exam_sign" else ("HAS_SYMPTOM", False)
    if predicate == "SUGGESTS" and obj.category in {"value", "anatomy", *WHO}:
        return _placed(subject, obj)
    if predicate == "SAME_AS" and subject.category == "value":
        return ("CONSISTS_OF" if subject.concept in SUBSTANCES else ""), True
    if predicate == "TREATED_BY" and subject.category in {"anatomy"}:
        return "", False
    if predicate == "REQUIRES" and obj.concept in URGENCIES:
        return "HAS_URGENCY", False
    if predicate == "REQUIRES" and subject.category in TESTS and obj.category == "disease":
        return "", False
    if (
        predicate == "CONSISTS_OF"
        and subject.category in {"disease", "finding"}
        and obj.category in {"finding", "sign"}
    ):
        return "HAS_FINDING", False
    if predicate in {"CONSISTS_OF"} and obj.category == "anatomy" and subject.category == "anatomy":
        return "PART_OF", True
    if predicate == "DESPITE":
        normal = obj.category in TESTS or obj.concept.startswith("normal_")
        return ("!RULES_OUT" if normal else ""), True
    if predicate == "BELONG" and obj.category == "value":
        return valued(obj.concept), False
    if predicate == "BELONG":
        if subject.category in {"sign", "exam_sign", "symptom"}:
            return "SUGGESTS", False
        return ("PART_OF" if subject.category == "anatomy" else "IS_A"), False
    if predicate == "IS_A" and obj.category == "value":
        return valued(obj.concept), False
    if predicate == "BE":
        return _being(subject, obj)
    return predicate, False


def _being(subject: Mention, obj: Mention) -> tuple[str, bool]:
    if subject.concept == obj.concept:
        return "SAME_AS", False
    if obj.category == "value":
        return valued(obj.concept), False
    if subject.category == "value":
        return "", False
    if subject.category in {"disease", "finding"} and obj.category in {"symptom", "exam_sign"}:
        return ("HAS_SYMPTOM" if obj.category == "symptom" else "HAS_SIGN"), False  # people with it are breathless
    if subject.category == "disease" and obj.category == "sign":
        return "HAS_FINDING", False  # an empyema is lens-shaped
    return "IS_A", False


def _placed(subject: Mention, obj: Mention) -> tuple[str, bool]:
    """What "in" means by what stands after it."""
    if obj.category == "value":
        name = valued(obj.concept)
        return ("" if name in {"CONSISTS_OF", "IS_A"} else name), False
    if obj.category in TESTS:
        return "DETECTS", True
    if subject.category in TESTS:
        return "", False
    if obj.category in WHO:
        return "AFFECTS", False
    if subject.category == "device" or (subject.category == "treatment" and subject.concept.endswith("_drain")):
        return "TIP_BELONGS_IN", False
    if obj.category == "anatomy" or subject.category == "anatomy":
        return "LOCATED_IN", False
    return "OCCURS_IN", False


def _occurring(subject: Mention, obj: Mention) -> tuple[str, bool]:
    """What "is seen in" means."""
    return ("LOCATED_IN", False) if "anatomy" in {subject.category, obj.category} else _placed(subject, obj)


def _used(subject: Mention, obj: Mention) -> tuple[str, bool]:
    """What "is used in" means: a test looks for it, anything else treats it."""
    if obj.category in {"value", "anatomy"} or subject.category not in {*TESTS, "treatment", "device", "factor"}:
        return "", False
    if subject.concept.endswith(("vaccine", "vaccination", "prophylaxis")) and obj.category not in WHO:
        return "PREVENTED_BY", True
    return ("INVESTIGATED_BY" if subject.category in TESTS else "TREATED_BY"), True


def _commoner(subject: Mention, obj: Mention) -> tuple[str, bool]:
    """What "is more common in" means: a population or place has it, anything else is a risk."""
    if obj.category in {"anatomy", "value", *WHO}:
        return _placed(subject, obj)
    return "RISK_FACTOR_FOR", True


def _lessening(subject: Mention, obj: Mention) -> tuple[str, bool]:
    """What "makes less likely" means: a measure prevents, a finding speaks against."""
    return ("!SUGGESTS", False) if subject.category in {"finding", "sign", "exam_sign"} else ("PREVENTED_BY", True)


def _including(subject: Mention, obj: Mention) -> tuple[str, bool]:
    """What "includes" means: a part of the body, else a kind."""
    if "value" in {subject.category, obj.category}:
        return "", False
    return ("PART_OF" if subject.category == obj.category == "anatomy" else "IS_A"), True


def _resting(subject: Mention, obj: Mention) -> tuple[str, bool]:
    """What "rests on" means: two parts of the body touch, a tip is where it should not or should be."""
    if subject.category == obj.category == "anatomy":
        return "BORDERS", False
    return ("TIP_BELONGS_IN" if subject.category == "device" and obj.category == "anatomy" else ""), False


def _sparing(subject: Mention, obj: Mention) -> tuple[str, bool]:
    """What "spares" means: it does not predominate in a zone, and leaves a border to be seen."""
    if obj.category == "value":
        return ("!HAS_DISTRIBUTION" if valued(obj.concept) == "HAS_DISTRIBUTION" else ""), False
    if obj.category == "anatomy" and subject.category == "disease" and not _outlined(obj):
        return "!LOCATED_IN", False
    return ("!OBSCURES" if obj.category == "anatomy" else ""), False


def _outlined(place: Mention) -> bool:
    """Whether the place is one whose outline is looked at, which a disease hides or leaves to be seen."""
    return bool(
        {"border", "heart", "knob", "arch", "hemidiaphragm", "diaphragm", "angle", "aorta"}
        & {*place.concept.split("_")}
    )


def _using(subject: Mention, obj: Mention) -> tuple[str, bool]:
    """What "uses" means: a test needs it."""
    return ("REQUIRES" if subject.category in TESTS and obj.category not in {"disease", "finding"} else ""), False


def _forming(subject: Mention, obj: Mention) -> tuple[str, bool]:
    """What "forms most of" means: a part of the body makes up a border, anything else contributes."""
    return ("BORDERS" if subject.category == obj.category == "anatomy" else "CAUSES"), False


_LOOSE: Mapping[str, Callable[[Mention, Mention], tuple[str, bool]]] = {
    "OCCURS": _occurring,
    "USED": _used,
    "COMMONER": _commoner,
    "LESSEN": _lessening,
    "INCLUDES": _including,
    "REST": _resting,
    "SPARES": _sparing,
    "FORMS": _forming,
    "USES": _using,
}

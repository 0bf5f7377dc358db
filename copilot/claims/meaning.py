"""What a loose wording ("is", "in", "shows") means between two concepts, by what they are. Knows nothing of sentences."""

from copilot.claims.values import TESTS, URGENCIES, WHO, valued
from kg.types import Mention


def meant(predicate: str, subject: Mention, obj: Mention) -> tuple[str, bool]:  # noqa: C901, PLR0912 - one decision a wording
    """(relation, whether the ends are swapped) that a loose wording has between two such concepts; "" for none."""
    if predicate == "SHOWS":
        if subject.category in TESTS:
            return "DETECTS", False
        if obj.category in {"symptom"}:
            return "HAS_SYMPTOM", False
        if obj.category == "value":
            return valued(obj.concept), False
        return ("HAS_SIGN" if obj.category == "exam_sign" else "HAS_FINDING"), False
    if predicate == "SEEN_ON":
        if obj.category in TESTS:
            return "DETECTS", True
        return _placed(subject, obj)
    if predicate == "PLACE":
        return _placed(subject, obj)
    if predicate == "LOCATED":
        placed = _placed(subject, obj)[0]
        return (
            placed if obj.category in {"value", *TESTS} or subject.category == "device" else "LOCATED_IN"
        ), placed == "DETECTS"
    if predicate == "FORMED_BY":
        return ("BORDERS", False) if "anatomy" in {subject.category, obj.category} else ("CAUSES", True)
    if predicate == "HAS_SYMPTOM":
        if obj.category == "value":
            return valued(obj.concept), False
        if obj.category in {"finding", "sign"}:
            return "HAS_FINDING", False
        return ("HAS_SIGN", False) if obj.category == "exam_sign" else ("HAS_SYMPTOM", False)
    if predicate == "TREATED_BY" and subject.category in {"anatomy"}:
        return "", False
    if predicate == "REQUIRES" and obj.concept in URGENCIES:
        return "HAS_URGENCY", False
    if predicate in {"CONSISTS_OF"} and obj.category == "anatomy" and subject.category == "anatomy":
        return "PART_OF", True
    if predicate == "DESPITE":
        normal = obj.category in TESTS or obj.concept.startswith("normal_")
        return ("!RULES_OUT" if normal else ""), True
    if predicate == "BELONG":
        return ("PART_OF" if subject.category == "anatomy" else "IS_A"), False
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
    return "IS_A", False


def _placed(subject: Mention, obj: Mention) -> tuple[str, bool]:
    """What "in" means by what stands after it."""
    if obj.category == "value":
        name = valued(obj.concept)
        return ("" if name in {"CONSISTS_OF", "IS_A"} else name), False
    if obj.category in TESTS:
        return "DETECTS", True
    if obj.category in WHO:
        return "AFFECTS", False
    if subject.category == "device":
        return "TIP_BELONGS_IN", False
    if obj.category == "anatomy" or subject.category == "anatomy":
        return "LOCATED_IN", False
    if subject.category == "symptom":
        return "HAS_SYMPTOM", True
    if subject.category == "exam_sign":
        return "HAS_SIGN", True
    return "SUGGESTS", False

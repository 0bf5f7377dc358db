"""Which spellings are one and the same identifier. Knows nothing of how identifiers are found."""

import re
import unicodedata

from guardrails.types import PhiType, Vault

_LETTERS = re.compile(r"[^\W\d_]+")
_GROUPS = re.compile(r"\d+|[^\W\d_]+")
_HONORIFICS = frozenset(
    "mr mrs ms miss mx dr doctor prof professor sir dame rev sr jr ii iii iv md do phd rn np pa mbbs frcr frcp esq shri smt"
    " herr frau mme mlle pt patient".split()
)
_PHYSICIAN = re.compile(r"\b(?:dr|doctor|prof|professor)\.?\s*$", re.IGNORECASE)
_LAY = re.compile(r"\b(?:mr|mrs|ms|miss|mx|pt|patient)\.?\s*$", re.IGNORECASE)
_OCR_DIGITS = str.maketrans("01358", "olesb")


def placeholder_for(kind: PhiType, text: str, before: str, vault: Vault) -> str:
    """The session's placeholder for `text`, shared with its spelling variants. `before`: the few characters before it."""
    if kind is PhiType.NAME:
        return _name_placeholder(text, before, vault)
    if kind is PhiType.DATE:
        return vault.moved_date(text) or vault.placeholder(kind, vault.day(text) or _plain_key(text), text)
    if kind in _NUMBERED:
        return _number_placeholder(kind, text, vault)
    return vault.placeholder(kind, _plain_key(text), text)


_NUMBERED = (PhiType.PHONE, PhiType.ID)


def _number_placeholder(kind: PhiType, text: str, vault: Vault) -> str:
    """One number has one placeholder however it is grouped, and whether or not a label said what number it is."""
    key = "".join(_GROUPS.findall(unicodedata.normalize("NFKC", text).casefold())).lstrip("0")
    known = (vault.known(other, key) for other in _NUMBERED)
    return next((one for one in known if one), None) or vault.placeholder(kind, key or _plain_key(text), text)


def _plain_key(text: str) -> str:
    """Letters and digits only, so that spacing, case and leading zeros of a group do not matter."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(group.lstrip("0") or "0" for group in _GROUPS.findall(folded)) or folded


def _name_placeholder(text: str, before: str, vault: Vault) -> str:
    name = name_words(text)
    role = "dr" if _PHYSICIAN.search(before) else "lay" if _LAY.search(before) else ""
    key = f"{role}|{' '.join(name) or _plain_key(text)}"
    same = {
        vault.placeholder(PhiType.NAME, known, "")
        for word in name
        for known in vault.keys_with(PhiType.NAME, word)
        if known == key or _same_person(role, name, known)
    }
    if len(same) == 1:
        known_placeholder = same.pop()
        vault.alias(PhiType.NAME, key, known_placeholder)
        return known_placeholder
    return vault.placeholder(PhiType.NAME, key, text)


def name_words(text: str) -> tuple[str, ...]:
    """Given names first, folded: "SMITH, JOHN", "Smith^John" and "John Smith" give the same."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).translate(_OCR_DIGITS))
    plain = "".join(c for c in plain if not unicodedata.combining(c) and unicodedata.category(c) != "Cf").casefold()
    plain = re.sub(r"['’]s\b|(?<=[a-z])-\s*\n\s*(?=[a-z])", "", plain).replace("'", "").replace("’", "")
    parts = [part for part in re.split(r"[,^]", plain) if _LETTERS.search(part)]
    ordered = " ".join([*parts[1:], parts[0]]) if len(parts) > 1 else plain
    return tuple(token for token in _LETTERS.findall(ordered) if token not in _HONORIFICS)


def _same_person(role: str, name: tuple[str, ...], known: str) -> bool:
    known_role, _, known_name = known.partition("|")
    if role and known_role and role != known_role:
        return False
    short, long = sorted((name, tuple(known_name.split())), key=len)
    if not short or not long:
        return False
    if len(short) == 1:
        return len(short[0]) > 1 and short[0] in (long[0], long[-1])
    if sorted(short) == sorted(long):
        return True
    return short[-1] == long[-1] and _initial_of(short[0], long[0]) and set(short[1:-1]) <= _with_initials(long[1:-1])


def _initial_of(one: str, other: str) -> bool:
    shorter, longer = sorted((one, other), key=len)
    return one == other or (len(shorter) == 1 and longer.startswith(shorter))


def _with_initials(tokens: tuple[str, ...]) -> set[str]:
    return {*tokens, *(token[0] for token in tokens)}

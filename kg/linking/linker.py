"""`Linker`: from a text to the concepts it mentions, with assertion, side, place and severity.

Knows nothing of facts and verdicts. Immutable once built, so that threads share one.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from kg.linking.context import assertions, fit, modifiers, severity_of, side_of_name
from kg.linking.leftout import with_left_out
from kg.linking.lexicon import Entry, Lexicon, Match, english_words
from kg.linking.meant import may_mean_more, meant_beside
from kg.linking.normal import Token, normal, phrase, tokens
from kg.linking.numbers import find, said_of
from kg.linking.port import ConceptReader
from kg.linking.senses import DENIED_NAMES, SENSES, WORD_SENSES
from kg.linking.sentences import split
from kg.linking.shorthand import written_out
from kg.linking.sides import with_shared_sides
from kg.linking.typos import Speller
from kg.linking.unknown import Vocabulary
from kg.types import Concept, Mention

_NOT_IT = re.compile(r"\b(?:non|never|pre|anti|ex|un|pseudo)-$", re.IGNORECASE)
_LENGTHS = frozenset({"mm", "cm"})
_NUMBER, _SIZE = re.compile(r"\d+(?:\.\d+)?"), re.compile(r"\d+(?:\.\d+)?(?:mm|cm)", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
_NEAR = 12  # mentions on either side that can matter to what is said of one
_SIDELESS = frozenset({"population", "technique", "organism", "value"})
_GRADED = frozenset({"finding", "sign", "disease", "symptom", "exam_sign"})
# Prefixes written apart: "sub-segmental", "peri hilar".
_PREFIXES = frozenset(
    "sub peri para retro intra inter hyper hypo supra infra pneumo hydro hemo broncho cardio micro macro endo trans multi "
    "over under post non pre re uni mid".split()
)
_LAST_WORD = re.compile(r"(%|\w+)[^\w%]*$")
_FIRST_WORD = re.compile(r"\W*([\w%]+)")
_WORD = re.compile(r"[\w%]+")
_BESIDE = 3
_NEAREST = 40  # characters in which the word before a mention is looked for
Named = Mapping[tuple[int, int], tuple[Entry, ...]]
_DEFINED = re.compile(r"([A-Za-z][\w -]{3,60}?)\s*\(([A-Za-z]{2,6})\)")


class Linker:
    """Finds the concepts of one lexicon in texts."""

    def __init__(self, concepts: Iterable[Concept], reader: ConceptReader | None = None) -> None:
        """`reader` proposes what words mean that name nothing."""
        self._reader = reader
        kept = tuple(concepts)
        self.concepts: Mapping[str, Concept] = {c.id: c for c in kept}
        self._lexicon = Lexicon(kept)
        self._speller = Speller(self._lexicon.words)
        self._vocabulary = Vocabulary(self._lexicon.words, kept)

    def link(self, text: str, *, values: bool = False, meant: bool = False) -> tuple[Mention, ...]:
        """The mentions in order of place. `values` adds plain values such as "air", "left" or "chronic".

        `meant` adds what words mean without naming it, where there is a reader: for finding facts, not for verdicts.
        """
        said = _defined_abbreviations(text, self._lexicon)
        found: list[Mention] = []
        for start, end in split(text):
            sentence = text[start:end]
            named = self._named(sentence, said, values)
            if meant and self._reader and may_mean_more(sentence, named):
                named = self._with_meant(sentence, named, self._reader)
            named = {span: entries for span, entries in named.items() if entries}
            mentions = with_left_out(sentence, with_shared_sides(sentence, list(_mentions(sentence, named))))
            found += (_shift(m, start) for m in mentions)
        return tuple(found)

    def unknown(self, question: str) -> tuple[str, ...]:
        """Words that seem to name what no concept is about."""
        return self._vocabulary.unknown(question, self.link(question, values=True))

    def _named(self, sentence: str, said: Mapping[str, str], values: bool) -> Named:
        """The names in a sentence, each with what it may mean, the likeliest first; nothing where it is another word here."""
        words = self._in_names(
            [self._spelt(token) for token in self._joined(written_out(_without_sizes(tokens(sentence))))]
        )
        found: dict[tuple[int, int], tuple[Entry, ...]] = {}
        for match in self._lexicon.matches(words):
            entries = _in_context(match, words, sentence, said)
            if _NOT_IT.search(sentence, max(0, words[match.first].start - 10), words[match.first].start):
                continue  # "non-smokers", "post-primary": not what follows the hyphen
            span = words[match.first].start, words[match.last - 1].end
            if not entries:
                found[span] = ()
            elif values or entries[0].concept.category != "value":
                found[span] = entries
        return found

    def _with_meant(self, sentence: str, named: Named, reader: ConceptReader) -> Named:
        ids = {span: entries[0].concept.id for span, entries in named.items() if entries}
        proposed = [one for one in reader.read(sentence) if named.get(one.span) != ()]
        kept = meant_beside(sentence, proposed, ids, self.concepts)
        return {
            span: named.get(span) or (Entry(self.concepts[concept_id], 0, abbreviation=False),)
            for span, concept_id in sorted(kept.items())
        }

    def _joined(self, words: Sequence[Token]) -> Iterator[Token]:
        """The words, two halves of one made one ("pneumo thorax") and two run together made two ("pleuraleffusion")."""
        known = self._lexicon.words
        waiting = list(reversed(words))
        while waiting:
            token = waiting.pop()
            alone = token.norm in known or len(token.norm) < 4 or not token.norm.isalpha() or _is_english(token)
            if alone and token.norm not in _PREFIXES:
                yield token
                continue
            after = waiting[-1] if waiting else None
            if after and after.norm.isalpha() and token.norm + after.norm in known:
                waiting.pop()
                yield Token(token.start, after.end, token.text + after.text, token.norm + after.norm)
                continue
            if alone:
                yield token
                continue
            # a slip in one word comes first ("bronchectasis"); a prefix or a combining form makes one word of two known
            # ones ("paramediastinal", "fibromyalgia")
            whole = self._speller.correct(token.norm) is not None
            places = (i for i in range(4, len(token.text) - 3) if token.text[i - 1] not in "oO")
            parts = (i for i in places if not whole and token.text[:i].lower() not in _PREFIXES)
            cut = next((i for i in parts if _both(token.text, i) <= known), 0)
            if cut:
                yield Token(token.start, token.start + cut, token.text[:cut], normal(token.text[:cut]))
                token = Token(token.start + cut, token.end, token.text[cut:], normal(token.text[cut:]))
            yield token

    def _spelt(self, token: Token) -> Token:
        """The token with its typing error mended, if it has one that the lexicon can tell."""
        if len(token.norm) < 5 or token.norm in self._lexicon.words or token.text.isupper() or _is_english(token):
            return token
        mended = self._speller.correct(token.norm)
        return replace(token, norm=mended) if mended else token

    def _in_names(self, words: list[Token]) -> list[Token]:
        """The words, an English one mended that makes a name with its neighbour: "plural effusion"."""
        before, after, known = self._lexicon.before, self._lexicon.after, self._lexicon.words
        for at, token in enumerate(words):
            if token.norm not in known and len(token.text) >= 5:
                beside = after.get(words[at - 1].norm, []) if at else []
                beside = beside + before.get(words[at + 1].norm, []) if at + 1 < len(words) else beside
                mended = self._speller.among(token.text.lower(), beside) if beside else None
                words[at] = replace(token, norm=mended) if mended else token
        return words


def _without_sizes(words: Sequence[Token]) -> list[Token]:
    """The words but for sizes, which stand within names: "solid 7 mm nodule"."""
    return [
        word
        for at, word in enumerate(words)
        if not (
            _SIZE.fullmatch(word.text)
            or (_NUMBER.fullmatch(word.text) and at + 1 < len(words) and words[at + 1].text.lower() in _LENGTHS)
            or (word.text.lower() in _LENGTHS and at and _NUMBER.fullmatch(words[at - 1].text))
        )
    ]


def _mentions(sentence: str, named: Named) -> Iterator[Mention]:
    """The names with what the sentence says of them."""
    stated = assertions(sentence, list(named))
    numbers = find(sentence) if _DIGIT.search(sentence) else []
    things = [s for s, entries in named.items() if entries[0].concept.category not in {"anatomy", "value"}]
    for (span, (best, *rest)), assertion in zip(named.items(), stated, strict=True):
        at = bisect_left(things, span)
        side, place, severity = modifiers(sentence, span, things[max(0, at - _NEAR) : at + _NEAR])
        side = None if best.concept.category in _SIDELESS else side or side_of_name(best.concept.name)
        if severity and (best.concept.category not in _GRADED or _names_degree(best.concept, sentence, span)):
            severity = None
        denied = best.denies and assertion == "present"
        yield Mention(
            start=span[0],
            end=span[1],
            text=sentence[span[0] : span[1]],
            concept=best.concept.id,
            name=best.concept.name,
            category=best.concept.category,
            assertion="absent" if denied else fit(assertion, best.concept.category, sentence, span),
            side=side,
            location=place,
            severity=severity,
            candidates=tuple(e.concept.id for e in rest),
            quantity=said_of(span, sentence, numbers) if numbers else None,
        )


def _is_english(token: Token) -> bool:
    """Whether it is an ordinary word as it is written or in its normal form, which need not be one: "purpos"."""
    return token.norm in english_words() or token.text.lower() in english_words()


def _names_degree(concept: Concept, sentence: str, span: tuple[int, int]) -> bool:
    """Whether the degree only belongs to the name: "massive PE" is high-risk PE, but "small effusion" is an effusion."""
    if severity_of(concept.name.split()[0]):
        return False
    written = phrase(sentence[slice(*span)])
    names = {phrase(name) for name in (concept.name, *concept.synonyms)}
    plain = tuple(word for word in written if not severity_of(word))
    return plain not in names and any(set(written) >= set(name) for name in names if severity_of(" ".join(name)))


def _as_written(entries: tuple[Entry, ...], words: str) -> tuple[Entry, ...]:
    """Of names alike but for their number ("hilum" and "hila", "a smoker" and "smokers"), the one that is written first."""
    if len(entries) == 1:
        return entries
    return tuple(
        sorted(entries, key=lambda e: (words not in _names(e.concept), e.rank, e.concept.name.lower() != words))
    )


def _names(concept: Concept) -> set[str]:
    return {concept.name.lower(), *concept.synonyms, *DENIED_NAMES.get(concept.name, ())}


def _both(word: str, cut: int) -> set[str]:
    return {normal(word[:cut]), normal(word[cut:])}


def _shift(mention: Mention, by: int) -> Mention:
    return replace(mention, start=mention.start + by, end=mention.end + by)


def _defined_abbreviations(text: str, lexicon: Lexicon) -> dict[str, str]:
    """Abbreviations that the text itself explains, such as "pulmonary embolism (PE)": abbreviation -> concept id."""
    said = {}
    for full, short in _DEFINED.findall(text) if "(" in text else ():
        words = written_out(tokens(full))
        last = [m for m in lexicon.matches(words) if m.last == len(words)]
        if last:
            said[short.lower()] = last[0].entries[0].concept.id
    return said


def _in_context(match: Match, words: Sequence[Token], sentence: str, said: Mapping[str, str]) -> tuple[Entry, ...]:
    """The entries in order of likelihood; empty when the words mean something that the lexicon lacks."""
    entries = match.entries
    short = " ".join(word.norm for word in words[match.first : match.last])
    before = sentence[: words[match.first].start].lower()
    after = sentence[words[match.last - 1].end :].lower()
    if short in WORD_SENSES:
        return _by_sense(WORD_SENSES[short], entries, before, after)
    if match.last - match.first == 1 and short in said:
        return tuple(sorted(entries, key=lambda e: e.concept.id != said[short]))
    if match.last - match.first > 1 or short not in SENSES or not entries[0].abbreviation:
        return _as_written(entries, sentence[words[match.first].start : words[match.last - 1].end].lower())
    return _by_sense(SENSES[short], entries, before, after)


def _by_sense(
    senses: tuple[tuple[str | None, str], ...], entries: tuple[Entry, ...], before: str, after: str
) -> tuple[Entry, ...]:
    around = f"{before} {after}"
    beside = _LAST_WORD.search(before[-_NEAREST:]), _FIRST_WORD.match(after)
    nearest = tuple(m[1] if m else "" for m in beside)
    words = frozenset(_WORD.findall(around))
    scored = []
    for order, (name, cues) in enumerate(senses):
        wants = cues.startswith("!")
        score = sum(_speaks(cue, around, words, *nearest) for cue in cues.removeprefix("!").split())
        if score or not wants:
            scored.append((-score, order, name))
    if not scored:
        return ()
    wanted = min(scored)[2]
    if wanted is None:
        return ()
    listed = [e for e in entries if _means(e.concept, wanted)]
    others = [e for e in entries if e not in listed and e.concept.category != "value"]
    known = {name for name, _ in senses if name}
    unlisted = [e for e in others if not any(_means(e.concept, name) for name in known)]
    return tuple(listed + others) if listed else tuple(unlisted)


def _speaks(cue: str, around: str, words: frozenset[str], before: str, after: str) -> int:
    """How much a cue says for its sense: a word right beside counts for more than one somewhere in the sentence."""
    if cue[0] == "<":
        return _BESIDE * (before == cue[1:] or (cue == "<9" and before.isdigit()))
    if cue[0] == ">":
        return _BESIDE * (after == cue[1:])
    return cue in words if len(cue) <= 3 else cue in around


def _means(concept: Concept, name: str) -> bool:
    return concept.name.lower() == name.lower() or name in concept.synonyms

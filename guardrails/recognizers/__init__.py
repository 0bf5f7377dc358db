"""The ordered list of recognizers: text in, identifier spans out. Knows nothing of placeholders or sessions."""

from collections.abc import Iterable

from guardrails.recognizers.base import Recognizer
from guardrails.recognizers.contact import find_contacts, find_phones
from guardrails.recognizers.dates import find_ages, find_dates
from guardrails.recognizers.lexicon import Lexicon
from guardrails.recognizers.names import NameRecognizer
from guardrails.recognizers.numbers import find_bare_ids, find_labelled_ids
from guardrails.recognizers.places import PlaceRecognizer
from guardrails.recognizers.presidio import find_checked_numbers
from guardrails.recognizers.structured import find_structured
from guardrails.recognizers.tagger import TaggerRecognizer


def rules(lexicon: Lexicon) -> tuple[Recognizer, ...]:
    """Structured text first, then shapes and labels, then places and names."""
    return (
        find_structured,
        find_contacts,
        find_dates,
        find_ages,
        find_labelled_ids,
        find_phones,
        find_bare_ids,
        find_checked_numbers,
        PlaceRecognizer(lexicon),
        NameRecognizer(lexicon),
    )


def default_recognizers(allow: Iterable[str] = ()) -> tuple[Recognizer, ...]:
    """The rules, then the tagger, which decides what they are not sure of."""
    lexicon = Lexicon(allow)
    return (*rules(lexicon), TaggerRecognizer(lexicon))

"""Words of a question that name something the lexicon knows nothing of, such as "psoriasis".

A guess from rarity, made to be said, not to decide anything: ordinary words are never named, some names are overlooked.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from functools import cached_property

from kg.linking.lexicon import ranked_english_words
from kg.linking.normal import phrase, tokens
from kg.types import Concept, Mention

COMMON = 15_000
"""Of English words by frequency: any rarer one that the lexicon does not use may be a name."""
LONGEST = 40
"""Words of a question; in a pasted report nobody asks for each name."""
_SHORTEST = 4
# No names: verbs, adjectives, adverbs, and what is asked or said of films and diseases.
_NO_NAME = re.compile(r"(?:ed|ly|able|ible|ing|ise|ize|ous|er|est)$")
_SAID_OF_THEM = frozenset(
    "mimic mimics imitate imitates differentiate distinguish rescan rescans centimetre centimetres millimetre millimetres "
    "radiologist radiologists clinician clinicians registrar pitfall pitfalls mend mends heal heals".split()
)
_PLACEHOLDER = re.compile(r"[\[<][A-Z][A-Z_]*\d*[\]>]")


class Vocabulary:
    """The words that a lexicon uses in names and definitions."""

    def __init__(self, concepts: Iterable[Concept]) -> None:
        self._concepts = tuple(concepts)

    @cached_property
    def _words(self) -> Collection[str]:
        texts = (text for c in self._concepts for text in (c.name, *c.synonyms, c.lay_name, c.definition))
        return frozenset(word for text in texts for word in phrase(text))

    def unknown(self, question: str, mentions: Sequence[Mention]) -> tuple[str, ...]:
        """The words as they stand in the question, each once, in their order; none of a long text."""
        words = tokens(_PLACEHOLDER.sub(lambda found: " " * len(found[0]), question))
        if len(words) > LONGEST:
            return ()
        rank = ranked_english_words()
        found = dict.fromkeys(
            token.text
            for token in words
            if not any(m.start < token.end and token.start < m.end for m in mentions)
            and len(token.text) >= _SHORTEST
            and token.text.isalpha()
            and not _NO_NAME.search(token.text.lower())
            and token.text.lower() not in _SAID_OF_THEM
            and min(rank.get(form, COMMON) for form in (token.text.lower(), *phrase(token.text))) >= COMMON
            and not {token.text.lower(), *phrase(token.text)} & {*self._words}
        )
        return tuple(found)

"""Words of a question that name something the lexicon knows nothing of, such as "psoriasis".

A guess from rarity, made to be said, not to decide anything: ordinary words are never named, some names are overlooked.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from functools import cached_property

from kg.linking.lexicon import ranked_english_words
from kg.linking.normal import Token, phrase, tokens
from kg.linking.shorthand import written_out
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
    """The words that a lexicon uses: those of its names, and those of the lay names and definitions of its concepts."""

    def __init__(self, names: Collection[str], concepts: Iterable[Concept]) -> None:
        self._names = names
        self._concepts = tuple(concepts)

    @cached_property
    def _told(self) -> Collection[str]:
        return frozenset(word for c in self._concepts for text in (c.lay_name, c.definition) for word in phrase(text))

    def unknown(self, question: str, mentions: Sequence[Mention]) -> tuple[str, ...]:
        """The words as they stand in the question, each once, in their order; none of a long text."""
        words = tokens(_PLACEHOLDER.sub(lambda found: " " * len(found[0]), question))
        if len(words) > LONGEST:
            return ()
        apart = [t for t in words if not any(m.start < t.end and t.start < m.end for m in mentions)]
        return tuple(dict.fromkeys(t.text for t in written_out(apart) if _may_be_a_name(t) and not self._knows(t)))

    def _knows(self, token: Token) -> bool:
        forms = {token.text.lower(), token.norm}
        return not forms.isdisjoint(self._names) or not forms.isdisjoint(self._told)


def _may_be_a_name(token: Token) -> bool:
    word, rank = token.text.lower(), ranked_english_words()
    return (
        len(word) >= _SHORTEST
        and word.isalpha()
        and not _NO_NAME.search(word)
        and word not in _SAID_OF_THEM
        and min(rank.get(form, COMMON) for form in (word, token.norm)) >= COMMON
    )

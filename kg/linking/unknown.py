"""Words of a question that name something the lexicon knows nothing of, such as "psoriasis".

A guess from a word's looks, made to be said, not to decide anything: it is no ordinary word nor a slip in one, or it is
medical by its ending, or a proper name. A reader who is told of every verb reads none of it, so some names are overlooked.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from functools import cached_property

from kg.linking.lexicon import ranked_english_words
from kg.linking.normal import Token, phrase, tokens
from kg.linking.shorthand import written_out
from kg.linking.typos import is_slip_of_english
from kg.types import Concept, Mention

COMMON = 15_000
"""Of English words by frequency: any rarer one that the lexicon does not use may be a name, if it looks like one."""
LONGEST = 40
"""Words of a question; in a pasted report nobody asks for each name."""
_SHORTEST = 4
# No names: verbs, adjectives, adverbs, and what is asked or said of films and diseases.
_NO_NAME = re.compile(r"(?:ed|ly|able|ible|ing|ise|ize|ous|ic|ular|er|est)$")
_SAID_OF_THEM = frozenset(
    "mimic mimics imitate imitates differentiate distinguish rescan rescans centimetre centimetres millimetre millimetres "
    "radiologist radiologists clinician clinicians registrar pitfall pitfalls mend mends heal heals prognosis".split()
)
# Of English words only these name a disease, a drug or an operation for sure; "confuse" and "flatmate" are as rare.
_MEDICAL = re.compile(
    r"(?:itis|osis|asis|oma|omata|a?emia|uria|algia|pathy|plegia|trophy|penia|philia|rrh(?:o?ea|age)|ectomy|ostomy|otomy"
    r"|plasty|scopy|centesis|mycin|cillin|cycline|azole|statin|mab|olol|pril|sartan|parin|azepam|caine|phylaxis|ema)s?$"
)
# Diseases and drugs in English words that no ending tells.
_PLAIN_NAMES = frozenset(
    """malaria cholera typhoid typhus rabies tetanus leprosy plague anthrax smallpox chickenpox shingles mumps rubella polio
    syphilis dengue ebola zika lupus gout rickets scurvy migraine migraines stroke epilepsy dementia alzheimer parkinson
    autism cataract cataracts vertigo tinnitus sciatica psoriasis eczema acne hives vitiligo alopecia rosacea piles
    porphyria eclampsia preeclampsia menopause infertility botulism listeria salmonella chlamydia candida giardia scabies
    acromegaly dystonia ataxia dyslexia schizophrenia bipolar anorexia bulimia ketamine morphine heroin methadone codeine
    insulin warfarin heparin digoxin lithium quinine cortisone prednisone ibuprofen paracetamol acetaminophen tylenol viagra
    prozac valium statin statins steroid steroids botox melatonin""".split()
)
# What takes its describer's name: "the Mach effect", "Kikuchi disease".
_NAMED_AFTER = frozenset(
    "effect phenomenon sign syndrome disease band line anomaly reaction triad score criteria classification test operation "
    "procedure maneuver catheter tube body bodies node point triangle law principle".split()
)
_WORD_PARTS = re.compile(
    r"^(?:non|pre|post|mid|sub|super|over|under|re|un|anti|multi)(?=\w{4})|(?:s|es|ing|ed|like|wise)$"
)
_STARTS = re.compile(r"(?:^|[.!?:;\n])[\s\"'“‘(]*$")
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
        proper = _proper(question, words)
        named = (t.text for t in written_out(apart) if _may_be_a_name(t, proper.get(t.start)) and not self._knows(t))
        return tuple(dict.fromkeys(named))

    def _knows(self, token: Token) -> bool:
        forms = {token.text.lower(), token.norm}
        return not forms.isdisjoint(self._names) or not forms.isdisjoint(self._told)


def _proper(question: str, words: Sequence[Token]) -> dict[int, str]:
    """Where a capital marks a proper name, with the word after it; nothing where capitals are all over."""
    alpha = [t for t in words if t.text.isalpha()]
    if sum(t.text[0].isupper() for t in alpha) * 2 > len(alpha) > 1:
        return {}
    after = (*(t.norm for t in words[1:]), "")
    return {
        token.start: following
        for token, following in zip(words, after, strict=False)
        if token.text[0].isupper() and not _STARTS.search(question, 0, token.start)
    }


def _may_be_a_name(token: Token, follows: str | None) -> bool:
    """`follows`: the word after a proper name, None for any other word."""
    word, rank = token.text.lower(), ranked_english_words()
    if len(word) < _SHORTEST or not word.isalpha() or word in _SAID_OF_THEM:
        return False
    if follows in _NAMED_AFTER or word in _PLAIN_NAMES:
        return True
    common = min(rank.get(form, COMMON) for form in (word, token.norm)) < COMMON
    if common or (_NO_NAME.search(word) and follows is None):
        return False
    if word in rank or _WORD_PARTS.sub("", word) in rank or f"{word}'t" in rank:
        return bool(_MEDICAL.search(word))
    return follows is not None or (len(word) > _SHORTEST and not is_slip_of_english(word))

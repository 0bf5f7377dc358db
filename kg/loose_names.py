"""Concepts that a question names loosely: in pieces, in part, in words like those of their names."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib import resources

from kg.linking.lexicon import english_words, is_function_word, ranked_english_words
from kg.linking.normal import phrase, tokens
from kg.questions import LONGEST
from kg.types import Concept, Mention

_BETWEEN = 8  # words that may stand between those of a name said in pieces
_SHARED_BY = 3  # concepts that may have a word in common for it still to name one
_NEVER_LOOSE = frozenset({"value", "anatomy", "code"})
_PLACES = frozenset({"left", "right", "upper", "lower", "middle", "anterior", "posterior", "superior", "inferior"})
_COMPARED = frozenset({"higher", "larger", "longer", "wider", "bigger"})
_EMPTY = frozenset("of the a an in on to and or with for by ' - , . ( ) /".split())
_RARE = 2_000  # words of English that are commoner name nothing: "come back", "difference between"


class LooseNames:
    """Finds concepts that a question names loosely, after the linker has taken the names it says outright.

    Scattered: all words of a name stand in the question, if not side by side ("days of cough, chronic"). Partial: some
    words in a row, or one rare word, that hardly any other concept's name has ("germ cell tumors").
    """

    def __init__(self, concepts: Iterable[Concept]) -> None:
        whole: dict[frozenset[str], set[str]] = defaultdict(set)
        parts: dict[tuple[str, ...], set[str]] = defaultdict(set)
        begins: dict[tuple[str, ...], set[str]] = defaultdict(set)
        for concept in sorted(concepts, key=lambda c: c.id):
            if concept.category in _NEVER_LOOSE or concept.pack != "core":
                continue  # imported vocabularies have a name for nearly every word
            for name in filter(None, (concept.name, *concept.synonyms, concept.lay_name)):
                words = _alike(name)
                telling = frozenset(words) - _EMPTY
                if telling & _COMPARED:
                    telling -= _PLACES  # "which hilum is higher?" does not say the side that it asks for
                if len(telling) > 1 and telling.isdisjoint(_PLACES):
                    whole[telling].add(concept.id)
                if len(words) == 1 and words[0] in _stands_for():
                    parts[words].add(concept.id)
                for run in _runs(words):
                    parts[run].add(concept.id)
                for length in range(2, len(words)):
                    begins[words[:length]].add(concept.id)
        often = Counter(word for words in whole for word in words)
        self._by_rarest: dict[str, list[tuple[frozenset[str], str]]] = defaultdict(list)
        for telling, ids in whole.items():
            named = [(telling, concept_id) for concept_id in sorted(ids)[:_SHARED_BY]]
            self._by_rarest[min(telling, key=lambda w: (often[w], w))] += named
        self._begins = dict(begins)
        self._parts = {run: tuple(sorted(ids)) for run, ids in parts.items() if len(ids) <= _SHARED_BY}

    def scattered(self, question: str, mentions: Sequence[Mention]) -> list[str]:
        """Ordered by id; a name inside a longer one that is found too is left out, and one inside a mention."""
        words_said = _alike(question[:LONGEST])
        said = frozenset(words_said)
        taken = [frozenset(_alike(m.text)) for m in mentions if m.stands_in(question)]
        hits = [
            (words, c)
            for word in said
            for words, c in self._by_rarest.get(word, ())
            if words <= said and not any(words <= mention for mention in taken) and _close(words, words_said)
        ]
        return sorted({c for words, c in hits if not any(words < other for other, _ in hits)})

    def around(self, question: str, mentions: Sequence[Mention]) -> list[str]:
        """Of the words of a mention and those beside it: what only one name begins with ("transient tachypnea")."""
        words = tokens(question[:LONGEST])
        found = set()
        for m in (m for m in mentions if m.stands_in(question)):
            inside = [i for i, word in enumerate(words) if m.start <= word.start and word.end <= m.end]
            if not inside:
                continue
            for first in range(max(0, inside[0] - 2), inside[0] + 1):
                for last in range(inside[-1], min(len(words), inside[-1] + 3)):
                    if (first, last) != (inside[0], inside[-1]) and _EMPTY.isdisjoint(
                        {words[first].norm, words[last].norm}
                    ):
                        run = tuple(_stands_for().get(w.norm, w.norm) for w in words[first : last + 1])
                        ids = self._begins.get(run, ())
                        found |= set(ids) if len(ids) == 1 else set()
        return sorted(found - {m.concept for m in mentions})

    def partial(self, unnamed: str) -> list[str]:
        """Of the words that no name has taken: the longest runs first, as long as they find something."""
        found: dict[int, set[str]] = defaultdict(set)
        words = _alike(unnamed[:LONGEST])
        for run in (*_runs(words), *((word,) for word in words if word in _stands_for())):
            found[len(run)] |= set(self._parts.get(run, ()))
        longest = max((length for length, ids in found.items() if ids), default=0)
        return sorted(found[longest])


@cache
def _stands_for() -> dict[str, str]:
    """Normal form of a word to that of the first of its group in `kg/data/alike.txt`."""
    lines = (resources.files("kg") / "data" / "alike.txt").read_text("utf-8").splitlines()
    groups = [[phrase(word)[0] for word in line.split()] for line in lines if line and not line.startswith("#")]
    return {word: group[0] for group in groups for word in group}


def _alike(text: str) -> tuple[str, ...]:
    """The words of a text in normal form, each as the first of its group."""
    return tuple(_stands_for().get(word, word) for word in phrase(text))


def _close(wanted: frozenset[str], words: Sequence[str]) -> bool:
    """Whether all the words stand within a few words of each other."""
    window = len(wanted) + _BETWEEN
    return any(wanted <= set(words[at : at + window]) for at in range(max(1, len(words) - window + 1)))


def _runs(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Two to four words in a row, of which one is not among the commonest, and single long ones that are no ordinary English."""
    for length in (2, 3, 4):
        for start in range(len(words) - length + 1):
            run = tuple(words[start : start + length])
            ends = {run[0], run[-1]}
            if (
                _EMPTY.isdisjoint(ends)
                and not any(map(is_function_word, ends))  # "tube it"
                and any(_rank(w) >= _RARE for w in run)
            ):
                yield run
    yield from ((word,) for word in words if len(word) > 5 and word.isalpha() and word not in english_words())


def _rank(word: str) -> int:
    """How many words of English are commoner; `_RARE` for what is no English word."""
    return ranked_english_words().get(word, _RARE)

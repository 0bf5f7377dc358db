"""The bundled reader of relations: layers of MiniLM trained on authored phrasings (`training/relations.py`).

Slots are one sign for each kind of thing, so that it reads the words around things and not the things. Card:
`data/RELATIONS.md`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from importlib import resources
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from copilot.relations.port import Masked, RelationReader, Stated

OPENS, CLOSES, UNKNOWN = "[CLS]", "[SEP]", "[UNK]"
KINDS = (
    "anatomy", "device", "disease", "exam_sign", "factor", "finding", "measurement", "organism", "population", "sign",
    "symptom", "technique", "test", "treatment",
)  # fmt: skip
"""Categories of concepts that the reader tells apart."""
SLOTS = tuple(f"[unused{2 + n}]" for n in range(1 + len(KINDS)))
"""The piece of a thing of which the kind is not known, and that of each kind."""
LONGEST = 128
"""Pieces of a sentence that are read; what stands behind is not."""
MOST_SLOTS = 7
LEAST_SHARE = 0.02


class Word(NamedTuple):
    """The pieces `first` to `last` of a text, which are its code points `start` to `end`."""

    first: int
    last: int
    start: int
    end: int


class Pieces:
    """Sentences as word pieces of one vocabulary."""

    def __init__(self, vocabulary: Sequence[str]) -> None:
        self._number = {piece: n for n, piece in enumerate(vocabulary)}
        self._tokenizer = Tokenizer(models.WordPiece(self._number, unk_token=UNKNOWN))
        self._tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
        self._tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()

    def __call__(self, text: str, kinds: Sequence[str] = ()) -> tuple[list[int], dict[int, int]]:
        """Numbers of the pieces, and for each slot the place where it first stands. `kinds[n]` is the kind of <n>."""
        signs = [SLOTS[1 + KINDS.index(kind) if kind in KINDS else 0] for kind in kinds]
        ids, places = [self._number[OPENS]], dict[int, int]()
        for part in re.split(r"(<\d+>)", text):
            if re.fullmatch(r"<\d+>", part):
                slot = int(part[1:-1])
                places.setdefault(slot, len(ids))
                ids.append(self._number[signs[slot] if slot < len(signs) else SLOTS[0]])
            elif part.strip():
                ids += self.ids(part)
        ids = ids[: LONGEST - 1]
        kept = {slot: place for slot, place in places.items() if place < len(ids)}
        return [*ids, self._number[CLOSES]], dict(list(kept.items())[:MOST_SLOTS])

    def words(self, text: str) -> tuple[list[int], list[Word]]:
        """Numbers of the pieces, and the words that they make; signs such as "," are words too."""
        coded = self._tokenizer.encode(text)
        found: dict[int | None, Word] = {}
        for at, (number, (start, end)) in enumerate(zip(coded.word_ids[: LONGEST - 2], coded.offsets, strict=False), 1):
            before = found.get(number)
            found[number] = Word(before.first if before else at, at, before.start if before else start, end)
        return [self._number[OPENS], *coded.ids[: LONGEST - 2], self._number[CLOSES]], list(found.values())

    def ids(self, text: str) -> list[int]:
        """The pieces of words without slots."""
        found: list[int] = self._tokenizer.encode(text).ids
        return found


def opened(name: str, path: Path | None) -> tuple[onnxruntime.InferenceSession, Mapping[str, str]]:
    """The bundled network of that name, or the one at `path`, and what its metadata tells."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # a sentence is short; two threads would wait for each other
    options.log_severity_level = 3
    model = (path or resources.files("copilot.relations") / "data" / name).read_bytes()
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    return session, session.get_modelmeta().custom_metadata_map


class OnnxRelationReader(RelationReader):
    """One file holds the network and, in its metadata, the vocabulary and the labels."""

    def __init__(self, path: Path | None = None) -> None:
        """`path`: another file than the bundled one."""
        self._session, told = opened("relations.onnx", path)
        self._pieces = Pieces(told["pieces"].split("\n"))
        self._of_two, self._of_one = _labels(told["two"]), _labels(told["one"])

    def read(self, sentence: Masked, kinds: Mapping[str, str]) -> Sequence[Stated]:
        """See the port."""
        ids, places = self._pieces(sentence.text, [kinds.get(concept, "") for concept in sentence.concepts])
        slots = [slot for slot in places if slot < len(sentence.concepts)]
        if not slots:
            return ()
        pairs = list(combinations(slots, 2))
        given = {
            "pieces": ids,
            "alone": [places[slot] for slot in slots],
            "first": [places[one] for one, _ in pairs],
            "second": [places[other] for _, other in pairs],
        }
        numbers = {name: np.array(places, np.int32) for name, places in given.items()}
        of_two, of_one = self._session.run(["of_two", "of_one"], numbers)
        return (*self._stated_of_two(pairs, of_two), *self._stated_of_one(slots, of_one))

    def _stated_of_two(self, pairs: Sequence[tuple[int, int]], shares: NDArray[np.float32]) -> Iterator[Stated]:
        """`shares`: (pairs, 1 + labels of the first on the second + of the second on the first)."""
        count = len(self._of_two)
        for row, column in zip(*np.nonzero(shares >= LEAST_SHARE), strict=True):
            if column == 0:
                continue
            backwards, label = divmod(int(column) - 1, count)
            subject, other = reversed(pairs[row]) if backwards else pairs[row]
            yield Stated(subject, other, *self._of_two[label], float(shares[row, column]))

    def _stated_of_one(self, slots: Sequence[int], shares: NDArray[np.float32]) -> Iterator[Stated]:
        """`shares`: (slots, 1 + labels)."""
        for row, column in zip(*np.nonzero(shares >= LEAST_SHARE), strict=True):
            if column:
                yield Stated(slots[row], None, *self._of_one[int(column) - 1], float(shares[row, column]))


def _labels(lines: str) -> tuple[tuple[str, str, bool], ...]:
    """(predicate, value, whether it is denied) of lines such as "HAS_COURSE=chronic-"."""
    split = ((line[:-1].partition("="), line.endswith("-")) for line in lines.split("\n"))
    return tuple((predicate, value, denied) for (predicate, _, value), denied in split)

"""How much of what identifies people is taken out, and how much clinical language is harmed, on generated notes.

Knows the de-identifier by its public face only; plain Presidio stands beside it in the same run.
"""
# ruff: noqa: E501 - one rule or one list stays on one line

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from copilot.evaluation.notes import Note, Part, notes
from guardrails.recognizers.presidio import plain_presidio
from guardrails.text import TextDeidentifier
from guardrails.types import Vault


@dataclass(slots=True)
class Score:
    """Counts for one de-identifier."""

    gold: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    gold_by_kind: Counter[str] = field(default_factory=Counter)
    found_by_kind: Counter[str] = field(default_factory=Counter)
    terms: int = 0
    damaged: int = 0

    @property
    def recall(self) -> float:
        """Share of gold spans of which every letter and digit is gone."""
        return sum(self.found.values()) / max(1, sum(self.gold.values()))

    @property
    def damage(self) -> float:
        """Share of clinical terms of which any part is gone."""
        return self.damaged / max(1, self.terms)

    @property
    def names_and_numbers(self) -> float:
        """Recall of names and of all kinds of numbers."""
        kinds = ("NAME", "ID", "PHONE")
        return sum(self.found[k] for k in kinds) / max(1, sum(self.gold[k] for k in kinds))

    def figures(self) -> dict[str, object]:
        """All of it, rounded."""
        return {
            "spans": sum(self.gold.values()),
            "recall": round(self.recall, 4),
            "recall_names_and_numbers": round(self.names_and_numbers, 4),
            "terms": self.terms,
            "terms_damaged": self.damaged,
            "damage": round(self.damage, 4),
            "recall_by_type": {k: round(v, 4) for k, v in self.by_type().items()},
            "recall_by_kind_of_text": {k: round(v, 4) for k, v in self.by_kind().items()},
        }

    def by_type(self) -> dict[str, float]:
        """Recall for each type of identifier."""
        return {name: self.found[name] / count for name, count in sorted(self.gold.items())}

    def by_kind(self) -> dict[str, float]:
        """Recall for each kind of text."""
        return {name: self.found_by_kind[name] / count for name, count in sorted(self.gold_by_kind.items())}


Deidentify = Callable[[str], list[tuple[int, int]]]


def ours(deidentifier: TextDeidentifier) -> Deidentify:
    """Our de-identifier as spans; each note is a session of its own."""
    return lambda text: [(r.start, r.end) for r in deidentifier.deidentify(text, Vault()).redactions]


def score(deidentify: Deidentify, sample: Iterator[Note], missed: list[str] | None = None) -> Score:
    """Runs one de-identifier over notes. `missed` collects what went wrong, for the development part."""
    result = Score()
    for note in sample:
        gone = bytearray(len(note.text))
        for start, end in deidentify(note.text):
            gone[start:end] = b"\1" * (end - start)
        for start, end, type_ in note.gold:
            covered = all(gone[i] or not note.text[i].isalnum() for i in range(start, end))
            result.gold[type_] += 1
            result.gold_by_kind[note.kind] += 1
            result.found[type_] += covered
            result.found_by_kind[note.kind] += covered
            if not covered and missed is not None:
                missed.append(
                    f"{type_} {note.kind}: ...{note.text[max(0, start - 30) : start]}>>{note.text[start:end]}<<{note.text[end : end + 20]}"
                )
        for start, end in note.terms:
            harmed = any(gone[start:end])
            result.terms += 1
            result.damaged += harmed
            if harmed and missed is not None:
                missed.append(
                    f"TERM {note.kind}: ...{note.text[max(0, start - 30) : start]}>>{note.text[start:end]}<<{note.text[end : end + 20]}"
                )
    return result


def evaluate(deidentifier: TextDeidentifier, part: Part = "held", count: int = 2000, seed: int = 0) -> dict[str, Score]:
    """Ours and plain Presidio on the same notes, by name."""
    return {
        "clinical copilot": score(ours(deidentifier), notes(part, count, seed)),
        "plain presidio": score(plain_presidio(), notes(part, count, seed)),
    }

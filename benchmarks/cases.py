"""Whether the disease behind a case is found: `PYTHONPATH=. python benchmarks/cases.py`.

Reads the cases of a blind author (`copilot/evaluation/data/cases.tsv`), links what each tells and asks `kg.explaining` which
diseases explain it. Right: the author's diagnosis, another that he would accept, or a kind of one is among them. Beside it, in
the same run, the disease that most of what is told is joined to, whatever the fact. Counts, for the cases that rules were set
on and for those kept apart. Asserts nothing; the graph is the curated one on the embedded engine.
"""

import sys
import tempfile
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from importlib import resources
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from copilot.bootstrap import concept_reader
from kg.explaining import NOT_HELD, explaining
from kg.graph import Graph
from kg.linking import Linker
from kg.loading.csv_pack import core
from kg.loading.load import load
from kg.memory import FactStore, Memory

HELD_FROM = 51


def cases() -> Iterator[tuple[int, str, Sequence[str]]]:
    """The number of each case, its text, and the diagnoses that are right."""
    text = (resources.files("copilot.evaluation") / "data" / "cases.tsv").read_text("utf-8")
    for line in text.splitlines():
        if line[:1] == "V":
            name, case, diagnosis, also, *_ = line.split("\t")
            yield int(name[1:]), case, [diagnosis, *filter(None, also.split("|"))]


def most_joined(told: Collection[str], diseases: Collection[str], known: FactStore) -> list[str]:
    """The disease that facts of any kind join to most of what is told; none where that is less than two things."""
    joined: Counter[str] = Counter()
    for thing in sorted(told):
        facts = known.facts_about([thing])
        joined.update({end for f in facts if not f.denied for end in (f.subject, f.object)} & set(diseases) - {thing})
    best = min(joined, key=lambda d: (-joined[d], d), default="")
    return [best] if joined[best] > 1 else []


def main() -> None:
    """Prints a line for each part and way."""
    with tempfile.TemporaryDirectory() as folder, Graph.open_embedded(Path(folder)) as graph:
        load(graph, core())
        concepts = {concept.id: concept for concept in graph.lexicon()}
        diseases = {c.id for c in concepts.values() if c.category == "disease"}
        linker, known = Linker(concepts.values(), concept_reader()), Memory(graph).now()
        counts: Counter[tuple[str, str, str]] = Counter()
        for number, case, diagnoses in cases():
            right = {m.concept for text in diagnoses for m in linker.link(text)} & diseases
            told = [m.concept for m in linker.link(case, meant=True) if m.assertion not in NOT_HELD]
            for way, found in (
                ("explaining", list(explaining(told, concepts, known))),
                ("most joined", most_joined(set(told), diseases, known)),
            ):
                kinds = {*found, *(above for some in known.ancestors(found).values() for above in some)}
                how = "none named" if not found else "right" if kinds & right else "wrong"
                counts["kept apart" if number >= HELD_FROM else "seen", way, how] += 1
    for part in ("seen", "kept apart"):
        for way in ("explaining", "most joined"):
            print(
                f"{part}, {way}: "
                + ", ".join(f"{how} {counts[part, way, how]}" for how in ("right", "wrong", "none named"))
            )


if __name__ == "__main__":
    main()

"""Times linking, reading and verification, and reports the fact-check figures. `python benchmarks/checking.py`.

Needs the `bench` extra for the sentence model of a baseline.

Runs on the embedded engine with the curated content; the lexicon is padded to 30,000 concepts with made-up names.
Asserts nothing.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from minilm import MiniLM, by_similarity

from copilot.checking import Checker
from copilot.evaluation.factcheck import evaluate
from kg.graph import Graph
from kg.linking import Linker, sentences
from kg.loading.csv_pack import core
from kg.loading.load import load
from kg.types import Concept, Verdict
from kg.verification import Verifier

ANSWER = (
    "A pleural effusion is a collection of fluid in the pleural space. Heart failure is a common cause of pleural effusion. "
    "It can be mistaken for an elevated hemidiaphragm. A normal chest radiograph does not rule out pulmonary embolism. "
    "Ultrasound can detect pleural effusions. The tip of an endotracheal tube should lie 3 to 7 cm above the carina."
)
RUNS = 60


def timed(work: Callable[[], object]) -> str:
    """Median and 95th percentile in milliseconds."""
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        work()
        times.append((time.perf_counter() - start) * 1000)
    return f"{statistics.median(times):.1f} / {sorted(times)[int(RUNS * 0.95)]:.1f} ms"


def padding(count: int) -> list[Concept]:
    """Made-up two-word concepts of a size that a large pack has."""
    first, second = ("alphoid", "betular", "gammic", "deltoform"), ("plexity", "stromal", "cortis", "medullon")
    return [
        Concept(f"pad_{n}", f"{first[n % 4]}{n} {second[n // 4 % 4]}{n % 97}", "disease", pack="padding")
        for n in range(count)
    ]


def main() -> None:
    """Prints the times, then the figures of both parts beside the baseline."""
    with tempfile.TemporaryDirectory() as folder, Graph.open_embedded(Path(folder)) as graph:
        load(graph, core())
        lexicon = graph.lexicon()
        start = time.perf_counter()
        big = Linker([*lexicon, *padding(30_000 - len(lexicon))])
        print(f"linker, 30,000 concepts, built in {time.perf_counter() - start:.1f} s")
        count = len(sentences(ANSWER))
        print(f"link {count} sentences: {timed(lambda: big.link(ANSWER))}")
        checker = Checker(big, Verifier(graph))
        print(f"check {count} sentences: {timed(lambda: checker.check(ANSWER))}")
        facts = graph.facts_about([c.id for c in lexicon], limit=1_000_000)
        others = {"MiniLM similarity": by_similarity(facts, MiniLM())}
        for part in ("dev", "held"):
            for name, score in evaluate(checker, facts, part, others).items():
                figures = "  ".join(
                    f"{v.value} P {score.precision(v):.3f} R {score.recall(v):.3f} F {score.f1(v):.3f}" for v in Verdict
                )
                print(f"{part} ({score.counts.total()}) {name}: macro-F1 {score.macro_f1:.3f}  {figures}")


if __name__ == "__main__":
    main()

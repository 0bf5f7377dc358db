"""Times linking, reading and verification, and reports the fact-check figures. `python benchmarks/checking.py`.

    PYTHONPATH=. python benchmarks/checking.py [--file SENTENCES.tsv] [--wrong] [--own]

Without `--file` both authored parts are scored beside the baselines (the `bench` extra adds the sentence model of one).
With it, the sentences of a tab-separated file with the columns `verdict` (or `gold`) and `text` are checked, and what came
of each kind of gold is printed: "true" and "false" ones are told by medicine, so that a true sentence may be supported or,
where the graph lacks the fact, not in it. `--wrong` prints the sentences that went wrong, `--own` checks the graph's own.
Runs on the embedded engine with the curated content; the lexicon is padded to 30,000 concepts with made-up names.
Asserts nothing.
"""

import argparse
import csv
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from importlib import resources
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from copilot.bootstrap import bundled_checker
from copilot.checking import Checker
from copilot.evaluation.factcheck import baselines, by_checker, evaluate
from kg import wording
from kg.graph import Graph
from kg.linking import Linker, sentences
from kg.loading.csv_pack import core
from kg.loading.load import load
from kg.memory import Memory
from kg.types import Concept, Fact, Verdict
from kg.verification import Verifier

ANSWER = (
    "A pleural effusion is a collection of fluid in the pleural space. Heart failure is a common cause of pleural effusion. "
    "It can be mistaken for an elevated hemidiaphragm. A normal chest radiograph does not rule out pulmonary embolism. "
    "Ultrasound can detect pleural effusions. The tip of an endotracheal tube should lie 3 to 7 cm above the carina."
)
RUNS = 60
# What a verdict on a sentence of this gold must not be.
WRONG = {
    "true": {"contradicted", "not_a_claim"},
    "false": {"supported", "not_a_claim"},
    "supported": {"contradicted", "not_a_claim"},
    "contradicted": {"supported", "not_a_claim"},
    "unknown": {"supported", "contradicted", "not_a_claim"},
    "not_in_graph": {"supported", "contradicted", "not_a_claim"},
    "no_claim": {"supported", "contradicted", "not_in_graph"},
    "not_a_claim": {"supported", "contradicted", "not_in_graph"},
}


def fresh_answers() -> list[str]:
    """Six sentences each, of the authored development part, in its order."""
    text = (resources.files("copilot.evaluation") / "data" / "factcheck_dev_1.tsv").read_text("utf-8")
    rows = csv.DictReader((r for r in text.splitlines() if r[:1] != "#"), delimiter="\t", quoting=csv.QUOTE_NONE)
    told = [row["text"].strip() for row in rows]
    return [" ".join(told[i : i + 6]) for i in range(0, len(told) - 5, 6)]


def timed(work: Callable[[str], object], texts: Sequence[str]) -> str:
    """Median and 95th percentile in milliseconds: on the clock, and of this process's CPU."""
    clock, cpu = [], []
    for text in texts:
        start, spent = time.perf_counter(), time.process_time()
        work(text)
        clock.append((time.perf_counter() - start) * 1000)
        cpu.append((time.process_time() - spent) * 1000)
    at = int(len(texts) * 0.95)
    return (
        f"{statistics.median(clock):.1f} / {sorted(clock)[at]:.1f} ms "
        f"(CPU {statistics.median(cpu):.1f} / {sorted(cpu)[at]:.1f} ms)"
    )


def padding(count: int) -> list[Concept]:
    """Made-up two-word concepts of a size that a large pack has."""
    first, second = ("alphoid", "betular", "gammic", "deltoform"), ("plexity", "stromal", "cortis", "medullon")
    return [
        Concept(f"pad_{n}", f"{first[n % 4]}{n} {second[n // 4 % 4]}{n % 97}", "disease", pack="padding")
        for n in range(count)
    ]


def parts(checker: Checker, facts: Sequence[Fact]) -> None:
    """The figures of both authored parts beside the baselines."""
    others = baselines(facts)
    for part in ("dev", "held"):
        for name, score in evaluate(checker, facts, part, others).items():
            figures = "  ".join(
                f"{v.value} P {score.precision(v):.3f} R {score.recall(v):.3f} F {score.f1(v):.3f}" for v in Verdict
            )
            print(f"{part} ({score.counts.total()}) {name}: macro-F1 {score.macro_f1:.3f}  {figures}")


def of_a_file(checker: Checker, path: Path, *, wrong: bool) -> None:
    """The confusion table over a file of sentences."""
    judge, counts = by_checker(checker), Counter[tuple[str, str]]()
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            gold = (row.get("verdict") or row.get("gold") or "").strip()
            given = judge(row["text"].strip()).value
            counts[gold, given] += 1
            if wrong and given in WRONG.get(gold, ()):
                print(f"{gold} -> {given}: {row['text'].strip()}")
    verdicts = [v.value for v in Verdict]
    print(f"{'gold':<16}{'sentences':>10}" + "".join(f"{v:>16}" for v in verdicts))
    for gold in sorted({key for key, _ in counts}):
        row_counts = [counts[gold, v] for v in verdicts]
        total = sum(row_counts)
        print(f"{gold:<16}{total:>10}" + "".join(f"{n:>8} {n / total:>6.1%} " for n in row_counts))


def own(checker: Checker, facts: Sequence[Fact]) -> None:
    """Verdicts on the graph's own sentences, which are true by what it says."""
    print("its own sentences:", dict(Counter(checker.check(wording.sentence(f))[-1].verdict.value for f in facts)))


def main() -> None:
    """Prints the times and the figures, or those of a file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--file", type=Path, help="sentences with the columns verdict and text")
    parser.add_argument("--wrong", action="store_true", help="print the sentences of the file that went wrong")
    parser.add_argument("--own", action="store_true", help="check the graph's own sentences")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, Graph.open_embedded(Path(folder)) as graph:
        load(graph, core())
        lexicon = graph.lexicon()
        facts = graph.facts_about([c.id for c in lexicon], limit=1_000_000)
        if options.file:
            of_a_file(
                bundled_checker(Linker(lexicon), Verifier(Memory(graph))),
                options.file,
                wrong=options.wrong,
            )
            return
        start = time.perf_counter()
        big = Linker([*lexicon, *padding(30_000 - len(lexicon))])
        print(f"linker, 30,000 concepts, built in {time.perf_counter() - start:.1f} s")
        count = len(sentences(ANSWER))
        print(f"link {count} sentences: {timed(big.link, [ANSWER] * RUNS)}")
        checker = bundled_checker(big, Verifier(Memory(graph)))
        print(f"check {count} sentences, the same again and again: {timed(checker.check, [ANSWER] * RUNS)}")
        print(f"check 6 sentences, never seen before: {timed(checker.check, fresh_answers())}")
        parts(checker, facts)
        if options.own:
            own(checker, facts)


if __name__ == "__main__":
    main()

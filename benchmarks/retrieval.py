"""How often the deciding fact is retrieved, and what link and retrieve cost. `python benchmarks/retrieval.py [--hpo]`.

Prints the share of the authored questions with a deciding fact among the first eight, by part and beside a baseline,
and the CPU time of a question in our process and in the engine's. With `--hpo` that pack is in the graph too. Asserts
nothing.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from copilot.bootstrap import concept_reader, question_reader
from copilot.evaluation.retrieval import by_mention, by_retriever, evaluate, questions
from kg.graph import Graph
from kg.linking import Linker
from kg.loading.load import load
from kg.loading.packs import registered
from kg.memory import Memory
from kg.retrieval import Retriever

COLD = 20  # questions that a new linker and retriever get first, their caches empty


def _engine_cpu(folder: Path) -> float:
    """Seconds of CPU that the engine on this folder has used."""
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            command = (entry / "cmdline").read_bytes()
            if b"ArcadeDBServer" in command and str(folder).encode() in command:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
                return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        except OSError:
            continue
    return 0.0


def _middle_and_late(times: list[float]) -> str:
    """Median and 95th percentile."""
    return f"{statistics.median(times):.1f} / {sorted(times)[int(len(times) * 0.95)]:.1f}"


def main() -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hpo", action="store_true", help="with the pack hpo in the graph")
    packs = ["core", "hpo"] if parser.parse_args().hpo else ["core"]
    with tempfile.TemporaryDirectory() as folder, Graph.open_embedded(Path(folder)) as graph:
        for name in packs:
            load(graph, registered(name))
        linker, retriever = (
            Linker(graph.lexicon(), concept_reader()),
            Retriever(graph, Memory(graph), question_reader()),
        )
        ours, baseline = by_retriever(linker, retriever), by_mention(linker, graph)
        print(f"{' and '.join(packs)}: {graph.stats().facts} facts")
        for part in ("dev", "held"):
            asked = list(questions(part))
            ours_score, base_score = evaluate(ours, asked), evaluate(baseline, asked)
            missed = dict(ours_score.asked - ours_score.hits)
            print(f"{part} ({len(asked)}): {ours_score.rate:.3f}, baseline {base_score.rate:.3f}; missed {missed}")
        texts = [question.text for part in ("dev", "held") for question in questions(part)]
        linker, retriever = (
            Linker(graph.lexicon(), concept_reader()),
            Retriever(graph, Memory(graph), question_reader()),
        )
        ours = by_retriever(linker, retriever)
        before, clock, cpu = _engine_cpu(Path(folder)), [], []
        for text in texts:
            start, spent = time.perf_counter(), time.process_time()
            ours(text)
            clock.append((time.perf_counter() - start) * 1000)
            cpu.append((time.process_time() - spent) * 1000)
        engine = (_engine_cpu(Path(folder)) - before) * 1000 / len(texts)
        for part, name in ((slice(COLD), f"the first {COLD} of a retriever"), (slice(COLD, None), "later")):
            print(
                f"link and retrieve, {name}: {_middle_and_late(clock[part])} ms (CPU here {_middle_and_late(cpu[part])} ms)"
            )
        print(f"{engine:.1f} ms in the engine (mean)")


if __name__ == "__main__":
    main()

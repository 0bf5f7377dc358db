"""How long one film takes, from the file's bytes to findings, lungs and heat maps.

`PYTHONPATH=. python benchmarks/vision.py [FILM] [RUNS]`; without FILM the bundled, drawn example. Prints seconds on the
clock and seconds of CPU, which other work on the machine does not lengthen.
"""

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from copilot.scenarios import example_film
from copilot.vision.factory import build_examiner
from guardrails.images import ImageGate


def main(data: bytes, runs: int) -> None:
    """Prints a row a step."""
    gate, examiner = ImageGate(), build_examiner("bundled")
    image = gate.open(data)
    reading = examiner.read(image)
    print(f"{image.pixels.shape}, accepted: {reading.accepted}, lungs: {len(reading.outlines)}, "
          f"heat maps: {len(reading.heatmaps)}")  # fmt: skip
    timed("decoding and burned-in text", lambda: gate.open(data), runs)
    timed("gate, findings, lungs, heart, heat maps", lambda: examiner.read(image), runs)
    timed("one film end to end", lambda: examiner.read(gate.open(data)), runs)


def timed(name: str, work: Callable[[], object], runs: int) -> None:
    """Median over the runs."""
    wall, processor = [], []
    for _ in range(runs):
        began, used = time.perf_counter(), time.process_time()
        work()
        wall.append(time.perf_counter() - began)
        processor.append(time.process_time() - used)
    print(f"{name}: {statistics.median(wall):.2f} s, CPU {statistics.median(processor):.2f} s")


if __name__ == "__main__":
    named = [argument for argument in sys.argv[1:] if not argument.isdigit()]
    counted = [int(argument) for argument in sys.argv[1:] if argument.isdigit()]
    main(Path(named[0]).read_bytes() if named else example_film(), counted[0] if counted else 10)

"""How long one film takes, from the file's bytes to findings and lungs.

A heat map, where a bundle has one that is believed, takes a second run of the encoder's graph; the shipped bundle has none.

`PYTHONPATH=. python benchmarks/vision.py [FILM] [RUNS]`; without FILM the bundled, drawn example. Prints seconds on the
clock and seconds of CPU, which other work on the machine does not lengthen.
"""

import io
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image, UnidentifiedImageError

from copilot.scenarios import example_film
from copilot.vision.factory import build_examiner
from copilot.vision.port import Encoder
from guardrails.images import ImageGate
from guardrails.types import SafeImage


def main(data: bytes, runs: int) -> None:
    """Prints a row a step."""
    gate, examiner = ImageGate(), build_examiner("bundled")
    image = gate.open(data)
    reading = examiner.read(image)
    print(f"{image.pixels.shape}, accepted: {reading.accepted}, lungs: {len(reading.outlines)}")
    if decoded(data) is not None:
        timed("decoding, gate, findings, and again as for a heat map", lambda: twice(examiner, decoded(data)), runs)
    timed("decoding and burned-in text", lambda: gate.open(data), runs)
    timed("gate, findings, lungs, heart", lambda: examiner.read(image), runs)
    timed("one film end to end", lambda: examiner.read(gate.open(data)), runs)


def decoded(data: bytes) -> SafeImage | None:
    """A PNG or JPEG without the search for burned-in text; None for DICOM, which only the gate opens."""
    try:
        return SafeImage(np.asarray(Image.open(io.BytesIO(data)).convert("L"), np.float32) / 255, "benchmark")
    except UnidentifiedImageError:
        return None


def twice(examiner: Encoder, image: SafeImage | None) -> None:
    """The reading, and one more run on the whole film, as a map and a place among other films take it."""
    assert image is not None  # noqa: S101 - asked before
    examiner.read(image)
    examiner.place(image)


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

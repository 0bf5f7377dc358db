"""Times text de-identification: start, 100 words, and 1 MB, on one core. Measures only; asserts nothing."""
# ruff: noqa: E501 - one rule or one list stays on one line

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import resource
import statistics
import time


def main() -> None:
    """Prints seconds to start, milliseconds a 100 words (median, 95th percentile), seconds a megabyte."""
    begin = time.perf_counter()
    from copilot.evaluation.notes import notes  # noqa: PLC0415 - importing is part of what is timed
    from guardrails.text import TextDeidentifier  # noqa: PLC0415
    from guardrails.types import Vault  # noqa: PLC0415

    deidentifier = TextDeidentifier()
    print(f"start {time.perf_counter() - begin:.2f} s")

    words = " ".join(note.text for note in notes("dev", 180, seed=1)).split(" ")
    pieces = [" ".join(words[i : i + 100]) for i in range(0, len(words) - 100, 100)]
    deidentifier.deidentify(pieces[0], Vault())
    wall, processor = [], []
    for piece in pieces:
        begin, cpu = time.perf_counter(), time.process_time()
        deidentifier.deidentify(piece, Vault())
        wall.append(1000 * (time.perf_counter() - begin))
        processor.append(1000 * (time.process_time() - cpu))
    late = sorted(wall)[int(len(wall) * 0.95)]
    print(
        f"100 words: wall median {statistics.median(wall):.1f} ms, p95 {late:.1f} ms; CPU median {statistics.median(processor):.1f} ms"
    )

    long_text = " ".join(words)
    long_text = (long_text * (1_000_000 // len(long_text) + 1))[:1_000_000]
    begin = time.perf_counter()
    deidentifier.deidentify(long_text, Vault())
    print(
        f"1 MB: {time.perf_counter() - begin:.1f} s; peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB"
    )


if __name__ == "__main__":
    main()

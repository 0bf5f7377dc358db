"""How long one film takes from pixels to findings and one heat map: `python benchmarks/vision.py [RUNS]`.

Knows nothing of decoding files. The film is noise over a ramp: the gate refuses it after the full network run.
"""

import statistics
import sys
import time

import numpy as np

from copilot.vision.onnx_encoder import OnnxEncoder
from guardrails.types import SafeImage


def main(runs: int) -> None:
    """Prints load time, median and worst reading in milliseconds, and the size of the weights."""
    start = time.perf_counter()
    encoder = OnnxEncoder()
    print(f"load {1000 * (time.perf_counter() - start):.0f} ms")
    rng = np.random.default_rng(0)
    pixels = (np.linspace(0, 1, 2048)[:, None] * 0.6 + rng.random((2048, 2048)) * 0.4).astype(np.float32)
    image = SafeImage(pixels=pixels, source="synthetic")
    taken = []
    for _ in range(runs):
        start = time.perf_counter()
        encoder.read(image)
        encoder.heatmap(image, encoder.labels[0].name)
        taken.append(1000 * (time.perf_counter() - start))
    print(f"read and heat map, 2048 x 2048: median {statistics.median(taken):.0f} ms, worst {max(taken):.0f} ms")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)

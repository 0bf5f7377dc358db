"""From a film of any size to the square the encoder was trained on; training and running share it.

Knows nothing of models, labels or files.
"""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from copilot.vision.box import WHOLE, Box

EFFECTIVE_SIDE = 64
COARSE_SIDE = 160  # a film this small was shrunk elsewhere and shows no more than 64 pixels would
LOW_PERCENTILE, HIGH_PERCENTILE = 1.0, 99.0


def stretch(pixels: NDArray[np.float32]) -> NDArray[np.float32]:
    """`pixels` with their 1st and 99th percentiles moved to 0 and 1, so that exposure does not matter."""
    low, high = np.percentile(pixels, [LOW_PERCENTILE, HIGH_PERCENTILE])
    stretched: NDArray[np.float32] = np.clip((pixels - low) / max(float(high - low), 1e-3), 0.0, 1.0)
    return stretched.astype(np.float32)


def resize(pixels: NDArray[np.float32], rows: int, columns: int, box: Box = WHOLE) -> NDArray[np.float32]:
    """What lies in the box: bicubic with antialiasing, clipped to 0..1."""
    tall, wide = pixels.shape
    corners = (box.left * wide, box.top * tall, box.right * wide, box.bottom * tall)
    resized = Image.fromarray(pixels.astype(np.float32)).resize((columns, rows), Image.Resampling.BICUBIC, corners)
    return np.clip(np.asarray(resized, dtype=np.float32), 0.0, 1.0)


def degrade(pixels: NDArray[np.float32], side: int) -> NDArray[np.float32]:
    """`pixels` at `side` x `side`: every film then has the same effective resolution."""
    return pixels if pixels.shape == (side, side) else resize(pixels, side, side)


def to_square(pixels: NDArray[np.float32], size: int, box: Box = WHOLE) -> NDArray[np.float32]:
    """float32 (size, size), 0..1: the film stretched and brought down to 64 x 64, and what lies in the box up again.

    Half of the training films exist at 64 pixels only and were chosen in another way than the rest: without this
    step blur alone gives their labels away. Films are squeezed to squares, as NIH ChestX-ray14 was.
    """
    return _blurred(stretch(pixels), size, box)


def to_sharp_square(pixels: NDArray[np.float32], size: int, box: Box = WHOLE) -> NDArray[np.float32]:
    """float32 (size, size), 0..1: the film stretched, and what lies in the box at the resolution that `size` allows.

    Only for films larger than `COARSE_SIDE`: their heads learned from such films alone, so blur cannot help them.
    """
    return resize(stretch(pixels), size, size, box)


def to_squares(stretched: NDArray[np.float32], size: int, box: Box = WHOLE) -> tuple[NDArray[np.float32], ...]:
    """Both squares of a film that is stretched already; of a coarse film the first alone."""
    blurred = _blurred(stretched, size, box)
    return (blurred,) if is_coarse(stretched) else (blurred, resize(stretched, size, size, box))


def is_coarse(pixels: NDArray[np.float32]) -> bool:
    """Whether a film is too small for the sharp view."""
    return bool(max(pixels.shape) <= COARSE_SIDE)


def _blurred(stretched: NDArray[np.float32], size: int, box: Box) -> NDArray[np.float32]:
    return resize(degrade(stretched, EFFECTIVE_SIDE), size, size, box)

"""Stored DICOM pixels, and the curve from stored values to what a reader sees: modality LUT, VOI, polarity.

Follows DICOM PS3.3 C.7.6.3 (pixels), C.11.1 (modality LUT), C.11.2 (VOI LUT), C.11.6 (presentation LUT).
Knows nothing of identifiers.
"""

import math
import struct

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileDataset
from pydicom.encaps import generate_frames
from pydicom.pixels.processing import apply_color_lut, apply_modality_lut, apply_voi
from pydicom.pixels.utils import get_expected_length, pixel_array

from guardrails.dicom.reading import DAMAGED, ENCRYPTED, MAX_PIXELS, is_registered
from guardrails.types import ImageRefused

NO_PIXELS = "The DICOM file holds no image (it may be a report, a document or a plan); choose the film itself."
UNDECODABLE = "The image data of this DICOM file cannot be decoded; export it uncompressed or as JPEG 2000 and retry."
WRONG_SIZE = (
    "The image data of this DICOM file is not as long as its rows and columns say; export the image again and retry."
)
WRONG_BITS = (
    "The pixels of this DICOM file have more bits than its header says (Bits Stored, High Bit), so the picture would be "
    "destroyed; have the header put right and retry."
)
TOO_MANY_PIXELS = f"The image has more than {MAX_PIXELS // 1_000_000} million pixels; export a smaller one and retry."

Stored = NDArray[np.generic]  # (frames, rows, columns) or, in colour, (frames, rows, columns, 3)
_PERCENTILES = (0.1, 99.9)


def stored_pixels(dataset: FileDataset) -> Stored:
    """All frames as stored, colour (a palette's too) as RGB, bits outside of the sample cleared: old overlays hide there.

    Raises ImageRefused when there is no image, it is too large, or it cannot be decoded.
    """
    _refuse_unusable(dataset)
    try:
        array = np.asarray(pixel_array(dataset, correct_unused_bits=False))
    except MemoryError:
        raise ImageRefused(TOO_MANY_PIXELS) from None
    except Exception:  # decoders raise anything; their messages may quote the header
        raise ImageRefused(UNDECODABLE) from None
    frames = array if frame_count(dataset) > 1 else array[np.newaxis]
    if frames.ndim - (3 if samples(dataset) == 1 else 4) or frames.dtype.kind not in "iu":
        raise ImageRefused(UNDECODABLE)
    alone = _samples_alone(frames, dataset)
    return _colours(alone, dataset) if has_palette(dataset) else alone


def has_palette(dataset: Dataset) -> bool:
    """Stored values are numbers of colours, which nothing can be worked out with."""
    return str(dataset.get("PhotometricInterpretation")) == "PALETTE COLOR"


def _colours(numbers: Stored, dataset: Dataset) -> Stored:
    try:
        return np.asarray(apply_color_lut(numbers, dataset))[..., :3]
    except Exception:  # a table that is missing, too short, or of a kind that pydicom cannot read
        raise ImageRefused(UNDECODABLE) from None


def frame_count(dataset: Dataset) -> int:
    """NumberOfFrames, at least 1."""
    return max(1, _integer(dataset, "NumberOfFrames", 1))


def samples(dataset: Dataset) -> int:
    """SamplesPerPixel."""
    return _integer(dataset, "SamplesPerPixel", 1)


def _integer(dataset: Dataset, keyword: str, default: int = 0) -> int:
    try:
        return int(dataset.get(keyword) or default)
    except (TypeError, ValueError):
        raise ImageRefused(DAMAGED) from None


def _refuse_unusable(dataset: FileDataset) -> None:
    if "PixelData" not in dataset:
        raise ImageRefused(ENCRYPTED if "EncryptedAttributesSequence" in dataset else NO_PIXELS)
    rows, columns = _integer(dataset, "Rows"), _integer(dataset, "Columns")
    if rows <= 0 or columns <= 0 or not dataset.PixelData:
        raise ImageRefused(NO_PIXELS)
    if rows * columns * frame_count(dataset) > MAX_PIXELS:
        raise ImageRefused(TOO_MANY_PIXELS)
    _refuse_large_codestreams(dataset, rows, columns)


def _refuse_large_codestreams(dataset: FileDataset, rows: int, columns: int) -> None:
    """A compressed frame that claims more pixels than the header does is refused before a decoder sees it."""
    syntax = dataset.file_meta.TransferSyntaxUID
    if not is_registered(syntax):
        raise ImageRefused(UNDECODABLE)
    if not syntax.is_compressed:
        _refuse_another_length(dataset)
        return
    try:
        claimed = [
            codestream_size(frame)
            for frame in generate_frames(dataset.PixelData, number_of_frames=frame_count(dataset))
        ]
    except Exception:
        raise ImageRefused(DAMAGED) from None
    if any(h * w > rows * columns for h, w in claimed):
        raise ImageRefused(DAMAGED)


def codestream_size(frame: bytes) -> tuple[int, int]:
    """(rows, columns) a JPEG, JPEG-LS or JPEG 2000 codestream claims; (0, 0) where there is none (RLE)."""
    if frame[:4] == b"\xff\x4f\xff\x51":
        right, bottom, left, top = struct.unpack(">IIII", frame[8:24])
        return bottom - top, right - left
    if frame[:2] != b"\xff\xd8":
        return 0, 0
    at = 2
    while at + 9 <= len(frame) and frame[at] == 0xFF:
        marker, length = frame[at + 1], struct.unpack(">H", frame[at + 2 : at + 4])[0]
        if marker == 0xF7 or (0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC)):
            rows, columns = struct.unpack(">HH", frame[at + 5 : at + 9])
            return rows, columns
        at += 2 + length
    return 0, 0


def _refuse_another_length(dataset: FileDataset) -> None:
    """Rows of a wrong length shear the picture, so that a person reads what the OCR cannot."""
    try:
        expected = get_expected_length(dataset)
    except Exception:  # something that it needs is not there or is no number
        raise ImageRefused(DAMAGED) from None
    a_line = min(dataset.Rows, dataset.Columns) * samples(dataset) * -(-dataset.BitsAllocated // 8)
    if not expected <= len(dataset.PixelData) < expected + max(2, a_line):
        raise ImageRefused(WRONG_SIZE)


def _samples_alone(array: Stored, dataset: FileDataset) -> Stored:
    """The bits from HighBit down to BitsStored in all, PS3.5 8.1.1; a codec's samples are the lowest bits anyway.

    Raises ImageRefused when what is cut off is a part of the picture.
    """
    allocated = array.dtype.itemsize * 8
    stored = _integer(dataset, "BitsStored", allocated)
    high = stored - 1 if dataset.file_meta.TransferSyntaxUID.is_compressed else _high_bit(dataset, stored - 1)
    if not 0 < stored <= high + 1 <= allocated:
        raise ImageRefused(WRONG_BITS)
    whole = np.right_shift(array, high + 1 - stored)
    above = allocated - stored
    alone = np.asarray(np.right_shift(np.left_shift(whole, above), above))
    if (alone != whole).any() and _goes_on_above(whole, stored):
        raise ImageRefused(WRONG_BITS)
    return alone


def _high_bit(dataset: Dataset, default: int) -> int:
    return default if dataset.get("HighBit") is None else int(dataset.HighBit)


def _goes_on_above(whole: Stored, stored: int) -> bool:
    """True when the higher bits count what the sample does: where they change, the whole value hardly does.

    An overlay that hides there, declared or not, changes the whole value by all that its bit is worth.
    """
    values = whole.astype(np.int64)
    step = np.abs(np.diff(values, axis=2))[np.diff(values >> stored, axis=2) != 0]
    return bool(step.size and np.percentile(step, 25) < 1 << (stored - 1))


# --- the curve ------------------------------------------------------------------------------------


def shown(dataset: Dataset, frame: NDArray[np.generic]) -> NDArray[np.float32]:
    """One stored frame as a reader sees it: float32, 0 black to 1 white, bone bright; colour stays colour."""
    if frame.ndim == 3:
        return _scaled(frame, dataset)
    return _grey(dataset, frame)


def cut_off(frame: NDArray[np.generic]) -> NDArray[np.float32]:
    """What a curve without a window makes all black or all white: values past the outer percentiles, at them, between."""
    values = np.asarray(frame, np.float64)
    low, high = np.percentile(values, _PERCENTILES, method="nearest")
    return np.asarray((np.sign(values - low) + np.sign(values - high) + 2) / 4, np.float32)


def _scaled(frame: NDArray[np.generic], dataset: Dataset) -> NDArray[np.float32]:
    whole = frame.dtype.itemsize * 8
    top = (1 << (whole if has_palette(dataset) else _integer(dataset, "BitsStored", whole))) - 1
    return np.asarray(np.clip(np.asarray(frame, np.float32) / np.float32(top), 0, 1), np.float32)


def _grey(dataset: Dataset, frame: NDArray[np.generic]) -> NDArray[np.float32]:
    """The curve is worked out once for each stored value, then looked up for each pixel."""
    low, high = int(frame.min()), int(frame.max())
    if high - low > 0xFFFF:
        return np.reshape(_curve(dataset, frame.astype(np.float64).ravel(), None), frame.shape)
    offset = (frame.astype(np.int64) - low).astype(np.uint16)
    counts = np.bincount(offset.ravel(), minlength=high - low + 1)
    values = np.arange(low, high + 1, dtype=np.int64)
    padding = _padding(dataset, values)
    counts[padding] = 0
    curve = _curve(dataset, values, counts)
    curve[padding] = 0.0
    return np.asarray(curve[offset], np.float32)


def _padding(dataset: Dataset, values: NDArray[np.int64]) -> NDArray[np.bool_]:
    value = dataset.get("PixelPaddingValue")
    if value is None:
        return np.zeros(values.shape, bool)
    limit = dataset.get("PixelPaddingRangeLimit", value)
    first, last = sorted((_signed(dataset, int(value)), _signed(dataset, int(limit))))
    return (values >= first) & (values <= last)


def _signed(dataset: Dataset, value: int) -> int:
    """Padding of signed pixels written as unsigned (its VR is ambiguous) read as what it means."""
    bits = _integer(dataset, "BitsAllocated", 16)
    wraps = _integer(dataset, "PixelRepresentation") == 1 and value >= 1 << (bits - 1)
    return value - (1 << bits) if wraps else value


def _curve(
    dataset: Dataset, values: NDArray[np.int64] | NDArray[np.float64], counts: NDArray[np.int64] | None
) -> NDArray[np.float32]:
    real = np.asarray(_after_modality(dataset, values), np.float64)
    seen = _after_voi(dataset, real)
    if seen is None:
        seen = _stretched(real, counts)
    return np.asarray(1.0 - seen if _is_inverse(dataset) else seen, np.float32)


def _after_modality(dataset: Dataset, values: NDArray[np.int64] | NDArray[np.float64]) -> NDArray[np.generic]:
    try:
        return np.asarray(apply_modality_lut(values, dataset))
    except Exception:  # an unusable LUT or rescale: the stored values still make a picture
        return values


def _after_voi(dataset: Dataset, real: NDArray[np.float64]) -> NDArray[np.float64] | None:
    """The first VOI LUT, else the first window, else None: the file says nothing usable."""
    if dataset.get("VOILUTSequence"):
        try:
            table = np.asarray(apply_voi(np.rint(real).astype(np.int64), dataset, index=0), np.float64)
            return _stretched(table, None) if np.ptp(table) else None
        except Exception:  # an unusable LUT: the window counts
            return _after_window(dataset, real)
    return _after_window(dataset, real)


def _after_window(dataset: Dataset, real: NDArray[np.float64]) -> NDArray[np.float64] | None:
    centre, width = _first(dataset, "WindowCenter"), _first(dataset, "WindowWidth")
    if centre is None or width is None or width < 1:
        return None
    return _windowed(real, centre, width, str(dataset.get("VOILUTFunction") or "LINEAR"))


def _first(dataset: Dataset, keyword: str) -> float | None:
    try:
        value = dataset.get(keyword)
        number = float(value[0] if hasattr(value, "__getitem__") and not isinstance(value, str) else value)
    except (TypeError, ValueError, IndexError):
        return None
    return number if math.isfinite(number) else None


def _windowed(real: NDArray[np.float64], centre: float, width: float, function: str) -> NDArray[np.float64]:
    """PS3.3 C.11.2.1.2 and C.11.2.1.3, with an output range of 0 to 1."""
    if function == "SIGMOID":
        return 1.0 / (1.0 + np.exp(np.clip(-4.0 * (real - centre) / width, -60, 60)))
    if function == "LINEAR_EXACT" or width == 1:
        return np.clip((real - centre) / width + 0.5, 0.0, 1.0)
    return np.clip((real - (centre - 0.5)) / (width - 1.0) + 0.5, 0.0, 1.0)


def _stretched(real: NDArray[np.float64], counts: NDArray[np.int64] | None) -> NDArray[np.float64]:
    """0 to 1 between the outer percentiles of what the frame holds (its extremes without counts)."""
    low, high = _percentiles(real, counts) if counts is not None and counts.any() else (real.min(), real.max())
    return np.zeros_like(real) if high <= low else np.clip((real - low) / (high - low), 0.0, 1.0)


def _percentiles(real: NDArray[np.float64], counts: NDArray[np.int64]) -> tuple[float, float]:
    order = np.argsort(real, kind="stable")
    share = np.cumsum(counts[order]) / counts.sum() * 100.0
    low, high = (order[int(np.searchsorted(share, p))] for p in _PERCENTILES)
    return float(real[low]), float(real[high])


def _is_inverse(dataset: Dataset) -> bool:
    """MONOCHROME1 and the shape INVERSE say the same thing: PS3.3 C.8.11.3 asks for the two together."""
    return (
        "MONOCHROME1" in str(dataset.get("PhotometricInterpretation"))
        or dataset.get("PresentationLUTShape") == "INVERSE"
    )

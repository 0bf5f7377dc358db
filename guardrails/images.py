"""The gate for images: any bytes in, one safe film out, or one sentence that says why not.

Knows nothing of what a film shows.
"""

import logging
from collections.abc import Callable
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps
from pydicom.dataset import FileDataset

from guardrails.dicom.film import TOO_MANY_PIXELS, frame_count, shown, stored_pixels
from guardrails.dicom.header import identifying_keywords
from guardrails.dicom.reading import (
    ENCRYPTED,
    MAX_FILE_BYTES,
    MAX_PIXELS,
    TOO_LARGE,
    looks_encrypted,
    looks_like_dicom,
    open_dicom,
)
from guardrails.pixels import BurnedInText
from guardrails.types import ImageRefused, Region, SafeImage

log = logging.getLogger(__name__)

EMPTY = "The file is empty; choose the film again."
NOT_AN_IMAGE = "The file is not a DICOM, PNG or JPEG image; export the film in one of these and retry."
CUT_SHORT = "The {kind} file is damaged or cut short; export it again and retry."
SEVERAL_FRAMES = "The file holds several frames; export one of them as a single image and retry."

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8\xff"
_LUMA = np.array([0.299, 0.587, 0.114], np.float32)  # ITU-R BT.601

# Only defined terms leave the header, so that nothing else travels in their place (PS3.3 C.7.3.1, C.8.11.5).
_MODALITIES = frozenset(
    ("CR", "DX", "RG", "DR", "MG", "CT", "MR", "US", "XA", "RF", "PX", "IO", "NM", "PT", "OT", "SC")
)
_VIEWS = frozenset(("AP", "PA", "LL", "RL", "RLD", "LLD", "RLO", "LLO", "LATERAL", "LAT"))
_SIDES = frozenset(("L", "R", "B", "U"))


class ImageGate:
    """Opens films. One instance serves all threads."""

    def __init__(self, burned_in: BurnedInText | None = None) -> None:
        self._burned_in = burned_in or BurnedInText()

    def open(self, data: bytes) -> SafeImage:
        """The film in a DICOM, PNG or JPEG file, known by its content. Raises ImageRefused."""
        try:
            return self._open(data)
        except ImageRefused:
            raise
        except Exception as error:  # fail closed: what an untrusted file provokes may quote the file
            log.warning("an image was refused after %s", type(error).__name__)
            raise ImageRefused(CUT_SHORT.format(kind="image")) from None

    def _open(self, data: bytes) -> SafeImage:
        if not data:
            raise ImageRefused(EMPTY)
        if len(data) > MAX_FILE_BYTES:
            raise ImageRefused(TOO_LARGE)
        if data.startswith(_PNG) and data[128:132] != b"DICM":
            return self._picture(data, "PNG")
        if data.startswith(_JPEG) and data[128:132] != b"DICM":
            return self._picture(data, "JPEG")
        if looks_encrypted(data):
            raise ImageRefused(ENCRYPTED)
        if looks_like_dicom(data):
            return self._dicom(open_dicom(data))
        raise ImageRefused(NOT_AN_IMAGE)

    def _picture(self, data: bytes, kind: str) -> SafeImage:
        pixels = decoded(data, kind)
        film, saturation, masked = self._film(pixels, _full_range)
        return SafeImage(pixels=film, source=kind, saturation=saturation, masked=masked)

    def _dicom(self, dataset: FileDataset) -> SafeImage:
        if frame_count(dataset) > 1:
            raise ImageRefused(SEVERAL_FRAMES)
        frame = stored_pixels(dataset)[0]
        film, saturation, masked = self._film(frame, lambda stored: shown(dataset, stored))
        return SafeImage(
            pixels=film,
            source="DICOM",
            modality=_term(dataset, "Modality", _MODALITIES),
            view=_term(dataset, "ViewPosition", _VIEWS),
            laterality=_term(dataset, "ImageLaterality", _SIDES) or _term(dataset, "Laterality", _SIDES),
            pixel_spacing_mm=_spacing(dataset),
            saturation=saturation,
            removed=identifying_keywords(dataset),
            masked=masked,
        )

    def _film(
        self, stored: NDArray[np.generic], show: Callable[[NDArray[np.generic]], NDArray[np.float32]]
    ) -> tuple[NDArray[np.float32], float, tuple[Region, ...]]:
        """Shown once with its text and once, with the same curve, without."""
        seen = show(stored)
        cleaned = self._burned_in.mask(seen, np.asarray)
        film = np.asarray(cleaned.pixels, np.float32)
        if film.ndim == 2:
            return film, 0.0, cleaned.masked
        return np.ascontiguousarray(film @ _LUMA), mean_saturation(seen), cleaned.masked


def decoded(data: bytes, kind: str) -> NDArray[np.generic]:
    """(rows, columns[, 3]) of a PNG or JPEG, upright, without metadata. Raises ImageRefused."""
    try:
        image = Image.open(BytesIO(data), formats=(kind,))
    except Image.DecompressionBombError:
        raise ImageRefused(TOO_MANY_PIXELS) from None
    if image.width * image.height > MAX_PIXELS:
        raise ImageRefused(TOO_MANY_PIXELS)
    if getattr(image, "n_frames", 1) > 1 and kind == "PNG":
        raise ImageRefused(SEVERAL_FRAMES)
    try:
        image.load()
    except Exception:
        raise ImageRefused(CUT_SHORT.format(kind=kind)) from None
    return _array(ImageOps.exif_transpose(image))


def _array(image: Image.Image) -> NDArray[np.generic]:
    if image.mode.startswith(("I", "F")):
        return np.asarray(image)
    if image.mode in ("1", "L"):
        return np.asarray(image.convert("L"))
    if image.has_transparency_data:
        over = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", over.size, (0, 0, 0, 255)), over)
    colours = np.asarray(image.convert("RGB"))
    return colours[..., 0] if _is_grey(colours) else colours


def _is_grey(colours: NDArray[np.generic]) -> bool:
    return bool((colours[..., 0] == colours[..., 1]).all() and (colours[..., 1] == colours[..., 2]).all())


def _full_range(pixels: NDArray[np.generic]) -> NDArray[np.float32]:
    """8-bit by its full range; deeper ones by what they hold, since 12-bit films travel in 16-bit files."""
    if pixels.dtype == np.uint8:
        return np.asarray(pixels, np.float32) / np.float32(255)
    low, high = np.percentile(np.asarray(pixels, np.float32), (0.1, 99.9))
    if not high > low:
        return np.zeros(pixels.shape, np.float32)
    return np.asarray(np.clip((pixels.astype(np.float32) - low) / (high - low), 0, 1), np.float32)


def mean_saturation(colours: NDArray[np.float32]) -> float:
    """Mean of HSV saturation over all pixels, 0..1."""
    high, low = colours.max(axis=2), colours.min(axis=2)
    return float(np.mean(np.where(high > 0, (high - low) / np.maximum(high, 1e-6), 0)))


def _term(dataset: FileDataset, keyword: str, allowed: frozenset[str]) -> str | None:
    value = str(dataset.get(keyword) or "").strip().upper()
    return value if value in allowed else None


def _spacing(dataset: FileDataset) -> tuple[float, float] | None:
    """PixelSpacing, else ImagerPixelSpacing (at the detector: a little larger than in the patient), in mm."""
    for keyword in ("PixelSpacing", "ImagerPixelSpacing"):
        try:
            row, column = (float(part) for part in dataset.get(keyword) or ())
        except (TypeError, ValueError):
            continue
        if 0 < row < 10 and 0 < column < 10:
            return row, column
    return None

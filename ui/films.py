"""A de-identified film as a picture for the browser. Knows nothing of the file that the film came from.

The picture travels inside the page as a data address, so no copy of it is ever written to disk.
"""

import base64
import struct
import zlib
from collections.abc import Sequence
from typing import Any

from copilot.sessions import Film
from copilot.types import HeatMap

WARM, OPAQUE = (255, 120, 40), 0.75  # of heat maps
LONGEST_SIDE = 1280  # pixels; enough for a full-screen look on an ordinary monitor


def data_address(film: Film) -> str:
    """The film's safe pixels as `data:image/png;base64,...`, 8 bit, at most `LONGEST_SIDE` pixels a side."""
    return pixels_address(film.image.pixels)


def pixels_address(pixels: Any) -> str:
    """Grey pixels (rows, columns) 0..1 as such an address."""
    return _address(grey_png(pixels))


def heat_address(one: HeatMap) -> str:
    """A heat map as a small picture of one warm colour, the more opaque the hotter, to be stretched over its film."""
    lines = [b"".join(bytes((*WARM, round(255 * OPAQUE * value**1.5))) for value in row) for row in one.cells]
    return _address(_png(lines, len(one.cells[0]), colour_type=6))


def png(film: Film) -> bytes:
    """The film's safe pixels as a PNG."""
    return grey_png(film.image.pixels)


def grey_png(pixels: Any) -> bytes:
    """Pixels (rows, columns) 0..1 as an 8-bit grey PNG (ISO/IEC 15948), shrunk by block means, never enlarged."""
    step = -(-max(pixels.shape) // LONGEST_SIDE)
    rows, columns = pixels.shape[0] // step, pixels.shape[1] // step
    blocks = pixels[: rows * step, : columns * step].reshape(rows, step, columns, step)
    grey = (blocks.mean(axis=(1, 3)).clip(0, 1) * 255).round().astype("uint8")
    return _png([row.tobytes() for row in grey], columns, colour_type=0)


def _png(lines: Sequence[bytes], columns: int, *, colour_type: int) -> bytes:
    header = struct.pack(">IIBBBBB", columns, len(lines), 8, colour_type, 0, 0, 0)
    data = zlib.compress(b"".join(b"\x00" + line for line in lines), 6)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def _address(data: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(data).decode("ascii")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

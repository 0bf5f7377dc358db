"""A de-identified film as a picture for the browser. Knows nothing of the file that the film came from.

The picture travels inside the page as a data address, so no copy of it is ever written to disk.
"""

import base64
import struct
import zlib

from copilot.sessions import Film

LONGEST_SIDE = 1280  # pixels; enough for a full-screen look on an ordinary monitor


def data_address(film: Film) -> str:
    """The film's safe pixels as `data:image/png;base64,...`, 8 bit, at most `LONGEST_SIDE` pixels a side."""
    return "data:image/png;base64," + base64.b64encode(png(film)).decode("ascii")


def png(film: Film) -> bytes:
    """The film's safe pixels as an 8-bit grey PNG (ISO/IEC 15948), shrunk by block means, never enlarged."""
    pixels = film.image.pixels
    step = -(-max(pixels.shape) // LONGEST_SIDE)
    rows, columns = pixels.shape[0] // step, pixels.shape[1] // step
    blocks = pixels[: rows * step, : columns * step].reshape(rows, step, columns, step)
    grey = (blocks.mean(axis=(1, 3)).clip(0, 1) * 255).round().astype("uint8")
    header = struct.pack(">IIBBBBB", columns, rows, 8, 0, 0, 0, 0)
    lines = b"".join(b"\x00" + row.tobytes() for row in grey)
    parts = _chunk(b"IHDR", header), _chunk(b"IDAT", zlib.compress(lines, 6)), _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

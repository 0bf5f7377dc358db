"""The gate for text: any bytes in, the text that they are, or one sentence why not.

Knows nothing of what a text says.
"""

import codecs

from guardrails.dicom.reading import looks_encrypted, looks_like_dicom
from guardrails.types import TextRefused

IS_DICOM = "The file is a DICOM file, not text; name the result with --out."
NOT_TEXT = (
    "The file is an image, an archive or another binary file, not text; for a DICOM file, name the result with --out."
)
UNDECODABLE = "The text is in no encoding that can be told for sure; save it as UTF-8 and retry."

_MARKS = (  # the longer first: the mark of UTF-32 begins with that of UTF-16
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_FORMATS = (  # that may be without a zero byte
    *(b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*", b"MM\0*", b"PK\x03\x04", b"\x1f\x8b", b"BZh"),
    *(b"7z\xbc\xaf", b"\xfd7zXZ", b"Rar!\x1a", b"\x28\xb5\x2f\xfd", b"\x7fELF", b"\xd0\xcf\x11\xe0", b"{\\rtf"),
)
_WORDS_TOO = (b"BM", b"BZh", b"II*")  # of these, only when what follows is no text either


def plain_text(data: bytes) -> str:
    """UTF-8, or what a byte order mark says. Raises TextRefused for binary files and for text of unknown encoding."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decoded(data[len(mark) :], encoding)
    if looks_like_dicom(data):
        raise TextRefused(IS_DICOM)
    if b"\0" in data or looks_encrypted(data) or _is_known_format(data):
        raise TextRefused(NOT_TEXT)
    return _decoded(data, "utf-8")


def _is_known_format(data: bytes) -> bool:
    known = next((start for start in _FORMATS if data.startswith(start)), None)
    return known is not None and (known not in _WORDS_TOO or not data[:1024].isascii())


def _decoded(data: bytes, encoding: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        raise TextRefused(UNDECODABLE) from None
    if "\0" in text:
        raise TextRefused(NOT_TEXT)
    return text

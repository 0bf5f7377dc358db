"""Which bytes are text: what is decoded, and what is refused in one sentence that says what to do."""

import gzip
from io import BytesIO
from zipfile import ZipFile

import pytest
from PIL import Image

from guardrails.plain import plain_text
from guardrails.types import TextRefused
from tests.unit.guardrails.test_dicom_profile import film

WORDS = "Seen with Ørsted, Łukasz: no effusion.\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_text_is_decoded_by_its_mark(encoding: str) -> None:
    """UTF-8 without a mark, the others by theirs; the mark is no part of the text."""
    assert plain_text(WORDS.encode(encoding)) == WORDS


@pytest.mark.parametrize("words", ["", "BMI 31, BP normal", "BZhang, MRN 4711", "II* sic", "MSH|^~\\&|RIS\x0b\r"])
def test_words_that_begin_like_a_format_are_text(words: str) -> None:
    """ASCII all through is text, whatever its first letters."""
    assert plain_text(words.encode()) == words


def picture(kind: str) -> bytes:
    out = BytesIO()
    Image.new("L", (8, 8), 9).save(out, kind)
    return out.getvalue()


def archive() -> bytes:
    out = BytesIO()
    with ZipFile(out, "w") as file:
        file.writestr("a", "John Smith")
    return out.getvalue()


BINARY = {
    "DICOM": film(),
    "DICOM without preamble": film()[132:],
    "DICOM without meta header": film()[film().index(b"\x08\x00\x16\x00UI") :],
    **{kind: picture(kind) for kind in ("PNG", "JPEG", "GIF", "BMP", "TIFF")},
    "ZIP": archive(),
    "gzip": gzip.compress(b"John Smith"),
    "PDF": b"%PDF-1.4\n1 0 obj (John Smith) endobj",
    "RTF": rb"{\rtf1 J\'f6rg Smith}",
    "zero bytes": b"John\0Smith",
    "zero letters": "John\0Smith".encode("utf-16"),
}


@pytest.mark.parametrize("what", BINARY)
def test_binary_files_are_refused(what: str) -> None:
    """With the advice to use --out, and nothing of the file."""
    with pytest.raises(TextRefused, match=r"--out\.$") as refused:
        plain_text(BINARY[what])
    assert "Smith" not in str(refused.value)


@pytest.mark.parametrize("data", [WORDS.encode("cp1252", "replace"), "Müller".encode("latin-1"), b"\xff\xfeM"])
def test_text_of_unknown_encoding_is_refused(data: bytes) -> None:
    """A letter that is guessed wrong would hide a name from the recognizers."""
    with pytest.raises(TextRefused, match="save it as UTF-8"):
        plain_text(data)

"""Opens an untrusted DICOM file within fixed limits, or refuses it with one sentence.

Knows nothing of identifiers or of how pixels are shown.
"""

import logging
import struct
import warnings
import zlib
from collections.abc import Iterator
from io import BytesIO

from pydicom import config, dcmread
from pydicom.datadict import dictionary_has_tag, dictionary_VR
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset, FileDataset
from pydicom.filereader import read_dataset
from pydicom.tag import BaseTag
from pydicom.uid import (
    UID,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    MediaStorageDirectoryStorage,
)

from guardrails.types import ImageRefused

MAX_FILE_BYTES = 200 * 1024 * 1024
MAX_PIXELS = 64 * 1000 * 1000
MAX_DEPTH = 16  # of sequences; an enhanced multi-frame object needs about 6
MAX_ITEMS = 20_000  # an enhanced object of 500 frames has about 5,000
MAX_READS = 300_000  # of the parser: two or three for an element
MAX_SEQUENCE_BYTES = 8 * 1024 * 1024
MAX_VALUE_BYTES = 8 * 1024 * 1024  # of everything that becomes numbers or text, together
MAX_VALUES = 200_000  # of text that separators divide

DAMAGED = "The DICOM file is damaged or cut short; export it again and retry."
TOO_DEEP = f"The DICOM file nests its sequences more than {MAX_DEPTH} deep; export it again and retry."
TOO_MANY = "The DICOM file holds more elements than an image needs; export the image alone and retry."
TOO_LARGE = f"The file unpacks to more than {MAX_FILE_BYTES // 1024 // 1024} MB; export a smaller image and retry."
ENCRYPTED = "The DICOM file is encrypted; decrypt it with the system that wrote it and retry."
NOT_DICOM = "The file is not a DICOM file; choose a DICOM file and retry."
DIRECTORY = "The file is a DICOMDIR, the table of contents of a disc; choose one of the images on the disc."

# pydicom quotes offending values in warnings and log lines, and those values may be a patient's.
config.settings.reading_validation_mode = config.IGNORE
config.settings.writing_validation_mode = config.IGNORE
logging.getLogger("pydicom").setLevel(logging.CRITICAL + 1)
warnings.filterwarnings("ignore", module=r"pydicom(\.|$)")

_PREAMBLE = 128
_ELEMENT_HEADER = 8
_ENVELOPED_DATA = bytes.fromhex("2a864886f70d010703")  # OID of CMS enveloped data, PS3.15 annex C
_FIRST_GROUPS = (b"\x02\x00", b"\x08\x00")
_UNDEFINED = 0xFFFFFFFF
_ITEMS = (b"\xfe\xff\x00\xe0", b"\xff\xfe\xe0\x00")  # the item tag in both byte orders
_CHARACTER_SET = (b"\x08\x00\x05\x00", b"\x00\x08\x00\x05")
_BULK = frozenset(("OB", "OW", "OF", "OD", "OL", "OV", "UN", "SQ"))


def looks_like_dicom(data: bytes) -> bool:
    """True for a Part 10 file, and for a bare data set from group 0002 or 0008 on, as old software writes."""
    if data[_PREAMBLE : _PREAMBLE + 4] == b"DICM":
        return True
    if len(data) < 16:
        return False
    if data[:2] == b"\x00\x08":  # big endian, which is always explicit
        return _is_vr(data[4:6])
    if data[:2] not in _FIRST_GROUPS:
        return False
    return _is_vr(data[4:6]) or struct.unpack("<I", data[4:8])[0] <= 64


def _is_vr(letters: bytes) -> bool:
    return letters.isalpha() and letters.isupper()


def is_registered(uid: object) -> bool:
    """True for a UID of PS3.6 annex A: it names a kind of thing, never a thing."""
    return isinstance(uid, str) and UID(uid).name != uid


def looks_encrypted(data: bytes) -> bool:
    """True for a file in the CMS envelope of the DICOM Secure Media profiles."""
    return data[:1] == b"\x30" and _ENVELOPED_DATA in data[:64]


def open_dicom(data: bytes) -> FileDataset:
    """The data set of a file, all of its elements complete, its transfer syntax known. Raises ImageRefused."""
    if len(data) > MAX_FILE_BYTES:
        raise ImageRefused(TOO_LARGE)
    if looks_encrypted(data):
        raise ImageRefused(ENCRYPTED)
    if not looks_like_dicom(data):
        raise ImageRefused(NOT_DICOM)
    try:
        data = _inflated(data)
        if sum(data.count(item) for item in _ITEMS) > MAX_ITEMS:
            raise ImageRefused(TOO_MANY)
        dataset = dcmread(_Metered(data), force=True)
        _refuse_damage(dataset)
        _state_transfer_syntax(dataset)
    except ImageRefused:
        raise
    except RecursionError:
        raise ImageRefused(TOO_DEEP) from None
    except Exception:  # whatever an untrusted file provokes in the parser: its message may quote the file
        raise ImageRefused(DAMAGED) from None
    if dataset.file_meta.get("MediaStorageSOPClassUID") == MediaStorageDirectoryStorage:
        raise ImageRefused(DIRECTORY)
    return dataset


class _Metered(BytesIO):
    """A file that stops a parser which reads one tiny element after another, or a header that is cut short.

    The character set is what the parser takes apart on the way, however long it is.
    """

    reads = 0
    header = b""

    def read(self, size: int | None = -1, /) -> bytes:
        self.reads += 1
        if self.reads > MAX_READS:
            raise ImageRefused(TOO_MANY)
        read = super().read(size)
        if size == _ELEMENT_HEADER:
            self.header = read
            if len(read) < size and any(read):
                raise ImageRefused(DAMAGED)  # pydicom takes it for the end of the file
        elif len(read) > 0xFFFF and self.header[:4] in _CHARACTER_SET:
            raise ImageRefused(DAMAGED)
        return read


def _inflated(data: bytes) -> bytes:
    """A deflated file as the plain one it stands for, so that the limits hold for what is in it."""
    stream = BytesIO(data)
    stream.seek(_PREAMBLE + 4 if data[_PREAMBLE : _PREAMBLE + 4] == b"DICM" else 0)
    meta = read_dataset(stream, is_implicit_VR=False, is_little_endian=True, stop_when=_past_file_meta)
    if meta.get("TransferSyntaxUID") != DeflatedExplicitVRLittleEndian:
        return data
    at = stream.tell()
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    plain = unpacker.decompress(data[at:], MAX_FILE_BYTES)
    if unpacker.unconsumed_tail:
        raise ImageRefused(TOO_LARGE)
    if not unpacker.eof:
        raise ImageRefused(DAMAGED)
    syntax = ExplicitVRLittleEndian.ljust(len(DeflatedExplicitVRLittleEndian), "\0")
    return data[:at].replace(DeflatedExplicitVRLittleEndian.encode(), syntax.encode()) + plain


def _past_file_meta(tag: BaseTag, vr: str | None, length: int) -> bool:
    return tag.group != 2


def _refuse_damage(dataset: Dataset) -> None:
    """Every element as long as it says (pydicom reads a short one in silence), sequences of a sane depth and size."""
    if len(dataset) == 0:
        raise ImageRefused(DAMAGED)
    size = values = 0
    for nested, depth in walk(dataset):
        if depth > MAX_DEPTH:
            raise ImageRefused(TOO_DEEP)
        for element in nested.elements():
            if _is_cut_short(element):
                raise ImageRefused(DAMAGED)
            stored = _becomes_values(element)
            size, values = size + len(stored), values + stored.count(b"\\")
            if size > MAX_VALUE_BYTES or values > MAX_VALUES:
                raise ImageRefused(TOO_MANY)


def _is_cut_short(element: object) -> bool:
    if not isinstance(element, RawDataElement):
        return False
    return element.length not in (_UNDEFINED, len(element.value or b""))


def _becomes_values(element: object) -> bytes:
    """The bytes of an element that pydicom makes a list of numbers or texts of; nothing for bulk data."""
    if not isinstance(element, RawDataElement) or not dictionary_has_tag(element.tag):
        return b""
    vr = element.VR or dictionary_VR(element.tag).split(" or ")[0]
    return b"" if vr in _BULK else element.value or b""


def walk(dataset: Dataset, depth: int = 0) -> Iterator[tuple[Dataset, int]]:
    """The data set and every item of its standard sequences, with its depth, to one level past MAX_DEPTH.

    Private sequences are not entered: they are dropped whole.
    """
    yield dataset, depth
    if depth > MAX_DEPTH:
        return
    for tag in list(dataset.keys()):
        if tag.is_private or not _is_sequence(dataset, tag):
            continue
        for item in dataset[tag].value or ():
            yield from walk(item, depth + 1)


def _is_sequence(dataset: Dataset, tag: BaseTag) -> bool:
    raw: object = dataset.get_item(tag)
    if isinstance(raw, RawDataElement):
        if raw.VR not in (None, "SQ", "UN"):
            return False
        if len(raw.value or b"") > MAX_SEQUENCE_BYTES and (raw.VR == "SQ" or _is_known_sequence(tag)):
            raise ImageRefused(TOO_MANY)
    return dataset[tag].VR == "SQ"


def _is_known_sequence(tag: BaseTag) -> bool:
    return dictionary_has_tag(tag) and dictionary_VR(tag) == "SQ"


def _state_transfer_syntax(dataset: FileDataset) -> None:
    """A file without meta header is decoded as it was read."""
    if "TransferSyntaxUID" in dataset.file_meta:
        return
    implicit, little = dataset.original_encoding
    explicit = ExplicitVRLittleEndian if little else ExplicitVRBigEndian
    dataset.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian if implicit else explicit

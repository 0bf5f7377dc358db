"""One DICOM file in, one de-identified DICOM file out: header by the profile, pixels by the masker.

Knows nothing of the command line or the page.
"""

import logging
import secrets
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydicom import dcmwrite
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import PYDICOM_IMPLEMENTATION_UID, ExplicitVRLittleEndian, SecondaryCaptureImageStorage

from guardrails.dicom.film import Stored, cut_off, has_palette, shown, stored_pixels
from guardrails.dicom.header import HeaderCleaner, TextCleaner, UidMap, code_item
from guardrails.dicom.reading import DAMAGED, is_registered, open_dicom
from guardrails.dicom.remains import refuse_remains
from guardrails.pixels import BurnedInText, Show
from guardrails.types import DeidentificationFailed, GuardrailError, ImageRefused, Region, Vault

log = logging.getLogger(__name__)

_METHOD_CODES = (  # PS3.16 CID 7050
    ("113100", "Basic Application Confidentiality Profile"),
    ("113101", "Clean Pixel Data Option"),
    ("113105", "Clean Descriptors Option"),
    ("113107", "Retain Longitudinal Temporal Information Modified Dates Option"),
)
BROKEN_KEY = "The installation's de-identification key (deid.key) is damaged; restore or remove it and retry."
_SECRET_BYTES = 32
_OF_AN_IMAGE = (  # an object with one of these has pixels, which are cleaned, or the object is refused
    "PixelData",
    "FloatPixelData",
    "DoubleFloatPixelData",
    "PixelDataProviderURL",
    "EncryptedAttributesSequence",
    "Rows",
    "Columns",
)


@dataclass(frozen=True, slots=True)
class DeidentifiedDicom:
    """`data`: a Part 10 file, Explicit VR Little Endian.

    `removed`: keywords of what was removed, emptied or replaced.
    `residual_text`: where text could still be read after masking; always empty, since such a file is refused.
    """

    data: bytes
    removed: tuple[str, ...]
    remapped_uids: int
    masked_regions: tuple[Region, ...]
    residual_text: tuple[str, ...] = ()


def deidentify_file(
    data: bytes,
    text_deidentifier: TextCleaner | None,
    *,
    secret: bytes,
    vault: Vault | None = None,
    burned_in: BurnedInText | None = None,
) -> DeidentifiedDicom:
    """The de-identified form of one DICOM object: an image of any number of frames, or a header alone.

    `secret` keys UIDs and date offsets: files that should agree share it. Without `text_deidentifier` free
    text is removed. Raises ImageRefused, DeidentificationFailed.
    """
    uids = UidMap(secret)
    header = HeaderCleaner(uids, secret, text_deidentifier, vault or Vault())
    try:
        dataset = open_dicom(data)
        frames, regions = _clean_frames(dataset, burned_in)
        report = header.clean(dataset)
        _identify(dataset, uids, data)
        _state_method(dataset, masked=bool(regions))
        if frames is not None:
            _set_pixels(dataset, frames)
        written = _written(dataset)
        refuse_remains(written, header.identifiers)
    except GuardrailError:
        raise
    except Exception as error:  # fail closed: what an untrusted file provokes may quote the file
        log.warning("a DICOM file was refused after %s", type(error).__name__)
        raise ImageRefused(DAMAGED) from None
    return DeidentifiedDicom(written, tuple(report.removed), len(uids), regions)


def installation_secret(path: Path) -> bytes:
    """The secret kept in `path`, made on first use, whole, and readable by its owner only.

    Raises DeidentificationFailed when what is there is no such secret.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        fresh.touch(mode=0o600, exist_ok=False)
        fresh.write_bytes(secrets.token_bytes(_SECRET_BYTES))
        try:
            path.hardlink_to(fresh)
        except FileExistsError:
            pass  # another process was first: its secret counts
        except OSError:
            fresh.replace(path)  # a file system without links
        fresh.unlink(missing_ok=True)
    secret = path.read_bytes()
    if len(secret) != _SECRET_BYTES:
        raise DeidentificationFailed(BROKEN_KEY)
    return secret


def _clean_frames(dataset: FileDataset, burned_in: BurnedInText | None) -> tuple[Stored | None, tuple[Region, ...]]:
    """The frames without text; None for an object without an image (a report, a presentation state, a plan)."""
    if _sop_class(dataset) and not any(keyword in dataset for keyword in _OF_AN_IMAGE):
        return None, ()
    return _masked(dataset, stored_pixels(dataset), burned_in or BurnedInText())


def _identify(dataset: FileDataset, uids: UidMap, data: bytes) -> None:
    """The two UIDs without which there is no file: from the meta header, or new ones, where they are missing."""
    dataset.SOPClassUID = _sop_class(dataset) or SecondaryCaptureImageStorage
    if not dataset.get("SOPInstanceUID"):
        dataset.SOPInstanceUID = uids[dataset.file_meta.get("MediaStorageSOPInstanceUID") or sha256(data).hexdigest()]


def _sop_class(dataset: FileDataset) -> str | None:
    """A kind of object that the standard registers, wherever the file says so."""
    named = (dataset.get("SOPClassUID"), dataset.file_meta.get("MediaStorageSOPClassUID"))
    return next((uid for uid in named if is_registered(uid)), None)


def _masked(dataset: Dataset, frames: Stored, burned_in: BurnedInText) -> tuple[Stored, tuple[Region, ...]]:
    out, regions = np.array(frames), dict[Region, None]()
    for at, frame in enumerate(frames):
        cleaned = burned_in.mask(frame, *_pictures(dataset, frame))
        out[at] = cleaned.pixels
        regions.update(dict.fromkeys(cleaned.masked))
    return out, tuple(regions)


def _pictures(dataset: Dataset, frame: NDArray[np.generic]) -> tuple[Show, ...]:
    """What a reader sees and, since a window may be changed, all values without one and those that this cuts off."""
    first = partial(shown, dataset)
    if frame.ndim == 3:
        return (first,)
    if not any(keyword in dataset for keyword in ("WindowCenter", "VOILUTSequence")):
        return first, cut_off
    plain = Dataset()
    for keyword in ("BitsStored", "BitsAllocated", "PixelRepresentation", "PhotometricInterpretation"):
        plain[keyword] = dataset[keyword]
    return first, partial(shown, plain), cut_off


def _state_method(dataset: Dataset, *, masked: bool) -> None:
    dataset.PatientIdentityRemoved = "YES"
    dataset.DeidentificationMethod = [meaning for _, meaning in _METHOD_CODES]
    dataset.DeidentificationMethodCodeSequence = Sequence([code_item(*code) for code in _METHOD_CODES])
    dataset.LongitudinalTemporalInformationModified = "MODIFIED"
    if masked:
        rest = list(dataset.get("ImageType") or ["", "SECONDARY"])[1:]
        dataset.ImageType = ["DERIVED", *rest]


def _set_pixels(dataset: FileDataset, frames: Stored) -> None:
    """Written uncompressed: a compressed stream has comment segments of its own."""
    little = np.ascontiguousarray(frames.astype(frames.dtype.newbyteorder("<")))
    raw = little.tobytes()
    dataset.PixelData = raw + b"\0" * (len(raw) % 2)
    dataset["PixelData"].VR = "OB" if frames.dtype.itemsize == 1 else "OW"
    dataset.BurnedInAnnotation = "NO"
    dataset.Rows, dataset.Columns = frames.shape[1], frames.shape[2]
    dataset.BitsAllocated = frames.dtype.itemsize * 8
    if has_palette(dataset):
        dataset.BitsStored = dataset.BitsAllocated
        for keyword in dataset.dir("PaletteColorLookupTable"):
            del dataset[keyword]
    dataset.BitsStored = min(int(dataset.get("BitsStored") or dataset.BitsAllocated), dataset.BitsAllocated)
    dataset.HighBit = dataset.BitsStored - 1
    dataset.PixelRepresentation = int(frames.dtype.kind == "i")
    if frames.ndim == 4:
        dataset.SamplesPerPixel = 3
        dataset.PhotometricInterpretation = "RGB"
        dataset.PlanarConfiguration = 0


def _written(dataset: FileDataset) -> bytes:
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = dataset.get("SOPClassUID", "")
    meta.MediaStorageSOPInstanceUID = dataset.get("SOPInstanceUID", "")
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.ImplementationClassUID = PYDICOM_IMPLEMENTATION_UID
    dataset.file_meta = meta
    dataset.preamble = b"\0" * 128
    out = BytesIO()
    dcmwrite(out, _little_endian(dataset), enforce_file_format=True)
    return out.getvalue()


def _little_endian(dataset: FileDataset) -> FileDataset:
    """Re-homed, so that pydicom writes it whatever it was read from; big-endian tables are swapped."""
    swap = dataset.original_encoding[1] is False
    fresh = FileDataset("", {}, dataset.preamble, dataset.file_meta, is_implicit_VR=False, is_little_endian=True)
    for element in dataset:
        if swap and element.VR == "OW" and element.keyword != "PixelData":
            element.value = np.frombuffer(element.value, ">u2").astype("<u2").tobytes()
        fresh.add(element)
    return fresh

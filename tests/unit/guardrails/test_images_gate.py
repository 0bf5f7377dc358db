"""What goes through the image gate, how it looks after, and what is refused with one sentence."""

import struct
import zlib
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pydicom import dcmread, dcmwrite
from pydicom.data import get_testdata_file
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import DeflatedExplicitVRLittleEndian, ExplicitVRLittleEndian

from guardrails.dicom.film import stored_pixels
from guardrails.dicom.reading import open_dicom
from guardrails.images import ImageGate
from guardrails.pixels import BurnedInText, Cleaned, Show
from guardrails.types import ImageRefused, SafeImage


class NoText(BurnedInText):
    """Leaves pixels alone: the reading of text has tests of its own."""

    def mask(self, stored: np.ndarray, *shows: Show) -> Cleaned:
        return Cleaned(np.array(stored), ())


GATE = ImageGate(NoText())
RAMP = np.arange(0, 4096, 64, dtype="<u2").reshape(8, 8)


def dicom(pixels: np.ndarray = RAMP, syntax: str = ExplicitVRLittleEndian, **more: object) -> bytes:
    """A DX file of `pixels` with the attributes given; None removes one."""
    dataset = Dataset()
    dataset.SOPClassUID, dataset.SOPInstanceUID = "1.2.840.10008.5.1.4.1.1.1.1", "1.2.3"
    dataset.PatientName = "Okafor^Chidi"
    dataset.Modality = "DX"
    dataset.Rows, dataset.Columns = pixels.shape[:2]
    dataset.BitsAllocated = pixels.dtype.itemsize * 8
    dataset.BitsStored = min(12, dataset.BitsAllocated)
    dataset.HighBit = dataset.BitsStored - 1
    dataset.SamplesPerPixel = 1
    dataset.PixelRepresentation = int(pixels.dtype.kind == "i")
    dataset.PhotometricInterpretation = "MONOCHROME2"
    dataset.PixelData = pixels.tobytes()
    for keyword, value in more.items():
        setattr(dataset, keyword, value)
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = syntax
    out = BytesIO()
    dcmwrite(out, dataset, enforce_file_format=True)
    return out.getvalue()


def picture(array: np.ndarray, kind: str = "PNG", **options: object) -> bytes:
    out = BytesIO()
    Image.fromarray(array).save(out, kind, **options)
    return out.getvalue()


def refusal(data: bytes) -> str:
    with pytest.raises(ImageRefused) as refused:
        GATE.open(data)
    message = str(refused.value)
    assert message.endswith(".")
    assert "\n" not in message
    assert "Okafor" not in message
    return message


# --- DICOM as a reader sees it ------------------------------------------------------------------------------------


def test_window_is_applied_and_the_first_of_several_counts() -> None:
    """LINEAR of PS3.3 C.11.2.1.2: centre 2048, width 1024; below is black, above is white."""
    seen = GATE.open(dicom(WindowCenter=["2048", "100"], WindowWidth=["1024", "10"])).pixels
    assert seen.dtype == np.float32
    assert seen[RAMP <= 1535].max() == 0
    assert seen[RAMP >= 2560].min() == 1
    assert seen[RAMP == 2048] == pytest.approx((2048 - 2047.5) / 1023 + 0.5, abs=1e-5)


def test_monochrome1_is_inverted_once() -> None:
    """Bone is bright; INVERSE beside MONOCHROME1 is the same statement, not a second inversion."""
    plain = GATE.open(dicom()).pixels
    inverted = GATE.open(dicom(PhotometricInterpretation="MONOCHROME1")).pixels
    both = GATE.open(dicom(PhotometricInterpretation="MONOCHROME1", PresentationLUTShape="INVERSE")).pixels
    assert np.allclose(plain, 1 - inverted, atol=1e-6)
    assert (inverted == both).all()


def test_rescale_comes_before_the_window() -> None:
    """A window in rescaled units."""
    seen = GATE.open(dicom(RescaleSlope="2", RescaleIntercept="-1000", WindowCenter="1000", WindowWidth="1001")).pixels
    assert seen[RAMP.astype(int) * 2 - 1000 <= 499].max() == 0
    assert seen[RAMP.astype(int) * 2 - 1000 >= 1500].min() == 1


def test_signed_pixels_and_their_padding() -> None:
    """Signed values keep their order, and padding is black and does not stretch the rest."""
    signed = (RAMP.astype("<i2") - 2000).astype("<i2")
    signed[0, 0] = -2048
    seen = GATE.open(dicom(signed, PixelPaddingValue=-2048)).pixels
    assert seen[0, 0] == 0
    assert (np.diff(seen.ravel()[1:]) >= 0).all()
    assert seen.max() == 1


def test_voi_lut_of_the_first_item_is_applied() -> None:
    """A table that reverses the values reverses the film."""
    table = Dataset()
    table.LUTDescriptor = [4096, 0, 12]
    table.LUTData = np.arange(4095, -1, -1, dtype="<u2").tobytes()
    table["LUTData"].VR = "OW"
    seen = GATE.open(dicom(VOILUTSequence=Sequence([table]))).pixels
    assert (np.diff(seen.ravel()) < 0).all()


@pytest.mark.parametrize("stored", [8, 10, 16])
def test_depths(stored: int) -> None:
    """8 to 16 stored bits, in order, from black to white."""
    values = np.linspace(0, 2**stored - 1, 64).astype("<u2" if stored > 8 else "u1").reshape(8, 8)
    seen = GATE.open(dicom(values, BitsStored=stored, HighBit=stored - 1)).pixels
    assert seen[0, 0] == 0
    assert seen[-1, -1] == 1
    assert (np.diff(seen.ravel()) >= 0).all()


def test_header_terms_are_kept_only_where_they_are_terms() -> None:
    """View, side and spacing travel; a name in their place does not."""
    seen = GATE.open(dicom(ViewPosition="PA", ImageLaterality="L", ImagerPixelSpacing=["0.14", "0.15"]))
    assert (seen.modality, seen.view, seen.laterality) == ("DX", "PA", "L")
    assert seen.pixel_spacing_mm == (0.14, 0.15)
    assert "PatientName" in seen.removed
    assert GATE.open(dicom(ViewPosition="OKAFOR", Modality="CHIDI")).view is None


@pytest.mark.parametrize(
    ("name", "like"),
    [
        ("MR_small_RLE.dcm", "MR_small.dcm"),
        ("MR_small_bigendian.dcm", "MR_small.dcm"),
        ("MR_small_implicit.dcm", "MR_small.dcm"),
        ("MR_small_jp2klossless.dcm", "MR_small.dcm"),
        ("MR_small_jpeg_ls_lossless.dcm", "MR_small.dcm"),
        ("SC_rgb_jpeg_gdcm.dcm", "SC_rgb_rle.dcm"),
        ("SC_rgb_gdcm_KY.dcm", "SC_rgb_rle.dcm"),
        ("SC_rgb_jpeg_lossy_gdcm.dcm", "SC_rgb_rle.dcm"),
        ("SC_rgb_dcmtk_+eb+cy+np.dcm", "SC_rgb_rle.dcm"),
    ],
)
def test_transfer_syntaxes_agree(name: str, like: str) -> None:
    """The same picture through RLE, JPEG, lossless JPEG, JPEG-LS, JPEG 2000 and both byte orders."""
    one, other = (GATE.open(Path(str(get_testdata_file(file))).read_bytes()).pixels for file in (name, like))
    assert np.abs(one - other).mean() < 0.01


@pytest.mark.parametrize(
    "name",
    ["image_dfl.dcm", "JPEGLSNearLossless_16.dcm", "693_J2KI.dcm", "examples_palette.dcm", "examples_overlay.dcm"],
)
def test_other_kinds_of_file_open(name: str) -> None:
    """Deflated, near-lossless, lossy JPEG 2000, palette, with overlays."""
    with open(str(get_testdata_file(name)), "rb") as file:
        pixels = GATE.open(file.read()).pixels
    assert 0 <= pixels.min() < pixels.max() <= 1


def test_colour_is_told() -> None:
    """Saturation of a colour source, 0 for grey."""
    with open(str(get_testdata_file("SC_rgb_rle.dcm")), "rb") as file:
        assert GATE.open(file.read()).saturation > 0.3
    assert GATE.open(dicom()).saturation == 0


# --- PNG and JPEG -------------------------------------------------------------------------------------------------


def test_sixteen_bit_png_keeps_its_depth() -> None:
    """12 bits in a 16-bit file fill the range and stay 64 distinct steps."""
    pixels = GATE.open(picture(RAMP)).pixels
    assert len(np.unique(pixels)) >= 60
    assert pixels.max() == 1


def test_exif_orientation_is_applied_and_exif_is_gone() -> None:
    """A film stored on its side stands up."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x013B] = "Okafor"
    seen = GATE.open(picture(np.zeros((20, 30), np.uint8), "JPEG", exif=exif))
    assert seen.pixels.shape == (30, 20)
    assert "Okafor" not in repr(seen)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK"])
def test_modes(mode: str) -> None:
    """1-bit, grey, palette, alpha and CMYK give a grey film with the bright half bright."""
    half = np.zeros((32, 32), np.uint8)
    half[:, 16:] = 255
    out = BytesIO()
    Image.fromarray(half).convert("RGB").convert(mode).save(out, "JPEG" if mode == "CMYK" else "PNG")
    pixels = GATE.open(out.getvalue()).pixels
    assert pixels.ndim == 2
    assert pixels[:, 20:].mean() > 0.95
    assert pixels[:, :12].mean() < 0.05


# --- bad input ----------------------------------------------------------------------------------------------------


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_claiming(width: int, height: int) -> bytes:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")


def test_refusals_say_what_happened() -> None:
    """One sentence for each way of being unusable."""
    assert "empty" in refusal(b"")
    assert "not a DICOM, PNG or JPEG" in refusal(b"%PDF-1.7 Okafor")
    assert "not a DICOM, PNG or JPEG" in refusal(b"GIF89a" + bytes(100))
    assert "million pixels" in refusal(png_claiming(30_000, 30_000))
    assert "damaged" in refusal(png_claiming(0, 10))
    assert "damaged" in refusal(b"\x89PNG\r\n\x1a\n")
    assert "DICOMDIR" in refusal(Path(str(get_testdata_file("DICOMDIR"))).read_bytes())
    assert "cannot be decoded" in refusal(dicom().replace(b"1.2.840.10008.1.2.1\0", b"1.2.840.99999.1.2.1\0"))
    assert "encrypted" in refusal(bytes.fromhex("3082000006092a864886f70d010703a0") + bytes(200))


def test_animated_png_and_cine_are_refused() -> None:
    """Several frames are not one film."""
    frames = [Image.new("L", (8, 8), shade) for shade in (0, 90)]
    out = BytesIO()
    frames[0].save(out, "PNG", save_all=True, append_images=frames[1:])
    assert "several frames" in refusal(out.getvalue())
    assert "several frames" in refusal(dicom(NumberOfFrames="2", PixelData=RAMP.tobytes() * 2))


@pytest.mark.parametrize("name", ["test-SR.dcm", "rtplan.dcm", "waveform_ecg.dcm"])
def test_objects_without_pixels(name: str) -> None:
    """Reports, plans and curves hold no film."""
    with open(str(get_testdata_file(name)), "rb") as file:
        assert "holds no image" in refusal(file.read())


def test_a_header_that_claims_too_much_is_refused_before_decoding() -> None:
    """Rows times columns over the limit, or more pixels than bytes."""
    assert "million pixels" in refusal(dicom(Rows=60_000, Columns=60_000))
    assert "not as long as its rows and columns say" in refusal(dicom(Rows=64, Columns=64))
    assert "holds no image" in refusal(dicom(Rows=0))


def test_deflated_bomb() -> None:
    """A data set that unpacks to more than the limit is not unpacked."""
    good = dicom(syntax=DeflatedExplicitVRLittleEndian)
    assert GATE.open(good).modality == "DX"
    at = good.index(b"1.2.840.10008.1.2.1.99") + 22
    start = len(good) - len(good[at:])
    while not _inflates(good[start:]):
        start += 1
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    bomb = b"".join(packer.compress(bytes(1 << 20)) for _ in range(260)) + packer.flush()
    assert len(bomb) < 1_000_000
    assert "unpacks to more" in refusal(good[:start] + bomb)


def _inflates(data: bytes) -> bool:
    try:
        return b"DX" in zlib.decompress(data, -zlib.MAX_WBITS)
    except zlib.error:
        return False


@pytest.mark.parametrize("defined", [True, False])
def test_ten_thousand_nested_sequences(defined: bool) -> None:
    """Refused quickly, whether their lengths are given or not."""
    assert "damaged" in refusal(nested(10_000, defined)) or "deep" in refusal(nested(10_000, defined))


def nested(depth: int, defined: bool) -> bytes:
    body = b""
    tag, item = b"\x08\x00\x40\x11SQ\0\0", b"\xfe\xff\x00\xe0"
    if not defined:
        opening, closing = (
            tag + b"\xff" * 4 + item + b"\xff" * 4,
            b"\xfe\xff\x0d\xe0" + bytes(4) + b"\xfe\xff\xdd\xe0" + bytes(4),
        )
        body = opening * depth + closing * depth
    for _ in range(depth if defined else 0):
        body = tag + struct.pack("<I", len(body) + 8) + item + struct.pack("<I", len(body)) + body
    whole = dicom()
    at = whole.index(b"\x08\x00\x60\x00CS")
    return whole[:at] + body + whole[at:]


def test_polyglots_are_read_as_one_thing() -> None:
    """A DICOM whose preamble is a TIFF or PNG is a DICOM; what follows a PNG's end is ignored."""
    assert GATE.open(b"II*\0" + dicom()[4:]).source == "DICOM"
    assert GATE.open(b"\x89PNG\r\n\x1a\n" + dicom()[8:]).source == "DICOM"
    assert GATE.open(picture(np.zeros((8, 8), np.uint8)) + b"PK\x03\x04 Okafor").source == "PNG"


def test_private_jpeg_is_not_mistaken_for_the_film() -> None:
    """A picture in a private element is dropped, not shown."""
    dataset = dcmread(BytesIO(dicom()))
    dataset.private_block(0x0011, "ACME", create=True).add_new(1, "OB", picture(np.zeros((16, 16), np.uint8), "JPEG"))
    out = BytesIO()
    dcmwrite(out, dataset)
    assert GATE.open(out.getvalue()).pixels.shape == (8, 8)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_cut_or_altered_files_are_opened_or_refused(data: st.DataObject) -> None:
    """At every offset: a film or one sentence, never another error, never the name."""
    whole = data.draw(st.sampled_from([dicom(), picture(RAMP), picture(RAMP.astype(np.uint8), "JPEG")]))
    at = data.draw(st.integers(0, len(whole) - 1))
    flip = data.draw(st.integers(0, 255))
    broken = whole[:at] if data.draw(st.booleans()) else whole[:at] + bytes([flip]) + whole[at + 1 :]
    try:
        assert isinstance(GATE.open(broken), SafeImage)
    except ImageRefused as refused:
        message = str(refused)
    else:
        message = ""
    assert "Okafor" not in message


@pytest.mark.parametrize("cut", [1, 40, 100])
def test_truncated_pixels_are_refused(cut: int) -> None:
    """A film that is cut short is not shown in part."""
    refusal(dicom()[:-cut])
    refusal(picture(np.random.default_rng(0).integers(0, 255, (64, 64), np.uint8))[: -cut - 20])


# --- bits ---------------------------------------------------------------------------------------------------------

SLOPE = np.add.outer(np.arange(64), np.arange(64)) * 32  # 12 bits, soft


def pixels_of(stored: np.ndarray, **more: object) -> np.ndarray:
    """What `stored_pixels` makes of these 16-bit values under a header of 12 bits."""
    dataset = open_dicom(dicom(np.asarray(stored), BitsStored=12, **{"HighBit": 11, **more}))
    return stored_pixels(dataset)[0]


def test_samples_in_the_upper_bits_come_down() -> None:
    """HighBit 15 with 12 bits stored, as ACR-NEMA allowed: the same picture, whatever lies below it."""
    assert (pixels_of((SLOPE << 4).astype("<u2"), HighBit=15) == SLOPE).all()
    assert (pixels_of((SLOPE << 4 | SLOPE % 16).astype("<u2"), HighBit=15) == SLOPE).all()
    assert (pixels_of((SLOPE << 2).astype("<u2"), HighBit=13) == SLOPE).all()


def test_signed_samples_keep_their_sign() -> None:
    """With the sign carried on above the sample, without, and in the upper bits."""
    signed = SLOPE - 2048
    assert (pixels_of(signed.astype("<i2"), PixelRepresentation=1) == signed).all()
    assert (pixels_of((signed & 0xFFF).astype("<i2"), PixelRepresentation=1) == signed).all()
    assert (pixels_of((signed << 4).astype("<i2"), PixelRepresentation=1, HighBit=15) == signed).all()


def test_more_bits_than_declared_are_refused_and_never_cut_off() -> None:
    """A 16-bit picture under a header of 12 bits would come out as stripes."""
    for deep in (SLOPE * 16, SLOPE * 2, 0xFFFF - SLOPE * 16):
        assert "more bits than its header says" in refusal(dicom(deep.astype("<u2"), BitsStored=12, HighBit=11))
    deep = (SLOPE * 16 - 32768).astype("<i2")
    assert "more bits" in refusal(dicom(deep, BitsStored=12, HighBit=11, PixelRepresentation=1))
    assert "more bits" in refusal(dicom(SLOPE.astype("<u2"), BitsStored=12, HighBit=16))
    assert "more bits" in refusal(dicom(SLOPE.astype("<u2"), BitsStored=12, HighBit=3))


@pytest.mark.parametrize("bit", [12, 15])
def test_an_overlay_above_the_samples_goes(bit: int) -> None:
    """Letters in a bit of their own, and a picture that loses nothing."""
    letters = np.zeros((64, 64), int)
    letters[20:30:2, 5:60] = letters[20:30, 5:60:7] = 1
    assert (pixels_of((SLOPE | letters << bit).astype("<u2")) == SLOPE).all()


def test_planes_of_colour_are_put_together() -> None:
    """PlanarConfiguration 1 gives the picture that PlanarConfiguration 0 gives."""
    colours = np.random.default_rng(0).integers(0, 255, (64, 64, 3), np.uint8)
    shape = {
        "PhotometricInterpretation": "RGB",
        "SamplesPerPixel": 3,
        "BitsStored": 8,
        "HighBit": 7,
        "BitsAllocated": 8,
    }
    by_pixel = dicom(colours, Rows=64, Columns=64, PlanarConfiguration=0, PixelData=colours.tobytes(), **shape)
    planes = np.ascontiguousarray(colours.transpose(2, 0, 1))
    by_plane = dicom(colours, Rows=64, Columns=64, PlanarConfiguration=1, PixelData=planes.tobytes(), **shape)
    assert (stored_pixels(open_dicom(by_pixel)) == colours).all()
    assert (stored_pixels(open_dicom(by_plane)) == colours).all()


@pytest.mark.parametrize(("rows", "columns"), [(63, 64), (64, 63), (65, 64), (64, 65), (64, 60)])
def test_rows_and_columns_that_shear_the_picture_are_refused(rows: int, columns: int) -> None:
    """Text in it would be read by a person and not by the OCR."""
    data = dicom(SLOPE.astype("<u2"), BitsStored=12, HighBit=11, Rows=rows, Columns=columns)
    assert "not as long as its rows and columns say" in refusal(data)

"""No value that identifies anyone is left in the bytes of a file, and what cannot be read or cleaned is refused."""

import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFont
from pydicom import dcmread
from pydicom.data import get_testdata_file
from pydicom.datadict import tag_for_keyword
from pydicom.uid import DeflatedExplicitVRLittleEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian

from guardrails.dicom import DeidentifiedDicom, deidentify_file
from guardrails.types import DeidentificationFailed, Deidentified, GuardrailError, SafeText, Vault
from tests.unit.guardrails.test_dicom_profile import SECRET, Bracketing, NoText, film, written
from tests.unit.guardrails.test_images_gate import nested

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:pydicom")


class Blind:
    """Stands for a text path that misses everything, so that the look at the header's own identifiers is what is seen."""

    def deidentify(self, raw: str, vault: Vault) -> Deidentified:
        return Deidentified(SafeText(raw))


class Raising:
    """Stands for a recognizer that fails."""

    def deidentify(self, raw: str, vault: Vault) -> Deidentified:
        raise DeidentificationFailed("De-identification failed, so the text was not used; try again or rephrase it.")


def deidentified(data: bytes, text: object = None) -> DeidentifiedDicom:
    return deidentify_file(data, text or Bracketing(), secret=SECRET, burned_in=NoText())  # type: ignore[arg-type]


def refusal(data: bytes) -> str:
    with pytest.raises(GuardrailError) as refused:
        deidentified(data)
    message = str(refused.value)
    assert message.endswith(".")
    assert "\n" not in message
    assert "Okafor" not in message
    return message


# --- nothing is left ----------------------------------------------------------------------------------------------

CHARSETS = {  # what the file says of its text, and how its text is encoded
    "ISO_IR 100": "latin-1",
    "ISO_IR 192": "utf-8",
    "GB18030": "gb18030",
    "ISO_IR 6": "utf-8",
    "": "utf-8",
    "ISO_IR 144": "iso8859-5",
    "ISO 2022 IR 87": "utf-8",
    "NO SUCH SET": "utf-8",
}
LATIN = st.text("abcdefghijklmnopqrstuvwxyzäöüßéèñçåøABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=4, max_size=12)
CYRILLIC = st.text("абвгдежзиклмнопрстуфхцчшщыэюя", min_size=4, max_size=10)
CHINESE = st.text("王小东李明华张伟芳刘洋陈静赵磊黄丽", min_size=2, max_size=3)
NUMBERS = st.from_regex(r"[A-Z]{2,3}[0-9]{5,9}", fullmatch=True)

OF_EVERY_FILE = deidentified(film()).data  # with the words of the format and of the method, which may be names too
Elements = dict[int, bytes]  # by tag, each as it stands in an Explicit VR Little Endian file
Place = Callable[[bytes], Elements]
LONG_FORM = ("OB", "OW", "SQ", "UC", "UN", "UR", "UT")


def element(tag: int, vr: str, value: bytes) -> Elements:
    """As no honest writer would: any bytes under any VR."""
    value += b" " * (len(value) % 2)
    length = struct.pack("<HI", 0, len(value)) if vr in LONG_FORM else struct.pack("<H", len(value))
    return {tag: struct.pack("<HH", tag >> 16, tag & 0xFFFF) + vr.encode() + length + value}


def joined(elements: Elements) -> bytes:
    return b"".join(elements[tag] for tag in sorted(elements))


def raw(keyword: str, vr: str) -> Place:
    tag = tag_for_keyword(keyword)
    assert tag is not None
    return lambda value: element(tag, vr, value)


def in_items(place: Place, *sequences: str) -> Place:
    def put(value: bytes) -> Elements:
        inner = place(value)
        for keyword in sequences:
            item = joined(inner)
            inner = raw(keyword, "SQ")(b"\xfe\xff\x00\xe0" + struct.pack("<I", len(item)) + item)
        return inner

    return put


def private(value: bytes) -> Elements:
    return element(0x00110010, "LO", b"ACME") | element(0x00111001, "OB", b"\xff\xd8\xff\xe0" + value)


def overlay(value: bytes) -> Elements:
    return element(0x60001500, "LO", value) | element(0x60023000, "OW", value)


def phrase(place: Place) -> Place:
    return lambda value: place(b"Seen with " + value + b", chest")


def with_elements(more: Elements) -> bytes:
    """The film of these tests with elements added or put in place of its own."""
    whole = film()
    dataset = dcmread(BytesIO(whole))
    own = {}
    for tag in list(dataset.keys()):
        item = dataset.get_item(tag)
        own |= element(int(tag), item.VR, item.value or b"")
    return whole[: whole.index(b"\x08\x00\x16\x00UI")] + joined(own | more)


PLACES: dict[str, Place] = {
    "description": phrase(raw("StudyDescription", "LO")),
    "comments": phrase(raw("ImageComments", "LT")),
    "protocol": raw("ProtocolName", "LO"),
    "manufacturer": raw("Manufacturer", "LO"),
    "unlisted text": phrase(raw("WindowCenterWidthExplanation", "LO")),
    "code meaning": in_items(raw("CodeMeaning", "LO"), "AnatomicRegionSequence"),
    "code value, deep": in_items(raw("CodeValue", "SH"), "ConceptCodeSequence", "AnatomicRegionSequence"),
    "report": in_items(phrase(raw("TextValue", "UT")), "ContentSequence", "ContentSequence"),
    "annotation": in_items(raw("UnformattedTextValue", "ST"), "TextObjectSequence", "GraphicAnnotationSequence"),
    "code string": raw("BodyPartExamined", "CS"),
    "number": raw("PatientWeight", "DS"),
    "wrong representation": raw("SeriesNumber", "LT"),
    "operator": raw("OperatorsName", "PN"),
    "document": raw("EncapsulatedDocument", "OB"),
    "private": private,
    "private, nested": in_items(private, "AnatomicRegionSequence"),
    "overlay": overlay,
    "uid": raw("FrameOfReferenceUID", "UI"),
    "url": raw("RetrieveURL", "UR"),
    "bytes": raw("ICCProfile", "OB"),
    "behind the pixels": lambda value: element(0x7FE00010, "OW", bytes(160) + value[:14]),  # less than a row
}


@settings(max_examples=400, deadline=None)
@given(
    charset=st.sampled_from(sorted(CHARSETS)),
    name=LATIN | CYRILLIC | CHINESE,
    number=NUMBERS,
    places=st.sets(st.sampled_from(sorted(PLACES)), min_size=1),
    of_number=st.booleans(),
    as_typed=st.sampled_from([str, str.upper, str.lower]),
)
@example("GB18030", "王小东", "MRN47110", set(PLACES), False, str)
@example("ISO_IR 6", "Müller", "MRN47110", set(PLACES), False, str.upper)
def test_no_identifier_of_the_header_is_left_in_the_bytes(
    charset: str, name: str, number: str, places: set[str], of_number: bool, as_typed: Callable[[str], str]
) -> None:
    """Wherever a header repeats the patient's name or number, in whatever character set, the file written has neither."""
    encoding = CHARSETS[charset]
    encoded = name.encode(encoding, "ignore")
    repeated = as_typed(number if of_number else encoded.decode(encoding)).encode(encoding, "ignore")
    more = raw("SpecificCharacterSet", "CS")(charset.encode())
    more |= raw("PatientName", "PN")(encoded + b"^Z") | raw("PatientID", "LO")(number.encode())
    for place in sorted(places):
        more |= PLACES[place](repeated)
    data = b"II*\0" + repeated.ljust(124, b"\0") + with_elements(more)[128:]
    out = deidentified(data, Blind()).data
    assert number.encode() not in out
    for known in {encoding, "utf-8", "latin-1"}:
        for spelling in {encoded.decode(encoding), encoded.decode("latin-1"), as_typed(encoded.decode(encoding))}:
            left = spelling.encode(known, "ignore")
            assert len(left) < 4 or left not in out or left in OF_EVERY_FILE


@pytest.mark.parametrize("place", sorted(PLACES))
def test_the_text_path_is_what_cleans_other_names(place: str) -> None:
    """A name that the header does not know elsewhere is out of every place as soon as the text path takes it out."""
    out = deidentified(with_elements(PLACES[place](b"VANTONGEREN"))).data
    assert b"VANTONGEREN" not in out


# --- objects without an image -------------------------------------------------------------------------------------


def header_only(sop_class: str, more: Elements) -> bytes:
    dataset = dcmread(BytesIO(with_elements(more)))
    for keyword in ("PixelData", "Rows", "Columns"):
        del dataset[keyword]
    dataset.SOPClassUID = sop_class
    return written(dataset)


@pytest.mark.parametrize(
    ("sop_class", "place"),
    [
        ("1.2.840.10008.5.1.4.1.1.88.11", "report"),
        ("1.2.840.10008.5.1.4.1.1.11.1", "annotation"),
        ("1.2.840.10008.5.1.4.1.1.104.1", "document"),
    ],
)
def test_reports_annotations_and_documents_are_cleaned_too(sop_class: str, place: str) -> None:
    """A structured report, a presentation state and an encapsulated PDF: content replaced, kind of object kept."""
    out = deidentified(header_only(sop_class, PLACES[place](b"VANTONGEREN OKAFOR")))
    assert b"VANTONGEREN" not in out.data
    assert dcmread(BytesIO(out.data)).SOPClassUID == sop_class
    assert "PatientName" in out.removed


@pytest.mark.parametrize("name", ["Removed^Text", "Comment^Contains", "Modified^Yes", "Clean^Option"])
def test_a_name_among_the_products_own_words_is_no_reason_to_refuse(name: str) -> None:
    """Dummy values and the statement of the method are not remains."""
    report = PLACES["report"](b"words") | raw("PatientName", "PN")(name.encode())
    out = deidentified(header_only("1.2.840.10008.5.1.4.1.1.88.11", report), Blind())
    assert dcmread(BytesIO(out.data)).ContentSequence[0].TextValue == "REMOVED"


@pytest.mark.parametrize("name", ["MR_small_bigendian.dcm", "ExplVR_BigEndNoMeta.dcm", "image_dfl.dcm", "no_meta.dcm"])
def test_old_encodings_open(name: str) -> None:
    """Big endian, no meta header, deflated: written as Explicit VR Little Endian, or refused."""
    data = Path(str(get_testdata_file(name))).read_bytes()
    if name == "no_meta.dcm":  # starts in the middle of a header
        assert "not a DICOM file" in refusal(data)
    else:
        out = dcmread(BytesIO(deidentified(data).data))
        assert out.file_meta.TransferSyntaxUID == ExplicitVRLittleEndian
        assert out.PatientIdentityRemoved == "YES"


def test_a_file_without_meta_header_gives_the_same_pixels() -> None:
    """The transfer syntax is what the data set was read as."""
    whole = film()
    bare = whole[whole.index(b"\x08\x00\x16\x00UI") :]
    one, other = (dcmread(BytesIO(deidentified(data).data)) for data in (whole, bare))
    assert (one.pixel_array == other.pixel_array).all()
    assert one.SOPInstanceUID == other.SOPInstanceUID


def test_a_missing_instance_uid_is_made() -> None:
    """Without one there is no file; the same file gets the same one."""
    data = with_elements(element(0x00080018, "LO", b"1.2.3"))
    first, second = (dcmread(BytesIO(deidentified(data).data)) for _ in range(2))
    assert first.SOPInstanceUID == second.SOPInstanceUID
    assert first.file_meta.MediaStorageSOPInstanceUID == first.SOPInstanceUID


# --- fail closed --------------------------------------------------------------------------------------------------


def test_a_recognizer_that_fails_leaves_nothing() -> None:
    """One text that cannot be cleaned, however deep: no file."""
    for place in ("description", "code meaning", "unlisted text"):
        with pytest.raises(DeidentificationFailed, match="was not used"):
            deidentified(with_elements(PLACES[place](b"any words")), Raising())


def test_a_name_spelt_in_binary_numbers_is_refused() -> None:
    """Numbers are kept as they are, so that the last look at the bytes is what finds it."""
    hidden = raw("RepresentativeFrameNumber", "US")(b"Okafor")
    assert "could not be taken out" in refusal(with_elements(raw("PatientName", "PN")(b"Okafor^Chidi") | hidden))


def test_too_much_text_is_refused() -> None:
    """The text path's time is bounded for the file as a whole."""
    assert "free text" in refusal(with_elements(raw("SelectorUTValue", "UT")(b"word " * 110_000)))


def test_text_that_cannot_be_decoded_is_not_kept() -> None:
    """UTF-8 is what the file says and not what it holds: the text path would not see the name for what it is."""
    charset = raw("SpecificCharacterSet", "CS")(b"ISO_IR 192")
    out = deidentified(with_elements(charset | raw("StudyDescription", "LO")("für Gößling".encode("latin-1"))), Blind())
    assert "StudyDescription" not in dcmread(BytesIO(out.data))


def test_a_uid_that_only_looks_like_the_standards_is_remapped() -> None:
    """What is not registered may hold a record number."""
    out = deidentified(with_elements(raw("FrameOfReferenceUID", "UI")(b"1.2.840.10008.4711")))
    assert dcmread(BytesIO(out.data)).FrameOfReferenceUID.startswith("2.25.")


# --- bad input ----------------------------------------------------------------------------------------------------

ITEM = b"\xfe\xff\x00\xe0"
AT_MODALITY = b"\x08\x00\x60\x00CS"


def inserted(body: bytes) -> bytes:
    """The film with these bytes before its modality."""
    whole = film()
    at = whole.index(AT_MODALITY)
    return whole[:at] + body + whole[at:]


def sequence(body: bytes, *, defined: bool = True) -> bytes:
    """ReferencedImageSequence around these bytes."""
    if defined:
        return joined(raw("ReferencedImageSequence", "SQ")(body))
    return b"\x08\x00\x40\x11SQ\0\0" + b"\xff" * 4 + body + b"\xfe\xff\xdd\xe0" + bytes(4)


def tiny_elements(count: int) -> bytes:
    """Empty private elements, 8 bytes each."""
    return b"".join(struct.pack("<HH", 0x0009 + 2 * (n >> 16), n & 0xFFFF) + b"LO\0\0" for n in range(count))


def deflated(megabytes: int, *, preamble: bool = True) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    zeros = b"".join(packer.compress(bytes(1 << 20)) for _ in range(megabytes)) + packer.flush()
    whole = written(dcmread(BytesIO(film())), DeflatedExplicitVRLittleEndian)
    length = struct.unpack("<I", whole[140:144])[0]
    return whole[0 if preamble else 132 : 144 + length] + zeros


BAD = {
    "empty": lambda: b"",
    "text": lambda: b"Okafor, Chidi, MRN 4711. " * 40,
    "picture": lambda: b"\x89PNG\r\n\x1a\n" + bytes(300),
    "cut in the pixels": lambda: film()[:-30],
    "cut in an element": lambda: film()[: film().index(AT_MODALITY) + 5],
    "meta header only": lambda: film()[: film().index(b"\x08\x00\x16\x00UI")],
    "2 GB claimed": lambda: inserted(b"\x08\x00\x50\x00UT\0\0" + struct.pack("<I", 0x7FFFFFFE) + b"Okafor"),
    "4 GB claimed": lambda: inserted(b"\x08\x00\x50\x00UT\0\0" + struct.pack("<I", 0xFFFFFFFE) + b"Okafor"),
    "a length that swallows what follows": lambda: inserted(b"\x08\x00\x50\x00SH" + struct.pack("<H", 999)),
    "pixels claimed": lambda: film(NumberOfFrames="2147483647"),
    "no pixels": lambda: film(PixelData=b""),
    "no bits": lambda: film(BitsAllocated=0),
    "60,000 samples": lambda: film(SamplesPerPixel=60_000),
    "unknown transfer syntax": lambda: film().replace(b"1.2.840.10008.1.2.1\0", b"1.2.840.99999.1.2.1\0"),
    "compressed in name only": lambda: film().replace(b"1.2.840.10008.1.2.1\0", b"1.2.840.10008.1.2.5\0"),
    "disc directory": lambda: Path(str(get_testdata_file("DICOMDIR"))).read_bytes(),
    "10,000 nested sequences": lambda: nested(10_000, False),
    "10,000 nested sequences, lengths given": lambda: nested(10_000, True),
    "words behind the data set": lambda: film() + b"Okafor^Chidi behind the end",
    "encrypted": lambda: bytes.fromhex("3082000006092a864886f70d010703a0") + bytes(200),
    "pixels in floating point": lambda: film(FloatPixelData=bytes(320)).replace(
        b"\xe0\x7f\x10\x00", b"\xe0\x7f\x12\x00"
    ),
    "a DICM and nothing": lambda: bytes(128) + b"DICM",
    "a DICM and noise": lambda: bytes(128) + b"DICM" + bytes(range(256)) * 4,
}


@pytest.mark.parametrize("what", sorted(BAD))
def test_bad_input_is_refused_in_one_sentence(what: str) -> None:
    """Whatever is wrong with a file, one sentence says so, and it quotes nothing."""
    refusal(BAD[what]())


def named_items(count: int) -> bytes:
    """Each item names another physician and holds words."""
    items = []
    for number in range(count):
        body = joined(raw("PerformingPhysicianName", "PN")(b"\xe7\x8e\x8b\xe5\xb0\x8f %d" % number))
        body += joined(raw("PatientID", "LO")(b"MRN%d" % number) | raw("ContainerIdentifier", "LO")(b"%d" % number))
        body += joined(raw("WindowCenterWidthExplanation", "LO")(b"word %d" % number))
        items.append(ITEM + struct.pack("<I", len(body)) + body)
    return b"".join(items)


def implicit_film(tag: int, value: bytes) -> bytes:
    """The film in Implicit VR, where every length has 32 bits, with one element more."""
    whole = written(dcmread(BytesIO(film())), ImplicitVRLittleEndian)
    at = whole.index(b"\x08\x00\x16\x00" if tag < 0x00080016 else b"\x20\x00\x0d\x00")
    return whole[:at] + struct.pack("<HHI", tag >> 16, tag & 0xFFFF, len(value)) + value + whole[at:]


HUGE = {
    "text values": lambda: implicit_film(0x00081030, b"\\" * 60_000_000),
    "binary numbers": lambda: implicit_film(0x00189073, bytes(120_000_000)),
    "character sets": lambda: implicit_film(0x00080005, b"\\" * 60_000_000),
    "identifiers": lambda: inserted(sequence(named_items(15_000))),
    "items": lambda: inserted(sequence((ITEM + bytes(4)) * 10_000_000)),
    "items, undefined length": lambda: inserted(sequence((ITEM + bytes(4)) * 10_000_000, defined=False)),
    "elements": lambda: inserted(tiny_elements(3_000_000)),
    "elements in an item": lambda: inserted(sequence(ITEM + struct.pack("<I", 24_000_000) + tiny_elements(3_000_000))),
    "deflated": lambda: deflated(400),
    "deflated, no preamble": lambda: deflated(400, preamble=False),
}
LIMITED = """
import resource, sys
from guardrails.dicom import deidentify_file
from guardrails.types import GuardrailError
data = sys.stdin.buffer.read()
used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
resource.setrlimit(resource.RLIMIT_CPU, (20, 20))
try:
    deidentify_file(data, None, secret=b"s" * 32)
except GuardrailError as refused:
    print(refused)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - used)
"""


@pytest.mark.parametrize("what", sorted(HUGE))
def test_what_unpacks_without_end_is_refused_within_bounds(what: str) -> None:
    """Millions of items or elements and deflated bombs: 20 seconds of processor time and 600 MB at the most."""
    done = subprocess.run([sys.executable, "-c", LIMITED], input=HUGE[what](), capture_output=True, check=True)
    sentence, kilobytes = done.stdout.decode().splitlines()
    assert "more" in sentence or "damaged" in sentence
    assert int(kilobytes) < 600_000


def test_a_number_without_end_is_not_kept() -> None:
    """Millions of digits that are no number in the end."""
    out = deidentified(implicit_film(0x00181151, b"9" * 1_000_000 + b"x" * 2))
    assert not dcmread(BytesIO(out.data)).get("XRayTubeCurrent")


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_altered_files_are_cleaned_or_refused(data: st.DataObject) -> None:
    """A cut or a changed byte anywhere: a file without the name, or one sentence."""
    whole = with_elements(PLACES["description"](b"Okafor") | PLACES["code meaning"](b"Okafor") | private(b"Okafor"))
    at = data.draw(st.integers(0, len(whole) - 1))
    flip = data.draw(st.integers(0, 255))
    broken = whole[:at] if data.draw(st.booleans()) else whole[:at] + bytes([flip]) + whole[at + 1 :]
    try:
        out = deidentified(broken).data
    except GuardrailError as refused:
        out = str(refused).encode()
    assert b"Okafor" not in out


# --- pixels -------------------------------------------------------------------------------------------------------


def stencil(side: int, words: str, size: int) -> np.ndarray:
    """Where the ink of words near the upper left corner is."""
    cover = Image.new("L", (side, side))
    ImageDraw.Draw(cover).text((40, 40), words, fill=255, font=ImageFont.load_default(size))
    return np.asarray(cover) > 100


@pytest.mark.parametrize(("behind", "ink"), [(4000, 4095), (100, 0)])
def test_text_that_the_usual_curve_cuts_off_is_masked(behind: int, ink: int) -> None:
    """On a part as bright as its letters, but for what is past the outer percentiles: another window would show it."""
    pixels, where = np.full((600, 600), behind, np.uint16), stencil(600, "OKAFOR", 14)
    pixels[300:] = np.linspace(600, 3000, 600, dtype=np.uint16)
    pixels[where] = ink
    data = film(Rows=600, Columns=600, PixelData=pixels.astype("<u2").tobytes())
    out = dcmread(BytesIO(deidentify_file(data, None, secret=SECRET).data)).pixel_array
    assert where.mean() < 0.001
    assert not (out[where] == ink).any()
    assert (out[300:] == pixels[300:]).all()


def test_a_palette_becomes_the_colours_it_stands_for() -> None:
    """Paint is worked out from the colours around, which the numbers that stand for them say nothing of."""
    shades = np.asarray(np.linspace(20, 120, 300)[:, None] + np.zeros(300), np.uint8)
    where = stencil(300, "OKAFOR 4711", 20)
    number = np.random.default_rng(0).permutation(256).astype(np.uint8)  # of each shade
    table = np.argsort(number).astype(np.uint8).tobytes()
    palette: dict[str, object] = {}
    for colour in ("Red", "Green", "Blue"):
        palette[f"{colour}PaletteColorLookupTableDescriptor"] = [256, 0, 8]
        palette[f"{colour}PaletteColorLookupTableData"] = table
    data = film(
        **palette, Rows=300, Columns=300, BitsAllocated=8, BitsStored=8, HighBit=7,
        PhotometricInterpretation="PALETTE COLOR", PixelData=number[np.where(where, 255, shades)].tobytes(),
    )  # fmt: skip
    out = dcmread(BytesIO(deidentify_file(data, None, secret=SECRET).data))
    assert (out.PhotometricInterpretation, out.dir("PaletteColor")) == ("RGB", [])
    assert np.abs(out.pixel_array.astype(int) - shades[..., None]).max() < 12

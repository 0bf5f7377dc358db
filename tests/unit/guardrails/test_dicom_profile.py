"""Every attribute of PS3.15 Table E.1-1 is handled by its action code, at every depth, and nothing private is left."""

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from pydicom import dcmread, dcmwrite
from pydicom.datadict import dictionary_has_tag, dictionary_keyword, dictionary_VR
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.tag import BaseTag, Tag
from pydicom.uid import ExplicitVRLittleEndian

from guardrails.dicom import deidentify_file, installation_secret
from guardrails.dicom.header import HeaderCleaner, UidMap
from guardrails.dicom.profile import BASIC, CLEAN_DESCRIPTORS, Handling, handling
from guardrails.pixels import BurnedInText, Cleaned, Show
from guardrails.types import Deidentified, SafeText, Vault

SECRET = b"s" * 32
SAMPLES = {
    "AE": "SECRETAE",
    "AS": "091Y",
    "CS": "SECRET",
    "DA": "19580312",
    "DT": "19580312101530",
    "TM": "101530",
    "DS": "91",
    "IS": "91",
    "PN": "Okafor^Chidi",
    "UI": "1.2.826.0.1.99.7",
    "UR": "http://secret.example",
    "FD": 91.0,
    "FL": 91.0,
    "SL": 91,
    "SS": 91,
    "UL": 91,
    "US": 91,
    "OB": b"secret",
    "UN": b"secret",
    "OW": b"secret",
}
TABLE = sorted(tag for tag in BASIC if dictionary_has_tag(tag) and tag.group not in (0, 2))


class NoText(BurnedInText):
    """Leaves pixels alone: these tests are about headers."""

    def mask(self, stored: np.ndarray, *shows: Show) -> Cleaned:
        return Cleaned(np.array(stored), ())


class Bracketing:
    """Stands for the text path: everything is taken out."""

    def deidentify(self, raw: str, vault: Vault) -> Deidentified:
        return Deidentified(SafeText("[CLEANED]"))


def sample(tag: BaseTag) -> object:
    vr = dictionary_VR(tag).split(" or ")[0]
    if vr != "SQ":
        return SAMPLES.get(vr, "secret words")
    item = Dataset()
    item.PatientName = "Okafor^Chidi"
    item.ReferencedSOPInstanceUID = SAMPLES["UI"]
    return Sequence([item])


def dataset_with(tag: BaseTag) -> Dataset:
    dataset = Dataset()
    dataset.add_new(tag, dictionary_VR(tag).split(" or ")[0], sample(tag))
    return dataset


def film(**more: object) -> bytes:
    """A small DX file with the attributes given."""
    dataset = Dataset()
    dataset.SOPClassUID = "1.2.840.10008.5.1.4.1.1.1.1"
    dataset.SOPInstanceUID = "1.2.3.4.5"
    dataset.StudyInstanceUID = "1.2.3.4"
    dataset.PatientName = "Okafor^Chidi"
    dataset.PatientID = "MRN4711"
    dataset.Modality = "DX"
    dataset.Rows, dataset.Columns = 8, 10
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 16, 12, 11
    dataset.SamplesPerPixel, dataset.PixelRepresentation = 1, 0
    dataset.PhotometricInterpretation = "MONOCHROME2"
    dataset.PixelData = np.arange(80, dtype="<u2").tobytes()
    for keyword, value in more.items():
        setattr(dataset, keyword, value)
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.file_meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    dataset.file_meta.SourceApplicationEntityTitle = "OKAFORWS"
    out = BytesIO()
    dcmwrite(out, dataset, enforce_file_format=True)
    return out.getvalue()


def cleaned(data: bytes, secret: bytes = SECRET) -> Dataset:
    return dcmread(BytesIO(deidentify_file(data, Bracketing(), secret=secret, burned_in=NoText()).data))


def test_the_table_is_complete() -> None:
    """The 2026c edition lists 651 single attributes; an empty or partial table would let everything through."""
    assert len(BASIC) >= 650
    assert len(CLEAN_DESCRIPTORS) >= 120


@pytest.mark.parametrize("tag", TABLE, ids=[dictionary_keyword(tag) for tag in TABLE])
def test_each_attribute_follows_its_action_code(tag: BaseTag) -> None:
    """Nothing of the value is left, and removed, emptied, replaced or remapped as the code says."""
    dataset = dataset_with(tag)
    vr = dataset[tag].VR
    before = str(dataset[tag].value)
    HeaderCleaner(UidMap(SECRET), SECRET, Bracketing(), Vault()).clean(dataset)
    after = str(dataset.get(tag).value) if tag in dataset else ""
    assert "ecret" not in after
    assert "Okafor" not in after
    code, done = BASIC[tag], handling(tag, vr)
    if done is Handling.SHIFT:
        assert vr == "TM" or (tag in dataset and after != before)
    elif done in (Handling.CLEAN, Handling.ENTER):
        assert tag in CLEAN_DESCRIPTORS or code == "X/Z/U*"
    elif code == "X":
        assert tag not in dataset
    elif code in ("Z", "X/Z"):
        assert dataset[tag].is_empty
    elif code == "U":
        assert after.startswith("2.25.")
        assert after != before
    else:
        assert tag in dataset
        assert not dataset[tag].is_empty
        assert after != before


@pytest.mark.parametrize("group", [0x5000, 0x501E, 0x6000, 0x6002, 0x60FE])
def test_curves_and_overlays_go_in_every_repeat(group: int) -> None:
    """The table writes 50xx and 60xx; every group of the repeats is meant."""
    for element in (0x0010, 0x0022, 0x3000, 0x4000):
        assert handling(Tag(group, element), "OW") is Handling.REMOVE


def test_nothing_private_is_left_at_any_depth() -> None:
    """Private elements go at the top and inside sequences, whatever they hold."""
    inner = Dataset()
    inner.private_block(0x0011, "ACME", create=True).add_new(1, "OB", b"\xff\xd8\xff\xe0 a JPEG of the patient")
    inner.CodeValue = "R-1"
    outer = Dataset()
    outer.ConceptNameCodeSequence = Sequence([inner])
    out = cleaned(film(ProcedureCodeSequence=Sequence([outer]), AnatomicRegionSequence=Sequence([inner])))
    assert not [element for element in out.iterall() if element.tag.is_private]
    assert out.AnatomicRegionSequence[0].CodeValue == "R-1"


def test_file_meta_agrees_and_names_no_sender() -> None:
    """MediaStorageSOPInstanceUID follows the data set, the preamble is zeros and the sender's title is gone."""
    data = deidentify_file(b"II*\0" + film()[4:], None, secret=SECRET, burned_in=NoText()).data
    out = dcmread(BytesIO(data))
    assert out.file_meta.MediaStorageSOPInstanceUID == out.SOPInstanceUID
    assert "SourceApplicationEntityTitle" not in out.file_meta
    assert data[:128] == bytes(128)
    assert b"OKAFOR" not in data.upper()


def test_method_is_stated_by_code() -> None:
    """PatientIdentityRemoved and the four codes of CID 7050."""
    out = cleaned(film())
    codes = [item.CodeValue for item in out.DeidentificationMethodCodeSequence]
    assert codes == ["113100", "113101", "113105", "113107"]
    assert out.PatientIdentityRemoved == "YES"
    assert out.LongitudinalTemporalInformationModified == "MODIFIED"


def test_files_of_a_study_agree_and_other_secrets_do_not() -> None:
    """UIDs are a keyed hash: the same under one secret, different under another, valid and unlike the original."""
    first, second = cleaned(film()), cleaned(film(SOPInstanceUID="1.2.3.4.6"))
    assert first.StudyInstanceUID == second.StudyInstanceUID != cleaned(film(), b"o" * 32).StudyInstanceUID
    assert first.SOPInstanceUID != second.SOPInstanceUID
    assert first.StudyInstanceUID.is_valid
    assert first.SOPClassUID == "1.2.840.10008.5.1.4.1.1.1.1"


def test_intervals_between_dates_survive() -> None:
    """Every date of a patient moves by the same secret number of days; the birth date is emptied."""
    out = cleaned(film(StudyDate="20240110", ContentDate="20240113", PatientBirthDate="19580312"))
    assert out.StudyDate != "20240110"
    study, content = (datetime.strptime(day, "%Y%m%d").replace(tzinfo=UTC) for day in (out.StudyDate, out.ContentDate))
    assert (content - study).days == 3
    assert not out.PatientBirthDate


def test_free_text_goes_through_the_text_path_or_away() -> None:
    """Clean Descriptors: cleaned where there is a text path, removed where there is none."""
    data = film(StudyDescription="Chest of Chidi")
    assert cleaned(data).StudyDescription == "[CLEANED]"
    out = deidentify_file(data, None, secret=SECRET, burned_in=NoText())
    assert "StudyDescription" not in dcmread(BytesIO(out.data))
    assert "StudyDescription" in out.removed


def test_a_name_in_an_attribute_the_profile_keeps_is_found_by_the_second_look() -> None:
    """Manufacturer is kept, but not when it repeats the patient's name; a code that is no code goes too."""
    out = cleaned(film(Manufacturer="Okafor Imaging", BodyPartExamined="Chidi's chest", ManufacturerModelName="DR 3"))
    assert "Manufacturer" not in out
    assert "BodyPartExamined" not in out
    assert out.ManufacturerModelName == "DR 3"


def test_pixels_outside_of_masks_are_untouched_and_hidden_bits_cleared() -> None:
    """12 stored bits come back exactly; an old-style overlay in bit 15 does not."""
    hidden = (np.arange(80) | (np.arange(80) % 2) << 15).astype("<u2")
    out = cleaned(film(PixelData=hidden.tobytes()))
    assert (out.pixel_array.ravel() == np.arange(80)).all()


def test_an_installation_keeps_its_secret(tmp_path: Path) -> None:
    """Made once, read again, private to its owner."""
    path = tmp_path / "keys" / "dicom"
    first = installation_secret(path)
    assert installation_secret(path) == first
    assert len(first) == 32
    assert path.stat().st_mode & 0o077 == 0

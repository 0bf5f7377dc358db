"""What the profile keeps has a reason: it is a defined term, a public code, a count, a version or a measurement."""

from io import BytesIO

import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset

from guardrails.dicom import deidentify_file
from guardrails.dicom.identifiers import identifiers_of
from guardrails.dicom.terms import is_code, is_count, is_term, is_version
from guardrails.types import Deidentified, SafeText, Vault
from tests.unit.guardrails.test_dicom_profile import SECRET, NoText, film

NUMBERED = {"PatientID": "MRN77665544", "AccessionNumber": "A99887766", "PatientBirthDate": "19540312"}


class FindsNothing:
    """Stands for a text path that misses everything, so that only the form of a value decides."""

    def deidentify(self, raw: str, vault: Vault) -> Deidentified:
        return Deidentified(SafeText(raw))


def header(**more: object) -> Dataset:
    data = film(**{**NUMBERED, "StudyDate": "20240305", **more})
    return dcmread(BytesIO(deidentify_file(data, FindsNothing(), secret=SECRET, burned_in=NoText()).data))


@pytest.mark.parametrize(
    ("keyword", "value"),
    [
        ("InstanceNumber", "77665544"),  # the record number's figures
        ("InstanceNumber", "7766554401"),  # and with more behind them
        ("SeriesNumber", "20240305"),  # the day of the study, which would give the shift away
        ("SeriesNumber", "05032024"),
        ("SeriesNumber", "240305"),
        ("AcquisitionNumber", "19540312"),
        ("AcquisitionNumber", "20230101"),  # a day, whichever
        ("AcquisitionNumber", "4471923"),  # too long to count anything
        ("KVP", "19540312"),
        ("KVP", "99887766.0"),
        ("ExposureTime", "+99887766"),
        ("BodyPartExamined", "ROOM 3"),
        ("ViewPosition", "OKONKWO"),
        ("Modality", "DRPATEL"),
        ("ScanOptions", "PATEL"),
        ("SoftwareVersions", "05MAR2024"),
        ("SoftwareVersions", "5.3.2024"),
        ("SoftwareVersions", "1954-03-12"),
        ("ManufacturerModelName", "DR 77665544"),
        ("ManufacturerModelName", "xChidiOkaforx"),
    ],
)
def test_what_tells_is_taken_out_of_kept_attributes(keyword: str, value: str) -> None:
    """Numbers and dates of the same header in any spelling, and terms that are none."""
    assert not header(**{keyword: value}).get(keyword)


@pytest.mark.parametrize(
    ("keyword", "value"),
    [
        ("InstanceNumber", "1"),
        ("SeriesNumber", "1001"),
        ("KVP", "125.0"),
        ("PixelSpacing", ["0.1430", "0.1430"]),
        ("WindowCenter", ["2048", "-600.5"]),
        ("ImageType", ["ORIGINAL", "PRIMARY", "", "M"]),
        ("BodyPartExamined", "CHEST"),
        ("ViewPosition", "PA"),
        ("PatientOrientation", ["L", "F"]),
        ("ExposureControlMode", "AUTOMATIC"),
        ("LossyImageCompressionMethod", "ISO_15444_1"),
        ("SoftwareVersions", "VB10C"),
        ("ManufacturerModelName", "DR 3"),
        ("DistanceSourceToDetector", "1800"),
    ],
)
def test_what_says_nothing_stays(keyword: str, value: object) -> None:
    """Values as modalities write them."""
    kept = header(**{keyword: value})[keyword].value
    assert [str(one) for one in kept] == list(value) if isinstance(value, list) else str(kept) == value


def test_one_term_of_several_is_blanked() -> None:
    """The others of ImageType keep their places, and a patient called Chest has a chest all the same."""
    out = header(ImageType=["ORIGINAL", "PRIMARY", "OKONKWO ADA"], BodyPartExamined="CHEST", PatientName="Chest^Ada")
    assert list(out.ImageType) == ["ORIGINAL", "PRIMARY", ""]
    assert out.BodyPartExamined == "CHEST"


def test_codes_of_a_hospital_are_replaced_and_public_ones_stay() -> None:
    """A private scheme is named after the place, and its codes after anyone."""
    private, public, false = Dataset(), Dataset(), Dataset()
    private.CodeValue, private.CodingSchemeDesignator, private.CodingSchemeVersion = "OLADIPO77", "99STMARY", "MARY"
    public.CodeValue, public.CodingSchemeDesignator, public.CodingSchemeVersion = "T-D3000", "SRT", "1.0"
    false.CodeValue, false.CodingSchemeDesignator = "OLADIPO", "SCT"
    codes = header(AnatomicRegionSequence=[private, public, false]).AnatomicRegionSequence
    assert [(code.CodeValue, code.CodingSchemeDesignator) for code in codes] == [
        ("REMOVED", "99REMOVED"),
        ("T-D3000", "SRT"),
        ("REMOVED", "SCT"),
    ]
    assert not codes[0].CodingSchemeVersion
    assert codes[1].CodingSchemeVersion == "1.0"


def test_wide_binary_numbers_do_not_spell_a_record_number() -> None:
    """77665544 as a double is a record number too; a measurement is not."""
    out = header(FocusDepth=77665544.0, TableTopVerticalPosition="3.5", ReferencePixelX0=77)
    assert out.get("FocusDepth") is None
    assert out.ReferencePixelX0 == 77


def test_a_makers_words_go_where_the_text_path_finds_something() -> None:
    """Free words about a machine may name a room or a person."""

    class FindsOkonkwo(FindsNothing):
        def deidentify(self, raw: str, vault: Vault) -> Deidentified:
            return Deidentified(SafeText(raw.replace("Okonkwo", "[NAME_1]").replace("Siemens", "[NAME_2]")))

    data = film(Manufacturer="Siemens Healthineers", ManufacturerModelName="Okonkwo Room 3")
    out = dcmread(BytesIO(deidentify_file(data, FindsOkonkwo(), secret=SECRET, burned_in=NoText()).data))
    assert out.Manufacturer == "Siemens Healthineers"
    assert not out.ManufacturerModelName


@pytest.mark.parametrize(
    "text", ["12.03.1954", "12 March 1954", "Mar 12, 1954", "1954-03-12", "120354", "born 12MAR54"]
)
def test_a_date_is_known_in_its_spellings(text: str) -> None:
    """Day, month and year in any order, in figures or with the month's name."""
    dataset = Dataset()
    dataset.PatientBirthDate = "19540312"
    assert identifiers_of(dataset).named_in(text)
    assert not identifiers_of(dataset).named_in("13.03.1955, KVP 125, 1954")


def test_forms_of_terms_codes_counts_and_versions() -> None:
    """The rules on their own."""
    assert [v for v in ("J18.9", "113100", "RID1301", "mm[Hg]", "SMITH", "OLADIPO77") if is_code(v, "DCM")] == [
        *("J18.9", "113100", "RID1301", "mm[Hg]")
    ]
    assert not is_code("113100", "99MINE")
    assert [v for v in ("VB10", "2.1.0", "V2.0_R3", "Smith1", "St Mary") if is_version(v)] == [
        "VB10",
        "2.1.0",
        "V2.0_R3",
    ]
    assert [v for v in ("1", "999999", "1000000", "20240305", "-5") if is_count(v)] == ["1", "999999", "-5"]
    assert is_term("GridAbsorbingMaterial", "NONE")
    assert not is_term("GridAbsorbingMaterial", "OKONKWO")

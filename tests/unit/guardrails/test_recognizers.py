"""What is an identifier and what is clinical language."""

import pytest

from guardrails.text import TextDeidentifier
from guardrails.types import PhiType, Vault


@pytest.fixture(scope="module")
def deidentifier() -> TextDeidentifier:
    """Without an allow-list: the recognizers alone."""
    return TextDeidentifier()


@pytest.mark.parametrize(
    "text",
    [
        "Hodgkin lymphoma, Pancoast tumor and Kerley B lines",
        "Swan-Ganz catheter, Foley catheter, Dobhoff tube",
        "Virchow's node, Hampton hump, Westermark sign",
        "Wegener granulomatosis, now granulomatosis with polyangiitis",
        "BP 120/80, ratio 0.57, SpO2 92%, T2N0M0, T4, L5, q6h",
        "You may see rose-colored sputum; this will mark infection",
        "metoprolol 25 mg bid, Eliquis 5 mg, Xarelto, vancomycin",
        "a 2.3 x 1.5 cm nodule, Fleischner guidelines, Lung-RADS 4A",
        "WBC 12500, platelets 150000, BNP 13500, D-dimer 2300",
        "POD 2, 3 days ago, two weeks ago, since 2019, a 54-year-old man, 89 years old",
        "image 1024x1024, CT, AP, PA, RLL, ICU, HFrEF, NSTEMI",
        "pain 8/10, strength 5/5, grade 2/6 murmur",
        "seen in clinic, in hospital, by the emergency department",
        "the phrenic nerve arises from C3, C4 and C5; the trachea divides at T4 to T5",
        "ETT 23 cm @ lips. No leak. All meds @ 2200",
        "Mayo 9 colitis; the MARS 2 trial; VCSS 8. May-Thurner syndrome suspected",
        "HCPCS J9271 and G0296, CPT 99214-25, MUC5B rs35705950, trachea (T-25000, SRT)",
    ],
)
def test_clinical_language_survives(deidentifier: TextDeidentifier, text: str) -> None:
    """Eponyms, drugs, measurements, stages, doses and relative times are not identifiers."""
    assert deidentifier.deidentify(text, Vault()).safe.text == text


@pytest.mark.parametrize(
    ("text", "secret", "kind"),
    [
        ("seen by Dr Hodgkin today", "Hodgkin", PhiType.NAME),
        ("s/o Ramesh Kumar", "Ramesh Kumar", PhiType.NAME),
        ("her daughter Priya called", "Priya", PhiType.NAME),
        ("PATIENT: OKAFOR, NGOZI", "OKAFOR, NGOZI", PhiType.NAME),
        ("K. Osei, RN", "K. Osei", PhiType.NAME),
        ("this is doctor okonkwo dictating", "okonkwo", PhiType.NAME),
        ("MRN: 4471882", "4471882", PhiType.ID),
        ("accession CR-26-184328", "CR-26-184328", PhiType.ID),
        ("SSN 123-45-6789", "123-45-6789", PhiType.ID),
        ("Aadhaar 2345 6789 0123", "2345 6789 0123", PhiType.ID),
        ("medical record number four five six seven eight", "four five six seven eight", PhiType.ID),
        ("Study Instance UID 1.2.826.0.1.3680043.8.1055.1", "1.2.826.0.1.3680043.8.1055.1", PhiType.ID),
        ("on March 4, 2021", "March 4, 2021", PhiType.DATE),
        ("on 4.3.2021", "4.3.2021", PhiType.DATE),
        ("march third nineteen fifty eight", "march third nineteen fifty eight", PhiType.DATE),
        ("DOB O3/l4/1958", "O3/l4/1958", PhiType.DATE),
        ("a 93-year-old woman", "93-year-old", PhiType.AGE_OVER_89),
        ("admitted to Mercy General Hospital", "Mercy General Hospital", PhiType.ORGANIZATION),
        ("lives at 12 Elm Street, Springfield, IL 62704", "Elm Street", PhiType.LOCATION),
        ("London NW1 6XE", "NW1 6XE", PhiType.LOCATION),
        ("call (212) 555-0199", "(212) 555-0199", PhiType.PHONE),
        ("mail john.smith@example.org", "john.smith@example.org", PhiType.EMAIL),
        ("see https://portal.example.org/p/1", "https://portal.example.org/p/1", PhiType.URL),
        ("from 10.0.12.7 today", "10.0.12.7", PhiType.IP),
        ("username: jsmith42", "jsmith42", PhiType.OTHER),
    ],
)
def test_identifiers_go(deidentifier: TextDeidentifier, text: str, secret: str, kind: PhiType) -> None:
    """Each of the kinds of identifiers is found, whole, with its type."""
    result = deidentifier.deidentify(text, Vault())
    assert secret not in result.safe.text
    assert any(
        r.start <= text.index(secret) and text.index(secret) + len(secret) <= r.end and r.type is kind
        for r in result.redactions
    )


def test_a_dicom_dump_keeps_its_codes(deidentifier: TextDeidentifier) -> None:
    """Values go by their tag; modality, view and description stay."""
    dump = "(0010,0010) PN [DOE^JANE]\n(0010,0020) LO [A1]\n(0008,0060) CS [DX]\n(0008,1030) LO [CHEST PA]"
    text = deidentifier.deidentify(dump, Vault()).safe.text
    assert text == "(0010,0010) PN [[NAME_1]]\n(0010,0020) LO [[ID_1]]\n(0008,0060) CS [DX]\n(0008,1030) LO [CHEST PA]"


def test_an_hl7_segment_goes_field_by_field(deidentifier: TextDeidentifier) -> None:
    """Name, number, birth date and address of a PID segment go, its sex stays."""
    text = deidentifier.deidentify("PID|1||4471882^^^H^MR||DOE^JANE||19580304|F|||12 ELM ST^^TOWN", Vault()).safe.text
    for secret in ("4471882", "DOE", "JANE", "19580304", "ELM"):
        assert secret not in text
    assert "|F|" in text


def test_a_table_goes_column_by_column(deidentifier: TextDeidentifier) -> None:
    """Under the heading "Name" even two ordinary words are a name; the examination stays."""
    table = "Name | MRN | DOB | Exam\nHill, Rose | 1234567 | 04/03/1958 | CXR PA"
    text = deidentifier.deidentify(table, Vault()).safe.text
    assert text.splitlines()[1] == "[NAME_1] | [ID_1] | [DATE_1] | CXR PA"


def test_a_name_is_found_again_where_nothing_points_to_it(deidentifier: TextDeidentifier) -> None:
    """Known from its label, a family name goes everywhere in the text."""
    text = deidentifier.deidentify("Patient Name: Tane Zzyzx\nFilm reviewed. ZZYZX improved.", Vault()).safe.text
    assert "zyzx" not in text.lower()


@pytest.mark.parametrize("code", ["ZQ0039SECRET", "XR-88213-K", "ref kx7781204"])
def test_a_code_that_someone_issued_goes_whatever_the_tagger_says(deidentifier: TextDeidentifier, code: str) -> None:
    """Letters with four digits in a row need no label and no confirmation."""
    assert code.removeprefix("ref ") not in deidentifier.deidentify(code, Vault()).safe.text


def test_a_variant_of_a_gene_is_no_code(deidentifier: TextDeidentifier) -> None:
    """One letter, a place and one letter."""
    assert deidentifier.deidentify("Factor II G20210A negative.", Vault()).safe.text == "Factor II G20210A negative."


@pytest.mark.parametrize("date", ["12.03. 2021", "3.2. 2021", "03.02. 21"])
def test_a_date_with_a_blank_before_its_year_goes(deidentifier: TextDeidentifier, date: str) -> None:
    """As German letters write it; only "3.2. 80", a decimal and the next sentence, could be either."""
    assert "[DATE_1]" in deidentifier.deidentify(f"Seen {date} in clinic.", Vault()).safe.text


def test_codes_of_a_message_stay(deidentifier: TextDeidentifier) -> None:
    """HL7 fields that hold a code, a range or a unit are no identifiers, nor are systems named for what they do."""
    message = (
        "MSH|^~\\&|RIS|Mercy General Hospital|EMR|Elm Street Clinic|20210304||ORU^R01|7730215|P|2.5\r"
        "PID|1||4471882^^^MR||OKAFOR^NGOZI||19580304|F\rNK1|1|OKAFOR^CHIDI|SPO\rPV1|1|I\r"
        "OBR|1||CR-26-184328|71046^XR CHEST 2 VIEWS^CPT\r"
        "OBX|1|NM|8867-4^Heart rate^LN||104|/min|60-100|H|||F\r"
    )
    safe = deidentifier.deidentify(message, Vault()).safe.text
    for kept in (
        "|RIS|",
        "|EMR|",
        "|F\r",
        "|SPO\r",
        "|I\r",
        "71046^XR CHEST 2 VIEWS^CPT",
        "8867-4^Heart rate^LN||104|/min|60-100|H|",
    ):
        assert kept in safe
    for gone in ("OKAFOR", "CHIDI", "4471882", "19580304", "Mercy", "Elm"):
        assert gone not in safe


def test_a_name_in_the_wrong_field_of_a_message_goes(deidentifier: TextDeidentifier) -> None:
    """A field that should hold a code is read like any other when it holds none."""
    message = "OBX|1|TX|Mrs Ngozi Okafor was called||clear|||||F\rIN1|1|PPO|||||||||||||||OKAFOR^NGOZI|"
    safe = deidentifier.deidentify(message, Vault()).safe.text
    assert "okafor" not in safe.lower()


def test_makers_and_models_of_a_dump_stay(deidentifier: TextDeidentifier) -> None:
    """PS3.15 removes neither of them; the serial number and the station go."""
    dump = (
        "(0008,0070) LO [SIEMENS]\n(0008,1090) LO [Ysio Max]\n(0018,1000) LO [SN88213]\n(0008,1010) SH [XRAY7MERCY]\n"
        "(0018,0015) CS [CHEST]\n(0010,0010) PN [OKAFOR^NGOZI]\n"
    )
    safe = deidentifier.deidentify(dump, Vault()).safe.text
    assert all(kept in safe for kept in ("[SIEMENS]", "[Ysio Max]", "[CHEST]"))
    assert not any(gone in safe for gone in ("SN88213", "XRAY7MERCY", "OKAFOR"))


def test_degrees_stay_and_so_does_the_time_before_a_name(deidentifier: TextDeidentifier) -> None:
    """What stands behind or before a name is not part of it."""
    safe = deidentifier.deidentify("Signed by Ngozi Okafor, MD, FRCP\n0850 KOWALCZYK, TADEUSZ", Vault()).safe.text
    assert ", MD, FRCP\n0850 [" in safe


def test_signs_that_part_fields_are_no_digits(deidentifier: TextDeidentifier) -> None:
    """OCR reads 1 for "|", but not between the fields of a table."""
    safe = deidentifier.deidentify("K|6.1|H\nNa|131|135-145|L\nCRP|148|H", Vault()).safe.text
    assert safe == "K|6.1|H\nNa|131|135-145|L\nCRP|148|H"

"""Packs made by a program: what their rows become, and what is said of a row that is broken."""

import importlib.util
import json
import tarfile
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from kg.loading.built import Content
from kg.loading.csv_pack import FACT_COLUMNS, core
from kg.loading.names import Names
from kg.loading.packs import cooccurrence, ddxplus, hpo, registered, with_files
from kg.types import Concept, Fact, PackInvalid, PackUnknown, Tier

OBO = """format-version: 1.2

[Term]
id: HP:0000001
name: All

[Term]
id: HP:0002202
name: Pleural effusion
synonym: "Fluid around lungs" EXACT layperson []
is_a: HP:0000001 ! All

[Term]
id: HP:0001166
name: Arachnodactyly
def: "Abnormally long fingers, so called arachnodactyly." []
synonym: "Spider fingers" EXACT layperson []
synonym: "Long digits" BROAD []
is_a: HP:0000001 ! All

[Term]
id: HP:0000006
name: Autosomal dominant inheritance
is_a: HP:0000001 ! All
"""
HEADER = "\t".join(hpo.COLUMNS)


def _row(**given: str) -> str:
    filled = {"database_id": "OMIM:154700", "disease_name": "Marfan syndrome", "aspect": "P", **given}
    return "\t".join(filled.get(column, "") for column in hpo.COLUMNS)


def _hpo(folder: Path, *rows: str) -> hpo.HpoPack:
    folder.mkdir(exist_ok=True)
    (folder / "hp.obo").write_text(OBO)
    lines = ("#description: annotations", "#version: 2025-01-16", HEADER, *rows)
    (folder / "phenotype.hpoa").write_text("\n".join(lines) + "\n")
    return hpo.pack([folder])


def _said(facts: list[Fact]) -> set[tuple[str, str, str]]:
    return {(f.subject, f.predicate, f.object) for f in facts}


def test_terms_join_the_curated_graph_by_name(tmp_path: Path) -> None:
    """A term that the curated graph names is that concept; another keeps its own id and its exact synonyms only."""
    pack = _hpo(
        tmp_path,
        _row(hpo_id="HP:0001166", reference="PMID:1", frequency="HP:0040281"),
        _row(hpo_id="HP:0002202", reference="PMID:1"),
        _row(hpo_id="HP:0000006", reference="PMID:1", aspect="I"),
    )
    assert _said(pack.facts()) == {
        ("marfan_syndrome", "HAS_PHENOTYPE", "hp_0001166"),
        ("marfan_syndrome", "HAS_PHENOTYPE", "pleural_effusion"),
        ("marfan_syndrome", "HAS_INHERITANCE", "hp_0000006"),
        ("hp_0001166", "IS_A", "hp_0000001"),
        ("hp_0000006", "IS_A", "hp_0000001"),
    }
    own = {c.id: c for c in pack.concepts()}
    assert own["hp_0001166"].name == "arachnodactyly"
    assert own["hp_0001166"].synonyms == ("spider fingers",)


def test_every_annotation_names_its_publication(tmp_path: Path) -> None:
    """Source, tier, frequency and population of a row are on its fact."""
    pack = _hpo(tmp_path, _row(hpo_id="HP:0001166", reference="PMID:31", frequency="3/4", sex="MALE"))
    fact = next(f for f in pack.facts() if f.predicate == "HAS_PHENOTYPE")
    assert fact.tier is Tier.IMPORTED
    assert fact.source.endswith("release 2025-01-16; PMID:31")
    assert fact.qualifiers == (("frequency", "3 of 4 patients"), ("population", "males"))
    (source,) = [s for s in pack.sources() if s.id == fact.source_id]
    assert source.url == "https://pubmed.ncbi.nlm.nih.gov/31/"


def test_not_is_a_denial_and_none_of_three_is_neither(tmp_path: Path) -> None:
    """A row with NOT denies; a row that counted nobody among three patients proves nothing and is left out."""
    pack = _hpo(
        tmp_path,
        _row(hpo_id="HP:0001166", reference="PMID:1", qualifier="NOT"),
        _row(hpo_id="HP:0002202", reference="PMID:1", frequency="0/3"),
    )
    found = [f for f in pack.facts() if f.predicate == "HAS_PHENOTYPE"]
    assert [(f.object, f.denied) for f in found] == [("hp_0001166", True)]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (("OMIM:1\tonly two cells",), r"phenotype.hpoa line 4: not the 12 columns"),
        ((_row(hpo_id="HP:0001166"), _row(hpo_id="HP:9")), r"phenotype.hpoa line 5: hp.obo has no term 'HP:9'"),
    ],
)
def test_a_broken_annotation_is_named(tmp_path: Path, rows: tuple[str, ...], said: str) -> None:
    """File and line of a row that cannot be used are in the message."""
    with pytest.raises(PackInvalid, match=said):
        _hpo(tmp_path, *rows).facts()


def test_the_installed_ontology() -> None:
    """All annotated diseases come in, each fact with an id of its own and ends that exist."""
    pack = registered("hpo")
    facts, own = pack.facts(), {c.id for c in pack.concepts()}
    curated = {c.id for c in core().concepts()}
    assert len(facts) > 270_000
    assert {end for f in facts for end in (f.subject, f.object)} <= own | curated
    assert not own & curated
    assert {f.source_id for f in facts} <= {s.id for s in pack.sources()}
    general = {c.name: c.category for c in pack.concepts() if c.name.lower() in {"all", "phenotypic abnormality"}}
    assert set(general.values()) == {"value"}, "the names of the roots are never mentions"


def _ddxplus(folder: Path, condition: object, evidences: object) -> ddxplus.DdxPlus:
    (folder / "release_conditions.json").write_text(json.dumps({"Pneumonia": condition}, indent=1))
    (folder / "release_evidences.json").write_text(json.dumps(evidences, indent=1))
    return ddxplus.pack([folder])


def _asks(question: str, kind: str = "B") -> dict[str, str]:
    return {"question_en": question, "data_type": kind}


def test_questions_become_symptoms_and_risk_factors(tmp_path: Path) -> None:
    """A whole name is the curated concept; a longer description is not narrowed to a word of it; degrees are left out."""
    pack = _ddxplus(
        tmp_path,
        {"symptoms": {"E_1": {}, "E_2": {}, "E_3": {}}, "antecedents": {"E_4": {}}},
        {
            "E_1": _asks("Do you have a fever (either felt or measured with a thermometer)?"),
            "E_2": _asks("Do you have a cough that gets worse when you sing?"),
            "E_3": _asks("How intense is the pain?", "C"),
            "E_4": _asks("Do you have heart failure?"),
        },
    )
    assert _said(pack.facts()) == {
        ("pneumonia", "HAS_SYMPTOM", "fever"),
        ("pneumonia", "HAS_SYMPTOM", "ddxplus_e_2"),
        ("heart_failure", "RISK_FACTOR_FOR", "pneumonia"),
    }


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        (
            {"symptoms": {"E_9": {}}, "antecedents": {}},
            "release_conditions.json condition 'Pneumonia': no evidence 'E_9'",
        ),
        ({"symptoms": {}}, "release_conditions.json line 2: 'Pneumonia' needs symptoms and antecedents"),
    ],
)
def test_a_broken_condition_is_named(tmp_path: Path, condition: object, said: str) -> None:
    """File and record are in the message."""
    with pytest.raises(PackInvalid, match=said):
        _ddxplus(tmp_path, condition, {"E_1": _asks("Do you have a cough?")}).facts()


def test_a_file_that_is_no_json_is_named_by_line(tmp_path: Path) -> None:
    """A comma too many is said with its line."""
    pack = _ddxplus(tmp_path, {"symptoms": {}, "antecedents": {}}, {})
    (tmp_path / "release_evidences.json").write_text('{\n"E_1": {},\n,}')
    with pytest.raises(PackInvalid, match=r"release_evidences\.json line 3"):
        pack.facts()


def _report(*labels: str) -> str:
    mesh = "".join(f"<major>{label}</major>" for label in labels)
    return f"<eCitation><MeSH>{mesh}</MeSH></eCitation>"


def _reports(folder: Path) -> Path:
    """Effusion and cardiomegaly together on 12 of 100 films, an effusion and a pneumothorax once."""
    folder.mkdir()
    labels = [("Pleural Effusion/right", "Cardiomegaly")] * 12 + [("Pleural Effusion", "Pneumothorax")]
    labels += [("Pneumothorax/left",)] * 7 + [("normal",)] * 80
    for number, named in enumerate(labels):
        (folder / f"{number}.xml").write_text(_report(*named))
    return folder


def test_pairs_beyond_chance_are_mined(tmp_path: Path) -> None:
    """A pair on many films is a mined fact with its counts; a pair that met once is none."""
    pack = registered("cooccurrence", [_reports(tmp_path / "reports")])
    (fact,) = pack.facts()
    assert (fact.subject, fact.predicate, fact.object) == ("cardiomegaly", "OCCURS_WITH", "pleural_effusion")
    assert fact.tier is Tier.MINED
    assert fact.qualifiers == (("frequency", "12 of 12 and 13 reports"),)


@pytest.mark.parametrize(
    ("label", "read"),
    [
        ("Hypertension, Pulmonary", {"pulmonary_hypertension"}),  # and not high blood pressure
        ("Pulmonary Disease, Chronic Obstructive", {"copd"}),
        ("Hernia, Hiatal/large", {"hiatal_hernia"}),
        ("pulmonary artery hypertension", {"pulmonary_arterial_hypertension"}),
        ("Lung, Hyperlucent/bilateral", set()),  # MeSH's word for any such lung, not the sign on one side
        ("Pleural Effusion/right", {"pleural_effusion"}),
    ],
)
def test_a_label_is_read_the_right_way_round(label: str, read: set[str]) -> None:
    """A heading that MeSH turns round names what it names when it is spoken."""
    assert cooccurrence._concepts([label]) == read


def test_an_archive_gives_what_its_folder_gives(tmp_path: Path) -> None:
    """The tar archive of a folder of reports holds the same facts."""
    folder = _reports(tmp_path / "reports")
    archive = tmp_path / "reports.tgz"
    with tarfile.open(archive, "w:gz") as made:
        made.add(folder, "reports")
    said = _said(registered("cooccurrence", [archive]).facts())
    assert said == _said(registered("cooccurrence", [folder]).facts())


def test_a_broken_report_is_named(tmp_path: Path) -> None:
    """File and line of a report that is no XML are in the message, and a cut archive is no archive."""
    folder = _reports(tmp_path / "reports")
    (folder / "50.xml").write_text("<eCitation>\n<MeSH>")
    with pytest.raises(PackInvalid, match=r"50\.xml line 2"):
        cooccurrence.pack([folder]).facts()
    (tmp_path / "cut.tgz").write_bytes(b"\x1f\x8b not really")
    with pytest.raises(PackInvalid, match="not a whole tar archive"):
        cooccurrence.pack([tmp_path / "cut.tgz"]).facts()


def test_chance_is_the_hypergeometric_tail() -> None:
    """Of 10 films with 5 and 5 labels, both on all 5 films happens once in 252 ways."""
    assert cooccurrence._at_least(5, 5, 5, 10) == pytest.approx(1 / 252)
    assert cooccurrence._at_least(0, 5, 5, 10) == pytest.approx(1)


def test_codes_stand_on_curated_concepts() -> None:
    """The code of a condition is found by its own name, the widest of nested codes, and by no likeness."""
    facts = registered("icd10").facts()
    codes = {(f.subject, f.object) for f in facts}
    assert ("pneumothorax", "icd10cm_j93_9") in codes or ("pneumothorax", "icd10cm_j93") in codes
    assert ("sarcoidosis", "icd10cm_d86") in codes
    assert ("sarcoidosis", "icd10cm_d86_9") not in codes
    assert {f.subject for f in facts} <= {c.id for c in core().concepts()}


def test_the_dictionary_is_imported_and_says_what_it_is() -> None:
    """Every row is tier imported under a citation that says nobody reviewed it, and plain words name nothing of it."""
    pack = registered("radiology-semantic-dict")
    assert {f.tier for f in pack.facts()} == {Tier.IMPORTED}
    assert all("not reviewed" in s.citation for s in pack.sources())
    assert len(pack.facts()) > 8_000
    assert [
        c.name for c in pack.concepts() if c.category == "finding" and c.name.lower() in {"gap", "normal", "round"}
    ] == []


@pytest.mark.parametrize("name", ["hpo", "icd10", "radiology-semantic-dict"])
def test_a_missing_package_is_named_with_its_command(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the optional package the message says what to install."""
    monkeypatch.setattr(importlib.util, "find_spec", _none_of_the_packs)
    with pytest.raises(PackInvalid, match=r"pip install 'clinical-copilot\[packs\]'"):
        registered(name)


def _none_of_the_packs(name: str, package: str | None = None) -> ModuleSpec | None:
    return None


def test_an_unknown_pack_lists_those_there_are() -> None:
    """A name that is neither registered nor a folder is answered with the names."""
    with pytest.raises(PackUnknown, match="core, hpo, ddxplus, radiology-semantic-dict, icd10, cooccurrence"):
        registered("snomed")


@pytest.mark.parametrize("name", ["core", "hpo", "reviewed"])
def test_nobodys_pack_takes_the_name_of_another(tmp_path: Path, name: str) -> None:
    """A folder that is called like a pack that ships, or like the reviewed facts, would replace it; it is refused."""
    (tmp_path / "pack.toml").write_text(f'name = "{name}"\n')
    with pytest.raises(PackInvalid, match="another name"):
        registered(str(tmp_path))


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            "pneumothorax,IS_A,pleural_disease,,,,,,,s\npneumothorax,IS_A,pleural_disease,yes,,,,,,s\n",
            "line 3: denies what",
        ),
        ("pneumothorax,CONSISTS_OF,air,yes,,,,,,s\n", "line 2: denies what findings.facts.csv"),
        ("chest_radiograph,RULES_OUT,pulmonary_embolism,,,,,,,s\n", "line 2: states what"),
    ],
)
def test_a_pack_that_contradicts_itself_or_the_curated_graph_is_refused(tmp_path: Path, rows: str, said: str) -> None:
    """Both would bear out a sentence and its opposite; the row is named, and the one it contradicts."""
    (tmp_path / "x.facts.csv").write_text(f"{','.join(FACT_COLUMNS)}\n{rows}")
    (tmp_path / "x.sources.csv").write_text("id,citation,year,url\ns,A book. 2020,2020,\n")
    with pytest.raises(PackInvalid, match=said):
        registered(str(tmp_path))


def test_files_go_to_the_pack_before_them() -> None:
    """On a command line a path belongs to the pack before it, if that takes files, and is a pack itself otherwise."""
    assert with_files(["core", "ward", "ddxplus", "a.json", "b.json", "icd10"]) == [
        ("core", []), ("ward", []), ("ddxplus", [Path("a.json"), Path("b.json")]), ("icd10", []),
    ]  # fmt: skip


def test_names_match_exactly_and_never_by_abbreviation() -> None:
    """Plural, spelling and a trailing "unspecified" do not matter; two letters, and values, never match."""
    names = Names(
        [
            Concept("pulmonary_edema", "pulmonary edema", "disease", ("pe", "lung edema")),
            Concept("chronic", "chronic", "value"),
        ]
    )
    assert names.find("Pulmonary oedema, unspecified") == "pulmonary_edema"
    assert names.find("unknown", "Lung edema (acute)") == "pulmonary_edema"
    assert names.find("PE") is None
    assert names.find("Chronic") is None
    assert names.free(["lung edema", "PE", "wet lung"]) == ("wet lung",)


def test_nothing_is_said_of_itself() -> None:
    """A row whose two terms are one concept is left out."""
    content = Content("x", Tier.IMPORTED)
    source = content.source("s", "A source")
    content.fact("asthma", "HAS_PHENOTYPE", "asthma", source, place="line 1")
    assert content.facts == {}

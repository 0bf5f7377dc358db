"""The reader of CSV packs: what it takes, what it refuses, and that it names the place."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.loading.csv_pack import CsvPack, content_folder, core, read_folder
from kg.loading.pack import fact_id
from kg.predicates import PREDICATES
from kg.types import PackInvalid, Quantity, Tier

CONCEPTS = "id,name,category,synonyms,lay_name,definition,definition_source\n"
FACTS = "subject,predicate,object,denied,operator,value,upper,unit,qualifiers,source\n"
SOURCES = "id,citation,year,url\n"


def _folder(folder: Path, facts: str = "a,CAUSES,b,,,,,,,s\n", concepts: str = "", header: str = FACTS) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "x.concepts.csv").write_text(CONCEPTS + (concepts or "a,A,disease,,,,\nb,B,disease,,,,\n"))
    (folder / "x.facts.csv").write_text(header + facts)
    (folder / "x.sources.csv").write_text(SOURCES + "s,Somebody. A book. 2020,2020,\n")
    return folder


def test_a_fact_is_read_in_full(tmp_path: Path) -> None:
    """Quantity, sorted qualifiers and denial become values; the id is that of statement and source."""
    (fact,) = CsvPack(_folder(tmp_path, "a,HAS_VALUE,b,yes,between,6,8,mm,view=PA film; population=adults,s\n")).facts()
    assert fact.denied
    assert fact.quantity == Quantity("between", 6.0, "mm", 8.0)
    assert fact.qualifiers == (("population", "adults"), ("view", "PA film"))
    assert (fact.tier, fact.source_id) == (Tier.CURATED, "s")
    assert fact.id == fact_id(
        "a", "HAS_VALUE", "b", denied=True, quantity=fact.quantity, qualifiers=fact.qualifiers, source_id="s"
    )


def test_a_concept_is_read_in_full(tmp_path: Path) -> None:
    """Synonyms are split, lower-cased and kept once; white space is tidied."""
    pack = CsvPack(_folder(tmp_path, concepts='a,"  Big   A ",disease,PE | pe|Embolus,,,\nb,B,disease,,,,\n'))
    first = pack.concepts()[0]
    assert (first.name, first.synonyms) == ("Big A", ("pe", "embolus"))


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("a,CURES,b,,,,,,,s", "predicate 'CURES'"),
        ("a,CAUSES,b,no,,,,,,s", "denied must be"),
        ("A b,CAUSES,b,,,,,,,s", "not a snake_case id"),
        ("a,CAUSES,b,,,,,,,", "names no source"),
        ("a,CAUSES,b,,>,5,,mm,,s", "takes no operator"),
        ("a,HAS_VALUE,b,,~,5,,mm,,s", "operator '~'"),
        ("a,HAS_VALUE,b,,>,five,,mm,,s", "'five' is not a number"),
        ("a,HAS_VALUE,b,,>,nan,,mm,,s", "'nan' is not a number"),
        ("a,HAS_VALUE,b,,>,5,,,,s", "no unit"),
        ("a,HAS_VALUE,b,,>,5,6,mm,,s", "upper goes with"),
        ("a,HAS_VALUE,b,,between,5,,mm,,s", "upper '' is not a number"),
        ("a,HAS_VALUE,b,,between,5,4,mm,,s", "upper must be greater"),
        ("a,CAUSES,b,,,,,,mood=bad,s", "qualifier 'mood'"),
        ("a,CAUSES,b,,,,,,view,s", "has no value"),
        ("a,CAUSES,b,,,,,,view=PA; view=AP,s", "given twice"),
        ("a,CAUSES,b", "3 cells where 10"),
    ],
)
def test_a_broken_row_is_named(tmp_path: Path, row: str, said: str) -> None:
    """The message gives the file, the line and what is wrong; nothing of the pack can be used."""
    pack = CsvPack(_folder(tmp_path, f"a,CAUSES,b,,,,,,,s\n{row}\n"))
    with pytest.raises(PackInvalid, match=r"x\.facts\.csv line 3: .*" + said):
        pack.facts()


def test_the_other_rows_are_still_read(tmp_path: Path) -> None:
    """For the linter, one broken row does not hide the next."""
    draft = read_folder(_folder(tmp_path, "a,CURES,b,,,,,,,s\na,CAUSES,b,,,,,,,s\na,HEALS,b,,,,,,,s\n"))
    assert [p.place.line for p in draft.problems] == [2, 4]
    assert len(draft.facts) == 1


@pytest.mark.parametrize("header", ["", "subject,predicate\n", FACTS.replace("source", "Source")])
def test_a_wrong_header_is_named(tmp_path: Path, header: str) -> None:
    """Columns are not guessed."""
    with pytest.raises(PackInvalid, match="the header must be"):
        CsvPack(_folder(tmp_path, header=header)).facts()


def test_a_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    """A spreadsheet saved as Latin-1 gets one sentence, with the line that shows it."""
    (_folder(tmp_path) / "x.sources.csv").write_bytes(SOURCES.encode() + "s,Béla. 2020,2020,\n".encode("latin-1"))
    line = 1 + SOURCES.count("\n")
    with pytest.raises(PackInvalid, match=rf"x\.sources\.csv.*{line}.*not UTF-8"):
        CsvPack(tmp_path).sources()


def test_an_empty_or_missing_folder_is_named(tmp_path: Path) -> None:
    """No folder and no facts are said plainly."""
    with pytest.raises(PackInvalid, match="no folder 'nowhere'"):
        CsvPack(tmp_path / "nowhere")
    with pytest.raises(PackInvalid, match="holds no facts"):
        CsvPack(tmp_path).facts()


def test_the_version_is_the_content(tmp_path: Path) -> None:
    """The version changes with any byte and with nothing else; licence and tier count, for they stand on every fact."""
    version = CsvPack(_folder(tmp_path)).version
    assert CsvPack(tmp_path).version == version
    (tmp_path / "pack.toml").write_text('tier = "mined"\n')
    assert CsvPack(tmp_path).version != version
    _folder(tmp_path, "b,CAUSES,a,,,,,,,s\n")
    assert CsvPack(tmp_path).version != version


def test_pack_toml_names_the_pack(tmp_path: Path) -> None:
    """Name, licence and tier come from pack.toml; nobody may call a folder reviewed."""
    (_folder(tmp_path) / "pack.toml").write_text('name = "ward"\nlicence = "CC0-1.0"\ntier = "imported"\n')
    pack = CsvPack(tmp_path)
    assert (pack.name, pack.licence, pack.facts()[0].tier) == ("ward", "CC0-1.0", Tier.IMPORTED)
    (tmp_path / "pack.toml").write_text('tier = "reviewed"\n')
    with pytest.raises(PackInvalid, match="tier 'reviewed'"):
        CsvPack(tmp_path)
    (tmp_path / "pack.toml").write_text("tier = \n")
    with pytest.raises(PackInvalid, match="cannot be read"):
        CsvPack(tmp_path)


def test_core_is_found_as_package_data() -> None:
    """The curated pack carries its own name and licence wherever it is installed."""
    assert (core().name, core().licence) == ("core", "Apache-2.0")
    assert (content_folder() / "README.md").is_file()


def test_fact_ids_tell_statements_apart() -> None:
    """Denial, quantity, qualifiers and source each make another fact; the order of qualifiers does not."""
    ids = {
        fact_id("a", "CAUSES", "b"),
        fact_id("b", "CAUSES", "a"),
        fact_id("a", "CAUSES", "b", denied=True),
        fact_id("a", "CAUSES", "b", source_id="s"),
        fact_id("a", "CAUSES", "b", qualifiers=(("view", "PA"),)),
        fact_id("a", "HAS_VALUE", "b", quantity=Quantity(">", 5, "mm")),
        fact_id("a", "HAS_VALUE", "b", quantity=Quantity(">", 5, "cm")),
    }
    assert len(ids) == 7
    pairs = (("view", "PA"), ("population", "adults"))
    assert fact_id("a", "CAUSES", "b", qualifiers=pairs) == fact_id("a", "CAUSES", "b", qualifiers=pairs[::-1])


@given(st.lists(st.lists(st.text(max_size=12), max_size=12), max_size=8), st.sampled_from(sorted(PREDICATES)))
def test_no_content_makes_the_reader_raise_anything_else(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], predicate: str
) -> None:
    """Whatever is in the cells, the reader gives facts or problems, never another error."""
    folder = tmp_path_factory.mktemp("wild")
    lines = "\n".join(",".join(["a", predicate, *row]) for row in rows)
    (folder / "x.facts.csv").write_text(FACTS + lines, encoding="utf-8", errors="replace")
    draft = read_folder(folder)
    assert len(draft.facts) + len(draft.problems) <= 2 * len(lines.splitlines()) + 1

"""Packs that tests make."""

from pathlib import Path

from kg.loading.csv_pack import CsvPack


def big_pack(folder: Path, facts: int) -> CsvPack:
    """A pack of several batches: each of `facts` conditions suggests the next."""
    folder.mkdir()
    (folder / "big.sources.csv").write_text("id,citation,year,url\nbig_source,A long list. 2026,2026,\n")
    names = "".join(f"big_{n},big condition {n},disease,,,,\n" for n in range(facts + 1))
    (folder / "big.concepts.csv").write_text(
        "id,name,category,synonyms,lay_name,definition,definition_source\n" + names
    )
    rows = "".join(f"big_{n},SUGGESTS,big_{n + 1},,,,,,,big_source\n" for n in range(facts))
    header = "subject,predicate,object,denied,operator,value,upper,unit,qualifiers,source\n"
    (folder / "big.facts.csv").write_text(header + rows)
    return CsvPack(folder)

"""The page on packs is true: its example is a whole pack that loads clean, and its table names every pack."""

import re
from pathlib import Path

from kg.loading.csv_pack import CsvPack, content_folder, read_folder
from kg.loading.lint import lint
from kg.loading.packs import REGISTERED

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "packs.md").read_text(encoding="utf-8")


def write_example(folder: Path) -> Path:
    """The files of the page's example, as a reader would copy them."""
    for name, text in re.findall(r"^`(ward/[\w.]+)`\n```\w+\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL):
        file = folder / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return folder / "ward"


def test_the_worked_example_is_clean(tmp_path: Path) -> None:
    """The linter finds nothing, and name, licence and tier are those of its pack.toml."""
    ward = write_example(tmp_path)
    assert [str(problem) for problem in lint(ward, read_folder(content_folder()))] == []
    pack = CsvPack(ward)
    assert (pack.name, pack.licence, pack.tier) == ("ward", "internal use only", "curated")
    assert (len(pack.concepts()), len(pack.facts()), len(pack.sources())) == (2, 3, 1)


def test_the_table_names_every_pack() -> None:
    """Each registered pack has its row."""
    assert set(REGISTERED) <= set(re.findall(r"^\| `([\w-]+)` \|", PAGE, re.MULTILINE))

"""The packs that ship, one file each. To add one: write its file, and name it in `REGISTERED`.

`registered` also takes the path of a folder of CSV files, which is a hospital's own pack (docs/packs.md). Knows nothing
of the graph engine.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from kg.loading.csv_pack import CsvPack, content_folder, core, read_folder
from kg.loading.lint import contradictions
from kg.loading.pack import Pack
from kg.loading.packs import cooccurrence, ddxplus, hpo, icd10, radiology_semantic_dict
from kg.review import PACK as REVIEWED
from kg.types import PackInvalid, PackUnknown


def _core(files: Sequence[Path]) -> Pack:
    if files:
        raise PackInvalid("The pack core takes no file; it ships with the program.")
    return core()


# These take files or a folder; every other pack stands alone.
TAKES_FILES = frozenset({"hpo", "ddxplus", "cooccurrence"})
REGISTERED: dict[str, Callable[[Sequence[Path]], Pack]] = {
    "core": _core,
    "hpo": hpo.pack,
    "ddxplus": ddxplus.pack,
    "radiology-semantic-dict": radiology_semantic_dict.pack,
    "icd10": icd10.pack,
    "cooccurrence": cooccurrence.pack,
}


def registered(name: str, files: Sequence[Path] = ()) -> Pack:
    """The pack of that name, made from the files where it needs some. Raises `PackUnknown`, `PackInvalid`."""
    if name in REGISTERED:
        return REGISTERED[name](files)
    if Path(name).is_dir():
        return _own(Path(name))
    raise PackUnknown(
        f"There is no pack {name!r}. Name one of {', '.join(REGISTERED)}, or the folder of a pack of CSV files."
    )


def _own(folder: Path) -> Pack:
    """A hospital's own pack. Under the name of another it would take that one's facts out of the graph; a fact and its
    denial together would bear out a sentence and its opposite.
    """
    pack = CsvPack(folder)
    if pack.name in REGISTERED or pack.name == REVIEWED:
        raise PackInvalid(f"A pack of your own cannot be called {pack.name!r}; give it another name in its pack.toml.")
    if found := contradictions(folder, read_folder(content_folder())):
        raise PackInvalid(f"The pack {pack.name} was not loaded: {found[0]}.")
    return pack


def with_files(named: Sequence[str]) -> list[tuple[str, list[Path]]]:
    """A command line's words as packs, each with its files: a path belongs to the pack before it if that takes files."""
    packs: list[tuple[str, list[Path]]] = []
    for word in named:
        if word not in REGISTERED and packs and packs[-1][0] in TAKES_FILES:
            packs[-1][1].append(Path(word))
        else:
            packs.append((word, []))
    return packs

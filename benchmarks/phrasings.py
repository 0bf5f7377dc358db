"""How many ways of saying a relation are read: phrasings of twelve authors, filled with facts of the curated graph.

    PYTHONPATH=. python benchmarks/phrasings.py [--label CAUSES] [--dev [--wrong | --open]]

A phrasing is a line `LABEL SIGN | text` with the slots {s} and {o}: "+" states the relation (to be supported), "-" denies it
(to be contradicted, as the facts are true), "OTHER ?" does neither (to be left open). Each is filled with two facts of that
predicate, or of that value where the label is `PREDICATE=value`; {x} is another concept. `--wrong` prints the development
sentences that were settled wrongly, `--open` those left open; the held part is told by its totals alone. Asserts nothing.
"""

import argparse
import random
import re
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib import resources
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from copilot.bootstrap import bundled_checker
from kg.graph import Graph
from kg.linking import Linker
from kg.loading.csv_pack import core
from kg.loading.load import load
from kg.memory import Memory
from kg.predicates import PREDICATES
from kg.types import Concept, Fact, Verdict
from kg.verification import Verifier

PARTS = {"dev": tuple(f"dev_{n}" for n in (1, 2, 3, *range(5, 13))), "held": ("held_1",)}
FILLINGS = 2
# What a phrasing of each sign should come to; the other of the two would be wrong, and for OTHER both are.
RIGHT = {"+": Verdict.SUPPORTED, "-": Verdict.CONTRADICTED}
# OTHER names two things that some fact joins.
ANY_RELATION = ("CAUSES", "SUGGESTS", "HAS_FINDING", "HAS_SYMPTOM", "TREATED_BY", "INVESTIGATED_BY", "RISK_FACTOR_FOR")


def phrasings(part: str) -> Iterator[tuple[str, str, str]]:
    """(label, sign, text) of each line of a part."""
    folder = resources.files("copilot.evaluation") / "data" / "phrasings"
    for name in PARTS[part]:
        for line in (folder / f"{name}.txt").read_text("utf-8").splitlines():
            head, _, text = line.partition(" | ")
            if text:
                label, _, sign = head.strip().rpartition(" ")
                yield label, sign, text.strip()


def facts_by_label(facts: Iterable[Fact]) -> Mapping[str, Sequence[Fact]]:
    """The plain facts, by predicate and by predicate=value."""
    found = defaultdict[str, list[Fact]](list)
    for fact in sorted(facts, key=lambda f: f.id):
        if not fact.denied and fact.quantity is None and not fact.qualifiers:
            found[fact.predicate].append(fact)
            found[f"{fact.predicate}={fact.object_name}"].append(fact)
            if fact.predicate in ANY_RELATION:
                found["OTHER"].append(fact)
    return found


def filled(label: str, text: str, facts: Sequence[Fact], others: Sequence[Concept]) -> Iterator[str]:
    """The phrasing with some facts in its slots; the same every time."""
    chosen = random.Random(f"{label} {text}")  # noqa: S311 - no secret
    for fact in chosen.sample(facts, min(FILLINGS, len(facts))):
        ends = [fact.subject_name, fact.object_name]
        if PREDICATES[fact.predicate].symmetric:
            chosen.shuffle(ends)
        said = text.replace("{s}", ends[0]).replace("{o}", ends[1]).replace("{x}", chosen.choice(others).name)
        yield re.sub(r"^\w", lambda m: m[0].upper(), said)


def main() -> None:
    """Prints the shares of each label and of all."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--label", default="", help="only labels that start so")
    parser.add_argument("--wrong", action="store_true", help="print what was settled wrongly (dev)")
    parser.add_argument("--open", action="store_true", help="print what was left open (dev)")
    parser.add_argument(
        "--dev", action="store_true", help="the development part, which the reader of relations was taught"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, Graph.open_embedded(Path(folder)) as graph:
        load(graph, core())
        lexicon = graph.lexicon()
        by_label = facts_by_label(graph.facts_about([c.id for c in lexicon], limit=1_000_000))
        others = [c for c in lexicon if c.category in {"population", "technique", "anatomy"}]
        checker = bundled_checker(Linker(lexicon), Verifier(Memory(graph)))
        for part in ("dev",) if options.dev or options.wrong or options.open else ("held",):
            counts: Counter[tuple[str, str, Verdict]] = Counter()
            for label, sign, text in phrasings(part):
                if not label.startswith(options.label):
                    continue
                for sentence in filled(label, text, by_label[label.split(",")[0]], others):
                    verdict = checker.check(sentence)[0].verdict
                    counts[label.split(",")[0], sign, verdict] += 1
                    settled = verdict in RIGHT.values()
                    wrong = settled and verdict is not RIGHT.get(sign)
                    if (options.wrong and wrong) or (options.open and not settled and sign in RIGHT):
                        print(f"{label} {sign} -> {verdict.value} | {text} | {sentence}")
            report(part, counts)


def report(part: str, counts: Mapping[tuple[str, str, Verdict], int]) -> None:
    """The table of a part."""
    print(f"{part:<46}{'said':>6}{'supp.':>8}{'contr.':>8}{'denied':>8}{'contr.':>8}{'supp.':>8}")
    for name in [*sorted({label for label, _, _ in counts} - {"OTHER"}), "all but OTHER"]:
        row = f"{name:<46}"
        for sign, right in RIGHT.items():
            of = {
                v: sum(n for (a, b, c), n in counts.items() if (b, c) == (sign, v) and name in {a, "all but OTHER"})
                for v in Verdict
            }
            total, wrong = sum(of.values()), Verdict.CONTRADICTED if sign == "+" else Verdict.SUPPORTED
            row += (
                f"{total:>6}"
                + "".join(f"{of[v] / max(total, 1):>8.1%}" for v in (right, wrong))
                + ("  " if sign == "+" else "")
            )
        print(row)
    of = {v: counts.get(("OTHER", "?", v), 0) for v in Verdict}
    total = max(sum(of.values()), 1)
    print(f"OTHER {sum(of.values())}: " + ", ".join(f"{v.value} {of[v] / total:.1%}" for v in RIGHT.values()))


if __name__ == "__main__":
    main()

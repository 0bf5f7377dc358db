"""Finds everything that is wrong with a folder of content, beyond what the reader of single rows can see.

`python -m kg.loading.lint [DIR]` prints every problem. Knows nothing of the graph engine, nor whether a fact
is true.
"""

import re
import sys
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TypeVar

from kg.loading.csv_pack import Draft, Problem, Written, content_folder, read_folder
from kg.predicates import PREDICATES
from kg.types import Concept, Fact

T = TypeVar("T")
Facts = Sequence[Written[Fact]]


def lint(folder: Traversable, base: Draft | None = None) -> list[Problem]:
    """Every problem of the folder, ordered by file and line. Ids of `base`, a pack loaded before, count as
    known.
    """
    draft = read_folder(folder)
    known = draft if base is None else _joined(base, draft)
    problems = [
        *draft.problems,
        *_defined_once(draft, known),
        *_definitions(draft.concepts),
        *_unresolved(draft, known),
        *_unused(draft),
        *_reflexive(draft.facts),
        *_repeated(draft.facts),
        *_denied_and_stated(draft.facts, known.facts),
        *_functional(draft.facts),
        *_inverse_functional(draft.facts),
        *_exclusive(draft.facts),
        *_cycles(draft.facts),
    ]
    return sorted(problems, key=lambda p: (p.place.file, p.place.line, p.message))


def contradictions(folder: Traversable, base: Draft) -> list[Problem]:
    """What the folder both states and denies, by itself or together with `base`."""
    draft = read_folder(folder)
    return list(_denied_and_stated(draft.facts, _joined(base, draft).facts))


def _joined(base: Draft, draft: Draft) -> Draft:
    return Draft(base.concepts + draft.concepts, base.sources + draft.sources, base.facts + draft.facts)


def _defined_once(draft: Draft, known: Draft) -> Iterator[Problem]:
    concepts, sources = known.concepts, known.sources
    yield from _twice(concepts, lambda c: c.id, "the concept {key!r} is already defined in {place}")
    yield from _twice(concepts, lambda c: c.name.lower(), "a concept is already named {key!r} in {place}")
    yield from _twice(sources, lambda s: s.id, "the source {key!r} is already defined in {place}")
    yield from _twice(sources, lambda s: s.citation.lower(), "the citation {key!r} already has an id in {place}")


def _twice(written: Iterable[Written[T]], key: Callable[[T], str], message: str) -> Iterator[Problem]:
    first: dict[str, Written[T]] = {}
    for item in written:
        earlier = first.setdefault(key(item.value), item)
        if earlier is not item:
            yield Problem(item.place, message.format(key=key(item.value), place=earlier.place))


def _definitions(concepts: Sequence[Written[Concept]]) -> Iterator[Problem]:
    for concept, place in ((c.value, c.place) for c in concepts):
        if concept.name.lower() in concept.synonyms:
            yield Problem(place, f"{concept.id} lists its own name as a synonym")
        if bool(concept.definition) != bool(concept.definition_source):
            yield Problem(place, f"{concept.id} needs both a definition and a definition_source, or neither")
        if concept.definition and not _well_formed(concept.definition, concept.name):
            yield Problem(
                place,
                f"the definition of {concept.id} must start with its name ('A {concept.name} is ...') and end in '.'",
            )


def _well_formed(definition: str, name: str) -> bool:
    start = r"(an? |the )?" + re.escape(name)
    return bool(re.match(start, definition, re.IGNORECASE)) and definition.endswith(".")


def _unresolved(draft: Draft, known: Draft) -> Iterator[Problem]:
    concepts = {c.value.id for c in known.concepts}
    sources = {s.value.id for s in known.sources}
    for fact in draft.facts:
        for end in dict.fromkeys((fact.value.subject, fact.value.object)):
            if end not in concepts:
                yield Problem(fact.place, f"no file defines the concept {end!r}")
        if fact.value.source_id not in sources:
            yield Problem(fact.place, f"no file defines the source {fact.value.source_id!r}")
    for concept in draft.concepts:
        source = concept.value.definition_source
        if source and source not in sources:
            yield Problem(concept.place, f"no file defines the source {source!r}")


def _unused(draft: Draft) -> Iterator[Problem]:
    ends = {end for f in draft.facts for end in (f.value.subject, f.value.object)}
    cited = {f.value.source_id for f in draft.facts} | {c.value.definition_source for c in draft.concepts}
    for concept in draft.concepts:
        if concept.value.id not in ends:
            yield Problem(concept.place, f"the concept {concept.value.id!r} is in no fact")
    for source in draft.sources:
        if source.value.id not in cited:
            yield Problem(source.place, f"nothing cites the source {source.value.id!r}")


def _reflexive(facts: Facts) -> Iterator[Problem]:
    for fact in facts:
        if fact.value.subject == fact.value.object:
            yield Problem(fact.place, f"{fact.value.subject!r} is stated of itself")


def _statement(fact: Fact) -> Hashable:
    """What is said, without denial and source; a symmetric statement reads the same both ways."""
    ends = (fact.subject, fact.object)
    if PREDICATES[fact.predicate].symmetric:
        ends = (min(ends), max(ends))
    return fact.predicate, ends, fact.quantity, fact.qualifiers


def _repeated(facts: Facts) -> Iterator[Problem]:
    first: dict[Hashable, Written[Fact]] = {}
    for fact in facts:
        earlier = first.setdefault((_statement(fact.value), fact.value.denied, fact.value.source_id), fact)
        if earlier is not fact:
            yield Problem(fact.place, f"the same fact is already in {earlier.place}")


def _denied_and_stated(facts: Facts, known: Facts) -> Iterator[Problem]:
    """Each pair once: within the folder it is the denial that is named."""
    said = {(_statement(f.value), f.value.denied): f for f in known}
    own = {id(fact) for fact in facts}
    for fact in facts:
        other = said.get((_statement(fact.value), not fact.value.denied))
        if other and fact.value.denied:
            yield Problem(fact.place, f"denies what {other.place} states")
        elif other and id(other) not in own:
            yield Problem(fact.place, f"states what {other.place} denies")


def _grouped(facts: Facts, end: Callable[[Fact], str]) -> dict[tuple[str, str, Hashable], list[Written[Fact]]]:
    """Stated facts of one predicate about one concept under the same qualifiers."""
    groups: dict[tuple[str, str, Hashable], list[Written[Fact]]] = defaultdict(list)
    for fact in facts:
        if not fact.value.denied:
            groups[fact.value.predicate, end(fact.value), fact.value.qualifiers].append(fact)
    return groups


def _functional(facts: Facts) -> Iterator[Problem]:
    for (predicate, subject, _), group in _grouped(facts, lambda f: f.subject).items():
        if PREDICATES[predicate].functional:
            yield from _more_than_one(group, lambda f: f.object, f"{subject} {predicate} has one object only")


def _inverse_functional(facts: Facts) -> Iterator[Problem]:
    for (predicate, object_, _), group in _grouped(facts, lambda f: f.object).items():
        if PREDICATES[predicate].inverse_functional:
            yield from _more_than_one(group, lambda f: f.subject, f"{predicate} {object_} has one subject only")


def _more_than_one(group: Facts, end: Callable[[Fact], str], message: str) -> Iterator[Problem]:
    for fact in group[1:]:
        if end(fact.value) != end(group[0].value):
            yield Problem(fact.place, f"{message}, and {group[0].place} already names {end(group[0].value)!r}")


def _exclusive(facts: Facts) -> Iterator[Problem]:
    for (predicate, subject, _), group in _grouped(facts, lambda f: f.subject).items():
        for values in () if PREDICATES[predicate].functional else PREDICATES[predicate].exclusive:
            held = [fact for fact in group if fact.value.object in values]
            yield from _more_than_one(
                held,
                lambda f: f.object,
                f"{subject} {predicate}: {', '.join(sorted(values))} exclude each other",
            )


def _cycles(facts: Facts) -> Iterator[Problem]:
    """A kind of itself, by however many steps."""
    kinds = [f for f in facts if f.value.predicate == "IS_A" and not f.value.denied]
    parents: dict[str, set[str]] = defaultdict(set)
    for fact in kinds:
        parents[fact.value.subject].add(fact.value.object)
    for fact in kinds:
        if fact.value.subject in _above(fact.value.object, parents):
            yield Problem(fact.place, f"IS_A leads from {fact.value.subject!r} back to itself")


def _above(start: str, parents: dict[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        for parent in parents.get(waiting.pop(), ()):
            if parent not in seen:
                seen.add(parent)
                waiting.append(parent)
    return seen


def main(arguments: Sequence[str]) -> int:
    """Prints every problem and the counts. Exit status 1 when there is a problem."""
    folder: Traversable = Path(arguments[0]) if arguments else content_folder()
    own = not arguments or Path(arguments[0]).resolve() == Path(str(content_folder())).resolve()
    problems = lint(folder, None if own else read_folder(content_folder()))
    draft = read_folder(folder)
    lines = [str(problem) for problem in problems]
    lines.append(
        f"{len(draft.concepts)} concepts, {len(draft.facts)} facts, {len(draft.sources)} sources, "
        f"{len(problems)} problems"
    )
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

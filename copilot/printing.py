"""The command line's results for a person to read. Takes the JSON shapes, so that both forms say the same.

Knows nothing of the values behind the shapes.
"""

from collections.abc import Iterable
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from kg import wording
from kg.predicates import PREDICATES
from kg.types import Quantity

Shape = dict[str, Any]

MARKS = {
    "supported": ("✓ supported", "green"),
    "contradicted": ("✗ contradicted", "red"),
    "not_in_graph": ("? not in the graph", "yellow"),
    "not_a_claim": ("· not a claim", "dim"),
}


def answer(shape: Shape) -> RenderableType:
    """Red flags first, each message once, then the sentences with their sources, the findings and the disclaimers."""
    messages = dict.fromkeys(flag["message"] for flag in shape["red_flags"])
    flags = [Text(f"! {message}", style="bold red") for message in messages]
    notes = [Text(note, style="italic") for note in shape["notes"]]
    readings = [reading(one) for one in shape["findings"]]
    small_print = [Text(line, style="dim") for line in shape["disclaimers"]]
    return Group(*flags, checked({"sentences": shape["answer"]}), *notes, *readings, *small_print)


def evaluation(shape: Shape) -> RenderableType:
    """One column a system, one row a figure; what is broken down further comes below."""
    systems = shape["systems"]
    table = Table(title=f"{shape['task']}, {shape['part']} part", title_justify="left")
    table.add_column("")
    for name in systems:
        table.add_column(name)
    rows: dict[str, dict[str, Any]] = {}
    for name, figures in systems.items():
        for figure, value in figures.items():
            inner = value.items() if isinstance(value, dict) else [("", value)]
            for detail, number in inner:
                rows.setdefault(f"{figure} {detail}".strip().replace("_", " "), {})[name] = number
    for row, values in rows.items():
        table.add_row(row, *(str(values.get(name, "")) for name in systems))
    return table


def checked(shape: Shape) -> RenderableType:
    """Each sentence with its verdict, reason and sources."""
    return Group(*(_sentence(one) for one in shape["sentences"]))


def _sentence(one: Shape) -> RenderableType:
    mark, style = MARKS[one["verdict"]]
    lines = [Text.assemble((f"{mark}  ", style), one["text"])]
    if one["reason"] and one["verdict"] != "supported":
        lines.append(Text(f"    {one['reason']}", style="dim"))
    lines += [Text(f"    {_fact(fact)}", style="dim") for fact in one["facts"]]
    return Group(*lines)


def _fact(fact: Shape) -> str:
    said = _said(fact["predicate"], fact["subject"], fact["object"], _measured(fact) or "…")
    return f"{said} [{fact['tier']}: {fact['source']}]"


def _said(predicate: str, subject: str, object_: str, measured: str = "…") -> str:
    """A relation in words: "NOT_RULES_OUT" is "does not rule out". A definition is said by itself."""
    known = PREDICATES.get(predicate.removeprefix("NOT_"))
    if known is None:
        return object_
    says = known.denies if predicate.startswith("NOT_") else known.says
    return says.format(s=subject, o=object_, q=measured)


def _measured(fact: Shape) -> str:
    number = fact.get("quantity")
    return wording.quantity(Quantity(**number)) if number else ""


def reading(shape: Shape) -> RenderableType:
    """A table of findings, or why the film was not read."""
    if not shape["accepted"]:
        return Text(f"The film was not read: {shape['reason']}", style="yellow")
    table = Table(title=f"Findings by {shape['encoder']['name']} (not for diagnosis)", title_justify="left")
    for column in ("Finding", "State", "Probability", "Operating point"):
        table.add_column(column)
    for one in shape["findings"]:
        table.add_row(one["name"], one["state"], f"{one['probability']:.2f}", f"{one['threshold']:.2f}")
    for one in shape["measurements"]:
        error = "" if one["error"] is None else f" ± {one['error']:.2g}"
        unit = "" if one["unit"] == "1" else f" {one['unit']}"
        table.add_row(one["name"], "", f"{one['value']:.2f}{error}{unit}", "")
    names = {one["concept"]: one["name"] for one in shape["findings"]}
    said = [shape["reason"], *shape["notes"], *(one["note"] for one in shape["measurements"])]
    said += [f"{names[one['concept']]}: brightest {one['where']}." for one in shape["locations"] if one["where"]]
    said += [
        f"\u201c{one['phrase']}\u201d: {'' if one['score'] is None else format(one['score'], '.2f') + '. '}{one['note']}"
        for one in shape.get("exploratory", ())
    ]
    return Group(table, *(Text(line, style="yellow") for line in said if line), *_nearest(shape))


def _nearest(shape: Shape) -> Iterable[RenderableType]:
    """Reports on other films, under a heading that says so."""
    near = shape.get("nearest_reports")
    if near:
        yield Text(f"Reports on other films most alike. {near['note']}", style="bold")
        yield from (Text(f"{one['similarity']:.2f}  {one['report']}") for one in near["reports"])


def mentions(shape: Shape) -> RenderableType:
    """A row a mention."""
    columns = ("text", "name", "assertion", "side", "location", "severity", "quantity")
    rows = [one | {"quantity": _measured(one)} for one in shape["mentions"]]
    return _table(rows, columns)


def concepts(shape: Shape) -> RenderableType:
    """A row a concept."""
    return _table(shape["concepts"], ("id", "name", "category"))


def concept(shape: Shape) -> RenderableType:
    """Name, definition and synonyms, then the facts as a tree: what it says of others, and what others say of it."""
    head = Text.assemble((shape["name"], "bold"), f"  {shape['id']}, {shape['category']}, pack {shape['pack']}")
    about = [Text(line) for line in (shape["definition"], ", ".join(shape["synonyms"])) if line]
    tree = Tree(Text(shape["name"], style="bold"))
    branches: dict[tuple[bool, str], Tree] = {}
    citations: dict[str, int] = {}
    for fact in sorted(shape["facts"], key=lambda f: (f["subject"] != shape["name"], f["predicate"])):
        own = fact["subject"] == shape["name"]
        key = own, fact["predicate"]
        if key not in branches:
            said = _said(fact["predicate"], "this" if own else "…", "…" if own else "this")
            branches[key] = tree.add(Text(said, style="cyan"))
        cited = citations.setdefault(fact["source"], len(citations) + 1)
        branches[key].add(_leaf(fact, fact["object"] if own else fact["subject"], cited))
    sources = (Text(f"[{number}] {source}", style="dim") for source, number in citations.items())
    return Group(head, *about, tree, *sources)


def _leaf(fact: Shape, other: str, cited: int) -> Text:
    narrowed = ", ".join(fact.get("qualifiers", {}).values())
    said = "  ".join(filter(None, (other, _measured(fact), narrowed)))
    return Text.assemble(said, (f"  {fact['tier']} [{cited}]", "dim"))


def stats(shape: Shape) -> RenderableType:
    """Totals, then a row a pack."""
    tiers = ", ".join(f"{n:,} {tier}" for tier, n in sorted(shape["by_tier"].items()))
    head = f"{shape['engine']}: {shape['concepts']:,} concepts, {shape['facts']:,} facts ({tiers})"
    table = Table(title=Text(f"{head}, {shape['sources']:,} sources"), title_justify="left")
    for column in ("pack", "facts", "version", "licence"):
        table.add_column(column)
    for name, pack in sorted(shape["by_pack"].items()):
        table.add_row(name, f"{pack['facts']:,}", str(pack["version"] or "not loaded to its end"), str(pack["licence"]))
    return table


def indexed(shape: Shape) -> RenderableType:
    """How many reports are in the index, and a row for each that is not."""
    return Group(
        Text(f"{shape['reports']} reports indexed."),
        *([_table(shape["left_out"], ("row", "reason"))] if shape["left_out"] else ()),
    )


def ingested(shape: Shape) -> RenderableType:
    """A row a document."""
    return _table(shape["documents"], ("document", "found", "known", "queued"))


def reviewed(shape: Shape) -> RenderableType:
    """Each statement with its sentence and document, for a person to weigh."""
    if not shape["statements"]:
        return Text("Nothing waits for review.")
    return Group(*(_reviewed(one) for one in shape["statements"]))


def _reviewed(one: Shape) -> RenderableType:
    predicate = f"NOT {one['predicate']}" if one["denied"] else one["predicate"]
    number = _measured(one)
    stated = " ".join(filter(None, (one["subject"], predicate, one["object"], number)))
    narrowed = "; ".join(f"{key}: {value}" for key, value in one["qualifiers"].items())
    page = f", page {one['page']}" if one["page"] else ""
    lines = [
        Text.assemble((one["id"], "bold"), f"  {stated}", (f"  {narrowed}", "dim")),
        Text(f"    “{one['sentence']}”"),
        Text(f"    {one['document']}{page}", style="dim"),
    ]
    if one["note"]:
        lines.append(Text(f"    {one['note']}", style="yellow"))
    if one["by"]:
        lines.append(Text(f"    {one['decision'] or 'edited'} by {one['by']}, {one['at']}", style="dim"))
    return Group(*lines)


def pairs(shape: Shape) -> RenderableType:
    """Key and value, a row each."""
    table = Table(show_header=False, box=None)
    for key, value in shape.items():
        table.add_row(str(key), str(value))
    return table


def _table(rows: list[Shape], columns: tuple[str, ...]) -> Table:
    table = Table()
    for column in columns:
        table.add_column(column)
    for row in rows:
        table.add_row(*(str(row[column] or "") for column in columns))
    return table

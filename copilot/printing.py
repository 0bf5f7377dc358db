"""The command line's results for a person to read. Takes the JSON shapes, so that both forms say the same.

Knows nothing of the values behind the shapes.
"""

from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

Shape = dict[str, Any]

MARKS = {
    "supported": ("✓ supported", "green"),
    "contradicted": ("✗ contradicted", "red"),
    "not_in_graph": ("? not in the graph", "yellow"),
    "not_a_claim": ("· not a claim", "dim"),
}


def answer(shape: Shape) -> RenderableType:
    """Red flags first, then the sentences with their sources, the findings and the disclaimers."""
    flags = [Text(f"! {flag['message']}", style="bold red") for flag in shape["red_flags"]]
    notes = [Text(note, style="italic") for note in shape["notes"]]
    readings = [reading(one) for one in shape["findings"]]
    small_print = [Text(line, style="dim") for line in shape["disclaimers"]]
    return Group(*flags, checked({"sentences": shape["answer"]}), *notes, *readings, *small_print)


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
    return f"{fact['subject']} {fact['predicate']} {fact['object']} [{fact['tier']}: {fact['source']}]"


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
        table.add_row(one["name"], "", f"{one['value']:.2f} {one['unit']}", "")
    return table


def mentions(shape: Shape) -> RenderableType:
    """A row a mention."""
    columns = ("text", "name", "assertion", "side", "location", "severity")
    return _table(shape["mentions"], columns)


def concepts(shape: Shape) -> RenderableType:
    """A row a concept."""
    return _table(shape["concepts"], ("id", "name", "category"))


def concept(shape: Shape) -> RenderableType:
    """Name, definition, synonyms and facts."""
    head = Text.assemble((shape["name"], "bold"), f"  {shape['id']}, {shape['category']}")
    about = [Text(line) for line in (shape["definition"], ", ".join(shape["synonyms"])) if line]
    return Group(head, *about, *(Text(_fact(fact)) for fact in shape["facts"]))


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

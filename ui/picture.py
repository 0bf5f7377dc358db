"""A small graph picture of an answer's facts, as SVG in the page itself: no script, no font, nothing from elsewhere.

Concepts stand in columns, each to the right of those that say something of it. Knows nothing of how the facts were found.
"""

import hashlib
import textwrap
from collections import Counter
from collections.abc import Iterable, Sequence
from html import escape
from itertools import pairwise

import drawsvg

from ui.shown import ShownFact

MOST = 14  # facts; more would be a tangle, and all of them stand in the list anyway
COLUMNS = 4
DEFINED_AS = "DEFINED_AS"
_BOX, _LINE, _GAP, _BETWEEN = 150, 15, 14, 130  # pixels: width of a box, height of a line, between boxes and columns
_MARGIN = 8
_LEAST = 0.75  # of its size, below which its words could not be read; then it is scrolled instead
_PER_LINE = 22  # characters
_LINES = 3


def picture(facts: Iterable[ShownFact]) -> str:
    """The SVG, or an empty string when there is nothing to draw: facts that join no two concepts."""
    drawn = _drawable(facts)
    if not drawn:
        return ""
    columns = _columns(drawn)
    boxes = _boxes(columns)
    height = max(bottom for _, _, _, bottom in boxes.values()) + _MARGIN
    width = len(columns) * _BOX + (len(columns) - 1) * _BETWEEN + 2 * _MARGIN
    said = "; ".join(f"{f.subject_name} {_relation(f)} {f.object_name}" for f in drawn)
    key = hashlib.sha256(said.encode()).hexdigest()[:8]
    image = drawsvg.Drawing(
        width, height, id_prefix=f"cc-g{key}-", role="img", aria_label=escape(f"{len(drawn)} facts: {said}"),
        font_family="inherit", style=f"max-width:100%;min-width:{_LEAST * width:.0f}px;height:auto",
    )  # fmt: skip
    head = drawsvg.Marker(-0.1, -0.5, 0.9, 0.5, scale=7, orient="auto")
    head.append(drawsvg.Lines(-0.1, 0.5, -0.1, -0.5, 0.9, 0, fill="currentColor", close=True))
    leaving, arriving = Counter(f.subject_name for f in drawn), Counter(f.object_name for f in drawn)
    for fact in drawn:
        # The label stands where its line runs alone: near the subject when many lines arrive, else near the object.
        apart = arriving[fact.object_name] - leaving[fact.subject_name]
        _edge(image, fact, boxes, head, 0.5 if apart == 0 else 0.33 if apart > 0 else 0.67)
    for name, box in boxes.items():
        _box(image, name, box)
    return str(image.as_svg()).partition("?>")[2].strip()


def _drawable(facts: Iterable[ShownFact]) -> list[ShownFact]:
    """Each pair and relation once, without definitions and numbers' own measures of nothing."""
    found: dict[tuple[str, str, str, bool], ShownFact] = {}
    for fact in facts:
        if fact.predicate != DEFINED_AS and fact.object_name and fact.subject_name != fact.object_name:
            found.setdefault((fact.subject_name, fact.predicate, fact.object_name, fact.denied), fact)
    return list(found.values())[:MOST]


def _columns(facts: Sequence[ShownFact]) -> list[list[str]]:
    """Concepts by how many facts lead to them, one after the other; a circle ends in the last column."""
    depth = {name: 0 for fact in facts for name in (fact.subject_name, fact.object_name)}
    for _ in range(COLUMNS - 1):
        for fact in facts:
            beyond = min(depth[fact.subject_name] + 1, COLUMNS - 1)
            depth[fact.object_name] = max(depth[fact.object_name], beyond)
    says = {fact.subject_name for fact in facts}
    for name in says - {fact.object_name for fact in facts}:  # beside what it speaks of, not across the picture
        depth[name] = max(0, min(depth[f.object_name] for f in facts if f.subject_name == name) - 1)
    used = sorted(set(depth.values()))
    columns = [[name for name, at in depth.items() if at == level] for level in used]
    for left, right in pairwise(columns):
        right.sort(key=lambda name: _mean([left.index(f.subject_name) for f in facts if _joins(f, left, name)]))
    return columns


def _joins(fact: ShownFact, left: Sequence[str], name: str) -> bool:
    return fact.object_name == name and fact.subject_name in left


def _mean(places: Sequence[int]) -> float:
    """What nothing leads to comes last."""
    return sum(places) / len(places) if places else float("inf")


def _boxes(columns: Sequence[Sequence[str]]) -> dict[str, tuple[float, float, float, float]]:
    """(left, top, right, bottom) of each concept; shorter columns stand in the middle."""
    heights = [sum(_tall(name) + _GAP for name in column) - _GAP for column in columns]
    boxes: dict[str, tuple[float, float, float, float]] = {}
    for number, column in enumerate(columns):
        left = _MARGIN + number * (_BOX + _BETWEEN)
        top = _MARGIN + (max(heights) - heights[number]) / 2
        for name in column:
            boxes[name] = (left, top, left + _BOX, top + _tall(name))
            top += _tall(name) + _GAP
    return boxes


def _lines(name: str) -> list[str]:
    return textwrap.wrap(name, _PER_LINE, max_lines=_LINES, placeholder=" …") or [""]


def _tall(name: str) -> float:
    return len(_lines(name)) * _LINE + 12


def _box(image: drawsvg.Drawing, name: str, box: tuple[float, float, float, float]) -> None:
    left, top, right, bottom = box
    image.append(
        drawsvg.Rectangle(
            left, top, right - left, bottom - top, rx=6, fill="none", stroke="currentColor", stroke_opacity=0.55
        )
    )
    image.append(
        drawsvg.Text(
            _lines(name), 12, (left + right) / 2, (top + bottom) / 2, center=True, line_height=_LINE / 12,
            fill="currentColor",
        )
    )  # fmt: skip


def _edge(
    image: drawsvg.Drawing,
    fact: ShownFact,
    boxes: dict[str, tuple[float, float, float, float]],
    head: drawsvg.Marker,
    along: float,
) -> None:
    """From the subject's side to the object's; dashed for a denial. `along`: where on it the label stands, 0 to 1."""
    start, end = boxes[fact.subject_name], boxes[fact.object_name]
    forward = start[0] < end[0]
    same = start[0] == end[0]
    x1, x2 = (start[2], end[2]) if same else (start[2], end[0]) if forward else (start[0], end[2])
    y1, y2 = (start[1] + start[3]) / 2, (end[1] + end[3]) / 2
    bend = 40 if same else (x2 - x1) / 2
    dashes = {"stroke_dasharray": "5 4"} if fact.denied else {}
    path = drawsvg.Path(
        fill="none", stroke="currentColor", stroke_opacity=0.6, marker_end=head, **dashes
    )  # fmt: skip
    path.M(x1, y1).C(
        x1 + bend, y1, (x2 + bend) if same else (x2 - bend), y2, x2 + (7 if same or not forward else -7), y2
    )
    image.append(path)
    x = x1 + (x2 - x1) * along + (34 if same else 0)
    y = y1 + (y2 - y1) * (3 * along**2 - 2 * along**3) - 4
    image.append(drawsvg.Text(_relation(fact), 10, x, y, text_anchor="middle", fill="currentColor", fill_opacity=0.85))


def _relation(fact: ShownFact) -> str:
    words = fact.predicate.replace("_", " ").lower()
    return f"not: {words}" if fact.denied else words

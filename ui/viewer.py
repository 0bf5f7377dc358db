"""A film with what lies over it: lungs, heat maps, marked regions, an earlier film. As HTML; a script shows and hides.

Knows nothing of Gradio and of how anything was measured.
"""

from collections.abc import Sequence
from html import escape

from copilot.sessions import Film
from copilot.types import HeatMap, MarkedRegion, Outline
from ui import films

SIDE = 1000  # of the drawing over a film, in its own units


def figure(film: Film, alt: str, *, with_findings: bool, earlier: str = "") -> str:
    """The film, its layers and its tools. `earlier`: data address of the earlier film, laid over this one."""
    layers = _layers(film, earlier) if with_findings else ""
    tools = _layer_tools(film, earlier) if with_findings else ""
    rows, columns = film.image.pixels.shape
    return (
        '<figure class="cc-viewer">'
        f'<div class="cc-canvas" style="--ratio:{columns / rows:.4f}"><img src="{films.data_address(film)}" '
        f'alt="{escape(alt)}" draggable="false">{layers}</div>'
        f'<div class="cc-tools" role="group" aria-label="Picture">{tools}'
        '<button type="button" data-tool="invert" aria-pressed="false">Invert</button>'
        '<label>Contrast <input type="range" min="50" max="250" value="100" data-tool="contrast"></label>'
        '<label>Brightness <input type="range" min="40" max="220" value="100" data-tool="brightness"></label>'
        '<button type="button" data-tool="enlarge">Enlarge</button></div></figure>'
    )


def _layers(film: Film, earlier: str) -> str:
    over = f'<img class="cc-layer" data-layer="earlier" src="{earlier}" alt="" hidden>' if earlier else ""
    heats = "".join(_heat(one) for one in film.reading.heatmaps)
    lungs = _drawing(film.reading.outlines, "lungs", hidden=True)
    regions = _drawing([region.outline for region in film.regions], "regions", hidden=False)
    return f"{over}{heats}{lungs}{regions}{''.join(_number(one, i) for i, one in enumerate(film.regions, 1))}"


def _number(one: MarkedRegion, number: int) -> str:
    """The number of a region above its highest corner."""
    x, y = min(one.outline.points, key=lambda corner: corner[1])
    return f'<span class="cc-number" style="--x:{100 * x:.1f}%;--y:{100 * y:.1f}%" aria-hidden="true">{number}</span>'


def _layer_tools(film: Film, earlier: str) -> str:
    tools = []
    if film.reading.outlines:
        tools.append('<button type="button" data-show="lungs" aria-pressed="false">Lungs</button>')
    if film.reading.accepted:
        tools.append(
            '<button type="button" data-tool="mark" aria-pressed="false" '
            'title="Drag a box around a region, or click on it">Mark a region</button>'
        )
    if earlier:
        tools.append(
            '<label>Earlier film <input type="range" min="0" max="100" value="0" data-fade="earlier" '
            'aria-label="Fade the earlier film in over this one"></label>'
        )
    return "".join(tools)


def _heat(one: HeatMap) -> str:
    return (
        f'<img class="cc-layer" data-layer="heat-{escape(one.concept)}" src="{films.heat_address(one)}" alt="" hidden>'
    )


def _drawing(outlines: Sequence[Outline], layer: str, *, hidden: bool) -> str:
    if not outlines:
        return ""
    lines = "".join(f'<path d="{_path(one)}"><title>{escape(one.name)}</title></path>' for one in outlines)
    return (
        f'<svg class="cc-layer cc-l-{layer}" data-layer="{layer}" viewBox="0 0 {SIDE} {SIDE}" '
        f'preserveAspectRatio="none" aria-hidden="true"{" hidden" if hidden else ""}>{lines}</svg>'
    )


def _path(one: Outline) -> str:
    corners = " L".join(f"{x * SIDE:.0f} {y * SIDE:.0f}" for x, y in one.points)
    return f"M{corners} Z" if corners else ""


def where(heatmaps: Sequence[HeatMap], concept: str) -> str:
    """A button that lays the heat map of a finding over the film, and the place of its peak in words."""
    one = next((heat for heat in heatmaps if heat.concept == concept), None)
    if one is None:
        return ""
    place = f"Brightest {_place(one.where)}. " if one.where else ""
    return (
        f'<span class="cc-where">{escape(place)}<button type="button" data-show="heat-{escape(concept)}" '
        'aria-pressed="false">Show on the film</button></span>'
    )


def _place(where: str) -> str:
    return where if where.startswith(("between", "outside")) else f"in the {where}"


def regions(marked: Sequence[MarkedRegion]) -> str:
    """The areas of the marked regions."""
    items = "".join(f"<dt>Region {i}</dt><dd>{escape(area(one))}</dd>" for i, one in enumerate(marked, 1))
    return f'<dl class="cc-measured" data-testid="regions">{items}</dl>' if items else ""


def area(one: MarkedRegion) -> str:
    """`412 mm²`, `3.1% of the lungs`, as plain text."""
    if one.unit == "mm2":
        return f"{one.area:.0f} mm²"
    return f"{one.area:.2g}{one.unit}"

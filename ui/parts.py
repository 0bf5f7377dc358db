"""Pieces of the page that several workspaces share: the log, the box to type in, what an event carries.

Knows nothing of the pipeline.
"""

import math
from html import escape
from importlib.resources import files

import gradio as gr


def asset(name: str) -> str:
    """A text file of `ui/assets`: wording and looks, to be reviewed without reading code."""
    return files("ui").joinpath("assets", name).read_text(encoding="utf-8")


QUIET = {
    "show_progress": "hidden",
    "api_visibility": "private",
}  # the page shows its own progress and has no API
AT_ONCE = {**QUIET, "queue": False}
MANY = 16  # answers in progress at once; the language model keeps a queue of its own and reports the place in it


def html(value: str, template: str = "${value}", script: str | None = None, **more: object) -> gr.HTML:
    """One piece of the page, drawn as it is."""
    return gr.HTML(value, html_template=template, js_on_load=script, apply_default_css=False, **more)


def log(workspace: str, empty: str, label: str) -> gr.HTML:
    """The conversation; its event is `rate`."""
    template = f'<div class="cc-log" role="log" aria-label="{escape(label)}" tabindex="0">${{value}}</div>'
    return html(empty, template, f'cc.log(element, trigger, watch, "{workspace}"); "rate"')


def composer(workspace: str, label: str, send: str, *, check: str = "") -> gr.HTML:
    """The box to type in; its events are `submit` and `stop`. `check`: its words for a text to check."""
    field = f"cc-box-{workspace}"
    modes = _modes() if check else ""
    template = (
        f'<form class="cc-composer" aria-label="{escape(label)}">{modes}<div class="cc-row">'
        f'<label class="cc-sr" for="{field}">{escape(label)}</label>'
        f'<textarea id="{field}" rows="1" placeholder="{escape(label)}" '
        f'data-ask="{escape(label)}" data-check="{escape(check)}" data-testid="textbox"></textarea>'
        f'<button type="submit" class="cc-primary cc-send">{escape(send)}</button>'
        '<button type="button" class="cc-stop" data-stop>Stop</button></div>'
        '<p class="cc-waits" role="status"></p></form>'
    )
    return html("", template, f'cc.composer(element, trigger, "{workspace}")')


def _modes() -> str:
    return (
        '<fieldset class="cc-modes"><legend class="cc-sr">What to do with your text</legend>'
        '<label><input type="radio" name="cc-mode" value="ask" checked> Ask a question</label>'
        '<label><input type="radio" name="cc-mode" value="check"> Check a text</label></fieldset>'
    )


def welcome(title: str, lead: str, examples: tuple[tuple[str, str, str, str], ...]) -> str:
    """The empty state: what to do, and examples to click as (kind, mode, text, what it shows)."""
    buttons = "".join(
        f'<li><button type="button" class="cc-example" data-example="{kind}" data-mode="{mode}" '
        f'data-text="{escape(text)}"><span>{escape(text)}</span><small>{escape(shows)}</small></button></li>'
        for kind, mode, text, shows in examples
    )
    return (
        f'<section class="cc-welcome"><h2>{escape(title)}</h2><p>{escape(lead)}</p>'
        f'<ul class="cc-examples">{buttons}</ul></section>'
    )


def said(event: gr.EventData, name: str) -> str:
    """A text that the browser sent with an event; anything else counts as empty."""
    value = event._data.get(name, "") if isinstance(event._data, dict) else ""
    return value if isinstance(value, str) else ""


def listed(event: gr.EventData, name: str) -> list[str]:
    """A list of texts that the browser sent with an event."""
    value = event._data.get(name, []) if isinstance(event._data, dict) else []
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def number(event: gr.EventData, name: str) -> int:
    """A whole number that the browser sent with an event; anything else counts as -1."""
    value = event._data.get(name) if isinstance(event._data, dict) else None
    return value if isinstance(value, int) and not isinstance(value, bool) else -1


def numbers(event: gr.EventData, name: str) -> list[float]:
    """A list of numbers that the browser sent with an event; what is none is left out."""
    value = event._data.get(name) if isinstance(event._data, dict) else None
    listed = value if isinstance(value, list) else []
    return [float(one) for one in listed if isinstance(one, int | float) and math.isfinite(one)]

"""Reads the virtual patients that ship with the program. Their films are rendered by `training/phantom.py` and show nobody.

Knows nothing of how a read is marked.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from kg.types import Side

FOLDER = files("copilot") / "scenarios"


@dataclass(frozen=True, slots=True)
class Expected:
    """One thing to say about the film. `signs`: concepts whose mention counts as having seen it."""

    concept: str
    name: str
    state: Literal["present", "absent"]
    side: Side | None = None
    signs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """A virtual patient. `film` is a PNG file; `teaching` names its source in each line."""

    id: str
    title: str
    vignette: str
    film: bytes
    expected: tuple[Expected, ...]
    teaching: tuple[str, ...]


@cache
def cases() -> tuple[Case, ...]:
    """Every case, in teaching order (the order of the file names)."""
    found = sorted((f for f in (FOLDER / "patients").iterdir() if f.name.endswith(".toml")), key=lambda f: f.name)
    return tuple(_case(f.name.removesuffix(".toml"), tomllib.loads(f.read_text(encoding="utf-8"))) for f in found)


def example_film() -> bytes:
    """The film that the page offers to try: synthetic, nothing abnormal drawn, PNG."""
    return (FOLDER / "films" / "example.png").read_bytes()


def _case(name: str, told: dict[str, Any]) -> Case:
    return Case(
        id=name,
        title=told["title"],
        vignette=told["vignette"],
        film=(FOLDER / "films" / told["film"]).read_bytes(),
        expected=tuple(_expected(one) for one in told["expected"]),
        teaching=tuple(told["teaching"]),
    )


def _expected(one: dict[str, Any]) -> Expected:
    return Expected(one["concept"], one["name"], one["state"], one.get("side"), tuple(one.get("signs", ())))

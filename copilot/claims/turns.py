"""The turns of phrase of `turns.txt`: many ways to say a thing become one before the wordings are tried.

Knows nothing of concepts and of relations.
"""

import re
from dataclasses import dataclass
from importlib import resources

from copilot.claims.cues import GROUP

_NEGATED = r"(?P<n>(?:NOT |SHOULDNOT )?)"


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of phrase and what it says."""

    pattern: re.Pattern[str]
    instead: str

    def apply(self, line: str) -> str:
        """The line with the turn in plainer words."""
        return self.pattern.sub(self._say, line)

    def _say(self, found: re.Match[str]) -> str:
        """`{n}` keeps the negation that was there, `{N}` turns it round; `{v}`, `{w}` keep the words of those groups."""
        groups = found.groupdict()
        negation = groups.get("n") or ""
        said = re.sub(r"\b[ABXY]\b", lambda m: str(groups[m[0]]), self.instead)
        said = said.replace("{n}", negation).replace("{N}", "" if negation else "NOT ")
        for name in ("v", "w"):
            said = said.replace(f"{{{name}}}", groups.get(name) or "")
        return re.sub(r"\\1", lambda _: found[1] or "", said)


def _compile(line: str) -> Turn:
    left, right = line.split(" =>", maxsplit=1)
    pattern = re.sub(r"\b[AB]\b", lambda m: f"(?P<{m[0]}>{GROUP})", left)
    pattern = re.sub(r"\b[XY]\b", lambda m: f"(?P<{m[0]}><\\d+>)", pattern)
    pattern = pattern.replace("{n}", _NEGATED)
    opens = pattern.startswith(("^", "(?<", "(?P<A>", "(?P<B>", "(?P<X>"))
    ends = pattern.endswith(("$", ")", " "))
    return Turn(re.compile(("" if opens else r"(?<![\w>-])") + pattern + ("" if ends else r"(?![\w-])")), right[1:])


def _lines() -> list[str]:
    text = resources.files("copilot.claims").joinpath("turns.txt").read_text("utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


TURNS: tuple[Turn, ...] = tuple(_compile(line) for line in _lines())


def turned(line: str) -> str:
    """The line with every turn of phrase in plainer words."""
    for turn in TURNS:
        line = turn.apply(line)
    return re.sub(r"\s{2,}", " ", line).strip()

"""The README's tables are true: settings against the code, the tree against the disk, commands against the parser."""

import re
from pathlib import Path

from typer.main import get_command

from copilot.cli import app
from copilot.config import Settings

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_settings_table() -> None:
    """Each setting stands in the table with its description, and no other does."""
    rows = dict(re.findall(r"^\| `(COPILOT_\w+)` \| (.+) \|$", README, re.MULTILINE))
    expected = {f"COPILOT_{name.upper()}": field.description for name, field in Settings.model_fields.items()}
    assert rows == expected


def test_tree() -> None:
    """Each line of the tree names something that is there, and every package has its line."""
    block = README.split("## The tree")[1].split("```")[1]
    folders: list[str] = []
    named = set()
    for line in block.strip().splitlines():
        depth = (len(line) - len(line.lstrip())) // 2
        name = line.split()[0]
        folders[depth:] = [name.rstrip("/")]
        path = ROOT.joinpath(*folders)
        assert path.exists(), f"{path} is in the README's tree only"
        named.add("/".join(folders))
    modules = {
        f"{package}/{found.stem if found.is_dir() else found.name}"
        for package in ("copilot", "guardrails", "kg", "ui")
        for found in (ROOT / package).iterdir()
        if not found.name.startswith("__")
    }
    assert modules <= named


def test_commands_are_named() -> None:
    """Every command of the command line is in the README."""
    commands = get_command(app).commands  # type: ignore[attr-defined]
    assert [name for name in commands if not re.search(rf"\b{name}\b", README)] == []


def test_pictures_exist() -> None:
    """Each picture and each linked file is in the repository."""
    targets = re.findall(r"\]\(([^)#:]+)\)", README)
    assert targets
    assert [target for target in targets if not (ROOT / target).exists()] == []

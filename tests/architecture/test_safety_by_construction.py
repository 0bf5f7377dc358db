"""Rules of the whole tree that no single module can keep alone. Reads the source; runs none of it."""

import ast
import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("copilot", "kg", "ui", "guardrails")
# Words that ship with the product or come from the graph: only these modules may vouch for them.
MAY_VOUCH = {"guardrails", "copilot/prompts.py"}
SAFE_TYPES = {"SafeText", "SafeImage"}


def sources(*packages: str) -> Iterator[tuple[str, ast.Module]]:
    for package in packages:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def calls(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func)


def test_only_guardrails_makes_safe_values() -> None:
    """Nothing outside guardrails constructs SafeText or SafeImage, and nothing renames them to get round this test."""
    trees = list(sources("copilot", "kg", "ui"))
    made = [(name, call) for name, tree in trees for call in calls(tree) if call.split(".")[-1] in SAFE_TYPES]
    renamed = [
        (name, alias.name)
        for name, tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom | ast.Import)
        for alias in node.names
        if alias.name in SAFE_TYPES and alias.asname
    ]
    assert made + renamed == []


def test_only_prompts_vouch_for_reference_text() -> None:
    """`reference`, which calls a text safe without looking, is called for the product's own words only."""
    users = {
        name
        for name, tree in sources("copilot", "kg", "ui")
        if any(c.split(".")[-1] == "reference" for c in calls(tree))
    }
    assert users <= MAY_VOUCH


def test_nothing_prints_or_evaluates() -> None:
    """No `eval` or `exec`, and no `print` but by the two commands that speak to an operator."""
    found = {(n, c) for n, tree in sources(*PACKAGES) for c in calls(tree) if c in {"print", "eval", "exec"}}
    assert found <= {("kg/loading/lint.py", "print"), ("ui/app.py", "print")}


def test_every_module_says_what_it_does_not_know() -> None:
    """Each module opens with a docstring."""
    silent = [name for name, tree in sources(*PACKAGES, "training") if not ast.get_docstring(tree)]
    assert silent == []


@pytest.mark.parametrize("name", PACKAGES)
def test_the_four_names_are_ours(name: str) -> None:
    """No dependency hides one of our packages behind the same import name."""
    module = sys.modules.get(name) or importlib.import_module(name)
    assert Path(str(module.__file__)).is_relative_to(ROOT)


def test_the_app_imports_no_torch() -> None:
    """What `pip install .` brings must do, so nothing imports torch at module level."""
    top_level = [
        (name, alias.name)
        for name, tree in sources(*PACKAGES)
        for node in tree.body
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
        if (getattr(node, "module", None) or alias.name).split(".")[0] in {"torch", "open_clip", "torchvision", "timm"}
    ]
    assert top_level == []

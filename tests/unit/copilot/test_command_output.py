"""What the command line prints of anyone's words: exactly them, and nothing of what it did not expect."""

import pytest
from typer.testing import CliRunner

from copilot import printing
from copilot.cli import app, show

HOSTILE = "Seen [bold]today[/b] [/x] :smile: [link=file:///a]b[/link] \\[c] " + "no effusion " * 20


def test_text_is_printed_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    """Brackets are no markup, colons name no emoji, and a long line is not broken."""
    show({"text": HOSTILE}, lambda shape: shape["text"], as_json=False)
    assert capsys.readouterr().out == HOSTILE + "\n"


def test_tables_take_no_markup_from_what_they_show(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mention, a figure and a setting with brackets in them are shown with them."""
    monkeypatch.setenv("COLUMNS", "200")
    mention = dict.fromkeys(("text", "name", "assertion", "side", "location", "severity"), "[/x]")
    show({"mentions": [mention]}, printing.mentions, as_json=False)
    show({"[/b]": "[red]1[/red] :smile:"}, printing.pairs, as_json=False)
    show({"task": "[/t]", "part": "dev", "systems": {"[/s]": {"[/f]": "[/v]"}}}, printing.evaluation, as_json=False)
    out = capsys.readouterr().out
    assert out.count("[/x]") == 6
    for words in ("[/b]", "[red]1[/red] :smile:", "[/t]", "[/s]", "[/f]", "[/v]"):
        assert words in out


@pytest.mark.parametrize("command", [["deid"], ["findings"], ["check"], ["kg", "search"]])
def test_what_was_not_expected_is_not_repeated(command: list[str]) -> None:
    """A path with an unquoted space: half of a patient's name would stand in the log of a batch job."""
    done = CliRunner().invoke(app, [*command, "Chidi", "Okafor.dcm"])
    assert done.exit_code == 2
    assert "in quotes" in done.output.replace("\n", " ")
    assert "Okafor" not in done.output


def test_relations_are_printed_in_words(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A person reads "does not rule out", not NOT_RULES_OUT, in a concept's tree and below a sentence; JSON keeps the names."""
    monkeypatch.setenv("COLUMNS", "200")
    denial = {
        "subject": "chest radiograph",
        "predicate": "NOT_RULES_OUT",
        "object": "embolism",
        "source": "S",
        "tier": "curated",
    }
    size = {"subject": "mass", "predicate": "HAS_THRESHOLD", "object": "diameter", "source": "S", "tier": "curated"}
    size |= {"quantity": {"operator": ">", "value": 30, "unit": "mm"}}
    about = {
        "id": "x",
        "name": "chest radiograph",
        "category": "test",
        "pack": "core",
        "definition": "",
        "synonyms": [],
    }
    show(
        {**about, "facts": [denial, {**denial, "subject": "film", "object": "chest radiograph"}]},
        printing.concept,
        as_json=False,
    )
    checked = {"text": "A film.", "verdict": "contradicted", "reason": "", "facts": [denial, size]}
    show({"sentences": [checked]}, printing.checked, as_json=False)
    out = capsys.readouterr().out
    assert "NOT_" not in out
    assert "HAS_THRESHOLD" not in out
    assert "this does not rule out …" in out
    assert "… does not rule out this" in out
    assert "chest radiograph does not rule out embolism [curated: S]" in out
    assert "For mass, diameter is greater than 30 mm [curated: S]" in out

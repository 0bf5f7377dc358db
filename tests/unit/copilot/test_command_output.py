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

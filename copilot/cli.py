"""The command line: a public interface whose names, JSON shapes and exit statuses are kept stable.

Results go to stdout, everything else to stderr. Knows nothing of any backend.

Exit status: 0 done; 2 wrong usage; 3 the input could not be used; 4 a needed service could not be reached.
"""

import json
import logging
import re
import secrets
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress as RichProgress
from rich.progress import TaskID, track
from typer.core import TyperCommand

from copilot import printing, shapes
from copilot.bootstrap import Application
from copilot.errors import ConfigurationError, CopilotError, InputUnusable
from copilot.evaluation.notes import Part
from copilot.pipeline import mapped_errors
from copilot.tasks import TASKS, Run
from copilot.types import Answered, PersonaName
from guardrails.plain import plain_text

Function = TypeVar("Function", bound=Callable[..., Any])
UNUSABLE, UNREACHABLE = 3, 4
MOST_BYTES = 256 * 1024 * 1024  # of one input file; every part refuses less than that

# Typer's own tracebacks show source and values, and values here are what people typed.
QUIET: dict[str, Any] = {"no_args_is_help": True, "add_completion": False, "pretty_exceptions_enable": False}


class _Command(TyperCommand):
    """A command that does not repeat what it did not expect: a path with a space in it may be a patient's name."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, args)
        except Exception as error:
            if not str(error).startswith("Got unexpected extra argument"):
                raise
        raise typer.BadParameter("There are more arguments than expected; put a text or a path with spaces in quotes.")


class _Commands(typer.Typer):
    """Commands of that kind."""

    def command(self, name: str | None = None, **options: Any) -> Callable[[Function], Function]:
        """As in typer."""
        return super().command(name, cls=_Command, **options)


app = _Commands(**QUIET, help="Chest radiographs, checked answers, local only.")
kg_app = _Commands(**QUIET, help="The knowledge graph.")
review_app = _Commands(**{**QUIET, "no_args_is_help": False}, invoke_without_command=True)
models_app = _Commands(**QUIET, help="The models in use.")
audit_app = _Commands(**QUIET, help="The audit trail.")
reports_app = _Commands(**QUIET, help="The local index of reports.")
app.add_typer(kg_app, name="kg")
kg_app.add_typer(review_app, name="review")
app.add_typer(models_app, name="models")
app.add_typer(audit_app, name="audit")
app.add_typer(reports_app, name="reports")

# What is printed may be anyone's words: nothing in them is markup or an emoji's name.
errors = Console(stderr=True, markup=False, emoji=False)
log = logging.getLogger(__name__)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Lines = Annotated[Path | None, typer.Option("--jsonl", help="One JSON object a line, from a file or - for stdin.")]
Persona = Annotated[PersonaName, typer.Option(help="Who is asking.")]
Seed = Annotated[int, typer.Option(help="Seed of the language model.")]


@app.command()
def ask(
    text: Annotated[str | None, typer.Argument(metavar="[TEXT|-]", help="The question, or - for stdin.")] = None,
    image: Annotated[list[Path] | None, typer.Option(help="A film; may be given more than once.")] = None,
    prior: Annotated[Path | None, typer.Option(help="An earlier film.")] = None,
    persona: Persona = PersonaName.CLINICIAN,
    seed: Seed = 0,
    jsonl: Lines = None,
    as_json: AsJson = False,
) -> None:
    """Ask a question, with films or without, and get a checked answer."""
    with running() as application:
        if jsonl:
            _each_line(
                jsonl,
                lambda row: _ask(application, row["text"], _films(row), _persona(row, persona), seed, row.get("prior")),
                application.copilot,
            )
        else:
            answer = _ask(application, _typed(_given(text)), image or [], persona, seed, prior)
            show(answer, printing.answer, as_json)


def _ask(
    application: Application,
    text: str,
    images: list[Path],
    persona: PersonaName,
    seed: int,
    prior: Path | str | None = None,
) -> shapes.Json:
    copilot = application.copilot
    session = copilot.open_session(persona)
    if prior:
        copilot.add_film(session, _bytes(Path(prior)), prior=True)
    for path in images:
        copilot.add_film(session, _bytes(path))
    events = list(copilot.ask(session, text, seed=seed))
    final = events[-1]
    assert isinstance(final, Answered)  # noqa: S101  the pipeline's contract
    return shapes.answer(final.answer)


def _films(row: dict[str, Any]) -> list[Path]:
    """The film or films of a line."""
    named = row.get("image") or []
    return [Path(name) for name in ([named] if isinstance(named, str) else named)]


def _persona(row: dict[str, Any], default: PersonaName) -> PersonaName:
    try:
        return PersonaName(row.get("persona") or default)
    except ValueError:
        raise InputUnusable("persona must be clinician, student or kiosk.") from None


@app.command()
def deid(
    source: Annotated[str, typer.Argument(metavar="[FILE|-]", help="Text file, DICOM file, or - for stdin.")] = "-",
    out: Annotated[Path | None, typer.Option(help="Where to write the de-identified DICOM file.")] = None,
    jsonl: Lines = None,
    as_json: AsJson = False,
) -> None:
    """Remove identifiers from text, or from a DICOM file's header and pixels."""
    with running() as application:
        if jsonl:
            _each_line(
                jsonl,
                lambda row: shapes.deidentified(application.deidentify_text(row["text"])),
                application.deidentifier,
            )
        elif out:
            result = application.deidentify_dicom(_bytes(Path(source)))
            _save(out, result.data)
            show(shapes.deidentified_dicom(result), printing.pairs, as_json)
        else:
            result_text = application.deidentify_text(_text(source))
            show(shapes.deidentified(result_text), lambda shape: shape["text"], as_json)


@app.command()
def findings(
    film: Annotated[Path, typer.Argument(metavar="FILE")],
    phrase: Annotated[
        list[str] | None, typer.Option(help="Exploratory: how much does the film look like this?")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """What the encoder sees on a radiograph."""
    with running() as application:
        reading, explored, nearest = application.explore_film(_bytes(film), phrase or [])
        show(shapes.explored(reading, explored, nearest), printing.reading, as_json)
        if not reading.accepted:
            raise InputUnusable(reading.reason or "The image was not accepted as a chest radiograph.")


@app.command()
def check(
    text: Annotated[str, typer.Argument(metavar="[TEXT|-]")] = "-",
    jsonl: Lines = None,
    as_json: AsJson = False,
) -> None:
    """A verdict for each sentence; no language model."""
    with running() as application:
        if jsonl:
            _each_line(
                jsonl,
                lambda row: shapes.checked(application.check_text(row["text"])),
                application.deidentifier,
                application.checker,
            )
        else:
            show(shapes.checked(application.check_text(_typed(text))), printing.checked, as_json)


@app.command()
def impression(source: Annotated[str, typer.Argument(metavar="[FILE|-]")] = "-", as_json: AsJson = False) -> None:
    """Findings text in, impression out. Not there yet."""
    _not_there_yet("impression")


@app.command()
def evaluate(
    task: Annotated[str, typer.Argument(help=f"One of: {', '.join(TASKS)}.")],
    part: Annotated[Part, typer.Option(help="Which part of the authored data.")] = "held",
    count: Annotated[int | None, typer.Option(min=1, help="How many examples; the task knows a number.")] = None,
    films: Annotated[Path | None, typer.Option(help="A folder of radiographs, for tasks that look at films.")] = None,
    seed: Seed = 0,
    as_json: AsJson = False,
) -> None:
    """Measure one capability on authored data, beside a baseline."""
    if task not in TASKS:
        raise typer.BadParameter(f"There is no such task. The tasks are: {', '.join(TASKS)}.")
    with running() as application:
        figures = TASKS[task](application, Run(part, count, seed, films))
        show({"task": task, "part": part, "systems": figures}, printing.evaluation, as_json)


@kg_app.command("load")
def kg_load(
    packs: Annotated[list[str] | None, typer.Argument(metavar="[PACK [FILE]...]...")] = None, as_json: AsJson = False
) -> None:
    """Load packs of facts by name or folder, each with its files; `core` when none is named."""
    with running() as application, _bar() as progress:
        show(shapes.stats(application.load_packs(packs or ["core"], progress)), printing.stats, as_json)


@contextmanager
def _bar(doing: str = "Loading") -> Iterator[Callable[[str, int, int], None]]:
    """A progress bar on stderr, one a pack."""
    bars: dict[str, TaskID] = {}
    with RichProgress(console=errors) as shown:

        def progress(name: str, done: int, total: int) -> None:
            if name not in bars:
                bars[name] = shown.add_task(f"{doing} {escape(name)}", total=None)
            shown.update(bars[name], completed=done, total=total or None)

        yield progress


@kg_app.command("ingest")
def kg_ingest(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Text or PDF.")],
    source: Annotated[str, typer.Option(help="Citation of the document. Default: its file name.")] = "",
    as_json: AsJson = False,
) -> None:
    """Queue what documents state, for a person to review; nothing of it reaches an answer before."""
    with running() as application:
        named = track(files, console=errors, description="Reading")
        done = [application.ingest(_bytes(file), source or file.stem.replace("_", " ")) for file in named]
        show(shapes.ingested(done), printing.ingested, as_json)


@review_app.callback()
def kg_review(
    context: typer.Context,
    decided: Annotated[
        bool, typer.Option("--decided", help="Those with a decision, instead of those that wait.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Statements from documents: list them, accept, edit or reject each."""
    if context.invoked_subcommand is None:
        with running() as application:
            listed = [e for e in application.review.entries().values() if (e.decision is not None) == decided]
            show(shapes.reviewed(listed), printing.reviewed, as_json)


Ids = Annotated[list[str], typer.Argument(metavar="ID...")]
By = Annotated[str, typer.Option(help="Your name; it stands in the citation.")]


@review_app.command("accept")
def kg_review_accept(ids: Ids, by: By, as_json: AsJson = False) -> None:
    """Put statements into the graph as reviewed, under your name."""
    with running() as application:
        done = [application.decide(one, "accepted", by) for one in ids]
        show(shapes.reviewed(done), printing.reviewed, as_json)


@review_app.command("reject")
def kg_review_reject(ids: Ids, by: By, as_json: AsJson = False) -> None:
    """Keep statements out of the graph, or take them out again."""
    with running() as application:
        done = [application.decide(one, "rejected", by) for one in ids]
        show(shapes.reviewed(done), printing.reviewed, as_json)


@review_app.command("edit")
def kg_review_edit(
    id: str,  # noqa: A002  the word on the command line
    by: By,
    subject: Annotated[str | None, typer.Option(help="A concept's id.")] = None,
    predicate: Annotated[str | None, typer.Option(help="A relation, such as CAUSES.")] = None,
    object: Annotated[str | None, typer.Option(help="A concept's id.")] = None,  # noqa: A002
    denied: Annotated[bool | None, typer.Option("--denied/--stated", help="Whether the graph denies it.")] = None,
    as_json: AsJson = False,
) -> None:
    """Put a statement otherwise; it waits for a decision again."""
    given = {"subject": subject, "predicate": predicate, "object": object, "denied": denied}
    with running() as application:
        done = application.edit(id, by, **{key: value for key, value in given.items() if value is not None})
        show(shapes.reviewed([done]), printing.reviewed, as_json)


@kg_app.command("export")
def kg_export(file: Annotated[Path, typer.Argument(metavar="FILE")], as_json: AsJson = False) -> None:
    """Write the whole graph and the review queue to one text file; .gz compresses it."""
    with running() as application:
        show(asdict(application.export_graph(file)), printing.pairs, as_json)


@kg_app.command("import")
def kg_import(file: Annotated[Path, typer.Argument(metavar="FILE")], as_json: AsJson = False) -> None:
    """Bring an exported graph into this one, on whichever engine."""
    with running() as application, _bar() as progress:
        show(asdict(application.import_graph(file, progress)), printing.pairs, as_json)


@kg_app.command("stats")
def kg_stats(as_json: AsJson = False) -> None:
    """What the graph holds."""
    with running() as application:
        show(shapes.stats(application.graph.stats()), printing.stats, as_json)


@kg_app.command("search")
def kg_search(text: str, as_json: AsJson = False) -> None:
    """Concepts whose name or synonym contains the text."""
    with running() as application:
        show(shapes.concepts(application.graph.search(text, limit=20)), printing.concepts, as_json)


@kg_app.command("show")
def kg_show(concept: str, as_json: AsJson = False) -> None:
    """One concept with its facts and their sources."""
    with running() as application:
        found, facts = application.concept(concept)
        show(shapes.concept(found, facts), printing.concept, as_json)


@kg_app.command("link")
def kg_link(
    text: Annotated[str, typer.Argument(metavar="[TEXT|-]")] = "-",
    jsonl: Lines = None,
    as_json: AsJson = False,
) -> None:
    """The concepts that a text mentions."""
    with running() as application:
        if jsonl:
            _each_line(jsonl, lambda row: shapes.mentions(application.link_text(row["text"])), application.linker)
        else:
            show(shapes.mentions(application.link_text(_typed(text))), printing.mentions, as_json)


@reports_app.callback()
def reports() -> None:
    """The local index of reports."""


@reports_app.command("index")
def reports_index(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Holds reports.csv (image,report) and the films.")],
    as_json: AsJson = False,
) -> None:
    """Index films with their reports, de-identified, so that a film shows the reports on those most like it."""
    with running() as application, _bar("Reading films") as progress:
        done = application.index_reports(folder, lambda done, total: progress("reports.csv", done, total))
    show(shapes.indexed(done), printing.indexed, as_json)


@models_app.command("list")
def models_list(as_json: AsJson = False) -> None:
    """The models that would be used, with checksums."""
    with running() as application:
        show(application.models(), printing.pairs, as_json)


@models_app.command("verify")
def models_verify(as_json: AsJson = False) -> None:
    """Load each model and check its checksum where one is known."""
    with running() as application:
        show({**application.models(), "verified": True}, printing.pairs, as_json)


@models_app.command("pull")
def models_pull(name: str) -> None:
    """Fetch a model. Not there yet."""
    _not_there_yet("models pull")


@audit_app.command("verify")
def audit_verify(as_json: AsJson = False) -> None:
    """Follow the hash chain and name the first line that does not fit."""
    with running() as application:
        result = application.audit.verify()
        shape = {
            "intact": result.intact,
            "lines": result.lines,
            "broken_at": result.broken_at,
            "reason": result.reason,
        }
        show(shape, printing.pairs, as_json)
        if not result.intact:
            raise InputUnusable(f"The audit trail is broken at line {result.broken_at}: {result.reason}.")


@audit_app.command("export")
def audit_export(as_json: AsJson = False) -> None:
    """Every line of the audit trail, oldest first."""
    with running() as application:
        for entry in application.audit.entries():
            typer.echo(json.dumps(entry, ensure_ascii=False))


# --- shared by the commands ----------------------------------------------------------------------------------------


@contextmanager
def running() -> Iterator[Application]:
    """The application's parts; each slow step is named, each error is one sentence with the right exit status."""
    try:
        with mapped_errors(), Application(progress=_name_step) as application:
            yield application
    except CopilotError as error:
        _leave(error)


def _name_step(step: str) -> None:
    if errors.is_terminal:
        errors.print(f"{step} ...", style="dim")


def _leave(error: CopilotError) -> None:
    errors.print(f"copilot: {error}", style="red", highlight=False, soft_wrap=True)
    if isinstance(error, InputUnusable):
        raise typer.Exit(UNUSABLE)
    raise typer.Exit(2 if isinstance(error, ConfigurationError) else UNREACHABLE)


def show(shape: shapes.Json, for_people: Callable[[shapes.Json], Any], as_json: bool) -> None:
    """One result, as JSON or for a person; plain text as it is, neither wrapped nor styled."""
    result = json.dumps(shape, ensure_ascii=False, indent=2) if as_json else for_people(shape)
    if isinstance(result, str):
        typer.echo(result)
    else:
        Console(markup=False, emoji=False).print(result)


def _each_line(source: Path, work: Callable[[dict[str, Any]], shapes.Json], *needed: object) -> None:
    """Works through JSON lines in order. A line that cannot be used is answered with its error and the run goes on.

    `needed`: the parts of the application that `work` uses, loaded by naming them, so that no line's time holds a start.
    """
    failed = 0
    for row, problem in track(list(_rows(source)), console=errors, description="Working"):
        start = time.perf_counter()
        try:
            if problem:
                raise InputUnusable(problem)
            result = work(row)
        except InputUnusable as error:
            typer.echo(json.dumps({"id": row.get("id"), "error": str(error)}, ensure_ascii=False))
            failed += 1
        else:
            ms = round((time.perf_counter() - start) * 1000, 1)
            typer.echo(json.dumps({"id": row.get("id"), **result, "ms": ms}, ensure_ascii=False))
    if failed:
        raise InputUnusable(f"{failed} line(s) could not be used; each says why in its output.")


_HALF = re.compile("[\ud800-\udfff]")  # JSON can spell it, UTF-8 cannot hold it


def _rows(source: Path) -> Iterator[tuple[dict[str, Any], str]]:
    lines = _text(str(source)).split("\n")  # a JSON text may hold the other signs that end a line
    for number, line in enumerate((one for one in lines if one.strip()), 1):
        try:
            row = json.loads(line)
        except ValueError:
            row = None
        if not isinstance(row, dict):
            yield {"id": str(number)}, "The line is not a JSON object."
        elif _HALF.search(json.dumps(row, ensure_ascii=False)):
            yield {"id": str(number)}, "The line holds half a character (an unpaired surrogate); write it whole."
        else:
            yield row, "" if isinstance(row.get("text"), str) else "The line has no text."


def _given(text: str | None) -> str:
    if text is None:
        raise ConfigurationError("Give a question, or --jsonl FILE.")
    return text


def _typed(text: str) -> str:
    return _text(text) if text == "-" else text


def _text(source: str) -> str:
    """Text of a file or of stdin; a file that is not there is named by its role, never by its name."""
    with mapped_errors():
        return plain_text(sys.stdin.buffer.read() if source == "-" else _bytes(Path(source)))


def _bytes(path: Path) -> bytes:
    """The file, or as much of it as shows that it is too large: the part that gets it says so."""
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES)
    except OSError as error:
        # A file name may hold a patient's name, so it is not repeated.
        raise InputUnusable(f"The file cannot be read ({error.strerror}). Check the path.") from None


def _save(path: Path, data: bytes) -> None:
    """Whole or not at all."""
    part = path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        part.write_bytes(data)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise InputUnusable(f"The result cannot be written ({error.strerror}). Check --out.") from None


def _not_there_yet(what: str) -> None:
    errors.print(f"copilot: {what} is not there yet.", style="red")
    raise typer.Exit(UNREACHABLE)


def main() -> None:
    """Entry point of `copilot`. An error nobody foresaw is named by its type only: its message may quote the input."""
    try:
        app()
    except Exception as error:
        log.error("unforeseen %s", type(error).__name__)
        errors.print(f"copilot: unforeseen {type(error).__name__}; nothing was written. Please report it.", style="red")
        sys.exit(1)


if __name__ == "__main__":
    main()

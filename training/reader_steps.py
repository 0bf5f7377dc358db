"""The command line of both readers' training: what the graph says, learning, export."""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

Train = Callable[[Path, Path, Sequence[str], int], None]


def run(
    about: str | None,
    first: tuple[str, Callable[[Path], None]],
    train: Train,
    export: Callable[[Path, Path], None],
    epochs: int,
) -> None:
    """Does the one step that the command line names. `first`: the name of the step that needs the graph, and the step."""
    name, write = first
    options = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("step", choices=(name, "train", "export"))
    options.add_argument("work", type=Path)
    options.add_argument("--start", type=Path)
    options.add_argument("--leave-out", default="")
    options.add_argument("--epochs", type=int, default=epochs)
    chosen = options.parse_args()
    if chosen.step == name:
        write(chosen.work)
    elif chosen.step == "export":
        export(chosen.work, chosen.start)
    else:
        train(chosen.work, chosen.start, [author for author in chosen.leave_out.split(",") if author], chosen.epochs)

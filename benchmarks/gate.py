"""What the intake gate lets through: `PYTHONPATH=. python benchmarks/gate.py --films ../shared/data/cxr [--others FOLDER]`.

Chest films: the validation films and the 77 of another hospital, also turned, inverted and mirrored. Others: every PNG and
JPEG under FOLDER, none of which may be a frontal chest film; by sub-folder, one of which may hold lateral films; `python
benchmarks/other_pictures.py FOLDER` gathers some 400 of them. Pixels only: what a header says is not used.
"""

import argparse
import csv
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from copilot.types import Reading
from copilot.vision.onnx_encoder import OnnxEncoder
from guardrails.types import SafeImage

Picture = NDArray[np.float32]
SHOWN: dict[str, Callable[[Picture], Picture]] = {
    "as it is": lambda p: p,
    "inverted": lambda p: 1 - p,
    "turned left": lambda p: np.rot90(p, 1),
    "upside down": lambda p: np.rot90(p, 2),
    "turned right": lambda p: np.rot90(p, 3),
    "mirrored": lambda p: p[:, ::-1],
    "very dark": lambda p: p * 0.15,
}


def main() -> None:
    """Prints a row a kind of picture."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--films", type=Path, required=True)
    options.add_argument("--others", type=Path)
    options.add_argument("--every", type=int, default=1, help="take every n-th film")
    chosen, encoder = options.parse_args(), OnnxEncoder()
    for name, change in SHOWN.items():
        for origin, paths in (("validation", validation(chosen.films)), ("other hospital", lungs(chosen.films))):
            seen = Counter(outcome(encoder, change(read(p))) for p in list(paths)[:: chosen.every])
            print(f"{origin}, {name}: {dict(seen)}", flush=True)
    if chosen.others:
        others(encoder, chosen.others)


def others(encoder: OnnxEncoder, folder: Path) -> None:
    """What is no chest film, by sub-folder; each one let through is named."""
    refused: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for path in sorted(p for p in folder.rglob("*") if p.suffix.lower() in {".png", ".jpg", ".jpeg"}):
        total[path.parent.name] += 1
        accepted = outcome(encoder, read(path)) != "refused"
        refused[path.parent.name] += not accepted
        if accepted:
            print(f"let through: {path.parent.name}/{path.name}")
    for kind, count in total.items():
        print(f"{kind}: {refused[kind]} of {count} refused")
    print(f"all: {refused.total()} of {total.total()} refused")


def outcome(encoder: OnnxEncoder, pixels: Picture) -> str:
    """`refused`, `read`, `inverted` or `turned`."""
    said: Reading = encoder.read(SafeImage(pixels=np.ascontiguousarray(pixels, np.float32), source="benchmark"))
    if not said.accepted:
        return "refused"
    return "inverted" if said.inverted else "turned" if said.quarter_turns else "read"


def validation(folder: Path) -> Iterator[Path]:
    """The validation films."""
    with (folder / "labels.csv").open(encoding="utf-8") as rows:
        yield from (folder / row["file"] for row in csv.DictReader(rows) if row["split"] == "val")


def lungs(folder: Path) -> Iterable[Path]:
    """Films of another hospital."""
    return sorted((folder / "lungs").glob("*.jpg"))


def read(path: Path) -> Picture:
    """Grey levels 0..1."""
    return np.asarray(Image.open(path).convert("L"), np.float32) / 255


if __name__ == "__main__":
    main()

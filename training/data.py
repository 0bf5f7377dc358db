"""The films, labels, teacher logits and boxes of the data folder. Knows nothing of networks."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from PIL import Image

Picture = NDArray[np.float32]
LABELS = ("Effusion", "Edema", "Cardiomegaly", "Consolidation", "Atelectasis", "Pneumothorax", "Pneumonia",
          "Infiltration", "No Finding")  # fmt: skip
NOT_TAUGHT = "No Finding"  # of the teacher: minus its mean logit stands in
GROUPS = (64, 1024)  # side of the original file: the films of the two groups were chosen in different ways


@dataclass(frozen=True)
class Films:
    """One row a film. `truth` (n, labels) 0 or 1; `teacher` (n, labels) logits, NaN where there are none."""

    folder: Path
    table: pd.DataFrame
    truth: NDArray[np.float64]
    teacher: NDArray[np.float64]
    labels: tuple[str, ...] = LABELS

    def of(self, columns: list[int]) -> "Films":
        """The same with some of the labels."""
        labels = tuple(self.labels[column] for column in columns)
        return replace(self, truth=self.truth[:, columns], teacher=self.teacher[:, columns], labels=labels)

    @property
    def group(self) -> NDArray[np.int64]:
        """64 or 1024 a film."""
        return self.table["native"].to_numpy()

    @property
    def patient(self) -> NDArray[np.int64]:
        """Patient number a film; splits and intervals go by it."""
        return self.table["patient"].to_numpy()

    def rows(self, split: str) -> NDArray[np.int64]:
        """Row numbers of `train` or `val`."""
        return np.flatnonzero((self.table["split"] == split).to_numpy())

    def film(self, row: int) -> Picture:
        """Pixels 0..1 as stored."""
        return read(self.folder / self.table["file"].iloc[row])


def read(path: Path) -> Picture:
    """A grey picture, 0..1."""
    return np.asarray(Image.open(path).convert("L"), np.float32) / 255


def load(folder: Path, labels: Sequence[str] = LABELS) -> Films:
    """Reads `labels.csv` and `chexnet_predictions.csv`."""
    table = pd.read_csv(folder / "labels.csv")
    named = table["labels"].fillna("").str.split("|")
    truth = np.stack([named.map(lambda names, label=label: label in names) for label in labels], 1).astype(np.float64)
    return Films(folder, table, truth, _teacher_logits(folder, table, labels), tuple(labels))


def _teacher_logits(folder: Path, table: pd.DataFrame, labels: Sequence[str]) -> NDArray[np.float64]:
    teacher = pd.read_csv(folder / "chexnet_predictions.csv").set_index("Image Index")
    known = np.flatnonzero(table["image"].isin(teacher.index))
    rows = teacher.loc[table["image"].iloc[known]]
    logits = {name: np.log(rows[name] / (1 - rows[name])).to_numpy() for name in rows}
    logits[f"prob_{NOT_TAUGHT}"] = -np.mean(list(logits.values()), axis=0)
    result = np.full((len(table), len(labels)), np.nan)
    for column, label in enumerate(labels):
        result[known, column] = logits[f"prob_{label}"]
    return result

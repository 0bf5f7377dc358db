"""The pointing game: whether the brightest point of a heat map, or a guess, falls into a radiologist's box.

Knows nothing of networks: it is given maps.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from training.data import Films

Map = NDArray[np.float32]
GRID = 128
FEWEST = 10


@dataclass(frozen=True)
class Pointing:
    """Share of films on which the map, the middle of the film, and the mean of the other films' boxes hit a box."""

    films: int
    hits: float
    centre: float
    prior: float

    @property
    def believable(self) -> bool:
        """At least ten films, and one standard error above the better guess: else no map is shown."""
        guess = max(self.centre, self.prior)
        error = np.sqrt(max(self.hits * (1 - self.hits), 1e-9) / max(self.films, 1))
        return bool(self.films >= FEWEST and self.hits - error > guess)


def pointing_game(films: Films, label: str, map_of: Callable[[int], Map]) -> Pointing:
    """`map_of(row)` gives a heat map of any size for a film with a box for `label`."""
    boxes = pd.read_csv(films.folder / "boxes.csv")
    boxes["label"] = boxes["label"].replace({"Infiltrate": "Infiltration"})
    rows = {image: row for row, image in enumerate(films.table["image"])}
    drawn = {
        rows[image]: _drawn(some) for image, some in boxes[boxes["label"] == label].groupby("image") if image in rows
    }
    if not drawn:
        return Pointing(0, 0.0, 0.0, 0.0)
    hits = [bool(mask[_peak(map_of(row))]) for row, mask in drawn.items()]
    centre = [bool(mask[GRID // 2, GRID // 2]) for mask in drawn.values()]
    everything = np.sum(list(drawn.values()), axis=0)
    prior = [bool(mask[_peak(everything - mask)]) for mask in drawn.values()]
    return Pointing(len(drawn), float(np.mean(hits)), float(np.mean(centre)), float(np.mean(prior)))


def _drawn(boxes: pd.DataFrame) -> NDArray[np.float64]:
    mask = np.zeros((GRID, GRID))
    for x, y, w, h in (boxes[["x", "y", "w", "h"]].to_numpy() * GRID / 1024).astype(int):
        mask[y : y + h + 1, x : x + w + 1] = 1
    return mask


def _peak(heat: NDArray[np.generic]) -> tuple[int, int]:
    """The brightest cell's middle, in grid coordinates."""
    row, column = np.unravel_index(int(np.argmax(heat)), heat.shape)
    return int((row + 0.5) * GRID / heat.shape[0]), int((column + 0.5) * GRID / heat.shape[1])

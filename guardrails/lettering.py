"""Whether what was found on a film is lettering: a small classifier of how it reads, how it looks and where it stands.

Knows nothing of what may stay. `data/LETTERING.md` says what it learned from and how well it does.
"""

import re
from functools import cache
from importlib.resources import files

import cv2
import numpy as np
from numpy.typing import NDArray

from guardrails.reader import Grey, Reading, cut

_WHOLE_WORD = re.compile(r"[\u3040-\u30FF\u3400-\u9FFF\uAC00-\uD7AF]")  # Kana, Han, Hangul: one letter is a name
_MANY = 15  # letters; more tell no more
_ROWS, _COLUMNS = 32, 256  # that a box is looked at in, whatever its size
_LIKELY, _SURE = (
    0.3,
    0.9,
)  # probability: below the one a box is bone, a wire, an arrow or a lone side; enough for any box
_DEARER = 20  # how fast the one becomes the other, by the share of the film that a box takes

Features = NDArray[np.float64]


def letters_in(text: str) -> int:
    """How much of a name `text` can be, in letters of an alphabet: where a letter is a syllable or a word, it is two."""
    return sum(letter.isalnum() for letter in text) + len(_WHOLE_WORD.findall(text))


def _is_upright(reading: Reading) -> bool:
    """Read downwards or upwards."""
    across, down = np.abs(reading.quad[1] - reading.quad[0])
    return bool(down > across)


def is_lettering(reading: Reading, seen: Grey) -> bool:
    """True when letters, in whatever script, are likely to be in the box: the larger it is, the likelier they must be."""
    share = reading.height * reading.length / seen.size
    least = min(_SURE, _LIKELY + _DEARER * share)
    return probability(features(reading, cut(seen, reading.quad), seen.shape)) > least


def probability(of: Features) -> float:
    """Of lettering, 0..1: the sum of many small trees, each of which asks a few questions one after another."""
    asked, than, leaves, start = _trees()
    trees, at = np.arange(len(asked)), np.zeros(len(asked), np.int64)
    for _ in range(int(np.log2(leaves.shape[1]))):
        at = 2 * at + 1 + (of[asked[trees, at]] > than[trees, at])
    return float(1 / (1 + np.exp(-start - leaves[trees, at - asked.shape[1]].sum())))


def features(reading: Reading, crop: Grey, shape: tuple[int, ...]) -> Features:
    """What the classifier is told of a box on a picture of that shape: reading, shape, place, and how the box looks."""
    text, shorter = reading.text, min(shape)
    letters, signs = letters_in(text), sum(not sign.isspace() for sign in text)
    height, length = max(1.0, reading.height), max(1.0, reading.length)
    (left, top), (right, bottom) = reading.quad.min(axis=0), reading.quad.max(axis=0)
    to_the_edge = max(0.0, float(min(left, top, shape[1] - right, shape[0] - bottom)))
    told = (
        *(min(letters, _MANY), min(signs, _MANY), sum(sign.isdigit() for sign in text) / max(1, signs)),
        *(reading.score, reading.found, reading.sharp),
        *(np.log(height), np.log(height / shorter), np.log(length / height), _is_upright(reading)),
        *(min(3.0, length / (max(1, letters) * height)), to_the_edge / shorter),
        *_of_the_picture(crop, length / height),
    )
    return np.asarray(told, np.float64)


def _of_the_picture(crop: Grey, aspect: float) -> tuple[float, ...]:
    """Contrast; how much of it is ink and how much in between; how even both are; strokes, pieces, and what is cut."""
    low, high = np.percentile(crop, (2, 98))
    columns = int(np.clip(round(_ROWS * aspect), 4, _COLUMNS))
    how = cv2.INTER_AREA if len(crop) > _ROWS else cv2.INTER_LINEAR
    level = cv2.resize(crop, (columns, _ROWS), interpolation=how)
    _, light = cv2.threshold(level, 0, 1, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    ink = np.asarray(light if light.mean() <= 0.5 else 1 - light, np.uint8)
    dark, bright = np.percentile(level, (2, 98))
    contrast = max(1.0, float(bright - dark))
    shade = (level.astype(np.float32) - dark) / contrast
    within = cv2.distanceTransform(ink, cv2.DIST_L2, 3)
    rim = np.concatenate((ink[0], ink[-1], ink[:, 0], ink[:, -1]))
    return (
        float(high - low) / 255,
        float(((shade > 0.25) & (shade < 0.75)).mean()),
        float(np.abs(np.diff(shade, axis=1)).mean()),
        float(np.abs(np.diff(shade, axis=0)).mean()),
        float(ink.mean()),
        2 * float(np.percentile(within[ink > 0], 80)) / _ROWS if ink.any() else 0.0,
        float(shade[ink == 0].std()) if (ink == 0).any() else 0.0,
        float(shade[ink > 0].std()) if ink.any() else 0.0,
        (cv2.connectedComponents(ink)[0] - 1) / aspect,
        float(rim.mean()),
    )


@cache
def _trees() -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64], float]:
    """(trees, inner nodes): which feature is asked for and what it is compared with; (trees, leaves); the start."""
    with files("guardrails").joinpath("data/lettering.npz").open("rb") as file, np.load(file) as kept:
        return (
            kept["asked"].astype(np.int64),
            kept["than"].astype(np.float64),
            kept["leaves"].astype(np.float64),
            float(kept["start"]),
        )

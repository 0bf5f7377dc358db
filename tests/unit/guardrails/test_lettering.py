"""What the classifier takes for lettering: drawn words in any script, and not bone, rims and noise."""

from importlib.resources import files

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from guardrails.lettering import features, is_lettering, letters_in, probability
from guardrails.reader import Grey, Reading
from tests.unit.guardrails.test_pixels_burned_in import film
from tests.unit.guardrails.test_pixels_names import FONTS


def grey(side: int = 512) -> Image.Image:
    return Image.fromarray(np.asarray(film(side) * 255, np.uint8))


def found(box: tuple[float, float, float, float], text: str, score: float, sharp: float) -> Reading:
    """As the reader gives it: left, top, right, bottom."""
    left, top, right, bottom = box
    corners = ((left, top), (right, top), (right, bottom), (left, bottom))
    return Reading(np.asarray(corners, np.float32), text, score, tuple(0.5 for _ in text), found=0.7, sharp=sharp)


@pytest.mark.parametrize(
    ("words", "font", "text"),
    [
        ("김철수", "Noto Sans KR", ""),
        ("محمد عبد الله", "Noto Sans Arabic", "&|o"),
        ("राजेश कुमार", "Noto Serif Devanagari", "F6"),
        ("Okafor", "Noto Sans KR", "Okafor"),
    ],
)
@pytest.mark.parametrize("ink", [0, 255])
def test_drawn_words_are_lettering_whatever_they_read_as(words: str, font: str, text: str, ink: int) -> None:
    """Scripts that the recogniser was not trained on read as nothing or as rubbish."""
    package, name = FONTS[font]
    face, canvas = ImageFont.truetype(str(files(package).joinpath(name)), 22), grey()
    ImageDraw.Draw(canvas).text((60, 450), words, fill=ink, font=face)
    left, top, right, bottom = ImageDraw.Draw(canvas).textbbox((60, 450), words, font=face)
    reading = found((left - 4, top - 4, right + 4, bottom + 4), text, 0.3, 0.9)
    assert is_lettering(reading, np.asarray(canvas))


@pytest.mark.parametrize("text", ["", "1", "O", "↑"])
@pytest.mark.parametrize("box", [(130.0, 200.0, 180.0, 260.0), (60.0, 400.0, 160.0, 440.0)])
def test_soft_anatomy_is_none(box: tuple[float, float, float, float], text: str) -> None:
    """A lung's border, or a shoulder, that the detector was fairly sure of."""
    assert not is_lettering(found(box, text, 0.4, 0.1), np.asarray(grey()))


def test_a_letter_that_is_a_syllable_or_a_word_counts_twice() -> None:
    """So a name of one sign is as much of a name as one of two letters."""
    assert (letters_in("李"), letters_in("김"), letters_in("Li"), letters_in("-.")) == (2, 2, 2, 0)


def test_the_sum_of_the_trees_is_their_walk_one_by_one() -> None:
    """Right where the feature exceeds what it is compared with, left where not."""
    with np.load(str(files("guardrails").joinpath("data/lettering.npz"))) as kept:
        asked, than, leaves, start = (kept[name] for name in ("asked", "than", "leaves", "start"))
    seen: Grey = np.asarray(grey())
    of = features(found((50, 60, 150, 90), "Okafor", 0.9, 0.8), seen[60:90, 50:150], seen.shape)
    assert asked.max() < len(of)
    total = float(start)
    for tree in range(len(asked)):
        node = 0
        while node < asked.shape[1]:
            node = 2 * node + (2 if of[asked[tree, node]] > than[tree, node] else 1)
        total += float(leaves[tree, node - asked.shape[1]])
    assert probability(of) == pytest.approx(1 / (1 + np.exp(-total)))

"""The drawing and the scoring of burned-in text, with maskers whose result is known. Reads no text."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from copilot.errors import InputUnusable
from copilot.evaluation import burned_in
from copilot.evaluation.burned_in import evaluate, evaluate_clean, examples, glyphs, scored, usable_fonts
from guardrails.types import ImageRefused, Region

FONTS = ("hershey:0", "hershey:2")  # drawn by a library, so every machine has them


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Eight films of 400 pixels, each of one grey that tells it from the others."""
    for at in range(8):
        cv2.imwrite(str(tmp_path / f"film{at}.png"), np.full((400, 400), 40 + 10 * at, np.uint8))
    cv2.imwrite(str(tmp_path / "small.png"), np.zeros((64, 64), np.uint8))
    cv2.imwrite(str(tmp_path / "film0_mask.png"), np.zeros((400, 400), np.uint8))
    return tmp_path


def everything(film: np.ndarray) -> tuple[Region, ...]:
    return (Region(0, 0, film.shape[1], film.shape[0]),)


def nothing(_: np.ndarray) -> tuple[Region, ...]:
    return ()


def refuses(film: np.ndarray) -> tuple[Region, ...]:
    if film.any():
        raise ImageRefused("no")
    return ()


def test_all_covered_and_nothing_covered(folder: Path) -> None:
    """Recall and lost markers are 1 where all is covered, 0 where nothing is."""
    full = scored(everything, examples(folder, "dev", 6, 1, FONTS))
    none = scored(nothing, examples(folder, "dev", 6, 1, FONTS))
    assert full.texts == none.texts >= 6
    assert full.recall == 1
    assert full.by_script.keys() == none.by_script.keys() == {burned_in.LATIN, burned_in.SHORT}
    assert sum(int(share.split(" of ")[0]) for share in full.by_script.values()) == full.texts
    assert {share.split(" of ")[0] for share in none.by_script.values()} == {"0"}
    assert full.markers_lost == full.markers == none.markers > 0
    assert full.areas == [1.0] * 6
    assert min(full.wrong_areas) > 0.8
    assert none.recall == 0
    assert len(none.missed) == none.texts
    assert none.markers_lost == 0
    assert max(none.areas) == 0


def test_refused_films_are_counted_and_not_scored(folder: Path) -> None:
    """A refused film neither masks nor misses."""
    score = scored(refuses, examples(folder, "dev", 4, 1, FONTS))
    assert (score.films, score.refused, score.texts) == (4, 4, 0)


def test_ink_is_where_it_was_drawn(folder: Path) -> None:
    """Under the ink of a text the film differs from the plain film; the boxes of texts take a small share of it."""
    for example in examples(folder, "dev", 4, 3, FONTS, sides=(1024,)):
        assert example.film.shape == (1024, 1024)
        assert sum(text.ink.size for text in example.drawn) < 0.02 * example.film.size
        for text in example.drawn:
            (h, w), (x, y) = text.ink.shape, text.at
            around = example.film[max(0, y - 1) : y + h + 1, max(0, x - 1) : x + w + 1]
            assert np.ptp(around) >= burned_in.LEAST_CONTRAST // 2


def test_one_seed_gives_one_set_and_another_gives_another(folder: Path) -> None:
    """Words, places and films repeat with the seed."""

    def words(seed: int) -> list[str]:
        return [text.words for example in examples(folder, "held", 3, seed, FONTS) for text in example.drawn]

    assert words(5) == words(5) != words(6)


def test_parts_share_no_film_and_masks_and_small_pictures_are_none(folder: Path) -> None:
    """By the greys of the films, whole or negative."""

    def greys(part: str) -> set[int]:
        films = (example.film for example in examples(folder, part, 40, 2, FONTS, sides=(400,)))
        return {min(int(np.median(film)), 255 - int(np.median(film))) for film in films}

    dev, held = greys("dev"), greys("held")
    assert dev <= {*range(38, 73)}
    assert held <= {*range(78, 113)}


def test_clean_films_have_nothing_to_find(folder: Path) -> None:
    """All that is covered there is wrong."""
    score = evaluate_clean(everything, folder, "dev", 2, 0)
    assert (score.texts, score.markers) == (0, 0)
    assert score.wrong_areas == [1.0, 1.0]


def test_no_films_and_no_fonts_are_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One sentence that says what to do."""
    with pytest.raises(InputUnusable, match=r"no films .* folder"):
        list(examples(tmp_path, "dev", 1, 0, FONTS))
    monkeypatch.setitem(burned_in.FONTS, "dev", ("NoSuchFont.ttf", "hershey:0"))
    with pytest.raises(InputUnusable, match=r"install the DejaVu and Liberation fonts"):
        usable_fonts("dev")
    with pytest.raises(InputUnusable, match=r"fonts"):
        evaluate(nothing, tmp_path, "dev", 1, 0)


@pytest.mark.parametrize("font", FONTS)
def test_capitals_are_as_high_as_the_size_says(font: str) -> None:
    """About 0.72 of the font size, as in TrueType fonts."""
    assert glyphs("HE", font, 40).shape[0] == pytest.approx(0.72 * 40, abs=3)

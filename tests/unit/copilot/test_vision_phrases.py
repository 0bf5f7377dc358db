"""Words that someone types, compared with a film: what is scored, what is not, and that the files are whole."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from copilot.errors import ConfigurationError
from copilot.vision import bundle, phrases
from copilot.vision.phrases import Phrases
from guardrails.types import SafeText


@pytest.fixture(scope="module")
def known() -> Phrases:
    return Phrases(bundle.shipped(), bundle.load(bundle.shipped()).sha256)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(Path(str(bundle.shipped())), tmp_path / "bundle")
    return tmp_path / "bundle"


def place_of(known: Phrases, seed: int) -> phrases.Vector:
    """Where a made-up film of two views lies."""
    return known.place(np.random.default_rng(seed).normal(size=(4, 3392)).astype(np.float32))


@pytest.mark.parametrize(
    "said", ["left lower lobe collapse", "Pleural effusions.", "enlarged heart", "fluid around the lungs"]
)
def test_words_for_what_was_learned_are_a_share_of_reference_films(known: Phrases, said: str) -> None:
    """The score is the share of reference films below, the note gives the same count, and calls it no probability."""
    told = known.explored(SafeText(said), place_of(known, 0), coarse=False)
    assert told.score is not None
    assert 0 <= told.score <= 1
    assert f"{round(told.score * 134)} of 134 reference films" in told.note
    assert "not a probability" in told.note


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("rib fracture", "which this encoder never learned to see"),
        ("pacemaker", "which this encoder never learned to see"),
        ("a pineapple on a plate", phrases.NOT_KNOWN),
        ("no pleural effusion", phrases.DENIED),
        ("without cardiomegaly", phrases.DENIED),
    ],
)
def test_other_words_are_not_scored_and_one_sentence_says_why(known: Phrases, said: str, why: str) -> None:
    """Findings never learned, words of another world, and denials have no score."""
    told = known.explored(SafeText(said), place_of(known, 0), coarse=True)
    assert told.score is None
    assert why in told.note


def test_places_and_amounts_are_said_not_to_count(known: Phrases) -> None:
    """Only words with a side, a lobe or an amount carry the reminder that these are not told apart."""
    notes = [
        known.explored(SafeText(t), place_of(known, 0), coarse=False).note for t in ("left atelectasis", "atelectasis")
    ]
    assert [phrases.NO_PLACE in note for note in notes] == [True, False]


def test_words_rank_films_by_their_own_label(known: Phrases) -> None:
    """Moving a film along one label's axis raises the phrase of that label and hardly another's."""
    axes = json.loads(bundle.shipped().joinpath("phrases.json").read_bytes())["axes"]
    here = np.zeros(len(axes), np.float32)
    there = here.copy()
    there[axes.index("Effusion")] = 3

    def rise(said: str) -> float:
        scores = [known.explored(SafeText(said), at, coarse=False).score for at in (here, there)]
        assert None not in scores
        return scores[1] - scores[0]

    assert rise("pleural effusion") > 0.3
    assert rise("pleural effusion") > 2 * abs(rise("emphysema"))


def test_a_coarse_film_has_one_view(known: Phrases) -> None:
    """A film and its mirror image in either order lie in the same place, and one view is enough."""
    two = np.random.default_rng(1).normal(size=(2, 3392)).astype(np.float32)
    assert known.place(two).shape == place_of(known, 0).shape
    assert np.allclose(known.place(two), known.place(two[::-1]), atol=1e-4)


def test_damaged_and_foreign_words_are_noticed(copy: Path) -> None:
    """A flipped byte, a missing file and words made for another encoder are each one sentence that says what to do."""
    sha256 = bundle.load(copy).sha256
    with pytest.raises(ConfigurationError, match="install the application again"):
        Phrases(copy, "0" * 64)
    stored = bytearray((copy / "phrases.npz").read_bytes())
    stored[len(stored) // 2] ^= 1
    (copy / "phrases.npz").write_bytes(stored)
    with pytest.raises(ConfigurationError, match="damaged"):
        Phrases(copy, sha256)
    (copy / "phrases.npz").unlink()
    with pytest.raises(ConfigurationError, match="damaged"):
        Phrases(copy, sha256)


def test_the_whole_bundle_is_small() -> None:
    """Encoder, lungs and words together stay under 25 MB."""
    assert sum(file.stat().st_size for file in Path(str(bundle.shipped())).iterdir()) < 25_000_000

"""How lateral films are simulated and told apart, on a drawn body and made-up embeddings."""

import numpy as np
import pytest

pytestmark = pytest.mark.train


@pytest.fixture(scope="module")
def lateral():
    from training import lateral

    return lateral


def body():
    """A trunk wider than it is deep, with two lungs side by side and a table under it, in Hounsfield units at 5 mm."""
    units = np.full((60, 60, 80), -1000.0, np.float32)
    units[:, 15:45, 10:70] = 40
    for left in (18, 44):
        units[10:45, 20:40, left : left + 18] = -800
    units[:, 50:52] = 200
    return units


def test_a_body_is_cut_out_of_its_ct(lateral):
    """The table is gone, lungs are less dense than the rest, and what is seen from the side is narrower."""
    volume = lateral._body(body(), (5.0, 5.0, 5.0))
    assert volume.max() < 1.2
    assert volume.shape[1] < volume.shape[2]
    assert (volume[volume.shape[0] // 2] < lateral.AIR).mean() > 0.2


def test_films_are_pictures_of_the_network_s_size(lateral):
    """Every angle in every framing, as squares with values from 0 to 1."""
    volume = lateral._body(body(), (5.0, 5.0, 5.0))
    films = list(lateral.films(volume, 90, np.random.default_rng(0)))
    assert len(films) == len(lateral.ANGLES) * lateral.FRAMINGS
    assert {film.shape for film in films} == {(lateral.SIZE, lateral.SIZE)}
    assert min(film.min() for film in films) >= 0
    assert max(film.max() for film in films) <= 1 + 1e-6


def test_the_bar_turns_away_the_share_of_frontal_films_asked_for(lateral):
    """What differs is learned, patients left out are told, and about the share asked for of real films is called lateral."""
    random = np.random.default_rng(1)

    def films(count, apart):
        return (random.normal(size=(count, 6)) + np.eye(6)[0] * apart).astype(np.float32)

    own = [films(400, 0)] * 2
    told = lateral.told(
        films(2 * lateral.EACH, 6), films(2 * lateral.EACH, 0), own, np.arange(400) // 2, refused=0.01, seed=0
    )
    assert told.left_out > 0.95
    assert told.others < 0.1
    assert 0 <= told.holds(own[0]).mean() <= 0.03

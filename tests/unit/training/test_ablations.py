"""What is taken away from the shipped heads to see what it is worth."""

from pathlib import Path

import numpy as np
import pytest

pytestmark = pytest.mark.train


def test_each_part_is_taken_away_from_what_is_learned_or_read():
    """Without 64-pixel films no label of theirs is known; without mirror images a film is read alone; without CheXNet no head is
    taught by it.
    """
    import pandas as pd

    from training import ablations, data, heads

    table = pd.DataFrame({"native": [64, 1024], "patient": [1, 2], "split": ["train", "train"]})
    films = data.Films(Path(), table, np.ones((2, 9)), np.ones((2, 9)))
    blurred, sharp = (tuple(np.full((2, 3), n, np.float32) for n in range(k)) for k in (3, 4))
    view = heads.Embeddings(blurred, sharp)
    left = ablations.without(films, (view, view))
    assert np.isnan(left["the 64-pixel films in learning"][2].truth).all(axis=1).tolist() == [True, False]
    for name in ("the mirror image when a film is read", "the mirrored copy, in learning and in reading"):
        assert [view.seen[0].max() for view in left[name][0]] == [0, 0]
    assert [len(v.blurred) for v in left["the mirrored copy, in learning and in reading"][0]] == [2, 2]
    assert not any(part.taught for side in left["CheXNet's logits"][1] for part in side)

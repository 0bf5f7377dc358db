"""How the weights of relevance are fitted and judged."""

from pathlib import Path

import numpy as np
import pytest

from training.relevance import JUDGED, Judged, cut, fitted, gain, given, grades


def made_up(seed: int, facts: int = 12) -> Judged:
    """A question whose facts are worth what their second number says, whatever the others say."""
    noise = np.random.default_rng(seed)
    graded = noise.integers(0, 3, facts)
    evidence = noise.random((facts, 6))
    evidence[:, 1] = graded / 2 + 0.02 * noise.random(facts)
    return Judged(evidence, ["CAUSES", "SUGGESTS"] * (facts // 2), graded)


def test_the_weights_find_what_tells() -> None:
    """The number that tells the grade gets nearly all the weight, and relations that tell nothing get none at the mean."""
    relations = ["CAUSES", "SUGGESTS"]
    weights = fitted([made_up(seed) for seed in range(60)], relations)
    assert weights[1] > 5 * np.abs(np.delete(weights[:6], 1)).max()
    assert weights[6] + weights[7] == pytest.approx(0, abs=1e-9)
    unseen = made_up(99)
    order = np.argsort(-(given(unseen, relations) @ weights), kind="stable")
    assert gain(order, unseen.grades) > 0.95


def test_the_best_order_gains_one_and_the_worst_less() -> None:
    """The gain counts what stands first most."""
    graded = np.array([0, 2, 1, 0])
    assert gain(np.array([1, 2, 0, 3]), graded) == pytest.approx(1)
    assert gain(np.array([3, 0, 2, 1]), graded) < gain(np.array([2, 1, 0, 3]), graded) < 1


def test_a_cut_says_what_an_answer_holds() -> None:
    """Facts below the cut are left out; where none reaches it the best is told."""
    one = Judged(np.zeros((3, 6)), ["CAUSES"] * 3, np.array([2, 0, 2]))
    assert cut([one], [np.array([0.9, 0.5, 0.1])], 0.4).startswith(
        "cut at 0.40: 2.0 facts, 0.50 beside the point; 0.50"
    )
    assert cut([one], [np.array([0.3, 0.2, 0.1])], 0.4).startswith(
        "cut at 0.40: 1.0 facts, 0.00 beside the point; 0.50"
    )


def test_judged_facts_are_read(tmp_path: Path) -> None:
    """Each question has the grades of its facts; the files that ship hold five hundred questions."""
    file = tmp_path / "author.tsv"
    file.write_text("# who\n? First?\n2\tab\tA sentence.\n0\tcd ef\n? Second?\n1\tgh\tAnother.\n", "utf-8")
    assert list(grades(file)) == [("First?", {"ab": 2, "cd": 0, "ef": 0}), ("Second?", {"gh": 1})]
    assert sum(len(list(grades(one))) for one in JUDGED.glob("*.tsv")) > 500

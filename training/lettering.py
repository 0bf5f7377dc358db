"""Fits the classifier of guardrails.lettering to the boxes in lettering_boxes.npz and writes guardrails/data/lettering.npz.

    python -m training.lettering        prints how it does on films that it did not learn from, then fits all

Needs scikit-learn. guardrails/data/LETTERING.md says where the boxes come from.
"""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.model_selection import GroupKFold

BOXES = Path(__file__).with_name("lettering_boxes.npz")
OUT = Path(__file__).resolve().parents[1] / "guardrails" / "data" / "lettering.npz"
THRESHOLD = 0.3  # of guardrails.lettering
ANATOMY, DEVICES = 3.0, 1.0  # weights of boxes without text: of the films' own there are few
KINDS = {0: "drawn text", 1: "letters that a film came with", 2: "drawn and blurred text"}
OTHERS = {1: "bones, wires, arrows, lone sides", 3: "drawn wires, clips, grids, scales, rings, arrows"}


def model() -> GradientBoostingClassifier:
    """Two hundred small trees."""
    return GradientBoostingClassifier(
        n_estimators=200, max_depth=4, learning_rate=0.08, subsample=0.6, max_features=0.4, random_state=0
    )


def main() -> None:
    """Judges by film, then fits and writes."""
    with np.load(BOXES) as kept:
        told, is_text, kind, film = (kept[name] for name in ("told", "is_text", "kind", "film"))
    weights = np.where(is_text, 1.0, np.where(kind == 3, DEVICES, ANATOMY))
    judged = np.zeros(len(is_text))
    for learn, judge in GroupKFold(4).split(told, is_text, film):
        fitted = model().fit(told[learn], is_text[learn], sample_weight=weights[learn])
        judged[judge] = fitted.predict_proba(told[judge])[:, 1]
    for at, name in KINDS.items():
        of = is_text & (kind == at)
        print(f"{name}: {(judged[of] > THRESHOLD).mean():.3f} of {of.sum()} found")
    for at, name in OTHERS.items():
        of = ~is_text & (kind == at)
        print(f"{name}: {(judged[of] > THRESHOLD).sum()} of {of.sum()} taken for text")
    write(model().fit(told, is_text, sample_weight=weights), OUT)


def write(fitted: GradientBoostingClassifier, path: Path) -> None:
    """As full binary trees: where scikit-learn asks nothing more, both branches hold the same value."""
    inner = 2**fitted.max_depth - 1
    asked = np.zeros((len(fitted.estimators_), inner), np.int8)
    than = np.full(asked.shape, np.inf, np.float32)
    leaves = np.zeros((len(asked), inner + 1), np.float32)
    for tree, (estimator,) in enumerate(fitted.estimators_):
        nodes = estimator.tree_
        places: list[tuple[int, int]] = [(0, 0)]  # scikit-learn's node, and its place in the full tree
        while places:
            node, at = places.pop()
            if at >= inner:
                leaves[tree, at - inner] = nodes.value[node, 0, 0] * fitted.learning_rate
                continue
            branches = (nodes.children_left[node], nodes.children_right[node])
            if branches[0] >= 0:
                asked[tree, at], than[tree, at] = nodes.feature[node], nodes.threshold[node]
            places += [(branch if branch >= 0 else node, 2 * at + 1 + side) for side, branch in enumerate(branches)]
    prior = fitted.init_.class_prior_[1]
    arrays: dict[str, NDArray[Any]] = {"asked": asked, "than": than, "leaves": leaves}
    np.savez_compressed(path, start=np.float32(np.log(prior / (1 - prior))), **arrays)


if __name__ == "__main__":
    main()

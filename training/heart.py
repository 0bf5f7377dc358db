"""What the measured heart says of cardiomegaly beside the encoder. Knows nothing of how either was trained."""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from copilot.vision import heart
from copilot.vision.examiner import RATIO_EVEN, RATIO_WEIGHT
from copilot.vision.lungs import LungOutliner
from training.data import GROUPS, LABELS, Films

Array = NDArray[np.float64]
LABEL = LABELS.index("Cardiomegaly")


def ratios(films: Films) -> Array:
    """The cardiothoracic ratio of every film as the application measures it; NaN where it does not."""
    outliner = LungOutliner()

    def ratio(pixels: NDArray[np.float32]) -> float:
        lungs = outliner.find(pixels)
        found = heart.measured(pixels, lungs) if lungs else None
        return found.ratio if found else np.nan

    return np.array([ratio(films.film(row)) for row in range(len(films.table))])


def evidence(ratio: Array) -> Array:
    """(films, labels): what the application adds to the encoder's logits."""
    added = np.zeros((len(ratio), len(LABELS)))
    added[:, LABEL] = np.nan_to_num(RATIO_WEIGHT * (ratio - RATIO_EVEN))
    return added


def fitted(films: Films, logits: Array, ratio: Array) -> tuple[float, float]:
    """The weight, and the ratio at which the heart is no evidence, from training films and the encoder's logits for them by
    heads that did not see the patient.

    Logistic, beside the encoder's own logit; the smaller of the two groups' weights. No evidence: where the mean likelihood
    ratio of films without the label is 1.
    """
    train = films.rows("train")
    truth, known = films.truth[train, LABEL], ~np.isnan(ratio[train])

    def weight(rows: NDArray[np.int64]) -> float:
        def cost(line: Array) -> float:
            total = logits[rows, LABEL] + line[0] * ratio[train][rows] + line[1]
            return float(np.logaddexp(0, total).sum() - truth[rows] @ total)

        return float(minimize(cost, np.zeros(2)).x[0])

    smaller = min(weight(np.flatnonzero(known & (films.group[train] == side))) for side in GROUPS)
    without = ratio[train][known & (truth == 0)]
    return smaller, float(np.log(np.mean(np.exp(smaller * without))) / smaller)

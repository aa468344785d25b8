"""Playing the protocol ``fullsize``: large photos, coloured at their own size."""

import time
from collections.abc import Sequence

import numpy as np
from PIL import Image

from colorizer.color import Array, Bytes, rgb_to_lab
from colorizer.engine import Colorizer
from colorizer.hints import Hint, HintSet
from colorizer.prepared import prepare_lightness, shrink
from colorizer.raster import rasterise
from colorizer.samplers import seeded
from training.data.pictures import DataError, Picture
from training.evaluation.fixed_hints import Played
from training.evaluation.measure import PILLOW, measure
from training.evaluation.methods import Method
from training.evaluation.metrics import psnr
from training.evaluation.protocols import POINTS, PROTOCOLS, variant

GREY = "grey_"  # how photos without true colours are named
SHIPPED = Image.Resampling.BICUBIC
OTHERS = (Image.Resampling.BILINEAR, Image.Resampling.LANCZOS)
CEILINGS = (128, 256)
_RADIUS = 0.004  # of a point, relative to the longer side: one pixel as a network sees it


def with_colors(photos: Sequence[Picture]) -> list[Picture]:
    """The photos that have true colours: all but those whose file name begins with ``grey_``.

    Raises:
        DataError: none is left.
    """
    colored = [photo for photo in photos if not photo.name.split("/")[-1].startswith(GREY)]
    if not colored:
        raise DataError(
            f"All photos are named {GREY}..., so none has true colours to compare with."
        )
    return colored


def play(picture: Picture, methods: dict[str, Method]) -> dict[str, Played]:
    """Colour one photo at its own size, by every method and every way to enlarge ab.

    Returns:
        For each row its figures in each column. Beside the methods, with ab enlarged as the site
        does it, there are networks with other enlargements, the true ab at a network's size (no
        network can be better), and what Pillow takes to open, resize and write the same photo.

    Raises:
        DataError: the photo is damaged.
    """
    truth = np.asarray(picture.rgb())
    hint_sets = [draw_points(picture.name, truth, amount) for amount in POINTS]
    rows: dict[str, Played] = {}
    for name, method in methods.items():
        rows |= _play_method(name, method, truth, hint_sets)
    rows |= _play_ceilings(truth)
    return {name: [*played, {}] for name, played in rows.items()} | _play_files(
        picture, methods, rows
    )


def draw_points(name: str, truth: Bytes, amount: int) -> HintSet:
    """Point hints with the photo's own colours at random places.

    Args:
        name: of the photo.
        truth: (H, W, 3) sRGB.
        amount: of points.
    """
    rng = seeded("fullsize", name, amount)
    small = shrink(truth, PROTOCOLS["fullsize"].side)
    height, width = small.shape[:2]
    hints = []
    for x, y in rng.random((amount, 2)).tolist():
        red, green, blue = small[int(y * height), int(x * width)].tolist()
        hints.append(Hint(((x, y),), _RADIUS, f"#{red:02x}{green:02x}{blue:02x}"))
    return HintSet(tuple(hints))


def _play_method(
    name: str, method: Method, truth: Bytes, hint_sets: Sequence[HintSet]
) -> dict[str, Played]:
    photo = prepare_lightness(rgb_to_lab(shrink(truth, method.size))[..., 0] / 100)
    others = OTHERS if method.subject else ()
    names = [name, *(variant(name, _name(way)) for way in others)]
    rows: dict[str, Played] = {row: [] for row in names}
    for hint_set in hint_sets:
        planes = rasterise(hint_set, photo.height, photo.width)
        started = time.perf_counter()
        ab = method.color(photo, planes.ab, planes.mask)
        seconds = time.perf_counter() - started
        for row, way in zip(rows, (SHIPPED, *others), strict=True):
            figures = _enlarge(truth, ab, way)
            rows[row].append({**figures, "seconds": seconds + figures["seconds"]})
    return rows


def _play_ceilings(truth: Bytes) -> dict[str, Played]:
    planes = [Image.fromarray(plane) for plane in rgb_to_lab(truth)[..., 1:].transpose(2, 0, 1)]
    rows = {}
    for side in CEILINGS:
        scale = min(1.0, side / max(truth.shape[:2]))
        size = round(truth.shape[1] * scale), round(truth.shape[0] * scale)
        small = [plane.resize(size, Image.Resampling.LANCZOS) for plane in planes]
        ab = np.stack([np.asarray(plane) for plane in small])
        for way in (SHIPPED, *OTHERS):
            row = variant(f"true {side}", _name(way))
            rows[row] = [{"psnr": _enlarge(truth, ab, way)["psnr"]}] * len(POINTS)
    return rows


def _play_files(
    picture: Picture, methods: dict[str, Method], rows: dict[str, Played]
) -> dict[str, Played]:
    """Seconds and memory of Pillow's work on the file, and of each network's."""
    content = picture.content()
    pillow = measure(content, None)
    files: dict[str, Played] = {PILLOW: [{} for _ in POINTS] + [pillow]}
    for name, method in methods.items():
        if method.subject is not None:
            spent = measure(content, method.subject)
            ratios = {f"{key}_ratio": spent[key] / pillow[key] for key in pillow}
            files[name] = [*rows[name], {**spent, **ratios}]
    return files


def _enlarge(truth: Bytes, ab: Array, way: Image.Resampling) -> dict[str, float]:
    started = time.perf_counter()
    result = Colorizer.apply(truth, ab, resample=way)
    seconds = time.perf_counter() - started
    return {"psnr": psnr(result, truth), "seconds": seconds}


def _name(way: Image.Resampling) -> str:
    return way.name.lower()

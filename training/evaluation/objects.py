"""Playing the protocol ``objects``: a person gives one thing a colour, and means nothing else.

The colours are not the truth, and the things are regions that a person drew: of each hint it is
measured how far the pixels inside the region go to its colour, and how far those outside follow.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image
from scipy import ndimage

from colorizer.color import Array, Bytes, rgb_to_lab
from colorizer.prepared import Prepared, prepare_lightness
from colorizer.samplers import seeded
from training.data.pictures import Picture
from training.evaluation.fixed_hints import Played
from training.evaluation.methods import Method
from training.evaluation.protocols import DABS, WEIGHT
from training.evaluation.strokes import true_picture

Mask = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.intp]

CHROMA = 40.0  # of every colour that the person chooses, ab units
HUES = np.radians(45.0 * np.arange(8))
OFF = np.pi / 2  # a chosen hue is at least that far from the region's own
AREA = (0.03, 0.45)  # of a picture, of the regions that get a colour
MOSAIC_AREA = 0.01  # and at least, of those of a mosaic
THINS = 4.0  # pixels: a region is somewhere at least so deep
RADIUS = 0.015  # of a dab, in parts of the longer side
EDGE = 2.0  # pixels so near a region's edge do not count


@dataclass(frozen=True)
class Thing:
    """A region of a picture and the colour that a person chooses for it.

    Attributes:
        region: (H, W).
        ab: the colour.
    """

    region: Mask
    ab: tuple[float, float]

    @cached_property
    def depth(self) -> Array:
        """Distance to the region's edge; 0 outside: (H, W), in pixels."""
        return depth(self.region)

    @cached_property
    def inside(self) -> Mask:
        """The pixels of the region that count: (H, W)."""
        return np.asarray(self.depth > EDGE)

    @cached_property
    def outside(self) -> Mask:
        """The pixels beyond it that count: (H, W)."""
        distance: Any = ndimage.distance_transform_edt(~self.region)
        return np.asarray(distance > EDGE)

    def hints(self, count: int) -> tuple[Array, Array]:
        """Dabs of the colour in the region: ab (2, H, W) in CIELAB units and mask (1, H, W)."""
        rows, columns = np.indices(self.region.shape)
        radius = RADIUS * max(self.region.shape)
        painted = np.zeros_like(self.region)
        for row, column in self._places(count):
            painted |= np.hypot(rows - row, columns - column) <= radius
        mask = (painted & self.region)[None].astype(np.float32)
        return np.array(self.ab, np.float32)[:, None, None] * mask, mask

    def _places(self, count: int) -> list[Numbers]:
        """The deepest place, then each time the farthest from those among the half as deep."""
        candidates = np.argwhere(self.depth >= self.depth.max() / 2)
        chosen = [np.array(np.unravel_index(self.depth.argmax(), self.depth.shape))]
        while len(chosen) < count:
            distances = [np.hypot(*(candidates - place).T) for place in chosen]
            chosen.append(candidates[np.min(distances, axis=0).argmax()])
        return chosen


def play(picture: Picture, methods: dict[str, Method]) -> dict[str, Played]:
    """Colour the things of one picture one at a time, then all regions at once, by every method.

    Returns:
        For each row its figures in each column.

    Raises:
        DataError: the picture is damaged, or has no regions.
    """
    lab = rgb_to_lab(true_picture(picture.rgb()))
    labels = resize_labels(picture.labels(), *lab.shape[:2])
    things = choose_things(picture.name, labels, lab)
    mosaic = choose_mosaic(picture.name, labels)
    photo = prepare_lightness(lab[..., 0] / 100)
    return {name: _play(method, photo, things, mosaic) for name, method in methods.items()}


def choose_things(name: str, labels: Bytes, lab: Array) -> list[Thing]:
    """The largest, the middle and the smallest region that will do, each with a colour.

    The colour is one of eight hues at chroma 40, at least 90° off the region's own.

    Args:
        name: of the picture.
        labels: (H, W), the number of each pixel's region.
        lab: (H, W, 3), the true picture.
    """
    regions = _regions(labels)
    count = len(regions)
    chosen = regions if count <= 3 else [regions[n] for n in (0, count // 2, count - 1)]
    things = []
    for number in chosen:
        region = labels == number
        a, b = lab[region][:, 1:].mean(axis=0)
        off = abs((HUES - np.arctan2(b, a) + np.pi) % (2 * np.pi) - np.pi)
        hue = seeded("objects", name, number).choice(HUES[off >= OFF])
        things.append(Thing(region, _chosen(hue)))
    return things


def choose_mosaic(name: str, labels: Bytes) -> list[Thing]:
    """Every region of at least 1 % of the area, each with a random hue of its own."""
    numbers, sizes = np.unique(labels, return_counts=True)
    rng = seeded("objects", name, "mosaic")
    return [
        Thing(labels == number, _chosen(rng.uniform(0, 2 * np.pi)))
        for number in numbers[sizes >= MOSAIC_AREA * labels.size]
    ]


def resize_labels(labels: Bytes, height: int, width: int) -> Bytes:
    """A label map at another size: (height, width)."""
    image = Image.fromarray(labels)
    return np.asarray(image.resize((width, height), Image.Resampling.NEAREST))


def went(before: Array, after: Array, ab: tuple[float, float]) -> Array:
    """How much of the way to a colour each pixel went: (H, W), from 0 to 1.

    Args:
        before: (2, H, W), ab in CIELAB units without hints.
        after: likewise, with them.
        ab: the colour.
    """
    way = np.array(ab)[:, None, None] - before
    length = np.maximum((way * way).sum(axis=0), 1e-6)
    return np.asarray(np.clip(((after - before) * way).sum(axis=0) / length, 0, 1))


def compare(way: Array, thing: Thing) -> dict[str, float]:
    """How well the pixels that went are those of a thing.

    Args:
        way: (H, W), how far each pixel went.
        thing: that got a colour.
    """
    inside, outside = way[thing.inside], way[thing.outside]
    return {
        "soft_iou": float(inside.sum() / (inside.size + outside.sum())),
        "reach": float(inside.mean()),
        "leak": float(outside.mean()),
    }


def depth(region: Mask) -> Array:
    """Distance to the region's edge, which the picture's edge is too: (H, W), in pixels."""
    distance: Any = ndimage.distance_transform_edt(np.pad(region, 1))
    return np.asarray(distance[1:-1, 1:-1])


def _play(
    method: Method, photo: Prepared, things: Sequence[Thing], mosaic: Sequence[Thing]
) -> Played:
    before = method.color(photo, *_no_hints(photo))
    played = []
    for count in DABS:
        figures = [
            compare(went(before, method.color(photo, *thing.hints(count)), thing.ab), thing)
            for thing in things
        ]
        played.append(_mean(figures, ("soft_iou", "reach", "leak")))
    errors = [{"mosaic": _mosaic_error(method, photo, mosaic)}] if mosaic else []
    return [*played, _mean(errors, ("mosaic",))]


def _mean(figures: Played, keys: Sequence[str]) -> dict[str, float]:
    """The mean of some figures, which weighs as much as there are of them."""
    if not figures:
        return {**dict.fromkeys(keys, 0.0), WEIGHT: 0.0}
    means = {key: float(np.mean([each[key] for each in figures])) for key in keys}
    return {**means, WEIGHT: float(len(figures))}


def _mosaic_error(method: Method, photo: Prepared, mosaic: Sequence[Thing]) -> float:
    """Mean distance, in ab, to each region wholly in its colour, where one dab of it is."""
    ab, mask = _no_hints(photo)
    for thing in mosaic:
        thing_ab, thing_mask = thing.hints(1)
        ab += thing_ab
        mask += thing_mask
    result = method.color(photo, ab, mask)
    off = [np.hypot(*(result[:, thing.inside] - np.array(thing.ab)[:, None])) for thing in mosaic]
    return float(np.concatenate(off).mean())


def _no_hints(photo: Prepared) -> tuple[Array, Array]:
    shape = photo.height, photo.width
    return np.zeros((2, *shape), np.float32), np.zeros((1, *shape), np.float32)


def _regions(labels: Bytes) -> list[int]:
    """The numbers of the regions that get a colour, the largest first."""
    numbers, sizes = np.unique(labels, return_counts=True)
    least, largest = (share * labels.size for share in AREA)
    fitting = [
        (-size, number)
        for number, size in zip(numbers.tolist(), sizes.tolist(), strict=True)
        if least <= size <= largest and depth(labels == number).max() >= THINS
    ]
    return [number for _, number in sorted(fitting)]


def _chosen(hue: float) -> tuple[float, float]:
    return float(CHROMA * np.cos(hue)), float(CHROMA * np.sin(hue))

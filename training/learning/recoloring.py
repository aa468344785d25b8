"""Things recoloured at will: what teaches the field where a thing ends.

Hints drawn from the truth reward a field that tints the whole photo with every hint. People do
something else: they give one thing a colour of their choice. So in a share of the samples regions
get another hue, dabs inside them say so, and the loss asks for the new colour inside and for what
was there before outside.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import ndimage
from skimage.segmentation import felzenszwalb
from torch import Tensor

from colorizer.color import Array, Bytes

Labels = npt.NDArray[np.uint8]
Region = npt.NDArray[np.bool_]

DAB_RADIUS = 0.015  # in parts of the longer side
EDGE = 2  # pixels on either side of a region's edge that do not count
MAX_REGIONS = 14  # that have a colour of their own at once
PLACES = 16  # that get a dab each on its own
# Shares of the photo that a thing fills, and that a part of a mosaic fills at least.
_THING, _PART = (0.03, 0.45), 0.01
_DEPTH = 4  # pixels from its edge that a thing reaches somewhere
CHROMA = (25.0, 55.0)
_LEAST_TURN = np.pi / 2
# Felzenszwalb and Huttenlocher, "Efficient Graph-Based Image Segmentation" (IJCV 2004).
_SCALE, _SIGMA, _LEAST_SIZE = 300, 0.8, 50


class Task(NamedTuple):
    """Dabs of chosen colours, and where those belong.

    Attributes:
        dabs: the pixels of each, as numbers in rows of the photo.
        region: (n,), to which of the regions each belongs.
        colors: (n, 2), ab in CIELAB units.
        label: (P,), the region of each pixel; -1 outside all.
        counts: (P,), whether a pixel is far enough from every edge.
    """

    dabs: list[npt.NDArray[np.intp]]
    region: npt.NDArray[np.intp]
    colors: Array
    label: npt.NDArray[np.intp]
    counts: Region


def segments(rgb: Bytes) -> Labels:
    """Cut a photo along its true colours, where no person has drawn its regions.

    Args:
        rgb: (H, W, 3) sRGB.

    Returns:
        (H, W); what is beyond the 255th segment is one.
    """
    labels = felzenszwalb(rgb, scale=_SCALE, sigma=_SIGMA, min_size=_LEAST_SIZE)
    return np.asarray(np.minimum(labels, 255), np.uint8)


def choose_thing(labels: Labels, mean: Array, rng: np.random.Generator) -> Task | None:
    """One region in a colour of its own, by one dab or three; None where no region is fit.

    Args:
        labels: (H, W).
        mean: (2, H, W), the colours without hints, in CIELAB units.
        rng: decides which, where and in what colour.
    """
    found = [r for r in _regions(labels, *_THING) if _depth(r).max() >= _DEPTH]
    if not found:
        return None
    region = found[rng.integers(len(found))]
    dabs = place_dabs(region, 1 if rng.random() < 0.6 else 3, rng)
    color = other_hue(mean[:, region].mean(axis=1), rng)
    label = np.where(region.ravel(), 0, -1)
    return Task(
        dabs, np.zeros(len(dabs), np.intp), np.tile(color, (len(dabs), 1)), label, _inner([region])
    )


def choose_mosaic(labels: Labels, mean: Array, rng: np.random.Generator) -> Task | None:
    """Regions each in a colour of its own, by one dab each; None where there are not two."""
    found = list(_regions(labels, _PART, 1.0))
    if len(found) < 2:
        return None
    chosen = [found[k] for k in rng.permutation(len(found))[:MAX_REGIONS]]
    label = np.full(labels.size, -1, np.intp)
    for number, region in enumerate(chosen):
        label[region.ravel()] = number
    return Task(
        [place_dabs(region, 1, rng)[0] for region in chosen],
        np.arange(len(chosen)),
        np.stack([other_hue(rng.standard_normal(2), rng) for _ in chosen]),
        label,
        _inner(chosen),
    )


def choose_places(labels: Labels, rng: np.random.Generator) -> npt.NDArray[np.intp] | None:
    """Pixels in several regions, off their edges, for a dab each on its own; None without a region.

    A thing that is recoloured teaches of one place; these teach of many at once.
    """
    regions = _regions(labels, *_THING)
    inner = [np.flatnonzero(ndimage.binary_erosion(region)) for region in regions]
    inner = [pixels for pixels in inner if len(pixels)]
    if not inner:
        return None
    drawn = rng.integers(len(inner), size=PLACES)
    return np.array([rng.choice(inner[number]) for number in drawn])


def place_dabs(region: Region, count: int, rng: np.random.Generator) -> list[Any]:
    """Dabs in a region: one deep inside, each further one farthest from those before."""
    depth = _depth(region)
    deep = np.argwhere(depth >= depth.max() / 2)
    if rng.random() < 0.5:
        centres = [deep[rng.integers(len(deep))]]
    else:
        centres = [np.array(np.unravel_index(depth.argmax(), depth.shape))]
    for _ in range(count - 1):
        nearest = np.min([((deep - c) ** 2).sum(axis=1) for c in centres], axis=0)
        centres.append(deep[nearest.argmax()])
    return [_disc(region, *centre) for centre in centres]


def other_hue(own: Array, rng: np.random.Generator) -> Array:
    """A colour at least a quarter turn off another: (2,) ab."""
    turn = np.arctan2(own[1], own[0]) + rng.uniform(_LEAST_TURN, 2 * np.pi - _LEAST_TURN)
    return np.array(rng.uniform(*CHROMA) * np.array([np.cos(turn), np.sin(turn)]), np.float32)


def thing_loss(went: Tensor, inside: Tensor) -> Tensor:
    """How badly things, each on its own, took their new colours: a scalar.

    Args:
        went: (P,) or (P, n), how much of the way to the new colour each pixel went.
        inside: likewise, whether it belongs to the thing.
    """
    went, own = went.clamp(0.02, 0.98), inside.to(went)
    size, others = own.sum(dim=0), (1 - own).sum(dim=0)
    soft_iou = (went * own).sum(dim=0) / (size + (went * (1 - own)).sum(dim=0))
    hits = (went.log() * own).sum(dim=0) / size.clamp(min=1)
    misses = ((1 - went).log() * (1 - own)).sum(dim=0) / others.clamp(min=1)
    return (1 - soft_iou - 0.3 * (hits + misses)).mean()


def mosaic_loss(predicted: Tensor, goal: Tensor) -> Tensor:
    """Mean distance in ab of pixels from their regions' colours, (P, 2) each: a scalar."""
    return ((predicted - goal).square().sum(dim=1) + 1).sqrt().mean() / 25


def _regions(labels: Labels, least: float, most: float) -> Sequence[Region]:
    numbers, sizes = np.unique(labels, return_counts=True)
    shares = sizes / labels.size
    return [labels == n for n in numbers[(shares >= least) & (shares <= most)]]


def _depth(region: Region) -> Array:
    """Distance of each pixel from the region's edge; the photo's own edge is one."""
    return np.asarray(ndimage.distance_transform_edt(np.pad(region, 1))[1:-1, 1:-1], np.float32)


def _inner(regions: Sequence[Region]) -> Region:
    near = np.zeros(regions[0].shape, bool)
    for region in regions:
        grown = ndimage.binary_dilation(region, iterations=EDGE)
        near |= grown & ~ndimage.binary_erosion(region, iterations=EDGE, border_value=1)
    return ~near.ravel()


def _disc(region: Region, row: int, column: int) -> npt.NDArray[np.intp]:
    rows, columns = np.ogrid[: region.shape[0], : region.shape[1]]
    radius = DAB_RADIUS * max(region.shape)
    disc = ((rows - row) ** 2 + (columns - column) ** 2 <= radius**2) & region
    return np.flatnonzero(disc)

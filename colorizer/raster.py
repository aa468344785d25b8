"""Hints as the network sees them: drawn at its size."""

from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import shapely

from colorizer.color import Array
from colorizer.hints import Controls, HintSet, Region
from colorizer.prior import gather

Labels = npt.NDArray[np.int16]
Cells = npt.NDArray[np.int64]

_TIE = 1e-9
"""Of a pixel: a centre that lies at the radius, but for rounding, belongs to the hint."""
_BLOCK = 64
"""Points of a stroke that are drawn together, so that what is computed stays in the cache."""
_BLOCKS = 4
"""After so many it is seen whether anything is left that more of the stroke could cover."""


@dataclass(frozen=True, slots=True)
class HintPlanes:
    """Hints at the network's size.

    Attributes:
        ab: (2, h, w) in CIELAB units, 0 where there is no hint.
        mask: (1, h, w), 1 at hints, 0 elsewhere.
        labels: (h, w), 0 outside all regions, k + 1 inside region k; None without regions.
        controls: how the whole photo is coloured.
    """

    ab: Array
    mask: Array
    labels: Labels | None = None
    controls: Controls = field(default_factory=Controls)

    def within(self, label: int) -> "HintPlanes":
        """The hints that act where ``labels`` is ``label``, and no others."""
        if self.labels is None:
            return self
        mask = self.mask * (self.labels == label)
        return replace(self, ab=self.ab * mask, mask=mask)

    def halved(self) -> "HintPlanes":
        """The hints alone at half the size."""
        colors, weight = gather(self.ab[None], self.mask[None])
        return HintPlanes(colors[0], (weight[0] > 0).astype(np.float32))


def rasterise(hint_set: HintSet, height: int, width: int) -> HintPlanes:
    """Draw a hint set at the network's size.

    A pixel belongs to a hint if its centre lies within the radius of the point or the stroke;
    the pixels under the points themselves always do, so that the smallest hint counts. Of those,
    a hint keeps the pixels of its region, or those outside all regions if it names none.

    Args:
        hint_set: the hints; later ones win where they overlap.
        height: of the planes, in pixels.
        width: of the planes, in pixels.
    """
    ab = np.zeros((2, height, width), np.float32)
    free = np.ones((height, width), bool)
    labels = _label(hint_set.regions, height, width) if hint_set.regions else None
    scale = np.array([width, height], np.float64)
    for hint in reversed(hint_set.hints):
        points = np.array(hint.points, np.float64) * scale
        covered = _cover(points, hint.radius * max(height, width), free)
        columns = np.clip(points[:, 0].astype(int), 0, width - 1)
        rows = np.clip(points[:, 1].astype(int), 0, height - 1)
        covered[rows, columns] = True
        covered &= free
        if labels is not None:
            covered &= labels == (0 if hint.region is None else hint.region + 1)
        ab[:, covered] = np.array(hint.ab, np.float32)[:, None]
        free &= ~covered
        if not free.any():
            break
    return HintPlanes(ab, (~free)[None].astype(np.float32), labels, hint_set.controls)


def _label(regions: tuple[Region, ...], height: int, width: int) -> Labels:
    """Number the pixels by the region that their centre lies in; later regions lie on top."""
    labels = np.zeros((height, width), np.int16)
    x, y = (np.arange(width) + 0.5) / width, (np.arange(height) + 0.5) / height
    for number, region in enumerate(regions, 1):
        polygon = shapely.Polygon(region.points)
        shapely.prepare(polygon)
        left, top, right, bottom = polygon.bounds
        rows, columns = (
            slice(*np.searchsorted(centres, ends))
            for centres, ends in ((y, (top, bottom)), (x, (left, right)))
        )
        inside = shapely.contains_xy(polygon, x[columns], y[rows, None])
        labels[rows, columns][inside] = number
    return labels


def _cover(points: Array, radius: float, free: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Mark the pixels whose centre is within ``radius`` of a stroke; all in pixels.

    A disc, and the band between two, covers one run of pixels in a row: the work is points times
    rows, however wide the stroke. It ends where all that is ``free`` is covered.
    """
    height, width = free.shape
    points = _thinned(points)
    top = max(int(points[:, 1].min() - radius), 0)
    y = np.arange(top, min(int(points[:, 1].max() + radius) + 1, height)) + 0.5
    covered = np.zeros((height, width), bool)
    size = len(y) * (width + 1)
    steps = np.zeros(size, np.int64)
    for part in range(0, len(points), _BLOCKS * _BLOCK):
        runs = []
        for first in range(part, min(part + _BLOCKS * _BLOCK, len(points)), _BLOCK):
            block = points[first : first + _BLOCK + 1]
            runs.append(_columns(*_discs(block, radius, y), width))
            if len(block) > 1:
                runs.append(_columns(*_bands(block, radius, y), width))
        begin, end = (np.concatenate(cells) for cells in zip(*runs, strict=True))
        steps += np.bincount(begin, minlength=size) - np.bincount(end, minlength=size)
        covered[top : top + len(y)] = steps.reshape(len(y), -1).cumsum(1)[:, :width] > 0
        if covered[free].all():
            break
    return covered


def _thinned(points: Array) -> Array:
    """The points (n, 2) of a stroke without those closer than half a pixel to the one before."""
    if (abs(np.diff(points, axis=0)).max(axis=1) >= 0.5).all():
        return points
    kept = points[:1].tolist()
    for x, y in points[1:-1].tolist():
        if max(abs(x - kept[-1][0]), abs(y - kept[-1][1])) >= 0.5:
            kept.append([x, y])
    return np.array(kept + points[1:][-1:].tolist())


def _discs(points: Array, radius: float, y: Array) -> tuple[Array, Array]:
    """From where to where (n, rows) the discs around points reach; NaN in rows they do not meet."""
    with np.errstate(invalid="ignore"):
        reach = np.sqrt(radius**2 - (y - points[:, 1:]) ** 2)
    return points[:, :1] - reach, points[:, :1] + reach


def _bands(points: Array, radius: float, y: Array) -> tuple[Array, Array]:
    """From where to where (n - 1, rows) the bands between consecutive points reach.

    Along it a band goes from 0 to its length, across it from -radius to radius.
    """
    start = points[:-1]
    dx, dy = np.diff(points, axis=0).T[..., None]
    dx[abs(dx) < _TIE] = dy[abs(dy) < _TIE] = 0
    below = y - start[:, 1:]
    with np.errstate(divide="ignore", invalid="ignore"):
        one_end = start[:, :1] - below * (dy / dx)
        other_end = one_end + (dx**2 + dy**2) / dx
        middle = start[:, :1] + below * (dx / dy)
        half = radius * np.hypot(dx, dy) / abs(dy)
        left = np.maximum(np.minimum(one_end, other_end), middle - half)
        right = np.minimum(np.maximum(one_end, other_end), middle + half)
    upright, flat = dx[:, 0] == 0, dy[:, 0] == 0
    if upright.any():  # its ends cross no row but lie between two
        between = (below * dy >= 0) & (below * dy <= dy**2) & (dy != 0)
        left[upright] = np.where(between, start[:, :1] - radius, np.nan)[upright]
        right[upright] = np.where(between, start[:, :1] + radius, np.nan)[upright]
    if (flat & ~upright).any():
        within, ends = abs(below) <= radius, start[:, :1] + dx
        chosen = flat & ~upright
        left[chosen] = np.where(within, np.minimum(start[:, :1], ends), np.nan)[chosen]
        right[chosen] = np.where(within, np.maximum(start[:, :1], ends), np.nan)[chosen]
    return left, right


def _columns(left: Array, right: Array, width: int) -> tuple[Cells, Cells]:
    """The pixel centres at which runs begin, and those after their last, in rows of width + 1."""
    with np.errstate(invalid="ignore"):
        first = np.clip(np.ceil(left - (0.5 + _TIE)), 0, width)
        after = np.clip(np.floor(right + (0.5 + _TIE)), 0, width)
        met = first < after
    row = np.broadcast_to(np.arange(left.shape[1]) * (width + 1), left.shape)[met]
    return row + first[met].astype(np.int64), row + after[met].astype(np.int64)

"""Clusters: the pixels of hints, gathered to as many places as there is something to know.

A stroke is a thousand pixels of one colour, and one system of a thousand unknowns for kriging; its
cells of 8x8 pixels say nearly the same.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from colorizer.color import Array

Numbers = npt.NDArray[np.intp]

# Hints of one colour that fill at least half of a square cell of so many pixels count as one.
CELLS = (8, 4, 2)
# A colour on more pixels than that, some of them neighbours, is a brush's.
MAX_EXACT_PIXELS = 4
_SAME_COLOR = 1.0


@dataclass(frozen=True, slots=True)
class Clusters:
    """Which of the P pixels with hints belong to which of n clusters.

    Attributes:
        pixel: (P,), numbers of pixels in rows of the picture, cluster by cluster.
        start: (n,), where each cluster begins in ``pixel``.
        is_brush: (n,), whether a brush made it: its colour was chosen for a whole
            region, where a single pixel's or a small cell's may be exact.
    """

    pixel: Numbers
    start: Numbers
    is_brush: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, ab: Array, mask: Array) -> "Clusters":
        """Gather the hints of a picture.

        Args:
            ab: (2, H, W), CIELAB units.
            mask: (1, H, W), 1 at hints, 0 elsewhere; at least one.

        >>> ab, mask = np.zeros((2, 16, 16)), np.zeros((1, 16, 16))
        >>> mask[0, 0:8, 0:16] = 1  # a stroke: two cells of 8x8 pixels
        >>> mask[0, 14, 3] = 1
        >>> clusters = Clusters.of(ab, mask)
        >>> clusters.sizes.tolist(), clusters.is_brush.tolist()
        ([64, 64, 1], [True, True, False])
        """
        rows, columns = np.nonzero(mask[0])
        colors = ab[:, rows, columns]
        number = np.full(len(rows), -1)
        count = 0
        for side in CELLS:
            left = np.flatnonzero(number < 0)
            if 2 * len(left) < side * side:
                continue
            cells = rows[left] // side * (1 << 20) + columns[left] // side
            order = np.argsort(cells, kind="stable")
            starts = np.flatnonzero(np.diff(cells[order], prepend=-1))
            sizes = np.diff(starts, append=len(left))
            inside = colors[:, left[order]]
            spread = np.maximum.reduceat(inside, starts, axis=1)
            spread -= np.minimum.reduceat(inside, starts, axis=1)
            is_cluster = (2 * sizes >= side * side) & (spread.max(axis=0) < _SAME_COLOR)
            numbers = np.where(is_cluster, count + np.cumsum(is_cluster) - 1, -1)
            number[left[order]] = np.repeat(numbers, sizes)
            count += int(is_cluster.sum())
        alone = number < 0
        number[alone] = count + np.arange(alone.sum())
        order = np.argsort(number, kind="stable")
        start = np.flatnonzero(np.diff(number[order], prepend=-1))
        is_brush = _is_brush(ab, mask)[rows, columns][order[start]]
        return cls((rows * mask.shape[2] + columns)[order], start, is_brush)

    def __len__(self) -> int:
        return len(self.start)

    @property
    def sizes(self) -> Numbers:
        """How many pixels each cluster has: (n,)."""
        return np.diff(self.start, append=len(self.pixel))

    def means(self, rows: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
        """Means over the pixels of each cluster: (H * W, K) to (n, K)."""
        sums = np.add.reduceat(rows[self.pixel].astype(np.float64), self.start)
        return np.asarray(sums / self.sizes[:, None])


def _is_brush(ab: Array, mask: Array) -> npt.NDArray[np.bool_]:
    """The pixels with hints that a brush made: (H, W)."""
    color = np.where(mask[0] > 0, ab[0] + 1j * ab[1], np.nan)
    beside = np.zeros(color.shape, bool)
    for first, second in ((np.s_[1:], np.s_[:-1]), (np.s_[:, 1:], np.s_[:, :-1])):
        alike = color[first] == color[second]
        beside[first] |= alike
        beside[second] |= alike
    _, kind, count = np.unique(color[beside], return_inverse=True, return_counts=True)
    beside[beside] = count[kind] > MAX_EXACT_PIXELS
    return beside

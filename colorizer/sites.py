"""Sites: the pixels of hints, gathered to as many places as there is something to know.

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
MOST_EXACT = 4
_SAME_COLOUR = 1.0


@dataclass(frozen=True, slots=True)
class Sites:
    """Which of the P pixels with hints belong to which of n sites.

    Attributes:
        pixel: (P,), numbers of pixels in rows of the picture, site by site.
        start: (n,), where each site begins in ``pixel``.
        painted: (n,), whether a brush made it: its colour is somebody's choice for a whole
            region, where a single pixel's or a small cell's may be exact.
    """

    pixel: Numbers
    start: Numbers
    painted: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, ab: Array, mask: Array) -> "Sites":
        """Gather the hints of a picture.

        Args:
            ab: (2, H, W), CIELAB units.
            mask: (1, H, W), 1 at hints, 0 elsewhere; at least one.
        """
        rows, columns = np.nonzero(mask[0])
        colours = ab[:, rows, columns]
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
            inside = colours[:, left[order]]
            spread = np.maximum.reduceat(inside, starts, axis=1)
            spread -= np.minimum.reduceat(inside, starts, axis=1)
            one = (2 * sizes >= side * side) & (spread.max(axis=0) < _SAME_COLOUR)
            numbers = np.where(one, count + np.cumsum(one) - 1, -1)
            number[left[order]] = np.repeat(numbers, sizes)
            count += int(one.sum())
        alone = number < 0
        number[alone] = count + np.arange(alone.sum())
        order = np.argsort(number, kind="stable")
        start = np.flatnonzero(np.diff(number[order], prepend=-1))
        painted = _painted(ab, mask)[rows, columns][order[start]]
        return cls((rows * mask.shape[2] + columns)[order], start, painted)

    def __len__(self) -> int:
        return len(self.start)

    @property
    def sizes(self) -> Numbers:
        """How many pixels each site has: (n,)."""
        return np.diff(self.start, append=len(self.pixel))

    def means(self, rows: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
        """Means over the pixels of each site: (H * W, K) to (n, K)."""
        sums = np.add.reduceat(rows[self.pixel].astype(np.float64), self.start)
        return np.asarray(sums / self.sizes[:, None])


def _painted(ab: Array, mask: Array) -> npt.NDArray[np.bool_]:
    """The pixels with hints that a brush made: (H, W)."""
    colour = np.where(mask[0] > 0, ab[0] + 1j * ab[1], np.nan)
    beside = np.zeros(colour.shape, bool)
    for one, other in ((np.s_[1:], np.s_[:-1]), (np.s_[:, 1:], np.s_[:, :-1])):
        alike = colour[one] == colour[other]
        beside[one] |= alike
        beside[other] |= alike
    _, kind, count = np.unique(colour[beside], return_inverse=True, return_counts=True)
    beside[beside] = count[kind] > MOST_EXACT
    return beside

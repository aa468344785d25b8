"""Kriging of colour hints: the best linear guess at every colour from a few known ones.

Colours are taken for a random field around a drift, whose covariance falls off with distance in
place and in look. Then the best linear predictor of all colours from those at the hints is the
solution of one linear system (simple kriging with a known drift: Cressie, "Statistics for Spatial
Data", 1993, section 3.4; the same as Gaussian process regression, Rasmussen and Williams, 2006,
eq. 2.23). The covariance of two pixels is::

    amplitude * amplitude' * (constant + variance * exp(-(distance in place + distance in look)))

The drift, the amplitude and most of the look come from a network that sees the picture alone
(:mod:`colorizer.nets.ground`); without one there is no drift and the look is lightness.

People put hints where the colours are wrong, so these say less of other places than hints at
random ones. The constant, by which a hint counts everywhere, therefore gives way the farther the
hints lie off the drift.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from colorizer.color import Array
from colorizer.looks import looks
from colorizer.sites import Sites

Doubles = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.integer[Any]] | npt.NDArray[np.floating[Any]]
Box = tuple[int, int, int, int]  # top, bottom, left, right
Chosen = npt.NDArray[np.bool_] | npt.NDArray[np.intp]

# Above so many hints, each part of a picture is predicted from those around it.
MOST_HINTS = 256
HINTS_A_WINDOW = 300
FAR_HINTS = 48
_PIXELS_AT_ONCE = 8192


@dataclass(frozen=True, slots=True)
class Kernel:
    """The numbers of the covariance.

    Attributes:
        range_x: how far apart two pixels are at a distance of 1, in parts of the longer side.
        range_y: likewise, upwards; colours change quicker that way.
        constant: covariance of any two pixels.
        variance: what falls off with distance.
        noise: variance of the errors of hints that are exact pixels or small cells, and
        paint: of those made with a brush.
        wariness: how soon the constant gives way; 0 never.
    """

    range_x: float
    range_y: float
    constant: float
    variance: float
    noise: float
    paint: float
    wariness: float

    def facing(self, surprise: float) -> "Kernel":
        """The covariance where hints lie off the drift.

        Args:
            surprise: mean square of the hints' distance to the drift over the amplitude.
        """
        return replace(self, constant=self.constant / (1 + self.wariness * surprise))


# Fitted by gradient descent on the PSNR of what they predict, on 300 training pictures.
PLAIN = Kernel(0.91, 0.556, 0.46, 0.96, 0.004, 0.004, 0.0)
PLAIN_RANGES = (0.93, 0.61, 1.36, 1.09, 0.45, 1.22, 1.24)


@dataclass(frozen=True, slots=True)
class Terrain:
    """What kriging needs of the picture alone.

    Attributes:
        look: (H, W, K), each over its own range.
        amplitude: (H, W), above 0; how strong colours are.
        drift: (2, H, W), the colours without any hint, in CIELAB units.
        kernel: of the covariance.
    """

    look: Array
    amplitude: Array
    drift: Array
    kernel: Kernel

    @classmethod
    def of(cls, planes: Iterable[Array], kernel: Array) -> "Terrain":
        """The terrain that a network surveyed.

        Args:
            planes: drift (2, H, W) in CIELAB units, amplitude (1, H, W) and look (K, H, W).
            kernel: (7,), the numbers of :class:`Kernel` in its order.
        """
        drift, amplitude, look = planes
        rows = np.ascontiguousarray(look.transpose(1, 2, 0))
        return cls(rows, amplitude[0], drift, Kernel(*map(float, kernel)))

    @classmethod
    def plain(cls, lightness: Array) -> "Terrain":
        """The terrain without a network, of (H, W), L / 100, in [0, 1]."""
        height, width = lightness.shape
        ranges = np.array(PLAIN_RANGES, np.float32)
        return cls(
            np.ascontiguousarray(looks(lightness).transpose(1, 2, 0) / ranges),
            np.ones((height, width), np.float32),
            np.zeros((2, height, width), np.float32),
            PLAIN,
        )

    def places(self, rows: Numbers, columns: Numbers) -> tuple[Doubles, Doubles]:
        """Places in pixels over their ranges."""
        longer = max(self.look.shape[:2])
        return rows / (longer * self.kernel.range_y), columns / (longer * self.kernel.range_x)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of n sites.

    Attributes:
        pixel: (n, 2), row and column, of their middles.
        look: (n, K).
        amplitude: (n,).
        excess: (n, 2), ab above the drift, in CIELAB units.
        noise: (n,), variance of its error.
    """

    pixel: Doubles
    look: Doubles
    amplitude: Doubles
    excess: Doubles
    noise: Doubles

    @classmethod
    def of(cls, terrain: Terrain, ab: Array, mask: Array) -> "Known":
        """Every site of a picture with hints."""
        sites, kernel = Sites.of(ab, mask), terrain.kernel
        pixel = np.column_stack(np.divmod(np.arange(mask.size), mask.shape[2]))
        excess = (ab - terrain.drift).reshape(2, -1).T
        return cls(
            sites.means(pixel),
            sites.means(terrain.look.reshape(mask.size, -1)),
            sites.means(terrain.amplitude.reshape(-1, 1))[:, 0],
            sites.means(excess),
            np.where(sites.painted, kernel.paint, kernel.noise),
        )

    @property
    def surprise(self) -> float:
        """Mean square of the distance to the drift over the amplitude."""
        return float(((self.excess / self.amplitude[:, None]) ** 2).sum(axis=1).mean())

    def pick(self, chosen: Chosen) -> "Known":
        """Some of them."""
        return Known(
            self.pixel[chosen],
            self.look[chosen],
            self.amplitude[chosen],
            self.excess[chosen],
            self.noise[chosen],
        )


def krige(terrain: Terrain, ab: Array, mask: Array) -> Array:
    """Predict all colours of a picture from its hints.

    Args:
        terrain: the picture.
        ab: (2, H, W), CIELAB units; read only where ``mask`` is 1.
        mask: (1, H, W), 1 at hints, 0 elsewhere.

    Returns:
        (2, H, W) ab, equal to the hints' at hints; the drift for a picture without hints.
    """
    if not mask.any():
        return terrain.drift
    sites = Known.of(terrain, ab, mask)
    terrain = replace(terrain, kernel=terrain.kernel.facing(sites.surprise))
    if len(sites.amplitude) <= MOST_HINTS:
        height, width = mask.shape[1:]
        predicted = _predict(terrain, sites, (0, height, 0, width))
    else:
        predicted = _predict_in_windows(terrain, sites)
    return np.where(mask > 0, ab, predicted)


def _predict_in_windows(terrain: Terrain, sites: Known) -> Array:
    """Predict each window from the hints in and around it, and from a few everywhere."""
    height, width = terrain.amplitude.shape
    count = len(sites.amplitude)
    across = int(np.ceil(2 * np.sqrt(count / HINTS_A_WINDOW)))
    mixed, far = sites.pick(_shuffled(count)), np.arange(count) < FAR_HINTS
    predicted = np.empty((2, height, width), np.float32)
    rows = np.linspace(0, height, across + 1).round().astype(int)
    columns = np.linspace(0, width, across + 1).round().astype(int)
    for top, bottom in pairwise(rows):
        for left, right in pairwise(columns):
            middle = (top + bottom - 1) / 2, (left + right - 1) / 2
            near = (abs(mixed.pixel - middle) <= (bottom - top, right - left)).all(axis=1)
            # Where somebody painted nearly everything, some of it is enough.
            used = np.flatnonzero(far | near)[: FAR_HINTS + 2 * HINTS_A_WINDOW]
            predicted[:, top:bottom, left:right] = _predict(
                terrain, mixed.pick(used), (top, bottom, left, right)
            )
    return predicted


def _predict(terrain: Terrain, sites: Known, box: Box) -> Array:
    """Predict a box of the picture: (2, rows, columns)."""
    top, bottom, left, right = box
    kernel = terrain.kernel
    weights = np.linalg.solve(_known(terrain, sites), sites.excess) * sites.amplitude[:, None]
    level = kernel.constant * weights.sum(axis=0)
    weights = (kernel.variance * weights).astype(np.float32)
    predicted = np.array(terrain.drift[:, top:bottom, left:right])
    for rows, nearness in _strips(terrain, sites, box):
        excess = (nearness @ weights + level).T.reshape(2, -1, right - left)
        inside = np.s_[top + rows.start : top + rows.stop, left:right]
        predicted[:, rows] += terrain.amplitude[inside] * excess
    return predicted


def deviation(terrain: Terrain, ab: Array, mask: Array) -> Array:
    """How unsure kriging is: the standard deviation that the hints leave.

    Rasmussen and Williams, eq. 2.24. Of very many hints, some are enough to tell.

    Args:
        terrain: the picture.
        ab: (2, H, W), CIELAB units; read only where ``mask`` is 1.
        mask: (1, H, W), 1 at hints, 0 elsewhere.

    Returns:
        (1, H, W), in units of the covariance's root.
    """
    kernel = terrain.kernel
    variance = terrain.amplitude**2 * (kernel.constant + kernel.variance)
    if mask.any():
        sites = Known.of(terrain, ab, mask)
        sites = sites.pick(_shuffled(len(sites.amplitude))[:MOST_HINTS])
        root = np.linalg.inv(np.linalg.cholesky(_known(terrain, sites)))
        root = (root * sites.amplitude).T.astype(np.float32)
        height, width = variance.shape
        for rows, nearness in _strips(terrain, sites, (0, height, 0, width)):
            told = (kernel.constant + kernel.variance * nearness) @ root
            known = np.einsum("ij,ij->i", told, told).reshape(-1, width)
            variance[rows] -= terrain.amplitude[rows] ** 2 * known
    return np.asarray(np.sqrt(np.maximum(variance, 0))[None], np.float32)


def _known(terrain: Terrain, sites: Known) -> Doubles:
    """The covariance of the hints with each other: (n, n)."""
    kernel = terrain.kernel
    y, x = terrain.places(*sites.pixel.T)
    known = _nearness(
        (y[:, None] - y) ** 2 + (x[:, None] - x) ** 2, _between(sites.look, sites.look)
    )
    known = (kernel.constant + kernel.variance * known) * np.outer(*2 * [sites.amplitude])
    known[np.diag_indices_from(known)] += sites.noise
    return np.asarray(known, np.float64)


def _strips(terrain: Terrain, sites: Known, box: Box) -> Iterator[tuple[slice, Array]]:
    """The nearness of a box's pixels to the hints, some rows at a time.

    Yields:
        The rows, counted from the box's top, and (pixels, n).
    """
    top, bottom, left, right = box
    y, x = terrain.places(*sites.pixel.T)
    rows, columns = terrain.places(np.arange(top, bottom), np.arange(left, right))
    squares_y, squares_x = (
        ((places[:, None] - of_hints) ** 2).astype(np.float32)
        for places, of_hints in ((rows, y), (columns, x))
    )
    look_of_hints = sites.look.astype(np.float32)
    strip = max(1, _PIXELS_AT_ONCE // (right - left))
    for start in range(0, bottom - top, strip):
        end = min(bottom - top, start + strip)
        look = terrain.look[top + start : top + end, left:right]
        look = look.reshape(-1, look.shape[-1])
        place = (squares_y[start:end, None] + squares_x).reshape(len(look), -1)
        yield slice(start, end), _nearness(place, _between(look, look_of_hints))


def _shuffled(count: int) -> npt.NDArray[np.intp]:
    """The numbers below ``count``, mixed, always in the same way."""
    return np.random.default_rng(0).permutation(count)


def _nearness(place: Array, look: Array) -> Array:
    """From squared distances in place and in look, to (0, 1]; works in their memory."""
    np.sqrt(place, out=place)
    np.sqrt(look, out=look)
    place += look
    np.negative(place, out=place)
    return np.exp(place, out=place)


def _between(a: Array, b: Array) -> Array:
    """Squared distances of all pairs: (n, K) and (m, K) to (n, m)."""
    squares = a @ (-2 * b.T)
    squares += (a * a).sum(axis=1)[:, None]
    squares += (b * b).sum(axis=1)
    return np.maximum(squares, 0, out=squares)

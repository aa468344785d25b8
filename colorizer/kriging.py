"""Kriging of colour hints: the best linear guess at every colour from a few known ones.

Colours are taken for a random field around a mean, whose covariance falls off with distance in
place and in embedding (:mod:`colorizer.field`). Then the best linear predictor of all colours from
those at the hints is the solution of one linear system (simple kriging with a known mean: Cressie,
"Statistics for Spatial Data", 1993, section 3.4; the same as Gaussian process regression,
Rasmussen and Williams, 2006, eq. 2.23).

A hint may be a sample of the photo, or a colour of a person's own choice, which says nothing of
other things. The less plausible a hint is as a sample, the larger the error that kriging allows it
(simple kriging with errors of measurement); what it then leaves of the hint goes to the hint's
thing alone (:mod:`colorizer.things`).

Regions fence hints in: colours of different regions are taken for independent, so that the
covariance is block-diagonal and each region is a system of its own.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from colorizer.clusters import Clusters
from colorizer.color import Array
from colorizer.distribution import CELL, plausibility
from colorizer.field import Doubles, Kernel, PhotoField
from colorizer.things import hand_out

Labels = npt.NDArray[np.int16]
Box = tuple[int, int, int, int]  # top, bottom, left, right
Selection = npt.NDArray[np.bool_] | npt.NDArray[np.intp]

MAX_OBSERVATIONS = 256
"""Above so many observations, each part of a photo is predicted from those around it."""
OBSERVATIONS_PER_WINDOW = 300
FAR_OBSERVATIONS = 48
MAX_COVARIANCES = 12_000_000
"""Of all windows together: where there are very many, each is predicted from fewer, nearer ones."""
VISIBLE = 0.1
"""CIELAB units; so little left of a hint is not worth the handing out."""
FADE = 2
"""How soon hints take the place of what controls add: the power of what they leave undecided."""
_PIXELS_AT_ONCE = 8192


@dataclass(frozen=True, slots=True)
class Observations:
    """Colours that are known at n places.

    Attributes:
        pixel: (n, 2), row and column, of the middles of the clusters.
        embedding: (n, K).
        thing_embedding: (n, K).
        scale: (n,).
        residual: (n, 2), ab above the mean, in CIELAB units.
        nugget: (n,), variance of its error.
        plausibility: (n,), in (0, 1], that its colour is the photo's own.
    """

    pixel: Doubles
    embedding: Doubles
    thing_embedding: Doubles
    scale: Doubles
    residual: Doubles
    nugget: Doubles
    plausibility: Doubles

    @classmethod
    def of(cls, field: PhotoField, ab: Array, mask: Array) -> "Observations":
        """One observation for each cluster of a photo's hints."""
        clusters, kernel = Clusters.of(ab, mask), field.kernel
        residual = (ab - field.mean).reshape(2, -1).T
        pixel = clusters.means(_places(*mask.shape[1:]))
        plausible = np.ones(len(clusters))
        chosen = clusters.is_brush
        if field.ab_logits is not None:
            # Single pixels and small cells are taken at their word.
            rows, columns = pixel[chosen].astype(int).T // CELL
            colors = clusters.means(ab.reshape(2, -1).T)[chosen]
            plausible[chosen] = plausibility(field.ab_logits[:, rows, columns].T, colors)
        return cls(
            pixel,
            clusters.means(field.embedding.reshape(mask.size, -1)),
            clusters.means(field.thing_embedding.reshape(mask.size, -1)),
            clusters.means(field.scale.reshape(-1, 1))[:, 0],
            clusters.means(residual),
            # Who makes a choice means that colour, and has not picked another a little off.
            np.where(chosen, kernel.brush_nugget * plausible, kernel.nugget),
            plausible,
        )

    def __len__(self) -> int:
        return len(self.scale)

    @property
    def mean_squared_residual(self) -> float:
        """Of the distance to the mean over the scale."""
        return float(((self.residual / self.scale[:, None]) ** 2).sum(axis=1).mean())

    def pick(self, chosen: Selection) -> "Observations":
        """Some of them."""
        return Observations(
            self.pixel[chosen],
            self.embedding[chosen],
            self.thing_embedding[chosen],
            self.scale[chosen],
            self.residual[chosen],
            self.nugget[chosen],
            self.plausibility[chosen],
        )

    def implausibility(self, kernel: Kernel) -> Doubles:
        """Variance of the error that is allowed to colours the photo is unlikely to have: (n,)."""
        odds = (1 - self.plausibility) / self.plausibility
        sill = kernel.constant + kernel.partial_sill
        return np.asarray(kernel.scepticism * odds * sill * self.scale**2)


def krige(field: PhotoField, ab: Array, mask: Array, labels: Labels | None = None) -> Array:
    """Predict all colours of a photo from its hints.

    Args:
        field: of the photo.
        ab: (2, H, W), CIELAB units; read only where ``mask`` is 1.
        mask: (1, H, W), 1 at hints, 0 elsewhere.
        labels: (H, W), a number for each region; hints act where the label is their own. None
            for one region.

    Returns:
        (2, H, W) ab in CIELAB units, equal to the hints' at hints; those without hints
        where none acts.

    >>> field = PhotoField.plain(np.full((16, 24), 0.5, np.float32))
    >>> ab, mask = np.zeros((2, 16, 24), np.float32), np.zeros((1, 16, 24), np.float32)
    >>> ab[:, 8, 4], mask[:, 8, 4] = (40, -20), 1
    >>> spread = krige(field, ab, mask)
    >>> spread[:, 8, 4].tolist(), bool(0 < spread[0, 8, 20] < 40)
    ([40.0, -20.0], True)
    """
    colors = np.array(field.unhinted)
    for inside, box in _blocks(mask, labels):
        free = inside & (mask[0] == 0)
        if not free.any():
            continue
        observations = Observations.of(field, ab, mask * inside)
        kernel = field.kernel.discounted(observations.mean_squared_residual)
        if many := len(observations) > MAX_OBSERVATIONS:
            observations = observations.pick(_shuffled(len(observations)))
        for window in _windows(len(observations), box) if many else [box]:
            place = _window(window)
            if free[place].any():  # where all is painted there is nothing to predict
                used = _around(observations, window) if many else observations
                predicted = _colors(field, _spread(field, kernel, used, window), place)
                colors[:, *place] = np.where(free[place], predicted, colors[:, *place])
    return np.where(mask > 0, ab, colors)


def _blocks(mask: Array, labels: Labels | None) -> Iterator[tuple[npt.NDArray[np.bool_], Box]]:
    """Yield each region that has hints: its pixels (H, W), and the box around them."""
    if labels is None:
        labels = np.zeros(mask.shape[1:], np.int16)
    for label in np.unique(labels[mask[0] > 0]):
        inside = labels == label
        rows, columns = (np.flatnonzero(inside.any(axis=axis)) for axis in (1, 0))
        yield inside, (rows[0], rows[-1] + 1, columns[0], columns[-1] + 1)


@lru_cache(maxsize=8)
def _places(height: int, width: int) -> npt.NDArray[np.intp]:
    """Row and column of each pixel: (H * W, 2)."""
    return np.column_stack(np.divmod(np.arange(height * width), width))


def _window(box: Box) -> tuple[slice, slice]:
    top, bottom, left, right = box
    return np.s_[top:bottom, left:right]


def _windows(count: int, box: Box) -> Iterator[Box]:
    """Divide a box of so many observations into parts that are predicted one by one."""
    top, bottom, left, right = box
    across = int(np.ceil(2 * np.sqrt(count / OBSERVATIONS_PER_WINDOW)))
    rows = np.linspace(top, bottom, across + 1).round().astype(int)
    columns = np.linspace(left, right, across + 1).round().astype(int)
    for upper, lower in pairwise(rows):
        for first, last in pairwise(columns):
            yield upper, lower, first, last


def _around(mixed: Observations, window: Box) -> Observations:
    """The nearest of those in and around a window, and the first few, which are from everywhere."""
    upper, lower, first, last = window
    y, x = mixed.pixel.T
    away = np.maximum(
        abs(y - (upper + lower - 1) / 2) / (lower - upper),
        abs(x - (first + last - 1) / 2) / (last - first),
    )
    away[:FAR_OBSERVATIONS] = 0
    windows = 4 * len(mixed) / OBSERVATIONS_PER_WINDOW
    limit = min(2 * OBSERVATIONS_PER_WINDOW, math.isqrt(int(MAX_COVARIANCES / windows)))
    used = np.flatnonzero(away <= 1)
    used = used[np.argsort(away[used], kind="stable")[: FAR_OBSERVATIONS + limit]]
    return mixed.pick(used)


def predict(field: PhotoField, observations: Observations, box: Box) -> Array:
    """Predict a box of a photo from observations, of this photo or another.

    Args:
        field: of the photo.
        observations: what is known.
        box: top, bottom, left, right, in pixels.

    Returns:
        (2, bottom - top, right - left) ab in CIELAB units.
    """
    return field.mean[:, *_window(box)] + _spread(field, field.kernel, observations, box)[:2]


def _colors(field: PhotoField, spread: Array, place: tuple[slice, slice]) -> Array:
    """The colours of a part of a photo to which observations have spread."""
    colors = field.mean[:, *place] + spread[:2]
    if field.shift is not None:
        colors += field.shift[:, *place] * np.clip(1 - spread[2], 0, 1) ** FADE
    return np.asarray(colors)


def _spread(field: PhotoField, kernel: Kernel, observations: Observations, box: Box) -> Array:
    """Spread what observations add to the mean over a box.

    Args:
        field: of the photo.
        kernel: the photo's own, or one that trusts its hints less.
        observations: what is known.
        box: top, bottom, left, right, in pixels.

    Returns:
        (3, bottom - top, right - left): what is added to a and b, in CIELAB units, and how much of
        each colour the observations decide, about 0 to 1.
    """
    top, _, left, right = box
    scale = observations.scale[:, None]
    doubt = observations.implausibility(kernel)
    # The third column asks what would be added if all residuals were the scale: all of it.
    values = np.column_stack([observations.residual, scale])
    solved = np.linalg.solve(_covariance(field, kernel, observations) + np.diag(doubt), values)
    weights = solved * scale
    level = kernel.constant * weights.sum(axis=0)
    weights = (kernel.partial_sill * weights).astype(np.float32)
    # What kriging leaves of the observations.
    rest = np.asarray(doubt[:, None] * solved, np.float32)
    rest[:, 2] /= observations.scale
    is_visible = np.abs(rest[:, :2]).max(initial=0) > VISIBLE
    spread = np.empty((3, box[1] - top, right - left), np.float32)
    thing = observations.thing_embedding.astype(np.float32)
    for rows, place, embedding in _strips(field, observations, box):
        inside = np.s_[top + rows.start : top + rows.stop, left:right]
        handed: Any = 0
        if is_visible:
            things = field.thing_embedding[inside].reshape(-1, thing.shape[1])
            # Not as exact near a hint as kriging needs it, in a third of the time.
            apart = things @ (-2 * thing.T) + np.einsum("ij,ij->i", things, things)[:, None]
            apart += (thing * thing).sum(axis=1)
            handed = hand_out(place, apart, field.kernel.length_scale, rest)
        kriged = _correlation(place, embedding, kernel.length_scale) @ weights + level
        kriged[:, :2] *= field.scale[inside].reshape(-1, 1)
        spread[:, rows] = (kriged + handed).T.reshape(3, -1, right - left)
    return spread


def deviation(field: PhotoField, ab: Array, mask: Array, labels: Labels | None = None) -> Array:
    """How unsure kriging is: the standard deviation that the hints leave.

    Rasmussen and Williams, eq. 2.24. Of very many hints, some are enough to tell.

    Args:
        field: of the photo.
        ab: (2, H, W), CIELAB units; read only where ``mask`` is 1.
        mask: (1, H, W), 1 at hints, 0 elsewhere.
        labels: (H, W), as with :func:`krige`.

    Returns:
        (1, H, W), in units of the covariance's root.
    """
    kernel = field.kernel
    variance = field.scale**2 * (kernel.constant + kernel.partial_sill)
    for inside, box in _blocks(mask, labels):
        observations = Observations.of(field, ab, mask * inside)
        observations = observations.pick(_shuffled(len(observations))[:MAX_OBSERVATIONS])
        root = np.linalg.inv(np.linalg.cholesky(_covariance(field, kernel, observations)))
        root = (root * observations.scale).T.astype(np.float32)
        top, _, left, right = box
        for rows, place, embedding in _strips(field, observations, box):
            correlation = _correlation(place, embedding, kernel.length_scale)
            whitened = (kernel.constant + kernel.partial_sill * correlation) @ root
            explained = np.einsum("ij,ij->i", whitened, whitened).reshape(-1, right - left)
            part = np.s_[top + rows.start : top + rows.stop, left:right]
            variance[part] -= inside[part] * field.scale[part] ** 2 * explained
    return np.asarray(np.sqrt(np.maximum(variance, 0))[None], np.float32)


def _covariance(field: PhotoField, kernel: Kernel, observations: Observations) -> Doubles:
    """The covariance of the observations with each other, their errors included: (n, n)."""
    y, x = field.places(*observations.pixel.T)
    place = (y[:, None] - y) ** 2 + (x[:, None] - x) ** 2
    embedding = _squared_distances(observations.embedding, observations.embedding)
    covariance = kernel.constant + kernel.partial_sill * _correlation(
        place, embedding, kernel.length_scale
    )
    covariance *= np.outer(observations.scale, observations.scale)
    covariance[np.diag_indices_from(covariance)] += observations.nugget
    return np.asarray(covariance, np.float64)


def _strips(
    field: PhotoField, observations: Observations, box: Box
) -> Iterator[tuple[slice, Array, Array]]:
    """Squared distances of a box's pixels to the observations, some rows at a time.

    Yields:
        The rows, counted from the box's top, and twice (pixels, n): in place and in embedding.
    """
    top, bottom, left, right = box
    y, x = field.places(*observations.pixel.T)
    rows, columns = field.places(np.arange(top, bottom), np.arange(left, right))
    squares_y, squares_x = (
        ((places[:, None] - observed) ** 2).astype(np.float32)
        for places, observed in ((rows, y), (columns, x))
    )
    observed = observations.embedding.astype(np.float32)
    strip = max(1, _PIXELS_AT_ONCE // (right - left))
    for start in range(0, bottom - top, strip):
        end = min(bottom - top, start + strip)
        embedding = field.embedding[top + start : top + end, left:right]
        embedding = embedding.reshape(-1, embedding.shape[-1])
        place = (squares_y[start:end, None] + squares_x).reshape(len(embedding), -1)
        yield slice(start, end), place, _squared_distances(embedding, observed)


def _shuffled(count: int) -> npt.NDArray[np.intp]:
    """The numbers below ``count``, mixed, always in the same way."""
    return np.random.default_rng(0).permutation(count)


def _correlation(place: Array, embedding: Array, length_scale: float) -> Array:
    """From squared distances in place and in embedding, to (0, 1]; works in their memory."""
    np.sqrt(place, out=place)
    np.sqrt(embedding, out=embedding)
    place += embedding
    place *= -1 / length_scale
    return np.exp(place, out=place)


def _squared_distances(a: Array, b: Array) -> Array:
    """Of all pairs: (n, K) and (m, K) to (n, m)."""
    squares = a @ (-2 * b.T)
    squares += (a * a).sum(axis=1)[:, None]
    squares += (b * b).sum(axis=1)
    return np.maximum(squares, 0, out=squares)

"""Features of a photo around each pixel: its lightness, smoothed, and how much it varies."""

from functools import lru_cache

import numpy as np

from colorizer.color import Array

RADII = (1 / 128, 2 / 128, 4 / 128)
"""Of the surroundings: standard deviations of a Gaussian, in parts of the photo's longer side."""

CHANNELS = 1 + 2 * len(RADII)


def features(lightness: Array) -> Array:
    """Compute the features of a photo.

    Args:
        lightness: (H, W), L / 100, in [0, 1].

    Returns:
        (7, H, W) float32: lightness, its Gaussian mean in three surroundings, and its standard
        deviation there; all in units of L / 100.

    >>> flat = features(np.full((8, 12), 0.25, np.float32))
    >>> flat.shape
    (7, 8, 12)
    >>> flat[:, 0, 0].round(3).tolist()
    [0.25, 0.25, 0.25, 0.25, 0.0, 0.0, 0.0]
    """
    longer = max(lightness.shape)
    means = [_blur(lightness, radius * longer) for radius in RADII]
    squares = [_blur(lightness * lightness, radius * longer) for radius in RADII]
    deviations = [
        np.sqrt(np.maximum(square - mean * mean, 0))
        for square, mean in zip(squares, means, strict=True)
    ]
    return np.stack([lightness, *means, *deviations]).astype(np.float32)


def _blur(plane: Array, deviation: float) -> Array:
    """Gaussian blur of (H, W), edges continued."""
    rows, columns = (_blur_matrix(size, round(deviation, 3)) for size in plane.shape)
    return np.asarray(rows @ plane @ columns.T, np.float32)


@lru_cache(maxsize=64)
def _blur_matrix(size: int, deviation: float) -> Array:
    """The blur of a line of ``size`` pixels as a matrix (size, size)."""
    radius = max(1, int(3 * deviation + 0.5))
    offsets = np.arange(-radius, radius + 1)
    weights = np.exp(-0.5 * (offsets / deviation) ** 2)
    weights /= weights.sum()
    matrix = np.zeros((size, size), np.float32)
    lines = np.arange(size)
    for offset, weight in zip(offsets, weights, strict=True):
        np.add.at(matrix, (lines, np.clip(lines + offset, 0, size - 1)), weight)
    return matrix

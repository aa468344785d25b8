"""Spreading colour hints over a picture without any learning: the network's starting point."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from colorizer.color import Array

Mask = npt.NDArray[np.bool_]

SWEEPS = 8
COARSEST = 8
_VARIANCE_SHARE = 0.6
_LEAST_VARIANCE = 2e-6
_LOG_OF_LEAST_WEIGHT = np.float32(np.log(0.01))
_NEIGHBOURS = tuple((dy, dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1) if (dy, dx) != (0, 0))


@dataclass(frozen=True, slots=True)
class Affinities:
    """What the prior needs of the picture alone: neighbour weights of every level, finest first.

    Each level is (N, 8, H, W), the weights of the 8 neighbours of a pixel, summing to 1.
    """

    levels: tuple[Array, ...]

    @classmethod
    def of(cls, lightness: Array) -> "Affinities":
        """Weigh the neighbours of each pixel by likeness of lightness, on every level.

        Args:
            lightness: (N, 1, H, W), L / 100, in [0, 1].
        """
        levels = [_weights(lightness)]
        while min(lightness.shape[-2:]) > COARSEST:
            lightness = halve(lightness)
            levels.append(_weights(lightness))
        return cls(tuple(levels))


def propagate(affinities: Affinities, ab: Array, mask: Array, *, sweeps: int = SWEEPS) -> Array:
    """Spread colour hints over a picture along its lightness.

    Coarse to fine, each level relaxes the averaging equation of Levin, Lischinski and Weiss,
    "Colorization using Optimization" (SIGGRAPH 2004), eq. 2, with the hints held fixed.

    Args:
        affinities: the picture's neighbour weights.
        ab: (N, 2, H, W), CIELAB a and b in their own units; read only where ``mask`` is 1.
        mask: (N, 1, H, W), 1 at hints, 0 elsewhere.
        sweeps: relaxations a level.

    Returns:
        (N, 2, H, W) ab everywhere; zero for a picture without hints.
    """
    if not mask.any():
        return np.zeros_like(ab)
    fixed: list[tuple[Array, Array]] = [(ab * mask, mask)]
    for _ in affinities.levels[1:]:
        fixed.append(gather(*fixed[-1]))
    spread = _fill(*fixed[-1])
    for level in range(len(fixed) - 1, -1, -1):
        colors, weight = fixed[level]
        height, width = colors.shape[-2:]
        if level < len(fixed) - 1:
            spread = _double(spread)[..., :height, :width]
        spread = _relax(affinities.levels[level], spread, colors, weight > 0, sweeps)
    return spread


def _weights(lightness: Array) -> Array:
    """Levin's affinities of the 8 neighbours: (N, 1, H, W) -> (N, 8, H, W), summing to 1."""
    height, width = lightness.shape[-2:]
    padded = np.pad(lightness, ((0, 0), (0, 0), (1, 1), (1, 1)), mode="edge")
    around = np.concatenate(
        [padded[..., 1 + dy : 1 + dy + height, 1 + dx : 1 + dx + width] for dy, dx in _NEIGHBOURS],
        axis=1,
    )
    mean = (around.sum(1, keepdims=True) + lightness) / 9
    variance = ((around - mean) ** 2).sum(1, keepdims=True) + (lightness - mean) ** 2
    difference = (around - lightness) ** 2
    # As the authors do: at least one neighbour keeps a weight of 0.01.
    spread = np.maximum(_VARIANCE_SHARE / 9 * variance, _LEAST_VARIANCE)
    spread = np.maximum(spread, -difference.min(1, keepdims=True) / _LOG_OF_LEAST_WEIGHT)
    weights = np.exp(-difference / spread)
    # Neighbours outside the picture do not count.
    weights[:, [k for k, (dy, _) in enumerate(_NEIGHBOURS) if dy < 0], 0, :] = 0
    weights[:, [k for k, (dy, _) in enumerate(_NEIGHBOURS) if dy > 0], -1, :] = 0
    weights[:, [k for k, (_, dx) in enumerate(_NEIGHBOURS) if dx < 0], :, 0] = 0
    weights[:, [k for k, (_, dx) in enumerate(_NEIGHBOURS) if dx > 0], :, -1] = 0
    weights /= np.maximum(weights.sum(1, keepdims=True), 1e-12)
    return np.asarray(weights, np.float32)


def halve(plane: Array, *, outside: str = "edge") -> Array:
    """Mean of each 2x2 cell, (N, C, H, W) to half that size; an odd side is continued by one."""
    odd = [(0, size % 2) for size in plane.shape[-2:]]
    if any(extra for _, extra in odd):
        plane = np.pad(plane, ((0, 0), (0, 0), *odd), mode=outside)  # type: ignore[call-overload] # NumPy types the mode as literals
    rows = plane[..., 0::2, :] + plane[..., 1::2, :]
    return np.asarray((rows[..., 0::2] + rows[..., 1::2]) * np.float32(0.25), np.float32)


def gather(colors: Array, weight: Array) -> tuple[Array, Array]:
    """Hints at half the size: the mean colour of a 2x2 cell's hints, and their mean weight.

    Args:
        colors: (N, 2, H, W), read only where ``weight`` is above 0.
        weight: (N, 1, H, W), 0 where there is no hint.

    Returns:
        Both at half the size; the colours are 0 where there is no hint.
    """
    total = halve(weight, outside="constant")
    mixed = halve(colors * weight, outside="constant")
    return mixed / np.maximum(total, 1e-12), total


def _fill(colors: Array, weight: Array) -> Array:
    """Every cell of the coarsest level from the hints there, by squared inverse distance."""
    height, width = colors.shape[-2:]
    y, x = np.divmod(np.arange(height * width), width)
    near = 1.0 / (0.25 + (y[:, None] - y) ** 2 + (x[:, None] - x) ** 2).astype(np.float32)
    flat = weight.reshape(len(weight), 1, -1)
    total = flat @ near
    mixed = (colors.reshape(len(colors), 2, -1) * flat) @ near
    return np.asarray(mixed / np.maximum(total, 1e-12)).reshape(colors.shape)


def _double(plane: Array) -> Array:
    """Bilinear enlargement to twice the size."""
    for axis in (-2, -1):
        plane = np.moveaxis(plane, axis, -1)
        before = np.concatenate([plane[..., :1], plane[..., :-1]], axis=-1)
        after = np.concatenate([plane[..., 1:], plane[..., -1:]], axis=-1)
        doubled = np.stack([0.75 * plane + 0.25 * before, 0.75 * plane + 0.25 * after], axis=-1)
        plane = np.moveaxis(doubled.reshape(*plane.shape[:-1], -1), -1, axis)
    return np.asarray(plane, np.float32)


def _relax(weights: Array, spread: Array, colors: Array, fixed: Mask, sweeps: int) -> Array:
    """Average each pixel over its neighbours ``sweeps`` times, hints put back each time."""
    count, _, height, width = spread.shape
    padded = np.zeros((count, 2, height + 2, width + 2), np.float32)
    inside = padded[..., 1:-1, 1:-1]
    inside[:] = np.where(fixed, colors, spread)
    total = np.empty_like(spread)
    term = np.empty_like(spread)
    for _ in range(sweeps):
        for k, (dy, dx) in enumerate(_NEIGHBOURS):
            shifted = padded[..., 1 + dy : 1 + dy + height, 1 + dx : 1 + dx + width]
            out = total if k == 0 else term
            np.multiply(shifted, weights[:, k : k + 1], out=out)
            if k:
                total += term
        np.copyto(total, colors, where=fixed)
        inside[:] = total
    return total

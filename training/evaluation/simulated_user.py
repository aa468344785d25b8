"""A simulated user of strokes, who sees the true picture beside the result."""

import math

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from colorizer.color import Array, lab_to_rgb, to_uint8
from colorizer.hints import Hint

# Shares of the longer side.
_GLANCE = 0.02  # an eye sees patches, not pixels
_RADIUS = (0.005, 0.02)
_LENGTH = (0.02, 0.1)
# Units of ab.
_ALIKE = 8.0  # from the colour at the start, inside the same region
_JITTER = 3.0  # of the colour that the user picks, standard deviation of a and of b
_STEP = 2.0  # pixels
_TURN = 0.4  # radians a step, standard deviation

Region = npt.NDArray[np.bool_]


def draw_stroke(lab: Array, ab: Array, mask: Array, rng: np.random.Generator) -> Hint:
    """What a user who sees the true picture beside the result would paint next.

    The stroke starts where the result's colours are furthest from the truth, away from strokes
    already made, and wanders inside the region of similar colour around that place. Its colour is
    the region's mean, picked a little off.

    Args:
        lab: (H, W, 3), the truth.
        ab: (2, H, W), the result so far in CIELAB units.
        mask: (1, H, W), 1 where strokes are.
        rng: decides brush, way and colour.
    """
    height, width = lab.shape[:2]
    start = _worst_place(lab, ab, mask)
    region = _region(lab, start)
    radius = float(rng.uniform(*_RADIUS))
    length = float(rng.uniform(*_LENGTH)) * max(height, width)
    color = lab[region].mean(0)
    color[1:] += _JITTER * rng.standard_normal(2)
    red, green, blue = to_uint8(lab_to_rgb(color)).tolist()
    return Hint(
        points=tuple(
            (x / width, y / height) for x, y in _wander(region, start, length / _STEP, rng)
        ),
        radius=radius,
        color=f"#{red:02x}{green:02x}{blue:02x}",
        stroke=True,
    )


def _worst_place(lab: Array, ab: Array, mask: Array) -> tuple[int, int]:
    """Row and column of the largest error of ab, looked at with a little blur."""
    off = np.hypot(*(ab - lab[..., 1:].transpose(2, 0, 1)))
    blurred = ndimage.gaussian_filter(off, _GLANCE * max(off.shape))
    row, column = np.unravel_index(np.where(mask[0] > 0, -1.0, blurred).argmax(), off.shape)
    return int(row), int(column)


def _region(lab: Array, start: tuple[int, int]) -> Region:
    """The pixels of similar ab that hang together with ``start``: (H, W)."""
    ab = ndimage.gaussian_filter(lab[..., 1:], (1, 1, 0))
    alike = np.hypot(*(ab - ab[start]).transpose(2, 0, 1)) <= _ALIKE
    parts, _ = ndimage.label(alike, structure=np.ones((3, 3)))
    return np.asarray(parts == parts[start])


def _wander(
    region: Region, start: tuple[int, int], steps: float, rng: np.random.Generator
) -> list[tuple[float, float]]:
    """Points (x, y) in pixels of a walk that turns back at the region's border."""
    y, x = start[0] + 0.5, start[1] + 0.5
    points = [(x, y)]
    heading = rng.uniform(0, 2 * math.pi)
    for _ in range(round(steps)):
        heading += _TURN * rng.standard_normal()
        to_x, to_y = x + _STEP * math.cos(heading), y + _STEP * math.sin(heading)
        row, column = math.floor(to_y), math.floor(to_x)
        inside = 0 <= row < region.shape[0] and 0 <= column < region.shape[1]
        if inside and region[row, column]:
            x, y = to_x, to_y
            points.append((x, y))
        else:
            heading = rng.uniform(0, 2 * math.pi)
    return points

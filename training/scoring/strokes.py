"""Playing the protocol ``strokes``: a simulated user paints where the result is furthest off.

Each method plays a game of its own, for the place of the next stroke depends on its result so far.
"""

import math
import time

import numpy as np
import numpy.typing as npt
from PIL import Image
from scipy import ndimage

from colorizer.color import Array, Bytes, lab_to_rgb, rgb_to_lab, to_uint8
from colorizer.engine import Prepared, prepare_lightness
from colorizer.hints import Hint, HintSet, rasterise
from colorizer.samplers import seeded
from training.pictures.data import Picture
from training.scoring.drawn import Played, join
from training.scoring.methods import Method
from training.scoring.metrics import psnr
from training.scoring.protocols import GOALS, PROTOCOLS, STROKES

NEVER = STROKES + 1  # strokes counted for a picture that does not come as far

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


def play(picture: Picture, methods: dict[str, Method]) -> dict[str, Played]:
    """Let every method play its game on one picture.

    Returns:
        For each row its figures in each column: after each stroke, then for each goal the number
        of strokes to it (:data:`NEVER` if it is not reached) and whether it was reached.

    Raises:
        DataError: the picture is damaged.
    """
    truth = true_picture(picture.rgb())
    lab = rgb_to_lab(truth)
    photo = prepare_lightness(lab[..., 0] / 100)
    rows = {}
    for name, method in methods.items():
        played = _game(picture.name, method, photo, lab, truth)
        qualities = [figures["psnr"] for figures in played]
        rows[name] = played[1:] + [_until(goal, qualities) for goal in GOALS]
    return rows


def true_picture(picture: Image.Image) -> Bytes:
    """The picture with 256 pixels on its longer side, aspect kept: (H, W, 3) sRGB."""
    scale = PROTOCOLS["strokes"].side / max(picture.size)
    width, height = (max(1, round(size * scale)) for size in picture.size)
    return np.asarray(picture.resize((width, height), Image.Resampling.LANCZOS))


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
    start = _look(lab, ab, mask)
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


def _game(name: str, method: Method, photo: Prepared, lab: Array, truth: Bytes) -> Played:
    """Figures after 0 strokes, 1 stroke and so on."""
    height, width = truth.shape[:2]
    hints: list[Hint] = []
    played = []
    for n in range(1, STROKES + 2):
        hint_ab, mask = rasterise(HintSet(tuple(hints)), height, width)
        started = time.perf_counter()
        ab = method.colour(photo, hint_ab, mask)
        seconds = time.perf_counter() - started
        played.append({"psnr": psnr(join(lab, ab), truth), "seconds": seconds})
        if n <= STROKES:
            hints.append(draw_stroke(lab, ab, mask, seeded("strokes", name, n)))
    return played


def _until(goal: float, qualities: list[float]) -> dict[str, float]:
    reached = [n for n, quality in enumerate(qualities) if quality >= goal]
    return {"strokes": float(reached[0] if reached else NEVER), "reached": float(bool(reached))}


def _look(lab: Array, ab: Array, mask: Array) -> tuple[int, int]:
    """Row and column of the largest error of ab, looked at with a little blur."""
    off = np.hypot(*(ab - lab[..., 1:].transpose(2, 0, 1)))
    seen = ndimage.gaussian_filter(off, _GLANCE * max(off.shape))
    row, column = np.unravel_index(np.where(mask[0] > 0, -1.0, seen).argmax(), off.shape)
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

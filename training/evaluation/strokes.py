"""Playing the protocol ``strokes``: a simulated user paints where the result is furthest off.

Each method plays a game of its own, for the place of the next stroke depends on its result so far.
"""

import time

import numpy as np
from PIL import Image

from colorizer.color import Array, Bytes, rgb_to_lab
from colorizer.hints import Hint, HintSet
from colorizer.prepared import Prepared, prepare_lightness
from colorizer.raster import rasterise
from colorizer.samplers import seeded
from training.data.pictures import Picture
from training.evaluation.fixed_hints import Played, join
from training.evaluation.methods import Method
from training.evaluation.metrics import psnr
from training.evaluation.protocols import GOALS, PROTOCOLS, STROKES
from training.evaluation.simulated_user import draw_stroke

NEVER = STROKES + 1  # strokes counted for a picture that does not come as far


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


def _game(name: str, method: Method, photo: Prepared, lab: Array, truth: Bytes) -> Played:
    """Figures after 0 strokes, 1 stroke and so on."""
    height, width = truth.shape[:2]
    hints: list[Hint] = []
    played = []
    for n in range(1, STROKES + 2):
        planes = rasterise(HintSet(tuple(hints)), height, width)
        started = time.perf_counter()
        ab = method.color(photo, planes.ab, planes.mask)
        seconds = time.perf_counter() - started
        played.append({"psnr": psnr(join(lab, ab), truth), "seconds": seconds})
        if n <= STROKES:
            hints.append(draw_stroke(lab, ab, planes.mask, seeded("strokes", name, n)))
    return played


def _until(goal: float, qualities: list[float]) -> dict[str, float]:
    reached = [n for n, quality in enumerate(qualities) if quality >= goal]
    return {"strokes": float(reached[0] if reached else NEVER), "reached": float(bool(reached))}

"""Playing the protocol ``colorfulness``: how colourful pictures are without any hint."""

import numpy as np
from PIL import Image

from colorizer.color import rgb_to_lab
from colorizer.prepared import prepare_lightness
from training.data.pictures import Picture
from training.evaluation.fixed_hints import Played, join
from training.evaluation.methods import Method
from training.evaluation.metrics import colorfulness, psnr
from training.evaluation.protocols import PROTOCOLS, TRUTH


def play(picture: Picture, methods: dict[str, Method]) -> dict[str, Played]:
    """Colour one picture without hints, by every method.

    Returns:
        For each row, and for the true picture, its figures in the one column.

    Raises:
        DataError: the picture is damaged.
    """
    side = PROTOCOLS["colorfulness"].side
    truth = np.asarray(picture.rgb().resize((side, side), Image.Resampling.BILINEAR))
    lab = rgb_to_lab(truth)
    photo = prepare_lightness(lab[..., 0] / 100)
    ab, mask = (np.zeros((channels, *lab.shape[:2]), np.float32) for channels in (2, 1))
    true = colorfulness(truth)
    rows: dict[str, Played] = {TRUTH: [{"colorfulness": true}]}
    for name, method in methods.items():
        result = join(lab, method.color(photo, ab, mask))
        figures = {"colorfulness": colorfulness(result), "psnr": psnr(result, truth)}
        rows[name] = [{**figures, TRUTH: true}]
    return rows

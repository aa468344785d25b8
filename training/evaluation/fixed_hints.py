"""Playing the protocols whose hints are drawn beforehand: ``report`` and ``points``."""

import time

import numpy as np

from colorizer.color import Array, Bytes, lab_to_rgb, rgb_to_lab, to_uint8
from colorizer.prepared import prepare_lightness
from training.data.pictures import Picture
from training.evaluation.methods import Method
from training.evaluation.metrics import ciede2000, psnr, ssim
from training.evaluation.protocols import FixedHints

Played = list[dict[str, float]]


def play(protocol: FixedHints, picture: Picture, methods: dict[str, Method]) -> dict[str, Played]:
    """Colour one picture with every amount of hints, by every method.

    Returns:
        For each row its figures in each column.

    Raises:
        DataError: the picture is damaged.
    """
    truth = protocol.truth(picture.rgb())
    lab = rgb_to_lab(truth)
    ab = np.ascontiguousarray(lab[..., 1:].transpose(2, 0, 1))
    photo = prepare_lightness(lab[..., 0] / 100)
    rows: dict[str, Played] = {name: [] for name in methods}
    known: dict[bytes, dict[str, float]] = {}  # the same colours are judged once
    for amount in protocol.amounts:
        hint_ab, mask = protocol.hints(picture.name, ab, amount)
        for name, method in methods.items():
            started = time.perf_counter()
            result = method.color(photo, hint_ab, mask)
            seconds = time.perf_counter() - started
            key = result.tobytes()
            if key not in known:
                known[key] = _judge(join(lab, result), lab, truth)
            off = np.hypot(*(result - hint_ab))[mask[0] > 0]
            hint_error = float(off.mean()) if off.size else 0.0
            rows[name].append({**known[key], "hint_error": hint_error, "seconds": seconds})
    if len(protocol.columns) > len(protocol.amounts):
        rows = {name: [*played, _mean(played)] for name, played in rows.items()}
    return rows


def join(lab: Array, ab: Array) -> Bytes:
    """The picture with its true L and other colours: (H, W, 3) sRGB, clipped and rounded.

    Args:
        lab: (H, W, 3); only its L is used.
        ab: (2, H, W), CIELAB units.
    """
    return to_uint8(lab_to_rgb(np.concatenate([lab[..., :1], ab.transpose(1, 2, 0)], axis=-1)))


def _judge(result: Bytes, lab: Array, truth: Bytes) -> dict[str, float]:
    return {
        "psnr": psnr(result, truth),
        "ssim": ssim(result, truth),
        "ciede2000": float(ciede2000(rgb_to_lab(result), lab).mean()),
    }


def _mean(played: Played) -> dict[str, float]:
    return {key: float(np.mean([figures[key] for figures in played])) for key in played[0]}

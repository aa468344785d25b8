"""A quick score on validation pictures while a network learns: its gain over the prior."""

from collections.abc import Sequence

import numpy as np
import torch
from PIL import Image

from colorizer.color import Array, lab_to_rgb, rgb_to_lab, to_uint8
from colorizer.nets import ColorNet
from colorizer.prior import Affinities, propagate
from colorizer.samplers import sample_cells, sample_pixels, seeded
from training.data import Picture
from training.metrics import psnr

SIDE = 128
DENSE = 0.03
FEW = 10


def gain_over_prior(net: ColorNet, pictures: Sequence[Picture], device: str) -> dict[str, float]:
    """PSNR above the training-free prior, in dB, at no hint, ten dabs and 3 % of the pixels.

    Args:
        net: in evaluation mode.
        pictures: to score on, at 128x128.
        device: where the network is.
    """
    gains: dict[str, list[float]] = {"none": [], "few": [], "dense": []}
    for picture in pictures:
        truth = np.asarray(picture.rgb().resize((SIDE, SIDE), Image.Resampling.LANCZOS))
        lab = rgb_to_lab(truth)
        ab = np.ascontiguousarray(lab[..., 1:].transpose(2, 0, 1))
        lightness = np.ascontiguousarray(lab[None, None, ..., 0] / 100)
        affinities = Affinities.of(lightness)
        hints = {
            "none": (np.zeros_like(ab), np.zeros_like(ab[:1])),
            "few": sample_cells(ab, FEW, seeded("val", picture.name, FEW)),
            "dense": sample_pixels(ab, DENSE, seeded("val", picture.name, DENSE)),
        }
        for amount, (hint_ab, mask) in hints.items():
            prior = propagate(affinities, hint_ab[None], mask[None])
            inputs = (lightness, hint_ab[None], mask[None], prior)
            with torch.inference_mode():
                out = net(*(torch.from_numpy(plane).to(device) for plane in inputs)).cpu().numpy()
            gains[amount].append(
                psnr(_join(lab, out[0]), truth) - psnr(_join(lab, prior[0]), truth)
            )
    return {amount: float(np.mean(values)) for amount, values in gains.items()}


def _join(lab: Array, ab: Array) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return to_uint8(lab_to_rgb(np.concatenate([lab[..., :1], ab.transpose(1, 2, 0)], axis=-1)))

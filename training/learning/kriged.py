"""Kriging while a network learns: its ground through it, its colours upon it."""

import numpy as np
import torch
from torch import Tensor

from colorizer.kriging import Terrain, krige
from colorizer.nets.ground import Ground, Picture
from colorizer.nets.ground import krige as krige_some
from training.learning.losses import psnr_loss


def kriged(ground: Ground, batch: dict[str, Tensor]) -> Tensor:
    """The prior of networks with a ground.

    Args:
        ground: in evaluation mode.
        batch: with ``looks`` (N, 7, H, W), ``hint_ab`` and ``mask``.

    Returns:
        (N, 2, H, W), ab in CIELAB units.
    """
    with torch.no_grad():
        survey = ground(batch["looks"])
        kernel = ground.kernel().cpu().numpy()
    planes = [plane.cpu().numpy() for plane in (*survey, batch["hint_ab"], batch["mask"])]
    spread = [
        krige(Terrain.of(drift, amplitude, look, kernel), ab, mask)
        for drift, amplitude, look, ab, mask in zip(*planes, strict=True)
    ]
    return torch.from_numpy(np.stack(spread).astype(np.float32)).to(batch["hint_ab"].device)


def ground_loss(ground: Ground, batch: dict[str, Tensor]) -> Tensor:
    """How badly kriging guesses the pixels ``asked`` from those ``known``, as PSNR: a scalar."""
    survey, kernel = ground(batch["looks"]), ground.kernel()
    losses = []
    for number, (known, asked) in enumerate(zip(batch["known"], batch["asked"], strict=True)):
        known = known[known >= 0]
        picture = Picture.of(survey, number)
        ab = batch["ab"][number].flatten(1).T
        predicted = krige_some(kernel, picture.pick(known), ab[known], picture.pick(asked))
        lightness = batch["lightness"][number].flatten()[asked]
        losses.append(psnr_loss(lightness[None, None, None], _line(predicted), _line(ab[asked])))
    return torch.stack(losses).mean()


def _line(ab: Tensor) -> Tensor:
    """(P, 2) as a picture of one line: (1, 2, 1, P)."""
    return ab.T[None, :, None]

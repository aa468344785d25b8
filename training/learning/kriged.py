"""Kriging while a network learns: its ground through it, its colours upon it."""

import numpy as np
import torch
from torch import Tensor

from colorizer.color import Array
from colorizer.hints import Hint, HintSet, rasterise
from colorizer.kriging import Terrain, krige
from colorizer.nets.ground import Ground, Picture, Survey
from colorizer.nets.ground import krige as krige_some
from colorizer.sites import Sites
from training.learning.losses import psnr_loss
from training.scoring.strokes import draw_stroke

MOST_SITES = 512


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
        kernel = ground.kernel()
    planes = [batch[key].cpu().numpy() for key in ("hint_ab", "mask")]
    spread = [
        krige(_terrain(survey, kernel, number), ab, mask)
        for number, (ab, mask) in enumerate(zip(*planes, strict=True))
    ]
    return torch.from_numpy(np.stack(spread).astype(np.float32)).to(batch["hint_ab"].device)


def ground_loss(ground: Ground, batch: dict[str, Tensor]) -> Tensor:
    """How badly kriging guesses pixels from hints, as PSNR: a scalar.

    Args:
        ground: that learns.
        batch: with ``looks``, ``lightness``, ``ab``, ``hint_ab``, ``mask``, ``asked``, ``strokes``
            and ``user``, as :class:`training.learning.samples.Batches` makes them.
    """
    survey, kernel = ground(batch["looks"]), ground.kernel()
    losses = []
    for number, asked in enumerate(batch["asked"]):
        if strokes := int(batch["strokes"][number]):
            rng = np.random.default_rng(int(batch["user"][number]))
            terrain = _terrain(survey, kernel, number)
            lab = torch.cat([100 * batch["lightness"][number], batch["ab"][number]])
            hints = paint(terrain, lab.cpu().numpy().transpose(1, 2, 0), strokes, rng)
        else:
            hints = batch["hint_ab"][number].cpu().numpy(), batch["mask"][number].cpu().numpy()
        predicted = _guess(Picture.of(survey, number), kernel, hints, asked)
        truth = _line(batch["ab"][number].flatten(1).T[asked])
        lightness = batch["lightness"][number].flatten()[asked]
        losses.append(psnr_loss(lightness[None, None, None], _line(predicted), truth))
    return torch.stack(losses).mean()


def paint(
    terrain: Terrain, lab: Array, strokes: int, rng: np.random.Generator
) -> tuple[Array, Array]:
    """Hints of a user who paints where the colours are farthest off, stroke by stroke.

    Args:
        terrain: the picture as it is surveyed.
        lab: (H, W, 3), the truth.
        strokes: how many.
        rng: decides what :func:`training.scoring.strokes.draw_stroke` leaves open.

    Returns:
        ab (2, H, W) in CIELAB units, and mask (1, H, W).
    """
    hints: list[Hint] = []
    planes = rasterise(HintSet(), *lab.shape[:2])
    for _ in range(strokes):
        hints.append(draw_stroke(lab, krige(terrain, *planes), planes[1], rng))
        planes = rasterise(HintSet(tuple(hints)), *lab.shape[:2])
    return planes


def _guess(picture: Picture, kernel: Tensor, hints: tuple[Array, Array], asked: Tensor) -> Tensor:
    """Colours of the pixels ``asked``: (P, 2)."""
    ab, mask = hints
    if not mask.any():
        return picture.drift[asked]
    sites = Sites.of(ab, mask)
    some = np.random.default_rng(len(sites)).permutation(len(sites))[:MOST_SITES]
    colours = sites.means(ab.reshape(2, -1).T)[some].astype(np.float32)
    return krige_some(
        kernel,
        picture.means(sites).pick(torch.from_numpy(some)),
        torch.from_numpy(colours).to(kernel),
        torch.from_numpy(sites.painted[some]).to(kernel.device),
        picture.pick(asked),
    )


def _terrain(survey: Survey, kernel: Tensor, number: int) -> Terrain:
    """One of a batch, at rest."""
    planes = (plane[number].detach().cpu().numpy() for plane in survey)
    return Terrain.of(planes, kernel.detach().cpu().numpy())


def _line(rows: Tensor) -> Tensor:
    """(P, 2) as a picture of one line: (1, 2, 1, P)."""
    return rows.T[None, :, None]

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


def hinted(ground: Ground, batch: dict[str, Tensor]) -> dict[str, Tensor]:
    """What networks with a ground see besides the picture.

    Args:
        ground: in evaluation mode.
        batch: with ``looks`` (N, 7, H, W), ``hint_ab`` and ``mask``; and, where a user paints,
            ``lightness``, ``ab``, ``strokes`` and ``user``, as
            :class:`training.learning.samples.Batches` makes them.

    Returns:
        ``hint_ab`` and ``mask``, painted where a user does, and ``prior_ab`` kriged from them,
        (N, 2, H, W) in CIELAB units.
    """
    with torch.no_grad():
        survey = ground(batch["looks"])
        kernel = ground.kernel()
    pictures = []
    for number in range(len(batch["looks"])):
        terrain = _terrain(survey, kernel, number)
        hints = _hints(terrain, batch, number)
        pictures.append((*hints, krige(terrain, *hints)))
    device = batch["looks"].device
    stacked = (np.stack(planes).astype(np.float32) for planes in zip(*pictures, strict=True))
    hint_ab, mask, prior_ab = (torch.from_numpy(planes).to(device) for planes in stacked)
    return {"hint_ab": hint_ab, "mask": mask, "prior_ab": prior_ab}


def ground_loss(ground: Ground, batch: dict[str, Tensor]) -> Tensor:
    """How badly kriging guesses pixels from hints, as PSNR: a scalar.

    Args:
        ground: that learns.
        batch: as for :func:`hinted`, with ``lightness``, ``ab`` and ``asked``.
    """
    survey, kernel = ground(batch["looks"]), ground.kernel()
    losses = []
    for number, asked in enumerate(batch["asked"]):
        hints = _hints(_terrain(survey, kernel, number), batch, number)
        predicted = _guess(Picture.of(survey, number), kernel, hints, asked)
        truth = _line(batch["ab"][number].flatten(1).T[asked])
        lightness = batch["lightness"][number].flatten()[asked]
        losses.append(psnr_loss(lightness[None, None, None], _line(predicted), truth))
    return torch.stack(losses).mean()


def _hints(terrain: Terrain, batch: dict[str, Tensor], number: int) -> tuple[Array, Array]:
    """The hints of one of a batch, as planes: those that came with it, or a user's."""
    if "strokes" in batch and (strokes := int(batch["strokes"][number])):
        lab = torch.cat([100 * batch["lightness"][number], batch["ab"][number]])
        rng = np.random.default_rng(int(batch["user"][number]))
        return paint(terrain, lab.cpu().numpy().transpose(1, 2, 0), strokes, rng)
    return batch["hint_ab"][number].cpu().numpy(), batch["mask"][number].cpu().numpy()


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

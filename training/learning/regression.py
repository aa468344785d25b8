"""Kriging while a network learns: its field network through it, its colours upon it."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from colorizer.clusters import Clusters
from colorizer.color import Array
from colorizer.field import PhotoField
from colorizer.hints import Hint, HintSet
from colorizer.kriging import Observations, krige
from colorizer.nets.field import FieldMaps, FieldNet
from colorizer.nets.regression import FieldPixels, regress, spread_alone
from colorizer.raster import rasterise
from training.evaluation.simulated_user import draw_stroke
from training.learning.losses import distribution_loss, psnr_loss
from training.learning.recoloring import (
    CHROMA,
    Task,
    choose_mosaic,
    choose_places,
    choose_thing,
    mosaic_loss,
    thing_loss,
)

MAX_CLUSTERS = 512
MAX_TARGETS = 2500
_LEAST_PLAUSIBLE = 1e-4  # so that single precision can solve the system
# Of the loss, while the field learns; the distribution's also while the mean does.
MEAN_SHARE, DISTRIBUTION_SHARE, TRUTH_SHARE, THING_SHARE = 0.7, 0.05, 0.7, 1.0


def hinted(net: FieldNet, batch: dict[str, Tensor]) -> dict[str, Tensor]:
    """What networks with a field network see besides the photo.

    Args:
        net: in evaluation mode.
        batch: with ``features`` (N, 7, H, W), ``hint_ab`` and ``mask``; and, where a user paints,
            ``lightness``, ``ab``, ``strokes`` and ``user``, as
            :class:`training.learning.samples.Batches` makes them.

    Returns:
        ``hint_ab`` and ``mask``, painted where a user does, and ``prior_ab`` kriged from them,
        (N, 2, H, W) in CIELAB units.
    """
    with torch.no_grad():
        maps = net(batch["features"])
        kernel = net.kernel()
    planes = []
    for number in range(len(batch["features"])):
        field = _photo_field(maps, kernel, number)
        hints = _hints(field, batch, number)
        planes.append((*hints, krige(field, *hints)))
    device = batch["features"].device
    stacked = (np.stack(same).astype(np.float32) for same in zip(*planes, strict=True))
    hint_ab, mask, prior_ab = (torch.from_numpy(plane).to(device) for plane in stacked)
    return {"hint_ab": hint_ab, "mask": mask, "prior_ab": prior_ab}


def mean_loss(net: FieldNet, batch: dict[str, Tensor]) -> Tensor:
    """How far the mean is from the truth, as PSNR, and the distribution with it: a scalar.

    Args:
        net: that learns.
        batch: with ``features``, ``lightness`` and ``ab``.
    """
    return _direct_loss(net, net(batch["features"]), batch)


def field_loss(net: FieldNet, batch: dict[str, Tensor]) -> Tensor:
    """How badly kriging guesses pixels from hints, true ones and recoloured things: a scalar.

    Args:
        net: that learns.
        batch: as for :func:`hinted`, with ``lightness``, ``ab``, ``targets``, ``user``,
            ``recolored`` and ``labels``.
    """
    maps, kernel = net(batch["features"]), net.kernel()
    truths, things = [], []
    for number, targets in enumerate(batch["targets"]):
        pixels = FieldPixels.of(maps, number)
        if batch["recolored"][number]:
            things += _thing_losses(pixels.by_things(), maps.mean[number], kernel, batch, number)
            continue
        field = _photo_field(maps, kernel, number)
        hints = _hints(field, batch, number)
        predicted = _predict(pixels, kernel, field, hints, targets)
        truth = _line(batch["ab"][number].flatten(1).T[targets])
        lightness = batch["lightness"][number].flatten()[targets]
        truths.append(psnr_loss(lightness[None, None, None], _line(predicted), truth))
    loss = MEAN_SHARE * _direct_loss(net, maps, batch)
    for losses, share in ((truths, TRUTH_SHARE), (things, THING_SHARE)):
        if losses:
            loss = loss + share * torch.stack(losses).mean()
    return loss


def _direct_loss(net: FieldNet, maps: FieldMaps, batch: dict[str, Tensor]) -> Tensor:
    colors = psnr_loss(batch["lightness"], maps.mean, batch["ab"])
    spread = distribution_loss(maps.ab_logits, batch["ab"], net.log_rarity)
    return colors + DISTRIBUTION_SHARE * spread


def _thing_losses(
    pixels: FieldPixels, mean: Tensor, kernel: Tensor, batch: dict[str, Tensor], number: int
) -> list[Tensor]:
    """The losses of a photo whose things have got other colours: at most three."""
    rng = np.random.default_rng(int(batch["user"][number]))
    labels = batch["labels"][number].cpu().numpy()
    before = mean.detach().cpu().numpy()
    losses = []
    if (places := choose_places(labels, rng)) is not None:
        chosen, strength = _some(np.arange(labels.size), rng), rng.uniform(*CHROMA)
        alone = spread_alone(kernel, pixels.pick(places), strength, pixels.pick(chosen))
        same = labels.ravel()[chosen][:, None] == labels.ravel()[places]
        losses.append(thing_loss(alone, torch.from_numpy(same).to(mean.device)))
    if task := choose_thing(labels, before, rng):
        chosen = _some(np.flatnonzero(task.counts), rng)
        goal = torch.from_numpy(task.colors[0]).to(mean)
        way = goal - pixels.mean[chosen].detach()
        moved = _recolor(pixels, kernel, task, chosen) - pixels.mean[chosen]
        went = (moved * way).sum(dim=1) / way.square().sum(dim=1)
        losses.append(thing_loss(went, torch.from_numpy(task.label[chosen] == 0).to(mean.device)))
    if task := choose_mosaic(labels, before, rng):
        chosen = _some(np.flatnonzero(task.label >= 0), rng)
        colors = task.colors[np.searchsorted(task.region, task.label[chosen])]
        predicted = _recolor(pixels, kernel, task, chosen)
        losses.append(mosaic_loss(predicted, torch.from_numpy(colors).to(mean)))
    return losses


def _recolor(
    pixels: FieldPixels, kernel: Tensor, task: Task, targets: npt.NDArray[np.intp]
) -> Tensor:
    """What kriging makes of dabs in chosen colours, at some pixels: (P, 2)."""
    dabs = pixels.gather(task.dabs)
    # The colours are asked for as they are, not for where the mean is.
    dabs = dabs._replace(mean=dabs.mean.detach())
    brush = torch.ones(len(task.dabs), dtype=torch.bool, device=kernel.device)
    return regress(
        kernel, dabs, torch.from_numpy(task.colors).to(kernel), brush, pixels.pick(targets)
    )


def _some(numbers: npt.NDArray[np.intp], rng: np.random.Generator) -> npt.NDArray[np.intp]:
    return rng.permutation(numbers)[:MAX_TARGETS]


def _hints(field: PhotoField, batch: dict[str, Tensor], number: int) -> tuple[Array, Array]:
    """The hints of one of a batch, as planes: those that came with it, or a user's."""
    if "strokes" in batch and (strokes := int(batch["strokes"][number])):
        lab = torch.cat([100 * batch["lightness"][number], batch["ab"][number]])
        rng = np.random.default_rng(int(batch["user"][number]))
        return simulate_strokes(field, lab.cpu().numpy().transpose(1, 2, 0), strokes, rng)
    return batch["hint_ab"][number].cpu().numpy(), batch["mask"][number].cpu().numpy()


def simulate_strokes(
    field: PhotoField, lab: Array, strokes: int, rng: np.random.Generator
) -> tuple[Array, Array]:
    """Hints of a user who paints where the colours are farthest off, stroke by stroke.

    Args:
        field: of the photo.
        lab: (H, W, 3), the truth.
        strokes: how many.
        rng: decides what :func:`training.evaluation.simulated_user.draw_stroke` leaves open.

    Returns:
        ab (2, H, W) in CIELAB units, and mask (1, H, W).
    """
    hints: list[Hint] = []
    planes = rasterise(HintSet(), *lab.shape[:2])
    for _ in range(strokes):
        hints.append(draw_stroke(lab, krige(field, planes.ab, planes.mask), planes.mask, rng))
        planes = rasterise(HintSet(tuple(hints)), *lab.shape[:2])
    return planes.ab, planes.mask


def _predict(
    pixels: FieldPixels,
    kernel: Tensor,
    field: PhotoField,
    hints: tuple[Array, Array],
    targets: Tensor,
) -> Tensor:
    """Colours of the pixels ``targets``: (P, 2)."""
    ab, mask = hints
    if not mask.any():
        return pixels.mean[targets]
    clusters = Clusters.of(ab, mask)
    some = np.random.default_rng(len(clusters)).permutation(len(clusters))[:MAX_CLUSTERS]
    colors = clusters.means(ab.reshape(2, -1).T)[some].astype(np.float32)
    plausible = Observations.of(field, ab, mask).plausibility[some].clip(_LEAST_PLAUSIBLE)
    return regress(
        kernel,
        pixels.means(clusters).pick(torch.from_numpy(some)),
        torch.from_numpy(colors).to(kernel),
        torch.from_numpy(clusters.is_brush[some]).to(kernel.device),
        pixels.pick(targets),
        torch.from_numpy(plausible).to(kernel),
    )


def _photo_field(maps: FieldMaps, kernel: Tensor, number: int) -> PhotoField:
    """One of a batch, at rest."""
    planes = (maps.mean, maps.scale, maps.embedding, maps.thing_embedding)
    arrays = (plane[number].detach().cpu().numpy() for plane in planes)
    field = PhotoField.of(arrays, kernel.detach().cpu().numpy())
    return replace(field, ab_logits=maps.ab_logits[number].detach().cpu().numpy())


def _line(rows: Tensor) -> Tensor:
    """(P, 2) as a photo of one line: (1, 2, 1, P)."""
    return rows.T[None, :, None]

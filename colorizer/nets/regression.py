"""The differentiable twin of kriging, at some pixels only: the field network learns through it."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from colorizer.clusters import Clusters
from colorizer.nets.field import FieldMaps
from colorizer.things import EMBEDDING, PLACE, SOFTNESS


class FieldPixels(NamedTuple):
    """Some pixels, or the means of some clusters, of a photo's field.

    Attributes:
        place: (P, 2), x and y in parts of the longer side.
        mean: (P, 2), CIELAB units.
        scale: (P, 1).
        embedding: (P, K).
        thing_embedding: (P, K).
    """

    place: Tensor
    mean: Tensor
    scale: Tensor
    embedding: Tensor
    thing_embedding: Tensor

    @classmethod
    def of(cls, maps: FieldMaps, number: int) -> "FieldPixels":
        """All pixels of one of a batch."""
        planes = (maps.mean, maps.scale, maps.embedding, maps.thing_embedding)
        mean, scale, embedding, things = (plane[number].flatten(1).T for plane in planes)
        height, width = maps.mean.shape[-2:]
        y, x = torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")
        place = torch.stack([x, y], dim=-1).reshape(-1, 2) / max(height, width)
        return cls(place.to(mean), mean, scale, embedding, things)

    def by_things(self) -> "FieldPixels":
        """The same, for colours that spread by things alone."""
        return self._replace(embedding=self.thing_embedding)

    def pick(self, pixels: Tensor | npt.NDArray[np.intp]) -> "FieldPixels":
        """Some of the pixels."""
        return FieldPixels(*(rows[pixels] for rows in self))

    def gather(self, groups: Sequence[npt.NDArray[np.intp]]) -> "FieldPixels":
        """The means of some groups of pixels."""
        return FieldPixels(
            *(torch.stack([rows[torch.from_numpy(g)].mean(dim=0) for g in groups]) for rows in self)
        )

    def means(self, clusters: Clusters) -> "FieldPixels":
        """Of each cluster, the means of its pixels."""
        sizes = torch.from_numpy(clusters.sizes).to(self.place.device)
        number = torch.repeat_interleave(torch.arange(len(sizes), device=sizes.device), sizes)
        pixel = torch.from_numpy(clusters.pixel).to(sizes.device)
        return FieldPixels(
            *(
                torch.zeros(len(sizes), rows.shape[1]).to(rows).index_add(0, number, rows[pixel])
                / sizes[:, None]
                for rows in self
            )
        )


def regress(
    kernel: Tensor,
    observed: FieldPixels,
    ab: Tensor,
    is_brush: Tensor,
    targets: FieldPixels,
    plausible: Tensor | None = None,
) -> Tensor:
    """Predict colours as :func:`colorizer.kriging.krige` does, differentiably.

    Args:
        kernel: (8,), of :meth:`colorizer.nets.field.FieldNet.kernel`.
        observed: the n clusters with hints, at least one.
        ab: (n, 2), their colours in CIELAB units.
        is_brush: (n,), whether a brush made them.
        targets: the m pixels to predict.
        plausible: (n,), in (0, 1], that each colour is the photo's own; None where all are.

    Returns:
        (m, 2), ab in CIELAB units.
    """
    constant, partial_sill, nugget, brush_nugget, outlier_discount, sharpening = kernel[2:]
    residual = ab - observed.mean
    credit = 1 / (1 + outlier_discount * (residual / observed.scale).square().sum(1).mean())
    constant, sharpness = constant * credit, 1 + sharpening * (1 - credit)
    errors, doubt = torch.where(is_brush, brush_nugget, nugget), None
    if plausible is not None:
        errors = torch.where(is_brush, errors * plausible, errors)
        odds = (1 - plausible) / plausible
        doubt = odds * (constant + partial_sill) * observed.scale[:, 0].square()
        errors = errors + doubt
    between = constant + partial_sill * _correlation(kernel, sharpness, observed, observed)
    between = between * observed.scale * observed.scale.T
    root = torch.linalg.cholesky(between + torch.diag(errors))
    weights = torch.cholesky_solve(residual, root)
    across = constant + partial_sill * _correlation(kernel, sharpness, targets, observed)
    across = across * targets.scale * observed.scale.T
    predicted: Tensor = targets.mean + across @ weights
    if doubt is not None:
        predicted = predicted + _membership(kernel, targets, observed) @ (doubt[:, None] * weights)
    return predicted


def spread_alone(
    kernel: Tensor, observed: FieldPixels, strength: float, targets: FieldPixels
) -> Tensor:
    """How much of its colour each of some dabs gives to pixels, if there is no other hint.

    Args:
        kernel: as for :func:`regress`.
        observed: the n dabs of a brush.
        strength: how far each one's colour is from the mean, in CIELAB units.
        targets: the m pixels.

    Returns:
        (m, n), 1 where a pixel goes all the way.
    """
    constant, partial_sill, _, brush_nugget, outlier_discount, sharpening = kernel[2:]
    credit = 1 / (1 + outlier_discount * (strength / observed.scale[:, 0]).square())
    constant, sharpness = constant * credit, 1 + sharpening * (1 - credit)
    across = constant + partial_sill * _correlation(kernel, sharpness, targets, observed)
    own = (constant + partial_sill) * observed.scale[:, 0].square() + brush_nugget
    alone: Tensor = across * targets.scale * observed.scale.T / own
    return alone


def _membership(kernel: Tensor, targets: FieldPixels, observed: FieldPixels) -> Tensor:
    """Which of the observed things pixels are part of, as :func:`colorizer.things.hand_out` says.

    It is taken as it is: things are learned from recoloured ones.
    """
    with torch.no_grad():
        place = ((targets.place[:, None] - observed.place) / kernel[:2]).square().sum(-1)
        apart = torch.cdist(targets.thing_embedding, observed.thing_embedding).square()
        score = (1 - EMBEDDING**2 * apart - PLACE**2 * place) / SOFTNESS
        weight = score.exp()
        share: Tensor = weight / (weight.sum(dim=1, keepdim=True) + 1)
    return share


def _correlation(kernel: Tensor, sharpness: Tensor, one: FieldPixels, other: FieldPixels) -> Tensor:
    place = ((one.place[:, None] - other.place) / kernel[:2]).square().sum(-1)
    embedding = one.embedding.square().sum(-1)[:, None] + other.embedding.square().sum(-1)
    embedding = (embedding - 2 * one.embedding @ other.embedding.T).clamp(min=0)
    # Not to 0: the root's slope is infinite there.
    return torch.exp(-sharpness * ((place + 1e-10).sqrt() + (embedding + 1e-6).sqrt()))

"""The ground: what a network makes of a picture before it sees any hint.

Seen once a photo, and kept with it: a stroke pays nothing for it. From it hints are spread by
kriging (:mod:`colorizer.kriging`); it learns through that, end to end, as in "Deep Kernel
Learning" (Wilson, Hu, Salakhutdinov and Xing, AISTATS 2016, section 3).
"""

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from colorizer.kriging import PLAIN, PLAIN_RANGES
from colorizer.looks import LOOKS
from colorizer.nets.grid import Grid

FEATURES = 8

_DRIFT = 50.0  # CIELAB units at an output of 1
_FEATURE = 3.0
_MOST_LOG_AMPLITUDE = 3.0
_START = 0.003


class Survey(NamedTuple):
    """A picture as kriging needs it.

    Attributes:
        drift: (N, 2, H, W), the colours without any hint, in CIELAB units.
        amplitude: (N, 1, H, W), above 0.
        look: (N, 15, H, W), each over its own range.
    """

    drift: Tensor
    amplitude: Tensor
    look: Tensor


class Ground(nn.Module):
    """Looks of a picture in, its :class:`Survey` out; and the numbers of the covariance.

    The grid works on cells of 2x2 pixels. It starts as the training-free terrain: no drift, an
    amplitude of 1, and features that hardly count.

    Args:
        width: channels at half the size.
        depth: how often that is halved.
        nested: whether its grid is nested, and
        gates: has attention gates, as in :class:`colorizer.nets.grid.Grid`.
    """

    def __init__(self, width: int, depth: int, *, nested: bool, gates: bool) -> None:
        super().__init__()
        self.grid = Grid(
            4 * LOOKS,
            4 * (3 + FEATURES),
            nested=nested,
            gates=gates,
            width=width,
            depth=depth,
            blocks=1,
            up="transpose",
            order="conv-bn-relu",
        )
        nn.init.normal_(self.grid.head.weight, std=_START)
        nn.init.zeros_(self.grid.head.bias)  # type: ignore[arg-type] # a bias is there
        # All as logarithms.
        self.ranges = nn.Parameter(torch.tensor(PLAIN_RANGES).log())
        self.place = nn.Parameter(torch.tensor([PLAIN.range_x, PLAIN.range_y]).log())
        self.const = nn.Parameter(torch.tensor(PLAIN.constant).log())
        self.var = nn.Parameter(torch.tensor(PLAIN.variance).log())
        self.noise = nn.Parameter(torch.tensor(PLAIN.noise).log())
        # Lightness and its means are centred.
        centre = torch.tensor([0.5] * 4 + [0.0] * 3)[:, None, None]
        self.register_buffer("centre", centre, persistent=False)
        self.centre: Tensor

    def forward(self, look: Tensor) -> Survey:
        """Survey pictures.

        Args:
            look: (N, 7, H, W), of :func:`colorizer.looks.looks`; H and W multiples of
                2**(depth + 1).
        """
        out = self.grid(functional.pixel_unshuffle(look - self.centre, 2))
        out = functional.pixel_shuffle(out, 2)
        amplitude = out[:, 2:3].clamp(-_MOST_LOG_AMPLITUDE, _MOST_LOG_AMPLITUDE).exp()
        scaled = look * torch.exp(-self.ranges)[:, None, None]
        return Survey(
            _DRIFT * out[:, :2], amplitude, torch.cat([scaled, _FEATURE * out[:, 3:]], dim=1)
        )

    def kernel(self) -> Tensor:
        """The numbers of :class:`colorizer.kriging.Kernel`, in its order: (5,)."""
        return torch.cat([self.place, torch.stack([self.const, self.var, self.noise])]).exp()


class Picture(NamedTuple):
    """One surveyed picture as rows, one a pixel.

    Attributes:
        place: (P, 2), x and y in parts of the longer side.
        drift: (P, 2), CIELAB units.
        amplitude: (P, 1).
        look: (P, 15).
    """

    place: Tensor
    drift: Tensor
    amplitude: Tensor
    look: Tensor

    @classmethod
    def of(cls, survey: Survey, number: int) -> "Picture":
        """One of a batch."""
        drift, amplitude, look = (plane[number].flatten(1).T for plane in survey)
        height, width = survey.drift.shape[-2:]
        y, x = torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")
        place = torch.stack([x, y], dim=-1).reshape(-1, 2) / max(height, width)
        return cls(place.to(drift), drift, amplitude, look)

    def pick(self, pixels: Tensor) -> "Picture":
        """Some of the pixels."""
        return Picture(*(rows[pixels] for rows in self))


def krige(kernel: Tensor, hints: Picture, ab: Tensor, asked: Picture) -> Tensor:
    """Differentiable twin of :func:`colorizer.kriging.krige`, at some pixels only.

    Args:
        kernel: (5,), of :meth:`Ground.kernel`.
        hints: the n pixels with hints.
        ab: (n, 2), their colours in CIELAB units.
        asked: the m pixels to predict.

    Returns:
        (m, 2), ab in CIELAB units.
    """
    if not len(ab):
        return asked.drift
    known = _covariance(kernel, hints, hints) + kernel[4] * torch.eye(len(ab)).to(ab)
    weights = torch.cholesky_solve(ab - hints.drift, torch.linalg.cholesky(known))
    return asked.drift + _covariance(kernel, asked, hints) @ weights


def _covariance(kernel: Tensor, one: Picture, other: Picture) -> Tensor:
    place = ((one.place[:, None] - other.place) / kernel[:2]).square().sum(-1)
    look = one.look.square().sum(-1)[:, None] + other.look.square().sum(-1)
    look = (look - 2 * one.look @ other.look.T).clamp(min=0)
    # Not to 0: the root's slope is infinite there.
    distance = (place + 1e-10).sqrt() + (look + 1e-8).sqrt()
    return (kernel[2] + kernel[3] * torch.exp(-distance)) * one.amplitude * other.amplitude.T

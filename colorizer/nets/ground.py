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
from colorizer.sites import Sites

FEATURES = 8

_DRIFT = 50.0  # CIELAB units at an output of 1
_FEATURE = 3.0
_MOST_LOG_AMPLITUDE = 3.0
_START = 0.003
_PAINT, _WARINESS = 0.1, 0.002


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
        self.paint = nn.Parameter(torch.tensor(_PAINT).log())
        self.wariness = nn.Parameter(torch.tensor(_WARINESS).log())
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
        look = torch.cat([scaled, _FEATURE * out[:, 3:]], dim=1)
        return Survey(_DRIFT * out[:, :2], amplitude, look)

    def kernel(self) -> Tensor:
        """The numbers of :class:`colorizer.kriging.Kernel`, in its order: (7,)."""
        numbers = (self.const, self.var, self.noise, self.paint, self.wariness)
        return torch.cat([self.place, torch.stack(numbers)]).exp()


class Picture(NamedTuple):
    """Some pixels, or some sites, of a surveyed picture.

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
        """All pixels of one of a batch."""
        drift, amplitude, look = (plane[number].flatten(1).T for plane in survey)
        height, width = survey.drift.shape[-2:]
        y, x = torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")
        place = torch.stack([x, y], dim=-1).reshape(-1, 2) / max(height, width)
        return cls(place.to(drift), drift, amplitude, look)

    def pick(self, pixels: Tensor) -> "Picture":
        """Some of the pixels."""
        return Picture(*(rows[pixels] for rows in self))

    def means(self, sites: Sites) -> "Picture":
        """Of each site, the means of its pixels."""
        sizes = torch.from_numpy(sites.sizes).to(self.place.device)
        number = torch.repeat_interleave(torch.arange(len(sizes), device=sizes.device), sizes)
        pixel = torch.from_numpy(sites.pixel).to(sizes.device)
        return Picture(
            *(
                torch.zeros(len(sizes), rows.shape[1]).to(rows).index_add(0, number, rows[pixel])
                / sizes[:, None]
                for rows in self
            )
        )


def krige(kernel: Tensor, hints: Picture, ab: Tensor, painted: Tensor, asked: Picture) -> Tensor:
    """Differentiable twin of :func:`colorizer.kriging.krige`, at some pixels only.

    Args:
        kernel: (7,), of :meth:`Ground.kernel`.
        hints: the n sites with hints, at least one.
        ab: (n, 2), their colours in CIELAB units.
        painted: (n,), whether a brush made them.
        asked: the m pixels to predict.

    Returns:
        (m, 2), ab in CIELAB units.
    """
    constant, variance, noise, paint, wariness = kernel[2:]
    excess = ab - hints.drift
    surprise = (excess / hints.amplitude).square().sum(1).mean()
    level = constant / (1 + wariness * surprise)
    errors = torch.diag(torch.where(painted, paint, noise))
    known = (level + variance * _nearness(kernel, hints, hints)) * hints.amplitude
    root = torch.linalg.cholesky(known * hints.amplitude.T + errors)
    weights = torch.cholesky_solve(excess, root)
    told = (level + variance * _nearness(kernel, asked, hints)) * asked.amplitude
    predicted: Tensor = asked.drift + told * hints.amplitude.T @ weights
    return predicted


def _nearness(kernel: Tensor, one: Picture, other: Picture) -> Tensor:
    place = ((one.place[:, None] - other.place) / kernel[:2]).square().sum(-1)
    look = one.look.square().sum(-1)[:, None] + other.look.square().sum(-1)
    look = (look - 2 * one.look @ other.look.T).clamp(min=0)
    # Not to 0: the root's slope is infinite there.
    return torch.exp(-(place + 1e-10).sqrt() - (look + 1e-8).sqrt())

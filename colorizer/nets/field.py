"""The field network: what a network makes of a photo before it sees any hint.

Run once a photo, and kept with it: a stroke pays nothing for it. From it hints are spread by
kriging (:mod:`colorizer.kriging`). It learns the mean directly, and the rest through the kriging,
end to end, as in "Deep Kernel Learning" (Wilson, Hu, Salakhutdinov and Xing, AISTATS 2016,
section 3).
"""

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from colorizer.distribution import BINS
from colorizer.features import CHANNELS
from colorizer.field import PLAIN, PLAIN_RANGES
from colorizer.nets.encoder import Encoder
from colorizer.nets.grid import Grid

EMBEDDING = 16

_AB = 50.0  # CIELAB units at an output of 1
_MAX_LOG_SCALE = 3.0
_CONTEXT, _EMBEDDER, _DISTRIBUTION = 128, 32, 64  # channels inside the heads
_DROPOUT = 0.2
_START = 0.003
_TEMPERATURE = 0.2
_BRUSH_NUGGET, _OUTLIER_DISCOUNT, _SHARPENING = 0.15, 0.003, 0.3


class FieldMaps(NamedTuple):
    """The fields of N photos; :class:`colorizer.field.PhotoField` is one of them, for kriging.

    Attributes:
        mean: (N, 2, H, W), the colours without any hint, in CIELAB units.
        scale: (N, 1, H, W), above 0.
        embedding: (N, 7 + 16, H, W), the features, each over its own range, and what the network
            adds to them; near each other for pixels of like colours.
        thing_embedding: likewise; near each other for pixels that are parts of one thing.
        ab_logits: (N, Q, H / 4, W / 4), over :data:`colorizer.distribution.BINS`.
    """

    mean: Tensor
    scale: Tensor
    embedding: Tensor
    thing_embedding: Tensor
    ab_logits: Tensor


class FieldNet(nn.Module):
    """Features of photos in, :class:`FieldMaps` out; and the numbers of the covariance.

    Its grid works at half of the photo's size.

    Args:
        width: channels of the grid's decoder at that size, at most.
        depth: how often that is halved; 4 with an encoder.
        nested: whether the grid is nested, and
        gates: has attention gates, as in :class:`colorizer.nets.grid.Grid`.
        encoder: a name of :data:`colorizer.nets.encoder.ENCODERS`, which then makes column 0 of
            the grid from lightness alone; None for a column that is learned with the rest.

    Attributes:
        compute: lower precision for the convolutions while training, or None.
        log_rarity: (Q, 1, 1), logarithms of the weights that rare colours have while it learns; the
            distribution that it gives is free of them.
    """

    def __init__(
        self, width: int, depth: int, *, nested: bool, gates: bool, encoder: str | None = None
    ) -> None:
        super().__init__()
        self.compute: torch.dtype | None = None
        self.encoder = None if encoder is None else Encoder(encoder)
        self.grid = Grid(
            4 * CHANNELS,
            3,
            nested=nested,
            gates=gates,
            width=width,
            depth=depth,
            blocks=1,
            up="transpose",
            order="conv-bn-relu",
            column=None if self.encoder is None else self.encoder.channels,
        )
        nn.init.normal_(self.grid.head.weight, std=_START)
        nn.init.zeros_(self.grid.head.get_parameter("bias"))
        half, quarter, bottom = (self.grid.widths[level] for level in (0, 1, -1))
        self.context = nn.Sequential(
            nn.Linear(bottom, _CONTEXT), nn.ReLU(), nn.Linear(_CONTEXT, bottom)
        )
        for parameter in self.context[-1].parameters():
            nn.init.zeros_(parameter)
        self.embedder = _head(half + quarter, _EMBEDDER, EMBEDDING)
        self.things = nn.Conv2d(_EMBEDDER + half + quarter, EMBEDDING, 1)
        self.distribution = _head(quarter, _DISTRIBUTION, len(BINS))
        self.register_buffer("bins", torch.from_numpy(BINS), persistent=False)
        self.bins: Tensor
        self.register_buffer("log_rarity", torch.zeros(len(BINS), 1, 1))
        self.log_rarity: Tensor
        # All as logarithms.
        self.ranges = nn.Parameter(torch.tensor(PLAIN_RANGES).log())
        self.thing_ranges = nn.Parameter(torch.tensor(PLAIN_RANGES).log())
        self.place = nn.Parameter(torch.tensor([PLAIN.range_x, PLAIN.range_y]).log())
        self.constant = nn.Parameter(torch.tensor(PLAIN.constant).log())
        self.partial_sill = nn.Parameter(torch.tensor(PLAIN.partial_sill).log())
        self.nugget = nn.Parameter(torch.tensor(PLAIN.nugget).log())
        self.brush_nugget = nn.Parameter(torch.tensor(_BRUSH_NUGGET).log())
        self.outlier_discount = nn.Parameter(torch.tensor(_OUTLIER_DISCOUNT).log())
        self.sharpening = nn.Parameter(torch.tensor(_SHARPENING).log())
        self.unit = nn.Parameter(torch.zeros(()))

    def forward(self, features: Tensor) -> FieldMaps:
        """See photos.

        Args:
            features: (N, 7, H, W), of :func:`colorizer.features.features`, lightness first; H and
                W multiples of 32.
        """
        with torch.autocast(features.device.type, self.compute, enabled=self.compute is not None):
            nodes = self.grid.decode(self._column(features))
            depth = self.grid.depth
            top, quarter = nodes[0, depth], nodes[1, depth - 1]
            out = self.grid.head(top)
            joined = torch.cat([top, _double(quarter)], dim=1)
            hidden = self.embedder[:2](joined)
            embedding = self.embedder[2](hidden)
            things = self.things(torch.cat([hidden, joined], dim=1))
            logits = self.distribution(quarter)
        out = _double(out.float())
        scale = out[:, 2:].clamp(-_MAX_LOG_SCALE, _MAX_LOG_SCALE).exp()
        embedding = _embedding(features, self.ranges, embedding * self.unit.exp())
        things = _embedding(features, self.thing_ranges, things)
        ab_logits = logits.float() - self.log_rarity
        return FieldMaps(_AB * out[:, :2], scale, embedding, things, ab_logits)

    def mode(self, ab_logits: Tensor) -> Tensor:
        """Colours that say something where the mean hedges.

        The annealed mean of Zhang, Isola and Efros, "Colorful Image Colorization" (ECCV 2016),
        eq. 5, over the distribution in which rare colours count more.

        Args:
            ab_logits: (N, Q, H / 4, W / 4), of :class:`FieldMaps`.

        Returns:
            (N, 2, H, W), ab in CIELAB units.
        """
        # A softmax by hand: over channels, ONNX Runtime's own takes a fifth of the whole graph.
        sharp = (ab_logits + self.log_rarity) / _TEMPERATURE
        sharp = torch.exp(sharp - sharp.amax(dim=1, keepdim=True))
        sums = torch.cat([self.bins.T, torch.ones_like(self.bins.T[:1])])
        ab, share = functional.conv2d(sharp, sums[:, :, None, None]).split([2, 1], dim=1)
        ab = ab / share
        return functional.interpolate(ab, scale_factor=4, mode="bilinear")

    def _column(self, features: Tensor) -> list[Tensor]:
        """Column 0 of the grid, its last map with what the whole photo is like."""
        if self.encoder is not None:
            maps = self.encoder(features[:, :1])
        else:
            maps = self.grid.encode(functional.pixel_unshuffle(features, 2))
        pooled = maps[-1].mean(dim=(2, 3))
        # So that no photo of the training is known again by a few of these numbers.
        context = self.context(functional.dropout(pooled, _DROPOUT, self.training))
        return [*maps[:-1], maps[-1] + context[:, :, None, None]]

    def kernel(self) -> Tensor:
        """The numbers of :class:`colorizer.field.Kernel`, in its order: (8,)."""
        numbers = (
            self.constant,
            self.partial_sill,
            self.nugget,
            self.brush_nugget,
            self.outlier_discount,
            self.sharpening,
        )
        return torch.cat([self.place, torch.stack(numbers)]).exp()


def _head(channels_in: int, inner: int, channels_out: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(channels_in, inner, 3, padding=1),
        nn.ReLU(),
        nn.Conv2d(inner, channels_out, 1),
    )


def _embedding(features: Tensor, ranges: Tensor, learned: Tensor) -> Tensor:
    scaled = features * torch.exp(-ranges)[:, None, None]
    return torch.cat([scaled, _double(learned.float())], dim=1)


def _double(planes: Tensor) -> Tensor:
    return functional.interpolate(planes, scale_factor=2, mode="bilinear")

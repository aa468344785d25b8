"""The parts that all four networks are built from."""

from typing import Literal

import torch
from torch import Tensor, nn

Order = Literal["conv-relu-bn", "conv-bn-relu"]
Upward = Literal["transpose", "upsample"]


class ConvBlock(nn.Sequential):
    """Two 3x3 convolutions, each with ReLU and BatchNorm: (N, in, H, W) -> (N, out, H, W).

    ``conv-relu-bn`` is the report's order; ``conv-bn-relu`` lets BatchNorm fold into the
    convolution when the network is exported, and is ours.
    """

    def __init__(self, channels_in: int, channels_out: int, order: Order) -> None:
        layers: list[nn.Module] = []
        for channels in (channels_in, channels_out):
            after = [nn.ReLU(inplace=True), nn.BatchNorm2d(channels_out)]
            if order == "conv-bn-relu":
                after.reverse()
            layers += [nn.Conv2d(channels, channels_out, 3, padding=1), *after]
        super().__init__(*layers)


class Up(nn.Sequential):
    """Twice the size: a learned 2x2 transposed convolution, or nearest pixels and a 3x3 one."""

    def __init__(self, channels_in: int, channels_out: int, kind: Upward) -> None:
        if kind == "transpose":
            super().__init__(nn.ConvTranspose2d(channels_in, channels_out, 2, stride=2))
        else:
            super().__init__(
                nn.Upsample(scale_factor=2), nn.Conv2d(channels_in, channels_out, 3, padding=1)
            )


class AttentionGate(nn.Module):
    """Lets through of a skip connection what the deeper node asks for.

    Oktay et al., "Attention U-Net" (arXiv 1804.03999), section 3.1, eq. 1-2, with the gating
    signal already at the skip's size, so that the map of weights needs no resampling.
    """

    def __init__(self, channels_skip: int, channels_signal: int, channels_inner: int) -> None:
        super().__init__()
        self.skip = _pointwise(channels_skip, channels_inner)
        self.signal = _pointwise(channels_signal, channels_inner)
        self.weight = _pointwise(channels_inner, 1)

    def forward(self, skip: Tensor, signal: Tensor) -> Tensor:
        """Weigh ``skip`` (N, C, H, W) by a map in [0, 1] made from it and ``signal``."""
        signal_sum = torch.relu(self.skip(skip) + self.signal(signal))
        return skip * torch.sigmoid(self.weight(signal_sum))


def _pointwise(channels_in: int, channels_out: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(channels_in, channels_out, 1, bias=False), nn.BatchNorm2d(channels_out)
    )

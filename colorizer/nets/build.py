"""Networks by name: the grid with its inputs and its last layer around it."""

from dataclasses import asdict, dataclass, fields
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from colorizer.graphs import MULTIPLE
from colorizer.nets import propagation
from colorizer.nets.blocks import Order, Upward
from colorizer.nets.encoder import DEPTH, ENCODERS, Encoder
from colorizer.nets.field import FieldNet
from colorizer.nets.grid import Grid

AB_SCALE = 110.0


@dataclass(frozen=True, slots=True)
class Net:
    """One of the report's networks: a position in the 2x2 table of nesting and gates."""

    nested: bool
    gates: bool


NETS = {
    "unet": Net(nested=False, gates=False),
    "attention_unet": Net(nested=False, gates=True),
    "nested_unet": Net(nested=True, gates=False),
    "nested_attention_unet": Net(nested=True, gates=True),
}


@dataclass(frozen=True, slots=True)
class NetConfig:
    """Everything that fixes a network's shape; stored on its card and in its checkpoints.

    Attributes:
        net: a name of :data:`NETS`.
        width: channels at full size; level i has ``width * 2**i``.
        depth: how often the picture is halved.
        blocks: ConvBlocks a decoder node.
        up: learned ``transpose``d convolution, or ``upsample`` and convolution.
        order: of convolution, ReLU and BatchNorm.
        mask: whether the network sees where the hints are.
        prior: whether it sees the training-free prior and predicts the residual over it.
        propagate: whether it ends in learned propagation.
        half: whether the grid works at half the size, on cells of 2x2 pixels.
        field: width of the field network; the prior then is kriged in the field that it gives
            (:mod:`colorizer.kriging`). 0 for none.
        encoder: a name of :data:`colorizer.nets.encoder.ENCODERS`, which then makes column 0 of the
            field network's grid, or of the only grid there is, and has learned from ImageNet; None
            for the report's own column. Needs a depth of 4; the grid works at half the size then.
        corrects: whether a network that sees the hints corrects what is kriged in the field; if
            not, the field network alone is the model.
    """

    net: str = "nested_attention_unet"
    width: int = 64
    depth: int = 4
    blocks: int = 1
    up: Upward = "transpose"
    order: Order = "conv-relu-bn"
    mask: bool = False
    prior: bool = False
    propagate: bool = False
    half: bool = False
    field: int = 0
    encoder: str | None = None
    corrects: bool = True

    @property
    def multiple(self) -> int:
        """What height and width of a picture are multiples of."""
        return 1 << (self.depth + (self.half or self.field > 0 or self.encoder is not None))

    def to_json(self) -> dict[str, Any]:
        """The config as plain JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "NetConfig":
        """Read a config back.

        Raises:
            ValueError: a key is not known here.
        """
        known = {setting.name for setting in fields(cls)}
        if unknown := sorted(set(data) - known):
            raise ValueError(f"unknown network settings: {', '.join(unknown)}")
        return cls(**data)


class ColorNet(nn.Module):
    """L and hints in, ab out, in natural units; what is exported and served.

    Attributes:
        config: what it was built from.
        grid: sees the hints; None where the field network alone is the model.
        field: the field network, for kriging; None for networks with another prior.
        compute: lower precision for the convolutions while training, or None. What follows them
            stays in full precision: half of it would cost colours their last bits.
    """

    def __init__(self, config: NetConfig) -> None:
        super().__init__()
        self.config = config
        self.compute: torch.dtype | None = None
        net = NETS[config.net]
        self.field = (
            FieldNet(
                config.field,
                config.depth,
                nested=net.nested,
                gates=net.gates,
                encoder=config.encoder,
            )
            if config.field
            else None
        )
        channels = 3 + config.mask + 2 * config.prior
        own = None if config.field else config.encoder
        self.encoder = None if own is None else Encoder(own, channels)
        cells = 4 if config.half or self.encoder is not None else 1
        self.grid = (
            Grid(
                cells * channels,
                cells * (2 + propagation.CHANNELS * config.propagate),
                nested=net.nested,
                gates=net.gates,
                width=config.width,
                depth=config.depth,
                blocks=config.blocks,
                up=config.up,
                order=config.order,
                column=None if self.encoder is None else self.encoder.channels,
            )
            if config.corrects
            else None
        )
        self.propagation = propagation.Propagation() if config.propagate else None
        if self.grid is not None and config.prior:
            # An untrained network then returns the prior: training starts from the baseline.
            nn.init.zeros_(self.grid.head.weight)
            nn.init.zeros_(self.grid.head.bias)  # type: ignore[arg-type] # a bias is there

    def forward(self, lightness: Tensor, hint_ab: Tensor, mask: Tensor, prior_ab: Tensor) -> Tensor:
        """Predict colours.

        Args:
            lightness: (N, 1, H, W), L / 100, in [0, 1]; H and W multiples of
                :attr:`NetConfig.multiple`.
            hint_ab: (N, 2, H, W), CIELAB units, 0 where there is no hint.
            mask: (N, 1, H, W), 1 at hints; read only by networks with a mask channel.
            prior_ab: (N, 2, H, W), CIELAB units; read only by networks with a prior.

        Returns:
            (N, 2, H, W), ab in CIELAB units.
        """
        if self.grid is None:
            return prior_ab
        hints, prior = hint_ab / AB_SCALE, prior_ab / AB_SCALE
        inputs = [lightness - 0.5 if self.encoder is None else lightness, hints]
        if self.config.mask:
            inputs.append(mask)
        if self.config.prior:
            inputs.append(prior)
        out = self._run_grid(self.grid, torch.cat(inputs, dim=1))
        ab = out[:, :2]
        if self.config.prior:
            ab = ab + prior
        if self.propagation is not None:
            ab = self.propagation(ab, out[:, 2:], lightness, hints, mask)
        return ab * AB_SCALE

    def _run_grid(self, grid: Grid, x: Tensor) -> Tensor:
        half = self.config.half or self.encoder is not None
        with torch.autocast(x.device.type, self.compute, enabled=self.compute is not None):
            if self.encoder is not None:
                column = self.encoder(x)
            else:
                column = grid.encode(functional.pixel_unshuffle(x, 2) if half else x)
            out: Tensor = grid.head(grid.decode(column)[0, self.config.depth])
        return (functional.pixel_shuffle(out, 2) if half else out).float()

    def load_pretrained(self) -> None:
        """Take over what ImageNet taught the encoder, if there is one.

        Raises:
            ModuleNotFoundError: the package with the weights is not installed.
        """
        for module in self.modules():
            if isinstance(module, Encoder):
                module.load_pretrained()


def channels_last(net: ColorNet) -> ColorNet:
    """The same network with its weights laid out channels last, the quicker layout."""
    return net.to(memory_format=torch.channels_last)  # type: ignore[call-overload, no-any-return] # missing in torch's annotations


def build(net: str, **settings: str | int | bool | None) -> ColorNet:
    """Build a network by name, ``build("unet", width=16)``; settings as in :class:`NetConfig`.

    Raises:
        ValueError: the name or a setting is unknown, or a value is out of range.
    """
    if net not in NETS:
        raise ValueError(f"unknown network {net!r}; there are {', '.join(NETS)}")
    config = NetConfig.from_json({"net": net, **settings})
    if config.width < 2 or config.width % 2:
        raise ValueError(f"width must be an even number of at least 2, not {config.width}")
    if config.depth < 1 or config.blocks < 1:
        raise ValueError("depth and blocks must be at least 1")
    if config.multiple > MULTIPLE:
        raise ValueError("depth must be at most 5, or 4 with half or field")
    if config.field < 0 or config.field % 2:
        raise ValueError(f"field must be 0 or an even number, not {config.field}")
    if config.field and not config.prior:
        raise ValueError("a network with a field network has a prior: set prior too")
    if not config.field and not config.corrects:
        raise ValueError("a network without a field network corrects: leave corrects as it is")
    if config.encoder is not None:
        if config.encoder not in ENCODERS:
            raise ValueError(f"unknown encoder {config.encoder!r}; there are {', '.join(ENCODERS)}")
        if config.depth != DEPTH:
            raise ValueError(f"an encoder needs a depth of {DEPTH}")
        if config.half and not config.field:
            raise ValueError("an encoder halves the size itself: leave half as it is")
    return ColorNet(config)

"""Networks by name: the grid with its inputs and its last layer around it."""

from dataclasses import asdict, dataclass, fields
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from colorizer.engine import MULTIPLE
from colorizer.nets import propagation
from colorizer.nets.blocks import Order, Upward
from colorizer.nets.grid import Grid
from colorizer.nets.ground import Ground
from colorizer.nets.opinions import Opinions

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
        ground: width of the network that surveys the picture; its prior then is kriged from the
            survey (:mod:`colorizer.kriging`). 0 for none.
        opinions: whether it also gives doubt and odds (:mod:`colorizer.opinions`).
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
    ground: int = 0
    opinions: bool = False

    @property
    def multiple(self) -> int:
        """What height and width of a picture are multiples of."""
        return 1 << (self.depth + (self.half or self.ground > 0))

    def to_json(self) -> dict[str, Any]:
        """The config as plain JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "NetConfig":
        """Read a config back.

        Raises:
            ValueError: a key is not known here.
        """
        known = {field.name for field in fields(cls)}
        if unknown := sorted(set(data) - known):
            raise ValueError(f"unknown network settings: {', '.join(unknown)}")
        return cls(**data)


class Prediction(NamedTuple):
    """All that a network says.

    Attributes:
        ab: (N, 2, H, W), CIELAB units.
        doubt: (N, 1, H, W), expected distance of ``ab`` from the truth, in CIELAB units.
        odds: (N, Q, H / 4, W / 4), logits over :data:`colorizer.opinions.BINS`.
    """

    ab: Tensor
    doubt: Tensor | None = None
    odds: Tensor | None = None


class ColorNet(nn.Module):
    """L and hints in, ab out, in natural units; what is exported and served.

    Attributes:
        config: what it was built from.
        ground: surveys the picture for kriging; None for networks with another prior.
        compute: lower precision for the convolutions while training, or None. What follows them
            stays in full precision: half of it would cost colours their last bits.
    """

    def __init__(self, config: NetConfig) -> None:
        super().__init__()
        self.config = config
        self.compute: torch.dtype | None = None
        net = NETS[config.net]
        cell = 4 if config.half else 1
        channels_in = 3 + config.mask + 2 * config.prior
        channels_out = 2 + propagation.CHANNELS * config.propagate
        self.grid = Grid(
            cell * channels_in,
            cell * channels_out,
            nested=net.nested,
            gates=net.gates,
            width=config.width,
            depth=config.depth,
            blocks=config.blocks,
            up=config.up,
            order=config.order,
        )
        self.propagation = propagation.Propagation() if config.propagate else None
        self.ground = (
            Ground(config.ground, config.depth, nested=net.nested, gates=net.gates)
            if config.ground
            else None
        )
        self.opinions = Opinions(config.width, half=config.half) if config.opinions else None
        if config.prior:
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
        return self.predict(lightness, hint_ab, mask, prior_ab).ab

    def predict(
        self, lightness: Tensor, hint_ab: Tensor, mask: Tensor, prior_ab: Tensor
    ) -> Prediction:
        """Predict colours, and what else the network says; see :meth:`forward`."""
        hints, prior = hint_ab / AB_SCALE, prior_ab / AB_SCALE
        seen = [lightness - 0.5, hints]
        if self.config.mask:
            seen.append(mask)
        if self.config.prior:
            seen.append(prior)
        out, doubt, odds = self._run_grid(torch.cat(seen, dim=1))
        ab = out[:, :2]
        if self.config.prior:
            ab = ab + prior
        if self.propagation is not None:
            ab = self.propagation(ab, out[:, 2:], lightness, hints, mask)
        return Prediction(ab * AB_SCALE, doubt, odds)

    def _run_grid(self, x: Tensor) -> tuple[Tensor, Tensor | None, Tensor | None]:
        half = self.config.half
        with torch.autocast(x.device.type, self.compute, enabled=self.compute is not None):
            nodes = self.grid.run(functional.pixel_unshuffle(x, 2) if half else x)
            top = nodes[0, self.config.depth]
            out = self.grid.head(top)
            doubt = odds = None
            if self.opinions is not None:
                level = 1 if half else 2
                doubt, odds = self.opinions(top, nodes[level, self.config.depth - level])
        out = functional.pixel_shuffle(out, 2) if half else out
        return out.float(), doubt, odds


def channels_last(net: ColorNet) -> ColorNet:
    """The same network with its weights laid out channels last, the quicker layout."""
    return net.to(memory_format=torch.channels_last)  # type: ignore[call-overload, no-any-return] # missing in torch's annotations


def build(net: str, **settings: str | int | bool) -> ColorNet:
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
        raise ValueError("depth must be at most 5, or 4 with half or ground")
    if config.ground < 0 or config.ground % 2:
        raise ValueError(f"ground must be 0 or an even number, not {config.ground}")
    if config.ground and not config.prior:
        raise ValueError("a network with a ground has a prior: set prior too")
    return ColorNet(config)

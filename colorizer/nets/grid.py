"""The four networks in one grid of nodes, told apart by two switches."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from colorizer.nets.blocks import AttentionGate, ConvBlock, Order, Up, Upward


class Grid(nn.Module):
    """Nodes ``X[i][j]``, level i (0 = full size), column j, as in UNet++.

    Column 0 is the encoder. Node (i, j > 0) joins the earlier nodes of its level with the
    enlarged node (i + 1, j - 1). ``nested`` keeps every node with i + j <= depth (Zhou et al.,
    "UNet++", arXiv 1807.10165, section 2.1, eq. 1); without it only the diagonal i + j = depth
    is left, which is the U-Net. ``gates`` puts an attention gate (arXiv 1804.03999) on the
    nearest earlier node of the same level.

    With ``column`` another network, such as a pretrained encoder, makes column 0, and the grid is
    its decoder (:meth:`decode`); its nodes then are never wider than the maps they join.

    Parameters with 3 channels in, 2 out, depth 4, one block a node, transposed convolutions:

    ======================  ==========  ==========  ==========
    network                   width 64    width 32    width 16
    ======================  ==========  ==========  ==========
    unet                    31,043,586   7,766,018   1,944,066
    attention_unet          31,394,154   7,854,266   1,966,434
    nested_unet             36,172,610   9,049,506   2,265,554
    nested_attention_unet   36,635,542   9,166,294   2,295,286
    ======================  ==========  ==========  ==========
    """

    def __init__(
        self,
        channels_in: int,
        channels_out: int,
        *,
        nested: bool,
        gates: bool,
        width: int,
        depth: int,
        blocks: int,
        up: Upward,
        order: Order,
        column: Sequence[int] | None = None,
    ) -> None:
        super().__init__()
        self.nested = nested
        self.depth = depth
        widths = [width * 2**level for level in range(depth + 1)]
        if column is not None:
            widths = [*map(min, widths[:-1], column[:-1]), column[-1]]
        self.widths = widths
        self.nodes = nn.ModuleDict()
        self.ups = nn.ModuleDict()
        self.gates = nn.ModuleDict()
        self.pool = nn.MaxPool2d(2)
        if column is None:
            column = widths
            for i, channels in enumerate(widths):
                before = channels_in if i == 0 else widths[i - 1]
                self.nodes[f"{i}_0"] = ConvBlock(before, channels, order)
        for i, j in self._decoder():
            name = f"{i}_{j}"
            channels = widths[i]
            below = column[i + 1] if j == 1 else widths[i + 1]
            self.ups[name] = Up(below, channels, up)
            skips = [column[i], *[channels] * (len(self._skips(j)) - 1)]
            if gates:
                self.gates[name] = AttentionGate(skips[-1], channels, channels // 2)
            joined = sum(skips) + channels
            stack = [ConvBlock(joined, channels, order)]
            stack += [ConvBlock(channels, channels, order) for _ in range(blocks - 1)]
            self.nodes[name] = stack[0] if blocks == 1 else nn.Sequential(*stack)
        self.head = nn.Conv2d(widths[0], channels_out, 1)

    def _decoder(self) -> list[tuple[int, int]]:
        """Positions of the nodes with j > 0, in the order in which they can be computed."""
        return [
            (i, j)
            for j in range(1, self.depth + 1)
            for i in range(self.depth - j, -1, -1)
            if self.nested or i + j == self.depth
        ]

    def _skips(self, column: int) -> range:
        """Columns of the earlier nodes of the same level that a node of ``column`` joins."""
        return range(column) if self.nested else range(1)

    def forward(self, x: Tensor) -> Tensor:
        """Map (N, in, H, W) to (N, out, H, W); H and W are multiples of 2**depth."""
        result: Tensor = self.head(self.run(x)[0, self.depth])
        return result

    def run(self, x: Tensor) -> dict[tuple[int, int], Tensor]:
        """All nodes ``X[i][j]`` by their positions, (N, width * 2**i, H / 2**i, W / 2**i)."""
        return self.decode(self.encode(x))

    def encode(self, x: Tensor) -> list[Tensor]:
        """Column 0, from full size down."""
        maps = []
        for i in range(self.depth + 1):
            x = self.nodes[f"{i}_0"](x if i == 0 else self.pool(x))
            maps.append(x)
        return maps

    def decode(self, maps: Sequence[Tensor]) -> dict[tuple[int, int], Tensor]:
        """All nodes, as :meth:`run` gives them, from column 0."""
        done = {(i, 0): x for i, x in enumerate(maps)}
        for i, j in self._decoder():
            name = f"{i}_{j}"
            risen = self.ups[name](done[i + 1, j - 1])
            skips = [done[i, column] for column in self._skips(j)]
            if self.gates:
                skips[-1] = self.gates[name](skips[-1], risen)
            done[i, j] = self.nodes[name](torch.cat([*skips, risen], dim=1))
        return done

"""Networks as large as the field's, at random weights: to compare cost with, not colours.

Sizes follow the papers; no code or weights of theirs are here, and what comes out is noise.
"""

import torch
from torch import Tensor, nn

SIDE = 224
PATCH = 16


class ViT(nn.Module):
    """A transformer of iColoriT-Tiny's size (Yun et al., WACV 2023, section 4): 224 pixels alone.

    Patches of 16 pixels, 12 blocks with 3 heads, then pixel shuffle and one convolution that
    smooths the seams. 204 wide instead of 192, which makes up for what is left out: 6.4 M
    parameters.
    """

    def __init__(self, width: int = 204, depth: int = 12, heads: int = 3) -> None:
        super().__init__()
        self.patches = nn.Conv2d(4, width, PATCH, PATCH)
        self.places = nn.Parameter(torch.zeros(1, (SIDE // PATCH) ** 2, width))
        self.blocks = nn.ModuleList(Block(width, heads) for _ in range(depth))
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, 2 * PATCH * PATCH)
        self.smooth = nn.Conv2d(2, 2, 3, padding=1)

    def forward(self, planes: Tensor) -> Tensor:
        """Map L, hint ab and mask (N, 4, 224, 224) to ab (N, 2, 224, 224)."""
        x = self.patches(planes)
        x = x.flatten(2).transpose(1, 2) + self.places
        for block in self.blocks:
            x = block(x)
        x = self.head(self.norm(x)).transpose(1, 2).unflatten(2, (SIDE // PATCH, SIDE // PATCH))
        return self.smooth(nn.functional.pixel_shuffle(x, PATCH))


class Block(nn.Module):
    """Self-attention and a perceptron, each behind a normalisation (Dosovitskiy et al., 2021)."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.before, self.between = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.wide, self.narrow = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x: Tensor) -> Tensor:
        """Map (N, tokens, width) to the same shape."""
        qkv = self.qkv(self.before(x)).unflatten(2, (3, self.heads, -1))
        q, k, v = (part.transpose(1, 2) for part in qkv.unbind(2))
        attended = nn.functional.scaled_dot_product_attention(q, k, v)
        x = x + self.out(attended.transpose(1, 2).flatten(2))
        return x + self.narrow(nn.functional.gelu(self.wide(self.between(x))))


class Siggraph17(nn.Module):
    """A network of the size of Zhang et al., "Real-Time User-Guided Image Colorization" (2017).

    Section 3.1 and figure 3: ten blocks of 3x3 convolutions, dilated in the middle, with three
    shortcuts.
    """

    def __init__(self) -> None:
        super().__init__()
        self.down = nn.ModuleList(
            [
                stage(4, 64, 2),
                stage(64, 128, 2),
                stage(128, 256, 3),
                nn.Sequential(
                    stage(256, 512, 3),
                    stage(512, 512, 3, dilation=2),
                    stage(512, 512, 3, dilation=2),
                    stage(512, 512, 3),
                ),
            ]
        )
        widths = [(512, 256, 256, 2), (256, 128, 128, 1), (128, 128, 64, 1)]
        self.rise = nn.ModuleList(nn.ConvTranspose2d(a, b, 4, 2, 1) for a, b, _, _ in widths)
        self.skip = nn.ModuleList(nn.Conv2d(c, b, 3, padding=1) for _, b, c, _ in widths)
        self.up = nn.ModuleList(stage(b, b, n) for _, b, _, n in widths)
        self.head = nn.Conv2d(128, 2, 1)

    def forward(self, planes: Tensor) -> Tensor:
        """Map L, hint ab and mask (N, 4, H, W) to ab (N, 2, H, W); H and W multiples of 8."""
        x, skips = planes, []
        for number, block in enumerate(self.down):
            x = block(x if number == 0 else x[..., ::2, ::2])
            skips.append(x)
        for rise, skip, up, shortcut in zip(
            self.rise, self.skip, self.up, skips[2::-1], strict=True
        ):
            x = up(torch.relu(rise(x) + skip(shortcut)))
        return torch.tanh(self.head(x))


def stage(before: int, width: int, convolutions: int, *, dilation: int = 1) -> nn.Sequential:
    """3x3 convolutions with ReLU, and one normalisation at the end."""
    layers: list[nn.Module] = []
    for number in range(convolutions):
        into = before if number == 0 else width
        layers += [nn.Conv2d(into, width, 3, padding=dilation, dilation=dilation), nn.ReLU()]
    return nn.Sequential(*layers, nn.BatchNorm2d(width))

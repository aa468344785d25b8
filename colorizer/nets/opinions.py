"""What the network says beside ab: doubt, and odds of colours."""

import torch
from torch import Tensor, nn
from torch.nn import functional

from colorizer.opinions import BINS

_INNER = 32
_MOST_LOG_DOUBT = 5.0
_START = 1.5  # a doubt of 3.5: away from the bound, where nothing would be learned


class Opinions(nn.Module):
    """Two heads on the decoder's nodes.

    Args:
        width: of the grid.
        half: whether the grid works at half the size.
    """

    def __init__(self, width: int, *, half: bool) -> None:
        super().__init__()
        self.halved = half
        self.doubt = _head(width, 4 if half else 1)
        self.odds = _head(width * (2 if half else 4), len(BINS))
        nn.init.constant_(self.doubt[-1].bias, _START)  # type: ignore[arg-type] # a convolution

    def forward(self, top: Tensor, middle: Tensor) -> tuple[Tensor, Tensor]:
        """Give opinions.

        Args:
            top: the grid's last node.
            middle: its last node at a quarter of the picture's size.

        Returns:
            Doubt (N, 1, H, W) in CIELAB units, and odds (N, Q, H / 4, W / 4) as logits.
        """
        log_doubt = self.doubt(top).float()
        if self.halved:
            log_doubt = functional.pixel_shuffle(log_doubt, 2)
        doubt = torch.exp(log_doubt.clamp(0.0, _MOST_LOG_DOUBT)) - 1
        return doubt, self.odds(middle).float()


def _head(channels_in: int, channels_out: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(channels_in, _INNER, 3, padding=1),
        nn.ReLU(inplace=True),
        nn.Conv2d(_INNER, channels_out, 1),
    )

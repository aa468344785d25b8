"""Learned propagation: the network's last word on how colours spread."""

import torch
from torch import Tensor, nn
from torch.nn import functional

# Wide steps first carry colour far; the last ones settle the detail.
DILATIONS = (4, 2, 1)
SWEEPS = (4, 2, 1, 4, 2, 1, 1, 1)
CHANNELS = len(DILATIONS) * 9  # a gate and eight affinities each

_CHANNEL_GAIN = 4.0
_LIGHTNESS_GAIN = 20.0


class Propagation(nn.Module):
    """A few sweeps of averaging over neighbours, with affinities that the network gives.

    The idea is that of Cheng, Wang and Yang, "Depth Estimation via Affinity Learned with
    Convolutional Spatial Propagation Network" (ECCV 2018), section 3.1, brought to colour:
    hints are held fixed, and each sweep is anchored to the network's own estimate. It starts
    as averaging along lightness: affinity = softmax over the 8 neighbours of
    4 * channel - 20 * e^s * (difference of lightness)^2, with ``s`` learned.
    """

    def __init__(self) -> None:
        super().__init__()
        self.sharpness = nn.Parameter(torch.zeros(len(DILATIONS)))
        # Gates start mostly shut.
        self.gate_bias = nn.Parameter(torch.full((len(DILATIONS),), -1.0))
        # Eight 3x3 kernels, each picking one neighbour.
        pick = torch.eye(9).reshape(9, 1, 3, 3)[[0, 1, 2, 3, 5, 6, 7, 8]]
        self.register_buffer("pick", pick, persistent=False)
        self.pick: Tensor

    def forward(
        self, estimate: Tensor, channels: Tensor, lightness: Tensor, hint_ab: Tensor, mask: Tensor
    ) -> Tensor:
        """Spread ``estimate``.

        Args:
            estimate: (N, 2, H, W), ab in any unit.
            channels: (N, 27, H, W), from the network's head.
            lightness: (N, 1, H, W), L / 100.
            hint_ab: (N, 2, H, W), ab in the estimate's unit.
            mask: (N, 1, H, W), 1 at hints.

        Returns:
            (N, 2, H, W), equal to ``hint_ab`` where ``mask`` is 1.
        """
        gates, affinities = [], []
        for k, dilation in enumerate(DILATIONS):
            gate, learned = channels[:, 9 * k : 9 * k + 1], channels[:, 9 * k + 1 : 9 * k + 9]
            unlike = _around(lightness, self.pick, dilation)[:, 0] - lightness
            sharpness = _LIGHTNESS_GAIN * torch.exp(self.sharpness[k])
            score = _CHANNEL_GAIN * learned - sharpness * unlike * unlike
            gates.append(torch.sigmoid(gate + self.gate_bias[k]))
            affinities.append(torch.softmax(score, dim=1).unsqueeze(1))
        free = 1.0 - mask
        fixed = mask * hint_ab
        anchors = [fixed + free * (1.0 - gate) * estimate for gate in gates]
        shares = [free * gate for gate in gates]
        spread = fixed + free * estimate
        for dilation in SWEEPS:
            k = DILATIONS.index(dilation)
            mean = (_around(spread, self.pick, dilation) * affinities[k]).sum(dim=2)
            spread = anchors[k] + shares[k] * mean
        return spread


def _around(planes: Tensor, pick: Tensor, dilation: int) -> Tensor:
    """The 8 neighbours at a distance: (N, C, H, W) -> (N, C, 8, H, W), edges repeated.

    As a convolution that picks, since that is one node of the exported graph and not eight.
    """
    channels = planes.shape[1]
    padded = functional.pad(planes, (dilation,) * 4, mode="replicate")
    picked = functional.conv2d(
        padded, pick.repeat(channels, 1, 1, 1), dilation=dilation, groups=channels
    )
    around: Tensor = picked.unflatten(1, (channels, 8))
    return around

"""What training makes small: the error of predicted colours, in ab or in RGB."""

import torch
from torch import Tensor
from torch.nn import functional

from colorizer.color import RGB_FROM_XYZ, WHITE
from colorizer.opinions import BINS, CELL

_RGB_FROM_SCALED_XYZ = torch.tensor(RGB_FROM_XYZ * WHITE[None, :], dtype=torch.float32)
_LEAST_LINEAR = 1e-5


def lab_to_rgb(lightness: Tensor, ab: Tensor) -> Tensor:
    """Differentiable twin of :func:`colorizer.color.lab_to_rgb`.

    Args:
        lightness: (N, 1, H, W), L / 100.
        ab: (N, 2, H, W), CIELAB units.

    Returns:
        (N, 3, H, W) sRGB in [0, 1], clipped.
    """
    fy = (lightness[:, 0] * 100 + 16) / 116
    fx, fz = fy + ab[:, 0] / 500, (fy - ab[:, 1] / 200).clamp(min=0)
    f = torch.stack([fx, fy, fz], dim=1)
    xyz = torch.where(f > 0.2068966, f**3, (f - 16 / 116) / 7.787)
    linear = torch.einsum("rx,nxhw->nrhw", _RGB_FROM_SCALED_XYZ.to(xyz), xyz)
    # Not to 0: the power's slope is infinite there.
    linear = linear.clamp(_LEAST_LINEAR, 1)
    return torch.where(linear > 0.0031308, 1.055 * linear ** (1 / 2.4) - 0.055, 12.92 * linear)


def ab_loss(predicted: Tensor, truth: Tensor) -> Tensor:
    """Mean absolute error of ab, in units of 110: a scalar."""
    return (predicted - truth).abs().mean() / 110


def squared_ab_loss(predicted: Tensor, truth: Tensor) -> Tensor:
    """Mean squared error of ab, in units of 110: a scalar."""
    return ((predicted - truth) / 110).square().mean()


def rgb_loss(lightness: Tensor, predicted: Tensor, truth: Tensor) -> Tensor:
    """Root of each picture's mean squared error in RGB, averaged: a scalar.

    PSNR is the logarithm of this; the root keeps easy pictures in the game.
    """
    return (_squared_rgb(lightness, predicted, truth) + 1e-6).sqrt().mean()


def psnr_loss(lightness: Tensor, predicted: Tensor, truth: Tensor) -> Tensor:
    """Logarithm of each picture's mean squared error in RGB, averaged: a scalar.

    PSNR itself but for its sign and scale.
    """
    return (_squared_rgb(lightness, predicted, truth) + 2e-5).log().mean()


def doubt_loss(doubt: Tensor, predicted: Tensor, truth: Tensor) -> Tensor:
    """How far the logarithms of doubt and of the true distance in ab are apart, squared.

    Args:
        doubt: (N, 1, H, W), CIELAB units.
        predicted: (N, 2, H, W), which learns nothing from it.
        truth: (N, 2, H, W).
    """
    distance = (predicted.detach() - truth).square().sum(dim=1, keepdim=True).sqrt()
    return (torch.log1p(doubt) - torch.log1p(distance)).square().mean()


def odds_loss(odds: Tensor, truth: Tensor) -> Tensor:
    """Cross entropy of the odds, over cells of 4x4 pixels.

    Args:
        odds: (N, Q, H / 4, W / 4), logits over :data:`colorizer.opinions.BINS`.
        truth: (N, 2, H, W), CIELAB units.
    """
    mean = functional.avg_pool2d(truth, CELL).permute(0, 2, 3, 1)
    nearest = torch.cdist(mean.reshape(-1, 2), torch.from_numpy(BINS).to(mean)).argmin(dim=1)
    return functional.cross_entropy(odds.permute(0, 2, 3, 1).reshape(len(nearest), -1), nearest)


def _squared_rgb(lightness: Tensor, predicted: Tensor, truth: Tensor) -> Tensor:
    difference = lab_to_rgb(lightness, predicted) - lab_to_rgb(lightness, truth)
    return (difference**2).mean(dim=(1, 2, 3))

"""What training makes small: the error of predicted colours, in ab or in RGB."""

import torch
from torch import Tensor
from torch.nn import functional

from colorizer.color import RGB_FROM_XYZ, WHITE
from colorizer.distribution import BINS, CELL

_RGB_FROM_SCALED_XYZ = torch.tensor(RGB_FROM_XYZ * WHITE[None, :], dtype=torch.float32)
_LEAST_LINEAR = 1e-5
_SOFT = 5.0  # CIELAB units


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


def distribution_loss(ab_logits: Tensor, truth: Tensor, log_rarity: Tensor) -> Tensor:
    """Cross entropy of a distribution over cells of the ab plane, rare colours counting more.

    The truth is spread over the five nearest cells (soft encoding), as in Zhang, Isola and Efros,
    "Colorful Image Colorization" (ECCV 2016), section 2.2.

    Args:
        ab_logits: (N, Q, H / 4, W / 4), over :data:`colorizer.distribution.BINS`,
            without the weights.
        truth: (N, 2, H, W), CIELAB units.
        log_rarity: (Q, 1, 1), logarithms of the cells' weights.
    """
    cells, weights = _soft_cells(functional.avg_pool2d(truth, CELL))
    spread = functional.log_softmax(ab_logits + log_rarity, dim=1)
    spread = spread.permute(0, 2, 3, 1).reshape(len(cells), -1)
    entropy = -(weights * spread.gather(1, cells)).sum(dim=1)
    return (log_rarity.exp().flatten()[cells[:, 0]] * entropy).mean()


def log_rarity(ab: Tensor) -> Tensor:
    """How much more rare colours count, as logarithms: (Q, 1, 1).

    Zhang, Isola and Efros, eq. 4, with half of the mass spread evenly over the cells.

    Args:
        ab: (N, 2, H, W), colours of many photos, in CIELAB units.
    """
    cells, weights = _soft_cells(functional.avg_pool2d(ab, CELL))
    share = torch.zeros(len(BINS)).index_add_(0, cells.flatten(), weights.flatten())
    share /= share.sum()
    rarity = 1 / (0.5 * share + 0.5 / len(share))
    return (rarity / (rarity * share).sum()).log()[:, None, None]


def _soft_cells(ab: Tensor) -> tuple[Tensor, Tensor]:
    """The five cells nearest to each colour, (P, 5), and their shares of it."""
    rows = ab.permute(0, 2, 3, 1).reshape(-1, 2)
    distance, cells = torch.cdist(rows, torch.from_numpy(BINS).to(rows)).topk(5, largest=False)
    shares = torch.exp(-(distance**2) / (2 * _SOFT**2))
    return cells, shares / shares.sum(dim=1, keepdim=True)


def _squared_rgb(lightness: Tensor, predicted: Tensor, truth: Tensor) -> Tensor:
    difference = lab_to_rgb(lightness, predicted) - lab_to_rgb(lightness, truth)
    return (difference**2).mean(dim=(1, 2, 3))

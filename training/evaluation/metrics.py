"""Figures of one picture in 8-bit sRGB: PSNR, SSIM and CIEDE2000 to the truth, colourfulness."""

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import ndimage

PSNR_CAP = 50.0
_SSIM_SIGMA = 1.5
_SSIM_RADIUS = 5  # an 11-pixel window


def psnr(result: npt.NDArray[Any], truth: npt.NDArray[Any]) -> float:
    """Peak signal-to-noise ratio of one picture in decibels, peak 255, capped at 50 dB.

    Args:
        result: (H, W, 3) uint8.
        truth: (H, W, 3) uint8.
    """
    error = np.mean((result.astype(np.float64) - truth.astype(np.float64)) ** 2)
    if error == 0:
        return PSNR_CAP
    return float(min(PSNR_CAP, 10 * np.log10(255.0**2 / error)))


def ssim(result: npt.NDArray[Any], truth: npt.NDArray[Any]) -> float:
    """Structural similarity of one picture, mean over its three channels.

    Wang et al., "Image Quality Assessment" (IEEE TIP 2004), section III-B, with a Gaussian
    window of 11 pixels, sigma 1.5; the border that the window does not fit in is left out.

    Args:
        result: (H, W, 3) uint8.
        truth: (H, W, 3) uint8.
    """
    x, y = result.astype(np.float64), truth.astype(np.float64)

    def smooth(plane: npt.NDArray[Any]) -> npt.NDArray[Any]:
        blurred = ndimage.gaussian_filter(
            plane, (_SSIM_SIGMA, _SSIM_SIGMA, 0), radius=(_SSIM_RADIUS, _SSIM_RADIUS, 0)
        )
        inside = slice(_SSIM_RADIUS, -_SSIM_RADIUS)
        return np.asarray(blurred[inside, inside])

    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    mean_x, mean_y = smooth(x), smooth(y)
    variance_x, variance_y = smooth(x * x) - mean_x**2, smooth(y * y) - mean_y**2
    covariance = smooth(x * y) - mean_x * mean_y
    similarity = ((2 * mean_x * mean_y + c1) * (2 * covariance + c2)) / (
        (mean_x**2 + mean_y**2 + c1) * (variance_x + variance_y + c2)
    )
    return float(similarity.mean())


def colorfulness(rgb: npt.NDArray[Any]) -> float:
    """How colourful people find a picture: 0 for grey, about 45 on average, above 80 for very.

    Hasler and Süsstrunk, "Measuring Colourfulness in Natural Images" (SPIE 5007, 2003), section 7.

    Args:
        rgb: (H, W, 3) uint8.
    """
    red, green, blue = np.moveaxis(rgb.astype(np.float64), -1, 0)
    red_green, yellow_blue = red - green, (red + green) / 2 - blue
    spread = np.hypot(red_green.std(), yellow_blue.std())
    return float(spread + 0.3 * np.hypot(red_green.mean(), yellow_blue.mean()))


def ciede2000(lab1: npt.NDArray[Any], lab2: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """CIEDE2000 colour difference of each pixel.

    Sharma, Wu and Dalal, "The CIEDE2000 Color-Difference Formula" (Color Research and
    Application 30, 2005), eq. 2-22, with all weights 1.

    Args:
        lab1: (..., 3) CIELAB.
        lab2: (..., 3) CIELAB.

    Returns:
        (...) differences, 0 for equal colours.
    """
    (l1, a1, b1), (l2, a2, b2) = (np.moveaxis(x.astype(np.float64), -1, 0) for x in (lab1, lab2))
    mean_chroma = (np.hypot(a1, b1) + np.hypot(a2, b2)) / 2
    stretch = 1.5 - 0.5 * np.sqrt(mean_chroma**7 / (mean_chroma**7 + 25.0**7))
    a1, a2 = a1 * stretch, a2 * stretch
    c1, c2 = np.hypot(a1, b1), np.hypot(a2, b2)
    h1, h2 = np.degrees(np.arctan2(b1, a1)) % 360, np.degrees(np.arctan2(b2, a2)) % 360
    both = c1 * c2 != 0
    turn = np.where(both, (h2 - h1 + 180) % 360 - 180, 0.0)
    hue_difference = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn / 2))
    hue = np.where(both, (h1 + turn / 2) % 360, h1 + h2)
    lightness, chroma = (l1 + l2) / 2, (c1 + c2) / 2
    hue_weight = (
        1
        - 0.17 * np.cos(np.radians(hue - 30))
        + 0.24 * np.cos(np.radians(2 * hue))
        + 0.32 * np.cos(np.radians(3 * hue + 6))
        - 0.20 * np.cos(np.radians(4 * hue - 63))
    )
    rotation = (
        -2
        * np.sqrt(chroma**7 / (chroma**7 + 25.0**7))
        * np.sin(np.radians(60 * np.exp(-(((hue - 275) / 25) ** 2))))
    )
    off_middle = (lightness - 50) ** 2
    by_lightness = (l2 - l1) / (1 + 0.015 * off_middle / np.sqrt(20 + off_middle))
    by_chroma = (c2 - c1) / (1 + 0.045 * chroma)
    by_hue = hue_difference / (1 + 0.015 * chroma * hue_weight)
    square = by_lightness**2 + by_chroma**2 + by_hue**2 + rotation * by_chroma * by_hue
    return np.asarray(np.sqrt(square))

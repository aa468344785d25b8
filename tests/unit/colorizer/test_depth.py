"""Sixteen bits go through to the end."""

import numpy as np
from skimage.color import rgb2lab

from colorizer.color import join_lightness
from colorizer.engine import Colorizer


def lightness(pixels):
    """CIELAB's L of integer sRGB in double precision, by scikit-image."""
    return rgb2lab(pixels.astype(float) / np.iinfo(pixels.dtype).max)[..., 0]


def rounding(pixels):
    """How far L may be off when each channel is off by half a step."""
    sides = []
    for channel in range(3):
        near = pixels.copy()
        up = near[..., channel] < 65535
        near[..., channel] += np.where(up, 1, -1).astype(np.int64).astype(near.dtype)
        sides.append(np.abs(lightness(near) - lightness(pixels)))
    return 0.5 * np.sum(sides, axis=0)


def test_lightness_is_the_photos_own_within_rounding():
    generator = np.random.default_rng(4)
    grey = generator.integers(0, 65535, (128, 160), np.uint16, endpoint=True)
    grey[:2] = np.linspace(0, 1300, 320).reshape(2, 160).astype(np.uint16)  # deep shadows
    photo = np.repeat(grey[..., None], 3, axis=-1)
    result = join_lightness(photo, generator.normal(0, 40, (128, 160, 2)).astype(np.float32))
    assert result.dtype == np.uint16
    assert (result[..., 0] != result[..., 2]).mean() > 0.9
    off = np.abs(lightness(result) - lightness(photo))
    assert (off <= rounding(result) * 1.1 + 2e-5).all()
    assert off.max() < 0.002


def test_a_photo_in_grey_need_not_be_made_three_channels_first():
    grey = np.random.default_rng(5).integers(0, 65535, (300, 40), np.uint16)
    ab = np.random.default_rng(6).normal(0, 20, (2, 30, 4)).astype(np.float32)
    colored = np.repeat(grey[..., None], 3, axis=-1)
    assert np.array_equal(Colorizer.apply(grey, ab), Colorizer.apply(colored, ab))

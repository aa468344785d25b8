"""Lightness as old photographs have it: soft, faded and grainy."""

import numpy as np
from scipy import ndimage

from colorizer.color import Array

# Standard deviations in pixels, and in parts of the whole range of lightness.
_BLUR = (0.3, 1.2)
_GRAIN = (0.005, 0.04)
# Where black and white end up.
_BLACK, _WHITE = (0.0, 0.25), (0.7, 1.0)
_LOG_GAMMA = 0.3


def age(lightness: Array, rng: np.random.Generator) -> Array:
    """Age a picture; its colours stay.

    Args:
        lightness: (H, W), L / 100, in [0, 1].
        rng: decides how soft, faded and grainy.

    Returns:
        (H, W), in [0, 1].
    """
    if rng.random() < 0.5:
        lightness = ndimage.gaussian_filter(lightness, rng.uniform(*_BLUR))
    black, white = rng.uniform(*_BLACK), rng.uniform(*_WHITE)
    lightness = black + (white - black) * lightness ** np.exp(rng.uniform(-_LOG_GAMMA, _LOG_GAMMA))
    if rng.random() < 0.6:
        lightness = lightness + rng.normal(0, rng.uniform(*_GRAIN), lightness.shape)
    return np.clip(lightness, 0, 1).astype(np.float32)

"""Colours given to a photo at its own size."""

from typing import Any

import numpy as np
from PIL import Image

from colorizer.color import Array, Pixels, join_lightness

_STRIP = 256


def apply_colors(
    photo: Pixels, ab: Array, *, resample: Image.Resampling = Image.Resampling.BICUBIC
) -> Pixels:
    """Give a photo colours at its own size: its own L, ``ab`` enlarged to it.

    Args:
        photo: (H, W) or (H, W, 3) sRGB, 8 or 16 bits; only its lightness is used.
        ab: (2, h, w), CIELAB units.
        resample: how ``ab`` is enlarged.

    Returns:
        (H, W, 3) sRGB of as many bits.
    """
    height, width = photo.shape[:2]
    planes = [Image.fromarray(np.ascontiguousarray(plane, np.float32)) for plane in ab]
    step = ab.shape[1] / height
    result = np.empty((height, width, 3), photo.dtype)
    # In strips, so that a large photo never stands in memory as floats.
    for top in range(0, height, _STRIP):
        bottom = min(height, top + _STRIP)
        box = (0, top * step, ab.shape[2], bottom * step)
        large = [
            np.asarray(
                plane.resize((width, bottom - top), resample, box=box),
                np.float32,
            )
            for plane in planes
        ]
        rgb: Any = photo[top:bottom]
        if rgb.ndim == 2:
            rgb = np.repeat(rgb[..., None], 3, axis=-1)
        result[top:bottom] = join_lightness(rgb, np.stack(large, axis=-1))
    return result

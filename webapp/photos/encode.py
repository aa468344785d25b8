"""A photo's lightness as the browser wants it."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from colorizer.color import Bytes, Pixels, rgb_to_lab, to_8_bits

# L runs from 0 to 100; a byte holds it in steps of 0.4.
LIGHTNESS_SCALE = 2.55
_QUALITY = 95
_ROWS = 128


def lightness_jpeg(pixels: Pixels, max_side: int) -> bytes:
    """Return CIELAB's L of sRGB ``pixels`` as a grey JPEG.

    Args:
        pixels: (H, W) or (H, W, 3), 8 or 16 bits.
        max_side: a longer picture is shrunk to this many pixels.

    Returns:
        A JPEG whose values are round(L * 2.55).
    """
    image = Image.fromarray(to_8_bits(pixels))
    longer = max(image.size)
    if longer > max_side:
        width, height = (max(1, round(side * max_side / longer)) for side in image.size)
        image = image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)
    if image.mode == "L":
        grey = image.point(_lightness(np.arange(256, dtype=np.uint8)[:, None]).ravel().tolist())
    else:
        grey = Image.fromarray(_lightness(np.asarray(image)))
    file = io.BytesIO()
    grey.save(file, "JPEG", quality=_QUALITY)
    return file.getvalue()


def _lightness(pixels: Bytes) -> Bytes:
    """Return round(L * 2.55) of (H, W, 3) sRGB, or of (H, W) greys."""
    out = np.empty(pixels.shape[:2], np.uint8)
    for top in range(0, len(pixels), _ROWS):
        rows = pixels[top : top + _ROWS]
        rgb = rows if rows.ndim == 3 else np.repeat(rows[..., None], 3, axis=-1)
        out[top : top + _ROWS] = np.round(rgb_to_lab(rgb)[..., 0] * LIGHTNESS_SCALE)
    return out

"""What a photo's header says of its shape, so that a chunk's photos fit one network run."""

from __future__ import annotations

import io
import math
from dataclasses import dataclass

from PIL import Image

from webapp.library.intake import formats

HEADER_BYTES = 64 * 1024
_ORIENTATION = 0x0112
_FIRST_TURNED = 5
_STEPS = 16
"""The network's sides are multiples of 16 of at most 256 pixels: so many aspects differ there."""


@dataclass(frozen=True)
class Measured:
    """A photo's shape, alike for photos that fit one run, and its pixels; empty if unknown."""

    shape: str = ""
    pixels: int = 0


def measure(head: bytes) -> Measured:
    """Measure a picture by the first bytes of its file; what cannot be read is unknown."""
    try:
        with Image.open(io.BytesIO(head), formats=formats()) as image:
            width, height = image.size
            turned = image.getexif().get(_ORIENTATION, 1) >= _FIRST_TURNED
    except Exception:  # hostile bytes: the worker's intake says what is wrong with them
        return Measured()
    return shape_of(height, width) if turned else shape_of(width, height)


def shape_of(width: int, height: int) -> Measured:
    """Return the shape of a picture of that size."""
    if not width or not height:
        return Measured()
    steps = math.ceil(_STEPS * min(width, height) / max(width, height))
    return Measured(f"{'wide' if width >= height else 'tall'}{steps}", width * height)

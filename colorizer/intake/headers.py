"""What a file's header says of its size, without decoding any pixels."""

from __future__ import annotations

import io

from PIL import Image

HEAD_BYTES = 64 * 1024
"""Of a file's beginning, within which most formats say their size."""
_FORMATS = ("JPEG", "PNG", "WEBP", "TIFF", "GIF", "BMP", "AVIF", "JPEG2000")
Size = tuple[int, int]
_ORIENTATION = 0x0112
_FIRST_TURNED = 5


def measure_here(head: bytes) -> Size | None:
    """Return width and height of a picture as it is shown, in this very process.

    Args:
        head: the file's first :data:`HEAD_BYTES`.

    Returns:
        The size, or None where that part does not say it.
    """
    try:
        with Image.open(io.BytesIO(head), formats=_FORMATS) as image:
            width, height = image.size
            # Pillow turns TIFFs by itself.
            turned = (
                image.format != "TIFF" and image.getexif().get(_ORIENTATION, 1) >= _FIRST_TURNED
            )
    except Exception:  # readers raise nearly anything on damaged files
        return None
    return (height, width) if turned else (width, height)

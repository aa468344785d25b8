"""OpenRaster: a result as two layers, its lightness and above it its colours alone.

The file is a ZIP as https://www.openraster.org/baseline/file-layout-spec.html lays it out. The
colour layer carries the composite operation ``svg:color``: hue and saturation of the layer, light
and dark of what is below. Programs measure light and dark of sRGB's encoded values there, not
CIELAB's, so that strong colours come out a little otherwise than in ``mergedimage.png``.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import numpy as np
from PIL import Image

from colorizer.color import Bytes, Pixels, join_lightness, to_8_bits

CONTENT_TYPE = "image/openraster"
EXTENSION = "ora"
COMPOSITE = "svg:color"
_THUMBNAIL_SIDE = 256
_STRIP = 256


def encode_openraster(
    pixels: Pixels, encode_png: Callable[..., bytes], *, merged: bytes, names: tuple[str, str]
) -> bytes:
    """Return a result as an OpenRaster file of 8 bits a sample.

    Args:
        pixels: (H, W) or (H, W, 3) sRGB, the coloured photo.
        encode_png: makes a PNG of pixels.
        merged: the same as a PNG, which says how it came to be.
        names: of the layer of colours and of that of lightness, as people see them.
    """
    colored = to_8_bits(pixels)
    if colored.ndim == 2:
        colored = np.repeat(colored[..., None], 3, axis=-1)
    height, width = colored.shape[:2]
    small = Image.fromarray(colored)
    small.thumbnail((_THUMBNAIL_SIDE, _THUMBNAIL_SIDE))
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:  # PNGs pack no further
        archive.writestr("mimetype", CONTENT_TYPE)  # readers look for it right at the beginning
        archive.writestr("stack.xml", _stack(width, height, names))
        archive.writestr("data/colours.png", encode_png(colored))
        archive.writestr("data/lightness.png", encode_png(_lightness(colored)))
        archive.writestr("mergedimage.png", merged)
        archive.writestr("Thumbnails/thumbnail.png", encode_png(np.asarray(small)))
    return file.getvalue()


def _stack(width: int, height: int, names: tuple[str, str]) -> bytes:
    size = {"w": str(width), "h": str(height)}
    image = ElementTree.Element("image", {"version": "0.0.3", **size})
    stack = ElementTree.SubElement(image, "stack")
    place = {"x": "0", "y": "0", "opacity": "1.0", "visibility": "visible"}
    colors: dict[str, Any] = {"src": "data/colours.png", "composite-op": COMPOSITE}
    lightness = {"src": "data/lightness.png", "composite-op": "svg:src-over"}
    for name, layer in zip(names, (colors, lightness), strict=True):  # the topmost comes first
        ElementTree.SubElement(stack, "layer", {"name": name, **layer, **place})
    return bytes(ElementTree.tostring(image, encoding="UTF-8", xml_declaration=True))


def _lightness(colored: Bytes) -> Bytes:
    """Return the greys of a result's own lightness, (H, W)."""
    grey = np.empty(colored.shape[:2], np.uint8)
    for top in range(0, len(colored), _STRIP):
        rows = colored[top : top + _STRIP]
        none = np.zeros((*rows.shape[:2], 2), np.float32)
        grey[top : top + _STRIP] = join_lightness(rows, none)[..., 1]
    return grey

"""The one door for pictures: hostile bytes in, plain sRGB pixels out.

Nothing of the file survives but its pixels: no metadata, no profile, no appended bytes. Sizes are
checked in the header, before anything is decoded.
"""

from __future__ import annotations

import importlib
import importlib.util
import io
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

from django.utils.translation import gettext
from PIL import Image

from colorizer.pixels import Pixels, to_srgb
from webapp.library import sniff

MIB = 1024 * 1024
# A thinner strip would have next to no height left at the network's size.
MAX_ASPECT = 30
_NEW_SUBFILE_TYPE = 254
_REDUCED_RESOLUTION = 1
_S = TypeVar("_S")
_T = TypeVar("_T")


class IntakeError(Exception):
    """The upload is not a picture we take; ``str()`` of it tells the user why.

    Args:
        status: the HTTP status that fits, 4xx.
        code: a stable word for programs.
        message: a sentence in the user's language.
    """

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What is accepted: bytes of the file, pixels of the picture, pixels of its shorter side."""

    max_bytes: int
    max_pixels: int
    min_side: int


@dataclass(frozen=True)
class Picture:
    """An accepted picture.

    ``pixels`` is uint8 sRGB: (H, W) for a neutral grey picture, else (H, W, 3).
    """

    pixels: Pixels

    @property
    def is_grey(self) -> bool:
        """True when every pixel of the upload was neutral; a sepia print is not grey."""
        return self.pixels.ndim == 2

    @property
    def width(self) -> int:
        """Columns."""
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        """Rows."""
        return int(self.pixels.shape[0])


def take_in(data: bytes, limits: Limits) -> Picture:
    """Turn an uploaded file into plain pixels: upright, sRGB, 8 bits, on white.

    The content decides what the file is; its name and declared type are not asked.

    Raises:
        IntakeError: the file is empty, damaged, too large, too small, animated, or no picture of
            an accepted format.
    """
    if not data:
        raise IntakeError(400, "empty", gettext("The file is empty."))
    if len(data) > limits.max_bytes:
        raise too_many_bytes(limits.max_bytes)
    image = _open(data, limits)
    _check_size(image, limits)
    _decoding(_check_single, image, limits)
    return Picture(_decoding(to_srgb, image, limits))


def too_many_bytes(max_bytes: int) -> IntakeError:
    """Return the error for a file of more than ``max_bytes``."""
    message = gettext("The file is too large. The limit is %(limit)d MB.")
    return IntakeError(413, "too_many_bytes", message % {"limit": max_bytes // MIB})


@cache
def formats() -> tuple[str, ...]:
    """Return Pillow's names of the accepted formats; HEIF only where pillow-heif is installed."""
    if importlib.util.find_spec("pillow_heif") is None:
        return ("JPEG", "PNG", "WEBP", "TIFF")
    importlib.import_module("pillow_heif").register_heif_opener(thumbnails=False)
    return ("JPEG", "PNG", "WEBP", "TIFF", "HEIF")


def _open(data: bytes, limits: Limits) -> Image.Image:
    """Read the header of a file of an accepted format."""
    try:
        return _decoding(lambda file: Image.open(file, formats=formats()), io.BytesIO(data), limits)
    except IntakeError as error:
        if error.code != "damaged" or sniff.accepted_format(data):
            raise
    kind = sniff.foreign_kind(data)
    if kind:
        message = gettext("This is %(kind)s. Please choose a JPEG, PNG, WebP or TIFF picture.")
        raise IntakeError(415, "unsupported_format", message % {"kind": gettext(kind)})
    message = gettext("This is not a picture that can be read: choose a JPEG, PNG, WebP or TIFF.")
    raise IntakeError(415, "unsupported_format", message)


def _check_size(image: Image.Image, limits: Limits) -> None:
    """Compare the size that the header declares with the limits."""
    width, height = image.size
    if width * height > limits.max_pixels:
        raise _too_many_pixels(limits, width * height)
    if min(width, height) < limits.min_side:
        message = gettext("The picture is too small. Each side needs at least %(limit)d pixels.")
        raise IntakeError(422, "too_small", message % {"limit": limits.min_side})
    if max(width, height) > MAX_ASPECT * min(width, height):
        message = gettext(
            "The picture is too long and narrow. One side may be %(limit)d times the other."
        )
        raise IntakeError(422, "too_narrow", message % {"limit": MAX_ASPECT})


def _check_single(image: Image.Image) -> None:
    """Refuse animations and documents of several pages.

    A phone's second picture in a JPEG (MPO: depth, a gain map) and the previews of a TIFF are no
    pages of their own.
    """
    if not getattr(image, "is_animated", False) or image.format == "MPO":
        return
    if image.format != "TIFF":
        message = gettext("Animated pictures are not supported. Please choose a still one.")
        raise IntakeError(422, "animated", message)
    try:
        for page in range(1, 4):
            image.seek(page)
            tags = getattr(image, "tag_v2", {})
            if not int(tags.get(_NEW_SUBFILE_TYPE, 0)) & _REDUCED_RESOLUTION:
                break
        else:
            page = 0
    except EOFError:
        page = 0
    if page:
        message = gettext("This TIFF has several pages. Please save the one you want by itself.")
        raise IntakeError(422, "several_pages", message)
    image.seek(0)


def _decoding(step: Callable[[_S], _T], subject: _S, limits: Limits) -> _T:
    """Run a step of Pillow's on hostile bytes: whatever it raises, the user gets a sentence."""
    try:
        return step(subject)
    except IntakeError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many_pixels(limits) from None
    except Exception as error:  # decoders raise nearly anything on damaged files
        message = gettext("The picture is damaged or incomplete and cannot be read.")
        raise IntakeError(400, "damaged", message) from error


def _too_many_pixels(limits: Limits, pixels: int = 0) -> IntakeError:
    limit = limits.max_pixels // 1_000_000
    if not pixels:
        message = gettext("The picture has too many pixels. The limit is %(limit)d megapixels.")
        return IntakeError(413, "too_many_pixels", message % {"limit": limit})
    message = gettext("The picture has %(size).0f megapixels. The limit is %(limit)d.")
    values = {"size": pixels / 1_000_000, "limit": limit}
    return IntakeError(413, "too_many_pixels", message % values)

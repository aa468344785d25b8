"""From a file's bytes to a photo: upright, sRGB, on white, at the file's own depth.

This runs whatever decoders do with hostile bytes, so callers reach it through
:mod:`colorizer.intake.process`.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from colorizer.color import Pixels
from colorizer.intake import errors, sniff
from colorizer.intake.decoded import Decoded, Samples
from colorizer.intake.errors import IntakeError
from colorizer.intake.jpeg import decode_jpeg
from colorizer.intake.limits import Limits, check_bytes
from colorizer.intake.others import (
    decode_avif,
    decode_by_pillow,
    decode_heic,
    decode_jpeg_2000,
    decode_jpeg_xl,
)
from colorizer.intake.pdf import decode_pdf
from colorizer.intake.png import decode_png
from colorizer.intake.profiles import conversion_of
from colorizer.intake.tiff import decode_tiff
from colorizer.metadata.fields import Metadata
from colorizer.metadata.parse import orientation_of, parse_metadata
from colorizer.translation import gettext_noop

Allocate = Callable[[tuple[int, ...], np.dtype[Any]], Samples]

# JPEG's own rounding and colour management move a neutral grey by this much at most, of 255.
_NEUTRAL = 2
_ROWS = 256
# ITU-R BT.601, as everywhere a coloured pixel is made grey.
_LUMA = np.array([19595, 38470, 7471], np.uint32)
_DECODERS: dict[str, Callable[[memoryview, Limits], Decoded]] = {
    "JPEG": decode_jpeg,
    "PNG": decode_png,
    "TIFF": decode_tiff,
    "AVIF": decode_avif,
    "HEIC": decode_heic,
    "JPEG 2000": decode_jpeg_2000,
    "JPEG XL": decode_jpeg_xl,
}
FORMATS = (
    "JPEG", "PNG", "WebP", "TIFF", "HEIC", "AVIF", "JPEG XL", "JPEG 2000", "BMP", "GIF", "PDF",
)  # fmt: skip


@dataclass(frozen=True)
class DecodedPhoto:
    """A photo as it has come in.

    Attributes:
        pixels: uint8 or uint16 sRGB, (H, W) where every pixel is neutral, else (H, W, 3).
        format: of the file, one of :data:`FORMATS`.
        bits: of a sample in the file.
        metadata: what the file says about the photo.
        page: which of the file's pages this is, from 1.
        pages: how many it has.
        note: what was amiss with the file, a code, or nothing: ``no_end``.
    """

    pixels: Pixels
    format: str
    bits: int
    metadata: Metadata
    page: int = 1
    pages: int = 1
    note: str = ""

    @property
    def is_grey(self) -> bool:
        """True when every pixel of the file was neutral; a sepia print is not grey."""
        return self.pixels.ndim == 2

    @property
    def width(self) -> int:
        """Columns."""
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        """Rows."""
        return int(self.pixels.shape[0])


def read_here(
    data: bytes | memoryview, limits: Limits, *, page: int = 1, allocate: Allocate = np.empty
) -> DecodedPhoto:
    """Read a photo in this very process; see :func:`colorizer.intake.read`.

    Args:
        data: the file.
        limits: what is accepted.
        page: of a PDF, from 1.
        allocate: gives the array for the pixels, by shape and type.

    Raises:
        IntakeError: it is not taken.
    """
    check_bytes(len(data), limits)
    view = memoryview(data)
    head = bytes(view[: sniff.HEAD])
    kind = _kind_of(head)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what can be read nevertheless
        try:
            decoded = _decode(view, kind, limits, page)
            orientation = decoded.orientation or orientation_of(decoded.blocks)
            pixels = _finished(decoded, orientation, allocate)
        except IntakeError:
            raise
        except MemoryError as error:
            raise errors.too_much_memory() from error
        except Exception as error:  # decoders raise nearly anything on damaged files
            raise errors.damaged() from error
        metadata = parse_metadata(decoded.blocks)
    return DecodedPhoto(
        pixels, kind, decoded.bits, metadata, page=page, pages=decoded.pages, note=decoded.note
    )


def _decode(data: memoryview, kind: str, limits: Limits, page: int) -> Decoded:
    if kind == "PDF":
        return decode_pdf(data, limits, page=page)
    if page != 1:
        raise errors.no_such_page(page, 1)
    if kind in _DECODERS:
        return _DECODERS[kind](data, limits)
    return decode_by_pillow(data, kind, limits)


def _kind_of(head: bytes) -> str:
    raw = sniff.raw_kind(head)
    if raw:
        raise errors.camera_raw(raw)
    kind = sniff.accepted_format(head)
    if kind:
        return kind
    foreign = sniff.foreign_kind(head)
    if foreign:
        message = gettext_noop("This is %(kind)s. Please choose a photo: %(formats)s.")
        raise IntakeError("unsupported_format", message, {"kind": foreign, "formats": _listed()})
    message = gettext_noop(
        "This is not a picture that can be read. Please choose a photo: %(formats)s."
    )
    raise IntakeError("unsupported_format", message, {"formats": _listed()})


def _listed() -> str:
    return ", ".join(FORMATS)


def _finished(decoded: Decoded, orientation: int, allocate: Allocate) -> Pixels:
    """Bring samples to sRGB on white, upright, in one channel where all are neutral."""
    shown = _on_white(decoded)
    # Only what people see counts: a file's neutral greys are told after colour management.
    grey = shown.ndim == 2 or _is_neutral(shown)
    upright = _upright(shown, orientation)
    pixels = allocate(upright.shape[:2] if grey else upright.shape, shown.dtype)
    for top in range(0, len(pixels), _ROWS):
        rows = upright[top : top + _ROWS]
        pixels[top : top + _ROWS] = _luma(rows) if grey and rows.ndim == 3 else rows
    return pixels


def _on_white(decoded: Decoded) -> Samples:
    """Apply profile and transparency, block by block; in place where the type stays the same."""
    convert, alpha, values = conversion_of(decoded), decoded.alpha, decoded.values
    if convert is None and alpha is None:
        return values
    first = values[:1] if convert is None else convert(values[:1])
    shown = values if first.shape[1:] == values.shape[1:] and first.dtype == values.dtype else None
    if shown is None or not shown.flags.writeable:
        shown = np.empty((len(values), *first.shape[1:]), first.dtype)
    for top in range(0, len(values), _ROWS):
        block = slice(top, top + _ROWS)
        rows = values[block]
        cover = None if alpha is None else _share(alpha[block], rows)
        if cover is not None and decoded.premultiplied:
            rows = _divided(rows, cover)
        if convert is not None:
            rows = convert(rows)
        shown[block] = rows if cover is None else _laid_on_white(rows, cover)
    return shown


def _share(alpha: Samples, rows: Samples) -> npt.NDArray[np.float64]:
    share = alpha / np.iinfo(alpha.dtype).max
    return np.asarray(share[..., None] if rows.ndim == 3 else share)


def _divided(rows: Samples, cover: npt.NDArray[np.float64]) -> Samples:
    end = np.iinfo(rows.dtype).max
    whole = rows / np.maximum(cover, 1 / end)
    return np.asarray(np.minimum(whole + 0.5, end).astype(rows.dtype))


def _laid_on_white(rows: Samples, cover: npt.NDArray[np.float64]) -> Samples:
    end = np.iinfo(rows.dtype).max
    return np.asarray((rows * cover + end * (1 - cover) + 0.5).astype(rows.dtype))


def _is_neutral(rgb: Samples) -> bool:
    """Tell whether all of (H, W, 3) is grey but for rounding."""
    limit = _NEUTRAL * (np.iinfo(rgb.dtype).max // 255)
    for top in range(0, len(rgb), _ROWS):
        red, green, blue = (rgb[top : top + _ROWS, :, channel] for channel in range(3))
        # Planes against planes: a reduction over three neighbours is ten times slower.
        high = np.maximum(np.maximum(red, green), blue)
        low = np.minimum(np.minimum(red, green), blue)
        if int((high - low).max()) > limit:
            return False
    return True


def _luma(rgb: Samples) -> Samples:
    weighted = rgb.astype(np.uint32) @ _LUMA
    return ((weighted + 0x8000) >> 16).astype(rgb.dtype)


def _upright(values: Samples, orientation: int) -> Samples:
    """Return a view of ``values`` turned and mirrored as EXIF's orientation says."""
    if orientation in (2, 3):
        values = values[:, ::-1]
    if orientation in (3, 4):
        values = values[::-1]
    if orientation in (5, 6, 7, 8):
        values = values.swapaxes(0, 1)
        if orientation in (6, 7):
            values = values[:, ::-1]
        if orientation in (7, 8):
            values = values[::-1]
    return values

"""Pixels and metadata to a file's bytes."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import imagecodecs
import numpy as np
from PIL import Image, ImageCms

from colorizer.color import Pixels, to_8_bits
from colorizer.intake.png import SIGNATURE, make_chunk
from colorizer.metadata.exif import make_exif
from colorizer.metadata.fields import Metadata
from colorizer.metadata.iptc import make_iptc
from colorizer.metadata.xmp import Provenance, make_xmp
from colorizer.output.mark import Mark, draw_mark
from colorizer.output.tiff import encode_tiff
from colorizer.translation import gettext_noop

FormatName = Literal["png", "jpeg", "webp", "tiff"]
Subsampling = Literal["4:4:4", "4:2:2", "4:2:0"]
Bits = Literal[8, 16]

PNG_LEVEL = 3
"""Twice as quick as zlib's default for some 4 % more bytes."""
HEADER_END = len(SIGNATURE) + 25
"""Where a PNG's first chunk ends, which says its size."""
_METRES = 1 / 0.0254
_SEGMENT = 65_500
"""Bytes that fit into a segment of a JPEG with its name."""


class FormatLimitError(Exception):
    """A result is larger than its format can be; ``str()`` of it says so, in English.

    Args:
        name: of the format.
        limit: pixels of its longer side.
        side: pixels that the result has.
    """

    message = gettext_noop(
        "%(format)s holds at most %(limit)d pixels a side, and this photo has %(side)d. "
        "Choose PNG or TIFF."
    )

    def __init__(self, name: str, limit: int, side: int) -> None:
        self.values = {"format": name, "limit": limit, "side": side}
        super().__init__(self.message % self.values)

    def translated(self, translate: Callable[[str], str]) -> str:
        """Return the sentence in the language that ``translate`` gives."""
        return translate(self.message) % self.values


@dataclass(frozen=True)
class OutputFormat:
    """A format of results.

    Attributes:
        name: as people know it.
        extension: of its files, without the dot.
        content_type: its media type.
        max_side: the most pixels that a side can have.
        deep: whether it keeps 16 bits.
    """

    name: str
    extension: str
    content_type: str
    max_side: int
    deep: bool


FORMATS: dict[str, OutputFormat] = {
    "png": OutputFormat("PNG", "png", "image/png", 2**31 - 1, deep=True),
    "jpeg": OutputFormat("JPEG", "jpg", "image/jpeg", 65_500, deep=False),
    "webp": OutputFormat("WebP", "webp", "image/webp", 16_383, deep=False),
    "tiff": OutputFormat("TIFF", "tif", "image/tiff", 2**31 - 1, deep=True),
}


@dataclass(frozen=True, kw_only=True)
class OutputOptions:
    """How a result is written.

    Attributes:
        quality: of JPEG and WebP, 1 to 100.
        subsampling: of JPEG's colours; half-size planes blur what is made here.
        bits: of a sample at most; PNG and TIFF have as many as the photo where it has fewer.
        mark: what is written on it for all to see, or nothing.
    """

    quality: int = 95
    subsampling: Subsampling = "4:4:4"
    bits: Bits = 16
    mark: Mark | None = None


def check_format(name: FormatName, width: int, height: int) -> None:
    """See, before the work begins, that a format can hold a result.

    Raises:
        FormatLimitError: it cannot.
    """
    chosen = FORMATS[name]
    if max(width, height) > chosen.max_side:
        raise FormatLimitError(chosen.name, chosen.max_side, max(width, height))


def encode(
    pixels: Pixels,
    name: FormatName,
    *,
    metadata: Metadata | None = None,
    provenance: Provenance | None = None,
    options: OutputOptions | None = None,
) -> bytes:
    """Return a result as a file.

    Args:
        pixels: (H, W) or (H, W, 3) sRGB, uint8 or uint16; 16 bits stay so in PNG and TIFF.
        name: of the format.
        metadata: what it carries along.
        provenance: how it came to be.
        options: quality, depth, and a mark, which (H, W, 3) alone can have.

    Raises:
        FormatLimitError: the format cannot hold so many pixels.
    """
    options = options or OutputOptions()
    if options.mark is not None:
        pixels = draw_mark(pixels, options.mark)
    height, width = pixels.shape[:2]
    check_format(name, width, height)
    notes = _notes(metadata or Metadata(), provenance, width=width, height=height)
    if not FORMATS[name].deep or options.bits == 8:
        pixels = to_8_bits(pixels)
    return _ENCODERS[name](pixels, notes, options)


def png_head(
    head: bytes, *, metadata: Metadata, provenance: Provenance | None
) -> tuple[bytes, int]:
    """Return the beginning of a PNG of :func:`encode`'s with other metadata, up to its pixels.

    Args:
        head: the file's beginning with all that stands before its pixels.
        metadata: what it shall carry along.
        provenance: how it came to be.

    Returns:
        The new beginning, and how many bytes of the file it takes the place of.

    Raises:
        ValueError: it is not such a file, or ``head`` ends before its pixels.
    """
    at = HEADER_END
    while (name := head[at + 4 : at + 8]) != b"IDAT":
        if len(name) < 4:
            raise ValueError("no pixels in the beginning of the PNG")
        at += 12 + int.from_bytes(head[at : at + 4], "big")
    width, height = (int.from_bytes(head[one : one + 4], "big") for one in (16, 20))
    notes = _notes(metadata, provenance, width=width, height=height)
    return head[:HEADER_END] + _png_chunks(notes), at


def _notes(metadata: Metadata, provenance: Provenance | None, *, width: int, height: int) -> _Notes:
    software = provenance.software if provenance else ""
    if provenance and provenance.model:
        software += f" ({provenance.model})"
    return _Notes(
        exif=make_exif(metadata, width=width, height=height, software=software),
        xmp=make_xmp(metadata, provenance),
        iptc=make_iptc(metadata),
        metadata=metadata,
    )


@dataclass(frozen=True)
class _Notes:
    exif: Image.Exif
    xmp: bytes
    iptc: bytes
    metadata: Metadata

    @property
    def is_empty(self) -> bool:
        return not self.xmp and not self.metadata.to_json()


def _png(pixels: Pixels, notes: _Notes, options: OutputOptions) -> bytes:
    encoded = imagecodecs.png_encode(np.ascontiguousarray(pixels), level=PNG_LEVEL)
    return b"".join([encoded[:HEADER_END], _png_chunks(notes), encoded[HEADER_END:]])


def _png_chunks(notes: _Notes) -> bytes:
    chunks = [make_chunk(b"sRGB", b"\0")]
    if notes.metadata.dpi is not None:
        across, down = (round(one * _METRES) for one in notes.metadata.dpi)
        body = across.to_bytes(4, "big") + down.to_bytes(4, "big") + b"\1"
        chunks.append(make_chunk(b"pHYs", body))
    if not notes.is_empty:
        chunks.append(make_chunk(b"eXIf", notes.exif.tobytes().removeprefix(b"Exif\0\0")))
    if notes.xmp:
        chunks.append(make_chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + notes.xmp))
    return b"".join(chunks)


def _jpeg(pixels: Pixels, notes: _Notes, options: OutputOptions) -> bytes:
    saved: dict[str, Any] = {"quality": options.quality, "subsampling": options.subsampling}
    if notes.metadata.dpi is not None:
        saved["dpi"] = tuple(round(one) for one in notes.metadata.dpi)
    if not notes.is_empty:
        saved["exif"] = _fitting(notes.exif.tobytes())
    if notes.xmp:
        saved["xmp"] = _fitting(notes.xmp)
    if notes.iptc:
        body = b"Photoshop 3.0\0" + iptc_resource(notes.iptc)
        saved["extra"] = b"\xff\xed" + (len(body) + 2).to_bytes(2, "big") + body
    return _pillow(pixels, "JPEG", saved)


def _webp(pixels: Pixels, notes: _Notes, options: OutputOptions) -> bytes:
    saved: dict[str, Any] = {"quality": options.quality, "method": 4}
    if not notes.is_empty:
        saved["exif"] = notes.exif.tobytes()
    if notes.xmp:
        saved["xmp"] = notes.xmp
    return _pillow(pixels, "WEBP", saved)


def _tiff(pixels: Pixels, notes: _Notes, options: OutputOptions) -> bytes:
    return encode_tiff(
        pixels,
        exif=None if notes.is_empty else notes.exif,
        xmp=notes.xmp,
        iptc=notes.iptc,
        dpi=notes.metadata.dpi,
        profile=_profile(),
    )


def _fitting(block: bytes) -> bytes:
    """Return a block that fits into a JPEG's segment; one that does not is left out."""
    return block if len(block) <= _SEGMENT else b""


def iptc_resource(records: bytes) -> bytes:
    """Return IPTC records as one of Photoshop's image resources."""
    padded = records + b"\0" * (len(records) % 2)
    return b"8BIM\x04\x04\0\0" + len(records).to_bytes(4, "big") + padded


def _pillow(pixels: Pixels, kind: str, saved: dict[str, Any]) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, kind, **saved)
    return file.getvalue()


def _profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


_ENCODERS: dict[FormatName, Callable[[Pixels, _Notes, OutputOptions], bytes]] = {
    "png": _png,
    "jpeg": _jpeg,
    "webp": _webp,
    "tiff": _tiff,
}

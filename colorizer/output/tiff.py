"""TIFF results: the pixels by tifffile, the directories of EXIF and GPS appended to it."""

from __future__ import annotations

import io
import struct
from typing import Any

import numpy.typing as npt
import tifffile
from PIL import ExifTags, Image
from PIL.TiffImagePlugin import ImageFileDirectory_v2

_EXIF, _GPS = int(ExifTags.IFD.Exif), int(ExifTags.IFD.GPSInfo)
_TEXTS = (270, 271, 272, 305, 315, 33432)
_XMP, _IPTC = 700, 33723
_ROWS_PER_STRIP = 1 << 18
"""Bytes of a strip, about: small enough for any reader, large enough to pack well."""


def encode_tiff(
    pixels: npt.NDArray[Any],
    *,
    exif: Image.Exif | None,
    xmp: bytes,
    iptc: bytes,
    dpi: tuple[float, float] | None,
    profile: bytes,
) -> bytes:
    """Return (H, W) or (H, W, 3) pixels of 8 or 16 bits as a TIFF with Deflate and a predictor."""
    texts = dict(exif) if exif is not None else {}
    extra: list[tuple[int, Any, int, Any, bool]] = [(274, "H", 1, 1, True)]
    for code in _TEXTS:
        if code in texts:
            data = _bytes(texts[code]) + b"\0"
            extra.append((code, 2, len(data), data, True))
    if xmp:
        extra.append((_XMP, "B", len(xmp), xmp, True))
    if iptc:
        extra.append((_IPTC, 7, len(iptc), iptc, True))
    below = {}
    if exif is not None:
        below = {code: exif.get_ifd(code) for code in (_EXIF, _GPS)}
        below = {code: tags for code, tags in below.items() if tags}
        # tifffile writes no directories of EXIF: each gets a neighbour's number until it has one.
        extra += [(code + 1, "I", 1, 0, True) for code in below]
    row = pixels.shape[1] * pixels.itemsize * (3 if pixels.ndim == 3 else 1)
    file = io.BytesIO()
    tifffile.imwrite(
        file,
        pixels,
        byteorder="<",
        bigtiff=pixels.nbytes > 3_500_000_000,
        photometric="rgb" if pixels.ndim == 3 else "minisblack",
        compression="zlib",
        predictor=2,
        rowsperstrip=max(1, _ROWS_PER_STRIP // row),
        resolution=dpi or (72.0, 72.0),
        resolutionunit="inch" if dpi else "none",
        iccprofile=profile if pixels.ndim == 3 else None,
        extratags=extra,
        metadata=None,
        software=False,
        maxworkers=1,
    )
    for code, tags in below.items():
        _append_directory(file, code, tags)
    return file.getvalue()


def _append_directory(file: io.BytesIO, code: int, tags: dict[int, Any]) -> None:
    """Write a directory at a file's end, and its place into the tag that waits for it."""
    at = file.seek(0, io.SEEK_END)
    at += at % 2
    file.seek(0)
    with tifffile.TiffFile(file) as reader:
        tag, is_big = reader.pages.first.tags[code + 1], reader.is_bigtiff
    directory = ImageFileDirectory_v2(
        b"II+\0\x08\0\0\0" if is_big else b"II*\0\x08\0\0\0", group=code
    )
    for number, value in tags.items():
        directory[number] = value
    file.seek(at)
    file.write(directory.tobytes(at))
    file.seek(tag.offset)
    file.write(struct.pack("<H", code))
    file.seek(tag.valueoffset)
    file.write(struct.pack("<I", at))


def _bytes(text: Any) -> bytes:
    return text if isinstance(text, bytes) else str(text).encode()

"""WebP, GIF, BMP, AVIF, HEIC, JPEG 2000 and JPEG XL."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from typing import Any

import imagecodecs
import numpy as np
from PIL import Image

from colorizer.intake.decoded import Decoded, split_channels, whole_range
from colorizer.intake.errors import animated, damaged, unsupported_kind
from colorizer.intake.limits import Limits, check_size
from colorizer.metadata.blocks import Blocks
from colorizer.translation import gettext_noop

# How large a photo may be, our own limits say; Pillow's would call one of 180 megapixels damaged.
Image.MAX_IMAGE_PIXELS = None
_PILLOW = {"WebP": "WEBP", "GIF": "GIF", "BMP": "BMP", "AVIF": "AVIF", "JPEG 2000": "JPEG2000"}
_ALPHA_MODES = {"RGBA", "RGBa", "LA", "La", "PA"}
_WEBP_ANIMATION = 0x02
_JXL_SIZE_BITS = (9, 13, 18, 30)


def decode_by_pillow(data: memoryview, kind: str, limits: Limits) -> Decoded:
    """Decode a file of 8 bits a sample with Pillow, but a WebP's pixels by imagecodecs.

    Raises:
        IntakeError: it is animated, or of a size that is not taken.
    """
    with Image.open(io.BytesIO(data), formats=(_PILLOW[kind],)) as image:
        check_size(*image.size, limits)
        if getattr(image, "n_frames", 1) > 1:
            raise animated()
        exif = image.info.get("exif", b"")
        decoded = _still_webp(data) if kind == "WebP" else None
        if decoded is None:
            image.load()
            decoded = _from_pillow(image)
        decoded.profile = image.info.get("icc_profile") or b""
        decoded.blocks = Blocks(
            exif=exif.removeprefix(b"Exif\0\0"),
            xmp=_as_bytes(image.info.get("xmp")),
            dpi=_dpi(image.info.get("dpi")),
        )
        return decoded


def _still_webp(data: memoryview) -> Decoded | None:
    """Decode a WebP that is no film of one frame, in a sixth of the memory that Pillow takes."""
    if bytes(data[12:16]) == b"VP8X" and data[20] & _WEBP_ANIMATION:
        return None
    values, space, alpha = split_channels(imagecodecs.webp_decode(bytes(data)))
    return Decoded(values, space, alpha=alpha)


def _from_pillow(image: Image.Image) -> Decoded:
    if image.mode in _ALPHA_MODES or image.has_transparency_data:
        grey = image.mode in {"L", "LA", "La", "1"}
        values, space, alpha = split_channels(np.asarray(image.convert("LA" if grey else "RGBA")))
        return Decoded(values, space, alpha=alpha)
    if image.mode.startswith("I;16"):
        return Decoded(np.asarray(image), "grey", bits=16)
    if image.mode == "P" and image.palette is not None and image.palette.mode == "L":
        return Decoded(np.asarray(image.convert("L")), "grey")
    if image.mode in {"L", "1"}:
        return Decoded(np.asarray(image.convert("L")), "grey")
    return Decoded(np.asarray(image.convert("RGB")), "rgb")


def decode_avif(data: memoryview, limits: Limits) -> Decoded:
    """Decode an AVIF; beyond 8 bits by imagecodecs, with Pillow's reading of the header."""
    decoded = decode_by_pillow(data, "AVIF", limits)
    values = imagecodecs.avif_decode(bytes(data)) if _av1_depth(bytes(data[:65536])) > 8 else None
    if values is not None and values.dtype == np.uint16:
        bits = _av1_depth(bytes(data[:65536]))
        samples, decoded.space, decoded.alpha = split_channels(values)
        decoded.values, decoded.bits = whole_range(samples, bits), bits
        if decoded.alpha is not None:
            decoded.alpha = whole_range(decoded.alpha, bits)
    return decoded


def _av1_depth(head: bytes) -> int:
    """Return the bits of a sample that an AVIF's configuration box declares."""
    at = head.find(b"av1C")
    if at < 0 or at + 7 > len(head):
        return 8
    flags = head[at + 6]
    return (12 if flags & 0x20 else 10) if flags & 0x40 else 8


def decode_heic(data: memoryview, limits: Limits) -> Decoded:
    """Decode the primary picture of a HEIC, upright as libheif gives it, at its own depth."""
    import pillow_heif

    file = pillow_heif.open_heif(io.BytesIO(data), convert_hdr_to_8bit=False, bgr_mode=False)
    width, height = file.size
    check_size(width, height, limits)
    image = file[file.primary_index]
    deep = ";16" in image.mode
    values, space, alpha = split_channels(np.asarray(image))
    info: dict[str, Any] = image.info
    return Decoded(
        values,
        space,
        alpha=alpha,
        premultiplied=image.premultiplied_alpha,
        profile=info.get("icc_profile") or b"",
        orientation=1,
        bits=16 if deep else 8,
        blocks=Blocks(
            exif=(info.get("exif") or b"").removeprefix(b"Exif\0\0"),
            xmp=_as_bytes(info.get("xmp")),
        ),
    )


def decode_jpeg_2000(data: memoryview, limits: Limits) -> Decoded:
    """Decode a JPEG 2000; of another depth than 8 bits by imagecodecs."""
    width, height, bits, signed = _codestream_header(bytes(data[: 1 << 16]))
    check_size(width, height, limits)
    profile = _jp2_profile(data)
    if signed:
        raise unsupported_kind("JPEG 2000", gettext_noop("signed samples"))
    if bits == 8:
        decoded = decode_by_pillow(data, "JPEG 2000", limits)
    else:
        values, space, alpha = split_channels(imagecodecs.jpeg2k_decode(bytes(data)))
        decoded = Decoded(whole_range(values, bits), space, bits=bits)
        decoded.alpha = None if alpha is None else whole_range(alpha, bits)
    decoded.profile = decoded.profile or profile
    return decoded


def _codestream_header(head: bytes) -> tuple[int, int, int, bool]:
    at = head.find(b"\xff\x4f\xff\x51")
    if at < 0 or at + 43 > len(head):
        raise damaged()
    right, bottom, left, top = struct.unpack_from(">4I", head, at + 8)
    depth = head[at + 42]
    return right - left, bottom - top, (depth & 0x7F) + 1, bool(depth & 0x80)


def _jp2_profile(data: memoryview) -> bytes:
    for name, body in boxes(data):
        if name == b"jp2h":
            for inner, content in boxes(body):
                if inner == b"colr" and bytes(content[:1]) == b"\2":
                    return bytes(content[3:])
    return b""


def decode_jpeg_xl(data: memoryview, limits: Limits) -> Decoded:
    """Decode a JPEG XL, upright as libjxl gives it."""
    width, height, bits = jxl_header(data)
    check_size(width, height, limits)
    values = imagecodecs.jpegxl_decode(bytes(data), numthreads=1)
    if values.ndim == 4 or (values.ndim == 3 and values.shape[2] > 4):
        raise animated()
    if values.dtype.kind == "f":
        light = np.clip(np.nan_to_num(values.astype(np.float32)), 0, 1)
        values, bits = (light * 65535 + 0.5).astype(np.uint16), 16
    elif 0 < bits <= 16:  # libjxl gives ten bits as ten bits
        values = whole_range(values, bits)
    samples, space, alpha = split_channels(values)
    exif = xmp = b""
    for name, body in boxes(data):
        if name == b"Exif":
            exif = bytes(body[4:])
        elif name == b"xml ":
            xmp = bytes(body)
    return Decoded(
        samples,
        space,
        alpha=alpha,
        orientation=1,
        bits=8 * samples.dtype.itemsize,
        blocks=Blocks(exif=exif, xmp=xmp),
    )


def jxl_header(data: memoryview) -> tuple[int, int, int]:
    """Return width and height, in pixels before it is turned, and the bits of a JPEG XL's samples.

    ISO/IEC 18181-1, SizeHeader and the beginning of ImageMetadata. Of floating point the bits are
    0, and where a preview or a film comes before them.
    """
    stream = bytes(data[:64])
    if stream[:2] != b"\xff\x0a":
        for name, body in boxes(data):
            if name in {b"jxlc", b"jxlp"}:
                stream = bytes(body[:64])[4 if name == b"jxlp" else 0 :]
                break
    if stream[:2] != b"\xff\x0a":
        raise damaged()
    number, at = int.from_bytes(stream[2:], "little"), 0

    def read(count: int) -> int:
        nonlocal at
        value = number >> at & ((1 << count) - 1)
        at += count
        return value

    def size() -> tuple[int, int]:
        small = read(1)

        def side() -> int:
            return (read(5) + 1) * 8 if small else read(_JXL_SIZE_BITS[read(2)]) + 1

        height = side()
        ratio = read(3)
        if not ratio:
            return side(), height
        across, down = ((1, 1), (12, 10), (4, 3), (3, 2), (16, 9), (5, 4), (2, 1))[ratio - 1]
        return height * across // down, height

    width, height = size()
    if read(1):  # all as usual
        return width, height, 8
    if read(1):
        read(3)  # orientation
        if read(1):
            size()  # as it is to be shown
        if read(1) or read(1):  # a preview, a film
            return width, height, 0
    if read(1):  # floating point
        return width, height, 0
    chosen = read(2)
    return width, height, read(6) + 1 if chosen == 3 else (8, 10, 12)[chosen]


def boxes(data: memoryview) -> Iterator[tuple[bytes, memoryview]]:
    """Yield name and content of each box of an ISO base media file; stops at nonsense."""
    at = 0
    while at + 8 <= len(data):
        size, head = int.from_bytes(data[at : at + 4], "big"), 8
        if size == 1:
            size, head = int.from_bytes(data[at + 8 : at + 16], "big"), 16
        elif size == 0:
            size = len(data) - at
        if size < head:
            return
        yield bytes(data[at + 4 : at + 8]), data[at + head : at + size]
        at += size


def _as_bytes(value: Any) -> bytes:
    return value.encode() if isinstance(value, str) else bytes(value or b"")


def _dpi(value: Any) -> tuple[float, float] | None:
    if not value or not (0 < value[0] < 1e6 and 0 < value[1] < 1e6):
        return None
    return float(value[0]), float(value[1])

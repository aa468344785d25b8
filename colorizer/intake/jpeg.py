"""JPEG of every kind: 8 bits by Pillow, 12 and 16 bits and lossless by imagecodecs."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field

import imagecodecs
import numpy as np
from PIL import Image

from colorizer.intake.decoded import Decoded, Samples, Space, split_channels, whole_range
from colorizer.intake.errors import damaged, too_many_parts, unsupported_kind
from colorizer.intake.limits import Limits, check_size
from colorizer.metadata.blocks import Blocks
from colorizer.translation import gettext_noop

_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
_LOSSLESS = {0xC3, 0xC7, 0xCB, 0xCF}
_HIERARCHICAL = {0xC5, 0xC6, 0xC7, 0xCD, 0xCE, 0xCF}
_ALONE = {0x01, *range(0xD0, 0xD9)}
_SCAN, _END, _EOI = 0xDA, 0xD9, b"\xff\xd9"
_EXIF, _XMP = b"Exif\0\0", b"http://ns.adobe.com/xap/1.0/\0"
_ICC, _PHOTOSHOP = b"ICC_PROFILE\0", b"Photoshop 3.0\0"
_CENTIMETRES = 2.54
_NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_BLOCK = 8
# What a decoder that lacks data would take for some: anything but a marker.
_NOISE = np.random.default_rng(7).integers(0, 255, 1 << 16, np.uint8).tobytes()


@dataclass
class _Header:
    frame: int = 0
    bits: int = 0
    width: int = 0
    height: int = 0
    scans: int = 0
    ended: bool = False
    end: int = 0
    blocks: Blocks = field(default_factory=Blocks)
    profile: dict[int, bytes] = field(default_factory=dict)


def decode_jpeg(data: memoryview, limits: Limits) -> Decoded:
    """Decode a JPEG; of a phone's several pictures (MPO) the first is the photo."""
    header = _read_header(bytes(data))
    if not header.frame:
        raise damaged()
    if not header.height:
        raise unsupported_kind("JPEG", gettext_noop("its height stands behind the pixels"))
    check_size(header.width, header.height, limits)
    _check_scans(header, limits)
    note = ""
    alpha: Samples | None = None
    space: Space
    if header.frame in _HIERARCHICAL:
        raise unsupported_kind("JPEG", gettext_noop("hierarchical"))
    if header.bits != 8 or header.frame in _LOSSLESS:
        values, space, alpha = split_channels(imagecodecs.jpeg8_decode(bytes(data)))
        values = whole_range(values, header.bits)
    else:
        values, space, note = _eight_bits(bytes(data), header)
    return Decoded(
        values,
        space,
        alpha=alpha,
        profile=b"".join(header.profile[number] for number in sorted(header.profile)),
        bits=header.bits,
        blocks=header.blocks,
        note=note,
    )


def check_jpeg(data: bytes, limits: Limits) -> Blocks:
    """See that a JPEG within another file is whole; return its metadata.

    Raises:
        IntakeError: it is damaged, or has more scans than are taken.
    """
    header = _read_header(data)
    if header.bits != 8:
        raise damaged()
    _check_scans(header, limits)
    _eight_bits(data, header)
    return header.blocks


def _check_scans(header: _Header, limits: Limits) -> None:
    max_scans = limits.max_scans_of(header.width * header.height)
    if header.scans > max_scans:
        raise too_many_parts(header.scans, max_scans)


def _eight_bits(data: bytes, header: _Header) -> tuple[Samples, Space, str]:
    note = ""
    try:
        values, space = _pillow(data)
    except OSError:
        if header.ended:
            raise
        values, space = _pillow(data + _EOI)
        note = "no_end"
    # A decoder that has no more data fills the rest with one grey, without a word. What is decoded
    # the same whatever follows is whole.
    is_doubtful = note or (values[-1, -_BLOCK:] == values[-1, -1]).all()
    if is_doubtful and not np.array_equal(values, _pillow(data[: header.end] + _NOISE + _EOI)[0]):
        raise damaged()
    return values, space, note


def _pillow(data: bytes) -> tuple[Samples, Space]:
    with Image.open(io.BytesIO(data), formats=("JPEG", "MPO")) as image:
        image.load()
        if image.mode == "L":
            return np.asarray(image), "grey"
        if image.mode == "CMYK":
            return np.asarray(image), "cmyk"
        return np.asarray(image if image.mode == "RGB" else image.convert("RGB")), "rgb"


def _read_header(data: bytes) -> _Header:
    """Walk over the markers of the first picture in a file."""
    header, at = _Header(), 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            at = data.find(b"\xff", at)
            if at < 0:
                break
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
        elif marker == _END:
            header.ended, header.end = True, at
            return header
        elif marker == 0 or marker in _ALONE:
            at += 2
        else:
            length = int.from_bytes(data[at + 2 : at + 4], "big")
            _segment(header, marker, data[at + 4 : at + 2 + length])
            at += 2 + max(length, 2)
            if marker == _SCAN:
                at = _after_scan(data, at)
    header.ended = data.endswith(_EOI)
    header.end = len(data) - len(_EOI) * header.ended
    return header


def _after_scan(data: bytes, at: int) -> int:
    """Return where the next marker is that is neither a stuffed byte nor a restart."""
    found = _NEXT_MARKER.search(data, at)
    return found.end() - 2 if found else len(data)


def _segment(header: _Header, marker: int, body: bytes) -> None:
    if marker in _FRAMES and not header.frame and len(body) >= 6:
        header.frame, header.bits = marker, body[0]
        header.height = int.from_bytes(body[1:3], "big")
        header.width = int.from_bytes(body[3:5], "big")
    elif marker == _SCAN:
        header.scans += 1
    elif marker == 0xE0 and body.startswith(b"JFIF\0") and len(body) >= 12:
        header.blocks.dpi = _dpi(body[7], body[8:12])
    elif marker == 0xE1 and body.startswith(_EXIF):
        header.blocks.exif = header.blocks.exif or body[len(_EXIF) :]
    elif marker == 0xE1 and body.startswith(_XMP):
        header.blocks.xmp = header.blocks.xmp or body[len(_XMP) :]
    elif marker == 0xE2 and body.startswith(_ICC) and len(body) > len(_ICC) + 2:
        header.profile.setdefault(body[len(_ICC)], body[len(_ICC) + 2 :])
    elif marker == 0xED and body.startswith(_PHOTOSHOP):
        header.blocks.iptc = header.blocks.iptc or iptc_of(body[len(_PHOTOSHOP) :])


def _dpi(unit: int, density: bytes) -> tuple[float, float] | None:
    across, down = int.from_bytes(density[:2], "big"), int.from_bytes(density[2:], "big")
    factor = {1: 1.0, 2: _CENTIMETRES}.get(unit)
    return None if factor is None or not across or not down else (across * factor, down * factor)


def iptc_of(resources: bytes) -> bytes:
    """Return the IPTC records among Photoshop's image resources."""
    at = 0
    while resources[at : at + 4] == b"8BIM" and at + 12 <= len(resources):
        number = int.from_bytes(resources[at + 4 : at + 6], "big")
        at += 6 + (1 + resources[at + 6] + 1) // 2 * 2
        size = int.from_bytes(resources[at : at + 4], "big")
        at += 4
        if number == 0x0404:
            return resources[at : at + size]
        at += (size + 1) // 2 * 2
    return b""

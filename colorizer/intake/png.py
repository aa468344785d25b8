"""PNG: what matters for pixels is picked out chunk by chunk, so that notes cannot spoil a photo."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass, field

import imagecodecs

from colorizer.intake.decoded import Decoded, Transfer, split_channels
from colorizer.intake.errors import animated, damaged
from colorizer.intake.limits import Limits, check_size
from colorizer.metadata.blocks import Blocks

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PIXELS = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}
_MAX_NOTE = 16 * 1024 * 1024
_INCHES = 0.0254
_XMP = b"XML:com.adobe.xmp"
_OLD_EXIF = (b"Raw profile type exif", b"Raw profile type APP1")


@dataclass
class _Chunks:
    pixels: list[tuple[bytes, bytes]] = field(default_factory=list)
    notes: dict[bytes, bytes] = field(default_factory=dict)
    texts: dict[bytes, bytes] = field(default_factory=dict)


def decode_png(data: memoryview, limits: Limits) -> Decoded:
    """Decode a PNG; text and other notes with wrong checksums or bombs in them are left out."""
    chunks = _read_chunks(data)
    if not chunks.pixels or chunks.pixels[0][0] != b"IHDR" or len(chunks.pixels[0][1]) != 13:
        raise damaged()
    width, height, bits = struct.unpack_from(">IIB", chunks.pixels[0][1])
    check_size(width, height, limits)
    frames = chunks.notes.get(b"acTL", b"")
    if len(frames) >= 4 and int.from_bytes(frames[:4], "big") > 1:
        raise animated()
    plain = SIGNATURE + b"".join(make_chunk(name, body) for name, body in chunks.pixels)
    values, space, alpha = split_channels(imagecodecs.png_decode(plain))
    profile = _inflated(chunks.notes.get(b"iCCP", b"").partition(b"\0")[2][1:])
    return Decoded(
        values,
        space,
        alpha=alpha,
        profile=profile,
        transfer=None if profile or b"sRGB" in chunks.notes else _transfer(chunks.notes),
        bits=16 if bits == 16 else 8,
        blocks=Blocks(
            exif=chunks.notes.get(b"eXIf", b"") or _old_exif(chunks.texts),
            xmp=chunks.texts.get(_XMP, b""),
            dpi=_dpi(chunks.notes.get(b"pHYs", b"")),
        ),
    )


def make_chunk(name: bytes, body: bytes) -> bytes:
    """Return a chunk of a PNG with its length and checksum."""
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def _read_chunks(data: memoryview) -> _Chunks:
    """Collect chunks up to the end; those of pixels must have right checksums."""
    chunks, at = _Chunks(), len(SIGNATURE)
    while at + 12 <= len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        name, body = bytes(data[at + 4 : at + 8]), data[at + 8 : at + 8 + length]
        end = at + 12 + length
        if end > len(data):
            raise damaged()
        if name in _PIXELS:
            if zlib.crc32(body, zlib.crc32(name)) != int.from_bytes(data[end - 4 : end], "big"):
                raise damaged()
            chunks.pixels.append((name, bytes(body)))
        elif length <= _MAX_NOTE:
            _note(chunks, name, bytes(body))
        if name == b"IEND":
            break
        at = end
    # Some programs leave out the last chunk; whether all pixels are there the decoder tells.
    if chunks.pixels and chunks.pixels[-1][0] != b"IEND":
        chunks.pixels.append((b"IEND", b""))
    return chunks


def _note(chunks: _Chunks, name: bytes, body: bytes) -> None:
    if name in {b"tEXt", b"zTXt", b"iTXt"}:
        key, _, rest = body.partition(b"\0")
        if name == b"zTXt":
            rest = _inflated(rest[1:])
        elif name == b"iTXt":
            packed, text = rest[:1] == b"\1", rest[2:].split(b"\0", 2)[-1]
            rest = _inflated(text) if packed else text
        chunks.texts.setdefault(key, rest)
    else:
        chunks.notes.setdefault(name, body)


def _inflated(packed: bytes) -> bytes:
    """Unpack a note, unless it is a bomb or damaged."""
    unpacker = zlib.decompressobj()
    try:
        text = unpacker.decompress(packed, _MAX_NOTE)
    except zlib.error:
        return b""
    return b"" if unpacker.unconsumed_tail else text


def _transfer(notes: dict[bytes, bytes]) -> Transfer | None:
    gamma = notes.get(b"gAMA", b"")
    if len(gamma) != 4 or gamma == b"\0\0\0\0":
        return None
    primaries = notes.get(b"cHRM", b"")
    numbers = struct.unpack(">8I", primaries) if len(primaries) == 32 else ()
    return Transfer(
        int.from_bytes(gamma, "big") / 100_000, tuple(number / 100_000 for number in numbers)
    )


def _dpi(chunk: bytes) -> tuple[float, float] | None:
    if len(chunk) != 9 or chunk[8] != 1:
        return None
    across, down = struct.unpack_from(">II", chunk)
    return across * _INCHES, down * _INCHES


def _old_exif(texts: dict[bytes, bytes]) -> bytes:
    """Return EXIF as ImageMagick wrote it before PNG had a chunk for it: hexadecimal text."""
    for key in _OLD_EXIF:
        if key in texts:
            try:
                return bytes.fromhex(b"".join(texts[key].split()[2:]).decode("ascii"))
            except ValueError:
                return b""
    return b""

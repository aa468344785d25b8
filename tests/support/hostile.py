"""Small files that cost their reader much: what strangers send to keep a site from others."""

import io
import struct
import zipfile

from PIL import Image

from tests.support.pictures import encoded, grey_astronaut


def jpeg_of_scans(scans: int, side: int = 6320) -> bytes:
    """A progressive JPEG of ``side`` x ``side`` that passes over all of itself ``scans`` times."""
    flat = encoded(Image.new("L", (side, side), 128), "JPEG", progressive=True, quality=50)
    last = flat.rindex(b"\xff\xda")
    tail = flat[last:-2]
    there = flat.count(b"\xff\xda")
    return flat[:-2] + tail * max(0, scans - there) + b"\xff\xd9"


def webp_of_nothing(width: int = 16383, height: int = 2441) -> bytes:
    """A lossless WebP of one colour: some forty bytes of forty megapixels."""
    return encoded(Image.new("RGB", (width, height)), "WEBP", lossless=True, quality=0, method=0)


def tiff_of_a_wide_tile(tile: int = 46336, side: int = 64) -> bytes:
    """A TIFF of ``side`` x ``side`` whose only tile claims ``tile`` x ``tile`` pixels."""
    data = b"\x78\x9c\x63\x60\x00\x00\x00\x02\x00\x01"  # a little of zlib, far less than a tile
    entries = [
        (256, 4, side), (257, 4, side), (258, 3, 8), (259, 3, 8), (262, 3, 1), (277, 3, 1),
        (322, 4, tile), (323, 4, tile), (324, 4, 8), (325, 4, len(data)),
    ]  # fmt: skip
    directory = struct.pack("<H", len(entries)) + b"".join(
        struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in entries
    )
    at = 8 + len(data)
    return b"II*\0" + struct.pack("<I", at) + data + directory + b"\0\0\0\0"


def tiff_of_many_strips(strips: int = 2_000_000, *, tag: int = 273) -> bytes:
    """A TIFF one of whose directory's tables has so many numbers: of strips, or of samples."""
    table = struct.pack("<I", 8) * strips
    fields = {256: 64, 257: 64, 258: 8, 259: 1, 262: 1, 277: 1, 278: 1, 273: 8, 279: 64}
    lengths = {tag: strips, 279: strips if tag == 273 else 1}
    directory = struct.pack("<H", len(fields)) + b"".join(
        struct.pack("<HHII", one, 4, lengths.get(one, 1), value if one != tag else 8)
        for one, value in sorted(fields.items())
    )
    return b"II*\0" + struct.pack("<I", 8 + len(table)) + table + directory + b"\0\0\0\0"


def heavy_strokes(number: int) -> list[dict[str, object]]:
    """Ten strokes of 2,000 points, as wide as half the photo: the most that a hint set holds."""
    return [
        {
            "type": "stroke",
            "points": [
                [(n * 37 + number) % 101 / 100, (n * 53 + stroke) % 97 / 96] for n in range(2000)
            ],
            "radius": 0.5,
            "color": "#aa5533",
        }
        for stroke in range(10)
    ]


def zip_of_a_large_entry(size: int) -> bytes:
    """A ZIP of a portrait and of an entry that unpacks to ``size`` bytes of nothing."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("photo.jpg", encoded(grey_astronaut(96, 64), "JPEG"))
        with archive.open("photo.jpg.json", "w", force_zip64=True) as entry:
            piece = bytes(1 << 20)
            for _ in range(size >> 20):
                entry.write(piece)
    return sink.getvalue()


def zip_of_many_entries(count: int) -> bytes:
    """A ZIP whose directory lists ``count`` empty files; its end says so by ZIP64 alone."""
    local = struct.pack("<4s5H3I2H", b"PK\3\4", 20, 0, 0, 0, 0x21, 0, 0, 0, 7, 0) + b"0000000"
    fields = struct.pack(
        "<4s6H3I5H2I", b"PK\1\2", 45, 20, 0, 0, 0, 0x21, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0
    )
    directory = b"".join(fields + b"%07d" % n for n in range(count))
    start = len(local)
    end64 = struct.pack(
        "<4sQ2H2I4Q", b"PK\6\6", 44, 45, 45, 0, 0, count, count, len(directory), start
    )
    locator = struct.pack("<4sIQI", b"PK\6\7", 0, start + len(directory), 1)
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return local + directory + end64 + locator + end


def zip_of_hint_files(photos: int) -> bytes:
    """A ZIP of ``photos`` portraits, each with a file of hints beside it, as large as they may be.

    All of them together stay within the bytes that hints of one batch may have.
    """
    picture = encoded(grey_astronaut(96, 64), "JPEG")
    points = ", ".join(f"[0.{n % 97:02}, 0.{n % 89:02}]" for n in range(1500))
    stroke = f'{{"type": "stroke", "points": [{points}], "radius": 0.5, "color": "#aa5533"}}'
    hints = f'{{"version": 1, "hints": [{stroke}]}}'.encode()
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(photos):
            archive.writestr(f"{number:04}.jpg", picture, zipfile.ZIP_STORED)
            # A little apart, or all of them pack too well to be taken for anything but a bomb.
            archive.writestr(f"{number:04}.json", hints + b" " * (number % 7), zipfile.ZIP_STORED)
    return sink.getvalue()

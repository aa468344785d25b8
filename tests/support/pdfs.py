"""PDF files made by hand, object by object: pages of a content stream and the images it draws."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field

import numpy as np

GREY, RGB = "/DeviceGray", "/DeviceRGB"


@dataclass(frozen=True)
class Stream:
    """An image, or any other stream: what its dictionary says, and its bytes."""

    entries: str
    data: bytes
    size: tuple[int, int] = (0, 0)


@dataclass(frozen=True)
class Page:
    """A page: its content, its images by name, its size in points, and further entries."""

    content: str
    images: dict[str, Stream] = field(default_factory=dict)
    size: tuple[float, float] = (300, 200)
    entries: str = ""


def image(pixels: np.ndarray, entries: str = "", *, bits: int = 8) -> Stream:
    """Samples as an image, packed with Deflate: (H, W) grey or (H, W, 3) RGB."""
    height, width = pixels.shape[:2]
    samples = np.packbits(pixels, axis=1) if bits == 1 else pixels
    space = GREY if pixels.ndim == 2 else RGB
    return Stream(
        f"{_size(width, height)} /ColorSpace {space} /BitsPerComponent {bits}"
        f" /Filter /FlateDecode {entries}",
        zlib.compress(samples.astype(samples.dtype.newbyteorder(">")).tobytes()),
        (width, height),
    )


def packed(data: bytes, size: tuple[int, int], entries: str) -> Stream:
    """An image as another library packed it: JPEG, JPEG 2000, fax."""
    return Stream(f"{_size(*size)} {entries}", data, size)


def _size(width: int, height: int) -> str:
    return f"/Type /XObject /Subtype /Image /Width {width} /Height {height}"


def scan(one: Stream, *, size: tuple[float, float] | None = None, entries: str = "") -> Page:
    """A page that one image fills, two points a pixel."""
    size = size or (2 * one.size[0], 2 * one.size[1])
    return Page(f"q {size[0]} 0 0 {size[1]} 0 0 cm /Scan Do Q", {"Scan": one}, size, entries)


def pdf(*pages: Page, trailer: str = "", extra: dict[int, str] | None = None) -> bytes:
    """The pages as a file, with its table of objects."""
    objects: dict[int, bytes] = {}
    number = 10

    def add(body: bytes) -> int:
        nonlocal number
        number += 1
        objects[number] = body
        return number

    def add_stream(entries: str, data: bytes) -> int:
        head = f"<< {entries} /Length {len(data)} >>\nstream\n".encode()
        return add(head + data + b"\nendstream")

    kids = []
    for page in pages:
        names = {name: add_stream(one.entries, one.data) for name, one in page.images.items()}
        listed = " ".join(f"/{name} {place} 0 R" for name, place in names.items())
        content = add_stream("", page.content.encode())
        box = f"0 0 {page.size[0]} {page.size[1]}"
        resources = f"<< /XObject << {listed} >> /Font << /F 3 0 R >> >>"
        kids.append(add(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [{box}] /Contents {content} 0 R"
            f" /Resources {resources} {page.entries} >>".encode()
        ))  # fmt: skip
    listed = " ".join(f"{kid} 0 R" for kid in kids)
    objects[1] = b"<< /Type /Catalog /Pages 2 0 R >>"
    objects[2] = f"<< /Type /Pages /Count {len(kids)} /Kids [{listed}] >>".encode()
    objects[3] = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    objects |= {place: body.encode() for place, body in (extra or {}).items()}
    return _file(objects, trailer)


def _file(objects: dict[int, bytes], trailer: str) -> bytes:
    data, places = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", {}
    for number, body in sorted(objects.items()):
        places[number] = len(data)
        data += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    at, count = len(data), max(places) + 1
    lines = [f"{places[n]:010} 00000 n \n" if n in places else "0000000000 65535 f \n"
             for n in range(count)]  # fmt: skip
    table = f"xref\n0 {count}\n{''.join(lines)}"
    end = f"trailer\n<< /Size {count} /Root 1 0 R {trailer} >>\nstartxref\n{at}\n%%EOF\n"
    return data + (table + end).encode()

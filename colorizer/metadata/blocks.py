"""Metadata as files carry it, not yet understood."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass
class Blocks:
    """A file's metadata as it lies in the file, not yet understood.

    Attributes:
        exif: a TIFF header and directories, without the word "Exif" before them.
        tags: what a TIFF has in place of that: values by number in "main", "exif" and "gps".
        xmp: a packet of XML.
        iptc: IIM records.
        dpi: across and down.
    """

    exif: bytes = b""
    tags: dict[str, dict[int, Any]] | None = None
    xmp: bytes = b""
    iptc: bytes = b""
    dpi: tuple[float, float] | None = None

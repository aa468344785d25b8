"""Metadata as files hold it (EXIF, XMP, IPTC) to the known fields.

Where the three disagree, the field's own rule decides (Metadata Working Group, "Guidelines for
Handling Image Metadata", 2010): dates and the device by EXIF, words by XMP, then IPTC, then EXIF.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from colorizer.metadata import exif, iptc, xmp
from colorizer.metadata.fields import Metadata

if TYPE_CHECKING:
    from colorizer.metadata.blocks import Blocks

_EXIF_FIRST = {"taken", "digitized", "make", "model", "lens", "exposure_time", "f_number", "iso",
               "focal_length", "latitude", "longitude", "altitude"}  # fmt: skip


def parse_metadata(blocks: Blocks) -> Metadata:
    """Return the known fields of a file; what is damaged of its metadata is left out."""
    from_exif = exif.parse_exif(_tags(blocks))
    from_xmp = _safely(xmp.parse_xmp, blocks.xmp)
    from_iptc = _safely(iptc.parse_iptc, blocks.iptc)
    names = {*from_exif, *from_xmp, *from_iptc}
    words, facts = (from_xmp, from_iptc, from_exif), (from_exif, from_xmp, from_iptc)
    values = {name: _first(name, facts if name in _EXIF_FIRST else words) for name in names}
    return Metadata.of({**values, "dpi": blocks.dpi or from_exif.get("dpi")})


def orientation_of(blocks: Blocks) -> int:
    """Return EXIF's orientation, XMP's where EXIF has none, 1 where nothing says."""
    stated = exif.orientation(_tags(blocks)) or _safely(xmp.parse_xmp, blocks.xmp).get(
        "orientation"
    )
    return stated if isinstance(stated, int) and 1 <= stated <= 8 else 1


def _tags(blocks: Blocks) -> Mapping[str, Mapping[int, Any]]:
    return blocks.tags if blocks.tags is not None else _safely(exif.read_tags, blocks.exif)


def _first(name: str, sources: Iterable[Mapping[str, Any]]) -> Any:
    return next((source[name] for source in sources if source.get(name)), None)


def _safely(parse: Any, data: bytes) -> dict[str, Any]:
    if not data:
        return {}
    try:
        return dict(parse(data))
    except Exception:  # metadata are side notes: a photo is not refused for them
        return {}

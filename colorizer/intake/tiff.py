"""TIFF: which of its pictures is the photo, and what its samples mean.

tifffile reads the directories and imagecodecs the strips and tiles. What a photo is worth, white
at 0, twelve bits, premultiplied alpha, floating point, is decided here.
"""

from __future__ import annotations

from typing import IO, Any, cast

import imagecodecs
import numpy as np
import tifffile
from tifffile import TiffFile, TiffPage

from colorizer.intake.decoded import Decoded, Samples, Space, whole_range
from colorizer.intake.directories import MAX_DIRECTORIES, check_directories
from colorizer.intake.errors import (
    camera_raw,
    damaged,
    several_pages,
    too_many_parts,
    unsupported_kind,
)
from colorizer.intake.jpeg import iptc_of
from colorizer.intake.limits import Limits, check_size
from colorizer.intake.scaling import scaled_floats, scaled_integers
from colorizer.intake.views import ViewFile
from colorizer.metadata.blocks import Blocks
from colorizer.translation import gettext_noop

_REDUCED, _PAGE_OF_MANY, _MASK = 1, 2, 4
_OLD_REDUCED = 2
_PREVIEW_SHARE = 0.5
_DNG, _XMP, _IPTC, _PHOTOSHOP, _ICC = 50706, 700, 33723, 34377, 34675
_MOSAIC, _LINEAR_RAW = 32803, 34892
_SENSOR_TAGS = (50712, 50714, 50717, 50721, 50728)
"""Of DNG: linearization, black, white, colour matrix, neutral. Scans that are kept as DNG lack
them: their samples are a picture already."""
_RAW_PACKINGS = {34713: "Nikon NEF", 32767: "Sony ARW", 32770: "Samsung SRW", 65535: "Pentax PEF"}
_PHOTOMETRIC_SPACES: dict[int, Space] = {
    0: "grey", 1: "grey", 2: "rgb", 3: "rgb", 5: "cmyk", 6: "rgb", 8: "lab", 9: "lab",
}  # fmt: skip
_CHANNELS = {"grey": 1, "rgb": 3, "cmyk": 4, "lab": 3}
_WHITE_IS_ZERO, _PALETTE, _YCBCR, _CIELAB = 0, 3, 6, 8
_JPEGS = {6, 7, 34892, 33007}
_OTHER_SPACES = {4: gettext_noop("a mask"), 10: "ITU Lab", 32844: "LogL", 32845: "LogLuv"}
_ASSOCIATED, _UNASSOCIATED = 1, 2
_CMYK_INKS = 1
TEXT_TAGS = (270, 271, 272, 305, 306, 315, 33432)
"""Of a directory, those that EXIF's first directory has too: caption, maker, date, artist..."""


def decode_tiff(data: memoryview, limits: Limits) -> Decoded:
    """Decode the main picture of a TIFF, as its directories' tags tell it.

    Raises:
        IntakeError: it has several pages, is a camera's raw file, is of a kind that cannot be
            read, asks for too much, or is damaged.
    """
    check_directories(data, limits.max_parts)
    with TiffFile(cast(IO[bytes], ViewFile(data))) as file:
        pages = _directories(file)
        page = _main_page(pages)
        _refuse_raw(pages[0], page)
        check_size(page.imagewidth, page.imagelength, limits)
        _check_parts(page, len(data), limits)
        decoded = _decode_page(page, data)
        first = pages[0].tags
        decoded.orientation = _number(page, 274, 0) or _number(pages[0], 274, 0)
        decoded.profile = decoded.profile or _bytes(page, _ICC)
        decoded.blocks = Blocks(
            tags=_tags_of(page if 34665 in page.tags else pages[0]),
            xmp=_bytes(page, _XMP) or _bytes(pages[0], _XMP),
            iptc=_bytes(page, _IPTC) or iptc_of(_bytes(page, _PHOTOSHOP)),
            dpi=_dpi(page) or (_dpi(pages[0]) if 282 in first else None),
        )
        return decoded


def _directories(file: TiffFile) -> list[TiffPage]:
    """Return all pictures of a file, those below others (SubIFDs) too."""
    found: list[TiffPage] = []
    offsets: set[int] = set()
    for page in file.pages:
        if page.offset in offsets:  # directories that lead back to an earlier one
            break
        offsets.add(page.offset)
        found.append(page if isinstance(page, TiffPage) else page.aspage())
        # Directories of previews only: those of EXIF and GPS are no pages.
        if found[-1].subifds:
            found += [p for p in found[-1].pages or () if isinstance(p, TiffPage)]
        if len(found) > MAX_DIRECTORIES:
            raise too_many_parts(len(found), MAX_DIRECTORIES)
    found = [page for page in found if page.imagewidth and page.imagelength]
    if not found:
        raise damaged()
    return found


def _main_page(pages: list[TiffPage]) -> TiffPage:
    """Return the photo: neither a smaller copy of it nor a mask.

    Raises:
        IntakeError: several pictures are of equal rank.
    """
    full = [page for page in pages if not _is_secondary(page)] or pages
    main = max(full, key=lambda page: page.imagewidth * page.imagelength)
    others = [page for page in full if page is not main]
    if len(pages) > 1 and not all(_is_preview(page, main) for page in others):
        raise several_pages()
    return main


def _is_secondary(page: TiffPage) -> bool:
    kind = _number(page, 254, 0)
    return bool(kind & (_REDUCED | _MASK)) or _number(page, 255, 0) == _OLD_REDUCED


def _is_preview(page: TiffPage, main: TiffPage) -> bool:
    """Tell a copy of at most half the size that its writer did not mark as one."""
    across, down = page.imagewidth / main.imagewidth, page.imagelength / main.imagelength
    one_pixel = 1 / main.imagewidth + 1 / main.imagelength
    return max(across, down) <= _PREVIEW_SHARE + one_pixel and abs(across - down) <= 2 * one_pixel


def _refuse_raw(first: TiffPage, page: TiffPage) -> None:
    photometric, packing = int(page.photometric), int(page.compression)
    from_sensor = any(code in one.tags for one in (first, page) for code in _SENSOR_TAGS)
    is_raw = photometric == _MOSAIC or (photometric == _LINEAR_RAW and from_sensor)
    if is_raw or packing in _RAW_PACKINGS:
        maker = str(first.tags.valueof(271, "")).strip("\0 ").title()
        kind = "DNG" if _DNG in first.tags else _RAW_PACKINGS.get(packing, maker or "TIFF")
        raise camera_raw(kind)


def _check_parts(page: TiffPage, size: int, limits: Limits) -> None:
    """See that the strips or tiles are there, whole, and not too many."""
    if len(page.dataoffsets) > limits.max_parts:
        raise too_many_parts(len(page.dataoffsets), limits.max_parts)
    if page.imagedepth > 1 or page.tiledepth > 1:
        raise several_pages()
    parts = list(zip(page.dataoffsets, page.databytecounts, strict=False))
    needed = int(np.prod(page.chunked))
    if len(parts) < needed or any(not count or at + count > size for at, count in parts):
        raise damaged()
    if int(page.compression) == 1 and sum(count for _, count in parts) * 8 < _bits_needed(page):
        raise damaged()


def _bits_needed(page: TiffPage) -> int:
    if int(page.photometric) == _YCBCR:
        return 0  # subsampled
    bits = page.bitspersample
    row = page.imagewidth * page.samplesperpixel * bits
    return int(row) * page.imagelength


def _decode_page(page: TiffPage, data: memoryview) -> Decoded:
    photometric = int(page.photometric)
    packing = int(page.compression)
    if photometric in _OTHER_SPACES:
        raise unsupported_kind("TIFF", _OTHER_SPACES[photometric])
    if photometric not in _PHOTOMETRIC_SPACES and photometric != _LINEAR_RAW:
        raise unsupported_kind("TIFF", f"photometric interpretation {photometric}")
    if photometric == _YCBCR and packing not in _JPEGS:
        return _by_libtiff(page, data)
    if photometric == 5 and _number(page, 332, _CMYK_INKS) != _CMYK_INKS:
        raise unsupported_kind("TIFF", gettext_noop("inks other than CMYK"))
    try:
        values = page.asarray(maxworkers=1)
    except (ValueError, NotImplementedError, KeyError) as error:
        # A codec, a predictor or a type that the library lacks is a ValueError like any other
        # of its errors; these words alone tell it from a damaged file.
        if "not supported" in str(error) or isinstance(error, NotImplementedError | KeyError):
            name = getattr(page.compression, "name", packing)
            raise unsupported_kind("TIFF", f"compression {name}") from error
        raise
    return _understood(page, _channels_last(page, values))


def _by_libtiff(page: TiffPage, data: memoryview) -> Decoded:
    """Decode uncompressed YCbCr with subsampling, which libtiff alone puts together."""
    values = imagecodecs.tiff_decode(bytes(data), index=page.index, asrgb=True)
    return Decoded(values[..., :3], "rgb")


def _channels_last(page: TiffPage, values: Samples) -> Samples:
    """Return (H, W) or (H, W, C) samples, whichever way the file keeps them."""
    values = values.reshape(
        [side for side in values.shape if side != 1]
        if values.ndim > 2 and page.samplesperpixel == 1
        else values.shape
    )
    if values.ndim == 3 and int(page.planarconfig) == 2:
        values = np.moveaxis(values, 0, -1)
    if values.shape[:2] != (page.imagelength, page.imagewidth):
        raise damaged()
    return values


def _understood(page: TiffPage, values: Samples) -> Decoded:
    photometric = int(page.photometric)
    linear_raw: Space = "grey" if page.samplesperpixel < 3 else "rgb"
    space = _PHOTOMETRIC_SPACES.get(photometric, linear_raw)
    bits = _sample_bits(page)
    if photometric == _PALETTE:
        indices, alpha, premultiplied = _without_extras(page, values, 1)
        colours = _palette(page, indices)
        if alpha is not None:  # of 16 bits, perhaps; a palette's colours have 8 here
            alpha = (whole_range(alpha, bits) >> (8 if bits > 8 else 0)).astype(np.uint8)
        return Decoded(colours, "rgb", alpha=alpha, premultiplied=premultiplied)
    if photometric == _YCBCR or (photometric == 2 and int(page.compression) in _JPEGS):
        bits = 8 * values.dtype.itemsize  # tifffile has made RGB of it
    colours, alpha, premultiplied = _without_extras(page, values, _CHANNELS[space])
    if space == "lab":
        return Decoded(_lab(colours, photometric), "lab", bits=min(bits, 16))
    colours = _full_range(page, colours, bits)
    if photometric == _WHITE_IS_ZERO:
        colours = np.iinfo(colours.dtype).max - colours
    return Decoded(
        colours,
        space,
        alpha=None if alpha is None else _full_range(page, alpha, bits),
        premultiplied=premultiplied,
        bits=bits,
    )


def _without_extras(
    page: TiffPage, values: Samples, channels: int
) -> tuple[Samples, Samples | None, bool]:
    """Divide samples into colours and alpha; infrared and other extras are left out."""
    if values.ndim == 2:
        values = values[..., None]
    if values.shape[2] < channels:
        raise damaged()
    alpha, premultiplied = None, False
    for number, kind in enumerate(page.extrasamples):
        if int(kind) in (_ASSOCIATED, _UNASSOCIATED) and channels + number < values.shape[2]:
            alpha, premultiplied = values[..., channels + number], int(kind) == _ASSOCIATED
            break
    colours = values[..., 0] if channels == 1 else values[..., :channels]
    return colours, alpha, premultiplied


def _full_range(page: TiffPage, values: Samples, bits: int) -> Samples:
    if values.dtype == bool:
        return np.asarray(values, np.uint8) * np.uint8(255)
    if values.dtype.kind == "f":
        return scaled_floats(values)
    if values.dtype.kind not in "iu":
        raise unsupported_kind("TIFF", gettext_noop("complex numbers"))
    if values.dtype.kind == "i" or bits > 16:
        return scaled_integers(values, bits)
    return whole_range(values, bits)


def _palette(page: TiffPage, values: Samples) -> Samples:
    table = np.asarray(page.colormap, np.uint16)
    if table.ndim != 2 or len(table) != 3:
        raise damaged()
    # Some writers put 8-bit values where 16 are meant.
    table = (table if table.max() < 256 else table >> 8).astype(np.uint8)
    return np.asarray(table.T[np.minimum(values, table.shape[1] - 1)])


def _lab(values: Samples, photometric: int) -> Samples:
    """Return CIELAB in its own units from TIFF's two ways of keeping it."""
    lab = values.astype(np.float32)
    deep = values.dtype.itemsize == 2
    if values.dtype.kind == "f":
        return lab
    if photometric == _CIELAB:
        lightness = lab[..., 0] % (65536 if deep else 256) * (100 / (65535 if deep else 255))
        signed = values[..., 1:].view(np.int16 if deep else np.int8).astype(np.float32)
        ab = signed / (256 if deep else 1)
    else:
        lightness = lab[..., 0] * (100 / (65280 if deep else 255))
        ab = (lab[..., 1:] - (32768 if deep else 128)) / (256 if deep else 1)
    return np.concatenate([lightness[..., None], ab], axis=-1)


def _sample_bits(page: TiffPage) -> int:
    bits = page.tags.valueof(258, page.bitspersample)
    sizes = set(bits) if isinstance(bits, tuple) else {bits}
    if len(sizes) != 1:
        raise unsupported_kind("TIFF", f"samples of different sizes ({bits})")
    return int(sizes.pop())


def _number(page: TiffPage, code: int, default: int) -> int:
    value = page.tags.valueof(code, default)
    return int(value) if isinstance(value, int) else default


def _bytes(page: TiffPage, code: int) -> bytes:
    value: Any = page.tags.valueof(code, b"")
    if isinstance(value, str):
        return value.encode("utf-8", "replace")
    if isinstance(value, tuple) and all(isinstance(one, int) for one in value):
        kind = page.tags[code].dtype  # IPTC is often said to be of longs
        size = 4 if kind == tifffile.DATATYPE.LONG else 1
        order = "little" if page.parent.byteorder == "<" else "big"
        return b"".join(one.to_bytes(size, order) for one in value if 0 <= one < 1 << 8 * size)
    return bytes(value) if isinstance(value, bytes | bytearray) else b""


def _tags_of(page: TiffPage) -> dict[str, dict[int, Any]]:
    """Return a directory's own tags of those that EXIF knows, and those of EXIF and GPS below."""
    found: dict[str, dict[int, Any]] = {"main": {}, "exif": {}, "gps": {}}
    for code in TEXT_TAGS:
        if code in page.tags:
            found["main"][code] = page.tags.valueof(code)
    for name, code, registry in (
        ("exif", 34665, tifffile.TIFF.EXIF_TAGS),
        ("gps", 34853, tifffile.TIFF.GPS_TAGS),
    ):
        below = page.tags.valueof(code, None)
        if isinstance(below, dict):
            for key, value in below.items():
                number: Any = registry.get(key, key)
                if isinstance(number, int):  # a name that the registry lacks stays a name
                    found[name][number] = value
    return found


def _dpi(page: TiffPage) -> tuple[float, float] | None:
    try:
        across, down = (_ratio(page.tags.valueof(code)) for code in (282, 283))
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    factor = {2: 1.0, 3: 2.54}.get(_number(page, 296, 2))
    if factor is None or not (0 < across < 1e6 and 0 < down < 1e6):
        return None
    return across * factor, down * factor


def _ratio(value: Any) -> float:
    return float(value[0] / value[1]) if isinstance(value, tuple) else float(value)

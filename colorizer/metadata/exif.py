"""EXIF: the known fields out of its tags, and tags made anew for a result."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from PIL import ExifTags, Image
from PIL.TiffImagePlugin import IFDRational

from colorizer.metadata.fields import Metadata, clean_date

_B, _E, _G = ExifTags.Base, ExifTags.IFD, ExifTags.GPS
_ORIENTATION = 274
_INCH, _CENTIMETRE = 2, 3
# What cameras and programs write where people's captions belong.
_NO_CAPTIONS = ("olympus digital camera", '{"shape"', "imagej=", "<?xml", "sony dsc", "dcim")

Tags = Mapping[str, Mapping[int, Any]]
"""Values by number, in "main", "exif" and "gps"."""


def read_tags(data: bytes) -> dict[str, dict[int, Any]]:
    """Return the tags of an EXIF block, a TIFF header and directories."""
    exif = Image.Exif()
    exif.load(data)
    return {"main": dict(exif), "exif": exif.get_ifd(_E.Exif), "gps": exif.get_ifd(_E.GPSInfo)}


def orientation(tags: Tags) -> int:
    """Return the orientation, 0 where there is none."""
    value = tags.get("main", {}).get(_ORIENTATION, 0)
    return value if isinstance(value, int) and 1 <= value <= 8 else 0


def parse_exif(tags: Tags) -> dict[str, Any]:
    """Return the fields that EXIF knows, not yet cleaned."""
    main, exif, gps = (tags.get(name, {}) for name in ("main", "exif", "gps"))
    caption = _text(main.get(_B.ImageDescription))
    speed = exif.get(_B.ISOSpeedRatings)
    found = {
        "caption": "" if caption.lower().startswith(_NO_CAPTIONS) else caption,
        "creator": [one for one in _text(main.get(_B.Artist)).split(";") if one.strip()],
        "copyright": _text(main.get(_B.Copyright)),
        "make": _text(main.get(_B.Make)),
        "model": _text(main.get(_B.Model)),
        "lens": _text(exif.get(_B.LensModel)),
        "taken": _date(exif, _B.DateTimeOriginal, _B.OffsetTimeOriginal),
        "digitized": _date(exif, _B.DateTimeDigitized, _B.OffsetTimeDigitized),
        "exposure_time": _number(exif.get(_B.ExposureTime)),
        "f_number": _number(exif.get(_B.FNumber)),
        "iso": _number(speed[0] if isinstance(speed, tuple) and speed else speed),
        "focal_length": _number(exif.get(_B.FocalLength)),
        "latitude": _degrees(gps.get(_G.GPSLatitude), gps.get(_G.GPSLatitudeRef), "S"),
        "longitude": _degrees(gps.get(_G.GPSLongitude), gps.get(_G.GPSLongitudeRef), "W"),
        "altitude": _altitude(gps),
        "dpi": _dpi(main),
    }
    return {name: value for name, value in found.items() if value not in ("", [], None)}


def make_exif(metadata: Metadata, *, width: int, height: int, software: str) -> Image.Exif:
    """Return EXIF for a result: upright, sRGB, of its own size, without thumbnail.

    Args:
        metadata: the fields that it carries.
        width: of the result.
        height: of the result.
        software: what made it.
    """
    made = Image.Exif()
    main = {
        _B.ImageDescription: metadata.caption,
        _B.Make: metadata.make,
        _B.Model: metadata.model,
        _B.Artist: "; ".join(metadata.creator),
        _B.Copyright: metadata.copyright,
        _B.Software: software,
    }
    made.update({int(code): _ascii(text) for code, text in main.items() if text})
    made[_ORIENTATION] = 1
    if metadata.dpi is not None:
        made[int(_B.XResolution)], made[int(_B.YResolution)] = map(_ratio, metadata.dpi)
        made[int(_B.ResolutionUnit)] = _INCH
    below = made.get_ifd(_E.Exif)
    below.update(_details(metadata))
    below.update({int(_B.ExifVersion): b"0232", int(_B.FlashPixVersion): b"0100",
                  int(_B.ColorSpace): 1, int(_B.ExifImageWidth): width,
                  int(_B.ExifImageHeight): height})  # fmt: skip
    if metadata.latitude is not None and metadata.longitude is not None:
        made.get_ifd(_E.GPSInfo).update(_gps(metadata))
    return made


def _details(metadata: Metadata) -> dict[int, Any]:
    below: dict[int, Any] = {}
    for value, tag, zone in (
        (metadata.taken, _B.DateTimeOriginal, _B.OffsetTimeOriginal),
        (metadata.digitized, _B.DateTimeDigitized, _B.OffsetTimeDigitized),
    ):
        if value:
            below[int(tag)], offset = _exif_date(value)
            if offset:
                below[int(zone)] = offset
    for number, tag in (
        (metadata.exposure_time, _B.ExposureTime),
        (metadata.f_number, _B.FNumber),
        (metadata.focal_length, _B.FocalLength),
    ):
        if number is not None:
            below[int(tag)] = _ratio(number)
    if metadata.iso is not None:
        below[int(_B.ISOSpeedRatings)] = min(round(metadata.iso), 65535)
    if metadata.lens:
        below[int(_B.LensModel)] = _ascii(metadata.lens)
    return below


def _gps(metadata: Metadata) -> dict[int, Any]:
    latitude, longitude = metadata.latitude or 0.0, metadata.longitude or 0.0
    place: dict[int, Any] = {
        int(_G.GPSVersionID): b"\2\3\0\0",
        int(_G.GPSLatitudeRef): "S" if latitude < 0 else "N",
        int(_G.GPSLatitude): _sexagesimal(latitude),
        int(_G.GPSLongitudeRef): "W" if longitude < 0 else "E",
        int(_G.GPSLongitude): _sexagesimal(longitude),
    }
    if metadata.altitude is not None:
        place[int(_G.GPSAltitudeRef)] = b"\1" if metadata.altitude < 0 else b"\0"
        place[int(_G.GPSAltitude)] = _ratio(abs(metadata.altitude))
    return place


def _text(value: Any) -> str:
    """Return a text; bytes are UTF-8, as programs write them, or else Latin 1."""
    if isinstance(value, str):
        # Pillow reads Latin 1, where many wrote UTF-8.
        with contextlib.suppress(UnicodeError):
            value = value.encode("latin-1").decode("utf-8")
        return str(value).strip("\0 ")
    if isinstance(value, bytes):
        try:
            return value.decode("utf-8").strip("\0 ")
        except UnicodeError:
            return value.decode("latin-1").strip("\0 ")
    return ""


def _ascii(text: str) -> str | bytes:
    """Return a text so that Pillow writes it as it is: UTF-8, as programs read it, not "?"."""
    return text if text.isascii() else text.encode()


def _number(value: Any) -> float | None:
    try:
        return float(value[0] / value[1]) if isinstance(value, tuple) else float(value)
    except (TypeError, ValueError, ZeroDivisionError, IndexError):
        return None


def _date(exif: Mapping[int, Any], tag: int, zone: int) -> str:
    date = clean_date(_text(exif.get(tag)))
    offset = _text(exif.get(zone))
    return date + offset if "T" in date and len(offset) == 6 else date


def _exif_date(date: str) -> tuple[str, str]:
    """Return EXIF's form of an ISO date, unknown parts left blank, and the time zone."""
    day, _, time = date.partition("T")
    year, month, day_of_month = (*day.split("-"), "  ", "  ")[:3]
    clock, zone = time[:8], time[8:]
    return f"{year}:{month}:{day_of_month} {clock or '  :  :  '}", zone.replace("Z", "+00:00")


def _degrees(value: Any, reference: Any, negative: str) -> float | None:
    parts = _triple(value)
    if parts is None:
        return None
    degrees = parts[0] + parts[1] / 60 + parts[2] / 3600
    return -degrees if _text(reference).upper().startswith(negative) else degrees


def _triple(value: Any) -> tuple[float, float, float] | None:
    if not isinstance(value, tuple):
        return None
    if len(value) == 6:  # numerators and denominators in one row
        value = tuple(zip(value[::2], value[1::2], strict=True))
    numbers = [_number(one) for one in value]
    known = [one for one in numbers if one is not None and not math.isnan(one)]
    if not len(known) == len(numbers) == 3:
        return None
    return known[0], known[1], known[2]


def _altitude(gps: Mapping[int, Any]) -> float | None:
    height = _number(gps.get(_G.GPSAltitude))
    below = gps.get(_G.GPSAltitudeRef) in (b"\1", 1)
    return None if height is None or height != height else -height if below else height


def _dpi(main: Mapping[int, Any]) -> tuple[float, float] | None:
    across, down = _number(main.get(_B.XResolution)), _number(main.get(_B.YResolution))
    factor = {_INCH: 1.0, _CENTIMETRE: 2.54}.get(main.get(_B.ResolutionUnit, _INCH))
    if not across or not down or factor is None:
        return None
    return across * factor, down * factor


def _ratio(number: float) -> IFDRational:
    fraction = Fraction(number).limit_denominator(100_000)
    return IFDRational(fraction.numerator, fraction.denominator)


def _sexagesimal(degrees: float) -> tuple[IFDRational, IFDRational, IFDRational]:
    thousandths = round(abs(degrees) * 3_600_000_0)
    whole, rest = divmod(thousandths, 3_600_000_0)
    minutes, seconds = divmod(rest, 600_000)
    return IFDRational(whole, 1), IFDRational(minutes, 1), IFDRational(seconds, 10_000)

"""What is known about a photo besides its pixels: the fields that are carried along, by name.

Everything else that files hold (thumbnails, maker notes, edit histories, serial numbers, whatever
else lies in them) is left behind.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, Literal

Carry = Literal["all", "no_place", "none"]
"""What of the metadata a result carries."""

MAX_TEXT = 5000
MAX_NAMES = 100
MAX_NAME = 200
_DATE = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d))?(Z|[+-]\d\d:\d\d)?)?)?)?"
)
_RANGES = {
    "latitude": (-90.0, 90.0),
    "longitude": (-180.0, 180.0),
    "altitude": (-12_000.0, 100_000.0),
    "exposure_time": (0.0, 1e6),
    "f_number": (0.0, 1000.0),
    "iso": (0.0, 1e7),
    "focal_length": (0.0, 1e5),
}
EDITABLE = (
    "title", "caption", "taken", "people", "location", "city", "state", "country", "latitude",
    "longitude", "altitude",
)  # fmt: skip
"""What people may change of a photo; the rest is what its camera, scanner or archive says."""
PLACE = ("location", "city", "state", "country", "latitude", "longitude", "altitude")


@dataclass(frozen=True, kw_only=True)
class Metadata:
    """The known fields of a photo; empty where nothing is known.

    Attributes:
        title: a short name.
        caption: what is to be seen.
        taken: date in ISO 8601 as far as it is known: ``1943``, ``1943-05``, ``1943-05-12``, or
            with the time of day, ``1943-05-12T10:30:00+09:00``.
        digitized: likewise, when a print or negative was scanned.
        people: names of those to be seen.
        keywords: further words.
        creator: who took it.
        credit: whom to name.
        source: the archive, and the number there.
        copyright: the notice.
        location: a place within the city.
        city: of the place.
        state: or province.
        country: of the place.
        latitude: degrees, north is positive.
        longitude: degrees, east is positive.
        altitude: metres above the sea.
        make: of the camera or scanner.
        model: of the camera or scanner.
        lens: its model.
        exposure_time: seconds.
        f_number: of the aperture.
        iso: the film's or sensor's speed.
        focal_length: millimetres.
        dpi: resolution across and down, dots an inch.
    """

    title: str = ""
    caption: str = ""
    taken: str = ""
    digitized: str = ""
    people: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    creator: tuple[str, ...] = ()
    credit: str = ""
    source: str = ""
    copyright: str = ""
    location: str = ""
    city: str = ""
    state: str = ""
    country: str = ""
    latitude: float | None = None
    longitude: float | None = None
    altitude: float | None = None
    make: str = ""
    model: str = ""
    lens: str = ""
    exposure_time: float | None = None
    f_number: float | None = None
    iso: float | None = None
    focal_length: float | None = None
    dpi: tuple[float, float] | None = None

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Metadata:
        """Return the known ones of ``values``, cleaned; what makes no sense is left out."""
        known = {field.name: values.get(field.name) for field in fields(cls)}
        # Zero is a place: the equator, Greenwich, the shore.
        return cls(
            **{
                name: _cleaned(name, value)
                for name, value in known.items()
                if value or (value == 0 and name in PLACE)
            }
        )

    def to_json(self) -> dict[str, Any]:
        """Return the fields that are known, as JSON has them."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in values.items()
            if value not in ("", (), None)
        }

    def carried(self, carry: Carry) -> Metadata:
        """Return what a result carries: all, all but the place, or nothing but its resolution."""
        if carry == "none":
            return Metadata(dpi=self.dpi)
        if carry == "no_place":
            nowhere = Metadata()
            return replace(self, **{name: getattr(nowhere, name) for name in PLACE})
        return self

    def changed(self, changes: Mapping[str, Any]) -> Metadata:
        """Return the fields with some of :data:`EDITABLE` changed; empty ones are forgotten.

        >>> Metadata(city="Seoul").changed({"taken": "1943:05", "city": ""}).to_json()
        {'taken': '1943-05'}

        Raises:
            ValueError: a date that is none.
        """
        known = {name: value for name, value in changes.items() if name in EDITABLE}
        taken = str(known.get("taken") or "").strip()
        if len(clean_date(taken)) < len(taken):  # a part of it makes no sense
            raise ValueError(f"no date: {taken}")
        return Metadata.of(self.to_json() | known)

    @property
    def words(self) -> str:
        """What a search looks through, a line for each field."""
        names = (*self.people, *self.keywords, *self.creator)
        return "\n".join(
            text for text in (self.title, self.caption, self.place, *names, self.source) if text
        )

    @property
    def place(self) -> str:
        """Where it was taken, in words, from the smaller to the larger."""
        return ", ".join(
            name for name in (self.location, self.city, self.state, self.country) if name
        )

    @property
    def device(self) -> str:
        """The camera or scanner, without its maker's name twice."""
        twice = self.model.lower().startswith(self.make.lower())
        return self.model if twice else f"{self.make} {self.model}".strip()


def clean_text(value: str, length: int = MAX_TEXT) -> str:
    """Return text composed, without control characters but line breaks, and not too long."""
    text = unicodedata.normalize("NFC", value).replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(
        letter
        for letter in text
        if letter == "\n" or unicodedata.category(letter) not in {"Cc", "Cs", "Cn", "Co"}
    )
    return kept.strip()[:length].rstrip()


def clean_date(value: str) -> str:
    """Return a date in ISO 8601 as far as it is known, or an empty string.

    >>> clean_date("1943:05:12 10:30:00"), clean_date("1943-00-00"), clean_date("0000:00:00")
    ('1943-05-12T10:30:00', '1943', '')
    """
    text = value.strip().replace("/", "-")
    text = re.sub(r"^(\d{4}):(\d\d|  )(?::(\d\d|  ))?", r"\1-\2-\3", text).rstrip("-")
    text = re.sub(r"^(\d{4})(\d\d)(\d\d)$", r"\1-\2-\3", text)
    text = re.sub(r"[ T](?=\d\d:)", "T", text.replace("-00", "").replace("-  ", ""), count=1)
    found = _DATE.match(text)
    if found is None or not int(found[1]):
        return ""
    year, month, day, hour, minute, second, zone = found.groups()
    if not _is_day(int(year), int(month or 1), int(day or 1)):
        return str(year)
    whole = "-".join(part for part in (year, month, day) if part)
    if not hour or not (_within(hour, 0, 23) and _within(minute, 0, 59) and _within(second, 0, 60)):
        return whole
    return f"{whole}T{hour}:{minute}:{second or '00'}{zone or ''}"


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _within(text: str | None, low: int, high: int) -> bool:
    return text is None or low <= int(text) <= high


def _cleaned(name: str, value: Any) -> Any:
    if name in _RANGES:
        return _number(value, *_RANGES[name])
    if name == "dpi":
        return _resolution(value)
    if name in {"people", "keywords", "creator"}:
        names = [value] if isinstance(value, str) else value
        cleaned = (clean_text(str(one), MAX_NAME).replace("\n", " ") for one in names)
        return tuple(dict.fromkeys(one for one in cleaned if one))[:MAX_NAMES]
    if name in {"taken", "digitized"}:
        return clean_date(str(value))
    text = clean_text(str(value), MAX_TEXT if name == "caption" else MAX_NAME)
    return text if name == "caption" else text.replace("\n", " ")


def _number(value: Any, low: float, high: float) -> float | None:
    try:
        number = float(value)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    # Seven decimals of a degree are a centimetre; nothing here is known more exactly.
    return round(number, 7) if math.isfinite(number) and low <= number <= high else None


def _resolution(value: Any) -> tuple[float, float] | None:
    try:
        across, down = (_number(one, 1.0, 100_000.0) for one in value)
    except (TypeError, ValueError):
        return None
    # Resolutions are kept as inches, metres or centimetres in files; whole ones stay whole.
    return None if across is None or down is None else (round(across, 2), round(down, 2))

"""IPTC's Information Interchange Model: records of a photo that archives and agencies keep."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any

from colorizer.metadata.fields import Metadata

_TITLE, _KEYWORD, _DATE, _TIME, _CREATOR = 5, 25, 55, 60, 80
_TEXTS = {
    90: "city", 92: "location", 95: "state", 101: "country",
    110: "credit", 115: "source", 116: "copyright", 120: "caption", _TITLE: "title",
}  # fmt: skip
_LISTS = {_KEYWORD: "keywords", _CREATOR: "creator"}
_LENGTHS = {
    "title": 64, "keywords": 64, "creator": 32, "city": 32, "location": 32, "state": 32,
    "country": 64, "credit": 32, "source": 32, "copyright": 128, "caption": 2000,
}  # fmt: skip
_UTF8 = b"\x1b%G"


def parse_iptc(data: bytes) -> dict[str, Any]:
    """Return the fields that IPTC knows, not yet cleaned."""
    found: dict[str, Any] = {}
    is_utf8, date, time = False, "", ""
    for record, number, value in _datasets(data):
        if (record, number) == (1, 90):
            is_utf8 = value.startswith(_UTF8)
        if record != 2:
            continue
        text = _decoded(value, is_utf8=is_utf8)
        if number in _TEXTS:
            found.setdefault(_TEXTS[number], text)
        elif number in _LISTS:
            found.setdefault(_LISTS[number], []).append(text)
        elif number == _DATE:
            date = text
        elif number == _TIME:
            time = text
    if len(date) == 8 and date.isdigit():
        clock = f"T{time[:2]}:{time[2:4]}:{time[4:6]}" if time[:6].isdigit() else ""
        found["taken"] = f"{date[:4]}-{date[4:6]}-{date[6:]}{clock}"
    return found


def make_iptc(metadata: Metadata) -> bytes:
    """Return the records for a result, in UTF-8; empty where there is nothing to say."""
    datasets: list[tuple[int, str]] = []
    for number, name in {**_TEXTS, **_LISTS}.items():
        value = getattr(metadata, name)
        values = (value,) if isinstance(value, str) else value
        datasets += [(number, one[: _LENGTHS[name]]) for one in values if one]
    day, _, time = metadata.taken.partition("T")
    if len(day) >= 4:
        year, month, day_of_month = (*day.split("-"), "00", "00")[:3]
        datasets.append((_DATE, f"{year}{month}{day_of_month}"))
        if time:
            zone = time[8:].replace(":", "").replace("Z", "") or "+0000"
            datasets.append((_TIME, time[:8].replace(":", "") + zone))
    if not datasets:
        return b""
    records = _dataset(1, 90, _UTF8) + _dataset(2, 0, b"\0\4")
    return records + b"".join(
        _dataset(2, number, text.encode()[:32_000]) for number, text in sorted(datasets)
    )


def _datasets(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    at = 0
    while at + 5 <= len(data) and data[at] == 0x1C:
        record, number, size = struct.unpack_from(">BBH", data, at + 1)
        if size & 0x8000:  # longer than any field that is known
            return
        yield record, number, data[at + 5 : at + 5 + size]
        at += 5 + size


def _dataset(record: int, number: int, value: bytes) -> bytes:
    return struct.pack(">BBBH", 0x1C, record, number, len(value)) + value


def _decoded(value: bytes, *, is_utf8: bool) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("utf-8", "replace") if is_utf8 else value.decode("latin-1")

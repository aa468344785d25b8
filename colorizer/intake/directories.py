"""The directories of a TIFF as they are counted before tifffile reads them.

tifffile turns offsets and counts of strips into Python's numbers as it opens a file: a table of two
million takes half a gigabyte before anything can be asked about it.
"""

from __future__ import annotations

import struct

from colorizer.intake.errors import too_many_parts

MAX_DIRECTORIES = 1000
_SUB_DIRECTORIES = 330
_LISTS = {258, 338, 339, _SUB_DIRECTORIES}
"""Tags of a few numbers each, one for a sample or a directory."""
_PARTS = {273, 279, 324, 325}
"""Where strips and tiles are, and how long."""
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 13: 4, 16: 8, 18: 8}


def check_directories(data: memoryview, max_parts: int) -> None:
    """See that no directory of a TIFF has tables longer than a photo's are.

    What is cut off or leads nowhere is left to the decoder.

    Args:
        data: the whole file, which begins as a TIFF does.
        max_parts: strips or tiles of one picture.

    Raises:
        IntakeError: ``too_many_parts``, a table is longer.
    """
    order = "<" if bytes(data[:2]) == b"II" else ">"
    big = struct.unpack(order + "H", data[2:4])[0] == 43
    number, counter, entry = ("Q", "Q", "HHQ") if big else ("I", "H", "HHI")
    width = struct.calcsize("=" + entry) + struct.calcsize("=" + number)
    waiting, seen = [_at(data, 8 if big else 4, order + number)], set[int]()
    while waiting and len(seen) <= MAX_DIRECTORIES:
        at = waiting.pop()
        if not at or at in seen:
            continue
        seen.add(at)
        count = _at(data, at, order + counter) or 0
        first = at + struct.calcsize("=" + counter)
        for place in range(first, min(first + count * width, len(data) - width + 1), width):
            tag, kind, length = struct.unpack_from(order + entry, data, place)
            limit = max_parts if tag in _PARTS else MAX_DIRECTORIES
            if length > limit and tag in _PARTS | _LISTS:
                raise too_many_parts(length, limit)
            if tag == _SUB_DIRECTORIES:
                inside = place + struct.calcsize("=" + entry)
                size = _SIZES.get(kind, 4)
                fits = length * size <= struct.calcsize("=" + number)
                start = inside if fits else _at(data, inside, order + number) or 0
                offset = order + {2: "H", 8: "Q"}.get(size, "I")
                waiting += [_at(data, start + n * size, offset) for n in range(length)]
        waiting.append(_at(data, first + count * width, order + number))


def _at(data: memoryview, at: int, form: str) -> int | None:
    """The number at a place; None where the file has ended."""
    if at + struct.calcsize(form) > len(data):
        return None
    value: int = struct.unpack_from(form, data, at)[0]
    return value

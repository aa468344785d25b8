"""What a photo's header says of its shape, so that a chunk's photos fit one network run."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from colorizer import intake

_AT_ONCE = 32
"""Beginnings that are held and measured together: some megabytes."""

_STEPS = 16
"""The network's sides are multiples of 16 of at most 256 pixels: so many aspects differ there."""


@dataclass(frozen=True)
class Measured:
    """A photo's shape, alike for photos that fit one run, and its pixels; empty if unknown."""

    shape: str = ""
    pixels: int = 0


def measure(heads: Iterable[bytes]) -> Iterator[Measured]:
    """Measure pictures by their files' beginnings; what cannot be read is unknown.

    A worker's intake says later what is wrong with them.
    """
    waiting = iter(heads)
    while some := list(islice(waiting, _AT_ONCE)):
        for size in intake.measure(some):
            yield shape_of(*size) if size else Measured()


def shape_of(width: int, height: int) -> Measured:
    """Return the shape of a picture of that size."""
    if not width or not height:
        return Measured()
    steps = math.ceil(_STEPS * min(width, height) / max(width, height))
    return Measured(f"{'wide' if width >= height else 'tall'}{steps}", width * height)

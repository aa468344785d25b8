"""A photo at the network's size, and what its colouring needs of it alone."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Any, TypeVar

import numpy as np
from PIL import Image

from colorizer.color import Array, Bytes, Pixels, to_8_bits
from colorizer.graphs import MULTIPLE
from colorizer.prior import Affinities, halve
from colorizer.reference import Reference

Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a photo's colouring needs of the photo alone, computed once.

    Attributes:
        lightness: (1, 1, H', W'), L / 100, padded to multiples of 32.
        height: of the photo as the network sees it, without padding.
        width: likewise.
        half: the same photo at half the size; None for that one itself.
        references: photos whose colours it takes where no hint decides.
        strength: of the references, from 0 to 1.
    """

    lightness: Array
    height: int
    width: int
    half: "Prepared | None" = None
    references: tuple[Reference, ...] = ()
    strength: float = 1.0
    _cache: dict[Hashable, Any] = field(default_factory=dict, repr=False, compare=False)

    def once(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What ``make`` gives, made when it is first asked for and kept with the photo."""
        if key not in self._cache:
            self._cache[key] = make()
        made: Made = self._cache[key]
        return made

    def guided_by(self, references: Sequence[Reference], strength: float) -> "Prepared":
        """The same photo with other references; what depends on itself alone is not made anew."""
        own = {key: made for key, made in self._cache.items() if not _of_references(key)}
        return replace(self, references=tuple(references), strength=strength, _cache=own)

    @property
    def nbytes(self) -> int:
        """Bytes of all arrays, those that were made since included."""
        return _nbytes(self, set())

    @property
    def affinities(self) -> Affinities:
        """The prior's weights, of the padded planes."""
        return self.once("affinities", lambda: Affinities.of(self.lightness))

    @property
    def cropped(self) -> Array:
        """(h, w), L / 100, without the padding."""
        return self.lightness[0, 0, : self.height, : self.width]

    def pixel(self, x: float, y: float) -> tuple[int, int]:
        """Row and column of a place, which is relative to width and height, in [0, 1]."""
        return min(int(y * self.height), self.height - 1), min(int(x * self.width), self.width - 1)


GUIDED = "guided"
"""Part of the keys of what depends on references."""


def _of_references(key: Hashable) -> bool:
    return isinstance(key, tuple) and GUIDED in key


def _nbytes(value: Any, counted: set[int]) -> int:
    if id(value) in counted:
        return 0
    counted.add(id(value))
    if isinstance(value, np.ndarray):
        return value.nbytes
    if is_dataclass(value):
        parts = [getattr(value, one.name) for one in fields(value)]
    elif isinstance(value, dict):
        parts = list(value.values())
    else:
        parts = list(value) if isinstance(value, tuple | list) else []
    return sum(_nbytes(part, counted) for part in parts)


def shrink(pixels: Pixels, size: int) -> Bytes:
    """A photo with at most ``size`` pixels on its longer side: (H, W, 3) sRGB of 8 bits.

    >>> shrink(np.zeros((300, 600, 3), np.uint8), 256).shape
    (128, 256, 3)
    """
    height, width = pixels.shape[:2]
    scale = min(1.0, size / max(height, width))
    small = max(1, round(width * scale)), max(1, round(height * scale))
    image = Image.fromarray(to_8_bits(pixels))
    resized = image.resize(small, Image.Resampling.LANCZOS, reducing_gap=3.0)
    return np.asarray(resized.convert("RGB"))


def prepare_lightness(lightness: Array) -> Prepared:
    """Make a photo that already has the network's size ready.

    Args:
        lightness: (h, w), L / 100, in [0, 1].
    """
    half = _prepare(halve(lightness[None, None])[0, 0])
    return replace(_prepare(lightness), half=half)


def _prepare(lightness: Array) -> Prepared:
    height, width = lightness.shape
    around = [(0, -size % MULTIPLE) for size in lightness.shape]
    padded = np.pad(lightness, around, mode="reflect")[None, None]
    return Prepared(padded, height, width)

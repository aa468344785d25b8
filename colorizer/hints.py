"""Colour hints: the hint set as people and programs exchange it, and as the network sees it."""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from colorizer.color import Array, hex_to_lab

SCHEMA_VERSION = 1
MAX_HINTS = 1_000
MAX_STROKE_POINTS = 2_000
MAX_TOTAL_POINTS = 20_000
MAX_RADIUS = 0.5

_COLOR = re.compile(r"#[0-9a-fA-F]{6}")
_KEYS = {
    "point": {"type", "x", "y", "radius", "color"},
    "stroke": {"type", "points", "radius", "color"},
}


class HintError(ValueError):
    """A hint set breaks the schema; the message says where and how, for people to read."""


@dataclass(frozen=True, slots=True)
class Hint:
    """One colour at one place: a point, or a stroke through several.

    Attributes:
        points: (x, y) relative to the photo's width and height, in [0, 1].
        radius: relative to the photo's longer side, in (0, 0.5].
        color: sRGB, ``#rrggbb``; its ab counts, its lightness does not.
    """

    points: tuple[tuple[float, float], ...]
    radius: float
    color: str
    stroke: bool = False

    @property
    def ab(self) -> tuple[float, float]:
        """The colour's a and b in CIELAB units."""
        return hex_to_lab(self.color)[1:]

    def to_json(self) -> dict[str, Any]:
        """The hint as the schema writes it."""
        if self.stroke:
            place: dict[str, Any] = {"type": "stroke", "points": [list(p) for p in self.points]}
        else:
            place = {"type": "point", "x": self.points[0][0], "y": self.points[0][1]}
        return {**place, "radius": self.radius, "color": self.color}


@dataclass(frozen=True)
class HintSet:
    """Hints in the order in which they were given; later ones win where they overlap."""

    hints: tuple[Hint, ...] = ()
    empty: ClassVar["HintSet"]

    @classmethod
    def parse(cls, data: object) -> "HintSet":
        """Read a hint set from decoded JSON (docs/reference/hint-set.md).

        Raises:
            HintError: it breaks the schema or a limit of this module.
        """
        if not isinstance(data, Mapping):
            raise HintError("A hint set is an object with version and hints.")
        version = data.get("version")
        if isinstance(version, bool) or version != SCHEMA_VERSION:
            raise HintError(f"This is hint set version {version!r}; version 1 is understood here.")
        if unknown := sorted(map(str, set(data) - {"version", "hints"})):
            raise HintError(f"A hint set has no key {unknown[0]!r}.")
        hints = data.get("hints")
        if not isinstance(hints, list):
            raise HintError("The hints of a hint set are a list.")
        if len(hints) > MAX_HINTS:
            raise HintError(f"A hint set holds at most {MAX_HINTS} hints, not {len(hints)}.")
        parsed = tuple(_parse_hint(hint, f"Hint {n}") for n, hint in enumerate(hints, 1))
        if sum(len(hint.points) for hint in parsed) > MAX_TOTAL_POINTS:
            raise HintError(f"A hint set holds at most {MAX_TOTAL_POINTS} points in all.")
        return cls(parsed)

    def to_json(self) -> dict[str, Any]:
        """The hint set as the schema writes it."""
        return {"version": SCHEMA_VERSION, "hints": [hint.to_json() for hint in self.hints]}


HintSet.empty = HintSet()


def rasterise(hint_set: HintSet, height: int, width: int) -> tuple[Array, Array]:
    """Draw a hint set at the network's size.

    A pixel belongs to a hint if its centre lies within the radius of the point or the stroke;
    the pixels under the points themselves always do, so that the smallest hint counts.

    Args:
        hint_set: the hints; later ones win where they overlap.
        height: of the planes, in pixels.
        width: of the planes, in pixels.

    Returns:
        ab (2, height, width) in CIELAB units, 0 where there is no hint, and mask
        (1, height, width), 1 at hints.
    """
    ab = np.zeros((2, height, width), np.float32)
    mask = np.zeros((1, height, width), np.float32)
    scale = np.array([width, height], np.float64)
    for hint in hint_set.hints:
        points = np.array(hint.points, np.float64) * scale
        radius = hint.radius * max(height, width)
        covered = np.zeros((height, width), bool)
        for start, end in _segments(points):
            _cover(covered, start, end, radius)
        columns = np.clip(points[:, 0].astype(int), 0, width - 1)
        rows = np.clip(points[:, 1].astype(int), 0, height - 1)
        covered[rows, columns] = True
        ab[:, covered] = np.array(hint.ab, np.float32)[:, None]
        mask[:, covered] = 1.0
    return ab, mask


def _segments(points: Array) -> Iterator[tuple[Array, Array]]:
    """Pieces of a stroke, in pixels; points closer than half a pixel are passed over."""
    start = points[0]
    if len(points) == 1:
        yield start, start
        return
    last = len(points) - 1
    for n, end in enumerate(points[1:], 1):
        if n == last or abs(end - start).max() >= 0.5:
            yield start, end
            start = end


def _cover(covered: npt.NDArray[np.bool_], start: Array, end: Array, radius: float) -> None:
    """Mark the pixels whose centre is within ``radius`` of a segment, looking only around it."""
    height, width = covered.shape
    left, top = np.maximum(np.floor(np.minimum(start, end) - radius), 0).astype(int)
    right, bottom = np.ceil(np.maximum(start, end) + radius).astype(int) + 1
    x = np.arange(left, min(right, width)) + 0.5 - start[0]
    y = (np.arange(top, min(bottom, height)) + 0.5 - start[1])[:, None]
    along_x, along_y = end - start
    length = along_x**2 + along_y**2
    t = np.clip((x * along_x + y * along_y) / length, 0, 1) if length else 0.0
    near = (x - t * along_x) ** 2 + (y - t * along_y) ** 2 <= radius**2
    covered[top : top + near.shape[0], left : left + near.shape[1]] |= near


def _parse_hint(data: object, where: str) -> Hint:
    if not isinstance(data, Mapping):
        raise HintError(f"{where} is not an object.")
    kind = data.get("type")
    if not isinstance(kind, str) or kind not in _KEYS:
        raise HintError(f"{where} has type {kind!r}; there are point and stroke.")
    if unknown := sorted(map(str, set(data) - _KEYS[kind])):
        raise HintError(f"{where}: a {kind} has no key {unknown[0]!r}.")
    if kind == "point":
        points: list[object] = [[data.get("x"), data.get("y")]]
    else:
        given = data.get("points")
        if not isinstance(given, list) or not given:
            raise HintError(f"{where}: the points of a stroke are a list of at least one.")
        if len(given) > MAX_STROKE_POINTS:
            raise HintError(f"{where}: a stroke holds at most {MAX_STROKE_POINTS} points.")
        points = given
    color = data.get("color")
    if not isinstance(color, str) or not _COLOR.fullmatch(color):
        raise HintError(f"{where}: color is written #rrggbb, not {str(color)[:40]!r}.")
    radius = _number(data.get("radius"), f"{where}: radius")
    if not 0 < radius <= MAX_RADIUS:
        raise HintError(f"{where}: radius is more than 0 and at most {MAX_RADIUS}, not {radius}.")
    return Hint(
        points=tuple(_parse_point(point, where) for point in points),
        radius=radius,
        color=color.lower(),
        stroke=kind == "stroke",
    )


def _parse_point(data: object, where: str) -> tuple[float, float]:
    if not isinstance(data, list) or len(data) != 2:
        raise HintError(f"{where}: each point of a stroke is a pair [x, y].")
    x, y = (_number(value, f"{where}: {name}") for value, name in zip(data, "xy", strict=True))
    if not (0 <= x <= 1 and 0 <= y <= 1):
        raise HintError(f"{where} lies outside the photo: x and y are from 0 to 1.")
    return x, y


def _number(value: object, what: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise HintError(f"{what} must be a number.")
    # Comparing before converting: an integer of 400 digits does not fit a float.
    if not abs(value) <= 1e6 or not math.isfinite(value):
        raise HintError(f"{what} must be a finite number.")
    return float(value)

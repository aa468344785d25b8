"""Colour hints: the hint set as people and programs exchange it."""

import math
import re
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from itertools import chain
from typing import Any, ClassVar

import shapely

from colorizer.color import hex_to_lab

VERSIONS = (1, 2)
MAX_HINTS = 1_000
MAX_STROKE_POINTS = 2_000
MAX_TOTAL_POINTS = 20_000
MAX_RADIUS = 0.5
MAX_REGIONS = 100
MIN_REGION_POINTS = 3
MAX_REGION_POINTS = 2_000
MAX_REGION_NAME = 100
MAX_REFERENCES = 8
REACH = (0.0, 1.0)
VIVIDNESS = (0.0, 2.0)
WARMTH = (-1.0, 1.0)
STRENGTH = (0.0, 1.0)

Point = tuple[float, float]

_COLOR = re.compile(r"#[0-9a-fA-F]{6}")
CONTROLS = {"reach": REACH, "vividness": VIVIDNESS, "warmth": WARMTH}
# What the set, and each hint, may say from a version on.
_SET_KEYS = {
    1: {"version", "hints"},
    2: {"version", "hints", "regions", "references", "strength", *CONTROLS},
}
_HINT_KEYS = {1: {"type", "radius", "color"}, 2: {"type", "radius", "color", "region"}}
_PLACE_KEYS = {"point": {"x", "y"}, "stroke": {"points"}}


class HintError(ValueError):
    """A hint set breaks the schema; the message says where and how, for people to read."""


@dataclass(frozen=True, slots=True)
class Hint:
    """One colour at one place: a point, or a stroke through several.

    Attributes:
        points: (x, y) relative to the photo's width and height, in [0, 1].
        radius: relative to the photo's longer side, in (0, 0.5].
        color: sRGB, ``#rrggbb``; its ab counts, its lightness does not.
        region: number of the region it acts in, from 0; None outside all regions.
    """

    points: tuple[Point, ...]
    radius: float
    color: str
    stroke: bool = False
    region: int | None = None

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
        fence = {} if self.region is None else {"region": self.region}
        return {**place, "radius": self.radius, "color": self.color, **fence}


@dataclass(frozen=True, slots=True)
class Region:
    """A polygon that fences hints in: those that name it act in it, and no others do.

    Attributes:
        points: its corners, (x, y) relative to the photo's width and height, in [0, 1].
        name: for people; may be empty.
    """

    points: tuple[Point, ...]
    name: str = ""

    def to_json(self) -> dict[str, Any]:
        """The region as the schema writes it."""
        return {"name": self.name, "points": [list(p) for p in self.points]}


@dataclass(frozen=True, slots=True)
class Controls:
    """How the whole photo is coloured.

    Attributes:
        reach: how far hints act, from 0, their own thing, to 1, everywhere.
        vividness: of the colours that no hint decides, in [0, 2].
        warmth: of the colours that no hint decides, from -1, cold, to 1, warm.
    """

    reach: float = 0.5
    vividness: float = 1.0
    warmth: float = 0.0


@dataclass(frozen=True)
class HintSet:
    """Hints in the order in which they were given; later ones win where they overlap.

    Attributes:
        hints: the hints.
        regions: fences; where they overlap, later ones lie on top.
        controls: how the whole photo is coloured.
        references: ids of photos on the same site whose colours it takes where no hint decides.
        strength: of the references, from 0 to 1.
    """

    hints: tuple[Hint, ...] = ()
    regions: tuple[Region, ...] = ()
    controls: Controls = field(default_factory=Controls)
    references: tuple[str, ...] = ()
    strength: float = 1.0
    empty: ClassVar["HintSet"]

    @property
    def points(self) -> int:
        """How many points its hints and regions have: what reading and drawing it takes."""
        outlines = [one.points for one in self.hints] + [one.points for one in self.regions]
        return sum(map(len, outlines))

    @classmethod
    def parse(cls, data: object) -> "HintSet":
        """Read a hint set from decoded JSON (docs/reference/hint-set.md).

        Raises:
            HintError: it breaks the schema or a limit of this module.

        >>> point = {"type": "point", "x": 0.5, "y": 0.5, "radius": 0.1, "color": "#7a4b2c"}
        >>> len(HintSet.parse({"version": 1, "hints": [point]}).hints)
        1
        >>> HintSet.parse({"version": 1, "hints": [{**point, "x": 2}]})
        Traceback (most recent call last):
        colorizer.hints.HintError: Hint 1...
        """
        if not isinstance(data, Mapping):
            raise HintError("A hint set is an object with version and hints.")
        version = data.get("version")
        if isinstance(version, bool) or version not in VERSIONS:
            raise HintError(
                f"This is hint set version {version!r}; versions 1 and 2 are understood here."
            )
        if unknown := sorted(map(str, set(data) - _SET_KEYS[version])):
            raise HintError(f"A hint set of version {version} has no key {unknown[0]!r}.")
        regions = tuple(
            _parse_region(region, f"Region {n}")
            for n, region in enumerate(_list(data.get("regions", []), "regions", MAX_REGIONS))
        )
        hints = tuple(
            _parse_hint(hint, f"Hint {n}", version, len(regions))
            for n, hint in enumerate(_list(data.get("hints"), "hints", MAX_HINTS), 1)
        )
        if cls(hints, regions).points > MAX_TOTAL_POINTS:
            raise HintError(f"A hint set holds at most {MAX_TOTAL_POINTS} points in all.")
        controls = {
            name: _in_range(data[name], name, *CONTROLS[name]) for name in CONTROLS if name in data
        }
        references = tuple(
            _parse_reference(reference)
            for reference in _list(data.get("references", []), "references", MAX_REFERENCES)
        )
        strength = _in_range(data.get("strength", 1.0), "strength", *STRENGTH)
        return cls(hints, regions, Controls(**controls), references, strength)

    def to_json(self) -> dict[str, Any]:
        """The hint set as the schema writes it: of version 1 if that can hold it."""
        hints = [hint.to_json() for hint in self.hints]
        more = {
            name: value
            for name, value in asdict(self.controls).items()
            if value != getattr(Controls(), name)
        }
        if self.regions:
            more["regions"] = [region.to_json() for region in self.regions]
        if self.references:
            more |= {"references": list(self.references), "strength": self.strength}
        return {"version": 2 if more else 1, **more, "hints": hints}


HintSet.empty = HintSet()


def _list(data: object, what: str, most: int) -> list[object]:
    if not isinstance(data, list):
        raise HintError(f"The {what} of a hint set are a list.")
    if len(data) > most:
        raise HintError(f"A hint set holds at most {most} {what}, not {len(data)}.")
    return data


def _parse_hint(data: object, where: str, version: int, regions: int) -> Hint:
    if not isinstance(data, Mapping):
        raise HintError(f"{where} is not an object.")
    kind = data.get("type")
    if not isinstance(kind, str) or kind not in _PLACE_KEYS:
        raise HintError(f"{where} has type {kind!r}; there are point and stroke.")
    if unknown := sorted(map(str, set(data) - _HINT_KEYS[version] - _PLACE_KEYS[kind])):
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
    region = data.get("region")
    if region is not None and (type(region) is not int or not 0 <= region < regions):
        raise HintError(f"{where} names a region that is not there: there are {regions}, from 0.")
    return Hint(
        points=_parse_points(points, where),
        radius=radius,
        color=color.lower(),
        stroke=kind == "stroke",
        region=region,
    )


def _parse_reference(data: object) -> str:
    try:
        return str(uuid.UUID(data if isinstance(data, str) else ""))
    except ValueError:
        raise HintError("Each of the references is the id of a photo.") from None


def _parse_region(data: object, where: str) -> Region:
    if not isinstance(data, Mapping):
        raise HintError(f"{where} is not an object.")
    if unknown := sorted(map(str, set(data) - {"name", "points"})):
        raise HintError(f"{where}: a region has no key {unknown[0]!r}.")
    name, given = data.get("name", ""), data.get("points")
    if not isinstance(name, str) or len(name) > MAX_REGION_NAME:
        raise HintError(f"{where}: the name is text of at most {MAX_REGION_NAME} letters.")
    if not isinstance(given, list) or not MIN_REGION_POINTS <= len(given) <= MAX_REGION_POINTS:
        raise HintError(
            f"{where}: the points are a list of {MIN_REGION_POINTS} to {MAX_REGION_POINTS}."
        )
    points = _parse_points(given, where)
    polygon = shapely.Polygon(points)
    if not (polygon.is_valid and polygon.area > 0):
        raise HintError(f"{where} crosses itself or has no area; draw one simple outline.")
    return Region(points, name)


def _parse_points(data: list[Any], where: str) -> tuple[Point, ...]:
    """Read points: all at once where they are in order, as twenty thousand usually are."""
    if all(type(point) is list and len(point) == 2 for point in data):
        values = list(chain.from_iterable(data))
        if set(map(type, values)) <= {int, float} and all(0 <= value <= 1 for value in values):
            return tuple(zip(map(float, values[::2]), map(float, values[1::2]), strict=True))
    return tuple(_parse_point(point, where) for point in data)


def _parse_point(data: object, where: str) -> tuple[float, float]:
    if not isinstance(data, list) or len(data) != 2:
        raise HintError(f"{where}: each point is a pair [x, y].")
    x, y = (_number(value, f"{where}: {name}") for value, name in zip(data, "xy", strict=True))
    if not (0 <= x <= 1 and 0 <= y <= 1):
        raise HintError(f"{where} lies outside the photo: x and y are from 0 to 1.")
    return x, y


def _in_range(value: object, what: str, low: float, high: float) -> float:
    number = _number(value, what)
    if not low <= number <= high:
        raise HintError(f"{what} is from {low:g} to {high:g}, not {number:g}.")
    return number


def _number(value: object, what: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise HintError(f"{what} must be a number.")
    # Comparing before converting: an integer of 400 digits does not fit a float.
    if not abs(value) <= 1e6 or not math.isfinite(value):
        raise HintError(f"{what} must be a finite number.")
    return float(value)

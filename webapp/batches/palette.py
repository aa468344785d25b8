"""Palettes: named regions with a colour and a rough place, applied to every photo of a batch.

docs/reference/palette.md is the contract.
"""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from colorizer.hints import HintSet

MAX_REGIONS = 24
NAME_LENGTH = 40
SPACING = 0.16
"""Of the points in a region, in both directions; a region smaller than that gets one."""
RADIUS = 0.012

Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Place = Literal["top", "bottom", "left", "right", "centre", "everywhere"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Rectangle(_Strict):
    """A part of every photo, relative to its width and height."""

    x: Share
    y: Share
    width: Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)]
    height: Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)]

    @model_validator(mode="after")
    def _inside(self) -> Rectangle:
        # A hair more than 1 is how fractions add up.
        if self.x + self.width > 1 + 1e-6 or self.y + self.height > 1 + 1e-6:
            raise ValueError("the rectangle reaches beyond the photo")
        return self


PLACES: dict[str, Rectangle] = {
    "top": Rectangle(x=0, y=0, width=1, height=0.3),
    "bottom": Rectangle(x=0, y=0.7, width=1, height=0.3),
    "left": Rectangle(x=0, y=0, width=0.3, height=1),
    "right": Rectangle(x=0.7, y=0, width=0.3, height=1),
    "centre": Rectangle(x=0.3, y=0.3, width=0.4, height=0.4),
    "everywhere": Rectangle(x=0, y=0, width=1, height=1),
}


class Region(_Strict):
    """A named region: its colour, and roughly where it lies."""

    name: Annotated[str, Field(min_length=1, max_length=NAME_LENGTH)]
    color: Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")]
    place: Place | Rectangle


class Palette(_Strict):
    """Regions in their order; where they overlap, the later one's colours win."""

    version: Literal[1] = 1
    regions: Annotated[list[Region], Field(min_length=1, max_length=MAX_REGIONS)]

    def to_json(self) -> dict[str, Any]:
        """Return the palette as the schema writes it."""
        return self.model_dump(mode="json")

    def to_hints(self) -> HintSet:
        """Return the hints that the palette puts on every photo: a grid of points a region."""
        hints = [
            {"type": "point", "x": x, "y": y, "radius": RADIUS, "color": region.color.lower()}
            for region in self.regions
            for x, y in _grid(_rectangle(region.place))
        ]
        return HintSet.parse({"version": 1, "hints": hints})


def _rectangle(place: Place | Rectangle) -> Rectangle:
    return PLACES[place] if isinstance(place, str) else place


def _grid(box: Rectangle) -> list[tuple[float, float]]:
    columns = max(1, math.floor(box.width / SPACING))
    rows = max(1, math.floor(box.height / SPACING))
    return [
        (
            round(min(1.0, box.x + box.width * (column + 0.5) / columns), 4),
            round(min(1.0, box.y + box.height * (row + 0.5) / rows), 4),
        )
        for row in range(rows)
        for column in range(columns)
    ]

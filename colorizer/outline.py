"""The thing at a place, as a polygon: what a tap selects."""

import contourpy
import numpy as np
import shapely

from colorizer.color import Array
from colorizer.field import PhotoField
from colorizer.hints import MAX_REGION_POINTS, Point

LOOSEST, TIGHTEST = 0.1, 0.9
"""The similarity to the place that a pixel has at least, for the largest size and the smallest."""
SURROUNDINGS = 1
"""Pixels on each side of the place whose mean is what others are compared with."""
TOLERANCE = 0.6
"""Pixels that a simplified outline may be off by."""
_EDGE = 1e-3


def outline(field: PhotoField, row: int, column: int, *, size: float = 0.5) -> list[Point]:
    """Outline the thing at a place.

    The likeness of two pixels is exp(-distance) of the embeddings by which the field's network
    tells things apart. The thing is the connected piece around the place that is alike enough,
    without its holes.

    Args:
        field: of the photo.
        row: of the place, in pixels.
        column: of the place, in pixels.
        size: 0, the pixels most like the place, to 1, all that are somewhat like it; each size
            holds the smaller ones, but for the outline's tolerance.

    Returns:
        A simple polygon of 3 to :data:`colorizer.hints.MAX_REGION_POINTS` points, x and y relative
        to width and height, in [0, 1]; the last is joined to the first.

    >>> lightness = np.full((40, 60), 0.9, np.float32)
    >>> lightness[10:30, 20:50] = 0.1
    >>> points = outline(PhotoField.plain(lightness), 20, 30, size=0.9)
    >>> box = shapely.Polygon(points).bounds
    >>> [round(value, 1) for value in box]
    [0.3, 0.2, 0.8, 0.8]
    """
    height, width = field.scale.shape
    likeness = _likeness(field, row, column)
    # Right outside the photo nothing is alike, so that what touches its edge has an outline there.
    y, x = (np.array([-_EDGE, 0, *np.arange(n) + 0.5, n, n + _EDGE]) for n in likeness.shape)
    padded = np.pad(np.pad(likeness, 1, mode="edge"), 1)
    contours = contourpy.contour_generator(x, y, padded, fill_type=contourpy.FillType.OuterOffset)
    level = TIGHTEST + (LOOSEST - TIGHTEST) * size
    rings = [
        points[: offsets[1]] for points, offsets in zip(*contours.filled(level, 2), strict=True)
    ]
    photo, place = shapely.box(0, 0, width, height), shapely.Point(column + 0.5, row + 0.5)
    pieces = shapely.make_valid([shapely.Polygon(ring) for ring in rings])
    piece = min(pieces, key=place.distance)
    return _simplified(shapely.intersection(piece, photo), place, width, height)


def _likeness(field: PhotoField, row: int, column: int) -> Array:
    """How like the place each pixel is: (H, W), in (0, 1], 1 at the place."""
    around = (
        slice(max(0, middle - SURROUNDINGS), middle + SURROUNDINGS + 1) for middle in (row, column)
    )
    place = field.thing_embedding[tuple(around)].mean(axis=(0, 1))
    # A tap means one thing, as a hint in a colour of its own does: distances count as for those.
    sharpness = 1 + field.kernel.sharpening
    likeness = np.exp(-sharpness * np.sqrt(((field.thing_embedding - place) ** 2).sum(axis=-1)))
    likeness[row, column] = 1
    return np.asarray(likeness)


def _simplified(
    piece: shapely.Geometry, place: shapely.Point, width: int, height: int
) -> list[Point]:
    """The ring around the part of a piece that holds the place, with few points."""
    tolerance = TOLERANCE
    while True:
        parts = shapely.get_parts(shapely.make_valid(piece.simplify(tolerance)))
        polygons = [part for part in parts if isinstance(part, shapely.Polygon)]
        ring = min(polygons, key=place.distance).exterior.coords[:-1]
        points = np.clip(np.array(ring) / (width, height), 0, 1).round(5)
        # Rounding can make neighbouring corners meet, and a line cross itself.
        if len(ring) <= MAX_REGION_POINTS and shapely.Polygon(points).is_valid:
            return [(x, y) for x, y in points.tolist()]
        tolerance *= 2
        if tolerance > max(width, height):
            left, top, right, bottom = piece.bounds
            piece = shapely.box(left, top, right, bottom)

"""Colours of a copy of the same photo that was coloured elsewhere, laid over the photo.

The copy may have another size, a border, another contrast and moved colours; it is not turned,
mirrored or bent. Where it lies is found by normalised cross-correlation (J. P. Lewis, "Fast
Normalized Cross-Correlation", 1995) over a ladder of scales, of details alone: edges stay where
they are, whatever colours and contrast become. Gauss-Newton steps then bring it to fractions of a
pixel.
"""

from dataclasses import dataclass

import numpy as np
from PIL import Image

from colorizer.color import Array, Bytes, Pixels, rgb_to_lab, to_8_bits
from colorizer.reference import MIN_CHROMA, NoColorsError

COARSE_SIDE, FINE_SIDE = 128, 384
"""Pixels of the photo's longer side at which the copy is searched for, and then adjusted."""
MIN_COVERED = 0.95
"""Share of the photo's area that a copy has to show; its last pixels are repeated beyond."""
MAX_CANVAS = 2.0
"""How many times as large as the photo within it a copy with a border may be, in one direction."""
MIN_CORRELATION = 0.4
"""Of the details of both: copies have more, other photos of the same place have less."""
MAX_PIXELS = 16_000_000
"""Colours are taken at no more: the eye sees no finer ones, and they stand in memory as floats."""
_SCALE_STEP = 1.02
_DETAIL_RADIUS = 4
_NOISE = 2.0
"""Of 255: fainter details are those of the scanner and of JPEG."""
_STEPS = 12
_STRIP = 256


class NoMatchError(ValueError):
    """A picture is no copy of the photo; the message says why, for people to read."""


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a photo lies in a copy of it: a rectangle in the copy's pixels.

    Attributes:
        left: of the photo's left edge; it may lie outside the copy.
        top: likewise.
        width: of the photo.
        height: of the photo.
        correlation: of the details of both there, from -1 to 1.
    """

    left: float
    top: float
    width: float
    height: float
    correlation: float

    def covered(self, width: int, height: int) -> float:
        """Return the share of the photo that a copy of this size shows."""
        across = min(width, self.left + self.width) - max(0.0, self.left)
        down = min(height, self.top + self.height) - max(0.0, self.top)
        return max(0.0, across) * max(0.0, down) / (self.width * self.height)


def colors_of_copy(photo: Pixels, copy: Pixels) -> Array:
    """Take a copy's colours, in the photo's own frame.

    Args:
        photo: (H, W) or (H, W, 3) sRGB, 8 or 16 bits.
        copy: (h, w, 3) sRGB of 8 or 16 bits, a coloured copy of it.

    Returns:
        (2, rows, columns), ab in CIELAB units; as fine as the copy, at most as the photo.

    Raises:
        NoColorsError: the copy is grey.
        NoMatchError: it shows something else, or only a part of the photo.
    """
    theirs = Image.fromarray(to_8_bits(copy))
    small = theirs.convert("RGB").resize(_within(theirs.size, COARSE_SIDE), reducing_gap=2.0)
    if np.hypot(*rgb_to_lab(np.asarray(small))[..., 1:].reshape(-1, 2).T).mean() < MIN_CHROMA:
        raise NoColorsError("The copy has no colours.")
    placement = place(to_8_bits(photo), to_8_bits(copy))
    if placement.correlation < MIN_CORRELATION:
        raise NoMatchError("The picture does not show the same as the photo.")
    if placement.covered(*theirs.size) < MIN_COVERED:
        raise NoMatchError("The picture shows only a part of the photo.")
    framed, box = _framed(theirs.convert("RGB"), placement)
    height, width = photo.shape[:2]
    scale = min(1.0, placement.width / width, (MAX_PIXELS / (width * height)) ** 0.5)
    columns, rows = max(1, round(width * scale)), max(1, round(height * scale))
    rgb = np.asarray(framed.resize((columns, rows), Image.Resampling.BICUBIC, box=box))
    ab = np.empty((2, rows, columns), np.float32)
    for top in range(0, rows, _STRIP):
        strip = rgb_to_lab(rgb[top : top + _STRIP])[..., 1:]
        ab[:, top : top + _STRIP] = strip.transpose(2, 0, 1)
    return ab


def place(photo: Bytes, copy: Bytes) -> Placement:
    """Find where a photo lies in a copy of it.

    Args:
        photo: (H, W) or (H, W, 3) sRGB.
        copy: (h, w) or (h, w, 3) sRGB.

    Returns:
        The best place there is, however bad: its correlation says.
    """
    ours, theirs = Image.fromarray(photo).convert("L"), Image.fromarray(copy).convert("L")
    # Faint details are lost in the search: most copies are the photo and nothing beside it.
    whole = Placement(0, 0, *theirs.size, -1)
    adjusted = [_adjust(ours, theirs, found) for found in (_search(ours, theirs), whole)]
    return max(adjusted, key=lambda one: one.correlation)


def _search(photo: Image.Image, copy: Image.Image) -> Placement:
    """Try a ladder of scales, each at all shifts."""
    width, height = _within(photo.size, COARSE_SIDE)
    pattern = _details(photo.resize((width, height), Image.Resampling.LANCZOS))
    fits = max(width / copy.width, height / copy.height)
    best = Placement(0, 0, copy.width, copy.height, -1)
    rungs = np.log(MAX_CANVAS / MIN_COVERED) / np.log(_SCALE_STEP)
    for rung in range(int(rungs) + 1):
        # From the photo filling the copy and a little more, to a copy that is border for the most.
        scale = fits * MIN_COVERED * _SCALE_STEP**rung
        size = max(1, round(copy.width * scale)), max(1, round(copy.height * scale))
        details = _details(copy.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0))
        scores = _correlations(pattern, details)
        row, column = np.unravel_index(scores.argmax(), scores.shape)
        if scores[row, column] > best.correlation:
            x, y = size[0] / copy.width, size[1] / copy.height
            best = Placement(
                left=float(column - _slack(width)) / x,
                top=float(row - _slack(height)) / y,
                width=width / x,
                height=height / y,
                correlation=float(scores[row, column]),
            )
    return best


def _correlations(pattern: Array, details: Array) -> Array:
    """Correlate a pattern with all windows of its size, which may hang over the edge a little.

    Returns:
        (rows, columns), from -1 to 1; [i, j] is for the window that begins at ``i`` and ``j`` less
        the slack.
    """
    height, width = pattern.shape
    over = (_slack(height),) * 2, (_slack(width),) * 2
    padded = np.pad(details, over)
    rows = max(0, padded.shape[0] - height) + 1
    columns = max(0, padded.shape[1] - width) + 1
    shape = tuple(max(a, b) for a, b in zip(padded.shape, pattern.shape, strict=True))
    flipped = np.fft.rfft2(pattern, shape).conj()
    products = np.fft.irfft2(np.fft.rfft2(padded, shape) * flipped, shape)[:rows, :columns]
    ones = np.fft.rfft2(np.ones_like(pattern), shape).conj()
    energy = np.fft.irfft2(np.fft.rfft2(padded**2, shape) * ones, shape)[:rows, :columns]
    # A flat window has next to no energy, and correlates with nothing.
    floor = 1e-3 * float((pattern**2).sum()) + 1e-6
    return np.asarray(products / np.sqrt((pattern**2).sum() * np.maximum(energy, floor) + 1e-6))


def _adjust(photo: Image.Image, copy: Image.Image, found: Placement) -> Placement:
    """Bring a placement to fractions of a pixel: each axis with a scale and a shift of its own."""
    width, height = _within(photo.size, FINE_SIDE)
    pattern = _details(photo.resize((width, height), Image.Resampling.LANCZOS))
    # The copy at the same scale, whatever its size.
    x, y = width / found.width, height / found.height
    size = max(1, round(copy.width * x)), max(1, round(copy.height * y))
    details = Image.fromarray(_details(copy.resize(size, Image.Resampling.LANCZOS)))
    x, y = size[0] / copy.width, size[1] / copy.height
    across = np.array([found.width * x / width, found.left * x])
    down = np.array([found.height * y / height, found.top * y])
    columns = np.broadcast_to(np.arange(width) + 0.5, (height, width))
    rows = np.broadcast_to(np.arange(height)[:, None] + 0.5, (height, width))
    best, best_score = (across, down), -1.0
    for _ in range(_STEPS):
        matrix = (across[0], 0.0, across[1], 0.0, down[0], down[1])
        moved = np.asarray(
            details.transform(
                (width, height), Image.Transform.AFFINE, matrix, Image.Resampling.BICUBIC
            )
        )
        score = _correlation(pattern, moved)
        if score > best_score:
            best, best_score = (across, down), score
        slope_y, slope_x = np.gradient(moved)
        # The copy's contrast is its own: one factor stands beside the four that move it.
        parts = (slope_x * columns, slope_x, slope_y * rows, slope_y, -pattern)
        slopes = np.stack([part.ravel() for part in parts]).astype(np.float64)
        square = slopes @ slopes.T
        step = np.linalg.solve(
            square + 1e-9 * np.trace(square) * np.eye(5), -slopes @ moved.ravel()
        )
        across, down = across + step[:2], down + step[2:4]
        if not (0.5 < across[0] < 2 and 0.5 < down[0] < 2):
            break
    (scale_x, left), (scale_y, top) = best
    return Placement(
        left=float(left / x),
        top=float(top / y),
        width=float(scale_x * width / x),
        height=float(scale_y * height / y),
        correlation=best_score,
    )


def _framed(
    copy: Image.Image, placement: Placement
) -> tuple[Image.Image, tuple[float, float, float, float]]:
    """Return a copy that covers the whole photo, its last pixels repeated, and where in it."""
    right, bottom = placement.left + placement.width, placement.top + placement.height
    before = max(0, int(np.ceil(-placement.left))), max(0, int(np.ceil(-placement.top)))
    after = max(0, int(np.ceil(right - copy.width))), max(0, int(np.ceil(bottom - copy.height)))
    if any(before + after):
        around = (before[1], after[1]), (before[0], after[0]), (0, 0)
        copy = Image.fromarray(np.pad(np.asarray(copy), around, mode="edge"))
    left, top = placement.left + before[0], placement.top + before[1]
    box = left, top, left + placement.width, top + placement.height
    return copy, (
        max(0.0, box[0]),
        max(0.0, box[1]),
        min(box[2], copy.width),
        min(box[3], copy.height),
    )


def _details(image: Image.Image) -> Array:
    """What is left of a grey picture without broad light and shade, as strong everywhere.

    Else the edge of a white border would outweigh the photo within.
    """
    values = np.asarray(image, np.float32)
    fine = values - _mean_around(values)
    return fine / (np.sqrt(np.maximum(_mean_around(fine**2), 0)) + _NOISE)


def _mean_around(values: Array) -> Array:
    """Return the mean of the square around each pixel."""
    reach = _DETAIL_RADIUS
    for axis in (0, 1):
        around = [(reach + 1, reach) if one == axis else (0, 0) for one in (0, 1)]
        sums = np.cumsum(np.pad(values, around, mode="edge"), axis=axis, dtype=np.float64)
        side = values.shape[axis]
        ends, begins = (np.arange(side) + first for first in (2 * reach + 1, 0))
        values = (sums.take(ends, axis) - sums.take(begins, axis)) / (2 * reach + 1)
    return np.asarray(values, np.float32)


def _correlation(one: Array, other: Array) -> float:
    return float((one * other).sum() / (np.sqrt((one**2).sum() * (other**2).sum()) + 1e-6))


def _slack(side: int) -> int:
    """Return how many pixels of a side may lie outside the copy."""
    return round(side * (1 - MIN_COVERED)) + 1


def _within(size: tuple[int, int], side: int) -> tuple[int, int]:
    """Return a size with this longer side."""
    scale = side / max(size)
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))

"""What a network says beside its answer: colours that a place may have, and how sure it is.

``odds`` are logits over the cells of the ab plane (:data:`BINS`), for each cell of 4x4 pixels;
``doubt`` is the expected distance in ab between answer and truth, for each pixel.
"""

from dataclasses import dataclass

import numpy as np

from colorizer.color import Array, join_lightness, lab_to_rgb, rgb_to_lab, to_uint8

CELL = 4  # pixels a side
STEP = 10.0  # of the ab plane, in CIELAB units
ALIKE = 18.0  # colours so near each other are one suggestion

_WIDEST = 110


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A colour that a place may well have.

    Attributes:
        color: sRGB, ``#rrggbb``, with the photo's own lightness.
        weight: its probability, in (0, 1].
    """

    color: str
    weight: float


def _shown() -> Array:
    steps = np.arange(-_WIDEST, _WIDEST + 1, STEP)
    grid = np.stack(np.meshgrid(np.arange(2.0, 100, 4), steps, steps, indexing="ij"), axis=-1)
    back = rgb_to_lab(to_uint8(lab_to_rgb(grid)))
    shown = (np.abs(back - grid)[..., 1:] < STEP / 2).all(axis=-1).any(axis=0)
    return (np.argwhere(shown) * STEP - _WIDEST).astype(np.float32)


# (Q, 2): ab of the cells that some lightness can show, as in Zhang, Isola and Efros, "Colorful
# Image Colorization" (ECCV 2016), section 2.1.
BINS = _shown()


def suggestions(logits: Array, lightness: float, count: int) -> list[Suggestion]:
    """The likeliest colours of one place, unlike each other, likeliest first.

    Args:
        logits: (Q,), over :data:`BINS`.
        lightness: of the place, L / 100.
        count: of the suggestions, at most.
    """
    odds = np.exp(logits - logits.max())
    odds /= odds.sum()
    found = []
    for _ in range(count):
        peak = BINS[odds.argmax()]
        near = np.hypot(*(BINS - peak).T) <= ALIKE
        weight = float(odds[near].sum())
        if weight < 1e-3:
            break
        ab = (odds[near, None] * BINS[near]).sum(axis=0) / weight
        found.append(Suggestion(_hex(lightness, ab), weight))
        odds[near] = 0
    return sorted(found, key=lambda suggestion: -suggestion.weight)


def _hex(lightness: float, ab: Array) -> str:
    grey = to_uint8(lab_to_rgb(np.array([100 * lightness, 0.0, 0.0])))
    red, green, blue = join_lightness(grey[None], ab[None].astype(np.float32))[0].tolist()
    return f"#{red:02x}{green:02x}{blue:02x}"

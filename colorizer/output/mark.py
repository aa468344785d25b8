"""A visible mark on a result: who looks at it shall know where its colours are from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from colorizer.color import Pixels
from colorizer.translation import gettext_noop

Place = Literal["none", "corner", "caption"]
MARK_TEXT = gettext_noop("Colours added by a model")
UNKNOWN_TEXT = gettext_noop("Colours added later")
"""Where it is not known how: colours that were brought in."""
FONT = Path(__file__).with_name("mark.ttf")
"""Latin and the letters of the translations: ``scripts/mark_font.py``."""

_SHARE = 1 / 36
"""Of the photo's shorter side, the height of letters."""
_SMALLEST = 9
_WIDEST = 0.9
_PLATE = 0.45
"""What is left of the light of a photo behind letters."""


@dataclass(frozen=True)
class Mark:
    """What is written on a result: in its lower right corner, or below it."""

    place: Literal["corner", "caption"]
    text: str

    @classmethod
    def at(
        cls, place: Place, translate: Callable[[str], str], *, by_model: bool = True
    ) -> Mark | None:
        """Return the mark for a place in the language that ``translate`` gives."""
        if place == "none":
            return None
        return cls(place, translate(MARK_TEXT if by_model else UNKNOWN_TEXT))


def draw_mark(pixels: Pixels, mark: Mark) -> Pixels:
    """Return a result with its mark; pixels outside of a corner's plate are as they were.

    Args:
        pixels: (H, W) or (H, W, 3) sRGB, uint8 or uint16.
        mark: a caption makes the result higher and changes no pixel of the photo.

    Returns:
        (H, W, 3), or (H + h, W, 3) with a caption, of the same type.
    """
    rgb: Any = pixels
    if rgb.ndim == 2:
        rgb = np.repeat(rgb[..., None], 3, axis=-1)
    height, width = rgb.shape[:2]
    letters = _letters(mark.text, width, height)
    end = np.iinfo(rgb.dtype).max
    if mark.place == "caption":
        strip = np.full((letters.shape[0], width, 3), end, rgb.dtype)
        left = (width - letters.shape[1]) // 2
        inside = strip[:, left : left + letters.shape[1]]
        inside[:] = np.rint(end * (1 - letters[..., None]))
        captioned: Pixels = np.concatenate([rgb, strip])
        return captioned
    high, wide = letters.shape
    margin = min(high // 2, height - high, width - wide)
    marked: Pixels = rgb.copy()
    plate = marked[height - margin - high : height - margin, width - margin - wide : width - margin]
    behind = plate * _PLATE
    plate[:] = np.rint(behind + (end - behind) * letters[..., None])
    return marked


def _letters(text: str, width: int, height: int) -> npt.NDArray[np.floating[Any]]:
    """Return how much of each pixel letters cover, in [0, 1], with space around them."""
    size = min(max(_SMALLEST, round(_SHARE * min(width, height))), max(1, height // 3))
    font = _font(size)
    if font.getlength(text) + size > _WIDEST * width:
        size = max(1, int(size * _WIDEST * width / (font.getlength(text) + size)))
        font = _font(size)
    space = size // 2
    high, wide = size + 2 * space, min(width, round(font.getlength(text)) + 2 * space)
    cover = Image.new("L", (wide, high))
    ImageDraw.Draw(cover).text((wide / 2, high / 2), text, fill=255, font=font, anchor="mm")
    return np.asarray(cover, np.float32) / 255


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONT), size, layout_engine=ImageFont.Layout.BASIC)

"""Cuts of pictures to learn from: squares at random scales, flipped and with shifted tones."""

from dataclasses import dataclass

import numpy as np
from PIL import Image

from colorizer.color import Array, Bytes

_LEAST_SHARE_OF_PICTURE = 0.25


@dataclass(frozen=True, slots=True)
class Crop:
    """A square cut out of a picture.

    Attributes:
        box: left, top, right and bottom in pixels of the picture.
        side: in pixels, of what comes out.
        flip: whether left and right change places.
    """

    box: tuple[int, int, int, int]
    side: int
    flip: bool

    @classmethod
    def draw(cls, size: tuple[int, int], side: int, rng: np.random.Generator) -> "Crop":
        """Draw one at a random scale, between a part of the picture and all of it.

        Args:
            size: width and height of the picture; if smaller than ``side``, it is enlarged.
            side: of the crop, in pixels.
            rng: decides everything.
        """
        shorter = min(size)
        least = min(1.0, max(side / shorter, _LEAST_SHARE_OF_PICTURE))
        cut = round(shorter * float(np.exp(rng.uniform(np.log(least), 0.0))))
        left = int(rng.integers(0, size[0] - cut + 1))
        top = int(rng.integers(0, size[1] - cut + 1))
        return cls((left, top, left + cut, top + cut), side, bool(rng.random() < 0.5))

    def of(
        self, picture: Image.Image, resample: Image.Resampling = Image.Resampling.BICUBIC
    ) -> Bytes:
        """Cut it out: (side, side) or (side, side, 3)."""
        cut = np.asarray(picture.resize((self.side, self.side), resample, box=self.box))
        return cut[:, ::-1] if self.flip else cut


def whole(picture: Image.Image, side: int) -> Bytes:
    """The whole picture as a square of ``side`` pixels (LANCZOS): (side, side, 3) uint8."""
    if picture.size != (side, side):
        picture = picture.resize((side, side), Image.Resampling.LANCZOS)
    return np.asarray(picture)


def random_crop(picture: Image.Image, side: int, rng: np.random.Generator) -> Bytes:
    """Cut a crop out and shift its exposure, contrast and saturation a little.

    That happens before any Lab is taken, so that true colours stay true to their lightness.

    Args:
        picture: sRGB.
        side: of the crop, in pixels.
        rng: decides everything.

    Returns:
        (side, side, 3) uint8.
    """
    rgb: Array = Crop.draw(picture.size, side, rng).of(picture) / np.float32(255)
    if rng.random() < 0.5:
        rgb = _shift_tones(rgb, rng)
    return (np.clip(rgb, 0, 1) * 255 + 0.5).astype(np.uint8)


def _shift_tones(rgb: Array, rng: np.random.Generator) -> Array:
    gamma, contrast, saturation = np.exp(rng.uniform(-0.25, 0.25, 3))
    toned = (rgb**gamma - 0.5) * contrast + 0.5
    grey = toned.mean(-1, keepdims=True)
    return np.asarray(grey + (toned - grey) * saturation, np.float32)

"""What a file may ask of its reader; everything is checked before anything is decoded."""

from __future__ import annotations

from dataclasses import dataclass

from colorizer.intake.errors import IntakeError
from colorizer.translation import gettext_noop

MIB = 1024 * 1024
# A thinner strip would have next to no height left at the network's size.
MAX_ASPECT = 30
# Encoders make some ten scans. More are for photos of which a pass takes no time.
_USUAL_SCANS = 20
_PIXELS_OF_ALL_SCANS = 500_000_000
LARGE_PIXELS = 16_000_000
"""Reading a photo of more takes seconds and much memory."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What is accepted, and what reading it may cost.

    Attributes:
        max_bytes: size of the file.
        max_pixels: width times height.
        min_side: pixels of the shorter side.
        max_parts: strips or tiles of a TIFF, or things that are drawn on a page of a PDF.
        max_scans: scans of a progressive JPEG, each of which costs a pass over the photo; of a
            large photo fewer.
        memory: bytes of address space that the reading process may take.
        seconds: how long reading one file may take.
    """

    max_bytes: int = 1024 * MIB
    max_pixels: int = 200_000_000
    min_side: int = 16
    max_parts: int = 250_000
    max_scans: int = 100
    memory: int = 6 * 1024 * MIB
    seconds: float = 120.0

    def max_scans_of(self, pixels: int) -> int:
        """Return how many scans a JPEG of so many pixels may have."""
        return min(self.max_scans, max(_USUAL_SCANS, _PIXELS_OF_ALL_SCANS // max(1, pixels)))


def check_bytes(size: int, limits: Limits) -> None:
    """See that a file has a size that is taken.

    Raises:
        IntakeError: it is empty or too large.
    """
    if not size:
        raise IntakeError("empty", gettext_noop("The file is empty."))
    if size > limits.max_bytes:
        raise too_many_bytes(limits.max_bytes)


def too_many_bytes(max_bytes: int) -> IntakeError:
    """Return the error for a file of more than ``max_bytes``."""
    message = gettext_noop("The file is too large. The limit is %(limit)d MB.")
    return IntakeError("too_many_bytes", message, {"limit": max_bytes // MIB})


def check_size(width: int, height: int, limits: Limits) -> None:
    """Compare the size that a header declares with the limits.

    Raises:
        IntakeError: the photo is too large, too small or too narrow.
    """
    if width * height > limits.max_pixels:
        message = gettext_noop("The picture has %(size).0f megapixels. The limit is %(limit)d.")
        values = {"size": width * height / 1e6, "limit": limits.max_pixels // 1_000_000}
        raise IntakeError("too_many_pixels", message, values)
    if min(width, height) < limits.min_side:
        message = gettext_noop(
            "The picture is too small. Each side needs at least %(limit)d pixels."
        )
        raise IntakeError("too_small", message, {"limit": limits.min_side})
    if max(width, height) > MAX_ASPECT * min(width, height):
        message = gettext_noop(
            "The picture is too long and narrow. One side may be %(limit)d times the other."
        )
        raise IntakeError("too_narrow", message, {"limit": MAX_ASPECT})

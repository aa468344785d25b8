"""Which pictures a data set is made of: undamaged, in colour, and no two alike."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np
from PIL import Image, ImageOps
from scipy import fft

from colorizer.color import Bytes, rgb_to_lab
from training.data.pictures import DataError, Picture

GREY_MEAN, GREY_P90 = 3.5, 7.0  # Lab chroma
ALIKE_BITS = 6  # of 64


@dataclass(slots=True)
class Findings:
    """What was noticed on the way.

    Attributes:
        found: pictures in the sources.
        looked_at: pictures that were read; a draw ends when it has enough.
        damaged: pictures that cannot be read, and why.
        near_grey: names of pictures with hardly any colour.
        duplicates: pictures that look like another one, and which one was kept instead.
    """

    found: int
    looked_at: int = 0
    damaged: list[dict[str, str]] = field(default_factory=list)
    near_grey: list[str] = field(default_factory=list)
    duplicates: list[dict[str, str]] = field(default_factory=list)

    def summary(self, usable: int) -> str:
        """Say how many pictures are usable, and why the others are not."""
        return (
            f"Of {self.found} pictures {usable} can be used ({len(self.damaged)} damaged, "
            f"{len(self.near_grey)} near-grey, {len(self.duplicates)} duplicates)"
        )


@dataclass(frozen=True, slots=True)
class Usable:
    """A picture that is used: its name, the digest of its file, and (side, side, 3) sRGB."""

    name: str
    sha256: str
    pixels: Bytes


def filter_pictures(
    pictures: Iterable[Picture], *, side: int, findings: Findings
) -> Iterator[Usable]:
    """Yield the pictures that can be used, one by one; of those alike, the first.

    Args:
        pictures: the candidates, in the order of preference.
        side: of the squares to make, in pixels.
        findings: is told of all others.
    """
    twins = _Twins(findings.found)
    for picture in pictures:
        findings.looked_at += 1
        try:
            digest = hashlib.sha256(picture.content()).hexdigest()
            pixels = square(picture.rgb(), side)
        except DataError as error:
            findings.damaged.append({"name": picture.name, "reason": str(error)})
            continue
        if is_near_grey(pixels):
            findings.near_grey.append(picture.name)
            continue
        twin = twins.twin_or_add(picture.name, perceptual_hash(pixels))
        if twin is not None:
            findings.duplicates.append({"name": picture.name, "kept": twin})
            continue
        yield Usable(picture.name, digest, pixels)


def square(image: Image.Image, side: int) -> Bytes:
    """Cut the centre square and scale it with LANCZOS to (side, side, 3) uint8."""
    return np.asarray(ImageOps.fit(image, (side, side), Image.Resampling.LANCZOS))


def is_near_grey(rgb: Bytes) -> bool:
    """Whether a picture has hardly any colour: little on average, or next to none nearly all over.

    Args:
        rgb: (H, W, 3) sRGB.
    """
    chroma = np.hypot(*np.moveaxis(rgb_to_lab(rgb)[..., 1:], -1, 0))
    return bool(chroma.mean() < GREY_MEAN or np.percentile(chroma, 90) < GREY_P90)


def perceptual_hash(rgb: Bytes) -> np.uint64:
    """64 bits that pictures which look alike share, but for a few.

    Zauner, "Implementation and Benchmarking of Perceptual Image Hash Functions" (2010), 3.2.1:
    which of the 8x8 lowest frequencies of the 32x32 grey picture are above their median.

    Args:
        rgb: (H, W, 3) sRGB.
    """
    grey = Image.fromarray(rgb).convert("L").resize((32, 32), Image.Resampling.LANCZOS)
    low = fft.dctn(np.asarray(grey, np.float64))[:8, :8]
    return np.uint64(np.packbits(low > np.median(low)).view(np.uint64)[0])


class _Twins:
    """The pictures kept so far, to be asked for one that looks alike."""

    def __init__(self, capacity: int) -> None:
        self._hashes = np.empty(capacity, np.uint64)
        self._names: list[str] = []

    def twin_or_add(self, name: str, bits: np.uint64) -> str | None:
        """The name of the kept picture most like this one; none, and this one is kept."""
        count = len(self._names)
        distances = np.bitwise_count(self._hashes[:count] ^ bits)
        if count and distances.min() <= ALIKE_BITS:
            return self._names[int(distances.argmin())]
        self._hashes[count] = bits
        self._names.append(name)
        return None

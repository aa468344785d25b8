"""What a decoder hands on: samples as they are stored, and what is needed to understand them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from colorizer.metadata.blocks import Blocks

Samples = npt.NDArray[Any]
Space = Literal["grey", "rgb", "cmyk", "lab"]


@dataclass(frozen=True)
class Transfer:
    """PNG's gAMA and cHRM: sample ** (1 / gamma) is linear light.

    Attributes:
        gamma: the file's exponent, 0.45455 for a usual screen.
        chromaticities: x and y of white, red, green and blue; none where the file has sRGB's.
    """

    gamma: float
    chromaticities: tuple[float, ...] = ()


@dataclass
class Decoded:
    """A decoded file.

    Attributes:
        values: uint8 or uint16, whole range, (H, W) for grey, else (H, W, 3) or (H, W, 4) for
            CMYK, where 0 is no ink. Lab is float32 in CIELAB units, D50.
        space: what the channels are.
        alpha: (H, W) of the same type as ``values``, 0 is transparent.
        premultiplied: whether ``values`` were multiplied with ``alpha``.
        profile: an ICC profile.
        transfer: what stands in for one in PNG.
        orientation: EXIF's, 1 to 8; 0 where the file says nothing.
        bits: of each sample in the file.
        blocks: the metadata.
        pages: how many the file has, of which this is one.
        note: what is amiss with a file that can be used nevertheless, a code.
    """

    values: Samples
    space: Space
    alpha: Samples | None = None
    premultiplied: bool = False
    profile: bytes = b""
    transfer: Transfer | None = None
    orientation: int = 0
    bits: int = 8
    blocks: Blocks = field(default_factory=Blocks)
    pages: int = 1
    note: str = ""


def split_channels(values: Samples) -> tuple[Samples, Space, Samples | None]:
    """Divide what common decoders return into colour channels and alpha.

    Args:
        values: (H, W) or (H, W, C) with grey, grey and alpha, RGB, or RGB and alpha.
    """
    if values.ndim == 2:
        return values, "grey", None
    channels = values.shape[2]
    if channels <= 2:
        return values[..., 0], "grey", values[..., 1] if channels == 2 else None
    return values[..., :3], "rgb", values[..., 3] if channels == 4 else None


def whole_range(values: Samples, bits: int) -> Samples:
    """Bring integer samples of ``bits`` bits to the whole range of 8 or 16 bits.

    >>> whole_range(np.array([0, 2047, 4095], np.uint16), 12).tolist()
    [0, 32759, 65535]
    """
    if bits in (8, 16) and values.dtype.itemsize * 8 == bits:
        return values
    dtype: type[np.unsignedinteger[Any]] = np.uint8 if bits < 8 else np.uint16
    ends = (1 << bits) - 1, np.iinfo(dtype).max
    table = (np.arange(ends[0] + 1) * ends[1] + ends[0] // 2) // ends[0]
    return np.asarray(table.astype(dtype)[np.minimum(values, ends[0])])

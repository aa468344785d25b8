"""Samples whose white no tag tells: floating point, signed and 32-bit integers."""

from __future__ import annotations

import numpy as np

from colorizer.intake.decoded import Samples

_ROWS = 256
_PROBES = 1_000_000
_HIGHLIGHTS = 16.0
"""Light sources in a scene-referred photo may be this much brighter than white."""
_FLOAT_WHITES = (255.0, 65535.0)
_INTEGER_WHITES = (255, 65535, 4_294_967_295)
_SIGNED_WHITES = {np.dtype(np.int8): (127,), np.dtype(np.int16): (255, 32767)}


def scaled_floats(values: Samples) -> Samples:
    """Bring floating point samples to uint16; white is at 1 but for files that go far beyond.

    What lies outside of 0 and white is clipped; what is no number is black.

    >>> scaled_floats(np.array([[-0.1, 0.0, 0.5, 1.0, 1.4]], np.float32)).tolist()
    [[0, 0, 32768, 65535, 65535]]
    """
    white = _white_of(values)
    scaled = np.empty(values.shape, np.uint16)
    for top in range(0, len(values), _ROWS):
        rows = np.nan_to_num(values[top : top + _ROWS].astype(np.float64), nan=0.0)
        scaled[top : top + _ROWS] = np.clip(rows / white, 0.0, 1.0) * 65535.0 + 0.5
    return scaled


def _white_of(values: Samples) -> float:
    probes = values.reshape(-1)[:: max(1, values.size // _PROBES)].astype(np.float64)
    probes = probes[np.isfinite(probes)]
    if not probes.size:
        return 1.0
    high = float(np.percentile(probes, 99))
    if high <= _HIGHLIGHTS:
        return 1.0
    return next((white for white in _FLOAT_WHITES if high <= white), high)


def scaled_integers(values: Samples, bits: int) -> Samples:
    """Bring 32-bit and signed samples to uint16; white is at the next end of a usual range.

    Samples of a size of their own, 20 or 24 bits, mean it.

    >>> scaled_integers(np.array([[0, 128, 255]], np.int32), 32).tolist()
    [[0, 32896, 65535]]
    """
    high = int(values.max())
    whites: tuple[int, ...] = _SIGNED_WHITES.get(values.dtype.newbyteorder("="), _INTEGER_WHITES)
    if bits < 8 * values.dtype.itemsize:
        whites = ((1 << bits) - 1,)
    white = next((white for white in whites if high <= white), high)
    scaled = np.empty(values.shape, np.uint16)
    for top in range(0, len(values), _ROWS):
        rows = values[top : top + _ROWS].astype(np.float64)
        scaled[top : top + _ROWS] = np.clip(rows / white, 0.0, 1.0) * 65535.0 + 0.5
    return scaled

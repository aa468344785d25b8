"""sRGB and CIELAB (D65, 2 degrees), with scikit-image's constants, on NumPy arrays."""

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.floating[Any]]
Bytes = npt.NDArray[np.uint8]

XYZ_FROM_RGB = np.array(
    [[0.412453, 0.357580, 0.180423], [0.212671, 0.715160, 0.072169], [0.019334, 0.119193, 0.950227]]
)
RGB_FROM_XYZ = np.linalg.inv(XYZ_FROM_RGB)
WHITE = np.array([0.95047, 1.0, 1.08883])

# The white point is folded into the matrices, so that each direction is one matrix product.
_SCALED_XYZ_FROM_RGB = (XYZ_FROM_RGB / WHITE[:, None]).T.astype(np.float32)
_RGB_FROM_SCALED_XYZ = (RGB_FROM_XYZ * WHITE[None, :]).T.astype(np.float32)


def _linear(encoded: npt.NDArray[Any]) -> npt.NDArray[Any]:
    return np.where(encoded > 0.04045, ((encoded + 0.055) / 1.055) ** 2.4, encoded / 12.92)


_LINEAR_OF_BYTE = _linear(np.arange(256) / 255.0).astype(np.float32)


def rgb_to_lab(rgb: npt.NDArray[Any]) -> Array:
    """Turn sRGB colours into CIELAB.

    Args:
        rgb: (..., 3), uint8 in 0..255 or floating point in [0, 1].

    Returns:
        (..., 3) float32: L in [0, 100], a and b in CIELAB units (about -110..110).
    """
    byte = rgb.dtype == np.uint8
    linear = _LINEAR_OF_BYTE[rgb] if byte else _linear(rgb.astype(np.float32))
    xyz = linear @ _SCALED_XYZ_FROM_RGB
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16.0 / 116.0)
    lab = np.empty_like(f, dtype=np.float32)
    lab[..., 0] = 116.0 * f[..., 1] - 16.0
    lab[..., 1] = 500.0 * (f[..., 0] - f[..., 1])
    lab[..., 2] = 200.0 * (f[..., 1] - f[..., 2])
    return lab


def lab_to_rgb(lab: npt.NDArray[Any]) -> Array:
    """Turn CIELAB colours into sRGB; colours outside the gamut are clipped on both sides.

    Args:
        lab: (..., 3), L in [0, 100], a and b in CIELAB units.

    Returns:
        (..., 3) float32 in [0, 1].
    """
    f = np.empty(lab.shape, np.float32)
    f[..., 1] = (lab[..., 0] + 16.0) / 116.0
    f[..., 0] = f[..., 1] + lab[..., 1] / 500.0
    f[..., 2] = np.maximum(f[..., 1] - lab[..., 2] / 200.0, 0.0)
    xyz = np.where(f > 0.2068966, f**3, (f - 16.0 / 116.0) / 7.787)
    linear = np.clip(xyz @ _RGB_FROM_SCALED_XYZ, 0.0, 1.0)
    return np.asarray(np.clip(_encoded(linear), 0.0, 1.0), np.float32)


def _encoded(linear: npt.NDArray[Any]) -> npt.NDArray[Any]:
    return np.where(linear > 0.0031308, 1.055 * linear ** (1 / 2.4) - 0.055, 12.92 * linear)


def to_uint8(rgb: npt.NDArray[Any]) -> Bytes:
    """Round sRGB in [0, 1] to 8 bits a channel."""
    return np.asarray(np.clip(rgb, 0.0, 1.0) * 255.0 + 0.5, np.uint8)


def hex_to_lab(color: str) -> tuple[float, float, float]:
    """CIELAB of a colour written ``#rrggbb``."""
    rgb = np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)], np.uint8)
    lightness, a, b = rgb_to_lab(rgb).tolist()
    return lightness, a, b


# How far outside [0, 1] linear RGB may lie and still count as inside the gamut.
_TOLERANCE = 3e-4
_STEPS = 65_535
_BYTE_OF_LINEAR = to_uint8(_encoded(np.arange(_STEPS + 1) / _STEPS))


def join_lightness(rgb: Bytes, ab: Array) -> Bytes:
    """Colours for a picture that keeps its own lightness.

    A colour that is too strong for the lightness it meets is weakened towards grey until it
    can be shown (instead of being clipped), so that L stays what it was.

    Args:
        rgb: (..., 3) sRGB; only its lightness is used.
        ab: (..., 2), CIELAB units.

    Returns:
        (..., 3) sRGB.
    """
    luminance = _LINEAR_OF_BYTE[rgb] @ XYZ_FROM_RGB[1].astype(np.float32)
    f = np.where(luminance > 0.008856, np.cbrt(luminance), 7.787 * luminance + 16.0 / 116.0)
    linear = _linear_rgb(f, ab)
    lost = ((linear < -_TOLERANCE) | (linear > 1 + _TOLERANCE)).any(-1)
    if lost.any():
        linear[lost] = _weaken(f[lost], ab[lost])
    steps = np.clip(linear, 0.0, 1.0) * np.float32(_STEPS) + np.float32(0.5)
    return np.asarray(_BYTE_OF_LINEAR[steps.astype(np.uint16)], np.uint8)


def _linear_rgb(f: Array, ab: Array) -> Array:
    """Linear RGB, unclipped, from f(Y) (...) and ab (..., 2)."""
    third = np.empty((*f.shape, 3), np.float32)
    third[..., 0] = f + ab[..., 0] * np.float32(1 / 500)
    third[..., 1] = f
    third[..., 2] = np.maximum(f - ab[..., 1] * np.float32(1 / 200), 0.0)
    xyz = np.where(third > 0.2068966, third**3, (third - 16.0 / 116.0) * np.float32(1 / 7.787))
    return np.asarray(xyz @ _RGB_FROM_SCALED_XYZ)


def _weaken(f: Array, ab: Array) -> Array:
    """The strongest colours of the same lightness and hue inside the gamut, by bisection."""
    low, high = np.zeros_like(f), np.ones_like(f)
    for _ in range(8):
        middle = (low + high) / 2
        linear = _linear_rgb(f, ab * middle[..., None])
        fits = ((linear >= -_TOLERANCE) & (linear <= 1 + _TOLERANCE)).all(-1)
        low, high = np.where(fits, middle, low), np.where(fits, high, middle)
    return _linear_rgb(f, ab * low[..., None])

"""sRGB and CIELAB (D65, 2 degrees), with scikit-image's constants, on NumPy arrays."""

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.floating[Any]]
Bytes = npt.NDArray[np.uint8]
Pixels = npt.NDArray[np.uint8] | npt.NDArray[np.uint16]
"""sRGB of 8 or 16 bits a channel: (H, W) for a photo in grey, else (H, W, 3)."""

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
_LINEAR_OF_WORD = _linear(np.arange(65_536) / 65_535.0).astype(np.float32)


def rgb_to_lab(rgb: npt.NDArray[Any]) -> Array:
    """Turn sRGB colours into CIELAB.

    Args:
        rgb: (..., 3), uint8 in 0..255 or floating point in [0, 1].

    Returns:
        (..., 3) float32: L in [0, 100], a and b in CIELAB units (about -110..110).

    >>> rgb_to_lab(np.array([255, 0, 0], np.uint8)).round(1).tolist()
    [53.2..., 80.0..., 67.1...]
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

    >>> to_uint8(lab_to_rgb(np.array([53.24, 80.09, 67.2]))).tolist()
    [255, 0, 0]
    """
    f = np.empty(lab.shape, np.float32)
    f[..., 1] = (lab[..., 0] + 16.0) / 116.0
    f[..., 0] = f[..., 1] + lab[..., 1] / 500.0
    f[..., 2] = np.maximum(f[..., 1] - lab[..., 2] / 200.0, 0.0)
    xyz = np.where(f > 0.2068966, f**3, (f - 16.0 / 116.0) / 7.787)
    linear = np.clip(xyz @ _RGB_FROM_SCALED_XYZ, 0.0, 1.0)
    return np.asarray(np.clip(encode_srgb(linear), 0.0, 1.0), np.float32)


def encode_srgb(linear: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Apply sRGB's curve to linear light in [0, 1]."""
    return np.where(linear > 0.0031308, 1.055 * linear ** (1 / 2.4) - 0.055, 12.92 * linear)


def to_uint8(rgb: npt.NDArray[Any]) -> Bytes:
    """Round sRGB in [0, 1] to 8 bits a channel."""
    return np.asarray(np.clip(rgb, 0.0, 1.0) * 255.0 + 0.5, np.uint8)


def to_8_bits(pixels: Pixels) -> Bytes:
    """Round 16-bit samples to 8 bits; 8-bit ones are returned as they are."""
    if pixels.dtype == np.uint8:
        return np.asarray(pixels, np.uint8)
    rounded = np.empty(pixels.shape, np.uint8)
    for top in range(0, len(pixels), 256):  # so that a large photo never stands in wider numbers
        rounded[top : top + 256] = (pixels[top : top + 256].astype(np.uint32) + 128) // 257
    return rounded


def hex_to_lab(color: str) -> tuple[float, float, float]:
    """CIELAB of a colour written ``#rrggbb``.

    >>> [round(value) for value in hex_to_lab("#ffffff")]
    [100, 0, 0]
    """
    rgb = np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)], np.uint8)
    lightness, a, b = rgb_to_lab(rgb).tolist()
    return lightness, a, b


# How far outside [0, 1] linear RGB may lie and still count as inside the gamut: what clipping then
# takes of the lightness is less than half a step of the result.
_TOLERANCE, _DEEP_TOLERANCE = 3e-4, 5e-7
_STEPS = 65_535
_BYTE_OF_LINEAR = to_uint8(encode_srgb(np.arange(_STEPS + 1) / _STEPS))


def join_lightness(rgb: Pixels, ab: Array) -> Pixels:
    """Colours for a picture that keeps its own lightness.

    A colour that is too strong for the lightness it meets is weakened towards grey until it
    can be shown (instead of being clipped), so that L stays what it was.

    Args:
        rgb: (..., 3) sRGB of 8 or 16 bits; only its lightness is used.
        ab: (..., 2), CIELAB units.

    Returns:
        (..., 3) sRGB of as many bits.

    >>> grey = np.array([[120, 120, 120]], np.uint8)
    >>> red = join_lightness(grey, np.array([[40.0, 20.0]], np.float32))
    >>> round(float(rgb_to_lab(red)[0, 0])), round(float(rgb_to_lab(grey)[0, 0]))
    (50, 50)
    """
    deep = rgb.dtype == np.uint16
    tolerance = _DEEP_TOLERANCE if deep else _TOLERANCE
    luminance = (_LINEAR_OF_WORD if deep else _LINEAR_OF_BYTE)[rgb] @ XYZ_FROM_RGB[1].astype(
        np.float32
    )
    f = np.where(luminance > 0.008856, np.cbrt(luminance), 7.787 * luminance + 16.0 / 116.0)
    linear = _linear_rgb(f, ab)
    lost = ((linear < -tolerance) | (linear > 1 + tolerance)).any(-1)
    if lost.any():
        linear[lost] = _weaken(f[lost], ab[lost], tolerance)
    if deep:
        words = encode_srgb(np.clip(linear, 0.0, 1.0)) * np.float32(65_535) + np.float32(0.5)
        return np.asarray(words, np.uint16)
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


def _weaken(f: Array, ab: Array, tolerance: float) -> Array:
    """The strongest colours of the same lightness and hue inside the gamut, by bisection."""
    low, high = np.zeros_like(f), np.ones_like(f)
    for _ in range(8):
        middle = (low + high) / 2
        linear = _linear_rgb(f, ab * middle[..., None])
        fits = ((linear >= -tolerance) & (linear <= 1 + tolerance)).all(-1)
        low, high = np.where(fits, middle, low), np.where(fits, high, middle)
    return _linear_rgb(f, ab * low[..., None])

"""Colour management: samples of any profile to sRGB, at their own depth.

LittleCMS (through imagecodecs) says what a profile means. Where that is curves and a matrix, as
with every camera's and scanner's working space, its answers for each channel alone are tables, and
the tables are applied: exact at 16 bits, and many times quicker there than LittleCMS itself.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import imagecodecs
import numpy as np
import numpy.typing as npt

from colorizer.color import RGB_FROM_XYZ, WHITE, encode_srgb
from colorizer.intake.decoded import Decoded, Samples, Transfer

Convert = Callable[[Samples], Samples]
"""From rows of samples, uint8 or uint16, to sRGB of the same type: (h, W) or (h, W, 3)."""
Floats = npt.NDArray[np.floating[Any]]

_INTENT = imagecodecs.CMS.INTENT.RELATIVE_COLORIMETRIC
_FLAGS = imagecodecs.CMS.FLAGS.BLACKPOINTCOMPENSATION
_SPACES = {b"GRAY": "gray", b"RGB ": "rgb", b"CMYK": "cmyk"}
_FITTING = {"grey": {"gray", "rgb"}, "rgb": {"rgb"}, "cmyk": {"cmyk"}, "lab": set[str]()}
_SAME = 1.5e-3
"""Colours that differ by less than this (of 1) are the same at 8 bits."""
_ADDITIVE = 1e-4
# White, red, green and blue of sRGB, as cHRM writes them, and its curve as one exponent.
_SRGB_PRIMARIES = (0.3127, 0.329, 0.64, 0.33, 0.3, 0.6, 0.15, 0.06)
_SRGB_GAMMA = 1 / 2.2
_D50 = np.array([0.96422, 1.0, 0.82521])
_BRADFORD = np.array(
    [[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]]
)


def conversion_of(decoded: Decoded) -> Convert | None:
    """Return how the samples of a decoded file become sRGB; None where they are sRGB already.

    A profile that is damaged, or is for other channels than the file's, is left out.
    """
    dtype = decoded.values.dtype
    if decoded.space == "lab":
        return _from_lab
    if _SPACES.get(decoded.profile[16:20]) in _FITTING[decoded.space]:
        try:
            return _from_profile(decoded.profile, decoded.space, dtype)
        except imagecodecs.CmsError:
            pass  # a profile that cannot be applied is as good as none
    if decoded.space == "cmyk":
        return _from_inks
    if decoded.transfer is not None and not _is_srgb(decoded.transfer):
        tables = _tables_of_transfer(decoded.transfer, int(np.iinfo(dtype).max))
        return _from_tables(tables, decoded.space, dtype)
    return None


def _from_profile(profile: bytes, space: str, dtype: np.dtype[Any]) -> Convert | None:
    channels = _SPACES[profile[16:20]]
    if space == "grey":
        ramp = np.linspace(0, 1, np.iinfo(dtype).max + 1, dtype=np.float32)
        grey = _through(profile, channels, ramp if channels == "gray" else _repeated(ramp))
        return None if _same(grey, _repeated(ramp)) else _curve(grey[..., 1], dtype)
    if space == "rgb":
        probes = np.random.default_rng(1).random((4096, 3), np.float32)
        probes[:8] = np.indices((2, 2, 2)).reshape(3, 8).T
        meant = _through(profile, channels, probes)
        if _same(meant, probes):
            return None
        if dtype == np.uint16:
            tables = _tables_of_profile(profile, 65535)
            deep = (probes * 65535 + 0.5).astype(np.uint16)
            shown = _from_tables(tables, space, dtype)(deep[None])[0] / 65535
            if np.abs(shown - _through(profile, channels, deep / np.float32(65535))).max() < (
                _ADDITIVE
            ):
                return _from_tables(tables, space, dtype)

    def convert(rows: Samples) -> Samples:
        return np.asarray(
            imagecodecs.cms_transform(
                np.ascontiguousarray(rows),
                profile,
                _srgb(),
                colorspace=channels,
                outcolorspace="rgb",
                outdtype=dtype,
                intent=_INTENT,
                flags=_FLAGS,
            )
        )

    return convert


def _through(profile: bytes, channels: str, colours: Floats, target: bytes | None = None) -> Floats:
    """Return (N,) or (N, C) colours in [0, 1] as (N, 3), sRGB or of the ``target`` profile."""
    made = imagecodecs.cms_transform(
        np.ascontiguousarray(colours[None], np.float32),
        profile,
        target or _srgb(),
        colorspace=channels,
        outcolorspace="rgb",
        outdtype=np.float32,
        intent=_INTENT,
        flags=_FLAGS,
    )
    return np.asarray(made[0], np.float32)


def _same(some: Floats, others: Floats) -> bool:
    return bool(np.abs(some - others).max() < _SAME)


def _repeated(ramp: Floats) -> Floats:
    return np.repeat(ramp[:, None], 3, axis=1)


def _rounded(values: Floats, dtype: np.dtype[Any]) -> Samples:
    end = np.iinfo(dtype).max
    return np.asarray(np.clip(values, 0, 1) * end + 0.5).astype(dtype)


def _curve(values: Floats, dtype: np.dtype[Any]) -> Convert:
    table = _rounded(values, dtype)
    return lambda rows: np.asarray(table[rows])


def _from_tables(tables: Floats, space: str, dtype: np.dtype[Any]) -> Convert:
    """Return the conversion that adds up what each channel's value gives of linear RGB.

    Args:
        tables: (3, values, 3).
        space: grey or rgb.
        dtype: of the samples.
    """
    if space == "grey":
        return _curve(encode_srgb(np.clip(tables.sum(axis=0).mean(axis=-1), 0, 1)), dtype)

    def convert(rows: Samples) -> Samples:
        linear = tables[0][rows[..., 0]]
        linear += tables[1][rows[..., 1]]
        linear += tables[2][rows[..., 2]]
        return _rounded(encode_srgb(np.clip(linear, 0, 1, out=linear)), dtype)

    return convert


def _tables_of_profile(profile: bytes, end: int) -> Floats:
    ramp = np.linspace(0, 1, end + 1, dtype=np.float32)
    alone = np.zeros((3, end + 1, 3), np.float32)
    for channel in range(3):
        alone[channel, :, channel] = ramp
    return np.stack([_through(profile, "rgb", colours, _linear_srgb()) for colours in alone])


def _tables_of_transfer(transfer: Transfer, end: int) -> Floats:
    light = np.linspace(0, 1, end + 1) ** (1 / transfer.gamma)
    matrix = np.eye(3)
    if _has_primaries(transfer) and transfer.chromaticities[:8] != _SRGB_PRIMARIES:
        white, own = _primaries(transfer.chromaticities)
        matrix = RGB_FROM_XYZ @ _adapted(white, WHITE) @ own
    return (light[None, :, None] * matrix.T[:, None, :]).astype(np.float32)


def _is_srgb(transfer: Transfer) -> bool:
    primaries = transfer.chromaticities if _has_primaries(transfer) else _SRGB_PRIMARIES
    close = max(abs(one - other) for one, other in zip(primaries, _SRGB_PRIMARIES, strict=True))
    return abs(transfer.gamma - _SRGB_GAMMA) < 0.005 and close < 0.005


def _has_primaries(transfer: Transfer) -> bool:
    return len(transfer.chromaticities) == 8 and min(transfer.chromaticities[1::2]) > 0


def _primaries(chromaticities: tuple[float, ...]) -> tuple[Floats, Floats]:
    """Return XYZ of white, and the matrix from linear RGB to XYZ."""
    x, y = np.array(chromaticities).reshape(4, 2).T
    xyz = np.stack([x / y, np.ones(4), (1 - x - y) / y])
    return xyz[:, 0], xyz[:, 1:] * np.linalg.solve(xyz[:, 1:], xyz[:, 0])


def _adapted(white: Floats, target: Floats) -> Floats:
    """Return the matrix that makes XYZ under one white those under another (Bradford)."""
    scale = (_BRADFORD @ target) / (_BRADFORD @ white)
    return np.asarray(np.linalg.inv(_BRADFORD) @ (scale[:, None] * _BRADFORD))


def _from_lab(rows: Samples) -> Samples:
    """Return 16-bit sRGB of CIELAB under D50."""
    f = (rows[..., 0] + 16) / 116
    third = np.stack([f + rows[..., 1] / 500, f, f - rows[..., 2] / 200], axis=-1)
    xyz = np.where(third > 6 / 29, third**3, (third - 4 / 29) * (3 * (6 / 29) ** 2)) * _D50
    linear = xyz @ (RGB_FROM_XYZ @ _adapted(_D50, WHITE)).T
    return _rounded(encode_srgb(np.clip(linear, 0, 1)), np.dtype(np.uint16))


def _from_inks(rows: Samples) -> Samples:
    """Return RGB of CMYK that no profile describes: what each ink leaves of white."""
    end = np.iinfo(rows.dtype).max
    left = end - rows.astype(np.int64)
    return ((left[..., :3] * left[..., 3:] + end // 2) // end).astype(rows.dtype)


def warm_up() -> None:
    """Make the profiles that every conversion ends with."""
    _srgb()
    _linear_srgb()


@cache
def _srgb() -> bytes:
    return bytes(imagecodecs.cms_profile("srgb"))


@cache
def _linear_srgb() -> bytes:
    white, *primaries = np.array(_SRGB_PRIMARIES).reshape(4, 2).tolist()
    return bytes(
        imagecodecs.cms_profile(
            "rgb",
            whitepoint=[*white, 1],
            primaries=[number for one in primaries for number in (*one, 1)],
            gamma=1.0,
        )
    )

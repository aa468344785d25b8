"""Pixels of any Pillow mode to upright sRGB, 8 bits a channel, on white."""

from __future__ import annotations

import io
from typing import Any, cast

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageCms, ImageOps

Pixels = npt.NDArray[np.uint8]

# JPEG's own rounding and colour management move a neutral grey by this much at most.
_NEUTRAL = 2
_ROWS = 256
_PHOTOMETRIC = 262
_WHITE_IS_ZERO = 0
_ALPHA_MODES = {"RGBA", "RGBa", "LA", "La", "PA"}


def to_srgb(image: Image.Image) -> Pixels:
    """Decode ``image`` and return its pixels as they are meant to look.

    Orientation (EXIF) is applied, transparency is laid on white, an embedded ICC profile is
    honoured, deep integer and floating point greys are scaled to 8 bits.

    Returns:
        uint8 sRGB, (H, W) where every pixel is neutral, else (H, W, 3).
    """
    image.load()
    profile = _profile_of(image)
    deep = image.mode.startswith("I;16")
    flat = _eight_bits(_upright(image))
    if deep and _counts_from_white(image):
        flat = ImageOps.invert(flat)
    if flat.mode == "L":
        return np.asarray(flat if profile is None else flat.point(_grey_curve(profile)))
    rgb = np.asarray(_managed(flat, profile))
    if _is_neutral(rgb):
        return np.asarray(Image.fromarray(rgb).convert("L"))
    return rgb


def _is_neutral(rgb: Pixels) -> bool:
    """Tell whether all of (H, W, 3) is grey but for rounding."""
    for top in range(0, len(rgb), _ROWS):
        rows = rgb[top : top + _ROWS]
        if int((rows.max(axis=-1) - rows.min(axis=-1)).max()) > _NEUTRAL:
            return False
    return True


def _upright(image: Image.Image) -> Image.Image:
    try:
        turned = ImageOps.exif_transpose(image)
    except Exception:  # EXIF is a side note: what cannot be read of it is left out
        return image
    return turned


def _eight_bits(image: Image.Image) -> Image.Image:
    """Return ``image`` in mode L, RGB, CMYK or LAB, without transparency."""
    if image.mode.startswith("I") or image.mode == "F":
        return Image.fromarray(_scaled(image))
    if image.mode in _ALPHA_MODES or image.has_transparency_data:
        return _on_white(image)
    if image.mode in {"L", "RGB", "CMYK", "LAB"}:
        return image
    grey = image.mode == "1" or (image.mode == "P" and _grey_palette(image))
    return image.convert("L" if grey else "RGB")


def _grey_palette(image: Image.Image) -> bool:
    return image.palette is not None and image.palette.mode == "L"


def _on_white(image: Image.Image) -> Image.Image:
    rgba = image.convert("RGBA")
    white = Image.new("RGBA", rgba.size, "white")
    white.alpha_composite(rgba)
    return white.convert("L" if image.mode in {"L", "LA", "La", "1"} else "RGB")


def _scaled(image: Image.Image) -> Pixels:
    """Bring a 16-bit, 32-bit or floating point grey picture to 8 bits.

    Which values mean white is not said in such files: 16 bits end at 65535, floating point at 1 or
    at 255, and what does not fit is stretched between its own extremes.
    """
    values: npt.NDArray[Any] = np.asarray(image)
    if values.dtype.kind == "f":
        values = np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0)
    low, high = float(values.min()), float(values.max())
    if image.mode.startswith("I;16"):
        low, high = 0.0, 65535.0
    else:
        ends = (1.0, 255.0, 65535.0) if values.dtype.kind == "f" else (255.0, 65535.0)
        if low >= 0.0 and high <= ends[-1]:
            low, high = 0.0, next(end for end in ends if high <= end)
    span = (high - low) or 1.0
    grey = np.empty(values.shape, np.uint8)
    for top in range(0, len(values), _ROWS):
        rows = values[top : top + _ROWS].astype(np.float64)
        grey[top : top + _ROWS] = np.clip((rows - low) / span, 0.0, 1.0) * 255.0 + 0.5
    return grey


def _counts_from_white(image: Image.Image) -> bool:
    """Tell whether a TIFF counts from white; Pillow turns 8-bit ones round but not deeper ones."""
    tags: Any = getattr(image, "tag_v2", None) or {}
    return bool(tags.get(_PHOTOMETRIC) == _WHITE_IS_ZERO)


def _profile_of(image: Image.Image) -> ImageCms.ImageCmsProfile | None:
    """Return the embedded profile; none if it is missing, unreadable or sRGB itself."""
    data = image.info.get("icc_profile")
    if not isinstance(data, bytes) or not data:
        return None
    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(data))
        described = ImageCms.getProfileDescription(profile)
    except Exception:  # a damaged profile says nothing; the pixels are taken as sRGB
        return None
    return None if "sRGB" in described else profile


def _managed(image: Image.Image, profile: ImageCms.ImageCmsProfile | None) -> Image.Image:
    """Return ``image`` (RGB, CMYK or LAB) in sRGB."""
    source = profile
    if image.mode == "LAB":
        source = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    if source is not None and _space(source) in {image.mode, image.mode.title()}:
        try:
            return _through(source, image)
        except ImageCms.PyCMSError:
            pass  # a profile that cannot be applied is as good as none
    return image if image.mode == "RGB" else image.convert("RGB")


def _grey_curve(profile: ImageCms.ImageCmsProfile) -> list[int]:
    """Return what each of the 256 greys becomes in sRGB."""
    identity = list(range(256))
    space = _space(profile)
    if space not in {"GRAY", "RGB"}:
        return identity
    ramp = Image.fromarray(np.arange(256, dtype=np.uint8)[None])
    try:
        managed = _through(profile, ramp if space == "GRAY" else ramp.convert("RGB"))
    except ImageCms.PyCMSError:
        return identity
    return list(managed.convert("L").tobytes())


def _space(profile: ImageCms.ImageCmsProfile) -> str:
    return str(profile.profile.xcolor_space).strip()


def _through(profile: ImageCms.ImageCmsProfile, image: Image.Image) -> Image.Image:
    managed = ImageCms.profileToProfile(
        image,
        profile,
        ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")),
        renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
        outputMode="RGB",
        flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )
    return cast(Image.Image, managed)

"""Small pictures for lists, in the photo's newest colours; each is made once and kept."""

from __future__ import annotations

import io

import numpy as np
from django.core.files.storage import default_storage
from PIL import Image

from colorizer.color import lab_to_rgb, to_uint8
from webapp.library import files
from webapp.library.encode import LIGHTNESS_SCALE
from webapp.library.models import Photo
from webapp.studio.chroma import unpack
from webapp.studio.models import Chroma, Version

MAX_SIDE = 320
_QUALITY = 85
_GREY = "grey"
_VERSION = "version-"


def thumbnail_mark(photo: Photo) -> str:
    """Return a mark that changes whenever the thumbnail looks different.

    It costs no query when ``photo`` was read with its ``chroma``.
    """
    chroma = getattr(photo, "chroma", None)
    return _GREY if chroma is None else str(chroma.job_id)


def thumbnail_of(photo: Photo) -> bytes:
    """Return a JPEG of at most 320 pixels a side; grey until the photo has been coloured."""
    folder = _folder(photo)
    name = f"{thumbnail_mark(photo)}.jpg"
    data = _kept(f"{folder}/{name}")
    if data is None:
        data = _make(photo)
        files.write(f"{folder}/{name}", data)
        for other in default_storage.listdir(folder)[1]:
            if other != name and not other.startswith((_VERSION, ".")):
                default_storage.delete(f"{folder}/{other}")
    return data


def version_thumbnail(version: Version) -> bytes:
    """Return a JPEG of at most 320 pixels a side of a full-size result."""
    key = version_thumbnail_key(version)
    data = _kept(key)
    if data is None:
        with default_storage.open(version.image) as file, Image.open(file) as image:
            data = small_jpeg(image)
        files.write(key, data)
    return data


def version_thumbnail_key(version: Version) -> str:
    """Return the storage key of a version's small picture."""
    return f"{files.photo_folder(version.photo_id)}/thumbnails/{_VERSION}{version.pk}.jpg"


def small_jpeg(image: Image.Image) -> bytes:
    """Return a picture as a JPEG of at most 320 pixels a side."""
    small = image.convert("RGB")
    small.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS, reducing_gap=3.0)
    return _jpeg(small)


def _folder(photo: Photo) -> str:
    return f"{files.photo_folder(photo.pk)}/thumbnails"


def _kept(key: str) -> bytes | None:
    try:
        with default_storage.open(key) as file:
            data: bytes = file.read()
    except FileNotFoundError:
        return None
    return data


def _make(photo: Photo) -> bytes:
    with default_storage.open(photo.lightness) as file, Image.open(file) as image:
        image.draft("L", (MAX_SIDE, MAX_SIDE))
        image.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS)
        lightness = np.asarray(image, np.float32) / LIGHTNESS_SCALE
    lab = np.zeros((*lightness.shape, 3), np.float32)
    lab[..., 0] = lightness
    chroma = Chroma.objects.filter(pk=photo.pk).first()
    if chroma is not None:
        planes = unpack(bytes(chroma.data), width=chroma.width, height=chroma.height)
        size = (lightness.shape[1], lightness.shape[0])
        for index, plane in enumerate(planes, start=1):
            enlarged = Image.fromarray(plane).resize(size, Image.Resampling.BILINEAR)
            lab[..., index] = np.asarray(enlarged)
    return _jpeg(Image.fromarray(to_uint8(lab_to_rgb(lab))))


def _jpeg(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=_QUALITY)
    return buffer.getvalue()

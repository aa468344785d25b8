"""Small pictures in colour: of a photo with its newest chroma map, and of a full-size result."""

from __future__ import annotations

import numpy as np
from django.core.files.storage import default_storage
from PIL import Image

from colorizer.color import lab_to_rgb, to_uint8
from webapp.photos.encode import LIGHTNESS_SCALE
from webapp.photos.models import Photo
from webapp.photos.thumbnails import (
    MAX_SIDE,
    jpeg,
    stored_thumbnail,
    thumbnail_folder,
    thumbnail_mark,
    thumbnail_of_stored,
)
from webapp.studio.chroma import unpack
from webapp.studio.models import Chroma, Version

_VERSION = "version-"


def thumbnail_of(photo: Photo) -> bytes:
    """Return a JPEG of at most 320 pixels a side; grey until the photo has been coloured."""
    folder = thumbnail_folder(photo.pk)
    name = f"{thumbnail_mark(photo)}.jpg"

    def make() -> bytes:
        data = in_color(photo, side=MAX_SIDE)
        _delete_others(folder, name)
        return data

    return stored_thumbnail(f"{folder}/{name}", make)


def version_thumbnail(version: Version) -> bytes:
    """Return a JPEG of at most 320 pixels a side of a full-size result."""
    key = version_thumbnail_key(version)
    return stored_thumbnail(key, lambda: thumbnail_of_stored(version.image))


def version_thumbnail_key(version: Version) -> str:
    """Return the storage key of a version's small picture."""
    return f"{thumbnail_folder(version.photo_id)}/{_VERSION}{version.pk}.jpg"


def _delete_others(folder: str, name: str) -> None:
    """Delete the photo's older thumbnails; those of versions stay."""
    try:
        names = default_storage.listdir(folder)[1]
    except FileNotFoundError:
        return
    for other in names:
        if other != name and not other.startswith((_VERSION, ".")):
            default_storage.delete(f"{folder}/{other}")


def in_color(photo: Photo, *, side: int) -> bytes:
    """Return a photo with its newest colours as a JPEG of at most ``side`` pixels a side."""
    with default_storage.open(photo.lightness) as file, Image.open(file) as image:
        image.draft("L", (side, side))
        image.thumbnail((side, side), Image.Resampling.LANCZOS)
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
    return jpeg(Image.fromarray(to_uint8(lab_to_rgb(lab))))

"""Small pictures for lists; each is made once and kept."""

from __future__ import annotations

import io
from collections.abc import Callable

from django.core.files.storage import default_storage
from PIL import Image

from webapp.common import storage
from webapp.photos import files
from webapp.photos.models import Photo

MAX_SIDE = 320
_QUALITY = 85
_GREY = "grey"


def thumbnail_mark(photo: Photo) -> str:
    """Return a mark that changes whenever the thumbnail looks different.

    It costs no query when ``photo`` was read with its ``chroma``.
    """
    chroma = getattr(photo, "chroma", None)
    return _GREY if chroma is None else str(chroma.job_id)


def thumbnail_folder(photo_id: object) -> str:
    """Return the key under which the small pictures of a photo and its results are kept."""
    return f"{files.photo_folder(str(photo_id))}/thumbnails"


def stored_thumbnail(key: str, make: Callable[[], bytes]) -> bytes:
    """Return the small picture that is kept under ``key``; made now where there is none."""
    try:
        with default_storage.open(key) as file:
            return bytes(file.read())
    except FileNotFoundError:
        data = make()
        storage.write(key, data)
        return data


def thumbnail_of_stored(key: str) -> bytes:
    """Return a stored picture as a JPEG of at most 320 pixels a side.

    Raises:
        FileNotFoundError: it is gone.
    """
    with default_storage.open(key) as file, Image.open(file) as image:
        return small_jpeg(image)


def small_jpeg(image: Image.Image) -> bytes:
    """Return a picture as a JPEG of at most 320 pixels a side."""
    small = image.convert("RGB")
    small.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS, reducing_gap=3.0)
    return jpeg(small)


def jpeg(image: Image.Image) -> bytes:
    """Return a small picture as a JPEG of its own size."""
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=_QUALITY)
    return buffer.getvalue()

"""The files that a version can be downloaded as; all but the PNG are made when first asked for."""

from __future__ import annotations

import io
import threading
from dataclasses import dataclass, field
from typing import Any

from django.core.files.storage import default_storage
from PIL import Image

from webapp.library import files
from webapp.studio.models import Version

# A conversion holds the whole picture, some 120 MB at the largest size.
_CONVERTING = threading.BoundedSemaphore(2)


@dataclass(frozen=True)
class Format:
    """A file format: its name in Pillow, and how pictures are saved in it."""

    pillow: str
    extension: str
    content_type: str
    options: dict[str, Any] = field(default_factory=dict)


FORMATS = {
    "png": Format("PNG", "png", "image/png"),
    # 4:4:4: half-size colour planes would blur exactly what was made here.
    "jpeg": Format("JPEG", "jpg", "image/jpeg", {"quality": 95, "subsampling": 0}),
    "webp": Format("WEBP", "webp", "image/webp", {"quality": 95, "method": 4}),
}


def image_keys(version: Version) -> list[str]:
    """Return the storage keys of a version's files, whether or not they were made."""
    stem = version.image.removesuffix(".png")
    return [f"{stem}.{chosen.extension}" for chosen in FORMATS.values()]


def image_key(version: Version, chosen: Format) -> str:
    """Return the storage key of a version in a format, converting it the first time.

    Raises:
        FileNotFoundError: the version's PNG is gone.
    """
    if chosen.pillow == "PNG":
        return version.image
    key = f"{version.image.removesuffix('.png')}.{chosen.extension}"
    if not default_storage.exists(key):
        with _CONVERTING, default_storage.open(version.image) as file, Image.open(file) as image:
            converted = io.BytesIO()
            image.save(converted, chosen.pillow, **chosen.options)
        files.write(key, converted.getvalue())
        Version.objects.filter(pk=version.pk).update(bytes=_size(version))
    return key


def _size(version: Version) -> int:
    """Return what a version's files take up; measured, for two may convert it at the same time."""
    return sum(
        default_storage.size(key) for key in image_keys(version) if default_storage.exists(key)
    )

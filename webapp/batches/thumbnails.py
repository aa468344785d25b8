"""Small pictures of results, which the workers make while they hold the large ones."""

from __future__ import annotations

from pathlib import PurePosixPath

from django.core.files.storage import default_storage
from PIL import Image

from webapp.library import files
from webapp.library.thumbnails import small_jpeg


def thumbnail_key(result: str) -> str:
    """Return the storage key of the small picture of a result."""
    path = PurePosixPath(result)
    return str(path.with_name(f"{path.stem}-small.jpg"))


def result_thumbnail(result: str) -> bytes:
    """Return a JPEG of at most 320 pixels a side of a stored result; made now where it lacks."""
    key = thumbnail_key(result)
    try:
        with default_storage.open(key) as file:
            return bytes(file.read())
    except FileNotFoundError:
        pass
    with default_storage.open(result) as file, Image.open(file) as image:
        data = small_jpeg(image)
    files.write(key, data)
    return data

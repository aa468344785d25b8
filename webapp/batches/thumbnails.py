"""Small pictures of results, which the workers make while they hold the large ones."""

from __future__ import annotations

from pathlib import PurePosixPath

from webapp.photos.thumbnails import stored_thumbnail, thumbnail_of_stored


def thumbnail_key(result: str) -> str:
    """Return the storage key of the small picture of a result."""
    path = PurePosixPath(result)
    return str(path.with_name(f"{path.stem}-small.jpg"))


def result_thumbnail(result: str) -> bytes:
    """Return a JPEG of at most 320 pixels a side of a stored result; made now where it lacks."""
    return stored_thumbnail(thumbnail_key(result), lambda: thumbnail_of_stored(result))

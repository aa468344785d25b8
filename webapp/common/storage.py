"""Files in the storage: written whole or not at all, listed, and deleted by the folder."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Generator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.db.models import QuerySet
from django.utils import timezone

PIECE = 256 * 1024
ORPHAN_AGE = timedelta(hours=1)
"""A younger folder without a row may belong to a transaction that has not been committed yet."""


class MediaFolder(FileSystemStorage):
    """Django's folder storage, but a reader (or a crash) never meets a half-written file."""

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """Keep ``name``: keys are unique by their ids, and a second attempt replaces its first."""
        return name

    def _save(self, name: str, content: File[Any]) -> str:
        """Write ``content`` beside its place, flush it to the disk, then rename it into place."""
        target = Path(self.path(name))
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor, temporary = tempfile.mkstemp(dir=target.parent, prefix=".partial-")
        try:
            with os.fdopen(descriptor, "wb") as file:
                for chunk in content.chunks():
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(target)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        return name


def write(key: str, data: bytes) -> str:
    """Keep ``data`` under ``key``, whole or not at all, and return the key."""
    return default_storage.save(key, ContentFile(data))


def pieces_of(key: str, *, start: int = 0) -> Generator[bytes]:
    """Yield a stored file from a place on, piece by piece; never more of it is fetched or held.

    Raises:
        FileNotFoundError: the storage has no such file.
    """
    if isinstance(default_storage, FileSystemStorage):
        with default_storage.open(key) as file:
            file.seek(start)
            while piece := file.read(PIECE):
                yield piece
        return
    # The file of django-storages is fetched whole before its first byte is read.
    store: Any = default_storage
    try:
        place = {"Range": f"bytes={start}-"} if start else {}
        stored = store.bucket.Object(key).get(**place)
    except store.connection.meta.client.exceptions.NoSuchKey as error:
        raise FileNotFoundError(key) from error
    with closing(stored["Body"]) as body:
        yield from body.iter_chunks(PIECE)


def folders(root: str) -> list[str]:
    """Return the names of the folders right below ``root``."""
    try:
        return default_storage.listdir(root)[0]
    except FileNotFoundError:
        return []


def newest_file(folder: str) -> datetime | None:
    """Return when a file below ``folder`` was last written; None if there is none."""
    times = [default_storage.get_modified_time(key) for key in _keys(folder)]
    return max(times, default=None)


def sweep(root: str, owners: QuerySet[Any]) -> int:
    """Delete the folders right below ``root`` that no row owns; return how many.

    Args:
        root: where to look.
        owners: rows whose primary keys name their folders; read after the folders are listed, so
            that a folder made in between has its row.
    """
    names = folders(root)
    owned = {str(pk) for pk in owners.values_list("pk", flat=True)} if names else set()
    swept = 0
    for name in set(names) - owned:
        newest = newest_file(f"{root}/{name}")
        if newest is None or newest < timezone.now() - ORPHAN_AGE:
            delete_folder(f"{root}/{name}")
            swept += 1
    return swept


def delete_folder(folder: str) -> None:
    """Delete ``folder`` and all below it; what is gone already is no error."""
    try:
        below, names = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in below:
        delete_folder(f"{folder}/{name}")
    for name in names:
        default_storage.delete(f"{folder}/{name}")
    default_storage.delete(folder)


def _keys(folder: str) -> list[str]:
    below, names = default_storage.listdir(folder)
    keys = [key for name in below for key in _keys(f"{folder}/{name}")]
    return keys + [f"{folder}/{name}" for name in names]

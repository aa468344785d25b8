"""Where a photo's files are in the storage, and how they go."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

ROOT = "photos"


def photo_folder(photo_id: uuid.UUID | str) -> str:
    """Return the key under which everything of a photo is kept."""
    return f"{ROOT}/{photo_id}"


def write(key: str, data: bytes) -> str:
    """Keep ``data`` under ``key``, whole or not at all, and return the key."""
    return default_storage.save(key, ContentFile(data))


def photo_folders() -> list[str]:
    """Return the ids that have a folder, whether or not a photo is left to it."""
    return folders(ROOT)


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

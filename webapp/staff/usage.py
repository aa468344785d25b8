"""how much space everything takes: measured by a task, kept in the cache, read by pages."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone

from webapp.common.queue import enqueue

_KEY = "dashboard.usage"
_ASKED = "dashboard.usage_asked"
_ASKED_SECONDS = 60
CATEGORIES = (
    "photos", "versions", "batches", "uploads", "exports", "models", "runs", "datasets", "database",
)  # fmt: skip
"""In the order in which they are shown; whatever else is found comes last, as ``other``."""


@dataclass(frozen=True, slots=True)
class StorageCategory:
    """The files of one kind."""

    name: str
    bytes: int
    files: int


@dataclass(frozen=True, slots=True)
class Usage:
    """What was found at one time."""

    measured: datetime
    categories: list[StorageCategory]

    @property
    def total(self) -> int:
        """Bytes altogether."""
        return sum(category.bytes for category in self.categories)

    @property
    def largest(self) -> int:
        """Bytes of the largest category; at least 1, to be a scale."""
        return max((category.bytes for category in self.categories), default=0) or 1


def last_usage() -> Usage | None:
    """Return what was measured last; asks a worker to measure where that was never done."""
    kept = cache.get(_KEY)
    if kept is not None:
        measured, categories = kept
        return Usage(
            datetime.fromisoformat(measured),
            [StorageCategory(*category) for category in categories],
        )
    if cache.add(_ASKED, 1, timeout=_ASKED_SECONDS):
        enqueue("dashboard.measure_usage")
    return None


def measure() -> Usage:
    """Measure, and keep what was found."""
    sizes: Counter[str] = Counter()
    files: Counter[str] = Counter()
    for category, size in _all_files():
        sizes[category] += size
        files[category] += 1
    names = [*CATEGORIES, *sorted(set(sizes) - set(CATEGORIES))]
    categories = [StorageCategory(name, sizes[name], files[name]) for name in names]
    usage = Usage(timezone.now(), categories)
    kept = [usage.measured.isoformat(), [astuple(category) for category in categories]]
    cache.set(_KEY, kept, timeout=None)
    return usage


def _all_files() -> Iterator[tuple[str, int]]:
    for key, size in _stored(default_storage):
        yield category_of(key), size
    folders = {
        "models": settings.MODEL_DIR,
        "runs": settings.RUN_DIR,
        "datasets": settings.DATASET_DIR,
    }
    for category, folder in folders.items():
        for _, size in _below(Path(folder)):
            yield category, size
    yield "database", _database_bytes()


def category_of(key: str) -> str:
    """Return the category that a file in the storage belongs to."""
    parts = key.split("/")
    if parts[0] == "photos" and len(parts) > 3 and parts[2] == "versions":
        return "versions"
    return parts[0] if parts[0] in CATEGORIES else "other"


def _stored(storage: Any) -> Iterator[tuple[str, int]]:
    """Every key of the storage with its size; a bucket is listed, a thousand keys a request."""
    if hasattr(storage, "bucket"):
        for entry in storage.bucket.objects.all():
            yield entry.key, entry.size
    else:
        yield from _below(Path(storage.location))


def _below(folder: Path) -> Iterator[tuple[str, int]]:
    """Every file below a folder with its size; what goes while we look is left out."""
    waiting = [folder]
    while waiting:
        try:
            entries = list(os.scandir(waiting.pop()))
        except (FileNotFoundError, NotADirectoryError):
            continue
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                waiting.append(Path(entry.path))
                continue
            try:
                size = entry.stat(follow_symlinks=False).st_size
            except FileNotFoundError:
                continue
            yield Path(entry.path).relative_to(folder).as_posix(), size


def _database_bytes() -> int:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_database_size(current_database())")
            return int(cursor.fetchone()[0])
    path = Path(connection.settings_dict["NAME"])
    beside = (path, path.with_name(f"{path.name}-wal"))
    return sum(one.stat().st_size for one in beside if one.exists())

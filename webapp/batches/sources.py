"""The workers' way to a photo's bytes: an entry of the batch's ZIP, or a photo of the library."""

from __future__ import annotations

import shutil
import tempfile
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage
from django.utils.translation import gettext

from colorizer.intake import too_many_bytes
from webapp.batches.archives import read_entry
from webapp.batches.models import Batch, BatchItem
from webapp.photos.models import Photo


class SourceGoneError(Exception):
    """A photo's bytes cannot be had; ``str()`` of it says why."""


class Sources:
    """The photos of one batch, for as long as its archive is open."""

    def __init__(self, archive: zipfile.ZipFile | None) -> None:
        self._archive = archive

    def read(self, item: BatchItem) -> bytes:
        """Return the file of a photo.

        Raises:
            SourceGoneError: it is damaged within the archive, or was deleted from the library.
            colorizer.intake.IntakeError: it is larger than a photo may be; nothing was read.
        """
        if self._archive is not None and item.entry is not None:
            if self._archive.infolist()[item.entry].file_size > settings.UPLOAD_MAX_BYTES:
                raise too_many_bytes(settings.UPLOAD_MAX_BYTES)
            try:
                return read_entry(self._archive, item.entry, settings.UPLOAD_MAX_BYTES)
            except zipfile.BadZipFile:
                raise SourceGoneError(gettext("The file is damaged within the ZIP.")) from None
        photo = Photo.objects.filter(pk=item.photo_id).first() if item.photo_id else None
        if photo is not None:
            try:
                with default_storage.open(photo.original) as file:
                    return bytes(file.read())
            except FileNotFoundError:
                pass  # deleted between these two lines
        raise SourceGoneError(gettext("The photo was deleted from your library meanwhile."))


@contextmanager
def sources_of(batch: Batch) -> Iterator[Sources]:
    """Open what a batch's photos are read from."""
    if not batch.archive:
        yield Sources(None)
        return
    with _local(batch.archive) as file, zipfile.ZipFile(file) as archive:
        yield Sources(archive)


_copy_lock = threading.Lock()
_copy: tuple[str, IO[bytes]] | None = None


@contextmanager
def _local(key: str) -> Iterator[IO[Any]]:
    """Open a stored file on this host: from an object store it is fetched once, not each time."""
    global _copy
    if isinstance(default_storage, FileSystemStorage):
        with default_storage.open(key) as file:
            yield file
        return
    with _copy_lock:
        if _copy is None or _copy[0] != key:
            if _copy is not None:
                _copy[1].close()
                _copy = None
            fetched = tempfile.TemporaryFile()  # noqa: SIM115  (kept for the next chunk)
            with default_storage.open(key) as stored:
                shutil.copyfileobj(stored, fetched)
            _copy = (key, fetched)
        yield _copy[1]

"""Photos as a ZIP, streamed: nothing is gathered first, on the disk or in memory."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Collection, Iterable, Iterator
from pathlib import PurePath
from typing import Literal
from uuid import UUID

from django.core.files.storage import default_storage
from django.core.handlers.asgi import ASGIRequest
from django.db.models import Prefetch
from django.http import HttpRequest, StreamingHttpResponse
from django.utils.translation import gettext
from zipstream import ZIP_STORED, ZipStream

from webapp.accounts.actor import Actor
from webapp.library.access import photos_of
from webapp.library.models import Photo
from webapp.studio.models import Version
from webapp.studio.versions import FORMATS, Format, image_key

What = Literal["coloured", "originals"]
_CHUNK = 256 * 1024
NOTE = "missing.txt"


def archive_of(actor: Actor, *, ids: Collection[UUID], what: What, kind: str) -> ZipStream:
    """Return a ZIP of photos, made while it is read.

    Args:
        actor: whose photos.
        ids: which photos.
        what: each one's newest full-size result, or its original.
        kind: the format of the results: png, jpeg or webp.
    """
    versions = Version.objects.order_by("-created", "-id")
    photos = photos_of(actor).filter(pk__in=ids).order_by("created", "id")
    photos = photos.prefetch_related(Prefetch("versions", queryset=versions, to_attr="finished"))
    # Pictures are compressed already.
    archive = ZipStream(compress_type=ZIP_STORED)
    names, missing = set[str](), list[str]()
    for photo in photos:
        if what == "originals":
            archive.add(_original(photo), _name(photo, "png", names))
        elif photo.finished:
            chosen = FORMATS[kind]
            name = _name(photo, chosen.extension, names)
            archive.add(_result(photo.finished[0], chosen), name)
        else:
            missing.append(photo.title or str(photo.pk))
    if missing:
        note = gettext("These photos have no full-size result yet:")
        archive.add("\n".join([note, *missing, ""]), NOTE)
    return archive


def send_archive(request: HttpRequest, archive: ZipStream, *, name: str) -> StreamingHttpResponse:
    """Send a ZIP while it is made, the way the running server wants it."""
    pieces = _later(archive) if isinstance(request, ASGIRequest) else iter(archive)
    response = StreamingHttpResponse(pieces, content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


async def _later(pieces: Iterable[bytes]) -> AsyncIterator[bytes]:
    """Yield what a slow iterator yields, waiting for each in a thread."""
    source = iter(pieces)
    end = object()
    while (piece := await asyncio.to_thread(next, source, end)) is not end:
        yield piece  # type: ignore[misc]  # mypy cannot tell the sentinel
    if hasattr(source, "close"):
        source.close()


def _original(photo: Photo) -> Iterator[bytes]:
    yield from _read(photo.original)


def _result(version: Version, chosen: Format) -> Iterator[bytes]:
    """Read a result when its turn comes; one that was deleted since is an empty file."""
    with contextlib.suppress(FileNotFoundError):
        yield from _read(image_key(version, chosen))


def _read(key: str) -> Iterator[bytes]:
    with contextlib.suppress(FileNotFoundError), default_storage.open(key) as file:
        while piece := file.read(_CHUNK):
            yield piece


def _name(photo: Photo, extension: str, taken: set[str]) -> str:
    """Return a file name from the title that nothing else in the ZIP has."""
    title = PurePath(photo.title.replace("/", "-").replace("\\", "-")).name or "photo"
    stem = title.strip(". ")[:100] or "photo"
    name, number = f"{stem}.{extension}", 2
    while name.lower() in taken:
        name, number = f"{stem} ({number}).{extension}", number + 1
    taken.add(name.lower())
    return name

"""Photos as a ZIP that is made while it is sent."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import Literal
from uuid import UUID

from django.db.models import Prefetch
from django.utils.translation import gettext
from zipstream import ZipStream

from colorizer.filenames import unique
from colorizer.output import FORMATS, FormatName
from webapp.accounts.actor import Actor
from webapp.common.archives import file_stem, new_archive, stored_pieces
from webapp.photos.access import photos_of
from webapp.photos.files import extension_of
from webapp.photos.models import Photo
from webapp.studio.models import Version
from webapp.studio.versions import ExportOptions, result_file

What = Literal["coloured", "originals"]
NOTE = "missing.txt"


def archive_of(
    actor: Actor, *, ids: Collection[UUID], what: What, options: ExportOptions
) -> ZipStream:
    """Return a ZIP of photos, made while it is read.

    Args:
        actor: whose photos.
        ids: which photos.
        what: each one's newest full-size result, or its original.
        options: what the results are saved as; PNG for those that the format cannot hold.
    """
    versions = Version.objects.order_by("-created", "-id")
    photos = photos_of(actor).filter(pk__in=ids).order_by("created", "id")
    photos = photos.select_related("owner").prefetch_related(
        Prefetch("versions", queryset=versions, to_attr="finished")
    )
    files, missing = list[tuple[str, Iterator[bytes]]](), list[str]()
    for photo in photos:
        if what == "originals":
            files.append((_name(photo, extension_of(photo)), stored_pieces(photo.original)))
        elif photo.finished:
            version = photo.finished[0]
            holds = _holds(options.format, version)
            chosen = options if holds else replace(options, format="png")
            name = _name(photo, FORMATS[chosen.format].extension)
            files.append((name, _result(version, chosen)))
        else:
            missing.append(photo.title or str(photo.pk))
    archive = new_archive()
    for name, (_, pieces) in zip(unique(name for name, _ in files), files, strict=True):
        archive.add(pieces, name)
    if missing:
        note = gettext("These photos have no full-size result yet:")
        archive.add("\n".join([note, *missing, ""]), NOTE)
    return archive


def _result(version: Version, options: ExportOptions) -> Iterator[bytes]:
    """Yield a result when its turn comes; one that was deleted since is empty."""
    with contextlib.suppress(FileNotFoundError):
        file = result_file(version, options)
        yield from stored_pieces(file.key) if file.key else file.pieces


def _holds(name: FormatName, version: Version) -> bool:
    return max(version.width, version.height) <= FORMATS[name].max_side


def _name(photo: Photo, extension: str) -> str:
    return f"{file_stem(photo.title, 'photo')}.{extension}"

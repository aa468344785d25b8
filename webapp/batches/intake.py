"""What a batch is made of: the photos of a ZIP or of the library, with their hints and shapes."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext

from webapp.batches import archives, hintfiles
from webapp.batches.models import Batch, BatchItem
from webapp.batches.names import outputs, shown, unique
from webapp.batches.refusal import BatchRefused
from webapp.batches.shapes import HEADER_BYTES, Measured, measure, shape_of
from webapp.library.models import Photo
from webapp.studio.models import Hints
from webapp.studio.versions import FORMATS


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A photo that is to be coloured, before it has a row."""

    name: str
    entry: int | None = None
    photo: Photo | None = None
    hints: dict[str, Any] | None = None
    measured: Measured


def drafts_from_archive(file: IO[bytes], *, hints: Batch.Hints) -> list[Draft]:
    """Return the photos of a ZIP in the order of their paths; nothing is unpacked.

    Everything but hints is a photo here: what turns out to be none fails by name later.

    Raises:
        BatchRefused: the ZIP holds something that is not taken, or no photo, or its hints are not
            for its photos.
    """
    if not archives.is_zip(file):
        message = gettext("This is no ZIP. Choose a ZIP archive, or a folder, or photos you have.")
        raise BatchRefused(415, "not_a_zip", message)
    with archives.open_archive(file) as archive:
        entries = archives.list_entries(archive)
        notes = [one for one in entries if hintfiles.is_hint_file(one.path)]
        photos = sorted((one for one in entries if one not in notes), key=lambda one: one.path)
        if not photos:
            message = gettext("There is no photo in the ZIP.")
            raise BatchRefused(422, "no_photos", message)
        found = {}
        if hints == Batch.Hints.FILES:
            found = _hints_in(archive, [one.path for one in photos], notes)
        return [
            Draft(
                name=name,
                entry=one.index,
                hints=found.get(one.path),
                measured=measure(_head(archive, one.index)),
            )
            for name, one in zip(unique(one.path for one in photos), photos, strict=True)
        ]


def drafts_from_photos(photos: Sequence[Photo], *, hints: Batch.Hints) -> list[Draft]:
    """Return photos of the library; "hints from files" are those that the studio has of them.

    Raises:
        BatchRefused: there are too many.
    """
    if len(photos) > settings.BATCH_MAX_FILES:
        raise archives.too_many_files(len(photos))
    own = {}
    if hints == Batch.Hints.FILES:
        own = dict(Hints.objects.filter(photo__in=photos).values_list("pk", "data"))
    names = unique(f"{_file_name(photo)}.png" for photo in photos)
    return [
        Draft(
            name=name,
            photo=photo,
            hints=own.get(photo.pk),
            measured=shape_of(photo.width, photo.height),
        )
        for name, photo in zip(names, photos, strict=True)
    ]


def rows_of(batch: Batch, drafts: Iterable[Draft]) -> list[BatchItem]:
    """Return the rows of a batch's photos, not yet saved."""
    drafts = list(drafts)
    results = outputs((draft.name for draft in drafts), FORMATS[batch.format].extension)
    return [
        BatchItem(
            batch=batch,
            number=number,
            name=draft.name,
            output=output,
            entry=draft.entry,
            photo=draft.photo,
            hints=draft.hints,
            shape=draft.measured.shape,
            pixels=draft.measured.pixels,
        )
        for number, (draft, output) in enumerate(zip(drafts, results, strict=True), 1)
    ]


def _hints_in(
    archive: zipfile.ZipFile, photos: list[str], notes: list[archives.Entry]
) -> dict[str, Any]:
    places = {one.path: one for one in notes}

    def read(path: str) -> bytes:
        try:
            return archives.read_entry(archive, places[path].index, hintfiles.MAX_BYTES + 1)
        except zipfile.BadZipFile:
            message = gettext("“%(name)s” is damaged within the ZIP.")
            raise BatchRefused(400, "damaged_archive", message % {"name": shown(path)}) from None

    return hintfiles.match_hints(photos, places, read)


def _head(archive: zipfile.ZipFile, index: int) -> bytes:
    try:
        return archives.read_entry(archive, index, HEADER_BYTES)
    except zipfile.BadZipFile:  # the worker meets it again and fails the photo by name
        return b""


def _file_name(photo: Photo) -> str:
    return photo.title.replace("/", "-").replace("\\", "-").strip(" .") or "photo"

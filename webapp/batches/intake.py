"""What a batch is made of: the photos of a ZIP or of the library, with their hints and shapes."""

from __future__ import annotations

import math
import time
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import IO

from django.conf import settings
from django.db.models import JSONField, TextField, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext

from colorizer import hintfiles
from colorizer.filenames import page_names, result_names, unique
from colorizer.hintfiles import HintFileError, shown
from colorizer.intake import (
    HEAD_BYTES,
    MIB,
    PDF_BEGINNING,
    IntakeError,
    Limits,
    count_pages,
)
from colorizer.intake.hints import match_hints
from colorizer.output import FORMATS
from webapp.batches import archives
from webapp.batches.errors import InvalidBatchError
from webapp.batches.models import Batch, BatchItem
from webapp.batches.shapes import Measured, measure, shape_of
from webapp.common.archives import file_stem
from webapp.photos.models import Photo
from webapp.photos.services import upload_limits
from webapp.studio.models import Hints


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A photo that is to be coloured, before it has a row."""

    name: str
    raw_name: bytes = b""
    entry: int | None = None
    page: int = 1
    photo: Photo | None = None
    hints: str | None = None  # as JSON
    measured: Measured


def drafts_from_archive(file: IO[bytes], *, hints: Batch.Hints) -> list[Draft]:
    """Return the photos of a ZIP in the order of their paths; nothing is unpacked.

    Everything but hints is a photo here: what turns out to be none fails by name later.

    Raises:
        InvalidBatchError: the ZIP holds something that is not taken, or no photo, or its hints are
            not for its photos.
    """
    if not archives.is_zip(file):
        message = gettext("This is no ZIP. Choose a ZIP archive, or a folder, or photos you have.")
        raise InvalidBatchError(415, "not_a_zip", message)
    with archives.open_archive(file) as archive:
        entries = archives.list_entries(archive)
        notes = [one for one in entries if hintfiles.is_hint_file(one.path)]
        photos = sorted((one for one in entries if one not in notes), key=lambda one: one.path)
        if not photos:
            message = gettext("There is no photo in the ZIP.")
            raise InvalidBatchError(422, "no_photos", message)
        pages = _pages_in(archive, photos)
        found = {}
        if hints == Batch.Hints.FILES:
            found = _hints_in(archive, [path for path, _, _ in pages], notes)
        names = unique(path for path, _, _ in pages)
        shapes = measure(_head(archive, one.index) for _, one, _ in pages)
        return [
            Draft(
                name=name,
                raw_name=one.raw_name,
                entry=one.index,
                page=page,
                hints=found.get(path),
                measured=measured,
            )
            for name, (path, one, page), measured in zip(names, pages, shapes, strict=True)
        ]


def _pages_in(
    archive: zipfile.ZipFile, entries: Sequence[archives.Entry]
) -> list[tuple[str, archives.Entry, int]]:
    """Return the photos of a ZIP's files by path, each page of a PDF as one of its own."""
    counts, limits = [], upload_limits()
    until = time.monotonic() + limits.seconds  # for all of them: nobody else's files wait longer
    for one in entries:
        if time.monotonic() > until:
            message = gettext("Counting the pages of the PDF files takes too long. Divide the ZIP.")
            raise InvalidBatchError(422, "too_slow", message)
        counts.append(_count_pages(archive, one, limits))
    if sum(counts) > settings.BATCH_MAX_FILES:
        raise archives.too_many_files(sum(counts))
    return [
        (path, one, page)
        for one, count in zip(entries, counts, strict=True)
        for page, path in enumerate(page_names(one.path, count), start=1)
    ]


def _count_pages(archive: zipfile.ZipFile, entry: archives.Entry, limits: Limits) -> int:
    """Return how many pages a file has; one that cannot be read is a photo that fails by name."""
    try:
        begins = archives.read_entry(archive, entry.index, len(PDF_BEGINNING))
        if begins != PDF_BEGINNING or entry.size > limits.max_bytes:
            return 1
        data = archives.read_entry(archive, entry.index, entry.size)
        return count_pages(data, limits)
    except (zipfile.BadZipFile, IntakeError):
        return 1


def drafts_from_photos(photos: Sequence[Photo], *, hints: Batch.Hints) -> list[Draft]:
    """Return photos of the library; "hints from files" are those that the studio has of them.

    Raises:
        InvalidBatchError: there are too many.
    """
    if len(photos) > settings.BATCH_MAX_FILES:
        raise archives.too_many_files(len(photos))
    own = {}
    if hints == Batch.Hints.FILES:
        saved = Hints.objects.filter(photo__in=photos)
        own = dict(saved.values_list("pk", Cast("data", TextField())))
    names = unique(f"{file_stem(photo.title, 'photo')}.png" for photo in photos)
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
    results = result_names((draft.name for draft in drafts), FORMATS[batch.format].extension)
    return [
        BatchItem(
            batch=batch,
            number=number,
            name=draft.name,
            raw_name=draft.raw_name,
            output=output,
            entry=draft.entry,
            page=draft.page,
            photo=draft.photo,
            hints=None if draft.hints is None else Cast(Value(draft.hints), JSONField()),
            shape=draft.measured.shape,
            pixels=draft.measured.pixels,
        )
        for number, (draft, output) in enumerate(zip(drafts, results, strict=True), 1)
    ]


def _hints_in(
    archive: zipfile.ZipFile, photos: list[str], notes: list[archives.Entry]
) -> dict[str, str]:
    _check_hint_bytes(sum(one.size for one in notes))
    files = {}
    for one in notes:
        try:
            files[one.path] = archives.read_entry(archive, one.index, one.size)
        except zipfile.BadZipFile:
            message = gettext("“%(name)s” is damaged within the ZIP.")
            raise InvalidBatchError(
                400, "damaged_archive", message % {"name": shown(one.path)}
            ) from None
    try:
        return match_hints(photos, files)
    except HintFileError as error:
        raise InvalidBatchError(422, error.code, error.translated(gettext)) from None


def _check_hint_bytes(size: int) -> None:
    """See that all files of hints together can be read at once."""
    limit = settings.BATCH_MAX_HINT_BYTES
    if size > limit:
        message = gettext(
            "The hints for one batch have %(size)d MB. The limit is %(limit)d MB; please divide it."
        )
        values = {"size": math.ceil(size / MIB), "limit": limit // MIB}
        raise InvalidBatchError(413, "too_many_hints", message % values)


def _head(archive: zipfile.ZipFile, index: int) -> bytes:
    try:
        return archives.read_entry(archive, index, HEAD_BYTES)
    except zipfile.BadZipFile:  # the worker meets it again and fails the photo by name
        return b""

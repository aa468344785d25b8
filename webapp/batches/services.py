"""What can be done with batches: make, pause, resume, cancel, retry, delete, and clear away."""

from __future__ import annotations

import math
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import PurePath
from typing import Any

import structlog
from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import get_language, gettext

from colorizer.hints import HintError
from colorizer.intake import too_many_bytes
from colorizer.metadata.fields import Carry
from training.leases import database_now
from training.models import ModelVersion
from webapp.accounts.actor import Actor
from webapp.accounts.models import User
from webapp.accounts.quota import TooMuchInWorkError, check_jobs, check_quota
from webapp.audit.models import Entry
from webapp.audit.services import record
from webapp.batches import files
from webapp.batches.access import BatchNotFoundError
from webapp.batches.errors import BatchStatusError, InvalidBatchError
from webapp.batches.events import publish_on_commit, publish_removal_on_commit
from webapp.batches.intake import Draft, drafts_from_archive, drafts_from_photos, rows_of
from webapp.batches.leases import lock_batch, send_to_workers
from webapp.batches.models import NAME_LENGTH, Batch, BatchItem
from webapp.batches.palette import Palette
from webapp.batches.selectors import hints_like
from webapp.common.storage import delete_folder, sweep
from webapp.photos.access import photos_of
from webapp.photos.services import clean_title
from webapp.studio.references import check_colors_of
from webapp.uploads.access import access_upload
from webapp.uploads.pieces import opened
from webapp.uploads.services import UploadConflictError, claim, release

log = structlog.get_logger(__name__)

Status = Batch.Status


@dataclass(frozen=True, kw_only=True)
class BatchOptions:
    """How a batch is to be coloured and saved.

    Without a model, by whichever is live; without ``metadata``, as the owner prefers. With
    ``keep_photos`` a ZIP's photos are put into the gallery, too. ``mark`` is written on results.
    ``strength``, of the references' colours, is from 0 to 1.
    """

    name: str = ""
    model_version: ModelVersion | None = None
    format: Batch.Format = Batch.Format.PNG
    quality: int = 95
    metadata: Carry | None = None
    mark: Batch.Mark = Batch.Mark.NONE
    keep_photos: bool = False
    hints: Batch.Hints = Batch.Hints.NONE
    palette: Palette | None = None
    references: Sequence[uuid.UUID] = ()
    strength: float = 1.0


def make_batch_of_upload(*, owner: User, upload_id: uuid.UUID, options: BatchOptions) -> Batch:
    """Make a batch of an uploaded ZIP, which is the batch's from then on.

    Raises:
        webapp.uploads.access.UploadNotFoundError: there is no such upload, or it was used already.
        UploadConflictError: it is not complete.
        colorizer.intake.IntakeError: it is larger than a batch may be.
        InvalidBatchError: what is in it makes no batch; the upload stays as it is.
        webapp.accounts.quota.QuotaExceededError: that would be more than a user may keep, or ask
            for in a day.
        webapp.accounts.quota.TooMuchInWorkError: the user has too many batches in work.
    """
    actor = Actor(user=owner)
    upload = access_upload(actor, upload_id)
    if not upload.complete:
        raise UploadConflictError(gettext("The upload is not complete."))
    if upload.size > settings.BATCH_MAX_BYTES:
        raise too_many_bytes(settings.BATCH_MAX_BYTES)
    batch = _new(owner, options, name=options.name or PurePath(upload.name).stem)
    try:
        with opened(upload) as file:
            drafts = drafts_from_archive(file, hints=options.hints)
            file.seek(0)
            batch.archive = default_storage.save(files.archive_key(batch.pk), File(file))
        batch.bytes = upload.size
        with transaction.atomic():
            claimed = claim(actor=actor, upload_id=upload_id)
            _save(batch, drafts)
            release(upload=claimed)
    except BaseException:
        delete_folder(files.batch_folder(batch.pk))
        raise
    return batch


def make_batch_of_photos(
    *, owner: User, photo_ids: Sequence[uuid.UUID], options: BatchOptions
) -> Batch:
    """Make a batch of photos of the library, in the order given.

    Raises:
        InvalidBatchError: one of them is not there, or not the owner's.
        webapp.accounts.quota.QuotaExceededError: that would be more than a user may ask for in a
            day.
        webapp.accounts.quota.TooMuchInWorkError: the user has too many batches in work.
    """
    requested = list(dict.fromkeys(photo_ids))
    found = photos_of(Actor(user=owner)).in_bulk(requested)
    if not requested or len(found) < len(requested):
        message = gettext("Some of the chosen photos are not there any more. Choose again.")
        raise InvalidBatchError(422, "photos_missing", message)
    drafts = drafts_from_photos([found[pk] for pk in requested], hints=options.hints)
    batch = _new(owner, options, name=options.name)
    with transaction.atomic():
        _save(batch, drafts)
    return batch


def pause_batch(*, batch: Batch) -> Batch:
    """Begin nothing more of a batch; what is being worked on is finished.

    Raises:
        BatchStatusError: it has ended, or is paused.
        BatchNotFoundError: it was deleted meanwhile.
    """
    with transaction.atomic():
        locked = _locked(batch, Batch.WORKING)
        locked.status = Status.PAUSED
        _changed(locked)
    return locked


def resume_batch(*, batch: Batch) -> Batch:
    """Go on with a paused batch.

    Raises:
        BatchStatusError: it is not paused.
        BatchNotFoundError: it was deleted meanwhile.
    """
    with transaction.atomic():
        locked = _locked(batch, (Status.PAUSED,))
        _start(locked)
    return locked


def cancel_batch(*, batch: Batch) -> Batch:
    """End a batch; results so far stay, those in the making are dropped.

    Raises:
        BatchStatusError: it has ended.
        BatchNotFoundError: it was deleted meanwhile.
    """
    with transaction.atomic():
        locked = _locked(batch, Batch.ALIVE)
        now = database_now()
        locked.items.filter(status__in=BatchItem.ALIVE).update(
            status=BatchItem.Status.CANCELLED, chunk=None, lease_until=None, finished=now
        )
        locked.status, locked.finished = Status.CANCELLED, now
        _changed(locked)
    return locked


def retry_batch(*, batch: Batch) -> Batch:
    """Have another try at what failed, and, in a cancelled batch, at what was cancelled.

    Raises:
        BatchStatusError: there is nothing to try again.
        webapp.accounts.quota.TooMuchInWorkError: the user has too many batches in work.
        BatchNotFoundError: it was deleted meanwhile.
    """
    with transaction.atomic():
        locked = _locked(batch, tuple(Status))
        again = locked.items.filter(
            status__in=[BatchItem.Status.FAILED, BatchItem.Status.CANCELLED]
        ).update(
            status=BatchItem.Status.QUEUED, error="", attempt=0, model_version=None, finished=None
        )
        if not again:
            raise BatchStatusError(gettext("Nothing of this batch has failed."))
        locked.failed, locked.finished = 0, None
        if locked.status in Batch.ALIVE:
            _changed(locked)
        else:
            _check_in_work(locked.owner)
            _start(locked)
    return locked


def delete_batch(*, batch: Batch, actor: User | None) -> None:
    """Delete a batch with its photos' rows and all its files, for good."""
    with transaction.atomic():
        detail = f"{batch.total} photos, {batch.status}"
        record(actor=actor, action=Entry.Action.BATCH_DELETED, subject=str(batch.pk), detail=detail)
        _delete(batch)


def delete_batches_of(*, user: User) -> int:
    """Delete all batches of a user, as when the account goes; return how many."""
    batches = list(Batch.objects.filter(owner=user))
    for batch in batches:
        with transaction.atomic():
            _delete(batch)
    return len(batches)


def purge_batches() -> int:
    """Delete batches that have been kept long enough, and files that no batch owns.

    Returns:
        How many batches were deleted.
    """
    expired = list(_expired())
    for batch in expired:
        delete_batch(batch=batch, actor=None)
    orphans = sweep(files.ROOT, Batch.objects.all())
    if expired or orphans:
        log.info("batches_purged", batches=len(expired), orphans=orphans)
    return len(expired)


def _new(owner: User, options: BatchOptions, *, name: str) -> Batch:
    if (options.hints == Batch.Hints.PALETTE) != (options.palette is not None):
        message = gettext("A palette goes with hints by palette, and only with them.")
        raise InvalidBatchError(422, "palette", message)
    references = checked_references(owner, options.references)
    if (options.hints == Batch.Hints.REFERENCES) != bool(references):
        message = gettext("Photos to take colours from go with hints by references, and only then.")
        raise InvalidBatchError(422, "references", message)
    return Batch(
        owner=owner,
        name=clean_title(name)[:NAME_LENGTH] or gettext("Batch"),
        language=get_language() or settings.LANGUAGE_CODE,
        model_version=options.model_version,
        format=options.format,
        quality=options.quality,
        metadata=options.metadata or owner.default_metadata,
        mark=options.mark,
        keep_photos=options.keep_photos,
        hints=options.hints,
        palette=options.palette.to_json() if options.palette else None,
        references=references,
        strength=options.strength,
    )


def checked_references(owner: User, references: Sequence[uuid.UUID]) -> list[str]:
    """Return the ids of photos whose colours a batch is to take.

    Raises:
        InvalidBatchError: they are too many, or one is not there or has no colours.
    """
    ids = list(dict.fromkeys(str(one) for one in references))
    try:
        hints_like(ids)
        check_colors_of(actor=Actor(user=owner), ids=ids)
    except HintError as error:
        raise InvalidBatchError(422, "references", str(error)) from None
    return ids


def _save(batch: Batch, drafts: Sequence[Draft]) -> None:
    """Save a new batch with its photos' rows and send it to workers; within a transaction."""
    actor = Actor(user=batch.owner)
    check_quota(actor, photos=0, size=batch.bytes)
    check_jobs(actor, jobs=len(drafts))
    _check_in_work(batch.owner)
    batch.total = len(drafts)
    batch.save(force_insert=True)
    BatchItem.objects.bulk_create(rows_of(batch, drafts), batch_size=500)
    _start(batch)
    log.info("batch_made", batch=str(batch.pk), photos=batch.total, hints=batch.hints)


def _check_in_work(owner: User) -> None:
    """See that no user has more batches in work than may be."""
    limit = settings.BATCHES_IN_WORK_PER_USER
    if Batch.objects.filter(owner=owner, status__in=Batch.ALIVE).count() >= limit:
        message = gettext("%(limit)d batches are in work, which is the limit. Let one end first.")
        raise TooMuchInWorkError("too_many_batches", message % {"limit": limit})


def _locked(batch: Batch, allowed: Sequence[str]) -> Batch:
    locked = lock_batch(batch.pk)
    if locked is None:
        raise BatchNotFoundError
    if locked.status not in allowed:
        raise BatchStatusError(gettext("The batch has gone on meanwhile. Look where it stands."))
    return locked


def _start(batch: Batch) -> None:
    batch.status = Status.QUEUED
    chunks = math.ceil(batch.left / settings.BATCH_CHUNK_PHOTOS)
    send_to_workers(batch, chunks=min(chunks, settings.BATCH_PARALLEL_CHUNKS))
    _changed(batch)


def _changed(batch: Batch) -> None:
    batch.seq += 1
    batch.save()
    publish_on_commit(batch)


def _delete(batch: Batch) -> None:
    publish_removal_on_commit(batch.pk)
    lock_batch(batch.pk)  # before its photos, as its workers do
    Batch.objects.filter(pk=batch.pk).delete()
    transaction.on_commit(partial(delete_folder, files.batch_folder(batch.pk)))


def _expired() -> QuerySet[Batch, Any]:
    oldest = timezone.now() - timedelta(days=settings.BATCH_RETENTION_DAYS)
    kept_since = Coalesce("finished", "created")
    still = Batch.objects.exclude(status__in=Batch.WORKING)
    return still.annotate(kept_since=kept_since).filter(kept_since__lt=oldest)

"""What the studio does: keep hints, and store what workers made."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Exists, F, JSONField, OuterRef, Value
from django.db.models.functions import Cast
from django.utils import timezone
from pydantic_core import to_json

from colorizer.hints import HintSet
from training.leases import database_now
from training.models import ModelVersion
from webapp.photos.access import PhotoNotFoundError
from webapp.photos.events import publish_on_commit
from webapp.photos.models import Photo
from webapp.studio.history import add_to_tree, json_bytes, keep_session, notice_return
from webapp.studio.leases import (
    finish,
    lock_photo,
    start_waiting,
)
from webapp.studio.models import Chroma, Hints, Job, ModelChoice, Version
from webapp.studio.references import check_references
from webapp.studio.requests import ask_for_chroma, request_colorization
from webapp.studio.selectors import hints_of, job_state

log = structlog.get_logger(__name__)

MAX_REVISION_STEP = 1_000_000
"""Each change counts one; a revision near the end of what can be counted would lock the photo."""
JOB_RETENTION = timedelta(days=1)


class StaleRevisionError(Exception):
    """Not the next revision: the same or a higher one is saved, or it is far beyond ``stored``."""

    def __init__(self, stored: int) -> None:
        super().__init__(f"revision {stored} is saved already")
        self.stored = stored


def save_hints(*, photo: Photo, hint_set: HintSet, revision: int, sender: str = "") -> Job:
    """Keep a photo's newest hint set and ask for a colouring with it; the newest wins.

    Args:
        photo: whose hints.
        hint_set: all of them.
        revision: higher than that of any hint set saved before, by ``MAX_REVISION_STEP`` at most.
        sender: the websocket channel that sent them, which need not be told.

    Returns:
        The job that will colour the photo with these hints or newer ones.

    Raises:
        StaleRevisionError: newer hints are saved already, or the revision is far beyond the newest.
        PhotoNotFoundError: the photo was deleted meanwhile.
        colorizer.hints.HintError: a new reference is not there, or has no colours.
        training.registry.versions.NoLiveModelError: there is no model to colour with.
    """
    # Written out before the transaction: SQLite has one writer, and the largest set takes a while.
    text = to_json(hint_set.to_json()).decode()
    with transaction.atomic():
        return _save_hints(photo, hint_set, text, revision, sender)


def _save_hints(photo: Photo, hint_set: HintSet, text: str, revision: int, sender: str) -> Job:
    if not lock_photo(photo.pk):
        raise PhotoNotFoundError
    rows = Hints.objects.filter(pk=photo.pk)
    stored = rows.values_list("revision", flat=True).first() or 0
    if not stored < revision <= stored + MAX_REVISION_STEP:
        raise StaleRevisionError(stored)
    if hint_set.references:  # the saved set may be large, and is read for this alone
        _, before = hints_of(photo)
        added = set(hint_set.references) - set(before.get("references", []))
        check_references(photo=photo, ids=added)
    now = timezone.now()
    keep_session(photo=photo, now=now)
    notice_return(photo=photo, text=text, revision=revision)
    fields = {
        "revision": revision,
        "data": Cast(Value(text), JSONField()),
        "bytes": len(text.encode()),
        "updated": now,
    }
    if not Hints.objects.filter(photo=photo).update(**fields):
        Hints.objects.create(photo=photo, **fields)
    # Other windows get these hints before they hear of a job at this revision, which would tell
    # them that their own hints with this number are saved.
    publish_on_commit(photo.pk, "hints", sender=sender)
    (job,) = ask_for_chroma({photo: revision})
    return job


@transaction.atomic
def choose_model(*, photo: Photo, model_version: ModelVersion | None) -> Job:
    """Have a photo coloured with another model, from now on and at once.

    Args:
        photo: which.
        model_version: a usable one; None for the owner's preference, or the live one.

    Raises:
        PhotoNotFoundError: the photo was deleted meanwhile.
        training.registry.versions.NoLiveModelError: there is no model to colour with.
    """
    if not lock_photo(photo.pk):
        raise PhotoNotFoundError
    if model_version is None:
        ModelChoice.objects.filter(photo=photo).delete()
    else:
        ModelChoice.objects.update_or_create(photo=photo, defaults={"model_version": model_version})
    return request_colorization(photo=photo)


@transaction.atomic
def cancel_job(*, job: Job) -> Job:
    """End a job that waits or runs; its worker's result is dropped. A finished one stays as it is.

    Returns:
        The job as it is now.
    """
    lock_photo(job.photo_id)
    ended = Job.objects.filter(pk=job.pk, status__in=Job.ALIVE).update(
        status=Job.Status.CANCELLED,
        seq=F("seq") + 1,
        lease_until=None,
        finished=database_now(),
    )
    job.refresh_from_db()
    if ended:
        publish_on_commit(job.photo_id, "job", job=job_state(job))
        start_waiting(job)
    return job


@transaction.atomic
def store_chroma(*, job: Job, data: bytes, width: int, height: int, seconds: float) -> bool:
    """End a chroma job with its result; nothing is written if the job is no longer this worker's.

    Args:
        job: as it was claimed.
        data: the chroma map as :func:`webapp.studio.chroma.pack` packs it.
        width: of the map, in its own pixels.
        height: of the map, in its own pixels.
        seconds: what the network itself took.

    Returns:
        Whether it was this worker's to end.
    """
    if not finish(job=job, status=Job.Status.DONE, made="chroma"):
        return False
    fields = {
        "revision": job.revision,
        "job": job,
        "model_version": job.model_version,
        "width": width,
        "height": height,
        "data": data,
        "seconds": seconds,
    }
    stored = Chroma.objects.filter(pk=job.photo_id)
    if not stored.filter(revision__lte=job.revision).update(**fields) and not stored.exists():
        Chroma.objects.create(photo_id=job.photo_id, **fields)
    return True


def prune_jobs(*, now: datetime) -> int:
    """Delete the rows of chroma jobs that ended a day ago and show nowhere: each stroke leaves one.

    Returns:
        How many rows.
    """
    old = Job.objects.filter(kind=Job.Kind.CHROMA, finished__lt=now - JOB_RETENTION)
    shown = Chroma.objects.filter(job=OuterRef("pk"))
    return old.exclude(Exists(shown)).delete()[0]


def store_version(*, job: Job, image: str) -> Version | None:
    """End a render job with its result, which stands in the storage already.

    Args:
        job: as it was claimed; the version takes its id, so that a second attempt at the same job
            writes the same file.
        image: the storage key of the PNG.

    Returns:
        The version, or None if the job was no longer this worker's to end.
    """
    with transaction.atomic():
        if finish(job=job, status=Job.Status.DONE, made="version"):
            Job.objects.filter(pk=job.pk).update(hints=None)  # the version has them now
            version = Version.objects.create(
                id=job.pk,
                photo_id=job.photo_id,
                job=job,
                revision=job.revision,
                hints=job.hints,
                hints_bytes=json_bytes(job.hints),
                model_version=job.model_version,
                image=image,
                bytes=default_storage.size(image),
                width=job.photo.width,
                height=job.photo.height,
            )
            add_to_tree(version=version)
            return version
    if not Job.objects.filter(pk=job.pk).exists():  # the photo was deleted while we rendered
        default_storage.delete(image)
    return None

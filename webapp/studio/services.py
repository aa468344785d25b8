"""What the studio does: keep hints, ask for colourings, and store what workers made."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

import structlog
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from colorizer.hints import HintSet
from training.models import ModelVersion
from webapp.accounts.actor import Actor
from webapp.library.access import PhotoNotFound
from webapp.library.models import Photo
from webapp.library.quota import check_jobs
from webapp.library.thumbnails import version_thumbnail_key
from webapp.realtime.events import publish_on_commit
from webapp.studio.leases import finish, lock_photo, send_to_worker, start_waiting
from webapp.studio.models import Chroma, Hints, Job, Version
from webapp.studio.selectors import hints_of, job_state, model_for
from webapp.studio.versions import image_keys

log = structlog.get_logger(__name__)

JOBS_KEPT = timedelta(days=1)


class StaleRevision(Exception):
    """Hints with this revision or a higher one are saved already: ``stored`` is the newest."""

    def __init__(self, stored: int) -> None:
        super().__init__(f"revision {stored} is saved already")
        self.stored = stored


@transaction.atomic
def save_hints(*, photo: Photo, hint_set: HintSet, revision: int, sender: str = "") -> Job:
    """Keep a photo's newest hint set and ask for a colouring with it; the newest wins.

    Args:
        photo: whose hints.
        hint_set: all of them.
        revision: higher than that of any hint set saved before.
        sender: the websocket channel that sent them, which need not be told.

    Returns:
        The job that will colour the photo with these hints or newer ones.

    Raises:
        StaleRevision: newer hints are saved already.
        PhotoNotFound: the photo was deleted meanwhile.
        training.registry.NoLiveModel: there is no model to colour with.
    """
    if not lock_photo(photo.pk):
        raise PhotoNotFound
    fields = {"revision": revision, "data": hint_set.to_json(), "updated": timezone.now()}
    if not Hints.objects.filter(photo=photo, revision__lt=revision).update(**fields):
        stored, _ = hints_of(photo)
        if revision <= stored:
            raise StaleRevision(stored)
        Hints.objects.create(photo=photo, **fields)
    # Other windows get these hints before they hear of a job at this revision, which would tell
    # them that their own hints with this number are saved.
    publish_on_commit(photo.pk, "hints", sender=sender)
    return _ask_for_chroma(photo, revision, model_for(photo))


@transaction.atomic
def request_colorization(*, photo: Photo) -> Job:
    """Ask for a photo's chroma map with its newest hints and its owner's model.

    Returns:
        The job that makes it, which may be running or done already.

    Raises:
        PhotoNotFound: the photo was deleted meanwhile.
        training.registry.NoLiveModel: there is no model to colour with.
    """
    if not lock_photo(photo.pk):
        raise PhotoNotFound
    revision, _ = hints_of(photo)
    model = model_for(photo)
    fresh = photo.jobs.filter(
        kind=Job.Kind.CHROMA,
        revision=revision,
        model_version=model,
        status__in=[Job.Status.RUNNING, Job.Status.DONE],
    ).first()
    return fresh or _ask_for_chroma(photo, revision, model)


def _ask_for_chroma(photo: Photo, revision: int, model: ModelVersion) -> Job:
    """Raise the job that waits, or let one wait; it goes to a worker unless one is running."""
    alive = {
        job.status: job for job in photo.jobs.filter(kind=Job.Kind.CHROMA, status__in=Job.ALIVE)
    }
    job = alive.get(Job.Status.QUEUED)
    if job is not None:
        job.revision, job.model_version = revision, model
        job.seq += 1
        job.save(update_fields=["revision", "model_version", "seq"])
    else:
        job = Job(photo=photo, kind=Job.Kind.CHROMA, revision=revision, model_version=model)
        if Job.Status.RUNNING not in alive:
            send_to_worker(job)
        job.save(force_insert=True)
    publish_on_commit(photo.pk, "job", job=job_state(job))
    return job


@transaction.atomic
def request_render(*, photo: Photo) -> Job:
    """Ask for the full-size result of a photo as it is seen now.

    It uses the model of the chroma map on screen, as long as that one shows the newest hints.

    Returns:
        The one job for this photo, revision and model, which may be running or done already.

    Raises:
        PhotoNotFound: the photo was deleted meanwhile.
        webapp.library.quota.QuotaExceeded: its owner has no full-size result left today.
        training.registry.NoLiveModel: there is no model to colour with.
    """
    if not lock_photo(photo.pk):
        raise PhotoNotFound
    revision, hints = hints_of(photo)
    seen = Chroma.objects.filter(photo=photo, revision=revision).first()
    model = seen.model_version if seen else model_for(photo)
    job = photo.jobs.filter(
        kind=Job.Kind.RENDER,
        revision=revision,
        model_version=model,
        status__in=[*Job.ALIVE, Job.Status.DONE],
    ).first()
    if job is None:
        check_jobs(Actor(user=photo.owner, guest_key=photo.guest_key))
        job = Job(
            photo=photo,
            kind=Job.Kind.RENDER,
            revision=revision,
            hints=hints,
            model_version=model,
        )
        send_to_worker(job)
        job.save(force_insert=True)
        publish_on_commit(photo.pk, "job", job=job_state(job))
    return job


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
        finished=timezone.now(),
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
    old = Job.objects.filter(kind=Job.Kind.CHROMA, finished__lt=now - JOBS_KEPT)
    shown = Chroma.objects.filter(job=OuterRef("pk"))
    return old.exclude(Exists(shown)).delete()[0]


def delete_version(*, version: Version) -> None:
    """Delete a full-size result with its files; asked for again, it is made anew."""
    with transaction.atomic():
        lock_photo(version.photo_id)
        Version.objects.filter(pk=version.pk).delete()
        Job.objects.filter(pk=version.job_id, kind=Job.Kind.RENDER).delete()
        transaction.on_commit(partial(_delete_files, version))


def _delete_files(version: Version) -> None:
    for key in (*image_keys(version), version_thumbnail_key(version)):
        default_storage.delete(key)


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
            return Version.objects.create(
                id=job.pk,
                photo_id=job.photo_id,
                job=job,
                revision=job.revision,
                hints=job.hints,
                model_version=job.model_version,
                image=image,
                bytes=default_storage.size(image),
                width=job.photo.width,
                height=job.photo.height,
            )
    if not Job.objects.filter(pk=job.pk).exists():  # the photo was deleted while we rendered
        default_storage.delete(image)
    return None

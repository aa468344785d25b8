"""Who works on a job: leases are claimed, renewed, given back, and reaped when nobody does.

Every change locks the photo's row first, so that "one runs, one waits" holds between processes.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Literal

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop

from webapp.library.access import owner_key
from webapp.library.models import Photo
from webapp.realtime.events import publish_on_commit, publish_to_owner
from webapp.runtime import leases
from webapp.runtime.leases import RESEND_SECONDS, LeaseLost, kept, lease_end
from webapp.runtime.queue import Queue, enqueue
from webapp.studio.models import Hints, Job
from webapp.studio.selectors import EMPTY_HINTS, job_state

log = structlog.get_logger(__name__)

Made = Literal["job", "chroma", "version"]
TASKS: dict[Job.Kind, tuple[str, Queue]] = {
    Job.Kind.CHROMA: ("studio.colorize", "interactive"),
    Job.Kind.RENDER: ("studio.render", "batch"),  # seconds long: strokes must not wait behind it
}
ERROR_FAILED = gettext_noop("This photo could not be coloured. Please try again.")
ERROR_STOPPED = gettext_noop("Colouring this photo stopped the worker several times.")


class Lease(leases.Lease):
    """A worker's hold on a job; ``job.hints`` is the hint set to colour with."""

    def __init__(self, job: Job) -> None:
        super().__init__(lambda: bool(_mine(job).update(lease_until=lease_end(timezone.now()))))
        self.job = job


@contextmanager
def held(job_id: uuid.UUID) -> Iterator[Lease | None]:
    """Claim a job and hold it for the length of a ``with`` block; an error inside fails the job.

    Yields:
        The lease, or None when the job is not to be had: done, cancelled, or somebody's already.
    """
    job = claim(job_id=job_id, now=timezone.now())
    if job is None:
        yield None
        return
    with kept(Lease(job), f"lease-{job_id}") as lease:
        try:
            yield lease
        except LeaseLost:
            log.info("lease_lost", job=str(job_id), attempt=job.attempt)
        except Exception:
            log.exception("job_failed", job=str(job_id), kind=job.kind, attempt=job.attempt)
            finish(job=job, status=Job.Status.FAILED, error=ERROR_FAILED)


def lock_photo(photo_id: uuid.UUID) -> bool:
    """Lock a photo's row for the running transaction; False when the photo is gone."""
    rows = Photo.objects.select_for_update(no_key=True).filter(pk=photo_id)
    return rows.values_list("pk").first() is not None


def send_to_worker(job: Job) -> None:
    """Have a queued job taken by a worker after the commit; ``job`` is saved by the caller."""
    job.enqueued = timezone.now()
    task, queue = TASKS[Job.Kind(job.kind)]
    enqueue(task, job.pk, queue=queue)


@transaction.atomic
def claim(*, job_id: uuid.UUID, now: datetime) -> Job | None:
    """Take a job that is queued, or whose worker let its lease run out.

    A chroma job takes the newest hints there are, whatever it was asked for.

    Returns:
        The job, running, with this worker's ``attempt`` and its hint set in ``hints``; None when it
        is not to be had.
    """
    jobs = Job.objects.filter(pk=job_id)
    photo_id = jobs.values_list("photo_id", flat=True).first()
    if photo_id is None or not lock_photo(photo_id):
        return None
    # Read under the lock: strokes that came while we waited for it have raised the row.
    job = jobs.select_related("photo", "model_version").first()
    if job is None:
        return None
    fields: dict[str, object] = {
        "status": Job.Status.RUNNING,
        "lease_until": lease_end(now),
        "started": now,
    }
    if job.kind == Job.Kind.CHROMA:
        newest = Hints.objects.filter(pk=job.photo_id).first()
        fields["revision"] = newest.revision if newest else 0
        job.hints = newest.data if newest else EMPTY_HINTS  # in memory: the row needs no copy
    fields |= {"attempt": job.attempt + 1, "seq": job.seq + 1}
    if not _claimable(job_id, now).update(**fields):
        return None
    for name, value in fields.items():
        setattr(job, name, value)
    publish_on_commit(job.photo_id, "job", job=job_state(job))
    return job


@transaction.atomic
def finish(*, job: Job, status: Job.Status, error: str = "", made: Made = "job") -> bool:
    """End a running job, unless it is no longer this attempt's; start the one that waits.

    Args:
        job: as :func:`claim` returned it.
        status: what it ends as.
        error: a sentence for people, for a job that failed.
        made: what the photo's sockets are to fetch.

    Returns:
        Whether this call ended it. Only then may its results be written, in the same transaction.
    """
    if not lock_photo(job.photo_id):
        return False
    now = timezone.now()
    ended = _mine(job).update(
        status=status, error=error, seq=F("seq") + 1, lease_until=None, finished=now
    )
    if not ended:
        return False
    job.status, job.error, job.lease_until, job.finished = status, error, None, now
    job.seq += 1
    publish_on_commit(job.photo_id, made, job=job_state(job))
    if made != "job":
        Photo.objects.filter(pk=job.photo_id).update(updated=now)
        publish_to_owner(owner_key(job.photo), "changed", [job.photo_id])
    start_waiting(job)
    return True


def start_waiting(ended: Job) -> None:
    """After a chroma job, send the one that waited for it to a worker."""
    if ended.kind != Job.Kind.CHROMA:
        return
    waiting = Job.objects.filter(
        photo=ended.photo_id, kind=Job.Kind.CHROMA, status=Job.Status.QUEUED
    ).first()
    if waiting is not None:
        send_to_worker(waiting)
        waiting.save(update_fields=["enqueued"])


def reap(*, now: datetime, everything: bool = False) -> int:
    """Bring back jobs whose worker has gone, and ask again for those no worker was told of.

    Args:
        now: leases that end before are over.
        everything: no worker is left at all (the embedded process has just started): leases that
            still run, and queued jobs told of a moment ago, count as lost too.

    Returns:
        How many jobs were touched.
    """
    dead = Job.objects.filter(status=Job.Status.RUNNING)
    if not everything:
        dead = dead.filter(lease_until__lt=now)
    waiting = Job.objects.filter(status=Job.Status.QUEUED)
    if not everything:
        told = now - timedelta(seconds=RESEND_SECONDS)
        waiting = waiting.filter(Q(enqueued__lt=told) | Q(enqueued__isnull=True, created__lt=told))
    dead_ids = list(dead.values_list("pk", flat=True))
    waiting_ids = list(waiting.values_list("pk", flat=True))
    revived = sum(_revive(dead, job_id) for job_id in dead_ids)
    return revived + sum(_ask_again(job_id) for job_id in waiting_ids)


@transaction.atomic
def _revive(dead: QuerySet[Job], job_id: uuid.UUID) -> bool:
    """Requeue, supersede or fail a job whose worker has gone, if it is among the dead still."""
    photo_id = dead.filter(pk=job_id).values_list("photo_id", flat=True).first()
    if photo_id is None or not lock_photo(photo_id):
        return False
    job = dead.filter(pk=job_id).first()
    if job is None:
        return False
    waits = Job.objects.filter(
        photo=job.photo_id, kind=Job.Kind.CHROMA, status=Job.Status.QUEUED
    ).exists()
    job.seq += 1
    job.lease_until = None
    if job.attempt - job.forgiven >= settings.JOB_MAX_ATTEMPTS:
        job.status, job.error, job.finished = Job.Status.FAILED, ERROR_STOPPED, timezone.now()
    elif job.kind == Job.Kind.CHROMA and waits:
        job.status, job.finished = Job.Status.SUPERSEDED, timezone.now()
    else:
        job.status = Job.Status.QUEUED
        send_to_worker(job)
    job.save(update_fields=["seq", "lease_until", "status", "error", "finished", "enqueued"])
    log.warning("job_revived", job=str(job_id), attempt=job.attempt, status=job.status)
    publish_on_commit(job.photo_id, "job", job=job_state(job))
    if job.status != Job.Status.QUEUED:
        start_waiting(job)
    return True


@transaction.atomic
def _ask_again(job_id: uuid.UUID) -> bool:
    """Send a queued job to a worker, unless it waits for a running one of its photo."""
    job = _claimable(job_id, timezone.now()).filter(status=Job.Status.QUEUED).first()
    if job is None:
        return False
    send_to_worker(job)
    job.save(update_fields=["enqueued"])
    return True


def _claimable(job_id: uuid.UUID, now: datetime) -> QuerySet[Job]:
    """Return the row of a job if it waits for nobody, or if its worker has gone."""
    waits = Q(status=Job.Status.QUEUED) & ~Q(Exists(_running_beside()))
    left = Q(
        status=Job.Status.RUNNING,
        lease_until__lt=now,
        attempt__lt=F("forgiven") + settings.JOB_MAX_ATTEMPTS,
    )
    return Job.objects.filter(waits | left, pk=job_id)


def _running_beside() -> QuerySet[Job]:
    """Return, for a chroma job of an outer query, the one of the same photo that runs."""
    return Job.objects.filter(
        photo=OuterRef("photo"),
        kind=OuterRef("kind"),
        status=Job.Status.RUNNING,
    ).filter(kind=Job.Kind.CHROMA)


def _mine(job: Job) -> QuerySet[Job]:
    """Return the row of this attempt, if it still is this attempt's."""
    return Job.objects.filter(pk=job.pk, attempt=job.attempt, status=Job.Status.RUNNING)

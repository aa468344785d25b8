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
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext_noop

from training import leases
from training.leases import LeaseLostError, database_now, owned, renewing
from webapp.common.leases import JOB_LEASES, RESEND_SECONDS, unsent
from webapp.common.queue import Queue, enqueue
from webapp.photos.access import owner_key
from webapp.photos.events import publish_on_commit, publish_to_owner
from webapp.photos.models import Photo
from webapp.studio.models import Hints, Job
from webapp.studio.selectors import EMPTY_HINTS, job_state
from webapp.studio.turns import is_answered, next_job, waiting_jobs

log = structlog.get_logger(__name__)

TRIES = 5

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
        super().__init__(JOB_LEASES, owned(job))
        self.job = job


@contextmanager
def claimed(job_id: uuid.UUID) -> Iterator[Lease | None]:
    """Claim a job and hold it for the length of a ``with`` block; an error inside fails the job.

    Args:
        job_id: a job that is to be done; another one is taken if its turn comes first.

    Yields:
        The lease, or None when no job is to be had: done, cancelled, or somebody's already.
    """
    job = _take_turn(job_id)
    if job is None:
        yield None
        return
    with renewing(Lease(job), f"lease-{job.pk}") as lease:
        try:
            yield lease
        except LeaseLostError:
            log.info("lease_lost", job=str(job.pk), attempt=job.attempt)
        except (OperationalError, InterfaceError):
            # Nothing is wrong with the photo: the lease runs out, and the job is done again.
            log.exception("database_lost", job=str(job.pk), attempt=job.attempt)
            connection.close()
        except Exception:
            log.exception("job_failed", job=str(job.pk), kind=job.kind, attempt=job.attempt)
            finish(job=job, status=Job.Status.FAILED, error=ERROR_FAILED)


def _take_turn(job_id: uuid.UUID) -> Job | None:
    """Claim the job whose turn it is; who loses it to another worker looks again."""
    for _ in range(TRIES):
        if is_answered(job_id):
            return None
        now = database_now()
        chosen = next_job(job_id, now=now)
        job = claim(job_id=chosen, now=now)
        if job is not None or chosen == job_id:
            return job
    return None


def lock_photo(photo_id: uuid.UUID) -> bool:
    """Lock a photo's row for the running transaction; False when the photo is gone."""
    rows = Photo.objects.select_for_update(no_key=True).filter(pk=photo_id)
    return rows.values_list("pk").first() is not None


def send_to_worker(job: Job) -> None:
    """Have a queued job taken by a worker after the commit; ``job`` is saved by the caller."""
    job.enqueued = database_now()
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
    fields: dict[str, object] = {"started": now, "seq": job.seq + 1}
    if job.kind == Job.Kind.CHROMA:
        newest = Hints.objects.filter(pk=job.photo_id).first()
        fields["revision"] = newest.revision if newest else 0
        job.hints = newest.data if newest else EMPTY_HINTS  # in memory: the row needs no copy
    if not JOB_LEASES.claim(_claimable(job_id, now), now=now, **fields):
        return None
    fields |= {"status": Job.Status.RUNNING, "attempt": job.attempt + 1} | JOB_LEASES.stamp(now)
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
    now = database_now()
    if not JOB_LEASES.end(owned(job), status, error=error, seq=F("seq") + 1, finished=now):
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
        dead = JOB_LEASES.expired(dead, now=now)
    waiting = [job_id for kind in Job.Kind for job_id in _unsent(kind, now, everything=everything)]
    requeued = sum(_requeue(dead, job_id) for job_id in list(dead.values_list("pk", flat=True)))
    return requeued + sum(_send_again(job_id) for job_id in waiting)


def sent_long_ago(job: Job, *, now: datetime) -> bool:
    """Tell whether the message about a queued job may have been lost."""
    return job.enqueued is None or job.enqueued < now - timedelta(seconds=RESEND_SECONDS)


def _unsent(kind: Job.Kind, now: datetime, *, everything: bool) -> list[uuid.UUID]:
    """Return waiting jobs for which there is no message: one message does for any of its kind."""
    waiting = waiting_jobs(kind)
    if everything:
        return list(waiting.values_list("pk", flat=True))
    return unsent(waiting, queue=TASKS[kind][1], now=now)


@transaction.atomic
def _requeue(dead: QuerySet[Job], job_id: uuid.UUID) -> bool:
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
    if JOB_LEASES.is_spent(job.attempt - job.forgiven):
        job.status, job.error, job.finished = Job.Status.FAILED, ERROR_STOPPED, database_now()
    elif job.kind == Job.Kind.CHROMA and waits:
        job.status, job.finished = Job.Status.SUPERSEDED, database_now()
    else:
        job.status = Job.Status.QUEUED
        send_to_worker(job)
    job.save(update_fields=["seq", "lease_until", "status", "error", "finished", "enqueued"])
    log.warning("job_requeued", job=str(job_id), attempt=job.attempt, status=job.status)
    publish_on_commit(job.photo_id, "job", job=job_state(job))
    if job.status != Job.Status.QUEUED:
        start_waiting(job)
    return True


@transaction.atomic
def _send_again(job_id: uuid.UUID) -> bool:
    """Send a queued job to a worker, unless it waits for a running one of its photo."""
    job = _claimable(job_id, database_now()).filter(status=Job.Status.QUEUED).first()
    if job is None:
        return False
    send_to_worker(job)
    job.save(update_fields=["enqueued"])
    return True


def _claimable(job_id: uuid.UUID, now: datetime) -> QuerySet[Job]:
    """Return the row of a job if it waits for nobody, or if its worker has gone."""
    waits = Q(status=Job.Status.QUEUED) & ~Q(Exists(_running_beside()))
    left = JOB_LEASES.has_expired(now) & Q(attempt__lt=F("forgiven") + settings.JOB_MAX_ATTEMPTS)
    return Job.objects.filter(waits | left, pk=job_id)


def _running_beside() -> QuerySet[Job]:
    """Return, for a chroma job of an outer query, the one of the same photo that runs."""
    return Job.objects.filter(
        photo=OuterRef("photo"),
        kind=OuterRef("kind"),
        status=Job.Status.RUNNING,
    ).filter(kind=Job.Kind.CHROMA)

"""Trying failed jobs again, which staff may and the job's own rules allow."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext

from webapp.photos.events import publish_on_commit
from webapp.studio.leases import lock_photo, send_to_worker
from webapp.studio.models import Job, Version
from webapp.studio.selectors import job_state


class RetryError(Exception):
    """The job has not failed, or others do its work already; the message says which."""


@transaction.atomic
def retry_job(*, job: Job) -> Job:
    """Queue a failed job again, with the model and, for a render, the hints it was asked for with.

    ``attempt`` goes on rising, since writes are fenced by it; those before are forgiven, so that
    the job may lose as many workers as a new one.

    Raises:
        RetryError: it has not failed, or a newer job stands in for it.
    """
    if not lock_photo(job.photo_id):
        raise RetryError(gettext("The photo has been deleted."))
    job.refresh_from_db()
    if job.status != Job.Status.FAILED:
        raise RetryError(gettext("The job has not failed, or is tried again already."))
    if _has_successor(job):
        raise RetryError(gettext("A newer job does the same, or has done it."))
    job.status, job.error, job.finished = Job.Status.QUEUED, "", None
    job.forgiven = job.attempt
    job.seq += 1
    send_to_worker(job)
    job.save(update_fields=["status", "error", "finished", "forgiven", "seq", "enqueued"])
    publish_on_commit(job.photo_id, "job", job=job_state(job))
    return job


def _has_successor(job: Job) -> bool:
    """Whether a later job makes, or has made, what this one was to make."""
    others = Job.objects.filter(photo=job.photo_id, kind=job.kind).exclude(pk=job.pk)
    done = Q(status=Job.Status.DONE, created__gt=job.created)
    if job.kind == Job.Kind.CHROMA:
        return others.filter(Q(status__in=Job.ALIVE) | done).exists()
    same = others.filter(revision=job.revision, model_version=job.model_version)
    made = Version.objects.filter(
        photo=job.photo_id, revision=job.revision, model_version=job.model_version
    )
    return same.filter(status__in=Job.ALIVE).exists() or made.exists()

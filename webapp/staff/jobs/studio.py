"""The studio's jobs: colourings and full-size results."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from webapp.accounts.models import User
from webapp.audit.models import Entry
from webapp.audit.services import record
from webapp.staff.jobs.rows import STATES, JobNotFoundError, JobSource, JobStateError, Row, id_of
from webapp.studio.models import Job
from webapp.studio.retry import RetryError, retry_job
from webapp.studio.services import cancel_job


def count() -> Mapping[str, int]:
    """Count jobs by state; one query."""
    found = Job.objects.filter(status__in=STATES).order_by().values_list("status")
    return dict(found.annotate(Count("pk")))


def total(state: str) -> int:
    """Count the jobs of a state; one query."""
    return Job.objects.filter(status=state).count()


def rows(state: str, start: int, size: int) -> list[Row]:
    """Return jobs of a state; one query."""
    jobs = Job.objects.filter(status=state).select_related("photo__owner", "model_version")
    return [_row(job) for job in jobs.defer("hints", "model_version__card")[start : start + size]]


def retry(actor: User, kind: str, job_id: str) -> None:
    """Queue a failed job again."""
    job = _find(job_id)
    try:
        with transaction.atomic():
            retry_job(job=job)
            record(actor=actor, action=Entry.Action.JOB_RETRIED, subject=f"{job.kind} {job.pk}")
    except RetryError as refused:
        raise JobStateError(str(refused)) from None


def cancel(actor: User, kind: str, job_id: str) -> None:
    """End a job that waits or runs."""
    job = _find(job_id)
    if job.status not in Job.ALIVE:
        raise JobStateError(gettext("The job has ended already."))
    with transaction.atomic():
        if cancel_job(job=job).status == Job.Status.CANCELLED:
            record(actor=actor, action=Entry.Action.JOB_CANCELLED, subject=f"{job.kind} {job.pk}")


def _find(job_id: str) -> Job:
    job = Job.objects.filter(pk=id_of(job_id)).first()
    if job is None:
        raise JobNotFoundError
    return job


def _row(job: Job) -> Row:
    return Row(
        kind=job.kind,
        id=job.pk,
        status=job.status,
        owner=job.photo.owner,
        model=job.model_version.name,
        attempt=job.attempt,
        error=gettext(job.error) if job.error else "",
        created=job.created,
        started=job.started,
        finished=job.finished,
    )


SOURCE = JobSource("studio", _("Studio"), count, total, rows, retry, cancel)

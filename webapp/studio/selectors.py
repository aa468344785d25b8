"""What the studio reads: hints, jobs, chroma maps and versions, as the site shows them."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, cast

from django.db import DatabaseError
from django.db.models import Exists, Min, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_noop

from training.models import ModelVersion
from training.registry.versions import USABLE
from webapp.common import health
from webapp.common.websocket.messages import (
    ChromaState,
    JobKind,
    JobState,
    JobStatus,
    PhotoState,
    Snapshot,
    VersionMessage,
)
from webapp.models.selectors import model_of
from webapp.photos.models import Photo
from webapp.studio.chroma import to_state
from webapp.studio.models import Chroma, Hints, Job, ModelChoice, Version

RECENT = timedelta(minutes=10)
"""A client that was away for longer asks for the list of versions."""
RENDERS_REPORTED = 10
STROKES_WAIT = gettext_noop("strokes wait for more than a minute")
STROKES_LATE = timedelta(minutes=1)

EMPTY_HINTS: dict[str, Any] = {"version": 1, "hints": []}


def hints_of(photo: Photo) -> tuple[int, dict[str, Any]]:
    """Return the revision and the hint set of a photo; 0 and an empty one before any was saved."""
    hints = Hints.objects.filter(pk=photo.pk).first()
    return (hints.revision, hints.data) if hints else (0, EMPTY_HINTS)


def model_for(photo: Photo) -> ModelVersion:
    """Return the model to colour ``photo`` with, as :func:`models_for` does for many."""
    return models_for([photo])[photo.pk]


def models_for(photos: Collection[Photo]) -> dict[uuid.UUID, ModelVersion]:
    """Return the models to colour one owner's photos with: each by its photo's id.

    It is the one chosen for the photo, or by the owner, while that is usable; else the live one.

    Raises:
        training.registry.versions.NoLiveModelError: none is live.
    """
    choices = ModelChoice.objects.filter(photo__in=photos, model_version__state__in=USABLE)
    chosen = {one.pk: one.model_version for one in choices.select_related("model_version")}
    others = [photo for photo in photos if photo.pk not in chosen]
    preferred = model_of(others[0].owner_id) if others else None
    return chosen | {photo.pk: preferred for photo in others if preferred is not None}


def chroma_of(photo: Photo) -> Chroma | None:
    """Return the newest chroma map of a photo, if it has one."""
    return Chroma.objects.select_related("model_version").filter(pk=photo.pk).first()


def current_job(photo: Photo) -> Job | None:
    """Return the photo's job that runs or waits; without one, the chroma job that ended last."""
    alive = photo.jobs.filter(status__in=Job.ALIVE).order_by("created").last()
    return alive or photo.jobs.filter(kind=Job.Kind.CHROMA).order_by("created").last()


def recent_renders(photo: Photo) -> list[JobState]:
    """Return the photo's full-size results in work, and those that ended a while ago or less."""
    recent = Q(status__in=Job.ALIVE) | Q(finished__gt=timezone.now() - RECENT)
    jobs = photo.jobs.filter(recent, kind=Job.Kind.RENDER).defer("hints").order_by("-created")
    return [job_state(job) for job in reversed(jobs[:RENDERS_REPORTED])]


def waiting_problem() -> str:
    """Return what is wrong with how long strokes wait, for /readyz; nothing where all is well."""
    try:
        since = oldest_stroke()
    except DatabaseError:
        return health.UNKNOWN
    return STROKES_WAIT if since is not None and timezone.now() - since > STROKES_LATE else ""


def oldest_stroke() -> datetime | None:
    """Return since when the stroke waits that no worker has taken for longest; None without one."""
    running = Job.objects.filter(photo=OuterRef("photo"), kind="chroma", status="running")
    waiting = Job.objects.filter(~Exists(running), kind="chroma", status="queued", revision__gt=0)
    since: datetime | None = waiting.aggregate(since=Min("created"))["since"]
    return since


def job_state(job: Job) -> JobState:
    """Return a job as events and the API carry it."""
    return JobState(
        job=str(job.pk),
        kind=cast(JobKind, str(job.kind)),
        status=cast(JobStatus, str(job.status)),
        attempt=job.attempt,
        seq=job.seq,
        revision=job.revision,
        error=job.error,
    )


def chroma_state(photo: Photo) -> ChromaState | None:
    """Return the newest chroma map of a photo as sockets carry it, if it has one."""
    chroma = chroma_of(photo)
    return None if chroma is None else to_state(chroma)


def version_message(job_id: str) -> VersionMessage | None:
    """Return the news of the version that a render job made, if it has."""
    version = Version.objects.filter(job__pk=job_id).first()
    if version is None:
        return None
    return VersionMessage(
        type="version",
        id=str(version.pk),
        job=job_id,
        revision=version.revision,
        width=version.width,
        height=version.height,
    )


def snapshot_of(photo: Photo) -> Snapshot:
    """Return a photo's whole state, for a client that has just come or has lost its way."""
    revision, hints = hints_of(photo)
    job = current_job(photo)
    return Snapshot(
        photo=PhotoState(
            id=str(photo.pk), title=photo.title, width=photo.width, height=photo.height
        ),
        revision=revision,
        hints=hints,
        chroma=chroma_state(photo),
        job=None if job is None else job_state(job),
    )

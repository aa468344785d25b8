"""What the studio reads: hints, jobs, chroma maps and versions, as the site shows them."""

from __future__ import annotations

from typing import Any, cast

from django.db.models import QuerySet, Sum

from training.models import ModelVersion
from training.registry import USABLE, live_model
from webapp.library.models import Photo
from webapp.realtime.messages import (
    ChromaState,
    JobKind,
    JobState,
    JobStatus,
    PhotoState,
    Snapshot,
    VersionMessage,
)
from webapp.studio.chroma import to_state
from webapp.studio.models import Chroma, Hints, Job, Version

EMPTY_HINTS: dict[str, Any] = {"version": 1, "hints": []}


def hints_of(photo: Photo) -> tuple[int, dict[str, Any]]:
    """Return the revision and the hint set of a photo; 0 and an empty one before any was saved."""
    hints = Hints.objects.filter(pk=photo.pk).first()
    return (hints.revision, hints.data) if hints else (0, EMPTY_HINTS)


def model_for(photo: Photo) -> ModelVersion:
    """Return the model to colour ``photo`` with: its owner's choice while it is usable, else live.

    Raises:
        training.registry.NoLiveModel: none is live.
    """
    if photo.owner_id is not None:
        chosen = ModelVersion.objects.filter(chosen_by=photo.owner_id, state__in=USABLE).first()
        if chosen is not None:
            return chosen
    return live_model()


def chroma_of(photo: Photo) -> Chroma | None:
    """Return the newest chroma map of a photo, if it has one."""
    return Chroma.objects.select_related("model_version").filter(pk=photo.pk).first()


def current_job(photo: Photo) -> Job | None:
    """Return the photo's job that runs or waits; without one, the chroma job that ended last."""
    alive = photo.jobs.filter(status__in=Job.ALIVE).order_by("created").last()
    return alive or photo.jobs.filter(kind=Job.Kind.CHROMA).order_by("created").last()


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


def bytes_of_versions(photos: QuerySet[Photo]) -> int:
    """Return what the full-size results of ``photos`` take up."""
    versions = Version.objects.filter(photo__in=photos)
    return int(versions.aggregate(total=Sum("bytes", default=0))["total"])

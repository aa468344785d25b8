"""Colourings of many photos at once: all of them are asked for or none, in a few queries."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from functools import cache
from typing import Any

from django.db import transaction

from webapp.accounts.actor import Actor
from webapp.library.models import Photo
from webapp.library.quota import check_jobs
from webapp.realtime.events import publish_on_commit
from webapp.studio.leases import send_to_worker
from webapp.studio.models import Chroma, Hints, Job
from webapp.studio.selectors import EMPTY_HINTS, job_state, model_for

Status = Job.Status


@transaction.atomic
def request_colorizations(*, photo_ids: Collection[uuid.UUID]) -> list[uuid.UUID]:
    """Ask for the chroma maps of one owner's photos, as ``request_colorization`` does for one.

    Returns:
        The photos that are there.

    Raises:
        training.registry.NoLiveModel: there is no model to colour with; nothing was asked for.
    """
    photos = _locked(photo_ids)
    if not photos:
        return []
    model = model_for(photos[0])
    revisions = {pk: revision for pk, (revision, _) in _hints_of(photos).items()}
    jobs = list(Job.objects.filter(kind=Job.Kind.CHROMA, photo__in=photos))
    queued = {job.photo_id: job for job in jobs if job.status == Status.QUEUED}
    running = {job.photo_id for job in jobs if job.status == Status.RUNNING}
    fresh = {
        job.photo_id
        for job in jobs
        if job.status in (Status.RUNNING, Status.DONE)
        and (job.revision, job.model_version_id) == (revisions.get(job.photo_id, 0), model.pk)
    }
    raised, made = list[Job](), list[Job]()
    for photo in photos:
        if photo.pk in fresh:
            continue
        job = queued.get(photo.pk)
        if job is None:
            job = Job(photo=photo, kind=Job.Kind.CHROMA)
            made.append(job)
            if photo.pk not in running:
                send_to_worker(job)
        else:
            job.seq += 1
            raised.append(job)
        job.revision, job.model_version = revisions.get(photo.pk, 0), model
    Job.objects.bulk_update(raised, ["revision", "model_version", "seq"])
    _make(made)
    _tell(raised)
    return [photo.pk for photo in photos]


@transaction.atomic
def request_renders(*, actor: Actor, photo_ids: Collection[uuid.UUID]) -> list[uuid.UUID]:
    """Ask for full-size results of the actor's photos, as ``request_render`` does for one.

    Returns:
        The photos that are there.

    Raises:
        webapp.library.quota.QuotaExceeded: they are more than the actor has left today; nothing
            was asked for.
        training.registry.NoLiveModel: there is no model to colour with; nothing was asked for.
    """
    photos = _locked(photo_ids)
    if not photos:
        return []
    hints, models = _hints_of(photos), _models_seen(photos)
    standing = set(
        Job.objects.filter(
            kind=Job.Kind.RENDER, photo__in=photos, status__in=[*Job.ALIVE, Status.DONE]
        ).values_list("photo", "revision", "model_version")
    )
    preferred = cache(lambda: model_for(photos[0]).pk)
    made = list[Job]()
    for photo in photos:
        revision, data = hints.get(photo.pk, (0, EMPTY_HINTS))
        model_id = models.get((photo.pk, revision)) or preferred()
        if (photo.pk, revision, model_id) in standing:
            continue
        job = Job(
            photo=photo, kind=Job.Kind.RENDER, revision=revision, hints=data,
            model_version_id=model_id,
        )  # fmt: skip
        send_to_worker(job)
        made.append(job)
    if made:
        check_jobs(actor, jobs=len(made))
    _make(made)
    return [photo.pk for photo in photos]


def _locked(photo_ids: Collection[uuid.UUID]) -> list[Photo]:
    """Lock photos' rows, in one order for everybody; those that are gone are left out."""
    rows = Photo.objects.select_for_update(no_key=True).filter(pk__in=photo_ids)
    return list(rows.order_by("pk"))


def _hints_of(photos: Iterable[Photo]) -> dict[uuid.UUID, tuple[int, dict[str, Any]]]:
    rows = Hints.objects.filter(photo__in=photos).values_list("pk", "revision", "data")
    return {pk: (revision, data) for pk, revision, data in rows}


def _models_seen(photos: Iterable[Photo]) -> dict[tuple[uuid.UUID, int], uuid.UUID]:
    """Return the models of the chroma maps on screen, by photo and the hints they show."""
    rows = Chroma.objects.filter(photo__in=photos).values_list("pk", "revision", "model_version")
    return {(pk, revision): model_id for pk, revision, model_id in rows}


def _make(jobs: list[Job]) -> None:
    Job.objects.bulk_create(jobs)
    _tell(jobs)


def _tell(jobs: Iterable[Job]) -> None:
    for job in jobs:
        publish_on_commit(job.photo_id, "job", job=job_state(job))

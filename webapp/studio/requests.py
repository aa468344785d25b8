"""Colourings that are asked for, of one photo or of many, by one rule and in a few queries."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext

from training.leases import database_now
from webapp.accounts.actor import Actor
from webapp.accounts.quota import TooMuchInWorkError, check_jobs
from webapp.photos.access import PhotoNotFoundError, including_trashed
from webapp.photos.events import publish_on_commit
from webapp.photos.models import Photo
from webapp.studio.leases import send_to_worker, sent_long_ago
from webapp.studio.models import Chroma, Hints, Job
from webapp.studio.selectors import EMPTY_HINTS, job_state, models_for

Status = Job.Status


def request_colorization(*, photo: Photo) -> Job:
    """Ask for the chroma map of one photo, as :func:`request_colorizations` does for many.

    Raises:
        PhotoNotFoundError: the photo was deleted meanwhile.
        training.registry.versions.NoLiveModelError: there is no model to colour with.
    """
    return _one(request_colorizations(photo_ids=[photo.pk]))


def request_render(*, photo: Photo, network: str = "") -> Job:
    """Ask for the full-size result of one photo, as :func:`request_renders` does for many.

    Args:
        photo: which.
        network: of the guest who asks, :attr:`Actor.network`.

    Raises:
        PhotoNotFoundError: the photo was deleted meanwhile.
        webapp.accounts.quota.QuotaExceededError: its owner has no full-size result left today.
        training.registry.versions.NoLiveModelError: there is no model to colour with.
    """
    owner = Actor(user=photo.owner, guest_key=photo.guest_key, network=network)
    return _one(request_renders(actor=owner, photo_ids=[photo.pk]))


@transaction.atomic
def request_colorizations(*, photo_ids: Collection[uuid.UUID]) -> list[Job]:
    """Ask for the chroma maps of one owner's photos, with their newest hints and the owner's model.

    One job of a photo runs and one waits at most: the one that waits is raised to the newest hints.

    Returns:
        The jobs that make them, which may be running or done already; none for photos that are
        gone.

    Raises:
        training.registry.versions.NoLiveModelError: there is no model to colour with; nothing was
            asked for.
    """
    photos = _locked(photo_ids)
    hints = _hints_of(photos)
    return ask_for_chroma({photo: hints[photo.pk][0] for photo in photos})


def ask_for_chroma(revisions: Mapping[Photo, int]) -> list[Job]:
    """Ask for the chroma maps of one owner's photos, whose rows are locked and hints are known.

    Args:
        revisions: the photos, each with the revision of its newest hints.

    Raises:
        training.registry.versions.NoLiveModelError: there is no model to colour with.
    """
    if not revisions:
        return []
    models = models_for(list(revisions))
    found = _standing_chroma_jobs(revisions)
    newest = {photo.pk: revision for photo, revision in revisions.items()}
    fresh = {
        job.photo_id: job
        for job in found
        if job.status != Status.QUEUED
        and (job.revision, job.model_version_id) == (newest[job.photo_id], models[job.photo_id].pk)
    }
    queued = {job.photo_id: job for job in found if job.status == Status.QUEUED}
    running = {job.photo_id for job in found if job.status == Status.RUNNING}
    raised, made = list[Job](), list[Job]()
    now = database_now()
    for photo, revision in revisions.items():
        if photo.pk in fresh:
            continue
        job = queued.get(photo.pk)
        if job is None:
            job = Job(photo=photo, kind=Job.Kind.CHROMA)
            made.append(job)
        else:
            job.seq += 1
            raised.append(job)
        job.revision, job.model_version = revision, models[photo.pk]
        # What was sent before may have been lost.
        if photo.pk not in running and sent_long_ago(job, now=now):
            send_to_worker(job)
    Job.objects.bulk_update(raised, ["revision", "model_version", "seq", "enqueued"])
    _tell(raised)
    return [*fresh.values(), *raised, *_make(made)]


@transaction.atomic
def request_renders(*, actor: Actor, photo_ids: Collection[uuid.UUID]) -> list[Job]:
    """Ask for full-size results of the actor's photos as they are seen now.

    Each uses the model of the chroma map on screen, as long as that one shows the newest hints.

    Args:
        actor: whose photos, and whose quota.
        photo_ids: which.

    Returns:
        The one job for each photo, revision and model, which may be running or done already; none
        for photos that are gone.

    Raises:
        webapp.accounts.quota.QuotaExceededError: they are more than the actor has left today;
            nothing was asked for.
        webapp.accounts.quota.TooMuchInWorkError: they are more than may be in work; likewise.
        training.registry.versions.NoLiveModelError: there is no model to colour with; nothing was
            asked for.
    """
    photos = _locked(photo_ids)
    if not photos:
        return []
    hints, seen = _hints_of(photos), _models_seen(photos)
    jobs = Job.objects.filter(
        kind=Job.Kind.RENDER, photo__in=photos, status__in=[*Job.ALIVE, Status.DONE]
    )
    standing = {
        (job.photo_id, job.revision, job.model_version_id): job for job in jobs.defer("hints")
    }
    preferred = cache(lambda: models_for(photos))
    found, made = list[Job](), list[Job]()
    for photo in photos:
        revision, data = hints[photo.pk]
        model_id = seen.get((photo.pk, revision)) or preferred()[photo.pk].pk
        job = standing.get((photo.pk, revision, model_id))
        if job is not None:
            found.append(job)
            continue
        job = Job(
            photo=photo,
            kind=Job.Kind.RENDER,
            revision=revision,
            hints=data,
            model_version_id=model_id,
        )
        send_to_worker(job)
        made.append(job)
    if made:
        check_jobs(actor, jobs=len(made))
        _check_in_work(actor, more=len(made))
    return found + _make(made)


def _check_in_work(actor: Actor, *, more: int) -> None:
    """See that no actor has more full-size results in work than may be."""
    alive = Job.objects.filter(kind=Job.Kind.RENDER, status__in=Job.ALIVE)
    in_work = alive.filter(photo__in=including_trashed(actor)).count()
    limit = settings.RENDERS_IN_WORK_PER_ACTOR
    if in_work + more > limit:
        message = gettext(
            "%(count)d full-size results are in work, and %(limit)d may be. Try again in a moment."
        )
        message %= {"count": in_work, "limit": limit}
        raise TooMuchInWorkError("too_many_renders", message)


def _one(jobs: list[Job]) -> Job:
    if not jobs:
        raise PhotoNotFoundError
    return jobs[0]


def _locked(photo_ids: Collection[uuid.UUID]) -> list[Photo]:
    """Lock photos' rows, in one order for everybody; those that are gone are left out."""
    rows = Photo.objects.select_for_update(no_key=True).filter(pk__in=photo_ids)
    return list(rows.order_by("pk"))


def _hints_of(photos: Iterable[Photo]) -> dict[uuid.UUID, tuple[int, dict[str, Any]]]:
    found = {photo.pk: (0, EMPTY_HINTS) for photo in photos}
    rows = Hints.objects.filter(photo__in=photos).values_list("pk", "revision", "data")
    return found | {pk: (revision, data) for pk, revision, data in rows}


def _standing_chroma_jobs(photos: Iterable[Photo]) -> list[Job]:
    """Return the jobs that wait or run, and those that made a map of the newest hints."""
    newest = Coalesce(F("photo__hints__revision"), 0)
    done = Q(status=Status.DONE, revision=F("newest"))
    jobs = Job.objects.filter(kind=Job.Kind.CHROMA, photo__in=photos).alias(newest=newest)
    return list(jobs.filter(done | Q(status__in=Job.ALIVE)))


def _models_seen(photos: Iterable[Photo]) -> Mapping[tuple[uuid.UUID, int], uuid.UUID]:
    """Return the models of the chroma maps on screen, by photo and the hints they show."""
    rows = Chroma.objects.filter(photo__in=photos).values_list("pk", "revision", "model_version")
    return {(pk, revision): model_id for pk, revision, model_id in rows}


def _make(jobs: list[Job]) -> list[Job]:
    Job.objects.bulk_create(jobs)
    _tell(jobs)
    return jobs


def _tell(jobs: Iterable[Job]) -> None:
    for job in jobs:
        publish_on_commit(job.photo_id, "job", job=job_state(job))

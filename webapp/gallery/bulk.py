"""The same for many photos at once."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Literal

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.db.models.functions import Coalesce

from webapp.accounts.actor import Actor
from webapp.gallery.access import labels_of
from webapp.gallery.labels import ensure_label, put_label, take_label
from webapp.gallery.trash import delete_from_trash, restore_photos, trash_photos
from webapp.photos.access import photos_of
from webapp.photos.events import publish_to_owner
from webapp.photos.models import Label, Photo
from webapp.studio.models import Job, Version
from webapp.studio.requests import request_colorizations, request_renders

Action = Literal[
    "star",
    "unstar",
    "tag",
    "untag",
    "collect",
    "uncollect",
    "trash",
    "restore",
    "delete",
    "colorize",
]
KINDS = {
    "tag": Label.Kind.TAG,
    "untag": Label.Kind.TAG,
    "collect": Label.Kind.COLLECTION,
    "uncollect": Label.Kind.COLLECTION,
}


@dataclass(frozen=True)
class Renders:
    """Photos by how far the full-size result with their newest hints is."""

    ready: list[uuid.UUID] = field(default_factory=list)
    waiting: list[uuid.UUID] = field(default_factory=list)
    failed: list[uuid.UUID] = field(default_factory=list)


def change_photos(
    *, actor: Actor, action: Action, ids: Collection[uuid.UUID], name: str = ""
) -> list[uuid.UUID]:
    """Do one thing to many of the actor's photos: to all that are there, or to none.

    Args:
        actor: whose photos.
        action: what to do; ``restore`` and ``delete`` are for those in the trash.
        ids: which photos.
        name: of the tag or the collection, where the action has one.

    Returns:
        The photos it was done to.

    Raises:
        webapp.gallery.labels.InvalidLabelError: there can be no tag or collection of that name.
        training.registry.versions.NoLiveModelError: there is no model to colour with.
    """
    if action == "trash":
        return trash_photos(actor=actor, ids=ids)
    if action == "restore":
        return restore_photos(actor=actor, ids=ids)
    if action == "delete":
        return delete_from_trash(actor=actor, ids=ids)
    photos = list(photos_of(actor).filter(pk__in=ids))
    if action == "colorize":
        jobs = request_colorizations(photo_ids=[photo.pk for photo in photos])
        return [job.photo_id for job in jobs]
    done = [photo.pk for photo in photos]
    with transaction.atomic():
        if action in KINDS:
            _label(actor, action, name, photos)
        else:
            photos_of(actor).filter(pk__in=done).update(starred=action == "star")
        publish_to_owner(actor.key, "changed", done)
    return done


def render_photos(*, actor: Actor, ids: Collection[uuid.UUID], retry: bool = False) -> Renders:
    """Ask for the full-size results that photos lack; asked again, it tells how far they are.

    Args:
        actor: whose photos.
        ids: which photos.
        retry: ask again for those that failed.

    Raises:
        webapp.accounts.quota.QuotaExceededError: more than the actor may ask for in a day; then
            none is asked for.
        training.registry.versions.NoLiveModelError: there is no model to colour with.
    """
    found = Renders()
    requested = photos_of(actor).filter(pk__in=ids)
    lacking = list[uuid.UUID]()
    for photo_id, rendered, rendering, broken in _renders(requested):
        if rendered:
            found.ready.append(photo_id)
        elif rendering:
            found.waiting.append(photo_id)
        elif broken and not retry:
            found.failed.append(photo_id)
        else:
            lacking.append(photo_id)
    jobs = request_renders(actor=actor, photo_ids=lacking)
    found.waiting.extend(job.photo_id for job in jobs)
    return found


def _renders(photos: QuerySet[Photo]) -> Iterable[tuple[uuid.UUID, bool, bool, bool]]:
    """Return ids, and whether a render of their newest hints is there, alive, or has failed."""
    newest = Coalesce(F("hints__revision"), 0)
    renders = Job.objects.filter(
        photo=OuterRef("pk"), kind=Job.Kind.RENDER, revision=OuterRef("newest")
    )
    found = photos.annotate(newest=newest).annotate(
        rendered=Exists(Version.objects.filter(photo=OuterRef("pk"), revision=OuterRef("newest"))),
        rendering=Exists(renders.filter(status__in=Job.ALIVE)),
        broken=Exists(renders.filter(status__in=[Job.Status.FAILED, Job.Status.CANCELLED])),
    )
    return found.values_list("pk", "rendered", "rendering", "broken")


def _label(actor: Actor, action: Action, name: str, photos: list[Photo]) -> None:
    kind = KINDS[action]
    if action in {"tag", "collect"}:
        put_label(label=ensure_label(actor=actor, kind=kind, name=name), photos=photos)
        return
    label = labels_of(actor).filter(kind=kind, name__iexact=name).first()
    if label is not None:
        take_label(label=label, photos=photos)

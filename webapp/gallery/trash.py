"""The trash: photos go in and come back, and after a while they are deleted for good."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from webapp.accounts.actor import Actor
from webapp.photos.access import including_trashed, photos_of, trash_of
from webapp.photos.events import publish_on_commit, publish_to_owner
from webapp.photos.models import Photo
from webapp.photos.services import delete_photo

log = structlog.get_logger(__name__)


@transaction.atomic
def trash_photos(*, actor: Actor, ids: Collection[uuid.UUID]) -> list[uuid.UUID]:
    """Put the actor's photos into the trash; jobs of theirs go on, and windows on them close.

    Returns:
        Those that went.
    """
    found = list(photos_of(actor).filter(pk__in=ids).values_list("pk", flat=True))
    including_trashed(actor).filter(pk__in=found).update(trashed_at=timezone.now())
    for photo_id in found:
        publish_on_commit(photo_id, "removed")
    publish_to_owner(actor.key, "removed", found)
    return found


@transaction.atomic
def restore_photos(*, actor: Actor, ids: Collection[uuid.UUID]) -> list[uuid.UUID]:
    """Take the actor's photos out of the trash, with all they had.

    Returns:
        Those that came back.
    """
    found = list(trash_of(actor).filter(pk__in=ids).values_list("pk", flat=True))
    including_trashed(actor).filter(pk__in=found).update(trashed_at=None)
    publish_to_owner(actor.key, "added", found)
    return found


def delete_from_trash(*, actor: Actor, ids: Collection[uuid.UUID] | None = None) -> list[uuid.UUID]:
    """Delete photos in the actor's trash for good; all of them if none are named.

    Returns:
        Those that are gone.
    """
    photos = trash_of(actor)
    if ids is not None:
        photos = photos.filter(pk__in=ids)
    gone = list(photos)
    for photo in gone:
        delete_photo(photo=photo, by=actor.user)
    return [photo.pk for photo in gone]


def purge_trash() -> int:
    """Delete for good what has been in the trash for ``TRASH_DAYS``; return how many photos."""
    old = timezone.now() - timedelta(days=settings.TRASH_DAYS)
    expired = list(Photo.objects.filter(trashed_at__lte=old))
    for photo in expired:
        delete_photo(photo=photo, detail="was in the trash")
    if expired:
        log.info("trash_purged", photos=len(expired))
    return len(expired)

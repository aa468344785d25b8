"""The only way to a photo: missing, expired and foreign ones look the same."""

from __future__ import annotations

import uuid

from django.db.models import Q, QuerySet
from django.utils import timezone

from webapp.accounts.actor import Actor
from webapp.photos.models import Photo


class PhotoNotFoundError(Exception):
    """There is no such photo, or it is not the actor's: which one is not told."""


def photos_of(actor: Actor) -> QuerySet[Photo]:
    """Return the photos that ``actor`` may see, newest first, without those in the trash."""
    return including_trashed(actor).filter(trashed_at=None)


def trash_of(actor: Actor) -> QuerySet[Photo]:
    """Return the photos in the actor's trash."""
    return including_trashed(actor).filter(trashed_at__isnull=False)


def including_trashed(actor: Actor) -> QuerySet[Photo]:
    """Return the actor's photos, in the trash or not; none for a guest without a key."""
    if actor.user is not None:
        return Photo.objects.filter(owner=actor.user)
    if actor.guest_key:
        alive = Q(expires_at__isnull=True) | Q(expires_at__gt=timezone.now())
        return Photo.objects.filter(alive, owner=None, guest_key=actor.guest_key)
    return Photo.objects.none()


def access_photo(actor: Actor, photo_id: uuid.UUID | str) -> Photo:
    """Return a photo that belongs to ``actor``.

    Raises:
        PhotoNotFoundError: it does not exist, has expired, is in the trash, or is somebody else's.
    """
    return _find(photos_of(actor), photo_id)


def find_including_trashed(actor: Actor, photo_id: uuid.UUID | str) -> Photo:
    """Return a photo that belongs to ``actor``, be it in the trash.

    Raises:
        PhotoNotFoundError: it does not exist, has expired, or is somebody else's.
    """
    return _find(including_trashed(actor), photo_id)


def owner_key(photo: Photo) -> str:
    """Return the key (:attr:`Actor.key`) of whose photo it is."""
    if photo.owner_id is not None:
        return f"user.{photo.owner_id}"
    return f"guest.{photo.guest_key}"


def _find(photos: QuerySet[Photo], photo_id: uuid.UUID | str) -> Photo:
    try:
        key = photo_id if isinstance(photo_id, uuid.UUID) else uuid.UUID(photo_id)
    except ValueError:
        raise PhotoNotFoundError from None
    photo = photos.filter(pk=key).first()
    if photo is None:
        raise PhotoNotFoundError
    return photo

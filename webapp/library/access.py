"""The only way to a photo: missing, expired and foreign ones look the same."""

from __future__ import annotations

import uuid

from django.db.models import Q, QuerySet
from django.utils import timezone

from webapp.accounts.actor import Actor
from webapp.library.models import Photo


class PhotoNotFound(Exception):
    """There is no such photo, or it is not the actor's: which one is not told."""


def photos_of(actor: Actor) -> QuerySet[Photo]:
    """Return the photos that ``actor`` may see, newest first; none for a guest without a key."""
    if actor.user is not None:
        return Photo.objects.filter(owner=actor.user)
    if actor.guest_key:
        alive = Q(expires_at__isnull=True) | Q(expires_at__gt=timezone.now())
        return Photo.objects.filter(alive, owner=None, guest_key=actor.guest_key)
    return Photo.objects.none()


def access_photo(actor: Actor, photo_id: uuid.UUID | str) -> Photo:
    """Return a photo that belongs to ``actor``.

    Raises:
        PhotoNotFound: it does not exist, has expired, or belongs to somebody else.
    """
    try:
        key = photo_id if isinstance(photo_id, uuid.UUID) else uuid.UUID(photo_id)
    except ValueError:
        raise PhotoNotFound from None
    photo = photos_of(actor).filter(pk=key).first()
    if photo is None:
        raise PhotoNotFound
    return photo

"""The only ways to a link: its owner's, by id, and anybody's who has its token."""

from __future__ import annotations

import uuid

from django.db.models import Q, QuerySet
from django.utils import timezone

from webapp.accounts.models import User
from webapp.photos.models import Photo
from webapp.shares.models import Share


class ShareNotFoundError(Exception):
    """There is no such link, it has ended, or it is somebody else's: which one is not told."""


def shares_of(user: User) -> QuerySet[Share]:
    """Return the links of ``user``, newest first, those that have ended too."""
    return Share.objects.filter(photo__owner=user).select_related("photo")


def shares_on(photo: Photo) -> QuerySet[Share]:
    """Return the links to a photo that have not ended, newest first."""
    return Share.objects.filter(_alive(), photo=photo)


def access_share(user: User, share_id: uuid.UUID) -> Share:
    """Return a link of ``user``.

    Raises:
        ShareNotFoundError: it does not exist, or is somebody else's.
    """
    share = shares_of(user).filter(pk=share_id).first()
    if share is None:
        raise ShareNotFoundError
    return share


def open_share(token: str) -> Share:
    """Return the link that somebody followed.

    Raises:
        ShareNotFoundError: it does not exist, has ended, or its photo is not to be seen.
    """
    there = Q(photo__trashed_at=None, photo__owner__is_active=True)
    share = Share.objects.filter(_alive(), there, token=token).select_related("photo").first()
    if share is None:
        raise ShareNotFoundError
    return share


def _alive() -> Q:
    return Q(expires_at=None) | Q(expires_at__gt=timezone.now())

"""What is done with links: made, opened with a password, taken back."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import gettext

from webapp.photos.models import Photo
from webapp.shares.access import shares_of
from webapp.shares.models import Share

TRIES = 20
"""Wrong passwords that a link takes in an hour, from anywhere."""
_HOUR = 3600


class ShareRefusedError(ValueError):
    """A link cannot be made; the message says why, for people to read."""


class TooManyTriesError(Exception):
    """So many wrong passwords came that none is looked at for a while."""


def create_share(*, photo: Photo, days: int | None, password: str = "") -> Share:
    """Make a link to a photo.

    Args:
        photo: of a user; guests' photos are gone before a link is of use.
        days: after which the link ends; None for never.
        password: that who follows it must know; may be empty.

    Raises:
        ShareRefusedError: the photo is a guest's, or its owner has too many links.
    """
    if photo.owner is None:
        raise ShareRefusedError(gettext("Sign up to share photos: those of guests go after a day."))
    if shares_of(photo.owner).count() >= settings.SHARES_PER_USER:
        message = gettext("You have %(limit)d links. Take one back first.")
        raise ShareRefusedError(message % {"limit": settings.SHARES_PER_USER})
    return Share.objects.create(
        photo=photo,
        password=make_password(password) if password else "",
        expires_at=None if days is None else timezone.now() + timedelta(days=days),
    )


def revoke_share(*, share: Share) -> None:
    """Take a link back: it opens nothing from now on."""
    Share.objects.filter(pk=share.pk).delete()


def is_password(*, share: Share, password: str) -> bool:
    """Tell whether a password opens a link.

    Raises:
        TooManyTriesError: too many wrong ones came within an hour.
    """
    key = f"shares.tries.{share.pk}"
    if (cache.get(key) or 0) >= TRIES:
        raise TooManyTriesError
    if check_password(password, share.password):
        return True
    cache.add(key, 0, timeout=_HOUR)
    cache.incr(key)
    return False

"""How many photos an actor may keep."""

from __future__ import annotations

import zlib
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext

from webapp.accounts.actor import Actor
from webapp.library.access import photos_of


class QuotaExceeded(Exception):
    """The actor has no photo left to add; ``str()`` of it says what can be done."""


def check_quota(actor: Actor) -> None:
    """See that ``actor`` may add one more photo.

    Raises:
        QuotaExceeded: that would be more than an actor may keep, or a guest may add in a day.
    """
    mine = photos_of(actor)
    if mine.count() >= settings.PHOTOS_PER_ACTOR:
        message = gettext("You have %(limit)d photos, which is the limit. Delete some first.")
        raise QuotaExceeded(message % {"limit": settings.PHOTOS_PER_ACTOR})
    if actor.user is None:
        day = timezone.now() - timedelta(days=1)
        if mine.filter(created__gt=day).count() >= settings.GUEST_PHOTOS_PER_DAY:
            message = gettext("Guests may add %(limit)d photos a day. Come back tomorrow.")
            raise QuotaExceeded(message % {"limit": settings.GUEST_PHOTOS_PER_DAY})


def lock_quota(actor: Actor) -> None:
    """Let one transaction at a time add photos of ``actor``; released when it ends.

    SQLite needs nothing: its transactions begin IMMEDIATE here and so run one after the other.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            number = zlib.crc32(f"quota.{actor.key}".encode())
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])

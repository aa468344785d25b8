"""What an actor may keep and ask for: bytes, photos, and full-size results a day.

The rule of bytes: all that is kept counts, which is originals, full-size results with what they
were converted to, and batches' uploads and results. What comes with a known size is refused if it
does not fit; what has no size yet, a result, is not begun once there is no room left at all.
Nothing is refused that is there already.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import BigIntegerField, F, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext

from webapp.accounts.actor import Actor
from webapp.accounts.models import JobCount
from webapp.common.disk import check_disk
from webapp.common.hooks import StoredRows, providers

DAY = timedelta(days=1)


class QuotaExceededError(Exception):
    """The actor has nothing left of something; ``str()`` of it says what can be done."""


class TooMuchInWorkError(Exception):
    """The actor has as much in work as may be; ``str()`` of it says what, ``code`` in a word.

    ``seconds`` is when to try again.
    """

    seconds = 30

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class Quota:
    """How much of something is used, and how much there is."""

    used: int
    limit: int

    @property
    def percent(self) -> int:
        """How full it is, from 0 to 100."""
        return min(100, round(100 * self.used / self.limit)) if self.limit else 100

    def has_room(self, more: int) -> bool:
        """Tell whether ``more`` of it fit in."""
        return self.used + more <= self.limit


@dataclass(frozen=True)
class Quotas:
    """An actor's quotas. ``photos`` of a guest counts the uploads of a day."""

    bytes: Quota
    photos: Quota
    jobs: Quota


def quotas_of(actor: Actor) -> Quotas:
    """Return what ``actor`` has used and may use, for display."""
    return Quotas(
        bytes=Quota(storage_used(actor), _limit(actor, "quota_bytes", settings.GUEST_BYTES)),
        photos=_photos(actor),
        jobs=_jobs(actor),
    )


def storage_used(actor: Actor) -> int:
    """Return the bytes that count towards the quota of ``actor``."""
    totals = (
        _rows_of(stored, actor).aggregate(total=Sum(stored.size, default=0))["total"]
        for provider in providers()
        for stored in provider.storage()
    )
    return int(sum(totals))


def storage_used_of_users() -> Combinable:
    """Return :func:`storage_used` as an expression for a query of users."""
    total: Combinable = Value(0)
    for provider in providers():
        for stored in provider.storage():
            rows = stored.rows.filter(**{stored.user: OuterRef("pk")}).order_by()
            size = rows.values(stored.user).annotate(used=Sum(stored.size)).values("used")
            total += Coalesce(Subquery(size, output_field=BigIntegerField()), 0)
    return total


def _rows_of(stored: StoredRows, actor: Actor) -> QuerySet[Any]:
    """Return an actor's rows, those in the trash and those about to expire included."""
    if actor.user is not None:
        return stored.rows.filter(**{stored.user: actor.user})
    if stored.guest and actor.guest_key:
        return stored.rows.filter(**{stored.user: None, stored.guest: actor.guest_key})
    return stored.rows.none()


def check_quota(actor: Actor, *, photos: int = 1, size: int = 0) -> None:
    """See that ``actor`` may add photos.

    Args:
        actor: who adds them; hold :func:`lock_quota` to be sure of it until they are added.
        photos: how many.
        size: their bytes together.

    Raises:
        QuotaExceededError: that would be more than an actor may keep, or a guest may add in a day.
    """
    quota = _photos(actor)
    if not quota.has_room(photos):
        message = (
            gettext("Guests may add %(limit)d photos a day. Come back tomorrow.")
            if actor.user is None
            else gettext("You may keep %(limit)d photos, and there is no room. Delete some first.")
        )
        raise QuotaExceededError(message % {"limit": quota.limit})
    check_room(actor, size=size)


def check_room(actor: Actor, *, size: int = 1) -> None:
    """See that ``actor`` may keep more.

    Args:
        actor: whose it is.
        size: how many bytes; a single one for what has no size yet.

    Raises:
        QuotaExceededError: they do not fit in.
        webapp.common.disk.DiskFullError: the site itself has no room.
    """
    check_disk()
    used = quotas_of(actor).bytes
    if not used.has_room(size):
        message = gettext("You may keep %(limit)s of photos, and there is no room. Delete some.")
        raise QuotaExceededError(message % {"limit": filesizeformat(used.limit)})


@transaction.atomic
def check_jobs(actor: Actor, *, jobs: int = 1) -> None:
    """Count full-size results that ``actor`` asks for, within the running transaction.

    Args:
        actor: who asks.
        jobs: how many; each photo of a batch is one.

    Raises:
        QuotaExceededError: that would be more than an actor may ask for in a day, or there is no
            room left for any.
    """
    lock_quota(actor)
    check_room(actor)
    quota = _jobs(actor)
    if not quota.has_room(jobs):
        message = gettext(
            "You may ask for %(limit)d full-size results a day, and %(left)d are left today."
        )
        left = max(0, quota.limit - quota.used)
        raise QuotaExceededError(message % {"limit": quota.limit, "left": left})
    _count(actor, jobs=jobs)


def count_photos(actor: Actor, *, photos: int = 1) -> None:
    """Count photos that a guest adds, within the running transaction: deleted ones count, too."""
    if actor.network:
        _count(actor, photos=photos)


def _count(actor: Actor, **more: int) -> None:
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    count, _ = JobCount.objects.get_or_create(
        actor_key=_counted_as(actor), hour=hour, defaults={"user": actor.user}
    )
    fields = {name: F(name) + number for name, number in more.items()}
    JobCount.objects.filter(pk=count.pk).update(**fields)


def _counted_as(actor: Actor) -> str:
    """Return whom the limits of a day are of: a user, or all guests of one network."""
    return f"network.{actor.network}" if actor.user is None and actor.network else actor.key


def purge_job_counts(*, now: datetime) -> None:
    """Delete counts that are older than a day, which nobody asks for any more."""
    JobCount.objects.filter(hour__lt=now - DAY).delete()


def _photos(actor: Actor) -> Quota:
    used = sum(provider.uploads_counted(actor) for provider in providers())
    if actor.network:
        used = max(used, _counted(actor, "photos"))
    return Quota(used, _limit(actor, "quota_photos", settings.GUEST_PHOTOS_PER_DAY))


def _jobs(actor: Actor) -> Quota:
    return Quota(
        _counted(actor, "jobs"), _limit(actor, "quota_jobs_per_day", settings.GUEST_JOBS_PER_DAY)
    )


def _counted(actor: Actor, name: str) -> int:
    since = timezone.now() - DAY
    counts = JobCount.objects.filter(actor_key=_counted_as(actor), hour__gt=since)
    return int(counts.aggregate(total=Sum(name, default=0))["total"])


def _limit(actor: Actor, name: str, of_guests: int) -> int:
    """The user's own figure, else the site's; a guest's else."""
    if actor.user is None:
        return of_guests
    own: int | None = getattr(actor.user, name)
    site: int = getattr(settings, name.upper())
    return site if own is None else own


def lock_quota(actor: Actor) -> None:
    """Let one transaction at a time add something to ``actor``'s; released when it ends.

    SQLite needs nothing: its transactions begin IMMEDIATE here and so run one after the other.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            number = zlib.crc32(f"quota.{_counted_as(actor)}".encode())
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])

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

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, QuerySet, Sum
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext

from webapp.accounts.actor import Actor
from webapp.accounts.models import JobCount
from webapp.batches.selectors import bytes_kept
from webapp.library.models import Photo
from webapp.studio.selectors import bytes_of_versions

DAY = timedelta(days=1)


class QuotaExceeded(Exception):
    """The actor has nothing left of something; ``str()`` of it says what can be done."""


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
    photos = _photos_kept_by(actor)
    kept = photos.aggregate(total=Sum("bytes", default=0))["total"]
    kept += bytes_of_versions(photos)
    if actor.user is not None:
        kept += bytes_kept(actor.user)
    return Quotas(
        bytes=Quota(kept, _limit(actor, "quota_bytes", settings.GUEST_BYTES)),
        photos=_photos(actor),
        jobs=_jobs(actor),
    )


def check_quota(actor: Actor, *, photos: int = 1, size: int = 0) -> None:
    """See that ``actor`` may add photos.

    Args:
        actor: who adds them; hold :func:`lock_quota` to be sure of it until they are added.
        photos: how many.
        size: their bytes together.

    Raises:
        QuotaExceeded: that would be more than an actor may keep, or a guest may add in a day.
    """
    quota = _photos(actor)
    if not quota.has_room(photos):
        message = (
            gettext("Guests may add %(limit)d photos a day. Come back tomorrow.")
            if actor.user is None
            else gettext("You may keep %(limit)d photos, and there is no room. Delete some first.")
        )
        raise QuotaExceeded(message % {"limit": quota.limit})
    check_room(actor, size=size)


def check_room(actor: Actor, *, size: int = 1) -> None:
    """See that ``actor`` may keep more.

    Args:
        actor: whose it is.
        size: how many bytes; a single one for what has no size yet.

    Raises:
        QuotaExceeded: they do not fit in.
    """
    kept = quotas_of(actor).bytes
    if not kept.has_room(size):
        message = gettext("You may keep %(limit)s of photos, and there is no room. Delete some.")
        raise QuotaExceeded(message % {"limit": filesizeformat(kept.limit)})


@transaction.atomic
def check_jobs(actor: Actor, *, jobs: int = 1) -> None:
    """Count full-size results that ``actor`` asks for, within the running transaction.

    Args:
        actor: who asks.
        jobs: how many; each photo of a batch is one.

    Raises:
        QuotaExceeded: that would be more than an actor may ask for in a day, or there is no room
            left for any.
    """
    lock_quota(actor)
    check_room(actor)
    quota = _jobs(actor)
    if not quota.has_room(jobs):
        message = gettext(
            "You may ask for %(limit)d full-size results a day, and %(left)d are left today."
        )
        left = max(0, quota.limit - quota.used)
        raise QuotaExceeded(message % {"limit": quota.limit, "left": left})
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    count, _ = JobCount.objects.get_or_create(
        actor_key=actor.key, hour=hour, defaults={"user": actor.user}
    )
    JobCount.objects.filter(pk=count.pk).update(jobs=F("jobs") + jobs)


def purge_job_counts(*, now: datetime) -> None:
    """Delete counts that are older than a day, which nobody asks for any more."""
    JobCount.objects.filter(hour__lt=now - DAY).delete()


def _photos_kept_by(actor: Actor) -> QuerySet[Photo]:
    """Every photo that takes room, those in the trash and those about to expire included."""
    if actor.user is not None:
        return Photo.objects.filter(owner=actor.user)
    return Photo.objects.filter(owner=None, guest_key=actor.guest_key or None)


def _photos(actor: Actor) -> Quota:
    photos = _photos_kept_by(actor)
    if actor.user is None:
        photos = photos.filter(created__gt=timezone.now() - DAY)
    limit = _limit(actor, "quota_photos", settings.GUEST_PHOTOS_PER_DAY)
    return Quota(photos.count(), limit)


def _jobs(actor: Actor) -> Quota:
    counts = JobCount.objects.filter(actor_key=actor.key, hour__gt=timezone.now() - DAY)
    used = counts.aggregate(total=Sum("jobs", default=0))["total"]
    return Quota(used, _limit(actor, "quota_jobs_per_day", settings.GUEST_JOBS_PER_DAY))


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
            number = zlib.crc32(f"quota.{actor.key}".encode())
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])

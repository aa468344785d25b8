"""Users as staff see them: what they use and may use, and when they were last here."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db.models import (
    BigIntegerField,
    Count,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
)
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from webapp.accounts.models import JobCount, User
from webapp.accounts.quota import storage_used_of_users
from webapp.accounts.staff_services import QUOTAS
from webapp.photos.models import Photo

DAY = timedelta(days=1)
STATES = {
    "active": Q(is_active=True, deletion_asked_at=None),
    "closed": Q(is_active=False),
    "leaving": Q(deletion_asked_at__isnull=False),
    "staff": Q(is_staff=True),
}


def find_users(*, query: str = "", state: str = "") -> QuerySet[User]:
    """Return users with what they use, those who came last first; one query.

    Args:
        query: every word of it is in the name or the address.
        state: one of :data:`STATES`; all if empty.
    """
    users = User.objects.filter(STATES.get(state, Q()))
    for word in query.replace("\0", " ").split():
        users = users.filter(Q(username__icontains=word) | Q(email__icontains=word))
    return with_use(users).order_by("-date_joined", "-pk")


def with_use(users: QuerySet[User]) -> QuerySet[User]:
    """Add ``used_photos``, ``used_bytes``, ``used_jobs`` and ``last_seen``."""
    photos = Photo.objects.filter(owner=OuterRef("pk")).order_by().values("owner")
    jobs = JobCount.objects.filter(user=OuterRef("pk"), hour__gt=timezone.now() - DAY)
    sessions = UserSession.objects.filter(user=OuterRef("pk")).order_by().values("user")
    seen = Subquery(sessions.annotate(seen=Max("last_seen_at")).values("seen"))
    return users.annotate(
        used_photos=_number(photos.annotate(n=Count("pk")).values("n")),
        used_bytes=storage_used_of_users(),
        used_jobs=_number(jobs.order_by().values("user").annotate(n=Sum("jobs")).values("n")),
        last_seen=Greatest(
            Coalesce(seen, "last_login"), Coalesce("last_login", seen)
        ),  # SQLite's MAX of two is empty where one is
    )


def _number(rows: QuerySet[Any, Any]) -> Coalesce:
    return Coalesce(Subquery(rows, output_field=BigIntegerField()), 0)


def count_users() -> dict[str, int]:
    """Count users, those who came this week and those who leave; one query."""
    week = timezone.now() - 7 * DAY
    return User.objects.aggregate(
        all=Count("pk"),
        new=Count("pk", filter=Q(date_joined__gt=week)),
        closed=Count("pk", filter=STATES["closed"]),
        leaving=Count("pk", filter=STATES["leaving"]),
    )


def limits_of(user: User) -> dict[str, int]:
    """Return what a user may use: their own figures, else the site's."""
    own = {name: getattr(user, name) for name in QUOTAS}
    return {
        name: getattr(settings, name.upper()) if figure is None else figure
        for name, figure in own.items()
    }

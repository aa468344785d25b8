"""Users as staff see them: what they use and may use, and when they were last here."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import transaction
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
from django.utils.translation import gettext

from webapp.accounts.models import JobCount, User
from webapp.audit.models import Entry
from webapp.audit.services import record
from webapp.library.models import Photo

DAY = timedelta(days=1)
QUOTAS = ("quota_bytes", "quota_photos", "quota_jobs_per_day")
STATES = {
    "active": Q(is_active=True, deletion_asked_at=None),
    "closed": Q(is_active=False),
    "leaving": Q(deletion_asked_at__isnull=False),
    "staff": Q(is_staff=True),
}


class AccountRefused(Exception):
    """This may not be done to this account; the message says why."""


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
        used_bytes=_number(photos.annotate(n=Sum("bytes")).values("n")),
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


def set_quotas(*, actor: User, user: User, quotas: dict[str, int | None]) -> bool:
    """Give a user other limits; None is the site's.

    Returns:
        Whether anything has changed.
    """
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user.pk)
        changed = [name for name in QUOTAS if getattr(user, name) != quotas[name]]
        if not changed:
            return False
        note_quotas(actor=actor, user=user, quotas={name: quotas[name] for name in changed})
        for name in changed:
            setattr(user, name, quotas[name])
        user.save(update_fields=changed)
    return True


def note_quotas(*, actor: User, user: User, quotas: dict[str, int | None]) -> None:
    """Put a change of limits down in the audit log; ``user`` still shows the former ones."""
    told = [
        f"{name.removeprefix('quota_')}: {_word(getattr(user, name))} -> {_word(figure)}"
        for name, figure in quotas.items()
    ]
    record(
        actor=actor,
        action=Entry.Action.QUOTA_CHANGED,
        subject=f"user {user.pk}",
        detail=", ".join(told),
    )


def _word(figure: int | None) -> str:
    return "site's" if figure is None else str(figure)


def close_account(*, actor: User, user: User) -> None:
    """Let a user in no more; photos and everything else stay, and the account can be opened again.

    Raises:
        AccountRefused: it is the actor's own, or that of staff and the actor is no superuser.
    """
    if user.pk == actor.pk:
        raise AccountRefused(gettext("You cannot close your own account here."))
    _switch(actor, user, active=False)


def open_account(*, actor: User, user: User) -> None:
    """Let a user in again.

    Raises:
        AccountRefused: it is that of staff and the actor is no superuser.
    """
    _switch(actor, user, active=True)


def _switch(actor: User, user: User, *, active: bool) -> None:
    if (user.is_staff or user.is_superuser) and not actor.is_superuser:
        raise AccountRefused(gettext("Only superusers do that to the accounts of staff."))
    action = Entry.Action.ACCOUNT_OPENED if active else Entry.Action.ACCOUNT_CLOSED
    with transaction.atomic():
        if User.objects.filter(pk=user.pk, is_active=not active).update(is_active=active):
            record(actor=actor, action=action, subject=f"user {user.pk}")

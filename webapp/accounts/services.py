"""What is done with accounts: guests move in, preferences, and leaving for good."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import structlog
from allauth.account.internal.stagekit import LOGIN_SESSION_KEY
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.auth import SESSION_KEY
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Model
from django.db.models.deletion import Collector
from django.utils import timezone

from webapp.accounts import mail
from webapp.accounts.models import User
from webapp.audit.models import Entry
from webapp.audit.services import record
from webapp.common.hooks import providers

log = structlog.get_logger(__name__)


def remember_guest(*, user: User, guest_key: str) -> None:
    """Note which guest signed up as ``user``; their photos move at the first sign-in."""
    if guest_key and not user.guest_key:
        user.guest_key = guest_key
        user.save(update_fields=["guest_key"])


@transaction.atomic
def adopt_guest(*, user: User, guest_key: str) -> None:
    """Give ``user`` what the guest of this session has brought, and the one who signed up."""
    for key in sorted({guest_key, user.guest_key} - {""}):
        for provider in providers():
            provider.adopt(user, key)
        log.info("guest_moved_in", user=user.pk)
    if user.guest_key:
        user.guest_key = ""
        user.save(update_fields=["guest_key"])


def save_preferences(*, user: User, **chosen: Any) -> None:
    """Keep what ``user`` prefers: any of language, theme, and the fields named ``default_…``."""
    for name, value in chosen.items():
        setattr(user, name, value)
    user.save(update_fields=list(chosen))


@transaction.atomic
def ask_deletion(*, user: User) -> datetime:
    """Let an account go after the days of grace; signing in before keeps it.

    Returns:
        When it goes.
    """
    user.deletion_asked_at = timezone.now()
    user.save(update_fields=["deletion_asked_at"])
    record(actor=user, action=Entry.Action.ACCOUNT_DELETION_ASKED, subject=f"user {user.pk}")
    due = deletion_due(user.deletion_asked_at)
    transaction.on_commit(lambda: _end_sessions(user))
    transaction.on_commit(
        lambda: mail.send(user=user, template="accounts/mail/deletion_asked", context={"due": due})
    )
    return due


@transaction.atomic
def cancel_deletion(*, user: User) -> None:
    """Keep an account that was about to go; nothing happens to any other."""
    if user.deletion_asked_at is None:
        return
    user.deletion_asked_at = None
    user.save(update_fields=["deletion_asked_at"])
    record(actor=user, action=Entry.Action.ACCOUNT_DELETION_CANCELLED, subject=f"user {user.pk}")
    transaction.on_commit(
        lambda: mail.send(user=user, template="accounts/mail/deletion_cancelled", context={})
    )


def deletion_due(asked_at: datetime) -> datetime:
    """Return when an account goes whose deletion was asked for then."""
    return asked_at + timedelta(days=settings.ACCOUNT_GRACE_DAYS)


def delete_due_accounts(*, now: datetime) -> int:
    """Delete the accounts whose days of grace are over.

    Returns:
        How many.
    """
    due = now - timedelta(days=settings.ACCOUNT_GRACE_DAYS)
    gone = 0
    for user in User.objects.filter(deletion_asked_at__lte=due):
        try:
            delete_account(user=user)
            gone += 1
        except Exception:  # one account that sticks keeps no other; the next round tries again
            log.exception("account_not_deleted", user=user.pk)
    return gone


def delete_account(*, user: User) -> None:
    """Delete a user with every row and every file, for good; the audit log keeps a number."""
    number = user.pk
    with transaction.atomic():
        for provider in providers():
            provider.delete(user)
        _end_sessions(user)
        _forget_in_admin(user)
        user.delete()
        record(actor=None, action=Entry.Action.ACCOUNT_DELETED, subject=f"user {number}")


def end_session(*, user: User, session_id: int) -> bool:
    """Sign one of the user's browsers out; its websockets close when they next look.

    Returns:
        Whether the user had such a session.
    """
    session = UserSession.objects.filter(user=user, pk=session_id).first()
    if session is None:
        return False
    session.end()
    return True


def purge_sessions() -> None:
    """Forget address and browser of sessions that are over."""
    alive = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    UserSession.objects.exclude(session_key__in=alive).delete()


def _end_sessions(user: User) -> None:
    """End every session of a user, those that wait for a second step of signing in included."""
    UserSession.objects.filter(user=user).delete()
    for session in Session.objects.iterator(chunk_size=500):
        data = session.get_decoded()
        begun = (data.get(LOGIN_SESSION_KEY) or {}).get("user_pk")
        if str(user.pk) in (data.get(SESSION_KEY), begun):
            session.delete()


def _forget_in_admin(user: User) -> None:
    """Delete what the admin has noted about a user's rows, whoever changed them: it names them."""
    collector = Collector(using="default", origin=user)
    collector.collect([user])
    going: list[tuple[type[Model], Iterable[Any]]] = [
        *((model, [row.pk for row in rows]) for model, rows in collector.data.items()),
        *((query.model, query.values_list("pk", flat=True)) for query in collector.fast_deletes),
    ]
    for model, keys in going:
        kind = ContentType.objects.get_for_model(model)
        LogEntry.objects.filter(content_type=kind, object_id__in=[*map(str, keys)]).delete()

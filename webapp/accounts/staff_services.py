"""What staff do with accounts: other limits, closed, opened; each stands in the audit log."""

from __future__ import annotations

from collections.abc import Mapping

from allauth.usersessions.models import UserSession
from django.db import transaction
from django.utils.translation import gettext

from webapp.accounts.models import User
from webapp.audit.models import Entry
from webapp.audit.services import record

QUOTAS = ("quota_bytes", "quota_photos", "quota_jobs_per_day")


class AccountError(Exception):
    """This may not be done to this account; the message says why."""


def set_quotas(*, actor: User, user: User, quotas: Mapping[str, int | None]) -> bool:
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


def note_quotas(*, actor: User | None, user: User, quotas: Mapping[str, int | None]) -> None:
    """Put a change of limits down in the audit log; ``user`` still shows the former ones."""
    reported = [
        f"{name.removeprefix('quota_')}: {_word(getattr(user, name))} -> {_word(figure)}"
        for name, figure in quotas.items()
    ]
    record(
        actor=actor,
        action=Entry.Action.QUOTA_CHANGED,
        subject=f"user {user.pk}",
        detail=", ".join(reported),
    )


def _word(figure: int | None) -> str:
    return "site's" if figure is None else str(figure)


def close_account(*, actor: User, user: User) -> None:
    """Let a user in no more; photos and everything else stay, and the account can be opened again.

    Raises:
        AccountError: it is the actor's own, or that of staff and the actor is no superuser.
    """
    if user.pk == actor.pk:
        raise AccountError(gettext("You cannot close your own account here."))
    _switch(actor, user, active=False)


def open_account(*, actor: User, user: User) -> None:
    """Let a user in again.

    Raises:
        AccountError: it is that of staff and the actor is no superuser.
    """
    _switch(actor, user, active=True)


def _switch(actor: User, user: User, *, active: bool) -> None:
    if (user.is_staff or user.is_superuser) and not actor.is_superuser:
        raise AccountError(gettext("Only superusers do that to the accounts of staff."))
    with transaction.atomic():
        if User.objects.filter(pk=user.pk, is_active=not active).update(is_active=active):
            note_switch(actor=actor, user=user, active=active)
    if not active:
        for session in UserSession.objects.filter(user=user):
            session.end()


def note_switch(*, actor: User | None, user: User, active: bool) -> None:
    """Put it down in the audit log that an account was closed or opened."""
    action = Entry.Action.ACCOUNT_OPENED if active else Entry.Action.ACCOUNT_CLOSED
    record(actor=actor, action=action, subject=f"user {user.pk}")

"""Writing the audit log."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.contrib.auth.models import AbstractUser

from webapp.audit.models import Entry

log = structlog.get_logger(__name__)


def record(
    *, actor: AbstractUser | None, action: Entry.Action, subject: str, detail: str = ""
) -> None:
    """Note what somebody did; part of the running transaction, so that it stands or falls with it.

    Args:
        actor: who; None for guests, for the command line, and for the site itself.
        action: what.
        subject: what it was done to: a model's name, a photo's id.
        detail: more, in a few words; never a title, an address or anything else that is private.
    """
    who = actor.pk if actor else None
    Entry.objects.create(actor_id=who, action=action, subject=subject[:100], detail=detail[:300])
    log.info(
        "audited", actor=who, action=str(action), subject=subject,
        detail=detail,
    )  # fmt: skip


def prune_audit(*, now: datetime) -> int:
    """Delete entries that are older than ``AUDIT_DAYS``; return how many."""
    old = Entry.objects.filter(created__lt=now - timedelta(days=settings.AUDIT_DAYS))
    return old.delete()[0]

"""Writing the audit log."""

from __future__ import annotations

import structlog

from webapp.accounts.models import User
from webapp.audit.models import Entry

log = structlog.get_logger(__name__)


def record(*, actor: User | None, action: Entry.Action, subject: str, detail: str = "") -> None:
    """Note what somebody did; part of the running transaction, so that it stands or falls with it.

    Args:
        actor: who; None for guests, for the command line, and for the site itself.
        action: what.
        subject: what it was done to: a model's name, a photo's id.
        detail: more, in a few words; never a title, an address or anything else that is private.
    """
    Entry.objects.create(actor=actor, action=action, subject=subject[:100], detail=detail[:300])
    log.info(
        "audited", actor=actor.pk if actor else None, action=str(action), subject=subject,
        detail=detail,
    )  # fmt: skip

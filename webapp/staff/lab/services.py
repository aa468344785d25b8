"""What staff do to work in progress; each stands in the audit log."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import transaction

from training.models import Work
from training.runs.claims import cancel, kind_of, resume
from webapp.audit.models import Entry
from webapp.audit.services import record


def cancel_work(*, actor: AbstractUser, work: Work) -> None:
    """Ask ``work`` to stop.

    Raises:
        WorkStateError: it has ended already.
    """
    with transaction.atomic():
        cancel(work, actor=actor)
        _record(actor, Entry.Action.JOB_CANCELLED, work)


def resume_work(*, actor: AbstractUser, work: Work) -> None:
    """Have a worker go on with cancelled or failed ``work``.

    Raises:
        WorkStateError: it is done, waits or runs already.
    """
    with transaction.atomic():
        resume(work)
        _record(actor, Entry.Action.JOB_RETRIED, work)


def _record(actor: AbstractUser, action: Entry.Action, work: Work) -> None:
    record(actor=actor, action=action, subject=f"{kind_of(work)} {work.name}")

"""What staff do to work in progress, noted where the admin shows it."""

from __future__ import annotations

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import AbstractUser
from django.db import transaction

from training.models import Work
from training.work import cancel, resume


def cancel_work(*, actor: AbstractUser, work: Work) -> None:
    """Ask ``work`` to stop.

    Raises:
        WorkRefused: it has ended already.
    """
    with transaction.atomic():
        cancel(work, actor=actor)
        _note(actor, work, "Cancelled.")


def resume_work(*, actor: AbstractUser, work: Work) -> None:
    """Have a worker go on with cancelled or failed ``work``.

    Raises:
        WorkRefused: it is done, waits or runs already.
    """
    with transaction.atomic():
        resume(work)
        _note(actor, work, "Resumed.")


def _note(actor: AbstractUser, work: Work, what: str) -> None:
    LogEntry.objects.log_actions(
        user_id=actor.pk,
        queryset=[work],
        action_flag=CHANGE,
        change_message=what,
        single_object=True,
    )

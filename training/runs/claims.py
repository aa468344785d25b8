"""Work in progress: claimed by one process, alive as long as its beat, stopped when asked to.

The rules that runs, searches and evaluations share. The row is the truth: the process that works on
it shows the ``attempt`` that it claimed, and a row whose beat has stopped is taken up again.
"""

from __future__ import annotations

import uuid
from functools import partial
from typing import Any

import structlog
from celery import current_app
from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext

from training.leases import Leases, database_now, owned
from training.models import Evaluation, Run, Search, Work

KINDS: dict[str, type[Work]] = {"run": Run, "search": Search, "evaluation": Evaluation}
TASK = "training.work"
QUEUE = "training"
HEARTBEAT_SECONDS = 2.0
SILENT_SECONDS = 180.0
"""After so long without a beat, its process is taken for dead.

A step, or the export at the end, takes that long on no machine that anybody would train on.
"""
REQUEUE_SECONDS = 20.0
"""Between two searches for queued work whose message was lost."""
LEASES = Leases(seconds=lambda: SILENT_SECONDS, field="beat", is_heartbeat=True)

log = structlog.get_logger(__name__)


class WorkNotFoundError(Exception):
    """There is no such work."""


class WorkStateError(Exception):
    """What was asked for cannot be done to this work as it stands; the message says why."""


def kind_of(work: Work) -> str:
    """Return the word for what ``work`` is."""
    return str(work._meta.model_name)


def find_work(kind: str, work_id: uuid.UUID | str) -> Work:
    """Return one piece of work.

    Raises:
        WorkNotFoundError: there is none of that kind with that id.
    """
    try:
        work: Work = KINDS[kind].objects.get(pk=work_id)  # type: ignore[attr-defined]
    except (KeyError, ValidationError, KINDS.get(kind, Run).DoesNotExist):
        raise WorkNotFoundError(f"There is no {kind} {work_id}.") from None
    return work


def send_to_worker(work: Work) -> None:
    """Have queued work taken by a worker, once the running transaction has been committed.

    A broker that is away is logged and no error: :func:`requeue` asks again.
    """
    transaction.on_commit(partial(_send, kind_of(work), str(work.pk)))


def _send(kind: str, work_id: str) -> None:
    try:
        # Dropped when it is asked for again, so that a long run leaves no heap behind it.
        current_app.send_task(
            TASK, args=[kind, work_id], queue=QUEUE, retry=False, expires=REQUEUE_SECONDS
        )
    except Exception:  # every transport has its own family of errors
        log.exception("task_not_sent", task=TASK, kind=kind, work=work_id)


def claim(work: Work) -> bool:
    """Take queued work for this process; whether it is now this process's.

    On success ``work`` shows the new ``attempt``, with which every later write is fenced.
    """
    now = database_now()
    rows = _rows(work).filter(status=Work.Status.QUEUED, cancel_asked=False)
    claimed = LEASES.claim(rows, now=now, seq=F("seq") + 1, started=now, finished=None, error="")
    work.refresh_from_db()
    return bool(claimed)


def heartbeat(work: Work, **progress: Any) -> bool:
    """Show that ``work`` goes on, and how far it is.

    Returns:
        Whether to go on: not after a request to cancel, or if another process took the work over.
    """
    return LEASES.renew(owned(work), seq=F("seq") + 1, **progress) and not is_cancelled(work)


def finish(work: Work, status: Work.Status, *, error: str = "", **results: Any) -> bool:
    """End this attempt; whether it was still this process's to end.

    ``QUEUED`` gives it back, to be gone on with by another process.
    """
    now = database_now()
    ended = LEASES.end(owned(work), status, error=error, seq=F("seq") + 1, finished=now, **results)
    work.refresh_from_db()
    return ended


def cancel(work: Work, *, actor: AbstractUser | None = None) -> None:
    """Ask ``work`` to stop; what is queued is cancelled at once.

    Raises:
        WorkStateError: it has ended already.
    """
    stopped = _rows(work).filter(status=Work.Status.QUEUED)
    if stopped.update(status=Work.Status.CANCELLED, seq=F("seq") + 1, finished=database_now()):
        return
    running = _rows(work).filter(status=Work.Status.RUNNING)
    if not running.update(cancel_asked=True, seq=F("seq") + 1):
        raise WorkStateError(gettext("%(name)s has ended already.") % {"name": work.name})
    log.info("work_cancelled", work=work.name, actor=getattr(actor, "pk", None))


def is_cancelled(work: Work) -> bool:
    """Whether ``work`` was asked to stop."""
    return _rows(work).filter(cancel_asked=True).exists()


def reopen(work: Work, *, dead: bool = False) -> None:
    """Queue cancelled or failed work again; the next process goes on from where it was.

    Args:
        work: what to go on with.
        dead: the caller knows that the process of running work has gone.

    Raises:
        WorkStateError: it is done, waits or runs already.
    """
    ended = Q(status__in=[Work.Status.CANCELLED, Work.Status.FAILED])
    if dead:
        ended |= Q(status=Work.Status.RUNNING)
    again = (
        _rows(work)
        .filter(ended)
        .update(status=Work.Status.QUEUED, cancel_asked=False, error="", seq=F("seq") + 1)
    )
    work.refresh_from_db()
    if not again:
        message = gettext("%(name)s has not stopped: there is nothing to resume.")
        raise WorkStateError(message % {"name": work.name})


def resume(work: Work) -> None:
    """Have a worker go on with cancelled or failed work; errors as :func:`reopen`'s."""
    reopen(work)
    send_to_worker(work)


def requeue() -> int:
    """Queue work whose process has gone, and ask again for all that is queued.

    Returns:
        How many pieces of work were sent to a worker.
    """
    sent = 0
    now = database_now()
    for model in KINDS.values():
        rows: QuerySet[Any] = model.objects.all()  # type: ignore[attr-defined]
        for work in LEASES.expired(rows, now=now):
            log.warning("work_requeued", work=work.name, attempt=work.attempt)
            finish(work, Work.Status.QUEUED)
        for work in rows.filter(status=Work.Status.QUEUED):
            _send(kind_of(work), str(work.pk))
            sent += 1
    return sent


def _rows(work: Work) -> QuerySet[Any]:
    rows: QuerySet[Any] = type(work).objects.filter(pk=work.pk)  # type: ignore[attr-defined]
    return rows

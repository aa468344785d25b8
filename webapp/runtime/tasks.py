"""The clock's tasks, and the heartbeat of workers that are processes of their own."""

from __future__ import annotations

import threading
from typing import Any

import structlog
from celery import shared_task
from celery.signals import heartbeat_sent, worker_process_init, worker_ready, worker_shutdown
from django.conf import settings
from django.db import connection
from django.utils import timezone

from webapp.accounts.exports import purge_exports, revive_exports
from webapp.accounts.services import delete_due_accounts, purge_sessions
from webapp.api.idempotency import forget_answers
from webapp.batches.leases import reap as reap_batches
from webapp.batches.services import purge_batches
from webapp.celery import app
from webapp.library.quota import purge_job_counts
from webapp.library.services import purge_guests
from webapp.library.trash import purge_trash
from webapp.runtime.health import worker_seen
from webapp.runtime.workers import Teller
from webapp.studio import inference
from webapp.studio.leases import reap
from webapp.studio.services import prune_jobs
from webapp.uploads.services import purge_uploads

log = structlog.get_logger(__name__)

_teller: Teller | None = None
"""Of this process, where it is a worker."""


@shared_task(name="runtime.reap")
def reap_jobs() -> None:
    """Bring back jobs and exports whose worker has gone."""
    reap(now=timezone.now())
    revive_exports(now=timezone.now())
    reap_batches(now=timezone.now())


@shared_task(name="runtime.clean_up")
def clean_up() -> None:
    """Delete what has expired: guests' photos, trash, uploads, exports, accounts, old strokes."""
    now = timezone.now()
    purge_guests()
    purge_trash()
    purge_uploads()
    purge_exports(now=now)
    purge_job_counts(now=now)
    delete_due_accounts(now=now)
    purge_sessions()
    prune_jobs(now=now)
    purge_batches()
    forget_answers(now=now)


@shared_task(name="runtime.nudge")
def nudge() -> None:
    """Do nothing: its message wakes a worker that is to notice something."""


@heartbeat_sent.connect(dispatch_uid="webapp.runtime.heartbeat")
def on_heartbeat(**_: Any) -> None:
    """Let the web processes know that a worker lives."""
    if settings.EMBEDDED:
        return
    if _teller is not None:
        _teller.beat()
    try:
        worker_seen()
    except Exception:  # the cache is away: the worker goes on, and /readyz tells
        log.exception("heartbeat_not_noted")


@worker_ready.connect(dispatch_uid="webapp.runtime.teller")
def on_ready(sender: Any, **_: Any) -> None:
    """Begin to tell what this worker does; it is ready again after each loss of the broker."""
    global _teller
    if _teller is None:
        _teller = Teller(sender.hostname, app.amqp.queues.consume_from)
        _teller.start()


@worker_shutdown.connect(dispatch_uid="webapp.runtime.teller")
def on_shutdown(**_: Any) -> None:
    """Say goodbye."""
    if _teller is not None:
        _teller.stop()


@worker_process_init.connect(dispatch_uid="webapp.runtime.warm_up")
def on_process_init(**_: Any) -> None:
    """Load the live model beside the first tasks: Celery kills a child that starts for 4 seconds.

    The embedded worker is asked by a task, for its start has no such limit and one thread.
    """
    if not settings.EMBEDDED:
        threading.Thread(target=_warm_up, name="warm-up", daemon=True).start()


def _warm_up() -> None:
    try:
        inference.warm_up()
    except Exception:  # the first task tells its user; here nobody waits
        log.exception("not_warmed_up")
    finally:
        connection.close()

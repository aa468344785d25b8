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

from training.leases import database_now
from webapp.accounts.exports import purge_exports, requeue_exports
from webapp.accounts.quota import purge_job_counts
from webapp.accounts.services import delete_due_accounts, purge_sessions
from webapp.api.idempotency import forget_answers
from webapp.audit.services import prune_audit
from webapp.batches.leases import reap as reap_batches
from webapp.batches.services import purge_batches
from webapp.common.celery import app
from webapp.common.queue import STROKES
from webapp.common.workers import WorkerReporter, reaper_seen, worker_seen
from webapp.gallery.labels import purge_labels
from webapp.gallery.trash import purge_trash
from webapp.photos.services import purge_guests
from webapp.studio import inference
from webapp.studio.leases import reap
from webapp.studio.services import prune_jobs
from webapp.uploads.services import purge_uploads
from webapp.webhooks.services import prune_deliveries, send_due

log = structlog.get_logger(__name__)

REAP_SECONDS = 2.0
CLEAN_UP_SECONDS = 3600.0
REQUEUE_SECONDS = 20.0
MEASURE_SECONDS = 600.0

# What has not begun when it is due again is dropped, so that a long absence leaves no heap.
app.conf.beat_schedule = {
    "reap": {
        "task": "runtime.reap",
        "schedule": REAP_SECONDS,
        "options": {"queue": "clock", "expires": REAP_SECONDS},
    },
    "requeue": {
        "task": "training.requeue",
        "schedule": REQUEUE_SECONDS,
        "options": {"queue": "clock", "expires": REQUEUE_SECONDS},
    },
    "measure-usage": {
        "task": "dashboard.measure_usage",
        "schedule": MEASURE_SECONDS,
        "options": {"queue": "default", "expires": MEASURE_SECONDS},
    },
    "clean-up": {
        "task": "runtime.clean_up",
        "schedule": CLEAN_UP_SECONDS,
        "options": {"queue": "default", "expires": CLEAN_UP_SECONDS},
    },
}

_reporter: WorkerReporter | None = None
"""Of this process, where it is a worker."""


@shared_task(name="runtime.reap")
def reap_jobs() -> None:
    """Bring back jobs and exports whose worker has gone."""
    now = database_now()
    reap(now=now)
    requeue_exports(now=now)
    reap_batches(now=now)
    send_due(now=timezone.now())
    reaper_seen()


@shared_task(name="runtime.clean_up")
def clean_up() -> None:
    """Delete what has expired: of guests, trash, uploads, exports, accounts, strokes, the log."""
    now = timezone.now()
    purge_guests()
    purge_labels()
    purge_trash()
    purge_uploads()
    purge_exports(now=now)
    purge_job_counts(now=now)
    delete_due_accounts(now=now)
    purge_sessions()
    prune_jobs(now=now)
    purge_batches()
    forget_answers(now=now)
    prune_audit(now=now)
    prune_deliveries(now=now)


@shared_task(name="runtime.nudge")
def nudge() -> None:
    """Do nothing: its message wakes a worker that is to notice something."""


@heartbeat_sent.connect(dispatch_uid="webapp.ops.heartbeat")
def on_heartbeat(**_: Any) -> None:
    """Let the web processes know that a worker lives, and that there is one for strokes."""
    if settings.EMBEDDED:
        return
    if _reporter is not None:
        _reporter.heartbeat()
    try:
        if STROKES.split(",")[0] in app.amqp.queues.consume_from:
            worker_seen()
    except Exception:  # the cache is away: the worker goes on, and /readyz tells
        log.exception("heartbeat_not_noted")


@worker_ready.connect(dispatch_uid="webapp.ops.reporter")
def on_ready(sender: Any, **_: Any) -> None:
    """Begin to tell what this worker does; it is ready again after each loss of the broker."""
    global _reporter
    if _reporter is None:
        _reporter = WorkerReporter(sender.hostname, app.amqp.queues.consume_from)
        _reporter.start()


@worker_shutdown.connect(dispatch_uid="webapp.ops.reporter")
def on_shutdown(**_: Any) -> None:
    """Say goodbye."""
    if _reporter is not None:
        _reporter.stop()


@worker_process_init.connect(dispatch_uid="webapp.ops.warm_up")
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

"""The embedded profile's workers: Celery in the server's process, on a memory broker.

Its queue vanishes with the process and nothing of it is shared with another process. The job rows
are the truth, and a lock in ``DATA_DIR`` sees that one process at a time works on them.
"""

from __future__ import annotations

import threading
from typing import IO, Any

import structlog
from celery.beat import EmbeddedService, Scheduler
from celery.signals import task_failure
from celery.worker import WorkController
from celery.worker import state as worker_state
from django.conf import settings
from django.db import connection
from django.utils import timezone

from training.runs.claims import requeue
from webapp.batches.leases import reap as reap_batches
from webapp.common.celery import app
from webapp.common.queue import BACKGROUND, THREAD_QUEUES, enqueue
from webapp.common.threads import step_back
from webapp.common.workers import WorkerThread, own_threads
from webapp.ops.lock import take_lock
from webapp.studio.leases import reap

log = structlog.get_logger(__name__)

START_SECONDS = 120.0
STOP_SECONDS = 5.0
TASKS_PER_CONNECTION = 1000
"""A database connection costs as much as several queries; Celery's default is a new one a task."""


class EmbeddedError(RuntimeError):
    """The embedded worker cannot run here; the message says why."""


class _Worker(WorkController):  # type: ignore[misc]  # celery ships no types
    """Celery's worker without its command line: no signal handlers, no log set-up."""

    def __init__(self, queues: str, ready: threading.Event) -> None:
        self._ready = ready
        app.conf["CELERY_DB_REUSE_MAX"] = TASKS_PER_CONNECTION
        task_failure.connect(_forget_connection)
        super().__init__(
            app=app,
            hostname=f"embedded-{queues.split(',')[0]}@rehue",
            pool_cls="solo",
            concurrency=1,
            queues=queues,
            loglevel="WARNING",
            without_mingle=True,
            without_gossip=True,
            without_heartbeat=True,
        )

    def on_consumer_ready(self, consumer: Any) -> None:
        """Let :meth:`EmbeddedRuntime.start` go on: tasks are being taken."""
        self._ready.set()


def hold_folder() -> IO[str]:
    """Hold ``DATA_DIR`` for this process, until the returned file is closed.

    Raises:
        EmbeddedError: another process holds it.
    """
    lock = take_lock(settings.DATA_DIR / "serve.lock")
    if lock is None:
        raise EmbeddedError(
            f"Another process of Rehue works on {settings.DATA_DIR} already, and without Redis "
            "there can be only one. Stop it, run one web worker instead of several, or set "
            "DATABASE_URL and REDIS_URL."
        )
    return lock


def _forget_connection(**_: Any) -> None:
    """After an error begin with a new connection: the old one may be what was wrong."""
    connection.close()


class EmbeddedRuntime:
    """The worker threads and the clock of the embedded profile; starts and stops several times."""

    def __init__(self) -> None:
        self._lock: IO[str] | None = None
        self._threads: list[WorkerThread] = []
        self._clock: Any = None

    def start(self) -> None:
        """Start working, and bring back what an earlier process left behind.

        Raises:
            EmbeddedError: another process works on this ``DATA_DIR``, or the worker did not start.
        """
        self._lock = hold_folder()
        worker_state.should_stop = None  # global, and still set after an earlier stop
        self._threads = [_start_worker(queues) for queues in THREAD_QUEUES]
        own_threads[:] = self._threads
        enqueue("studio.warm_up", queue="interactive")
        now = timezone.now()
        requeued = reap(now=now, everything=True) + reap_batches(now=now, everything=True)
        requeue()
        connection.close()
        if requeued:
            log.info("jobs_brought_back", jobs=requeued)
        self._clock = EmbeddedService(app, thread=True, scheduler_cls=Scheduler)
        self._clock.start()

    def stop(self) -> None:
        """Stop after the task in hand; one that takes longer is taken up by the next start."""
        if self._clock is not None:
            self._clock.service.stop()
        if self._threads:
            worker_state.should_stop = 0
            for queues in (
                THREAD_QUEUES * 2
            ):  # each sleeps until a message, and once more on its way out
                app.send_task("runtime.nudge", queue=queues.split(",")[0])
        for one in self._threads:
            one.thread.join(STOP_SECONDS)
        if self._lock is not None:
            self._lock.close()


def _start_worker(queues: str) -> WorkerThread:
    """Start a worker thread for some queues and wait until it takes tasks.

    Workers start one after the other, for Celery keeps what the last one listens to globally.

    Raises:
        EmbeddedError: it did not come up.
    """
    ready = threading.Event()

    def run() -> None:
        if queues == BACKGROUND:
            step_back()
        _Worker(queues, ready).start()

    thread = threading.Thread(target=run, name=f"worker-{queues}", daemon=True)
    thread.start()
    if not ready.wait(START_SECONDS):
        raise EmbeddedError(f"The worker did not start within {START_SECONDS:.0f} seconds.")
    return WorkerThread(thread.name, tuple(queues.split(",")), thread)

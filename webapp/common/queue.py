"""The door to the workers: tasks are asked for by name, so that nobody imports what they import."""

from __future__ import annotations

import uuid
from functools import partial
from typing import Literal

import structlog
from django.db import transaction

from webapp.common.celery import app

log = structlog.get_logger(__name__)

Queue = Literal["interactive", "predictions", "batch", "default"]

STROKES, BACKGROUND, TRAINING, CLOCK = (
    "interactive,predictions",
    "default,batch",
    "training",
    "clock",
)
THREAD_QUEUES = (STROKES, BACKGROUND, TRAINING, CLOCK)
"""A worker each, which prefers the queue named first: strokes do not wait behind a large picture
that is made for a download, neither behind a training, which a process of its own does while its
worker waits; and nothing is in the way of bringing back what a dead worker left."""


def enqueue(task_name: str, *ids: uuid.UUID, queue: Queue = "default") -> None:
    """Ask a worker to run a task, once the running transaction has been committed.

    A broker that cannot be reached is logged and no error: the rows say what is to be done, and
    the reaper asks again (:func:`webapp.studio.leases.reap`).

    Args:
        task_name: the name that the task is registered under.
        ids: its arguments.
        queue: the queue to put it on.
    """
    transaction.on_commit(partial(_send, task_name, [str(one) for one in ids], queue))


def _send(task_name: str, args: list[str], queue: Queue) -> None:
    try:
        app.send_task(task_name, args=args, queue=queue, retry=False)
    except Exception:  # every transport has its own family of errors
        log.exception("task_not_sent", task=task_name, args=args)

"""The clock's tasks, and the heartbeat of workers that are processes of their own."""

from __future__ import annotations

from typing import Any

import structlog
from celery import shared_task
from celery.signals import heartbeat_sent
from django.conf import settings
from django.utils import timezone

from webapp.library.services import purge_guests
from webapp.runtime.health import worker_seen
from webapp.studio.leases import reap
from webapp.studio.services import prune_jobs

log = structlog.get_logger(__name__)


@shared_task(name="runtime.reap")
def reap_jobs() -> None:
    """Bring back jobs whose worker has gone."""
    reap(now=timezone.now())


@shared_task(name="runtime.clean_up")
def clean_up() -> None:
    """Delete what guests left to expire, and the rows of old strokes."""
    purge_guests()
    prune_jobs(now=timezone.now())


@shared_task(name="runtime.nudge")
def nudge() -> None:
    """Do nothing: its message wakes a worker that is to notice something."""


@heartbeat_sent.connect(dispatch_uid="webapp.runtime.heartbeat")
def on_heartbeat(**_: Any) -> None:
    """Let the web processes know that a worker lives."""
    if settings.EMBEDDED:
        return
    try:
        worker_seen()
    except Exception:  # the cache is away: the worker goes on, and /readyz tells
        log.exception("heartbeat_not_noted")

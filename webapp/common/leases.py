"""What the site's jobs add to the lease machine: their limits, and messages that went astray."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet

from training.leases import Leases
from webapp.common.workers import BrokerUnavailableError, queue_lengths

JOB_LEASES = Leases(
    seconds=lambda: settings.JOB_LEASE_SECONDS,
    max_attempts=lambda: settings.JOB_MAX_ATTEMPTS,
)
"""Of studio jobs, photos of batches, and exports."""

RESEND_SECONDS = 5
"""What waits and was taken by no worker for so long is sent again if its message was lost."""


def unsent(waiting: QuerySet[Any], *, queue: str, now: datetime) -> list[Any]:
    """Return the keys of waiting rows whose messages seem lost, the longest ago sent first.

    Args:
        waiting: rows that a worker could take, with ``enqueued`` and ``created``.
        queue: where their messages are.
        now: rows sent or made within ``RESEND_SECONDS`` before are left alone.
    """
    sent = now - timedelta(seconds=RESEND_SECONDS)
    old = waiting.filter(Q(enqueued__lt=sent) | Q(enqueued__isnull=True, created__lt=sent))
    if not old.exists():
        return []
    lost = _messages_lost(queue, waiting=waiting.count())
    return list(old.order_by("enqueued").values_list("pk", flat=True)[:lost])


def _messages_lost(queue: str, *, waiting: int) -> int:
    """Return how many messages are missing in a queue for so many rows that wait.

    Redis can be emptied, restarted, or away when a message is sent. One is held to be missing at
    least, for messages about other rows may lie in the queue; one too many does no harm. While
    the broker does not answer it is not asked for anything.
    """
    try:
        return max(1, waiting - queue_lengths([queue])[queue])
    except BrokerUnavailableError:
        return 0

"""Whether somebody takes the tasks that are put on the queue."""

from __future__ import annotations

from django.conf import settings
from django.core.cache import cache

from webapp.runtime import embedded

_SEEN = "runtime.worker_seen"
SEEN_SECONDS = 15
"""Workers tell every two seconds that they live; after so long without a word there is none."""


def worker_alive() -> bool:
    """Tell whether at least one worker takes tasks now."""
    if settings.EMBEDDED:
        return embedded.is_working()
    return cache.get(_SEEN) is not None


def worker_seen() -> None:
    """Note that a worker lives; called by workers of the scale-out profile."""
    cache.set(_SEEN, 1, timeout=SEEN_SECONDS)

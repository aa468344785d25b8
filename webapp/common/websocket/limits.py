"""What one client may ask of a websocket: so many messages, so many connections."""

from __future__ import annotations

import time
from collections import Counter


class TokenBucket:
    """Let ``rate`` messages a second through, and ``burst`` at once.

    Args:
        rate: tokens that come back each second.
        burst: tokens at the start, and the most there can be.
        now: the clock's reading in seconds; :func:`time.monotonic` when left out.
    """

    def __init__(self, *, rate: float, burst: float, now: float | None = None) -> None:
        self._rate = rate
        self._burst = burst
        self._tokens = float(burst)
        self._at = time.monotonic() if now is None else now

    def take(self, now: float | None = None) -> bool:
        """Take a token; False when there is none."""
        now = time.monotonic() if now is None else now
        self._tokens = min(self._burst, self._tokens + (now - self._at) * self._rate)
        self._at = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


class Connections:
    """How many sockets each actor has open in this process. Lives on the server's loop."""

    def __init__(self) -> None:
        self._open: Counter[str] = Counter()

    def enter(self, key: str, *, limit: int) -> bool:
        """Count one more for ``key``; False, and not counted, if it has ``limit`` already."""
        if self._open[key] >= limit:
            return False
        self._open[key] += 1
        return True

    def leave(self, key: str) -> None:
        """Count one less for ``key``."""
        self._open[key] -= 1
        if self._open[key] <= 0:
            del self._open[key]

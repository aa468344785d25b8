"""The broker of the embedded profile: kombu's in memory, but whoever waits is woken.

kombu's own looks for messages every ``polling_interval``: at 20 ms a stroke waits 10 ms on average
and an idle site still wakes fifty times a second. Here a message notifies whoever waits.
"""

from __future__ import annotations

import threading
from queue import Empty
from time import monotonic
from typing import Any

from kombu.transport import memory
from kombu.utils.scheduling import FairCycle


class Notifier:
    """Counts notices, so that one that came while nothing listened is not missed."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self.notices = 0

    def notify(self) -> None:
        """Wake everybody who waits."""
        with self._changed:
            self.notices += 1
            self._changed.notify_all()

    def wait(self, seen: int, seconds: float | None) -> bool:
        """Wait for a notice after the ``seen``-th; False if none came in time."""
        with self._changed:
            return self._changed.wait_for(lambda: self.notices > seen, seconds)


notifier = Notifier()


FIRST = "interactive"
"""The queue of strokes."""


class StrokesFirst(FairCycle):
    """Looks for a stroke before anything else, and into the other queues by turns."""

    def get(self, callback: Any, **kwargs: Any) -> Any:
        """Deliver the next message."""
        if FIRST in self.resources:
            self.pos = self.resources.index(FIRST)
        return super().get(callback, **kwargs)  # type: ignore[no-untyped-call]  # kombu's


class Channel(memory.Channel):
    """Rings for each message, and delivers strokes first."""

    def _reset_cycle(self) -> None:
        self._cycle = StrokesFirst(  # type: ignore[no-untyped-call]  # kombu's
            self._get_and_deliver, self._active_queues, Empty
        )

    def _put(self, queue: str, message: dict[str, Any], **kwargs: Any) -> None:
        super()._put(queue, message, **kwargs)  # type: ignore[no-untyped-call]  # kombu's
        notifier.notify()

    def _put_fanout(self, exchange: str, message: dict[str, Any], *args: Any, **kw: Any) -> None:
        super()._put_fanout(exchange, message, *args, **kw)  # type: ignore[no-untyped-call]
        notifier.notify()


class Transport(memory.Transport):
    """Sleeps until a message is put."""

    Channel = Channel

    cycle: FairCycle

    def drain_events(self, connection: Any, timeout: float | None = None, **_: Any) -> None:
        """Deliver the next message.

        Raises:
            TimeoutError: none came within ``timeout`` seconds.
        """
        deadline = None if timeout is None else monotonic() + timeout
        while True:
            seen = notifier.notices
            try:
                self.cycle.get(self._deliver, timeout=timeout)
            except Empty:
                left = None if deadline is None else deadline - monotonic()
                if (left is not None and left <= 0) or not notifier.wait(seen, left):
                    raise TimeoutError from None
            else:
                return

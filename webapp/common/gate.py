"""A gate that lets so many through at once, and everybody by turns.

For what is dear and done while somebody waits, such as decoding an upload. Of those who wait the
one comes next who was let through least lately; nobody is let through twice at once.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager


class BusyError(Exception):
    """There is no coming through now; ``seconds`` is when to try again."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"try again in {seconds} s")
        self.seconds = seconds


class Gate:
    """Lets ``width`` through at once, each key once at a time.

    Args:
        width: how many at once.
        waiting: how many of one key may wait.
    """

    def __init__(self, *, width: int, waiting: int) -> None:
        self._width, self._waiting_each = width, waiting
        self._changed = threading.Condition()
        self._inside: set[str] = set()
        self._waiting: Counter[str] = Counter()
        self._served: dict[str, float] = {}

    @contextmanager
    def turn(self, key: str, *, seconds: float) -> Iterator[None]:
        """Come through when it is the turn of ``key``, for the length of a ``with`` block.

        Raises:
            BusyError: too many of this key wait, or its turn did not come in time.
        """
        with self._changed:
            if self._waiting[key] >= self._waiting_each:
                raise BusyError(2)
            self._waiting[key] += 1
            try:
                if not self._changed.wait_for(lambda: self._is_next(key), seconds):
                    raise BusyError(5)
                self._inside.add(key)
            finally:
                self._waiting[key] -= 1
                if not self._waiting[key]:
                    del self._waiting[key]
        try:
            yield
        finally:
            with self._changed:
                self._inside.discard(key)
                self._served[key] = time.monotonic()
                self._forget()
                self._changed.notify_all()

    def _is_next(self, key: str) -> bool:
        if key in self._inside or len(self._inside) >= self._width:
            return False
        able = (one for one in self._waiting if one not in self._inside)
        return self._last(key) <= min(map(self._last, able))

    def _last(self, key: str) -> float:
        return self._served.get(key, 0.0)

    def _forget(self) -> None:
        """Keep the memory small: who was served a minute ago counts as never."""
        old = time.monotonic() - 60
        self._served = {key: at for key, at in self._served.items() if at > old}

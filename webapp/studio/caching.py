"""What a worker keeps in memory to do it once."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class LRUCache(Generic[Value]):
    """The values used last; each is made once, and nobody waits for another one's.

    Args:
        size: what all of them together may measure; the newest one is kept in any case.
        measure: of a value, which may grow while it is kept; each counts one without it.
    """

    def __init__(self, size: int, measure: Callable[[Value], int] = lambda _: 1) -> None:
        self._size, self._measure = size, measure
        self._values: OrderedDict[Hashable, Value] = OrderedDict()
        self._making: dict[Hashable, threading.Lock] = {}
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """Return the value kept under ``key``, or make and keep it."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
            making = self._making.setdefault(key, threading.Lock())
        with making:
            value = self._values.get(key) or make()
            with self._lock:
                self._values[key] = value
                self._making.pop(key, None)
                while len(self._values) > 1 and self._measured() > self._size:
                    self._values.popitem(last=False)
            return value

    def _measured(self) -> int:
        return sum(map(self._measure, self._values.values()))

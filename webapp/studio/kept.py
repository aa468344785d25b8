"""What a worker keeps in memory to do it once."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from colorizer.backends import Backend
from colorizer.color import Array

Value = TypeVar("Value")

OPINIONS_KEPT = 4
"""Of one network; some 6 MB each."""


class Kept(Generic[Value]):
    """The ``size`` values used last; each is made once, and nobody waits for another one's."""

    def __init__(self, size: int) -> None:
        self._size = size
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
                if len(self._values) > self._size:
                    self._values.popitem(last=False)
            return value


class Remembering:
    """A network that is asked for the same opinions again gives those it has.

    It gives them for a whole photo, and people ask place by place, while their hints stay the same.
    """

    def __init__(self, backend: Backend) -> None:
        self.backend = backend
        self._opinions: Kept[tuple[Array, Array]] = Kept(OPINIONS_KEPT)

    def run(self, lightness: Array, hint_ab: Array, mask: Array, prior_ab: Array) -> Array:
        """Predict ab; see :class:`colorizer.backends.Backend`."""
        return self.backend.run(lightness, hint_ab, mask, prior_ab)

    def opinions(
        self, lightness: Array, hint_ab: Array, mask: Array, prior_ab: Array
    ) -> tuple[Array, Array]:
        """Give doubt and odds; see :class:`colorizer.backends.Backend`."""
        planes = (lightness, hint_ab, mask, prior_ab)
        return self._opinions.get(_digest(planes), lambda: self.backend.opinions(*planes))

    def survey(self, look: Array) -> tuple[Array, ...]:
        """Survey pictures; see :class:`colorizer.backends.Backend`."""
        return self.backend.survey(look)


def _digest(planes: tuple[Array, ...]) -> bytes:
    digest = hashlib.blake2b(digest_size=16)
    for plane in planes:
        digest.update(str(plane.shape).encode())
        digest.update(plane.tobytes())
    return digest.digest()

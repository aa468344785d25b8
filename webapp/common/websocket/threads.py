"""Threads in which sockets use the database."""

from __future__ import annotations

import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from functools import wraps
from typing import ParamSpec, TypeVar

from asgiref.sync import sync_to_async
from django.db import DatabaseError, connection

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")

THREADS = 4
_pool = ThreadPoolExecutor(THREADS, thread_name_prefix="sockets")
_heavy_pool = ThreadPoolExecutor(1, thread_name_prefix="sockets-heavy")


_rest_until = 0.0


def _rested(work: Callable[[], Result]) -> Result:
    """Do heavy work, and before the next let others have as much time as it took."""
    global _rest_until
    time.sleep(max(0.0, _rest_until - time.monotonic()))
    begun = time.monotonic()
    try:
        return work()
    finally:
        ended = time.monotonic()
        _rest_until = ended + (ended - begun)


def in_thread(
    work: Callable[Parameters, Result], *, heavy: bool = False
) -> Callable[Parameters, Coroutine[None, None, Result]]:
    """Let ``work``, which uses the database, be awaited.

    What is ``heavy`` has a thread of its own, so that it makes only its like wait, and that thread
    rests as long as it works: all threads share one interpreter.

    Unlike Channels' own way there are several threads, so that one socket's slow query holds up
    no other socket, and each keeps its connection, since making one costs as much as several
    queries. A connection that had an error is not used again.
    """

    @wraps(work)
    def run(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Result:
        try:
            if heavy:
                return _rested(lambda: work(*args, **kwargs))
            return work(*args, **kwargs)
        except DatabaseError:
            connection.close()
            raise

    executor = _heavy_pool if heavy else _pool
    return sync_to_async(run, thread_sensitive=False, executor=executor)

"""Which workers there are and what each does: told by the workers, read by the dashboard.

Embedded, the worker threads are looked at. Scale-out, each worker writes a line about itself into
a hash in Redis every few seconds, so that a page asks no worker and waits for none.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic, time
from typing import Any

import redis
import structlog
from celery.worker.state import active_requests
from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from webapp.common.celery import app

_KEY = "rehue.workers"
REPORT_SECONDS = 3.0
SILENT = timedelta(seconds=15)
FORGOTTEN = timedelta(hours=1)
"""A worker that has been silent for so long is no longer listed."""
REDIS_SECONDS = 2.0

log = structlog.get_logger(__name__)


SEEN_SECONDS = 15
"""Workers tell every two seconds that they live; after so long without a word there is none."""
_SEEN = "runtime.worker_seen"
_REAPED = "runtime.reaped"
REAPER_LATE_SECONDS = 60


@dataclass(frozen=True)
class WorkerThread:
    """A worker thread of this process and the queues that it takes tasks from."""

    name: str
    queues: tuple[str, ...]
    thread: threading.Thread

    @property
    def is_alive(self) -> bool:
        """Whether it takes tasks."""
        return self.thread.is_alive()


own_threads: list[WorkerThread] = []
"""The worker threads of this process, as the embedded runtime started them; else empty."""


class BrokerUnavailableError(Exception):
    """The Redis that carries messages and heartbeats does not answer."""


@dataclass(frozen=True)
class Task:
    """A task that a worker has in hand."""

    name: str
    since: datetime | None


@dataclass(frozen=True)
class Worker:
    """A worker as it told last; an idle one has no tasks."""

    name: str
    queues: tuple[str, ...]
    tasks: tuple[Task, ...]
    seen: datetime
    memory: int = 0
    """Bytes that it and its children hold; 0 where that is not known."""

    @property
    def is_silent(self) -> bool:
        """Whether it has told nothing for longer than it should."""
        return self.seen < timezone.now() - SILENT


def list_workers() -> list[Worker]:
    """Return the workers, by name.

    Raises:
        BrokerUnavailableError: scale-out, where the workers' lines cannot be read.
    """
    if settings.EMBEDDED:
        return [_worker_of(one) for one in own_threads]
    try:
        with _redis() as client:
            reported: dict[bytes, bytes] = client.hgetall(_KEY)
    except redis.RedisError as error:
        raise BrokerUnavailableError from error
    workers = [_parse(name.decode(), line) for name, line in sorted(reported.items())]
    recent = timezone.now() - FORGOTTEN
    return [worker for worker in workers if worker.seen > recent]


def _worker_of(one: WorkerThread) -> Worker:
    """A thread is seen now if it lives."""
    seen = timezone.now() if one.is_alive else timezone.now() - FORGOTTEN
    mine = [request for request in _in_hand() if _queue_of(request) in one.queues]
    return Worker(one.name, one.queues, tuple(map(_task, mine)), seen)


def _in_hand() -> list[Any]:
    """The requests that this process works on."""
    while True:
        try:
            return list(active_requests)
        except RuntimeError:  # it changed under our hands
            continue


def _queue_of(request: Any) -> str:
    return str(request.delivery_info.get("routing_key", ""))


def _task(request: Any) -> Task:
    since = request.time_start
    return Task(request.name, datetime.fromtimestamp(since, UTC) if since else None)


def _parse(name: str, line: bytes) -> Worker:
    reported = json.loads(line)
    tasks = tuple(
        Task(task, datetime.fromtimestamp(since, UTC) if since else None)
        for task, since in reported["tasks"]
    )
    seen = datetime.fromtimestamp(reported["seen"], UTC)
    return Worker(name, tuple(reported["queues"]), tasks, seen, int(reported.get("memory", 0)))


def _redis() -> redis.Redis:
    return redis.Redis.from_url(
        settings.CONFIG.redis_url,
        socket_timeout=REDIS_SECONDS,
        socket_connect_timeout=REDIS_SECONDS,
    )


class WorkerReporter:
    """A worker's thread that tells Redis of it.

    A worker whose loop has stopped turning says nothing more: its heartbeats have to go on, or a
    task has to be in hand, for a worker of the pool ``solo`` has no heartbeat while it works.
    """

    def __init__(self, name: str, queues: Iterable[str]) -> None:
        self._name = name
        self._queues = sorted(queues)
        self._stopped = threading.Event()
        self._last_heartbeat = monotonic()
        self._thread = threading.Thread(
            target=self._report_regularly, name="worker-reporter", daemon=True
        )

    def start(self) -> None:
        """Begin to tell."""
        self._thread.start()

    def heartbeat(self) -> None:
        """Note a turn of the worker's loop."""
        self._last_heartbeat = monotonic()

    def stop(self) -> None:
        """Say goodbye: a worker that ended in order is not listed as silent."""
        self._stopped.set()
        try:
            with _redis() as client:
                client.hdel(_KEY, self._name)
        except redis.RedisError:
            log.warning("worker_not_signed_off", worker=self._name)

    def _report_regularly(self) -> None:
        while not self._stopped.wait(REPORT_SECONDS):
            try:
                with _redis() as client:
                    self._tell(client)
            except redis.RedisError as error:
                log.warning("worker_not_told", worker=self._name, error=str(error))

    def _tell(self, client: redis.Redis) -> None:
        requests = _in_hand()
        if not requests and monotonic() - self._last_heartbeat > SILENT.total_seconds():
            return
        line = {
            "queues": self._queues,
            "tasks": [[request.name, request.time_start] for request in requests],
            "seen": timezone.now().timestamp(),
            "memory": memory_held(),
        }
        client.hset(_KEY, self._name, json.dumps(line))


def memory_held() -> int:
    """Return the bytes that this process and its children hold; 0 where the system does not say."""
    pages = 0
    for process in [str(os.getpid()), *_children()]:
        try:
            pages += int(Path(f"/proc/{process}/statm").read_text().split()[1])
        except (OSError, IndexError):
            continue
    return pages * os.sysconf("SC_PAGE_SIZE")


def _children() -> list[str]:
    try:
        return Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    except OSError:
        return []


def queue_lengths(names: Iterable[str]) -> dict[str, int]:
    """Return how many messages wait in each queue.

    Raises:
        BrokerUnavailableError: it does not tell.
    """
    try:
        with app.connection_for_read(connect_timeout=REDIS_SECONDS) as connection:
            connection.ensure_connection(max_retries=1, timeout=REDIS_SECONDS)
            channel = connection.default_channel
            return {name: channel.queue_declare(queue=name).message_count for name in names}
    except Exception as error:  # every transport has its own family of errors
        raise BrokerUnavailableError from error


def reaper_age() -> float | None:
    """Return the seconds since what dead workers left was last looked for; None before that."""
    seen = cache.get(_REAPED)
    return None if seen is None else time() - float(seen)


def reaper_late() -> bool:
    """Tell whether what dead workers left has not been looked for lately, though it once was."""
    age = reaper_age()
    return age is not None and age > REAPER_LATE_SECONDS


def reaper_seen() -> None:
    """Note that what dead workers left has been brought back."""
    cache.set(_REAPED, time(), timeout=None)


def worker_alive() -> bool:
    """Tell whether at least one worker takes strokes now; embedded, whether all its threads do."""
    if settings.EMBEDDED:
        return bool(own_threads) and all(one.is_alive for one in own_threads)
    return cache.get(_SEEN) is not None


def worker_seen() -> None:
    """Note that a worker for strokes lives; called by workers of the scale-out profile."""
    cache.set(_SEEN, 1, timeout=SEEN_SECONDS)

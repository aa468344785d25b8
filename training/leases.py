"""The lease machine: how workers hold rows, renew their hold, and lose it when they are gone.

Studio jobs, photos of batches, exports, and the lab's runs, searches and evaluations are rows with
a ``status``, an ``attempt`` and a time. One rule for all of them: a row is ``running`` while its
lease is renewed, each claim raises ``attempt``, and every later write names the attempt that it
belongs to, so that a worker that was taken for dead changes nothing. Times are the database's.

Why: docs/adr/0002-a-job-is-a-row-with-a-lease.md and docs/adr/0019-one-lease-machine.md.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

import structlog
from django.db import DatabaseError, connection
from django.db.models import F, Model, Q, QuerySet
from django.utils import timezone

QUEUED, RUNNING = "queued", "running"
RENEWALS = 3
"""In the length of a lease: two may fail before it is lost."""

log = structlog.get_logger(__name__)


class LeaseLostError(Exception):
    """The work is no longer this worker's: it was cancelled, superseded, or given to another."""


def database_now() -> datetime:
    """Return the database's time: the clocks of the hosts that share it may differ."""
    if connection.vendor != "postgresql":
        return timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment


def owned(row: Model) -> QuerySet[Any]:
    """Return the row of ``row``'s attempt, empty once the row ended or has another attempt."""
    attempt: int = row.attempt  # type: ignore[attr-defined] # leased models have it
    return type(row)._default_manager.filter(pk=row.pk, attempt=attempt, status=RUNNING)


@dataclass(frozen=True)
class Leases:
    """The rules of one kind of row, and the moves that a worker and a reaper make by them.

    ``held`` is always a queryset of what one worker has: :func:`owned`, or the rows that carry its
    mark. Each move is one ``UPDATE``, and tells by what it changed whether it was still allowed.

    Attributes:
        seconds: returns how long a lease lasts without being renewed.
        max_attempts: returns how many workers a row may lose; None for any number.
        field: the row's time.
        is_heartbeat: the time is that of the last renewal; else it is the lease's end.
    """

    seconds: Callable[[], float]
    max_attempts: Callable[[], int] | None = None
    field: str = "lease_until"
    is_heartbeat: bool = False

    def claim(self, rows: QuerySet[Any], *, now: datetime, **fields: object) -> int:
        """Take ``rows`` for this worker and return how many were to be had.

        Args:
            rows: narrowed down to what may be claimed: one of many workers gets it.
            now: the database's time.
            fields: what else to write.
        """
        return rows.update(status=RUNNING, attempt=F("attempt") + 1, **self.stamp(now), **fields)

    def renew(self, held: QuerySet[Any], **fields: object) -> bool:
        """Hold on to the rows for another length; whether any is still this worker's."""
        return bool(held.update(**self.stamp(database_now()), **fields))

    def end(self, held: QuerySet[Any], status: str, **fields: object) -> bool:
        """Let go of the rows as ``status``; whether any was still this worker's.

        ``QUEUED`` gives them back. Results may be written only if this returns True, in the same
        transaction.
        """
        return bool(held.update(**{"status": status, self.field: None} | fields))

    def expired(self, rows: QuerySet[Any], *, now: datetime) -> QuerySet[Any]:
        """Return those of ``rows`` whose worker has gone."""
        return rows.filter(self.has_expired(now))

    def has_expired(self, now: datetime) -> Q:
        """Return the condition that a row's worker has gone."""
        limit = now - self._length if self.is_heartbeat else now
        return Q(status=RUNNING, **{f"{self.field}__lt": limit})

    def is_spent(self, attempts: int) -> bool:
        """Tell whether a row that lost its worker has lost as many as it may."""
        return self.max_attempts is not None and attempts >= self.max_attempts()

    def stamp(self, now: datetime) -> dict[str, datetime]:
        """Return the row's time for a lease that begins or is renewed ``now``."""
        return {self.field: now if self.is_heartbeat else now + self._length}

    @property
    def _length(self) -> timedelta:
        return timedelta(seconds=self.seconds())


class Lease:
    """A worker's hold on rows, renewed in a thread until it is released or lost.

    Args:
        leases: the rules of those rows.
        held: the rows.
    """

    def __init__(self, leases: Leases, held: QuerySet[Any]) -> None:
        self._leases, self._held = leases, held
        self._lost = threading.Event()
        self._released = threading.Event()

    def check(self) -> None:
        """Stop here if the rows are no longer this worker's; called between steps.

        Raises:
            LeaseLostError: they are not.
        """
        if self._lost.is_set():
            raise LeaseLostError

    def keep(self) -> None:
        """Renew the lease until it is released or lost; runs in a thread of its own."""
        try:
            while not self._released.wait(self._leases.seconds() / RENEWALS):
                if not self._renewed():
                    self._lost.set()
                    return
        finally:
            connection.close()

    def _renewed(self) -> bool:
        try:
            return self._leases.renew(self._held)
        except DatabaseError:  # away or busy: there is time for another try
            log.exception("lease_not_renewed")
            connection.close()
            return True

    def release(self) -> None:
        """End the renewing."""
        self._released.set()


_AnyLease = TypeVar("_AnyLease", bound=Lease)


@contextmanager
def renewing(lease: _AnyLease, name: str) -> Iterator[_AnyLease]:
    """Renew ``lease`` in a thread called ``name`` for the length of a ``with`` block."""
    keeper = threading.Thread(target=lease.keep, name=name, daemon=True)
    keeper.start()
    try:
        yield lease
    finally:
        lease.release()
        keeper.join()

"""Holding on to rows while working on them: a lease is renewed in a thread until let go or lost.

What a lease is, and why: docs/adr/0002-a-job-is-a-row-with-a-lease.md.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TypeVar

import structlog
from django.conf import settings
from django.db import DatabaseError, connection

log = structlog.get_logger(__name__)

RESEND_SECONDS = 60
"""What waits and was taken by no worker for so long is asked for again; messages can be lost."""


class LeaseLost(Exception):
    """The work is no longer this worker's: it was cancelled, superseded, or given to another."""


class Lease:
    """A worker's hold on rows.

    Args:
        renew: writes a later end of the lease to the rows; False when they are another's.
    """

    def __init__(self, renew: Callable[[], bool]) -> None:
        self._renew = renew
        self._lost = threading.Event()
        self._released = threading.Event()

    def check(self) -> None:
        """Stop here if the rows are no longer this worker's; called between steps.

        Raises:
            LeaseLost: they are not.
        """
        if self._lost.is_set():
            raise LeaseLost

    def keep(self) -> None:
        """Renew the lease until it is released or lost; runs in a thread of its own."""
        try:
            while not self._released.wait(settings.JOB_LEASE_SECONDS / 3):
                if not self._renewed():
                    self._lost.set()
                    return
        finally:
            connection.close()

    def _renewed(self) -> bool:
        try:
            return self._renew()
        except DatabaseError:  # away or busy: there is time for another try
            log.exception("lease_not_renewed")
            connection.close()
            return True

    def release(self) -> None:
        """End the renewing."""
        self._released.set()


_Kept = TypeVar("_Kept", bound=Lease)


@contextmanager
def kept(lease: _Kept, name: str) -> Iterator[_Kept]:
    """Renew ``lease`` in a thread called ``name`` for the length of a ``with`` block."""
    keeper = threading.Thread(target=lease.keep, name=name, daemon=True)
    keeper.start()
    try:
        yield lease
    finally:
        lease.release()
        keeper.join()


def lease_end(now: datetime) -> datetime:
    """Return when a lease that begins or is renewed ``now`` runs out."""
    return now + timedelta(seconds=settings.JOB_LEASE_SECONDS)

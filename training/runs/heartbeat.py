"""The heartbeat of work in progress: written into its row, and listening for the order to stop."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.utils.translation import gettext

from training.models import Work
from training.runs.claims import (
    HEARTBEAT_SECONDS,
    WorkStateError,
    claim,
    finish,
    heartbeat,
    is_cancelled,
)

_LONGEST_ERROR = 2000


class WorkStoppedError(Exception):
    """Work has ended before it was done, because its heartbeat said so."""


@contextmanager
def claimed(work: Work, *, supervised: bool) -> Iterator[Heartbeat]:
    """Claim work and hold it for the length of a ``with`` block; its row tells how that ended.

    Work that was stopped without anybody having cancelled it is queued again if it is supervised:
    its worker is going, and another one is to take it up.

    Args:
        work: queued work.
        supervised: a parent process waits, without which the result is not needed.

    Raises:
        WorkStateError: another process works on it, or it has ended.
    """
    if not claim(work):
        message = gettext("%(name)s cannot begin: somebody works on it already, or it has ended.")
        raise WorkStateError(message % {"name": work.name})
    heartbeat = Heartbeat(work, supervised=supervised)
    try:
        yield heartbeat
    except WorkStoppedError:
        goes_on = supervised and not is_cancelled(work)
        status = Work.Status.QUEUED if goes_on else Work.Status.CANCELLED
        finish(work, status, **heartbeat.progress())
    except BaseException as error:
        message = " ".join(str(error).split()) or type(error).__name__
        finish(work, Work.Status.FAILED, error=message[:_LONGEST_ERROR], **heartbeat.progress())
        raise
    else:
        finish(work, Work.Status.DONE, **heartbeat.progress())


class Heartbeat:
    """Shows every few seconds how far work is, and tells whether to go on.

    Args:
        work: claimed by this process.
        supervised: a parent process waits, without which the result is not needed.
    """

    def __init__(self, work: Work, *, supervised: bool) -> None:
        self._work = work
        self._parent = os.getppid() if supervised else None
        self._began = time.monotonic()
        self._before = work.seconds
        self._written = 0.0
        self._done, self._total = work.done, work.total

    def progress(self) -> dict[str, Any]:
        """How far the work is, as fields of its row."""
        seconds = self._before + time.monotonic() - self._began
        return {"done": self._done, "total": self._total, "seconds": seconds}

    def stepped(self, done: int, total: int) -> bool:
        """So much is done; returns whether to go on."""
        self._done, self._total = done, total
        if self._parent is not None and os.getppid() != self._parent:
            return False
        now = time.monotonic()
        if now - self._written < HEARTBEAT_SECONDS:
            return True
        self._written = now
        return heartbeat(self._work, **self.progress())

    def show(self, **fields: Any) -> bool:
        """Write more than progress into the row at once; returns whether to go on."""
        return heartbeat(self._work, **fields, **self.progress())

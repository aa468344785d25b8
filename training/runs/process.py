"""Minding a process that trains, searches or evaluates.

A process of its own, because training takes all it can get: it runs at a low priority, brings
torch into no web process, and takes no other process along when memory runs out.
"""

from __future__ import annotations

import subprocess
import sys
import time

import structlog
from celery.worker import state as worker_state
from django.conf import settings

from training.models import Work
from training.runs.claims import find_work, finish

POLL_SECONDS = 0.5
STOP_SECONDS = 60.0

log = structlog.get_logger(__name__)


def supervise(kind: str, work_id: str) -> None:
    """Run one piece of work in a process of its own and wait for its end.

    A worker that is asked to stop asks the process to write its checkpoint and end; the work is
    queued then, and another worker goes on with it.
    """
    work = find_work(kind, work_id)
    if work.status != Work.Status.QUEUED:
        return
    command = [sys.executable, "-m", "django", "work", kind, str(work.pk)]
    with subprocess.Popen(  # noqa: S603  (our own command)
        command, cwd=settings.BASE_DIR, stdin=subprocess.DEVNULL, start_new_session=True
    ) as process:
        while process.poll() is None:
            if worker_state.should_stop is not None or worker_state.should_terminate is not None:
                _stop(process)
                return
            time.sleep(POLL_SECONDS)
    work.refresh_from_db()
    if work.status == Work.Status.RUNNING:
        log.error("work_crashed", work=work.name, returncode=process.returncode)
        finish(work, Work.Status.FAILED, error=_last_words(process.returncode))


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()


def _last_words(returncode: int) -> str:
    how = f"by signal {-returncode}" if returncode < 0 else f"with exit code {returncode}"
    return (
        f"Its process ended {how}, perhaps for want of memory. Resume goes on from the checkpoint."
    )

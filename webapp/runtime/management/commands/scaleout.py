"""``manage.py scaleout``: web processes, workers and the clock, started and stopped together."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
import time
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from webapp.runtime.threads import BACKGROUND_NICENESS

STOP_SECONDS = 20.0
LANES = ("interactive,opinions", "batch,default")
"""A worker each, so that a stroke never waits for a picture of a batch or a download."""


class Command(BaseCommand):
    """What a process manager does in production, for one machine and for trying it out."""

    help = "Start web processes, workers and the clock with DATABASE_URL and REDIS_URL."

    def add_arguments(self, parser: CommandParser) -> None:
        """Say how many web processes there are; they take consecutive ports from PORT on."""
        parser.add_argument("--web", type=int, default=2, help="web processes (default 2)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Start everything, wait until one ends or a signal comes, and stop the others."""
        if settings.EMBEDDED:
            raise CommandError("Set DATABASE_URL and REDIS_URL first.", returncode=2)
        call_command("prepare")
        ports = range(settings.CONFIG.port, settings.CONFIG.port + options["web"])
        commands = [web_command(port) for port in ports]
        commands += [worker_command(queues) for queues in LANES]
        commands += [training_command(), clock_command()]
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        with contextlib.ExitStack() as children:
            running = [children.enter_context(_child(command)) for command in commands]
            for port in ports:
                self.stdout.write(f"Rehue: http://{settings.CONFIG.host}:{port}")
            with contextlib.suppress(KeyboardInterrupt):
                while all(child.poll() is None for child in running):
                    time.sleep(0.5)
                raise CommandError("One of the processes has ended; stopping the others.")


def web_command(port: int) -> list[str]:
    """Return the command of a web process."""
    return [
        *(sys.executable, "-m", "uvicorn", "webapp.asgi:application"),
        *("--host", settings.CONFIG.host, "--port", str(port), "--log-level", "warning"),
        *("--ws-max-size", str(2 * settings.WS_MAX_BYTES), "--timeout-graceful-shutdown", "3"),
    ]


def worker_command(queues: str = "interactive,opinions,batch,default") -> list[str]:
    """Return the command of a worker: one task at a time, in a child that can be replaced.

    One that takes no strokes lets those who do go first.
    """
    nice = [] if "interactive" in queues else ["nice", "-n", str(BACKGROUND_NICENESS)]
    return [
        *nice,
        *(sys.executable, "-m", "celery", "-A", "webapp", "worker", "--loglevel", "WARNING"),
        *("--pool", "prefork", "--concurrency", "1", "--queues", queues),
        *("--hostname", f"{queues.split(',')[0]}@%h"),
    ]


def training_command() -> list[str]:
    """Return the command of the laboratory's worker, which minds one training at a time."""
    return [
        *(sys.executable, "-m", "celery", "-A", "webapp", "worker", "--loglevel", "WARNING"),
        *("--pool", "solo", "--hostname", "training@%h", "--queues", "training"),
    ]


def clock_command() -> list[str]:
    """Return the command of the clock, of which there may be one."""
    schedule = settings.DATA_DIR / "clock"
    return [
        *(sys.executable, "-m", "celery", "-A", "webapp", "beat", "--loglevel", "WARNING"),
        *("--schedule", str(schedule), "--pidfile", ""),
    ]


@contextlib.contextmanager
def _child(command: list[str]) -> Any:
    """Run a process; on the way out ask it to end, wait, then insist."""
    child = subprocess.Popen(command)  # noqa: S603  (our own interpreter and modules)
    try:
        yield child
    finally:
        child.terminate()
        try:
            child.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()

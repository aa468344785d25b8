"""``manage.py scaleout``: web processes, workers and the clock, started and stopped together."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from webapp.common.queue import BACKGROUND, CLOCK, THREAD_QUEUES, TRAINING
from webapp.common.threads import BACKGROUND_NICENESS

STOP_SECONDS = 20.0
FLAPPING_SECONDS, FLAPPING_STARTS = 60.0, 4
"""A process that was started so often in so many seconds is not started again."""


class Child:
    """A process that is started again when it ends."""

    def __init__(self, command: list[str]) -> None:
        self.name = " ".join(command[-4:])
        self.process: subprocess.Popen[bytes] | None = None
        self._command = command
        self._started: list[float] = []

    def start(self) -> None:
        """Start it, now or again."""
        self._started.append(time.monotonic())
        self.process = subprocess.Popen(self._command)  # noqa: S603  (our own interpreter)

    def ended(self) -> int | None:
        """Return what it ended with; None while it runs."""
        return None if self.process is None else self.process.poll()

    def starts_within(self, seconds: float) -> int:
        """Return how often it was started lately."""
        return sum(begun > time.monotonic() - seconds for begun in self._started)


class Command(BaseCommand):
    """What a process manager does in production, for one machine and for trying it out."""

    help = "Start web processes, workers and the clock with DATABASE_URL and REDIS_URL."

    def add_arguments(self, parser: CommandParser) -> None:
        """Say how many web processes there are; they take consecutive ports from PORT on."""
        parser.add_argument("--web", type=int, default=2, help="web processes (default 2)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Start everything, keep it running until a signal comes, and stop it together."""
        if settings.EMBEDDED:
            raise CommandError("Set DATABASE_URL and REDIS_URL first.", returncode=2)
        call_command("prepare")
        ports = range(settings.CONFIG.port, settings.CONFIG.port + options["web"])
        commands = [web_command(port) for port in ports]
        commands += [worker_command(queues) for queues in THREAD_QUEUES]
        commands += [clock_command()]
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        children = [Child(command) for command in commands]
        try:
            for child in children:
                child.start()
            for port in ports:
                self.stdout.write(f"Rehue: http://{settings.CONFIG.host}:{port}")
            while True:
                time.sleep(0.5)
                for child in children:
                    self._requeue(child)
        except KeyboardInterrupt:
            pass
        finally:
            stop(children)

    def _requeue(self, child: Child) -> None:
        """Start a process that has ended again, but not one that cannot stay.

        Raises:
            CommandError: it ends again and again.
        """
        code = child.ended()
        if code is None:
            return
        if child.starts_within(FLAPPING_SECONDS) >= FLAPPING_STARTS:
            raise CommandError(f"{child.name} ends again and again ({code}); stopping the others.")
        self.stderr.write(f"{child.name} has ended ({code}) and is started again.")
        child.start()


def web_command(port: int) -> list[str]:
    """Return the command of a web process."""
    return [sys.executable, "-m", "webapp", "web", "--port", str(port)]


def worker_command(queues: str) -> list[str]:
    """Return the command of a worker: one task at a time.

    A network runs in a child that can be replaced; who takes no strokes lets those who do go first.
    """
    nice = ["nice", "-n", str(BACKGROUND_NICENESS)] if queues == BACKGROUND else []
    pool = "solo" if queues in {TRAINING, CLOCK} else "prefork"
    return [
        *nice,
        *(sys.executable, "-m", "celery", "-A", "webapp", "worker", "--loglevel", "WARNING"),
        *("--pool", pool, "--concurrency", "1", "--queues", queues),
        *("--hostname", f"{queues.split(',')[0]}@%h"),
    ]


def clock_command() -> list[str]:
    """Return the command of the clock, of which there may be one."""
    schedule = settings.DATA_DIR / "clock"
    return [
        *(sys.executable, "-m", "celery", "-A", "webapp", "beat", "--loglevel", "WARNING"),
        *("--schedule", str(schedule), "--pidfile", ""),
    ]


def stop(children: list[Child]) -> None:
    """Ask all of them to end, wait, then insist."""
    deadline = time.monotonic() + STOP_SECONDS
    running = [child.process for child in children if child.process is not None]
    for process in running:
        process.terminate()
    for process in running:
        try:
            process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

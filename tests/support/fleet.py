"""The scale-out profile for one test: web processes, workers and the clock, each to be killed."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import redis

from tests.support.patience import PATIENCE_SECONDS
from tests.support.server import ROOT
from tests.support.services import Service, free_port, postgres_service, redis_service
from webapp.ops.management.commands.scaleout import clock_command, web_command, worker_command

EVERYTHING = "clock,interactive,predictions,default,batch"
"""The queues of a worker that is the only one."""


@dataclass
class Process:
    """One process of the fleet, with all its children."""

    popen: subprocess.Popen[bytes]
    log: Path

    def send(self, number: int) -> None:
        """Signal the process and its children."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.popen.pid, number)

    def freeze(self) -> None:
        """Stop it where it stands; nothing in it can tell."""
        self.send(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        self.send(signal.SIGCONT)

    def kill(self) -> None:
        """Kill it without warning, frozen or not."""
        self.send(signal.SIGKILL)
        self.popen.wait()

    def stop(self) -> None:
        """Ask it to end, and insist after a while."""
        self.popen.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.popen.wait(10)
        self.kill()


@dataclass
class Fleet:
    """Where everything is, and what runs."""

    folder: Path
    database_url: str
    redis_url: str
    broker: Service
    database: Service
    running: list[Process] = field(default_factory=list)
    extra: dict[str, str] = field(default_factory=dict)
    """What the environment has besides."""
    urls: list[str] = field(default_factory=list)
    """Of its web processes."""

    def environment(self) -> dict[str, str]:
        """What every process of the fleet has in common."""
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "webapp.settings",
            "DATA_DIR": str(self.folder),
            "DATABASE_URL": self.database_url,
            "REDIS_URL": self.redis_url,
            "SECRET_KEY": "of-a-test",
            "PYTHONUNBUFFERED": "1",
            **self.extra,
        }

    def prepare(self) -> None:
        """Migrate, and make the shipped model live."""
        subprocess.run(
            [sys.executable, "manage.py", "prepare"],
            cwd=ROOT,
            env=self.environment(),
            check=True,
        )

    def start(self, name: str, command: list[str], **variables: str) -> Process:
        """Start a process, with further variables of its own; its log bears its name."""
        log = self.folder / f"{name}-{len(self.running)}.log"
        with log.open("wb") as sink:
            popen = subprocess.Popen(
                command,
                cwd=ROOT,
                env=self.environment() | variables,
                stdout=sink,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        process = Process(popen, log)
        self.running.append(process)
        return process

    def web(self) -> str:
        """Start a web process and return its address."""
        port = free_port()
        self.start("web", web_command(port))
        url = f"http://127.0.0.1:{port}"
        self.urls.append(url)
        wait_for(lambda: _answers(f"{url}/healthz"), f"{url} to answer", self)
        return url

    def worker(self, queues: str = EVERYTHING, **variables: str) -> Process:
        """Start a worker."""
        return self.start("worker", worker_command(queues), **variables)

    @contextlib.contextmanager
    def working(self, *lanes: str) -> Iterator[list[Process]]:
        """Workers for the length of a block, one for each of ``lanes``; tasks are being taken."""
        with redis.Redis.from_url(self.redis_url) as cache:
            for seen in cache.scan_iter("*worker_seen"):  # by those of another test
                cache.delete(seen)
        workers = [self.worker(queues) for queues in lanes or (EVERYTHING,)]
        try:
            self.wait_until_ready(self.urls[0])
            yield workers
        finally:
            for worker in workers:
                worker.kill()

    def clock(self) -> Process:
        """Start the clock."""
        return self.start("clock", clock_command())

    def wait_until_ready(self, url: str) -> None:
        """Wait until a web process finds everything in order, workers included."""
        wait_for(lambda: _answers(f"{url}/readyz"), f"{url} to be ready", self)

    def logs(self) -> str:
        """The end of every log, for a failure's message."""
        return "\n".join(f"--- {p.log.name}\n{p.log.read_text()[-1500:]}" for p in self.running)


@contextlib.contextmanager
def fleet(folder: Path) -> Iterator[Fleet]:
    """A private Redis, a private PostgreSQL, and a prepared fleet of which nothing runs yet."""
    folder.mkdir(parents=True, exist_ok=True)
    with redis_service() as broker, postgres_service() as database:
        made = Fleet(folder, database.url, broker.url, broker=broker, database=database)
        made.prepare()
        try:
            yield made
        finally:
            for process in made.running:
                process.stop()


def wait_for(ready: Callable[[], bool], what: str, of: Fleet) -> None:
    """Wait until ``ready``.

    Raises:
        TimeoutError: it was not in time; the message holds the fleet's logs.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not ready():
        if time.monotonic() > deadline:
            raise TimeoutError(f"Waited {PATIENCE_SECONDS} s for {what}.\n{of.logs()}")
        time.sleep(0.05)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return bool(json.load(answer)["status"] == "ok")
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False

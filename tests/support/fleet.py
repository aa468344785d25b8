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

from tests.support.server import ROOT
from tests.support.services import free_port, private_postgres, private_redis
from webapp.runtime.management.commands.scaleout import clock_command, web_command, worker_command


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
    running: list[Process] = field(default_factory=list)

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
        }

    def prepare(self) -> None:
        """Migrate, and make the shipped model live."""
        subprocess.run(
            [sys.executable, "manage.py", "prepare"],
            cwd=ROOT,
            env=self.environment(),
            check=True,
        )

    def start(self, name: str, command: list[str]) -> Process:
        """Start a process; its log bears its name."""
        log = self.folder / f"{name}-{len(self.running)}.log"
        with log.open("wb") as sink:
            popen = subprocess.Popen(
                command,
                cwd=ROOT,
                env=self.environment(),
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
        wait_for(lambda: _answers(f"{url}/healthz"), f"{url} to answer", self)
        return url

    def worker(self, queues: str = "interactive,opinions,batch,default") -> Process:
        """Start a worker."""
        return self.start("worker", worker_command(queues))

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
    with private_redis() as redis_url, private_postgres() as database_url:
        made = Fleet(folder, database_url, redis_url)
        made.prepare()
        try:
            yield made
        finally:
            for process in made.running:
                process.stop()


def wait_for(ready: Callable[[], bool], what: str, of: Fleet, seconds: float = 60.0) -> None:
    """Wait until ``ready``.

    Raises:
        TimeoutError: it was not in time; the message holds the fleet's logs.
    """
    deadline = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > deadline:
            raise TimeoutError(f"Waited {seconds} s for {what}.\n{of.logs()}")
        time.sleep(0.05)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return bool(json.load(answer)["status"] == "ok")
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False

"""A private Redis and a private PostgreSQL for one test: free ports, folders that vanish after."""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support.needs import missing
from tests.support.patience import PATIENCE_SECONDS

REDIS_OPTIONS = ("--bind", "127.0.0.1", "--save", "", "--appendonly", "no")
INITDB_OPTIONS = ("-U", "rehue", "-A", "trust", "-E", "UTF8", "-N", "--no-locale")
POSTGRES_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
}


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def answers(port: int) -> bool:
    """Whether something accepts connections on this port of 127.0.0.1."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def wait_until(
    ready: Callable[[], bool], *, what: str, process: subprocess.Popen[bytes], log: Path
) -> None:
    """Wait for a server to be ready; its own log is the message when it is not.

    Raises:
        RuntimeError: the process ended, or was not ready in time.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(
                f"{what} ended with {process.returncode}:\n{log.read_text()[-2000:]}"
            )
        if ready():
            return
        time.sleep(0.05)
    raise RuntimeError(f"{what} was not ready in {PATIENCE_SECONDS} s:\n{log.read_text()[-2000:]}")


def stop(process: subprocess.Popen[bytes], *, seconds: float = 10.0) -> None:
    """End a process as a service manager would: ask, wait, then insist."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@dataclass
class Service:
    """A server of a test's own, which may be stopped and started again on its port."""

    url: str
    command: list[str]
    folder: str
    ready: Callable[[], bool]
    options: dict[str, Any] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it answers."""
        log = Path(self.folder) / "log"
        with log.open("ab") as sink:
            self.process = subprocess.Popen(
                self.command,
                stdout=sink,
                stderr=subprocess.STDOUT,
                cwd=self.folder,
                **self.options,
            )
        wait_until(self.ready, what=self.command[0], process=self.process, log=log)

    def stop(self, number: int = signal.SIGTERM) -> None:
        """Stop it: as a service manager would, or by a signal of one's own first."""
        if self.process is not None:
            if self.process.poll() is None:
                self.process.send_signal(number)
            stop(self.process)

    def kill(self) -> None:
        """Kill it without warning."""
        self.stop(signal.SIGKILL)


@contextlib.contextmanager
def redis_service() -> Iterator[Service]:
    """Run a Redis that keeps nothing."""
    program = shutil.which("redis-server")
    if program is None:
        missing("redis-server", "apt-get install redis-server")
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="rehue-redis-") as folder:
        command = [program, "--port", str(port), *REDIS_OPTIONS, "--dir", folder]
        service = Service(
            f"redis://127.0.0.1:{port}/0", command, folder, ready=lambda: answers(port)
        )
        try:
            service.start()
            yield service
        finally:
            service.stop()


@contextlib.contextmanager
def private_redis() -> Iterator[str]:
    """Run a Redis that keeps nothing.

    Yields:
        Its address, such as ``redis://127.0.0.1:40123/0``.
    """
    with redis_service() as service:
        yield service.url


def postgres_programs() -> Path | None:
    """The folder with ``initdb`` and ``postgres``: on PATH, or where Debian keeps them."""
    on_path = shutil.which("initdb")
    if on_path and shutil.which("postgres"):
        return Path(on_path).resolve().parent
    newest_first = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"),
        key=lambda path: int(path.parts[-3]),
        reverse=True,
    )
    return newest_first[0].parent if newest_first else None


def _unprivileged() -> pwd.struct_passwd | None:
    """Who runs PostgreSQL: it refuses root, so root hands it to ``postgres`` or ``nobody``."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise RuntimeError("PostgreSQL refuses to run as root, and there is no other user here.")


@contextlib.contextmanager
def postgres_service() -> Iterator[Service]:
    """Run a PostgreSQL with one empty database; it never syncs to disk, for it is thrown away."""
    programs = postgres_programs()
    if programs is None:
        missing("PostgreSQL", "apt-get install postgresql")
    port, owner = free_port(), _unprivileged()
    settings = [f"--{name}={value}" for name, value in POSTGRES_SETTINGS.items()]
    with tempfile.TemporaryDirectory(prefix="rehue-postgres-") as folder:
        data = Path(folder) / "data"
        as_owner: dict[str, Any] = {}
        if owner:
            os.chown(folder, owner.pw_uid, owner.pw_gid)
            as_owner = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
        subprocess.run(
            [programs / "initdb", "-D", data, *INITDB_OPTIONS],
            check=True,
            capture_output=True,
            cwd=folder,
            **as_owner,
        )
        connect = [str(programs / "psql"), "-h", "127.0.0.1", "-p", str(port), "-U", "rehue"]

        def answers_queries() -> bool:
            question = subprocess.run(
                [*connect, "-d", "postgres", "-c", "select 1"], capture_output=True, check=False
            )
            return question.returncode == 0

        service = Service(
            f"postgres://rehue@127.0.0.1:{port}/rehue",
            [str(programs / "postgres"), "-D", str(data), "-p", str(port), "-k", folder, *settings],
            folder,
            ready=answers_queries,
            options=as_owner,
        )
        try:
            service.start()
            subprocess.run(
                [*connect, "-d", "postgres", "-c", "create database rehue"],
                check=True,
                capture_output=True,
            )
            yield service
        finally:
            service.stop(signal.SIGINT)  # "fast": end sessions, do not wait for them


@contextlib.contextmanager
def private_postgres() -> Iterator[str]:
    """Run a PostgreSQL with one empty database.

    Yields:
        Its address, such as ``postgres://rehue@127.0.0.1:40124/rehue``.
    """
    with postgres_service() as service:
        yield service.url

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
from pathlib import Path
from typing import Any

from tests.support.needs import missing

START_SECONDS = 20.0
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
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(
                f"{what} ended with {process.returncode}:\n{log.read_text()[-2000:]}"
            )
        if ready():
            return
        time.sleep(0.05)
    raise RuntimeError(f"{what} was not ready in {START_SECONDS} s:\n{log.read_text()[-2000:]}")


def stop(process: subprocess.Popen[bytes], *, seconds: float = 10.0) -> None:
    """End a process as a service manager would: ask, wait, then insist."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextlib.contextmanager
def private_redis() -> Iterator[str]:
    """Run a Redis that keeps nothing.

    Yields:
        Its address, such as ``redis://127.0.0.1:40123/0``.
    """
    program = shutil.which("redis-server")
    if program is None:
        missing("redis-server", "apt-get install redis-server")
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="rehue-redis-") as folder:
        log = Path(folder) / "log"
        with log.open("wb") as sink:
            process = subprocess.Popen(
                [program, "--port", str(port), *REDIS_OPTIONS, "--dir", folder],
                stdout=sink,
                stderr=subprocess.STDOUT,
            )
        try:
            wait_until(lambda: answers(port), what="redis-server", process=process, log=log)
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            stop(process)


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
def private_postgres() -> Iterator[str]:
    """Run a PostgreSQL with one empty database; it never syncs to disk, for it is thrown away.

    Yields:
        Its address, such as ``postgres://rehue@127.0.0.1:40124/rehue``.
    """
    programs = postgres_programs()
    if programs is None:
        missing("PostgreSQL", "apt-get install postgresql")
    port, owner = free_port(), _unprivileged()
    throw_away = [f"--{name}={value}" for name, value in POSTGRES_SETTINGS.items()]
    with tempfile.TemporaryDirectory(prefix="rehue-postgres-") as folder:
        data, log = Path(folder) / "data", Path(folder) / "log"
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
        with log.open("wb") as sink:
            process = subprocess.Popen(
                [programs / "postgres", "-D", data, "-p", str(port), "-k", folder, *throw_away],
                stdout=sink,
                stderr=subprocess.STDOUT,
                cwd=folder,
                **as_owner,
            )
        try:
            connect = [str(programs / "psql"), "-h", "127.0.0.1", "-p", str(port), "-U", "rehue"]

            def answers_queries() -> bool:
                question = subprocess.run(
                    [*connect, "-d", "postgres", "-c", "select 1"], capture_output=True, check=False
                )
                return question.returncode == 0

            wait_until(answers_queries, what="postgres", process=process, log=log)
            subprocess.run(
                [*connect, "-d", "postgres", "-c", "create database rehue"],
                check=True,
                capture_output=True,
            )
            yield f"postgres://rehue@127.0.0.1:{port}/rehue"
        finally:
            if process.poll() is None:  # "fast": end sessions, do not wait for them
                process.send_signal(signal.SIGINT)
            stop(process)

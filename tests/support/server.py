"""The site as a person starts it: ``manage.py serve`` in its own process, port and data folder."""

import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.support.patience import PATIENCE_SECONDS
from tests.support.services import free_port, stop

ROOT = Path(__file__).resolve().parents[2]
READY = "Rehue is ready"
DATABASE = "rehue.sqlite3"


@dataclass
class Server:
    """A running site; ``stop`` and ``start`` it as often as a test likes."""

    data_dir: Path
    port: int
    environment: Mapping[str, str]
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The site's address, without a slash at its end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        """Everything the process printed, over all its starts."""
        return self.data_dir.parent / f"{self.data_dir.name}.log"

    def start(self) -> None:
        """Start the process and wait until it says that it is ready.

        Raises:
            RuntimeError: it ended or stayed silent; the message holds what it printed.
        """
        environment = {
            **os.environ,
            "DATA_DIR": str(self.data_dir),
            "PORT": str(self.port),
            "DJANGO_SETTINGS_MODULE": "webapp.settings",
            "PYTHONUNBUFFERED": "1",
            **self.environment,
        }
        printed_before = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as sink:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "serve"],
                cwd=ROOT,
                env=environment,
                stdout=sink,
                stderr=subprocess.STDOUT,
            )
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            if READY in self.log.read_text()[printed_before:]:
                return
            time.sleep(0.05)
        self.stop()
        raise RuntimeError(f"The site did not start:\n{self.log.read_text()[-4000:]}")

    def stop(self) -> None:
        """Stop it as Ctrl-C's big brother does, with SIGTERM."""
        if self.process is not None:
            stop(self.process)

    def kill(self) -> None:
        """Kill it without warning, as a power cut does."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()


@contextlib.contextmanager
def running_server(
    data_dir: Path, *, from_nothing: bool = False, **environment: str
) -> Iterator[Server]:
    """Serve from ``data_dir`` on a free port until the block ends.

    Args:
        data_dir: an empty or a used data folder.
        from_nothing: have the site make its tables itself; else they are copied, for that is most
            of what a first start takes.
        environment: further variables, such as ``UPLOAD_MAX_BYTES="1000"``.
    """
    if not from_nothing:
        make_tables(data_dir)
    server = Server(data_dir=data_dir, port=free_port(), environment=environment)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def make_tables(data_dir: Path) -> None:
    """Put a database with its tables into a data folder that has none; it is copied, not made."""
    database = data_dir / DATABASE
    if not database.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        database.write_bytes(_empty_database())


@cache
def _empty_database() -> bytes:
    """A database with all its tables and nothing in them."""
    with tempfile.TemporaryDirectory(prefix="rehue-tables-") as folder:
        subprocess.run(
            [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
            cwd=ROOT,
            env={**os.environ, "DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "webapp.settings"},
            check=True,
        )
        return (Path(folder) / DATABASE).read_bytes()

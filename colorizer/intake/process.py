"""The caller's side of the process that decodes: kept warm, stopped when it goes beyond limits.

A decoder that crashes, hangs, or fills memory takes its own process along and nothing else; the
file that made it do so is refused with a sentence. Pixels come back in shared memory, without a
copy.
"""

from __future__ import annotations

import json
import mmap
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from colorizer.intake import errors
from colorizer.intake.errors import IntakeError
from colorizer.intake.headers import Size, measure_here
from colorizer.intake.limits import LARGE_PIXELS, Limits, check_bytes
from colorizer.intake.pdf import BEGINNING
from colorizer.intake.pdf import count_pages as count_pages_here
from colorizer.intake.reading import DecodedPhoto, read_here
from colorizer.intake.views import open_memory
from colorizer.metadata.fields import Metadata

_ROOT = Path(__file__).resolve().parents[2]
_KEPT_FROM_ENVIRONMENT = ("PATH", "LD_LIBRARY_PATH", "PYTHONPATH", "TMPDIR", "LANG")
_PROCESSES = 3
"""At once for each process that reads photos; one photo more waits."""
_MEASURE_SECONDS = 10.0
_HINTS_SECONDS = 60.0


class _Worker:
    """One decoding process."""

    def __init__(self) -> None:
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            environment = {
                name: os.environ[name] for name in _KEPT_FROM_ENVIRONMENT if name in os.environ
            }
            self._process = subprocess.Popen(  # noqa: S603  (no shell, and a module of ours)
                [sys.executable, "-m", "colorizer.intake.worker", str(theirs.fileno())],
                cwd=_ROOT,
                env={**environment, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                start_new_session=True,  # a terminal's Ctrl+C is for the caller to handle
            )

    def read(self, source: int, limits: Limits, page: int) -> DecodedPhoto:
        """Have the open file ``source`` read.

        Raises:
            IntakeError: it is not taken, or its decoder crashed or took too long.
        """
        request = {"limits": asdict(limits), "page": page}
        answer, files = self._ask(source, request, limits.seconds)
        if "code" in answer:
            raise IntakeError(answer["code"], answer["message"], answer["values"])
        return _photo_of(answer, files[0])

    def measure(self, source: int, lengths: Sequence[int]) -> list[Size | None]:
        """Have the headers of the open file ``source`` read, one after the other.

        Raises:
            IntakeError: their reader crashed or took too long.
        """
        answer, _ = self._ask(source, {"heads": list(lengths)}, _MEASURE_SECONDS)
        return [tuple(size) if size else None for size in answer["sizes"]]

    def count_pages(self, source: int, limits: Limits) -> int:
        """Have the pages of the open file ``source`` counted.

        Raises:
            IntakeError: it is damaged or locked, or its reader crashed or took too long.
        """
        request = {"limits": asdict(limits), "pages": True}
        answer, _ = self._ask(source, request, limits.seconds)
        if "code" in answer:
            raise IntakeError(answer["code"], answer["message"], answer["values"])
        return int(answer["pages"])

    def match_hints(self, source: int) -> tuple[dict[str, Any], int]:
        """Have the hints that the open file ``source`` packs matched with their photos.

        Returns:
            What is wrong with them, or nothing and the open file of what was found.

        Raises:
            IntakeError: their reader crashed or took too long.
        """
        answer, files = self._ask(source, {"hints": True}, _HINTS_SECONDS)
        if files:
            os.lseek(files[0], 0, os.SEEK_SET)
        return answer, files[0] if files else -1

    def _ask(
        self, source: int, request: dict[str, Any], seconds: float
    ) -> tuple[dict[str, Any], list[int]]:
        self._socket.settimeout(seconds)
        try:
            socket.send_fds(self._socket, [json.dumps(request).encode()], [source])
            message, files, _, _ = socket.recv_fds(self._socket, 1 << 20, 1)
        except TimeoutError:
            self.stop()
            raise errors.too_slow() from None
        except OSError:
            message, files = b"", []
        if not message:  # the process is gone: a decoder crashed, or the system stopped it
            self.stop()
            raise errors.damaged()
        return json.loads(message), files

    @property
    def is_alive(self) -> bool:
        """Whether it can take a request."""
        return self._process.poll() is None

    def stop(self) -> None:
        """End the process at once."""
        self._process.kill()
        self._process.wait()
        self._socket.close()


class _Pool:
    """The decoding processes of this process: started when needed, kept, given to one at a time."""

    def __init__(self) -> None:
        self.owner = os.getpid()
        self._idle: list[_Worker] = []
        self._lock = threading.Lock()
        self._free = threading.BoundedSemaphore(_PROCESSES)

    @contextmanager
    def worker(self) -> Iterator[_Worker]:
        """Lend a process that is alive."""
        with self._free:
            with self._lock:
                worker = self._idle.pop() if self._idle else None
            if worker is None or not worker.is_alive:
                worker = _Worker()
            try:
                yield worker
            finally:
                if worker.is_alive:
                    with self._lock:
                        self._idle.append(worker)


_pool = _Pool()


def read(source: bytes | Path, limits: Limits | None = None, *, page: int = 1) -> DecodedPhoto:
    """Read a photo: upright, sRGB, on white, neutral ones in one channel, 16 bits kept.

    The content decides what the file is; its name is not asked.

    Args:
        source: the file's bytes, or its path.
        limits: what is accepted, and what reading may cost.
        page: of a PDF, from 1.

    Raises:
        IntakeError: the file is not taken; its sentence says why.
        OSError: there is no file at the path, or it cannot be opened.
    """
    limits = limits or Limits()
    if not hasattr(socket, "send_fds"):  # Windows has neither these limits nor this way
        data = source if isinstance(source, bytes) else source.read_bytes()
        return read_here(data, limits, page=page)
    with opened(source) as file:
        check_bytes(os.fstat(file).st_size, limits)
        with borrowed_worker() as worker:
            return worker.read(file, limits, page)


def count_pages(source: bytes | Path, limits: Limits | None = None) -> int:
    """Return how many pages a file has: 1 where it is no PDF, whatever its name says.

    Args:
        source: the file's bytes, or its path.
        limits: what reading may cost.

    Raises:
        IntakeError: the file is a PDF that cannot be read.
        OSError: there is no file at the path, or it cannot be opened.
    """
    limits = limits or Limits()
    if not hasattr(socket, "send_fds"):
        data = source if isinstance(source, bytes) else source.read_bytes()
        return count_pages_here(memoryview(data))
    with opened(source) as file:
        if os.pread(file, len(BEGINNING), 0) != BEGINNING:
            return 1
        check_bytes(os.fstat(file).st_size, limits)
        with borrowed_worker() as worker:
            return worker.count_pages(file, limits)


def measure(heads: Sequence[bytes]) -> list[Size | None]:
    """Return the sizes that files' headers declare, width and height as they are shown.

    Args:
        heads: the first :data:`colorizer.intake.HEAD_BYTES` of each file.

    Returns:
        The sizes; None where that part does not say it, or cannot be read.
    """
    if not hasattr(socket, "send_fds"):
        return [measure_here(head) for head in heads]
    try:
        with opened(b"".join(heads)) as file, borrowed_worker() as worker:
            return worker.measure(file, [len(head) for head in heads])
    except IntakeError:
        return [None] * len(heads)


def is_large(head: bytes) -> bool:
    """Tell whether reading a file takes seconds and much memory; what is unknown counts as that.

    Args:
        head: the file's first :data:`colorizer.intake.HEAD_BYTES`.
    """
    size = measure([head])[0]
    return size is None or size[0] * size[1] > LARGE_PIXELS


def warm_up() -> None:
    """Start a decoding process, so that the first photo does not wait for it."""
    if hasattr(socket, "send_fds"):
        with borrowed_worker():
            pass


@contextmanager
def borrowed_worker() -> Iterator[_Worker]:
    """Lend one of the processes that decode, for the length of a ``with`` block."""
    with _current_pool().worker() as worker:
        yield worker


def _current_pool() -> _Pool:
    """Return the pool of this process: a forked one does not share its parent's."""
    global _pool
    if _pool.owner != os.getpid():
        _pool = _Pool()
    return _pool


@contextmanager
def opened(source: bytes | Path) -> Iterator[int]:
    """Open a file by its path, or bytes as a file in memory."""
    if isinstance(source, bytes):
        file = open_memory("photo")
        view = memoryview(source)
        while view:
            view = view[os.write(file, view) :]
    else:
        file = os.open(source, os.O_RDONLY)
    try:
        yield file
    finally:
        os.close(file)


def _photo_of(answer: dict[str, Any], file: int) -> DecodedPhoto:
    """Return the photo that a process described, its pixels still where it put them."""
    shape, dtype = tuple(answer["shape"]), np.dtype(answer["dtype"])
    try:
        memory = mmap.mmap(file, int(np.prod(shape)) * dtype.itemsize)
    finally:
        os.close(file)
    return DecodedPhoto(
        pixels=np.frombuffer(memory, dtype).reshape(shape),
        format=answer["format"],
        bits=answer["bits"],
        metadata=Metadata.of(answer["metadata"]),
        page=answer["page"],
        pages=answer["pages"],
        note=answer["note"],
    )

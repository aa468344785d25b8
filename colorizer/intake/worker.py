"""The process that decodes: reads requests from a socket, answers with pixels in shared memory.

Run by :mod:`colorizer.intake.process` as ``python -m colorizer.intake.worker FD``. It has limits of
memory, opens no file by name, and knows no secret; a request and an answer are JSON with one open
file beside it.
"""

from __future__ import annotations

import json
import mmap
import os
import resource
import socket
import sys
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import imagecodecs
import numpy as np

from colorizer.hintfiles import HintFileError
from colorizer.intake import profiles, reading
from colorizer.intake.decoded import Samples
from colorizer.intake.errors import IntakeError
from colorizer.intake.headers import HEAD_BYTES, Size, measure_here
from colorizer.intake.hints import match_packed
from colorizer.intake.limits import Limits
from colorizer.intake.pdf import count_pages
from colorizer.intake.views import open_memory

MAX_MESSAGE = 1 << 20
_MAX_FILES = 64
_NICE = 5


def main() -> None:
    """Serve until the other end closes."""
    connection = socket.socket(fileno=int(sys.argv[1]))
    # What libraries print belongs to no protocol.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.nice(_NICE)  # strokes go first where cores are few
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_MAX_FILES, _MAX_FILES))
    _warm_up()
    # A site that is killed closes the other end with a question or an answer on its way.
    with suppress(ConnectionError):
        while _answer(connection):
            pass


def _answer(connection: socket.socket) -> bool:
    """Wait for a question and answer it; return whether there was one."""
    message, files, _, _ = socket.recv_fds(connection, MAX_MESSAGE, 1)
    if not message:
        return False
    answer, result = _serve(json.loads(message), files[0])
    os.close(files[0])
    socket.send_fds(connection, [json.dumps(answer).encode()], [] if result < 0 else [result])
    if result >= 0:
        os.close(result)
    return True


def _warm_up() -> None:
    """Load what every photo needs, so that the first one does not wait for it."""
    for codec in ("png_decode", "jpeg8_decode", "cms_transform"):
        getattr(imagecodecs, codec)
    profiles.warm_up()


def _serve(request: dict[str, Any], source: int) -> tuple[dict[str, Any], int]:
    """Return an answer, and the file of the pixels, -1 where there are none."""
    limits = Limits(**request.get("limits", {}))
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory, hard))
    if "heads" in request:
        return {"sizes": list(_measure(source, request["heads"]))}, -1
    if "hints" in request:
        return _match_hints(source)
    if "pages" in request:
        return _count_pages(source), -1
    result = open_memory("pixels")

    def allocate(shape: tuple[int, ...], dtype: np.dtype[Any]) -> Samples:
        size = int(np.prod(shape)) * dtype.itemsize
        os.ftruncate(result, size)
        return np.frombuffer(mmap.mmap(result, size), dtype).reshape(shape)

    try:
        data = memoryview(_mapped(source))
        photo = reading.read_here(data, limits, page=request["page"], allocate=allocate)
    except IntakeError as error:
        os.close(result)
        return {"code": error.code, "message": error.message, "values": error.values}, -1
    answer = {
        "shape": photo.pixels.shape,
        "dtype": photo.pixels.dtype.name,
        "format": photo.format,
        "bits": photo.bits,
        "metadata": photo.metadata.to_json(),
        "page": photo.page,
        "pages": photo.pages,
        "note": photo.note,
    }
    return answer, result


def _count_pages(source: int) -> dict[str, Any]:
    try:
        return {"pages": count_pages(memoryview(_mapped(source)))}
    except IntakeError as error:
        return {"code": error.code, "message": error.message, "values": error.values}


def _mapped(source: int) -> mmap.mmap | bytes:
    size = os.fstat(source).st_size
    return mmap.mmap(source, size, prot=mmap.PROT_READ) if size else b""


def _match_hints(source: int) -> tuple[dict[str, Any], int]:
    try:
        lines = b"".join(match_packed(source))
    except HintFileError as error:
        return {"code": error.code, "message": error.message, "values": error.values}, -1
    result = open_memory("hints")
    with os.fdopen(os.dup(result), "wb") as file:
        file.write(lines)
    return {}, result


def _measure(source: int, lengths: list[int]) -> Iterator[Size | None]:
    at = 0
    for length in lengths:
        yield measure_here(os.pread(source, min(length, HEAD_BYTES), at))
        at += length


if __name__ == "__main__":
    main()

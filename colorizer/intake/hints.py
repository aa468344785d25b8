"""Hints in files, read where photos are decoded: thousands of points keep no other thread waiting.

The caller packs paths and contents into one file in memory; what comes back is a line for each
photo that has hints. They stay text, as they are stored: to read hundreds of them into objects and
write them out again took the caller seconds in which no other thread got on.
"""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator, Mapping, Sequence

from colorizer import hintfiles
from colorizer.hintfiles import HintFileError
from colorizer.intake.process import borrowed_worker, opened


def match_hints(photos: Sequence[str], files: Mapping[str, bytes]) -> dict[str, str]:
    """Do what :func:`colorizer.hintfiles.match_hints` does, in the process that decodes.

    Args:
        photos: paths of all photos.
        files: the content of each file of hints, by its path.

    Returns:
        For each photo that has hints its hint set, as JSON.

    Raises:
        HintFileError: hints are for a photo that is not there or for several, or break the schema.
        IntakeError: reading them took too long or too much memory.
    """
    if not hasattr(socket, "send_fds"):  # Windows has not this way
        found = hintfiles.match_hints(photos, files, files.__getitem__)
        return {photo: json.dumps(hints) for photo, hints in found.items()}
    with opened(b"".join(_packed(photos, files))) as source, borrowed_worker() as worker:
        answer, result = worker.match_hints(source)
    if "code" in answer:
        raise HintFileError(answer["code"], answer["message"], answer["values"])
    with os.fdopen(result, "rb") as lines:
        pairs = (line.decode().rstrip("\n").split("\t", 1) for line in lines)
        return {json.loads(photo): hints for photo, hints in pairs}


def match_packed(source: int) -> Iterator[bytes]:
    """Match what the open file ``source`` packs; called by the process that decodes.

    Yields:
        For each photo that has hints a line: its path and its hint set, as JSON, between them a
        tab, which JSON has in neither.

    Raises:
        HintFileError: as :func:`match_hints`.
    """
    with os.fdopen(os.dup(source), "rb") as file:
        file.seek(0)
        head = json.loads(file.readline())
        files = {path: file.read(size) for path, size in head["files"]}
    found = hintfiles.match_hints(head["photos"], files, files.__getitem__)
    for photo, hints in found.items():
        yield f"{json.dumps(photo)}\t{json.dumps(hints)}\n".encode()


def _packed(photos: Sequence[str], files: Mapping[str, bytes]) -> Iterator[bytes]:
    sizes = [[path, len(content)] for path, content in files.items()]
    yield json.dumps({"photos": list(photos), "files": sizes}).encode() + b"\n"
    yield from files.values()

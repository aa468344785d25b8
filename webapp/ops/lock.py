"""A lock that a process holds for as long as it lives, however it ends."""

from __future__ import annotations

import fcntl
from pathlib import Path
from typing import IO


def take_lock(path: Path) -> IO[str] | None:
    """Take the lock at ``path`` for this process.

    Returns:
        The open file, which holds the lock until it is closed or the process ends, by whatever
        signal; None if another process holds it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    file = path.open("a")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    return file

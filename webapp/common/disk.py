"""Whether there is room on the disk: the last of it is for what is begun already."""

from __future__ import annotations

import errno
import shutil

from django.conf import settings


class DiskFullError(Exception):
    """The disk has no room for anything new."""


def free_bytes() -> int:
    """Return what is free where ``DATA_DIR`` is; nothing where that cannot be told."""
    try:
        return shutil.disk_usage(settings.DATA_DIR).free
    except OSError:
        return 0


def has_room() -> bool:
    """Tell whether more than ``DISK_RESERVE_BYTES`` are free."""
    return free_bytes() > settings.DISK_RESERVE_BYTES


def check_disk() -> None:
    """See that something may be added.

    Raises:
        DiskFullError: there is no room.
    """
    if not has_room():
        raise DiskFullError


def is_full(error: BaseException) -> bool:
    """Tell whether an error, of a file or of the database, says that the disk is full."""
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return True
    words = str(error).lower()
    return "disk is full" in words or "no space left on device" in words

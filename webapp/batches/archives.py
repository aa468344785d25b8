"""ZIPs that people bring: what is in one, told before anything is unpacked.

An archive is never unpacked to the disk: workers read one entry at a time, so that names in it can
do no harm, and what an entry may unpack to is checked here and held to by ``zipfile``.
"""

from __future__ import annotations

import stat
import struct
import zipfile
from dataclasses import dataclass
from typing import IO

from django.conf import settings
from django.utils.translation import gettext, ngettext

from webapp.batches.names import is_junk, name_in_archive, safe_path, shown
from webapp.batches.refusal import BatchRefused

MIB = 1024 * 1024
_ENCRYPTED = 0x1
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA}
_ARCHIVES = (".zip", ".7z", ".rar", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst", ".cbz")
_END = b"PK\x05\x06"
_END_SIZE = 22
_MAX_COMMENT = 0xFFFF
_BYTES_PER_ENTRY = 2048
"""Of the directory at an archive's end, at most: a longer one is made to fill memory."""


@dataclass(frozen=True)
class Entry:
    """A file in an archive: its place there, its path, and its size once unpacked."""

    index: int
    path: str
    size: int


def is_zip(file: IO[bytes]) -> bool:
    """Tell whether ``file`` begins like a ZIP, an empty one included."""
    file.seek(0)
    return file.read(4) in {b"PK\x03\x04", _END}


def open_archive(file: IO[bytes]) -> zipfile.ZipFile:
    """Open an archive, unless its directory alone is too much.

    Raises:
        BatchRefused: it has too many files, or is damaged.
    """
    _check_directory(file)
    try:
        return zipfile.ZipFile(file)
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, struct.error) as error:
        raise _damaged() from error


def list_entries(archive: zipfile.ZipFile) -> list[Entry]:
    """Return the files of an archive, without folders and what systems leave behind.

    Raises:
        BatchRefused: it holds something that is not taken; the sentence names it.
    """
    infos = [info for info in archive.infolist() if not info.is_dir()]
    if len(infos) > settings.BATCH_MAX_FILES:
        raise too_many_files(len(infos))
    entries = []
    for index, info in enumerate(archive.infolist()):
        path = safe_path(name_in_archive(info))
        _check(info, path)
        if not info.is_dir() and not is_junk(path):
            entries.append(Entry(index, path, info.file_size))
    _check_sum(infos)
    return entries


def read_entry(archive: zipfile.ZipFile, index: int, most: int = -1) -> bytes:
    """Return an entry's content, or its first ``most`` bytes.

    Raises:
        zipfile.BadZipFile: it is damaged.
    """
    try:
        with archive.open(archive.infolist()[index]) as file:
            return file.read(most)
    except zipfile.BadZipFile:
        raise
    except Exception as error:  # decompressors raise nearly anything on damaged data
        raise zipfile.BadZipFile(str(error)) from error


def too_many_files(count: int) -> BatchRefused:
    """Return the error for more files than a batch may have."""
    message = gettext("There are %(count)d files. One batch takes %(limit)d; please divide them.")
    values = {"count": count, "limit": settings.BATCH_MAX_FILES}
    return BatchRefused(413, "too_many_files", message % values)


def _check(info: zipfile.ZipInfo, path: str) -> None:
    if info.flag_bits & _ENCRYPTED:
        message = gettext("“%(name)s” is encrypted. Please pack the ZIP without a password.")
        raise BatchRefused(422, "encrypted", message % {"name": shown(path)})
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in {0, stat.S_IFREG, stat.S_IFDIR}:
        message = gettext("“%(name)s” is a link. Please put the photo itself into the ZIP.")
        raise BatchRefused(422, "link", message % {"name": shown(path)})
    if path.lower().endswith(_ARCHIVES) and not info.is_dir():
        message = gettext("“%(name)s” is an archive within the ZIP. Please unpack it first.")
        raise BatchRefused(422, "nested_archive", message % {"name": shown(path)})
    if info.compress_type not in _METHODS:
        message = gettext("“%(name)s” is packed in a way that cannot be read. Use plain ZIP.")
        raise BatchRefused(415, "unsupported_packing", message % {"name": shown(path)})
    if info.file_size > MIB and info.file_size > settings.BATCH_MAX_RATIO * info.compress_size:
        raise _bomb(path)


def _check_sum(infos: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(info.file_size for info in infos)
    packed = sum(info.compress_size for info in infos)
    if unpacked > settings.BATCH_MAX_UNPACKED_BYTES:
        message = gettext("The ZIP would unpack to %(size)d MB. The limit is %(limit)d MB.")
        values = {"size": unpacked // MIB, "limit": settings.BATCH_MAX_UNPACKED_BYTES // MIB}
        raise BatchRefused(413, "too_large_unpacked", message % values)
    if unpacked > MIB and unpacked > settings.BATCH_MAX_RATIO * packed:
        raise _bomb("ZIP")


def _bomb(path: str) -> BatchRefused:
    message = gettext("“%(name)s” would unpack to far more than it is. Nothing was taken.")
    return BatchRefused(422, "zip_bomb", message % {"name": shown(path)})


def _damaged() -> BatchRefused:
    message = gettext("The ZIP is damaged or incomplete and cannot be read.")
    return BatchRefused(400, "damaged_archive", message)


def _check_directory(file: IO[bytes]) -> None:
    """Look at the archive's end: how many files it says it has, in how large a directory."""
    size = file.seek(0, 2)
    file.seek(max(0, size - _END_SIZE - _MAX_COMMENT))
    tail = file.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) - at < _END_SIZE:
        raise _damaged()
    count, length = struct.unpack_from("<HL", tail, at + 10)
    # 0xFFFF means "more than fits here": more than any batch takes, or a file of over 4 GiB.
    if count > 2 * settings.BATCH_MAX_FILES + 100 and count != 0xFFFF:  # folders count too
        raise too_many_files(count)
    if size > length > _BYTES_PER_ENTRY * (2 * settings.BATCH_MAX_FILES + 100):
        message = ngettext(
            "The ZIP's list of files is too long for the %(limit)d file that a batch takes.",
            "The ZIP's list of files is too long for the %(limit)d files that a batch takes.",
            settings.BATCH_MAX_FILES,
        )
        values = {"limit": settings.BATCH_MAX_FILES}
        raise BatchRefused(413, "too_many_files", message % values)

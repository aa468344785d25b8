"""ZIPs that people bring: what is in one, told before anything is unpacked.

An archive is never unpacked to the disk: workers read one entry at a time, so that names in it can
do no harm, and what an entry may unpack to is checked here and held to by ``zipfile``.
"""

from __future__ import annotations

import stat
import struct
import zipfile
from dataclasses import dataclass
from typing import IO, cast

from django.conf import settings
from django.utils.translation import gettext, ngettext

from colorizer.filenames import is_junk
from colorizer.hintfiles import shown
from webapp.batches.errors import InvalidBatchError
from webapp.batches.names import names_in_archive, raw_name, safe_path

MIB = 1024 * 1024
_ENCRYPTED = 0x1
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
"""Those that unpack a little at a time; others fill memory before a limit is asked."""
_ARCHIVES = (".zip", ".7z", ".rar", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst", ".cbz")
_END = b"PK\x05\x06"
_ENTRY = b"PK\x01\x02"
_ENTRY_SIZE = 46
_LENGTHS_AT = 28
"""Where an entry of the directory says how long its name, extra fields and comment are."""
_BYTES_PER_ENTRY = 2048
"""Of the directory at an archive's end, at most: a longer one is made to fill memory."""


@dataclass(frozen=True)
class Entry:
    """A file in an archive: its place there, its path, its name's bytes, its size unpacked."""

    index: int
    path: str
    raw_name: bytes
    size: int


def is_zip(file: IO[bytes]) -> bool:
    """Tell whether ``file`` begins like a ZIP, an empty one included."""
    file.seek(0)
    return file.read(4) in {b"PK\x03\x04", _END}


def open_archive(file: IO[bytes]) -> zipfile.ZipFile:
    """Open an archive, unless its directory alone is too much.

    Raises:
        InvalidBatchError: it has too many files, or is damaged.
    """
    try:
        archive = zipfile.ZipFile(cast(IO[bytes], _Directory(file)))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, struct.error) as error:
        raise _damaged() from error
    if not all(info.filename for info in archive.infolist()):
        raise _damaged()
    archive.fp = file
    return archive


def list_entries(archive: zipfile.ZipFile) -> list[Entry]:
    """Return the files of an archive, without folders and what systems leave behind.

    Raises:
        InvalidBatchError: it holds something that is not taken; the sentence names it.
    """
    infos = [info for info in archive.infolist() if not info.is_dir()]
    if len(infos) > settings.BATCH_MAX_FILES:
        raise too_many_files(len(infos))
    entries = []
    names = names_in_archive(archive.infolist())
    for index, (info, name) in enumerate(zip(archive.infolist(), names, strict=True)):
        path = safe_path(name)
        if info.is_dir() or is_junk(path):
            continue
        _check(info, path)
        entries.append(Entry(index, path, raw_name(info), info.file_size))
    _check_sum(infos)
    return entries


def read_entry(archive: zipfile.ZipFile, index: int, limit: int) -> bytes:
    """Return the first ``limit`` bytes of an entry, which may be all of it.

    Raises:
        zipfile.BadZipFile: it is damaged.
    """
    try:
        with archive.open(archive.infolist()[index]) as file:
            return file.read(limit)
    except zipfile.BadZipFile:
        raise
    except Exception as error:  # decompressors raise nearly anything on damaged data
        raise zipfile.BadZipFile(str(error)) from error


def too_many_files(count: int) -> InvalidBatchError:
    """Return the error for more files than a batch may have."""
    message = gettext("There are %(count)d files. One batch takes %(limit)d; please divide them.")
    values = {"count": count, "limit": settings.BATCH_MAX_FILES}
    return InvalidBatchError(413, "too_many_files", message % values)


def _check(info: zipfile.ZipInfo, path: str) -> None:
    if info.flag_bits & _ENCRYPTED:
        message = gettext("“%(name)s” is encrypted. Please pack the ZIP without a password.")
        raise InvalidBatchError(422, "encrypted", message % {"name": shown(path)})
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in {0, stat.S_IFREG, stat.S_IFDIR}:
        message = gettext("“%(name)s” is a link. Please put the photo itself into the ZIP.")
        raise InvalidBatchError(422, "link", message % {"name": shown(path)})
    if path.lower().endswith(_ARCHIVES):
        message = gettext("“%(name)s” is an archive within the ZIP. Please unpack it first.")
        raise InvalidBatchError(422, "nested_archive", message % {"name": shown(path)})
    if info.compress_type not in _METHODS:
        message = gettext("“%(name)s” is packed in a way that cannot be read. Use plain ZIP.")
        raise InvalidBatchError(415, "unsupported_packing", message % {"name": shown(path)})
    if info.file_size > MIB and info.file_size > settings.BATCH_MAX_RATIO * info.compress_size:
        raise _bomb(path)


def _check_sum(infos: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(info.file_size for info in infos)
    packed = sum(info.compress_size for info in infos)
    if unpacked > settings.BATCH_MAX_UNPACKED_BYTES:
        message = gettext("The ZIP would unpack to %(size)d MB. The limit is %(limit)d MB.")
        values = {"size": unpacked // MIB, "limit": settings.BATCH_MAX_UNPACKED_BYTES // MIB}
        raise InvalidBatchError(413, "too_large_unpacked", message % values)
    if unpacked > MIB and unpacked > settings.BATCH_MAX_RATIO * packed:
        raise _bomb("ZIP")


def _bomb(path: str) -> InvalidBatchError:
    message = gettext("“%(name)s” would unpack to far more than it is. Nothing was taken.")
    return InvalidBatchError(422, "zip_bomb", message % {"name": shown(path)})


def _damaged() -> InvalidBatchError:
    message = gettext("The ZIP is damaged or incomplete and cannot be read.")
    return InvalidBatchError(400, "damaged_archive", message)


class _Directory:
    """An archive's file while ``zipfile`` looks for its directory, which it takes in whole.

    What the archive says of the directory in several places is not asked: the bytes that
    ``zipfile`` goes by are counted before it makes something of them.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.seek, self.tell = file.seek, file.tell

    def read(self, size: int = -1) -> bytes:
        """Read on.

        Raises:
            InvalidBatchError: this is the directory, and too large or of too many files.
        """
        limit = 2 * settings.BATCH_MAX_FILES + 100  # folders are entries, too
        if size > limit * _BYTES_PER_ENTRY:
            raise _too_long_directory()
        data = self._file.read(size)
        count = _count_entries(data)
        if count > limit:
            raise too_many_files(count)
        return data


def _count_entries(directory: bytes) -> int:
    at = count = 0
    while directory.startswith(_ENTRY, at) and len(directory) - at >= _ENTRY_SIZE:
        at += _ENTRY_SIZE + sum(struct.unpack_from("<3H", directory, at + _LENGTHS_AT))
        count += 1
    return count


def _too_long_directory() -> InvalidBatchError:
    message = ngettext(
        "The ZIP's list of files is too long for the %(limit)d file that a batch takes.",
        "The ZIP's list of files is too long for the %(limit)d files that a batch takes.",
        settings.BATCH_MAX_FILES,
    )
    return InvalidBatchError(413, "too_many_files", message % {"limit": settings.BATCH_MAX_FILES})

"""Names of files as they come from archives: decoded and checked."""

from __future__ import annotations

import struct
import unicodedata
import zlib
from collections.abc import Sequence
from zipfile import ZipInfo

from django.utils.translation import gettext

from colorizer.codepages import decode_names
from colorizer.hintfiles import shown
from webapp.batches.errors import InvalidBatchError
from webapp.batches.models import PATH_LENGTH

_UTF8_FLAG = 0x800
_UNICODE_PATH = 0x7075


def names_in_archive(infos: Sequence[ZipInfo]) -> list[str]:
    """Return the names of a ZIP's entries, whatever the program that wrote it held names to be.

    UTF-8 where an entry says so or carries a Unicode name beside the plain one. Most programs say
    nothing: then all names together tell the code page (:mod:`colorizer.codepages`).
    """
    unknown = [info for info in infos if not _declared(info)]
    guessed = iter(decode_names([raw_name(info) for info in unknown]))
    return [_declared(info) or next(guessed) for info in infos]


def raw_name(info: ZipInfo) -> bytes:
    """Return the bytes of an entry's name, as they are in the archive."""
    encoding = "utf-8" if info.flag_bits & _UTF8_FLAG else "cp437"
    return info.orig_filename.encode(encoding)


def _declared(info: ZipInfo) -> str:
    if info.flag_bits & _UTF8_FLAG:
        return info.orig_filename
    return _unicode_path(info.extra, raw_name(info))


def _unicode_path(extra: bytes, raw: bytes) -> str:
    """Return the name in Info-ZIP's extra field, if there is one for these very bytes."""
    while len(extra) >= 4:
        kind, size = struct.unpack_from("<HH", extra)
        field, extra = extra[4 : 4 + size], extra[4 + size :]
        if kind != _UNICODE_PATH or len(field) <= 5:
            continue
        if struct.unpack_from("<L", field, 1)[0] == zlib.crc32(raw):
            return field[5:].decode("utf-8", "replace")
    return ""


def safe_path(name: str) -> str:
    """Return ``name`` as a relative path with forward slashes, composed (as macOS's is not).

    Raises:
        InvalidBatchError: it leads out of its folder, is absolute, or is no name at all.
    """
    path = unicodedata.normalize("NFC", name.replace("\\", "/"))
    parts = [part for part in path.split("/") if part not in {"", "."}]
    absolute = path.startswith("/") or (len(path) > 1 and path[1] == ":")
    if absolute or ".." in parts:
        message = gettext("“%(name)s” leads out of its own folder. Nothing was taken.")
        raise InvalidBatchError(422, "bad_path", message % {"name": shown(name)})
    controls = any(unicodedata.category(letter) in {"Cc", "Cs"} for letter in path)
    if not parts or controls or len(path) > PATH_LENGTH - 20:
        message = gettext("“%(name)s” cannot be the name of a file here. Nothing was taken.")
        raise InvalidBatchError(422, "bad_name", message % {"name": shown(name)})
    return "/".join(parts)

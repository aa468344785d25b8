"""Names of files as they come from archives and folders: decoded, checked, made unique."""

from __future__ import annotations

import struct
import unicodedata
import zlib
from collections.abc import Iterable
from pathlib import PurePosixPath
from zipfile import ZipInfo

from django.utils.translation import gettext

from webapp.batches.models import PATH_LENGTH
from webapp.batches.refusal import BatchRefused

_UTF8_FLAG = 0x800
_UNICODE_PATH = 0x7075
_ONE_CODE = 2
"""Bytes of a usual syllable in EUC-KR; rare ones are spelled out there, letter by letter."""
_JUNK = {"thumbs.db", "desktop.ini", "ehthumbs.db"}
_JUNK_FOLDERS = {"__MACOSX", "@eaDir"}


def name_in_archive(info: ZipInfo) -> str:
    """Return the name of a ZIP's entry, whatever the program that wrote it held names to be.

    UTF-8 where the entry says so or carries a Unicode name beside the plain one; else, since most
    programs say nothing, UTF-8 if the bytes are, CP949 (Korean Windows) if that gives Hangul, and
    CP437 as the format's description has it.
    """
    if info.flag_bits & _UTF8_FLAG:
        return info.orig_filename
    raw = info.orig_filename.encode("cp437")
    return _unicode_path(info.extra, raw) or _decoded(raw)


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        pass
    try:
        korean = raw.decode("cp949")
    except UnicodeDecodeError:
        return raw.decode("cp437")
    return korean if _is_korean(korean) else raw.decode("cp437")


def _is_korean(text: str) -> bool:
    """Tell Hangul from letters with accents that happen to decode: those give rare syllables."""
    syllables = [letter for letter in text if "가" <= letter <= "힣"]
    usual = sum(len(letter.encode("euc_kr")) == _ONE_CODE for letter in syllables)
    return usual * 2 > len(syllables)


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
        BatchRefused: it leads out of its folder, is absolute, or is no name at all.
    """
    path = unicodedata.normalize("NFC", name.replace("\\", "/"))
    parts = [part for part in path.split("/") if part not in {"", "."}]
    absolute = path.startswith("/") or (len(path) > 1 and path[1] == ":")
    if absolute or ".." in parts:
        message = gettext("“%(name)s” leads out of its own folder. Nothing was taken.")
        raise BatchRefused(422, "bad_path", message % {"name": shown(name)})
    controls = any(unicodedata.category(letter) in {"Cc", "Cs"} for letter in path)
    if not parts or controls or len(path) > PATH_LENGTH - 20:
        message = gettext("“%(name)s” cannot be the name of a file here. Nothing was taken.")
        raise BatchRefused(422, "bad_name", message % {"name": shown(name)})
    return "/".join(parts)


def shown(name: str) -> str:
    """Return a foreign name for a sentence: printable, and not too long."""
    printable = "".join(letter if letter.isprintable() else "�" for letter in name)
    return printable if len(printable) <= 80 else f"{printable[:60]} … {printable[-18:]}"


def is_junk(path: str) -> bool:
    """Tell whether a file is one that systems leave behind: hidden, or a folder's own notes."""
    parts = PurePosixPath(path).parts
    return (
        parts[-1].startswith(".")
        or parts[-1].lower() in _JUNK
        or any(part in _JUNK_FOLDERS or part.startswith(".") for part in parts[:-1])
    )


def unique(names: Iterable[str]) -> list[str]:
    """Return ``names``, with a number added to those that some file system takes for the same."""
    taken: set[str] = set()
    result = []
    for name in names:
        path, count, fresh = PurePosixPath(name), 1, name
        while fresh.casefold() in taken:
            count += 1
            fresh = str(path.with_name(f"{path.stem} ({count}){path.suffix}"))
        taken.add(fresh.casefold())
        result.append(fresh)
    return result


def outputs(names: Iterable[str], extension: str) -> list[str]:
    """Return the results' names: the photos' own with another extension, and each only once."""
    return unique(str(PurePosixPath(name).with_suffix(f".{extension}")) for name in names)

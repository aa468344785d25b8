"""Names of photos' files: which are no photos but left behind by systems, and which are the same.

One rule for the command line and for batches.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from pathlib import PurePosixPath

SUFFIXES = (
    ".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".tif", ".tiff", ".heic", ".heif", ".avif",
    ".jxl", ".jp2", ".j2k", ".jpf", ".bmp", ".gif", ".dng",
    ".pdf",
)  # fmt: skip
"""What a folder's photos are told by; what each is, its content says."""

_JUNK = {"thumbs.db", "desktop.ini", "ehthumbs.db"}
_JUNK_FOLDERS = {"__macosx", "@eadir", "$recycle.bin"}


def is_junk(path: str) -> bool:
    """Tell whether a file is one that systems leave behind: hidden, or a folder's own notes."""
    parts = PurePosixPath(path).parts
    return (
        parts[-1].startswith(".")
        or parts[-1].lower() in _JUNK
        or any(part.lower() in _JUNK_FOLDERS or part.startswith(".") for part in parts[:-1])
    )


def name_key(name: str) -> str:
    """Return what two names share that some file system takes for the same.

    >>> name_key("Zu\u0308rich.JPG") == name_key("z\u00fcrich.jpg")
    True
    """
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def unique(names: Iterable[str]) -> list[str]:
    """Return ``names``, with a number added to those that some file system takes for the same."""
    taken: set[str] = set()
    result = []
    for name in names:
        path, count, fresh = PurePosixPath(name), 1, name
        while name_key(fresh) in taken:
            count += 1
            fresh = str(path.with_name(f"{path.stem} ({count}){path.suffix}"))
        taken.add(name_key(fresh))
        result.append(fresh)
    return result


def page_names(name: str, pages: int) -> list[str]:
    """Return names for the pages of a file, by which hints and results go.

    >>> page_names("album.pdf", 1), page_names("old/album.pdf", 12)[:2]
    (['album.pdf'], ['old/album-01.pdf', 'old/album-02.pdf'])
    """
    if pages == 1:
        return [name]
    path = PurePosixPath(name)
    return [
        str(path.with_name(f"{path.stem}-{page:0{len(str(pages))}}{path.suffix}"))
        for page in range(1, pages + 1)
    ]


def result_names(names: Iterable[str], extension: str) -> list[str]:
    """Return the names of photos' results: each only once on any file system.

    A photo's own with another extension; where several photos share it but for their own
    extensions, those stay in the name.

    >>> result_names(["a.jpg", "a.tif", "b.png"], "png")
    ['a.jpg.png', 'a.tif.png', 'b.png']
    """
    names = list(names)
    stems = [str(PurePosixPath(name).with_suffix("")) for name in names]
    keys = [name_key(stem) for stem in stems]
    shared = {key for key in keys if keys.count(key) > 1} if len({*keys}) < len(keys) else set()
    return unique(
        f"{name if key in shared else stem}.{extension}"
        for name, stem, key in zip(names, stems, keys, strict=True)
    )

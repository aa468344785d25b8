"""Hints that come as files: ``photo.json`` beside ``photo.jpg``, or one ``hints.json`` for all.

One rule for the command line and for batches. Names are compared as file systems may: composed or
not, upper case or lower.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from pathlib import PurePosixPath
from typing import Any

from colorizer.filenames import name_key
from colorizer.hints import HintError, HintSet
from colorizer.translation import gettext_noop

INDEX = "hints.json"
_NAMED = 5

Read = Callable[[str], bytes]


class HintFileError(Exception):
    """Hints in files cannot be used; ``str()`` of it says why, in English.

    Args:
        code: a stable word for programs.
        message: a sentence, as it stands in the catalogues.
        values: what its placeholders stand for; ``reason`` is translated too.
    """

    def __init__(self, code: str, message: str, values: Mapping[str, str]) -> None:
        self.code = code
        self.message = message
        self.values = dict(values)
        super().__init__(message % self.values)

    def translated(self, translate: Callable[[str], str]) -> str:
        """Return the sentence in the language that ``translate`` gives."""
        values = {
            name: translate(value) if name == "reason" and value else value
            for name, value in self.values.items()
        }
        return translate(self.message) % values


def is_hint_file(path: str) -> bool:
    """Tell whether a file is one of hints, by its name."""
    return path.lower().endswith(".json")


def match_hints(photos: Iterable[str], files: Iterable[str], read: Read) -> dict[str, Any]:
    """Return the hint set, as JSON, of each photo that has one.

    ``photo.json`` and ``photo.jpg.json`` are for the ``photo.jpg`` beside them; a ``hints.json``
    maps paths, relative to its own folder, to hint sets.

    Args:
        photos: paths of all photos.
        files: paths of all files of hints.
        read: returns the content of one of ``files``.

    Raises:
        HintFileError: hints are for a photo that is not there or for several, or break the schema.
    """
    known: dict[str, list[str]] = defaultdict(list)
    beside: dict[str, list[str]] = defaultdict(list)
    for photo in sorted(photos):
        known[name_key(photo)].append(photo)
        beside[name_key(str(PurePosixPath(photo).with_suffix("")))].append(photo)
    found: dict[str, Any] = {}
    missing: list[str] = []
    for path in sorted(files):
        data = _decoded(path, read(path))
        for name, hints in _assigned(path, data, known, beside).items():
            same = _same(name, known.get(name_key(name), []))
            if same is None:
                missing.append(name)
            else:
                found[same] = _checked(path, same, hints)
    if missing:
        raise _without_photo(missing)
    return found


def _same(name: str, candidates: list[str]) -> str | None:
    """Return the photo of that very name, or the only one whose name some systems take for it."""
    if name in candidates:
        return name
    return candidates[0] if len(candidates) == 1 else None


def _assigned(
    path: str, data: Any, known: Mapping[str, list[str]], beside: Mapping[str, list[str]]
) -> dict[str, Any]:
    """Return which hints of one file are meant for which photo."""
    stem = path[: -len(".json")]
    if name_key(stem) in known:
        return {stem: data}
    candidates = beside.get(name_key(stem), [])
    if len(candidates) > 1:
        own = [one for one in candidates if str(PurePosixPath(one).with_suffix("")) == stem]
        if len(own) == 1:
            return {own[0]: data}
        message = gettext_noop("“%(file)s” could be for several photos: name it “%(name)s.json”.")
        values = {"file": shown(path), "name": shown(PurePosixPath(candidates[0]).name)}
        raise HintFileError("hints_ambiguous", message, values)
    if candidates:
        return {candidates[0]: data}
    file = PurePosixPath(path)
    if file.name.lower() == INDEX and isinstance(data, dict):
        folder = file.parent
        return {str(folder / str(name).replace("\\", "/")): one for name, one in data.items()}
    return {stem: data}


def _decoded(path: str, content: bytes) -> Any:
    try:
        return json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise bad_hints(path, gettext_noop("It is no JSON in UTF-8.")) from None


def parse_hints(path: str, content: bytes) -> HintSet:
    """Return the hint set that a file holds.

    Raises:
        HintFileError: it holds none.
    """
    data = _decoded(path, content)
    try:
        return HintSet.parse(data)
    except HintError as error:
        raise bad_hints(path, str(error)) from None


def _checked(path: str, photo: str, hints: Any) -> dict[str, Any]:
    try:
        return HintSet.parse(hints).to_json()
    except HintError as error:
        raise bad_hints(path, f"{shown(photo)}: {error}") from None


def bad_hints(path: str, reason: str) -> HintFileError:
    """Return the error for a file whose hints cannot be used."""
    message = gettext_noop("The hints in “%(file)s” cannot be used. %(reason)s")
    return HintFileError("bad_hints", message, {"file": shown(path), "reason": reason})


def _without_photo(missing: list[str]) -> HintFileError:
    names = ", ".join(f"“{shown(name)}”" for name in missing[:_NAMED])
    if len(missing) > _NAMED:
        names += " …"
    message = gettext_noop("There are hints for photos that are not there: %(names)s.")
    return HintFileError("hints_without_photo", message, {"names": names})


def shown(name: str) -> str:
    """Return a foreign name for a sentence: printable, and not too long."""
    printable = "".join(letter if letter.isprintable() else "�" for letter in name)
    return printable if len(printable) <= 80 else f"{printable[:60]} … {printable[-18:]}"

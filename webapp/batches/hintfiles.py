"""Hints that come as files: ``photo.json`` beside ``photo.jpg``, or one ``hints.json`` for all."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from pathlib import PurePosixPath
from typing import Any

from django.utils.translation import gettext

from colorizer.hints import HintError, HintSet
from webapp.batches.names import shown
from webapp.batches.refusal import BatchRefused

INDEX = "hints.json"
MAX_BYTES = 16 * 1024 * 1024
_NAMED = 5

Read = Callable[[str], bytes]


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
        BatchRefused: hints are for a photo that is not there or for several, or break the schema.
    """
    known = set(photos)
    beside = _by_stem(known)
    found: dict[str, Any] = {}
    missing: list[str] = []
    for path in sorted(files):
        data = _decoded(path, read(path))
        for photo, hints in _assigned(path, data, known, beside).items():
            if photo not in known:
                missing.append(photo)
            else:
                found[photo] = _checked(path, photo, hints)
    if missing:
        raise _without_photo(missing)
    return found


def _by_stem(photos: Iterable[str]) -> Mapping[str, list[str]]:
    beside: dict[str, list[str]] = defaultdict(list)
    for photo in sorted(photos):
        beside[str(PurePosixPath(photo).with_suffix(""))].append(photo)
    return beside


def _assigned(
    path: str, data: Any, known: set[str], beside: Mapping[str, list[str]]
) -> dict[str, Any]:
    """Return which hints of one file are meant for which photo."""
    stem = path[: -len(".json")]
    if stem in known:
        return {stem: data}
    candidates = beside.get(stem, [])
    if len(candidates) > 1:
        message = gettext("“%(file)s” could be for several photos: name it “%(name)s.json”.")
        values = {"file": shown(path), "name": shown(PurePosixPath(candidates[0]).name)}
        raise BatchRefused(422, "hints_ambiguous", message % values)
    if candidates:
        return {candidates[0]: data}
    file = PurePosixPath(path)
    if file.name.lower() == INDEX and isinstance(data, dict):
        folder = file.parent
        return {str(folder / str(name).replace("\\", "/")): one for name, one in data.items()}
    return {stem: data}


def _decoded(path: str, content: bytes) -> Any:
    if len(content) > MAX_BYTES:
        raise _bad(path, gettext("It is too large."))
    try:
        return json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise _bad(path, gettext("It is no JSON in UTF-8.")) from None


def _checked(path: str, photo: str, hints: Any) -> dict[str, Any]:
    try:
        return HintSet.parse(hints).to_json()
    except HintError as error:
        raise _bad(path, f"{shown(photo)}: {error}") from None


def _bad(path: str, reason: str) -> BatchRefused:
    message = gettext("The hints in “%(file)s” cannot be used. %(reason)s")
    return BatchRefused(422, "bad_hints", message % {"file": shown(path), "reason": reason})


def _without_photo(missing: list[str]) -> BatchRefused:
    names = ", ".join(f"“{shown(name)}”" for name in missing[:_NAMED])
    if len(missing) > _NAMED:
        names += " …"
    message = gettext("There are hints for photos that are not there: %(names)s.")
    return BatchRefused(422, "hints_without_photo", message % {"names": names})

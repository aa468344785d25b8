"""Why a file is not taken: a code for programs, a sentence for people."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from colorizer.translation import gettext_noop

STATUS = {
    "empty": 400,
    "damaged": 400,
    "too_many_bytes": 413,
    "too_large_piece": 413,
    "too_many_pixels": 413,
    "too_many_parts": 413,
    "too_much_memory": 413,
    "too_slow": 422,
    "too_small": 422,
    "too_narrow": 422,
    "animated": 422,
    "several_pages": 422,
    "no_scan": 422,
    "no_such_page": 422,
    "encrypted": 422,
    "camera_raw": 415,
    "unsupported_kind": 415,
    "unsupported_format": 415,
}
"""The HTTP status that fits each code."""


class IntakeError(Exception):
    """The file is not a photo that is taken; ``str()`` of it says why, in English.

    Args:
        code: a stable word for programs, one of :data:`STATUS`.
        message: a sentence, as it stands in the catalogues.
        values: what its placeholders stand for; texts among them are translated too.
    """

    def __init__(self, code: str, message: str, values: Mapping[str, Any] | None = None) -> None:
        self.code = code
        self.message = message
        self.values = dict(values or {})
        super().__init__(self.translated(str))

    @property
    def status(self) -> int:
        """The HTTP status that fits, 4xx."""
        return STATUS[self.code]

    def translated(self, translate: Callable[[str], str]) -> str:
        """Return the sentence in the language that ``translate`` gives."""
        values = {
            name: translate(value) if isinstance(value, str) and value else value
            for name, value in self.values.items()
        }
        return translate(self.message) % values if values else translate(self.message)


def damaged() -> IntakeError:
    """Return the error for a file that its decoder cannot read to the end."""
    message = gettext_noop("The picture is damaged or incomplete and cannot be read.")
    return IntakeError("damaged", message)


def several_pages() -> IntakeError:
    """Return the error for a file that holds more than one picture of equal rank."""
    message = gettext_noop("This file has several pages. Please save the one you want by itself.")
    return IntakeError("several_pages", message)


def animated() -> IntakeError:
    """Return the error for a picture that moves."""
    message = gettext_noop("Animated pictures are not supported. Please choose a still one.")
    return IntakeError("animated", message)


def no_scan() -> IntakeError:
    """Return the error for a page of text or drawings."""
    message = gettext_noop("This page of the PDF holds no scan, but text or drawings.")
    return IntakeError("no_scan", message)


def no_such_page(page: int, pages: int) -> IntakeError:
    """Return the error for a page that a file does not have."""
    message = gettext_noop("There is no page %(page)d: the number of pages is %(pages)d.")
    return IntakeError("no_such_page", message, {"page": page, "pages": pages})


def encrypted() -> IntakeError:
    """Return the error for a file that opens with a password only."""
    message = gettext_noop("This PDF needs a password. Please save it without one.")
    return IntakeError("encrypted", message)


def camera_raw(kind: str) -> IntakeError:
    """Return the error for a camera's raw file of the given kind."""
    message = gettext_noop(
        "This is a camera raw file (%(kind)s). Please develop it and save it as TIFF or JPEG."
    )
    return IntakeError("camera_raw", message, {"kind": kind})


def unsupported_kind(container: str, kind: str) -> IntakeError:
    """Return the error for a file of a known format that is written in an unknown way."""
    message = gettext_noop(
        "This kind of %(format)s cannot be read: %(kind)s. Please save it in another way."
    )
    return IntakeError("unsupported_kind", message, {"format": container, "kind": kind})


def too_many_parts(parts: int, limit: int) -> IntakeError:
    """Return the error for a file of more strips, tiles, scans or drawings than a photo has."""
    message = gettext_noop("The file is cut into %(parts)d parts. The limit is %(limit)d.")
    return IntakeError("too_many_parts", message, {"parts": parts, "limit": limit})


def too_much_memory() -> IntakeError:
    """Return the error for a file whose decoder asks for more memory than it may have."""
    message = gettext_noop("Reading this file needs more memory than is allowed for one photo.")
    return IntakeError("too_much_memory", message)


def too_slow() -> IntakeError:
    """Return the error for a file whose decoder does not come to an end."""
    message = gettext_noop("Reading this file takes too long: it may be damaged.")
    return IntakeError("too_slow", message)

"""Tell what a file is from its first bytes, so that a refusal can name it."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext_noop

_TAKEN: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"II+\x00", "TIFF"),
    (b"MM\x00+", "TIFF"),
)
_OTHERS: tuple[tuple[Callable[[bytes], bool], str], ...] = (
    (lambda head: head.startswith((b"GIF87a", b"GIF89a")), gettext_noop("a GIF picture")),
    (lambda head: head.startswith(b"%PDF-"), gettext_noop("a PDF document")),
    (lambda head: b"<svg" in head.lower(), gettext_noop("an SVG drawing")),
    (lambda head: _is_html(head), gettext_noop("a web page")),
    (lambda head: head[4:12] in {b"ftypavif", b"ftypavis"}, gettext_noop("an AVIF picture")),
    (lambda head: head[4:8] == b"ftyp" and head[8:11] in {b"hei", b"hev", b"mif", b"msf"},
     gettext_noop("a HEIC picture")),
    (lambda head: head[4:8] == b"ftyp", gettext_noop("a video")),
    (lambda head: head.startswith(b"8BPS"), gettext_noop("a Photoshop document")),
    (lambda head: head.startswith(b"BM"), gettext_noop("a BMP picture")),
    (lambda head: head.startswith(b"PK\x03\x04"), gettext_noop("a ZIP archive or an office file")),
)  # fmt: skip


def accepted_format(data: bytes) -> str:
    """Return the accepted format that ``data`` begins like, or an empty string."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WebP"
    return next((name for magic, name in _TAKEN if data.startswith(magic)), "")


def foreign_kind(data: bytes) -> str:
    """Return what a refused file seems to be ("a PDF document"), untranslated, or nothing."""
    head = data[:1024]
    return next((name for test, name in _OTHERS if test(head)), "")


def _is_html(head: bytes) -> bool:
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return text.startswith((b"<!doctype html", b"<html", b"<head", b"<body", b"<script"))

"""Tell what a file is from its first bytes: its name and declared type are not asked."""

from __future__ import annotations

from collections.abc import Callable

from colorizer.translation import gettext_noop

HEAD = 4096
"""How many bytes of a file's beginning are looked at."""

_TAKEN: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"II+\x00", "TIFF"),
    (b"MM\x00+", "TIFF"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"\x00\x00\x00\x0cjP  \r\n\x87\n", "JPEG 2000"),
    (b"\xff\x4f\xff\x51", "JPEG 2000"),
    (b"\xff\x0a", "JPEG XL"),
    (b"\x00\x00\x00\x0cJXL \r\n\x87\n", "JPEG XL"),
    (b"%PDF-", "PDF"),
)
_HEIF_BRANDS = (b"hei", b"hev", b"mif", b"msf")
_RAWS: tuple[tuple[Callable[[bytes], bool], str], ...] = (
    (lambda head: head[:4] == b"II*\0" and head[8:10] == b"CR", "Canon CR2"),
    (lambda head: head[4:12] == b"ftypcrx ", "Canon CR3"),
    (lambda head: head.startswith(b"FUJIFILMCCD-RAW"), "Fujifilm RAF"),
    (lambda head: head[:4] in {b"IIRO", b"IIRS", b"MMOR"}, "Olympus ORF"),
    (lambda head: head[:4] == b"IIU\0", "Panasonic RW2"),
    (lambda head: head[:4] == b"FOVb", "Sigma X3F"),
    (lambda head: head[:4] == b"\0MRM", "Minolta MRW"),
)
_OTHERS: tuple[tuple[Callable[[bytes], bool], str], ...] = (
    (lambda head: b"<svg" in head.lower(), gettext_noop("an SVG drawing")),
    (lambda head: _is_html(head), gettext_noop("a web page")),
    (lambda head: head[4:8] == b"ftyp", gettext_noop("a video")),
    (lambda head: head.startswith(b"8BPS"), gettext_noop("a Photoshop document")),
    (lambda head: head.startswith(b"PK\x03\x04"), gettext_noop("a ZIP archive or an office file")),
    (lambda head: head.startswith((b"\0\5\x16\7", b"\0\5\x16\0")),
     gettext_noop("a note that macOS keeps beside a file")),
)  # fmt: skip


def accepted_format(head: bytes) -> str:
    """Return the accepted format that a file begins like, or an empty string."""
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WebP"
    if head[4:12] in {b"ftypavif", b"ftypavis"}:
        return "AVIF"
    if head[4:8] == b"ftyp" and head[8:11] in _HEIF_BRANDS:
        # Which of both a file of the common brand is, its list of compatible brands says.
        brands = head[16 : int.from_bytes(head[:4], "big")]
        return "AVIF" if b"avif" in brands and b"heic" not in brands else "HEIC"
    if head[:2] == b"BM" and head[6:10] == b"\0\0\0\0":
        return "BMP"
    return next((name for magic, name in _TAKEN if head.startswith(magic)), "")


def raw_kind(head: bytes) -> str:
    """Return which camera's raw file this is, or an empty string; some only their tags tell."""
    return next((name for test, name in _RAWS if test(head)), "")


def foreign_kind(head: bytes) -> str:
    """Return what a refused file seems to be ("a PDF document"), or an empty string."""
    return next((name for test, name in _OTHERS if test(head[:1024])), "")


def _is_html(head: bytes) -> bool:
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return text.startswith((b"<!doctype html", b"<html", b"<head", b"<body", b"<script"))

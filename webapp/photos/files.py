"""Where a photo's files are in the storage, and what they are called outside."""

from __future__ import annotations

import uuid

from webapp.photos.models import Photo

ROOT = "photos"
SMALL_SIDE = 256
"""What the shipped networks see; for a network of another size workers make their own."""


def photo_folder(photo_id: uuid.UUID | str) -> str:
    """Return the key under which everything of a photo is kept."""
    return f"{ROOT}/{photo_id}"


def small_key(photo_id: uuid.UUID | str, side: int) -> str:
    """Return the key of a photo's pixels at a network's size, at most ``side`` a side."""
    return f"{photo_folder(photo_id)}/small-{side}.png"


ORIGINALS = {
    "JPEG": ("jpg", "image/jpeg"),
    "PNG": ("png", "image/png"),
    "WebP": ("webp", "image/webp"),
    "TIFF": ("tif", "image/tiff"),
    "HEIC": ("heic", "image/heic"),
    "AVIF": ("avif", "image/avif"),
    "JPEG XL": ("jxl", "image/jxl"),
    "JPEG 2000": ("jp2", "image/jp2"),
    "BMP": ("bmp", "image/bmp"),
    "GIF": ("gif", "image/gif"),
    "PDF": ("pdf", "application/pdf"),
}
"""Extension and media type of an uploaded file, by its format as the intake tells it."""


def extension_of(photo: Photo) -> str:
    """Return the extension of a photo's uploaded file, without the dot."""
    return ORIGINALS[photo.format][0]

"""What a link shows: the photo as it came in, and with its newest colours."""

from __future__ import annotations

from PIL import Image

from colorizer.color import to_8_bits
from webapp.photos.files import photo_folder
from webapp.photos.models import Photo
from webapp.photos.services import read_pixels
from webapp.photos.thumbnails import jpeg, stored_thumbnail, thumbnail_folder, thumbnail_mark
from webapp.studio.thumbnails import in_color

SIDE = 1600
"""The longer side that is shown at most; the full size stays the owner's."""


def shared_original(photo: Photo) -> bytes:
    """Return the photo as it came in, as a JPEG; made once and kept."""

    def make() -> bytes:
        image = Image.fromarray(to_8_bits(read_pixels(photo))).convert("RGB")
        image.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
        return jpeg(image)

    return stored_thumbnail(f"{photo_folder(photo.pk)}/shared.jpg", make)


def shared_colors(photo: Photo) -> bytes:
    """Return the photo with its newest colours, as a JPEG; kept until the colours change."""
    key = f"{thumbnail_folder(photo.pk)}/shared-{thumbnail_mark(photo)}.jpg"
    return stored_thumbnail(key, lambda: in_color(photo, side=SIDE))
